package billing_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// calculate does with a calculation on a page what a pocket calculator does:
// sums and differences of products. It reports how many numbers were cut.
func calculate(t fataler, s string) (x *big.Rat, cut bool) {
	number := func(s string) *big.Rat {
		percent := strings.HasSuffix(s, " %")
		s = strings.TrimSuffix(s, " %")
		if rest, ok := strings.CutSuffix(s, "…"); ok {
			s, cut = rest, true
		}
		x, ok := new(big.Rat).SetString(s)
		if !ok {
			t.Fatal("no number: " + s)
		}
		if percent {
			x.Mul(x, big.NewRat(1, 100))
		}
		return x
	}
	product := func(s string) *big.Rat {
		x := big.NewRat(1, 1)
		for _, f := range strings.Split(s, " × ") {
			x.Mul(x, number(f))
		}
		return x
	}
	sum := func(s string) *big.Rat {
		if a, b, ok := strings.Cut(s, " + "); ok {
			return new(big.Rat).Add(product(a), product(b))
		}
		if a, b, ok := strings.Cut(s, " - "); ok {
			return new(big.Rat).Sub(product(a), product(b))
		}
		return product(s)
	}
	if rest, ok := strings.CutPrefix(s, "("); ok {
		inner, factor, _ := strings.Cut(rest, ") × ")
		return sum(inner).Mul(sum(inner), number(factor)), cut
	}
	return sum(s), cut
}

// Each row of an invoice can be confirmed with a pocket calculator: the
// calculation gives the exact amount, which differs from the amount by less than
// a unit, and the amounts add up.
func TestRowsCanBeConfirmed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMonth(t)
		inv := must(m.book.Invoice(m.timeline, m.usages(t, m.spent)...))(t)
		tables := inv.Page().Tables
		rows := tables[len(tables)-1].Rows
		unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(inv.Places)), nil))
		fine := new(big.Rat).Mul(unit, big.NewRat(2, 10_000)) // of numbers that are cut, and one that is multiplied by less than 1
		exact, amounts := new(big.Rat), new(big.Rat)
		for n, row := range rows {
			shown, cut := calculate(t, row[3])
			amount, _ := calculate(t, row[4])
			if off := new(big.Rat).Sub(shown, amount); off.Abs(off).Cmp(unit) > 0 || !cut && off.Cmp(unit) == 0 {
				t.Errorf("%v: %v is billed as %v", row, shown, amount)
			}
			if n == len(rows)-1 {
				if exact.Sub(exact, shown).Abs(exact).Cmp(new(big.Rat).Mul(fine, big.NewRat(int64(len(rows)), 1))) > 0 || amounts.Cmp(amount) != 0 {
					t.Errorf("%v: the rows make %v and %v\n%v", row, exact, amounts, inv)
				}
				break
			}
			by, cutBase := calculate(t, row[2])
			if off := new(big.Rat).Sub(by, shown); !cut && !cutBase && off.Sign() != 0 || off.Abs(off).Cmp(fine) > 0 {
				t.Errorf("%v: the calculation gives %v", row, by.FloatString(12))
			}
			exact.Add(exact, shown)
			amounts.Add(amounts, amount)
		}
		if text, markdown := inv.String(), inv.Page().Markdown(); strings.Count(text, "\n") < len(rows) || strings.Count(markdown, "|--") < 2 {
			t.Errorf("%s\n%s", text, markdown)
		}
	})
}

