package billing_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// ownPlans is an invoice of a caller's own plans for Complete: "team" for ten days
// and "scale" for the rest of March.
func ownPlans() billing.Invoice {
	cents := price.Rounding{Places: 2, Mode: price.RoundingHalfUp}
	team, scale := graduated("0.04"), graduated("0.03")
	return billing.Invoice{
		Head:  billing.Head{Kind: billing.DocumentInvoice, Period: march, Currency: "EUR", Places: 2},
		Usage: d("62000"), Rounding: cents, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
		Segments: []billing.Segment{
			{Plan: "team", Edition: "spring", Periods: []calendar.Period{days(3, 1, 11)}, Terms: &team},
			{Plan: "scale", Edition: "spring", Periods: []calendar.Period{{Start: day(3, 11), End: march.End}}, Terms: &scale},
		},
	}
}

// graduated is terms of one tier at the given rate, in cents.
func graduated(rate string) price.Terms {
	return price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d(rate)}}, Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp}}
}

// refused reports unless err wraps want and starts with text.
func refused(t *testing.T, name string, err, want error, text string) {
	t.Helper()
	if !errors.Is(err, want) || !strings.HasPrefix(err.Error(), text) || len(err.Error()) > 500 {
		t.Errorf("%s: %v, want %q, %v", name, err, text, want)
	}
}

func TestCompleteRefuses(t *testing.T) {
	if got := must(ownPlans().Complete())(t); !got.Due.Equal(d("2060.00")) { // 62,000 × (4 % × 10 + 3 % × 21)/31
		t.Errorf("due %v", got.Due)
	}
	given := ownPlans()
	_ = must(given.Complete())(t)
	if diff := cmp.Diff(ownPlans(), given, rats); diff != "" {
		t.Errorf("the invoice given was changed: %s", diff)
	}
	for name, c := range map[string]struct {
		change func(i *billing.Invoice)
		want   error
		text   string
	}{
		"no kind":                 {func(i *billing.Invoice) { i.Kind = "" }, billing.ErrInvalid, `kind: "": want "invoice" or "advance"`},
		"a settlement":            {func(i *billing.Invoice) { i.Kind = billing.DocumentSettlement }, billing.ErrInvalid, `kind: "settlement": want "invoice" or "advance"`},
		"no rounding":             {func(i *billing.Invoice) { i.Rounding = price.Rounding{} }, billing.ErrInvalid, "rounding.mode: missing"},
		"rounding below units":    {func(i *billing.Invoice) { i.Rounding.Places = -1 }, billing.ErrInvalid, "rounding.places: -1"},
		"no currency":             {func(i *billing.Invoice) { i.Currency = "" }, billing.ErrInvalid, "currency: "},
		"no proration":            {func(i *billing.Invoice) { i.Proration = "" }, billing.ErrInvalid, "proration: "},
		"days of no zone":         {func(i *billing.Invoice) { i.Proration = billing.ProrationDays }, billing.ErrInvalid, "zone: "},
		"no limits":               {func(i *billing.Invoice) { i.Limits = "" }, billing.ErrInvalid, "limits: "},
		"no basis":                {func(i *billing.Invoice) { i.Basis = "" }, billing.ErrInvalid, "basis: "},
		"other places":            {func(i *billing.Invoice) { i.Places = 3 }, billing.ErrInconsistent, "places: "},
		"usage in advance":        {func(i *billing.Invoice) { i.Kind = billing.DocumentAdvance }, billing.ErrInconsistent, "usage: not 0"},
		"usage below 0":           {func(i *billing.Invoice) { i.Usage = d("-1") }, billing.ErrInvalid, "usage: "},
		"a huge usage":            {func(i *billing.Invoice) { i.Usage = decimal.New(1, 1e9) }, billing.ErrInvalid, "usage: "},
		"a huge segment":          {func(i *billing.Invoice) { i.Segments[1].Usage = decimal.New(1, 1e9) }, billing.ErrInvalid, "segments[1].usage: "},
		"a segment below 0":       {func(i *billing.Invoice) { i.Segments[1].Usage = d("-1") }, billing.ErrInvalid, "segments[1].usage: "},
		"no plan":                 {func(i *billing.Invoice) { i.Segments[0].Plan = "" }, billing.ErrInvalid, "segments[0].plan: "},
		"no edition":              {func(i *billing.Invoice) { i.Segments[0].Edition = "" }, billing.ErrInvalid, "segments[0].edition: "},
		"a price of what is free": {func(i *billing.Invoice) { i.Segments[0].Plan = "basic" }, billing.ErrInconsistent, `segments[0].terms: plan "basic" is free: want no terms`},
		"terms with another rounding": {func(i *billing.Invoice) {
			terms := graduated("0.04")
			terms.Rounding.Places = 3
			i.Segments[1].Terms = &terms
		}, billing.ErrInconsistent, "segments[1].terms.rounding: another than the invoice's"},
		"terms without tiers": {func(i *billing.Invoice) {
			terms := graduated("0.04")
			terms.Tiers = nil
			i.Segments[1].Terms = &terms
		}, billing.ErrInvalid, "segments[1].terms.tiers: "},
		"a gap": {func(i *billing.Invoice) { i.Segments[0].Periods = []calendar.Period{days(3, 1, 10)} }, billing.ErrInconsistent, "segments"},
	} {
		i := ownPlans()
		c.change(&i)
		got, err := i.Complete()
		refused(t, name, err, c.want, "billing: complete invoice: "+c.text)
		if got.Kind != "" || got.Segments != nil {
			t.Errorf("%s: %+v beside the error", name, got)
		}
	}
}

