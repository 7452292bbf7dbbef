package billing_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// usages are drawn from a fixed seed, in cents up to 2,000,000.00, so that no
// branch predictor learns them.
func usages() ([]int64, []decimal.Decimal) {
	r := rand.New(rand.NewPCG(1, 2))
	minor, exact := make([]int64, 4096), make([]decimal.Decimal, 4096)
	for i := range minor {
		minor[i] = r.Int64N(2_000_000_00)
		exact[i] = decimal.New(minor[i], -2)
	}
	return minor, exact
}

// A month with two changes of plan and one of the card.
func BenchmarkInvoice(b *testing.B) {
	book := twoEditions(b, day(3, 16), cardA(), cardB())
	tl, err := plan.NewTimeline(
		plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: day(2, 20), End: day(3, 11)}},
		plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(3, 11), End: day(3, 26)}},
	)
	if err != nil {
		b.Fatal(err)
	}
	_, exact := usages()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := book.Invoice(tl, march, exact[i%len(exact)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkSumUsage(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	charges := make([]billing.Charge, 1000)
	for i := range charges {
		charges[i] = billing.Charge{
			Kind:    allKinds[r.IntN(3)],
			Payment: allPayments[r.IntN(3)],
			Amount:  decimal.New(r.Int64N(1_000_000_00)-1_000_00, -2),
			Period:  calendar.Period{Start: march.Start.Add(time.Duration(r.IntN(40*24)) * time.Hour)},
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := billing.SumUsage("USD", march, charges); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(charges)), "ns/charge")
}
