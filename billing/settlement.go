package billing

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/sla/calendar"
)

// ErrOtherDocument is wrapped by the error of settling an invoice, or counting
// a commitment, with a document of another period or currency.
var ErrOtherDocument = errors.New("document of another period or currency")

// A Document is something that was billed for a period: an [Invoice], a
// [Settlement], or a caller's own record of one.
type Document interface {
	// Of returns the period that the document is for and its currency.
	Of() (calendar.Period, string)
	// Due returns the amount that the document bills. It may be negative.
	Due() decimal.Decimal
}

// Of returns the period that i is for and its currency.
func (i Invoice) Of() (calendar.Period, string) { return i.Period, i.Currency }

// Due returns i's total.
func (i Invoice) Due() decimal.Decimal { return i.Total }

// A Settlement is what remains to be billed for a period after earlier
// documents: the excess over a minimum that was billed ahead, or the adjustment
// for charges that came late. The zero Settlement is none.
type Settlement struct {
	// Invoice is the period's whole invoice as it is now known.
	Invoice Invoice
	// Billed is what the earlier documents come to.
	Billed decimal.Decimal
	// Amount is the invoice's total less what was billed, negative for a
	// credit.
	Amount decimal.Decimal
}

// Of returns the period that s is for and its currency.
func (s Settlement) Of() (calendar.Period, string) { return s.Invoice.Of() }

// Due returns s's amount.
func (s Settlement) Due() decimal.Decimal { return s.Amount }

// Settle returns what remains to be billed of i, the period's whole invoice as
// it is now known, after all earlier documents of the period: an advance, an
// invoice, earlier settlements. So all documents of a period add up to its last
// invoice, in whatever order late charges came.
//
// It returns an error wrapping [ErrOtherDocument] if a document is of another
// period or currency, or nil, and [ErrAmount] if its amount or i's is beyond the limits.
func (i Invoice) Settle(earlier ...Document) (Settlement, error) {
	if err := amount.Check(i.Total); err != nil {
		return Settlement{}, fmt.Errorf("billing: settle: total %w", err)
	}
	billed := decimal.New(0, i.Total.Exponent())
	for n, d := range earlier {
		if d == nil {
			return Settlement{}, fmt.Errorf("billing: settle: document %d: %w", n, ErrOtherDocument)
		}
		if p, currency := d.Of(); !p.Equal(i.Period) || currency != i.Currency {
			return Settlement{}, fmt.Errorf("billing: settle: document %d is of %v in %s, the invoice of %v in %s: %w", n, p, currency, i.Period, i.Currency, ErrOtherDocument)
		}
		if err := amount.Check(d.Due()); err != nil {
			return Settlement{}, fmt.Errorf("billing: settle: document %d: %w", n, err)
		}
		billed = billed.Add(d.Due())
	}
	return Settlement{Invoice: i, Billed: billed, Amount: i.Total.Sub(billed)}, nil
}

// Share divides i's total over the accounts of an organisation in proportion to
// their usages, in whole units of the total's places, as the function [price.Share]
// does.
func (i Invoice) Share(usages, fallback []decimal.Decimal) ([]decimal.Decimal, error) {
	return price.Allocate(i.Total, max(-i.Total.Exponent(), 0), usages, fallback)
}
