package billingtest

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

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
	var last decimal.Decimal
	for i, u := range slices.Backward(sample(s.all, again)) {
		before := "a usage below 0"
		if i < len(sample(s.all, again))-1 {
			before = s.text(last)
		}
		last = u
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
			v.Message = fmt.Sprintf("%s at first, but %s when asked again, right after %s", s.costs(u, first), s.text(second), before)
			if want := decimalOf(round(s.terms.Rounding, s.exact(u))); !want.Equal(first) {
				v.Message += fmt.Sprintf("; it should cost %s", s.text(want))
			}
			third, err3 := s.call(u)
			_, err4 := s.call(decimal.Decimal{})
			last, err5 := s.call(u)
			if err := errors.Join(err3, err4, err5); err == nil {
				v.Message += fmt.Sprintf("; then %s at once again, and %s right after 0", s.text(third), s.text(last))
			}
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

// explain tells how the right fee is made, the number and the place of the errors of a
// caller's code, and the mistakes that would give all of its fees, if they are known.
func (s *subject) explain(v Violation) string {
	before, _ := s.feeOf(v.From)
	if again, err := s.call(v.From); err == nil && !again.Equal(before) {
		return fmt.Sprintf("; asked at once again, it costs %s: the code remembers what it was asked, or is not the same each time", s.text(again))
	}
	all, wrong := s.priced(v.From, func(p priced, err error) (isWrong, ok bool) {
		return err == nil && decimalOf(round(s.terms.Rounding, p.want)).Cmp(p.fee) != 0, err == nil
	})
	if wrong == 0 {
		return ""
	}
	count := fmt.Sprintf("; wrong for %d of %d usages", wrong, len(all))
	if len(s.terms.Tiers) > manyTiers {
		return count
	}
	message := s.work(v.From) + count
	at, how, stale := s.where(all), s.how(all), isStale(s.terms.Rounding, all)
	if name := s.mistake(slices.Clone(all)); name != "" {
		return message + "; all fees are those of code that " + name
	}
	if most := s.ordinary(); most.GreaterThan(v.From) { // beyond it something else may be wrong, too
		usual := slices.DeleteFunc(slices.Clone(all), func(p priced) bool { return p.usage.GreaterThan(most) })
		if name := s.mistake(usual); name != "" {
			return message + fmt.Sprintf("; all fees up to %s are those of code that %s", s.text(most), name)
		}
	}
	if at != "" {
		message += ", " + at
	}
	if stale {
		return message + "; each wrong fee is the right one of a usage asked about before, as a cache gives whose key forgets digits"
	}
	message += how
	if over := s.overflow(v.From); over != "" {
		message += "; " + over
	}
	return message
}

// ordinary is the highest usage that is not asked about only for being large.
func (s *subject) ordinary() decimal.Decimal {
	var bound decimal.Decimal
	if n := len(s.terms.Tiers); n > 1 {
		bound = s.terms.Tiers[n-2].UpTo
	}
	return bound.Mul(decimal.New(10, 0)).Add(decimal.New(1_000_000, 0))
}

// priced returns all usages, and at among them, with their fees, and how many of
// them are wrong.
func (s *subject) priced(at decimal.Decimal, judge func(p priced, err error) (isWrong, ok bool)) (all []priced, wrong int) {
	usages := append(slices.Clone(s.all), at)
	slices.SortFunc(usages, decimal.Decimal.Cmp)
	for _, u := range slices.CompactFunc(usages, decimal.Decimal.Equal) {
		fee, err := s.feeOf(u)
		p := priced{usage: u, fee: fee, want: s.exact(u)}
		var ok bool
		if p.isWrong, ok = judge(p, err); !ok {
			continue
		}
		if p.isWrong {
			wrong++
		}
		all = append(all, p)
	}
	return all, wrong
}

// unpriced tells for which usages a caller's code has no fee.
func (s *subject) unpriced(v Violation) string {
	if _, err := s.feeOf(v.From); err == nil || s.guard.Stopped() || len(s.terms.Tiers) > manyTiers {
		return ""
	}
	all, wrong := s.priced(v.From, func(_ priced, err error) (isWrong, ok bool) { return err != nil, true })
	if wrong == len(all) {
		return fmt.Sprintf("; so for all of %d usages", wrong)
	}
	message := fmt.Sprintf("; so for %d of %d usages", wrong, len(all))
	if at := s.where(all); at != "" {
		message += ", " + at
	}
	return message
}

// work writes how the fee of a usage is made: " (7500.00 × 0.09 + 1.00 × 0.065 =
// 675.065; at least 75.00)", with its rounding if that matters.
func (s *subject) work(usage decimal.Decimal) string {
	const mostParts = 4
	var parts []string
	text := func(x ratio) string { return s.text(decimalOf(x)) }
	note := func(tier price.Tier, slice ratio) {
		part := fmt.Sprintf("%s × %v", text(slice), tier.Rate)
		if !tier.Flat.IsZero() {
			part += fmt.Sprintf(" + %v", tier.Flat)
		}
		parts = append(parts, part)
	}
	var sum ratio
	exact := otherwise{note: note, tiers: func(fee ratio) ratio { sum = new(big.Rat).Set(fee); return fee }}.reference(s.terms, usage)
	if n := len(parts); n > mostParts {
		parts = append([]string{fmt.Sprintf("… + %s", parts[n-2])}, parts[n-1])
	}
	out := strings.Join(parts, " + ") + " = " + text(sum)
	discount := func(fee ratio) ratio {
		if !s.terms.Discount.Rate.IsPositive() {
			return fee
		}
		fee = new(big.Rat).Mul(fee, new(big.Rat).Sub(big.NewRat(1, 1), s.terms.Discount.Rate.Rat()))
		out += fmt.Sprintf("; less %v %%: %s", s.terms.Discount.Rate.Shift(2), text(fee))
		return fee
	}
	if s.terms.Discount.Stage == price.DiscountBeforeMaximum {
		sum = discount(sum)
	}
	if most := s.terms.Maximum; most.IsPositive() && sum.Cmp(most.Rat()) > 0 {
		sum = most.Rat()
		out += fmt.Sprintf("; at most %s", s.text(most))
	}
	if least := s.terms.Minimum; sum.Cmp(least.Rat()) < 0 {
		sum = least.Rat()
		out += fmt.Sprintf("; at least %s", s.text(least))
	}
	if s.terms.Discount.Stage == price.DiscountAfterMinimum {
		discount(sum)
	}
	if round(s.terms.Rounding, exact).Cmp(exact) != 0 {
		out += fmt.Sprintf("; rounded %v to %d places", s.terms.Rounding.Mode, s.terms.Rounding.Places)
	}
	return " (" + out + ")"
}

// A priced is a usage with its fee and with its right fee, unrounded.
type priced struct {
	usage, fee decimal.Decimal
	want       ratio
	isWrong    bool
}
