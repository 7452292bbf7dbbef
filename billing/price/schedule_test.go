package price_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
)

var cents = price.Rounding{Places: 2, Mode: price.RoundingHalfUp}

// hours is the provider's own example table: usage in hours, the first 10 at 5
// USD, the next 5 at 3, above 15 at 1. Source: the provider's general billing
// documentation on tiered and volume pricing.
func hours(m price.Model) price.Terms {
	return price.Terms{
		Model:    m,
		Tiers:    []price.Tier{{UpTo: d("10"), Rate: d("5")}, {UpTo: d("15"), Rate: d("3")}, {Rate: d("1")}},
		Rounding: cents,
	}
}

// percent is a published five-tier price: 10 % to 10,000, 7 % to 80,000, 5 %
// to 250,000, 3 % to 1,000,000, 2 % above; at least 100.
func percent() price.Terms {
	return price.Terms{
		Model: price.ModelGraduated,
		Tiers: []price.Tier{
			{UpTo: d("10000"), Rate: d("0.10")},
			{UpTo: d("80000"), Rate: d("0.07")},
			{UpTo: d("250000"), Rate: d("0.05")},
			{UpTo: d("1000000"), Rate: d("0.03")},
			{Rate: d("0.02")},
		},
		Minimum:  d("100"),
		Rounding: cents,
	}
}

func TestWorkedExamples(t *testing.T) {
	capped := percent()
	capped.Maximum = d("5000")
	before, after := capped, capped
	before.Discount = price.Discount{Rate: d("0.10"), Stage: price.DiscountBeforeMaximum}
	after.Discount = price.Discount{Rate: d("0.10"), Stage: price.DiscountAfterMinimum}
	flats := price.Terms{
		Model:    price.ModelGraduated,
		Tiers:    []price.Tier{{UpTo: d("10"), Flat: d("2")}, {Rate: d("1"), Flat: d("3")}},
		Rounding: cents,
	}
	volumeFlats := flats
	volumeFlats.Model = price.ModelVolume
	speck := price.Terms{ // a minimum of a cent that a discount makes a thousandth of
		Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("1")}}, Minimum: d("0.01"), Maximum: d("0.01"),
		Discount: price.Discount{Rate: d("0.999"), Stage: price.DiscountAfterMinimum},
		Rounding: price.Rounding{Places: 2, Mode: price.RoundingUp},
	}
	for _, c := range []struct {
		name, usage, want string
		terms             price.Terms
	}{
		{"a discounted speck of a minimum", "0", "0.01", speck},
		{"a discounted speck of a maximum", "5", "0.01", speck},
		{"provider's tiered", "16", "66.00", hours(price.ModelGraduated)},
		{"provider's volume", "16", "16.00", hours(price.ModelVolume)},
		{"five tiers", "1234567.89", "41591.36", percent()},
		{"published example", "85000", "6150.00", percent()},
		{"minimum at zero", "0", "100.00", percent()},
		{"just under the minimum", "999.99", "100.00", percent()},
		{"at the minimum", "1000", "100.00", percent()},
		{"over the minimum", "1000.05", "100.01", percent()},
		{"first bound", "10000", "1000.00", percent()},
		{"maximum", "85000", "5000.00", capped},
		{"discount before the maximum", "85000", "5000.00", before},
		{"discount before the minimum", "1000", "100.00", before},
		{"discount after the maximum", "85000", "4500.00", after},
		{"discount below the minimum", "1000", "90.00", after},
		{"flat at zero", "0", "2.00", flats},
		{"flat at the bound", "10", "2.00", flats},
		{"both flats", "10.5", "5.50", flats},
		{"volume flat at the bound", "10", "2.00", volumeFlats},
		{"volume flat above it", "10.5", "13.50", volumeFlats},
	} {
		s, err := price.Compile(c.terms)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		fee, err := s.Fee(d(c.usage))
		if err != nil || fee.StringFixed(2) != c.want || fee.Exponent() != -2 {
			t.Errorf("%s: Fee(%s) = %v, %v; want %s", c.name, c.usage, fee, err, c.want)
		}
	}
}

