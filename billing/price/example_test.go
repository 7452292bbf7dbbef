package price_test

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/billing/price"
)

func ExampleCompile() {
	d := decimal.RequireFromString
	schedule, err := price.Compile(price.Terms{
		Model: price.ModelGraduated,
		Tiers: []price.Tier{
			{UpTo: d("10000"), Rate: d("0.10")},
			{UpTo: d("80000"), Rate: d("0.07")},
			{Rate: d("0.05")},
		},
		Minimum:  d("100"),
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
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
	for _, model := range []price.Model{price.ModelGraduated, price.ModelVolume} {
		schedule := price.MustCompile(price.Terms{
			Model:    model,
			Tiers:    []price.Tier{{UpTo: d("10"), Rate: d("5")}, {UpTo: d("15"), Rate: d("3")}, {Rate: d("1")}},
			Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
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
	schedule := price.MustCompile(price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {UpTo: d("80000"), Rate: d("0.07")}, {Rate: d("0.05")}},
		Maximum:  d("6000"),
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
	})
	quote, err := schedule.Quote(d("85000.33"))
	if err != nil {
		panic(err)
	}
	fmt.Print(quote)
	// Output:
	// usage 85000.33
	//      tier       from        to     usage  rate  flat     charge
	//         1       0.00  10000.00  10000.00  10 %  0.00    1000.00
	//         2   10000.00  80000.00  70000.00   7 %  0.00    4900.00
	//         3   80000.00         …   5000.33   5 %  0.00   250.0165
	//   maximum  6150.0165   6000.00                        -150.0165
	//     total                                               6000.00
}

func ExampleSchedule_FeeMinor() {
	d := decimal.RequireFromString
	schedule := price.MustCompile(price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {Rate: d("0.07")}},
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
	})
	cents, err := schedule.FeeMinor(12_345_67) // 12,345.67
	if err != nil {
		panic(err)
	}
	fmt.Println(cents)
	// Output: 116420
}

func ExampleTerms_UnmarshalJSON() {
	var terms price.Terms
	err := json.Unmarshal([]byte(`{
		"model": "graduated",
		"tiers": [{"upTo": "10000", "rate": "10%"}, {"upTo": "9000", "rate": "7%"}, {"rate": "5%"}],
		"rounding": {"places": 2, "mode": "half-up"}
	}`), &terms)
	fmt.Println(err)
	// Output: price: decode terms: tiers[1].upTo: 9000: not above 10000, the bound before it: invalid input
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

func ExampleSchedule_Pieces() {
	for _, p := range price.MustCompile(threeTiers()).Pieces() {
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
	schedule := price.MustCompile(threeTiers())
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
	schedule := price.MustCompile(threeTiers())
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
	small := price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.03")}}, Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp}}
	breakEvens, err := price.BreakEvens(price.MustCompile(small), price.MustCompile(threeTiers()))
	if err != nil {
		panic(err)
	}
	fmt.Println(len(breakEvens), "times")
	large := threeTiers()
	large.Tiers = []price.Tier{{Rate: d("0.061"), Flat: d("600")}}
	breakEvens, err = price.BreakEvens(price.MustCompile(threeTiers()), price.MustCompile(large))
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

func ExampleEnvelope() {
	d := decimal.RequireFromString
	fixed := threeTiers()
	fixed.Tiers = []price.Tier{{Flat: d("3000")}}
	choices, err := price.Envelope(d("0"), d("100000"), price.MustCompile(threeTiers()), price.MustCompile(fixed))
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
	volume := price.MustCompile(price.Terms{
		Model:    price.ModelVolume,
		Tiers:    []price.Tier{{UpTo: d("10"), Rate: d("5")}, {Rate: d("3")}},
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
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
	for _, mode := range []price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp} {
		rounded, err := price.Rounding{Places: 2, Mode: mode}.Round(decimal.RequireFromString("0.125"))
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

func ExampleAllocate() {
	d := decimal.RequireFromString
	usages := []decimal.Decimal{d("500"), d("-20"), d("250"), d("250")} // an account with a refund pays nothing
	parts, err := price.Allocate(d("100.01"), 2, usages, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(parts)
	// Output: [50.01 0 25 25]
}

func ExampleDiscount() {
	terms := threeTiers()
	for _, stage := range []price.DiscountStage{price.DiscountBeforeMaximum, price.DiscountAfterMinimum} {
		terms.Discount = price.Discount{Rate: decimal.RequireFromString("0.20"), Stage: stage}
		fee, err := price.MustCompile(terms).Fee(decimal.RequireFromString("1100"))
		if err != nil {
			panic(err)
		}
		fmt.Println(stage, fee.StringFixed(2)) // 10 % of 1,100 is 110, the minimum 100
	}
	// Output:
	// before-maximum 100.00
	// after-minimum 88.00
}
