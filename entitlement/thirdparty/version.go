package thirdparty

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
)

// maxVersion is how many bytes the text of a version may have.
const maxVersion = 100

// A Version is a software's version: numbers joined by dots. The zero Version
// is none; see [Version.IsValid]. Versions are compared with [Version.Compare],
// not with ==, because 3.0 and 3.0.0 are the same.
//
// Its text form, in JSON too, is the text that it was parsed from.
type Version struct{ text string }

// ParseVersion returns the version that s writes: decimal numbers joined by
// dots, such as "3.0" or "0.9.60.2", at most 100 bytes of them. Anything else,
// such as "v3", "3.", "3.0-rc1" or "", is an error wrapping [ErrInvalid].
func ParseVersion(s string) (Version, error) {
	v, err := parseVersion(s)
	if err != nil {
		return Version{}, field.Op("thirdparty: parse", err)
	}
	return v, nil
}

func parseVersion(s string) (Version, error) {
	if len(s) > maxVersion {
		return Version{}, fmt.Errorf("version %s: %d bytes are over the limit of %d: %w", quote.String(s), len(s), maxVersion, ErrInvalid)
	}
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return Version{}, fmt.Errorf("version %s: want numbers joined by dots: %w", quote.String(s), ErrInvalid)
		}
	}
	return Version{s}, nil
}

// Compare returns -1 if v is before w, +1 if it is after w, and 0 if they are the
// same. Numbers are compared from left to right, and a missing one is 0: 3.0 is 3.0.0, and 3.10 comes after 3.9. The zero Version is
// the same as 0.
func (v Version) Compare(w Version) int {
	a, b := v.text, w.text
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		// Without leading zeros the longer number is the larger one.
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
	}
	return 0
}

// String returns the text that v was parsed from, or "" for the zero Version.
func (v Version) String() string { return v.text }

// MarshalText returns v's text. The zero Version is an error wrapping
// [ErrInvalid].
func (v Version) MarshalText() ([]byte, error) {
	if v == (Version{}) {
		return nil, fmt.Errorf("thirdparty: marshal the zero version: %w", ErrInvalid)
	}
	return []byte(v.text), nil
}

// UnmarshalText sets *v to the version that b writes, as [ParseVersion] does.
// After an error *v is as it was.
func (v *Version) UnmarshalText(b []byte) error {
	w, err := parseVersion(string(b))
	if err != nil {
		return err
	}
	*v = w
	return nil
}
