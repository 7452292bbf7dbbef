package main

// This is the only file that knows the library. When its names change, only this
// file has to.

import (
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
	"github.com/supportplan/supportplan/sla/slatest"

	"planted/kit"
)

var adapter = kit.Adapter{
	Pricing: pricing, Deadline: deadline, Case: cases, Invoice: invoice, Agrees: agrees,
	Shapes:   []string{"monotone", "effective-rate-falls", "continuous", "minimum-reached"},
	Compares: []string{"agrees-with-reference", "agrees-with-calendar", "case-agrees-with-policy", "invoice-agrees"},
}

// pricing holds pricing code to today's most complete one-line check.
func pricing(t kit.Terms, p kit.Pricer) []kit.Finding {
	var r recorder
	billingtest.CheckPricer(&r, terms(t), pricer(t, p))
	return r.findings
}

// deadline does for deadline code.
func deadline(h kit.Hours, c kit.Clock) []kit.Finding {
	var r recorder
	slatest.Conforms(&r, hours(h), c)
	return r.findings
}

// cases does for the clock of cases.
func cases(p kit.Policy, e kit.Evaluator) []kit.Finding {
	var r recorder
	slatest.CheckCases(&r, policy(p), slatest.Knowing(evaluator{p, e},
		"At", "Phase", "Responded", "Plan", "Submitted", "Assessed", "Severity", "NextChange",
		"FirstResponse.Outcome", "FirstResponse.Elapsed", "FirstResponse.Remaining", "FirstResponse.Due", "FirstResponse.Target", "FirstResponse.Breach.At", "FirstResponse.Breach.Target"))
	return r.findings
}

// invoice does for invoices.
func invoice(cards []kit.Card, f kit.Invoicer) (findings []kit.Finding, law bool) {
	var r recorder
	billingtest.CheckInvoicer(&r, book(cards), func(t plan.Timeline, _ billing.Book, usages ...billing.Usage) (billingtest.Bill, error) {
		p := usages[0].Period()
		total, lines, err := f(stays(t), cards, kit.Period{Start: p.Start, End: p.End}, usages[0].Billable().Rat())
		if err != nil {
			return billingtest.Bill{}, err
		}
		bill := billingtest.Bill{Due: dec(total), Lines: []billingtest.BillLine{}}
		for _, l := range lines {
			bill.Lines = append(bill.Lines, billingtest.BillLine{Plan: plans[l.Plan], Edition: l.Edition, Amount: dec(l.Amount)})
		}
		return bill, nil
	})
	return r.findings, true
}

func dec(x *big.Rat) decimal.Decimal {
	n, _ := x.FloatPrec()
	return decimal.RequireFromString(x.FloatString(n))
}

// ---- a T that keeps what it is told

type recorder struct{ findings []kit.Finding }

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	law, _, _ := strings.Cut(s, ":")
	r.findings = append(r.findings, kit.Finding{Law: law, Message: s})
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// ---- prices

func rounding(places int32, mode string) (r price.Rounding) {
	if mode != "" {
		r = price.Rounding{Places: places, Mode: price.RoundingMode(mode)}
	}
	return r
}

func terms(t kit.Terms) price.Terms {
	out := price.Terms{
		Model: price.ModelGraduated, Minimum: kit.Dec(t.Min), Maximum: kit.Dec(t.Max),
		Rounding: rounding(t.Places, t.Mode), UsageRounding: rounding(t.UsagePlaces, t.UsageMode),
	}
	if t.Volume {
		out.Model = price.ModelVolume
	}
	for _, x := range t.Tiers {
		out.Tiers = append(out.Tiers, price.Tier{UpTo: kit.Dec(x.UpTo), Rate: kit.Dec(x.Rate), Flat: kit.Dec(x.Flat)})
	}
	if t.Off != "" {
		out.Discount = price.Discount{Rate: kit.Dec(t.Off), Stage: price.DiscountBeforeMaximum}
		if t.OffLast {
			out.Discount.Stage = price.DiscountAfterMinimum
		}
	}
	return out
}