// D11: the provider's text does not say graduated or volume, so nothing
// defaults: terms without a model are an error.
func TestD11ModelIsChosen(t *testing.T) {
	terms := hours("")
	if _, err := price.Compile(terms); !errors.Is(err, price.ErrInvalid) {
		t.Errorf("Compile without a model: %v", err)
	}
	var u price.Terms
	if err := u.UnmarshalJSON([]byte(`{"tiers":[{"rate":"1"}],"rounding":{"places":2,"mode":"half-up"}}`)); !errors.Is(err, price.ErrInvalid) {
		t.Errorf("JSON without a model: %v", err)
	}
}

// D12: a tier's upper bound belongs to that tier, for volume prices as for
// graduated ones.
func TestD12UpperBoundBelongsToItsTier(t *testing.T) {
	for _, c := range []struct {
		model       price.Model
		usage, want string
	}{
		{price.ModelGraduated, "10", "50.00"}, {price.ModelGraduated, "10.01", "50.03"},
		{price.ModelVolume, "10", "50.00"}, {price.ModelVolume, "10.01", "30.03"},
		{price.ModelVolume, "15", "45.00"}, {price.ModelVolume, "15.01", "15.01"},
	} {
		q, err := price.MustCompile(hours(c.model)).Quote(d(c.usage))
		if err != nil || q.Total.StringFixed(2) != c.want {
			t.Errorf("%v at %s: %v, %v; want %s", c.model, c.usage, q.Total, err, c.want)
		}
	}
}

// The wrong answers that other billing systems give.
func TestPeerDefects(t *testing.T) {
	fee := func(terms price.Terms, usage string) string {
		t.Helper()
		s, err := price.Compile(terms)
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.Fee(d(usage))
		if err != nil {
			t.Fatal(err)
		}
		return f.StringFixed(2)
	}
	t.Run("UnsortedTiersAreRefused", func(t *testing.T) {
		terms := hours(price.ModelGraduated)
		terms.Tiers[0], terms.Tiers[1] = terms.Tiers[1], terms.Tiers[0]
		if _, err := price.Compile(terms); !errors.Is(err, price.ErrInvalid) {
			t.Error(err)
		}
	})
	t.Run("TwoOpenTiersAreRefused", func(t *testing.T) {
		terms := hours(price.ModelGraduated)
		terms.Tiers[1].UpTo = decimal.Decimal{}
		if _, err := price.Compile(terms); !errors.Is(err, price.ErrInvalid) {
			t.Error(err)
		}
	})
	t.Run("RoundedOnceNotPerTier", func(t *testing.T) {
		terms := price.Terms{
			Model:    price.ModelGraduated,
			Tiers:    []price.Tier{{UpTo: d("1.25"), Rate: d("0.1")}, {UpTo: d("2.5"), Rate: d("0.1")}, {Rate: d("0.1")}},
			Rounding: cents,
		}
		exact, err := price.MustCompile(terms).Unrounded(d("3.75"))
		if err != nil || !exact.Equal(d("0.375")) {
			t.Errorf("exact %v, %v", exact, err)
		}
		if got := fee(terms, "3.75"); got != "0.38" {
			t.Errorf("fee %s, want 0.38; rounding each tier would give 0.39", got)
		}
	})
	t.Run("NegativeUsageIsRefused", func(t *testing.T) {
		if _, err := price.MustCompile(hours(price.ModelGraduated)).Fee(d("-5")); !errors.Is(err, price.ErrUsage) {
			t.Error(err)
		}
	})
	t.Run("FlatIsDueAtZeroUsage", func(t *testing.T) {
		terms := hours(price.ModelGraduated)
		terms.Tiers[0].Flat = d("2")
		if got := fee(terms, "0"); got != "2.00" {
			t.Errorf("fee %s, want 2.00", got)
		}
	})
	t.Run("BoundedLastTierIsRefused", func(t *testing.T) {
		terms := hours(price.ModelGraduated)
		terms.Tiers[2].UpTo = d("100")
		if _, err := price.Compile(terms); !errors.Is(err, price.ErrInvalid) {
			t.Error(err)
		}
	})
	t.Run("AdjacentTiersShareNoUnit", func(t *testing.T) {
		if got := fee(percent(), "85000"); got != "6150.00" {
			t.Errorf("fee %s, want 6150.00; a unit too many per tier would give 6150.12", got)
		}
	})
	t.Run("RateAppliesToItsSliceAlone", func(t *testing.T) {
		if got := fee(percent(), "11000"); got != "1070.00" {
			t.Errorf("fee %s, want 1070.00; the bracket's rate on everything would give 770", got)
		}
	})
	t.Run("FractionsBetweenWholeBounds", func(t *testing.T) {
		terms := price.Terms{Model: price.ModelVolume, Tiers: []price.Tier{{UpTo: d("99"), Rate: d("2")}, {Rate: d("1")}}, Rounding: cents}
		if got := fee(terms, "99.5"); got != "99.50" {
			t.Errorf("fee %s, want 99.50", got)
		}
	})
}

