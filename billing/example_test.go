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
	usage, err := billing.NewUsage("USD", march,
		billing.Charge{Kind: billing.ChargeCloudService, Amount: decimal.RequireFromString(amount), Period: march},
	)
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
	// The total is rounded once. So that the amounts add up to it, some are 0.01 above or below their own rounding.
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
	issued, err := shortfall.Issue("2027-0001")
	if err != nil {
		panic(err)
	}
	fmt.Print(issued)
	// Output:
	// Shortfall 2027-0001 for 1 March 2026 – 28 February 2027 (UTC)
	// Committed: 60000.00 USD
	// Amount due: 53850.00 USD
	//
	// Document    Kind     Period                          Amount USD
	// 2026-0042   invoice  1–31 March 2026 (UTC)              6150.00
	// Billed                                                  6150.00
	// Amount due           60000.00 - 6150.00, at least 0    53850.00
}

// Plans of somebody else's, by civil days in Berlin: "free" until the 9th, then
// "team", and "scale" from the 21st on.
func ExampleInvoice_Complete() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	at := func(day int) time.Time { return time.Date(2026, time.March, day, 0, 0, 0, 0, berlin) }
	cents := price.Rounding{Places: 2, Mode: price.RoundingHalfUp}
	d := decimal.RequireFromString
	team := price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.04"), Flat: d("49")}}, Rounding: cents}
	scale := price.Terms{Model: price.ModelVolume, Tiers: []price.Tier{{UpTo: d("50000"), Rate: d("0.03")}, {Rate: d("0.025")}}, Minimum: d("400"), Rounding: cents}
	invoice, err := billing.Invoice{
		Head:      billing.Head{Kind: billing.DocumentInvoice, Period: calendar.Period{Start: at(1), End: at(32)}, Currency: "EUR", Places: 2},
		Usage:     d("62000"),
		Rounding:  cents,
		Proration: billing.ProrationDays,
		Zone:      berlin,
		Limits:    price.LimitsProrated,
		Basis:     price.BasisPeriod,
		Segments: []billing.Segment{
			{Plan: "free", Edition: "spring", Periods: []calendar.Period{{Start: at(1), End: at(9)}}},
			{Plan: "team", Edition: "spring", Periods: []calendar.Period{{Start: at(9), End: at(21)}}, Terms: &team},
			{Plan: "scale", Edition: "spring", Periods: []calendar.Period{{Start: at(21), End: at(32)}}, Terms: &scale},
		},
	}.Complete()
	if err != nil {
		panic(err)
	}
	if invoice, err = invoice.Issue("R-2026-17"); err != nil {
		panic(err)
	}
	fmt.Print(invoice)
	// Output:
	// Invoice R-2026-17 for 1–31 March 2026 (Europe/Berlin)
	// Usage: 62000.00 EUR
	// Amount due: 1528.97 EUR
	//
	// Plan   Rate card  Time              Share of the period
	// free   spring     1–8 March 2026    8 of 31 days
	// team   spring     9–20 March 2026   12 of 31 days
	// scale  spring     21–31 March 2026  11 of 31 days
	//
	// Plan   Charge                  Calculation                              Exact  Amount EUR
	// team   All usage               (62000.00 × 4 % + 49.00) × 12/31   978.967741…      978.97
	// scale  Tier 2: above 50000.00  62000.00 × 2.5 % × 11/31                550.00      550.00
	// Total                          rounded half up to 2 places       1528.967741…     1528.97
}

// A ledger keeps amounts as text or in minor units, never in a float column, and
// the document itself as JSON.
func ExampleHead_DueMinor() {
	usage := spentInMarch("11642")
	timeline, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: usage.Period()})
	if err != nil {
		panic(err)
	}
	invoice, err := illustrativeBook().Invoice(timeline, usage)
	if err != nil {
		panic(err)
	}
	if invoice, err = invoice.Issue("2026-0042"); err != nil {
		panic(err)
	}
	minor, err := invoice.DueMinor()
	if err != nil {
		panic(err)
	}
	document, err := json.Marshal(invoice)
	if err != nil {
		panic(err)
	}
	// CREATE TABLE documents (id TEXT PRIMARY KEY, kind TEXT, starts TIMESTAMPTZ, ends TIMESTAMPTZ,
	//     currency CHAR(3), places SMALLINT, due TEXT, due_minor BIGINT, document TEXT)
	row := []any{
		invoice.ID, string(invoice.Kind), invoice.Period.Start, invoice.Period.End, invoice.Currency, invoice.Places,
		invoice.Due.StringFixed(invoice.Places), minor, string(document),
	}
	fmt.Println("INSERT INTO documents VALUES", row[:len(row)-1])

	// Read back, the row is a head again, and can be settled and counted.
	due, err := decimal.NewFromString(row[6].(string))
	if err != nil {
		panic(err)
	}
	head := billing.Head{
		ID: row[0].(string), Kind: billing.DocumentKind(row[1].(string)), Period: calendar.Period{Start: row[2].(time.Time), End: row[3].(time.Time)},
		Currency: row[4].(string), Places: row[5].(int32), Due: due,
	}
	fmt.Println(head.ID, head.Due.StringFixed(head.Places), head.Currency)
	// Output:
	// INSERT INTO documents VALUES [2026-0042 invoice 2026-03-01 00:00:00 +0000 UTC 2026-04-01 00:00:00 +0000 UTC USD 2 1114.94 111494]
	// 2026-0042 1114.94 USD
}

// Over a range of usages with a need, and at one usage without any.
func ExampleCard_Cheapest() {
	var card billing.Card
	err := json.Unmarshal([]byte(`{
		"edition": "illustrative-2026",
		"currency": "USD",
		"rounding": {"places": 2, "mode": "half-up"},
		"per": "month", "proration": "instants", "limits": "prorated", "basis": "period",
		"plans": {
			"developer": {"model": "graduated", "tiers": [{"rate": "3%"}], "minimum": "29"},
			"business": {"model": "graduated", "tiers": [{"upTo": "10000", "rate": "10%"}, {"rate": "2%"}], "minimum": "100"}
		}
	}`), &card)
	if err != nil {
		panic(err)
	}
	offers, err := card.Cheapest(decimal.Zero, decimal.NewFromInt(200_000), atLeast(plan.Developer))
	if err != nil {
		panic(err)
	}
	for _, o := range offers {
		fmt.Println(o.Plan.Name(), "from", o.From.FloatString(2), "to", o.To.FloatString(2))
	}
	one := decimal.NewFromInt(500)
	offers, err = card.Cheapest(one, one)
	if err != nil {
		panic(err)
	}
	fmt.Println(offers[0].Plan.Name(), "is enough without needs")
	// Output:
	// Developer from 0.00 to 80000.00
	// Business from 80000.00 to 200000.00
	// Basic is enough without needs
}

// atLeast is a need of a plan or a higher one.
type atLeast plan.Plan

func (n atLeast) MetBy(p plan.Plan) bool { return p >= plan.Plan(n) }
