package price

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// MaxPlaces is the largest number of decimal places that a [Rounding] may have.
const MaxPlaces = 12

// A RoundingMode says which neighbour an amount between two is rounded to. The
// zero RoundingMode is none: whoever rounds money says how.
type RoundingMode uint8

// The rounding modes.
const (
	HalfUp   RoundingMode = 1 + iota // to the nearest; halves away from zero
	HalfEven                         // to the nearest; halves to the even neighbour
	Down                             // towards zero
	Up                               // away from zero
)

var roundingModes = enum.Texts[RoundingMode]{
	Package: "price",
	Type:    "RoundingMode",
	Unknown: ErrRounding,
	Tokens:  []string{HalfUp: "half-up", HalfEven: "half-even", Down: "down", Up: "up"},
}

// AllRoundingModes returns the four modes, in a slice of the caller's own.
func AllRoundingModes() []RoundingMode { return roundingModes.All() }

// ParseRoundingMode returns the mode whose token is s, ignoring case. Any other
// s is an error wrapping [ErrRounding].
func ParseRoundingMode(s string) (RoundingMode, error) { return roundingModes.Parse(s) }

// IsValid reports whether m is one of the four modes; the zero RoundingMode is
// not.
func (m RoundingMode) IsValid() bool { return roundingModes.IsValid(m) }

// String returns m's token, such as "half-up", or RoundingMode(n) if m is not
// valid.
func (m RoundingMode) String() string { return roundingModes.String(m) }

// MarshalText returns m's token. If m is not valid it returns an error
// wrapping [ErrRounding].
func (m RoundingMode) MarshalText() ([]byte, error) { return roundingModes.MarshalText(m) }

// UnmarshalText sets *m to what [ParseRoundingMode] makes of b. After an error
// *m is as it was.
func (m *RoundingMode) UnmarshalText(b []byte) error { return roundingModes.UnmarshalText(m, b) }

// Value returns m's token, for a text column. If m is not valid it returns an
// error wrapping [ErrRounding].
func (m RoundingMode) Value() (driver.Value, error) { return roundingModes.Value(m) }

// Scan sets *m from a text column, as [ParseRoundingMode] would. NULL and every
// other type are errors, after which *m is as it was.
func (m *RoundingMode) Scan(src any) error { return roundingModes.Scan(m, src) }

// A Rounding says to how many decimal places, 0 to [MaxPlaces], and in which
// mode an amount is rounded: 2 for cents, 0 for yen, 3 for fils. The zero
// Rounding is none.
type Rounding struct {
	Places int32
	Mode   RoundingMode
}

// IsValid reports whether r has a mode and its places are in range.
func (r Rounding) IsValid() bool {
	return r.Mode.IsValid() && r.Places >= 0 && r.Places <= MaxPlaces
}

func (r Rounding) check() error {
	if !r.IsValid() {
		return fmt.Errorf("%d places, mode %v: %w", r.Places, r.Mode, ErrRounding)
	}
	return nil
}

// Round returns d rounded to r's places, which the result carries all of: 1.5
// at two places is 1.50. It returns an error wrapping [ErrRounding] if r is not
// valid, and one wrapping [ErrAmount] if d is beyond the limits of an amount.
func (r Rounding) Round(d decimal.Decimal) (decimal.Decimal, error) {
	if err := r.check(); err != nil {
		return decimal.Decimal{}, fmt.Errorf("price: round: %w", err)
	}
	if err := amount.Check(d); err != nil {
		return decimal.Decimal{}, fmt.Errorf("price: round: %w", err)
	}
	return r.round(d.Rat()), nil
}

// RoundRat is [Rounding.Round] for an exact fraction, which may be of any size.
func (r Rounding) RoundRat(x *big.Rat) (decimal.Decimal, error) {
	if err := r.check(); err != nil {
		return decimal.Decimal{}, fmt.Errorf("price: round: %w", err)
	}
	return r.round(x), nil
}

// round returns x rounded by r, which is valid.
func (r Rounding) round(x *big.Rat) decimal.Decimal {
	return decimal.NewFromBigInt(r.minor(x), -r.Places)
}

// minor returns x in units of 10^-r.Places, rounded by r, which is valid.
func (r Rounding) minor(x *big.Rat) *big.Int {
	num := new(big.Int).Mul(x.Num(), amount.Pow10(r.Places))
	quo, rem := num.QuoRem(num, x.Denom(), new(big.Int))
	rem.Abs(rem)
	rest, half := rem.Sign(), rem.Lsh(rem, 1).Cmp(x.Denom())
	if r.Mode.awayFromZero(rest, half, quo.Bit(0) == 1) {
		quo.Add(quo, big.NewInt(int64(x.Sign())))
	}
	return quo
}

// awayFromZero reports whether an amount that was cut off towards zero is to
// take one step away from it: rest is 0 where nothing was cut off and 1 where
// something was, half is how twice that compares with a whole step (-1, 0, 1),
// and odd says whether what remains is odd.
func (m RoundingMode) awayFromZero(rest, half int, odd bool) bool {
	switch m {
	case HalfUp:
		return half >= 0
	case HalfEven:
		return half > 0 || half == 0 && odd
	case Up:
		return rest > 0
	}
	return false
}

// isWhole reports whether d has no digits behind the given number of places.
func isWhole(d decimal.Decimal, places int32) bool {
	return d.Equal(d.Truncate(places))
}

// MarshalJSON returns r's JSON form: places and mode. It returns an error
// wrapping [ErrRounding] if r is not valid.
func (r Rounding) MarshalJSON() ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("price: marshal rounding: %w", err)
	}
	return json.Marshal(roundingJSON(r))
}

// UnmarshalJSON reads r's JSON form, strictly. Errors wrap [ErrJSON] or
// [ErrRounding]; after one, *r is as it was.
func (r *Rounding) UnmarshalJSON(data []byte) error {
	var u Rounding
	err := strictjson.Decode("price: decode rounding", data, func(v strictjson.Value) { u = decodeRounding(v) })
	if err != nil {
		return err
	}
	*r = u
	return nil
}

type roundingJSON struct {
	Places int32        `json:"places"`
	Mode   RoundingMode `json:"mode"`
}

func decodeRounding(v strictjson.Value) (r Rounding) {
	v.Object(func(o strictjson.Object) {
		r.Places = int32(o.Need("places").Int(0, MaxPlaces))
		o.Need("mode").Into(&r.Mode)
	})
	return r
}
