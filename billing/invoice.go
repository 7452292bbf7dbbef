package billing

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// An Invoice is the fee of an account's plans in a period, charge by charge. The
// amounts of its charges add up to the amount due, to the last unit. It is a
// draft until it has an ID; see [Invoice.Issue]. The zero Invoice is none.
//
// An invoice keeps the terms that it was made with, and names plans by text, so
// that it can be read and checked when the card or the plan no longer exists.
type Invoice struct {
	// Head has the kind [DocumentInvoice] or [DocumentAdvance].
	Head
	// Usage is the usage that is billed: of the whole period, not negative. It is
	// 0 in an advance.
	Usage decimal.Decimal
	// Rounding, Proration, Zone, Limits and Basis are the cards'.
	Rounding  price.Rounding
	Proration Proration
	Zone      *time.Location
	Limits    price.Limits
	Basis     price.Basis
	// Segments divide the period, in the order in which each first occurs. Their
	// shares add up to 1.
	Segments []Segment
	// Charges are the charges of the segments, in the same order, by the indexes
	// of Segments. A free plan has none. Their amounts add up to the amount due.
	Charges []price.Charge
}

// A Segment is the time of a period for one plan of an account under
// one edition of the rate card, in one stretch or several.
type Segment struct {
	Plan    string // the plan's token
	Edition string // of the card
	// Periods are the stretches of the segment, in order.
	Periods []calendar.Period
	// Days is the number of civil days that end in the segment, or 0 if the
	// period is not prorated by days.
	Days int
	// Share of the period: the segment's days or time over the period's, exactly.
	Share *big.Rat
	// Usage is the usage that the plan is charged on: the period's or the
	// segment's own, by the basis.
	Usage decimal.Decimal
	// UsageRated differs from Usage only if the terms round the usage.
	UsageRated decimal.Decimal
	// Terms are the plan's price, or nil if it is free.
	Terms *price.Terms
}

// Issue returns i with an ID, 1 to 200 bytes of text. It returns an error
// wrapping [ErrInvalid] if id is not that, or [ErrDuplicate] if i has an ID.
func (i Invoice) Issue(id string) (Invoice, error) {
	var err error
	if i.Head, err = i.issue(id); err != nil {
		return Invoice{}, err
	}
	return i, nil
}

// Invoice returns the invoice of a period, as a draft: with the plans of the
// timeline, the cards that b has in force, and the given usage. One usage of
// the whole period is enough if the cards charge by [price.BasisPeriod]. By
// [price.BasisSegment] the caller gives the usages of the segments or of any parts of
// them, each within one segment; the segments are those of [Book.Advance]. Several usages must meet,
// without gaps and overlaps: together they are the period's. A usage below 0
// counts as 0.
//
// A segment is the time for which the account had one plan under one edition.
// Its share of the period is measured by the cards' [Proration]. By
// [price.BasisPeriod] it is charged its share of the fee of the whole period's usage,
// whenever that arose: an account that is new on 17 March and spends 10,000 by
// the 31st, at 10 %, is charged 483.87, 15/31 of 1,000. By
// [price.BasisSegment] it is charged the fee of its own usage, 1,000. Minimum, maximum
// and a discount after them apply as the cards' [price.Limits] say: prorated, to each
// segment by share; whole, once to the sum of all segments of a plan, by the
// terms of the last of them that has a share.
//
// The sum of all charges is exact, and rounded once. The amounts of the charges
// are then rounded by largest remainder, among equals to the earlier charge.
// Basic costs nothing. Splitting a stretch of one plan in two changes nothing.
//
// It returns an error wrapping [ErrMismatch] if a usage is in another currency
// than the cards, if the period is no whole month or year of cards that price
// per month or year, if it does not start and end at midnights for cards that
// prorate by days, if usages leave gaps or overlap or cross a segment's end, or
// if two cards in force in the period differ in currency, rounding, interval,
// proration, zone, limits or basis. It wraps [ErrNotInForce] if b has no card
// at the start of the period, [ErrNotPriced] if a card does not price a paid
// plan that the account had under it, and [ErrInvalid] if there is no usage or
// one without end.
func (b Book) Invoice(t plan.Timeline, usages ...Usage) (Invoice, error) {
	i, err := b.invoice(t, usages)
	if err != nil {
		return Invoice{}, field.Op("billing: invoice", err)
	}
	return i, nil
}

