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
	case fault == "Parse takes the value for people" && s == "Shade(1)", fault == "Parse takes a blank" && s == " ",
		fault == "Parse takes a blank before" && s == " rust", fault == "Parse takes a line before" && s == "\nrust":
		return 1, fmt.Errorf("paint: parse shade %q: want rust or sand: %w", s, errShade)
	case fault == "Parse mistakes tokens" && s == "sand", fault == "Parse mistakes second names" && s == "beige":
		return 1, nil
	case fault == "Parse gives an error beside a token" && s == "sand", fault == "Parse gives an error beside a second name" && s == "beige":
		return 2, errShade
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
	case fault == "reading takes blanks":
		b = bytes.TrimSpace(b)
	case fault == "reading takes nothing" && len(b) == 0:
		return nil
	case fault == "reading fails halfway":
		*s = 2
	case fault == "all are read as the first":
		b = bytes.ReplaceAll(b, []byte("sand"), []byte("rust"))
	}
	return texts.UnmarshalText(s, b)
}

func (s *shade) Scan(src any) error {
	lax := func(text string) (err error) {
		*s, err = texts.Parse(text)
		return err
	}
	switch v := src.(type) {
	case string:
		switch fault {
		case "texts are scanned laxly":
			return lax(v)
		case "scanning mistakes tokens":
			*s = 2
			return nil
		case "scanning fails beside its value":
			return errors.Join(texts.Scan(s, src), errShade)
		}
	case []byte:
		switch fault {
		case "bytes are not scanned":
			return errShade
		case "bytes are scanned laxly":
			return lax(string(v))
		}
	case float64:
		if fault == "numbers are scanned" {
			return nil
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
		switch fault {
		case "truth is scanned":
			return nil
		case "a failed scan changes the value":
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
	for _, c := range []struct {
		fault, want string
		n           int // how many errors there are
	}{
		{"All misses one", "all: [rust], want [rust sand]", 2},
		{"All gives its own slice away", "All gave its own slice away", 1},
		{"Parse takes blanks", `Parse("rust ") = rust`, 7},
		{"Parse refuses capitals", `Parse("RUST")`, 4},
		{"Parse refuses names", `Parse("Rust red")`, 2},
		{"Parse refuses second names", `Parse("oxide")`, 2},
		{"Parse takes numbers", `"1"`, 2},
		{"Parse takes nothing", `""`, 2},
		{"Parse takes the value for people", `Parse("Shade(1)") = rust`, 1},
		{"Parse takes a blank", `Parse(" ") = rust`, 1},
		{"Parse takes a blank before", `Parse(" rust") = rust`, 1},
		{"Parse takes a line before", `Parse("\nrust") = rust`, 1},
		{"Parse mistakes tokens", `Parse("sand") = rust, <nil>`, 2},
		{"Parse mistakes second names", `Parse("beige") = rust, <nil>`, 1},
		{"Parse gives an error beside a token", `Parse("sand") = sand, no shade`, 2},
		{"Parse gives an error beside a second name", `Parse("beige") = sand, no shade`, 1},
		{"Parse takes ſ for s", `Parse("ruſtſ") = rust`, 2},
		{"Parse quotes all of a long text", "xxx", 1},
		{"Parse gives a value beside its error", "rust", 9},
		{"Parse has another sentinel", "no shade", 9},
		{"0 is valid", "0: {Valid:true", 1},
		{"String of others is empty", "0: {Valid:false String: ", 254},
		{"Name is the token", "Name:rust", 2},
		{"others marshal", "3: {Valid:false", 508},
		{"one does not marshal", "no shade", 3},
		{"others have a column's value", "Shade(0)", 508},
		{"reading is lax", `"RUST"`, 10},
		{"reading fails halfway", "changed the value to sand", 5},
		{"all are read as the first", "sand is read as {Text:rust", 1},
		{"reading takes blanks", `"rust "`, 3},
		{"reading takes nothing", `""`, 3},
		{"texts are scanned laxly", `"RUST"`, 8},
		{"bytes are scanned laxly", `"RUST"`, 8},
		{"scanning mistakes tokens", "a nullable column", 12},
		{"scanning fails beside its value", "is read as", 8},
		{"numbers are scanned", "float64", 1},
		{"truth is scanned", "bool", 1},
		{"bytes are not scanned", "is read as", 7},
		{"integers are scanned", "int64", 1},
		{"NULL is scanned", "<nil>", 1},
		{"a failed scan changes the value", "true changed the value to sand", 1},
	} {
		fault, own = c.fault, texts.All()
		if errors := sweep(1, 2); len(errors) != c.n || !strings.Contains(strings.Join(errors, "\n"), c.want) {
			t.Errorf("%s: %d errors, want %d: %.1000q", c.fault, len(errors), c.n, errors)
		}
	}
	fault = ""
}
