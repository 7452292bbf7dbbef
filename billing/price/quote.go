package price

import (
	"github.com/shopspring/decimal"
)

// A Quote is a fee with its reasons. Its lines are exact, and the charges of all
// lines plus the amounts of all adjustments are the total, to the last digit. The
// zero Quote has none of them.
type Quote struct {
	// Usage is the usage that was asked for. UsageRated is the usage that was
	// priced; the two differ only if the terms round the usage.
	Usage      decimal.Decimal
	UsageRated decimal.Decimal
	// Lines has, for graduated prices, a line for each tier up to the one that
	// the usage falls into; for volume prices the line of that tier alone. The
	// slices add up to UsageRated.
	Lines []Line
	// Adjustments lead from the sum of the lines to the total, in the order in
	// which they apply; those of amount 0 are left out.
	Adjustments []Adjustment
	// Total is the fee, rounded, with all of the rounding's places.
	Total decimal.Decimal
}

// A Line is the charge of one tier: Slice × Rate + Flat = Charge.
type Line struct {
	// Tier is the tier's number, from 1.
	Tier int
	// From is the tier's lower bound, exclusive except for a From of 0.
	From decimal.Decimal
	// To is the tier's upper bound, inclusive; zero means that it has none.
	To decimal.Decimal
	// Slice is the usage that is charged at this tier's rate.
	Slice decimal.Decimal
	// Rate is the tier's price of one unit of usage.
	Rate decimal.Decimal
	// Flat is the tier's flat amount.
	Flat decimal.Decimal
	// Charge is Slice × Rate + Flat, exactly.
	Charge decimal.Decimal
}

// An AdjustmentKind is the reason of an adjustment: [AdjustmentDiscount],
// [AdjustmentMaximum], [AdjustmentMinimum] or [AdjustmentRounding].
type AdjustmentKind string

// The kinds of adjustment.
const (
	AdjustmentDiscount AdjustmentKind = "discount" // the terms' discount
	AdjustmentMaximum  AdjustmentKind = "maximum"  // down to the maximum
	AdjustmentMinimum  AdjustmentKind = "minimum"  // up to the minimum
	AdjustmentRounding AdjustmentKind = "rounding" // to the places of the total
)

var adjustmentKinds = []AdjustmentKind{AdjustmentDiscount, AdjustmentMaximum, AdjustmentMinimum, AdjustmentRounding}

// An Adjustment is a step from the sum of the lines to the total. A discount is
// Base × -Rate = Amount. The others lead from Base to a limit or to the rounded
// total: Base + Amount.
type Adjustment struct {
	Kind AdjustmentKind
	// Base is the amount before the step.
	Base decimal.Decimal
	// Rate is the discount's rate, and zero for the other kinds.
	Rate decimal.Decimal
	// Amount is added to Base; it is negative if it lowers the fee.
	Amount decimal.Decimal
}

// Quote returns the fee for a usage with a line for each tier that was charged
// and each adjustment of their sum. Its total is that of [Schedule.Fee], and its
// errors are Fee's.
func (s Schedule) Quote(usage decimal.Decimal) (Quote, error) {
	rated, err := s.rated("quote", usage)
	if err != nil {
		return Quote{}, err
	}
	total, _ := s.Fee(usage) // it is a usage
	c, tier := s.c, s.c.tier(rated)
	q := Quote{Usage: usage, UsageRated: rated, Lines: c.lines(rated, tier)}
	fee := q.Lines[len(q.Lines)-1].Charge
	if len(q.Lines) > 1 {
		fee = fee.Add(c.sums[tier-1])
	}
	emit := func(kind AdjustmentKind, base, by decimal.Decimal) {
		a := Adjustment{Kind: kind, Base: base, Amount: by}
		if kind == AdjustmentDiscount {
			a.Rate = c.terms.Discount.Rate
		}
		q.Adjustments = append(q.Adjustments, a)
	}
	t := c.terms
	rule := rule[decimal.Decimal]{t.Discount.Stage, t.Discount.Rate, t.Minimum, t.Maximum, !t.Maximum.IsZero()}
	fee = rule.after(rule.before(fee, emit), emit)
	q.Total = step(AdjustmentRounding, fee, total, emit)
	return q, nil
}

// lines itemises a usage in the tier of index last.
func (c *compiled) lines(usage decimal.Decimal, last int) []Line {
	if c.terms.Model == ModelVolume {
		return []Line{c.line(last, usage)}
	}
	lines := make([]Line, last+1)
	copy(lines, c.full[:last])
	lines[last] = c.line(last, usage.Sub(c.lowers[last]))
	return lines
}

// line charges a slice of usage at tier i.
func (c *compiled) line(i int, slice decimal.Decimal) Line {
	t := c.terms.Tiers[i]
	charge := slice.Mul(t.Rate)
	if !t.Flat.IsZero() {
		charge = charge.Add(t.Flat)
	}
	return Line{i + 1, c.lowers[i], t.UpTo, slice, t.Rate, t.Flat, charge}
}
