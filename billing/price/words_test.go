package price_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
)

// However many tiers there are, each usage falls into its own: the tier's flat
// price is its number.
func TestEveryTierIsFound(t *testing.T) {
	counts := []int{100, 1000}
	for n := range 40 {
		counts = append(counts, n+1)
	}
	for _, n := range counts {
		tiers := make([]price.Tier, n)
		for i := range tiers {
			tiers[i] = price.Tier{UpTo: decimal.New(int64(3*i+3), 0), Flat: decimal.New(int64(i), 0)}
		}
		tiers[n-1].UpTo = decimal.Decimal{}
		terms := price.Terms{Model: price.ModelVolume, Tiers: tiers, Rounding: cents}
		s := price.MustCompile(terms)
		terms.Tiers[0].Rate = d("0.00000000000000000000000001") // decimals all the way
		terms.Rounding.Mode = price.RoundingDown
		slow := price.MustCompile(terms)
		for usage := range 3*n + 3 {
			want := int64(min(max(usage-1, 0)/3, n-1))
			got, err := s.FeeMinor(int64(usage * 100))
			if err != nil || got != want*100 {
				t.Fatalf("%d tiers: usage %d falls into tier %d, %v; want %d", n, usage, got/100, err, want)
			}
			for _, above := range []string{"0", "0.01", "0.0001"} {
				by, want := d(above), want
				if by.IsPositive() && usage%3 == 0 && usage > 0 && want < int64(n-1) {
					want++
				}
				for what, s := range map[string]price.Schedule{"words": s, "decimals": slow} {
					got, err := s.Fee(decimal.New(int64(usage), 0).Add(by))
					if err != nil || !got.Equal(decimal.New(want, 0)) {
						t.Fatalf("%d tiers: usage %d and %s falls into tier %v by %s, %v; want %d", n, usage, above, got, what, err, want)
					}
				}
			}
		}
	}
}

// Amounts just beyond what words hold cost what they cost.
func TestAmountsBeyondWords(t *testing.T) {
	for _, bits := range []uint{62, 63, 64, 126, 127, 128, 129} {
		for _, places := range []int32{0, 2, 9, 12} {
			// The first whole numbers of minor units that take so many bits more,
			// themselves or in tenth parts, and their neighbours.
			power := new(big.Int).Lsh(big.NewInt(1), bits)
			var edges []*big.Int
			for by := range int64(3) {
				edges = append(edges, new(big.Int).Add(power, big.NewInt(by-1)))
				edges = append(edges, new(big.Int).Add(new(big.Int).Quo(power, big.NewInt(10)), big.NewInt(by-1)))
			}
			for _, units := range edges {
				amount := decimal.NewFromBigInt(units, -places)
				for what, terms := range map[string]price.Terms{
					"minimum": {Minimum: amount, Tiers: []price.Tier{{}}},
					"flat":    {Tiers: []price.Tier{{Flat: amount}}},
					"rate":    {Tiers: []price.Tier{{Rate: amount}}},
					"bound":   {Tiers: []price.Tier{{UpTo: amount}, {Flat: d("1")}}},
					"maximum": {Maximum: amount, Tiers: []price.Tier{{Flat: amount.Add(amount)}}},
				} {
					terms.Model, terms.Rounding = price.ModelVolume, price.Rounding{Places: places, Mode: price.RoundingUp}
					s, err := price.Compile(terms)
					if errors.Is(err, price.ErrInvalid) {
						continue // beyond what an amount may be
					}
					if err != nil {
						t.Fatal(err)
					}
					usages := []decimal.Decimal{{}, d("1"), decimal.New(1, -places), amount, amount.Add(decimal.New(1, -places))}
					for _, u := range usages {
						if u.Exponent() > 0 {
							t.Fatal(u)
						}
						want := billingtest.ReferenceRounded(terms, u)
						got, err := s.Fee(u)
						if err != nil {
							t.Fatalf("%s %v: usage %v: %v", what, amount, u, err)
						}
						if got.Rat().Cmp(want) != 0 {
							t.Errorf("%s %v to %d places: usage %v costs %v, want %v", what, amount, places, u, got, want.FloatString(12))
						}
					}
				}
			}
		}
	}
}

// A minimum or maximum may be finer than everything else.
func TestFineBounds(t *testing.T) {
	for _, stage := range []price.DiscountStage{price.DiscountBeforeMaximum, price.DiscountAfterMinimum} {
		terms := price.Terms{
			Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: decimal.New(1, 2)}}, // 100, with no places at all
			Minimum: d("100.01"), Maximum: d("300.01"), Rounding: price.Rounding{Places: 2, Mode: price.RoundingUp},
			Discount: price.Discount{Rate: d("0.99"), Stage: stage},
		}
		want := amounts("100.01 100.01 300.01")
		if stage == price.DiscountAfterMinimum {
			want = amounts("1.01 2 3.01") // 1.0001, 2 and 3.0001
		}
		s := price.MustCompile(terms)
		var got []decimal.Decimal
		for _, usage := range amounts("0 2 1000") {
			fee, err := s.Fee(usage)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fee)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", stage, diff)
		}
		for alone, change := range map[string]func(){"minimum": func() { terms.Maximum = d("0") }, "maximum": func() { terms.Minimum, terms.Maximum = d("0"), d("300.01") }} {
			terms.Minimum = d("100.01")
			change()
			s := price.MustCompile(terms)
			for _, usage := range amounts("0 2 1000") {
				fee, err := s.Fee(usage)
				if want := billingtest.ReferenceRounded(terms, usage); err != nil || fee.Rat().Cmp(want) != 0 {
					t.Errorf("%v, %s alone: %v costs %v, %v; want %s", stage, alone, usage, fee, err, want.FloatString(2))
				}
			}
		}
	}
}

