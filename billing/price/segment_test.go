package price_test

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
)

var prorated = price.Rules{Rounding: cents, Basis: price.BasisPeriod, Limits: price.LimitsProrated}

// tenPercent is 10 % of the usage, at least 100 and at most 2,000.
func tenPercent() price.Schedule {
	return price.MustCompile(price.Terms{
		Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.10")}},
		Minimum: d("100"), Maximum: d("2000"), Rounding: cents,
	})
}

// An account that was new on 17 March and had spent 10,000 by the 31st is charged
// 483.87 by period and 1,000 by segment, at 10 %.
func TestD31Basis(t *testing.T) {
	tenth := price.MustCompile(price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.10")}}, Rounding: cents})
	for _, c := range []struct {
		basis    price.Basis
		schedule price.Schedule
		want     string
	}{
		{price.BasisPeriod, tenth, "483.87"},
		{price.BasisSegment, tenth, "1000.00"},
		{price.BasisSegment, tenPercent(), "967.74"}, // the maximum of 2,000, by share
	} {
		rules := price.Rules{Rounding: cents, Basis: c.basis, Limits: price.LimitsProrated}
		s := price.Segment{Name: "team", Share: big.NewRat(15, 31), Schedule: c.schedule, Usage: d("10000")}
		if _, total, err := price.Prorate(rules, s); err != nil || total.StringFixed(2) != c.want {
			t.Errorf("by %s: %v, %v; want %s", c.basis, total, err, c.want)
		}
	}
}

// row is a charge in words.
func row(c price.Charge) string {
	what := string(c.Kind)
	if what == "" {
		what = fmt.Sprintf("tier %d: %s × %s × %s", c.Line.Tier, c.Share.RatString(), c.Line.Slice, c.Line.Rate)
	} else {
		what += fmt.Sprintf(": from %s", c.Base.RatString())
		if !c.Limit.IsZero() {
			what += fmt.Sprintf(" to %s × %s", c.Share.RatString(), c.Limit)
		}
	}
	return fmt.Sprintf("%d %s = %s, %s", c.Segment, what, c.Exact.RatString(), c.Amount.StringFixed(2))
}

// Half a period each of two prices of one name and a third one, by hand.
func TestProrateByHand(t *testing.T) {
	old, dear := tenPercent().Terms(), tenPercent().Terms()
	old.Tiers[0].Rate, dear.Minimum = d("0.05"), d("300")
	segments := []price.Segment{
		{Name: "team", Share: big.NewRat(1, 3), Schedule: price.MustCompile(old), Usage: d("500")},
		{Name: "scale", Share: big.NewRat(1, 3), Schedule: tenPercent(), Usage: d("500")},
		{Name: "team", Share: big.NewRat(1, 6), Schedule: price.MustCompile(dear), Usage: d("500")},
	}
	for limits, want := range map[price.Limits][]string{
		price.LimitsProrated: {
			"0 tier 1: 1/3 × 500 × 0.05 = 25/3, 8.33",
			"0 minimum: from 25/3 to 1/3 × 100 = 25, 25.00",
			"1 tier 1: 1/3 × 500 × 0.1 = 50/3, 16.67",
			"1 minimum: from 50/3 to 1/3 × 100 = 50/3, 16.67",
			"2 tier 1: 1/6 × 500 × 0.1 = 25/3, 8.33",
			"2 minimum: from 25/3 to 1/6 × 300 = 125/3, 41.67",
			"116.67",
		},
		price.LimitsWhole: {
			"0 tier 1: 1/3 × 500 × 0.05 = 25/3, 8.34",
			"1 tier 1: 1/3 × 500 × 0.1 = 50/3, 16.67",
			"1 minimum: from 50/3 to 1 × 100 = 250/3, 83.33",
			"2 tier 1: 1/6 × 500 × 0.1 = 25/3, 8.33",
			"2 minimum: from 50/3 to 1 × 300 = 850/3, 283.33",
			"400.00",
		},
	} {
		rules := prorated
		rules.Limits = limits
		charges, total, err := price.Prorate(rules, segments...)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range charges {
			got = append(got, row(c))
		}
		if diff := cmp.Diff(want, append(got, total.StringFixed(2))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", limits, diff)
		}
	}
}

// By period, a segment without a share has no charges, not even such of 0.
func TestProrateNothing(t *testing.T) {
	terms := tenPercent().Terms()
	terms.Discount = price.Discount{Rate: d("0.5"), Stage: price.DiscountBeforeMaximum}
	for _, limits := range []price.Limits{price.LimitsProrated, price.LimitsWhole} {
		rules := price.Rules{Rounding: cents, Basis: price.BasisPeriod, Limits: limits}
		s := price.Segment{Name: "team", Share: new(big.Rat), Schedule: price.MustCompile(terms), Usage: d("500")}
		if charges, total, err := price.Prorate(rules, s); err != nil || charges != nil || total.StringFixed(2) != "0.00" {
			t.Errorf("%s: %v, %v, %v", limits, charges, total, err)
		}
	}
}

func TestProrateRefuses(t *testing.T) {
	with := func(change func(*price.Segment)) []price.Segment {
		s := price.Segment{Name: "team", Share: big.NewRat(1, 2), Schedule: tenPercent(), Usage: d("1")}
		segments := []price.Segment{s, s}
		change(&segments[1])
		return segments
	}
	yen := tenPercent().Terms()
	yen.Rounding.Places = 0
	for _, c := range []struct {
		path     string
		rules    price.Rules
		segments []price.Segment
		want     error
	}{
		{"rounding.mode", price.Rules{}, nil, price.ErrInvalid},
		{"basis", price.Rules{Rounding: cents}, nil, price.ErrInvalid},
		{"limits", price.Rules{Rounding: cents, Basis: price.BasisPeriod, Limits: "half"}, nil, price.ErrInvalid},
		{"segments[1].share", prorated, with(func(s *price.Segment) { s.Share = nil }), price.ErrInvalid},
		{"segments[1].share", prorated, with(func(s *price.Segment) { s.Share = big.NewRat(-1, 2) }), price.ErrInvalid},
		{"segments[1].share", prorated, with(func(s *price.Segment) { s.Share = big.NewRat(3, 2) }), price.ErrInvalid},
		{"segments", prorated, with(func(s *price.Segment) { s.Share = big.NewRat(51, 100) }), price.ErrInvalid},
		{"segments[1].schedule", prorated, with(func(s *price.Segment) { s.Schedule = price.Schedule{} }), price.ErrNotCompiled},
		{"segments[1].schedule.rounding", prorated, with(func(s *price.Segment) { s.Schedule = price.MustCompile(yen) }), price.ErrInvalid},
		{"segments[1].usage", prorated, with(func(s *price.Segment) { s.Usage = d("-1") }), price.ErrUsage},
	} {
		charges, total, err := price.Prorate(c.rules, c.segments...)
		var wrong *price.FieldError
		if !errors.Is(err, c.want) || !errors.As(err, &wrong) || wrong.Path != c.path || charges != nil || !total.IsZero() {
			t.Errorf("%s: %v", c.path, err)
		}
	}
	_, _, err := price.Prorate(prorated, with(func(s *price.Segment) { s.Share = big.NewRat(51, 100) })...)
	if want := "price: prorate: segments: the shares add up to 1.010000; want at most 1: invalid input"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	charges, total, err := price.Prorate(prorated)
	if err != nil || charges != nil || total.StringFixed(2) != "0.00" || total.Exponent() != -2 {
		t.Errorf("no segments: %v, %v, %v", charges, total, err)
	}
}

// drawSegments draws up to five segments of up to three names, with shares of
// twelfths.
func drawSegments(t *rapid.T) (price.Rules, []price.Segment) {
	var segments []price.Segment
	rules := price.Rules{
		Basis:  rapid.SampledFrom([]price.Basis{price.BasisPeriod, price.BasisSegment}).Draw(t, "basis"),
		Limits: rapid.SampledFrom([]price.Limits{price.LimitsProrated, price.LimitsWhole}).Draw(t, "limits"),
	}
	var usage decimal.Decimal
	left := int64(12)
	for i := range rapid.IntRange(1, 5).Draw(t, "segments") {
		terms := drawTerms(t)
		if i == 0 {
			rules.Rounding = terms.Rounding
		}
		terms.Rounding, terms.Minimum, terms.Maximum = rules.Rounding, terms.Minimum.Truncate(rules.Rounding.Places), terms.Maximum.Truncate(rules.Rounding.Places)
		if i == 0 || rules.Basis == price.BasisSegment {
			usage = drawUsage(t, terms)
		}
		twelfths := rapid.Int64Range(0, left).Draw(t, "twelfths")
		left -= twelfths
		segments = append(segments, price.Segment{
			Name:  rapid.SampledFrom([]string{"free", "team", "scale"}).Draw(t, "name"),
			Share: big.NewRat(twelfths, 12), Schedule: price.MustCompile(terms), Usage: usage,
		})
	}
	return rules, segments
}

// limited returns what limits, multiplied by share, and a discount after them make
// of a fee.
func limited(terms price.Terms, fee, share *big.Rat) *big.Rat {
	least, most := new(big.Rat).Mul(terms.Minimum.Rat(), share), new(big.Rat).Mul(terms.Maximum.Rat(), share)
	if !terms.Maximum.IsZero() && fee.Cmp(most) > 0 {
		fee = most
	}
	if fee.Cmp(least) < 0 {
		fee = least
	}
	if terms.Discount.Stage == price.DiscountAfterMinimum {
		fee = new(big.Rat).Mul(fee, new(big.Rat).Sub(big.NewRat(1, 1), terms.Discount.Rate.Rat()))
	}
	return fee
}

// referenceProrate returns the exact total of segments, by fees of the reference.
func referenceProrate(rules price.Rules, segments []price.Segment) *big.Rat {
	total, one := new(big.Rat), big.NewRat(1, 1)
	tiers := make([]*big.Rat, len(segments)) // before limits
	for i, s := range segments {
		terms := s.Schedule.Terms()
		terms.Minimum, terms.Maximum = decimal.Decimal{}, decimal.Decimal{}
		if terms.Discount.Stage == price.DiscountAfterMinimum {
			terms.Discount = price.Discount{}
		}
		tiers[i] = billingtest.Reference(terms, s.Usage)
		if rules.Basis == price.BasisPeriod {
			tiers[i].Mul(tiers[i], s.Share)
		}
		if rules.Limits == price.LimitsProrated {
			total.Add(total, limited(s.Schedule.Terms(), tiers[i], s.Share))
		}
	}
	if rules.Limits == price.LimitsProrated {
		return total
	}
	for _, name := range []string{"free", "team", "scale"} {
		sum, share, last := new(big.Rat), new(big.Rat), -1
		for i, s := range segments {
			if s.Name == name {
				sum.Add(sum, tiers[i])
				share.Add(share, s.Share)
				if s.Share.Sign() > 0 || share.Sign() == 0 {
					last = i
				}
			}
		}
		if share.Sign() > 0 {
			share = one
		}
		if last >= 0 {
			total.Add(total, limited(segments[last].Schedule.Terms(), sum, share))
		}
	}
	return total
}

// The total of segments is that of the reference, the amounts add up to it, and
// every row can be checked by hand.
func TestProrateEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, segments := drawSegments(t)
		charges, total, err := price.Prorate(rules, segments...)
		if err != nil {
			t.Fatal(err)
		}
		want := referenceProrate(rules, segments)
		exact, amounts, unit := new(big.Rat), decimal.Decimal{}, decimal.New(1, -rules.Rounding.Places)
		for i, c := range charges {
			exact.Add(exact, c.Exact)
			amounts = amounts.Add(c.Amount)
			by := new(big.Rat).Sub(c.Amount.Rat(), c.Exact)
			if by.Abs(by).Cmp(unit.Rat()) >= 0 || c.Exact.Sign() == 0 && !c.Amount.IsZero() || c.Amount.Exponent() != unit.Exponent() {
				t.Errorf("charge %d is %v, exactly %v", i, c.Amount, c.Exact)
			}
			var row *big.Rat
			switch c.Kind {
			case "":
				row = c.Line.Slice.Mul(c.Line.Rate).Add(c.Line.Flat).Rat()
				row.Mul(row, c.Share)
			case price.AdjustmentDiscount:
				row = new(big.Rat).Mul(c.Base, c.Rate.Neg().Rat())
				if c.Share.Cmp(big.NewRat(1, 1)) != 0 {
					t.Errorf("a discount has a share of %v", c.Share)
				}
			default:
				row = new(big.Rat).Mul(c.Limit.Rat(), c.Share)
				row.Sub(row, c.Base)
			}
			if row.Cmp(c.Exact) != 0 {
				t.Errorf("charge %d is exactly %v, but its row makes %v", i, c.Exact, row)
			}
			if i > 0 && c.Segment < charges[i-1].Segment {
				t.Errorf("charge %d is of segment %d", i, c.Segment)
			}
		}
		if exact.Cmp(want) != 0 || total.Rat().Cmp(referenceRound(rules.Rounding, want)) != 0 || !amounts.Equal(total) {
			t.Errorf("total %v, amounts %v, exactly %v; want %v", total, amounts, exact, want)
		}
	})
}

