package billing

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/wide"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// An Invoice says what an account owes for its plans in a period, line by line.
// The amounts of its lines add up to its total, to the last unit. The zero
// Invoice is no invoice.
type Invoice struct {
	Period   calendar.Period
	Currency string
	// Advance says that this is the minimum billed ahead; see [Book.Advance].
	Advance bool
	// Usage is that of the whole period.
	Usage decimal.Decimal
	// Parts are what the period consists of, in the order in which they first
	// occur; their shares add up to 1.
	Parts []Part
	// Lines are the parts' charges, in the same order. Basic has none.
	Lines []InvoiceLine
	// Total is rounded once, with all places of the cards' rounding.
	Total decimal.Decimal
}

// A Part is the time within a period for which an account had one plan under
// one edition of the rate card.
type Part struct {
	Plan    plan.Plan
	Edition string
	// Periods are the stretches of that time, in order.
	Periods []calendar.Period
	// Share is their length as a fraction of the whole period's, exactly.
	Share *big.Rat
}

// An InvoiceLine is one charge of an invoice.
type InvoiceLine struct {
	Plan    plan.Plan
	Edition string
	// Share of the period that the part which the line belongs to makes up.
	Share *big.Rat
	// Kind says which adjustment the line is. It is zero for a tier's charge.
	Kind price.AdjustmentKind
	// Tier is, for a tier's charge, the line that the whole period's usage
	// makes for the whole period. It is zero for an adjustment.
	Tier price.Line
	// Exact is the charge before rounding: for a tier, Share × Charge.
	Exact *big.Rat
	// Amount is the charge rounded to the invoice's places, so that all lines
	// add up to the total.
	Amount decimal.Decimal
}

// Invoice returns what an account owes for the period, with the plans that the
// timeline says, the cards that b has in force, and the given usage of the whole
// period, which is not to be negative; see [Usage.Billable].
//
// The time that the account had one plan under one edition is a part, whether
// in one stretch or several, and its share is its time over the period's time,
// by instants: a day of 23 hours is a shorter day. A part is charged its share
// of what its tiers make of the whole usage. What becomes of minimum, maximum
// and a discount after them is for the card of the plan's last part to say: see
// [Proration]. Prorated, each part is charged its share of its whole fee.
// Whole, those of the last part's terms are applied once to the sum of all of
// the plan's parts. The sum of everything is exact, and rounded once; the units
// are then given to the lines by largest remainder, among equals to the earlier
// line. Basic costs nothing.
//
// The errors wrap [calendar.ErrPeriod] if the period is not valid or has no end,
// [ErrNotInForce] if b does not cover it, [ErrNotPriced] if a card does not price
// a paid plan that the account had under it, [ErrProration] if a card does not
// say how it prorates, [ErrCurrency] or [price.ErrInvalid] if the cards differ in
// either, and [ErrNegative] or [ErrAmount] if the usage is so.
func (b Book) Invoice(t plan.Timeline, p calendar.Period, usage decimal.Decimal) (Invoice, error) {
	return b.invoice("invoice", t, p, usage, false)
}

// Advance returns the minimum charges of the period, to be billed ahead, with
// the plans that the timeline says when it is made: what [Book.Invoice] would
// charge if tiers cost nothing. The period's own invoice then settles it, see
// [Invoice.Settle]. Its errors are those of Invoice.
func (b Book) Advance(t plan.Timeline, p calendar.Period) (Invoice, error) {
	return b.invoice("advance", t, p, decimal.Decimal{}, true)
}

func (b Book) invoice(op string, t plan.Timeline, p calendar.Period, usage decimal.Decimal, advance bool) (Invoice, error) {
	fail := func(err error) (Invoice, error) { return Invoice{}, fmt.Errorf("billing: %s: %w", op, err) }
	if !p.IsBounded() {
		return fail(fmt.Errorf("%v: %w", p, calendar.ErrPeriod))
	}
	p, _ = calendar.NewPeriod(p.Start, p.End) // without monotonic readings
	if err := amount.CheckPositive(usage); err != nil {
		return fail(fmt.Errorf("usage %w", err))
	}
	cards, err := b.During(p)
	if err != nil {
		return fail(err)
	}
	first := cards[0].Card.c.terms
	for _, c := range cards {
		switch terms := c.Card.c.terms; {
		case terms.Currency != first.Currency:
			return fail(fmt.Errorf("editions in %s and %s: %w", first.Currency, terms.Currency, ErrCurrency))
		case terms.Rounding != first.Rounding:
			return fail(fmt.Errorf("editions that round differently: %w", price.ErrInvalid))
		case !terms.Bounds.IsValid():
			return fail(fmt.Errorf("edition %s: %w", terms.Edition, ErrProration))
		}
	}
	inv := Invoice{Period: p, Currency: first.Currency, Advance: advance, Usage: usage}
	parts := divide(p, t, cards)
	for i, part := range parts {
		inv.Parts = append(inv.Parts, part.Part)
		if part.Plan == plan.Basic {
			continue
		}
		s, err := part.card.Schedule(part.Plan)
		if err != nil {
			return fail(err)
		}
		q, err := s.Quote(usage)
		if err != nil {
			return fail(err)
		}
		parts[i].terms = s.Terms()
		if !advance {
			parts[i].tiers = q.Lines
		}
	}
	for i := range parts {
		inv.Lines = append(inv.Lines, charge(parts, i)...)
	}
	exact := make([]*big.Rat, len(inv.Lines)) // in units of the total's places
	unit := new(big.Rat).SetInt(wide.BigPow10(first.Rounding.Places))
	sum := new(big.Rat)
	for i, l := range inv.Lines {
		exact[i] = new(big.Rat).Mul(l.Exact, unit)
		sum.Add(sum, l.Exact)
	}
	total, err := first.Rounding.RoundRat(sum)
	if err != nil {
		return fail(err)
	}
	for i, units := range amount.Apportion(total.Coefficient(), exact) {
		inv.Lines[i].Amount = decimal.NewFromBigInt(units, -first.Rounding.Places)
	}
	inv.Total = total
	return inv, nil
}

