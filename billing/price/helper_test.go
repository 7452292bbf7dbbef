package price_test

import (
	"math/big"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
)

// d reads a decimal.
func d(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// drawTerms draws terms that compile.
func drawTerms(t *rapid.T) price.Terms { return billingtest.Terms().Draw(t, "terms") }

// drawUsage draws a usage for terms, often at a tier's edge or just beside it.
func drawUsage(t *rapid.T, terms price.Terms) decimal.Decimal {
	return billingtest.Usage(terms).Draw(t, "usage")
}

// referenceRound rounds a fraction by trying both neighbours.
func referenceRound(r price.Rounding, x *big.Rat) *big.Rat {
	unit := decimal.New(1, -r.Places).Rat()
	n := new(big.Int).Quo(new(big.Rat).Quo(x, unit).Num(), new(big.Rat).Quo(x, unit).Denom())
	near := new(big.Rat).Mul(new(big.Rat).SetInt(n), unit) // towards zero
	step := new(big.Rat).Mul(unit, big.NewRat(int64(x.Sign()), 1))
	far := new(big.Rat).Add(near, step)
	toNear := new(big.Rat).Abs(new(big.Rat).Sub(x, near))
	toFar := new(big.Rat).Abs(new(big.Rat).Sub(far, x))
	var away bool
	switch r.Mode {
	case price.RoundingHalfUp:
		away = toNear.Cmp(toFar) >= 0
	case price.RoundingHalfEven:
		away = toNear.Cmp(toFar) > 0 || toNear.Cmp(toFar) == 0 && n.Bit(0) == 1
	case price.RoundingUp:
		away = toNear.Sign() > 0
	}
	if away && x.Sign() != 0 {
		return far
	}
	return near
}

// sum adds up the charges of a quote's lines and its adjustments.
func sum(q price.Quote) decimal.Decimal {
	var total decimal.Decimal
	for _, l := range q.Lines {
		total = total.Add(l.Charge)
	}
	for _, a := range q.Adjustments {
		total = total.Add(a.Amount)
	}
	return total
}
