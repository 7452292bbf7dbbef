package price_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing/price"
)

// A quote reads back as it was, and prints as rows that a pocket calculator
// confirms.
func TestQuoteJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		q, err := compile(t, terms).Quote(drawUsage(t, terms))
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		var again price.Quote
		if err := json.Unmarshal(data, &again); err != nil || !cmp.Equal(q, again) {
			t.Fatalf("%v\n%s", err, cmp.Diff(q, again))
		}
		for i, l := range q.Lines {
			text, err := json.Marshal(l)
			var line price.Line
			if err != nil || json.Unmarshal(text, &line) != nil || !cmp.Equal(l, line) {
				t.Fatalf("line %d: %v: %s", i, err, text)
			}
		}
		checkRows(t, q)
	})
}

// checkRows works the printed rows of q out again.
func checkRows(t *rapid.T, q price.Quote) {
	number := func(s string) decimal.Decimal {
		if s == "" || s == "…" {
			return decimal.Decimal{}
		}
		if s, ok := strings.CutSuffix(s, " %"); ok {
			return d(s).Shift(-2)
		}
		return d(s)
	}
	var sum decimal.Decimal
	for _, line := range strings.Split(strings.TrimSpace(q.Markdown()), "\n")[4:] {
		cells := strings.Split(strings.Trim(line, "| "), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		from, to, usage, rate, flat, charge := number(cells[1]), number(cells[2]), number(cells[3]), number(cells[4]), number(cells[5]), number(cells[6])
		switch cells[0] {
		case "total":
			if !sum.Equal(charge) {
				t.Fatalf("the rows add up to %v\n%v", sum, q)
			}
			continue
		case "maximum", "minimum", "rounding":
			if !from.Equal(sum) || !to.Sub(from).Equal(charge) {
				t.Fatalf("%s\n%v", line, q)
			}
		default:
			if !usage.Mul(rate).Add(flat).Equal(charge) || cells[0] == "discount" && !usage.Equal(sum) {
				t.Fatalf("%s\n%v", line, q)
			}
		}
		sum = sum.Add(charge)
	}
}

// numbers are the amounts in a quote's JSON that others of it determine: all but
// bounds that no other line repeats, rates and flat amounts of lines together
// with their charges, and the usage that was asked for.
var numbers = regexp.MustCompile(`"(usageRated|slice|rate|flat|charge|base|amount|total)":"(-?[0-9.]+)"`)

// A quote in which one number was changed that others determine is refused, by
// the path of a field.
func TestChangedQuotesAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		q, err := compile(t, terms).Quote(drawUsage(t, terms))
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		places := numbers.FindAllSubmatchIndex(data, -1)
		at := rapid.SampledFrom(places).Draw(t, "at")
		old := d(string(data[at[4]:at[5]]))
		by := decimal.New(rapid.SampledFrom([]int64{1, -1, 7, 1e9}).Draw(t, "by"), -rapid.Int32Range(0, 20).Draw(t, "places"))
		changed := slices.Concat(data[:at[4]], []byte(old.Add(by).StringFixed(max(-old.Exponent(), -by.Exponent()))), data[at[5]:])
		name := string(data[at[2]:at[3]])
		if slice := lineOf(q, data, at[0]); name == "rate" && slice >= 0 && q.Lines[slice].Slice.IsZero() {
			t.Skip("the rate of nothing")
		}
		var again price.Quote
		err = again.UnmarshalJSON(changed)
		var wrong *price.FieldError
		if !errors.Is(err, price.ErrInvalid) || !errors.As(err, &wrong) || wrong.Path == "" {
			t.Fatalf("%s was changed by %v: %v\n%s", name, by, err, changed)
		}
		if !cmp.Equal(again, price.Quote{}) {
			t.Fatalf("after an error: %v", again)
		}
	})
}

// lineOf returns the index of q's line that the byte at is in, or -1.
func lineOf(q price.Quote, data []byte, at int) int {
	for i := len(q.Lines) - 1; i >= 0; i-- {
		if start := strings.Index(string(data), `{"tier":`+strconv.Itoa(q.Lines[i].Tier)+`,`); start >= 0 && start <= at {
			if at < strings.Index(string(data), `"adjustments"`) {
				return i
			}
		}
	}
	return -1
}

