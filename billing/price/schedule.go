package price

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/field"
)

// A Schedule is a price, compiled from [Terms]: a piecewise-affine function of
// usage. It does not change, may be copied, and may be used from many
// goroutines at once. The zero Schedule prices nothing: its methods return
// [ErrNotCompiled].
//
// On each tier the fee is an affine function of the usage, for graduated and
// volume prices alike: base + rate × (usage − lower), where base is the fee
// just above the tier's lower bound. A discount only scales these pieces, and
// the minimum and maximum that bound them. So a fee is one search for the
// piece, one multiplication and one addition; the tiers themselves are only
// looked at to itemise a quote.
type Schedule struct{ c *compiled }

type compiled struct {
	terms  Terms
	lowers []decimal.Decimal // each tier's lower bound, exclusive; the first is 0, inclusive
	pieces []piece
	floor  decimal.Decimal   // the least fee
	ceil   decimal.Decimal   // the greatest fee; zero is none
	full   []Line            // of all tiers but the last, passed whole by graduated usage
	sums   []decimal.Decimal // what each of these costs with all before it
	fast   fast
	small  small
}

// A piece is the fee on one tier before minimum, maximum and rounding.
type piece struct {
	base decimal.Decimal
	rate decimal.Decimal
}

// Compile checks t and makes a Schedule of it, which shares nothing with t. An
// error names the field as the JSON form would, and wraps [ErrModel],
// [ErrNoTiers], [ErrManyTiers], [ErrTierOrder], [ErrOpenTier],
// [ErrBoundedLast], [ErrNegative], [ErrAmount], [ErrPlaces], [ErrMaximum],
// [ErrDiscount] or [ErrRounding].
func Compile(t Terms) (Schedule, error) {
	if path, err := t.check(); err != nil {
		return Schedule{}, field.Op("price: compile", field.Wrap(path, err))
	}
	return compile(t.clone()), nil
}

// compile makes a schedule of terms that have passed check.
func compile(t Terms) Schedule {
	c := &compiled{terms: t, floor: t.Minimum, ceil: t.Maximum}
	var lower, sum decimal.Decimal // sum is the undiscounted fee at lower, graduated
	for _, tier := range t.Tiers {
		base := sum.Add(tier.Flat)
		if t.Model == Volume {
			base = tier.Flat.Add(tier.Rate.Mul(lower))
		}
		c.lowers = append(c.lowers, lower)
		c.pieces = append(c.pieces, piece{base, tier.Rate})
		if !tier.UpTo.IsZero() {
			line := c.line(len(c.full), tier.UpTo.Sub(lower))
			lower, sum = tier.UpTo, sum.Add(line.TierCharge)
			c.full, c.sums = append(c.full, line), append(c.sums, sum)
		}
	}
	if !t.Discount.isZero() {
		keep := one.Sub(t.Discount.Rate)
		for i, p := range c.pieces {
			c.pieces[i] = piece{p.base.Mul(keep), p.rate.Mul(keep)}
		}
		if t.Discount.Stage == AfterMinimum {
			c.floor, c.ceil = c.floor.Mul(keep), c.ceil.Mul(keep)
		}
	}
	c.fast = newFast(c)
	c.small = newSmall(&c.fast)
	return Schedule{c}
}

// MustCompile is [Compile] for terms that are known to be right, such as a
// program's own; it panics where Compile returns an error.
func MustCompile(t Terms) Schedule {
	s, err := Compile(t)
	if err != nil {
		panic(err)
	}
	return s
}

// Terms returns what s was compiled from, with tiers of the caller's own. The
// zero Schedule has the zero Terms.
func (s Schedule) Terms() Terms {
	if s.c == nil {
		return Terms{}
	}
	return s.c.terms.clone()
}

// Fee returns the fee for a usage, rounded, with all of the rounding's places:
// the sum of the tiers, discounted, at most the maximum and at least the
// minimum, where the terms have them. Usage 0 costs the first tier's flat
// amount or the minimum.
//
// It returns an error wrapping [ErrNegative] if usage < 0, [ErrAmount] if it is
// beyond the limits of an amount (more than 30 digits before or behind the
// point), and [ErrNotCompiled] for the zero Schedule.
func (s Schedule) Fee(usage decimal.Decimal) (decimal.Decimal, error) {
	if s.c != nil {
		places := s.c.terms.Rounding.Places
		if n, ok := minorUnits(usage, places); ok && n < s.c.small.limit {
			return decimal.New(s.c.small.fee(n), -places), nil
		}
		if fee, ok := s.c.fast.fee(usage); ok {
			return decimal.New(fee.minor, -places), nil
		}
	}
	rated, err := s.rated("fee", usage)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return s.c.terms.Rounding.round(s.c.exact(rated).Rat()), nil
}

// FeeMinor returns what [Schedule.Fee] does, with usage and fee both in minor
// units: units of 10^-Places of the rounding, such as cents for 2. It does not
// allocate where the numbers are of ordinary size.
//
// It returns the errors of Fee, and one wrapping [ErrOverflow] if the fee does
// not fit an int64.
func (s Schedule) FeeMinor(usage int64) (int64, error) {
	if s.c != nil && uint64(usage) < s.c.small.limit { // a negative usage is beyond it
		return s.c.small.fee(uint64(usage)), nil
	}
	places := s.Terms().Rounding.Places
	rated, err := s.rated("fee", decimal.New(usage, -places))
	if err != nil {
		return 0, err
	}
	fee := s.c.terms.Rounding.minor(s.c.exact(rated).Rat())
	if !fee.IsInt64() {
		return 0, fmt.Errorf("price: fee for %d minor units: %w", usage, ErrOverflow)
	}
	return fee.Int64(), nil
}

// Unrounded returns the fee for a usage before it is rounded, exactly: after
// discount, maximum and minimum. It returns the errors of [Schedule.Fee].
func (s Schedule) Unrounded(usage decimal.Decimal) (decimal.Decimal, error) {
	rated, err := s.rated("fee", usage)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return s.c.exact(rated), nil
}

// rated checks usage and returns what of it is priced: itself, unless the terms
// round it.
func (s Schedule) rated(op string, usage decimal.Decimal) (decimal.Decimal, error) {
	if s.c == nil {
		return usage, fmt.Errorf("price: %s: %w", op, ErrNotCompiled)
	}
	if err := amount.CheckPositive(usage); err != nil {
		return usage, fmt.Errorf("price: %s: usage %w", op, err)
	}
	if r := s.c.terms.UsageRounding; r != (Rounding{}) {
		return r.round(usage.Rat()), nil
	}
	return usage, nil
}

// tier returns the index of the tier that covers usage.
func (c *compiled) tier(usage decimal.Decimal) int {
	n := len(c.terms.Tiers) - 1 // the last one covers what no other does
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
