package price

import (
	"math"
	"math/bits"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/wide"
)

// An evaluator prices usages on integers of 128 bits. It holds the pieces of a
// schedule in whole numbers: bounds in units of 10^-places, rates and fees in
// such units that the product of a bound and a rate is a fee. Every step that
// could leave its word is checked. If one does, the caller takes the exact path;
// both evaluate the same formula, so they agree.
type evaluator struct {
	ok     bool
	capped bool   // whether there is a maximum
	even   bool   // whether halves go to the even neighbour
	places int32  // of a unit of usage
	minor  uint64 // units of usage in a minor unit
	unit   uint64 // units of fee in a minor unit, a power of ten above 1
	add    uint64 // added to a fee before the division by unit; that rounds down
	floor  wide.Uint
	ceil   wide.Uint
	bounds []uint64 // upper bounds, inclusive, of all tiers but the last
	pieces []wholePiece
}

type wholePiece struct {
	base  wide.Uint // the fee just above lower
	rate  uint64
	lower uint64
}

// newEvaluator returns the evaluator of c. It is not ok if c has numbers that do
// not fit, or rounds usages.
func newEvaluator(c *compiled) evaluator {
	places := c.terms.Rounding.Places
	usage, rate, fee := places, int32(0), max(-c.floor.Exponent(), -c.ceil.Exponent(), places+1)
	for i, p := range c.pieces {
		usage = max(usage, -c.lowers[i].Exponent())
		rate = max(rate, -p.rate.Exponent())
		fee = max(fee, -p.base.Exponent())
	}
	fee = max(fee, usage+rate)
	rate = fee - usage
	e := evaluator{capped: !c.ceil.IsZero(), even: c.terms.Rounding.Mode == RoundingHalfEven, places: usage}
	var ok1, ok2 bool
	e.minor, ok1 = wide.Pow10(usage - places)
	e.unit, ok2 = wide.Pow10(fee - places)
	e.ok = ok1 && ok2 && c.terms.UsageRounding == Rounding{}
	if !e.ok {
		return e
	}
	switch c.terms.Rounding.Mode {
	case RoundingHalfUp, RoundingHalfEven:
		e.add = e.unit / 2
	case RoundingUp:
		e.add = e.unit - 1
	}
	e.floor, e.ceil = e.whole(c.floor, fee), e.whole(c.ceil, fee)
	for i, p := range c.pieces {
		e.pieces = append(e.pieces, wholePiece{e.whole(p.base, fee), e.word(p.rate, rate), e.word(c.lowers[i], usage)})
		e.bounds = append(e.bounds, e.pieces[i].lower)
	}
	e.bounds = e.bounds[1:]
	return e
}

// whole returns d in units of 10^-places. If it does not fit, e is not ok.
func (e *evaluator) whole(d decimal.Decimal, places int32) wide.Uint {
	n, ok := wide.FromBig(d.Shift(places).BigInt())
	e.ok = e.ok && ok
	return n
}

// word returns d in units of 10^-places. If it does not fit, e is not ok.
func (e *evaluator) word(d decimal.Decimal, places int32) uint64 {
	n := e.whole(d, places)
	e.ok = e.ok && n.Hi == 0
	return n.Lo
}

// fee returns the fee for usage in minor units. It is not ok if the numbers do
// not fit or usage is invalid.
func (e *evaluator) fee(usage decimal.Decimal) (minor int64, ok bool) {
	exp := usage.Exponent()
	i := uint32(exp + wide.MaxPow10) // huge for an exponent below all
	if i >= uint32(len(long)) || usage.IsNegative() || !usage.LessThan(long[i]) {
		return 0, false
	}
	up := e.places + exp
	scale, ok := wide.Pow10(max(up, -up))
	if !ok || !e.ok {
		return 0, false
	}
	k := uint64(usage.CoefficientInt64())
	if up < 0 {
		return e.scaled(k, scale)
	}
	if k, ok = wide.Mul64(k, scale); !ok {
		return 0, false
	}
	return e.price(k)
}

// long has for each exponent from -18 to 18 the least number that is longer than
// 18 digits with it. Numbers of the same exponent are compared at once.
var long = func() (l [2*wide.MaxPow10 + 1]decimal.Decimal) {
	for i := range l {
		l[i] = decimal.NewFromBigInt(wide.BigPow10(wide.MaxPow10), int32(i)-wide.MaxPow10)
	}
	return l
}()

// scaled returns the fee for k/scale units of usage in minor units, for a usage
// that is finer than the bounds; scale is a power of ten. It finds the piece by
// the usage rounded up to whole units, since u ≤ b for a whole b just if ⌈u⌉ ≤ b,
// and multiplies the piece and the limits by scale.
func (e *evaluator) scaled(k, scale uint64) (minor int64, ok bool) {
	up := k / scale
	if up*scale < k {
		up++
	}
	p := e.pieces[search(e.bounds, up)]
	var ok1, ok2, ok3, ok4 bool
	fine := evaluator{capped: e.capped, even: e.even, add: e.add * scale}
	fine.unit, ok1 = wide.Mul64(e.unit, scale)
	fine.floor, ok2 = e.floor.Mul(scale)
	fine.ceil, ok3 = e.ceil.Mul(scale)
	p.base, ok4 = p.base.Mul(scale)
	if !(ok1 && ok2 && ok3 && ok4) {
		return 0, false
	}
	if e.add == e.unit-1 { // rounding up
		fine.add = fine.unit - 1
	}
	p.lower *= scale // not above k
	fine.pieces = []wholePiece{p}
	return fine.price(k)
}

// price returns the fee for k units of usage in minor units. It is not ok if the
// fee does not fit.
func (e *evaluator) price(k uint64) (minor int64, ok bool) {
	p := &e.pieces[search(e.bounds, k)]
	fee, ok := p.base.MulAdd(p.rate, k-p.lower)
	if !ok {
		return 0, false
	}
	if e.capped && e.ceil.Less(fee) {
		fee = e.ceil
	}
	if fee.Less(e.floor) {
		fee = e.floor
	}
	fee, ok = fee.Add(wide.Uint{Lo: e.add})
	if !ok || fee.Hi >= e.unit {
		return 0, false
	}
	quo, rem := bits.Div64(fee.Hi, fee.Lo, e.unit)
	if e.even && rem == 0 && quo&1 == 1 {
		quo-- // the fee was half a unit below an odd number
	}
	return int64(quo), quo <= math.MaxInt64
}

// search returns the index of the first of the rising bounds that is not below
// x, or their number. Among few bounds no branch depends on x, since a processor
// cannot predict the tier of a usage: the borrow of bound - x is 1 if the bound is
// below x.
func search(bounds []uint64, x uint64) int {
	i, n := 0, len(bounds)
	if n > 64 && bounds[n-1] < x {
		return n // rare, and at once for a huge usage
	}
	for n > 8 {
		half := n / 2
		_, below := bits.Sub64(bounds[i+half-1], x, 0)
		i += half & -int(below)
		n -= half
	}
	for _, b := range bounds[i : i+n] {
		_, below := bits.Sub64(b, x, 0)
		i += int(below)
	}
	return i
}
