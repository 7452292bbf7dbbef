package price

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/wide"
)

// A Schedule is a price, compiled from [Terms]: a piecewise-affine function of
// usage. It does not change, may be copied, and may be used from many goroutines
// at once. The zero Schedule prices nothing: its methods return errors wrapping
// [ErrNotCompiled]. Its JSON form is its terms'.
//
// On each tier the fee is an affine function of the usage, for graduated and
// volume prices alike: base + rate × (usage − lower), with the fee just above
// the tier's lower bound as base. A discount only scales these pieces, and the
// minimum and maximum that limit them. So a fee is one search for the piece, one
// multiplication and one addition; only a quote looks at the tiers themselves.
type Schedule struct{ c *compiled }

type compiled struct {
	terms  Terms
	lowers []decimal.Decimal // each tier's lower bound, exclusive; the first is 0, inclusive
	pieces []piece
	floor  decimal.Decimal   // the least fee
	ceil   decimal.Decimal   // the greatest fee; zero is none
	full   []Line            // of all tiers but the last, for usages above them, graduated
	sums   []decimal.Decimal // the charges of each of these and all before it
	eval   evaluator
}

// A piece is the fee on one tier before minimum, maximum and rounding.
type piece struct {
	base decimal.Decimal
	rate decimal.Decimal
}

// Compile checks t and makes a Schedule of it that shares nothing with t. An
// error wraps [ErrInvalid] and is a [FieldError] that names the field as in the
// JSON form.
func Compile(t Terms) (Schedule, error) {
	if err := t.check(); err != nil {
		return Schedule{}, field.Op("price: compile", err)
	}
	t = t.clone()
	c := &compiled{terms: t, floor: t.Minimum, ceil: t.Maximum}
	var lower, sum decimal.Decimal // sum is the undiscounted fee at lower, graduated
	for _, tier := range t.Tiers {
		base := sum.Add(tier.Flat)
		if t.Model == ModelVolume {
			base = tier.Flat.Add(tier.Rate.Mul(lower))
		}
		c.lowers = append(c.lowers, lower)
		c.pieces = append(c.pieces, piece{base, tier.Rate})
		if !tier.UpTo.IsZero() {
			line := c.line(len(c.full), tier.UpTo.Sub(lower))
			lower, sum = tier.UpTo, sum.Add(line.Charge)
			c.full, c.sums = append(c.full, line), append(c.sums, sum)
		}
	}
	if !t.Discount.isZero() {
		keep := one.Sub(t.Discount.Rate)
		for i, p := range c.pieces {
			c.pieces[i] = piece{p.base.Mul(keep), p.rate.Mul(keep)}
		}
		if t.Discount.Stage == DiscountAfterMinimum {
			c.floor, c.ceil = c.floor.Mul(keep), c.ceil.Mul(keep)
		}
	}
	c.eval = newEvaluator(c)
	return Schedule{c}, nil
}

// MustCompile is [Compile] for terms that are known to be valid, such as a
// program's own. It panics if Compile returns an error.
func MustCompile(t Terms) Schedule {
	s, err := Compile(t)
	if err != nil {
		panic(err)
	}
	return s
}

// Terms returns the terms of s, with tiers of the caller's own. The zero Schedule
// has the zero Terms.
func (s Schedule) Terms() Terms {
	if s.c == nil {
		return Terms{}
	}
	return s.c.terms.clone()
}

// MarshalJSON returns the JSON form of s's terms. It returns an error wrapping
// [ErrNotCompiled] for the zero Schedule.
func (s Schedule) MarshalJSON() ([]byte, error) {
	if s.c == nil {
		return nil, field.Op("price: marshal schedule", ErrNotCompiled)
	}
	return s.c.terms.MarshalJSON()
}

// UnmarshalJSON reads the JSON form of terms and compiles them. Its errors are
// those of [Terms.UnmarshalJSON]; then *s is unchanged.
func (s *Schedule) UnmarshalJSON(data []byte) error {
	var t Terms
	if err := t.UnmarshalJSON(data); err != nil {
		return err
	}
	*s = MustCompile(t)
	return nil
}

