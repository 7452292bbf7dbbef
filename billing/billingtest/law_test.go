package billingtest_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
)

func TestLaws(t *testing.T) {
	want := []string{
		"valid", "repeatable", "monotone", "effective-rate-falls", "continuous", "lines-add-up", "minimum-reached", "maximum-kept",
		"agrees-with-reference", "minor-agrees", "plausible", "plan-order",
	}
	var got []string
	for _, l := range billingtest.Laws() {
		got = append(got, string(l))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestViolationsAreValues(t *testing.T) {
	got := billingtest.Violations(card(map[plan.Plan]price.Terms{
		plan.Developer:  volume(tiers("10", "5", "15", "3", "", "1")...),
		plan.Enterprise: graduated(tiers("10", "2", "", "4")...),
	}), billingtest.PlanOrder, billingtest.EffectiveRateFalls, billingtest.Continuous, billingtest.Valid)
	want := []billingtest.Violation{
		{Law: billingtest.Continuous, Plan: plan.Developer, From: d("10"), To: d("10.01"), By: d("19.97"), More: 1, Message: "10.00 costs 50.00, and 10.01 costs 30.03: a jump down by 19.97"},
		{Law: billingtest.PlanOrder, Plan: plan.Enterprise, From: d("0.01"), To: d("0.01"), By: d("0.03"), Message: "0.01 costs 0.02, but with developer 0.05: 0.03 less"},
		{Law: billingtest.EffectiveRateFalls, Plan: plan.Enterprise, From: d("10"), To: d("10.01"), By: d("0.001998001998001998001998001998"), Message: "10.00 costs 20.00, which is 200.00 %, but 10.01 costs 20.04, which is 200.20 %"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i, want := range []string{
		"developer: continuous: 10.00 costs 50.00, and 10.01 costs 30.03: a jump down by 19.97; and at 1 more bound",
		"enterprise: plan-order: 0.01 costs 0.02, but with developer 0.05: 0.03 less",
	} {
		if got[i].String() != want {
			t.Errorf("%s, want %s", got[i], want)
		}
	}
	jump := scheduleViolations(price.MustCompile(volume(tiers("100", "0.05", "", "0.10")...)), billingtest.Continuous)
	if len(jump) != 1 || !jump[0].By.Equal(d("5")) { // 5.001, of which 0.001 for the cent
		t.Errorf("a jump up of more than it may: %v", jump)
	}
}

// The size of what is wrong is a value, too, whatever the law.
func TestViolationsOfOwnCodeAreValues(t *testing.T) {
	five := price.MustCompile(fiveTiers())
	above := func(by string) billingtest.Func {
		return changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
			if usage.GreaterThan(d("10000")) {
				fee = fee.Add(d(by))
			}
			return fee, nil
		})
	}
	quote := func(change func(q *price.Quote)) billingtest.Pricer {
		return brokenQuote{five, func(q *price.Quote) error { change(q); return nil }}
	}
	again := make(map[string]bool)
	capped := with(fiveTiers(), func(t *price.Terms) { t.Maximum = d("5900") })
	for name, c := range map[string]struct {
		terms  price.Terms
		pricer billingtest.Pricer
		law    billingtest.Law
		want   string
	}{
		"negative":  {fiveTiers(), changed(five, func(_, fee decimal.Decimal) (decimal.Decimal, error) { return fee.Neg(), nil }), billingtest.Valid, "100"},
		"refund":    {fiveTiers(), billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) { return five.Fee(u.Abs()) }), billingtest.Valid, "100"},
		"minimum":   {fiveTiers(), billingtest.Func(price.MustCompile(with(fiveTiers(), func(t *price.Terms) { t.Minimum = d("98.5") })).Fee), billingtest.MinimumReached, "1.5"},
		"maximum":   {capped, billingtest.Func(five.Fee), billingtest.MaximumKept, "0.01"},
		"reference": {fiveTiers(), above("-3.21"), billingtest.AgreesWithReference, "3.21"},
		"unrounded": {fiveTiers(), brokenUnrounded{five, func(fee decimal.Decimal) (decimal.Decimal, error) { return fee.Round(2), nil }}, billingtest.AgreesWithReference, "0.001"},
		"minor":     {fiveTiers(), brokenMinor{five, func(_, fee int64) (int64, error) { return fee - 123, nil }}, billingtest.MinorAgrees, "1.23"},
		"line":      {fiveTiers(), quote(func(q *price.Quote) { q.Lines[0].Charge = q.Lines[0].Charge.Sub(d("2")) }), billingtest.LinesAddUp, "2"},
		"slices":    {fiveTiers(), quote(func(q *price.Quote) { q.UsageRated = q.UsageRated.Add(d("5")) }), billingtest.LinesAddUp, "5"},
		"total":     {fiveTiers(), quote(func(q *price.Quote) { q.Total = q.Total.Sub(d("7")) }), billingtest.LinesAddUp, "7"},
		"repeated": {fiveTiers(), changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
			if again[usage.String()] {
				fee = fee.Sub(d("4"))
			}
			again[usage.String()] = true
			return fee, nil
		}), billingtest.Repeatable, "4"},
		"fall": {fiveTiers(), above("-3.21"), billingtest.Monotone, "3.21"},
		"fall of the highest usage": {fiveTiers(), changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
			if usage.GreaterThan(d("123456789012")) {
				fee = d("100")
			}
			return fee, nil
		}), billingtest.Monotone, "2469152580.24"},
		"jump down": {fiveTiers(), above("-3.21"), billingtest.Continuous, "3.21"},
		"jump up":   {fiveTiers(), above("3.21"), billingtest.Continuous, "3.1893"}, // 3.21 less two cents and 7 % of one
	} {
		got := billingtest.PricerViolations(c.terms, c.pricer, c.law)
		if len(got) != 1 || !got[0].By.Equal(d(c.want)) {
			t.Errorf("%s: %v, want one by %s", name, got, c.want)
		}
	}
}

