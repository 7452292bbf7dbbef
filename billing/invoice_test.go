package billing_test

import (
	"encoding/json"
	"errors"
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

func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }

var march = calendar.Period{Start: day(3, 1), End: day(4, 1)}

// cardA and cardB are two editions: B takes over on 16 March.
func cardA() billing.CardTerms {
	return billing.CardTerms{
		Edition: "A", Currency: "USD", Rounding: cents, Bounds: billing.BoundsProrated,
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

func mustCard(t interface{ Fatal(...any) }, terms billing.CardTerms) billing.Card {
	c, err := billing.NewCard(terms)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// twoEditions is the book in which card b takes over from card a at the given
// instant.
func twoEditions(t interface{ Fatal(...any) }, at time.Time, a, b billing.CardTerms) billing.Book {
	book, err := billing.NewBook(
		billing.EffectiveCard{Period: calendar.Period{Start: at}, Card: mustCard(t, b)},
		billing.EffectiveCard{Period: calendar.Period{Start: day(1, 1).AddDate(-20, 0, 0), End: at}, Card: mustCard(t, a)},
	)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// changes is an account that goes from Developer to Business on 11 March and
// lets it run out on 26 March.
func changes(t *testing.T) plan.Timeline {
	t.Helper()
	tl, err := plan.NewTimeline(
		plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: day(2, 20), End: day(3, 11)}},
		plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(3, 11), End: day(3, 26)}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return tl
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
// The sum is 1,395.1612…, so the total is 1,395.16; the lines rounded down make
// 1,395.15, and the cent goes to the line that lost most, 237.0967….
func TestInvoiceByHand(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	got, err := book.Invoice(changes(t), march, d("31000"))
	dev := price.Line{Tier: 1, Slice: d("31000"), Rate: d("0.03"), Charge: d("930")}
	a1 := price.Line{Tier: 1, To: d("10000"), Slice: d("10000"), Rate: d("0.10"), Charge: d("1000")}
	a2 := price.Line{Tier: 2, From: d("10000"), Slice: d("21000"), Rate: d("0.07"), Charge: d("1470")}
	b1 := price.Line{Tier: 1, To: d("10000"), Slice: d("10000"), Rate: d("0.09"), Charge: d("900")}
	b2 := price.Line{Tier: 2, From: d("10000"), Slice: d("21000"), Rate: d("0.06"), Charge: d("1260")}
	want := billing.Invoice{
		Period: march, Currency: "USD", Usage: d("31000"),
		Parts: []billing.Part{
			{Plan: plan.Developer, Edition: "A", Periods: []calendar.Period{{Start: day(3, 1), End: day(3, 11)}}, Share: r("10/31")},
			{Plan: plan.Business, Edition: "A", Periods: []calendar.Period{{Start: day(3, 11), End: day(3, 16)}}, Share: r("5/31")},
			{Plan: plan.Business, Edition: "B", Periods: []calendar.Period{{Start: day(3, 16), End: day(3, 26)}}, Share: r("10/31")},
			{Plan: plan.Basic, Edition: "B", Periods: []calendar.Period{{Start: day(3, 26), End: day(4, 1)}}, Share: r("6/31")},
		},
		Lines: []billing.InvoiceLine{
			{Plan: plan.Developer, Edition: "A", Share: r("10/31"), Tier: dev, Exact: r("300"), Amount: d("300.00")},
			{Plan: plan.Business, Edition: "A", Share: r("5/31"), Tier: a1, Exact: r("5000/31"), Amount: d("161.29")},
			{Plan: plan.Business, Edition: "A", Share: r("5/31"), Tier: a2, Exact: r("7350/31"), Amount: d("237.10")},
			{Plan: plan.Business, Edition: "B", Share: r("10/31"), Tier: b1, Exact: r("9000/31"), Amount: d("290.32")},
			{Plan: plan.Business, Edition: "B", Share: r("10/31"), Tier: b2, Exact: r("12600/31"), Amount: d("406.45")},
		},
		Total: d("1395.16"),
	}
	if diff := cmp.Diff(want, got, rats); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// Shares are by the nanosecond: of three and a half seconds, one and three
// quarters are half.
func TestSharesOfFractionsOfSeconds(t *testing.T) {
	start := day(3, 1)
	period := calendar.Period{Start: start, End: start.Add(3500 * time.Millisecond)}
	half := calendar.Period{Start: start, End: start.Add(1750 * time.Millisecond)}
	tl, err1 := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: half})
	book, err2 := mustCard(t, cardA()).Book(day(1, 1))
	inv, err3 := book.Invoice(tl, period, d("2000"))
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	for _, part := range inv.Parts {
		if part.Share.Cmp(r("1/2")) != 0 {
			t.Errorf("%v has a share of %v", part.Plan, part.Share)
		}
	}
	if !inv.Total.Equal(d("100")) { // half of 10 % of 2,000
		t.Errorf("total %v", inv.Total)
	}
}

// A refund of 3,100 comes after the invoice of March: usage is 27,900, which by
// hand is Developer 837 × 10/31 = 270, Business A (1,000 + 1,253) × 5/31, Business
// B (900 + 1,074) × 10/31, together 270 + 31,005/31 = 1,270.1612…; the settlement
// is 1,270.16 − 1,395.16.
func TestLateRefundByHand(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	issued, err1 := book.Invoice(changes(t), march, d("31000"))
	rerated, err2 := book.Invoice(changes(t), march, d("27900"))
	got, err3 := rerated.Settle(issued)
	want := billing.Settlement{Invoice: rerated, Billed: d("1395.16"), Amount: d("-125.00")}
	if diff := cmp.Diff(want, got, rats); diff != "" || errors.Join(err1, err2, err3) != nil {
		t.Errorf("%v %v %v\n%s", err1, err2, err3, diff)
	}
	if rerated.Total.StringFixed(2) != "1270.16" {
		t.Errorf("re-rated total %v", rerated.Total)
	}
	// Then 3,100 are charged after all: the next settlement takes it back.
	again, err := issued.Settle(issued, got)
	if err != nil || again.Amount.StringFixed(2) != "125.00" {
		t.Errorf("second settlement %v, %v", again.Amount, err)
	}
}

type lineSummary struct {
	Plan, Edition, What, Amount string
}

func summarise(i billing.Invoice) (out []lineSummary) {
	for _, l := range i.Lines {
		what := string(l.Kind)
		if l.Kind == "" {
			what = "tier"
		}
		out = append(out, lineSummary{l.Plan.String(), l.Edition, what, l.Amount.StringFixed(2)})
	}
	return out
}

// With usage 310 the minimums bite. Prorated, each part's fee is
// max(tiers, minimum) × share; whole, a plan's minimum is due once and in full,
// by the edition of its last part.
//
//	            tiers  × share   prorated minimum    whole
//	Developer A  9.30      3.00  29 × 10/31 =  9.35  3 + 26 = 29
//	Business  A 31.00      5.00  100 × 5/31 = 16.13  5
//	Business  B 27.90      9.00  200 × 10/31 = 64.52 9 + 186 = 200
func TestProration(t *testing.T) {
	for _, c := range []struct {
		bounds billing.Proration
		total  string
		want   []lineSummary
	}{
		{billing.BoundsProrated, "90.00", []lineSummary{
			{"developer", "A", "tier", "3.00"}, {"developer", "A", "minimum", "6.35"},
			{"business", "A", "tier", "5.00"}, {"business", "A", "minimum", "11.13"},
			{"business", "B", "tier", "9.00"}, {"business", "B", "minimum", "55.52"},
		}},
		{billing.BoundsWhole, "229.00", []lineSummary{
			{"developer", "A", "tier", "3.00"}, {"developer", "A", "minimum", "26.00"},
			{"business", "A", "tier", "5.00"},
			{"business", "B", "tier", "9.00"}, {"business", "B", "minimum", "186.00"},
		}},
	} {
		// Only the card of a plan's last part decides: Developer's is A.
		a, b := cardA(), cardB()
		a.Bounds, b.Bounds = c.bounds, c.bounds
		got, err := twoEditions(t, day(3, 16), a, b).Invoice(changes(t), march, d("310"))
		if diff := cmp.Diff(c.want, summarise(got)); diff != "" || err != nil || got.Total.StringFixed(2) != c.total {
			t.Errorf("%v: total %v, %v\n%s", c.bounds, got.Total, err, diff)
		}
	}
	a, b := cardA(), cardB()
	a.Bounds, b.Bounds = billing.BoundsProrated, billing.BoundsWhole
	got, err := twoEditions(t, day(3, 16), a, b).Invoice(changes(t), march, d("310"))
	want := []lineSummary{
		{"developer", "A", "tier", "3.00"}, {"developer", "A", "minimum", "6.35"},
		{"business", "A", "tier", "5.00"},
		{"business", "B", "tier", "9.00"}, {"business", "B", "minimum", "186.00"},
	}
	if diff := cmp.Diff(want, summarise(got)); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// Discounts and maxima on an invoice: before the maximum for each part, after
// the minimum once per plan where the bounds are whole.
func TestInvoiceDiscounts(t *testing.T) {
	terms := func(stage price.DiscountStage, bounds billing.Proration) billing.CardTerms {
		c := cardA()
		c.Bounds = bounds
		c.Plans = map[plan.Plan]price.Terms{plan.Business: {
			Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.10")}}, Maximum: d("620"),
			Discount: price.Discount{Rate: d("0.10"), Stage: stage},
		}}
		return c
	}
	tl, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(3, 1), End: day(3, 11)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		stage  price.DiscountStage
		bounds billing.Proration
		want   []lineSummary
	}{
		// 10 % of 31,000 is 3,100, for 10/31 of the month 1,000.
		{price.DiscountBeforeMaximum, billing.BoundsProrated, []lineSummary{
			{"business", "A", "tier", "1000.00"}, {"business", "A", "discount", "-100.00"}, {"business", "A", "maximum", "-700.00"},
		}},
		{price.DiscountAfterMinimum, billing.BoundsProrated, []lineSummary{
			{"business", "A", "tier", "1000.00"}, {"business", "A", "maximum", "-800.00"}, {"business", "A", "discount", "-20.00"},
		}},
		{price.DiscountBeforeMaximum, billing.BoundsWhole, []lineSummary{
			{"business", "A", "tier", "1000.00"}, {"business", "A", "discount", "-100.00"}, {"business", "A", "maximum", "-280.00"},
		}},
		{price.DiscountAfterMinimum, billing.BoundsWhole, []lineSummary{
			{"business", "A", "tier", "1000.00"}, {"business", "A", "maximum", "-380.00"}, {"business", "A", "discount", "-62.00"},
		}},
	} {
		book, err := mustCard(t, terms(c.stage, c.bounds)).Book(day(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		got, err := book.Invoice(tl, march, d("31000"))
		if diff := cmp.Diff(c.want, summarise(got)); diff != "" || err != nil {
			t.Errorf("%v, %v: %v\n%s", c.stage, c.bounds, err, diff)
		}
	}
}

// A share is time over time: a leap day, a long month and a clock change count
// for what they are.
func TestSharesAreByTime(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	book, err := mustCard(t, cardA()).Book(day(1, 1).AddDate(-20, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
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
		p, err := calendar.Month(c.year, c.month, c.loc)
		if err != nil {
			t.Fatal(err)
		}
		tl, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{
			Start: time.Date(c.year, c.month, c.from, 0, 0, 0, 0, c.loc), End: time.Date(c.year, c.month, c.to, 0, 0, 0, 0, c.loc),
		}})
		if err != nil {
			t.Fatal(err)
		}
		inv, err := book.Invoice(tl, p, d("5000"))
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(inv.Parts, func(p billing.Part) bool { return p.Plan == plan.Business })
		if inv.Parts[i].Share.Cmp(r(c.share)) != 0 || inv.Lines[0].Exact.Cmp(new(big.Rat).Mul(r(c.share), r("500"))) != 0 {
			t.Errorf("%s: share %v, want %s", c.name, inv.Parts[i].Share, c.share)
		}
	}
	ns := calendar.Period{Start: day(3, 1), End: day(3, 1).Add(3)}
	tl, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: ns.Start.Add(1), End: ns.Start.Add(2)}})
	if err != nil {
		t.Fatal(err)
	}
	inv, err := book.Invoice(tl, ns, d("0"))
	if err != nil || inv.Parts[1].Share.Cmp(r("1/3")) != 0 || inv.Total.StringFixed(2) != "33.33" {
		t.Errorf("a nanosecond of three: %v, %v", inv.Parts, err)
	}
	if inv.Parts[0].Share.Cmp(r("2/3")) != 0 || len(inv.Parts[0].Periods) != 2 {
		t.Errorf("Basic before and after is one part: %v", inv.Parts[0])
	}
}