// The row for 29 and 3 % multiplies, a discount shows its rate and base, and
// rounded usage is shown beside the usage.
func TestPagesShowEveryStep(t *testing.T) {
	terms := cardA()
	terms.Plans = map[plan.Plan]price.Terms{
		plan.Developer: {
			Model: price.ModelGraduated, Tiers: []price.Tier{{Rate: d("0.03"), Flat: d("29")}}, UsageRounding: price.Rounding{Mode: price.RoundingUp},
			Discount: price.Discount{Rate: d("0.125"), Stage: price.DiscountBeforeMaximum}, Maximum: d("40"),
		},
		plan.Business: {Model: price.ModelVolume, Tiers: []price.Tier{{UpTo: d("10"), Rate: d("0.2")}, {UpTo: d("500"), Rate: d("0.1")}, {Rate: d("0.05")}}, Minimum: d("100")},
	}
	tl := timeline(t,
		plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: day(3, 1), End: day(3, 2).Add(90 * time.Minute)}},
		plan.Subscription{Plan: plan.Business, Period: days(3, 11, 32)})
	inv := must(must(oneEdition(t, terms).Invoice(tl, spent(t, "100.20")))(t).Issue("A|1"))(t)
	want := `Invoice A|1 for 1–31 March 2026 (UTC)
Usage: 100.20 USD
Amount due: 68.70 USD

Plan       Rate card  Time                                      Share of the period   Usage  Rated usage
Developer  A          1 March 2026 00:00 to 2 March 2026 01:30  25.5 of 744 hours    100.20       101.00
Basic      A          2 March 2026 01:30 to 11 March 2026 00:00  214.5 of 744 hours   100.20       100.20
Business   A          11–31 March 2026                          504 of 744 hours     100.20       100.20

Plan       Charge                   Calculation                          Exact  Amount USD
Developer  All usage                (101.00 × 3 % + 29.00) × 17/496     1.097802…        1.10
Developer  Discount                 -12.5 % × 1.097802…                -0.137225…       -0.14
Business   Tier 2: 10.00 to 500.00  100.20 × 10 % × 21/31               6.787741…        6.79
Business   Minimum                  100.00 × 21/31 - 6.787741…         60.954193…       60.95
Total                               rounded half up to 2 places        68.702512…       68.70
`
	if diff := cmp.Diff(columns(want), columns(inv.String())); diff != "" {
		t.Error(diff)
	}
	md := inv.Page().Markdown()
	for _, line := range []string{
		`# Invoice A\|1 for 1–31 March 2026 (UTC)`,
		"|---|---|---|---|--:|--:|",
		`| Developer | Discount | -12.5 % × 1.097802… | -0.137225… | -0.14 |`,
	} {
		if !strings.Contains(md, line+"\n") {
			t.Errorf("no line %s in\n%s", line, md)
		}
	}
}

// columns is a page without the widths of its columns.
func columns(page string) (out []string) {
	for _, line := range strings.Split(page, "\n") {
		for strings.Contains(line, "   ") {
			line = strings.ReplaceAll(line, "   ", "  ")
		}
		out = append(out, line)
	}
	return out
}

// A column is of numbers, and stands at the right, if all its cells are, but for
// empty ones; the first two hold names.
func TestColumnsOfNumbers(t *testing.T) {
	page := billing.Page{Title: "A*", Lines: []string{"b_c"}, Tables: []billing.Table{{
		Header: []string{"name", "id", "all", "some", "later", "none", "empty", "cut"},
		Rows: [][]string{
			{"1", "2", "3", "4", "five", "", "", "-6.5…"},
			{"x", "10", "-30.5", "forty", "50", "", "7", "60"},
		},
	}}}
	want := "A*\nb_c\n\n" +
		"name  id    all  some   later  none  empty    cut\n" +
		"1     2       3  4      five                -6.5…\n" +
		"x     10  -30.5  forty  50               7     60\n"
	if diff := cmp.Diff(want, page.String()); diff != "" {
		t.Error(diff)
	}
	want = "# A\\*\n\nb\\_c\n\n" +
		"| name | id | all | some | later | none | empty | cut |\n" +
		"|---|---|--:|---|---|---|--:|--:|\n" +
		"| 1 | 2 | 3 | 4 | five |  |  | -6.5… |\n" +
		"| x | 10 | -30.5 | forty | 50 |  | 7 | 60 |\n"
	if diff := cmp.Diff(want, page.Markdown()); diff != "" {
		t.Error(diff)
	}
}

