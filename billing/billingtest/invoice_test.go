package billingtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// bookOf returns a book of two cards, the second from 15 June 2026 on.
func bookOf(t testing.TB, change func(*billing.CardTerms)) billing.Book {
	t.Helper()
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	card := func(edition, rate, least string) billing.Card {
		terms := billing.CardTerms{
			Edition: edition, Currency: "USD", Rounding: cents,
			Per: billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
			Plans: map[plan.Plan]price.Terms{
				plan.Developer: with(graduated(tiers("", rate)...), func(t *price.Terms) { t.Minimum = d("29") }),
				plan.Business:  with(graduated(tiers("10000", "0.10", "", "0.07")...), func(t *price.Terms) { t.Minimum = d(least) }),
			},
		}
		if change != nil {
			change(&terms)
		}
		c, err := billing.NewCard(terms)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	b, err := billing.NewBook(
		billing.EffectiveCard{From: time.Date(2026, 1, 1, 0, 0, 0, 0, newYork), Card: card("2026-a", "0.03", "100")},
		billing.EffectiveCard{From: time.Date(2026, 6, 15, 0, 0, 0, 0, newYork), Card: card("2026-b", "0.035", "125")},
	)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// billed returns the bill that an invoice makes.
func billed(i billing.Invoice, err error) (billingtest.Bill, error) {
	if err != nil {
		return billingtest.Bill{}, err
	}
	out := billingtest.Bill{Due: i.Due, Lines: []billingtest.BillLine{}}
	for _, c := range i.Charges {
		s := i.Segments[c.Segment]
		p, err := plan.Parse(s.Plan)
		if err != nil {
			return out, err
		}
		out.Lines = append(out.Lines, billingtest.BillLine{Plan: p, Edition: s.Edition, Amount: c.Amount})
	}
	return out, nil
}

func right(t plan.Timeline, b billing.Book, usages ...billing.Usage) (billingtest.Bill, error) {
	return billed(b.Invoice(t, usages...))
}

// cardChanges are cards that decide what cards decide in each way.
func cardChanges() map[string]func(*billing.CardTerms) {
	return map[string]func(*billing.CardTerms){
		"instants": nil,
		"days": func(t *billing.CardTerms) {
			t.Proration, t.Zone = billing.ProrationDays, time.UTC
		},
		"whole limits": func(t *billing.CardTerms) { t.Limits = price.LimitsWhole },
		"by segment":   func(t *billing.CardTerms) { t.Basis = price.BasisSegment },
		"discounted": func(t *billing.CardTerms) {
			for p, terms := range t.Plans {
				terms.Discount = price.Discount{Rate: d("0.125"), Stage: price.DiscountBeforeMaximum}
				terms.Maximum = d("4000")
				t.Plans[p] = terms
			}
		},
		"years": func(t *billing.CardTerms) { t.Per = billing.IntervalYear },
		"yen": func(t *billing.CardTerms) {
			t.Rounding = price.Rounding{Places: 0, Mode: price.RoundingDown}
			for p, terms := range t.Plans {
				terms.Rounding = t.Rounding
				t.Plans[p] = terms
			}
		},
	}
}

// of returns a book of one plan, with a card of the same prices from each day of 2026
// on.
func of(t *testing.T, terms price.Terms, change func(*billing.CardTerms), days ...string) billing.Book {
	t.Helper()
	var cards []billing.EffectiveCard
	for _, day := range days {
		from, err := time.Parse(time.DateOnly, "2026-"+day)
		if err != nil {
			t.Fatal(err)
		}
		decided := bookOf(t, nil).Cards()[0].Card.Terms()
		decided.Edition, decided.Rounding, decided.Plans = day, terms.Rounding, map[plan.Plan]price.Terms{plan.Business: terms}
		if change != nil {
			change(&decided)
		}
		c, err := billing.NewCard(decided)
		if err != nil {
			t.Fatal(err)
		}
		cards = append(cards, billing.EffectiveCard{From: from, Card: c})
	}
	b, err := billing.NewBook(cards...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Invoicing code that is right is clean, whatever the cards decide, and is called
// no more often than documented.
func TestRightInvoices(t *testing.T) {
	asked := make(map[string][]string)
	books := map[string]billing.Book{"one plan": of(t, fiveTiers(), nil, "01-10", "02-11", "05-01", "08-01")}
	for name, change := range cardChanges() {
		books[name] = bookOf(t, change)
	}
	for name, book := range books {
		calls := 0
		billingtest.CheckInvoicer(t, book, func(tl plan.Timeline, b billing.Book, usages ...billing.Usage) (billingtest.Bill, error) {
			calls++
			asked[name] = append(asked[name], asJSON(t, tl)+asJSON(t, b)+asJSON(t, usages))
			return right(tl, b, usages...)
		})
		if most := 3000; calls > most || calls < 100 && name != "days" {
			t.Errorf("%s: %d calls", name, calls)
		}
	}
	// And each time about the same, as TestQuestionsAreStable has it of prices.
	wantTexts(t, map[string]string{
		"by segment":   "949: b831e8a22146",
		"days":         "880: 373d42c61017",
		"discounted":   "1029: b023bfb2ea9c",
		"instants":     "1029: 69a2a2c76cb7",
		"whole limits": "949: 6d2b313b2374",
		"one plan":     "379: 930364b90784",
		"years":        "377: 97be24e38974",
		"yen":          "1029: 8f200b27255d",
	}, asked)
}

// What goes wrong in invoicing code is found, and said so that it can be named.
func TestOwnInvoices(t *testing.T) {
	book := bookOf(t, nil)
	from := func(change func(t plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error)) billingtest.Invoicer {
		return func(t plan.Timeline, b billing.Book, usages ...billing.Usage) (billingtest.Bill, error) {
			return change(t, b, usages)
		}
	}
	stays := func(change func(s plan.Subscription) plan.Subscription) billingtest.Invoicer {
		return func(tl plan.Timeline, b billing.Book, usages ...billing.Usage) (billingtest.Bill, error) {
			subs := tl.Subscriptions()
			for i := range subs {
				subs[i] = change(subs[i])
			}
			subs = slices.DeleteFunc(subs, func(s plan.Subscription) bool { return !s.Period.IsValid() })
			other, err := plan.NewTimeline(subs...)
			if err != nil {
				return billingtest.Bill{}, err
			}
			return right(other, b, usages...)
		}
	}
	short := stays(func(s plan.Subscription) plan.Subscription {
		if !s.Period.End.IsZero() && s.Period.End.Sub(s.Period.Start) <= 24*time.Hour {
			s.Period = calendar.Period{}
		}
		return s
	})
	var calls int
	asked := make(map[string]bool)
	messages := make(map[string][]string)
	for _, c := range []struct {
		name     string
		invoicer billingtest.Invoicer
		want     string
	}{
		{"an error", from(func(plan.Timeline, billing.Book, []billing.Usage) (billingtest.Bill, error) {
			return billingtest.Bill{}, errOwn
		}), "invoice-valid: no invoice: out of order"},
		{"a panic", from(func(plan.Timeline, billing.Book, []billing.Usage) (billingtest.Bill, error) { panic("no month") }), "invoice-valid: no invoice: panic: no month"},
		{"negative", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			bill, err := right(tl, b, usages...)
			return billingtest.Bill{Due: bill.Due.Neg()}, err
		}), "invoice-valid: -30 is due"},
		{"lines rounded down", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			bill, err := right(tl, b, usages...)
			for i := range bill.Lines {
				bill.Lines[i].Amount = bill.Lines[i].Amount.Truncate(0)
			}
			return bill, err
		}), "invoice-lines-add-up: "},
		{"the newest card", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			p := usages[0].Period()
			card, err := b.At(p.End.Add(-1))
			if err != nil {
				return billingtest.Bill{}, err
			}
			one, err := billing.NewBook(billing.EffectiveCard{From: p.Start, Card: card})
			if err != nil {
				return billingtest.Bill{}, err
			}
			return right(tl, one, usages...)
		}), "all as of code that has the card of the period's end for all of it"},
		{"no short stays", short, "all as of code that drops stays of a day or less"},
		{"no short stays, and some errors", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			if usages[0].Total().IsZero() {
				return billingtest.Bill{}, errOwn
			}
			return short(tl, b, usages...)
		}), "all as of code that drops stays of a day or less"},
		{"the whole price", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			p := usages[0].Period()
			x := tl.At(p.Start)
			if x == plan.Basic && len(tl.Subscriptions()) > 0 {
				x = tl.Subscriptions()[0].Plan
			}
			all, err := plan.NewTimeline(plan.Subscription{Plan: x, Period: p})
			if err != nil {
				return billingtest.Bill{}, err
			}
			return right(all, b, usages...)
		}), "invoice-agrees: "},
		{"a running number", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			calls++
			bill, err := right(tl, b, usages...)
			bill.Due = bill.Due.Add(decimal.New(int64(calls), -2))
			return bill, err
		}), "invoice-repeatable: "},
		{"once only", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			key := fmt.Sprint(tl, usages[0].Period(), usages[0].Total())
			if asked[key] {
				return billingtest.Bill{}, errOwn
			}
			asked[key] = true
			return right(tl, b, usages...)
		}), "when asked again there is no invoice: out of order"},
		{"a whole period is cheaper", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			bill, err := right(tl, b, usages...)
			if subs := tl.Subscriptions(); len(subs) == 1 && subs[0].Period.End.IsZero() {
				bill.Due = bill.Due.Truncate(0)
			}
			return bill, err
		}), "invoice-whole: "},
		{"a fee for each stay", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			bill, err := right(tl, b, usages...)
			bill.Due = bill.Due.Add(decimal.New(int64(len(tl.Subscriptions())), 0))
			return bill, err
		}), "invoice-no-free-day: "},
		{"longer is cheaper", from(func(tl plan.Timeline, b billing.Book, usages []billing.Usage) (billingtest.Bill, error) {
			bill, err := right(tl, b, usages...)
			if subs := tl.Subscriptions(); len(subs) == 1 && subs[0].Period.End.Sub(subs[0].Period.Start) == 8*24*time.Hour {
				bill.Due = decimal.Decimal{}
			}
			return bill, err
		}), "invoice-monotone: "},
	} {
		var r recorder
		billingtest.CheckInvoicer(&r, book, c.invoicer)
		messages[c.name] = r.errors
		if all := strings.Join(r.errors, "\n"); !strings.Contains(all, c.want) {
			t.Errorf("%s:\n%s\nwant %s", c.name, all, c.want)
		}
	}
	golden(t, "owninvoices.txt", messages)
}

