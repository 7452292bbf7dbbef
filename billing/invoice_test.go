package billing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

type fataler interface{ Fatal(...any) }

// must returns v if err is nil.
func must[V any](v V, err error) func(t fataler) V {
	return func(t fataler) V {
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }

func days(month time.Month, from, to int) calendar.Period {
	return calendar.Period{Start: day(month, from), End: day(month, to)}
}

var march = days(3, 1, 32)

// spent is a usage of March in US dollars.
func spent(t fataler, amount string) billing.Usage { return spentIn(t, march, d(amount)) }

func spentIn(t fataler, p calendar.Period, amount decimal.Decimal) billing.Usage {
	return must(billing.NewUsage("USD", p, billing.Charge{Kind: billing.ChargeCloudService, Amount: amount, Period: p}))(t)
}

func timeline(t fataler, subs ...plan.Subscription) plan.Timeline {
	return must(plan.NewTimeline(subs...))(t)
}

// cardA and cardB are two editions: B takes over on 16 March.
func cardA() billing.CardTerms {
	return billing.CardTerms{
		Edition: "A", Currency: "USD", Rounding: cents,
		Per: billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
		Plans: map[plan.Plan]price.Terms{
			plan.Developer: {Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.03")}}, Minimum: d("29")},
			plan.Business:  {Model: price.ModelGraduated, Tiers: []price.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {Rate: d("0.07")}}, Minimum: d("100")},
		},
	}
}

func cardB() billing.CardTerms {
	c := cardA()
	c.Edition = "B"
	c.Plans[plan.Business] = price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{UpTo: d("10000"), Rate: d("0.09")}, {Rate: d("0.06")}}, Minimum: d("200")}
	return c
}

func mustCard(t fataler, terms billing.CardTerms) billing.Card {
	return must(billing.NewCard(terms))(t)
}

// twoEditions is the book in which card b takes over from card a at the given
// instant.
func twoEditions(t fataler, at time.Time, a, b billing.CardTerms) billing.Book {
	return must(billing.NewBook(
		billing.EffectiveCard{From: at, Card: mustCard(t, b)},
		billing.EffectiveCard{From: day(1, 1).AddDate(-20, 0, 0), Card: mustCard(t, a)},
	))(t)
}

func oneEdition(t fataler, c billing.CardTerms) billing.Book {
	return must(mustCard(t, c).Book(day(1, 1).AddDate(-20, 0, 0)))(t)
}

// changes is an account that goes from Developer to Business on 11 March and
// lets it run out on 26 March.
func changes(t fataler) plan.Timeline {
	return timeline(t,
		plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: day(2, 20), End: day(3, 11)}},
		plan.Subscription{Plan: plan.Business, Period: days(3, 11, 26)},
	)
}

// Two plan changes and a card change in one month, worked by hand. Usage is
// 31,000; March has 31 days.
//
//	Developer A  10/31  3 % of 31,000 = 930                     930 × 10/31 = 300
//	Business  A   5/31  10 % of 10,000 = 1,000                1,000 ×  5/31 = 161.290…
//	                     7 % of 21,000 = 1,470                1,470 ×  5/31 = 237.096…
//	Business  B  10/31   9 % of 10,000 =   900                  900 × 10/31 = 290.322…
//	                     6 % of 21,000 = 1,260                1,260 × 10/31 = 406.451…
//	Basic     B   6/31                                                        0
//
// The sum is 1,395.1612…, so the total is 1,395.16; the charges rounded down make
// 1,395.15, and the cent goes to the charge that lost most, 237.0967….
func TestInvoiceByHand(t *testing.T) {
	a, b := cardA(), cardB()
	got := must(twoEditions(t, day(3, 16), a, b).Invoice(changes(t), spent(t, "31000")))(t)
	dev := price.Line{Tier: 1, Slice: d("31000"), Rate: d("0.03"), Charge: d("930")}
	a1 := price.Line{Tier: 1, To: d("10000"), Slice: d("10000"), Rate: d("0.10"), Charge: d("1000")}
	a2 := price.Line{Tier: 2, From: d("10000"), Slice: d("21000"), Rate: d("0.07"), Charge: d("1470")}
	b1 := price.Line{Tier: 1, To: d("10000"), Slice: d("10000"), Rate: d("0.09"), Charge: d("900")}
	b2 := price.Line{Tier: 2, From: d("10000"), Slice: d("21000"), Rate: d("0.06"), Charge: d("1260")}
	terms := func(c billing.CardTerms, p plan.Plan) *price.Terms {
		terms := c.Plans[p]
		terms.Rounding = cents
		return &terms
	}
	segment := func(p plan.Plan, edition string, terms *price.Terms, from, to int, share string) billing.Segment {
		return billing.Segment{Plan: p.String(), Edition: edition, Periods: []calendar.Period{days(3, from, to)}, Share: r(share), Usage: d("31000"), UsageRated: d("31000"), Terms: terms}
	}
	shares := []string{"10/31", "5/31", "10/31", "6/31"}
	want := billing.Invoice{
		Head:  billing.Head{Kind: billing.DocumentInvoice, Period: march, Currency: "USD", Places: 2, Due: d("1395.16")},
		Usage: d("31000"), Rounding: cents, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
		Segments: []billing.Segment{
			segment(plan.Developer, "A", terms(a, plan.Developer), 1, 11, "10/31"),
			segment(plan.Business, "A", terms(a, plan.Business), 11, 16, "5/31"),
			segment(plan.Business, "B", terms(b, plan.Business), 16, 26, "10/31"),
			segment(plan.Basic, "B", nil, 26, 32, "6/31"),
		},
		Charges: []price.Charge{
			{Segment: 0, Line: dev, Share: r(shares[0]), Exact: r("300"), Amount: d("300.00")},
			{Segment: 1, Line: a1, Share: r(shares[1]), Exact: r("5000/31"), Amount: d("161.29")},
			{Segment: 1, Line: a2, Share: r(shares[1]), Exact: r("7350/31"), Amount: d("237.10")},
			{Segment: 2, Line: b1, Share: r(shares[2]), Exact: r("9000/31"), Amount: d("290.32")},
			{Segment: 2, Line: b2, Share: r(shares[2]), Exact: r("12600/31"), Amount: d("406.45")},
		},
	}
	if diff := cmp.Diff(want, got, rats); diff != "" {
		t.Error(diff)
	}
}

// Shares are by the nanosecond: of three and a half seconds, one and three
// quarters are half.
func TestSharesOfFractionsOfSeconds(t *testing.T) {
	start := day(3, 1)
	period := calendar.Period{Start: start, End: start.Add(3500 * time.Millisecond)}
	half := calendar.Period{Start: start, End: start.Add(1750 * time.Millisecond)}
	any := cardA()
	any.Per = billing.IntervalPeriod
	tl := timeline(t, plan.Subscription{Plan: plan.Business, Period: half})
	inv := must(oneEdition(t, any).Invoice(tl, spentIn(t, period, d("2000"))))(t)
	for _, s := range inv.Segments {
		if s.Share.Cmp(r("1/2")) != 0 {
			t.Errorf("%v has a share of %v", s.Plan, s.Share)
		}
	}
	if !inv.Due.Equal(d("100")) { // half of 10 % of 2,000
		t.Errorf("due %v", inv.Due)
	}
}

// issued returns the head of a document that was issued under the ID.
func issued(h billing.Head, id string) billing.Head {
	h.ID = id
	return h
}

