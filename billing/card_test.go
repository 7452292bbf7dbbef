package billing_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
)

// illustrative is a rate card of our own; the provider publishes none.
func illustrative() billing.CardTerms {
	return billing.CardTerms{
		Edition:  "illustrative-2026",
		Currency: "USD",
		Rounding: cents,
		Per:      billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
		Plans: map[plan.Plan]price.Terms{
			plan.Developer: {Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.03")}}, Minimum: d("29")},
			plan.Business:  percent(),
			plan.Enterprise: {
				Model:    price.ModelVolume,
				Tiers:    []price.Tier{{UpTo: d("150000"), Rate: d("0.10"), Flat: d("500")}, {Rate: d("0.07")}},
				Minimum:  d("15000"),
				Maximum:  d("90000"),
				Discount: price.Discount{Rate: d("0.05"), Stage: price.DiscountAfterMinimum},
			},
		},
	}
}

const illustrativeJSON = `{
	"edition": "illustrative-2026",
	"currency": "USD",
	"rounding": {"places": 2, "mode": "half-up"},
	"per": "month", "proration": "instants", "limits": "prorated", "basis": "period",
	"plans": {
		"developer": {"model": "graduated", "tiers": [{"rate": "3%"}], "minimum": "29"},
		"business": {"model": "graduated", "tiers": [
			{"upTo": "10000", "rate": "10%"},
			{"upTo": "80000", "rate": "0.07"},
			{"upTo": "250000", "rate": "5%"},
			{"upTo": "1000000", "rate": "0.03"},
			{"rate": "2%", "flat": "0"}
		], "minimum": "100", "rounding": {"places": 2, "mode": "half-up"}},
		"enterprise": {"model": "volume", "tiers": [
			{"upTo": "150000", "rate": "10%", "flat": "500"},
			{"rate": "7%"}
		], "minimum": "15000", "maximum": "90000", "discount": {"rate": "5%", "stage": "after-minimum"}}
	}
}`

func newCard(t *testing.T) billing.Card {
	t.Helper()
	c, err := billing.NewCard(illustrative())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every letter from A to Z may stand in a currency's code.
func TestCardCurrencies(t *testing.T) {
	for _, currency := range []string{"AZN", "ZAR", "NZD", "AAA", "ZZZ"} {
		terms := illustrative()
		terms.Currency = currency
		c, err := billing.NewCard(terms)
		if err != nil || c.Currency() != currency {
			t.Errorf("%s: %q, %v", currency, c.Currency(), err)
		}
	}
}

func TestCardQuotes(t *testing.T) {
	c := newCard(t)
	if c.Edition() != "illustrative-2026" || c.Currency() != "USD" {
		t.Errorf("edition %q, currency %q", c.Edition(), c.Currency())
	}
	if want := []plan.Plan{plan.Developer, plan.Business, plan.Enterprise}; !slices.Equal(c.Plans(), want) {
		t.Errorf("plans %v, want %v", c.Plans(), want)
	}
	for p, want := range map[plan.Plan]string{plan.Basic: "0.00", plan.Developer: "2550.00", plan.Business: "6150.00", plan.Enterprise: "14250.00"} {
		fee, err := c.Fee(p, d("85000"))
		if err != nil || fee.StringFixed(2) != want || fee.Exponent() != -2 {
			t.Errorf("Fee(%v) = %v, %v; want %s", p, fee, err, want)
		}
		q, err := c.Quote(p, d("85000"))
		if err != nil || !q.Total.Equal(fee) || q.Plan != p || q.Currency != "USD" || q.Edition != "illustrative-2026" {
			t.Errorf("Quote(%v) = %+v, %v", p, q, err)
		}
	}
	q, err := c.Quote(plan.Basic, d("1.5"))
	want := billing.Quote{Plan: plan.Basic, Currency: "USD", Edition: "illustrative-2026", Quote: price.Quote{Usage: d("1.5"), UsageRated: d("1.5"), Total: d("0.00")}}
	if diff := cmp.Diff(want, q); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// A quote says what it is for, as far as it knows.
func TestQuoteHeads(t *testing.T) {
	q := must(newCard(t).QuoteUsage(plan.Developer, spent(t, "100")))(t)
	bare := billing.Quote{Quote: q.Quote}
	absurd := q
	absurd.Usage = decimal.New(1, 100)
	for want, q := range map[string]billing.Quote{
		"Developer, rate card illustrative-2026, [2026-03-01T00:00:00Z, 2026-04-01T00:00:00Z), usage 100.00 USD\n": q,
		"usage 100.00\n": bare,
	} {
		if got := q.String(); !strings.HasPrefix(got, want) || strings.TrimPrefix(got, want) == "" {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := absurd.String(); !strings.HasPrefix(got, "Quote(usage: a number") || strings.HasSuffix(got, "\n") {
		t.Errorf("%q", got)
	}
}

func TestCardRefusesQuestions(t *testing.T) {
	terms := illustrative()
	delete(terms.Plans, plan.Enterprise)
	c, err := billing.NewCard(terms)
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[plan.Plan]error{plan.Enterprise: billing.ErrNotPriced, 0: plan.ErrUnknown, 5: plan.ErrUnknown, math.MaxUint8: plan.ErrUnknown} {
		_, err1 := c.Fee(p, d("1"))
		_, err2 := c.Quote(p, d("1"))
		_, err3 := c.Schedule(p)
		for _, err := range []error{err1, err2, err3} {
			if !errors.Is(err, want) {
				t.Errorf("%v: %v, want %v", p, err, want)
			}
		}
	}
	if _, err := c.Schedule(plan.Basic); !errors.Is(err, billing.ErrNotPriced) {
		t.Errorf("schedule of basic: %v", err)
	}
	for _, p := range []plan.Plan{plan.Basic, plan.Business} {
		if _, err := c.Quote(p, d("-1")); !errors.Is(err, billing.ErrInvalid) {
			t.Errorf("%v for negative usage: %v", p, err)
		}
		if _, err := c.Fee(p, decimal.New(1, 1e9)); !errors.Is(err, billing.ErrInvalid) {
			t.Errorf("%v for absurd usage: %v", p, err)
		}
	}
}

func TestZeroCard(t *testing.T) {
	var c billing.Card
	for _, p := range []plan.Plan{plan.Basic, plan.Business} {
		_, err1 := c.Fee(p, d("1"))
		_, err2 := c.Quote(p, d("1"))
		_, err3 := c.Schedule(p)
		_, err4 := c.MarshalJSON()
		for _, err := range []error{err1, err2, err3, err4} {
			if !errors.Is(err, billing.ErrInvalid) {
				t.Errorf("%v: %v", p, err)
			}
		}
	}
	if diff := cmp.Diff(billing.CardTerms{}, c.Terms()); diff != "" || c.Edition() != "" || c.Currency() != "" || c.Plans() != nil {
		t.Errorf("zero card has content: %s", diff)
	}
}

// D13: no price is the provider's, so a card says whose edition it is, and
// what it leaves open is an error rather than a default.
func TestD13NoPublishedPrice(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*billing.CardTerms)
		want   error
		text   string
	}{
		"no edition":         {func(t *billing.CardTerms) { t.Edition = "" }, billing.ErrInvalid, "edition: missing; want a text of 1 to 200 bytes"},
		"no currency":        {func(t *billing.CardTerms) { t.Currency = "" }, billing.ErrInvalid, `currency: missing`},
		"lower-case":         {func(t *billing.CardTerms) { t.Currency = "usd" }, billing.ErrInvalid, `currency: "usd"`},
		"four letters":       {func(t *billing.CardTerms) { t.Currency = "USDT" }, billing.ErrInvalid, `currency: "USDT"`},
		"digits":             {func(t *billing.CardTerms) { t.Currency = "U5D" }, billing.ErrInvalid, `currency: "U5D"`},
		"no rounding":        {func(t *billing.CardTerms) { t.Rounding = price.Rounding{} }, billing.ErrInvalid, "rounding: missing; want places"},
		"another rounding":   {func(t *billing.CardTerms) { t.Rounding.Places = 3 }, billing.ErrInvalid, "plans.business.rounding: another than the card's"},
		"a price for basic":  {func(t *billing.CardTerms) { t.Plans[plan.Basic] = percent() }, billing.ErrInvalid, "plans.basic: the basic plan is free"},
		"a price for nobody": {func(t *billing.CardTerms) { t.Plans[9] = percent() }, plan.ErrUnknown, "plans.Plan(9): unknown plan"},
		"a bad tier": {func(t *billing.CardTerms) {
			terms := percent()
			terms.Tiers[2].Rate = d("-1")
			t.Plans[plan.Business] = terms
		}, billing.ErrInvalid, "plans.business.tiers[2].rate: -1"},
	} {
		terms := illustrative()
		c.change(&terms)
		got, err := billing.NewCard(terms)
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "billing: rate card: "+c.text) || got != (billing.Card{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCardSharesNothing(t *testing.T) {
	terms := illustrative()
	c, err := billing.NewCard(terms)
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(terms billing.CardTerms) {
		terms.Plans[plan.Business].Tiers[0].Rate = d("9")
		delete(terms.Plans, plan.Enterprise)
	}
	spoil(terms)
	spoil(c.Terms())
	want := illustrative()
	for p, terms := range want.Plans {
		terms.Rounding = cents
		want.Plans[p] = terms
	}
	if diff := cmp.Diff(want, c.Terms()); diff != "" {
		t.Error(diff)
	}
}

func TestCardJSON(t *testing.T) {
	var c billing.Card
	if err := json.Unmarshal([]byte(illustrativeJSON), &c); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(newCard(t).Terms(), c.Terms()); diff != "" {
		t.Error(diff)
	}
	data, err := json.Marshal(c)
	want := `{"format":1,"edition":"illustrative-2026","currency":"USD","rounding":{"places":2,"mode":"half-up"},"per":"month","proration":"instants","limits":"prorated","basis":"period","plans":{` +
		`"business":{"model":"graduated","tiers":[{"upTo":"10000","rate":"0.10"},{"upTo":"80000","rate":"0.07"},{"upTo":"250000","rate":"0.05"},{"upTo":"1000000","rate":"0.03"},{"rate":"0.02"}],"minimum":"100"},` +
		`"developer":{"model":"graduated","tiers":[{"rate":"0.03"}],"minimum":"29"},` +
		`"enterprise":{"model":"volume","tiers":[{"upTo":"150000","rate":"0.10","flat":"500"},{"rate":"0.07"}],"minimum":"15000","maximum":"90000","discount":{"rate":"0.05","stage":"after-minimum"}}}}`
	if string(data) != want || err != nil {
		t.Errorf("%v\ngot  %s\nwant %s", err, data, want)
	}
}

func TestCardJSONIsStrict(t *testing.T) {
	edit := func(old, new string) string {
		s := strings.Replace(illustrativeJSON, old, new, 1)
		if s == illustrativeJSON {
			t.Fatalf("nothing to replace: %s", old)
		}
		return s
	}
	for _, c := range []struct {
		json string
		want error
		text string
	}{
		{``, billing.ErrInvalid, ""},
		{`null`, billing.ErrInvalid, "want an object, not null"},
		{`[]`, billing.ErrInvalid, "want an object, not an array"},
		{`{}`, billing.ErrInvalid, "edition: missing; want a text of 1 to 200 bytes"},
		{`{"edition":"x"}`, billing.ErrInvalid, "currency: missing; want an ISO 4217 code"},
		{illustrativeJSON + `{}`, billing.ErrInvalid, "something follows the document"},
		{"\xef\xbb\xbf" + illustrativeJSON, billing.ErrInvalid, ""},
		{edit(`"edition": "illustrative-2026",`, ``), billing.ErrInvalid, "edition: missing; want a text of 1 to 200 bytes"},
		{edit(`"edition"`, `"Edition"`), billing.ErrInvalid, "Edition: invalid JSON: unknown field"},
		{edit(`"currency"`, `"curency"`), billing.ErrInvalid, "curency: invalid JSON: unknown field"},
		{edit(`"currency": "USD",`, ``), billing.ErrInvalid, "currency: missing; want an ISO 4217 code"},
		{edit(`"USD"`, `null`), billing.ErrInvalid, "currency: invalid JSON: want a string, not null"},
		{edit(`"USD"`, `"usd"`), billing.ErrInvalid, `currency: "usd"`},
		{edit(`"currency"`, `"note": "", "currency"`), billing.ErrInvalid, "note: invalid JSON: unknown field"},
		{edit(`"currency": "USD"`, `"currency": "USD", "currency": "USD"`), billing.ErrInvalid, "currency: field appears twice"},
		{edit(`{
	"edition"`, `{"format": 2,
	"edition"`), billing.ErrNewer, "format: 2: this version reads up to 1"},
		{edit(`"per": "month", `, ``), billing.ErrInvalid, `per: missing; want one of "month", "year", "period"`},
		{edit(`"per": "month"`, `"per": "Month"`), billing.ErrInvalid, `per: "Month": unknown interval; want one of "month", "year", "period"`},
		{edit(`"proration": "instants", `, ``), billing.ErrInvalid, `proration: missing; want one of "instants", "days"`},
		{edit(`"instants"`, `"days"`), billing.ErrInvalid, `zone: missing; want the IANA zone of the days`},
		{edit(`"instants"`, `"days", "zone": "Berlin"`), billing.ErrInvalid, `zone: "Berlin": unknown zone`},
		{edit(`"instants"`, `"days", "zone": ""`), billing.ErrInvalid, `zone: "": want an IANA zone`},
		{edit(`"instants"`, `"days", "zone": "posixrules"`), billing.ErrInvalid, `zone: "posixrules": want an IANA zone`},
		{edit(`"instants"`, `"instants", "zone": "UTC"`), billing.ErrInvalid, `zone: "UTC": leave it out`},
		{edit(`"limits": "prorated", `, ``), billing.ErrInvalid, `limits: missing; want one of "prorated", "whole"`},
		{edit(`"basis": "period",`, ``), billing.ErrInvalid, `basis: missing; want one of "period", "segment"`},
		{edit(`"rounding": {"places": 2, "mode": "half-up"},`, ``), billing.ErrInvalid, `rounding: missing; want places`},
		{edit(`"rate": "5%"`, `"rate": "5"`), billing.ErrInvalid, `plans.business.tiers[2].rate: "5": a rate of 1 or more is 100 % or more of the usage`},
		{edit(`"rate": "5%"`, `"rate": "1"`), billing.ErrInvalid, `plans.business.tiers[2].rate: "1"`},
		{edit(`"rate": "5%"`, `"rate": "10.00"`), billing.ErrInvalid, `plans.business.tiers[2].rate: "10.00"`},
		{edit(`"discount": {"rate": "5%"`, `"discount": {"rate": "1"`), billing.ErrInvalid, `plans.enterprise.discount.rate: "1"`},
		{edit(`"discount": {"rate": "5%"`, `"discount": {"rate": "1.00"`), billing.ErrInvalid, `plans.enterprise.discount.rate: "1.00"`},
		{edit(`"places": 2`, `"places": 2.0`), billing.ErrInvalid, "rounding.places: invalid JSON: want a whole number from 0 to 12"},
		{edit(`"places": 2`, `"places": 13`), billing.ErrInvalid, "rounding.places: invalid JSON: want a whole number from 0 to 12"},
		{edit(`"places": 2`, `"places": "2"`), billing.ErrInvalid, "rounding.places: "},
		{edit(`"half-up"`, `"nearest"`), billing.ErrInvalid, `rounding.mode: "nearest": unknown rounding mode; want one of "half-up"`},
		{edit(`"developer"`, `"basic"`), billing.ErrInvalid, "plans.basic: "},
		{edit(`"developer"`, `"premium"`), plan.ErrUnknown, `plans.premium: plan "premium"`},
		{edit(`"developer"`, `"Developer"`), plan.ErrUnknown, `plans.Developer: plan "Developer": want basic, `},
		{edit(`"developer"`, `"business"`), billing.ErrInvalid, "plans.business: field appears twice"},
		{edit(`"rate": "5%"`, `"rate": "5 %"`), billing.ErrInvalid, `plans.business.tiers[2].rate: "5 "`},
		{edit(`"rate": "5%"`, `"rate": "%"`), billing.ErrInvalid, `plans.business.tiers[2].rate: ""`},
		{edit(`"rate": "5%"`, `"rate": 0.05`), billing.ErrInvalid, "plans.business.tiers[2].rate: invalid JSON: want a string, not the number"},
		{edit(`"rate": "5%"`, `"rate": "1e-2"`), billing.ErrInvalid, `plans.business.tiers[2].rate: "1e-2"`},
		{edit(`"rate": "5%"`, `"rate": "-5%"`), billing.ErrInvalid, "plans.business.tiers[2].rate: -0.05"},
		{edit(`"rate": "5%"`, `"rate": "0.`+strings.Repeat("1", 30)+`%"`), billing.ErrInvalid, "plans.business.tiers[2].rate: "},
		{edit(`, "rate": "5%"`, ``), billing.ErrInvalid, "plans.business.tiers[2].rate: invalid JSON: field is missing"},
		{edit(`"upTo": "80000"`, `"upTo": "0"`), billing.ErrInvalid, `plans.business.tiers[1].upTo: "0"`},
		{edit(`"upTo": "80000"`, `"upTo": "8000"`), billing.ErrInvalid, "plans.business.tiers[1].upTo: 8000: not above 10000"},
		{edit(`"upTo": "80000"`, `"upTo": null`), billing.ErrInvalid, "plans.business.tiers[1].upTo: invalid JSON: want a string, not null"},
		{edit(`"upTo": "80000"`, `"upto": "80000"`), billing.ErrInvalid, "plans.business.tiers[1].upto: invalid JSON: unknown field"},
		{edit(`"maximum": "90000"`, `"maximum": "0"`), billing.ErrInvalid, `plans.enterprise.maximum: "0"`},
		{edit(`"maximum": "90000"`, `"maximum": "9"`), billing.ErrInvalid, "plans.enterprise.maximum: 9: below the minimum of 15000"},
		{edit(`"stage": "after-minimum"`, `"stage": "late"`), billing.ErrInvalid, "plans.enterprise.discount.stage: "},
		{edit(`{"rate": "5%", "stage"`, `{"stage"`), billing.ErrInvalid, "plans.enterprise.discount.rate: "},
		{edit(`, "stage": "after-minimum"`, ``), billing.ErrInvalid, "plans.enterprise.discount.stage: "},
		{edit(`{"rate": "5%", "stage"`, `{"rate": "105%", "stage"`), billing.ErrInvalid, "plans.enterprise.discount.rate: 1.05"},
		{edit(`"model": "volume"`, `"model": "stairstep"`), billing.ErrInvalid, `plans.enterprise.model: "stairstep": unknown model`},
		{edit(`"rounding": {"places": 2, "mode": "half-up"}}`, `"rounding": {"places": 2, "mode": "down"}}`), billing.ErrInvalid, "plans.business.rounding: another than the card's"},
		{edit(`"minimum": "100"`, `"minimum": "100.005"`), billing.ErrInvalid, "plans.business.minimum: 100.005"},
		{edit(`"minimum": "100"`, `"minimum": "100", "usageRounding": {"places": 2}`), billing.ErrInvalid, "plans.business.usageRounding.mode: invalid JSON: field is missing"},
	} {
		card := newCard(t)
		err := card.UnmarshalJSON([]byte(c.json))
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "billing: decode rate card: ") || !strings.Contains(err.Error(), ": "+c.text) {
			t.Errorf("error %v\nwant  %s", err, c.text)
		}
		if card.Edition() != "illustrative-2026" || len(card.Plans()) != 3 {
			t.Errorf("the card is not as it was after %v", err)
		}
	}
}

// D30: 100 % is written in per cent, and read back. In Go it is 1.00, since 1
// may be a slip for 1 %.
func TestRatesOfOneAndMore(t *testing.T) {
	for rate, want := range map[string]string{"100%": "100%", "150%": "150%", "1000%": "1000%", "99.9%": "0.999"} {
		var c billing.Card
		text := strings.Replace(illustrativeJSON, `"rate": "5%"`, `"rate": "`+rate+`"`, 1)
		if err := c.UnmarshalJSON([]byte(text)); err != nil {
			t.Fatal(err)
		}
		data := must(c.MarshalJSON())(t)
		var again billing.Card
		if err := again.UnmarshalJSON(data); err != nil || !strings.Contains(string(data), `{"upTo":"250000","rate":"`+want+`"}`) || !cmp.Equal(c.Terms(), again.Terms(), rats) {
			t.Errorf("%s: %s, %v", rate, data, err)
		}
		if _, err := billing.NewCard(c.Terms()); err != nil {
			t.Errorf("%s: %v", rate, err)
		}
	}
	for rate, ok := range map[string]bool{"0.99": true, "1.00": true, "1": false, "10": false, "10.0": false, "10.00": true} {
		terms := illustrative()
		terms.Plans[plan.Developer] = price.Terms{Model: price.ModelVolume, Tiers: []price.Tier{{Rate: d(rate)}}}
		if _, err := billing.NewCard(terms); (err == nil) != ok || !ok && (!errors.Is(err, billing.ErrInvalid) || !strings.Contains(err.Error(), "plans.developer.tiers[0].rate: ")) {
			t.Errorf("%s: %v", rate, err)
		}
	}
}

// What is missing in a card is called missing, by field, with the values that it
// may have.
func TestMissingCardFields(t *testing.T) {
	for text, change := range map[string]func(*billing.CardTerms){
		`per: missing; want one of "month", "year", "period": invalid billing input`: func(t *billing.CardTerms) { t.Per = "" },
		`proration: missing; want one of "instants", "days"`:                         func(t *billing.CardTerms) { t.Proration = "" },
		`zone: missing; want the IANA zone of the days`:                              func(t *billing.CardTerms) { t.Proration = billing.ProrationDays },
		`zone: "/Europe/Berlin": want an IANA zone`: func(t *billing.CardTerms) {
			t.Proration, t.Zone = billing.ProrationDays, time.FixedZone("/Europe/Berlin", 3600)
		},
		`zone: "Local": want an IANA zone`:                              func(t *billing.CardTerms) { t.Proration, t.Zone = billing.ProrationDays, time.Local },
		`limits: missing; want one of "prorated", "whole"`:              func(t *billing.CardTerms) { t.Limits = "" },
		`basis: missing; want one of "period", "segment"`:               func(t *billing.CardTerms) { t.Basis = "" },
		`basis: "both": unknown basis; want one of "period", "segment"`: func(t *billing.CardTerms) { t.Basis = "both" },
		`plans: missing; want the terms of one paid plan or more`:       func(t *billing.CardTerms) { t.Plans = nil },
		`edition: "xxx`: func(t *billing.CardTerms) { t.Edition = strings.Repeat("x", 201) },
	} {
		terms := illustrative()
		change(&terms)
		_, err := billing.NewCard(terms)
		var at *billing.FieldError
		if !errors.Is(err, billing.ErrInvalid) || !strings.HasPrefix(err.Error(), "billing: rate card: "+text) || !errors.As(err, &at) {
			t.Errorf("%v, want %s", err, text)
		}
	}
}

// Days have a zone of the IANA's database, by a name that means the same on every
// machine.
func TestZonesOfDays(t *testing.T) {
	terms := illustrative()
	terms.Proration = billing.ProrationDays
	for name, ok := range map[string]bool{
		"UTC": true, "Europe/Berlin": true, "Etc/GMT+3": true, "Localhost": true, "Asia/local": true,
		"": false, ".": false, "./UTC": false, "/UTC": false, "Europe//Berlin": false, "Europe/../UTC": false, "Europe/": false,
		"local": false, "Local": false, "LOCAL": false, "localtime": false, "Localtime/x": false, "posixrules": false, "posix/UTC": false, "right/UTC": false, "Right/UTC": false,
	} {
		terms.Zone = time.FixedZone(name, 0)
		_, err := billing.NewCard(terms)
		if ok != (err == nil) {
			t.Errorf("zone %q: %v", name, err)
		}
		if !ok {
			refused(t, name, err, billing.ErrInvalid, "billing: rate card: zone: "+strconv.Quote(name)+": want an IANA zone that is the same on every machine")
		}
	}
}

func FuzzCardJSON(f *testing.F) {
	f.Add([]byte(illustrativeJSON))
	f.Add([]byte(`{"edition":"x","currency":"JPY","rounding":{"places":0,"mode":"down"},"per":"year","proration":"days","zone":"Asia/Tokyo","limits":"whole","basis":"segment","plans":{"developer":{"model":"volume","tiers":[{"rate":"100%"}]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var c billing.Card
		if c.UnmarshalJSON(data) != nil {
			return
		}
		again, err := c.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var back billing.Card
		if err := back.UnmarshalJSON(again); err != nil || !cmp.Equal(c.Terms(), back.Terms(), rats) {
			t.Fatalf("%s reads back differently: %v", again, err)
		}
		for _, p := range c.Plans() {
			if _, err := c.Quote(p, d("12345.67")); err != nil {
				t.Fatalf("%v: %v", p, err)
			}
		}
	})
}
