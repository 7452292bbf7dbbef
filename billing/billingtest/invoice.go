package billingtest

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/extent"
	"github.com/supportplan/supportplan/internal/guard"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// An Invoicer is a caller's own invoicing code: it returns the amount that an
// account owes for a period with the plans of the timeline, the cards of the
// book and the usage of the period. There is one usage, of the whole period, or
// one for each stretch of a segment if the cards charge by
// [price.BasisSegment].
type Invoicer func(t plan.Timeline, b billing.Book, usages ...billing.Usage) (Bill, error)

// A Bill is the answer of an [Invoicer].
type Bill struct {
	Due   decimal.Decimal
	Lines []BillLine // whose amounts add up to Due; nil if the code has none
}

// A BillLine is a line of a [Bill].
type BillLine struct {
	Plan    plan.Plan
	Edition string // of the card, or empty if the code does not say
	Amount  decimal.Decimal
}

// An InvoiceLaw is something that invoicing code is held to. The empty InvoiceLaw
// is none.
type InvoiceLaw string

// The laws of invoices.
const (
	// InvoiceValid: every period that the book bills has an invoice, in time,
	// without an error and without a panic. The amount due is not negative, and
	// not finer than the card's places.
	InvoiceValid InvoiceLaw = "invoice-valid"
	// InvoiceAgrees: the amount due is that of [billing.Book.Invoice], and the
	// lines of each plan and edition add up to its charges, to a unit a line.
	InvoiceAgrees InvoiceLaw = "invoice-agrees"
	// InvoiceLinesAddUp: lines add up to the amount due.
	InvoiceLinesAddUp InvoiceLaw = "invoice-lines-add-up"
	// InvoiceRepeatable: the same question has the same answer.
	InvoiceRepeatable InvoiceLaw = "invoice-repeatable"
	// InvoiceWhole: a plan that was there for all of a period under one card
	// costs the fee of its schedule.
	InvoiceWhole InvoiceLaw = "invoice-whole"
	// InvoiceSplit: to split a stay in two changes nothing.
	InvoiceSplit InvoiceLaw = "invoice-split"
	// InvoiceMonotone: a plan that stays a day longer never costs less.
	InvoiceMonotone InvoiceLaw = "invoice-monotone"
	// InvoiceNoFreeDay: two stays cost together as much as one of both lengths,
	// within two units for rounding, so that no day is free and none is charged
	// twice. It does not apply if limits are not prorated, or if segments have
	// usages of their own.
	InvoiceNoFreeDay InvoiceLaw = "invoice-no-free-day"
)

// InvoiceLaws returns all laws of invoices, in a slice of the caller's own.
func InvoiceLaws() []InvoiceLaw {
	return []InvoiceLaw{InvoiceValid, InvoiceAgrees, InvoiceLinesAddUp, InvoiceRepeatable, InvoiceWhole, InvoiceSplit, InvoiceMonotone, InvoiceNoFreeDay}
}

// An InvoiceViolation is a law that invoicing code breaks, with the simplest
// example of those that were tried.
type InvoiceViolation struct {
	Law      InvoiceLaw
	Timeline plan.Timeline
	Period   calendar.Period
	Usage    decimal.Decimal // of the whole period
	// Message describes the violation in one line.
	Message string
}

// String returns v as "law: message".
func (v InvoiceViolation) String() string { return fmt.Sprintf("%s: %s", v.Law, v.Message) }

// CheckInvoicer reports as an error each law that a caller's invoicing code
// breaks, with the cards of a book: for months, or years, at the start of each
// card and after, with plans that stay for all of a period, start or end within
// it, stay for a day or hours, change to another and come back, and usages of any
// size. Without laws it takes [InvoiceLaws]. Code that breaks none is called at
// most 3000 times, each time for at most ten seconds.
func CheckInvoicer(t T, b billing.Book, f Invoicer, laws ...InvoiceLaw) {
	t.Helper()
	for _, v := range InvoiceViolations(b, f, laws...) {
		t.Errorf("%v", v)
	}
}

// InvoiceViolations returns the laws that a caller's invoicing code breaks, in the
// order given, as [CheckInvoicer] does. A law that is not valid is itself reported.
// A nil Invoicer, and a book that bills nothing, break [InvoiceValid] and no other
// law.
func InvoiceViolations(b billing.Book, f Invoicer, laws ...InvoiceLaw) (out []InvoiceViolation) {
	if len(laws) == 0 {
		laws = InvoiceLaws()
	}
	s := &invoiceSubject{book: b, invoicer: f, guard: guard.Guard{Patience: patience}}
	defer s.guard.Close()
	if f != nil {
		s.ask()
	}
	for _, law := range laws {
		switch {
		case !slices.Contains(InvoiceLaws(), law):
			out = append(out, InvoiceViolation{Law: law, Message: unknownLaw})
		case f == nil:
			if law == InvoiceValid {
				out = append(out, InvoiceViolation{Law: law, Message: errNone.Error()})
			}
		case len(s.replies) == 0:
			if law == InvoiceValid {
				out = append(out, InvoiceViolation{Law: law, Message: "the book bills no period"})
			}
		default:
			out = append(out, s.check(law)...)
		}
	}
	return out
}