// A refund of 3,100 comes after the invoice of March: usage is 27,900, which by
// hand is Developer 837 × 10/31 = 270, Business A (1,000 + 1,253) × 5/31, Business
// B (900 + 1,074) × 10/31, together 270 + 31,005/31 = 1,270.1612…; the settlement
// is 1,270.16 − 1,395.16.
func TestLateRefundByHand(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	first := must(must(book.Invoice(changes(t), spent(t, "31000")))(t).Issue("2026-0042"))(t)
	rerated := must(book.Invoice(changes(t), spent(t, "27900")))(t)
	got := must(rerated.Settle(first.Head))(t)
	want := billing.Settlement{
		Head:    billing.Head{Kind: billing.DocumentSettlement, Period: march, Currency: "USD", Places: 2, Due: d("-125.00")},
		Invoice: rerated, Settles: []billing.Head{first.Head}, Billed: d("1395.16"),
	}
	if diff := cmp.Diff(want, got, rats); diff != "" {
		t.Error(diff)
	}
	if rerated.Due.StringFixed(2) != "1270.16" {
		t.Errorf("re-rated %v", rerated.Due)
	}
	// The changes, charge by charge, add up to it.
	diffs := must(rerated.Changes(first))(t)
	wantDiffs := []billing.Change{
		{Plan: "developer", Edition: "A", Tier: 1, Before: d("300.00"), After: d("270.00")},
		{Plan: "business", Edition: "A", Tier: 2, Before: d("237.10"), After: d("202.10")},
		{Plan: "business", Edition: "B", Tier: 2, Before: d("406.45"), After: d("346.45")},
	}
	if diff := cmp.Diff(wantDiffs, diffs); diff != "" {
		t.Error(diff)
	}
	// Then 3,100 are charged after all: the next settlement takes it back.
	again := must(book.Invoice(changes(t), spent(t, "31000")))(t)
	second := must(again.Settle(first.Head, must(got.Issue("2026-0043"))(t).Head))(t)
	if second.Due.StringFixed(2) != "125.00" {
		t.Errorf("second settlement %v", second.Due)
	}
}

// A charge that one of two invoices has alone is a change from or to 0.
func TestChanges(t *testing.T) {
	book := oneEdition(t, cardA())
	all := timeline(t, plan.Subscription{Plan: plan.Business, Period: march})
	low, high := must(book.Invoice(all, spent(t, "500")))(t), must(book.Invoice(all, spent(t, "20000")))(t)
	want := []billing.Change{
		{Plan: "business", Edition: "A", Tier: 1, Before: d("50.00"), After: d("1000.00")},
		{Plan: "business", Edition: "A", Tier: 2, Before: d("0.00"), After: d("700.00")},
		{Plan: "business", Edition: "A", Kind: price.AdjustmentMinimum, Before: d("50.00"), After: d("0.00")},
	}
	if diff := cmp.Diff(want, must(high.Changes(low))(t)); diff != "" {
		t.Error(diff)
	}
	for _, c := range must(high.Changes(low))(t) {
		if c.Before.Exponent() != -2 || c.After.Exponent() != -2 {
			t.Errorf("from %#v to %#v", c.Before, c.After)
		}
	}
	if same := must(high.Changes(high))(t); len(same) != 0 {
		t.Errorf("of itself: %v", same)
	}
	april := must(book.Invoice(all, spentIn(t, days(4, 1, 31), d("1"))))(t)
	if _, err := high.Changes(april); !errors.Is(err, billing.ErrMismatch) || !strings.HasPrefix(err.Error(), "billing: changes: ") {
		t.Error(err)
	}
}

// Invoices that differ in more than charges, or that were made by hand with charges
// of no segment, are not compared.
func TestChangesRefuses(t *testing.T) {
	inv := must(ownPlans().Complete())(t)
	mismatch := "[2026-03-01T00:00:00Z, 2026-04-01T00:00:00Z) in "
	for name, c := range map[string]struct {
		change func(*billing.Invoice)
		want   error
		text   string
	}{
		"period":   {func(i *billing.Invoice) { i.Period = days(4, 1, 31) }, billing.ErrMismatch, "[2026-04-01T00:00:00Z, 2026-05-01T00:00:00Z) in EUR after [2026-03-01"},
		"currency": {func(i *billing.Invoice) { i.Currency = "USD" }, billing.ErrMismatch, mismatch + "USD after " + mismatch + "EUR"},
		"places":   {func(i *billing.Invoice) { i.Places = 3 }, billing.ErrMismatch, mismatch + "EUR after " + mismatch + "EUR"},
		"due":      {func(i *billing.Invoice) { i.Due = d("0.001") }, billing.ErrInvalid, "due: 0.001 has more than 2 places"},
		"above":    {func(i *billing.Invoice) { i.Charges[1].Segment = 2 }, billing.ErrInvalid, "charges[1].segment: 2 of 2 segments"},
		"below":    {func(i *billing.Invoice) { i.Charges[0].Segment = -1 }, billing.ErrInvalid, "charges[0].segment: -1 of 2 segments"},
		"amount":   {func(i *billing.Invoice) { i.Charges[0].Amount = decimal.New(1, 100) }, billing.ErrInvalid, "charges[0].amount: a number"},
	} {
		bad := inv
		bad.Charges = slices.Clone(inv.Charges)
		c.change(&bad)
		got, err := bad.Changes(inv)
		refused(t, name, err, c.want, "billing: changes: "+c.text)
		if _, back := inv.Changes(bad); got != nil || !errors.Is(back, c.want) {
			t.Errorf("%s: %v, %v", name, got, back)
		}
	}
}

type chargeSummary struct {
	Plan, Edition, What, Amount string
}

func summarise(i billing.Invoice) (out []chargeSummary) {
	for _, c := range i.Charges {
		what := fmt.Sprint(c.Kind)
		if c.Line.Tier > 0 {
			what = "tier"
		}
		s := i.Segments[c.Segment]
		out = append(out, chargeSummary{s.Plan, s.Edition, what, c.Amount.StringFixed(2)})
	}
	return out
}

// With usage 310 the minimums bite. Prorated, each segment's fee is
// max(tiers, minimum) × share; whole, a plan's minimum is due once and in full,
// by the edition of its last segment.
//
//	            tiers  × share   prorated minimum    whole
//	Developer A  9.30      3.00  29 × 10/31 =  9.35  3 + 26 = 29
//	Business  A 31.00      5.00  100 × 5/31 = 16.13  5
//	Business  B 27.90      9.00  200 × 10/31 = 64.52 9 + 186 = 200
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		limits price.Limits
		due    string
		want   []chargeSummary
	}{
		{price.LimitsProrated, "90.00", []chargeSummary{
			{"developer", "A", "tier", "3.00"}, {"developer", "A", "minimum", "6.35"},
			{"business", "A", "tier", "5.00"}, {"business", "A", "minimum", "11.13"},
			{"business", "B", "tier", "9.00"}, {"business", "B", "minimum", "55.52"},
		}},
		{price.LimitsWhole, "229.00", []chargeSummary{
			{"developer", "A", "tier", "3.00"}, {"developer", "A", "minimum", "26.00"},
			{"business", "A", "tier", "5.00"},
			{"business", "B", "tier", "9.00"}, {"business", "B", "minimum", "186.00"},
		}},
	} {
		a, b := cardA(), cardB()
		a.Limits, b.Limits = c.limits, c.limits
		got := must(twoEditions(t, day(3, 16), a, b).Invoice(changes(t), spent(t, "310")))(t)
		if diff := cmp.Diff(c.want, summarise(got)); diff != "" || got.Due.StringFixed(2) != c.due {
			t.Errorf("%v: due %v\n%s", c.limits, got.Due, diff)
		}
	}
}

