package billing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A Commitment is an amount of fees that a customer has promised to spend over
// a term. The zero Commitment is none.
type Commitment struct {
	// Term is the period, with an end, over which the promise holds.
	Term calendar.Period
	// Currency is the ISO 4217 code of the amount.
	Currency string
	// Amount is what is promised, not negative.
	Amount decimal.Decimal
}

// A Shortfall says how far documents fall short of a commitment.
type Shortfall struct {
	// Committed is the amount promised.
	Committed decimal.Decimal
	// Billed is what the term's documents come to.
	Billed decimal.Decimal
	// Amount is what is missing of the promise, or 0 where nothing is.
	Amount decimal.Decimal
}

// Shortfall returns what the given documents, all those of c's term, leave of
// the commitment. Each document's period must lie within the term.
//
// It returns an error wrapping [calendar.ErrPeriod] if the term is not valid or has
// no end, [ErrCurrency] if the currency is no code, [ErrNegative] or [ErrAmount]
// if the amount is so, and [ErrOtherDocument] for a document that is in another
// currency, lies outside of the term even in part, or is nil.
func (c Commitment) Shortfall(documents ...Document) (Shortfall, error) {
	fail := func(err error) (Shortfall, error) {
		return Shortfall{}, fmt.Errorf("billing: shortfall: %w", err)
	}
	if !c.Term.IsBounded() {
		return fail(fmt.Errorf("term %v: %w", c.Term, calendar.ErrPeriod))
	}
	if !isCurrency(c.Currency) {
		return fail(fmt.Errorf("%q: %w", c.Currency, ErrCurrency))
	}
	if err := amount.CheckPositive(c.Amount); err != nil {
		return fail(fmt.Errorf("committed %w", err))
	}
	s := Shortfall{Committed: c.Amount}
	for n, d := range documents {
		if d == nil {
			return fail(fmt.Errorf("document %d: %w", n, ErrOtherDocument))
		}
		p, currency := d.Of()
		if inside, ok := p.Intersect(c.Term); !ok || !inside.Equal(p) || currency != c.Currency {
			return fail(fmt.Errorf("document %d is of %v in %s, the term %v in %s: %w", n, p, currency, c.Term, c.Currency, ErrOtherDocument))
		}
		if err := amount.Check(d.Due()); err != nil {
			return fail(fmt.Errorf("document %d: %w", n, err))
		}
		s.Billed = s.Billed.Add(d.Due())
	}
	if s.Billed.LessThan(c.Amount) {
		s.Amount = c.Amount.Sub(s.Billed)
	}
	return s, nil
}
