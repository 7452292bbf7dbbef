package billing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
)

// Every value may be used from many goroutines at once: under the race detector,
// and with the same answers as from one.
func TestConcurrentUse(t *testing.T) {
	card := mustCard(t, cardA())
	book := twoEditions(t, day(3, 16), cardA(), cardB())
	timeline := changes(t)
	s, err1 := card.Schedule(plan.Business)
	other, err2 := card.Schedule(plan.Developer)
	quote, err3 := card.Quote(plan.Business, d("12345.67"))
	invoice, err4 := book.Invoice(timeline, spent(t, "31000"))
	rerated, err5 := book.Invoice(timeline, spent(t, "27900"))
	settlement, err6 := rerated.Settle(issued(invoice.Head, "I-1"))
	usage, err7 := billing.NewUsage("USD", march,
		billing.Charge{Kind: billing.ChargeCloudService, Payment: billing.PaymentVoucher, Amount: d("12.34"), Period: march},
		billing.Charge{Kind: billing.ChargeSupportPlan, Amount: d("100"), Period: march},
	)
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
		t.Fatal(err)
	}
	weights := []decimal.Decimal{d("1"), d("2"), d("0")}
	terms, cardTerms := s.Terms(), card.Terms()
	commitment := billing.Commitment{Term: march, Currency: "USD", Places: 2, Amount: d("5000")}

	// answer uses everything, and says what came of it.
	answer := func() string {
		var out []any
		add := func(values ...any) { out = append(out, values...) }
		text := func(v any, err error) { // pointers print as addresses
			b, err2 := json.Marshal(v)
			add(string(b), err, err2)
		}
		text(s.Fee(d("12345.67")))
		text(s.FeeMinor(1234567))
		text(s.Fee(d("1234567890123456789.123456789")))
		text(s.Unrounded(d("12345.67")))
		text(s.Quote(d("12345.67")))
		text(s.MarginalRate(d("12345.67")))
		text(s.EffectiveRate(d("12345.67")))
		text(s.UsagesFor(d("1164.1969")))
		text(s.Points(d("0"), d("20000"), 5))
		text(s.Pieces(), nil)
		text(s.Terms(), nil)
		text(price.BreakEvens(s, other))
		text(price.Envelope(d("0"), d("100000"), s, other))
		text(price.Compile(terms))
		text(billing.NewCard(cardTerms))
		text(card.Plans(), nil)
		text(card.Fee(plan.Business, d("100")))
		text(card, nil)
		text(card.Book(day(1, 1)))
		add(card.Edition(), card.Currency())
		text(book.At(day(3, 15)))
		text(invoice.Complete())
		text(card.Cheapest(d("0"), d("20000")))
		text(book.Cards(), nil)
		text(book, nil)
		text(book.Invoice(timeline, spent(t, "31000")))
		text(book.Advance(timeline, march))
		text(timeline, nil)
		text(invoice, nil)
		text(rerated.Settle(issued(invoice.Head, "I-1"), issued(settlement.Head, "S-1")))
		text(settlement, nil)
		text(commitment.Shortfall(issued(invoice.Head, "I-1"), issued(settlement.Head, "S-1")))
		text(usage, nil)
		text(price.Allocate(d("1"), 2, weights, nil))
		text(cents.Round(d("0.125")))
		add(quote.String(), invoice.String(), settlement.String(), settlement.Due, usage.Billable(), usage.Counted(billing.PaymentVoucher).Amount.StringFixed(2))
		merged := usage
		add(merged.Merge(usage), merged.Equal(usage), merged.Total().StringFixed(2))
		return fmt.Sprint(out...)
	}
	want := answer()
	var wait sync.WaitGroup
	got := make([]string, 16)
	for i := range got {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 4 {
				got[i] = answer()
			}
		}()
	}
	wait.Wait()
	for i, g := range got {
		if g != want {
			t.Errorf("goroutine %d answers\n%s\nwant\n%s", i, g, want)
		}
	}
}
