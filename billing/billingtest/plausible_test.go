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
