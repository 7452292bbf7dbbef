package billing

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A Settlement is the rest of a period's fee after earlier documents: the excess
// over an advance, or the adjustment for charges that came late. It is a draft
// until it has an ID; see [Settlement.Issue]. The zero Settlement is none.
type Settlement struct {
	// Head has the kind [DocumentSettlement]. Its amount due is the invoice's
	// less Billed; it is negative for a credit.
	Head
	// Invoice is the whole invoice of the period, as it is now known: a draft,
	// which the settlement stands in for.
	Invoice Invoice
	// Settles are the heads of the earlier documents, in the order given.
	Settles []Head
	// Billed is the sum of their amounts due.
	Billed decimal.Decimal
}

// Settle returns the rest of i after all earlier documents of the period, as a
// draft: an advance, an invoice, earlier settlements. i is the whole invoice of
// the period as it is now known, and stays a draft: the settlement is issued in
// its place. All issued documents of a period so add up to its last invoice, in
// whatever order late charges came.
//
// It returns an error wrapping [ErrNotIssued] if an earlier document has no ID,
// [ErrDuplicate] if one is given twice or i itself is issued, [ErrMismatch] if
// one is of another period, currency or number of places, or [ErrInvalid] if i
// is an advance or an earlier document is none of advance, invoice and
// settlement.
func (i Invoice) Settle(earlier ...Head) (Settlement, error) {
	s, err := i.settle(earlier)
	if err != nil {
		return Settlement{}, field.Op("billing: settle", err)
	}
	return s, nil
}

func (i Invoice) settle(earlier []Head) (Settlement, error) {
	switch {
	case i.Kind != DocumentInvoice:
		return Settlement{}, field.Wrap("kind", fmt.Errorf("%s: want the invoice of the period: %w", quote.String(string(i.Kind)), ErrInvalid))
	case i.ID != "":
		return Settlement{}, field.Wrap("id", fmt.Errorf("%s is issued, and its amount due with it: settle a draft, with %s among the earlier documents: %w", quote.String(i.ID), quote.String(i.ID), ErrDuplicate))
	}
	if err := i.check(); err != nil {
		return Settlement{}, err
	}
	if len(earlier) > maxItems {
		return Settlement{}, fmt.Errorf("%d earlier documents of at most %d: %w", len(earlier), maxItems, ErrInvalid)
	}
	s := Settlement{Head: i.Head, Invoice: i, Settles: append([]Head{}, earlier...)}
	s.Kind = DocumentSettlement
	if err := checkIssued(s.Settles, i.Currency, i.Places); err != nil {
		return Settlement{}, field.Wrap("settles", err)
	}
	for n, h := range s.Settles {
		switch {
		case h.Kind != DocumentAdvance && h.Kind != DocumentInvoice && h.Kind != DocumentSettlement:
			return Settlement{}, field.Wrap(fmt.Sprintf("settles[%d].kind", n), fmt.Errorf("%s: want an advance, an invoice or a settlement: %w", quote.String(string(h.Kind)), ErrInvalid))
		case !h.Period.Equal(i.Period):
			return Settlement{}, field.Wrap(fmt.Sprintf("settles[%d].period", n), fmt.Errorf("%s is of %v, not of %v: %w", quote.String(h.ID), h.Period, i.Period, ErrMismatch))
		}
	}
	s.Billed = sumDue(s.Settles, i.Places)
	s.Due = i.Due.Sub(s.Billed)
	return s, nil
}

// Issue returns s with an ID, 1 to 200 bytes of text, which none of the
// documents that it settles may have. It returns an error wrapping [ErrInvalid]
// if id is not that, or [ErrDuplicate] if one of them or s itself has an ID.
func (s Settlement) Issue(id string) (Settlement, error) {
	var err error
	if s.Head, err = s.issue(id); err == nil {
		err = field.Op("billing: issue", s.checkID())
	}
	if err != nil {
		return Settlement{}, err
	}
	return s, nil
}

func (s Settlement) checkID() error {
	for _, h := range s.Settles {
		if h.ID == s.ID {
			return field.Wrap("id", fmt.Errorf("%s is settled by it: %w", quote.String(s.ID), ErrDuplicate))
		}
	}
	return nil
}

// A Commitment is an amount of fees that a customer has promised to spend over
// a term. The zero Commitment is none.
type Commitment struct {
	// Term is the period of the promise. It has an end.
	Term calendar.Period
	// Currency is the ISO 4217 code of the amount, and Places its number of
	// decimal places.
	Currency string
	Places   int32
	// Amount is the amount promised, not negative.
	Amount decimal.Decimal
}