// The minimum billed ahead and the settlement at the end are two documents that
// add up to the invoice; after a change of plan the second may be negative.
func TestAdvanceAndSettlement(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	all, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(1, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	advance, err := book.Advance(all, march)
	want := []lineSummary{{"business", "A", "minimum", "48.39"}, {"business", "B", "minimum", "103.22"}} // 100 × 15/31, 200 × 16/31
	if diff := cmp.Diff(want, summarise(advance)); diff != "" || err != nil || !advance.Advance || advance.Total.StringFixed(2) != "151.61" {
		t.Errorf("%v %v\n%s", advance.Total, err, diff)
	}
	whole, err := book.Invoice(all, march, d("31000"))
	if err != nil || whole.Advance {
		t.Fatal(whole.Advance, err)
	}
	s, err := whole.Settle(advance)
	if err != nil || !s.Due().Add(advance.Due()).Equal(whole.Due()) || s.Billed.StringFixed(2) != "151.61" || s.Due().Exponent() != -2 {
		t.Errorf("settlement %v of %v after %v: %v", s.Due(), whole.Due(), advance.Due(), err)
	}
	short, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(1, 1), End: day(3, 2)}})
	if err != nil {
		t.Fatal(err)
	}
	left, err := book.Invoice(short, march, d("0"))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := left.Settle(advance); err != nil || s.Amount.StringFixed(2) != "-148.38" { // 100/31 − 151.61
		t.Errorf("after leaving on the second day: %v, %v", s.Amount, err)
	}
}