// A scene is an account and a book to bill.
type scene struct {
	stays  []plan.Subscription
	period calendar.Period
	usage  decimal.Decimal
	varied bool // whether it is also billed with other stays
}

// An invoiced is a scene with the answer and the book's own.
type invoiced struct {
	scene
	timeline plan.Timeline
	usages   []billing.Usage
	bill     Bill
	err      error
	want     billing.Invoice
}

// An invoiceSubject is invoicing code that is held to laws.
type invoiceSubject struct {
	book     billing.Book
	invoicer Invoicer
	guard    guard.Guard
	replies  []invoiced // simple ones first
}

// reply asks about a scene; ok is false if the book itself does not bill it.
func (s *invoiceSubject) reply(sc scene) (r invoiced, ok bool) {
	timeline, err := plan.NewTimeline(sc.stays...)
	if err != nil {
		return r, false
	}
	r = invoiced{scene: sc, timeline: timeline}
	if r.usages, err = usagesOf(s.book, timeline, sc.period, sc.usage); err != nil {
		return r, false
	}
	if r.want, err = s.book.Invoice(timeline, r.usages...); err != nil {
		return r, false
	}
	r.bill, r.err = guard.Call(&s.guard, func() (Bill, error) { return s.invoicer(timeline, s.book, slices.Clone(r.usages)...) })
	if r.err == nil {
		r.err = checkFee(r.bill.Due)
	}
	return r, true
}

