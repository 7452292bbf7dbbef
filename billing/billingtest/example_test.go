package billingtest_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A printer is a test whose errors the examples print.
type printer struct{}

func (printer) Helper()                           {}
func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// In a test, t is the *testing.T.
var t printer

// Each plan has a law that it breaks: Business a cliff at 10,000, where all of
// the usage becomes cheaper at once, and Enterprise a price below that of
// Business.
func ExampleCheck() {
	card, err := billing.NewCard(billing.CardTerms{
		Edition: "2026-04", Currency: "USD",
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
		Per:      billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
		Plans: map[plan.Plan]price.Terms{
			plan.Business:   {Model: price.ModelVolume, Tiers: []price.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {Rate: d("0.07")}}},
			plan.Enterprise: {Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.06")}}, Minimum: d("500")},
		},
	})
	if err != nil {
		panic(err)
	}
	billingtest.Check(t, card, billingtest.Monotone, billingtest.PlanOrder)
	// Output:
	// business: monotone: 10000.00 costs 1000.00, but 10000.01 costs 700.0007: 299.9993 less
	// enterprise: plan-order: 5000.01 costs 500.00, but with business 500.001: 0.001 less
}

// A price by volume is meant to fall at its bounds; whoever knows it leaves the
// laws of shape out.
func ExampleCheckSchedule() {
	s := price.MustCompile(price.Terms{
		Model:    price.ModelVolume,
		Tiers:    []price.Tier{{UpTo: d("10"), Rate: d("5")}, {UpTo: d("15"), Rate: d("3")}, {Rate: d("1")}},
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
	})
	billingtest.CheckSchedule(t, s)
	billingtest.CheckSchedule(t, s, billingtest.Valid, billingtest.LinesAddUp, billingtest.AgreesWithReference)
	// Output:
	// monotone: 10.00 costs 50.00, but 10.01 costs 30.03: 19.97 less; and at 1 more bound
	// continuous: 10.00 costs 50.00, and 10.01 costs 30.03: a jump down by 19.97; and at 1 more bound
}

func ExampleCheckJSON() {
	card := `{
		"edition": "2026-04", "currency": "USD", "rounding": {"places": 2, "mode": "half-up"},
		"per": "month", "proration": "instants", "limits": "prorated", "basis": "period",
		"plans": {"developer": {"model": "graduated", "tiers": [{"upTo": "1000", "rate": "3%"}, {"rate": "4%"}]}}
	}`
	billingtest.CheckJSON(t, []byte(card))
	// Output: developer: effective-rate-falls: 1000.00 costs 30.00, which is 3.00000 %, but 1000.01 costs 30.0004, which is 3.00001 %
}

// A function of one's own is held to the same laws. This one rounds each tier's
// charge to cents.
func ExampleCheckPricer() {
	terms := price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("1.25"), Rate: d("0.10")}, {UpTo: d("2.50"), Rate: d("0.10")}, {Rate: d("0.10")}},
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
	}
	billingtest.CheckPricer(t, terms, billingtest.Func(func(usage decimal.Decimal) (decimal.Decimal, error) {
		var fee, lower decimal.Decimal
		for _, tier := range terms.Tiers {
			slice := usage.Sub(lower)
			if !tier.UpTo.IsZero() {
				slice = decimal.Min(slice, tier.UpTo.Sub(lower))
			}
			if slice.IsPositive() {
				fee = fee.Add(slice.Mul(tier.Rate).Round(2))
			}
			lower = tier.UpTo
		}
		return fee, nil
	}))
	// Output:
	// valid: -0.01 costs 0.00, but a usage below 0 has no price: an error is wanted
	// agrees-with-reference: 1.50 costs 0.16, and should cost 0.15 (1.25 × 0.1 + 0.25 × 0.1 = 0.15); wrong for 112 of 136 usages; all fees are those of code that rounds each tier's charge to 2 places
}

