package billingtest_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/sla/calendar"
)

// wantTexts fails the test unless the texts of each name have the fingerprints
// wanted: their number, and a hash, since they are too long to retype.
func wantTexts(t *testing.T, want map[string]string, got map[string][]string) {
	t.Helper()
	prints := make(map[string]string)
	for name, texts := range got {
		h := sha256.New()
		for _, text := range texts {
			fmt.Fprintln(h, text)
		}
		prints[name] = fmt.Sprintf("%d: %x", len(texts), h.Sum(nil)[:6])
	}
	if diff := cmp.Diff(want, prints); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// number writes a decimal with the zeros that it carries.
func number(d decimal.Decimal) string { return fmt.Sprintf("%de%d", d.Coefficient(), d.Exponent()) }

// What a seed draws stays the same, so that a failure that rapid has saved is
// the same failure after an update, and a price that passed a check passes the
// next. Whoever changes a draw on purpose changes its fingerprint here and
// tells users so.
func TestDrawsAreStable(t *testing.T) {
	march, err := calendar.Month(2026, time.March, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string][]string)
	draw := func(name, value string) { got[name] = append(got[name], value) }
	for i := range 300 {
		tiers := billingtest.Tiers().Example(i)
		draw("tiers", asJSON(t, graduated(tiers...)))
		terms := billingtest.Terms().Example(i)
		draw("terms", asJSON(t, terms))
		draw("schedules", asJSON(t, billingtest.Schedules().Example(i).Terms()))
		draw("cards", asJSON(t, billingtest.Cards().Example(i)))
		draw("usage", number(billingtest.Usage(fiveTiers()).Example(i)))
		draw("usage of a flat price", number(billingtest.Usage(graduated(price.Tier{})).Example(i)))
		draw("usage of any", number(billingtest.Usage(terms).Example(i)))
		draw("timeline", asJSON(t, billingtest.Timeline(march).Example(i)))
		draw("timeline without end", asJSON(t, billingtest.Timeline(calendar.Period{Start: march.Start}).Example(i)))
		draw("timeline of centuries", asJSON(t, billingtest.Timeline(calendar.Period{Start: march.Start.AddDate(-1000, 0, 0), End: march.End}).Example(i)))
	}
	want := map[string]string{
		"cards":                 "300: 28f014abe5cb",
		"schedules":             "300: 3956af1121fd",
		"terms":                 "300: 3956af1121fd",
		"tiers":                 "300: ec07431576a5",
		"timeline":              "300: 3155be26607b",
		"timeline of centuries": "300: bd4505566476",
		"timeline without end":  "300: 09223da21502",
		"usage":                 "300: 0874d9c30aae",
		"usage of a flat price": "300: 62b03cc8c483",
		"usage of any":          "300: 1d7a03293ee0",
	}
	wantTexts(t, want, got)
}

// nTiers is a price of n tiers of 10 each, at one rate.
func nTiers(n int64) price.Terms {
	var all []price.Tier
	for i := range n - 1 {
		all = append(all, price.Tier{UpTo: decimal.New(10*i+10, 0), Rate: d("0.10")})
	}
	return graduated(append(all, price.Tier{Rate: d("0.10")})...)
}

// So do the usages that a check asks a caller's own code about.
func TestQuestionsAreStable(t *testing.T) {
	got := make(map[string][]string)
	for name, terms := range map[string]price.Terms{
		"five tiers": fiveTiers(),
		"one tier":   graduated(price.Tier{Rate: d("0.10")}),
		"whole usage": with(fiveTiers(), func(t *price.Terms) {
			t.UsageRounding = price.Rounding{Places: 0, Mode: price.Up}
		}),
		// Ever fewer usages in each of ever more tiers.
		"100 tiers": nTiers(100), "101 tiers": nTiers(101), "1000 tiers": nTiers(1000), "1001 tiers": nTiers(1001),
	} {
		s := price.MustCompile(terms)
		var asked []string
		billingtest.CheckPricer(t, terms, billingtest.Func(func(usage decimal.Decimal) (decimal.Decimal, error) {
			asked = append(asked, usage.StringFixed(2))
			return s.Fee(usage)
		}), billingtest.AllLaws()...)
		got[name] = asked
	}
	want := map[string]string{
		"100 tiers":   "106128: 67aab3fe0b82",
		"1000 tiers":  "121160: 6d3c70dc04bd",
		"1001 tiers":  "31240: b542fe27ba33",
		"101 tiers":   "15510: 61972a51e4f6",
		"five tiers":  "7026: e8b90d041de6",
		"one tier":    "1890: 55596274d741",
		"whole usage": "6798: 57f42b7c3f9b",
	}
	wantTexts(t, want, got)
}

// Code that is not known to be affine is asked about a hundred usages in each
// tier, as far as ten times the highest bound and a million.
func TestUsagesAreSpread(t *testing.T) {
	terms := graduated(tiers("100", "0.10", "1000", "0.07", "", "0.05")...)
	s := price.MustCompile(terms)
	asked := make(map[string]bool)
	var highest, lowest decimal.Decimal
	billingtest.CheckPricer(t, terms, billingtest.Func(func(usage decimal.Decimal) (decimal.Decimal, error) {
		asked[usage.StringFixed(2)] = true
		highest, lowest = decimal.Max(highest, usage), decimal.Min(lowest, usage)
		return s.Fee(usage)
	}))
	for i := range int64(100) {
		for _, u := range []decimal.Decimal{decimal.New(i, 0), decimal.New(100+9*i, 0), decimal.New(1000+10090*i, 0)} {
			if !asked[u.StringFixed(2)] {
				t.Errorf("never asked about %v", u)
			}
		}
	}
	if want := d("1010000"); !highest.Equal(want) || !lowest.Equal(want.Neg()) {
		t.Errorf("asked about %v to %v, want %v at the most", lowest, highest, want)
	}
}