// Discounts and maxima on an invoice: before the maximum for each segment, after
// the minimum once per plan if limits are whole.
func TestInvoiceDiscounts(t *testing.T) {
	tl := timeline(t, plan.Subscription{Plan: plan.Business, Period: days(3, 1, 11)})
	for _, c := range []struct {
		stage  price.DiscountStage
		limits price.Limits
		want   []chargeSummary
	}{
		// 10 % of 31,000 is 3,100, for 10/31 of the month 1,000.
		{price.DiscountBeforeMaximum, price.LimitsProrated, []chargeSummary{
			{"business", "A", "tier", "1000.00"}, {"business", "A", "discount", "-100.00"}, {"business", "A", "maximum", "-700.00"},
		}},
		{price.DiscountAfterMinimum, price.LimitsProrated, []chargeSummary{
			{"business", "A", "tier", "1000.00"}, {"business", "A", "maximum", "-800.00"}, {"business", "A", "discount", "-20.00"},
		}},
		{price.DiscountBeforeMaximum, price.LimitsWhole, []chargeSummary{
			{"business", "A", "tier", "1000.00"}, {"business", "A", "discount", "-100.00"}, {"business", "A", "maximum", "-280.00"},
		}},
		{price.DiscountAfterMinimum, price.LimitsWhole, []chargeSummary{
			{"business", "A", "tier", "1000.00"}, {"business", "A", "maximum", "-380.00"}, {"business", "A", "discount", "-62.00"},
		}},
	} {
		terms := cardA()
		terms.Limits = c.limits
		terms.Plans = map[plan.Plan]price.Terms{plan.Business: {
			Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.10")}}, Maximum: d("620"),
			Discount: price.Discount{Rate: d("0.10"), Stage: c.stage},
		}}
		got := must(oneEdition(t, terms).Invoice(tl, spent(t, "31000")))(t)
		if diff := cmp.Diff(c.want, summarise(got)); diff != "" {
			t.Errorf("%v, %v:\n%s", c.stage, c.limits, diff)
		}
		var form struct {
			Charges []struct{ Kind, Rate string }
		}
		if err := json.Unmarshal(must(json.Marshal(got))(t), &form); err != nil {
			t.Fatal(err)
		}
		for _, c := range form.Charges {
			if want := map[string]string{"discount": "0.10"}[c.Kind]; c.Rate != want {
				t.Errorf("the rate of %q is written as %q, want %q", c.Kind, c.Rate, want)
			}
		}
	}
}

func zone(t fataler, name string) *time.Location { return must(time.LoadLocation(name))(t) }

// A share is time over time: a leap day, a long month and a clock change count
// for what they are.
func TestSharesAreByTime(t *testing.T) {
	newYork := zone(t, "America/New_York")
	for _, c := range []struct {
		name     string
		year     int
		month    time.Month
		loc      *time.Location
		from, to int // days
		share    string
	}{
		{"a day of a leap February", 2028, 2, time.UTC, 29, 30, "1/29"},
		{"a day of a common February", 2026, 2, time.UTC, 28, 29, "1/28"},
		{"the last day of a long month", 2026, 1, time.UTC, 31, 32, "1/31"},
		{"the day that clocks go forward", 2026, 3, newYork, 8, 9, "23/743"},
		{"the day before", 2026, 3, newYork, 7, 8, "24/743"},
		{"the day that clocks go back", 2026, 11, newYork, 1, 2, "25/721"},
	} {
		p := must(calendar.Month(c.year, c.month, c.loc))(t)
		tl := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{
			Start: time.Date(c.year, c.month, c.from, 0, 0, 0, 0, c.loc), End: time.Date(c.year, c.month, c.to, 0, 0, 0, 0, c.loc),
		}})
		inv := must(oneEdition(t, cardA()).Invoice(tl, spentIn(t, p, d("5000"))))(t)
		i := slices.IndexFunc(inv.Segments, func(s billing.Segment) bool { return s.Plan == "business" })
		if inv.Segments[i].Share.Cmp(r(c.share)) != 0 || inv.Charges[0].Exact.Cmp(new(big.Rat).Mul(r(c.share), r("500"))) != 0 {
			t.Errorf("%s: share %v, want %s", c.name, inv.Segments[i].Share, c.share)
		}
	}
	ns := calendar.Period{Start: day(3, 1), End: day(3, 1).Add(3)}
	tl := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: ns.Start.Add(1), End: ns.Start.Add(2)}})
	any := cardA()
	any.Per = billing.IntervalPeriod
	inv := must(oneEdition(t, any).Invoice(tl, spentIn(t, ns, d("0"))))(t)
	if inv.Segments[1].Share.Cmp(r("1/3")) != 0 || inv.Due.StringFixed(2) != "33.33" {
		t.Errorf("a nanosecond of three: %v", inv)
	}
	if inv.Segments[0].Share.Cmp(r("2/3")) != 0 || len(inv.Segments[0].Periods) != 2 {
		t.Errorf("Basic before and after is one segment: %v", inv.Segments[0])
	}
}

// D19: by civil days, a day belongs to the plan in force when it ends: the
// first day is charged, the last is not, at whatever hour they start and end.
func TestSharesByDays(t *testing.T) {
	apia, berlin := zone(t, "Pacific/Apia"), zone(t, "Europe/Berlin")
	at := func(loc *time.Location, year int, month time.Month, day, hour int) time.Time {
		return time.Date(year, month, day, hour, 0, 0, 0, loc)
	}
	for _, c := range []struct {
		name       string
		zone       *time.Location
		year       int
		month      time.Month
		start, end time.Time
		days, of   int
	}{
		{"from noon to noon", time.UTC, 2026, 3, at(time.UTC, 2026, 3, 17, 12), at(time.UTC, 2026, 3, 20, 12), 3, 31},
		{"within a day", time.UTC, 2026, 3, at(time.UTC, 2026, 3, 17, 1), at(time.UTC, 2026, 3, 17, 23), 0, 31},
		{"around a midnight", time.UTC, 2026, 3, at(time.UTC, 2026, 3, 17, 23), at(time.UTC, 2026, 3, 18, 1), 1, 31},
		{"a whole day", time.UTC, 2026, 3, at(time.UTC, 2026, 3, 17, 0), at(time.UTC, 2026, 3, 18, 0), 1, 31},
		{"the day of 23 hours", berlin, 2026, 3, at(berlin, 2026, 3, 29, 0), at(berlin, 2026, 3, 30, 0), 1, 31},
		{"the day of 25 hours", berlin, 2026, 10, at(berlin, 2026, 10, 25, 0), at(berlin, 2026, 10, 26, 0), 1, 31},
		{"from before the month", time.UTC, 2026, 3, at(time.UTC, 2026, 1, 1, 5), at(time.UTC, 2026, 3, 2, 5), 1, 31},
		{"a skipped date is no day", apia, 2011, 12, at(apia, 2011, 12, 29, 0), at(apia, 2011, 12, 31, 0), 1, 30},
		{"a leap day", time.UTC, 2028, 2, at(time.UTC, 2028, 2, 29, 0), at(time.UTC, 2028, 3, 1, 0), 1, 29},
	} {
		terms := cardA()
		terms.Proration, terms.Zone = billing.ProrationDays, c.zone
		tl := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: c.start, End: c.end}})
		inv := must(oneEdition(t, terms).Invoice(tl, spentIn(t, must(calendar.Month(c.year, c.month, c.zone))(t), d("9000"))))(t)
		days, all := 0, 0
		for _, s := range inv.Segments {
			all += s.Days
			if s.Plan == "business" {
				days = s.Days
			}
		}
		share := big.NewRat(int64(c.days), int64(c.of))
		if days != c.days || all != c.of || inv.Due.Rat().Cmp(referenceRound(cents, share.Mul(share, r("900")))) != 0 {
			t.Errorf("%s: %d of %d days, due %v; want %d of %d", c.name, days, all, inv.Due, c.days, c.of)
		}
		if c.days == 0 && len(inv.Charges) != 0 {
			t.Errorf("%s: a plan that ends no day is charged: %v", c.name, inv.Charges)
		}
	}
	terms := cardA()
	terms.Proration, terms.Zone = billing.ProrationDays, berlin
	if _, err := oneEdition(t, terms).Invoice(plan.Timeline{}, spent(t, "1")); !errors.Is(err, billing.ErrMismatch) || !strings.Contains(err.Error(), "does not start and end at midnights in Europe/Berlin") {
		t.Errorf("a month in UTC by days in Berlin: %v", err)
	}
}

