package billing_test

import "github.com/supportplan/supportplan/billing/price"

var cents = price.Rounding{Places: 2, Mode: price.RoundingHalfUp}

// hours is the provider's own example table: usage in hours, the first 10 at 5
// USD, the next 5 at 3, above 15 at 1. Source: the provider's general billing
// documentation on tiered and volume pricing.
func hours(m price.Model) price.Terms {
	return price.Terms{
		Model:    m,
		Tiers:    []price.Tier{{UpTo: d("10"), Rate: d("5")}, {UpTo: d("15"), Rate: d("3")}, {Rate: d("1")}},
		Rounding: cents,
	}
}

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