func TestInvoiceRefuses(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	enterprise, err := plan.NewTimeline(plan.Subscription{Plan: plan.Enterprise, Period: calendar.Period{Start: day(3, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	euros, thirds, open, mode := cardB(), cardB(), cardB(), cardB()
	euros.Currency = "EUR"
	thirds.Rounding.Places = 3
	mode.Rounding.Mode = price.RoundingHalfEven
	open.Bounds = 0
	for name, c := range map[string]struct {
		book     billing.Book
		timeline plan.Timeline
		period   calendar.Period
		usage    decimal.Decimal
		want     error
	}{
		"zero period":             {book, changes(t), calendar.Period{}, d("1"), calendar.ErrPeriod},
		"period without end":      {book, changes(t), calendar.Period{Start: day(3, 1)}, d("1"), calendar.ErrPeriod},
		"negative usage":          {book, changes(t), march, d("-1"), billing.ErrNegative},
		"absurd usage":            {book, changes(t), march, decimal.New(1, 1e9), billing.ErrAmount},
		"zero book":               {billing.Book{}, changes(t), march, d("1"), billing.ErrNotInForce},
		"before the first card":   {book, changes(t), calendar.Period{Start: day(1, 1).AddDate(-30, 0, 0), End: day(4, 1)}, d("1"), billing.ErrNotInForce},
		"a plan without price":    {book, enterprise, march, d("1"), billing.ErrNotPriced},
		"two currencies":          {twoEditions(t, day(3, 16), cardA(), euros), changes(t), march, d("1"), billing.ErrCurrency},
		"two numbers of places":   {twoEditions(t, day(3, 16), cardA(), thirds), changes(t), march, d("1"), price.ErrInvalid},
		"two rounding modes":      {twoEditions(t, day(3, 16), cardA(), mode), changes(t), march, d("1"), price.ErrInvalid},
		"no proration, first":     {twoEditions(t, day(3, 16), open, cardA()), changes(t), march, d("1"), billing.ErrProration},
		"no proration, later":     {twoEditions(t, day(3, 16), cardA(), open), changes(t), march, d("1"), billing.ErrProration},
		"no proration for a plan": {twoEditions(t, day(3, 16), open, cardA()), plan.Timeline{}, march, d("1"), billing.ErrProration},
	} {
		got, err := c.book.Invoice(c.timeline, c.period, c.usage)
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "billing: invoice: ") {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if diff := cmp.Diff(billing.Invoice{}, got, rats); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if _, err := book.Advance(enterprise, march); !errors.Is(err, billing.ErrNotPriced) || !strings.HasPrefix(err.Error(), "billing: advance: ") {
		t.Errorf("advance: %v", err)
	}
}

func TestSettleRefuses(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	inv, err1 := book.Invoice(changes(t), march, d("100"))
	april, err2 := book.Invoice(changes(t), calendar.Period{Start: day(4, 1), End: day(5, 1)}, d("100"))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	euros := inv
	euros.Currency = "EUR"
	absurd := inv
	absurd.Total = decimal.New(1, 1e9)
	for _, c := range []struct {
		document billing.Document
		want     error
	}{{april, billing.ErrOtherDocument}, {euros, billing.ErrOtherDocument}, {nil, billing.ErrOtherDocument}, {absurd, billing.ErrAmount}} {
		if _, err := inv.Settle(inv, c.document); !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "billing: settle: document 1") {
			t.Errorf("%v, want %v", err, c.want)
		}
	}
	if s, err := inv.Settle(); err != nil || !s.Amount.Equal(inv.Total) || !s.Billed.IsZero() {
		t.Errorf("nothing billed before: %+v, %v", s, err)
	}
}

// drawBook draws a book of two editions of random prices with one rounding, and
// its cards' terms.
func drawBook(t *rapid.T) (billing.Book, [2]billing.CardTerms) {
	var cards [2]billing.CardTerms
	rounding := price.Rounding{Places: rapid.SampledFrom([]int32{0, 2, 3}).Draw(t, "places"), Mode: rapid.SampledFrom([]price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp}).Draw(t, "mode")}
	for i, edition := range []string{"A", "B"} {
		cards[i] = billing.CardTerms{
			Edition: edition, Currency: "USD", Rounding: rounding,
			Bounds: rapid.SampledFrom(billing.AllProrations()).Draw(t, "bounds"),
			Plans:  map[plan.Plan]price.Terms{},
		}
		for _, p := range plan.All()[1:] {
			terms := drawTerms(t)
			terms.Rounding = rounding
			terms.Minimum, terms.Maximum = terms.Minimum.Truncate(rounding.Places), terms.Maximum.RoundUp(rounding.Places)
			cards[i].Plans[p] = terms
		}
	}
	at := march.Start.Add(time.Duration(rapid.Int64Range(-1, 32*24).Draw(t, "card change")) * time.Hour)
	return twoEditions(t, at, cards[0], cards[1]), cards
}

func drawTimeline(t *rapid.T) (plan.Timeline, []plan.Subscription) {
	at := day(2, 25)
	var subs []plan.Subscription
	for range rapid.IntRange(0, 4).Draw(t, "subscriptions") {
		at = at.Add(time.Duration(rapid.Int64Range(0, 15*24).Draw(t, "pause")) * time.Hour)
		end := at.Add(time.Duration(rapid.Int64Range(1, 20*24).Draw(t, "term")) * time.Hour)
		subs = append(subs, plan.Subscription{Plan: rapid.SampledFrom(plan.All()).Draw(t, "plan"), Period: calendar.Period{Start: at, End: end}})
		at = end
	}
	tl, err := plan.NewTimeline(subs...)
	if err != nil {
		t.Fatal(err)
	}
	return tl, subs
}

// The reference asks for the plan and the card of every hour of the month, and
// adds up hours.
func referenceInvoice(t *rapid.T, book billing.Book, tl plan.Timeline, cards [2]billing.CardTerms, usage decimal.Decimal) *big.Rat {
	hours := map[plan.Plan]map[string]int64{}
	last := map[plan.Plan]billing.CardTerms{}
	total := int64(0)
	for at := march.Start; at.Before(march.End); at = at.Add(time.Hour) {
		total++
		p := tl.At(at)
		if p == plan.Basic {
			continue
		}
		card, err := book.At(at)
		if err != nil {
			t.Fatal(err)
		}
		if hours[p] == nil {
			hours[p] = map[string]int64{}
		}
		hours[p][card.Edition()]++
		last[p] = card.Terms()
	}
	sum := new(big.Rat)
	for p, editions := range hours {
		whole := last[p].Bounds == billing.BoundsWhole
		inPlan := new(big.Rat)
		for _, c := range cards {
			terms := c.Plans[p]
			if whole { // bounds and a later discount come once, below
				terms.Minimum, terms.Maximum = decimal.Decimal{}, decimal.Decimal{}
				if terms.Discount.Stage == price.DiscountAfterMinimum {
					terms.Discount = price.Discount{}
				}
			}
			fee := referenceFee(terms, usage)
			inPlan.Add(inPlan, fee.Mul(fee, big.NewRat(editions[c.Edition], total)))
		}
		if terms := last[p].Plans[p]; whole {
			if limit := terms.Maximum.Rat(); limit.Sign() > 0 && inPlan.Cmp(limit) > 0 {
				inPlan.Set(limit)
			}
			if limit := terms.Minimum.Rat(); inPlan.Cmp(limit) < 0 {
				inPlan.Set(limit)
			}
			if terms.Discount.Stage == price.DiscountAfterMinimum {
				inPlan.Mul(inPlan, decimal.New(1, 0).Sub(terms.Discount.Rate).Rat())
			}
		}
		sum.Add(sum, inPlan)
	}
	return sum
}

// An invoice is the reference's sum rounded once; its lines are within a unit of
// their exact amounts and add up to it; its shares add up to 1; nothing is
// negative; and what is exactly 0 stays so.
func TestInvoiceEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, cards := drawBook(t)
		tl, _ := drawTimeline(t)
		usage := drawUsage(t, cards[0].Plans[plan.Business])
		inv, err := book.Invoice(tl, march, usage)
		if err != nil {
			t.Fatal(err)
		}
		want := referenceInvoice(t, book, tl, cards, usage)
		if inv.Total.Rat().Cmp(referenceRound(cards[0].Rounding, want)) != 0 || inv.Total.IsNegative() {
			t.Errorf("total %v, want %v rounded", inv.Total, want.FloatString(6))
		}
		sum, exact, share := new(big.Rat), new(big.Rat), new(big.Rat)
		unit := decimal.New(1, -cards[0].Rounding.Places).Rat()
		for _, l := range inv.Lines {
			sum.Add(sum, l.Amount.Rat())
			exact.Add(exact, l.Exact)
			off := new(big.Rat).Sub(l.Amount.Rat(), l.Exact)
			if off.Abs(off).Cmp(unit) >= 0 || l.Exact.Sign() == 0 && !l.Amount.IsZero() {
				t.Errorf("%v billed as %v", l.Exact, l.Amount)
			}
			if l.Amount.Exponent() != -cards[0].Rounding.Places {
				t.Errorf("amount %v with exponent %d", l.Amount, l.Amount.Exponent())
			}
		}
		for _, p := range inv.Parts {
			share.Add(share, p.Share)
		}
		if sum.Cmp(inv.Total.Rat()) != 0 || exact.Cmp(want) != 0 || share.Cmp(big.NewRat(1, 1)) != 0 {
			t.Errorf("lines make %v of %v, exactly %v, shares %v", sum, inv.Total, exact, share)
		}
	})
}

