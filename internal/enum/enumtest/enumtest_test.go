package enumtest_test

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/enum/enumtest"
)

// A shade is an enumeration with the fault that is set.
type shade uint8

var fault string

var errShade = errors.New("no shade")

var texts = enum.Texts[shade]{
	Package: "paint", Type: "Shade", Unknown: errShade,
	Tokens: []string{"", "rust", "sand"}, Names: []string{"", "Rust red", "Sand"}, Others: []string{"", "oxide", "beige"},
}

var own = texts.All()

func all() []shade {
	switch fault {
	case "All misses one":
		return own[:1:1]
	case "All gives its own slice away":
		return own
	}
	return texts.All()
}

func parse(s string) (shade, error) {
	p, err := texts.Parse(s)
	switch {
	case fault == "Parse takes blanks":
		return texts.Parse(strings.TrimSpace(s))
	case fault == "Parse refuses capitals" && s != strings.ToLower(s),
		fault == "Parse refuses names" && strings.EqualFold(s, p.Name()) && !strings.EqualFold(s, p.String()),
		fault == "Parse refuses second names" && (s == "oxide" || s == "beige"):
		return 0, fmt.Errorf("paint: parse shade %q: want rust or sand: %w", s, errShade)
	case fault == "Parse takes numbers" && s == "1", fault == "Parse takes nothing" && s == "":
		return 1, nil
	case fault == "Parse takes ſ for s":
		return texts.Parse(strings.TrimSuffix(strings.ReplaceAll(s, "ſ", "s"), "s"))
	case fault == "Parse quotes all of a long text" && len(s) > 1000:
		return 0, fmt.Errorf("paint: parse shade %q: want rust or sand: %w", s, errShade)
	case fault == "Parse gives a value beside its error" && err != nil:
		return 1, err
	case fault == "Parse has another sentinel" && err != nil:
		return 0, errors.New(err.Error())
	}
	return p, err
}

func (s shade) IsValid() bool { return texts.IsValid(s) || fault == "0 is valid" && s == 0 }

func (s shade) String() string {
	if fault == "String of others is empty" && !texts.IsValid(s) {
		return ""
	}
	return texts.String(s)
}

func (s shade) Name() string {
	if fault == "Name is the token" {
		return texts.String(s)
	}
	return texts.Name(s)
}

func (s shade) MarshalText() ([]byte, error) {
	if fault == "others marshal" {
		return []byte(texts.String(s)), nil
	}
	if fault == "one does not marshal" && s == 2 {
		return []byte("sand"), errShade
	}
	return texts.MarshalText(s)
}

func (s shade) Value() (driver.Value, error) {
	if fault == "others have a column's value" {
		return texts.String(s), nil
	}
	return texts.Value(s)
}

func (s *shade) UnmarshalText(b []byte) error {
	switch {
	case fault == "reading is lax":
		p, err := texts.Parse(string(b))
		if err == nil {
			*s = p
			return nil
		}
	case fault == "reading fails halfway":
		*s = 2
	case fault == "all are read as the first":
		b = bytes.ReplaceAll(b, []byte("sand"), []byte("rust"))
	}
	return texts.UnmarshalText(s, b)
}

func (s *shade) Scan(src any) error {
	switch v := src.(type) {
	case []byte:
		if fault == "bytes are not scanned" {
			return errShade
		}
	case int64:
		if fault == "integers are scanned" {
			*s = shade(v)
			return nil
		}
	case nil:
		if fault == "NULL is scanned" {
			return nil
		}
	case bool:
		if fault == "a failed scan changes the value" {
			*s = 2
		}
	}
	return texts.Scan(s, src)
}

type record []string

func (r *record) Helper()                      {}
func (r *record) Error(args ...any)            { *r = append(*r, fmt.Sprint(args...)) }
func (r *record) Errorf(f string, args ...any) { *r = append(*r, fmt.Sprintf(f, args...)) }

func sweep(values ...shade) (errors []string) {
	var r record
	enumtest.Sweep(&r, enumtest.Table[shade]{
		Package: "paint", Type: "Shade", Kind: "shade", Unknown: errShade, All: all, Parse: parse,
		Values: values, Tokens: []string{"rust", "sand"}, Names: []string{"Rust red", "Sand"},
		Others: map[string]shade{"oxide": 1, "beige": 2},
	})
	return r
}

// Each fault is found, and told by what it is about.
func TestSweep(t *testing.T) {
	if errors := sweep(1, 2); errors != nil {
		t.Error(errors)
	}
	if errors := strings.Join(sweep(2, 1), "\n"); !strings.Contains(errors, "all: ") || !strings.Contains(errors, "has the integer ") {
		t.Error(errors)
	}
	for _, c := range []struct{ fault, want string }{
		{"All misses one", "all: [rust], want [rust sand]"},
		{"All gives its own slice away", "All gave its own slice away"},
		{"Parse takes blanks", `Parse("rust ") = rust`},
		{"Parse refuses capitals", `Parse("RUST")`},
		{"Parse refuses names", `Parse("Rust red")`},
		{"Parse refuses second names", `Parse("oxide")`},
		{"Parse takes numbers", `"1"`},
		{"Parse takes nothing", `""`},
		{"Parse takes ſ for s", "ſ"},
		{"Parse quotes all of a long text", "xxx"},
		{"Parse gives a value beside its error", "rust"},
		{"Parse has another sentinel", "no shade"},
		{"0 is valid", "0: {Valid:true"},
		{"String of others is empty", "0: {Valid:false String: "},
		{"Name is the token", "Name:rust"},
		{"others marshal", "marshals as"},
		{"one does not marshal", "no shade"},
		{"others have a column's value", "Shade(0)"},
		{"reading is lax", `"RUST"`},
		{"reading fails halfway", "changed the value to sand"},
		{"all are read as the first", "sand is read as rust"},
		{"bytes are not scanned", "is read as"},
		{"integers are scanned", "int64"},
		{"NULL is scanned", "<nil>"},
		{"a failed scan changes the value", "true changed the value to sand"},
	} {
		fault, own = c.fault, texts.All()
		if errors := strings.Join(sweep(1, 2), "\n"); !strings.Contains(errors, c.want) {
			t.Errorf("%s: %.1000q", c.fault, errors)
		}
	}
	fault = ""
}
