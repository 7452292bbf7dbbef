package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/cockroachdb/apd/v3"
	govalues "github.com/govalues/decimal"
	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/billing/price"
)

// The contenders that price.
const (
	feeMinor       = "`FeeMinor`"
	feeMinorEven   = "`FeeMinor`, even"
	fee            = "`Fee`"
	feeUniform     = "`Fee`, any tier"
	quote          = "`Quote`"
	feeMinor1000   = "`FeeMinor`, 1,000 tiers"
	fee1000        = "`Fee`, 1,000 tiers"
	prefixSums     = "int64, prefix sums"
	prefixSumsEven = "int64, prefix sums, even"
	floatLoop      = "float64 loop"
	shopspringLoop = "shopspring loop"
	govaluesLoop   = "govalues loop"
	apdLoop        = "apd loop"
)

// The price: a percentage by tier, graduated, and a minimum. Money is in cents;
// the decimals have the bounds as one writes them, without.
const minimum = 100_00

var tiers = [...]struct {
	upTo    int64 // the last one's is no bound
	percent int64
}{
	{10_000_00, 10},
	{80_000_00, 7},
	{250_000_00, 5},
	{1_000_000_00, 3},
	{math.MaxInt64, 2},
}

func schedule() price.Schedule {
	terms := price.Terms{
		Model:    price.ModelGraduated,
		Minimum:  decimal.New(minimum/100, 0),
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
	}
	for i, t := range tiers {
		tier := price.Tier{Rate: decimal.New(t.percent, -2)}
		if i < len(tiers)-1 {
			tier.UpTo = decimal.New(t.upTo/100, 0)
		}
		terms.Tiers = append(terms.Tiers, tier)
	}
	return price.MustCompile(terms)
}

// manyTiers is a price of 1,000 tiers over the same usages, at falling rates.
func manyTiers() price.Schedule {
	const n = 1000
	terms := price.Terms{
		Model:    price.ModelGraduated,
		Minimum:  decimal.New(minimum/100, 0),
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
	}
	for i := int64(1); i <= n; i++ {
		tier := price.Tier{Rate: decimal.New(1000-i*8/10, -4)}
		if i < n {
			tier.UpTo = decimal.New(i*(top/100/n), 0)
		}
		terms.Tiers = append(terms.Tiers, tier)
	}
	return price.MustCompile(terms)
}

// top is above all usages.
const top = 2_000_000_00

// uniform returns usages of which every amount is as likely, so that half of
// them are in the last tier.
func uniform() []int64 {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]int64, distinct)
	for i := range out {
		out[i] = r.Int64N(top)
	}
	return out
}

// even returns usages of which every tier has as many.
func even() []int64 {
	r := rand.New(rand.NewPCG(3, 4))
	out := make([]int64, distinct)
	for i := range out {
		lower, t := int64(0), r.IntN(len(tiers))
		if t > 0 {
			lower = tiers[t-1].upTo
		}
		out[i] = lower + 1 + r.Int64N(min(tiers[t].upTo, top)-lower)
	}
	return out
}

// large returns usages that reach the last tier, so that all five have a part in
// the fee.
func large() []int64 {
	r := rand.New(rand.NewPCG(13, 14))
	out := make([]int64, distinct)
	from := tiers[len(tiers)-2].upTo + 1
	for i := range out {
		out[i] = from + r.Int64N(top-from)
	}
	return out
}

// The peers. Each is the loop over the tiers that one would write with it, up to
// the tier that the usage falls into, exact until the total is rounded half up.

func shopspringFee(usage decimal.Decimal) decimal.Decimal {
	var fee, lower decimal.Decimal
	for _, t := range shopspringTiers {
		if t.last || !usage.GreaterThan(t.upTo) {
			fee = fee.Add(usage.Sub(lower).Mul(t.rate))
			break
		}
		fee = fee.Add(t.upTo.Sub(lower).Mul(t.rate))
		lower = t.upTo
	}
	if fee.LessThan(shopspringMinimum) {
		fee = shopspringMinimum
	}
	return fee.Round(2)
}

type shopspringTier struct {
	upTo, rate decimal.Decimal
	last       bool
}

var (
	shopspringMinimum = decimal.New(minimum/100, 0)
	shopspringTiers   = func() (out []shopspringTier) {
		for i, t := range tiers {
			out = append(out, shopspringTier{decimal.New(t.upTo/100, 0), decimal.New(t.percent, -2), i == len(tiers)-1})
		}
		return out
	}()
)

func govaluesFee(usage govalues.Decimal) (govalues.Decimal, error) {
	var fee, lower govalues.Decimal
	for _, t := range govaluesTiers {
		slice, err := t.upTo.Sub(lower)
		in := t.last || usage.Cmp(t.upTo) <= 0
		if in {
			slice, err = usage.Sub(lower)
		}
		if err != nil {
			return fee, err
		}
		if fee, err = fee.AddMul(slice, t.rate); err != nil {
			return fee, err
		}
		if in {
			break
		}
		lower = t.upTo
	}
	// It rounds halves to even only; this is half up.
	fee, err := fee.Max(govaluesMinimum).Add(govaluesHalf)
	return fee.Trunc(2), err
}