// What billing makes of any terms obeys the laws of arithmetic; graduated
// prices those of shape, unless rates rise or flat amounts are due.
func TestSchedulesObey(t *testing.T) {
	always := []billingtest.Law{billingtest.Valid, billingtest.LinesAddUp, billingtest.MaximumKept, billingtest.AgreesWithReference, billingtest.MinorAgrees}
	rapid.Check(t, func(t *rapid.T) {
		s := price.MustCompile(billingtest.Terms().Draw(t, "terms"))
		billingtest.CheckSchedule(t, s, always[rapid.IntRange(0, 4).Draw(t, "law")])
		terms := s.Terms()
		if terms.Discount.Stage != price.DiscountAfterMinimum {
			billingtest.CheckSchedule(t, s, billingtest.MinimumReached)
		}
		terms.Model = price.ModelGraduated
		billingtest.CheckSchedule(t, price.MustCompile(terms), billingtest.Monotone, billingtest.Continuous)
	})
}

// The laws of shape are decided as the pieces say: a price falls where a piece
// starts below the end of the one before it, and its effective rate rises where
// one starts above it or has a negative intercept.
func TestShapeIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := billingtest.Terms().Draw(t, "terms")
		terms.UsageRounding = price.Rounding{}
		for _, tier := range terms.Tiers {
			if tier.UpTo.Exponent() < -6 {
				t.Skip("so fine that no usage may be near enough to show it")
			}
		}
		s := price.MustCompile(terms)
		pieces := s.Pieces()
		var falls, rises []*big.Rat
		for i, p := range pieces[1:] {
			end, start := at(pieces[i], p.From), at(p, p.From)
			if start.Cmp(end) < 0 {
				falls = append(falls, p.From)
			}
			if start.Cmp(end) > 0 || p.Intercept.Sign() < 0 {
				rises = append(rises, p.From)
			}
		}
		compare := func(law billingtest.Law, broken []*big.Rat) {
			got := scheduleViolations(s, law)
			if len(got) != min(len(broken), 1) {
				t.Fatalf("%v: %v, want it at %v", law, got, broken)
			}
			if len(got) == 0 {
				return
			}
			v := got[0]
			unit := v.To.Sub(v.From).Rat()
			unit.Add(unit, unit)
			if far := new(big.Rat).Sub(v.From.Rat(), broken[0]); far.Abs(far).Cmp(unit) > 0 {
				t.Errorf("%v, want it by %v", v, broken[0].FloatString(30))
			}
			if !v.By.IsPositive() && law == billingtest.Monotone {
				t.Errorf("%v by %v", v, v.By)
			}
			a, err1 := s.Unrounded(v.From)
			b, err2 := s.Unrounded(v.To)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			switch law {
			case billingtest.Monotone:
				if !a.Sub(b).Equal(v.By) {
					t.Errorf("%v: falls by %v", v, a.Sub(b))
				}
			case billingtest.EffectiveRateFalls:
				was, is := new(big.Rat).Quo(a.Rat(), v.From.Rat()), new(big.Rat).Quo(b.Rat(), v.To.Rat())
				if is.Cmp(was) <= 0 {
					t.Errorf("%v: from %v to %v", v, was, is)
				}
			}
		}
		compare(billingtest.Monotone, falls)
		compare(billingtest.EffectiveRateFalls, rises)
	})
}

func at(p price.Piece, usage *big.Rat) *big.Rat {
	fee := new(big.Rat).Mul(p.Rate, usage)
	return fee.Add(fee, p.Intercept)
}