// A Shortfall is the document of the rest of a commitment. It is a draft until
// it has an ID; see [Shortfall.Issue]. The zero Shortfall is none.
type Shortfall struct {
	// Head has the kind [DocumentShortfall] and the term as its period. Its
	// amount due is Committed less Billed, or 0 if that is negative.
	Head
	// Committed is the amount promised.
	Committed decimal.Decimal
	// Counts are the heads of the documents that count, in the order given.
	Counts []Head
	// Billed is the sum of their amounts due.
	Billed decimal.Decimal
}

// Shortfall returns the rest of the commitment after the given documents, as a
// draft. The documents whose period starts in the term count, also if the
// period ends after it; the others are left out. So the documents of all terms
// may be given, and each counts once.
//
// It returns an error wrapping [ErrNotIssued] if a document has no ID,
// [ErrDuplicate] if one is given twice, or if an advance and an invoice, or two
// invoices, of one period count without a settlement of the period,
// [ErrMismatch] if one is in another currency or number of places, or
// [ErrInvalid] if a document is a shortfall or the commitment is not valid.
func (c Commitment) Shortfall(documents ...Head) (Shortfall, error) {
	s, err := c.shortfall(documents)
	if err != nil {
		return Shortfall{}, field.Op("billing: shortfall", err)
	}
	return s, nil
}

func (c Commitment) shortfall(documents []Head) (Shortfall, error) {
	s := Shortfall{
		Head:   Head{Kind: DocumentShortfall, Period: c.Term, Currency: c.Currency, Places: c.Places, Due: c.Amount},
		Counts: []Head{},
	}
	if err := s.check(); err != nil {
		return Shortfall{}, err
	}
	if err := amount.CheckPositive(c.Amount); err != nil {
		return Shortfall{}, field.Wrap("committed", invalid(err))
	}
	if len(documents) > maxItems {
		return Shortfall{}, fmt.Errorf("%d documents of at most %d: %w", len(documents), maxItems, ErrInvalid)
	}
	if err := checkIssued(documents, c.Currency, c.Places); err != nil {
		return Shortfall{}, field.Wrap("documents", err)
	}
	for n, h := range documents {
		if h.Kind == DocumentShortfall {
			return Shortfall{}, field.Wrap(fmt.Sprintf("documents[%d].kind", n), fmt.Errorf("%s is a shortfall: want documents of fees: %w", quote.String(h.ID), ErrInvalid))
		}
		if c.Term.Contains(h.Period.Start) {
			s.Counts = append(s.Counts, h)
		}
	}
	if err := checkTwiceBilled(s.Counts); err != nil {
		return Shortfall{}, field.Wrap("documents", err)
	}
	s.Committed = fixed(c.Amount, c.Places)
	s.Billed = sumDue(s.Counts, c.Places)
	s.Due = decimal.Max(s.Committed.Sub(s.Billed), decimal.New(0, -c.Places))
	return s, nil
}

// checkTwiceBilled returns an error if two documents bill one period, each the
// whole of it, and no settlement puts that right.
func checkTwiceBilled(heads []Head) error {
	type key struct{ start, end time.Time }
	of := func(h Head) key { return key{h.Period.Start.UTC(), h.Period.End.UTC()} }
	settled, whole := make(map[key]bool), make(map[key]string)
	for _, h := range heads {
		settled[of(h)] = settled[of(h)] || h.Kind == DocumentSettlement
	}
	for _, h := range heads {
		if h.Kind != DocumentAdvance && h.Kind != DocumentInvoice || settled[of(h)] {
			continue
		}
		if other, ok := whole[of(h)]; ok {
			return fmt.Errorf("%s and %s bill %v twice: settle it, see Invoice.Settle: %w", quote.String(other), quote.String(h.ID), h.Period, ErrDuplicate)
		}
		whole[of(h)] = h.ID
	}
	return nil
}

// Issue returns s with an ID, 1 to 200 bytes of text, which none of the counted
// documents may have. It returns an error wrapping [ErrInvalid] if id is not
// that, or [ErrDuplicate] if one of them or s itself has an ID.
func (s Shortfall) Issue(id string) (Shortfall, error) {
	var err error
	if s.Head, err = s.issue(id); err == nil {
		err = field.Op("billing: issue", s.checkID())
	}
	if err != nil {
		return Shortfall{}, err
	}
	return s, nil
}

func (s Shortfall) checkID() error {
	for _, h := range s.Counts {
		if h.ID == s.ID {
			return field.Wrap("id", fmt.Errorf("%s is counted by it: %w", quote.String(s.ID), ErrDuplicate))
		}
	}
	return nil
}
