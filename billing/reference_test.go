package billing_test

import (
	"math/big"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
)

// d reads a decimal.
func d(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// referenceFee prices a usage the slow and obvious way: tier by tier, on exact
// fractions, in the order that the documentation of Terms gives.
func referenceFee(t price.Terms, usage decimal.Decimal) *big.Rat {
	u := usage.Rat()
	if t.UsageRounding.Mode != "" {
		u = referenceRound(t.UsageRounding, u)
	}
	fee := new(big.Rat)
	lower := new(big.Rat)
	for _, tier := range t.Tiers {
		upper := tier.UpTo.Rat()
		open := upper.Sign() == 0
		entered := u.Cmp(lower) > 0 || lower.Sign() == 0
		inside := entered && (open || u.Cmp(upper) <= 0)
		switch {
		case t.Model == price.ModelVolume && inside:
			fee.Mul(u, tier.Rate.Rat())
			fee.Add(fee, tier.Flat.Rat())
		case t.Model == price.ModelGraduated && entered:
			top := u
			if !inside {
				top = upper
			}
			slice := new(big.Rat).Sub(top, lower)
			fee.Add(fee, slice.Mul(slice, tier.Rate.Rat()))
			fee.Add(fee, tier.Flat.Rat())
		}
		lower = upper
	}
	discount := func() { fee.Mul(fee, decimal.New(1, 0).Sub(t.Discount.Rate).Rat()) }
	if t.Discount.Stage == price.DiscountBeforeMaximum {
		discount()
	}
	if !t.Maximum.IsZero() && fee.Cmp(t.Maximum.Rat()) > 0 {
		fee.Set(t.Maximum.Rat())
	}
	if fee.Cmp(t.Minimum.Rat()) < 0 {
		fee.Set(t.Minimum.Rat())
	}
	if t.Discount.Stage == price.DiscountAfterMinimum {
		discount()
	}
	return fee
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

func referenceRounded(t price.Terms, usage decimal.Decimal) *big.Rat {
	return referenceRound(t.Rounding, referenceFee(t, usage))
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

// rats compares exact fractions by value, and zones by name.
var rats = cmp.Options{
	cmp.Comparer(func(a, b *big.Rat) bool {
		if a == nil || b == nil {
			return a == b
		}
		return a.Cmp(b) == 0
	}),
	cmp.Comparer(func(a, b *time.Location) bool { return a == b || a != nil && b != nil && a.String() == b.String() }),
}

// r reads a fraction; "" is nil.
func r(s string) *big.Rat {
	if s == "" {
		return nil
	}
	x, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return x
}
