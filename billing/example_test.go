package billing_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

func ExampleCompile() {
	d := decimal.RequireFromString
	schedule, err := billing.Compile(billing.Terms{
		Model: billing.Graduated,
		Tiers: []billing.Tier{
			{UpTo: d("10000"), Rate: d("0.10")},
			{UpTo: d("80000"), Rate: d("0.07")},
			{Rate: d("0.05")},
		},
		Minimum:  d("100"),
		Rounding: billing.Rounding{Places: 2, Mode: billing.HalfUp},
	})
	if err != nil {
		panic(err)
	}
	fee, err := schedule.Fee(d("85000"))
	if err != nil {
		panic(err)
	}
	fmt.Println(fee.StringFixed(2)) // 10 % of 10,000 + 7 % of 70,000 + 5 % of 5,000
	// Output: 6150.00
}

// The provider's own worked example: usage in hours, the first 10 at 5 USD, the
// next 5 at 3, above 15 at 1, for 16 hours.
func ExampleModel() {
	d := decimal.RequireFromString
	for _, model := range billing.AllModels() {
		schedule := billing.MustCompile(billing.Terms{
			Model:    model,
			Tiers:    []billing.Tier{{UpTo: d("10"), Rate: d("5")}, {UpTo: d("15"), Rate: d("3")}, {Rate: d("1")}},
			Rounding: billing.Rounding{Places: 2, Mode: billing.HalfUp},
		})
		fee, err := schedule.Fee(d("16"))
		if err != nil {
			panic(err)
		}
		fmt.Println(model, fee.StringFixed(2))
	}
	// Output:
	// graduated 66.00
	// volume 16.00
}

func ExampleSchedule_Quote() {
	d := decimal.RequireFromString
	schedule := billing.MustCompile(billing.Terms{
		Model:    billing.Graduated,
		Tiers:    []billing.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {UpTo: d("80000"), Rate: d("0.07")}, {Rate: d("0.05")}},
		Maximum:  d("6000"),
		Rounding: billing.Rounding{Places: 2, Mode: billing.HalfUp},
	})
	quote, err := schedule.Quote(d("85000.33"))
	if err != nil {
		panic(err)
	}
	fmt.Print(quote)
	// Output:
	// usage 85000.33
	//      tier      from        to  usage slice  rate  flat     charge
	//         1      0.00  10000.00     10000.00  0.10  0.00    1000.00
	//         2  10000.00  80000.00     70000.00  0.07  0.00    4900.00
	//         3  80000.00         …      5000.33  0.05  0.00   250.0165
	//   maximum                                               -150.0165
	//     total                                                 6000.00
}

func ExampleSchedule_FeeMinor() {
	d := decimal.RequireFromString
	schedule := billing.MustCompile(billing.Terms{
		Model:    billing.Graduated,
		Tiers:    []billing.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {Rate: d("0.07")}},
		Rounding: billing.Rounding{Places: 2, Mode: billing.HalfUp},
	})
	cents, err := schedule.FeeMinor(12_345_67) // 12,345.67
	if err != nil {
		panic(err)
	}
	fmt.Println(cents)
	// Output: 116420
}

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

func ExampleTerms_UnmarshalJSON() {
	var terms billing.Terms
	err := json.Unmarshal([]byte(`{
		"model": "graduated",
		"tiers": [{"upTo": "10000", "rate": "10%"}, {"upTo": "9000", "rate": "7%"}, {"rate": "5%"}],
		"rounding": {"places": 2, "mode": "half-up"}
	}`), &terms)
	fmt.Println(err)
	// Output: billing: decode terms: tiers[1].upTo: 9000 after 10000: tier bounds do not rise
}

// threeTiers is 10 % to 10,000, 7 % to 80,000 and 5 % above, at least 100.
func threeTiers() billing.Terms {
	d := decimal.RequireFromString
	return billing.Terms{
		Model:    billing.Graduated,
		Tiers:    []billing.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {UpTo: d("80000"), Rate: d("0.07")}, {Rate: d("0.05")}},
		Minimum:  d("100"),
		Rounding: billing.Rounding{Places: 2, Mode: billing.HalfUp},
	}
}

func ExampleSchedule_Pieces() {
	for _, p := range billing.MustCompile(threeTiers()).Pieces() {
		to := "…"
		if p.To != nil {
			to = p.To.RatString()
		}
		fmt.Printf("(%s, %s]: %s + %s × usage\n", p.From.RatString(), to, p.Intercept.RatString(), p.Rate.FloatString(2))
	}
	// Output:
	// (0, 1000]: 100 + 0.00 × usage
	// (1000, 10000]: 0 + 0.10 × usage
	// (10000, 80000]: 300 + 0.07 × usage
	// (80000, …]: 1900 + 0.05 × usage
}

func ExampleSchedule_MarginalRate() {
	schedule := billing.MustCompile(threeTiers())
	usage := decimal.RequireFromString("85000")
	marginal, err := schedule.MarginalRate(usage)
	if err != nil {
		panic(err)
	}
	effective, err := schedule.EffectiveRate(usage)
	if err != nil {
		panic(err)
	}
	fmt.Println(marginal.FloatString(4), effective, effective.FloatString(4))
	// Output: 0.0500 123/1700 0.0724
}

