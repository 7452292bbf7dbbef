package wide_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/internal/wide"
)

// words draws words, often near 0 and the largest one.
func words() *rapid.Generator[uint64] {
	return rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 3), rapid.Uint64Range(math.MaxUint64-3, math.MaxUint64))
}

// All of it agrees with big integers, and reports what does not fit.
func TestUintIsABigInt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (wide.Uint, *big.Int) {
			u := wide.Uint{Hi: words().Draw(t, name+" hi"), Lo: words().Draw(t, name+" lo")}
			return u, u.Big()
		}
		check := func(what string, got wide.Uint, ok bool, want *big.Int) {
			back, fits := wide.FromBig(want)
			if ok != fits || fits && (got != back || got.Big().Cmp(want) != 0) {
				t.Errorf("%s is %v, %t; want %v", what, got.Big(), ok, want)
			}
		}
		x, bigX := draw("x")
		y, bigY := draw("y")
		a, b := words().Draw(t, "a"), words().Draw(t, "b")
		bigA, bigB := new(big.Int).SetUint64(a), new(big.Int).SetUint64(b)
		got, ok := x.Add(y)
		check("x + y", got, ok, new(big.Int).Add(bigX, bigY))
		got, ok = x.Mul(a)
		check("x·a", got, ok, new(big.Int).Mul(bigX, bigA))
		got, ok = x.MulAdd(a, b)
		check("x + a·b", got, ok, new(big.Int).Add(bigX, new(big.Int).Mul(bigA, bigB)))
		product, ok := wide.Mul64(a, b)
		if want := new(big.Int).Mul(bigA, bigB); ok != want.IsUint64() || product != new(big.Int).And(want, new(big.Int).SetUint64(math.MaxUint64)).Uint64() {
			t.Errorf("a·b is %d, %t; want %v", product, ok, want)
		}
		if less := bigX.Cmp(bigY) < 0; x.Less(y) != less {
			t.Errorf("%v < %v is %t", bigX, bigY, !less)
		}
		if x.Less(x) {
			t.Errorf("%v is less than itself", bigX)
		}
	})
}

func TestFromBigRefuses(t *testing.T) {
	for _, x := range []*big.Int{big.NewInt(-1), new(big.Int).Lsh(big.NewInt(1), 128)} {
		if u, ok := wide.FromBig(x); ok || u != (wide.Uint{}) {
			t.Errorf("FromBig(%v) = %v", x, u)
		}
	}
}

func TestPow10(t *testing.T) {
	want := big.NewInt(1)
	for n := int32(0); n < 40; n++ {
		if got := wide.BigPow10(n); got.Cmp(want) != 0 {
			t.Errorf("BigPow10(%d) = %v", n, got)
		}
		p, ok := wide.Pow10(n)
		if ok != want.IsInt64() || ok && p != want.Uint64() {
			t.Errorf("Pow10(%d) = %d, %t", n, p, ok)
		}
		want.Mul(want, big.NewInt(10))
	}
	if _, ok := wide.Pow10(-1); ok {
		t.Error("Pow10(-1) is ok")
	}
}