func TestQuoteJSONIsStrict(t *testing.T) {
	terms := percent()
	terms.Discount = price.Discount{Rate: d("0.1"), Stage: price.DiscountAfterMinimum}
	terms.Maximum = d("5000")
	q, err := price.MustCompile(terms).Quote(d("85000.33"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, c := range []struct{ old, new, want string }{
		{`"format":1`, `"format":2`, "format: 2: this version reads up to 1: written by a newer version"},
		{`"format":1`, `"format":"1"`, "format: "},
		{`"usage":`, `"Usage":`, "Usage: invalid JSON: unknown field"},
		{`"tier":2`, `"tier":3`, "lines[1].tier: 3; want 2"},
		{`"tier":1`, `"tier":10001`, "lines[0].tier: "},
		{`"from":"10000"`, `"from":"9999"`, "lines[1].from: 9999: want 10000, the bound before"},
		{`"to":"250000"`, `"to":"85000"`, "lines[2].to: 85000: the rated usage is above it"},
		{`"kind":"maximum"`, `"kind":"minimum"`, "adjustments[0].amount: "},
		{`"kind":"maximum"`, `"kind":"rounding"`, `adjustments[0].kind: "rounding": rounding is the last adjustment`},
		{`"kind":"maximum"`, `"kind":"Maximum"`, `adjustments[0].kind: "Maximum": unknown kind of adjustment`},
		{`"kind":"maximum",`, `"kind":"maximum","rate":"0.1",`, "adjustments[0].rate: 0.1: only a discount has one"},
		{`"total":"4500.00"`, `"total":4500`, "total: invalid JSON: want a string"},
		{`"total":"4500.00"`, `"total":"4500.00","total":"4500.00"`, ""},
	} {
		changed := strings.Replace(text, c.old, c.new, 1)
		err := new(price.Quote).UnmarshalJSON([]byte(changed))
		if changed == text || err == nil || !strings.HasPrefix(err.Error(), "price: decode quote: "+c.want) {
			t.Errorf("%s: %v; want %s", c.new, err, c.want)
		}
		if newer := strings.Contains(c.want, "newer"); errors.Is(err, price.ErrNewer) != newer || errors.Is(err, price.ErrInvalid) == newer {
			t.Errorf("%s: %v is of the wrong kind", c.new, err)
		}
	}
	rounded := price.Quote{Adjustments: []price.Adjustment{{Kind: price.AdjustmentRounding, Amount: d("0.01")}}, Total: d("0.01")}
	if _, err := json.Marshal(rounded); !errors.Is(err, price.ErrInvalid) {
		t.Errorf("a unit of rounding: %v", err)
	}
	for want, q := range map[string]json.Marshaler{
		"price: marshal quote: lines[1].from: 100: the rated usage is not above it": price.Quote{
			Usage: d("100"), UsageRated: d("100"), Total: d("10"),
			Lines: []price.Line{{Tier: 1, To: d("100"), Slice: d("100"), Rate: d("0.1"), Charge: d("10")}, {Tier: 2, From: d("100"), Rate: d("0.1")}},
		},
		"price: marshal quote: adjustments[0].base: ": price.Quote{Adjustments: []price.Adjustment{{Kind: price.AdjustmentDiscount, Base: decimal.New(1, 1e9)}}},
		"price: marshal line: charge: 2: want 1, ":    price.Line{Tier: 1, Slice: d("10"), Rate: d("0.1"), Charge: d("2")},
	} {
		if _, err := q.MarshalJSON(); !errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	l := price.Line{Tier: 7}
	err = l.UnmarshalJSON([]byte(`{"tier":1,"from":"0","slice":"10","rate":"0.1","flat":"0","charge":"2"}`))
	if !errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), "price: decode line: charge: 2: want 1, ") || l.Tier != 7 {
		t.Errorf("a line with another charge: %v, %v", l, err)
	}
	if data, err := json.Marshal(price.Quote{}); err != nil || string(data) != `{"format":1,"usage":"0","usageRated":"0","lines":[],"adjustments":[],"total":"0"}` {
		t.Errorf("the zero quote: %s, %v", data, err)
	}
}

// twoLines is a quote of 150 with a line for each of two tiers and a discount.
func twoLines() price.Quote {
	return price.Quote{
		Usage: d("150"), UsageRated: d("150"), Total: d("13.50"),
		Lines: []price.Line{
			{Tier: 1, To: d("100"), Slice: d("100"), Rate: d("0.1"), Charge: d("10")},
			{Tier: 2, From: d("100"), To: d("200"), Slice: d("50"), Rate: d("0.1"), Charge: d("5")},
		},
		Adjustments: []price.Adjustment{{Kind: price.AdjustmentDiscount, Base: d("15"), Rate: d("0.1"), Amount: d("-1.5")}},
	}
}

// A number of a quote that is beyond the limits, or none at all, is named.
func TestNumbersOfQuotes(t *testing.T) {
	huge := decimal.New(1, 100)
	for path, change := range map[string]func(q *price.Quote){
		"usage":                 func(q *price.Quote) { q.Usage = huge },
		"usageRated":            func(q *price.Quote) { q.UsageRated = huge },
		"total":                 func(q *price.Quote) { q.Total = huge },
		"lines[1].from":         func(q *price.Quote) { q.Lines[1].From = huge },
		"lines[1].to":           func(q *price.Quote) { q.Lines[1].To = huge },
		"lines[1].slice":        func(q *price.Quote) { q.Lines[1].Slice = huge },
		"lines[1].rate":         func(q *price.Quote) { q.Lines[1].Rate = huge },
		"lines[1].flat":         func(q *price.Quote) { q.Lines[1].Flat = huge },
		"lines[1].charge":       func(q *price.Quote) { q.Lines[1].Charge = huge },
		"adjustments[0].base":   func(q *price.Quote) { q.Adjustments[0].Base = huge },
		"adjustments[0].rate":   func(q *price.Quote) { q.Adjustments[0].Rate = huge },
		"adjustments[0].amount": func(q *price.Quote) { q.Adjustments[0].Amount = huge },
	} {
		q := twoLines()
		change(&q)
		const says = ": a number of 1 digits with exponent 100"
		if _, err := q.MarshalJSON(); !errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), "price: marshal quote: "+path+says) {
			t.Errorf("%s: %v", path, err)
		}
		if got := q.String(); !strings.HasPrefix(got, "Quote("+path+says) {
			t.Errorf("%s: %s", path, got)
		}
		name := path[strings.LastIndex(path, ".")+1:]
		if _, err := q.Lines[1].MarshalJSON(); strings.HasPrefix(path, "lines") && (!errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), "price: marshal line: "+name+says)) {
			t.Errorf("%s: line: %v", path, err)
		}
	}
	data, err := twoLines().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	for path, number := range map[string]string{
		"usage": `"usage":"150"`, "usageRated": `"usageRated":"150"`, "lines[0].from": `"from":"0"`, "lines[0].to": `"to":"100"`, "lines[0].slice": `"slice":"100"`,
		"lines[0].rate": `"rate":"0.1"`, "lines[0].flat": `"flat":"0"`, "lines[0].charge": `"charge":"10"`,
		"adjustments[0].base": `"base":"15"`, "adjustments[0].amount": `"amount":"-1.5"`, "total": `"total":"13.50"`,
	} {
		name, _, _ := strings.Cut(number, ":")
		err := new(price.Quote).UnmarshalJSON([]byte(strings.Replace(string(data), number, name+`:"x"`, 1)))
		if !errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), "price: decode quote: "+path+`: "x": want plain digits`) {
			t.Errorf("%s of x: %v", path, err)
		}
	}
}