func ExampleSchedule_UsagesFor() {
	schedule := billing.MustCompile(threeTiers())
	for _, fee := range []string{"100", "1070"} {
		usages, err := schedule.UsagesFor(decimal.RequireFromString(fee))
		if err != nil {
			panic(err)
		}
		for _, u := range usages {
			fmt.Println(fee, "is the fee of", u.From.RatString(), "to", u.To.RatString())
		}
	}
	// Output:
	// 100 is the fee of 0 to 1000
	// 1070 is the fee of 11000 to 11000
}

func ExampleBreakEvens() {
	d := decimal.RequireFromString
	small := billing.Terms{Model: billing.Graduated, Tiers: []billing.Tier{{Rate: d("0.03")}}, Rounding: billing.Rounding{Places: 2, Mode: billing.HalfUp}}
	breakEvens, err := billing.BreakEvens(billing.MustCompile(small), billing.MustCompile(threeTiers()))
	if err != nil {
		panic(err)
	}
	fmt.Println(len(breakEvens), "times")
	large := threeTiers()
	large.Tiers = []billing.Tier{{Rate: d("0.061"), Flat: d("600")}}
	breakEvens, err = billing.BreakEvens(billing.MustCompile(threeTiers()), billing.MustCompile(large))
	if err != nil {
		panic(err)
	}
	for _, b := range breakEvens {
		fmt.Println(b.At.RatString(), "between", b.Below, "and", b.Above)
	}
	// Output:
	// 0 times
	// 100000/3 between 33333.33 and 33333.34
	// 1300000/11 between 118181.81 and 118181.82
}

func ExampleCheapest() {
	d := decimal.RequireFromString
	fixed := threeTiers()
	fixed.Tiers = []billing.Tier{{Flat: d("3000")}}
	choices, err := billing.Cheapest(d("0"), d("100000"), billing.MustCompile(threeTiers()), billing.MustCompile(fixed))
	if err != nil {
		panic(err)
	}
	for _, c := range choices {
		fmt.Println("up to", c.To.FloatString(2), "schedule", c.Index)
	}
	// Output:
	// up to 38571.43 schedule 0
	// up to 100000.00 schedule 1
}

func ExampleSchedule_Points() {
	d := decimal.RequireFromString
	volume := billing.MustCompile(billing.Terms{
		Model:    billing.Volume,
		Tiers:    []billing.Tier{{UpTo: d("10"), Rate: d("5")}, {Rate: d("3")}},
		Rounding: billing.Rounding{Places: 2, Mode: billing.HalfUp},
	})
	points, err := volume.Points(d("0"), d("20"), 3)
	if err != nil {
		panic(err)
	}
	for _, p := range points {
		fmt.Println(p.Usage.RatString(), p.Fee.RatString())
	}
	// Output:
	// 0 0
	// 10 50
	// 10 30
	// 20 60
}

func ExampleRounding() {
	for _, mode := range billing.AllRoundingModes() {
		rounded, err := billing.Rounding{Places: 2, Mode: mode}.Round(decimal.RequireFromString("0.125"))
		if err != nil {
			panic(err)
		}
		fmt.Println(mode, rounded)
	}
	// Output:
	// half-up 0.13
	// half-even 0.12
	// down 0.12
	// up 0.13
}

func ExampleShare() {
	d := decimal.RequireFromString
	usages := []decimal.Decimal{d("500"), d("-20"), d("250"), d("250")} // an account with a refund pays nothing
	parts, err := billing.Share(d("100.01"), 2, usages, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(parts)
	// Output: [50.01 0 25 25]
}

// illustrativeBook has one card, of our own, in force from 2026 on.
func illustrativeBook() billing.Book {
	card, err := billing.NewCard(billing.CardTerms{
		Edition:  "illustrative",
		Currency: "USD",
		Rounding: billing.Rounding{Places: 2, Mode: billing.HalfUp},
		Bounds:   billing.BoundsProrated,
		Plans:    map[plan.Plan]billing.Terms{plan.Business: threeTiers()},
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

func ExampleDiscount() {
	terms := threeTiers()
	for _, stage := range billing.AllDiscountStages() {
		terms.Discount = billing.Discount{Rate: decimal.RequireFromString("0.20"), Stage: stage}
		fee, err := billing.MustCompile(terms).Fee(decimal.RequireFromString("1100"))
		if err != nil {
			panic(err)
		}
		fmt.Println(stage, fee.StringFixed(2)) // 10 % of 1,100 is 110, the minimum 100
	}
	// Output:
	// before-maximum 100.00
	// after-minimum 88.00
}

func ExampleQuote_MarshalJSON() {
	quote, err := billing.MustCompile(threeTiers()).Quote(decimal.RequireFromString("500"))
	if err != nil {
		panic(err)
	}
	text, err := json.Marshal(quote)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
	// Output: {"usage":"500","usageRated":"500","lines":[{"tier":1,"from":"0","to":"10000","usageSlice":"500","tierRate":"0.10","flat":"0","tierCharge":"50.00"}],"adjustments":[{"kind":"minimum","amount":"50.00"}],"total":"100.00"}
}
