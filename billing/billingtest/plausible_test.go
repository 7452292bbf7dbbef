package billingtest_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
)

// Slips in a card of the kind that is published are found by the check without
// any choice of laws; the card itself is clean.
func TestSlips(t *testing.T) {
	terms := func() price.Terms {
		p := graduated(tiers("10000", "0.10", "80000", "0.07", "250000", "0.05", "", "0.03")...)
		p.Minimum = d("1000")
		return p
	}
	check := func(p price.Terms) []string {
		var r recorder
		billingtest.Check(&r, card(map[plan.Plan]price.Terms{plan.Business: p}))
		return r.errors
	}
	if errors := check(terms()); errors != nil {
		t.Errorf("without a slip: %v", errors)
	}
	ten, tenth := d("10"), d("0.1")
	slips := map[string]func(*price.Terms){
		"volume for graduated": func(p *price.Terms) { p.Model = price.ModelVolume },
		"minimum by ten":       func(p *price.Terms) { p.Minimum = p.Minimum.Mul(ten) },
		"bounds swapped in size": func(p *price.Terms) {
			p.Tiers[2].UpTo = p.Tiers[2].UpTo.Mul(ten)
		},
		"bounds but the first by ten": func(p *price.Terms) {
			p.Tiers[1].UpTo, p.Tiers[2].UpTo = p.Tiers[1].UpTo.Mul(ten), p.Tiers[2].UpTo.Mul(ten)
		},
		"first bound a tenth": func(p *price.Terms) { p.Tiers[0].UpTo = p.Tiers[0].UpTo.Mul(tenth) },
	}
	for i := range terms().Tiers {
		for _, by := range []decimal.Decimal{ten, tenth} {
			if i == 0 && by.Equal(ten) {
				continue // 100 %, which a card refuses or tier 2 tells
			}
			slips[fmt.Sprintf("rate %d by %v", i+1, by)] = func(p *price.Terms) { p.Tiers[i].Rate = p.Tiers[i].Rate.Mul(by) }
		}
	}
	for name, slip := range slips {
		p := terms()
		slip(&p)
		if errors := check(p); len(errors) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
	for _, only := range []string{"0.0003", "0.55"} {
		if errors := check(graduated(tiers("", only)...)); len(errors) != 1 {
			t.Errorf("a rate of %s: %v", only, errors)
		}
	}
	// Of a bare schedule nobody knows what usage is.
	billingtest.CheckSchedule(t, price.MustCompile(graduated(tiers("10", "5", "", "0.10")...)))
}

// Each limit of what is plausible is where it is documented.
func TestPlausibleLimits(t *testing.T) {
	least := func(p price.Terms, minimum string) price.Terms {
		p.Minimum = d(minimum)
		return p
	}
	two := func() price.Terms { return graduated(tiers("100", "0.10", "", "0.09")...) }
	flat := two()
	flat.Tiers[0].Flat = d("5")
	for _, c := range []struct {
		terms price.Terms
		want  string // the usage and the message
	}{
		{graduated(tiers("", "0.4999")...), ""},
		{graduated(tiers("", "0.50")...), "0: tier 1 has a rate of 50.00 %: half of the usage or more"},
		{graduated(tiers("100", "0.40", "", "0.50")...), "100: tier 2 has a rate of 50.00 %: half of the usage or more"},
		{graduated(tiers("", "0.001")...), ""},
		{graduated(tiers("", "0.0009")...), "0: the only tier has a rate of 0.0900 %: is a factor of a hundred lost?"},
		{graduated(tiers("", "0")...), ""},
		{graduated(tiers("10", "0.0009", "", "0.0008")...), ""},
		{graduated(tiers("100", "0.10", "", "0.0201")...), ""},
		{graduated(tiers("100", "0.10", "", "0.02")...), "100: tier 1 has a rate of 10.00 % and tier 2 one of 2.00 %: is one of them a slip by a factor of ten?"},
		{graduated(tiers("100", "0.02", "200", "0.02", "", "0.10")...), "200: tier 2 has a rate of 2.00 % and tier 3 one of 10.00 %: is one of them a slip by a factor of ten?"},
		{graduated(tiers("100", "0.10", "", "0")...), ""},
		{graduated(tiers("100", "0.10", "2499.99", "0.09", "", "0.08")...), ""},
		{graduated(tiers("100", "0.10", "2500", "0.09", "", "0.08")...), "2500: tier 1 ends at 100.00 and tier 2 at 2500.00: is one of them a slip by a factor of ten?"},
		{graduated(tiers("100", "0.10", "200", "0.09", "5000", "0.08", "", "0.07")...), "5000: tier 2 ends at 200.00 and tier 3 at 5000.00: is one of them a slip by a factor of ten?"},
		{least(two(), "80"), ""},
		{least(two(), "80.01"), "100: the minimum is 80.01, but all of tier 1 costs only 10.00"},
		{least(flat, "120"), ""},
		{least(flat, "120.01"), "100: the minimum is 120.01, but all of tier 1 costs only 15.00"},
		{least(graduated(tiers("100", "0", "", "0.09")...), "50"), ""},
		{least(graduated(price.Tier{Rate: d("0.10"), Flat: d("1")}), "50"), ""},
	} {
		got := ""
		for _, v := range billingtest.Violations(card(map[plan.Plan]price.Terms{plan.Business: c.terms}), billingtest.Plausible) {
			got += fmt.Sprintf("%v: %s", v.From, v.Message)
		}
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
