package billingtest_test

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/strictjson"
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

var update = flag.Bool("update", false, "write the messages to users anew; read what changed")

// lineNumber is that of a panic, which changes with the tests.
var lineNumber = regexp.MustCompile(`_test\.go:\d+`)

// golden compares the messages of each name with a file of testdata, or writes it:
// whoever changes what users are told reads it there.
func golden(t *testing.T, file string, messages map[string][]string) {
	t.Helper()
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(messages)) {
		lines = append(append(lines, "# "+name), messages[name]...)
	}
	path, got := filepath.Join("testdata", file), lineNumber.ReplaceAllString(strings.Join(lines, "\n")+"\n", "_test.go:N")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// asJSON returns the JSON form of v without its format number, which says nothing
// of the draws.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(strictjson.Nest(b))
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
		terms := billingtest.Terms().Example(i)
		draw("terms", asJSON(t, terms))
		draw("cards", asJSON(t, billingtest.Cards().Example(i)))
		draw("usage", number(billingtest.Usage(fiveTiers()).Example(i)))
		draw("usage of a flat price", number(billingtest.Usage(graduated(price.Tier{})).Example(i)))
		draw("usage of any", number(billingtest.Usage(terms).Example(i)))
		draw("timeline", asJSON(t, billingtest.Timeline(march).Example(i)))
		draw("timeline without end", asJSON(t, billingtest.Timeline(calendar.Period{Start: march.Start}).Example(i)))
		draw("timeline of centuries", asJSON(t, billingtest.Timeline(calendar.Period{Start: march.Start.AddDate(-1000, 0, 0), End: march.End}).Example(i)))
	}
	want := map[string]string{
		"cards":                 "300: 4b25608024d1",
		"terms":                 "300: 3956af1121fd",
		"timeline":              "300: b79d91e84df7",
		"timeline of centuries": "300: 9990dacbf09f",
		"timeline without end":  "300: e10f0411e19b",
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
			t.UsageRounding = price.Rounding{Places: 0, Mode: price.RoundingUp}
		}),
		"rounded up":     with(fiveTiers(), func(t *price.Terms) { t.Rounding.Mode = price.RoundingUp }),
		"in whole money": with(fiveTiers(), func(t *price.Terms) { t.Rounding.Places = 0 }),
		"within limits":  with(fiveTiers(), func(t *price.Terms) { t.Minimum, t.Maximum = d("15000"), d("40000") }),
		"short pieces":   graduated(tiers("0.05", "0.07", "0.09", "0.03", "", "0.01")...),
		"fine pieces":    graduated(tiers("10.001", "0.10", "10.002", "0.09", "", "0.05")...),
		"a fine rate":    graduated(tiers("", "0.01234567890123")...),
		"whole rates":    graduated(tiers("100", "2", "", "1")...),
		"8 pieces":       graduated(tiers("100", "0.80", "200", "0.70", "300", "0.60", "400", "0.50", "500", "0.40", "600", "0.30", "700", "0.20", "", "0.10")...),
		"9 pieces":       graduated(tiers("50", "0.90", "100", "0.80", "200", "0.70", "300", "0.60", "400", "0.50", "500", "0.40", "600", "0.30", "700", "0.20", "", "0.10")...),
		"100 tiers":      nTiers(100), "101 tiers": nTiers(101), "1000 tiers": nTiers(1000), "1001 tiers": nTiers(1001),
	} {
		s := price.MustCompile(terms)
		var asked []string
		billingtest.CheckPricer(t, terms, billingtest.Func(func(usage decimal.Decimal) (decimal.Decimal, error) {
			asked = append(asked, usage.StringFixed(2))
			return s.Fee(usage)
		}), billingtest.Laws()...)
		got[name] = asked
	}
	want := map[string]string{
		"100 tiers":      "321: 017db78911f0",
		"1000 tiers":     "331: e96d9ea590c8",
		"1001 tiers":     "331: d0469a5573b1",
		"101 tiers":      "321: 2345e2582343",
		"8 pieces":       "783: 95055c962ba0",
		"9 pieces":       "246: 91dd43ed2998",
		"a fine rate":    "124: 4b3a36e79842",
		"fine pieces":    "275: 5344e030352a",
		"five tiers":     "579: ddadad3f6eb3",
		"in whole money": "551: fa8b8edbabf7",
		"one tier":       "194: cbcf8da35e69",
		"rounded up":     "576: 1f5fa932ed82",
		"short pieces":   "199: f3599092c184",
		"whole rates":    "242: 514bc5856375",
		"whole usage":    "512: 86224b698584",
		"within limits":  "365: eb801da04f1e",
	}
	wantTexts(t, want, got)
}

// A counter counts the calls of a caller's own code.
type counter struct {
	price.Schedule
	fees, quotes, minors, unrounded map[string]int
}

func (c counter) count(calls map[string]int, usage decimal.Decimal) { calls[usage.String()]++ }

func (c counter) Fee(u decimal.Decimal) (decimal.Decimal, error) {
	c.count(c.fees, u)
	return c.Schedule.Fee(u)
}

func (c counter) Quote(u decimal.Decimal) (price.Quote, error) {
	c.count(c.quotes, u)
	return c.Schedule.Quote(u)
}

