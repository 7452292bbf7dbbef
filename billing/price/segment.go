package price

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/wide"
)

// Limits decide whether minimum and maximum shrink with a segment's share of
// the period: [LimitsProrated] or [LimitsWhole]. There is no default: the empty
// Limits is invalid.
type Limits string

// The two kinds of limits.
const (
	// LimitsProrated charges each segment its share of the fee: minimum and
	// maximum are multiplied by the share, as the charges of the tiers are.
	LimitsProrated Limits = "prorated"
	// LimitsWhole holds minimum and maximum in full for the sum of all segments of
	// one name: of the charges of their tiers, each multiplied by the segment's
	// share.
	LimitsWhole Limits = "whole"
)

var limits = []Limits{LimitsProrated, LimitsWhole}

// UnmarshalText sets *l to the kind that b spells, or returns an error wrapping
// [ErrInvalid]; then *l is unchanged.
func (l *Limits) UnmarshalText(b []byte) error {
	return enum.ReadToken(l, b, "kind of limits", limits, ErrInvalid)
}

// A Basis is the usage that a segment is charged on: [BasisPeriod] or
// [BasisSegment]. There is no default: the empty Basis is invalid.
//
// The two differ: with a price of 10 %, an account that was new on 17 March and
// had spent 10,000 by the 31st is charged 483.87, 15/31 of 1,000, by
// period, and 1,000 by segment.
type Basis string

// The two bases.
const (
	BasisPeriod  Basis = "period"  // the usage of the whole period: the tiers' charges are multiplied by the share
	BasisSegment Basis = "segment" // the usage of the segment itself: the tiers are charged whole
)

var bases = []Basis{BasisPeriod, BasisSegment}

// UnmarshalText sets *b to the basis that text spells, or returns an error
// wrapping [ErrInvalid]; then *b is unchanged.
func (b *Basis) UnmarshalText(text []byte) error {
	return enum.ReadToken(b, text, "basis", bases, ErrInvalid)
}

// Rules say how a period is divided between segments.
type Rules struct {
	// Rounding of the total. All schedules have it.
	Rounding Rounding
	// Basis decides whether a segment's usage is that of the whole period or its
	// own.
	Basis Basis
	// Limits are prorated or whole.
	Limits Limits
}

func (r Rules) check() error {
	if err := r.Rounding.check(); err != nil {
		return field.Wrap("rounding", err)
	}
	if err := enum.CheckToken(r.Basis, "basis", bases, ErrInvalid); err != nil {
		return field.Wrap("basis", err)
	}
	return field.Wrap("limits", enum.CheckToken(r.Limits, "kind of limits", limits, ErrInvalid))
}

// A Segment is the part of a period with one price. The time
// itself is the caller's: here it is a share of the period.
type Segment struct {
	// Name groups the segments to which whole limits apply together, such as the
	// segments of one plan under two editions of its price.
	Name string
	// Share is the segment's fraction of the period, from 0 to 1.
	Share *big.Rat
	// Schedule is the price.
	Schedule Schedule
	// Usage is the whole period's or the segment's own, by the basis.
	Usage decimal.Decimal
}

// A Charge is one row of the charges of segments.
type Charge struct {
	// Segment is the index of the segment that is charged.
	Segment int
	// Kind is the kind of an adjustment. It is empty for a tier's charge.
	Kind AdjustmentKind
	// Line is the charge of a tier for the segment's usage. It is zero for an
	// adjustment.
	Line Line
	// Share is the fraction of Line.Charge, or of Limit, that is charged: the
	// segment's share, or 1 for all of it.
	Share *big.Rat
	// Base is, for an adjustment, the exact amount before it.
	Base *big.Rat
	// Rate is the rate of a discount. Limit is the minimum or maximum that an
	// adjustment leads to, before it is multiplied by Share.
	Rate, Limit decimal.Decimal
	// Exact is the charge before rounding: Share × Line.Charge for a tier,
	// Base × -Rate for a discount, Share × Limit - Base for a minimum or maximum.
	Exact *big.Rat
	// Amount is the charge rounded to the places of the total, so that all
	// amounts add up to it.
	Amount decimal.Decimal
}