// A period that is prorated by days has at most 40,000.
func TestDaysOfLongPeriods(t *testing.T) {
	terms := cardA()
	terms.Per, terms.Proration, terms.Zone = billing.IntervalPeriod, billing.ProrationDays, time.UTC
	book := must(mustCard(t, terms).Book(day(1, 1)))(t)
	for _, days := range []int{40_000, 40_001} {
		inv, err := book.Advance(plan.Timeline{}, calendar.Period{Start: day(1, 1), End: day(1, 1+days)})
		if days > 40_000 {
			refused(t, "a day more", err, billing.ErrInvalid, "billing: advance: [2026-01-01T00:00:00Z, 2135-07-10T00:00:00Z) has over 40000 days")
		} else if err != nil || inv.Segments[0].Days != days {
			t.Errorf("%v, %v", inv, err)
		}
	}
}

// The example of the documentation: new on 17 March with 10,000 spent by the
// 31st, at 10 %, is 483.87 by period and 1,000 by segment.
func TestBasis(t *testing.T) {
	tl := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(3, 17)}})
	terms := cardA()
	byPeriod := must(oneEdition(t, terms).Invoice(tl, spent(t, "10000")))(t)
	terms.Basis = price.BasisSegment
	book := oneEdition(t, terms)
	bySegment := must(book.Invoice(tl, spentIn(t, days(3, 17, 32), d("10000")), spentIn(t, days(3, 1, 17), d("0"))))(t)
	if byPeriod.Due.StringFixed(2) != "483.87" || bySegment.Due.StringFixed(2) != "1000.00" {
		t.Errorf("by period %v, by segment %v", byPeriod.Due, bySegment.Due)
	}
	if !bySegment.Usage.Equal(d("10000")) || !bySegment.Segments[0].Usage.IsZero() || !bySegment.Segments[1].Usage.Equal(d("10000")) {
		t.Errorf("usages %v", bySegment)
	}
	// Parts of segments may be given, and the minimum is by share: 15/31 of 100.
	segments := must(book.Advance(tl, march))(t).Segments
	var daily []billing.Usage
	for n := range 31 {
		daily = append(daily, spentIn(t, days(3, n+1, n+2), d("1")))
	}
	low := must(book.Invoice(tl, daily...))(t)
	if len(segments) != 2 || segments[1].Plan != "business" || !segments[1].Periods[0].Equal(days(3, 17, 32)) || low.Due.StringFixed(2) != "48.39" || !low.Segments[1].Usage.Equal(d("15")) {
		t.Errorf("%v, %v", segments, low)
	}
	// A refund in one segment does not lower the other's usage.
	refund := must(book.Invoice(tl, spentIn(t, days(3, 1, 17), d("-500")), spentIn(t, days(3, 17, 32), d("10000"))))(t)
	if refund.Due.StringFixed(2) != "1000.00" || !refund.Usage.Equal(d("10000")) {
		t.Errorf("with a refund: %v", refund)
	}
	next := cardB()
	next.Basis = price.BasisSegment
	_, err := twoEditions(t, day(3, 10), terms, next).Invoice(tl, spent(t, "10000"))
	refused(t, "one usage", err, billing.ErrMismatch, `billing: invoice: usage of [2026-03-01T00:00:00Z, 2026-04-01T00:00:00Z) crosses the end of a segment, and edition "A" charges by segment`)
	// The usages may come in any order, and stay in it.
	unsorted := []billing.Usage{daily[1], daily[0]}
	byPeriod = must(oneEdition(t, func() billing.CardTerms { c := cardA(); c.Per = billing.IntervalPeriod; return c }()).Invoice(tl, unsorted...))(t)
	if !byPeriod.Usage.Equal(d("2")) || !unsorted[0].Equal(daily[1]) {
		t.Errorf("%v, %v", byPeriod, unsorted)
	}
}

// The amount billed ahead and the settlement at the end are two documents that
// add up to the invoice; after a change of plan the second may be negative.
func TestAdvanceAndSettlement(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	all := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(1, 1)}})
	advance := must(must(book.Advance(all, march))(t).Issue("A-1"))(t)
	want := []chargeSummary{
		{"business", "A", "tier", "0.00"}, {"business", "A", "minimum", "48.39"}, // 100 × 15/31
		{"business", "B", "tier", "0.00"}, {"business", "B", "minimum", "103.22"}, // 200 × 16/31
	}
	if diff := cmp.Diff(want, summarise(advance)); diff != "" || advance.Kind != billing.DocumentAdvance || advance.Due.StringFixed(2) != "151.61" {
		t.Errorf("%v\n%s", advance, diff)
	}
	whole := must(book.Invoice(all, spent(t, "31000")))(t)
	s := must(whole.Settle(advance.Head))(t)
	if !s.Due.Add(advance.Due).Equal(whole.Due) || s.Billed.StringFixed(2) != "151.61" || s.Due.Exponent() != -2 {
		t.Errorf("settlement %v of %v after %v", s.Due, whole.Due, advance.Due)
	}
	short := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(1, 1), End: day(3, 2)}})
	left := must(book.Invoice(short, spent(t, "0")))(t)
	if s := must(left.Settle(advance.Head))(t); s.Due.StringFixed(2) != "-148.38" { // 100/31 − 151.61
		t.Errorf("after leaving on the second day: %v", s)
	}
}

