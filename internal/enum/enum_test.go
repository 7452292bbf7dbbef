package enum_test

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/internal/enum"
)

type colour uint8

var errUnknown = errors.New("unknown colour")

var colours = enum.Texts[colour]{
	Package: "paint",
	Type:    "Colour",
	Unknown: errUnknown,
	Tokens:  []string{1: "deep-red", 2: "sky-blue", 3: "black"},
	Names:   []string{1: "Deep red", 2: "Sky blue", 3: "Black"},
	Others:  []string{1: "Crimson/Scarlet", 2: "Azure", 3: "Ink"},
}

// tokensOnly has neither names nor second names.
var tokensOnly = enum.Texts[colour]{Package: "paint", Type: "Colour", Unknown: errUnknown, Tokens: []string{1: "red"}}

func TestAll(t *testing.T) {
	for range 2 {
		got := colours.All()
		if d := cmp.Diff([]colour{1, 2, 3}, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		if cap(got) != 3 {
			t.Errorf("capacity %d", cap(got))
		}
		got[0] = 9 // the caller's own
	}
	if d := cmp.Diff([]colour{1}, tokensOnly.All()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestEveryValue(t *testing.T) {
	type row struct {
		Valid                     bool
		String, Name, Other, Text string
		Value                     driver.Value
	}
	valid := map[colour]row{
		1: {true, "deep-red", "Deep red", "Crimson/Scarlet", "deep-red", "deep-red"},
		2: {true, "sky-blue", "Sky blue", "Azure", "sky-blue", "sky-blue"},
		3: {true, "black", "Black", "Ink", "black", "black"},
	}
	for n := range math.MaxUint8 + 1 {
		c := colour(n)
		want, ok := valid[c]
		str := fmt.Sprintf("Colour(%d)", n)
		if !ok {
			want = row{String: str, Name: str, Other: str}
		}
		text, errText := colours.MarshalText(c)
		value, errValue := colours.Value(c)
		got := row{colours.IsValid(c), colours.String(c), colours.Name(c), colours.Other(c), string(text), value}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%d (-want +got):\n%s", n, d)
		}
		errCheck := colours.Check("look at", c)
		if ok {
			if err := errors.Join(errCheck, errText, errValue); err != nil {
				t.Error(err)
			}
			continue
		}
		for _, e := range []struct {
			err  error
			want string
		}{
			{errCheck, "paint: look at: colour " + str + ": want deep-red, sky-blue or black: unknown colour"},
			{errText, "paint: marshal: colour " + str + ": want deep-red, sky-blue or black: unknown colour"},
			{errValue, "paint: marshal: colour " + str + ": want deep-red, sky-blue or black: unknown colour"},
		} {
			if !errors.Is(e.err, errUnknown) || e.err.Error() != e.want {
				t.Errorf("%d: %v; want %s", n, e.err, e.want)
			}
		}
		if text != nil || value != nil {
			t.Errorf("%d: %q, %v beside an error", n, text, value)
		}
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]colour{
		"deep-red": 1, "Deep-Red": 1, "DEEP RED": 1, "crimson/scarlet": 1,
		"sky-blue": 2, "sky blue": 2, "AZURE": 2,
		"black": 3, "BLACK": 3, "ink": 3, "INK": 3,
	} {
		if got, err := colours.Parse(in); got != want || err != nil {
			t.Errorf("Parse(%q) = %v, %v; want %d", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		"":                      `paint: parse colour "": want deep-red, sky-blue or black: unknown colour`,
		"deepred":               `paint: parse colour "deepred": want deep-red, sky-blue or black: unknown colour`,
		"black ":                `paint: parse colour "black ": want deep-red, sky-blue or black: unknown colour`,
		"Colour(1)":             `paint: parse colour "Colour(1)": want deep-red, sky-blue or black: unknown colour`,
		"blac\u212a":            "paint: parse colour \"blac\u212a\": want deep-red, sky-blue or black: unknown colour", // the Kelvin sign folds to k
		"in\u212a":              "paint: parse colour \"in\u212a\": want deep-red, sky-blue or black: unknown colour",
		"\xff":                  `paint: parse colour "\xff": want deep-red, sky-blue or black: unknown colour`,
		strings.Repeat("y", 65): `paint: parse colour "` + strings.Repeat("y", 64) + `"…: want deep-red, sky-blue or black: unknown colour`,
	} {
		if got, err := colours.Parse(in); got != 0 || !errors.Is(err, errUnknown) || err.Error() != want {
			t.Errorf("Parse(%q) = %v, %v; want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]colour{"RED": 1, "": 0} {
		if got, err := tokensOnly.Parse(in); got != want || (err == nil) != (want > 0) {
			t.Errorf("Parse(%q) = %v, %v", in, got, err)
		}
	}
}

// Parse agrees with comparing lower-cased ASCII to each text.
func TestParseAgreesWithReference(t *testing.T) {
	lower := func(s string) string {
		b := []byte(s)
		for i, c := range b {
			if 'A' <= c && c <= 'Z' {
				b[i] = c + 'a' - 'A'
			}
		}
		return string(b)
	}
	alphabet := []rune("deprskyblucaDEPRSKYBLUCA- /\u017f\u212aé")
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(
			rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 9, -1),
			rapid.Custom(func(t *rapid.T) string {
				s := rapid.SampledFrom(slices.Concat(colours.Tokens, colours.Names, colours.Others)).Draw(t, "text")
				r := []rune(s)
				if len(r) > 0 && rapid.Bool().Draw(t, "changed") {
					r[rapid.IntRange(0, len(r)-1).Draw(t, "at")] = rapid.SampledFrom(alphabet).Draw(t, "to")
				}
				return string(r)
			}),
		).Draw(t, "in")
		var want colour
		for i := range colours.Tokens {
			for _, text := range []string{colours.Tokens[i], colours.Names[i], colours.Others[i]} {
				if i > 0 && lower(text) == lower(in) {
					want = colour(i)
				}
			}
		}
		if got, err := colours.Parse(in); got != want || (err == nil) != (want > 0) {
			t.Errorf("Parse(%q) = %v, %v; want %d", in, got, err, want)
		}
	})
}

func TestUnmarshalText(t *testing.T) {
	c := colour(3)
	if err := colours.UnmarshalText(&c, []byte("pink")); !errors.Is(err, errUnknown) || c != 3 {
		t.Errorf("after an error: %v, %v", c, err)
	}
	if err := colours.UnmarshalText(&c, []byte("sky-blue")); err != nil || c != 2 {
		t.Errorf("got %v, %v", c, err)
	}
}

func TestScan(t *testing.T) {
	for _, c := range []struct {
		src  any
		want colour
		err  string
	}{
		{"black", 3, ""},
		{[]byte("deep-red"), 1, ""},
		{"Black", 2, `colour "Black": want deep-red, sky-blue or black: unknown colour`},
		{"ink", 2, `colour "ink": want deep-red, sky-blue or black: unknown colour`},
		{"pink", 2, `colour "pink": want deep-red, sky-blue or black: unknown colour`},
		{[]byte("pink"), 2, `colour "pink": want deep-red, sky-blue or black: unknown colour`},
		{nil, 2, "paint: scan colour from <nil>, which is not text: want deep-red, sky-blue or black: unknown colour"},
		{int64(1), 2, "paint: scan colour from int64, which is not text: want deep-red, sky-blue or black: unknown colour"},
		{1.5, 2, "paint: scan colour from float64, which is not text: want deep-red, sky-blue or black: unknown colour"},
	} {
		got := colour(2)
		err := colours.Scan(&got, c.src)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && (!errors.Is(err, errUnknown) || err.Error() != c.err) {
			t.Errorf("Scan(%v) = %v, %v; want %d, %s", c.src, got, err, c.want, c.err)
		}
	}
}
