package price_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
)

// plans are the prices of a vendor with three plans of its own: the first is
// free, the second costs 10 % of the usage up to 1,000 and 5 % above, at least
// 20, and the third 99 and 2 %.
func plans() (free, team, scale price.Schedule) {
	d := decimal.RequireFromString
	cents := price.Rounding{Places: 2, Mode: price.RoundingHalfUp}
	free = price.MustCompile(price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{}}, Rounding: cents})
	team = price.MustCompile(price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("1000"), Rate: d("0.10")}, {Rate: d("0.05")}},
		Minimum:  d("20"),
		Rounding: cents,
	})
	scale = price.MustCompile(price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{Flat: d("99"), Rate: d("0.02")}},
		Rounding: cents,
	})
	return free, team, scale
}

// Fees, a quote, a comparison, a month with a change of plan, and an error: a
// vendor with plans of its own.
func Example() {
	d := decimal.RequireFromString
	free, team, scale := plans()
	fee, err := team.Fee(d("1500"))
	if err != nil {
		panic(err)
	}
	fmt.Println("team:", fee.StringFixed(2))
	breakEvens, err := price.BreakEvens(team, scale)
	if err != nil {
		panic(err)
	}
	for _, b := range breakEvens {
		fmt.Println("team and scale cost the same at", b.At.FloatString(2))
	}
	rules := price.Rules{
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
		Basis:    price.BasisPeriod,
		Limits:   price.LimitsProrated,
	}
	_, total, err := price.Prorate(rules,
		price.Segment{Name: "free", Share: big.NewRat(10, 30), Schedule: free, Usage: d("1500")},
		price.Segment{Name: "team", Share: big.NewRat(20, 30), Schedule: team, Usage: d("1500")},
	)
	if err != nil {
		panic(err)
	}
	fmt.Println("20 of 30 days of team:", total.StringFixed(2))
	terms := team.Terms()
	terms.Tiers[1].Rate = d("-0.05")
	_, err = price.Compile(terms)
	var wrong *price.FieldError
	if errors.As(err, &wrong) {
		fmt.Println(wrong.Path, "is wrong")
	}
	// Output:
	// team: 125.00
	// team and scale cost the same at 1633.33
	// 20 of 30 days of team: 83.33
	// tiers[1].rate is wrong
}

func ExampleFieldError() {
	_, err := price.Compile(price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{}},
		Rounding: price.Rounding{Places: 2, Mode: "nearest"},
	})
	var wrong *price.FieldError
	fmt.Println(errors.Is(err, price.ErrInvalid), errors.As(err, &wrong), wrong.Path)
	fmt.Println(err)
	// Output:
	// true true rounding.mode
	// price: compile: rounding.mode: "nearest": unknown rounding mode; want one of "half-up", "half-even", "down", "up": invalid input
}

// A customer moves from team to scale on day 11 of 30. Every row can be checked
// by hand.
func ExampleProrate() {
	_, team, scale := plans()
	rules := price.Rules{
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
		Basis:    price.BasisPeriod,
		Limits:   price.LimitsProrated,
	}
	usage := decimal.NewFromInt(1500)
	segments := []price.Segment{
		{Name: "team", Share: big.NewRat(10, 30), Schedule: team, Usage: usage},
		{Name: "scale", Share: big.NewRat(20, 30), Schedule: scale, Usage: usage},
	}
	charges, total, err := price.Prorate(rules, segments...)
	if err != nil {
		panic(err)
	}
	for _, c := range charges {
		l := c.Line
		fmt.Printf("%-5s  %s × (%v × %v + %v) = %s\n", segments[c.Segment].Name, c.Share, l.Slice, l.Rate, l.Flat, c.Amount.StringFixed(2))
	}
	fmt.Println("total", total.StringFixed(2))
	// Output:
	// team   1/3 × (1000 × 0.1 + 0) = 33.34
	// team   1/3 × (500 × 0.05 + 0) = 8.33
	// scale  2/3 × (1500 × 0.02 + 99) = 86.00
	// total 127.67
}

func ExampleEnvelope_oneUsage() {
	_, team, scale := plans()
	for _, usage := range []int64{100, 1500, 5000} {
		at := decimal.NewFromInt(usage)
		choices, err := price.Envelope(at, at, team, scale)
		if err != nil {
			panic(err)
		}
		fmt.Println(usage, []string{"team", "scale"}[choices[0].Index])
	}
	// Output:
	// 100 team
	// 1500 team
	// 5000 scale
}

func ExampleQuote_Markdown() {
	_, team, _ := plans()
	quote, err := team.Quote(decimal.NewFromInt(50))
	if err != nil {
		panic(err)
	}
	fmt.Print(quote.Markdown())
	// Output:
	// usage 50.00
	//
	// | tier | from | to | usage | rate | flat | charge |
	// |--:|--:|--:|--:|--:|--:|--:|
	// | 1 | 0.00 | 1000.00 | 50.00 | 10 % | 0.00 | 5.00 |
	// | minimum | 5.00 | 20.00 |  |  |  | 15.00 |
	// | total |  |  |  |  |  | 20.00 |
}

// A decimal prints without zeros at its end; StringFixed keeps them. In a
// database, money is text or an integer of minor units, never a float.
func ExampleSchedule_Fee() {
	_, _, scale := plans()
	fee, err := scale.Fee(decimal.NewFromInt(5))
	if err != nil {
		panic(err)
	}
	fmt.Println(fee, fee.StringFixed(2))
	// Output: 99.1 99.10
}

func ExampleSchedule_EffectiveRate() {
	_, team, _ := plans()
	rate, err := team.EffectiveRate(decimal.NewFromInt(1500))
	if err != nil {
		panic(err)
	}
	percent := rate.Mul(rate, big.NewRat(100, 1))
	rounded, err := price.Rounding{Places: 2, Mode: price.RoundingHalfUp}.RoundRat(percent)
	if err != nil {
		panic(err)
	}
	fmt.Println(rounded.StringFixed(2), "%")
	// Output: 8.33 %
}

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