// The lines of a quote are of tiers that follow one another, or of one tier.
func TestTiersOfQuotes(t *testing.T) {
	for want, change := range map[string]func(q *price.Quote){
		"lines[1].tier: 3; want 2":                      func(q *price.Quote) { q.Lines[1].Tier = 3 },
		"lines[0].tier: 2; want 1":                      func(q *price.Quote) { q.Lines[0].Tier = 2 },
		"lines[1].from: 90: want 100, the bound before": func(q *price.Quote) { q.Lines[1].From = d("90") },
		"lines[0].from: 1: want 0, the bound before":    func(q *price.Quote) { q.Lines[0].From = d("1"); q.Lines = q.Lines[:1] },
		"lines[0].tier: 0; want 1 to 10000":             func(q *price.Quote) { q.Lines[0].Tier = 0 },
		"lines[1].tier: 10001; want 1 to 10000":         func(q *price.Quote) { q.Lines[1].Tier = 10_001 },
	} {
		q := twoLines()
		change(&q)
		if _, err := q.MarshalJSON(); !errors.Is(err, price.ErrInvalid) || !strings.HasPrefix(err.Error(), "price: marshal quote: "+want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	last := price.Line{Tier: price.MaxTiers, From: d("9"), Slice: d("10"), Rate: d("0.1"), Charge: d("1")}
	q := price.Quote{Usage: d("10"), UsageRated: d("10"), Total: d("1"), Lines: []price.Line{last}}
	data, err := q.MarshalJSON()
	var again price.Quote
	if err != nil || again.UnmarshalJSON(data) != nil || !cmp.Equal(q, again) {
		t.Errorf("the last of all tiers: %v, %s", err, data)
	}
}

// A schedule is kept as its terms.
func TestScheduleJSON(t *testing.T) {
	s := price.MustCompile(percent())
	data, err := json.Marshal(map[string]price.Schedule{"team": s})
	if err != nil {
		t.Fatal(err)
	}
	var again map[string]price.Schedule
	if err := json.Unmarshal(data, &again); err != nil || !cmp.Equal(again["team"].Terms(), percent()) {
		t.Errorf("%v: %s", err, data)
	}
	if _, err := json.Marshal(price.Schedule{}); !errors.Is(err, price.ErrNotCompiled) {
		t.Errorf("the zero schedule: %v", err)
	}
	if err := s.UnmarshalJSON([]byte(`{}`)); !errors.Is(err, price.ErrInvalid) || !cmp.Equal(s.Terms(), percent()) {
		t.Errorf("nothing: %v", err)
	}
}

// columns is a text without the widths of its columns.
func columns(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
	}
	return b.String()
}

func TestQuoteText(t *testing.T) {
	terms := percent()
	terms.Discount = price.Discount{Rate: d("0.125"), Stage: price.DiscountBeforeMaximum}
	terms.UsageRounding = price.Rounding{Mode: price.RoundingUp}
	q, err := price.MustCompile(terms).Quote(d("11000.2"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `usage 11000.20, rated as 11001.00
      tier      from        to     usage     rate  flat     charge
         1      0.00  10000.00  10000.00     10 %  0.00    1000.00
         2  10000.00  80000.00   1001.00      7 %  0.00      70.07
  discount                       1070.07  -12.5 %        -133.75875
  rounding  936.31125    936.31                          -0.00125
     total                                                 936.31
`
	if got := q.String(); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("got\n%s", got)
	}
	plain, err := price.MustCompile(hours(price.ModelGraduated)).Quote(d("16"))
	if err != nil {
		t.Fatal(err)
	}
	const hourly = `usage 16.00
   tier   from     to  usage  rate  flat  charge
      1   0.00  10.00  10.00     5  0.00   50.00
      2  10.00  15.00   5.00     3  0.00   15.00
      3  15.00      …   1.00     1  0.00    1.00
  total                                    66.00
`
	if got := plain.String(); got != hourly {
		t.Errorf("got\n%s", got)
	}
	yen := hours(price.ModelGraduated)
	yen.Rounding.Places = 0
	plain, err = price.MustCompile(yen).Quote(d("7"))
	if got := columns(plain.String()); err != nil || got != "usage 7\ntier from to usage rate flat charge\n1 0 10 7 5 0 35\ntotal 35\n" {
		t.Errorf("%v, got\n%s", err, got)
	}
	absurd := price.Quote{Lines: []price.Line{{}, {Rate: decimal.New(1, 1e9)}}}
	if got := absurd.Markdown(); !strings.HasPrefix(got, "Quote(lines[1].rate: a number") {
		t.Errorf("got %s", got)
	}
}