// A pricedPart is a part with what it is charged by.
type pricedPart struct {
	Part
	card  Card
	terms price.Terms  // the zero Terms for Basic
	tiers []price.Line // of the whole usage
}

// divide cuts p where the plan or the card changes, and joins what has both in
// common.
func divide(p calendar.Period, t plan.Timeline, cards []EffectiveCard) []pricedPart {
	var parts []pricedPart
	for _, c := range cards {
		for _, s := range t.Stretches(c.Period) {
			i := slices.IndexFunc(parts, func(q pricedPart) bool { return q.Plan == s.Plan && q.Edition == c.Card.Edition() })
			if i < 0 {
				i = len(parts)
				parts = append(parts, pricedPart{Part: Part{Plan: s.Plan, Edition: c.Card.Edition(), Share: new(big.Rat)}, card: c.Card})
			}
			parts[i].Periods = append(parts[i].Periods, s.Period)
			parts[i].Share.Add(parts[i].Share, new(big.Rat).SetFrac(length(s.Period), length(p)))
		}
	}
	return parts
}

// length returns the length of p in nanoseconds, however long it is.
func length(p calendar.Period) *big.Int {
	ns := big.NewInt(p.End.Unix() - p.Start.Unix())
	ns.Mul(ns, big.NewInt(1e9))
	return ns.Add(ns, big.NewInt(int64(p.End.Nanosecond()-p.Start.Nanosecond())))
}

// charge returns the lines of part i, among them those that adjust all parts of
// its plan if it is the last one.
func charge(parts []pricedPart, i int) []InvoiceLine {
	part := parts[i]
	if part.Plan == plan.Basic {
		return nil
	}
	var lines []InvoiceLine
	add := func(kind price.AdjustmentKind, tier price.Line, exact *big.Rat) {
		lines = append(lines, InvoiceLine{Plan: part.Plan, Edition: part.Edition, Share: new(big.Rat).Set(part.Share), Kind: kind, Tier: tier, Exact: exact})
	}
	// sum is what has been charged so far of what minimum and maximum apply to.
	sum := new(big.Rat)
	for _, l := range part.tiers {
		exact := l.Charge.Rat()
		add("", l, exact.Mul(exact, part.Share))
	}
	adjust := func(kind price.AdjustmentKind, to *big.Rat) {
		if by := new(big.Rat).Sub(to, sum); by.Sign() != 0 {
			add(kind, price.Line{}, by)
			sum = to
		}
	}
	for _, l := range lines {
		sum.Add(sum, l.Exact)
	}
	terms := part.terms
	keep := decimal.New(1, 0).Sub(terms.Discount.Rate).Rat()
	if terms.Discount.Stage == price.DiscountBeforeMaximum {
		adjust(price.AdjustmentDiscount, new(big.Rat).Mul(sum, keep))
	}
	last := lastOf(parts, part.Plan)
	scale := part.Share // of minimum and maximum
	if parts[last].card.c.terms.Bounds == BoundsWhole {
		if i != last {
			return lines
		}
		scale = big.NewRat(1, 1)
		for _, other := range parts[:i] {
			if other.Plan == part.Plan {
				sum.Add(sum, other.unbounded())
			}
		}
	}
	if limit := new(big.Rat).Mul(terms.Maximum.Rat(), scale); limit.Sign() > 0 && sum.Cmp(limit) > 0 {
		adjust(price.AdjustmentMaximum, limit)
	}
	if limit := new(big.Rat).Mul(terms.Minimum.Rat(), scale); sum.Cmp(limit) < 0 {
		adjust(price.AdjustmentMinimum, limit)
	}
	if terms.Discount.Stage == price.DiscountAfterMinimum {
		adjust(price.AdjustmentDiscount, new(big.Rat).Mul(sum, keep))
	}
	return lines
}

// unbounded returns what p is charged before minimum and maximum: its share of
// its tiers, less a discount before the maximum.
func (p pricedPart) unbounded() *big.Rat {
	sum := new(big.Rat)
	for _, l := range p.tiers {
		sum.Add(sum, l.Charge.Rat())
	}
	if d := p.terms.Discount; d.Stage == price.DiscountBeforeMaximum {
		sum.Mul(sum, decimal.New(1, 0).Sub(d.Rate).Rat())
	}
	return sum.Mul(sum, p.Share)
}

// lastOf returns the index of the last part of plan p. Editions follow one
// another in time, so that it is the last in time too.
func lastOf(parts []pricedPart, p plan.Plan) int {
	last := -1
	for i, part := range parts {
		if part.Plan == p {
			last = i
		}
	}
	return last
}
