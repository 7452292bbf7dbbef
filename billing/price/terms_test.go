package price_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"pgregory.net/rapid"
)

func TestTermsJSON(t *testing.T) {
	const text = `{"format":1,"model":"volume","tiers":[{"upTo":"10.50","rate":"0.10","flat":"1"},{"rate":"0"}],"minimum":"1.5","maximum":"20","discount":{"rate":"0.1","stage":"before-maximum"},"rounding":{"places":3,"mode":"half-even"},"usageRounding":{"places":0,"mode":"up"}}`
	want := price.Terms{
		Model:         price.ModelVolume,
		Tiers:         []price.Tier{{UpTo: d("10.5"), Rate: d("0.1"), Flat: d("1")}, {}},
		Minimum:       d("1.5"),
		Maximum:       d("20"),
		Discount:      price.Discount{Rate: d("0.1"), Stage: price.DiscountBeforeMaximum},
		Rounding:      price.Rounding{Places: 3, Mode: price.RoundingHalfEven},
		UsageRounding: price.Rounding{Mode: price.RoundingUp},
	}
	var got price.Terms
	err := json.Unmarshal([]byte(text), &got)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if data, err := json.Marshal(got); string(data) != text || err != nil {
		t.Errorf("%v\ngot  %s\nwant %s", err, data, text)
	}
	if err := got.UnmarshalJSON([]byte(`{"model":"volume","tiers":[{"rate":"0"}]}`)); err == nil ||
		err.Error() != "price: decode terms: rounding: invalid JSON: field is missing" {
		t.Errorf("without rounding: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after an error: %s", diff)
	}
	var none price.Terms
	if err := none.UnmarshalJSON([]byte(`{"model":"volume","tiers":[],"rounding":{"places":0,"mode":"up"}}`)); !errors.Is(err, price.ErrInvalid) {
		t.Errorf("no tiers: %v", err)
	}
	long := `{"model":"volume","tiers":[` + strings.Repeat(`{"rate":"1"},`, price.MaxTiers) + `{"rate":"1"}],"rounding":{"places":0,"mode":"up"}}`
	if err := none.UnmarshalJSON([]byte(long)); !errors.Is(err, price.ErrInvalid) || !strings.Contains(err.Error(), "tiers: invalid JSON: 10001 items are over the limit of 10000") {
		t.Errorf("too many tiers: %v", err)
	}
}

// Rates may be in per cent; no other number is, none is anything but a number, and
// 0 as a bound or a maximum is left out.
func TestNumbersInTermsJSON(t *testing.T) {
	const text = `{"model":"graduated","tiers":[{"upTo":"10","rate":"12.5%","flat":"1"},{"rate":"5%"}],"minimum":"2","maximum":"30",` +
		`"discount":{"rate":"0.5%","stage":"after-minimum"},"rounding":{"places":2,"mode":"half-up"}}`
	var got price.Terms
	err := got.UnmarshalJSON([]byte(text))
	want := price.Terms{
		Model: price.ModelGraduated, Tiers: []price.Tier{{UpTo: d("10"), Rate: d("0.125"), Flat: d("1")}, {Rate: d("0.05")}},
		Minimum: d("2"), Maximum: d("30"), Discount: price.Discount{Rate: d("0.005"), Stage: price.DiscountAfterMinimum}, Rounding: cents,
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for path, old := range map[string]string{
		"tiers[0].upTo": `"10"`, "tiers[0].rate": `"12.5%"`, "tiers[0].flat": `"1"`, "tiers[1].rate": `"5%"`, "minimum": `"2"`, "maximum": `"30"`, "discount.rate": `"0.5%"`,
	} {
		bad := map[string]string{`"x"`: `"x": want plain digits`, `"x%"`: `"x%": want plain digits`, `"0"`: ""}
		if strings.HasSuffix(path, "rate") {
			bad[`"x%"`] = `"x": want plain digits`
		}
		if path == "tiers[0].upTo" || path == "maximum" {
			bad[`"0"`] = `"0": leave it out if there is none: invalid input`
		}
		for number, want := range bad {
			err := got.UnmarshalJSON([]byte(strings.Replace(text, old, number, 1)))
			if want == "" && err != nil || want != "" && (!errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), "price: decode terms: "+path+": "+want)) {
				t.Errorf("%s %s: %v, want %s", path, number, err, want)
			}
		}
	}
	last := strings.Replace(text, `{"rate":"5%"}`, `{"upTo":"0","rate":"5%"}`, 1)
	if err := got.UnmarshalJSON([]byte(last)); !errors.Is(err, price.ErrInvalid) || !strings.Contains(err.Error(), `tiers[1].upTo: "0": leave it out`) {
		t.Errorf("a last tier up to 0: %v", err)
	}
}

// Terms survive their JSON form to the digit.
func TestTermsJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		data, err := json.Marshal(terms)
		if err != nil {
			t.Fatal(err)
		}
		var again price.Terms
		if err := json.Unmarshal(data, &again); err != nil {
			t.Fatalf("%v: %s", err, data)
		}
		if terms.Discount.Rate.IsZero() && terms.Discount.Stage != "" {
			again.Discount.Rate = terms.Discount.Rate
		}
		if diff := cmp.Diff(terms, again); diff != "" {
			t.Fatalf("%s\n%s", data, diff)
		}
	})
}

func FuzzTermsJSON(f *testing.F) {
	f.Add([]byte(`{"model":"graduated","tiers":[{"upTo":"10","rate":"10%"},{"rate":"0.05","flat":"1"}],"minimum":"100","rounding":{"places":2,"mode":"half-up"}}`), int64(1))
	f.Add([]byte(`{"model":"volume","tiers":[{"rate":"1"}],"maximum":"5","discount":{"rate":"1%","stage":"before-maximum"},"rounding":{"places":0,"mode":"up"},"usageRounding":{"places":0,"mode":"down"}}`), int64(99))
	f.Fuzz(func(t *testing.T, data []byte, usage int64) {
		var terms price.Terms
		if terms.UnmarshalJSON(data) != nil {
			return
		}
		again, err := terms.MarshalJSON()
		if err != nil {
			t.Fatalf("decoded terms do not marshal: %v", err)
		}
		var back price.Terms
		if err := back.UnmarshalJSON(again); err != nil || !cmp.Equal(terms, back) {
			t.Fatalf("%s reads back differently: %v", again, err)
		}
		checkPrices(t, terms, usage)
	})
}

// checkPrices compares what decoded terms cost with the reference.
func checkPrices(t *testing.T, terms price.Terms, usage int64) {
	s, err := price.Compile(terms)
	if err != nil {
		t.Fatalf("decoded terms do not compile: %v", err)
	}
	u := decimal.New(usage, -terms.Rounding.Places)
	fee, err := s.Fee(u)
	if usage < 0 {
		if !errors.Is(err, price.ErrUsage) {
			t.Fatalf("Fee(%v): %v", u, err)
		}
		return
	}
	if err != nil || fee.Rat().Cmp(billingtest.ReferenceRounded(terms, u)) != 0 {
		t.Fatalf("Fee(%v) = %v, %v", u, fee, err)
	}
	if minor, err := s.FeeMinor(usage); err == nil && !decimal.New(minor, -terms.Rounding.Places).Equal(fee) {
		t.Fatalf("FeeMinor(%d) = %d, fee %v", usage, minor, fee)
	}
}