func TestQuoteItemises(t *testing.T) {
	terms := percent()
	terms.Discount = price.Discount{Rate: d("0.015"), Stage: price.DiscountAfterMinimum}
	got, err := price.MustCompile(terms).Quote(d("85000.33"))
	want := price.Quote{
		Usage: d("85000.33"), UsageRated: d("85000.33"),
		Lines: []price.Line{
			{Tier: 1, From: d("0"), To: d("10000"), Slice: d("10000"), Rate: d("0.1"), Flat: d("0"), Charge: d("1000")},
			{Tier: 2, From: d("10000"), To: d("80000"), Slice: d("70000"), Rate: d("0.07"), Flat: d("0"), Charge: d("4900")},
			{Tier: 3, From: d("80000"), To: d("250000"), Slice: d("5000.33"), Rate: d("0.05"), Flat: d("0"), Charge: d("250.0165")},
		},
		Adjustments: []price.Adjustment{
			{Kind: price.AdjustmentDiscount, Base: d("6150.0165"), Rate: d("0.015"), Amount: d("-92.2502475")},
			{Kind: price.AdjustmentRounding, Base: d("6057.7662525"), Amount: d("0.0037475")},
		},
		Total: d("6057.77"),
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}

	terms = hours(price.ModelVolume)
	terms.Tiers[1].Flat, terms.Maximum, terms.Minimum = d("0.5"), d("40"), d("3")
	terms.UsageRounding = price.Rounding{Places: 0, Mode: price.RoundingUp}
	terms.Discount = price.Discount{Rate: d("0.1"), Stage: price.DiscountBeforeMaximum}
	got, err = price.MustCompile(terms).Quote(d("14.25"))
	want = price.Quote{
		Usage: d("14.25"), UsageRated: d("15"),
		Lines: []price.Line{{Tier: 2, From: d("10"), To: d("15"), Slice: d("15"), Rate: d("3"), Flat: d("0.5"), Charge: d("45.5")}},
		Adjustments: []price.Adjustment{
			{Kind: price.AdjustmentDiscount, Base: d("45.5"), Rate: d("0.1"), Amount: d("-4.55")},
			{Kind: price.AdjustmentMaximum, Base: d("40.95"), Amount: d("-0.95")},
		},
		Total: d("40"),
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	got, err = price.MustCompile(terms).Quote(d("0"))
	want = price.Quote{
		Lines:       []price.Line{{Tier: 1, To: d("10"), Rate: d("5")}},
		Adjustments: []price.Adjustment{{Kind: price.AdjustmentMinimum, Amount: d("3")}},
		Total:       d("3"),
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// A usage a hair above a volume bound falls off the cliff unless the terms
// round the usage, and then the quote shows it.
func TestUsageRoundingIsVisible(t *testing.T) {
	terms := hours(price.ModelVolume)
	s := price.MustCompile(terms)
	if fee, err := s.Fee(d("10.00000001")); err != nil || fee.StringFixed(2) != "30.00" {
		t.Errorf("unrounded usage costs %v, %v", fee, err)
	}
	terms.UsageRounding = cents
	s = price.MustCompile(terms)
	q, err := s.Quote(d("10.00000001"))
	if err != nil || q.Total.StringFixed(2) != "50.00" || !q.Usage.Equal(d("10.00000001")) || !q.UsageRated.Equal(d("10")) {
		t.Errorf("rounded usage: %+v, %v", q, err)
	}
	if fee, err := s.FeeMinor(1000); err != nil || fee != 5000 {
		t.Errorf("FeeMinor(1000) = %d, %v", fee, err)
	}
}

func TestCompileRefuses(t *testing.T) {
	with := func(change func(*price.Terms)) price.Terms {
		t := percent()
		change(&t)
		return t
	}
	huge := decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(10_000), nil), 0)
	many := make([]price.Tier, price.MaxTiers+1)
	for i := range many[:price.MaxTiers] {
		many[i].UpTo = decimal.New(int64(i+1), 0)
	}
	for _, c := range []struct {
		name  string
		terms price.Terms
		want  error
		text  string
	}{
		{"zero terms", price.Terms{}, price.ErrInvalid, `model: missing; want one of "graduated", "volume": invalid input`},
		{"another model", with(func(t *price.Terms) { t.Model = "Graduated" }), price.ErrInvalid, `model: "Graduated": unknown model`},
		{"no tiers", with(func(t *price.Terms) { t.Tiers = nil }), price.ErrInvalid, "tiers: 0 tiers; want 1 to 10000"},
		{"too many", with(func(t *price.Terms) { t.Tiers = many }), price.ErrInvalid, "tiers: 10001 tiers; want 1 to 10000"},
		{"equal bounds", with(func(t *price.Terms) { t.Tiers[1].UpTo = d("10000.0") }), price.ErrInvalid, "tiers[1].upTo: 10000: not above 10000"},
		{"falling bounds", with(func(t *price.Terms) { t.Tiers[1].UpTo = d("9999") }), price.ErrInvalid, "tiers[1].upTo: 9999: not above 10000"},
		{"open in the middle", with(func(t *price.Terms) { t.Tiers[0].UpTo = d("0") }), price.ErrInvalid, "tiers[0].upTo: missing; only"},
		{"bounded last", with(func(t *price.Terms) { t.Tiers[4].UpTo = d("2000000") }), price.ErrInvalid, "tiers[4].upTo: 2000000"},
		{"negative bound", with(func(t *price.Terms) { t.Tiers[0].UpTo = d("-1") }), price.ErrInvalid, "tiers[0].upTo: -1"},
		{"negative rate", with(func(t *price.Terms) { t.Tiers[2].Rate = d("-0.1") }), price.ErrInvalid, "tiers[2].rate: -0.1"},
		{"negative flat", with(func(t *price.Terms) { t.Tiers[3].Flat = d("-3") }), price.ErrInvalid, "tiers[3].flat: -3"},
		{"negative minimum", with(func(t *price.Terms) { t.Minimum = d("-1") }), price.ErrInvalid, "minimum: -1"},
		{"negative maximum", with(func(t *price.Terms) { t.Maximum = d("-1") }), price.ErrInvalid, "maximum: -1"},
		{"fine minimum", with(func(t *price.Terms) { t.Minimum = d("99.999") }), price.ErrInvalid, "minimum: 99.999"},
		{"fine maximum", with(func(t *price.Terms) { t.Maximum = d("999.001") }), price.ErrInvalid, "maximum: 999.001"},
		{"maximum below minimum", with(func(t *price.Terms) { t.Maximum = d("99.99") }), price.ErrInvalid, "maximum: 99.99: below the minimum of 100"},
		{"no rounding", with(func(t *price.Terms) { t.Rounding = price.Rounding{} }), price.ErrInvalid, "rounding.mode: missing; want one of"},
		{"no mode", with(func(t *price.Terms) { t.Rounding.Mode = "" }), price.ErrInvalid, "rounding.mode: missing; want one of"},
		{"13 places", with(func(t *price.Terms) { t.Rounding.Places = 13 }), price.ErrInvalid, "rounding.places: 13; want 0 to 12"},
		{"-1 places", with(func(t *price.Terms) { t.Rounding.Places = -1 }), price.ErrInvalid, "rounding.places: -1; want 0 to 12"},
		{"usage rounding without mode", with(func(t *price.Terms) { t.UsageRounding.Places = 2 }), price.ErrInvalid, "usageRounding.mode: missing; want one of"},
		{"discount over 1", with(func(t *price.Terms) { t.Discount = price.Discount{Rate: d("1.01"), Stage: price.DiscountAfterMinimum} }), price.ErrInvalid, "discount.rate: 1.01"},
		{"negative discount", with(func(t *price.Terms) { t.Discount = price.Discount{Rate: d("-0.01"), Stage: price.DiscountAfterMinimum} }), price.ErrInvalid, "discount.rate: -0.01"},
		{"discount without stage", with(func(t *price.Terms) { t.Discount.Rate = d("0.5") }), price.ErrInvalid, "discount.stage: missing; want one of"},
		{"another stage", with(func(t *price.Terms) { t.Discount.Stage = "x" }), price.ErrInvalid, `discount.stage: "x"`},
		{"absurd rate", with(func(t *price.Terms) { t.Tiers[0].Rate = decimal.New(1, 1e9) }), price.ErrInvalid, "tiers[0].rate: a number of 1 digits with exponent 1000000000"},
		{"absurd bound", with(func(t *price.Terms) { t.Tiers[0].UpTo = decimal.New(1, math.MinInt32) }), price.ErrInvalid, "tiers[0].upTo: a number"},
		{"absurd flat", with(func(t *price.Terms) { t.Tiers[0].Flat = huge }), price.ErrInvalid, "tiers[0].flat: a number of 10001 digits"},
		{"absurd minimum", with(func(t *price.Terms) { t.Minimum = huge }), price.ErrInvalid, "minimum: a number"},
		{"absurd discount", with(func(t *price.Terms) { t.Discount.Rate = decimal.New(1, -31) }), price.ErrInvalid, "discount.rate: "},
	} {
		s, err := price.Compile(c.terms)
		var wrong *price.FieldError
		if !errors.As(err, &wrong) || !strings.HasPrefix(c.text, wrong.Path+": ") {
			t.Errorf("%s: the field of %v", c.name, err)
		}
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "price: compile: "+c.text) || s != (price.Schedule{}) {
			t.Errorf("%s: %v, want %v: %s…", c.name, err, c.want, c.text)
		}
		if _, err := c.terms.MarshalJSON(); !errors.Is(err, c.want) {
			t.Errorf("%s: marshal: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := price.Compile(with(func(t *price.Terms) { t.Tiers = many[1:]; t.Tiers[0].Rate = d("1") })); err != nil {
		t.Errorf("%d tiers: %v", price.MaxTiers, err)
	}
	ok := with(func(t *price.Terms) {
		t.Maximum, t.Rounding.Places = d("100"), price.MaxPlaces
		t.Discount = price.Discount{Rate: d("1"), Stage: price.DiscountBeforeMaximum}
	})
	if _, err := price.Compile(ok); err != nil {
		t.Errorf("maximum equal to the minimum, a discount of 1: %v", err)
	}
}

func TestUsageRefused(t *testing.T) {
	s := price.MustCompile(percent())
	for _, c := range []struct {
		usage decimal.Decimal
		want  error
	}{
		{d("-0.01"), price.ErrUsage},
		{decimal.New(-1, -28), price.ErrUsage},
		{decimal.New(1, 1e9), price.ErrUsage},
		{decimal.New(1, 30), price.ErrUsage},
		{decimal.New(1, -31), price.ErrUsage},
		{decimal.New(1, math.MinInt32), price.ErrUsage},
		{decimal.New(1, math.MaxInt32), price.ErrUsage},
	} {
		_, err1 := s.Fee(c.usage)
		_, err2 := s.Quote(c.usage)
		_, err3 := s.Unrounded(c.usage)
		for _, err := range []error{err1, err2, err3} {
			if !errors.Is(err, c.want) {
				t.Errorf("exponent %d: %v, want %v", c.usage.Exponent(), err, c.want)
			}
		}
	}
	if _, err := s.FeeMinor(-1); !errors.Is(err, price.ErrUsage) {
		t.Errorf("FeeMinor(-1): %v", err)
	}
	if _, err := s.Fee(d("-5")); err == nil || err.Error() != "price: fee: usage -5: want 0 or more: negative amount" {
		t.Errorf("Fee(-5): %v", err)
	}
	if _, err := s.Quote(d("-5")); err == nil || err.Error() != "price: quote: usage -5: want 0 or more: negative amount" {
		t.Errorf("Quote(-5): %v", err)
	}
	if fee, err := s.Fee(decimal.New(1, 29)); err != nil || fee.StringFixed(2) != "2000000000000000000000016900.00" {
		t.Errorf("Fee(1e29) = %v, %v", fee, err)
	}
}

func TestFeeMinorOverflow(t *testing.T) {
	s := price.MustCompile(hours(price.ModelGraduated))
	if fee, err := s.FeeMinor(math.MaxInt64 - 5000); err != nil || fee != math.MaxInt64 {
		t.Errorf("FeeMinor(max - 5000) = %d, %v", fee, err)
	}
	_, err := s.FeeMinor(math.MaxInt64 - 4999)
	if !errors.Is(err, price.ErrOverflow) || err.Error() != "price: fee for 9223372036854770808 minor units: beyond the range of int64" {
		t.Errorf("FeeMinor(max - 4999): %v", err)
	}
}

func TestZeroSchedule(t *testing.T) {
	var s price.Schedule
	_, err1 := s.Fee(d("1"))
	minor, err2 := s.FeeMinor(1)
	_, err3 := s.Quote(d("1"))
	_, err4 := s.Unrounded(d("1"))
	for _, err := range []error{err1, err2, err3, err4} {
		if !errors.Is(err, price.ErrNotCompiled) {
			t.Errorf("zero Schedule: %v", err)
		}
	}
	if diff := cmp.Diff(price.Terms{}, s.Terms()); diff != "" || minor != 0 {
		t.Errorf("%d minor units, %s", minor, diff)
	}
}

func TestScheduleSharesNothing(t *testing.T) {
	terms := percent()
	s := price.MustCompile(terms)
	terms.Tiers[0].Rate = d("9")
	s.Terms().Tiers[0].Rate = d("9")
	if diff := cmp.Diff(percent(), s.Terms()); diff != "" {
		t.Error(diff)
	}
	q, err := s.Quote(d("85000"))
	if err != nil {
		t.Fatal(err)
	}
	q.Lines[0].Charge = d("9")
	if q, _ := s.Quote(d("85000")); !q.Lines[0].Charge.Equal(d("1000")) {
		t.Error("a quote's lines are shared with the schedule")
	}
}

func TestMustCompilePanics(t *testing.T) {
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, price.ErrInvalid) {
			t.Errorf("recovered %v", err)
		}
	}()
	price.MustCompile(price.Terms{})
}

