package price_test

import (
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
)

func compile(t *rapid.T, terms price.Terms) price.Schedule {
	s, err := price.Compile(terms)
	if err != nil {
		t.Fatalf("Compile: %v", err)
	}
	return s
}

// Fee, Quote and Unrounded agree with the slow reference to the last digit.
func TestFeeEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		s := compile(t, terms)
		usage := drawUsage(t, terms)
		want := billingtest.ReferenceRounded(terms, usage)
		fee, err := s.Fee(usage)
		if err != nil || fee.Rat().Cmp(want) != 0 || fee.Exponent() != -terms.Rounding.Places {
			t.Fatalf("Fee(%v) = %v, %v; want %v", usage, fee, err, want.FloatString(int(terms.Rounding.Places)))
		}
		exact, err := s.Unrounded(usage)
		if err != nil || exact.Rat().Cmp(billingtest.Reference(terms, usage)) != 0 {
			t.Fatalf("Unrounded(%v) = %v, %v; want %v", usage, exact, err, billingtest.Reference(terms, usage))
		}
		q, err := s.Quote(usage)
		if err != nil || !q.Total.Equal(fee) || q.Total.Exponent() != fee.Exponent() {
			t.Fatalf("Quote(%v).Total = %v, %v; want %v", usage, q.Total, err, fee)
		}
	})
}

// FeeMinor is Fee in minor units, or says that it does not fit.
func TestFeeMinorEqualsFee(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		s := compile(t, terms)
		usage := rapid.OneOf(
			rapid.Int64Range(0, 1<<62), rapid.Int64Range(0, 1e7),
			rapid.Just(drawUsage(t, terms).Shift(terms.Rounding.Places).Truncate(0).BigInt().Int64()),
		).Filter(func(n int64) bool { return n >= 0 }).Draw(t, "minor")
		fee, err := s.Fee(decimal.New(usage, -terms.Rounding.Places))
		if err != nil {
			t.Fatal(err)
		}
		want := fee.Shift(terms.Rounding.Places).BigInt()
		got, err := s.FeeMinor(usage)
		if want.IsInt64() != (err == nil) || err == nil && got != want.Int64() {
			t.Fatalf("FeeMinor(%d) = %d, %v; want %v", usage, got, err, want)
		}
	})
}

// The lines and adjustments of a quote add up to its total, exactly; its slices
// add up to the usage; and each line's charge is its slice times its rate and
// its flat amount.
func TestQuoteAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		q, err := compile(t, terms).Quote(drawUsage(t, terms))
		if err != nil {
			t.Fatal(err)
		}
		if !sum(q).Equal(q.Total) {
			t.Errorf("lines and adjustments add up to %v, total %v", sum(q), q.Total)
		}
		var usage decimal.Decimal
		for i, l := range q.Lines {
			usage = usage.Add(l.Slice)
			if want := l.Slice.Mul(l.Rate).Add(l.Flat); !l.Charge.Equal(want) {
				t.Errorf("line %d charges %v, want %v", i, l.Charge, want)
			}
			tier := terms.Tiers[l.Tier-1]
			if !l.To.Equal(tier.UpTo) || !l.Rate.Equal(tier.Rate) || !l.Flat.Equal(tier.Flat) {
				t.Errorf("line %d is not of tier %d", i, l.Tier)
			}
			if l.Tier > 1 && !l.From.Equal(terms.Tiers[l.Tier-2].UpTo) || l.Tier == 1 && !l.From.IsZero() {
				t.Errorf("line %d starts at %v", i, l.From)
			}
		}
		if !usage.Equal(q.UsageRated) {
			t.Errorf("slices add up to %v of %v", usage, q.UsageRated)
		}
		for i, a := range q.Adjustments {
			if a.Amount.IsZero() {
				t.Errorf("adjustment %d is 0", i)
			}
		}
	})
}

// A graduated fee never falls as usage rises, before rounding.
func TestGraduatedIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		terms.Model = price.ModelGraduated
		s := compile(t, terms)
		a, b := drawUsage(t, terms), drawUsage(t, terms)
		if a.GreaterThan(b) {
			a, b = b, a
		}
		lo, err1 := s.Unrounded(a)
		hi, err2 := s.Unrounded(b)
		if err1 != nil || err2 != nil || lo.GreaterThan(hi) {
			t.Fatalf("%v costs %v (%v), %v costs %v (%v)", a, lo, err1, b, hi, err2)
		}
	})
}