// A function that is about to be replaced by a schedule, or the other way round,
// is held against it.
func ExampleCheckPricer_replaced() {
	s := price.MustCompile(price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {Rate: d("0.07")}},
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
	})
	billingtest.CheckPricer(t, s.Terms(), billingtest.Func(func(usage decimal.Decimal) (decimal.Decimal, error) {
		rate := d("0.10")
		if usage.GreaterThan(d("10000")) {
			rate = d("0.07") // of all of the usage
		}
		return usage.Mul(rate).Round(2), nil
	}), billingtest.Valid, billingtest.AgreesWithReference)
	// Output:
	// valid: -0.01 costs 0.00, but a usage below 0 has no price: an error is wanted
	// agrees-with-reference: 10000.01 costs 700.00, and should cost 1000.00 (10000.00 × 0.1 + 0.01 × 0.07 = 1000.0007; rounded half-up to 2 places); wrong for 106 of 218 usages; all fees are those of code that rates the whole usage by the one tier that it falls into
}

// As values, violations can be counted, sorted, or turned into what a program
// reports.
func ExampleViolations() {
	card, err := billing.NewCard(billing.CardTerms{
		Edition: "2026-04", Currency: "USD",
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
		Per:      billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
		Plans: map[plan.Plan]price.Terms{
			plan.Business: {Model: price.ModelVolume, Tiers: []price.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {Rate: d("0.07")}}},
		},
	})
	if err != nil {
		panic(err)
	}
	for _, v := range billingtest.Violations(card, billingtest.Monotone) {
		fmt.Printf("%s of %s: from %v to %v the fee falls by %v\n", v.Law, v.Plan, v.From, v.To, v.By)
	}
	// Output: monotone of business: from 10000 to 10000.01 the fee falls by 299.9993
}

func ExampleReference() {
	terms := price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("10"), Rate: d("5")}, {UpTo: d("15"), Rate: d("3")}, {Rate: d("1")}},
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
	}
	fmt.Println(billingtest.Reference(terms, d("16")).RatString()) // 10 at 5, 5 at 3, 1 at 1
	// Output: 66
}

// The generators make more of a caller's own, here of invoices, whose lines add
// up whatever the card, the changes of plan and the usage. A property test draws
// them with rapid.Check.
func ExampleTimeline() {
	march, err := calendar.Month(2026, time.March, time.UTC)
	if err != nil {
		panic(err)
	}
	invoices := rapid.Custom(func(t *rapid.T) billing.Invoice {
		card := billingtest.Cards().Draw(t, "card")
		book, err := card.Book(march.Start)
		if err != nil {
			t.Fatal(err)
		}
		timeline := billingtest.Timeline(march).Draw(t, "timeline")
		terms := card.Terms().Plans[card.Plans()[0]]
		usage, err := billing.NewUsage(card.Currency(), march,
			billing.Charge{Kind: billing.ChargeCloudService, Amount: billingtest.Usage(terms).Draw(t, "usage"), Period: march},
		)
		if err != nil {
			t.Fatal(err)
		}
		invoice, err := book.Invoice(timeline, usage)
		if err != nil {
			t.Skip("a plan that the card does not price")
		}
		return invoice
	})
	invoice := invoices.Example(1)
	var sum decimal.Decimal
	for _, c := range invoice.Charges {
		sum = sum.Add(c.Amount)
	}
	fmt.Println(sum.Equal(invoice.Due))
	// Output: true
}

// inThirtieths bills a plan for its days of a month, each a thirtieth of the
// month's fee.
func inThirtieths(t plan.Timeline, b billing.Book, usages ...billing.Usage) (billingtest.Bill, error) {
	period := usages[0].Period()
	inv, err := b.Invoice(t, usages...)
	if err != nil {
		return billingtest.Bill{}, err
	}
	days := decimal.NewFromFloat(period.End.Sub(period.Start).Hours() / 24)
	return billingtest.Bill{Due: inv.Due.Mul(days).DivRound(decimal.New(30, 0), 2)}, nil
}