type withMinor struct {
	billingtest.Func
	minor func(int64) (int64, error)
}

func (p withMinor) FeeMinor(u int64) (int64, error) { return p.minor(u) }

type withQuote struct {
	billingtest.Func
	quote func(decimal.Decimal) (kit.Quote, error)
	terms kit.Terms
}

func (p withQuote) Quote(u decimal.Decimal) (price.Quote, error) {
	q, err := p.quote(u)
	out := price.Quote{Usage: u, UsageRated: u, Total: q.Total}
	for i, l := range q.Lines {
		out.Lines = append(out.Lines, price.Line{Tier: i + 1, Slice: l.Slice, Rate: l.Rate, Flat: l.Flat, Charge: l.Charge})
	}
	for _, a := range q.Adjust {
		out.Adjustments = append(out.Adjustments, price.Adjustment{Kind: price.AdjustmentRounding, Amount: a})
	}
	return out, err
}

func pricer(t kit.Terms, p kit.Pricer) billingtest.Pricer {
	switch {
	case p.Minor != nil:
		return withMinor{p.Fee, p.Minor}
	case p.Quote != nil:
		return withQuote{p.Fee, p.Quote, t}
	}
	return billingtest.Func(p.Fee)
}

// ---- deadlines

var (
	calendars = map[string]calendar.Calendar{}
	mutex     sync.Mutex
)

func shifts(in []kit.Span) (out []calendar.Shift) {
	for _, s := range in {
		out = append(out, calendar.Shift{Open: calendar.TimeOfDay(s.Open), Close: calendar.TimeOfDay(s.Close)})
	}
	return out
}

func hours(h kit.Hours) calendar.Calendar {
	mutex.Lock()
	defer mutex.Unlock()
	if c, ok := calendars[h.Name]; ok {
		return c
	}
	s := calendar.Spec{Location: kit.Zone(h.Zone), Special: map[calendar.Date][]calendar.Shift{}, Breaks: map[calendar.Date][]calendar.Shift{}}
	for d, spans := range h.Week {
		s.Week[d] = shifts(spans)
	}
	for _, d := range h.Holidays {
		s.Holidays = append(s.Holidays, calendar.Holiday{Date: must(calendar.ParseDate(d))})
	}
	for d, spans := range h.Special {
		s.Special[must(calendar.ParseDate(d))] = shifts(spans)
	}
	for d, spans := range h.Breaks {
		s.Breaks[must(calendar.ParseDate(d))] = shifts(spans)
	}
	calendars[h.Name] = must(calendar.New(s))
	return calendars[h.Name]
}

// ---- cases

var (
	plans      = []plan.Plan{0, plan.Basic, plan.Developer, plan.Business, plan.Enterprise}
	severities = []severity.Severity{0, severity.General, severity.SystemImpaired, severity.ProductionImpacted, severity.BusinessCritical}
	phases     = []clock.Phase{"", clock.PhaseRunning, clock.PhasePaused, clock.PhaseClosed}
	outcomes   = []clock.Outcome{"", clock.OutcomePending, clock.OutcomeMet, clock.OutcomeBreached, clock.OutcomeUnanswered, clock.OutcomeNoTarget}
)

func target(t kit.Target) clock.Target {
	out := clock.Target{Within: t.Within}
	if t.Hours != nil {
		out.Calendar = hours(*t.Hours)
	}
	return out
}

func policy(p kit.Policy) sla.Policy {
	var cells []sla.Cell
	for k, t := range p.Table {
		cells = append(cells, sla.Cell{Plan: plans[k[0]], Severity: severities[k[1]], Targets: clock.Targets{FirstResponse: target(t)}})
	}
	out := sla.Policy{Table: must(sla.Table{}.With(p.Name, cells...)), NearestCovered: p.Nearest}
	out.Conventions.FirstResponse.CountPauses = p.IgnorePauses
	if p.ReclassifiedAnew {
		out.OnReclassified = clock.MeasureRestart
	}
	if p.PlanAnew {
		out.OnPlanChanged = clock.MeasureRestart
	}
	return out
}