// A fee is never negative, never below the minimum nor above the maximum
// unless a later discount takes it there.
func TestFeeObeysMinimumAndMaximum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		fee, err := compile(t, terms).Fee(drawUsage(t, terms))
		if err != nil || fee.IsNegative() {
			t.Fatalf("fee %v, %v", fee, err)
		}
		if terms.Discount.Stage != price.DiscountAfterMinimum && fee.LessThan(terms.Minimum) {
			t.Errorf("fee %v below the minimum %v", fee, terms.Minimum)
		}
		if !terms.Maximum.IsZero() && fee.GreaterThan(terms.Maximum) {
			t.Errorf("fee %v above the maximum %v", fee, terms.Maximum)
		}
	})
}

// Without flat amounts a graduated fee is continuous: across a bound it moves
// by no more than the usage times the higher of the two rates.
func TestGraduatedIsContinuousExceptAtFlats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		terms.Model, terms.UsageRounding = price.ModelGraduated, price.Rounding{}
		s := compile(t, terms)
		ulp := decimal.New(1, -29)
		for i, tier := range terms.Tiers[:len(terms.Tiers)-1] {
			at, err1 := s.Unrounded(tier.UpTo)
			above, err2 := s.Unrounded(tier.UpTo.Add(ulp))
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			most := terms.Tiers[i+1].Flat.Add(terms.Tiers[i+1].Rate.Mul(ulp))
			if step := above.Sub(at); step.IsNegative() || step.GreaterThan(most) {
				t.Errorf("at %v the fee jumps by %v, at most %v", tier.UpTo, step, most)
			}
		}
	})
}

// A price that is cut into more tiers of the same rate is the same price.
func TestSplittingATierChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		cut := drawUsage(t, terms)
		split := terms
		split.Tiers = nil
		var lower decimal.Decimal
		for _, tier := range terms.Tiers {
			inside := cut.GreaterThan(lower) && (tier.UpTo.IsZero() || cut.LessThan(tier.UpTo))
			if inside {
				first := tier
				first.UpTo = cut
				split.Tiers = append(split.Tiers, first)
				if terms.Model == price.ModelGraduated {
					tier.Flat = decimal.Decimal{}
				}
			}
			split.Tiers = append(split.Tiers, tier)
			lower = tier.UpTo
		}
		usage := drawUsage(t, split)
		a, err1 := compile(t, terms).Unrounded(usage)
		b, err2 := compile(t, split).Unrounded(usage)
		if err1 != nil || err2 != nil || !a.Equal(b) {
			t.Fatalf("whole %v (%v), split %v (%v)", a, err1, b, err2)
		}
	})
}

// Rounding agrees with trying both neighbours, for positive and negative
// amounts, with halves and near-halves drawn often.
func TestRoundEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := price.Rounding{
			Places: rapid.Int32Range(0, price.MaxPlaces).Draw(t, "places"),
			Mode:   rapid.SampledFrom([]price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp}).Draw(t, "mode"),
		}
		x := decimal.New(rapid.Int64Range(-1e6, 1e6).Draw(t, "halves"), 0).Mul(decimal.New(5, -r.Places-1))
		if rapid.Bool().Draw(t, "beside") {
			x = x.Add(decimal.New(rapid.Int64Range(-1, 1).Draw(t, "ulp"), -28))
		}
		got, err := r.Round(x)
		if want := referenceRound(r, x.Rat()); err != nil || got.Rat().Cmp(want) != 0 || got.Exponent() != -r.Places {
			t.Fatalf("%v.Round(%v) = %v, %v; want %v", r, x, got, err, want)
		}
	})
}