// What a wrong bill is told is right to the last case: as how many days it is, its
// lines, and from how many units on it is wrong.
func TestWrongBills(t *testing.T) {
	t.Parallel()
	at := func(rate string) price.Terms { return graduated(tiers("", rate)...) }
	least := func(t price.Terms, minimum string) price.Terms {
		t.Minimum = d(minimum)
		return t
	}
	whole := func(t *billing.CardTerms) { t.Limits = price.LimitsWhole }
	due := func(was, is string) func(b *billingtest.Bill) {
		return func(b *billingtest.Bill) {
			if was == "" || b.Due.Equal(d(was)) {
				b.Due = d(is)
			}
		}
	}
	line := func(by string) func(b *billingtest.Bill) {
		return func(b *billingtest.Bill) { b.Lines[0].Amount = b.Lines[0].Amount.Add(d(by)) }
	}
	bare := func(b *billingtest.Bill) {
		for i := range b.Lines {
			b.Lines[i].Edition = ""
		}
	}
	perLine := func(n int) price.Terms { // of n tiers, and so of n lines
		terms := nTiers(int64(n))
		terms.Tiers[n-1].Rate = d("0.05")
		return terms
	}
	one := of(t, at("0.03"), nil, "01-01")
	two := of(t, at("0.03"), nil, "01-01", "01-11")
	messages := make(map[string][]string)
	for name, c := range map[string]struct {
		book   billing.Book
		law    billingtest.InvoiceLaw
		change func(b *billingtest.Bill)
	}{
		"as for the first day":      {one, billingtest.InvoiceAgrees, due("30", "0.97")},
		"as for a day more":         {one, billingtest.InvoiceAgrees, due("30", "30.97")},
		"as for two days more":      {one, billingtest.InvoiceAgrees, due("30", "31.94")},
		"as for days, whole limits": {of(t, least(at("0.03"), "29"), whole, "01-01"), billingtest.InvoiceAgrees, due("30", "31")},
		"whole minimum":             {of(t, least(at("0.03"), "29"), whole, "01-01"), billingtest.InvoiceAgrees, due("29", "28.06")},
		"prorated minimum":          {of(t, least(at("0.03"), "29"), nil, "01-01"), billingtest.InvoiceAgrees, due("29", "28.06")},
		"two segments":              {two, billingtest.InvoiceAgrees, due("30", "28.57")},
		"nothing is due":            {of(t, at("0.0001"), nil, "01-01"), billingtest.InvoiceAgrees, due("", "0")},
		"hours":                     {one, billingtest.InvoiceAgrees, due("60.48", "1")},
		"8 lines":                   {of(t, perLine(8), nil, "01-01"), billingtest.InvoiceAgrees, due("53.5", "1")},
		"9 lines":                   {of(t, perLine(9), nil, "01-01"), billingtest.InvoiceAgrees, due("54", "1")},
		"a line by three units":     {one, billingtest.InvoiceAgrees, line("0.03")},
		"a line by four units":      {one, billingtest.InvoiceAgrees, line("0.04")},
		"lines without editions":    {two, billingtest.InvoiceAgrees, bare},
		"a line without an edition": {two, billingtest.InvoiceAgrees, func(b *billingtest.Bill) { bare(b); line("0.06")(b) }},
		"lines of some bills": {one, billingtest.InvoiceLinesAddUp, func(b *billingtest.Bill) {
			line("1")(b)
			if b.Due.Equal(d("30")) {
				b.Lines = nil
			}
		}},
		"a cent for each stay":      {one, billingtest.InvoiceNoFreeDay, func(b *billingtest.Bill) { b.Due = b.Due.Add(d("0.01")) }},
		"three cents for each stay": {one, billingtest.InvoiceNoFreeDay, func(b *billingtest.Bill) { b.Due = b.Due.Add(d("0.03")) }},
		"finer than the card":       {one, billingtest.InvoiceValid, due("30", "30.001")},
	} {
		var r recorder
		billingtest.CheckInvoicer(&r, c.book, func(tl plan.Timeline, b billing.Book, usages ...billing.Usage) (billingtest.Bill, error) {
			bill, err := right(tl, b, usages...)
			c.change(&bill)
			return bill, err
		}, c.law)
		messages[name] = r.errors
	}
	golden(t, "wrongbills.txt", messages)
}

