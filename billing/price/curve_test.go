package price_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
)

// rats compares exact fractions by value.
var rats = cmp.Comparer(func(a, b *big.Rat) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Cmp(b) == 0
})

// r reads a fraction; "" is nil.
func r(s string) *big.Rat {
	if s == "" {
		return nil
	}
	x, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return x
}

// bounded is a price whose minimum and maximum cut its tiers: 10 % to 100, 5 %
// above, at least 5, at most 20.
func bounded() price.Terms {
	return price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("100"), Rate: d("0.10")}, {Rate: d("0.05")}},
		Minimum:  d("5"),
		Maximum:  d("20"),
		Rounding: cents,
	}
}

func TestPieces(t *testing.T) {
	flat := hours(price.ModelVolume)
	flat.Minimum = d("20")
	discounted := bounded()
	discounted.Discount = price.Discount{Rate: d("0.1"), Stage: price.DiscountAfterMinimum}
	equal := bounded()
	equal.Minimum, equal.Maximum = d("7"), d("7")
	for name, c := range map[string]struct {
		terms price.Terms
		want  []price.Piece
	}{
		"minimum and maximum": {bounded(), []price.Piece{
			{From: r("0"), To: r("50"), Intercept: r("5"), Rate: r("0")},
			{From: r("50"), To: r("100"), Intercept: r("0"), Rate: r("1/10")},
			{From: r("100"), To: r("300"), Intercept: r("5"), Rate: r("1/20")},
			{From: r("300"), Intercept: r("20"), Rate: r("0")},
		}},
		"discounted bounds": {discounted, []price.Piece{
			{From: r("0"), To: r("50"), Intercept: r("9/2"), Rate: r("0")},
			{From: r("50"), To: r("100"), Intercept: r("0"), Rate: r("9/100")},
			{From: r("100"), To: r("300"), Intercept: r("9/2"), Rate: r("9/200")},
			{From: r("300"), Intercept: r("18"), Rate: r("0")},
		}},
		"one price": {equal, []price.Piece{{From: r("0"), Intercept: r("7"), Rate: r("0")}}},
		"volume falls below its minimum again": {flat, []price.Piece{
			{From: r("0"), To: r("4"), Intercept: r("20"), Rate: r("0")},
			{From: r("4"), To: r("10"), Intercept: r("0"), Rate: r("5")},
			{From: r("10"), To: r("15"), Intercept: r("0"), Rate: r("3")},
			{From: r("15"), To: r("20"), Intercept: r("20"), Rate: r("0")},
			{From: r("20"), Intercept: r("0"), Rate: r("1")},
		}},
	} {
		s := price.MustCompile(c.terms)
		if diff := cmp.Diff(c.want, s.Pieces(), rats); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		s.Pieces()[0].Intercept.SetInt64(99)
		if s.Pieces()[0].Intercept.Cmp(c.want[0].Intercept) != 0 {
			t.Errorf("%s: pieces are shared", name)
		}
	}
	if got := (price.Schedule{}).Pieces(); got != nil {
		t.Errorf("zero Schedule: %v", got)
	}
}

// The pieces are the unrounded fee, and so few that no two in a row are one.
func TestPiecesEqualReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		terms.UsageRounding = price.Rounding{}
		usage := drawUsage(t, terms)
		found := 0
		pieces := compile(t, terms).Pieces()
		for i, p := range pieces {
			u := usage.Rat()
			if (u.Cmp(p.From) > 0 || i == 0) && (p.To == nil || u.Cmp(p.To) <= 0) {
				found++
				fee := new(big.Rat).Add(p.Intercept, new(big.Rat).Mul(p.Rate, u))
				if want := billingtest.Reference(terms, usage); fee.Cmp(want) != 0 {
					t.Errorf("piece %d costs %v at %v, want %v", i, fee, usage, want)
				}
			}
			if i > 0 && (p.From.Cmp(pieces[i-1].To) != 0 || p.Rate.Cmp(pieces[i-1].Rate) == 0 && p.Intercept.Cmp(pieces[i-1].Intercept) == 0) {
				t.Errorf("pieces %d and %d do not meet or are one: %v", i-1, i, pieces)
			}
		}
		if found != 1 || pieces[0].From.Sign() != 0 || pieces[len(pieces)-1].To != nil {
			t.Errorf("%d pieces cover %v: %v", found, usage, pieces)
		}
	})
}