// The periods of segments stand in the order of time, each as long as it can be, and
// divide the invoice's.
func TestPeriodsOfSegments(t *testing.T) {
	type periods = []calendar.Period
	for want, c := range map[string]struct{ team, scale periods }{
		"": {periods{days(3, 1, 11), days(3, 21, 32)}, periods{days(3, 11, 21)}},
		"segments[1].periods[0]: not in the order of time":                       {periods{days(3, 11, 32)}, periods{days(3, 1, 11)}},
		"segments[0].periods[1]: not in the order of time":                       {periods{days(3, 21, 32), days(3, 1, 11)}, periods{days(3, 11, 21)}},
		"segments[0].periods[1]: not in the order of time: ":                     {periods{days(3, 1, 6), days(3, 6, 11)}, periods{days(3, 11, 32)}},
		"segments[1].periods[1]: not in the order of time":                       {periods{days(3, 1, 11)}, periods{days(3, 11, 21), days(3, 21, 32)}},
		"segments[0].periods[0]: [2026-03-02T00:00:00Z, 2026-03-11T00:00:00Z), ": {periods{days(3, 2, 11)}, periods{days(3, 11, 32)}},
		"segments[1].periods[0]: [2026-03-12T00:00:00Z, 2026-04-01T00:00:00Z), ": {periods{days(3, 1, 11)}, periods{days(3, 12, 32)}},
		"segments[1].periods[0]: [2026-03-10T00:00:00Z, 2026-04-01T00:00:00Z), ": {periods{days(3, 1, 11)}, periods{days(3, 10, 32)}},
		"segments[1].periods[0]: [2026-03-11T00:00:00Z, …), ":                    {periods{days(3, 1, 11)}, periods{{Start: day(3, 11)}}},
		"segments: their periods are not the whole of ":                          {periods{days(3, 1, 11)}, periods{days(3, 11, 31)}},
		"segments: their periods are not the whole of [2026-03-01":               {periods{days(3, 1, 11)}, periods{days(3, 11, 33)}},
		"segments: their periods are not the whole of [":                         {periods{days(3, 1, 32)}, nil},
		"segments: their periods are not the whole":                              {nil, nil},
	} {
		i := ownPlans()
		i.Segments[0].Periods, i.Segments[1].Periods = c.team, c.scale
		_, err := i.Complete()
		if want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		refused(t, want, err, billing.ErrInconsistent, "billing: complete invoice: "+want)
	}
}

func TestIssueRefuses(t *testing.T) {
	i := must(ownPlans().Complete())(t)
	for id, want := range map[string]error{"": billing.ErrInvalid, strings.Repeat("x", 201): billing.ErrInvalid, "a\x00": billing.ErrInvalid, "\xff": billing.ErrInvalid} {
		got, err := i.Issue(id)
		refused(t, "issue as "+id, err, want, "billing: issue: id: ")
		if got.Kind != "" {
			t.Errorf("issue as %q: %+v beside the error", id, got)
		}
	}
	got, err := must(i.Issue("I-1"))(t).Issue("I-2")
	refused(t, "issued twice", err, billing.ErrDuplicate, `billing: issue "I-1" as "I-2": `)
	if got.Kind != "" {
		t.Errorf("issued twice: %+v beside the error", got)
	}
}

