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
		"per": "month", "proration": "instants", "limits": "prorated", "basis": "period",
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
	// billing: schedule: enterprise in edition "illustrative-2026": the card does not price the plan
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
		Edition:   "illustrative",
		Currency:  "USD",
		Rounding:  price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
		Per:       billing.IntervalMonth,
		Proration: billing.ProrationInstants,
		Limits:    price.LimitsProrated,
		Basis:     price.BasisPeriod,
		Plans:     map[plan.Plan]price.Terms{plan.Business: threeTiers()},
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

// spentInMarch is the usage of March 2026 in which one amount was spent.
func spentInMarch(amount string) billing.Usage {
	march, err := calendar.Month(2026, time.March, time.UTC)
	if err != nil {
		panic(err)
	}
	usage, err := billing.SumUsage("USD", march, []billing.Charge{
		{Kind: billing.ChargeCloudService, Amount: decimal.RequireFromString(amount), Period: march},
	})
	if err != nil {
		panic(err)
	}
	return usage
}

func ExampleBook_Invoice() {
	timeline, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{
		Start: time.Date(2026, 3, 22, 0, 0, 0, 0, time.UTC),
		End:   time.Date(2027, 3, 22, 0, 0, 0, 0, time.UTC),
	}})
	if err != nil {
		panic(err)
	}
	invoice, err := illustrativeBook().Invoice(timeline, spentInMarch("85000"))
	if err != nil {
		panic(err)
	}
	fmt.Print(invoice)
	// Output:
	// Draft invoice for 1–31 March 2026 (UTC)
	// Usage: 85000.00 USD
	// Amount due: 1983.87 USD
	//
	// Plan      Rate card     Time              Share of the period
	// Basic     illustrative  1–21 March 2026   504 of 744 hours
	// Business  illustrative  22–31 March 2026  240 of 744 hours
	//
	// Plan      Charge                        Calculation                         Exact  Amount USD
	// Business  Tier 1: up to 10000.00        10000.00 × 10 % × 10/31       322.580645…      322.58
	// Business  Tier 2: 10000.00 to 80000.00  70000.00 × 7 % × 10/31       1580.645161…     1580.65
	// Business  Tier 3: above 80000.00        5000.00 × 5 % × 10/31          80.645161…       80.64
	// Total                                   rounded half up to 2 places  1983.870967…     1983.87
}

// A base amount billed ahead, the settlement at the end of the month, and a late
// refund: three documents that add up to the last invoice.
func ExampleInvoice_Settle() {
	book := illustrativeBook()
	usage := spentInMarch("85000")
	timeline, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: usage.Period()})
	if err != nil {
		panic(err)
	}
	advance, err := book.Advance(timeline, usage.Period())
	if err != nil {
		panic(err)
	}
	if advance, err = advance.Issue("2026-0007"); err != nil {
		panic(err)
	}
	invoice, err := book.Invoice(timeline, usage)
	if err != nil {
		panic(err)
	}
	settlement, err := invoice.Settle(advance.Head)
	if err != nil {
		panic(err)
	}
	if settlement, err = settlement.Issue("2026-0042"); err != nil {
		panic(err)
	}
	err = usage.Add(billing.Charge{Kind: billing.ChargeCloudService, Amount: decimal.NewFromInt(-5000), Period: usage.Period()})
	if err != nil {
		panic(err)
	}
	rerated, err := book.Invoice(timeline, usage)
	if err != nil {
		panic(err)
	}
	refund, err := rerated.Settle(advance.Head, settlement.Head)
	if err != nil {
		panic(err)
	}
	fmt.Println(advance.Due.StringFixed(2), settlement.Due.StringFixed(2), refund.Due.StringFixed(2), "=", rerated.Due.StringFixed(2))
	// Output: 100.00 6050.00 -250.00 = 5900.00
}

func ExampleBook_Next() {
	book := illustrativeBook()
	terms := book.Cards()[0].Card.Terms()
	terms.Edition = "illustrative, second edition"
	second, err := billing.NewCard(terms)
	if err != nil {
		panic(err)
	}
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	if book, err = book.Next(april, second); err != nil {
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

// A commitment counts heads: of documents of this library, and of a ledger's own
// rows.
func ExampleCommitment_Shortfall() {
	march := spentInMarch("0").Period()
	year := calendar.Period{Start: march.Start, End: march.Start.AddDate(1, 0, 0)}
	row := billing.Head{ID: "2026-0042", Kind: billing.DocumentInvoice, Period: march, Currency: "USD", Places: 2, Due: decimal.RequireFromString("6150")}
	shortfall, err := billing.Commitment{Term: year, Currency: "USD", Places: 2, Amount: decimal.RequireFromString("60000")}.Shortfall(row)
	if err != nil {
		panic(err)
	}
	fmt.Print(shortfall)
	// Output:
	// Draft shortfall for 1 March 2026 – 28 February 2027 (UTC)
	// Committed: 60000.00 USD
	// Amount due: 53850.00 USD
	//
	// Document    Kind     Period                          Amount USD
	// 2026-0042   invoice  1–31 March 2026 (UTC)              6150.00
	// Billed                                                  6150.00
	// Amount due           60000.00 - 6150.00, at least 0    53850.00
}