// Prorate returns the charges of a period's segments, in their order, and the
// total. A segment is charged the lines of its quote, by its share or whole by
// the basis, and then a discount, the maximum, the minimum and a discount after
// them, by its terms and the limits.
//
// Whole limits, and a discount after them, apply once to all segments of a name.
// They are those of the last segment of the name that has a share, and stand with
// it. If no segment of the name has a share, minimum and maximum are 0. By
// [BasisPeriod], a segment without a share is charged nothing.
//
// The sum of the exact charges is rounded once. The units of the total are given
// to the charges by largest remainder, among equals to the earlier one; a charge
// of 0 stays 0.
//
// It returns an error wrapping [ErrInvalid] if the rules or a segment are not
// valid, if a schedule has another rounding than the rules, or if the shares add
// up to more than 1; [ErrUsage] for a usage as [Schedule.Fee] does; or
// [ErrNotCompiled] for the zero Schedule. The error is a [FieldError] that names
// the segment.
func Prorate(r Rules, segments ...Segment) (charges []Charge, total decimal.Decimal, err error) {
	if err := checkSegments(r, segments); err != nil {
		return nil, decimal.Decimal{}, field.Op("price: prorate", err)
	}
	all := make([]prorated, len(segments))
	groups := make(map[string]*group)
	for i, s := range segments {
		all[i] = prorate(r, i, s)
		g := groups[s.Name]
		if g == nil {
			g = &group{sum: fraction{new(big.Rat)}}
			groups[s.Name] = g
		}
		if r.Limits == LimitsWhole {
			g.sum = g.sum.Add(all[i].sum)
		}
		if s.Share.Sign() > 0 || !g.hasShare {
			g.last, g.hasShare = i, s.Share.Sign() > 0
		}
	}
	sum := new(big.Rat)
	for i, s := range segments {
		switch g := groups[s.Name]; {
		case r.Limits == LimitsProrated:
			sum.Add(sum, all[i].limit(all[i].sum, s.Share).Rat)
		case g.last == i && g.hasShare:
			sum.Add(sum, all[i].limit(g.sum, big.NewRat(1, 1)).Rat)
		case g.last == i:
			sum.Add(sum, all[i].limit(g.sum, new(big.Rat)).Rat)
		}
		charges = append(charges, all[i].charges...)
	}
	exact, unit := make([]*big.Rat, len(charges)), new(big.Rat).SetInt(wide.BigPow10(r.Rounding.Places))
	for i, c := range charges {
		exact[i] = new(big.Rat).Mul(c.Exact, unit)
	}
	units := r.Rounding.minorRat(sum)
	for i, n := range amount.Apportion(units, exact) {
		charges[i].Amount = decimal.NewFromBigInt(n, -r.Rounding.Places)
	}
	return charges, decimal.NewFromBigInt(units, -r.Rounding.Places), nil
}

// checkSegments returns the error of the first field that is wrong.
func checkSegments(r Rules, segments []Segment) error {
	if err := r.check(); err != nil {
		return err
	}
	for i, s := range segments {
		if err := s.check(r.Rounding); err != nil {
			return field.Wrap(fmt.Sprintf("segments[%d]", i), err)
		}
	}
	// Shares are mostly parts of one whole, so that few denominators differ.
	sum, parts, whole := new(big.Rat), new(big.Int), big.NewInt(1)
	for _, s := range segments {
		if d := s.Share.Denom(); d.Cmp(whole) != 0 {
			if parts.Sign() != 0 {
				sum.Add(sum, new(big.Rat).SetFrac(parts, whole))
			}
			parts, whole = new(big.Int), d
		}
		parts.Add(parts, s.Share.Num())
	}
	sum.Add(sum, new(big.Rat).SetFrac(parts, whole))
	if sum.Num().Cmp(sum.Denom()) > 0 {
		return invalid("segments", "the shares add up to %s; want at most 1", sum.FloatString(6))
	}
	return nil
}

