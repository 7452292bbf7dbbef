package billingtest

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
)

// A T takes the errors of a check. *testing.T, *testing.B, *testing.F and
// *rapid.T are such; it must not be nil.
type T interface {
	Helper()
	Errorf(format string, args ...any)
}

// Check reports as an error each law that a card breaks, plan by plan. Without
// laws it takes the [Laws].
func Check(t T, card billing.Card, laws ...Law) {
	t.Helper()
	report(t, Violations(card, laws...))
}

// CheckJSON is [Check] for a card in its JSON form. A card that does not decode
// breaks [Valid], whatever the laws, and no others are looked at.
func CheckJSON(t T, data []byte, laws ...Law) {
	t.Helper()
	var card billing.Card
	if err := card.UnmarshalJSON(data); err != nil {
		report(t, []Violation{{Law: Valid, Message: err.Error()}})
		return
	}
	report(t, Violations(card, laws...))
}

// CheckSchedule reports as an error each law that a schedule breaks. Without
// laws it takes the [Laws]; [PlanOrder] does not apply to one schedule.
func CheckSchedule(t T, s price.Schedule, laws ...Law) {
	t.Helper()
	report(t, PricerViolations(s.Terms(), s, laws...))
}

// CheckPricer reports as an error each law that a caller's own pricing code
// breaks; terms are the right price. By [Valid], the code must return an error
// for a usage below 0. Without laws it takes all [Laws] but those that the
// terms themselves break; a law that is named is tried whatever the terms.
func CheckPricer(t T, terms price.Terms, p Pricer, laws ...Law) {
	t.Helper()
	report(t, PricerViolations(terms, p, laws...))
}

func report(t T, violations []Violation) {
	t.Helper()
	for _, v := range violations {
		t.Errorf("%v", v)
	}
}

// Violations returns the laws that a card breaks, by plan in rising order and
// then by law as given, and nothing for a card that breaks none. Without laws it
// takes the [Laws]. A law that is not valid is itself reported. The zero
// Card, and one that prices no plan, break [Valid] and no other law.
func Violations(card billing.Card, laws ...Law) []Violation {
	laws, out := choose(laws)
	if len(card.Plans()) == 0 {
		for _, law := range laws {
			if law == Valid {
				out = append(out, Violation{Law: Valid, Message: "the card prices no plan"})
			}
		}
		return out
	}
	var lower *subject // the next lower plan that the card prices
	for _, p := range card.Plans() {
		schedule, _ := card.Schedule(p) // one of the card's plans
		s := newSubject(schedule.Terms(), schedule)
		defer s.guard.Close()
		s.plan = p
		for _, law := range laws {
			if law == PlanOrder && lower != nil {
				out = append(out, s.above(lower)...)
			} else {
				out = append(out, s.check(law)...)
			}
		}
		lower = s
	}
	return out
}

// PricerViolations returns the laws that a caller's own pricing code breaks, as
// [Violations] does for a card. The terms are the right price: their tiers,
// minimum, maximum and rounding give the usages to look at and the fees to
// expect. Terms that do not compile, and a nil Pricer, break [Valid] and no
// other law.
func PricerViolations(terms price.Terms, p Pricer, laws ...Law) []Violation {
	byDefault := len(laws) == 0
	laws, out := choose(laws)
	s := newSubject(terms, p)
	defer s.guard.Close()
	for _, law := range laws {
		found := s.check(law)
		if len(found) > 0 && !s.isSchedule && s.isBrokenByTerms(law) {
			if byDefault {
				continue
			}
			found[0].Message += "; the terms themselves break this law"
		}
		out = append(out, found...)
	}
	return out
}

// isBrokenByTerms reports whether the terms break a law, whatever the code.
func (s *subject) isBrokenByTerms(law Law) bool {
	schedule, err := price.Compile(s.terms)
	if err != nil {
		return false
	}
	own := newSubject(s.terms, schedule)
	defer own.guard.Close()
	return len(own.check(law)) > 0
}

// choose returns the laws to look at, and the error of the choice.
func choose(laws []Law) (chosen []Law, wrong []Violation) {
	all := Laws()
	if len(laws) == 0 {
		return all, nil
	}
	for _, law := range laws {
		if slices.Contains(all, law) {
			chosen = append(chosen, law)
		} else {
			wrong = append(wrong, Violation{Law: law, Message: unknownLaw})
		}
	}
	return chosen, wrong
}

// check returns how s breaks a law, if it does.
func (s *subject) check(law Law) []Violation {
	if s.err != nil {
		if law == Valid {
			return []Violation{{Law: Valid, Message: s.err.Error()}}
		}
		return nil
	}
	switch law {
	case Valid:
		out := s.first(law, s.all, s.valid)
		switch {
		case s.isSchedule:
		case len(out) == 0:
			out = s.refunded()
		default:
			out[0].Message += s.unpriced(out[0])
		}
		return out
	case Repeatable:
		return s.repeatable()
	case Plausible:
		return s.plausible()
	case Monotone:
		return s.shape(law, s.monotone)
	case EffectiveRateFalls:
		return s.shape(law, s.effectiveRateFalls)
	case Continuous:
		return s.shape(law, s.continuous)
	case LinesAddUp:
		if s.isSchedule {
			return s.first(law, s.thinned(), s.linesAddUp)
		}
		return s.first(law, sample(s.all, quotes), s.linesAddUp)
	case MinimumReached:
		return s.first(law, s.all, s.minimumReached)
	case MaximumKept:
		return s.first(law, s.all, s.maximumKept)
	case AgreesWithReference:
		out := s.first(law, s.thinned(), s.agreesWithReference)
		if !s.isSchedule && len(out) > 0 {
			out[0].Message += s.explain(out[0])
		}
		return out
	case MinorAgrees:
		return s.first(law, s.all, s.minorAgrees)
	}
	return nil // PlanOrder is a law of two prices
}

// first returns the violation at the first usage with one, and
// narrows it down from there towards the usage before; that one breaks no law.
func (s *subject) first(law Law, usages []decimal.Decimal, broken func(usage decimal.Decimal) (by decimal.Decimal, message string)) []Violation {
	var right decimal.Decimal
	for _, wrong := range usages {
		by, message := broken(wrong)
		if message == "" {
			right = wrong
			continue
		}
		for {
			middle := s.middle(right, wrong)
			if !middle.GreaterThan(right) {
				return []Violation{{Law: law, Plan: s.plan, From: wrong, To: wrong, By: by, Message: message}}
			}
			if b, m := broken(middle); m != "" {
				wrong, by, message = middle, b, m
			} else {
				right = middle
			}
		}
	}
	return nil
}

// middle returns the usage in the middle of two, in units that an example has;
// it is not above the lower one if there is none between.
func (s *subject) middle(a, b decimal.Decimal) decimal.Decimal {
	return a.Add(b).Mul(decimal.New(5, -1)).Truncate(s.unit)
}

// costs writes "10000.00 costs 1000.00".
func (s *subject) costs(usage, fee decimal.Decimal) string {
	return fmt.Sprintf("%s costs %s", s.text(usage), s.text(fee))
}