// A segment that is the whole period costs its fee, whatever the rules, and its
// rows are those of the quote.
func TestOneSegmentIsAQuote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, segments := drawSegments(t)
		s := segments[0]
		s.Share = big.NewRat(1, 1)
		charges, total, err1 := price.Prorate(rules, s)
		q, err2 := s.Schedule.Quote(s.Usage)
		if err1 != nil || err2 != nil || !total.Equal(q.Total) {
			t.Fatalf("%v, %v; quote %v, %v", total, err1, q.Total, err2)
		}
		for i, c := range charges {
			if i < len(q.Lines) {
				if !cmp.Equal(q.Lines[i], c.Line) {
					t.Errorf("line %d is %v", i, c.Line)
				}
				continue
			}
			a := q.Adjustments[i-len(q.Lines)]
			if a.Kind != c.Kind || a.Base.Rat().Cmp(c.Base) != 0 || a.Amount.Rat().Cmp(c.Exact) != 0 || !a.Rate.Equal(c.Rate) {
				t.Errorf("adjustment %d is %v, want %v", i, c, a)
			}
		}
		if n := len(q.Lines) + len(slices.DeleteFunc(q.Adjustments, func(a price.Adjustment) bool { return a.Kind == price.AdjustmentRounding })); n != len(charges) {
			t.Errorf("%d charges, quote %d", len(charges), n)
		}
	})
}
