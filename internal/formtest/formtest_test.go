package formtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/supportplan/supportplan/internal/formtest"
)

var errTold = errors.New("told")

// A form is a string with the fault that is its value.
type form string

func (f form) MarshalJSON() ([]byte, error) {
	switch f {
	case "is not written":
		return nil, errTold
	case "is written so that it is not read":
		return []byte("1"), nil
	case "is not written twice!":
		return nil, errTold
	case "is not written twice", "grows", "grows!":
		return json.Marshal(string(f) + "!")
	}
	return json.Marshal(string(f))
}

func (f *form) UnmarshalJSON(data []byte) error {
	err := json.Unmarshal(data, (*string)(f))
	switch {
	case err != nil || *f == "is refused without being told":
		*f = ""
		return errors.New("not told")
	case *f == "is refused":
		*f = ""
		return fmt.Errorf("as %w", errTold)
	case *f == "is refused and kept":
		return errTold
	}
	return nil
}

type failure string

func (failure) Helper()                           {}
func (failure) Fatalf(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

// Each fault is found, and told by what it is about.
func TestRoundTrip(t *testing.T) {
	for data, want := range map[string]struct {
		ok   bool
		text failure
	}{
		`"a form"`:                            {true, ""},
		`"is refused"`:                        {false, ""},
		`{`:                                   {false, ""},
		`"is refused without being told"`:     {false, `"is refused without being told": not told`},
		`"is refused and kept"`:               {false, `"is refused and kept": an error, but is refused and kept`},
		`"is not written"`:                    {false, `"is not written" decodes, but json: error calling MarshalJSON for type *formtest_test.form: told`},
		`"is written so that it is not read"`: {false, `"is written so that it is not read" became 1: not told`},
		`"grows"`:                             {false, `"grows" became "grows!", then "grows!!": <nil>`},
		`"is not written twice"`:              {false, `"is not written twice" became "is not written twice!", then : json: error calling MarshalJSON for type *formtest_test.form: told`},
	} {
		var a, b form
		ok, text := false, failure("")
		func() {
			defer func() { text, _ = recover().(failure) }()
			ok = formtest.RoundTrip(failure(""), []byte(data), &a, &b, []error{errors.New("other"), errTold})
		}()
		if ok != want.ok || text != want.text {
			t.Errorf("%s: %v, %s\nwant %v, %s", data, ok, text, want.ok, want.text)
		}
	}
}
