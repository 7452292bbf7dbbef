package billingtest_test

import (
	"testing"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
)

// Each check takes at most two seconds.
func BenchmarkChecks(b *testing.B) {
	five := price.MustCompile(fiveTiers())
	c := card(map[plan.Plan]price.Terms{plan.Business: fiveTiers()})
	book := bookOf(b, nil)
	for _, check := range []struct {
		name string
		f    func(t billingtest.T)
	}{
		{"Check", func(t billingtest.T) { billingtest.Check(t, c) }},
		{"CheckSchedule", func(t billingtest.T) { billingtest.CheckSchedule(t, five) }},
		{"CheckPricer", func(t billingtest.T) { billingtest.CheckPricer(t, fiveTiers(), billingtest.Func(five.Fee)) }},
		{"CheckInvoicer", func(t billingtest.T) { billingtest.CheckInvoicer(t, book, right) }},
	} {
		b.Run(check.name, func(b *testing.B) {
			for b.Loop() {
				check.f(b)
			}
		})
	}
}