func TestRounding(t *testing.T) {
	for _, c := range []struct {
		mode     price.RoundingMode
		in, want string
	}{
		{price.RoundingHalfUp, "2.5", "3"}, {price.RoundingHalfUp, "-2.5", "-3"}, {price.RoundingHalfUp, "2.4999", "2"}, {price.RoundingHalfUp, "3.5", "4"},
		{price.RoundingHalfEven, "2.5", "2"}, {price.RoundingHalfEven, "3.5", "4"}, {price.RoundingHalfEven, "-2.5", "-2"}, {price.RoundingHalfEven, "2.5001", "3"},
		{price.RoundingDown, "2.9999", "2"}, {price.RoundingDown, "-2.9999", "-2"},
		{price.RoundingUp, "2.0001", "3"}, {price.RoundingUp, "-2.0001", "-3"}, {price.RoundingUp, "2", "2"},
	} {
		got, err := price.Rounding{Mode: c.mode}.Round(d(c.in))
		if err != nil || !got.Equal(d(c.want)) {
			t.Errorf("%v: Round(%s) = %v, %v; want %s", c.mode, c.in, got, err, c.want)
		}
	}
	if got, err := cents.Round(d("1.5")); err != nil || got.Exponent() != -2 || !got.Equal(d("1.5")) {
		t.Errorf("Round(1.5) at two places = %v with exponent %d, %v", got, got.Exponent(), err)
	}
	if _, err := (price.Rounding{}).Round(d("1")); !errors.Is(err, price.ErrInvalid) {
		t.Errorf("zero Rounding: %v", err)
	}
	if _, err := (price.Rounding{}).RoundRat(big.NewRat(1, 3)); !errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), "price: round: mode: missing") {
		t.Errorf("zero Rounding of a fraction: %v", err)
	}
	if _, err := cents.Round(decimal.New(1, 1e9)); !errors.Is(err, price.ErrInvalid) {
		t.Errorf("absurd amount: %v", err)
	}
}

