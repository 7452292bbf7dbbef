package price_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/billing/price"
)

// manyTiers is a graduated price of n tiers with falling rates.
func manyTiers(n int) price.Terms {
	terms := price.Terms{Model: price.ModelGraduated, Minimum: d("100"), Rounding: cents}
	for i := range n {
		tier := price.Tier{Rate: decimal.New(int64(n-i)*900/int64(n)+100, -4)}
		if i < n-1 {
			tier.UpTo = decimal.New(int64(i+1)*2_000_000/int64(n), 0)
		}
		terms.Tiers = append(terms.Tiers, tier)
	}
	return terms
}

// usages are drawn from a fixed seed, in cents up to 2,000,000.00, so that no
// branch predictor learns them.
func usages() ([]int64, []decimal.Decimal) {
	r := rand.New(rand.NewPCG(1, 2))
	minor, exact := make([]int64, 4096), make([]decimal.Decimal, 4096)
	for i := range minor {
		minor[i] = r.Int64N(2_000_000_00)
		exact[i] = decimal.New(minor[i], -2)
	}
	return minor, exact
}

var tierCounts = []int{1, 5, 50, 1000}

func BenchmarkFee(b *testing.B) {
	_, exact := usages()
	for _, n := range tierCounts {
		s := price.MustCompile(manyTiers(n))
		b.Run(fmt.Sprintf("tiers=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, err := s.Fee(exact[i%len(exact)]); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

func BenchmarkFeeMinor(b *testing.B) {
	minor, _ := usages()
	for _, n := range tierCounts {
		s := price.MustCompile(manyTiers(n))
		b.Run(fmt.Sprintf("tiers=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, err := s.FeeMinor(minor[i%len(minor)]); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

func BenchmarkQuote(b *testing.B) {
	_, exact := usages()
	for _, n := range tierCounts {
		s := price.MustCompile(manyTiers(n))
		b.Run(fmt.Sprintf("tiers=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, err := s.Quote(exact[i%len(exact)]); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, n := range tierCounts {
		terms := manyTiers(n)
		b.Run(fmt.Sprintf("tiers=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := price.Compile(terms); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestAllocations(t *testing.T) {
	s := price.MustCompile(percent())
	minor, exact := usages()
	fine := d("1234567.891234")
	terms := percent()
	terms.Rounding.Mode = price.RoundingHalfEven
	even := price.MustCompile(terms)
	i := 0
	for _, c := range []struct {
		name string
		most float64
		call func() error
	}{
		{"FeeMinor", 0, func() error { _, err := s.FeeMinor(minor[i%len(minor)]); return err }},
		{"Fee", 2, func() error { _, err := s.Fee(exact[i%len(exact)]); return err }},
		{"Fee, finer than a cent", 2, func() error { _, err := s.Fee(fine); return err }},
		{"FeeMinor, half even", 0, func() error { _, err := even.FeeMinor(minor[i%len(minor)]); return err }},
	} {
		got := testing.AllocsPerRun(200, func() {
			i++
			if err := c.call(); err != nil {
				t.Fatal(err)
			}
		})
		if got > c.most {
			t.Errorf("%s: %v allocations, at most %v", c.name, got, c.most)
		}
	}
}
