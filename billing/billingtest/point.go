package billingtest

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/guard"
)

func (s *subject) valid(usage decimal.Decimal) (by decimal.Decimal, message string) {
	fee, err := s.feeOf(usage)
	switch {
	case err != nil:
		return by, fmt.Sprintf("%s has no fee: %v", s.text(usage), err)
	case fee.IsNegative():
		return fee.Neg(), s.costs(usage, fee)
	case usage.IsPositive():
		if !s.isSchedule {
			return by, "" // askedBelow asks less often
		}
		if fee, err := s.feeOf(usage.Neg()); err == nil {
			return fee.Abs(), s.costs(usage.Neg(), fee) + unpriced
		}
	}
	return by, ""
}

// unpriced is the end of the message about a fee of a usage below 0.
const unpriced = ", but a usage below 0 has no price: an error is wanted"

// refunded returns the usage nearest below 0 for which a caller's own code has
// a fee.
func (s *subject) refunded() []Violation {
	for _, u := range s.refunds() {
		if fee, err := s.feeOf(u); err == nil {
			return []Violation{{Law: Valid, From: u, To: u, By: fee.Abs(), Message: s.costs(u, fee) + unpriced}}
		}
	}
	return nil
}

func (s *subject) minimumReached(usage decimal.Decimal) (by decimal.Decimal, message string) {
	fee, err := s.feeOf(usage)
	if err != nil || !fee.LessThan(s.terms.Minimum) {
		return by, ""
	}
	by = s.terms.Minimum.Sub(fee)
	return by, fmt.Sprintf("%s: %s less than the minimum of %s", s.costs(usage, fee), s.text(by), s.text(s.terms.Minimum))
}

func (s *subject) maximumKept(usage decimal.Decimal) (by decimal.Decimal, message string) {
	fee, err := s.feeOf(usage)
	if err != nil || s.terms.Maximum.IsZero() || !fee.GreaterThan(s.terms.Maximum) {
		return by, ""
	}
	by = fee.Sub(s.terms.Maximum)
	return by, fmt.Sprintf("%s: %s more than the maximum of %s", s.costs(usage, fee), s.text(by), s.text(s.terms.Maximum))
}

func (s *subject) agreesWithReference(usage decimal.Decimal) (by decimal.Decimal, message string) {
	exact := s.exact(usage)
	fee, err := s.feeOf(usage)
	if err != nil {
		return by, "" // for Valid to say
	}
	if want := decimalOf(round(s.terms.Rounding, exact)); !fee.Equal(want) {
		return fee.Sub(want).Abs(), fmt.Sprintf("%s, and should cost %s", s.costs(usage, fee), s.text(want))
	}
	p, ok := s.pricer.(interface {
		Unrounded(usage decimal.Decimal) (decimal.Decimal, error)
	})
	if !ok {
		return by, ""
	}
	if fee, err := guard.Call(&s.guard, func() (decimal.Decimal, error) { return p.Unrounded(usage) }); err == nil && checkFee(fee) == nil && fee.Rat().Cmp(exact) != 0 {
		want := decimalOf(exact)
		return fee.Sub(want).Abs(), fmt.Sprintf("%s before rounding, and should cost %s", s.costs(usage, fee), s.text(want))
	}
	return by, ""
}

// decimalOf returns x, made by sums and products of decimals, as a decimal.
func decimalOf(x *big.Rat) decimal.Decimal {
	places, _ := x.FloatPrec()
	return decimal.RequireFromString(x.FloatString(places))
}

func (s *subject) minorAgrees(usage decimal.Decimal) (by decimal.Decimal, message string) {
	p, ok := s.pricer.(interface {
		FeeMinor(usage int64) (int64, error)
	})
	minor := usage.Shift(s.terms.Rounding.Places)
	if !ok || !minor.IsInteger() || !minor.BigInt().IsInt64() {
		return by, ""
	}
	fee, err := s.feeOf(usage)
	if err != nil {
		return by, ""
	}
	want := fee.Shift(s.terms.Rounding.Places)
	units, err := guard.Call(&s.guard, func() (int64, error) { return p.FeeMinor(minor.IntPart()) })
	switch {
	case err != nil && (!want.IsInteger() || !want.BigInt().IsInt64()):
		return by, ""
	case err != nil:
		return by, fmt.Sprintf("%s, but %d minor units have no fee: %v", s.costs(usage, fee), minor.IntPart(), err)
	case !want.Equal(decimal.New(units, 0)):
		by = decimal.New(units, -s.terms.Rounding.Places).Sub(fee).Abs()
		return by, fmt.Sprintf("%s, but %d minor units cost %d", s.costs(usage, fee), minor.IntPart(), units)
	}
	return by, ""
}

func (s *subject) linesAddUp(usage decimal.Decimal) (by decimal.Decimal, message string) {
	p, ok := s.pricer.(interface {
		Quote(usage decimal.Decimal) (price.Quote, error)
	})
	fee, err := s.feeOf(usage)
	if !ok || err != nil {
		return by, ""
	}
	q, err := guard.Call(&s.guard, func() (price.Quote, error) { return p.Quote(usage) })
	if err != nil {
		return by, fmt.Sprintf("%s, but has no quote: %v", s.costs(usage, fee), err)
	}
	values := []decimal.Decimal{q.UsageRated, q.Total}
	for _, l := range q.Lines {
		values = append(values, l.Slice, l.Rate, l.Flat, l.Charge)
	}
	for _, a := range q.Adjustments {
		values = append(values, a.Amount)
	}
	for _, v := range values {
		if err := checkFee(v); err != nil {
			return by, fmt.Sprintf("the quote for %s: %v", s.text(usage), err)
		}
	}
	var slices, charges decimal.Decimal
	for i, l := range q.Lines {
		slices, charges = slices.Add(l.Slice), charges.Add(l.Charge)
		want := l.Slice.Mul(l.Rate).Add(l.Flat)
		if by := l.Charge.Sub(want).Abs(); by.IsPositive() {
			return by, fmt.Sprintf("line %d of the quote for %s charges %s, and should charge %s", i+1, s.text(usage), s.text(l.Charge), s.text(want))
		}
	}
	if by := slices.Sub(q.UsageRated).Abs(); by.IsPositive() {
		return by, fmt.Sprintf("the slices of the quote for %s add up to %s", s.text(q.UsageRated), s.text(slices))
	}
	for _, a := range q.Adjustments {
		charges = charges.Add(a.Amount)
	}
	if by := charges.Sub(q.Total).Abs(); by.IsPositive() {
		return by, fmt.Sprintf("the quote for %s has a total of %s, but its lines and adjustments add up to %s", s.text(usage), s.text(q.Total), s.text(charges))
	}
	if by := q.Total.Sub(fee).Abs(); by.IsPositive() {
		return by, fmt.Sprintf("%s, but its quote has a total of %s", s.costs(usage, fee), s.text(q.Total))
	}
	return by, ""
}