// usagesOf returns the usages that the book asks for: of the period, or of each
// stretch of a segment, an equal part each.
func usagesOf(b billing.Book, t plan.Timeline, p calendar.Period, amount decimal.Decimal) ([]billing.Usage, error) {
	card, err := b.At(p.Start)
	if err != nil {
		return nil, err
	}
	terms := card.Terms()
	periods := []calendar.Period{p}
	if terms.Basis == price.BasisSegment {
		advance, err := b.Advance(t, p) // has the same segments
		if err != nil {
			return nil, err
		}
		periods = nil
		for _, s := range advance.Segments {
			periods = append(periods, s.Periods...)
		}
		slices.SortFunc(periods, func(x, y calendar.Period) int { return x.Start.Compare(y.Start) })
		amount = amount.DivRound(decimal.New(int64(len(periods)), 0), 2)
	}
	var out []billing.Usage
	for _, q := range periods {
		u, err := billing.NewUsage(terms.Currency, q, billing.Charge{Kind: billing.ChargeCloudService, Amount: amount, Period: q})
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

// ask asks about all scenes, simple ones first.
func (s *invoiceSubject) ask() {
	for _, sc := range scenes(s.book) {
		if s.guard.Stopped() {
			return
		}
		if r, ok := s.reply(sc); ok {
			s.replies = append(s.replies, r)
		}
	}
}

// scenes returns the scenes, simple ones first.
func scenes(b billing.Book) (out []scene) {
	usages := []string{"1000", "0", "12345.67", "0.01", "9999.99", "33333.33", "250000.01", "777.77", "1000000.05", "4321.09", "66666.67", "150.5"}
	n := 0
	for i, p := range periods(b) {
		card, err := b.At(p.Start)
		if err != nil {
			continue
		}
		terms := card.Terms()
		for _, stays := range staysIn(p, card.Plans(), b) {
			for j := range 2 {
				u := decimal.RequireFromString(usages[n%len(usages)]).Truncate(terms.Rounding.Places)
				out = append(out, scene{stays, p, u, i < 2 && j == 0})
				n++
			}
			if n%len(usages) == 0 {
				n++ // so that the same stays have others in the next period
			}
		}
	}
	slices.SortStableFunc(out, func(x, y scene) int { return len(x.stays) - len(y.stays) })
	return out
}

// periods returns periods that the book bills: that of the start of each card
// and some after it.
func periods(b billing.Book) (out []calendar.Period) {
	add := func(p calendar.Period, err error) {
		if err == nil && !slices.ContainsFunc(out, func(q calendar.Period) bool { return q.Start.Equal(p.Start) }) {
			out = append(out, p)
		}
	}
	for _, c := range sample(b.Cards(), 3) {
		terms := c.Card.Terms()
		loc := terms.Zone
		if loc == nil {
			loc = c.From.Location()
		}
		from := c.From.In(loc)
		if terms.Per == billing.IntervalYear {
			for n := range 3 {
				add(calendar.Year(from.Year()+n, loc))
			}
			continue
		}
		for _, n := range []int{0, 1, 2, 3, 6, 10, 13} { // of 28 to 31 days, and with clock changes
			add(calendar.NthMonth(calendar.Date{Year: from.Year(), Month: from.Month(), Day: 1}, n, loc))
		}
	}
	return out
}

// staysIn returns how plans can stay in a period.
func staysIn(p calendar.Period, plans []plan.Plan, b billing.Book) (out [][]plan.Subscription) {
	day := func(n int) time.Time { return p.Start.AddDate(0, 0, n) }
	stay := func(x plan.Plan, from, to time.Time) plan.Subscription {
		return plan.Subscription{Plan: x, Period: calendar.Period{Start: from, End: to}}
	}
	add := func(stays ...plan.Subscription) { out = append(out, stays) }
	before, end := day(-10), p.End
	for i, x := range plans {
		y := plans[(i+1)%len(plans)]
		add(stay(x, before, time.Time{}))
		add(stay(x, p.Start, end))
		add(stay(x, day(10), time.Time{}))
		add(stay(x, before, day(14)))
		add(stay(x, day(9), day(16)))
		add(stay(x, day(5), day(6)))
		add(stay(x, p.Start, day(1)))
		add(stay(x, end.AddDate(0, 0, -1), time.Time{}))
		add(stay(x, day(5).Add(6*time.Hour), day(5).Add(12*time.Hour)))
		add(stay(x, day(3).Add(13*time.Hour+30*time.Minute), day(21).Add(time.Hour+7*time.Minute)))
		add(stay(x, day(2), day(5)), stay(x, day(12), day(13)))
		add(stay(x, before, day(2)), stay(x, day(20).Add(18*time.Hour), time.Time{}))
		if x == y {
			continue
		}
		add(stay(x, before, day(16)), stay(y, day(16), time.Time{}))
		add(stay(y, day(2), day(7).Add(13*time.Hour)), stay(x, day(7).Add(13*time.Hour), time.Time{}))
		add(stay(x, before, day(4)), stay(y, day(4), day(5)), stay(x, day(5), time.Time{}))
		add(stay(x, day(1), day(8)), stay(y, day(8), day(8).Add(3*time.Hour)), stay(x, day(8).Add(3*time.Hour), day(20)), stay(y, day(20), end))
		for _, c := range b.Cards() {
			if c.From.After(p.Start) && c.From.Before(end) { // both change at once
				add(stay(x, before, c.From), stay(y, c.From, time.Time{}))
				add(stay(x, before, c.From.Add(-time.Hour)), stay(y, c.From.Add(time.Hour), time.Time{}))
			}
		}
	}
	return out
}

// String writes a scene for a message.
func (sc scene) String() string {
	const layout = "2006-01-02 15:04 -07:00"
	var stays []string
	for _, s := range sc.stays {
		end := "on"
		if !s.Period.End.IsZero() {
			end = "to " + s.Period.End.Format(layout)
		}
		stays = append(stays, fmt.Sprintf("%v from %s %s", s.Plan, s.Period.Start.Format(layout), end))
	}
	return fmt.Sprintf("usage %v, %s to %s, %s", sc.usage, sc.period.Start.Format("2006-01-02"), sc.period.End.Format("2006-01-02"), strings.Join(stays, ", "))
}

func (s *invoiceSubject) violation(law InvoiceLaw, r invoiced, format string, args ...any) []InvoiceViolation {
	return []InvoiceViolation{{law, r.timeline, r.period, r.usage, fmt.Sprintf(format, args...) + "; " + r.scene.String()}}
}

// check returns how the code breaks a law, if it does.
func (s *invoiceSubject) check(law InvoiceLaw) []InvoiceViolation {
	for i, r := range s.replies {
		if r.err != nil {
			if law == InvoiceValid {
				return s.violation(law, r, "no invoice: %v", r.err)
			}
			continue
		}
		var out []InvoiceViolation
		switch law {
		case InvoiceValid:
			if d := r.bill.Due; d.IsNegative() || !d.Equal(d.Truncate(r.want.Places)) {
				out = s.violation(law, r, "%v is due, which is negative or finer than %d places", d, r.want.Places)
			}
		case InvoiceAgrees:
			out = s.agrees(r)
		case InvoiceLinesAddUp:
			if sum := sumOf(r.bill.Lines); r.bill.Lines != nil && !sum.Equal(r.bill.Due) {
				out = s.violation(law, r, "%v is due, but the lines add up to %v%s%s", r.bill.Due, sum, r.lines(), s.addUp())
			}
		case InvoiceRepeatable:
			if i%40 == 0 {
				out = s.repeatable(s.replies[len(s.replies)-1-i])
			}
		case InvoiceWhole:
			out = s.whole(r)
		case InvoiceSplit, InvoiceMonotone, InvoiceNoFreeDay:
			if r.varied {
				out = s.changed(law, r)
			}
		}
		if out != nil {
			return out
		}
	}
	return nil
}

// addUp describes the invoices of which lines do not add up.
func (s *invoiceSubject) addUp() string {
	var wrong, right []invoiced
	for _, r := range s.replies {
		switch {
		case r.err != nil || r.bill.Lines == nil:
		case !sumOf(r.bill.Lines).Equal(r.bill.Due):
			wrong = append(wrong, r)
		default:
			right = append(right, r)
		}
	}
	out := extent.Of("invoices", wrong, right, invoiceTraits(s.book))
	for _, sign := range []int{-1, 1} {
		if !slices.ContainsFunc(wrong, func(r invoiced) bool { return sumOf(r.bill.Lines).Cmp(r.bill.Due) != sign }) {
			return out + ", the lines always add up to " + map[int]string{-1: "less", 1: "more"}[sign]
		}
	}
	return out
}

func sumOf(lines []BillLine) (sum decimal.Decimal) {
	for _, l := range lines {
		sum = sum.Add(l.Amount)
	}
	return sum
}

// agrees compares an invoice with the book's.
func (s *invoiceSubject) agrees(r invoiced) []InvoiceViolation {
	d := r.disagreement()
	if d == "" {
		return nil
	}
	var wrong, right []invoiced
	for _, o := range s.replies {
		switch {
		case o.err != nil:
		case o.disagreement() != "":
			wrong = append(wrong, o)
		default:
			right = append(right, o)
		}
	}
	return s.violation(InvoiceAgrees, r, "%s%s%s%s%s", d, r.lines(), r.asDays(), extent.Of("invoices", wrong, right, invoiceTraits(s.book)), s.mistake())
}

// disagreement describes the difference of an invoice from the book's, or
// returns "".
func (r invoiced) disagreement() string {
	if !r.bill.Due.Equal(r.want.Due) {
		return fmt.Sprintf("%v is due, and should be %s", r.bill.Due, r.want.Due.StringFixed(r.want.Places))
	}
	unit := decimal.New(1, -r.want.Places)
	for i, seg := range r.want.Segments {
		var is, should decimal.Decimal
		n := 1
		for _, l := range r.bill.Lines {
			if l.Plan.String() == seg.Plan && (l.Edition == seg.Edition || l.Edition == "") {
				is = is.Add(l.Amount)
				n++
			}
		}
		for _, c := range r.want.Charges {
			other := r.want.Segments[c.Segment]
			if c.Segment == i || r.bill.Lines != nil && r.bill.Lines[0].Edition == "" && other.Plan == seg.Plan {
				should = should.Add(c.Amount)
				n++
			}
		}
		if by := is.Sub(should).Abs(); r.bill.Lines != nil && by.GreaterThan(unit.Mul(decimal.New(int64(n), 0))) {
			return fmt.Sprintf("the lines of %s under %q add up to %v, and should to %v", seg.Plan, seg.Edition, is, should)
		}
	}
	return ""
}

// mostLines is how many lines of an invoice a message has.
const mostLines = 8

// lines writes the right charges, unrounded, and the code's own lines.
func (r invoiced) lines() string {
	if len(r.want.Charges) > mostLines {
		return ""
	}
	var all []string
	for i, seg := range r.want.Segments {
		var parts []string
		for _, c := range r.want.Charges {
			if c.Segment == i {
				name := string(c.Kind)
				if name == "" {
					name = fmt.Sprintf("tier %d", c.Line.Tier)
				}
				parts = append(parts, name+" "+c.Exact.FloatString(int(r.want.Places)+2))
			}
		}
		if len(parts) > 0 {
			all = append(all, fmt.Sprintf("%s under %q for %s: %s", seg.Plan, seg.Edition, r.length(seg.Share), strings.Join(parts, " + ")))
		}
	}
	out := "; right before rounding: " + strings.Join(all, ", ")
	if len(all) == 0 {
		out = "; nothing is to be charged"
	}
	return out + r.ownLines()
}

// ownLines writes the lines of the code, if it has any.
func (r invoiced) ownLines() string {
	if len(r.bill.Lines) == 0 || len(r.bill.Lines) > mostLines {
		return ""
	}
	parts := make([]string, len(r.bill.Lines))
	for i, l := range r.bill.Lines {
		parts[i] = fmt.Sprintf("%v %s %v", l.Plan, l.Edition, l.Amount)
	}
	return "; the code's lines: " + strings.Join(parts, " + ")
}

// days is the number of civil days of the period.
func (r invoiced) days() int64 {
	return int64((r.period.End.Sub(r.period.Start) + 12*time.Hour) / (24 * time.Hour))
}

// length writes a share of the period.
func (r invoiced) length(share *big.Rat) string {
	n := new(big.Rat).Mul(share, big.NewRat(r.days(), 1))
	if n.IsInt() {
		return fmt.Sprintf("%v of %d days", n.Num(), r.days())
	}
	return fmt.Sprintf("%s of %d days", n.FloatString(3), r.days())
}

// asDays tells of how many days an amount due is that should be of others, if
// one segment alone is charged, and in proportion.
func (r invoiced) asDays() string {
	exact := new(big.Rat)
	charged := -1
	for _, c := range r.want.Charges {
		if charged >= 0 && c.Segment != charged || r.want.Limits != price.LimitsProrated && c.Kind != "" {
			return ""
		}
		charged = c.Segment
		exact.Add(exact, c.Exact)
	}
	if charged < 0 || r.bill.Due.IsZero() || r.bill.Due.Equal(r.want.Due) {
		return ""
	}
	exact.Quo(exact, r.want.Segments[charged].Share)
	for _, of := range []int64{r.days(), 30} {
		for n := int64(1); n <= of+1; n++ {
			if decimalOf(round(r.want.Rounding, new(big.Rat).Mul(exact, big.NewRat(n, of)))).Equal(r.bill.Due) {
				return fmt.Sprintf("; %v is as for %d of %d days", r.bill.Due, n, of)
			}
		}
	}
	return ""
}

// invoiceTraits returns the common traits that wrong invoices can have.
func invoiceTraits(b billing.Book) (out []extent.Trait[invoiced]) {
	add := func(name string, has func(r invoiced) bool) {
		out = append(out, extent.Trait[invoiced]{Name: name, Has: has})
	}
	starts := func(r invoiced, x plan.Subscription) bool { return x.Period.Start.After(r.period.Start) }
	ends := func(r invoiced, x plan.Subscription) bool {
		return !x.Period.End.IsZero() && x.Period.End.Before(r.period.End)
	}
	some := func(is func(r invoiced, x plan.Subscription) bool) func(r invoiced) bool {
		return func(r invoiced) bool {
			return slices.ContainsFunc(r.stays, func(x plan.Subscription) bool { return is(r, x) })
		}
	}
	length := func(x plan.Subscription) time.Duration {
		if x.Period.End.IsZero() {
			return 1<<63 - 1
		}
		return x.Period.End.Sub(x.Period.Start)
	}
	const day = 24 * time.Hour
	add("with a stay shorter than a day", some(func(_ invoiced, x plan.Subscription) bool { return length(x) < day }))
	add("with a stay of a day or less", some(func(_ invoiced, x plan.Subscription) bool { return length(x) <= day }))
	add("with a stay that starts in the period", some(starts))
	add("with a stay that ends in the period", some(ends))
	add("with a stay that starts and ends in the period", some(func(r invoiced, x plan.Subscription) bool { return starts(r, x) && ends(r, x) }))
	charges := func(is func(r invoiced, p calendar.Period) bool) func(r invoiced) bool {
		return func(r invoiced) bool {
			return slices.ContainsFunc(r.want.Segments, func(seg billing.Segment) bool {
				return seg.Terms != nil && slices.ContainsFunc(seg.Periods, func(p calendar.Period) bool { return is(r, p) })
			})
		}
	}
	add("with a charge that starts within the period", charges(func(r invoiced, p calendar.Period) bool { return p.Start.After(r.period.Start) }))
	add("with a charge that ends within the period", charges(func(r invoiced, p calendar.Period) bool { return p.End.Before(r.period.End) }))
	add("of one stay", func(r invoiced) bool { return len(r.stays) == 1 })
	add("of one stay for the whole period", func(r invoiced) bool { return len(r.stays) == 1 && !starts(r, r.stays[0]) && !ends(r, r.stays[0]) })
	add("of several stays", func(r invoiced) bool { return len(r.stays) > 1 })
	plansOf := func(r invoiced) map[plan.Plan]int {
		n := make(map[plan.Plan]int)
		for _, x := range r.stays {
			n[x.Plan]++
		}
		return n
	}
	add("with several plans", func(r invoiced) bool { return len(plansOf(r)) > 1 })
	add("with a plan that comes back", func(r invoiced) bool { return len(plansOf(r)) < len(r.stays) })
	add("where the card changes in the period", func(r invoiced) bool {
		return slices.ContainsFunc(b.Cards(), func(c billing.EffectiveCard) bool { return c.From.After(r.period.Start) && c.From.Before(r.period.End) })
	})
	add("with more than one segment that is charged", func(r invoiced) bool {
		n := 0
		for _, seg := range r.want.Segments {
			if seg.Terms != nil {
				n++
			}
		}
		return n > 1
	})
	charged := func(kind price.AdjustmentKind) func(r invoiced) bool {
		return func(r invoiced) bool {
			return slices.ContainsFunc(r.want.Charges, func(c price.Charge) bool { return c.Kind == kind })
		}
	}
	add("where a minimum applies", charged(price.AdjustmentMinimum))
	add("where a maximum applies", charged(price.AdjustmentMaximum))
	add("with a discount", charged(price.AdjustmentDiscount))
	add("where neither minimum nor maximum applies", func(r invoiced) bool {
		return !charged(price.AdjustmentMinimum)(r) && !charged(price.AdjustmentMaximum)(r)
	})
	add("without usage", func(r invoiced) bool { return r.usage.IsZero() })
	add("of periods that have not 30 days", func(r invoiced) bool { return r.days() != 30 })
	add("of periods with a clock change", func(r invoiced) bool { return r.period.End.Sub(r.period.Start)%day != 0 })
	add("with days that are not whole", func(r invoiced) bool {
		return slices.ContainsFunc(r.want.Segments, func(seg billing.Segment) bool { return !new(big.Rat).Mul(seg.Share, big.NewRat(r.days(), 1)).IsInt() })
	})
	for _, p := range plan.All() {
		add(fmt.Sprintf("with %v", p), some(func(_ invoiced, x plan.Subscription) bool { return x.Plan == p }))
	}
	return out
}

// repeatable compares an answer with that of the same question now.
func (s *invoiceSubject) repeatable(first invoiced) []InvoiceViolation {
	again, _ := s.reply(first.scene) // which had an answer before
	switch {
	case first.err != nil || errors.Is(again.err, guard.ErrStopped):
		return nil
	case again.err != nil:
		return s.violation(InvoiceRepeatable, first, "%v is due at first, but when asked again there is no invoice: %v", first.bill.Due, again.err)
	case !again.bill.Due.Equal(first.bill.Due):
		return s.violation(InvoiceRepeatable, first, "%v is due at first, but %v when asked again", first.bill.Due, again.bill.Due)
	}
	return nil
}

// whole compares the invoice of one plan for a whole period under one card with
// the fee of its schedule.
func (s *invoiceSubject) whole(r invoiced) []InvoiceViolation {
	if len(r.want.Segments) != 1 || len(r.usages) != 1 || len(r.stays) != 1 {
		return nil
	}
	card, _ := s.book.At(r.period.Start)          // which it has billed
	schedule, _ := card.Schedule(r.stays[0].Plan) // one of the card's plans
	fee, err := schedule.Fee(r.usage)
	if err != nil || fee.Equal(r.bill.Due) {
		return nil
	}
	return s.violation(InvoiceWhole, r, "%v is due, but the fee of %v for a whole period is %s", r.bill.Due, r.stays[0].Plan, fee.StringFixed(r.want.Places))
}

// changed compares an invoice with those of other stays: the first one split, a
// day longer, or in two parts.
func (s *invoiceSubject) changed(law InvoiceLaw, r invoiced) []InvoiceViolation {
	first := r.stays[0]
	from, to := first.Period.Start, first.Period.End
	if from.Before(r.period.Start) {
		from = r.period.Start
	}
	if to.IsZero() || to.After(r.period.End) {
		to = r.period.End
	}
	middle := from.AddDate(0, 0, 1)
	if !middle.Before(to) {
		middle = from.Add(to.Sub(from) / 2).Truncate(time.Second)
	}
	part := func(from, to time.Time) plan.Subscription {
		return plan.Subscription{Plan: first.Plan, Period: calendar.Period{Start: from, End: to}}
	}
	with := func(stays ...plan.Subscription) (invoiced, bool) {
		q, ok := s.reply(scene{stays, r.period, r.usage, false})
		return q, ok && q.err == nil
	}
	switch law {
	case InvoiceSplit:
		q, ok := with(append([]plan.Subscription{part(first.Period.Start, middle), part(middle, first.Period.End)}, r.stays[1:]...)...)
		if ok && r.want.Due.Equal(q.want.Due) && !q.bill.Due.Equal(r.bill.Due) {
			return s.violation(law, r, "%v is due, but %v if %v is in two parts, the second from %s on", r.bill.Due, q.bill.Due, first.Plan, middle.Format(time.RFC3339))
		}
	case InvoiceMonotone:
		if len(r.stays) > 1 || !to.Before(r.period.End) {
			return nil
		}
		q, ok := with(part(from, to.AddDate(0, 0, 1)))
		if ok && !q.want.Due.LessThan(r.want.Due) && q.bill.Due.LessThan(r.bill.Due) {
			return s.violation(law, r, "%v is due, but %v if %v stays a day longer", r.bill.Due, q.bill.Due, first.Plan)
		}
	case InvoiceNoFreeDay:
		if len(r.stays) > 1 || len(r.want.Segments) > 3 || r.want.Limits != price.LimitsProrated || r.want.Basis != price.BasisPeriod {
			return nil
		}
		a, ok1 := with(part(from, middle))
		b, ok2 := with(part(middle, to))
		off := a.bill.Due.Add(b.bill.Due).Sub(r.bill.Due).Abs()
		if ok1 && ok2 && off.GreaterThan(decimal.New(2, -r.want.Places)) {
			return s.violation(law, r, "%v is due, but %v until %s and %v from there", r.bill.Due, a.bill.Due, middle.Format(time.RFC3339), b.bill.Due)
		}
	}
	return nil
}

// mistake names the first mistake that gives the amounts of all replies, as ";
// all as of code that …", or returns "".
func (s *invoiceSubject) mistake() string {
	for _, m := range s.mistakes() {
		shown, gives := false, true // by a wrong amount, and all of them
		for _, r := range s.replies {
			if r.err != nil {
				continue
			}
			due, ok := m.due(r)
			isWrong := !r.bill.Due.Equal(r.want.Due)
			shown = shown || isWrong
			if ok && !due.Equal(r.bill.Due) || !ok && isWrong {
				gives = false
				break
			}
		}
		if gives && shown {
			return "; all as of code that " + m.name
		}
	}
	return ""
}

// An invoiceMistake is a mistake of invoicing code, and the amount then
// due.
type invoiceMistake struct {
	name string
	due  func(r invoiced) (decimal.Decimal, bool)
}

func (s *invoiceSubject) mistakes() (out []invoiceMistake) {
	add := func(name string, due func(r invoiced) (decimal.Decimal, bool)) {
		out = append(out, invoiceMistake{name, due})
	}
	exact := func(r invoiced, factor *big.Rat) decimal.Decimal {
		sum := new(big.Rat)
		for _, c := range r.want.Charges {
			sum.Add(sum, c.Exact)
		}
		return decimalOf(round(r.want.Rounding, sum.Mul(sum, factor)))
	}
	length := func(p calendar.Period) int64 { return int64(p.End.Sub(p.Start) / time.Minute) }
	add("has months of 30 days", func(r invoiced) (decimal.Decimal, bool) {
		return exact(r, big.NewRat(length(r.period), 30*24*60)), true
	})
	for _, upward := range []bool{false, true} { // of halves below 0
		add("adds rounded lines up", func(r invoiced) (decimal.Decimal, bool) {
			var sum decimal.Decimal
			for _, c := range r.want.Charges {
				switch {
				case c.Exact.Sign() >= 0:
					sum = sum.Add(decimalOf(round(r.want.Rounding, c.Exact)))
				case upward:
					whole := new(big.Rat).SetInt(new(big.Int).Add(new(big.Int).Quo(c.Exact.Num(), c.Exact.Denom()), big.NewInt(-1)))
					sum = sum.Add(decimalOf(round(r.want.Rounding, new(big.Rat).Sub(c.Exact, whole)))).Add(decimalOf(whole))
				default:
					sum = sum.Sub(decimalOf(round(r.want.Rounding, new(big.Rat).Neg(c.Exact))))
				}
			}
			return sum, true
		})
	}
	add("adds rounded segments up", func(r invoiced) (decimal.Decimal, bool) {
		sums := make([]*big.Rat, len(r.want.Segments))
		for i := range sums {
			sums[i] = new(big.Rat)
		}
		for _, c := range r.want.Charges {
			sums[c.Segment].Add(sums[c.Segment], c.Exact)
		}
		var sum decimal.Decimal
		for _, x := range sums {
			sum = sum.Add(decimalOf(round(r.want.Rounding, x)))
		}
		return sum, true
	})
	otherBook := func(name string, change func(r invoiced) (billing.Book, bool)) {
		add(name, func(r invoiced) (decimal.Decimal, bool) {
			b, ok := change(r)
			if !ok {
				return decimal.Decimal{}, false
			}
			inv, err := b.Invoice(r.timeline, r.usages...)
			return inv.Due, err == nil
		})
	}
	cardOf := func(at time.Time, since time.Time) (billing.Book, bool) {
		card, err := s.book.At(at)
		if err != nil {
			return billing.Book{}, false
		}
		b, err := billing.NewBook(billing.EffectiveCard{From: since, Card: card})
		return b, err == nil
	}
	otherBook("has the card of the period's start for all of it", func(r invoiced) (billing.Book, bool) { return cardOf(r.period.Start, r.period.Start) })
	otherBook("has the card of the period's end for all of it", func(r invoiced) (billing.Book, bool) { return cardOf(r.period.End.Add(-1), r.period.Start) })
	terms := func(name string, change func(t *billing.CardTerms)) {
		var cards []billing.EffectiveCard
		for _, c := range s.book.Cards() {
			t := c.Card.Terms()
			change(&t)
			card, err := billing.NewCard(t)
			if err != nil {
				return
			}
			cards = append(cards, billing.EffectiveCard{From: c.From, Card: card})
		}
		b, err := billing.NewBook(cards...)
		if err == nil {
			otherBook(name, func(invoiced) (billing.Book, bool) { return b, true })
		}
	}
	terms("takes prorated limits for whole ones, or the other way round", func(t *billing.CardTerms) {
		if t.Limits == price.LimitsWhole {
			t.Limits = price.LimitsProrated
		} else {
			t.Limits = price.LimitsWhole
		}
	})
	terms("divides a period by instants instead of days, or the other way round", func(t *billing.CardTerms) {
		if t.Proration == billing.ProrationDays {
			t.Proration, t.Zone = billing.ProrationInstants, nil
		} else {
			t.Proration, t.Zone = billing.ProrationDays, s.book.Cards()[0].From.Location()
		}
	})
	otherStays := func(name string, change func(r invoiced, x plan.Subscription) (plan.Subscription, bool)) {
		add(name, func(r invoiced) (decimal.Decimal, bool) {
			var stays []plan.Subscription
			for _, x := range r.stays {
				if y, ok := change(r, x); ok {
					stays = append(stays, y)
				}
			}
			timeline, err := plan.NewTimeline(stays...)
			if err != nil {
				return decimal.Decimal{}, false
			}
			inv, err := s.book.Invoice(timeline, r.usages...)
			return inv.Due, err == nil && len(r.usages) == 1
		})
	}
	otherStays("gives the first 24 hours of each stay away", func(r invoiced, x plan.Subscription) (plan.Subscription, bool) {
		if x.Period.Start.After(r.period.Start) {
			x.Period.Start = x.Period.Start.Add(24 * time.Hour)
		}
		return x, x.Period.IsValid()
	})
	otherStays("drops stays of a day or less", func(r invoiced, x plan.Subscription) (plan.Subscription, bool) {
		return x, x.Period.End.IsZero() || x.Period.End.Sub(x.Period.Start) > 24*time.Hour
	})
	for _, which := range []string{"each segment", "the segment that comes first", "the segment that comes last", "the first segment that is charged", "the last segment that is charged"} {
		add("has the whole minimum and maximum for "+which, func(r invoiced) (decimal.Decimal, bool) {
			sum := new(big.Rat)
			var charged []int
			for i, seg := range r.want.Segments {
				if seg.Terms == nil {
					continue
				}
				charged = append(charged, i)
				if seg.Terms.Discount.Stage == price.DiscountAfterMinimum {
					return decimal.Decimal{}, false
				}
			}
			full := map[string]int{"the segment that comes first": 0, "the segment that comes last": len(r.want.Segments) - 1}
			if len(charged) > 0 {
				full["the first segment that is charged"], full["the last segment that is charged"] = charged[0], charged[len(charged)-1]
			}
			only, isOne := full[which]
			for i, seg := range r.want.Segments {
				if seg.Terms == nil {
					continue
				}
				isIn := r.want.Limits == price.LimitsProrated && (i == only || !isOne)
				fee := new(big.Rat)
				for _, c := range r.want.Charges {
					if c.Segment == i && (!isIn || c.Kind == "" || c.Kind == price.AdjustmentDiscount) {
						fee.Add(fee, c.Exact)
					}
				}
				if isIn {
					fee = limited(*seg.Terms, fee)
				}
				sum.Add(sum, fee)
			}
			return decimalOf(round(r.want.Rounding, sum)), true
		})
	}
	add("bills each stay for itself", func(r invoiced) (decimal.Decimal, bool) {
		sum := new(big.Rat)
		for _, x := range r.stays {
			timeline, err := plan.NewTimeline(x)
			if err != nil {
				return decimal.Decimal{}, false
			}
			inv, err := s.book.Invoice(timeline, r.usages...)
			if err != nil {
				return decimal.Decimal{}, false
			}
			for _, c := range inv.Charges {
				sum.Add(sum, c.Exact)
			}
		}
		return decimalOf(round(r.want.Rounding, sum)), len(r.usages) == 1
	})
	add("charges a whole period for any part of it", func(r invoiced) (decimal.Decimal, bool) {
		if len(r.stays) != 1 || len(r.want.Segments) > 2 {
			return decimal.Decimal{}, false
		}
		for _, seg := range r.want.Segments {
			if seg.Terms != nil {
				if schedule, err := price.Compile(*seg.Terms); err == nil {
					fee, err := schedule.Fee(r.usage)
					return fee, err == nil
				}
			}
		}
		return decimal.Decimal{}, false
	})
	return out
}
