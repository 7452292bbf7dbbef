package billingtest_test

import (
	"math/big"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// seen counts what generators draw, by name; never says what they never drew.
type seen map[string]int

func (s seen) count(name string, is bool) {
	n := s[name]
	if is {
		n++
	}
	s[name] = n
}

func (s seen) check(t *testing.T) {
	t.Helper()
	for name, n := range s {
		if n == 0 {
			t.Errorf("never drawn: %s", name)
		}
	}
}

func TestTermsCompile(t *testing.T) {
	got := make(seen)
	for i := range 2000 {
		terms := billingtest.Terms().Example(i)
		if _, err := price.Compile(terms); err != nil || len(terms.Tiers) > 5 {
			t.Fatal(terms, err)
		}
		for n := range 5 {
			got.count("tiers "+string(rune('1'+n)), len(terms.Tiers) == n+1)
		}
		for _, m := range []price.Model{price.ModelGraduated, price.ModelVolume} {
			got.count(string(m), terms.Model == m)
		}
		for _, m := range []price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp} {
			got.count(string(m), terms.Rounding.Mode == m)
			got.count("usage "+string(m), terms.UsageRounding.Mode == m)
		}
		for _, places := range []int32{0, 2, 3, 12} {
			got.count("places "+string(rune('0'+places)), terms.Rounding.Places == places)
		}
		for _, stage := range []price.DiscountStage{price.DiscountBeforeMaximum, price.DiscountAfterMinimum} {
			got.count(string(stage), terms.Discount.Stage == stage)
		}
		got.count("whole discount", terms.Discount.Rate.Equal(d("1")))
		got.count("no minimum", terms.Minimum.IsZero())
		got.count("minimum", terms.Minimum.IsPositive())
		got.count("no maximum", terms.Maximum.IsZero())
		got.count("maximum", terms.Maximum.IsPositive())
		got.count("usage as it is", !terms.UsageRounding.IsValid())
		for _, tier := range terms.Tiers {
			got.count("flat", tier.Flat.IsPositive())
			got.count("no flat", tier.Flat.IsZero())
			got.count("rate above 1", tier.Rate.GreaterThan(d("1")))
			got.count("rate between", tier.Rate.IsPositive() && tier.Rate.LessThan(d("1")))
			got.count("fine bound", tier.UpTo.Exponent() == -25)
			got.count("huge bound", tier.UpTo.GreaterThan(decimal.New(1, 15)))
		}
	}
	got.check(t)
}

