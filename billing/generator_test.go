package billing_test

import (
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing/price"
)

// drawAmount draws a decimal from 0 to hi units of 10^-places, places up to
// maxPlaces, with a leaning towards few places.
func drawAmount(t *rapid.T, name string, hi int64, maxPlaces int32) decimal.Decimal {
	places := rapid.SampledFrom([]int32{0, min(1, maxPlaces), min(2, maxPlaces), maxPlaces}).Draw(t, name+" places")
	return decimal.New(rapid.Int64Range(0, hi).Draw(t, name), -places)
}

// drawTerms draws terms that compile: of either model, with every option there
// or not, from small friendly numbers to such as do not fit machine words.
func drawTerms(t *rapid.T) price.Terms {
	terms := price.Terms{
		Model: rapid.SampledFrom([]price.Model{price.ModelGraduated, price.ModelVolume}).Draw(t, "model"),
		Rounding: price.Rounding{
			Places: rapid.SampledFrom([]int32{0, 2, 3, 12}).Draw(t, "places"),
			Mode:   rapid.SampledFrom([]price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp}).Draw(t, "mode"),
		},
	}
	size := rapid.SampledFrom([]int64{20, 10_000, 1e9, 1e18}).Draw(t, "size")
	places := rapid.SampledFrom([]int32{0, 2, 6, 25}).Draw(t, "amount places")
	var bound decimal.Decimal
	for n := rapid.IntRange(1, 5).Draw(t, "tiers"); n > 0; n-- {
		tier := price.Tier{Rate: drawAmount(t, "rate", size, places)}
		if rapid.Bool().Draw(t, "flat?") {
			tier.Flat = drawAmount(t, "flat", size, places)
		}
		if n > 1 {
			bound = bound.Add(drawAmount(t, "width", size, places)).Add(decimal.New(1, -places))
			tier.UpTo = bound
		}
		terms.Tiers = append(terms.Tiers, tier)
	}
	if rapid.Bool().Draw(t, "minimum?") {
		terms.Minimum = decimal.New(rapid.Int64Range(0, size).Draw(t, "minimum"), -terms.Rounding.Places)
	}
	if rapid.Bool().Draw(t, "maximum?") {
		terms.Maximum = terms.Minimum.Add(decimal.New(rapid.Int64Range(1, size).Draw(t, "headroom"), -terms.Rounding.Places))
	}
	if rapid.Bool().Draw(t, "discount?") {
		terms.Discount = price.Discount{
			Rate:  decimal.New(rapid.Int64Range(0, 1000).Draw(t, "discount"), -3),
			Stage: rapid.SampledFrom([]price.DiscountStage{price.DiscountBeforeMaximum, price.DiscountAfterMinimum}).Draw(t, "stage"),
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "usage rounding?") == 0 {
		terms.UsageRounding = price.Rounding{
			Places: rapid.Int32Range(0, 4).Draw(t, "usage places"),
			Mode:   rapid.SampledFrom([]price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp}).Draw(t, "usage mode"),
		}
	}
	return terms
}

// drawUsage draws a usage for terms, often at a tier's edge or just beside it.
func drawUsage(t *rapid.T, terms price.Terms) decimal.Decimal {
	tier := rapid.SampledFrom(terms.Tiers).Draw(t, "near tier")
	switch rapid.IntRange(0, 3).Draw(t, "where") {
	case 0:
		return tier.UpTo
	case 1:
		ulp := decimal.New(1, -rapid.Int32Range(0, 28).Draw(t, "ulp places"))
		if rapid.Bool().Draw(t, "below") && tier.UpTo.GreaterThan(ulp) {
			ulp = ulp.Neg()
		}
		return tier.UpTo.Add(ulp)
	case 2:
		return drawAmount(t, "usage", 1e18, 20)
	}
	return drawAmount(t, "usage", 100_000, 4)
}