// What shows only in the finest units that there are, is found in them.
func TestFinestUnits(t *testing.T) {
	const finest = "0.000000000000000000000000000001"
	cliff := volume(price.Tier{UpTo: d("10"), Rate: d("1"), Flat: d(finest).Mul(d("5"))}, price.Tier{Rate: d("1")})
	card := card(map[plan.Plan]price.Terms{ // the higher plan costs less at one usage
		plan.Developer: volume(price.Tier{UpTo: d("1"), Rate: d("0.01")}, price.Tier{UpTo: d("1").Add(d(finest)), Rate: d("0.03")}, price.Tier{Rate: d("0.01")}),
		plan.Business:  graduated(tiers("", "0.02")...),
	})
	rise := graduated(tiers("100000000000000000000", "0.05", "", "0.050000000001")...)
	var got []string
	for _, v := range append(append(scheduleViolations(price.MustCompile(cliff), billingtest.Monotone), billingtest.Violations(card, billingtest.PlanOrder)...),
		scheduleViolations(price.MustCompile(rise), billingtest.EffectiveRateFalls)...) {
		got = append(got, v.String())
	}
	want := []string{
		"monotone: 10.00 costs 10.000000000000000000000000000005, but 10.000000000000000000000000000001 costs 10.000000000000000000000000000001: 0.000000000000000000000000000004 less",
		"business: plan-order: 1.000000000000000000000000000001 costs 0.02000000000000000000000000000002, but with developer 0.03000000000000000000000000000003: 0.01000000000000000000000000000001 less",
		"effective-rate-falls: 100000000000000000000.00 costs 5000000000000000000.00, which is 5.000000000000000000000000000000 %, but 100000000000000000000.01 costs 5000000000000000000.00050000000001, which is 5.000000000000000000000000000000 %",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A schedule for other terms than its own is held to them, too: at each bound
// of both, and first at the lowest usage that is wrong.
func TestScheduleForOtherTerms(t *testing.T) {
	whole := price.Rounding{Places: 2, Mode: price.RoundingDown} // so that only one usage is wrong
	for _, bound := range []string{"3", "4.99", "7.5", "123.45", "9999"} {
		to := d(bound).Add(d("0.01"))
		own := volume(price.Tier{UpTo: d(bound), Rate: d("0.10")}, price.Tier{UpTo: to, Rate: d("0.90")}, price.Tier{Rate: d("0.10")})
		terms := graduated(tiers("", "0.10")...)
		own.UsageRounding, terms.UsageRounding = whole, whole
		got := billingtest.PricerViolations(terms, price.MustCompile(own), billingtest.AgreesWithReference)
		if len(got) != 1 || !got[0].From.Equal(to) {
			t.Errorf("wrong at %v: %v", to, got)
		}
	}
	got := billingtest.PricerViolations(graduated(tiers("", "0.10")...), price.MustCompile(volume(tiers("500", "0.10", "", "0.20")...)), billingtest.AgreesWithReference)
	if len(got) != 1 || !got[0].From.Equal(d("500.000000000000000000000000000001")) {
		t.Errorf("wrong from 500 on: %v", got)
	}
	got = billingtest.PricerViolations(nTiers(201), price.MustCompile(graduated(tiers("", "0.20")...)), billingtest.AgreesWithReference)
	if len(got) != 1 {
		t.Errorf("wrong for many tiers: %v", got)
	}
}

// An own code is granted the flat amounts of the tiers where it rises, and of no others.
func TestFlatAmountsOfOtherTiers(t *testing.T) {
	terms := graduated(price.Tier{UpTo: d("100"), Rate: d("0.10")}, price.Tier{UpTo: d("200"), Rate: d("0.20"), Flat: d("7")}, price.Tier{Rate: d("0.10"), Flat: d("9")})
	code := changed(price.MustCompile(terms), func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
		if !usage.LessThan(d("50")) {
			fee = fee.Add(d("5"))
		}
		return fee, nil
	})
	got := billingtest.PricerViolations(terms, code, billingtest.Continuous)
	if len(got) != 1 || !got[0].To.Equal(d("50")) || !got[0].By.Equal(d("4.979")) {
		t.Errorf("%v, want it at 50", got)
	}
}

// The order of plans is as comparing the two prices anywhere says.
func TestPlanOrderIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := billingtest.Cards().Filter(func(c billing.Card) bool { return len(c.Plans()) == 2 }).Draw(t, "card")
		lower, err1 := c.Schedule(c.Plans()[0])
		higher, err2 := c.Schedule(c.Plans()[1])
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if lower.Terms().UsageRounding.IsValid() || higher.Terms().UsageRounding.IsValid() {
			t.Skip("in usages so rounded")
		}
		got := billingtest.Violations(c, billingtest.PlanOrder)
		usage := rapid.OneOf(billingtest.Usage(lower.Terms()), billingtest.Usage(higher.Terms())).Draw(t, "usage")
		if len(got) > 0 {
			usage = got[0].From
		}
		below, err1 := lower.Unrounded(usage)
		above, err2 := higher.Unrounded(usage)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if by := below.Sub(above); by.IsPositive() != (len(got) > 0) || len(got) > 0 && (!by.Equal(got[0].By) || got[0].Plan != c.Plans()[1]) {
			t.Errorf("%v costs %v and %v, violations %v", usage, below, above, got)
		}
	})
}