// D21: a base fee is billed ahead: 29 and 3 % costs 29 at usage 0.
func TestAdvanceOfABaseFee(t *testing.T) {
	terms := cardA()
	terms.Plans = map[plan.Plan]price.Terms{plan.Developer: {Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.03"), Flat: d("29")}}}}
	all := timeline(t, plan.Subscription{Plan: plan.Developer, Period: march})
	if advance := must(oneEdition(t, terms).Advance(all, march))(t); advance.Due.StringFixed(2) != "29.00" {
		t.Errorf("advance %v", advance.Due)
	}
}

// D20: a card per month is asked for months: a year of usage does not pay one
// monthly minimum.
func TestIntervals(t *testing.T) {
	all := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(1, 1).AddDate(-1, 0, 0)}})
	hours := func(h int) calendar.Period {
		return calendar.Period{Start: day(3, 1), End: day(3, 1).Add(time.Duration(h) * time.Hour)}
	}
	for _, c := range []struct {
		per billing.Interval
		p   calendar.Period
		ok  bool
	}{
		{billing.IntervalMonth, march, true},
		{billing.IntervalMonth, hours(28*24 - 3), true},
		{billing.IntervalMonth, hours(28*24 - 4), false},
		{billing.IntervalMonth, hours(31*24 + 3), true},
		{billing.IntervalMonth, hours(31*24 + 4), false},
		{billing.IntervalMonth, days(2, 15, 28+17), true}, // a guard, not a proof
		{billing.IntervalMonth, days(1, 1, 366), false},
		{billing.IntervalYear, days(1, 1, 366), true},
		{billing.IntervalYear, hours(366*24 + 3), true},
		{billing.IntervalYear, hours(366*24 + 4), false},
		{billing.IntervalYear, hours(365*24 - 3), true},
		{billing.IntervalYear, hours(365*24 - 4), false},
		{billing.IntervalYear, march, false},
		{billing.IntervalPeriod, hours(1), true},
		{billing.IntervalPeriod, hours(20 * 366 * 24), true},
	} {
		terms := cardA()
		terms.Per = c.per
		usage := spentIn(t, c.p, d("1"))
		_, err1 := oneEdition(t, terms).Invoice(all, usage)
		_, err2 := oneEdition(t, terms).Advance(all, c.p)
		_, err3 := mustCard(t, terms).QuoteUsage(plan.Business, usage)
		for _, err := range []error{err1, err2, err3} {
			if ok := err == nil; ok != c.ok || !ok && (!errors.Is(err, billing.ErrMismatch) || !strings.Contains(err.Error(), fmt.Sprintf("is no whole %[1]s, and the card prices per %[1]s", c.per))) {
				t.Errorf("%v of a card per %s: %v", c.p, c.per, err)
			}
		}
	}
}

func TestInvoiceRefuses(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	enterprise := timeline(t, plan.Subscription{Plan: plan.Enterprise, Period: calendar.Period{Start: day(3, 1)}})
	with := func(change func(*billing.CardTerms)) billing.Book {
		b := cardB()
		change(&b)
		return twoEditions(t, day(3, 16), cardA(), b)
	}
	byDay := func(first, second *time.Location) billing.Book {
		a, b := cardA(), cardB()
		a.Proration, a.Zone, b.Proration, b.Zone = billing.ProrationDays, first, billing.ProrationDays, second
		return twoEditions(t, day(3, 16), a, b)
	}
	yen := must(billing.NewUsage("JPY", march))(t)
	open := must(billing.NewUsage("USD", calendar.Period{Start: day(3, 1)}))(t)
	one := spent(t, "1")
	for name, c := range map[string]struct {
		book     billing.Book
		timeline plan.Timeline
		usages   []billing.Usage
		want     error
		text     string
	}{
		"no usage":                {book, changes(t), nil, billing.ErrInvalid, "no usage"},
		"the zero usage":          {book, changes(t), []billing.Usage{{}}, calendar.ErrPeriod, "want a period with an end"},
		"usage without end":       {book, changes(t), []billing.Usage{open}, billing.ErrInvalid, "want a period with an end"},
		"yen":                     {book, changes(t), []billing.Usage{yen}, billing.ErrMismatch, "usage in JPY, cards in USD"},
		"a gap":                   {book, changes(t), []billing.Usage{spentIn(t, days(3, 1, 3), d("1")), spentIn(t, days(3, 4, 32), d("1"))}, billing.ErrMismatch, "leave a gap or overlap"},
		"an overlap":              {book, changes(t), []billing.Usage{one, one}, billing.ErrMismatch, "leave a gap or overlap"},
		"zero book":               {billing.Book{}, changes(t), []billing.Usage{one}, billing.ErrNotInForce, "the book has no card"},
		"before the first card":   {book, changes(t), []billing.Usage{spentIn(t, calendar.Period{Start: day(1, 1).AddDate(-20, 0, -1), End: day(1, 29).AddDate(-20, 0, 0)}, d("1"))}, billing.ErrNotInForce, "the first card is in force from 2006-01-01T00:00:00Z on"},
		"a plan without price":    {book, enterprise, []billing.Usage{one}, billing.ErrNotPriced, `enterprise in edition "A"`},
		"two currencies":          {with(func(c *billing.CardTerms) { c.Currency = "EUR" }), changes(t), []billing.Usage{one}, billing.ErrMismatch, `editions "A" and "B", both in force in the period, have another currency each`},
		"two numbers of places":   {with(func(c *billing.CardTerms) { c.Rounding.Places = 3 }), changes(t), []billing.Usage{one}, billing.ErrMismatch, "another rounding each"},
		"two rounding modes":      {with(func(c *billing.CardTerms) { c.Rounding.Mode = price.RoundingHalfEven }), changes(t), []billing.Usage{one}, billing.ErrMismatch, "another rounding each"},
		"two intervals":           {with(func(c *billing.CardTerms) { c.Per = billing.IntervalPeriod }), changes(t), []billing.Usage{one}, billing.ErrMismatch, "another per each"},
		"two prorations":          {with(func(c *billing.CardTerms) { c.Proration, c.Zone = billing.ProrationDays, time.UTC }), changes(t), []billing.Usage{one}, billing.ErrMismatch, "another proration each"},
		"two zones of days":       {byDay(time.UTC, zone(t, "Asia/Tokyo")), changes(t), []billing.Usage{one}, billing.ErrMismatch, "another zone each"},
		"two limits":              {with(func(c *billing.CardTerms) { c.Limits = price.LimitsWhole }), changes(t), []billing.Usage{one}, billing.ErrMismatch, "another limits each"},
		"two bases":               {with(func(c *billing.CardTerms) { c.Basis = price.BasisSegment }), changes(t), []billing.Usage{one}, billing.ErrMismatch, "another basis each"},
		"a usage over the limits": {book, changes(t), []billing.Usage{spentIn(t, days(3, 1, 2), d("9e29")), spentIn(t, days(3, 2, 32), d("9e29"))}, billing.ErrInvalid, "usage: "},
	} {
		got, err := c.book.Invoice(c.timeline, c.usages...)
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "billing: invoice: ") || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if diff := cmp.Diff(billing.Invoice{}, got, rats); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if _, err := book.Advance(enterprise, march); !errors.Is(err, billing.ErrNotPriced) || !strings.HasPrefix(err.Error(), "billing: advance: ") {
		t.Errorf("advance: %v", err)
	}
	for _, p := range []calendar.Period{{}, {Start: day(3, 1)}} {
		if _, err := book.Advance(changes(t), p); !errors.Is(err, calendar.ErrPeriod) || !errors.Is(err, billing.ErrInvalid) {
			t.Errorf("advance of %v: %v", p, err)
		}
	}
}

