package billingtest

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/guard"
)

// askAll asks a caller's own code all there is to ask, in rising order and once.
func (s *subject) askAll(pieces []price.Piece) {
	s.all = questions(s.terms, pieces)
	for _, u := range s.all {
		s.feeOf(u) // kept
	}
	for _, u := range s.refunds() {
		s.feeOf(u)
	}
}

// refunds returns the usages below 0 that a caller's code is asked about.
func (s *subject) refunds() (out []decimal.Decimal) {
	all := []decimal.Decimal{decimal.New(1, -s.terms.Rounding.Places), decimal.New(1, 0), decimal.New(1000, 0)}
	for _, b := range sample(s.bounds, 3) {
		all = append(all, beside(b, s.terms.Rounding.Places)[0])
	}
	for _, u := range all {
		if u.IsPositive() {
			out = append(out, u.Neg())
		}
	}
	slices.SortFunc(out, func(a, b decimal.Decimal) int { return b.Cmp(a) })
	return slices.CompactFunc(out, decimal.Decimal.Equal)
}

// repeatable asks for some fees a second time, in falling order, which code that
// remembers the last call gets wrong, and looks at the terms that the caller gave.
func (s *subject) repeatable() []Violation {
	if s.isSchedule {
		return nil
	}
	for _, u := range slices.Backward(sample(s.all, again)) {
		first, err1 := s.feeOf(u)
		second, err2 := s.call(u)
		if errors.Is(err1, guard.ErrStopped) || errors.Is(err2, guard.ErrStopped) {
			break
		}
		if (err1 == nil) == (err2 == nil) && first.Equal(second) {
			continue
		}
		v := Violation{Law: Repeatable, From: u, To: u}
		switch {
		case err1 != nil:
			v.Message = fmt.Sprintf("%s has no fee at first, but later it costs %s", s.text(u), s.text(second))
		case err2 != nil:
			v.Message = fmt.Sprintf("%s at first, but later: %v", s.costs(u, first), err2)
		default:
			v.By = second.Sub(first).Abs()
			v.Message = fmt.Sprintf("%s at first, but %s when asked again after other usages", s.costs(u, first), s.text(second))
		}
		return []Violation{v}
	}
	if !sameTerms(s.given, s.terms) {
		return []Violation{{Law: Repeatable, Message: "the code changed the tiers of the terms that it was given"}}
	}
	return nil
}

// sameTerms reports whether two terms have the same tiers: all that code can
// change in terms that it has by value.
func sameTerms(a, b price.Terms) bool {
	return slices.EqualFunc(a.Tiers, b.Tiers, func(x, y price.Tier) bool {
		return x.UpTo.Equal(y.UpTo) && x.Rate.Equal(y.Rate) && x.Flat.Equal(y.Flat)
	})
}

// manyTiers is how many tiers the slow reference looks at for each usage in a
// reasonable time.
const manyTiers = 200

// exact returns the unrounded fee of a usage: the reference's, or, of very many
// tiers, that of the schedule; a check of its own holds it to the reference.
func (s *subject) exact(usage decimal.Decimal) *big.Rat {
	if s.isSchedule || len(s.terms.Tiers) <= manyTiers {
		return reference(s.terms, usage)
	}
	fee, _ := s.compiled.Unrounded(usage) // of an amount
	return fee.Rat()
}

// explain tells the number and the place of the errors of a caller's code, and the mistake
// would give all of its fees, if one is known.
func (s *subject) explain(v Violation) string {
	before, _ := s.feeOf(v.From)
	if again, err := s.call(v.From); err == nil && !again.Equal(before) {
		return fmt.Sprintf("; asked at once again, it costs %s: the code remembers what it was asked, or is not the same each time", s.text(again))
	}
	var all []priced
	wrong := 0
	for _, u := range s.all {
		fee, err := s.feeOf(u)
		if err != nil {
			continue
		}
		p := priced{usage: u, fee: fee, want: s.exact(u)}
		p.isWrong = decimalOf(round(s.terms.Rounding, p.want)).Cmp(fee) != 0
		if p.isWrong {
			wrong++
		}
		all = append(all, p)
	}
	if wrong == 0 {
		return ""
	}
	message := fmt.Sprintf("; wrong for %d of %d usages", wrong, len(all))
	if len(s.terms.Tiers) > manyTiers {
		return message
	}
	at, stale := s.place(all), isStale(s.terms.Rounding, all) // mistake changes their order
	if name := s.mistake(all); name != "" {
		return message + "; all fees are those of code that " + name
	}
	if at != "" {
		message += ", " + at
	}
	if stale {
		message += "; each wrong fee is the right one of a usage asked about before, as a cache gives whose key forgets digits"
	}
	return message
}

// A priced is a usage with its fee and with its right fee, unrounded.
type priced struct {
	usage, fee decimal.Decimal
	want       ratio
	isWrong    bool
}