func TestCardsMakeInvoices(t *testing.T) {
	march, err := calendar.Month(2026, time.March, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	got := make(seen)
	rapid.Check(t, func(t *rapid.T) {
		c := billingtest.Cards().Draw(t, "card")
		book, err := c.Book(march.Start)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []plan.Plan{plan.Developer, plan.Business, plan.Enterprise} {
			s, err := c.Schedule(p)
			if err != nil {
				continue
			}
			tl, err := plan.NewTimeline(plan.Subscription{Plan: p, Period: march})
			if err != nil {
				t.Fatal(err)
			}
			usage := billingtest.Usage(s.Terms()).Draw(t, "usage")
			spent, err := billing.NewUsage(c.Currency(), march, billing.Charge{Kind: billing.ChargeCloudService, Amount: usage, Period: march})
			if err != nil {
				t.Fatal(err)
			}
			inv, err := book.Invoice(tl, spent)
			fee, err2 := s.Fee(usage)
			if err != nil || err2 != nil || !inv.Due.Equal(fee) {
				t.Errorf("invoice of a whole month %v, %v; fee %v, %v", inv.Due, err, fee, err2)
			}
		}
	})
	for n := range 200 {
		c := billingtest.Cards().Example(n)
		for _, p := range []plan.Plan{plan.Developer, plan.Business, plan.Enterprise} {
			_, err := c.Schedule(p)
			got.count(p.String(), err == nil)
		}
		for n := range 3 {
			got.count("plans "+string(rune('1'+n)), len(c.Plans()) == n+1)
		}
		for _, l := range []price.Limits{price.LimitsProrated, price.LimitsWhole} {
			got.count(string(l), c.Terms().Limits == l)
		}
	}
	got.check(t)
}

func TestUsageIsBiasedToBounds(t *testing.T) {
	terms := fiveTiers()
	s := price.MustCompile(terms)
	got := make(seen)
	for i := range 1000 {
		u := billingtest.Usage(terms).Example(i)
		if _, err := s.Fee(u); err != nil {
			t.Fatal(err)
		}
		lower := d("0")
		for _, tier := range terms.Tiers {
			got.count("at "+lower.String(), u.Equal(lower))
			near := u.Sub(lower)
			got.count("just above "+lower.String(), near.IsPositive() && near.LessThan(d("0.000001")))
			got.count("a cent above "+lower.String(), near.Equal(d("0.01")))
			if lower.IsPositive() {
				got.count("just below "+lower.String(), near.IsNegative() && near.GreaterThan(d("-0.000001")))
			}
			got.count("inside above "+lower.String(), u.GreaterThan(lower.Mul(d("1.1")).Add(d("10"))) && (tier.UpTo.IsZero() || u.LessThan(tier.UpTo.Mul(d("0.9")))))
			lower = tier.UpTo
		}
		got.count("beyond machine words", u.Coefficient().BitLen() > 64)
		got.count("large", u.GreaterThan(d("1000000000000")))
	}
	got.check(t)
	atBounds := 0
	for name, n := range got {
		if len(name) > 3 && name[:3] == "at " {
			atBounds += n
		}
	}
	if atBounds < 150 {
		t.Errorf("only %d of 1000 usages are bounds", atBounds)
	}
}

// Usage takes any terms, even such as cannot be.
func TestUsageOfAbsurdTerms(t *testing.T) {
	s := price.MustCompile(graduated(price.Tier{Rate: d("1")}))
	all := d("999999999999999999999999999999.999999999999999999999999999999")
	for name, terms := range map[string]price.Terms{
		"no tiers":  {},
		"huge":      {Tiers: []price.Tier{{UpTo: decimal.New(1, 1e9)}, {}}},
		"tiny":      {Tiers: []price.Tier{{UpTo: decimal.New(1, -1e9)}, {}}},
		"negative":  {Tiers: []price.Tier{{UpTo: d("-5")}, {}}},
		"unsorted":  {Tiers: []price.Tier{{UpTo: d("10")}, {UpTo: d("5")}, {}}},
		"the limit": {Tiers: []price.Tier{{UpTo: all}, {}}},
	} {
		for i := range 300 {
			u := billingtest.Usage(terms).Example(i)
			if _, err := s.Fee(u); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

func TestTimelinesAreAroundThePeriod(t *testing.T) {
	march, err := calendar.Month(2026, time.March, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	got := make(seen)
	for i := range 2000 {
		tl := billingtest.Timeline(march).Example(i)
		stretches := tl.Segments(march)
		for _, p := range plan.All() {
			got.count(p.String()+" throughout", len(stretches) == 1 && stretches[0].Plan == p)
		}
		got.count("many changes", len(stretches) > 3)
		got.count("no subscription", len(tl.Subscriptions()) == 0)
		for _, s := range tl.Subscriptions() {
			got.count("any plan: "+s.Plan.String(), true)
			got.count("starts with the period", s.Period.Start.Equal(march.Start))
			got.count("starts just before", s.Period.Start.Equal(march.Start.Add(-1)))
			got.count("starts just after", s.Period.Start.Equal(march.Start.Add(1)))
			got.count("starts long before", s.Period.Start.Before(march.Start.Add(-240*time.Hour)))
			got.count("starts within", march.Contains(s.Period.Start.Add(-2)))
			got.count("starts behind", s.Period.Start.After(march.End.Add(2)))
			got.count("ends with the period", s.Period.End.Equal(march.End))
			got.count("ends just before", s.Period.End.Equal(march.End.Add(-1)))
			got.count("ends just after", s.Period.End.Equal(march.End.Add(1)))
			got.count("no end", s.Period.End.IsZero())
			if far := march.Duration() * 2; s.Period.Start.Before(march.Start.Add(-far)) || s.Period.Start.After(march.End.Add(far)) {
				t.Fatalf("%v is far from %v", s.Period, march)
			}
		}
	}
	got.check(t)
	for name, p := range map[string]calendar.Period{
		"a nanosecond": {Start: march.Start, End: march.Start.Add(1)},
		"no end":       {Start: march.Start},
		"for ever":     {Start: time.Time{}.Add(1), End: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		inside := 0
		for i := range 300 {
			inside += len(billingtest.Timeline(p).Example(i).Segments(p)) - 1
		}
		if inside == 0 && name != "a nanosecond" {
			t.Errorf("%s: no change of plan inside", name)
		}
	}
	if tl := billingtest.Timeline(calendar.Period{}).Example(1); len(tl.Subscriptions()) != 0 {
		t.Errorf("timeline of no period: %v", tl.Subscriptions())
	}
}

// The reference is right by hand, and has no answer where there is none.
func TestReference(t *testing.T) {
	hours := tiers("10", "5", "15", "3", "", "1")
	for _, c := range []struct {
		terms            price.Terms
		usage            string
		exact, roundedTo string
	}{
		{fiveTiers(), "1234567.89", "41591.3578", "41591.36"}, // 36,900 and 2 % of 234,567.89
		{fiveTiers(), "0", "100", "100"},
		{fiveTiers(), "1000", "100", "100"},
		{fiveTiers(), "1000.1", "100.01", "100.01"},
		{graduated(hours...), "16", "66", "66"},
		{volume(hours...), "16", "16", "16"},
		{volume(hours...), "15", "45", "45"},
		{volume(hours...), "10.001", "30.003", "30"},
		{graduated(price.Tier{Flat: d("5")}), "0", "5", "5"},
		{graduated(price.Tier{UpTo: d("1"), Flat: d("5")}, price.Tier{Flat: d("7")}), "1", "5", "5"},
		{graduated(price.Tier{UpTo: d("1"), Flat: d("5")}, price.Tier{Flat: d("7")}), "1.5", "12", "12"},
		{volume(price.Tier{UpTo: d("1"), Flat: d("5")}, price.Tier{Flat: d("7")}), "1.5", "7", "7"},
		{with(fiveTiers(), func(t *price.Terms) { t.Maximum = d("150") }), "5000", "150", "150"},
		{with(fiveTiers(), func(t *price.Terms) {
			t.Maximum, t.Discount = d("450"), price.Discount{Rate: d("0.5"), Stage: price.DiscountBeforeMaximum}
		}), "10000", "450", "450"},
		{with(fiveTiers(), func(t *price.Terms) { t.Discount = price.Discount{Rate: d("0.5"), Stage: price.DiscountBeforeMaximum} }), "1500", "100", "100"},
		{with(fiveTiers(), func(t *price.Terms) { t.Discount = price.Discount{Rate: d("0.5"), Stage: price.DiscountAfterMinimum} }), "500", "50", "50"},
		{with(graduated(tiers("", "1")...), func(t *price.Terms) { t.UsageRounding = price.Rounding{Places: 0, Mode: price.RoundingUp} }), "1.2", "2", "2"},
		{graduated(tiers("", "1")...), "0.125", "1/8", "0.13"},
		{with(graduated(tiers("", "1")...), func(t *price.Terms) { t.Rounding.Mode = price.RoundingHalfEven }), "0.125", "1/8", "0.12"},
		{with(graduated(tiers("", "1")...), func(t *price.Terms) { t.Rounding.Mode = price.RoundingHalfEven }), "0.135", "27/200", "0.14"},
		{with(graduated(tiers("", "1")...), func(t *price.Terms) { t.Rounding.Mode = price.RoundingHalfEven }), "0.1251", "1251/10000", "0.13"},
		{with(graduated(tiers("", "1")...), func(t *price.Terms) { t.Rounding.Mode = price.RoundingDown }), "0.129", "129/1000", "0.12"},
		{with(graduated(tiers("", "1")...), func(t *price.Terms) { t.Rounding.Mode = price.RoundingUp }), "0.121", "121/1000", "0.13"},
		{with(graduated(tiers("", "1")...), func(t *price.Terms) { t.Rounding.Mode = price.RoundingUp }), "0.12", "3/25", "0.12"},
	} {
		exact, rounded := billingtest.Reference(c.terms, d(c.usage)), billingtest.ReferenceRounded(c.terms, d(c.usage))
		if exact.Cmp(rat(c.exact)) != 0 || rounded.Cmp(rat(c.roundedTo)) != 0 {
			t.Errorf("%v: %s costs %v, rounded %v; want %s and %s", c.terms, c.usage, exact, rounded, c.exact, c.roundedTo)
		}
	}
	for name, got := range map[string][2]*big.Rat{
		"wrong terms":    {billingtest.Reference(price.Terms{}, d("1")), billingtest.ReferenceRounded(price.Terms{}, d("1"))},
		"negative usage": {billingtest.Reference(fiveTiers(), d("-1")), billingtest.ReferenceRounded(fiveTiers(), d("-1"))},
		"absurd usage":   {billingtest.Reference(fiveTiers(), decimal.New(1, 1e9)), billingtest.ReferenceRounded(fiveTiers(), decimal.New(1, 1e9))},
		"absurd terms":   {billingtest.Reference(graduated(price.Tier{Rate: decimal.New(1, 1e9)}), d("1")), nil},
	} {
		if got[0] != nil || got[1] != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func rat(s string) *big.Rat {
	x, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return x
}