// Fee returns the fee for a usage, rounded, with all of the rounding's places:
// the sum of the tiers, discounted, limited by maximum and minimum. Usage 0
// costs the first tier's flat amount or the minimum. The result prints with
// StringFixed: a decimal's String drops zeros at its end.
//
// It returns an error wrapping [ErrUsage] if usage is negative or has more than
// 30 digits before or behind the point, or [ErrNotCompiled] for the zero
// Schedule.
func (s Schedule) Fee(usage decimal.Decimal) (decimal.Decimal, error) {
	if s.c != nil {
		if fee, ok := s.c.eval.fee(usage); ok {
			return decimal.New(fee, -s.c.terms.Rounding.Places), nil
		}
	}
	rated, err := s.rated("fee", usage)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return s.c.terms.Rounding.round(s.c.exact(rated)), nil
}

// FeeMinor is [Schedule.Fee] with usage and fee both in minor units: units of
// 10^-Places of the rounding, such as cents for 2. It does not allocate, unless
// numbers are beyond 128 bits or the terms round the usage.
//
// It returns the errors of Fee, or one wrapping [ErrOverflow] if an int64 does
// not hold the fee.
func (s Schedule) FeeMinor(usage int64) (int64, error) {
	if s.c != nil && s.c.eval.ok && usage >= 0 {
		if k, ok := wide.Mul64(uint64(usage), s.c.eval.minor); ok {
			if fee, ok := s.c.eval.price(k); ok {
				return fee, nil
			}
		}
	}
	return s.feeMinor(usage)
}

// feeMinor is FeeMinor by way of decimals.
func (s Schedule) feeMinor(usage int64) (int64, error) {
	if s.c == nil {
		return 0, field.Op("price: fee", ErrNotCompiled)
	}
	r := s.c.terms.Rounding
	rated, err := s.rated("fee", decimal.New(usage, -r.Places))
	if err != nil {
		return 0, err
	}
	fee := r.minor(s.c.exact(rated))
	if !fee.IsInt64() {
		return 0, fmt.Errorf("price: fee for %d minor units: %w", usage, ErrOverflow)
	}
	return fee.Int64(), nil
}

// Unrounded returns the fee for a usage before it is rounded, exactly: after
// discount, maximum and minimum. Its errors are those of [Schedule.Fee].
func (s Schedule) Unrounded(usage decimal.Decimal) (decimal.Decimal, error) {
	rated, err := s.rated("fee", usage)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return s.c.exact(rated), nil
}

// rated checks usage and returns it as it is priced: rounded, if the terms round
// it.
func (s Schedule) rated(op string, usage decimal.Decimal) (decimal.Decimal, error) {
	if s.c == nil {
		return usage, field.Op("price: "+op, ErrNotCompiled)
	}
	if err := checkUsage(op, usage); err != nil {
		return usage, err
	}
	if r := s.c.terms.UsageRounding; r != (Rounding{}) {
		return r.round(usage), nil
	}
	return usage, nil
}

// checkUsage returns an error wrapping [ErrUsage] if usage is negative or beyond
// the limits of an amount.
func checkUsage(op string, usage decimal.Decimal) error {
	if err := amount.CheckPositive(usage); err != nil {
		return field.Op("price: "+op, field.Mark(fmt.Errorf("usage %w", err), ErrUsage))
	}
	return nil
}

// tier returns the index of the tier that covers usage.
func (c *compiled) tier(usage decimal.Decimal) int {
	n := len(c.terms.Tiers) - 1 // the last one covers all above the others
	i, _ := slices.BinarySearchFunc(c.terms.Tiers[:n], usage, func(t Tier, usage decimal.Decimal) int {
		return t.UpTo.Cmp(usage)
	})
	return i
}

// exact returns the unrounded fee.
func (c *compiled) exact(usage decimal.Decimal) decimal.Decimal {
	i := c.tier(usage)
	p := c.pieces[i]
	fee := p.base.Add(p.rate.Mul(usage.Sub(c.lowers[i])))
	if !c.ceil.IsZero() && fee.GreaterThan(c.ceil) {
		fee = c.ceil
	}
	if fee.LessThan(c.floor) {
		fee = c.floor
	}
	return fee
}