// Splitting a subscription in two changes nothing.
func TestSplittingAStretchChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, cards := drawBook(t)
		tl, subs := drawTimeline(t)
		if len(subs) == 0 {
			t.Skip("nothing to split")
		}
		i := rapid.IntRange(0, len(subs)-1).Draw(t, "split")
		s := subs[i]
		hours := int64(s.Period.Duration() / time.Hour)
		cut := s.Period.Start.Add(time.Duration(rapid.Int64Range(0, hours).Draw(t, "after")) * time.Hour)
		if cut.Equal(s.Period.Start) || cut.Equal(s.Period.End) {
			t.Skip("no stretch on one side")
		}
		split := append(slices.Clone(subs[:i]), plan.Subscription{Plan: s.Plan, Period: calendar.Period{Start: s.Period.Start, End: cut}},
			plan.Subscription{Plan: s.Plan, Period: calendar.Period{Start: cut, End: s.Period.End}})
		two, err := plan.NewTimeline(append(split, subs[i+1:]...)...)
		if err != nil {
			t.Fatal(err)
		}
		usage := drawUsage(t, cards[0].Plans[plan.Business])
		a, err1 := book.Invoice(tl, march, usage)
		b, err2 := book.Invoice(two, march, usage)
		if diff := cmp.Diff(a, b, rats); diff != "" || err1 != nil || err2 != nil {
			t.Error(diff, err1, err2)
		}
	})
}