type govaluesTier struct {
	upTo, rate govalues.Decimal
	last       bool
}

var (
	govaluesMinimum = govalues.MustNew(minimum/100, 0)
	govaluesHalf    = govalues.MustNew(5, 3)
	govaluesTiers   = func() (out []govaluesTier) {
		for i, t := range tiers {
			out = append(out, govaluesTier{govalues.MustNew(t.upTo/100, 0), govalues.MustNew(t.percent, 2), i == len(tiers)-1})
		}
		return out
	}()
)

var apdContext = func() *apd.Context {
	c := apd.BaseContext.WithPrecision(30)
	c.Rounding = apd.RoundHalfUp
	return c
}()

// apdFee sets fee to the fee; the decimals between are the caller's to use
// again, as is the way with apd.
func apdFee(fee, slice, usage *apd.Decimal) error {
	fee.SetInt64(0)
	lower := &apdZero
	for i := range apdTiers {
		t := &apdTiers[i]
		upper := &t.upTo
		in := t.last || usage.Cmp(upper) <= 0
		if in {
			upper = usage
		}
		if _, err := apdContext.Sub(slice, upper, lower); err != nil {
			return err
		}
		if _, err := apdContext.Mul(slice, slice, &t.rate); err != nil {
			return err
		}
		if _, err := apdContext.Add(fee, fee, slice); err != nil {
			return err
		}
		if in {
			break
		}
		lower = &t.upTo
	}
	if fee.Cmp(apdMinimum) < 0 {
		fee.Set(apdMinimum)
	}
	_, err := apdContext.Quantize(fee, fee, -2)
	return err
}

type apdTier struct {
	upTo, rate apd.Decimal
	last       bool
}

var (
	apdZero    apd.Decimal
	apdMinimum = apd.New(minimum/100, 0)
	apdTiers   = func() (out []apdTier) {
		for i, t := range tiers {
			out = append(out, apdTier{*apd.New(t.upTo/100, 0), *apd.New(t.percent, -2), i == len(tiers)-1})
		}
		return out
	}()
)

// floatFee prices in units, not in cents, as one does with floats.
func floatFee(usage float64) float64 {
	fee, lower := 0.0, 0.0
	for i, t := range floatTiers {
		if i == len(floatTiers)-1 || usage <= t.upTo {
			fee += (usage - lower) * t.rate
			break
		}
		fee += (t.upTo - lower) * t.rate
		lower = t.upTo
	}
	return math.Round(max(fee, minimum/100)*100) / 100
}

type floatTier struct{ upTo, rate float64 }

var floatTiers = func() (out [len(tiers)]floatTier) {
	for i, t := range tiers {
		out[i] = floatTier{float64(t.upTo) / 100, float64(t.percent) / 100}
	}
	return out
}()

// prefixFee is about the least that a processor can do: no check, no error, the
// sums of the tiers made beforehand, and a division by a constant.
func prefixFee(usage int64) int64 {
	i := 0
	for usage > prefixTiers[i].upTo {
		i++
	}
	t := &prefixTiers[i]
	fee := t.base + (usage-t.lower)*t.percent // in hundredths of a cent
	return (max(fee, minimum*100) + 50) / 100
}

type prefixTier struct{ upTo, lower, base, percent int64 }

var prefixTiers = func() (out [len(tiers)]prefixTier) {
	lower, base := int64(0), int64(0)
	for i, t := range tiers {
		out[i] = prefixTier{t.upTo, lower, base, t.percent}
		base += (t.upTo - lower) * t.percent // of the last tier, of no use
		lower = t.upTo
	}
	return out
}()