func TestNoInvoices(t *testing.T) {
	var r recorder
	billingtest.CheckInvoicer(&r, bookOf(t, nil), nil)
	billingtest.CheckInvoicer(&r, billing.Book{}, right)
	billingtest.CheckInvoicer(&r, bookOf(t, nil), right, "murphy")
	want := []string{"invoice-valid: there is none", "invoice-valid: the book bills no period", "murphy: unknown law"}
	if diff := cmp.Diff(want, r.errors); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What the wrong bills have in common, and few others, is said.
func TestInvoiceTraits(t *testing.T) {
	t.Parallel()
	book := bookOf(t, nil)
	messages := make(map[string][]string)
	for trait, is := range map[string]func(stays []plan.Subscription, p calendar.Period, u billing.Usage) bool{
		"of one stay":      func(stays []plan.Subscription, _ calendar.Period, _ billing.Usage) bool { return len(stays) == 1 },
		"of several stays": func(stays []plan.Subscription, _ calendar.Period, _ billing.Usage) bool { return len(stays) > 1 },
		"without usage":    func(_ []plan.Subscription, _ calendar.Period, u billing.Usage) bool { return u.Total().IsZero() },
		"with business": func(stays []plan.Subscription, _ calendar.Period, _ billing.Usage) bool {
			return slices.ContainsFunc(stays, func(s plan.Subscription) bool { return s.Plan == plan.Business })
		},
		"of periods that have not 30 days": func(_ []plan.Subscription, p calendar.Period, _ billing.Usage) bool {
			return !p.Start.AddDate(0, 0, 30).Equal(p.End)
		},
		"with a stay that starts in the period": func(stays []plan.Subscription, p calendar.Period, _ billing.Usage) bool {
			return slices.ContainsFunc(stays, func(s plan.Subscription) bool { return s.Period.Start.After(p.Start) && s.Period.Start.Before(p.End) })
		},
		"with a stay of a day or less": func(stays []plan.Subscription, _ calendar.Period, _ billing.Usage) bool {
			return slices.ContainsFunc(stays, func(s plan.Subscription) bool {
				return !s.Period.End.IsZero() && s.Period.End.Sub(s.Period.Start) <= 24*time.Hour
			})
		},
		"with a plan that comes back": func(stays []plan.Subscription, _ calendar.Period, _ billing.Usage) bool {
			plans := make(map[plan.Plan]bool)
			for _, s := range stays {
				plans[s.Plan] = true
			}
			return len(plans) < len(stays)
		},
	} {
		var r recorder
		billingtest.CheckInvoicer(&r, book, func(tl plan.Timeline, b billing.Book, usages ...billing.Usage) (billingtest.Bill, error) {
			bill, err := right(tl, b, usages...)
			if is(tl.Subscriptions(), usages[0].Period(), usages[0]) {
				bill.Due = bill.Due.Add(decimal.New(123, -2))
			}
			return bill, err
		}, billingtest.InvoiceAgrees)
		messages[trait] = r.errors
		if len(r.errors) != 1 || !strings.Contains(r.errors[0], ", only "+trait+" (all such)") {
			t.Errorf("%s: %q", trait, r.errors)
		}
	}
	golden(t, "traits.txt", messages)
}