// Dates are in words, in the zone of the document.
func TestPeriodsInWords(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	at := func(loc *time.Location, year int, month time.Month, day, hour, min int) time.Time {
		return time.Date(year, month, day, hour, min, 0, 0, loc)
	}
	for _, c := range []struct {
		start, end time.Time
		want       string
	}{
		{at(time.UTC, 2026, 3, 1, 0, 0), at(time.UTC, 2026, 4, 1, 0, 0), "1–31 March 2026 (UTC)"},
		{at(time.UTC, 2026, 3, 1, 0, 0), at(time.UTC, 2026, 3, 2, 0, 0), "1 March 2026 (UTC)"},
		{at(time.UTC, 2026, 2, 15, 0, 0), at(time.UTC, 2026, 3, 18, 0, 0), "15 February – 17 March 2026 (UTC)"},
		{at(time.UTC, 2025, 12, 15, 0, 0), at(time.UTC, 2026, 1, 15, 0, 0), "15 December 2025 – 14 January 2026 (UTC)"},
		{at(time.UTC, 2025, 12, 1, 0, 0), at(time.UTC, 2026, 1, 1, 0, 0), "1–31 December 2025 (UTC)"},
		{at(berlin, 2026, 3, 1, 0, 0), at(berlin, 2026, 4, 1, 0, 0), "1–31 March 2026 (Europe/Berlin)"},
		{at(time.FixedZone("", 3600), 2026, 3, 1, 0, 0), at(time.FixedZone("", 7200), 2026, 4, 1, 0, 0), "1–31 March 2026 (UTC+01:00 to UTC+02:00)"},
		{at(time.FixedZone("", -12600), 2026, 6, 1, 0, 0), at(time.FixedZone("", -12600), 2026, 7, 1, 0, 0), "1–30 June 2026 (UTC-03:30)"},
		{at(time.FixedZone("", 0), 2026, 6, 1, 0, 0), at(time.FixedZone("", 0), 2026, 7, 1, 0, 0), "1–30 June 2026 (UTC)"},
		{at(time.FixedZone("Local", 3600), 2026, 6, 1, 0, 0), at(time.FixedZone("Local", 3600), 2026, 7, 1, 0, 0), "1–30 June 2026 (UTC+01:00)"},
		{at(time.FixedZone("+03", 10800), 2026, 6, 1, 0, 0), at(time.FixedZone("UTC-3", -10800), 2026, 7, 1, 0, 0), "1–30 June 2026 (UTC+03:00 to UTC-03:00)"},
		{at(zone(t, "Etc/GMT+3"), 2026, 6, 1, 0, 0), at(time.FixedZone("CET", 3600), 2026, 7, 1, 0, 0), "1–30 June 2026 (Etc/GMT+3 to CET)"},
		{at(time.UTC, 2026, 3, 1, 0, 0), at(time.UTC, 2026, 4, 1, 0, 0).Add(time.Second), "1 March 2026 00:00 to 1 April 2026 00:00:01 (UTC)"},
		{at(time.UTC, 2026, 3, 1, 6, 0), at(time.UTC, 2026, 4, 1, 6, 30), "1 March 2026 06:00 to 1 April 2026 06:30 (UTC)"},
		{at(time.UTC, 2026, 3, 1, 0, 0).Add(time.Millisecond), at(time.UTC, 2026, 4, 1, 0, 0), "1 March 2026 00:00:00.001 to 1 April 2026 00:00 (UTC)"},
	} {
		s := billing.Shortfall{Head: billing.Head{ID: "1", Kind: billing.DocumentShortfall, Period: calendar.Period{Start: c.start, End: c.end}, Currency: "USD"}}
		if got := s.Page().Title; got != "Shortfall 1 for "+c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// By segment and by days, in whole yen.
func TestPageByDays(t *testing.T) {
	terms := cardA()
	terms.Currency, terms.Rounding = "JPY", price.Rounding{Mode: price.RoundingHalfEven}
	terms.Proration, terms.Zone, terms.Basis = billing.ProrationDays, zone(t, "Asia/Tokyo"), price.BasisSegment
	p := must(calendar.Month(2026, time.March, terms.Zone))(t)
	cut := time.Date(2026, 3, 22, 12, 0, 0, 0, terms.Zone)
	usage := func(start, end time.Time, amount string) billing.Usage {
		q := calendar.Period{Start: start, End: end}
		return must(billing.NewUsage("JPY", q, billing.Charge{Kind: billing.ChargeCloudService, Amount: d(amount), Period: q}))(t)
	}
	tl := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: cut}})
	inv := must(oneEdition(t, terms).Invoice(tl, usage(p.Start, cut, "7"), usage(cut, p.End, "305")))(t)
	want := `Draft invoice for 1–31 March 2026 (Asia/Tokyo)
Usage: 312 JPY
Amount due: 32 JPY

Plan      Rate card  Time                                         Share of the period  Usage
Basic     A          1 March 2026 00:00 to 22 March 2026 12:00    21 of 31 days            7
Business  A          22 March 2026 12:00 to 1 April 2026 00:00    10 of 31 days          305

Plan      Charge                Calculation                        Exact  Amount JPY
Business  Tier 1: up to 10000   305 × 10 %                          30.5          30
Business  Minimum               100 × 10/31 - 30.5                1.7580…           2
Total                           rounded half even to 0 places    32.2580…          32
`
	if diff := cmp.Diff(columns(want), columns(inv.String())); diff != "" {
		t.Error(diff)
	}
}