func TestQuoteUsageRefuses(t *testing.T) {
	card := newCard(t)
	open := must(billing.NewUsage("USD", calendar.Period{Start: day(3, 1)}))(t)
	euros := must(billing.NewUsage("EUR", march))(t)
	week := must(billing.NewUsage("USD", days(3, 1, 8)))(t)
	for name, c := range map[string]struct {
		card billing.Card
		plan plan.Plan
		u    billing.Usage
		want error
		text string
	}{
		"zero card":        {billing.Card{}, plan.Business, spent(t, "1"), billing.ErrInvalid, "the zero card"},
		"no end":           {card, plan.Business, open, billing.ErrInvalid, "[2026-03-01T00:00:00Z, …) has no end"},
		"another currency": {card, plan.Business, euros, billing.ErrMismatch, "usage in EUR, edition "},
		"another period":   {card, plan.Business, week, billing.ErrMismatch, ""},
	} {
		q, err := c.card.QuoteUsage(c.plan, c.u)
		refused(t, name, err, c.want, "billing: quote usage: "+c.text)
		if q.Plan != 0 || q.Lines != nil {
			t.Errorf("%s: %+v beside the error", name, q)
		}
	}
	if _, err := card.QuoteUsage(99, spent(t, "1")); !errors.Is(err, plan.ErrUnknown) {
		t.Errorf("no plan: %v", err)
	}
}

// What was changed by hand so that nobody could read it is not written.
func TestMarshalRefuses(t *testing.T) {
	inv := must(ownPlans().Complete())(t)
	settled := func(change func(s *billing.Settlement)) json.Marshaler {
		s := must(inv.Settle())(t)
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		v    json.Marshaler
		want error
		text string
	}{
		"a settlement without currency":          {settled(func(s *billing.Settlement) { s.Currency = "" }), billing.ErrInvalid, "billing: marshal settlement: currency: "},
		"of absurd bills":                        {settled(func(s *billing.Settlement) { s.Billed = decimal.New(1, 1e9) }), billing.ErrInvalid, "billing: marshal settlement: billed: "},
		"a settlement by the name of an invoice": {settled(func(s *billing.Settlement) { s.Kind = billing.DocumentInvoice }), billing.ErrInvalid, `billing: marshal settlement: kind: "invoice": want one of "settlement"`},
		"a quote of no plan":                     {billing.Quote{Plan: 99, Quote: must(price.MustCompile(graduated("0.04")).Quote(d("10")))(t)}, plan.ErrUnknown, "billing: marshal quote: "},
	} {
		data, err := c.v.MarshalJSON()
		refused(t, name, err, c.want, c.text)
		if data != nil {
			t.Errorf("%s: %s beside the error", name, data)
		}
	}
}

// Parts of a document that follow from others are compared with those, whatever
// JSON stands in their place.
func TestDerivedPartsOfAnotherKind(t *testing.T) {
	data := string(must(json.Marshal(must(ownPlans().Complete())(t)))(t))
	from := strings.Index(data, `"charges":[`)
	if from < 0 {
		t.Fatal(data)
	}
	to := from + strings.Index(data[from:], "]") + 1
	for charges, path := range map[string]string{`"none"`: "charges: ", `["none","none"]`: "charges[0]: ", `{}`: "charges: "} {
		_, err := billing.DecodeDocument([]byte(data[:from] + `"charges":` + charges + data[to:]))
		refused(t, charges, err, billing.ErrInvalid, "billing: decode document: "+path)
	}
}

// A shortfall cannot have the ID of a document that it counts.
func TestShortfallUnderACountedID(t *testing.T) {
	inv := must(must(ownPlans().Complete())(t).Issue("I-1"))(t)
	s := must(billing.Commitment{Term: march, Currency: "EUR", Places: 2, Amount: d("9000")}.Shortfall(inv.Head))(t)
	data := string(must(json.Marshal(must(s.Issue("F-1"))(t)))(t))
	_, err := billing.DecodeDocument([]byte(strings.Replace(data, `"F-1"`, `"I-1"`, 1)))
	refused(t, "the same ID", err, billing.ErrDuplicate, "billing: decode document: id: ")
}