// A whole period under one plan and one card costs the plan's fee, however the
// bounds are prorated.
func TestWholePeriodCostsTheFee(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		card := mustCard(t, billing.CardTerms{
			Edition: "A", Currency: "USD", Rounding: terms.Rounding, Bounds: rapid.SampledFrom(billing.AllProrations()).Draw(t, "bounds"),
			Plans: map[plan.Plan]price.Terms{plan.Business: terms},
		})
		book, err1 := card.Book(march.Start)
		tl, err2 := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: march})
		usage := drawUsage(t, terms)
		fee, err3 := card.Fee(plan.Business, usage)
		inv, err4 := book.Invoice(tl, march, usage)
		if err := errors.Join(err1, err2, err3, err4); err != nil || !inv.Total.Equal(fee) {
			t.Fatalf("invoice %v, fee %v: %v", inv.Total, fee, err)
		}
	})
}

// However many late charges and refunds come, and in whatever order, all the
// documents of a period add up to the invoice of its final usage.
func TestDocumentsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, _ := drawBook(t)
		tl, _ := drawTimeline(t)
		late := rapid.SliceOfN(rapid.Int64Range(-1e6, 1e7), 1, 6).Draw(t, "late")
		final := func(order []int64) (decimal.Decimal, decimal.Decimal) {
			var documents []billing.Document
			if advance, err := book.Advance(tl, march); err == nil {
				documents = append(documents, advance)
			}
			var usage, total, billed decimal.Decimal
			for _, amount := range order {
				usage = usage.Add(decimal.New(amount, -2))
				inv, err := book.Invoice(tl, march, decimal.Max(usage, decimal.Decimal{}))
				if err != nil {
					t.Fatal(err)
				}
				s, err := inv.Settle(documents...)
				if err != nil {
					t.Fatal(err)
				}
				documents = append(documents, s)
				total = inv.Total
			}
			for _, d := range documents {
				billed = billed.Add(d.Due())
			}
			return total, billed
		}
		shuffled := rapid.Permutation(late).Draw(t, "order")
		total, billed := final(late)
		total2, billed2 := final(shuffled)
		if !total.Equal(billed) || !total2.Equal(billed2) || !total.Equal(total2) {
			t.Errorf("billed %v of %v, and in another order %v of %v", billed, total, billed2, total2)
		}
	})
}

