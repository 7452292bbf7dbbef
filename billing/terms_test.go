package billing_test

import "github.com/supportplan/supportplan/billing/price"

var cents = price.Rounding{Places: 2, Mode: price.RoundingHalfUp}

// percent is a published five-tier price: 10 % to 10,000, 7 % to 80,000, 5 %
// to 250,000, 3 % to 1,000,000, 2 % above; at least 100.
func percent() price.Terms {
	return price.Terms{
		Model: price.ModelGraduated,
		Tiers: []price.Tier{
			{UpTo: d("10000"), Rate: d("0.10")},
			{UpTo: d("80000"), Rate: d("0.07")},
			{UpTo: d("250000"), Rate: d("0.05")},
			{UpTo: d("1000000"), Rate: d("0.03")},
			{Rate: d("0.02")},
		},
		Minimum:  d("100"),
		Rounding: cents,
	}
}