func TestRates(t *testing.T) {
	s := price.MustCompile(bounded())
	for _, c := range []struct{ usage, marginal, effective string }{
		{"0", "0", ""}, {"25", "0", "1/5"}, {"50", "0", "1/10"}, {"50.01", "1/10", "1/10"}, {"100", "1/10", "1/10"},
		{"100.01", "1/20", "100005/1000100"}, {"300", "1/20", "1/15"}, {"300.01", "0", "2000/30001"}, {"400", "0", "1/20"},
	} {
		marginal, err := s.MarginalRate(d(c.usage))
		if err != nil || marginal.Cmp(r(c.marginal)) != 0 {
			t.Errorf("MarginalRate(%s) = %v, %v; want %s", c.usage, marginal, err, c.marginal)
		}
		effective, err := s.EffectiveRate(d(c.usage))
		if c.effective == "" {
			if !errors.Is(err, price.ErrUsage) {
				t.Errorf("EffectiveRate(%s): %v", c.usage, err)
			}
		} else if err != nil || effective.Cmp(r(c.effective)) != 0 {
			t.Errorf("EffectiveRate(%s) = %v, %v; want %s", c.usage, effective, err, c.effective)
		}
	}
	for _, s := range []price.Schedule{{}, s} {
		_, err1 := s.MarginalRate(d("-1"))
		_, err2 := s.EffectiveRate(d("-1"))
		want := price.ErrUsage
		if s == (price.Schedule{}) {
			want = price.ErrNotCompiled
		}
		if !errors.Is(err1, want) || !errors.Is(err2, want) {
			t.Errorf("rates at -1: %v, %v; want %v", err1, err2, want)
		}
	}
}

func TestUsagesFor(t *testing.T) {
	plateau := price.Terms{ // a free tier after a paid one
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("10"), Rate: d("1")}, {UpTo: d("20")}, {UpTo: d("30"), Flat: d("5")}, {Rate: d("2")}},
		Rounding: cents,
	}
	for _, c := range []struct {
		terms price.Terms
		fee   string
		want  []price.Interval
	}{
		{bounded(), "4.99", nil},
		{bounded(), "5", []price.Interval{{From: r("0"), To: r("50")}}},
		{bounded(), "7", []price.Interval{{From: r("70"), To: r("70")}}},
		{bounded(), "12.5", []price.Interval{{From: r("150"), To: r("150")}}},
		{bounded(), "20", []price.Interval{{From: r("300")}}},
		{bounded(), "20.01", nil},
		{hours(price.ModelVolume), "15", []price.Interval{{From: r("3"), To: r("3")}}},
		{hours(price.ModelVolume), "45", []price.Interval{{From: r("9"), To: r("9")}, {From: r("15"), To: r("15")}, {From: r("45"), To: r("45")}}},
		{hours(price.ModelVolume), "30", []price.Interval{{From: r("6"), To: r("6")}, {From: r("30"), To: r("30")}}},
		{hours(price.ModelVolume), "0", []price.Interval{{From: r("0"), To: r("0")}}},
		{plateau, "10", []price.Interval{{From: r("10"), To: r("20")}}},
		{plateau, "15", []price.Interval{{From: r("20"), FromOpen: true, To: r("30")}}},
		{plateau, "12", nil},
	} {
		got, err := price.MustCompile(c.terms).UsagesFor(d(c.fee))
		if diff := cmp.Diff(c.want, got, rats); diff != "" || err != nil {
			t.Errorf("UsagesFor(%s): %v\n%s", c.fee, err, diff)
		}
	}
	_, err1 := price.Schedule{}.UsagesFor(d("1"))
	_, err2 := price.MustCompile(bounded()).UsagesFor(d("-1"))
	_, err3 := price.MustCompile(bounded()).UsagesFor(decimal.New(1, 1e9))
	if !errors.Is(err1, price.ErrNotCompiled) || !errors.Is(err2, price.ErrInvalid) || !errors.Is(err3, price.ErrInvalid) {
		t.Error(err1, err2, err3)
	}
}