func TestCheapest(t *testing.T) {
	card := mustCard(t, illustrative())
	same := illustrative()
	same.Plans[plan.Enterprise] = same.Plans[plan.Business]
	for name, c := range map[string]struct {
		card     billing.Card
		from, to string
		needs    []plan.Need
		want     string
	}{
		"Basic is free":          {card, "0", "1000000", nil, "[basic 0 1000000]"},
		"paid plans":             {card, "0", "1000000", []plan.Need{atLeast(plan.Developer)}, "[developer 0 1000000]"},
		"two needs":              {card, "100", "10000000", []plan.Need{atLeast(plan.Developer), atLeast(plan.Business)}, "[business 100 3430000][enterprise 3430000 10000000]"},
		"one plan":               {card, "0", "10", []plan.Need{atLeast(plan.Enterprise)}, "[enterprise 0 10]"},
		"one usage":              {card, "85000", "85000", []plan.Need{atLeast(plan.Business)}, "[business 85000 85000]"},
		"as cheap, but higher":   {mustCard(t, same), "0", "10", []plan.Need{atLeast(plan.Business)}, "[enterprise 0 10]"},
		"as cheap, at one usage": {mustCard(t, same), "7", "7", []plan.Need{atLeast(plan.Business)}, "[enterprise 7 7]"},
	} {
		var got strings.Builder
		for _, o := range must(c.card.Cheapest(d(c.from), d(c.to), c.needs...))(t) {
			fmt.Fprintf(&got, "[%v %s %s]", o.Plan, o.From.RatString(), o.To.RatString())
		}
		if got.String() != c.want {
			t.Errorf("%s: %s, want %s", name, got.String(), c.want)
		}
	}
	for name, err := range map[string]error{
		"no plan":    second(card.Cheapest(d("0"), d("1"), atLeast(9))),
		"not priced": second(mustCard(t, cardA()).Cheapest(d("0"), d("1"), atLeast(plan.Enterprise))),
	} {
		if !errors.Is(err, billing.ErrNotPriced) || !strings.HasPrefix(err.Error(), "billing: cheapest: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"zero card": second(billing.Card{}.Cheapest(d("0"), d("1"))),
		"nil need":  second(card.Cheapest(d("0"), d("1"), nil)),
		"backward":  second(card.Cheapest(d("1"), d("0"))),
		"negative":  second(card.Cheapest(d("-1"), d("-1"))),
		"absurd":    second(card.Cheapest(d("1"), d("1e1000"))),
	} {
		if !errors.Is(err, billing.ErrInvalid) || !strings.HasPrefix(err.Error(), "billing: cheapest: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[V any](_ V, err error) error { return err }