// A check says the same every time.
func TestChecksAreDeterministic(t *testing.T) {
	for i := range 10 {
		c := billingtest.Cards().Example(i)
		if diff := cmp.Diff(billingtest.Violations(c, billingtest.Laws()...), billingtest.Violations(c, billingtest.Laws()...)); diff != "" {
			t.Error(diff)
		}
	}
}

// Rate cards that other providers have published obey every law by default; the
// same prices as volume prices fall off a cliff at each bound, and only that.
func TestPublishedCards(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "vectors", "rate_cards.json"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no published rate cards beside the repository")
	}
	var file struct {
		Cards []struct {
			Provider, Plan string
			Minimum        *string
			Plus           string `json:"base_fee_plus"`
			Tiers          *[]struct {
				UpTo    *string `json:"up_to"`
				Percent string  `json:"rate_percent"`
			}
		}
	}
	if err := errors.Join(err, json.Unmarshal(b, &file)); err != nil {
		t.Fatal(err)
	}
	checked, cliffs := 0, 0
	for _, c := range file.Cards {
		if c.Tiers == nil {
			continue
		}
		checked++
		t.Run(c.Provider+" "+c.Plan, func(t *testing.T) {
			terms := graduated()
			for _, tier := range *c.Tiers {
				next := price.Tier{Rate: d(tier.Percent).Shift(-2)}
				if tier.UpTo != nil {
					next.UpTo = d(*tier.UpTo)
				}
				terms.Tiers = append(terms.Tiers, next)
			}
			if len(terms.Tiers) == 0 {
				terms.Tiers = []price.Tier{{}} // a flat monthly price
			}
			if c.Plus != "" {
				terms.Tiers[0].Flat = d(c.Plus)
			}
			if c.Minimum != nil {
				terms.Minimum = d(*c.Minimum)
			}
			billingtest.CheckSchedule(t, price.MustCompile(terms))

			terms.Model = price.ModelVolume
			var cliffsAt []decimal.Decimal // where the minimum does not hide them
			for i, tier := range terms.Tiers[:len(terms.Tiers)-1] {
				if tier.UpTo.Mul(tier.Rate).GreaterThan(terms.Minimum) && terms.Tiers[i+1].Rate.LessThan(tier.Rate) {
					cliffsAt = append(cliffsAt, tier.UpTo)
				}
			}
			var want []billingtest.Law
			if len(cliffsAt) > 0 {
				cliffs++
				want = []billingtest.Law{billingtest.Monotone, billingtest.Continuous}
			}
			var broken []billingtest.Law
			for _, v := range scheduleViolations(price.MustCompile(terms)) {
				broken = append(broken, v.Law)
				if v.More != len(cliffsAt)-1 || !v.From.Equal(cliffsAt[0]) {
					t.Errorf("as a volume price: %v; want it at %v", v, cliffsAt)
				}
			}
			if diff := cmp.Diff(want, broken); diff != "" {
				t.Errorf("as a volume price it breaks (-want +got):\n%s", diff)
			}
		})
	}
	if checked != 18 || cliffs != 10 {
		t.Errorf("%d complete cards, %d of them with cliffs; want 18 and 10", checked, cliffs)
	}
}

// As many tiers as there may be take a check seconds, not the hours that would
// go beyond go test's own limit of time.
func TestCheckOfManyTiersIsBounded(t *testing.T) {
	n := price.MaxTiers
	if testing.Short() {
		n /= 10
	}
	var many []price.Tier
	for i := range n - 1 {
		many = append(many, price.Tier{UpTo: decimal.New(int64(10+15*i), -1), Rate: d("0.10")})
	}
	terms := volume(append(many, price.Tier{Rate: d("0.10")})...)
	s := price.MustCompile(terms)
	billingtest.CheckSchedule(t, s)
	billingtest.CheckPricer(t, terms, billingtest.Func(s.Fee))
}

func scheduleViolations(s price.Schedule, laws ...billingtest.Law) []billingtest.Violation {
	return billingtest.PricerViolations(s.Terms(), s, laws...)
}