// fees checks that all prices agree, and returns the contenders.
func fees() ([]string, []contender, error) {
	s, many := schedule(), manyTiers()
	minor, evenMinor := spread(uniform()), spread(even())
	anyTier, floats := make([]decimal.Decimal, distinct), make([]float64, distinct)
	for i, u := range uniform() {
		anyTier[i], floats[i] = decimal.New(u, -2), float64(u)/100
	}
	// Usages of one and the same tier leave nothing to predict. They are taken as
	// they lie in memory, as what has just been read would be at hand.
	shop, gov, apds := make([]decimal.Decimal, distinct), make([]govalues.Decimal, distinct), make([]apd.Decimal, distinct)
	for i, u := range large() {
		shop[i], gov[i] = decimal.New(u, -2), govalues.MustNew(u, 2)
		apds[i].Set(apd.New(u, -2))
	}
	notes, err := agreeOnFees(s, many)
	if err != nil {
		return nil, nil, err
	}
	minorWith := func(s price.Schedule, usages []int64) func(int) {
		return func(n int) {
			for i := range n {
				fee, err := s.FeeMinor(usages[i%count])
				if err != nil {
					panic(err)
				}
				sink.int = fee
			}
		}
	}
	feeOfAnyTier := func(s price.Schedule) func(int) {
		return func(n int) {
			for i := range n {
				fee, err := s.Fee(anyTier[turn(i)])
				if err != nil {
					panic(err)
				}
				sink.decimal = fee
			}
		}
	}
	prefixWith := func(usages []int64) func(int) {
		return func(n int) {
			for i := range n {
				sink.int = prefixFee(usages[i%count])
			}
		}
	}
	return notes, []contender{
		{feeMinor, minorWith(s, minor)},
		{prefixSums, prefixWith(minor)},
		{feeMinor1000, minorWith(many, minor)},
		{floatLoop, func(n int) {
			for i := range n {
				sink.float = floatFee(floats[turn(i)])
			}
		}},
		{feeMinorEven, minorWith(s, evenMinor)},
		{prefixSumsEven, prefixWith(evenMinor)},
		{fee, func(n int) {
			for i := range n {
				fee, err := s.Fee(shop[i%distinct])
				if err != nil {
					panic(err)
				}
				sink.decimal = fee
			}
		}},
		{shopspringLoop, func(n int) {
			for i := range n {
				sink.decimal = shopspringFee(shop[i%distinct])
			}
		}},
		{fee1000, feeOfAnyTier(many)},
		{feeUniform, feeOfAnyTier(s)},
		{quote, func(n int) {
			for i := range n {
				q, err := s.Quote(shop[i%distinct])
				if err != nil {
					panic(err)
				}
				sink.decimal = q.Total
			}
		}},
		{govaluesLoop, func(n int) {
			for i := range n {
				fee, err := govaluesFee(gov[i%distinct])
				if err != nil {
					panic(err)
				}
				sink.govalues = fee
			}
		}},
		{apdLoop, func(n int) {
			var fee, slice apd.Decimal
			for i := range n {
				if err := apdFee(&fee, &slice, &apds[i%distinct]); err != nil {
					panic(err)
				}
			}
		}},
	}, nil
}

// edgeUsages returns usages at and beside every bound, and one whose fee is
// known.
func edgeUsages() []int64 {
	out := []int64{0, 1, 5, 1_000_00, known}
	for _, t := range tiers[:len(tiers)-1] {
		out = append(out, t.upTo-1, t.upTo, t.upTo+1)
	}
	return out
}

// 1,234,567.89 costs 1,000 + 4,900 + 8,500 + 22,500 + 4,691.3578, rounded.
const known, knownFee = 1_234_567_89, 41_591_36

// agreeOnFees returns an error unless all prices agree to the cent on all
// usages, but for those in floats: of these it notes the difference.
func agreeOnFees(s, many price.Schedule) ([]string, error) {
	usages := slices.Concat(uniform(), even(), large(), edgeUsages())
	var wrong []int
	for i, u := range usages {
		want := prefixFee(u)
		if u == known && want != knownFee {
			return nil, fmt.Errorf("usage %d costs %d, not %d", u, want, knownFee)
		}
		got := map[string]decimal.Decimal{
			shopspringLoop: shopspringFee(decimal.New(u, -2)),
		}
		minor, err := s.FeeMinor(u)
		if err != nil {
			return nil, err
		}
		got[feeMinor] = decimal.New(minor, -2)
		if got[fee], err = s.Fee(decimal.New(u, -2)); err != nil {
			return nil, err
		}
		q, err := s.Quote(decimal.New(u, -2))
		if err != nil {
			return nil, err
		}
		got[quote] = q.Total
		g, err := govaluesFee(govalues.MustNew(u, 2))
		if err != nil {
			return nil, err
		}
		if got[govaluesLoop], err = decimal.NewFromString(g.String()); err != nil {
			return nil, err
		}
		var a, slice apd.Decimal
		if err := apdFee(&a, &slice, apd.New(u, -2)); err != nil {
			return nil, err
		}
		if got[apdLoop], err = decimal.NewFromString(a.Text('f')); err != nil {
			return nil, err
		}
		for name, fee := range got {
			if !fee.Equal(decimal.New(want, -2)) {
				return nil, fmt.Errorf("usage %d: %s says %v, %s %d", u, name, fee, prefixSums, want)
			}
		}
		if math.Round(floatFee(float64(u)/100)*100) != float64(want) {
			wrong = append(wrong, i)
		}
		minor, err = many.FeeMinor(u)
		if err != nil {
			return nil, err
		}
		exact, err := many.Fee(decimal.New(u, -2))
		if err != nil {
			return nil, err
		}
		if !exact.Equal(decimal.New(minor, -2)) {
			return nil, fmt.Errorf("usage %d: %s says %v, %s %d", u, fee1000, exact, feeMinor1000, minor)
		}
	}
	notes := []string{fmt.Sprintf("Fees: shopspring, govalues, apd, integers and all of ours agree to the cent on %s usages.", thousands(int64(len(usages))))}
	if len(wrong) > 0 {
		u := usages[wrong[0]]
		notes = append(notes, fmt.Sprintf("Floats are a cent off on %d of them: %s costs %s, says the loop, and not %s.",
			len(wrong), decimal.New(u, -2).StringFixed(2),
			decimal.NewFromFloat(floatFee(float64(u)/100)).StringFixed(2), decimal.New(prefixFee(u), -2).StringFixed(2)))
	}
	return notes, nil
}
