package strictjson_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/internal/strictjson"
)

// A verbatim is a type with a JSON form of its own: it keeps what it is given.
type verbatim string

var errVerbatim = errors.New("unwanted")

func (r *verbatim) UnmarshalJSON(b []byte) error {
	if strings.Contains(string(b), "unwanted") {
		return errVerbatim
	}
	*r = verbatim(b)
	return nil
}

func TestJSON(t *testing.T) {
	for in, want := range map[string]verbatim{
		`{}`:                           "untouched",
		`{"x":null}`:                   "null",
		`{"x":"a<b"}`:                  `"a\u003cb"`,
		`{"x":1.50e+3}`:                "1.50e+3",
		`{"x":123456789012345678901}`:  "123456789012345678901",
		`{"x":[true,{"b":[],"a":{}}]}`: `[true,{"a":{},"b":[]}]`,
	} {
		got := verbatim("untouched")
		err := strictjson.Decode("op", []byte(in), func(v strictjson.Value) {
			v.Object(func(o strictjson.Object) { o.May("x").JSON(&got) })
		})
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%s: error %v (-want +got):\n%s", in, err, d)
		}
	}
	got := verbatim("untouched")
	err := strictjson.Decode("op", []byte(`{"x":["unwanted"]}`), func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) { o.May("x").JSON(&got) })
	})
	if !errors.Is(err, errVerbatim) || err.Error() != "op: x: unwanted" || got != "untouched" {
		t.Errorf("%q, %v", got, err)
	}
}
