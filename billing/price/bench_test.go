package price_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

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

// perUsage are the questions whose cost must not grow with the number of tiers:
// those that one piece answers, and those that are refused or beyond words.
func perUsage(s price.Schedule) map[string]func() error {
	usage, huge := d("1234567.89"), decimal.New(1, 25)
	return map[string]func() error{
		"MarginalRate":       func() error { _, err := s.MarginalRate(usage); return err },
		"EffectiveRate":      func() error { _, err := s.EffectiveRate(usage); return err },
		"FeeMinor, negative": func() error { _, err := s.FeeMinor(-1); return err },
		"FeeMinor, huge":     func() error { _, err := s.FeeMinor(math.MaxInt64); return err },
		"Fee, huge":          func() error { _, err := s.Fee(huge); return err },
	}
}

// At 10,000 tiers they allocate within 3 times of their memory at 10.
func TestCostsDoNotGrowWithTiers(t *testing.T) {
	few, many := perUsage(price.MustCompile(manyTiers(10))), perUsage(price.MustCompile(manyTiers(10_000)))
	bytes := func(call func() error) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 1000 {
			_ = call() // a negative usage is refused
		}
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) / 1000
	}
	for name := range few {
		if a, b := bytes(few[name]), bytes(many[name]); b > 3*a+64 {
			t.Errorf("%s: %d bytes with 10 tiers, %d with 10,000", name, a, b)
		}
	}
}

// It prints how often the time with 10 tiers the time with 10,000 is.
func BenchmarkCostsDoNotGrowWithTiers(b *testing.B) {
	few, many := perUsage(price.MustCompile(manyTiers(10))), perUsage(price.MustCompile(manyTiers(10_000)))
	for _, name := range slices.Sorted(maps.Keys(few)) {
		b.Run(name, func(b *testing.B) {
			timed := func(call func() error) time.Duration {
				start := time.Now()
				for range 100 {
					_ = call()
				}
				return time.Since(start)
			}
			least := [2]time.Duration{math.MaxInt64, math.MaxInt64}
			for b.Loop() {
				least[0], least[1] = min(least[0], timed(few[name])), min(least[1], timed(many[name]))
			}
			b.ReportMetric(float64(least[1].Nanoseconds())/100, "ns/call")
			b.ReportMetric(float64(least[1])/float64(least[0]), "×10-tiers")
			b.ReportMetric(0, "ns/op")
		})
	}
}
