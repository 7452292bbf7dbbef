package sla

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
)

// A Difference says how one target differs from another. The zero Difference
// is none at all; see [Difference.IsValid].
type Difference uint8

// The differences.
const (
	Gained       Difference = 1 + iota // there was no target before
	Lost                               // there is no target any more
	Faster                             // whatever meets the new target meets the old one
	Slower                             // whatever meets the old target meets the new one
	Incomparable                       // which is faster depends on the hour, their clocks being different
)

// ErrUnknownDifference is wrapped by every error that rejects a difference.
var ErrUnknownDifference = errors.New("unknown difference")

// The tokens never change.
var differences = enum.Texts[Difference]{
	Package: "sla",
	Type:    "Difference",
	Unknown: ErrUnknownDifference,
	Tokens:  []string{Gained: "gained", Lost: "lost", Faster: "faster", Slower: "slower", Incomparable: "incomparable"},
}

// AllDifferences returns the differences in the order of their declaration, in
// a slice of the caller's own.
func AllDifferences() []Difference { return differences.All() }

// ParseDifference returns the difference whose token is s, ignoring case. Any
// other s is an error wrapping [ErrUnknownDifference].
func ParseDifference(s string) (Difference, error) { return differences.Parse(s) }

// IsValid reports whether d is one of the differences; the zero Difference is
// not.
func (d Difference) IsValid() bool { return differences.IsValid(d) }

// String returns d's token, such as "gained", or Difference(n) if d is not
// valid.
func (d Difference) String() string { return differences.String(d) }

// MarshalText returns d's token. If d is not valid it returns an error
// wrapping [ErrUnknownDifference].
func (d Difference) MarshalText() ([]byte, error) { return differences.MarshalText(d) }

// UnmarshalText sets *d to what [ParseDifference] makes of b. After an error
// *d is as it was.
func (d *Difference) UnmarshalText(b []byte) error { return differences.UnmarshalText(d, b) }

// Value returns d's token, for a text column. If d is not valid it returns an
// error wrapping [ErrUnknownDifference].
func (d Difference) Value() (driver.Value, error) { return differences.Value(d) }

// Scan sets *d from a text column, as [ParseDifference] would. NULL and every
// other type are errors, after which *d is as it was.
func (d *Difference) Scan(src any) error { return differences.Scan(d, src) }

// A Change is how the target at a severity changes between two plans. From is
// the zero Target where it is gained, To where it is lost.
type Change struct {
	Severity   severity.Severity
	Difference Difference
	From, To   Target
}

// Compare returns what changes for the targets of whoever moves from one plan
// to the other, from the least to the most severe; what stays the same is left
// out. It returns an error wrapping [plan.ErrUnknown] if a plan is not valid.
func (t Table) Compare(from, to plan.Plan) ([]Change, error) {
	for _, p := range []plan.Plan{from, to} {
		if !p.IsValid() {
			return nil, fmt.Errorf("sla: compare %v: %w", p, plan.ErrUnknown)
		}
	}
	var out []Change
	for _, s := range severity.All() {
		a, hadOne := t.Target(from, s)
		b, hasOne := t.Target(to, s)
		c := Change{Severity: s, From: a, To: b}
		switch {
		case a.Equal(b):
			continue
		case !hadOne:
			c.Difference = Gained
		case !hasOne:
			c.Difference = Lost
		case b.Implies(a):
			c.Difference = Faster
		case a.Implies(b):
			c.Difference = Slower
		default:
			c.Difference = Incomparable
		}
		out = append(out, c)
	}
	return out, nil
}
