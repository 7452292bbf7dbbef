package golden_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/billing/price"
)

// schedules are terms of all kinds.
var schedules = []struct{ name, terms string }{
	{"graduated", `{"model":"graduated","tiers":[{"upTo":"10000","rate":"10%"},{"upTo":"80000","rate":"7%"},{"upTo":"250000","rate":"5%"},{"upTo":"1000000","rate":"3%"},{"rate":"2%"}],"minimum":"100","rounding":{"places":2,"mode":"half-up"}}`},
	{"volume", `{"model":"volume","tiers":[{"upTo":"10000","rate":"10%"},{"upTo":"80000","rate":"7%"},{"rate":"5%"}],"minimum":"100","rounding":{"places":2,"mode":"half-up"}}`},
	{"hours", `{"model":"graduated","tiers":[{"upTo":"10","rate":"5"},{"upTo":"15","rate":"3"},{"rate":"1"}],"rounding":{"places":2,"mode":"half-up"}}`},
	{"flats", `{"model":"graduated","tiers":[{"upTo":"100","rate":"0","flat":"29"},{"upTo":"1000.5","rate":"1.25%","flat":"5.005"},{"rate":"0.333%"}],"rounding":{"places":2,"mode":"half-even"}}`},
	{"maximum", `{"model":"graduated","tiers":[{"rate":"3%","flat":"29"}],"minimum":"50","maximum":"6000","rounding":{"places":0,"mode":"up"}}`},
	{"discount-first", `{"model":"graduated","tiers":[{"upTo":"5000","rate":"8%"},{"rate":"6%"}],"minimum":"120","maximum":"9000","discount":{"rate":"12.5%","stage":"before-maximum"},"rounding":{"places":2,"mode":"down"}}`},
	{"discount-last", `{"model":"volume","tiers":[{"upTo":"5000","rate":"8%","flat":"10"},{"rate":"6%","flat":"20"}],"minimum":"120","maximum":"9000","discount":{"rate":"0.3333","stage":"after-minimum"},"rounding":{"places":3,"mode":"half-up"}}`},
	{"whole-units", `{"model":"graduated","tiers":[{"upTo":"500","rate":"1"},{"rate":"0.5"}],"rounding":{"places":2,"mode":"half-up"},"usageRounding":{"places":0,"mode":"up"}}`},
	{"free", `{"model":"graduated","tiers":[{"rate":"0"}],"rounding":{"places":2,"mode":"half-up"}}`},
}

// schedule returns the i-th of schedules.
func schedule(t *testing.T, i int) price.Schedule {
	t.Helper()
	return must(price.Compile(read[price.Terms](t, schedules[i].terms)))
}

// usages returns bounds, their neighbours and a few hundred others, in cents.
func usages() (out []int64) {
	for _, bound := range []int64{0, 10, 15, 100, 500, 1000, 1001, 5000, 10_000, 80_000, 250_000, 1_000_000} {
		for _, d := range []int64{-1, 0, 1, 50} {
			if u := bound*100 + d; u >= 0 {
				out = append(out, u)
			}
		}
	}
	r := random(1)
	for i := range 250 {
		limit := []int64{2_000, 200_000, 20_000_000, 1_000_000_000, 1_000_000_000_000_000}[i%5]
		out = append(out, r.n64(limit))
	}
	return out
}

func TestTerms(t *testing.T) {
	var b strings.Builder
	for i, s := range schedules {
		fmt.Fprintf(&b, "%s\n%s\n", s.name, indented(t, schedule(t, i).Terms()))
	}
	golden(t, "terms.txt", b.String())
}

func TestFees(t *testing.T) {
	var b strings.Builder
	for i, s := range schedules {
		fmt.Fprintf(&b, "%s: usage, fee, unrounded\n", s.name)
		schedule := schedule(t, i)
		for _, u := range usages() {
			usage := decimal.New(u, -2)
			fee := must(schedule.Fee(usage))
			fmt.Fprintf(&b, "%s\t%s\t%s\n", usage.StringFixed(2), fee.StringFixed(schedule.Terms().Rounding.Places), must(schedule.Unrounded(usage)))
		}
	}
	golden(t, "fees.txt", b.String())
}

