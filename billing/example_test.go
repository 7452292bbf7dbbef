package billing_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

func ExampleCard() {
	var card billing.Card
	err := json.Unmarshal([]byte(`{
		"edition": "illustrative-2026",
		"currency": "USD",
		"rounding": {"places": 2, "mode": "half-up"},
		"plans": {
			"developer": {"model": "graduated", "tiers": [{"rate": "3%"}], "minimum": "29"},
			"business": {"model": "graduated", "tiers": [{"upTo": "10000", "rate": "10%"}, {"rate": "7%"}], "minimum": "100"}
		}
	}`), &card)
	if err != nil {
		panic(err)
	}
	for _, p := range card.Plans() {
		fee, err := card.Fee(p, decimal.RequireFromString("12345.67"))
		if err != nil {
			panic(err)
		}
		fmt.Println(p.Name(), fee.StringFixed(2), card.Currency())
	}
	_, err = card.Fee(plan.Enterprise, decimal.Zero)
	fmt.Println(err)
	// Output:
	// Developer 370.37 USD
	// Business 1164.20 USD
	// billing: schedule of enterprise in edition "illustrative-2026": the card does not price the plan
}

// threeTiers is 10 % to 10,000, 7 % to 80,000 and 5 % above, at least 100.
func threeTiers() price.Terms {
	d := decimal.RequireFromString
	return price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {UpTo: d("80000"), Rate: d("0.07")}, {Rate: d("0.05")}},
		Minimum:  d("100"),
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
	}
}

// illustrativeBook has one card, of our own, in force from 2026 on.
func illustrativeBook() billing.Book {
	card, err := billing.NewCard(billing.CardTerms{
		Edition:  "illustrative",
		Currency: "USD",
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
		Bounds:   billing.BoundsProrated,
		Plans:    map[plan.Plan]price.Terms{plan.Business: threeTiers()},
	})
	if err != nil {
		panic(err)
	}
	book, err := card.Book(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	return book
}

func ExampleBook_Invoice() {
	book := illustrativeBook()
	timeline, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{
		Start: time.Date(2026, 3, 22, 0, 0, 0, 0, time.UTC),
		End:   time.Date(2027, 3, 22, 0, 0, 0, 0, time.UTC),
	}})
	if err != nil {
		panic(err)
	}
	march, err := calendar.Month(2026, time.March, time.UTC)
	if err != nil {
		panic(err)
	}
	invoice, err := book.Invoice(timeline, march, decimal.RequireFromString("85000"))
	if err != nil {
		panic(err)
	}
	fmt.Print(invoice)
	// Output:
	// invoice for [2026-03-01T00:00:00Z, 2026-04-01T00:00:00Z), usage 85000.00 USD
	// Basic, rate card illustrative, 67.74 % of the period: [2026-03-01T00:00:00Z, 2026-03-22T00:00:00Z)
	// Business, rate card illustrative, 32.26 % of the period: [2026-03-22T00:00:00Z, 2026-04-01T00:00:00Z)
	//       plan     rate card  tier  usage slice  rate   charge    share   amount
	//   business  illustrative     1     10000.00  0.10  1000.00  32.26 %   322.58
	//   business  illustrative     2     70000.00  0.07  4900.00  32.26 %  1580.65
	//   business  illustrative     3      5000.00  0.05   250.00  32.26 %    80.64
	//      total                                                           1983.87
}

// A minimum billed ahead, the settlement at the end of the month, and a late
// refund: three documents that add up to the last invoice.
func ExampleInvoice_Settle() {
	book := illustrativeBook()
	d := decimal.RequireFromString
	march, err := calendar.Month(2026, time.March, time.UTC)
	if err != nil {
		panic(err)
	}
	timeline, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: march})
	if err != nil {
		panic(err)
	}
	advance, err := book.Advance(timeline, march)
	if err != nil {
		panic(err)
	}
	invoice, err := book.Invoice(timeline, march, d("85000"))
	if err != nil {
		panic(err)
	}
	settlement, err := invoice.Settle(advance)
	if err != nil {
		panic(err)
	}
	rerated, err := book.Invoice(timeline, march, d("80000"))
	if err != nil {
		panic(err)
	}
	refund, err := rerated.Settle(advance, settlement)
	if err != nil {
		panic(err)
	}
	fmt.Println(advance.Due().StringFixed(2), settlement.Due().StringFixed(2), refund.Due().StringFixed(2), "=", rerated.Due().StringFixed(2))
	// Output: 100.00 6050.00 -250.00 = 5900.00
}

func ExampleNewBook() {
	terms := illustrativeBook().Cards()[0].Card.Terms()
	terms.Edition = "illustrative, second edition"
	second, err := billing.NewCard(terms)
	if err != nil {
		panic(err)
	}
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	book, err := billing.NewBook(
		billing.EffectiveCard{Card: illustrativeBook().Cards()[0].Card, Period: calendar.Period{Start: april.AddDate(0, -3, 0), End: april}},
		billing.EffectiveCard{Card: second, Period: calendar.Period{Start: april}},
	)
	if err != nil {
		panic(err)
	}
	for _, at := range []time.Time{april.Add(-time.Second), april} {
		card, err := book.At(at)
		if err != nil {
			panic(err)
		}
		fmt.Println(at.Format(time.DateTime), card.Edition())
	}
	// Output:
	// 2026-03-31 23:59:59 illustrative
	// 2026-04-01 00:00:00 illustrative, second edition
}

func ExampleCommitment_Shortfall() {
	d := decimal.RequireFromString
	march, err := calendar.Month(2026, time.March, time.UTC)
	if err != nil {
		panic(err)
	}
	timeline, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: march})
	if err != nil {
		panic(err)
	}
	invoice, err := illustrativeBook().Invoice(timeline, march, d("85000"))
	if err != nil {
		panic(err)
	}
	commitment := billing.Commitment{
		Term:     calendar.Period{Start: march.Start, End: march.Start.AddDate(1, 0, 0)},
		Currency: "USD",
		Amount:   d("60000"),
	}
	shortfall, err := commitment.Shortfall(invoice)
	if err != nil {
		panic(err)
	}
	fmt.Println(shortfall.Committed, "-", shortfall.Billed, "=", shortfall.Amount)
	// Output: 60000 - 6150 = 53850
}

func ExampleQuote_MarshalJSON() {
	quote, err := price.MustCompile(threeTiers()).Quote(decimal.RequireFromString("500"))
	if err != nil {
		panic(err)
	}
	text, err := json.Marshal(quote)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
	// Output: {"format":1,"usage":"500","usageRated":"500","lines":[{"tier":1,"from":"0","to":"10000","slice":"500","rate":"0.10","flat":"0","charge":"50.00"}],"adjustments":[{"kind":"minimum","base":"50.00","amount":"50.00"}],"total":"100.00"}
}