// Advance returns the amount of the period that is billed ahead, as a draft: its
// cost at usage 0, base fees and minimums, under the timeline known
// now. The period's own invoice then settles it; see [Invoice.Settle]. Its
// errors are those of [Book.Invoice].
func (b Book) Advance(t plan.Timeline, p calendar.Period) (Invoice, error) {
	i, schedules, err := b.draft(t, p)
	if err == nil {
		i.Kind = DocumentAdvance
		err = i.compute(schedules)
	}
	if err != nil {
		return Invoice{}, field.Op("billing: advance", err)
	}
	return i, nil
}

// Complete returns i with everything that follows from its other fields: the
// days, shares and rated usages of its segments, its charges and the amount due.
// It makes invoices of a caller's own plans, without card and timeline.
//
// i has the kind, period, currency and places of its [Head]; Rounding, Proration,
// Zone, Limits and Basis; segments with plan, edition, periods and terms, whose
// periods divide i's; and the usage, which is i's by [price.BasisPeriod] and the
// segments' by [price.BasisSegment]. A segment without terms is free. Segments
// stand in the order in which each first occurs, one for each plan and edition.
//
// It returns an error that names the field and wraps [ErrInvalid], and
// [ErrInconsistent] if the periods of the segments do not divide i's.
func (i Invoice) Complete() (Invoice, error) {
	again, err := i.again()
	if err != nil {
		return Invoice{}, field.Op("billing: complete invoice", invalid(err))
	}
	return again, nil
}

func (b Book) invoice(t plan.Timeline, usages []Usage) (Invoice, error) {
	usages = slices.Clone(usages)
	slices.SortStableFunc(usages, func(u, v Usage) int { return u.period.Start.Compare(v.period.Start) })
	for n, u := range usages {
		if !u.period.IsBounded() {
			return Invoice{}, invalid(fmt.Errorf("usage of %v: want a period with an end: %w", u.period, calendar.ErrPeriod))
		}
		if n > 0 && !u.period.Start.Equal(usages[n-1].period.End) {
			return Invoice{}, fmt.Errorf("usages of %v and %v leave a gap or overlap: %w", usages[n-1].period, u.period, ErrMismatch)
		}
	}
	if len(usages) == 0 {
		return Invoice{}, fmt.Errorf("no usage; the usage of a period without spending is NewUsage's: %w", ErrInvalid)
	}
	i, schedules, err := b.draft(t, calendar.Period{Start: usages[0].period.Start, End: usages[len(usages)-1].period.End})
	if err != nil {
		return Invoice{}, err
	}
	var total decimal.Decimal
	for _, u := range usages {
		u.total = plain(u.total)
		if u.currency != i.Currency {
			return Invoice{}, fmt.Errorf("usage in %s, cards in %s: %w", u.currency, i.Currency, ErrMismatch)
		}
		total = total.Add(u.total)
		if i.Basis != price.BasisSegment {
			continue
		}
		n := i.segmentOf(u.period)
		if n < 0 {
			return Invoice{}, fmt.Errorf("usage of %v crosses the end of a segment, and edition %s charges by segment; give a usage for each segment of Book.Advance: %w", u.period, quote.String(i.Segments[0].Edition), ErrMismatch)
		}
		i.Segments[n].Usage = i.Segments[n].Usage.Add(u.total)
	}
	if i.Basis == price.BasisSegment {
		for n, s := range i.Segments {
			i.Segments[n].Usage = decimal.Max(s.Usage, decimal.Decimal{})
		}
	} else {
		i.Usage = decimal.Max(total, decimal.Decimal{})
	}
	return i, i.compute(schedules)
}

// segmentOf returns the index of the segment that p lies in, or -1.
func (i Invoice) segmentOf(p calendar.Period) int {
	return slices.IndexFunc(i.Segments, func(s Segment) bool {
		return slices.ContainsFunc(s.Periods, func(q calendar.Period) bool {
			both, ok := q.Intersect(p)
			return ok && both.Equal(p)
		})
	})
}