// check returns the error of the first field of s that is wrong, for a total
// rounded by r.
func (s Segment) check(r Rounding) error {
	if s.Share == nil || s.Share.Sign() < 0 || s.Share.Num().Cmp(s.Share.Denom()) > 0 {
		return invalid("share", "want a fraction from 0 to 1")
	}
	if s.Schedule.c == nil {
		return field.Wrap("schedule", ErrNotCompiled)
	}
	if s.Schedule.c.terms.Rounding != r {
		return invalid("schedule.rounding", "want that of the rules")
	}
	return field.Wrap("usage", field.Mark(amount.CheckPositive(s.Usage), ErrUsage))
}

// A group is the segments of one name.
type group struct {
	sum      fraction // of their charges before limits
	last     int      // the segment whose limits apply
	hasShare bool     // whether one of the segments has a share
}

// prorated is a segment while its charges are made.
type prorated struct {
	segment int
	terms   *Terms
	sum     fraction // of the charges before limits
	charges []Charge
}

// prorate returns segment i with its charges before limits.
func prorate(r Rules, i int, s Segment) prorated {
	c, share := s.Schedule.c, s.Share
	p := prorated{segment: i, terms: &c.terms, sum: fraction{new(big.Rat)}}
	if r.Basis == BasisSegment {
		share = big.NewRat(1, 1)
	}
	if share.Sign() == 0 {
		return p
	}
	usage, _ := s.Schedule.rated("", s.Usage) // it has passed check
	var sum decimal.Decimal                   // decimals add up faster than fractions
	for _, l := range c.lines(usage, c.tier(usage)) {
		exact := l.Charge.Rat()
		p.charges = append(p.charges, Charge{Segment: i, Line: l, Share: clone(share), Exact: exact.Mul(exact, share)})
		sum = sum.Add(l.Charge)
	}
	p.sum = fraction{sum.Rat()}
	p.sum.Rat.Mul(p.sum.Rat, share)
	if c.terms.Discount.Stage == DiscountBeforeMaximum {
		p.sum = p.rule(share).before(p.sum, p.emitter(share))
	}
	return p
}

// limit adds the charges that lead from sum to its limits, multiplied by share,
// and to a discount after them. It returns the sum with them.
func (p *prorated) limit(sum fraction, share *big.Rat) fraction {
	return p.rule(share).after(sum, p.emitter(share))
}

// rule returns the rule of p's terms with minimum and maximum multiplied by
// share.
func (p *prorated) rule(share *big.Rat) rule[fraction] {
	t := p.terms
	scaled := func(d decimal.Decimal) fraction {
		x := d.Rat()
		if x.Sign() != 0 {
			x.Mul(x, share)
		}
		return fraction{x}
	}
	r := rule[fraction]{stage: t.Discount.Stage, capped: !t.Maximum.IsZero(), minimum: scaled(t.Minimum)}
	if r.capped {
		r.maximum = scaled(t.Maximum)
	}
	if r.stage != "" {
		r.discount = fraction{t.Discount.Rate.Rat()}
	}
	return r
}

// emitter returns the function that adds an adjustment to p's charges.
func (p *prorated) emitter(share *big.Rat) emitter[fraction] {
	return func(kind AdjustmentKind, base, by fraction) {
		c := Charge{Segment: p.segment, Kind: kind, Share: clone(share), Base: clone(base.Rat), Exact: by.Rat}
		switch kind {
		case AdjustmentDiscount:
			c.Rate = p.terms.Discount.Rate
			c.Share.SetInt64(1)
		case AdjustmentMaximum:
			c.Limit = p.terms.Maximum
		case AdjustmentMinimum:
			c.Limit = p.terms.Minimum
		}
		p.charges = append(p.charges, c)
	}
}
