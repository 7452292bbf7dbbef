package price

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
)

// Allocate divides total in proportion to weights, into amounts of the given
// number of decimal places that add up to total again. Each amount is at first
// rounded down; the units that are left go one each to the amounts that lost the
// largest fractions, and among equals to the earlier ones: the method of largest
// remainder. A weight of 0 gets 0.
//
// The weights may be usages: one below 0, of an account with more refunds than
// charges, counts as 0. If all weights are 0, the fallback weights are used
// instead. Fallback weights must be as many as weights, or none. A total below 0,
// a credit, is divided as its opposite is.
//
// It returns an error wrapping [ErrInvalid] if all weights and all fallback
// weights are 0, if an amount is beyond the limits, if total has more decimal
// places than the given number, or if that is not from 0 to [MaxPlaces].
func Allocate(total decimal.Decimal, places int32, weights, fallback []decimal.Decimal) ([]decimal.Decimal, error) {
	amounts, err := allocate(total, places, weights, fallback)
	return amounts, field.Op("price: allocate", err)
}

func allocate(total decimal.Decimal, places int32, weights, fallback []decimal.Decimal) ([]decimal.Decimal, error) {
	if places < 0 || places > MaxPlaces {
		return nil, invalid("places", "%d; want 0 to %d", places, MaxPlaces)
	}
	if err := amount.Check(total); err != nil {
		return nil, field.Wrap("total", field.Mark(err, ErrInvalid))
	}
	if !total.Equal(total.Truncate(places)) {
		return nil, invalid("total", "%s: has more than %d places", quote.Decimal(total), places)
	}
	if len(fallback) > 0 && len(fallback) != len(weights) {
		return nil, invalid("fallback", "%d weights; want %d, as many as weights, or none", len(fallback), len(weights))
	}
	units := total.Shift(places).BigInt()
	for _, by := range []struct {
		path    string
		weights []decimal.Decimal
	}{{"weights", weights}, {"fallback", fallback}} {
		exact, err := inProportion(new(big.Rat).SetInt(new(big.Int).Abs(units)), by.weights)
		if err != nil {
			return nil, field.Wrap(by.path, err)
		}
		if exact == nil {
			continue
		}
		amounts := make([]decimal.Decimal, len(exact))
		for i, n := range amount.Apportion(new(big.Int).Abs(units), exact) {
			if units.Sign() < 0 {
				n.Neg(n)
			}
			amounts[i] = decimal.NewFromBigInt(n, -places)
		}
		return amounts, nil
	}
	return nil, invalid("weights", "all of the %d weights are 0, and so are those of the fallback", len(weights))
}

// inProportion divides total exactly by the weights, those below 0 counting as
// 0. It returns nil if that leaves none.
func inProportion(total *big.Rat, weights []decimal.Decimal) ([]*big.Rat, error) {
	sum := new(big.Rat)
	parts := make([]*big.Rat, len(weights))
	for i, w := range weights {
		if err := amount.Check(w); err != nil {
			return nil, field.Wrap(fmt.Sprintf("[%d]", i), field.Mark(err, ErrInvalid))
		}
		parts[i] = new(big.Rat)
		if w.IsPositive() {
			parts[i] = w.Rat()
			sum.Add(sum, parts[i])
		}
	}
	if sum.Sign() == 0 {
		return nil, nil
	}
	for _, p := range parts {
		p.Mul(p, total).Quo(p, sum)
	}
	return parts, nil
}