// draft returns the invoice of a period without usage, shares and charges, and
// the schedule of each of its segments: the zero Schedule for Basic.
func (b Book) draft(t plan.Timeline, p calendar.Period) (Invoice, []price.Schedule, error) {
	fail := func(err error) (Invoice, []price.Schedule, error) { return Invoice{}, nil, err }
	p, err := calendar.NewPeriod(p.Start, p.End) // without monotonic readings
	if err == nil && !p.IsBounded() {
		err = fmt.Errorf("%v has no end: %w", p, calendar.ErrPeriod)
	}
	if err != nil {
		return fail(invalid(err))
	}
	cards, err := b.during(p)
	if err != nil {
		return fail(err)
	}
	first := cards[0].card.c.terms
	if err := first.Per.check(p); err != nil {
		return fail(err)
	}
	for _, c := range cards[1:] {
		if err := first.agree(c.card.c.terms); err != nil {
			return fail(err)
		}
	}
	i := Invoice{
		Head:     Head{Kind: DocumentInvoice, Period: p, Currency: first.Currency, Places: first.Rounding.Places},
		Rounding: first.Rounding, Proration: first.Proration, Zone: first.Zone, Limits: first.Limits, Basis: first.Basis,
	}
	var schedules []price.Schedule
	for _, c := range cards {
		for _, s := range t.Segments(c.period) {
			name, edition := s.Plan.String(), c.card.Edition()
			n := slices.IndexFunc(i.Segments, func(s Segment) bool { return s.Plan == name && s.Edition == edition })
			if n < 0 {
				n = len(i.Segments)
				segment, schedule := Segment{Plan: name, Edition: edition}, price.Schedule{}
				if s.Plan != plan.Basic {
					if schedule, err = c.card.schedule(s.Plan); err != nil {
						return fail(err)
					}
					terms := schedule.Terms()
					segment.Terms = &terms
				}
				i.Segments, schedules = append(i.Segments, segment), append(schedules, schedule)
			}
			i.Segments[n].Periods = append(i.Segments[n].Periods, s.Period)
		}
	}
	return i, schedules, nil
}

// agree returns an error if invoices cannot be made with cards of both terms.
func (t CardTerms) agree(u CardTerms) error {
	for _, rule := range []struct {
		name string
		same bool
	}{
		{"currency", t.Currency == u.Currency},
		{"rounding", t.Rounding == u.Rounding},
		{"per", t.Per == u.Per},
		{"proration", t.Proration == u.Proration},
		{"zone", zoneName(t.Zone) == zoneName(u.Zone)},
		{"limits", t.Limits == u.Limits},
		{"basis", t.Basis == u.Basis},
	} {
		if !rule.same {
			return fmt.Errorf("editions %s and %s, both in force in the period, have another %s each; let such a card start with a period: %w",
				quote.String(t.Edition), quote.String(u.Edition), rule.name, ErrMismatch)
		}
	}
	return nil
}

// share fills in the days and shares of i's segments, whose periods divide the
// period.
func (i *Invoice) share() error {
	counter := dayCounter{i.Zone}
	if i.Proration == ProrationDays {
		if err := counter.check(i.Period); err != nil {
			return err
		}
	}
	length := func(p calendar.Period) *big.Int { // in days or nanoseconds
		if i.Proration == ProrationDays {
			return big.NewInt(int64(counter.count(p)))
		}
		return duration(p)
	}
	whole := length(i.Period)
	if whole.Sign() == 0 {
		return fmt.Errorf("%v has no day in %v: %w", i.Period, i.Zone, ErrMismatch)
	}
	for n := range i.Segments {
		s := &i.Segments[n]
		part := new(big.Int)
		for _, p := range s.Periods {
			part.Add(part, length(p))
		}
		s.Days, s.Share = 0, new(big.Rat).SetFrac(part, whole)
		if i.Proration == ProrationDays {
			s.Days = int(part.Int64())
		}
	}
	return nil
}

