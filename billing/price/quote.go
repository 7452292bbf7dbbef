package price

import (
	"database/sql/driver"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Quote is a fee with its reasons. Its lines are exact, and the charges of
// all lines plus the amounts of all adjustments are the total, to the last
// digit.
//
// The zero Quote is no quote.
type Quote struct {
	// Usage is what the quote was asked for; UsageRated is what of it was
	// priced, which differs only where the terms round the usage.
	Usage      decimal.Decimal
	UsageRated decimal.Decimal
	// Lines has, for graduated prices, a line for each tier up to the one that
	// the usage falls into; for volume prices the line of that tier alone.
	Lines []Line
	// Adjustments lead from the sum of the lines to the total, in the order in
	// which they apply; those of amount 0 are left out.
	Adjustments []Adjustment
	// Total is the fee, rounded, with all of the rounding's places.
	Total decimal.Decimal
}

// A Line is what one tier contributes to a quote.
type Line struct {
	// Tier is the tier's number, from 1.
	Tier int
	// From is the tier's lower bound, exclusive except for a From of 0.
	From decimal.Decimal
	// To is the tier's upper bound, inclusive; zero means that it has none.
	To decimal.Decimal
	// UsageSlice is how much of the usage is charged at this tier's rate.
	UsageSlice decimal.Decimal
	// TierRate is the tier's rate, as a fraction of one unit of usage.
	TierRate decimal.Decimal
	// Flat is the tier's flat amount.
	Flat decimal.Decimal
	// TierCharge is UsageSlice × TierRate + Flat, exactly.
	TierCharge decimal.Decimal
}

// An Adjustment is a step from the sum of the lines to the total.
type Adjustment struct {
	Kind   AdjustmentKind
	Amount decimal.Decimal // added; negative where it lowers the fee
}

// An AdjustmentKind says why an amount is adjusted. The zero AdjustmentKind is
// none.
type AdjustmentKind uint8

// The kinds of adjustment.
const (
	DiscountAdjustment AdjustmentKind = 1 + iota // the terms' discount
	MaximumAdjustment                            // down to the maximum
	MinimumAdjustment                            // up to the minimum charge
	RoundingAdjustment                           // to the places of the total
)

var adjustmentKinds = enum.Texts[AdjustmentKind]{
	Package: "price",
	Type:    "AdjustmentKind",
	Unknown: ErrAdjustment,
	Tokens:  []string{DiscountAdjustment: "discount", MaximumAdjustment: "maximum", MinimumAdjustment: "minimum", RoundingAdjustment: "rounding"},
}

// AllAdjustmentKinds returns the four kinds, in a slice of the caller's own.
func AllAdjustmentKinds() []AdjustmentKind { return adjustmentKinds.All() }

// ParseAdjustmentKind returns the kind whose token is s, ignoring case. Any
// other s is an error wrapping [ErrAdjustment].
func ParseAdjustmentKind(s string) (AdjustmentKind, error) { return adjustmentKinds.Parse(s) }

// IsValid reports whether k is one of the four kinds; the zero AdjustmentKind
// is not.
func (k AdjustmentKind) IsValid() bool { return adjustmentKinds.IsValid(k) }

// String returns k's token, such as "minimum", or AdjustmentKind(n) if k is not
// valid.
func (k AdjustmentKind) String() string { return adjustmentKinds.String(k) }

// MarshalText returns k's token. If k is not valid it returns an error
// wrapping [ErrAdjustment].
func (k AdjustmentKind) MarshalText() ([]byte, error) { return adjustmentKinds.MarshalText(k) }

// UnmarshalText sets *k to what [ParseAdjustmentKind] makes of b. After an
// error *k is as it was.
func (k *AdjustmentKind) UnmarshalText(b []byte) error { return adjustmentKinds.UnmarshalText(k, b) }

// Value returns k's token, for a text column. If k is not valid it returns an
// error wrapping [ErrAdjustment].
func (k AdjustmentKind) Value() (driver.Value, error) { return adjustmentKinds.Value(k) }

// Scan sets *k from a text column, as [ParseAdjustmentKind] would. NULL and
// every other type are errors, after which *k is as it was.
func (k *AdjustmentKind) Scan(src any) error { return adjustmentKinds.Scan(k, src) }

// Quote returns the fee for a usage with a line for each tier that it took
// part of and each adjustment made to their sum. Its total is what
// [Schedule.Fee] returns, and its errors are Fee's.
func (s Schedule) Quote(usage decimal.Decimal) (q Quote, err error) {
	if s.c != nil && s.c.quoteWords(&q, usage) {
		return q, nil
	}
	rated, err := s.rated("quote", usage)
	if err != nil {
		return Quote{}, err
	}
	c := s.c
	q = Quote{Usage: usage, UsageRated: rated, Lines: c.lines(rated, c.tier(rated))}
	last := q.Lines[len(q.Lines)-1]
	fee := last.TierCharge
	if last.Tier > 1 && c.terms.Model == Graduated {
		fee = fee.Add(c.sums[last.Tier-2])
	}
	q.Adjustments, fee = c.adjust(fee)
	q.Total = c.terms.Rounding.round(fee.Rat())
	q.Adjustments = step(q.Adjustments, RoundingAdjustment, fee, q.Total)
	return q, nil
}

// quoteWords makes q what Quote returns in the usual case: numbers that fit
// words, and a fee that is the sum of the lines but for its rounding. In any
// other case it returns false and leaves q alone.
func (c *compiled) quoteWords(q *Quote, usage decimal.Decimal) bool {
	places := c.terms.Rounding.Places
	total, ok := c.fast.fee(usage)
	if !ok || total.bound || !c.terms.Discount.isZero() {
		return false
	}
	lines := c.lines(usage, total.tier)
	charge, before := lines[len(lines)-1].TierCharge, decimal.Decimal{}
	if len(lines) > 1 {
		before = c.sums[total.tier-1]
	}
	exp := min(-places, charge.Exponent(), before.Exponent())
	x, ok1 := at(charge, exp)
	y, ok2 := at(before, exp)
	z, ok3 := lifted(total.minor, -places-exp)
	if !(ok1 && ok2 && ok3) {
		return false
	}
	q.Usage, q.UsageRated, q.Lines = usage, usage, lines
	q.Total = decimal.New(total.minor, -places)
	if by := z - x - y; by != 0 {
		q.Adjustments = []Adjustment{{RoundingAdjustment, decimal.New(by, exp)}}
	}
	return true
}

// adjust returns the adjustments that lead from the sum of the tiers to the
// unrounded fee, and that fee.
func (c *compiled) adjust(fee decimal.Decimal) ([]Adjustment, decimal.Decimal) {
	var steps []Adjustment
	to := func(kind AdjustmentKind, amount decimal.Decimal) {
		steps, fee = step(steps, kind, fee, amount), amount
	}
	discount := func(stage DiscountStage) {
		if d := c.terms.Discount; d.Stage == stage {
			to(DiscountAdjustment, fee.Sub(fee.Mul(d.Rate)))
		}
	}
	discount(BeforeMaximum)
	if limit := c.terms.Maximum; !limit.IsZero() && fee.GreaterThan(limit) {
		to(MaximumAdjustment, limit)
	}
	if fee.LessThan(c.terms.Minimum) {
		to(MinimumAdjustment, c.terms.Minimum)
	}
	discount(AfterMinimum)
	return steps, fee
}

// step adds the step between two amounts to the steps, if they differ.
func step(steps []Adjustment, kind AdjustmentKind, from, to decimal.Decimal) []Adjustment {
	by := to.Sub(from)
	if by.IsZero() {
		return steps
	}
	return append(steps, Adjustment{kind, by})
}

// lines itemises a usage, which falls into the tier of index last.
func (c *compiled) lines(usage decimal.Decimal, last int) []Line {
	if c.terms.Model == Volume {
		return []Line{c.line(last, usage)}
	}
	lines := make([]Line, last+1)
	copy(lines, c.full[:last])
	lines[last] = c.line(last, sub(usage, c.lowers[last]))
	return lines
}

// line charges a slice of usage at tier i.
func (c *compiled) line(i int, slice decimal.Decimal) Line {
	t := c.terms.Tiers[i]
	charge := mul(slice, t.Rate)
	if !t.Flat.IsZero() {
		charge = charge.Add(t.Flat)
	}
	return Line{i + 1, c.lowers[i], t.UpTo, slice, t.Rate, t.Flat, charge}
}
