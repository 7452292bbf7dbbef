package billing_test

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/plan"
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
	for _, model := range billing.Models() {
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