// The inverse of a usage's unrounded fee contains the usage; what it contains
// costs that much, and what it does not contain does not; and its intervals are
// in order and apart.
func TestUsagesForIsTheInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		terms.UsageRounding = price.Rounding{}
		s := compile(t, terms)
		usage, other := drawUsage(t, terms), drawUsage(t, terms)
		fee, err := s.Unrounded(usage)
		if err != nil {
			t.Fatal(err)
		}
		in, err := s.UsagesFor(fee)
		if errors.Is(err, price.ErrUsage) {
			t.Skip("a fee beyond the limits of an amount")
		}
		contains := func(u decimal.Decimal) bool {
			found := 0
			for _, i := range in {
				from := u.Rat().Cmp(i.From)
				if (from > 0 || from == 0 && !i.FromOpen) && (i.To == nil || u.Rat().Cmp(i.To) <= 0) {
					found++
				}
			}
			if found > 1 {
				t.Errorf("%v lies in %d intervals of %v", u, found, in)
			}
			return found == 1
		}
		if !contains(usage) {
			t.Errorf("%v costs %v, but %v does not contain it", usage, fee, in)
		}
		if same := billingtest.Reference(terms, other).Cmp(fee.Rat()) == 0; contains(other) != same {
			t.Errorf("%v in %v: %v, costs the same: %v", other, in, !same, same)
		}
		for i := 1; i < len(in); i++ {
			if c := in[i-1].To.Cmp(in[i].From); c > 0 || c == 0 && in[i].FromOpen {
				t.Errorf("intervals %d and %d of %v are not apart", i-1, i, in)
			}
		}
	})
}

func TestPoints(t *testing.T) {
	got, err := price.MustCompile(hours(price.ModelVolume)).Points(d("0"), d("20"), 3)
	want := []price.Point{
		{Usage: r("0"), Fee: r("0")},
		{Usage: r("10"), Fee: r("50")}, {Usage: r("10"), Fee: r("30")},
		{Usage: r("15"), Fee: r("45")}, {Usage: r("15"), Fee: r("15")},
		{Usage: r("20"), Fee: r("20")},
	}
	if diff := cmp.Diff(want, got, rats); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	got, err = price.MustCompile(bounded()).Points(d("100"), d("400"), 2)
	want = []price.Point{{Usage: r("100"), Fee: r("10")}, {Usage: r("300"), Fee: r("20")}, {Usage: r("400"), Fee: r("20")}}
	if diff := cmp.Diff(want, got, rats); diff != "" || err != nil {
		t.Errorf("a kink at the start: %v\n%s", err, diff)
	}
	got, err = price.MustCompile(hours(price.ModelVolume)).Points(d("10"), d("15"), 2)
	want = []price.Point{{Usage: r("10"), Fee: r("50")}, {Usage: r("10"), Fee: r("30")}, {Usage: r("15"), Fee: r("45")}}
	if diff := cmp.Diff(want, got, rats); diff != "" || err != nil {
		t.Errorf("jumps at both ends: %v\n%s", err, diff)
	}
	s := price.MustCompile(bounded())
	for _, c := range []struct {
		from, to decimal.Decimal
		n        int
		want     error
	}{
		{d("1"), d("1"), 2, price.ErrUsage},
		{d("2"), d("1"), 2, price.ErrUsage},
		{d("1"), d("2"), 1, price.ErrInvalid},
		{d("1"), d("2"), 1_000_001, price.ErrInvalid}, // price.MaxPoints and one
		{d("-1"), d("2"), 2, price.ErrUsage},
		{d("1"), decimal.New(1, 1e9), 2, price.ErrUsage},
	} {
		if _, err := s.Points(c.from, c.to, c.n); !errors.Is(err, c.want) {
			t.Errorf("Points(%v, …, %d): %v", c.from, c.n, err)
		}
	}
	if _, err := (price.Schedule{}).Points(d("0"), d("1"), 2); !errors.Is(err, price.ErrNotCompiled) {
		t.Error(err)
	}
}