// checkQuote holds a quote's numbers to the ones that decimal arithmetic gives,
// to the digit and the place, whichever way they were computed.
func checkQuote(t *rapid.T, s price.Schedule, usage decimal.Decimal) {
	q, err := s.Quote(usage)
	if err != nil {
		t.Fatal(err)
	}
	same := func(what string, got, want decimal.Decimal) {
		if !got.Equal(want) || got.Exponent() != want.Exponent() {
			t.Errorf("%s is %v with exponent %d, want %v with %d", what, got, got.Exponent(), want, want.Exponent())
		}
	}
	terms := s.Terms()
	fee := q.Lines[len(q.Lines)-1].Charge
	for i, l := range q.Lines {
		if terms.Model == price.ModelGraduated {
			top := usage
			if i < len(q.Lines)-1 {
				top, fee = l.To, fee.Add(l.Charge)
			}
			same("slice", l.Slice, top.Sub(l.From))
		}
		charge := l.Slice.Mul(l.Rate)
		if !l.Flat.IsZero() {
			charge = charge.Add(l.Flat)
		}
		same("charge", l.Charge, charge)
	}
	if len(q.Adjustments) == 1 && q.Adjustments[0].Kind == price.AdjustmentRounding {
		same("rounding", q.Adjustments[0].Amount, q.Total.Sub(fee))
	}
	if !sum(q).Equal(q.Total) {
		t.Errorf("lines and adjustments add up to %v, total %v", sum(q), q.Total)
	}
}

// At and around every limit of the word-sized path, Fee and FeeMinor still
// equal the reference: the numbers here are powers of two and ten and their
// neighbours.
func TestFeeAtTheLimitsOfWords(t *testing.T) {
	edge := rapid.Custom(func(t *rapid.T) decimal.Decimal {
		n := big.NewInt(rapid.Int64Range(-2, 2).Draw(t, "by"))
		if rapid.Bool().Draw(t, "binary") {
			n.Add(n, new(big.Int).Lsh(big.NewInt(1), uint(rapid.IntRange(30, 99).Draw(t, "bits"))))
		} else {
			n.Add(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(rapid.Int64Range(9, 29).Draw(t, "digits")), nil))
		}
		x := decimal.NewFromBigInt(n, -rapid.Int32Range(0, 20).Draw(t, "places"))
		for x.Coefficient().BitLen() > 190 || x.Cmp(decimal.New(1, 30)) >= 0 {
			x = x.Shift(-1)
		}
		return x.Abs()
	})
	rapid.Check(t, func(t *rapid.T) {
		terms := price.Terms{
			Model:    rapid.SampledFrom([]price.Model{price.ModelGraduated, price.ModelVolume}).Draw(t, "model"),
			Rounding: price.Rounding{Places: rapid.Int32Range(0, 12).Draw(t, "places"), Mode: rapid.SampledFrom([]price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp}).Draw(t, "mode")},
			Tiers:    []price.Tier{{UpTo: edge.Draw(t, "bound"), Rate: edge.Draw(t, "rate 1")}, {Rate: edge.Draw(t, "rate 2"), Flat: edge.Draw(t, "flat")}},
		}
		if rapid.Bool().Draw(t, "small rates") {
			terms.Tiers[0].Rate, terms.Tiers[1].Rate = d("0.07"), d("0.0525")
		}
		if rapid.Bool().Draw(t, "maximum") {
			terms.Maximum = edge.Draw(t, "maximum").Truncate(terms.Rounding.Places).Add(decimal.New(1, 0))
		}
		if terms.Tiers[0].UpTo.IsZero() {
			t.Skip("no bound")
		}
		s, err := price.Compile(terms)
		if err != nil {
			t.Skip("beyond the limits: ", err)
		}
		usage := edge.Draw(t, "usage")
		if rapid.Bool().Draw(t, "at the bound") {
			usage = terms.Tiers[0].UpTo
		}
		want := billingtest.ReferenceRounded(terms, usage)
		if fee, err := s.Fee(usage); err != nil || fee.Rat().Cmp(want) != 0 {
			t.Fatalf("Fee(%v) = %v, %v; want %v", usage, fee, err, want)
		}
		checkQuote(t, s, usage)
		minor := usage.Shift(terms.Rounding.Places).Truncate(0).BigInt()
		if !minor.IsInt64() {
			return
		}
		want = billingtest.ReferenceRounded(terms, decimal.NewFromBigInt(minor, -terms.Rounding.Places))
		want.Mul(want, decimal.New(1, terms.Rounding.Places).Rat())
		got, err := s.FeeMinor(minor.Int64())
		if want.Num().IsInt64() != (err == nil) || err == nil && want.Cmp(big.NewRat(got, 1)) != 0 {
			t.Fatalf("FeeMinor(%v) = %d, %v; want %v", minor, got, err, want)
		}
	})
}