// A rounding has a JSON form of its own, with 0 to 12 places.
func TestRoundingJSON(t *testing.T) {
	for text, want := range map[string]price.Rounding{
		`{"places":0,"mode":"down"}`:       {Mode: price.RoundingDown},
		`{"places":12,"mode":"half-even"}`: {Places: price.MaxPlaces, Mode: price.RoundingHalfEven},
	} {
		var got price.Rounding
		if err := got.UnmarshalJSON([]byte(text)); err != nil || got != want || !got.IsValid() {
			t.Errorf("%s is read as %v, %v", text, got, err)
		}
		if data, err := want.MarshalJSON(); err != nil || string(data) != text {
			t.Errorf("%v is written as %s, %v", want, data, err)
		}
	}
	for text, want := range map[string]string{
		`{"places":-1,"mode":"up"}`: "places: invalid JSON: want a whole number from 0 to 12",
		`{"places":13,"mode":"up"}`: "places: invalid JSON: want a whole number from 0 to 12",
		`{"places":2}`:              "mode: invalid JSON: field is missing",
	} {
		got := cents
		err := got.UnmarshalJSON([]byte(text))
		if !errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), "price: decode rounding: "+want) || got != cents {
			t.Errorf("%s is read as %v, %v", text, got, err)
		}
	}
	for path, r := range map[string]price.Rounding{"mode": {Places: 2}, "places": {Places: 13, Mode: price.RoundingUp}} {
		if data, err := r.MarshalJSON(); r.IsValid() || !errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), "price: marshal rounding: "+path+": ") {
			t.Errorf("%v is written as %s, %v", r, data, err)
		}
	}
}

