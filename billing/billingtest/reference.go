package billingtest

import (
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
)

// Reference returns the fee that terms make of a usage, unrounded, after
// discount, maximum and minimum, worked out the slow and obvious way: tier by
// tier, on exact fractions, by code that shares nothing with package billing. It
// returns nil if there is no fee: for terms that do not compile, and for a
// usage that is negative or beyond the limits of an amount.
func Reference(terms price.Terms, usage decimal.Decimal) *big.Rat {
	if _, err := price.Compile(terms); err != nil || !isAmount(usage) {
		return nil
	}
	return reference(terms, usage)
}

// ReferenceRounded is [Reference] with the fee rounded as the terms say.
func ReferenceRounded(terms price.Terms, usage decimal.Decimal) *big.Rat {
	fee := Reference(terms, usage)
	if fee == nil {
		return nil
	}
	return round(terms.Rounding, fee)
}

// reference is Reference for terms and a usage that are known to be right.
func reference(terms price.Terms, usage decimal.Decimal) *big.Rat {
	return otherwise{}.reference(terms, usage)
}

// An otherwise is a deviation of code from the reference; the zero value
// is the reference.
type otherwise struct {
	charge    func(charge *big.Rat) *big.Rat // changes each tier's charge
	tiers     func(fee *big.Rat) *big.Rat    // changes their sum
	exclusive bool                           // a usage of exactly a bound is in the next tier

	note func(tier price.Tier, slice *big.Rat) // is told of each tier that charges
}

func (o otherwise) reference(terms price.Terms, usage decimal.Decimal) *big.Rat {
	u := usage.Rat()
	if terms.UsageRounding.IsValid() {
		u = round(terms.UsageRounding, u)
	}
	fee := new(big.Rat)
	charge := func(tier price.Tier, slice *big.Rat) {
		if o.note != nil {
			o.note(tier, slice)
		}
		charge := new(big.Rat).Mul(slice, tier.Rate.Rat())
		charge.Add(charge, tier.Flat.Rat())
		if o.charge != nil {
			charge = o.charge(charge)
		}
		fee.Add(fee, charge)
	}
	lower := new(big.Rat)
	for i, tier := range terms.Tiers {
		isFirst, isLast := i == 0, i == len(terms.Tiers)-1
		upper := tier.UpTo.Rat()
		above := func(bound *big.Rat) bool {
			c := u.Cmp(bound)
			return c > 0 || c == 0 && o.exclusive
		}
		isAbove := !isLast && above(upper)
		isInside := (isFirst || above(lower)) && !isAbove
		switch {
		case isInside && terms.Model == price.ModelVolume:
			charge(tier, u)
		case isInside:
			charge(tier, new(big.Rat).Sub(u, lower))
		case isAbove && terms.Model == price.ModelGraduated:
			charge(tier, new(big.Rat).Sub(upper, lower))
		}
		lower = upper
	}
	if o.tiers != nil {
		fee = o.tiers(fee)
	}
	kept := new(big.Rat).Sub(big.NewRat(1, 1), terms.Discount.Rate.Rat())
	if terms.Discount.Stage == price.DiscountBeforeMaximum {
		fee.Mul(fee, kept)
	}
	fee = limited(terms, fee)
	if terms.Discount.Stage == price.DiscountAfterMinimum {
		fee.Mul(fee, kept)
	}
	return fee
}

// limited returns the fee, or the limit of the terms that it is beyond.
func limited(terms price.Terms, fee ratio) ratio {
	if most := terms.Maximum.Rat(); most.Sign() > 0 && fee.Cmp(most) > 0 {
		fee = most
	}
	if least := terms.Minimum.Rat(); fee.Cmp(least) < 0 {
		fee = least
	}
	return fee
}

// round rounds the non-negative x by looking at the rest of it above
// the neighbour below.
func round(r price.Rounding, x *big.Rat) *big.Rat {
	unit := decimal.New(1, -r.Places).Rat()
	units := new(big.Rat).Quo(x, unit)
	n := new(big.Int).Quo(units.Num(), units.Denom())
	left := new(big.Rat).Sub(units, new(big.Rat).SetInt(n))
	half := left.Cmp(big.NewRat(1, 2))
	var up bool
	switch r.Mode {
	case price.RoundingUp:
		up = left.Sign() > 0
	case price.RoundingHalfUp:
		up = half >= 0
	case price.RoundingHalfEven:
		up = half > 0 || half == 0 && n.Bit(0) == 1
	}
	if up {
		n.Add(n, big.NewInt(1))
	}
	return unit.Mul(unit, new(big.Rat).SetInt(n))
}
