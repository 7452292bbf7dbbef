package thirdparty_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/entitlement/thirdparty"
)

func version(t interface {
	Helper()
	Fatal(args ...any)
}, s string) thirdparty.Version {
	t.Helper()
	v, err := thirdparty.ParseVersion(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Numeric components from left to right, a missing one is 0.
func TestD16(t *testing.T) {
	rising := [][]string{
		{"0", "0.0", "00"},
		{"0.0.1"},
		{"0.9.60.1"},
		{"0.9.60.2", "0.9.60.02", "0.9.60.2.0"},
		{"0.9.61"},
		{"0.10"},
		{"1"},
		{"2.99"},
		{"3", "3.0", "3.0.0", "03.00"},
		{"3.0.0.1"},
		{"3.0.2"},
		{"3.9"},
		{"3.10"},
		{"3.10.1"},
		{"10"},
		{"18446744073709551615"},
		{"18446744073709551616"},
	}
	for i, as := range rising {
		for j, bs := range rising {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			for _, a := range as {
				for _, b := range bs {
					if got := version(t, a).Compare(version(t, b)); got != want {
						t.Errorf("%s against %s: %d, want %d", a, b, got, want)
					}
				}
			}
		}
	}
	var zero thirdparty.Version
	if zero.Compare(version(t, "0.0")) != 0 || zero.Compare(version(t, "0.1")) != -1 || version(t, "1").Compare(zero) != 1 {
		t.Error("the zero version is not 0")
	}
}

func TestParseVersion(t *testing.T) {
	long := strings.Repeat("1", 100)
	for _, s := range []string{"0", "3.0", "0.9.60.2", long} {
		v := version(t, s)
		if v == (thirdparty.Version{}) || v.String() != s {
			t.Errorf("%s: %v", s, v)
		}
		js, err := json.Marshal(v)
		var back thirdparty.Version
		if err != nil || string(js) != `"`+s+`"` || json.Unmarshal(js, &back) != nil || back != v {
			t.Errorf("%s: JSON %s, %v, back %v", s, js, err, back)
		}
	}
	for s, text := range map[string]string{
		"":         `thirdparty: parse: version "": want numbers joined by dots: invalid platform or version`,
		".":        `thirdparty: parse: version ".": want numbers joined by dots: invalid platform or version`,
		"3.":       `thirdparty: parse: version "3.": want numbers joined by dots: invalid platform or version`,
		".3":       `thirdparty: parse: version ".3": want numbers joined by dots: invalid platform or version`,
		"3..0":     `thirdparty: parse: version "3..0": want numbers joined by dots: invalid platform or version`,
		"v3":       `thirdparty: parse: version "v3": want numbers joined by dots: invalid platform or version`,
		"3.0-1":    `thirdparty: parse: version "3.0-1": want numbers joined by dots: invalid platform or version`,
		" 3":       `thirdparty: parse: version " 3": want numbers joined by dots: invalid platform or version`,
		"-1":       `thirdparty: parse: version "-1": want numbers joined by dots: invalid platform or version`,
		"1x1":      `thirdparty: parse: version "1x1": want numbers joined by dots: invalid platform or version`,
		"٣":        `thirdparty: parse: version "٣": want numbers joined by dots: invalid platform or version`,
		long + "1": `thirdparty: parse: version "` + strings.Repeat("1", 64) + `"…: 101 bytes are over the limit of 100: invalid platform or version`,
	} {
		v, err := thirdparty.ParseVersion(s)
		if !errors.Is(err, thirdparty.ErrInvalid) || err.Error() != text || v != (thirdparty.Version{}) {
			t.Errorf("%q: %v, %v", s, v, err)
		}
		v = version(t, "7")
		if err := v.UnmarshalText([]byte(s)); err == nil || v.String() != "7" {
			t.Errorf("%q: UnmarshalText: %v, %v", s, v, err)
		}
	}
	var zero thirdparty.Version
	if _, err := zero.MarshalText(); !errors.Is(err, thirdparty.ErrInvalid) || zero.String() != "" ||
		err.Error() != "thirdparty: marshal the zero version: invalid platform or version" {
		t.Errorf("%v", err)
	}
}

// The slow and obvious answer: big integers, padded with zeros.
func TestVersionCompareReference(t *testing.T) {
	versions := rapid.StringMatching(`(0|1|2|9|10|01|99999999999999999999)(\.(0|1|2|9|10|00)){0,3}`)
	numbers := func(s string) (out [4]*big.Int) {
		parts := strings.Split(s, ".")
		for i := range out {
			out[i] = new(big.Int)
			if i < len(parts) {
				out[i].SetString(parts[i], 10)
			}
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := versions.Draw(t, "a"), versions.Draw(t, "b")
		want := 0
		x, y := numbers(a), numbers(b)
		for i := range x {
			if want == 0 {
				want = x[i].Cmp(y[i])
			}
		}
		v, err := thirdparty.ParseVersion(a)
		w, err2 := thirdparty.ParseVersion(b)
		if got := v.Compare(w); got != want || err != nil || err2 != nil {
			t.Errorf("%s against %s: %d, want %d; %v, %v", a, b, got, want, err, err2)
		}
	})
}

func FuzzParseVersion(f *testing.F) {
	for _, s := range []string{"", "3.0", "0.9.60.2", "3.", "-1", "1.99999999999999999999", "1e9"} {
		f.Add(s, "3.0")
	}
	f.Fuzz(func(t *testing.T, s, u string) {
		v, err := thirdparty.ParseVersion(s)
		if err != nil {
			if !errors.Is(err, thirdparty.ErrInvalid) || v != (thirdparty.Version{}) {
				t.Errorf("%q: %v, %v", s, v, err)
			}
			return
		}
		if v.String() != s || v.Compare(v) != 0 {
			t.Errorf("%q: %v", s, v)
		}
		w, err := thirdparty.ParseVersion(u)
		if err != nil {
			return
		}
		if v.Compare(w) != -w.Compare(v) {
			t.Errorf("%v against %v: %d and %d", v, w, v.Compare(w), w.Compare(v))
		}
		if more, err := thirdparty.ParseVersion(s + ".0"); err == nil && more.Compare(v) != 0 {
			t.Errorf("%v is not %v", more, v)
		}
	})
}