func index[T comparable](all []T, x T) int {
	for i, y := range all {
		if x == y {
			return i
		}
	}
	panic(fmt.Sprint(x))
}

func stays(t plan.Timeline) (out []kit.Stay) {
	for _, s := range t.Subscriptions() {
		out = append(out, kit.Stay{Plan: index(plans, s.Plan), Start: s.Period.Start, End: s.Period.End})
	}
	return out
}

func timeline(in []kit.Stay) plan.Timeline {
	var subs []plan.Subscription
	for _, s := range in {
		subs = append(subs, plan.Subscription{Plan: plans[s.Plan], Period: calendar.Period{Start: s.Start, End: s.End}})
	}
	return must(plan.NewTimeline(subs...))
}

func ownCase(c sla.Case) kit.Case {
	out := kit.Case{Plan: index(plans, c.Plan), Severity: index(severities, c.Severity), Opened: c.Opened}
	if c.Timeline != nil {
		out.HasTimeline, out.Timeline = true, stays(*c.Timeline)
	}
	for _, e := range c.Events {
		out.Events = append(out.Events, kit.Event{At: e.At, Kind: index(kit.KindNames[:], string(e.Kind)), Severity: index(severities, e.Severity), Plan: index(plans, e.Plan)})
	}
	return out
}

func event(e kit.Event) sla.Event {
	return sla.Event{At: e.At, Kind: sla.Kind(kit.KindNames[e.Kind]), Severity: severities[e.Severity], Plan: plans[e.Plan]}
}

func theirCase(c kit.Case) sla.Case {
	out := sla.Case{Plan: plans[c.Plan], Severity: severities[c.Severity], Opened: c.Opened}
	if c.HasTimeline {
		t := timeline(c.Timeline)
		out.Timeline = &t
	}
	for _, e := range c.Events {
		out.Events = append(out.Events, event(e))
	}
	return out
}

// status fills in what both know: the first response, and what NextChange says.
func status(s kit.Status) sla.Status {
	var out sla.Status
	out.At, out.Phase, out.Responded, out.NextChange = s.At, phases[s.Phase], s.Responded, s.NextChange
	out.Plan, out.Submitted, out.Assessed, out.Severity = plans[s.Plan], severities[s.Submitted], severities[s.Assessed], severities[s.Severity]
	out.FirstResponse.Outcome, out.FirstResponse.Elapsed, out.FirstResponse.Remaining = outcomes[s.Outcome], s.Elapsed, s.Remaining
	out.FirstResponse.Due, out.FirstResponse.Target = s.Due, target(s.Basis.Target)
	if s.Basis.Target.Within <= 0 {
		out.FirstResponse.Remaining = must(sla.Published().Evaluate(sla.Case{Plan: plan.Basic, Severity: severity.BusinessCritical, Opened: s.At}, s.At)).FirstResponse.Remaining
	}
	if !s.BreachAt.IsZero() {
		out.FirstResponse.Breach = clock.Breach{At: s.BreachAt, Target: target(s.BreachBasis.Target)}
	}
	return out
}

type evaluator struct {
	policy kit.Policy
	own    kit.Evaluator
}

func (e evaluator) Evaluate(c sla.Case, now time.Time) (sla.Status, error) {
	own := ownCase(c)
	before := append([]kit.Event(nil), own.Events...)
	s, err := e.own(own, now)
	for i := range before { // what the code did to its input it did to the caller's
		if own.Events[i] != before[i] {
			c.Events[i] = event(own.Events[i])
		}
	}
	if err != nil {
		return sla.Status{}, err
	}
	return status(s), nil
}

// ---- invoices

