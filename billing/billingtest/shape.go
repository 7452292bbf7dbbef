package billingtest

import (
	"fmt"
	"math/big"
	"slices"
	"sort"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
)

// A point is a usage and its fee.
type point struct{ usage, fee decimal.Decimal }

// A comparison describes the error in the fees of two usages, a below b, or
// returns no message.
type comparison func(a, b point) (by decimal.Decimal, message string)

// shape returns the violation of a law of two usages that shows at the lowest
// ones.
func (s *subject) shape(law Law, compare comparison) []Violation {
	if !s.isSchedule {
		return s.sampledShape(law, compare)
	}
	var found []Violation
	for _, b := range s.bounds {
		// If nothing is wrong as near to the bound as usages can be, nothing
		// is: on either side the price is affine. Otherwise the coarsest
		// units that show it make the example.
		if _, ok := s.besides(law, compare, b, s.finest); !ok {
			continue
		}
		for places := s.unit; places <= s.finest; places++ {
			v, ok := s.besides(law, compare, b, places)
			if !ok {
				continue
			}
			if n := len(found); n == 0 || found[n-1].From.LessThan(v.From) {
				found = append(found, v)
			}
			break
		}
	}
	if len(found) == 0 {
		return nil
	}
	found[0].More = len(found) - 1
	return found[:1]
}

// besides compares the usages about a bound.
func (s *subject) besides(law Law, compare comparison, bound *big.Rat, places int32) (v Violation, ok bool) {
	usages := beside(bound, places)
	for i := range usages[1:] {
		if v, ok = s.pair(law, compare, usages[i], usages[i+1]); ok {
			return v, true
		}
	}
	return Violation{}, false
}

// pair compares two usages.
func (s *subject) pair(law Law, compare comparison, from, to decimal.Decimal) (v Violation, ok bool) {
	a, ok1 := s.point(from)
	b, ok2 := s.point(to)
	if !ok1 || !ok2 {
		return Violation{}, false
	}
	by, message := compare(a, b)
	return Violation{Law: law, Plan: s.plan, From: from, To: to, By: by, Message: message}, message != ""
}

func (s *subject) point(usage decimal.Decimal) (p point, ok bool) {
	fee, ok := s.fee(usage)
	return point{usage, fee}, ok
}

// sampledShape compares each usage with the next, and narrows down the first
// pair that breaks the law.
func (s *subject) sampledShape(law Law, compare comparison) []Violation {
	usages := s.all
	if s.unit < s.terms.Rounding.Places { // between these the rounding of the usage makes steps
		usages = slices.DeleteFunc(slices.Clone(usages), func(u decimal.Decimal) bool { return !u.Equal(u.Truncate(s.unit)) })
	}
	for i := range usages[1:] {
		v, ok := s.pair(law, compare, usages[i], usages[i+1])
		if !ok {
			continue
		}
		for {
			middle := s.middle(v.From, v.To)
			if !middle.GreaterThan(v.From) {
				break
			}
			half, ok := s.pair(law, compare, v.From, middle)
			if !ok {
				if half, ok = s.pair(law, compare, middle, v.To); !ok {
					break // it takes the whole distance to show
				}
			}
			v = half
		}
		return []Violation{v}
	}
	return nil
}

func (s *subject) monotone(a, b point) (decimal.Decimal, string) {
	by := a.fee.Sub(b.fee)
	if !by.IsPositive() {
		return by, ""
	}
	return by, fmt.Sprintf("%s, but %s: %s less", s.costs(a.usage, a.fee), s.costs(b.usage, b.fee), s.text(by))
}

func (s *subject) effectiveRateFalls(a, b point) (decimal.Decimal, string) {
	if a.usage.IsZero() {
		return decimal.Decimal{}, "" // has no rate
	}
	rate := func(p point, slack decimal.Decimal) *big.Rat {
		fee := p.fee.Add(slack).Rat()
		return fee.Quo(fee, p.usage.Rat())
	}
	if rate(b, s.slack().Neg()).Cmp(rate(a, s.slack())) <= 0 {
		return decimal.Decimal{}, ""
	}
	was, is := rate(a, decimal.Decimal{}), rate(b, decimal.Decimal{})
	places := 2 // of a per cent, or as many as tell the two apart
	for places < amount.MaxPlaces && percent(was, places) == percent(is, places) {
		places++
	}
	by := decimal.RequireFromString(new(big.Rat).Sub(is, was).FloatString(amount.MaxPlaces))
	return by, fmt.Sprintf("%s, which is %s %%, but %s, which is %s %%",
		s.costs(a.usage, a.fee), percent(was, places), s.costs(b.usage, b.fee), percent(is, places))
}

func percent(rate *big.Rat, places int) string {
	return new(big.Rat).Mul(rate, big.NewRat(100, 1)).FloatString(places)
}

func (s *subject) continuous(a, b point) (decimal.Decimal, string) {
	rise := b.fee.Sub(a.fee)
	may := s.mayRise(a.usage, b.usage).Add(s.slack()).Add(s.slack())
	var by decimal.Decimal
	switch {
	case rise.IsNegative():
		by = rise.Neg()
	case rise.GreaterThan(may):
		by = rise.Sub(may)
	default:
		return by, ""
	}
	direction := "up"
	if rise.IsNegative() {
		direction = "down"
	}
	return by, fmt.Sprintf("%s, and %s: a jump %s by %s", s.costs(a.usage, a.fee), s.costs(b.usage, b.fee), direction, s.text(rise.Abs()))
}

// mayRise returns by how much the fee may rise between two usages: by the
// difference at the highest rate that tiers between them have, and by their flat
// amounts, less the discount.
func (s *subject) mayRise(from, to decimal.Decimal) decimal.Decimal {
	var highest, flats decimal.Decimal
	last := len(s.terms.Tiers) - 1
	// The tier just above from; it starts at from or below.
	first := sort.Search(last, func(i int) bool { return s.terms.Tiers[i].UpTo.GreaterThan(from) })
	for i := first; i <= last; i++ {
		if i > 0 {
			lower := s.terms.Tiers[i-1].UpTo
			if !lower.LessThan(to) {
				break
			}
			if !lower.LessThan(from) {
				flats = flats.Add(s.terms.Tiers[i].Flat)
			}
		}
		highest = decimal.Max(highest, s.terms.Tiers[i].Rate)
	}
	may := highest.Mul(to.Sub(from)).Add(flats)
	return may.Mul(decimal.New(1, 0).Sub(s.terms.Discount.Rate))
}

// above returns the lowest usages with a fee of s below that of the plan below it.
func (s *subject) above(lower *subject) []Violation {
	// An order of the two prices begins to hold above a usage of 0, or above a
	// break-even.
	starts := []*big.Rat{new(big.Rat)}
	crossings, _ := price.BreakEvens(lower.pricer.(price.Schedule), s.pricer.(price.Schedule)) // both are compiled
	for _, c := range crossings {
		if c.After == 1 {
			starts = append(starts, c.At)
		}
	}
	for _, start := range starts {
		for places := s.unit; places <= amount.MaxPlaces; places++ {
			for _, u := range beside(start, places) {
				fee, _ := s.fee(u) // both are 0 beyond the highest usage
				below, _ := lower.fee(u)
				if by := below.Sub(fee); by.IsPositive() {
					message := fmt.Sprintf("%s, but with %v %s: %s less", s.costs(u, fee), lower.plan, s.text(below), s.text(by))
					return []Violation{{Law: PlanOrder, Plan: s.plan, From: u, To: u, By: by, Message: message}}
				}
			}
		}
	}
	return nil
}