func TestCardOfAbsurdRounding(t *testing.T) {
	terms := cardA()
	terms.Rounding.Places = -1
	_, err := billing.NewCard(terms)
	refused(t, "rounding", err, billing.ErrInvalid, "billing: rate card: rounding.places: -1")
}

// At most 100,000 documents are put together.
func TestTooManyDocuments(t *testing.T) {
	heads := make([]billing.Head, 100_001)
	_, err := must(ownPlans().Complete())(t).Settle(heads...)
	refused(t, "settle", err, billing.ErrInvalid, "billing: settle: 100001 earlier documents of at most 100000")
	_, err = billing.Commitment{Term: march, Currency: "EUR", Places: 2, Amount: d("9000")}.Shortfall(heads...)
	refused(t, "shortfall", err, billing.ErrInvalid, "billing: shortfall: 100001 documents of at most 100000")
	_, err = must(ownPlans().Complete())(t).Settle(heads[:100_000]...)
	refused(t, "settle just so many", err, billing.ErrNotIssued, "billing: settle: settles[0].id: missing")
	_, err = billing.Commitment{Term: march, Currency: "EUR", Places: 2, Amount: d("9000")}.Shortfall(heads[:100_000]...)
	refused(t, "shortfall of just so many", err, billing.ErrNotIssued, "billing: shortfall: documents[0].id: missing")
	i := ownPlans()
	i.Currency = "euro"
	_, err = i.Settle()
	refused(t, "currency", err, billing.ErrInvalid, "billing: settle: currency: ")
}

// On the page, an exact amount shows its sign though all digits shown are 0, and
// periods show zones of their own.
func TestPageOfOddities(t *testing.T) {
	i := ownPlans()
	terms := graduated("0.01")
	terms.Discount = price.Discount{Rate: d("0.003"), Stage: price.DiscountBeforeMaximum}
	i.Usage, i.Segments[0].Terms = d("0.01"), &terms
	i.Period.Start = i.Period.Start.In(time.FixedZone("", 3661))
	i.Period.End = i.Period.End.In(i.Period.Start.Location())
	i.Segments[1].Periods = []calendar.Period{{Start: day(3, 11).In(zone(t, "Europe/Berlin")), End: march.End.In(zone(t, "Europe/Berlin"))}}
	page := must(i.Complete())(t).String()
	for _, want := range []string{" -0.000000…", "(UTC+01:01:01)", "(Europe/Berlin)"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q:\n%s", want, page)
		}
	}
}

// An invoice by days says how many days each segment has, and shows its time on the
// clocks of its zone, whatever the zone of the instants that it was given.
func TestInvoiceByDays(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	i := ownPlans()
	i.Proration, i.Zone = billing.ProrationDays, berlin
	at := func(day int) time.Time { return time.Date(2026, time.March, day, 0, 0, 0, 0, berlin).UTC() }
	i.Period = calendar.Period{Start: at(1), End: at(32)}
	i.Segments[0].Periods, i.Segments[1].Periods = []calendar.Period{{Start: at(1), End: at(11)}}, []calendar.Period{{Start: at(11), End: at(32)}}
	i = must(i.Complete())(t)
	if page := i.String(); !strings.Contains(page, "for 1–31 March 2026 (Europe/Berlin)") || !strings.Contains(page, "1–10 March 2026   10 of 31 days") {
		t.Error(page)
	}
	data := string(must(json.Marshal(i))(t))
	for _, days := range []string{`"days":10,`, `"days":21,`} {
		if strings.Count(data, days) != 1 {
			t.Errorf("no %s once in %s", days, data)
		}
	}
	for old, text := range map[string]string{`"days":10,`: "segments[0].days: present: false", `"days":21,`: "segments[1].days: present: false"} {
		_, err := billing.DecodeDocument([]byte(strings.Replace(data, old, "", 1)))
		refused(t, "without "+old, err, billing.ErrInconsistent, "billing: decode document: "+text)
	}
	_, err := billing.DecodeDocument([]byte(strings.Replace(data, `"days":10,`, `"days":11,`, 1)))
	refused(t, "another number of days", err, billing.ErrInconsistent, "billing: decode document: segments[0].days: ")
}