// What a schedule answers depends on none of shopspring's exported variables.
func TestIndependentOfShopspringVariables(t *testing.T) {
	s := price.MustCompile(percent())
	answer := func() []string {
		fee, err1 := s.Fee(d("1234567.891"))
		q, err2 := s.Quote(d("1234567.891"))
		exact, err3 := s.Unrounded(d("1234567.891"))
		j, err4 := s.Terms().MarshalJSON()
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		return []string{fee.StringFixed(2), q.Total.StringFixed(2), exact.StringFixed(9), string(j)}
	}
	want := answer()
	div, trim, sci := decimal.DivisionPrecision, decimal.TrimTrailingZeros, decimal.UseScientificNotation
	defer func() {
		decimal.DivisionPrecision, decimal.TrimTrailingZeros, decimal.UseScientificNotation = div, trim, sci
	}()
	decimal.DivisionPrecision, decimal.TrimTrailingZeros, decimal.UseScientificNotation = 1, !trim, !sci
	if got := answer(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Half of 25, 26 and 27 cents, in every mode, by both ways to ask.
func TestFeeRoundsInEachMode(t *testing.T) {
	for mode, want := range map[price.RoundingMode][3]int64{
		price.RoundingHalfUp:   {13, 13, 14},
		price.RoundingHalfEven: {12, 13, 14},
		price.RoundingDown:     {12, 13, 13},
		price.RoundingUp:       {13, 13, 14},
	} {
		s := price.MustCompile(price.Terms{
			Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.5")}}, Rounding: price.Rounding{Places: 2, Mode: mode},
		})
		for i, want := range want {
			usage := int64(25 + i)
			minor, err1 := s.FeeMinor(usage)
			fee, err2 := s.Fee(decimal.New(usage, -2))
			fine, err3 := s.Fee(decimal.New(usage*1e6, -8))
			if err := errors.Join(err1, err2, err3); err != nil || minor != want || !fee.Equal(decimal.New(want, -2)) || !fine.Equal(fee) {
				t.Errorf("%v of %d/2 cents: %d, %v, %v, %v; want %d", mode, usage, minor, fee, fine, err, want)
			}
		}
	}
}

// Numbers that each leave their word at another step of the fee: none may be
// priced as if they had fitted.
func TestNumbersThatLeaveTheirWords(t *testing.T) {
	one := func(change func(*price.Terms)) price.Terms {
		t := price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{UpTo: d("1"), Rate: d("0.01")}, {Rate: d("0.02")}}, Rounding: cents}
		change(&t)
		return t
	}
	for name, c := range map[string]struct {
		terms price.Terms
		usage string
	}{
		"a fine rate on a fine usage": {one(func(t *price.Terms) { t.Tiers[0].Rate = d("0.0000001") }), "0.123456789012345678"},
		"a large minimum":             {one(func(t *price.Terms) { t.Minimum = d("10000000000000000000000000000") }), "0.123456789012"},
		"a large maximum":             {one(func(t *price.Terms) { t.Maximum = d("10000000000000000000000000000") }), "0.123456789012"},
		"a large flat amount":         {one(func(t *price.Terms) { t.Tiers[1].Flat = d("10000000000000000000000000000") }), "1.123456789012"},
		"a sum just too large": {one(func(t *price.Terms) {
			t.Tiers[1].Flat, t.Tiers[1].Rate = d("340282366920938463460000000000"), d("1.0000001")
		}), "10000000000"},
		"a fee just too large for minor units": {one(func(t *price.Terms) { t.Tiers[1].Rate = d("92.23372036854775808") }), "1000000000000000.99"},
		"a usage of more than 63 bits":         {one(func(t *price.Terms) {}), "99999999999999999.99"},
		"a usage of powers of ten too many":    {one(func(t *price.Terms) {}), "1e17"},
		"a usage of one power of ten more":     {one(func(t *price.Terms) {}), "1e18"},
		"a usage of two powers of ten more":    {one(func(t *price.Terms) {}), "1e19"},
		"a sum of tiers just too large": {one(func(t *price.Terms) {
			t.Tiers[0] = price.Tier{UpTo: d("1000000000000000"), Rate: d("1.000001")}
		}), "1000000000000001"},
		"a usage just too large":      {one(func(t *price.Terms) { t.Tiers[0].UpTo = d("0.0000000001") }), "99999999999.99"},
		"a bound in half minor units": {one(func(t *price.Terms) { t.Tiers[0].UpTo = d("1.005") }), "1.00"},
		"just above such a bound":     {one(func(t *price.Terms) { t.Tiers[0].UpTo, t.Tiers[1].Flat = d("1.005"), d("5") }), "1.01"},
		"a minimum of 62 bits":        {one(func(t *price.Terms) { t.Minimum = d("461168601842738.79") }), "1"},
		"a minimum above 62 bits":     {one(func(t *price.Terms) { t.Minimum = d("461168601842738.80") }), "1"},
		"a maximum of 62 bits":        {one(func(t *price.Terms) { t.Maximum, t.Tiers[0].Flat = d("461168601842738.79"), d("1e15") }), "1"},
		"a flat amount above 62 bits": {one(func(t *price.Terms) { t.Tiers[1].Flat = d("461168601842739") }), "2"},
	} {
		s := price.MustCompile(c.terms)
		want := billingtest.ReferenceRounded(c.terms, d(c.usage))
		if fee, err := s.Fee(d(c.usage)); err != nil || fee.Rat().Cmp(want) != 0 {
			t.Errorf("%s: Fee = %v, %v; want %v", name, fee, err, want.FloatString(2))
		}
		q, err := s.Quote(d(c.usage))
		if err != nil || q.Total.Rat().Cmp(want) != 0 || !sum(q).Equal(q.Total) {
			t.Errorf("%s: Quote = %v, lines and adjustments %v, %v", name, q.Total, sum(q), err)
		}
		if minor := d(c.usage).Shift(2); minor.Equal(minor.Truncate(0)) && minor.BigInt().IsInt64() {
			fee, err := s.FeeMinor(minor.IntPart())
			units := new(big.Rat).Mul(want, big.NewRat(100, 1)).Num()
			if units.IsInt64() != (err == nil) || err == nil && fee != units.Int64() {
				t.Errorf("%s: FeeMinor = %d, %v; want %v", name, fee, err, units)
			}
		}
	}
}