// Usages in whole minor units have the fees of the same usages in decimals.
func TestFeesMinor(t *testing.T) {
	for i, s := range schedules {
		schedule := schedule(t, i)
		places := schedule.Terms().Rounding.Places
		for _, u := range usages() {
			minor, err := schedule.FeeMinor(u)
			if err != nil {
				t.Fatal(s.name, u, err)
			}
			if fee := must(schedule.Fee(decimal.New(u, -places))); !fee.Equal(decimal.New(minor, -places)) {
				t.Errorf("%s: FeeMinor(%d) = %d, Fee = %s", s.name, u, minor, fee)
			}
		}
	}
}

// rat returns r as a fraction, and "-" if there is none.
func rat(r *big.Rat) string {
	if r == nil {
		return "-"
	}
	return r.RatString()
}

func TestRates(t *testing.T) {
	text := func(r *big.Rat, err error) string {
		if err != nil {
			return "error"
		}
		return r.RatString()
	}
	var b strings.Builder
	for i, s := range schedules {
		fmt.Fprintf(&b, "%s: usage, marginal rate, effective rate\n", s.name)
		schedule := schedule(t, i)
		for _, u := range usages()[:46] {
			usage := decimal.New(u, -2)
			fmt.Fprintf(&b, "%s\t%s\t%s\n", usage.StringFixed(2), text(schedule.MarginalRate(usage)), text(schedule.EffectiveRate(usage)))
		}
	}
	golden(t, "rates.txt", b.String())
}

func TestQuotes(t *testing.T) {
	var b strings.Builder
	for i, s := range schedules {
		for _, usage := range []string{"0", "0.01", "100.2", "1000", "85000.33", "1234567.89"} {
			q := must(schedule(t, i).Quote(decimal.RequireFromString(usage)))
			fmt.Fprintf(&b, "%s\n%v\n", s.name, q)
		}
	}
	golden(t, "quotes.txt", b.String())
	goldenJSON(t, "quote.json", must(schedule(t, 5).Quote(decimal.RequireFromString("1234567.89"))))
}

func TestCurves(t *testing.T) {
	var b strings.Builder
	for i, s := range schedules {
		fmt.Fprintf(&b, "%s\n", s.name)
		for _, p := range schedule(t, i).Pieces() {
			fmt.Fprintf(&b, "piece %s %s %s %s\n", rat(p.From), rat(p.To), rat(p.Intercept), rat(p.Rate))
		}
		for _, p := range must(schedule(t, i).Points(decimal.Zero, decimal.New(100_000, 0), 21)) {
			fmt.Fprintf(&b, "point %s %s\n", p.Usage.RatString(), p.Fee.RatString())
		}
		for _, fee := range []string{"0", "29", "50", "100", "120", "1000", "6000", "9000", "12345.67"} {
			got, err := schedule(t, i).UsagesFor(decimal.RequireFromString(fee))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "usages for %s:", fee)
			for _, i := range got {
				fmt.Fprintf(&b, " %s %s open=%t", rat(i.From), rat(i.To), i.FromOpen)
			}
			b.WriteString("\n")
		}
		for j := range i {
			for _, e := range must(price.BreakEvens(schedule(t, i), schedule(t, j))) {
				fmt.Fprintf(&b, "break-even with %s: at %s (%s, %s), %d to %d, equal=%t\n", schedules[j].name, rat(e.At), e.Below, e.Above, e.Before, e.After, e.Equal)
			}
		}
	}
	for _, c := range must(price.Envelope(decimal.Zero, decimal.New(1_000_000, 0), schedule(t, 0), schedule(t, 1), schedule(t, 4))) {
		fmt.Fprintf(&b, "cheapest %s %s %d\n", rat(c.From), rat(c.To), c.Index)
	}
	golden(t, "curves.txt", b.String())
}

func TestShares(t *testing.T) {
	r := random(2)
	var b strings.Builder
	for range 60 {
		var weights []decimal.Decimal
		for range 1 + r.n(5) {
			weights = append(weights, decimal.New(int64(r.n(1000)), -1))
		}
		total := decimal.New(int64(r.n(100_000)), -2)
		got, err := price.Allocate(total, 2, weights, nil)
		if err != nil {
			fmt.Fprintf(&b, "%s by %v: error\n", total, weights)
			continue
		}
		fmt.Fprintf(&b, "%s by %v: %v\n", total, weights, got)
	}
	golden(t, "shares.txt", b.String())
}