func TestBreakEvens(t *testing.T) {
	bends := func(first, second price.Tier) price.Schedule { // at 100
		first.UpTo = d("100")
		return price.MustCompile(price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{first, second}, Rounding: cents})
	}
	linear := func(rate, flat string) price.Schedule {
		return price.MustCompile(price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d(rate), Flat: d(flat)}}, Rounding: cents})
	}
	for name, c := range map[string]struct {
		a, b price.Schedule
		want []price.BreakEven
	}{
		"a crossing between two cents": {linear("0.03", "0"), linear("0", "100"), []price.BreakEven{
			{At: r("10000/3"), Below: d("3333.33"), Above: d("3333.34"), Before: -1, After: 1, Equal: true},
		}},
		"a crossing at a cent": {linear("0", "100"), linear("0.05", "0"), []price.BreakEven{
			{At: r("2000"), Below: d("2000"), Above: d("2000.01"), Before: 1, After: -1, Equal: true},
		}},
		"never":                {linear("0.03", "1"), linear("0.03", "2"), nil},
		"the same":             {linear("0.03", "1"), linear("0.03", "1"), nil},
		"touching at 0 is not": {linear("0.03", "0"), linear("0.04", "0"), nil},
		"the same up to a bound": {price.MustCompile(bounded()), linear("0", "5"), []price.BreakEven{
			{At: r("50"), Below: d("50"), Above: d("50.01"), Before: 0, After: 1, Equal: true},
		}},
		"a crossing at a bound": {price.MustCompile(bounded()), linear("0", "10"), []price.BreakEven{
			{At: r("100"), Below: d("100"), Above: d("100.01"), Before: -1, After: 1, Equal: true},
		}},
		"touching at a bound of both is not": {bends(price.Tier{Rate: d("0.1")}, price.Tier{Rate: d("0.05")}), bends(price.Tier{Rate: d("0.05"), Flat: d("5")}, price.Tier{Rate: d("0.1")}), nil},
		"jumps": {price.MustCompile(hours(price.ModelVolume)), linear("0", "40"), []price.BreakEven{
			{At: r("8"), Below: d("8"), Above: d("8.01"), Before: -1, After: 1, Equal: true},
			{At: r("10"), Below: d("10"), Above: d("10.01"), Before: 1, After: -1},
			{At: r("40/3"), Below: d("13.33"), Above: d("13.34"), Before: -1, After: 1, Equal: true},
			{At: r("15"), Below: d("15"), Above: d("15.01"), Before: 1, After: -1},
			{At: r("40"), Below: d("40"), Above: d("40.01"), Before: -1, After: 1, Equal: true},
		}},
	} {
		got, err := price.BreakEvens(c.a, c.b)
		if diff := cmp.Diff(c.want, got, rats); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	ok := linear("1", "0")
	_, err1 := price.BreakEvens(price.Schedule{}, ok)
	_, err2 := price.BreakEvens(ok, price.Schedule{})
	if !errors.Is(err1, price.ErrNotCompiled) || !errors.Is(err2, price.ErrNotCompiled) {
		t.Error(err1, err2)
	}
	yen := ok.Terms()
	yen.Rounding.Places = 3
	got, err := price.BreakEvens(linear("0", "1"), price.MustCompile(yen))
	if err != nil || len(got) != 1 || !got[0].Above.Equal(d("1.001")) {
		t.Errorf("the finer places: %v, %v", got, err)
	}
}

// Break-evens are where the sign of the difference changes: between two of them
// one schedule never costs more than the other.
func TestBreakEvensAreSignChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawTerms(t), drawTerms(t)
		a.UsageRounding, b.UsageRounding = price.Rounding{}, price.Rounding{}
		got, err := price.BreakEvens(compile(t, a), compile(t, b))
		if err != nil {
			t.Fatal(err)
		}
		usage := drawUsage(t, rapid.SampledFrom([]price.Terms{a, b}).Draw(t, "near"))
		if len(got) > 0 && rapid.Bool().Draw(t, "near a break-even") {
			e := rapid.SampledFrom(got).Draw(t, "break-even")
			usage = rapid.SampledFrom([]decimal.Decimal{e.Below, e.Above}).Draw(t, "side")
		}
		diff := func(u *big.Rat) int {
			return billingtest.Reference(a, decimalOf(u)).Cmp(billingtest.Reference(b, decimalOf(u)))
		}
		want := 0
		if len(got) > 0 {
			want = got[0].Before
		}
		for i, e := range got {
			if e.Before == e.After || i > 0 && (e.Before != got[i-1].After || e.At.Cmp(got[i-1].At) <= 0) {
				t.Errorf("no change at %d of %v", i, got)
			}
			if e.Below.Rat().Cmp(e.At) > 0 || e.Above.Rat().Cmp(e.At) <= 0 {
				t.Errorf("%v and %v do not bracket %v", e.Below, e.Above, e.At)
			}
			if usage.Rat().Cmp(e.At) > 0 {
				want = e.After
			}
		}
		if len(got) == 0 || billingtest.Reference(a, usage) == nil {
			return // beyond the limits of usages, or one never costs more than the other, whichever
		}
		if sign := diff(usage.Rat()); sign != want && sign != 0 {
			t.Errorf("at %v the difference is %d, want %d: %v", usage, sign, want, got)
		}
	})
}

