package billingtest

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
)

// The bounds of plausible prices. Published price lists stay far
// within them: neighbouring rates differ by less than a factor of 2 and bounds by 8
// at most, and no minimum is above the fee at the first bound.
var (
	rateFactor    = decimal.New(5, 0)
	boundFactor   = decimal.New(25, 0)
	minimumFactor = decimal.New(8, 0)
	highestRate   = decimal.New(5, -1)
	lowestRate    = decimal.New(1, -3)
)

// plausible returns apparent slips in the terms of a plan.
func (s *subject) plausible() []Violation {
	if s.plan == 0 {
		return nil // usage may be anything but money
	}
	found := func(at decimal.Decimal, format string, args ...any) []Violation {
		return []Violation{{Law: Plausible, Plan: s.plan, From: at, To: at, Message: fmt.Sprintf(format, args...)}}
	}
	tiers := s.terms.Tiers
	rate := func(t price.Tier) string { return percent(t.Rate.Rat(), 2) + " %" }
	var lower decimal.Decimal
	for i, t := range tiers {
		if t.Rate.GreaterThanOrEqual(highestRate) {
			return found(lower, "tier %d has a rate of %s: half of the usage or more", i+1, rate(t))
		}
		if t.Rate.IsPositive() && len(tiers) == 1 && t.Rate.LessThan(lowestRate) {
			return found(lower, "the only tier has a rate of %s: is a factor of a hundred lost?", percent(t.Rate.Rat(), 4)+" %")
		}
		if i > 0 {
			before := tiers[i-1]
			low, high := decimal.Min(before.Rate, t.Rate), decimal.Max(before.Rate, t.Rate)
			if low.IsPositive() && high.GreaterThanOrEqual(low.Mul(rateFactor)) {
				return found(lower, "tier %d has a rate of %s and tier %d one of %s: is one of them a slip by a factor of ten?", i, rate(before), i+1, rate(t))
			}
			if i > 1 && before.UpTo.GreaterThanOrEqual(tiers[i-2].UpTo.Mul(boundFactor)) {
				return found(lower, "tier %d ends at %s and tier %d at %s: is one of them a slip by a factor of ten?", i-1, s.text(tiers[i-2].UpTo), i, s.text(before.UpTo))
			}
		}
		lower = t.UpTo
	}
	if first := tiers[0]; len(tiers) > 1 {
		fee := first.UpTo.Mul(first.Rate).Add(first.Flat)
		if fee.IsPositive() && s.terms.Minimum.GreaterThan(fee.Mul(minimumFactor)) {
			return found(first.UpTo, "the minimum is %s, but all of tier 1 costs only %s", s.text(s.terms.Minimum), s.text(fee))
		}
	}
	return nil
}
