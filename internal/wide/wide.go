// Package wide has unsigned integers of 128 bits and powers of ten, for sums and
// products of amounts that do not fit a machine word.
package wide

import (
	"math/big"
	"math/bits"
)

// MaxPow10 is the largest n for which an int64 holds 10^n.
const MaxPow10 = 18

var pow10 = func() (p [MaxPow10 + 1]uint64) {
	p[0] = 1
	for i := range MaxPow10 {
		p[i+1] = p[i] * 10
	}
	return p
}()

// Pow10 returns 10^n. It is not ok unless n is from 0 to [MaxPow10].
func Pow10(n int32) (p uint64, ok bool) {
	if uint32(n) > MaxPow10 {
		return 0, false
	}
	return pow10[n], true
}

// BigPow10 returns 10^n, for an n that is not negative.
func BigPow10(n int32) *big.Int {
	if p, ok := Pow10(n); ok {
		return new(big.Int).SetUint64(p)
	}
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// Mul64 returns a·b. It is not ok if that takes more than 64 bits.
func Mul64(a, b uint64) (product uint64, ok bool) {
	hi, lo := bits.Mul64(a, b)
	return lo, hi == 0
}

// A Uint is an unsigned integer of 128 bits. The zero Uint is 0.
type Uint struct{ Hi, Lo uint64 }

// FromBig returns x as a Uint. It is not ok if x is negative or takes more than
// 128 bits.
func FromBig(x *big.Int) (u Uint, ok bool) {
	if x.Sign() < 0 || x.BitLen() > 128 {
		return Uint{}, false
	}
	return Uint{new(big.Int).Rsh(x, 64).Uint64(), x.Uint64()}, true // Uint64 is the low word
}

// Big returns x as a big integer.
func (x Uint) Big() *big.Int {
	n := new(big.Int).SetUint64(x.Hi)
	return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(x.Lo))
}

// Less reports whether x is less than y.
func (x Uint) Less(y Uint) bool {
	_, borrow := bits.Sub64(x.Lo, y.Lo, 0)
	_, borrow = bits.Sub64(x.Hi, y.Hi, borrow)
	return borrow != 0
}

// Add returns x + y. It is not ok if that takes more than 128 bits.
func (x Uint) Add(y Uint) (sum Uint, ok bool) {
	lo, carry := bits.Add64(x.Lo, y.Lo, 0)
	hi, carry := bits.Add64(x.Hi, y.Hi, carry)
	return Uint{hi, lo}, carry == 0
}

// Mul returns x·m. It is not ok if that takes more than 128 bits.
func (x Uint) Mul(m uint64) (product Uint, ok bool) {
	carry, lo := bits.Mul64(x.Lo, m)
	over, hi := bits.Mul64(x.Hi, m)
	hi, c := bits.Add64(hi, carry, 0)
	return Uint{hi, lo}, over|c == 0
}

// MulAdd returns x + a·b. It is not ok if that takes more than 128 bits.
func (x Uint) MulAdd(a, b uint64) (sum Uint, ok bool) {
	hi, lo := bits.Mul64(a, b)
	return x.Add(Uint{hi, lo})
}
