package billing

import (
	"database/sql/driver"
	"errors"

	"github.com/supportplan/supportplan/internal/enum"
)

// ErrProration is wrapped by every error that rejects a proration, and by that
// of an invoice by a card which does not say how it prorates.
var ErrProration = errors.New("unknown proration")

// A Proration says what becomes of a plan's minimum and maximum in a period of
// which the account had the plan for a part only. The zero Proration is none: a
// card without one quotes whole periods but makes no invoice.
type Proration uint8

// The prorations. With s the plan's share of the period, T the price of its
// tiers for the whole period's usage U, and clamp the minimum and maximum:
const (
	BoundsProrated Proration = 1 + iota // s × clamp(T(U)): the bounds shrink with the share
	BoundsWhole                         // clamp(s × T(U)): a minimum is due in full for any share
)

var prorations = enum.Texts[Proration]{
	Package: "billing",
	Type:    "Proration",
	Unknown: ErrProration,
	Tokens:  []string{BoundsProrated: "bounds-prorated", BoundsWhole: "bounds-whole"},
}

// AllProrations returns the two prorations, in a slice of the caller's own.
func AllProrations() []Proration { return prorations.All() }

// ParseProration returns the proration whose token is s, ignoring case. Any
// other s is an error wrapping [ErrProration].
func ParseProration(s string) (Proration, error) { return prorations.Parse(s) }

// IsValid reports whether p is one of the two prorations; the zero Proration is
// not.
func (p Proration) IsValid() bool { return prorations.IsValid(p) }

// String returns p's token, such as "bounds-prorated", or Proration(n) if p is
// not valid.
func (p Proration) String() string { return prorations.String(p) }

// MarshalText returns p's token. If p is not valid it returns an error
// wrapping [ErrProration].
func (p Proration) MarshalText() ([]byte, error) { return prorations.MarshalText(p) }

// UnmarshalText sets *p to what [ParseProration] makes of b. After an error *p
// is as it was.
func (p *Proration) UnmarshalText(b []byte) error { return prorations.UnmarshalText(p, b) }

// Value returns p's token, for a text column. If p is not valid it returns an
// error wrapping [ErrProration].
func (p Proration) Value() (driver.Value, error) { return prorations.Value(p) }

// Scan sets *p from a text column, as [ParseProration] would. NULL and every
// other type are errors, after which *p is as it was.
func (p *Proration) Scan(src any) error { return prorations.Scan(p, src) }