func (c counter) FeeMinor(u int64) (int64, error) {
	c.count(c.minors, decimal.New(u, 0))
	return c.Schedule.FeeMinor(u)
}

func (c counter) Unrounded(u decimal.Decimal) (decimal.Decimal, error) {
	c.count(c.unrounded, u)
	return c.Schedule.Unrounded(u)
}

// A caller's own code, perhaps a service, is asked hundreds of times, whatever
// the terms: at most 1000 times, and for each usage at most twice.
func TestCallsAreBounded(t *testing.T) {
	all := []price.Terms{fiveTiers(), nTiers(1), nTiers(8), nTiers(9), nTiers(40), nTiers(41), nTiers(1000)}
	for i := range 60 {
		all = append(all, billingtest.Terms().Example(i))
	}
	for _, terms := range all {
		s := price.MustCompile(terms)
		c := counter{s, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
		var r recorder
		billingtest.CheckPricer(&r, terms, c)
		if len(r.errors) > 0 {
			t.Errorf("%s: %v", asJSON(t, terms), r.errors)
		}
		for name, calls := range map[string]map[string]int{"Fee": c.fees, "Quote": c.quotes, "FeeMinor": c.minors, "Unrounded": c.unrounded} {
			sum, most := 0, 0
			for _, n := range calls {
				sum += n
				most = max(most, n)
			}
			if sum > 1000 || most > 2 || sum < 10 && name == "Fee" {
				t.Errorf("%s: %d calls of %s, up to %d for one usage", asJSON(t, terms), sum, name, most)
			}
		}
		// Code that breaks all laws that it can is asked more often, for examples.
		calls := 0
		billingtest.CheckPricer(&r, terms, billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
			calls++
			return s.Terms().Minimum.Sub(u).Sub(decimal.New(int64(calls), 0)), nil
		}))
		if calls > 2000 {
			t.Errorf("%s: %d calls of code that breaks all laws", asJSON(t, terms), calls)
		}
	}
}

// What is known of mistakes stays the same: the fees by which code is recognised,
// and the traits of bills. The tests of messages show that they are the right ones.
func TestKnowledgeIsStable(t *testing.T) {
	t.Parallel()
	got := make(map[string][]string)
	all := map[string]price.Terms{
		"five tiers": fiveTiers(), "volume": with(fiveTiers(), func(t *price.Terms) { t.Model = price.ModelVolume }),
		"one tier": graduated(price.Tier{Rate: d("0.03")}), "ten tiers": nTiers(10),
		"everything": with(fiveTiers(), func(t *price.Terms) {
			t.Tiers = slices.Clone(t.Tiers)
			t.Tiers[0].Flat, t.Tiers[2].Flat = d("1.50"), d("0.25")
			t.Maximum = d("90000")
			t.Discount = price.Discount{Rate: d("0.05"), Stage: price.DiscountBeforeMaximum}
			t.UsageRounding = price.Rounding{Places: 0, Mode: price.RoundingUp}
		}),
		"late discount": with(fiveTiers(), func(t *price.Terms) {
			t.Maximum = d("30000")
			t.Rounding = price.Rounding{Places: 0, Mode: price.RoundingHalfEven}
			t.Discount = price.Discount{Rate: d("0.125"), Stage: price.DiscountAfterMinimum}
		}),
	}
	for i := range 20 {
		all[fmt.Sprint("drawn ", i)] = billingtest.Terms().Example(i)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		terms := all[name]
		usages := []decimal.Decimal{d("0"), d("0.01"), d("1234.56"), d("0.005"), d("99999999.99"), d("42949672.96"), d("1.5"), d("12345678.25"), d("123456789012.63")}
		for _, tier := range terms.Tiers {
			usages = append(usages, tier.UpTo, tier.UpTo.Add(d("0.01")), tier.UpTo.Add(d("0.50")))
		}
		if strings.HasPrefix(name, "drawn") {
			name = "drawn"
		}
		got[name] = append(got[name], billingtest.Mistakes(terms, usages...)...)
	}
	for name, change := range cardChanges() {
		got["invoices, "+name] = billingtest.InvoiceKnowledge(bookOf(t, change), right)
	}
	got["invoices, late discount"] = billingtest.InvoiceKnowledge(of(t, all["late discount"], nil, "01-01", "02-11"), right)
	wantTexts(t, map[string]string{
		"drawn":                   "1086: b50888c6f7f6",
		"everything":              "68: 3ef077070204",
		"five tiers":              "56: 408617af4524",
		"invoices, by segment":    "23118: 0a3405eefbb3",
		"invoices, days":          "20917: ed5633f5fbc0",
		"invoices, discounted":    "23888: b81a50055f66",
		"invoices, instants":      "23118: 64a38b628f03",
		"invoices, late discount": "7194: a039ebdd2c52",
		"invoices, whole limits":  "23118: 1399c583ceb6",
		"invoices, years":         "5677: 72bc029b9779",
		"invoices, yen":           "23188: c7fd6f897237",
		"late discount":           "61: 07450917651e",
		"one tier":                "33: ef1926787319",
		"ten tiers":               "60: ae125e02fb5b",
		"volume":                  "56: 2db2f8357e8f",
	}, got)
}
