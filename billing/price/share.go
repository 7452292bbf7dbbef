package price

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/quote"
)

// ErrWeights is wrapped by the error of sharing an amount by weights that are
// all zero, or by as many fallback weights as there are not.
var ErrWeights = errors.New("no weights to share by")

// Share divides total in proportion to weights, into parts of the given number
// of decimal places that add up to total again. Each part is at first rounded
// down; the units that are then left go one each to the parts that lost the
// largest fractions, and among equals to the earlier ones: the method of
// largest remainder. A part of weight 0 is 0.
//
// The weights may be usages: one below 0, of an account that had more refunds
// than charges, counts as 0. Where all weights are 0, the fallback weights are
// used in their stead; without any, or where they are all 0 too, the error
// wraps [ErrWeights], since nothing says who is to pay. Fallback weights must be
// as many as weights. A total below 0, a credit, is shared as its opposite is.
//
// The other errors wrap [ErrPlaces] if total has more decimal places than the
// parts are to have, [ErrRounding] if places is not from 0 to [MaxPlaces], and
// [ErrAmount] if an amount is beyond the limits.
func Share(total decimal.Decimal, places int32, weights, fallback []decimal.Decimal) ([]decimal.Decimal, error) {
	if places < 0 || places > MaxPlaces {
		return nil, fmt.Errorf("price: share: %d places: %w", places, ErrRounding)
	}
	if err := amount.Check(total); err != nil {
		return nil, fmt.Errorf("price: share: total %w", err)
	}
	if !isWhole(total, places) {
		return nil, fmt.Errorf("price: share: total %s: %w", quote.Decimal(total), ErrPlaces)
	}
	if len(fallback) > 0 && len(fallback) != len(weights) {
		return nil, fmt.Errorf("price: share: %d fallback weights for %d: %w", len(fallback), len(weights), ErrWeights)
	}
	units := total.Shift(places).BigInt()
	for _, by := range [][]decimal.Decimal{weights, fallback} {
		exact, err := inProportion(new(big.Rat).SetInt(new(big.Int).Abs(units)), by)
		if err != nil {
			return nil, fmt.Errorf("price: share: %w", err)
		}
		if exact == nil {
			continue
		}
		parts := make([]decimal.Decimal, len(exact))
		for i, n := range amount.Apportion(new(big.Int).Abs(units), exact) {
			if units.Sign() < 0 {
				n.Neg(n)
			}
			parts[i] = decimal.NewFromBigInt(n, -places)
		}
		return parts, nil
	}
	return nil, fmt.Errorf("price: share %s over %d weights: %w", quote.Decimal(total), len(weights), ErrWeights)
}

// inProportion divides total exactly by the weights, those below 0 counting as
// 0. It returns nil if that leaves none.
func inProportion(total *big.Rat, weights []decimal.Decimal) ([]*big.Rat, error) {
	sum := new(big.Rat)
	parts := make([]*big.Rat, len(weights))
	for i, w := range weights {
		if err := amount.Check(w); err != nil {
			return nil, fmt.Errorf("weight %d: %w", i, err)
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
