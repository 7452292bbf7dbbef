// Package enumtest holds the test that every ordered enumeration passes.
package enumtest

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Value is the part of an enumeration that its values have.
type Value interface {
	~uint8
	comparable
	IsValid() bool
	String() string
	Name() string
	MarshalText() ([]byte, error)
	Value() (driver.Value, error)
}

// A Pointer is the part of an enumeration that pointers to its values have.
type Pointer[E any] interface {
	*E
	UnmarshalText([]byte) error
	Scan(any) error
}

// A Table retypes an enumeration.
type Table[E Value] struct {
	Package, Type string     // as errors name them
	Kind          string     // the type's name in words
	Unknown       error      // the sentinel
	All           func() []E //
	Parse         func(string) (E, error)
	Values        []E          // in order
	Tokens        []string     // in order
	Names         []string     // in order
	Others        map[string]E // more that Parse takes
}

// A T takes the errors of a sweep, as *testing.T does.
type T interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
}

// Sweep holds an enumeration to its table, over all 256 integers.
func Sweep[E Value, P Pointer[E]](t T, want Table[E]) {
	t.Helper()
	all := want.All()
	if !slices.Equal(want.Values, all) {
		t.Errorf("all: %v, want %v", all, want.Values)
	}
	all[0] = 99
	if !slices.Equal(want.Values, want.All()) {
		t.Error("All gave its own slice away")
	}
	last := len(want.Tokens) - 1
	allowed := strings.Join(want.Tokens[:last], ", ") + " or " + want.Tokens[last]
	rejects := func(err error, op, given string) {
		t.Helper()
		text := fmt.Sprintf("%s%s %s: want %s: %v", op, want.Kind, given, allowed, want.Unknown)
		if !errors.Is(err, want.Unknown) || err.Error() != text {
			t.Errorf("error %v\nwant  %s", err, text)
		}
	}

	type texts struct {
		Valid                bool
		String, Name         string
		Text, SQL, JSON, Key string
	}
	type read struct{ Text, SQL, Bytes, JSON E }
	for i := range math.MaxUint8 + 1 {
		e := E(i)
		shown := fmt.Sprintf("%s(%d)", want.Type, i)
		expected := texts{String: shown, Name: shown}
		valid := i >= 1 && i <= len(want.Values)
		if valid {
			token := want.Tokens[i-1]
			expected = texts{true, token, want.Names[i-1], token, token, `"` + token + `"`, `{"` + token + `":1}`}
			if want.Values[i-1] != e {
				t.Errorf("%v has the integer %d, not %d", want.Values[i-1], want.Values[i-1], i)
			}
		}
		got := texts{Valid: e.IsValid(), String: e.String(), Name: e.Name()}
		text, errText := e.MarshalText()
		value, errSQL := e.Value()
		js, errJSON := json.Marshal(e)
		key, errKey := json.Marshal(map[E]int{e: 1})
		got.Text, got.JSON, got.Key = string(text), string(js), string(key)
		if value != nil {
			got.SQL = value.(string)
		}
		if got != expected {
			t.Errorf("%d: %+v, want %+v", i, got, expected)
		}
		if !valid {
			rejects(errText, want.Package+": marshal: ", shown)
			rejects(errSQL, want.Package+": marshal: ", shown)
			continue
		}
		if err := errors.Join(errText, errSQL, errJSON, errKey); err != nil {
			t.Error(err)
		}
		for _, s := range []string{got.Text, strings.ToUpper(got.Text), got.Name, strings.ToLower(got.Name)} {
			if p, err := want.Parse(s); p != e || err != nil {
				t.Errorf("Parse(%q) = %v, %v", s, p, err)
			}
		}
		var back read
		var keys map[E]int
		err := errors.Join(P(&back.Text).UnmarshalText(text), P(&back.SQL).Scan(value), P(&back.Bytes).Scan(text),
			json.Unmarshal(js, &back.JSON), json.Unmarshal(key, &keys))
		if err != nil || back != (read{e, e, e, e}) || keys[e] != 1 {
			t.Errorf("%v is read as %+v and %v, %v", e, back, keys, err)
		}
	}

	for s, e := range want.Others {
		if p, err := want.Parse(s); p != e || err != nil {
			t.Errorf("Parse(%q) = %v, %v", s, p, err)
		}
	}
	first := want.Tokens[0]
	long := strings.Repeat("x", 1<<16)
	for _, bad := range []string{"", " ", first + " ", " " + first, "\n" + first, want.Type + "(1)", "1", strings.Replace(first, "s", "ſ", 1) + "ſ", long} {
		quoted := fmt.Sprintf("%q", bad)
		if bad == long {
			quoted = `"` + long[:64] + `"…`
		}
		p, err := want.Parse(bad)
		rejects(err, want.Package+": parse ", quoted)
		if p != 0 {
			t.Errorf("Parse(%.20q) = %v", bad, p)
		}
	}
	// Programs write tokens exactly: as a value, as a key and in a column.
	for _, bad := range slices.Concat([]string{"", strings.ToUpper(first), first + " "}, want.Names) {
		e := E(1)
		rejects(P(&e).UnmarshalText([]byte(bad)), "", fmt.Sprintf("%q", bad))
		rejects(P(&e).Scan(bad), "", fmt.Sprintf("%q", bad))
		rejects(P(&e).Scan([]byte(bad)), "", fmt.Sprintf("%q", bad))
		js, _ := json.Marshal(bad)
		rejects(json.Unmarshal(js, &e), "", fmt.Sprintf("%q", bad))
		var m map[E]int
		rejects(json.Unmarshal([]byte(`{`+string(js)+`:1}`), &m), "", fmt.Sprintf("%q", bad))
		if e != 1 {
			t.Errorf("%q changed the value to %v", bad, e)
		}
	}
	for typ, src := range map[string]any{"<nil>": nil, "int64": int64(1), "bool": true, "float64": 1.5} {
		e := E(1)
		rejects(P(&e).Scan(src), want.Package+": scan ", "from "+typ+", which is not text")
		if e != 1 {
			t.Errorf("%v changed the value to %v", src, e)
		}
	}
	var n sql.Null[E]
	var pn any = &n
	if err := pn.(sql.Scanner).Scan(first); err != nil || n.V != want.Values[0] {
		t.Errorf("a nullable column: %+v, %v", n, err)
	}
}