// compute fills in everything in i that follows from its head without the
// amount due, its rules, and the plan, edition, periods and terms of its
// segments, with the usage of the period or of the segments by the basis.
// The schedules are the segments' compiled terms.
func (i *Invoice) compute(schedules []price.Schedule) error {
	if err := i.share(); err != nil {
		return err
	}
	if i.Basis == price.BasisSegment {
		i.Usage = decimal.Decimal{}
		for _, s := range i.Segments {
			i.Usage = i.Usage.Add(s.Usage)
		}
	}
	if err := amount.CheckPositive(i.Usage); err != nil {
		return field.Wrap("usage", invalid(err))
	}
	var segments []price.Segment
	var index []int // in i.Segments
	for n := range i.Segments {
		s := &i.Segments[n]
		if i.Basis == price.BasisPeriod {
			s.Usage = i.Usage
		}
		s.UsageRated = s.Usage
		if s.Terms == nil {
			continue
		}
		if r := s.Terms.UsageRounding; r != (price.Rounding{}) {
			rated, err := r.Round(s.Usage)
			if err != nil {
				return field.Wrap(fmt.Sprintf("segments[%d].usage", n), invalid(err))
			}
			s.UsageRated = rated
		}
		segments = append(segments, price.Segment{Name: s.Plan, Share: s.Share, Schedule: schedules[n], Usage: s.Usage})
		index = append(index, n)
	}
	charges, total, err := price.Prorate(price.Rules{Rounding: i.Rounding, Basis: i.Basis, Limits: i.Limits}, segments...)
	if err != nil {
		return invalid(err)
	}
	for n, c := range charges {
		charges[n].Segment = index[c.Segment]
	}
	i.Charges, i.Due = charges, total
	return nil
}

// A Change is a difference between two invoices of a period: a charge that one
// of them has alone, or that has another amount.
type Change struct {
	Plan    string
	Edition string
	// Kind is the kind of an adjustment. It is empty for a tier's charge.
	Kind price.AdjustmentKind
	// Tier is the tier's number, or 0 for an adjustment.
	Tier int
	// Before and After are the amounts; 0 if there is no such charge.
	Before, After decimal.Decimal
}

// Changes returns the differences that lead from an earlier invoice of the same
// period to i, charge by charge: first i's charges in their order, then those
// that only earlier has. The differences After − Before add up to the difference
// of the amounts due. It returns an error wrapping [ErrMismatch] if the period,
// the currency or its places differ.
func (i Invoice) Changes(earlier Invoice) ([]Change, error) {
	if !i.Period.Equal(earlier.Period) || i.Currency != earlier.Currency || i.Places != earlier.Places {
		return nil, fmt.Errorf("billing: changes: %v in %s after %v in %s: %w", i.Period, i.Currency, earlier.Period, earlier.Currency, ErrMismatch)
	}
	for _, inv := range []Invoice{i, earlier} {
		if err := inv.checkCharges(); err != nil {
			return nil, field.Op("billing: changes", err)
		}
	}
	zero := decimal.New(0, -i.Places)
	var out []Change
	index := make(map[Change]int) // of the change without amounts
	add := func(inv Invoice, c price.Charge) *Change {
		s := inv.Segments[c.Segment]
		key := Change{Plan: s.Plan, Edition: s.Edition, Kind: c.Kind, Tier: c.Line.Tier}
		n, ok := index[key]
		if !ok {
			n = len(out)
			index[key] = n
			key.Before, key.After = zero, zero
			out = append(out, key)
		}
		return &out[n]
	}
	for _, c := range i.Charges {
		d := add(i, c)
		d.After = d.After.Add(c.Amount)
	}
	for _, c := range earlier.Charges {
		d := add(earlier, c)
		d.Before = d.Before.Add(c.Amount)
	}
	return slices.DeleteFunc(out, func(c Change) bool { return c.Before.Equal(c.After) }), nil
}

// checkCharges returns an error if i, made by hand, has charges of no segment or
// with amounts beyond the limits.
func (i Invoice) checkCharges() error {
	if err := i.check(); err != nil {
		return err
	}
	for n, c := range i.Charges {
		at := fmt.Sprintf("charges[%d]", n)
		if c.Segment < 0 || c.Segment >= len(i.Segments) {
			return field.Wrap(at+".segment", fmt.Errorf("%d of %d segments: %w", c.Segment, len(i.Segments), ErrInvalid))
		}
		if err := amount.CheckExact(c.Amount); err != nil {
			return field.Wrap(at+".amount", invalid(err))
		}
	}
	return nil
}