// Cards that are not in force in the period do not matter to it, whatever their
// currency; that of its very end is one.
func TestCardsOutsideThePeriod(t *testing.T) {
	euros := cardB()
	euros.Currency = "EUR"
	book := twoEditions(t, day(4, 1), cardA(), euros)
	inv, err := book.Invoice(changes(t), spent(t, "100"))
	if want := must(oneEdition(t, cardA()).Invoice(changes(t), spent(t, "100")))(t); err != nil || cmp.Diff(want, inv, rats) != "" {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, inv, rats))
	}
}

// A document is settled once, under its ID, in its own kind, period and currency.
func TestSettleRefuses(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	inv := must(book.Invoice(changes(t), spent(t, "100")))(t)
	advance := must(must(book.Advance(changes(t), march))(t).Issue("A-1"))(t)
	other := func(change func(*billing.Head)) billing.Head {
		h := issued(inv.Head, "I-1")
		change(&h)
		return h
	}
	for name, c := range map[string]struct {
		earlier billing.Head
		want    error
		text    string
	}{
		"a draft":          {inv.Head, billing.ErrNotIssued, "settles[1].id: missing; issue the invoice first"},
		"twice":            {advance.Head, billing.ErrDuplicate, `settles[1].id: "A-1"`},
		"another period":   {other(func(h *billing.Head) { h.Period = days(4, 1, 31) }), billing.ErrMismatch, "settles[1].period: "},
		"another currency": {other(func(h *billing.Head) { h.Currency = "JPY" }), billing.ErrMismatch, `settles[1].currency: "I-1" is in JPY, not in USD`},
		"no currency":      {other(func(h *billing.Head) { h.Currency = "" }), billing.ErrInvalid, "settles[1].currency: "},
		"places":           {other(func(h *billing.Head) { h.Places = 3 }), billing.ErrMismatch, "settles[1].places: "},
		"absurd places":    {other(func(h *billing.Head) { h.Places = -1 }), billing.ErrInvalid, "settles[1].places: "},
		"a tax":            {other(func(h *billing.Head) { h.Kind = billing.DocumentOther }), billing.ErrInvalid, "settles[1].kind: "},
		"a shortfall":      {other(func(h *billing.Head) { h.Kind = billing.DocumentShortfall }), billing.ErrInvalid, "settles[1].kind: "},
		"no kind":          {other(func(h *billing.Head) { h.Kind = "" }), billing.ErrInvalid, `settles[1].kind: missing; want one of "invoice", "advance"`},
		"half a cent":      {other(func(h *billing.Head) { h.Due = d("0.005") }), billing.ErrInvalid, "settles[1].due: 0.005 has more than 2 places"},
		"an absurd amount": {other(func(h *billing.Head) { h.Due = decimal.New(1, 1e9) }), billing.ErrInvalid, "settles[1].due: "},
		"a huge ID":        {issued(inv.Head, strings.Repeat("x", 1<<20)), billing.ErrInvalid, "settles[1].id: "},
		"an ID of lines":   {issued(inv.Head, "a\nb"), billing.ErrInvalid, "settles[1].id: "},
		"an empty head":    {billing.Head{}, billing.ErrNotIssued, "settles[1].id: missing; issue the document first"},
	} {
		s, err := inv.Settle(advance.Head, c.earlier)
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "billing: settle: "+c.text) || len(err.Error()) > 400 {
			t.Errorf("%s: %.500v, want %v", name, err, c.want)
		}
		if s.Kind != "" {
			t.Errorf("%s: %v", name, s)
		}
	}
	if _, err := advance.Settle(issued(inv.Head, "I-1")); !errors.Is(err, billing.ErrInvalid) || !strings.Contains(err.Error(), `kind: "advance": want the invoice of the period`) {
		t.Errorf("an advance in the invoice's place: %v", err)
	}
	if _, err := must(inv.Issue("I-1"))(t).Settle(advance.Head); !errors.Is(err, billing.ErrDuplicate) || !strings.Contains(err.Error(), "settle a draft") {
		t.Errorf("an issued invoice: %v", err)
	}
	if s := must(inv.Settle())(t); !s.Due.Equal(inv.Due) || !s.Billed.IsZero() || s.Settles == nil {
		t.Errorf("nothing billed before: %+v", s)
	}
	s := must(inv.Settle(advance.Head))(t)
	for id, want := range map[string]error{"": billing.ErrInvalid, "A-1": billing.ErrDuplicate, strings.Repeat("x", 201): billing.ErrInvalid, "a\x00": billing.ErrInvalid, "\xff": billing.ErrInvalid} {
		if _, err := s.Issue(id); !errors.Is(err, want) || !strings.HasPrefix(err.Error(), "billing: issue: id: ") {
			t.Errorf("issue as %q: %v", id, err)
		}
	}
	if _, err := must(s.Issue("S-1"))(t).Issue("S-2"); !errors.Is(err, billing.ErrDuplicate) {
		t.Errorf("issued twice: %v", err)
	}
}

// However many late charges and refunds come, and in whatever order, all the
// documents of a period add up to the invoice of its final usage.
func TestDocumentsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMonth(t)
		late := rapid.SliceOfN(rapid.Int64Range(-1e6, 1e7), 1, 6).Draw(t, "late")
		final := func(order []int64) (decimal.Decimal, decimal.Decimal) {
			advance := must(m.book.Advance(m.timeline, m.period))(t)
			documents := []billing.Head{issued(advance.Head, "0")}
			var usage, total, billed decimal.Decimal
			for n, amount := range order {
				usage = usage.Add(decimal.New(amount, -2))
				inv := must(m.book.Invoice(m.timeline, m.usages(t, usage)...))(t)
				s := must(inv.Settle(documents...))(t)
				documents = append(documents, issued(s.Head, fmt.Sprint(n+1)))
				total = inv.Due
			}
			for _, h := range documents {
				billed = billed.Add(h.Due)
			}
			return total, billed
		}
		total, billed := final(late)
		total2, billed2 := final(rapid.Permutation(late).Draw(t, "order"))
		if !total.Equal(billed) || !total2.Equal(billed2) || !total.Equal(total2) {
			t.Errorf("billed %v of %v, and in another order %v of %v", billed, total, billed2, total2)
		}
	})
}

// Splitting a subscription in two changes nothing.
func TestSplittingAStretchChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMonth(t)
		subs := m.timeline.Subscriptions()
		if len(subs) == 0 {
			t.Skip("nothing to split")
		}
		i := rapid.IntRange(0, len(subs)-1).Draw(t, "split")
		s := subs[i]
		cut := s.Period.Start.Add(time.Duration(rapid.Int64Range(0, int64(s.Period.Duration())).Draw(t, "after")))
		if cut.Equal(s.Period.Start) || cut.Equal(s.Period.End) {
			t.Skip("nothing on one side")
		}
		split := append(slices.Clone(subs[:i]), plan.Subscription{Plan: s.Plan, Period: calendar.Period{Start: s.Period.Start, End: cut}},
			plan.Subscription{Plan: s.Plan, Period: calendar.Period{Start: cut, End: s.Period.End}})
		two := timeline(t, append(split, subs[i+1:]...)...)
		usages := m.usages(t, m.spent)
		a, b := must(m.book.Invoice(m.timeline, usages...))(t), must(m.book.Invoice(two, usages...))(t)
		if diff := cmp.Diff(a, b, rats); diff != "" {
			t.Error(diff)
		}
	})
}

