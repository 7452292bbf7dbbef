package price_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
)

func TestAppendFees(t *testing.T) {
	s := price.MustCompile(percent())
	minor, exact := usages()
	got, err := s.AppendFeesMinor([]int64{7}, minor)
	if err != nil || len(got) != len(minor)+1 || got[0] != 7 {
		t.Fatalf("%d fees, %v", len(got), err)
	}
	fees, err := s.AppendFees(nil, exact)
	if err != nil || len(fees) != len(exact) {
		t.Fatalf("%d fees, %v", len(fees), err)
	}
	for i, fee := range fees {
		want, err := s.Fee(exact[i])
		if err != nil || !fee.Equal(want) || !decimal.New(got[i+1], -2).Equal(want) {
			t.Fatalf("usage %v costs %v and %d, want %v, %v", exact[i], fee, got[i+1], want, err)
		}
	}
}

func TestAppendFeesStopsAtAnError(t *testing.T) {
	s := price.MustCompile(percent())
	got, err := s.AppendFeesMinor(nil, []int64{10000_00, -1, 5})
	if !errors.Is(err, price.ErrNegative) || !strings.HasPrefix(err.Error(), "price: usage 1: price: fee: usage -0.01") || !slices.Equal(got, []int64{1000_00}) {
		t.Errorf("%v, %v", got, err)
	}
	fees, err := s.AppendFees(amounts("5"), []decimal.Decimal{d("10000"), decimal.New(1, 1e9)})
	if diff := cmp.Diff(amounts("5 1000"), fees); !errors.Is(err, price.ErrAmount) || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// What is promised not to allocate does not, and the rest allocates what it
// hands out: two for each decimal.
func TestAllocations(t *testing.T) {
	s := price.MustCompile(percent())
	minor, exact := usages()
	fees := make([]int64, 0, len(minor))
	fine := d("1234567.891234")
	terms := percent()
	terms.Rounding.Mode = price.HalfEven
	even := price.MustCompile(terms)
	i := 0
	for _, c := range []struct {
		name string
		most float64
		call func() error
	}{
		{"FeeMinor", 0, func() error { _, err := s.FeeMinor(minor[i%len(minor)]); return err }},
		{"AppendFeesMinor", 0, func() error { _, err := s.AppendFeesMinor(fees, minor); return err }},
		{"Fee", 2, func() error { _, err := s.Fee(exact[i%len(exact)]); return err }},
		{"Fee, finer than a cent", 2, func() error { _, err := s.Fee(fine); return err }},
		{"FeeMinor, half even", 0, func() error { _, err := even.FeeMinor(minor[i%len(minor)]); return err }},
		{"Quote", 12, func() error { _, err := s.Quote(exact[i%len(exact)]); return err }},
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

func BenchmarkAppendFeesMinor(b *testing.B) {
	s := price.MustCompile(percent())
	minor, _ := usages()
	fees := make([]int64, 0, len(minor))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.AppendFeesMinor(fees, minor); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(minor)), "ns/usage")
}

func ExampleSchedule_AppendFeesMinor() {
	s := price.MustCompile(threeTiers())
	fees, err := s.AppendFeesMinor(nil, []int64{0, 12_345_67, 85_000_00})
	if err != nil {
		panic(err)
	}
	fmt.Println(fees)
	// Output: [10000 116420 615000]
}
