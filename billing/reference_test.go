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
