package price

import "math/big"

// A number is an exact number: a decimal in a quote, a fraction in the charges of
// segments.
type number[N any] interface {
	Add(N) N
	Sub(N) N
	Mul(N) N
	Cmp(N) int
}

// A rule leads from the sum of the tiers to the unrounded fee.
type rule[N number[N]] struct {
	stage            DiscountStage
	discount         N
	minimum, maximum N
	capped           bool // whether there is a maximum
}

// An emitter takes the steps of a rule that change the fee from base to base + by.
type emitter[N any] func(kind AdjustmentKind, base, by N)

// before returns the sum less a discount before the maximum.
func (r rule[N]) before(sum N, emit emitter[N]) N {
	return r.reduce(DiscountBeforeMaximum, sum, emit)
}

// after applies maximum, minimum and a discount after them to a fee.
func (r rule[N]) after(fee N, emit emitter[N]) N {
	if r.capped && fee.Cmp(r.maximum) > 0 {
		fee = step(AdjustmentMaximum, fee, r.maximum, emit)
	}
	if fee.Cmp(r.minimum) < 0 {
		fee = step(AdjustmentMinimum, fee, r.minimum, emit)
	}
	return r.reduce(DiscountAfterMinimum, fee, emit)
}

func (r rule[N]) reduce(stage DiscountStage, fee N, emit emitter[N]) N {
	if r.stage != stage {
		return fee
	}
	return step(AdjustmentDiscount, fee, fee.Sub(fee.Mul(r.discount)), emit)
}

// step emits the step between two amounts, if they differ, and returns the
// second.
func step[N number[N]](kind AdjustmentKind, from, to N, emit emitter[N]) N {
	if to.Cmp(from) != 0 {
		emit(kind, from, to.Sub(from))
	}
	return to
}

// A fraction is a [big.Rat] as a number.
type fraction struct{ *big.Rat }

func (x fraction) Add(y fraction) fraction { return fraction{new(big.Rat).Add(x.Rat, y.Rat)} }
func (x fraction) Sub(y fraction) fraction { return fraction{new(big.Rat).Sub(x.Rat, y.Rat)} }
func (x fraction) Mul(y fraction) fraction { return fraction{new(big.Rat).Mul(x.Rat, y.Rat)} }
func (x fraction) Cmp(y fraction) int      { return x.Rat.Cmp(y.Rat) }
