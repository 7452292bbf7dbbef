package price

import (
	"cmp"
	"math"
	"math/bits"

	"github.com/shopspring/decimal"
)

// fast prices usages whose numbers fit machine words, which money's nearly
// always do. It holds the schedule's pieces as whole numbers: bounds in units
// of 10^-usage, rates of 10^-rate, and fees of 10^-(usage+rate), the latter on
// 128 bits.
//
// A usage may be finer than the bounds, by a factor m that is a power of ten:
// then everything is scaled by m, and the piece is found by the usage rounded
// up to whole units, since u ≤ b for a whole b just where ⌈u⌉ ≤ b. Each product
// and sum that could leave its word is checked, and where one does the caller
// takes the decimal path instead. Both evaluate the same formula on the same
// exact numbers, so they give the same answer.
type fast struct {
	ok     bool
	capped bool         // whether there is a maximum
	mode   RoundingMode // of the total
	usage  int32        // decimal places of the unit of usage
	minor  uint64       // units of usage in a minor unit
	unit   uint64       // units of fee in a minor unit
	floor  uint128      // minimum
	ceil   uint128      // maximum
	bounds []uint64     // upper bounds, inclusive, of all tiers but the last
	pieces []fastPiece
}

type fastPiece struct {
	base  uint128
	rate  uint64
	lower uint64
}

// newFast returns the fast form of c; its ok is false where c has numbers that
// do not fit, or rounds usages.
func newFast(c *compiled) fast {
	places := c.terms.Rounding.Places
	var rate int32
	usage, fee := places, max(-c.floor.Exponent(), -c.ceil.Exponent())
	for i, p := range c.pieces {
		usage = max(usage, -c.lowers[i].Exponent())
		rate = max(rate, -p.rate.Exponent())
		fee = max(fee, -p.base.Exponent())
	}
	fee = max(fee, usage+rate, places+1) // a unit of fee is never a minor unit: see small
	rate = fee - usage
	if fee-places >= int32(len(tens)) || c.terms.UsageRounding != (Rounding{}) {
		return fast{}
	}
	f := fast{
		ok:     true,
		capped: !c.ceil.IsZero(),
		mode:   c.terms.Rounding.Mode,
		usage:  usage,
		minor:  tens[usage-places],
		unit:   tens[fee-places],
	}
	f.floor = f.whole(c.floor, fee)
	f.ceil = f.whole(c.ceil, fee)
	for i, p := range c.pieces {
		f.pieces = append(f.pieces, fastPiece{f.whole(p.base, fee), f.word(p.rate, rate), f.word(c.lowers[i], usage)})
		f.bounds = append(f.bounds, f.pieces[i].lower)
	}
	f.bounds = f.bounds[1:]
	return f
}

// whole returns d, which is not negative, in units of 10^-places. Where that
// does not fit, f is not ok.
func (f *fast) whole(d decimal.Decimal, places int32) uint128 {
	n := d.Shift(places).BigInt()
	if n.BitLen() > 128 {
		f.ok = false
		return uint128{}
	}
	lo := n.Uint64()
	return uint128{n.Rsh(n, 64).Uint64(), lo}
}

// word is whole for what must fit 64 bits.
func (f *fast) word(d decimal.Decimal, places int32) uint64 {
	n := f.whole(d, places)
	f.ok = f.ok && n.hi == 0
	return n.lo
}

// A fastFee is a fee in minor units, the index of the usage's tier, and whether
// the minimum or the maximum made the fee what it is.
type fastFee struct {
	minor int64
	tier  int
	bound bool
}

// fee returns the fee; ok is false where the numbers do not fit or usage is not
// one to be priced.
func (f *fast) fee(usage decimal.Decimal) (fee fastFee, ok bool) {
	exp := usage.Exponent()
	if !f.ok || exp > 0 || exp <= -int32(len(tens)) || usage.NumDigits() >= len(tens) || usage.IsNegative() {
		return fastFee{}, false
	}
	k := uint64(usage.CoefficientInt64())
	// One of the two is 1.
	finer, coarser := max(-exp-f.usage, 0), max(exp+f.usage, 0)
	if coarser >= int32(len(tens)) {
		return fastFee{}, false
	}
	if k, ok = mul64(k, tens[coarser]); !ok {
		return fastFee{}, false
	}
	return f.price(k, tens[finer])
}

// price returns the fee for a usage of k units of 10^-usage/m.
func (f *fast) price(k, m uint64) (priced fastFee, ok bool) {
	up := k / m
	if up*m < k {
		up++
	}
	priced.tier = search(f.bounds, up)
	p := &f.pieces[priced.tier]
	fee, ok1 := p.base.times(m)
	fee, ok2 := fee.plus(p.rate, k-p.lower*m) // lower·m < k, unless both are 0
	floor, ok3 := f.floor.times(m)
	ceil, ok4 := f.ceil.times(m)
	unit, ok5 := mul64(f.unit, m)
	if !(ok1 && ok2 && ok3 && ok4 && ok5) {
		return fastFee{}, false
	}
	if f.capped && fee.cmp(ceil) > 0 {
		fee, priced.bound = ceil, true
	}
	if fee.cmp(floor) < 0 {
		fee, priced.bound = floor, true
	}
	if fee.hi >= unit {
		return fastFee{}, false
	}
	quo, rem := bits.Div64(fee.hi, fee.lo, unit)
	if f.mode.awayFromZero(cmp.Compare(rem, 0), cmp.Compare(rem, unit-rem), quo&1 == 1) {
		quo++
	}
	priced.minor = int64(quo)
	return priced, quo <= math.MaxInt64
}

// A uint128 is a number of 128 bits.
type uint128 struct{ hi, lo uint64 }

func (x uint128) cmp(y uint128) int {
	return cmp.Or(cmp.Compare(x.hi, y.hi), cmp.Compare(x.lo, y.lo))
}

// times returns x·m; ok is false where that does not fit.
func (x uint128) times(m uint64) (y uint128, ok bool) {
	carry, lo := bits.Mul64(x.lo, m)
	over, hi := bits.Mul64(x.hi, m)
	hi, c := bits.Add64(hi, carry, 0)
	return uint128{hi, lo}, over|c == 0
}

// plus returns x + a·b; ok is false where that does not fit.
func (x uint128) plus(a, b uint64) (y uint128, ok bool) {
	hi, lo := bits.Mul64(a, b)
	lo, c := bits.Add64(x.lo, lo, 0)
	hi, c = bits.Add64(x.hi, hi, c)
	return uint128{hi, lo}, c == 0
}

func mul64(a, b uint64) (product uint64, ok bool) {
	hi, lo := bits.Mul64(a, b)
	return lo, hi == 0
}

// tens are the powers of ten that an int64 holds.
var tens = [...]uint64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}
