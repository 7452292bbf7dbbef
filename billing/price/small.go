package price

import (
	"math"
	"math/bits"

	"github.com/shopspring/decimal"
)

// small prices usages in minor units when every number on the way fits 62
// bits: what [fast] does, with nothing left to check but the usage itself. The
// fee on a piece is constant + rate × usage, in units of which a minor unit has
// unit, ten or more. A constant may be negative and is then kept as its two's
// complement: the sum is right modulo 2^64, and it is known to be small.
//
// Dividing x by unit is a multiplication by m = ⌊2^(63+l) / unit⌋ + 1, with l
// such that 2^(l-1) < unit ≤ 2^l, and a shift by 63+l. With e = m·unit - 2^(63+l),
// which is from 1 to unit, x·m / 2^(63+l) = x/unit + x·e / (unit·2^(63+l)). The last
// term is not negative, and below 1/unit since x < 2^63 and e ≤ 2^l: too little to
// reach the next whole number.
type small struct {
	limit     uint64 // usages below it are priced here
	bounds    []uint64
	constants []uint64
	rates     []uint64
	floor     uint64
	ceil      uint64
	half      uint64 // what is added before the division that rounds
	even      bool   // whether halves go to the even neighbour
	unit      uint64
	inverse   uint64 // m
	shift     uint   // l - 1, since the product's upper word is already shifted by 64
}

// roomy is what no number of a small fee exceeds.
const roomy = math.MaxInt64 / 2

func (x uint128) isRoomy() bool { return x.hi == 0 && x.lo <= roomy }

// newSmall returns the small form of f; its limit is 0 where there is none.
func newSmall(f *fast) small {
	if !f.ok || !f.floor.isRoomy() {
		return small{}
	}
	w := small{limit: math.MaxInt64, floor: f.floor.lo, ceil: roomy, unit: f.unit, even: f.mode == HalfEven, shift: uint(bits.Len64(f.unit-1)) - 1}
	w.inverse, _ = bits.Div64(1<<w.shift, 0, f.unit)
	w.inverse++
	switch f.mode {
	case HalfUp, HalfEven:
		w.half = f.unit / 2
	case Up:
		w.half = f.unit - 1
	}
	if f.capped && f.ceil.isRoomy() {
		w.ceil = f.ceil.lo
	}
	for i, p := range f.pieces {
		// A tier that nothing is charged in would make room without bound.
		rate, ok := mul64(max(p.rate, 1), f.minor)
		if lower := p.lower / f.minor; !ok || !p.base.isRoomy() {
			w.limit = min(w.limit, lower)
		} else if room := lower + (roomy-p.base.lo)/rate; i == len(f.bounds) || room < f.bounds[i]/f.minor {
			w.limit = min(w.limit, room)
		}
		w.constants = append(w.constants, p.base.lo-p.rate*p.lower)
		w.rates = append(w.rates, p.rate*f.minor)
	}
	for _, b := range f.bounds {
		w.bounds = append(w.bounds, b/f.minor) // u ≤ b for a whole u just where u ≤ ⌊b⌋
	}
	return w
}

// fee returns the fee for a usage below w.limit, both in minor units.
func (w *small) fee(usage uint64) int64 {
	i := search(w.bounds, usage)
	fee := w.constants[i] + w.rates[i]*usage
	fee = max(min(fee, w.ceil), w.floor) + w.half
	minor, _ := bits.Mul64(fee, w.inverse)
	minor >>= w.shift & 63
	if w.even && minor&1 == 1 && minor*w.unit == fee {
		minor-- // it was half a unit less, and has been rounded up to an odd number
	}
	return int64(minor)
}

// search returns the index of the first of the rising bounds that is not below
// x, or their number. It has no branch that depends on x, since which tier a
// usage falls into is what a processor cannot predict: the borrow of bound - x
// is 1 where the bound is below x.
func search(bounds []uint64, x uint64) int {
	i, n := 0, len(bounds)
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

// minorUnits returns usage in units of 10^-places; ok is false where it is not
// a whole number of them, or does not fit. A negative one comes back as more
// than any limit.
func minorUnits(usage decimal.Decimal, places int32) (n uint64, ok bool) {
	up := uint32(places + usage.Exponent()) // large where it is negative
	if up >= uint32(len(tens)) || usage.NumDigits() >= len(tens) {
		return 0, false
	}
	return mul64(uint64(usage.CoefficientInt64()), tens[up])
}