// A flat amount may be finer than everything else, too.
func TestFineFlats(t *testing.T) {
	for model, want := range map[price.Model]string{price.ModelGraduated: "0.01 0.01 2.02", price.ModelVolume: "0.01 0.01 2.01"} {
		s := price.MustCompile(price.Terms{
			Model: model, Tiers: []price.Tier{{UpTo: d("1"), Flat: d("0.00001")}, {Flat: d("2.00999001")}},
			Rounding: price.Rounding{Places: 2, Mode: price.RoundingUp},
		})
		var got []decimal.Decimal
		for _, usage := range amounts("0 1 2") {
			fee, err := s.Fee(usage)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fee)
		}
		if diff := cmp.Diff(amounts(want), got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", model, diff)
		}
	}
}

// Fees that fit words are made of words, whatever their places: nothing but
// their two numbers is allocated.
func TestFeesOfWordsAllocateLittle(t *testing.T) {
	for _, c := range []struct{ rate, usage string }{
		{"0.10", "12345"},
		{"0.10", "0"},
		{"0.10", "12345.6789"},
		{"0.10", "123456789012345678"},
		{"0.10", "0.123456789012345678"},
		{"0.1234567890123456", "12"},
		{"0.1234567890123456", "12.34"},
		{"1000000", "12345678.90"},
	} {
		s := price.MustCompile(price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d(c.rate)}}, Rounding: cents})
		usage := d(c.usage)
		if n := testing.AllocsPerRun(100, func() { _, _ = s.Fee(usage) }); n > 2 {
			t.Errorf("the fee for %s at %s allocates %v times", c.usage, c.rate, n)
		}
	}
}

// The last fee that fits an int64 is one, the next is not.
func TestFeeMinorAtTheLimit(t *testing.T) {
	for _, mode := range []price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp} {
		for _, rate := range []string{"1", "1.5"} {
			s := price.MustCompile(price.Terms{
				Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d(rate)}}, Rounding: price.Rounding{Places: 2, Mode: mode},
			})
			if got, err := s.FeeMinor(-1); !errors.Is(err, price.ErrUsage) || got != 0 {
				t.Errorf("%v: less than nothing costs %d, %v", mode, got, err)
			}
			for _, usage := range []int64{math.MaxInt64 / 3 * 2, math.MaxInt64/3*2 + 1, math.MaxInt64 - 1, math.MaxInt64} {
				want := referenceRound(price.Rounding{Places: 0, Mode: mode}, new(big.Rat).Mul(new(big.Rat).SetInt64(usage), d(rate).Rat()))
				got, err := s.FeeMinor(usage)
				fits := want.Num().IsInt64()
				if fits != (err == nil) || !fits && (!errors.Is(err, price.ErrOverflow) || got != 0) || fits && got != want.Num().Int64() {
					t.Errorf("%v: %d at %s costs %d, %v; want %v", mode, usage, rate, got, err, want)
				}
			}
		}
	}
}

// Usages finer than the bounds and the rounding, of prices that words hold, cost
// the same as the reference says: at a bound that is written with more zeros, a
// hair above an amount in whole units, and at a maximum that is the finest amount
// of all.
func TestFineUsages(t *testing.T) {
	for _, mode := range []price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp} {
		cliff := price.Terms{
			Model: price.ModelVolume, Tiers: []price.Tier{{UpTo: d("10"), Rate: d("0.1")}, {Rate: d("0.2")}},
			Rounding: price.Rounding{Places: 2, Mode: mode},
		}
		capped := price.Terms{
			Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: decimal.New(1, 2)}}, Maximum: d("300.01"), Rounding: cliff.Rounding,
			Discount: price.Discount{Rate: d("0.99"), Stage: price.DiscountAfterMinimum},
		}
		for _, terms := range []price.Terms{cliff, capped} {
			s := price.MustCompile(terms)
			for _, usage := range amounts("10.0000 10.0001 9.9999 0.0000 0.0001 0.05000001 0.15 0.1500 300.010000 300.0100001 400.00000") {
				fee, err := s.Fee(usage)
				if want := billingtest.ReferenceRounded(terms, usage); err != nil || fee.Rat().Cmp(want) != 0 {
					t.Errorf("%s, %s: %s costs %v, %v; want %s", mode, terms.Model, usage.StringFixed(7), fee, err, want.FloatString(2))
				}
			}
		}
	}
}