func TestCommitment(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	inv, err := book.Invoice(changes(t), march, d("31000"))
	if err != nil {
		t.Fatal(err)
	}
	credit := billing.Settlement{Invoice: inv, Amount: d("-95.16")}
	year := billing.Commitment{Term: calendar.Period{Start: day(1, 1), End: day(1, 1).AddDate(1, 0, 0)}, Currency: "USD", Amount: d("1500")}
	got, err := year.Shortfall(inv, credit)
	if diff := cmp.Diff(billing.Shortfall{Committed: d("1500"), Billed: d("1300"), Amount: d("200")}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	year.Amount = d("1300")
	if got, err := year.Shortfall(inv, credit); err != nil || !got.Amount.IsZero() {
		t.Errorf("exactly kept: %+v, %v", got, err)
	}
	year.Amount = d("1299.99")
	if got, err := year.Shortfall(inv, credit); err != nil || !got.Amount.IsZero() || got.Amount.IsNegative() {
		t.Errorf("more than kept: %+v, %v", got, err)
	}
	exactly := billing.Commitment{Term: march, Currency: "USD", Amount: d("1")}
	if _, err := exactly.Shortfall(inv); err != nil {
		t.Errorf("a term that is the document's period: %v", err)
	}
	absurd := inv
	absurd.Total = decimal.New(1, 1e9)
	for name, c := range map[string]struct {
		change   func(*billing.Commitment)
		document billing.Document
		want     error
	}{
		"no term":            {func(c *billing.Commitment) { c.Term = calendar.Period{} }, inv, calendar.ErrPeriod},
		"open term":          {func(c *billing.Commitment) { c.Term.End = time.Time{} }, inv, calendar.ErrPeriod},
		"no currency":        {func(c *billing.Commitment) { c.Currency = "" }, inv, billing.ErrCurrency},
		"negative":           {func(c *billing.Commitment) { c.Amount = d("-1") }, inv, billing.ErrNegative},
		"absurd":             {func(c *billing.Commitment) { c.Amount = decimal.New(1, 1e9) }, inv, billing.ErrAmount},
		"another currency":   {func(c *billing.Commitment) { c.Currency = "EUR" }, inv, billing.ErrOtherDocument},
		"starts too late":    {func(c *billing.Commitment) { c.Term.Start = march.Start.Add(1) }, inv, billing.ErrOtherDocument},
		"ends too early":     {func(c *billing.Commitment) { c.Term.End = march.End.Add(-1) }, inv, billing.ErrOtherDocument},
		"another time":       {func(c *billing.Commitment) { c.Term.Start = march.End }, inv, billing.ErrOtherDocument},
		"nil":                {func(*billing.Commitment) {}, nil, billing.ErrOtherDocument},
		"an absurd document": {func(*billing.Commitment) {}, absurd, billing.ErrAmount},
	} {
		commitment := year
		c.change(&commitment)
		if got, err := commitment.Shortfall(c.document); !errors.Is(err, c.want) || got != (billing.Shortfall{}) || !strings.HasPrefix(err.Error(), "billing: shortfall: ") {
			t.Errorf("%s: %v", name, err)
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
	got, err := book.During(march)
	if err != nil || len(got) != 2 || !got[0].Period.Equal(calendar.Period{Start: day(3, 1), End: day(3, 16)}) || !got[1].Period.Equal(calendar.Period{Start: day(3, 16), End: day(4, 1)}) ||
		got[0].Card != book.Cards()[0].Card || got[1].Card.Edition() != "B" {
		t.Errorf("during March: %v, %v", got, err)
	}
	if got, err := book.During(calendar.Period{Start: day(3, 16)}); err != nil || len(got) != 1 {
		t.Errorf("without end: %v, %v", got, err)
	}
	if _, err := book.During(calendar.Period{}); !errors.Is(err, calendar.ErrPeriod) {
		t.Error(err)
	}
	ended, err := billing.NewBook(billing.EffectiveCard{Period: march, Card: a})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []calendar.Period{{Start: march.Start, End: march.End.Add(1)}, {Start: march.Start.Add(-1), End: march.End}, {Start: march.End}, {Start: march.Start}} {
		if _, err := ended.During(p); !errors.Is(err, billing.ErrNotInForce) {
			t.Errorf("%v: %v", p, err)
		}
	}
	for name, c := range map[string]struct {
		cards []billing.EffectiveCard
		want  error
	}{
		"gap":          {[]billing.EffectiveCard{{Period: march, Card: a}, {Period: calendar.Period{Start: march.End.Add(1)}, Card: b}}, billing.ErrGap},
		"overlap":      {[]billing.EffectiveCard{{Period: march, Card: a}, {Period: calendar.Period{Start: march.End.Add(-1)}, Card: b}}, billing.ErrOverlap},
		"open first":   {[]billing.EffectiveCard{{Period: calendar.Period{Start: march.Start}, Card: a}, {Period: calendar.Period{Start: march.End}, Card: b}}, billing.ErrOverlap},
		"edition":      {[]billing.EffectiveCard{{Period: march, Card: a}, {Period: calendar.Period{Start: march.End}, Card: a}}, billing.ErrOverlap},
		"zero card":    {[]billing.EffectiveCard{{Period: march}}, billing.ErrNotCompiled},
		"zero period":  {[]billing.EffectiveCard{{Card: a}}, calendar.ErrPeriod},
		"empty period": {[]billing.EffectiveCard{{Period: calendar.Period{Start: march.Start, End: march.Start}, Card: a}}, calendar.ErrPeriod},
	} {
		if _, err := billing.NewBook(c.cards...); !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "billing: book: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	cards := []billing.EffectiveCard{{Period: calendar.Period{Start: march.End}, Card: b}, {Period: march, Card: a}}
	kept, err := billing.NewBook(cards...)
	if err != nil || cards[0].Card.Edition() != "B" || kept.Cards()[0].Card.Edition() != "A" {
		t.Errorf("the caller's slice was sorted, or the book's was not: %v", err)
	}
	kept.Cards()[0] = billing.EffectiveCard{}
	if kept.Cards()[0].Card.Edition() != "A" {
		t.Error("Cards shares the book's slice")
	}
}

func TestBookJSON(t *testing.T) {
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	data, err := json.Marshal(book)
	if err != nil || !strings.HasPrefix(string(data), `[{"start":"2006-01-01T00:00:00Z","end":"2026-03-16T00:00:00Z","card":{"edition":"A","currency":"USD","rounding":{"places":2,"mode":"half-up"},"bounds":"bounds-prorated","plans":{`) {
		t.Errorf("%v\n%s", err, data)
	}
	var again billing.Book
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if twice, err := json.Marshal(again); err != nil || string(twice) != string(data) {
		t.Errorf("%v\n%s\n%s", err, data, twice)
	}
	for _, c := range []struct{ old, new, text string }{
		{`"bounds":"bounds-prorated"`, `"bounds":"full"`, `[0].card.bounds: proration "full": want bounds-prorated or bounds-whole: unknown proration`},
		{`"edition":"B"`, `"edition":"A"`, `billing: book: edition "A" twice`},
		{`"end":"2026-03-16T00:00:00Z"`, `"end":"2026-03-17T00:00:00Z"`, `two cards are in force`},
		{`"end":"2026-03-16T00:00:00Z"`, `"end":"2026-03-16"`, `[0].end: invalid JSON: want an RFC 3339 time`},
		{`"start":"2026-03-16T00:00:00Z"`, `"since":"2026-03-16T00:00:00Z"`, `[1].start: invalid JSON: field is missing`},
		{`"rate":"0.03"`, `"rate":"0,03"`, `[0].card.plans.developer.tiers[0].rate: "0,03"`},
	} {
		bad := strings.Replace(string(data), c.old, c.new, 1)
		if err := again.UnmarshalJSON([]byte(bad)); err == nil || !strings.HasPrefix(err.Error(), "billing: decode book: ") || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", c.new, err)
		}
	}
	if len(again.Cards()) != 2 {
		t.Error("the book is not as it was after errors")
	}
}

func TestCardBounds(t *testing.T) {
	terms := cardA()
	terms.Bounds = 3
	if _, err := billing.NewCard(terms); !errors.Is(err, billing.ErrProration) || !strings.HasPrefix(err.Error(), "billing: rate card: bounds: Proration(3)") {
		t.Error(err)
	}
	if _, err := (billing.Card{}).Book(day(1, 1)); !errors.Is(err, billing.ErrNotCompiled) {
		t.Error(err)
	}
}
