package billing_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A month with two changes of plan and one of the card.
func BenchmarkInvoice(b *testing.B) {
	book := twoEditions(b, day(3, 16), cardA(), cardB())
	tl := changes(b)
	r := rand.New(rand.NewPCG(1, 2))
	spent := make([]billing.Usage, 1024)
	for i := range spent {
		spent[i] = spentIn(b, march, decimal.New(r.Int64N(30_000_000), -2))
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := book.Invoice(tl, spent[i%len(spent)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkNewUsage(b *testing.B) {
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
		if _, err := billing.NewUsage("USD", march, charges...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(charges)), "ns/charge")
}