// One line holds a caller's own invoicing code to the laws.
func ExampleCheckInvoicer() {
	card, err := billing.NewCard(billing.CardTerms{
		Edition: "2026", Currency: "USD", Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
		Per: billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
		Plans: map[plan.Plan]price.Terms{plan.Developer: {
			Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.03")}}, Minimum: d("29"),
		}},
	})
	if err != nil {
		panic(err)
	}
	book, err := billing.NewBook(billing.EffectiveCard{From: time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC), Card: card})
	if err != nil {
		panic(err)
	}
	billingtest.CheckInvoicer(t, book, inThirtieths, billingtest.InvoiceAgrees)
	// Output:
	// invoice-agrees: 31 is due, and should be 30.00; right before rounding: developer under "2026" for 31 of 31 days: tier 1 30.0000; 31 is as for 31 of 30 days; wrong in 120 of 168 invoices, only of periods that have not 30 days (all such); usage 1000, 2026-01-01 to 2026-02-01, developer from 2025-12-22 00:00 +00:00 on
}

// thirtyPercent charges 30 percent of the usage, at least 1.
var thirtyPercent = price.Terms{
	Model:    price.ModelGraduated,
	Tiers:    []price.Tier{{Rate: d("0.30")}},
	Minimum:  d("1"),
	Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
}

// Code in float64 is held to the same cents. Laws that it does not keep on
// purpose are left out by naming the rest: here an error for a usage below 0.
func ExampleFloat() {
	laws := slices.DeleteFunc(billingtest.Laws(), func(l billingtest.Law) bool { return l == billingtest.Valid })
	billingtest.CheckPricer(t, thirtyPercent, billingtest.Float(func(usage float64) (float64, error) {
		return max(1, math.Round(usage*0.30*100)/100), nil
	}), laws...)
	// Output: agrees-with-reference: 3.35 costs 1.00, and should cost 1.01 (3.35 × 0.3 = 1.005; rounded half-up to 2 places); wrong for 11 of 166 usages; all fees are those of code that works in float64 and rounds without care for halves
}

// Code in minor units, here in cents.
func ExampleMinor() {
	billingtest.CheckPricer(t, thirtyPercent, billingtest.Minor(2, func(cents int64) (int64, error) {
		if cents < 0 {
			return 0, errors.New("usage below 0")
		}
		return max(100, cents*30/100), nil // cuts
	}))
	// Output: agrees-with-reference: 3.35 costs 1.00, and should cost 1.01 (3.35 × 0.3 = 1.005; rounded half-up to 2 places); wrong for 64 of 166 usages; all fees are those of code that rounds down
}

// Code in another language, or behind a service, can be asked in text, with
// more time than usual for each answer.
func ExampleText() {
	theirs := billingtest.Text(func(usage string) (string, error) {
		x, ok := new(big.Rat).SetString(usage)
		if !ok || x.Sign() < 0 {
			return "", errors.New("no usage")
		}
		x.Mul(x, big.NewRat(3, 10))
		if x.Cmp(big.NewRat(1, 1)) < 0 {
			return "1", nil
		}
		return x.FloatString(2), nil
	})
	for _, v := range billingtest.PricerViolations(thirtyPercent, billingtest.Within(time.Minute, theirs)) {
		fmt.Println(v.Law, "at", v.From)
	}
	// Output:
}

// The slow reference is what a property test of one's own compares with. There,
// rapid.Check draws the terms and usages.
func ExampleReferenceRounded() {
	for seed := range 100 {
		terms := billingtest.Terms().Example(seed)
		usage := billingtest.Usage(terms).Example(seed)
		fee, err := price.MustCompile(terms).Fee(usage)
		if err != nil {
			panic(err)
		}
		if fee.Rat().Cmp(billingtest.ReferenceRounded(terms, usage)) != 0 {
			fmt.Println("wrong:", terms, usage, fee)
		}
	}
	// Output:
}

func ExampleInvoiceViolations() {
	card, err := billing.NewCard(billing.CardTerms{
		Edition: "2026", Currency: "USD", Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
		Per: billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod,
		Plans: map[plan.Plan]price.Terms{plan.Developer: thirtyPercent},
	})
	if err != nil {
		panic(err)
	}
	book, err := card.Book(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	laws := slices.DeleteFunc(billingtest.InvoiceLaws(), func(l billingtest.InvoiceLaw) bool { return l == billingtest.InvoiceAgrees })
	for _, v := range billingtest.InvoiceViolations(book, inThirtieths, laws...) {
		fmt.Println(v.Law, "in", v.Period.Start.Month(), "at a usage of", v.Usage)
	}
	// Output: invoice-whole in January at a usage of 1000
}