func book(in []kit.Card) billing.Book {
	var cards []billing.EffectiveCard
	for _, c := range in {
		t := billing.CardTerms{
			Edition: c.Edition, Currency: "USD", Rounding: rounding(c.Places, c.Mode), Plans: map[plan.Plan]price.Terms{},
			Per: billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
		}
		if c.Whole {
			t.Limits = price.LimitsWhole
		}
		for p, x := range c.Terms {
			x.Places, x.Mode = c.Places, c.Mode
			t.Plans[plans[p]] = terms(x)
		}
		cards = append(cards, billing.EffectiveCard{From: c.Start, Card: must(billing.NewCard(t))})
	}
	return must(billing.NewBook(cards...))
}

func usage(u decimal.Decimal, p kit.Period) billing.Usage {
	period := calendar.Period{Start: p.Start, End: p.End}
	return must(billing.NewUsage("USD", period, billing.Charge{Kind: billing.ChargeCloudService, Amount: u, Period: period}))
}

// ---- what the library itself answers, beside the answer of this suite

func agrees(input any) string {
	differ := func(ours, theirs any) string {
		if a, b := fmt.Sprint(ours), fmt.Sprint(theirs); a != b {
			return fmt.Sprintf("%+v: the suite says %s, the library %s", input, a, b)
		}
		return ""
	}
	switch in := input.(type) {
	case kit.PricingInput:
		fee, err := price.MustCompile(terms(in.Terms)).Fee(in.Usage)
		if in.Usage.IsNegative() || err != nil {
			return differ(in.Usage.IsNegative(), err != nil)
		}
		return differ(kit.Exact(in.Terms, in.Usage.Rat()).FloatString(int(in.Terms.Places)), fee.StringFixed(in.Terms.Places))
	case kit.DeadlineInput:
		return differ(in.Ask.Answer(kit.Ref(in.Hours)), in.Ask.Answer(hours(in.Hours)))
	case kit.CaseInput:
		ours, _ := in.Policy.Evaluate(in.Told.Case, in.Told.Now)
		theirs, err := policy(in.Policy).Evaluate(theirCase(in.Told.Case), in.Told.Now)
		if err != nil {
			return err.Error()
		}
		known := func(s sla.Status) string {
			f := s.FirstResponse
			return fmt.Sprint(s.At.UTC(), s.Phase, s.Responded.UTC(), s.NextChange.UTC(), s.Plan, s.Submitted, s.Assessed, s.Severity,
				f.Outcome, f.Elapsed, f.Remaining, f.Due.UTC(), f.Target, f.Breach.At.UTC(), f.Breach.Target)
		}
		return differ(known(status(ours)), known(theirs))
	case kit.InvoiceInput:
		total, lines, err := kit.Invoice(in.Bill.Timeline, in.Book, in.Bill.Period, kit.Rat(in.Bill.Usage))
		inv, err2 := book(in.Book).Invoice(timeline(in.Bill.Timeline), usage(kit.Dec(in.Bill.Usage), in.Bill.Period))
		if err != nil || err2 != nil {
			return differ(err != nil, err2 != nil)
		}
		places := in.Book[0].Places
		ours, theirs := total.FloatString(int(places)), inv.Due.StringFixed(places)
		for _, l := range lines {
			ours += line(plans[l.Plan], l.Edition, l.Kind, l.Tier, l.Amount, places)
		}
		for _, c := range inv.Charges {
			kind := "tier"
			if c.Kind != "" {
				kind = string(c.Kind)
			}
			s := inv.Segments[c.Segment]
			theirs += line(must(plan.Parse(s.Plan)), s.Edition, kind, c.Line.Tier, c.Amount.Rat(), places)
		}
		return differ(ours, theirs)
	}
	panic("no such input")
}

func line(p plan.Plan, edition, kind string, tier int, amount *big.Rat, places int32) string {
	return fmt.Sprintf("; %v %s %s %d %s", p, edition, kind, tier, amount.FloatString(int(places)))
}