// decimalOf returns a usage that is exactly x, which has few places.
func decimalOf(x *big.Rat) decimal.Decimal {
	for places := int32(0); ; places++ {
		if n := new(big.Rat).Mul(x, decimal.New(1, places).Rat()); n.IsInt() {
			return decimal.NewFromBigInt(n.Num(), -places)
		}
	}
}

func TestCheapest(t *testing.T) {
	schedules := []price.Schedule{price.MustCompile(bounded()), price.MustCompile(hours(price.ModelVolume)), price.MustCompile(bounded())}
	got, err := price.Envelope(d("0"), d("1000"), schedules...)
	want := []price.Choice{
		{From: r("0"), To: r("1"), Index: 1}, // 5 an hour against a minimum of 5
		{From: r("1"), To: r("1000"), Index: 0},
	}
	if diff := cmp.Diff(want, got, rats); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if got, err := price.Envelope(d("2"), d("3"), schedules[2]); err != nil || len(got) != 1 || got[0].Index != 0 {
		t.Errorf("one schedule: %v, %v", got, err)
	}
	_, err1 := price.Envelope(d("0"), d("1"))
	_, err2 := price.Envelope(d("0"), d("1"), schedules[0], price.Schedule{})
	_, err3 := price.Envelope(d("2"), d("1"), schedules...)
	if got, err := price.Envelope(d("1"), d("1"), schedules...); err != nil || cmp.Diff([]price.Choice{{From: r("1"), To: r("1"), Index: 0}}, got, rats) != "" {
		t.Errorf("one usage: %v, %v", got, err)
	}
	_, err4 := price.Envelope(d("-1"), d("1"), schedules...)
	if !errors.Is(err1, price.ErrNotCompiled) || !errors.Is(err2, price.ErrNotCompiled) || !errors.Is(err3, price.ErrUsage) || !errors.Is(err4, price.ErrUsage) {
		t.Error(err1, err2, err3, err4)
	}
}

// At every usage of the range the choice costs no more than any other schedule,
// and the choices divide the range.
func TestCheapestCostsLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []price.Terms
		var schedules []price.Schedule
		for range rapid.IntRange(1, 4).Draw(t, "schedules") {
			terms := drawTerms(t)
			terms.UsageRounding = price.Rounding{}
			all = append(all, terms)
			schedules = append(schedules, compile(t, terms))
		}
		from, to := drawUsage(t, all[0]), drawUsage(t, all[0])
		if from.GreaterThan(to) {
			from, to = to, from
		}
		if from.Equal(to) {
			to = to.Add(d("1"))
		}
		got, err := price.Envelope(from, to, schedules...)
		if err != nil {
			t.Fatal(err)
		}
		usage := drawUsage(t, rapid.SampledFrom(all).Draw(t, "near"))
		for i, c := range got {
			if i > 0 && (c.From.Cmp(got[i-1].To) != 0 || c.Index == got[i-1].Index) || c.From.Cmp(c.To) >= 0 {
				t.Errorf("choices %v", got)
			}
			u := usage.Rat()
			if u.Cmp(c.From) > 0 && u.Cmp(c.To) <= 0 || i == 0 && u.Cmp(c.From) == 0 && from.IsZero() {
				fee := billingtest.Reference(all[c.Index], usage)
				for j, terms := range all {
					if billingtest.Reference(terms, usage).Cmp(fee) < 0 {
						t.Errorf("at %v schedule %d costs less than %d", usage, j, c.Index)
					}
				}
			}
		}
		if got[0].From.Cmp(from.Rat()) != 0 || got[len(got)-1].To.Cmp(to.Rat()) != 0 {
			t.Errorf("%v does not cover %v to %v", got, from, to)
		}
	})
}