// A whole period under one plan and one card costs the plan's fee, whatever the
// rules of proration.
func TestWholePeriodCostsTheFee(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		c := cardA()
		c.Rounding = terms.Rounding
		c.Limits = rapid.SampledFrom(allLimits).Draw(t, "limits")
		c.Basis = rapid.SampledFrom(allBases).Draw(t, "basis")
		c.Plans = map[plan.Plan]price.Terms{plan.Business: inCard(terms)}
		card := mustCard(t, c)
		usage := drawUsage(t, terms)
		fee := must(card.Fee(plan.Business, usage))(t)
		inv := must(must(card.Book(march.Start))(t).Invoice(timeline(t, plan.Subscription{Plan: plan.Business, Period: march}), spentIn(t, march, usage)))(t)
		if !inv.Due.Equal(fee) {
			t.Fatalf("invoice %v, fee %v", inv.Due, fee)
		}
	})
}

func TestCommitment(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	inv := issued(must(book.Invoice(changes(t), spent(t, "31000")))(t).Head, "I-1") // 1,395.16
	credit := billing.Head{ID: "S-1", Kind: billing.DocumentSettlement, Period: march, Currency: "USD", Places: 2, Due: d("-95.16")}
	year := billing.Commitment{Term: days(1, 1, 366), Currency: "USD", Places: 2, Amount: d("1500")}
	got := must(year.Shortfall(inv, credit))(t)
	want := billing.Shortfall{
		Head:      billing.Head{Kind: billing.DocumentShortfall, Period: year.Term, Currency: "USD", Places: 2, Due: d("200.00")},
		Committed: d("1500.00"), Counts: []billing.Head{inv, credit}, Billed: d("1300.00"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, amount := range []string{"1300", "1299.99"} {
		year.Amount = d(amount)
		if got := must(year.Shortfall(inv, credit))(t); !got.Due.IsZero() || got.Due.Exponent() != -2 {
			t.Errorf("%s is kept: %v", amount, got)
		}
	}
	// A term that cuts through months counts the documents whose period starts in it.
	year.Amount = d("1500")
	year.Term = calendar.Period{Start: day(3, 1), End: day(3, 15)}
	if got := must(year.Shortfall(inv))(t); len(got.Counts) != 1 || !got.Billed.Equal(d("1395.16")) {
		t.Errorf("starts in the term: %v", got)
	}
	year.Term = calendar.Period{Start: day(3, 2), End: day(5, 15)}
	if got := must(year.Shortfall(inv))(t); len(got.Counts) != 0 || !got.Due.Equal(d("1500")) {
		t.Errorf("starts before the term: %v", got)
	}
	year.Term = days(1, 1, 366)
	advance := inv
	advance.ID, advance.Kind = "A-1", billing.DocumentAdvance
	shortfall := inv
	shortfall.ID, shortfall.Kind = "F-1", billing.DocumentShortfall
	tax := inv
	tax.ID, tax.Kind = "T-1", billing.DocumentOther
	if got := must(year.Shortfall(advance, credit, inv, tax))(t); len(got.Counts) != 4 {
		t.Errorf("an advance and an invoice that a settlement settles: %v", got)
	}
	for name, c := range map[string]struct {
		change    func(*billing.Commitment)
		documents []billing.Head
		want      error
		text      string
	}{
		"no term":                  {func(c *billing.Commitment) { c.Term = calendar.Period{} }, nil, calendar.ErrPeriod, "period: "},
		"open term":                {func(c *billing.Commitment) { c.Term.End = time.Time{} }, nil, calendar.ErrPeriod, "period: "},
		"no currency":              {func(c *billing.Commitment) { c.Currency = "" }, nil, billing.ErrInvalid, "currency: "},
		"negative":                 {func(c *billing.Commitment) { c.Amount = d("-1") }, nil, billing.ErrInvalid, "committed: "},
		"absurd":                   {func(c *billing.Commitment) { c.Amount = decimal.New(1, 1e9) }, nil, billing.ErrInvalid, "due: "},
		"another currency":         {func(c *billing.Commitment) { c.Currency = "EUR" }, []billing.Head{inv}, billing.ErrMismatch, "documents[0].currency: "},
		"a draft":                  {func(*billing.Commitment) {}, []billing.Head{inv, {Kind: billing.DocumentInvoice}}, billing.ErrNotIssued, "documents[1].id: "},
		"twice":                    {func(*billing.Commitment) {}, []billing.Head{inv, inv}, billing.ErrDuplicate, "documents[1].id: "},
		"an advance and the whole": {func(*billing.Commitment) {}, []billing.Head{advance, inv}, billing.ErrDuplicate, `documents: "A-1" and "I-1" bill`},
		"a shortfall":              {func(*billing.Commitment) {}, []billing.Head{shortfall}, billing.ErrInvalid, "documents[0].kind: "},
	} {
		commitment := year
		c.change(&commitment)
		if got, err := commitment.Shortfall(c.documents...); !errors.Is(err, c.want) || got.Kind != "" || !strings.HasPrefix(err.Error(), "billing: shortfall: "+c.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for id, want := range map[string]error{"": billing.ErrInvalid, "I-1": billing.ErrDuplicate} {
		if _, err := got.Issue(id); !errors.Is(err, want) {
			t.Errorf("issue as %q: %v", id, err)
		}
	}
}

func TestDueMinor(t *testing.T) {
	for _, c := range []struct {
		due    string
		places int32
		want   int64
		ok     bool
	}{
		{"6150.00", 2, 615000, true}, {"1164.2", 2, 116420, true}, {"-0.05", 2, -5, true}, {"52", 0, 52, true}, {"-7.5", 12, -7_500_000_000_000, true}, {"1e3", 2, 100000, true},
		{"0.001", 2, 0, false}, {"92233720368547758.07", 2, 9223372036854775807, true}, {"92233720368547758.08", 2, 0, false}, {"1", -1, 0, false}, {"1", 13, 0, false},
	} {
		got, err := billing.Head{Places: c.places, Due: d(c.due)}.DueMinor()
		if got != c.want || (err == nil) != c.ok || err != nil && !errors.Is(err, billing.ErrInvalid) {
			t.Errorf("%s at %d places: %d, %v", c.due, c.places, got, err)
		}
	}
}

func TestBook(t *testing.T) {
	a, b := mustCard(t, cardA()), mustCard(t, cardB())
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	for at, want := range map[time.Time]string{
		day(3, 16).Add(-1): "A", day(3, 16): "B", day(1, 1).AddDate(-20, 0, 0): "A", day(3, 16).AddDate(500, 0, 0): "B",
	} {
		if c, err := book.At(at); err != nil || c.Edition() != want {
			t.Errorf("at %v: %q, %v; want %s", at, c.Edition(), err, want)
		}
	}
	if _, err := book.At(day(1, 1).AddDate(-20, 0, 0).Add(-1)); !errors.Is(err, billing.ErrNotInForce) {
		t.Error(err)
	}
	if _, err := (billing.Book{}).At(day(1, 1)); !errors.Is(err, billing.ErrNotInForce) {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		cards []billing.EffectiveCard
		text  string
	}{
		"no card":   {nil, "cards: 0 cards"},
		"just so":   {make([]billing.EffectiveCard, 10_000), "cards[0].card: the zero card"},
		"many":      {make([]billing.EffectiveCard, 10_001), "cards: 10001 cards: want 1 to 10000"},
		"same date": {[]billing.EffectiveCard{{march.Start, a}, {march.Start.In(time.FixedZone("", 60)), b}}, `cards: editions "A" and "B" both from`},
		"edition":   {[]billing.EffectiveCard{{march.Start, a}, {march.End, a}}, `cards[1].card.edition: "A" is in the book twice`},
		"zero card": {[]billing.EffectiveCard{{march.Start, billing.Card{}}}, "cards[0].card: the zero card"},
		"zero date": {[]billing.EffectiveCard{{Card: a}}, "cards[0].from: missing"},
	} {
		if _, err := billing.NewBook(c.cards...); !errors.Is(err, billing.ErrInvalid) || !strings.HasPrefix(err.Error(), "billing: book: "+c.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	cards := []billing.EffectiveCard{{march.End, b}, {march.Start, a}}
	kept := must(billing.NewBook(cards...))(t)
	if cards[0].Card.Edition() != "B" || kept.Cards()[0].Card.Edition() != "A" {
		t.Error("the caller's slice was sorted, or the book's was not")
	}
	now := time.Now() // with a monotonic reading
	if from := must(a.Book(now))(t).Cards()[0].From; from != now.Round(0) {
		t.Errorf("from %v", from)
	}
	kept.Cards()[0] = billing.EffectiveCard{}
	if kept.Cards()[0].Card.Edition() != "A" {
		t.Error("Cards shares the book's slice")
	}
}

// The next card starts after the last one; the book before it stays as it is.
func TestNextCard(t *testing.T) {
	a, b := mustCard(t, cardA()), mustCard(t, cardB())
	book := must(a.Book(day(1, 1)))(t)
	next := must(book.Next(day(3, 16), b))(t)
	if len(book.Cards()) != 1 || len(next.Cards()) != 2 || must(next.At(day(3, 16)))(t).Edition() != "B" || must(next.At(day(3, 16).Add(-1)))(t).Edition() != "A" {
		t.Errorf("%v, %v", book, next)
	}
	for _, at := range []time.Time{day(3, 16), day(3, 1), {}} {
		if _, err := next.Next(at, mustCard(t, cardA())); !errors.Is(err, billing.ErrInvalid) || !strings.Contains(err.Error(), `edition "B" is in force from 2026-03-16T00:00:00Z on: want a later instant`) {
			t.Errorf("from %v: %v", at, err)
		}
	}
	for _, at := range []time.Time{day(1, 1), day(1, 1).AddDate(-30, 0, 0)} { // a book of one card
		_, err := book.Next(at, b)
		refused(t, at.String(), err, billing.ErrInvalid, `billing: next card from `+at.Format(time.RFC3339)+`: edition "A" is in force from `)
	}
	if _, err := next.Next(day(4, 1), a); !errors.Is(err, billing.ErrInvalid) {
		t.Errorf("an edition again: %v", err)
	}
	if first := must(billing.Book{}.Next(day(1, 1), a))(t); len(first.Cards()) != 1 {
		t.Error(first)
	}
}

func TestBookJSON(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	data := must(json.Marshal(book))(t)
	if !strings.HasPrefix(string(data), `{"format":1,"cards":[{"from":"2006-01-01T00:00:00Z","card":{"edition":"A","currency":"USD","rounding":{"places":2,"mode":"half-up"},"per":"month","proration":"instants","limits":"prorated","basis":"period","plans":{`) {
		t.Errorf("%s", data)
	}
	var again billing.Book
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if twice := must(json.Marshal(again))(t); string(twice) != string(data) {
		t.Errorf("%s\n%s", data, twice)
	}
	for _, c := range []struct{ old, new, text string }{
		{`"format":1`, `"format":2`, `format: 2: this version reads up to 1: written by a newer version`},
		{`"limits":"prorated"`, `"limits":"full"`, `cards[0].card.limits: "full": unknown kind of limits`},
		{`"edition":"B"`, `"edition":"A"`, `cards[1].card.edition: "A" is in the book twice`},
		{`"from":"2026-03-16T00:00:00Z"`, `"from":"2006-01-01T00:00:00Z"`, `cards: editions "A" and "B" both from`},
		{`"from":"2026-03-16T00:00:00Z"`, `"from":"2026-03-16"`, `cards[1].from: invalid JSON: want an RFC 3339 time`},
		{`"from":"2026-03-16T00:00:00Z"`, `"start":"2026-03-16T00:00:00Z"`, `cards[1].start: invalid JSON: unknown field`},
		{`"from":"2026-03-16T00:00:00Z"`, `"from":"2026-03-16T00:00:00Z","end":"0001-01-01T00:00:00Z"`, `cards[1].end: invalid JSON: unknown field`},
		{`"rate":"0.03"`, `"rate":"0,03"`, `cards[0].card.plans.developer.tiers[0].rate: "0,03"`},
	} {
		bad := strings.Replace(string(data), c.old, c.new, 1)
		if err := again.UnmarshalJSON([]byte(bad)); !errors.Is(err, billing.ErrInvalid) || !strings.HasPrefix(err.Error(), "billing: decode book: "+c.text) {
			t.Errorf("%s: %v", c.new, err)
		}
	}
	if len(again.Cards()) != 2 {
		t.Error("the book is not as it was after errors")
	}
	if _, err := json.Marshal(billing.Book{}); !errors.Is(err, billing.ErrInvalid) {
		t.Errorf("the zero book: %v", err)
	}
}

// However effective dates are spread, the card in force is the last one that has
// taken effect.
func TestBookAtEqualsScan(t *testing.T) {
	terms := cardA()
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]time.Duration{1, time.Second, 24 * time.Hour}).Draw(t, "unit")
		var cards []billing.EffectiveCard
		at := day(1, 1)
		for n := range rapid.IntRange(1, 40).Draw(t, "cards") {
			terms.Edition = fmt.Sprint(n)
			cards = append(cards, billing.EffectiveCard{From: at, Card: mustCard(t, terms)})
			step := rapid.SampledFrom([]int64{1, 2, 1000}).Draw(t, "step")
			at = at.Add(time.Duration(step) * unit)
		}
		book := must(billing.NewBook(cards...))(t)
		for _, c := range append(cards, billing.EffectiveCard{From: at}, billing.EffectiveCard{From: at.AddDate(5000, 0, 0)}) {
			for _, when := range []time.Time{c.From.Add(-1), c.From, c.From.Add(1)} {
				want := ""
				for _, c := range cards {
					if !c.From.After(when) {
						want = c.Card.Edition()
					}
				}
				if got, err := book.At(when); got.Edition() != want || (err == nil) != (want != "") {
					t.Errorf("at %v: edition %q, %v; want %q", when, got.Edition(), err, want)
				}
			}
		}
	})
}

// At a book of 10,000 cards costs about what it costs at one of 10.
func BenchmarkBookAt(b *testing.B) {
	card := mustCard(b, cardA()).Terms()
	for _, n := range []int{10, 10_000} {
		cards := make([]billing.EffectiveCard, n)
		for i := range cards {
			card.Edition = fmt.Sprint(i)
			cards[i] = billing.EffectiveCard{From: day(1, 1).Add(time.Duration(i) * time.Hour), Card: mustCard(b, card)}
		}
		book := must(billing.NewBook(cards...))(b)
		b.Run(fmt.Sprintf("cards=%d", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if _, err := book.At(cards[i%n].From); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
