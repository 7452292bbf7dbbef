package price

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/internal/wide"
)

// MaxPlaces is the largest number of decimal places that a [Rounding] may have.
const MaxPlaces = 12

// A RoundingMode picks the neighbour to which an amount between two is rounded:
// [RoundingHalfUp], [RoundingHalfEven], [RoundingDown] or [RoundingUp]. There
// is no default: the empty RoundingMode is invalid.
type RoundingMode string

// The rounding modes.
const (
	RoundingHalfUp   RoundingMode = "half-up"   // to the nearest; halves away from zero
	RoundingHalfEven RoundingMode = "half-even" // to the nearest; halves to the even neighbour
	RoundingDown     RoundingMode = "down"      // towards zero
	RoundingUp       RoundingMode = "up"        // away from zero
)

var roundingModes = []RoundingMode{RoundingHalfUp, RoundingHalfEven, RoundingDown, RoundingUp}

// UnmarshalText sets *m to the mode that b spells, or returns an error wrapping
// [ErrInvalid]; then *m is unchanged.
func (m *RoundingMode) UnmarshalText(b []byte) error {
	return enum.ReadToken(m, b, "rounding mode", roundingModes, ErrInvalid)
}

// A Rounding has the number of decimal places, 0 to [MaxPlaces], and the mode for
// rounding an amount: 2 for cents, 0 for yen, 3 for fils. The zero
// Rounding is invalid.
type Rounding struct {
	Places int32
	Mode   RoundingMode
}

// IsValid reports whether r has a mode and its places are in range.
func (r Rounding) IsValid() bool { return r.check() == nil }

func (r Rounding) check() error {
	if err := enum.CheckToken(r.Mode, "rounding mode", roundingModes, ErrInvalid); err != nil {
		return field.Wrap("mode", err)
	}
	if r.Places < 0 || r.Places > MaxPlaces {
		return field.Wrap("places", fmt.Errorf("%d; want 0 to %d: %w", r.Places, MaxPlaces, ErrInvalid))
	}
	return nil
}

// Round returns d rounded to r's places. The result carries all of them: 1.5 at
// two places is 1.50. It returns an error wrapping [ErrInvalid] if r is not valid
// or d is beyond the limits of an amount.
func (r Rounding) Round(d decimal.Decimal) (decimal.Decimal, error) {
	if err := amount.Check(d); err != nil {
		return decimal.Decimal{}, field.Op("price: round", field.Mark(err, ErrInvalid))
	}
	if err := r.check(); err != nil {
		return decimal.Decimal{}, field.Op("price: round", err)
	}
	return r.round(d), nil
}

// RoundRat is [Rounding.Round] for an exact fraction of any size, such as a
// break-even or an effective rate.
func (r Rounding) RoundRat(x *big.Rat) (decimal.Decimal, error) {
	if err := r.check(); err != nil {
		return decimal.Decimal{}, field.Op("price: round", err)
	}
	return decimal.NewFromBigInt(r.minorRat(x), -r.Places), nil
}

// round returns d rounded by r; r must be valid.
func (r Rounding) round(d decimal.Decimal) decimal.Decimal {
	return decimal.NewFromBigInt(r.minor(d), -r.Places)
}

// minor is round in units of 10^-r.Places.
func (r Rounding) minor(d decimal.Decimal) *big.Int {
	up := r.Places + d.Exponent()
	num := d.Coefficient()
	num.Mul(num, wide.BigPow10(max(up, 0)))
	return r.divide(num, wide.BigPow10(max(-up, 0)))
}

// minorRat is minor for a fraction.
func (r Rounding) minorRat(x *big.Rat) *big.Int {
	return r.divide(new(big.Int).Mul(x.Num(), wide.BigPow10(r.Places)), x.Denom())
}

// divide returns num/den as a whole number, rounded by r's mode.
func (r Rounding) divide(num, den *big.Int) *big.Int {
	sign := int64(num.Sign())
	quo, rem := num.QuoRem(num, den, new(big.Int))
	rest := rem.Sign()
	half := rem.Abs(rem).Lsh(rem, 1).Cmp(den)
	var away bool
	switch r.Mode {
	case RoundingHalfUp:
		away = half >= 0
	case RoundingHalfEven:
		away = half > 0 || half == 0 && quo.Bit(0) == 1
	case RoundingUp:
		away = rest != 0
	}
	if away {
		quo.Add(quo, big.NewInt(sign))
	}
	return quo
}

// MarshalJSON returns r's JSON form, {"places":2,"mode":"half-up"}. It returns an
// error wrapping [ErrInvalid] if r is not valid.
func (r Rounding) MarshalJSON() ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, field.Op("price: marshal rounding", err)
	}
	return json.Marshal(roundingJSON(r))
}

// UnmarshalJSON reads r's JSON form, strictly. Its errors wrap [ErrInvalid] and
// name the field; then *r is unchanged.
func (r *Rounding) UnmarshalJSON(data []byte) error {
	var u Rounding
	err := decode("price: decode rounding", data, func(v strictjson.Value) { u = decodeRounding(v) })
	if err == nil {
		*r = u
	}
	return err
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