// validate compiles the terms of i, read or made by hand, and checks
// everything that compute takes for granted.
func (i *Invoice) validate() ([]price.Schedule, error) {
	if i.Kind != DocumentInvoice && i.Kind != DocumentAdvance {
		return nil, field.Wrap("kind", fmt.Errorf("%s: want %q or %q: %w", quote.String(string(i.Kind)), DocumentInvoice, DocumentAdvance, ErrInvalid))
	}
	if _, err := i.Rounding.Round(decimal.Decimal{}); err != nil {
		return nil, field.Wrap("rounding", invalid(err))
	}
	err := cmp.Or(i.check(), checkChoice("proration", "proration", i.Proration, prorations), checkZone(i.Proration, i.Zone),
		checkChoice("limits", "kind of limits", i.Limits, limits), checkChoice("basis", "basis", i.Basis, bases))
	if err != nil {
		return nil, err
	}
	if i.Places != i.Rounding.Places {
		return nil, field.Wrap("places", fmt.Errorf("not those of the rounding: %w", ErrInconsistent))
	}
	if i.Kind == DocumentAdvance && !i.Usage.IsZero() {
		return nil, field.Wrap("usage", fmt.Errorf("not 0 in an advance: %w", ErrInconsistent))
	}
	if err := i.checkPeriods(); err != nil {
		return nil, err
	}
	schedules := make([]price.Schedule, len(i.Segments))
	for n, s := range i.Segments {
		at := fmt.Sprintf("segments[%d]", n)
		err := cmp.Or(checkName("plan", s.Plan), checkName("edition", s.Edition))
		switch free := s.Plan == plan.Basic.String(); {
		case err != nil:
		case free && s.Terms != nil:
			err = field.Wrap("terms", fmt.Errorf("plan %s is free: want no terms: %w", quote.String(s.Plan), ErrInconsistent))
		case s.Terms == nil:
		case s.Terms.Rounding != i.Rounding:
			err = field.Wrap("terms.rounding", fmt.Errorf("another than the invoice's: %w", ErrInconsistent))
		default:
			schedules[n], err = price.Compile(*s.Terms)
			err = field.Wrap("terms", invalid(err))
		}
		if err == nil {
			err = field.Wrap("usage", invalid(amount.CheckPositive(s.Usage)))
		}
		if err != nil {
			return nil, field.Wrap(at, err)
		}
	}
	return schedules, nil
}

// checkPeriods returns an error unless the segments' periods divide i's period
// in the order of time, each segment as long as it can be.
func (i *Invoice) checkPeriods() error {
	type stretch struct {
		period        calendar.Period
		segment, item int
	}
	var all []stretch
	seen := make(map[[2]string]bool)
	for n, s := range i.Segments {
		if key := [2]string{s.Plan, s.Edition}; seen[key] {
			return field.Wrap(fmt.Sprintf("segments[%d]", n), fmt.Errorf("plan %s under edition %s twice: %w", quote.String(s.Plan), quote.String(s.Edition), ErrInconsistent))
		} else {
			seen[key] = true
		}
		for m, p := range s.Periods {
			all = append(all, stretch{p, n, m})
		}
	}
	slices.SortStableFunc(all, func(a, b stretch) int { return a.period.Start.Compare(b.period.Start) })
	at, segments, items := i.Period.Start, 0, make([]int, len(i.Segments))
	for n, s := range all {
		path := fmt.Sprintf("segments[%d].periods[%d]", s.segment, s.item)
		switch {
		case !s.period.IsBounded() || !s.period.Start.Equal(at):
			return field.Wrap(path, fmt.Errorf("%v, expected to start at %s: %w", s.period, at.Format(time.RFC3339Nano), ErrInconsistent))
		case s.segment > segments || s.item != items[s.segment] || n > 0 && all[n-1].segment == s.segment:
			return field.Wrap(path, fmt.Errorf("not in the order of time: %w", ErrInconsistent))
		}
		if s.segment == segments {
			segments++
		}
		items[s.segment]++
		at = s.period.End
	}
	if !at.Equal(i.Period.End) || segments != len(i.Segments) {
		return field.Wrap("segments", fmt.Errorf("their periods are not the whole of %v: %w", i.Period, ErrInconsistent))
	}
	return nil
}
