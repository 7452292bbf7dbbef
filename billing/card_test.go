package billing_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

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
		if _, err := c.Quote(p, d("-1")); !errors.Is(err, billing.ErrNegative) {
			t.Errorf("%v for negative usage: %v", p, err)
		}
		if _, err := c.Fee(p, decimal.New(1, 1e9)); !errors.Is(err, billing.ErrAmount) {
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
			if !errors.Is(err, billing.ErrNotCompiled) {
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
		"no edition":         {func(t *billing.CardTerms) { t.Edition = "" }, billing.ErrEdition, "edition: edition is missing"},
		"no currency":        {func(t *billing.CardTerms) { t.Currency = "" }, billing.ErrCurrency, `currency: ""`},
		"lower-case":         {func(t *billing.CardTerms) { t.Currency = "usd" }, billing.ErrCurrency, `currency: "usd"`},
		"four letters":       {func(t *billing.CardTerms) { t.Currency = "USDT" }, billing.ErrCurrency, `currency: "USDT"`},
		"digits":             {func(t *billing.CardTerms) { t.Currency = "U5D" }, billing.ErrCurrency, `currency: "U5D"`},
		"no rounding":        {func(t *billing.CardTerms) { t.Rounding = price.Rounding{} }, price.ErrInvalid, "rounding: 0 places"},
		"another rounding":   {func(t *billing.CardTerms) { t.Rounding.Places = 3 }, price.ErrInvalid, "plans.business.rounding: other than the card's"},
		"a price for basic":  {func(t *billing.CardTerms) { t.Plans[plan.Basic] = percent() }, billing.ErrPricedBasic, "plans.basic: the basic plan is free"},
		"a price for nobody": {func(t *billing.CardTerms) { t.Plans[9] = percent() }, plan.ErrUnknown, "plans.Plan(9): unknown plan"},
		"a bad tier": {func(t *billing.CardTerms) {
			terms := percent()
			terms.Tiers[2].Rate = d("-1")
			t.Plans[plan.Business] = terms
		}, billing.ErrNegative, "plans.business.tiers[2].rate: -1"},
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
	want := `{"edition":"illustrative-2026","currency":"USD","rounding":{"places":2,"mode":"half-up"},"plans":{` +
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
		{``, billing.ErrJSON, ""},
		{`null`, billing.ErrJSON, "want an object, not null"},
		{`[]`, billing.ErrJSON, "want an object, not an array"},
		{illustrativeJSON + `{}`, billing.ErrJSON, "something follows the document"},
		{"\xef\xbb\xbf" + illustrativeJSON, billing.ErrJSON, ""},
		{edit(`"edition": "illustrative-2026",`, ``), billing.ErrJSON, "edition: invalid JSON: field is missing"},
		{edit(`"edition"`, `"Edition"`), billing.ErrJSON, "edition: invalid JSON: field is missing"},
		{edit(`"USD"`, `null`), billing.ErrJSON, "currency: invalid JSON: want a string, not null"},
		{edit(`"USD"`, `"usd"`), billing.ErrCurrency, `currency: "usd"`},
		{edit(`"currency"`, `"note": "", "currency"`), billing.ErrJSON, "note: invalid JSON: unknown field"},
		{edit(`"currency": "USD"`, `"currency": "USD", "currency": "USD"`), billing.ErrJSON, "currency: field appears twice"},
		{edit(`"places": 2`, `"places": 2.0`), billing.ErrJSON, "rounding.places: invalid JSON: want a whole number from 0 to 12"},
		{edit(`"places": 2`, `"places": 13`), billing.ErrJSON, "rounding.places: invalid JSON: want a whole number from 0 to 12"},
		{edit(`"places": 2`, `"places": "2"`), billing.ErrJSON, "rounding.places: "},
		{edit(`"half-up"`, `"nearest"`), price.ErrInvalid, `rounding.mode: "nearest": unknown rounding mode; want one of "half-up", "half-even", "down", "up": invalid input`},
		{edit(`"developer"`, `"basic"`), billing.ErrPricedBasic, "plans.basic: "},
		{edit(`"developer"`, `"premium"`), plan.ErrUnknown, `plans.premium: plan "premium"`},
		{edit(`"developer"`, `"Developer"`), plan.ErrUnknown, `plans.Developer: plan "Developer": want basic, `},
		{edit(`"developer"`, `"business"`), billing.ErrJSON, "plans.business: field appears twice"},
		{edit(`"rate": "5%"`, `"rate": "5 %"`), billing.ErrAmount, `plans.business.tiers[2].rate: "5 "`},
		{edit(`"rate": "5%"`, `"rate": "%"`), billing.ErrAmount, `plans.business.tiers[2].rate: ""`},
		{edit(`"rate": "5%"`, `"rate": 0.05`), billing.ErrJSON, "plans.business.tiers[2].rate: invalid JSON: want a string, not the number"},
		{edit(`"rate": "5%"`, `"rate": "1e-2"`), billing.ErrAmount, `plans.business.tiers[2].rate: "1e-2"`},
		{edit(`"rate": "5%"`, `"rate": "-5%"`), billing.ErrNegative, "plans.business.tiers[2].rate: -0.05"},
		{edit(`"rate": "5%"`, `"rate": "0.`+strings.Repeat("1", 30)+`%"`), billing.ErrAmount, "plans.business.tiers[2].rate: "},
		{edit(`, "rate": "5%"`, ``), billing.ErrJSON, "plans.business.tiers[2].rate: invalid JSON: field is missing"},
		{edit(`"upTo": "80000"`, `"upTo": "0"`), price.ErrInvalid, `plans.business.tiers[1].upTo: "0"`},
		{edit(`"upTo": "80000"`, `"upTo": "8000"`), price.ErrInvalid, "plans.business.tiers[1].upTo: 8000: not above 10000"},
		{edit(`"upTo": "80000"`, `"upTo": null`), billing.ErrJSON, "plans.business.tiers[1].upTo: invalid JSON: want a string, not null"},
		{edit(`"upTo": "80000"`, `"upto": "80000"`), billing.ErrJSON, "plans.business.tiers[1].upto: invalid JSON: unknown field"},
		{edit(`"maximum": "90000"`, `"maximum": "0"`), price.ErrInvalid, `plans.enterprise.maximum: "0"`},
		{edit(`"maximum": "90000"`, `"maximum": "9"`), price.ErrInvalid, "plans.enterprise.maximum: 9: below the minimum of 15000"},
		{edit(`"stage": "after-minimum"`, `"stage": "late"`), price.ErrInvalid, "plans.enterprise.discount.stage: "},
		{edit(`{"rate": "5%", "stage"`, `{"stage"`), billing.ErrJSON, "plans.enterprise.discount.rate: "},
		{edit(`, "stage": "after-minimum"`, ``), billing.ErrJSON, "plans.enterprise.discount.stage: "},
		{edit(`{"rate": "5%", "stage"`, `{"rate": "105%", "stage"`), price.ErrInvalid, "plans.enterprise.discount.rate: 1.05"},
		{edit(`"model": "volume"`, `"model": "stairstep"`), price.ErrInvalid, `plans.enterprise.model: "stairstep": unknown model`},
		{edit(`"rounding": {"places": 2, "mode": "half-up"}}`, `"rounding": {"places": 2, "mode": "down"}}`), price.ErrInvalid, "plans.business.rounding: other than the card's"},
		{edit(`"minimum": "100"`, `"minimum": "100.005"`), price.ErrInvalid, "plans.business.minimum: 100.005"},
		{edit(`"minimum": "100"`, `"minimum": "100", "usageRounding": {"places": 2}`), billing.ErrJSON, "plans.business.usageRounding.mode: invalid JSON: field is missing"},
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

func FuzzCardJSON(f *testing.F) {
	f.Add([]byte(illustrativeJSON))
	f.Add([]byte(`{"edition":"x","currency":"JPY","rounding":{"places":0,"mode":"down"},"plans":{}}`))
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
		if err := back.UnmarshalJSON(again); err != nil || !cmp.Equal(c.Terms(), back.Terms()) {
			t.Fatalf("%s reads back differently: %v", again, err)
		}
		for _, p := range c.Plans() {
			if _, err := c.Quote(p, d("12345.67")); err != nil {
				t.Fatalf("%v: %v", p, err)
			}
		}
	})
}
