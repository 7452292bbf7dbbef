package billing_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

const quoteText = `{"plan":"business","currency":"USD","edition":"illustrative-2026","usage":"11000.5","usageRated":"11000.5",` +
	`"lines":[{"tier":1,"from":"0","to":"10000","slice":"10000","rate":"0.10","flat":"0","charge":"1000.00"},` +
	`{"tier":2,"from":"10000","to":"80000","slice":"1000.5","rate":"0.07","flat":"0","charge":"70.035"}],` +
	`"adjustments":[{"kind":"rounding","base":"1070.035","amount":"0.005"}],"total":"1070.04"}`

const settlementText = `{"invoice":{"start":"2026-03-01T00:00:00Z","end":"2026-04-01T00:00:00Z","currency":"USD","usage":"20",` +
	`"parts":[{"plan":"basic","edition":"A","periods":[{"start":"2026-03-01T00:00:00Z","end":"2026-03-16T00:00:00Z"}],"share":"15/31"},` +
	`{"plan":"business","edition":"A","periods":[{"start":"2026-03-16T00:00:00Z","end":"2026-04-01T00:00:00Z"}],"share":"16/31"}],` +
	`"lines":[{"plan":"business","edition":"A","share":"16/31","tier":{"tier":1,"from":"0","to":"10000","slice":"20","rate":"0.10","flat":"0","charge":"2.00"},"exact":"32/31","amount":"1.03"},` +
	`{"plan":"business","edition":"A","share":"16/31","kind":"minimum","exact":"1568/31","amount":"50.58"}],"total":"51.61"},"billed":"60.00","amount":"-8.39"}`

// half is an account that has Business for the second half of March.
func half(t interface{ Fatal(...any) }) plan.Timeline {
	tl, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(3, 16), End: day(4, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

type billed struct {
	billing.Invoice
}

func TestDocumentJSON(t *testing.T) {
	q, err := newCard(t).Quote(plan.Business, d("11000.5"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(q)
	if string(data) != quoteText || err != nil {
		t.Errorf("%v\ngot  %s\nwant %s", err, data, quoteText)
	}
	var again billing.Quote
	if err := json.Unmarshal(data, &again); err != nil || !cmp.Equal(q, again) {
		t.Errorf("%v\n%s", err, cmp.Diff(q, again))
	}

	book, err1 := mustCard(t, cardA()).Book(day(1, 1))
	inv, err2 := book.Invoice(half(t), march, d("20"))
	paid := inv
	paid.Total = d("60.00")
	s, err3 := inv.Settle(billed{paid})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	data, err = json.Marshal(s)
	if string(data) != settlementText || err != nil {
		t.Errorf("%v\ngot  %s\nwant %s", err, data, settlementText)
	}
	var back billing.Settlement
	if err := json.Unmarshal(data, &back); err != nil || !cmp.Equal(s, back, rats) {
		t.Errorf("%v\n%s", err, cmp.Diff(s, back, rats))
	}
	advance, err := book.Advance(half(t), march)
	if err != nil {
		t.Fatal(err)
	}
	data, err = json.Marshal(advance)
	var ahead billing.Invoice
	if err2 := json.Unmarshal(data, &ahead); err != nil || err2 != nil || !strings.Contains(string(data), `"advance":true`) || !cmp.Equal(advance, ahead, rats) {
		t.Errorf("%v %v %s\n%s", err, err2, data, cmp.Diff(advance, ahead, rats))
	}
}

func TestDocumentJSONIsStrict(t *testing.T) {
	for _, c := range []struct {
		text, old, new string
		into           json.Unmarshaler
		want           error
		message        string
	}{
		{quoteText, `"total":"1070.04"`, `"total":"1070.05"`, &billing.Quote{}, price.ErrInvalid, "billing: decode quote: total: 1070.05: want 1070.04, the sum of lines and adjustments"},
		{quoteText, `"amount":"0.005"`, `"amount":"0.006"`, &billing.Quote{}, price.ErrInvalid, "billing: decode quote: total: "},
		{quoteText, `"total":"1070.04"`, `"total":1070.04`, &billing.Quote{}, billing.ErrJSON, "billing: decode quote: total: "},
		{quoteText, `"tier":2`, `"tier":0`, &billing.Quote{}, billing.ErrJSON, "billing: decode quote: lines[1].tier: "},
		{quoteText, `"slice":"1000.5"`, `"slice":"1e3"`, &billing.Quote{}, billing.ErrAmount, "billing: decode quote: lines[1].slice: "},
		{quoteText, `"kind":"rounding"`, `"kind":"tip"`, &billing.Quote{}, price.ErrInvalid, "billing: decode quote: adjustments[0].kind: "},
		{quoteText, `"plan":"business"`, `"plan":"premium"`, &billing.Quote{}, plan.ErrUnknown, "billing: decode quote: plan: "},
		{quoteText, `"plan":"business"`, `"plan":null`, &billing.Quote{}, billing.ErrJSON, "billing: decode quote: plan: "},
		{quoteText, `"flat":"0",`, ``, &billing.Quote{}, billing.ErrJSON, "billing: decode quote: lines[0].flat: "},
		{settlementText, `"amount":"-8.39"`, `"amount":"8.39"`, &billing.Settlement{}, billing.ErrSum, "billing: decode settlement: amount: "},
		{settlementText, `"billed":"60.00"`, `"billed":""`, &billing.Settlement{}, billing.ErrAmount, "billing: decode settlement: billed: "},
		{settlementText, `"amount":"1.03"`, `"amount":"1.04"`, &billing.Settlement{}, billing.ErrSum, "billing: decode settlement: invoice.total: "},
		{settlementText, `"exact":"32/31"`, `"exact":"32/0"`, &billing.Settlement{}, billing.ErrAmount, `billing: decode settlement: invoice.lines[0].exact: "32/0": not a fraction`},
		{settlementText, `"exact":"32/31"`, `"exact":"1e9"`, &billing.Settlement{}, billing.ErrAmount, "billing: decode settlement: invoice.lines[0].exact: "},
		{settlementText, `"exact":"32/31"`, `"exact":"` + strings.Repeat("9", 513) + `"`, &billing.Settlement{}, billing.ErrAmount, "billing: decode settlement: invoice.lines[0].exact: "},
		{settlementText, `"kind":"minimum"`, `"kind":"minimum","tier":{}`, &billing.Settlement{}, billing.ErrJSON, "billing: decode settlement: invoice.lines[1].tier: invalid JSON: unknown field"},
		{settlementText, `"kind":"minimum",`, ``, &billing.Settlement{}, billing.ErrJSON, "billing: decode settlement: invoice.lines[1].tier: invalid JSON: field is missing"},
		{settlementText, `"end":"2026-04-01T00:00:00Z","currency"`, `"currency"`, &billing.Settlement{}, billing.ErrJSON, "billing: decode settlement: invoice.end: "},
		{settlementText, `"end":"2026-04-01T00:00:00Z","currency"`, `"end":"0001-01-01T00:00:00Z","currency"`, &billing.Settlement{}, calendar.ErrPeriod, "billing: decode settlement: invoice: not a period"},
		{settlementText, `"end":"2026-04-01T00:00:00Z","currency"`, `"end":"2026-03-01T00:00:00Z","currency"`, &billing.Settlement{}, calendar.ErrPeriod, "billing: decode settlement: invoice: calendar: period"},
		{settlementText, `"usage":"20"`, `"usage":"20","note":""`, &billing.Settlement{}, billing.ErrJSON, "billing: decode settlement: invoice.note: "},
		{settlementText, `"share":"15/31"`, `"share":"x"`, &billing.Settlement{}, billing.ErrAmount, "billing: decode settlement: invoice.parts[0].share: "},
		{`{}`, `{}`, `{"start":1}`, &billing.Invoice{}, billing.ErrJSON, "billing: decode invoice: start: "},
	} {
		bad := strings.Replace(c.text, c.old, c.new, 1)
		if err := c.into.UnmarshalJSON([]byte(bad)); !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), c.message) {
			t.Errorf("%s: %v", c.new, err)
		}
		if zero := reflect.New(reflect.TypeOf(c.into).Elem()).Interface(); !cmp.Equal(zero, c.into, rats) {
			t.Errorf("%s: changed to %+v", c.new, c.into)
		}
	}
}

// Quotes, invoices and settlements survive their JSON forms to the digit.
func TestDocumentJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, cards := drawBook(t)
		tl, _ := drawTimeline(t)
		usage := drawUsage(t, cards[0].Plans[plan.Business])
		q, err1 := book.Cards()[0].Card.Quote(plan.Business, usage)
		inv, err2 := book.Invoice(tl, march, usage)
		s, err3 := inv.Settle(inv, inv)
		qText, err4 := json.Marshal(q)
		sText, err5 := json.Marshal(s)
		var q2 billing.Quote
		var s2 billing.Settlement
		if err := errors.Join(err1, err2, err3, err4, err5, json.Unmarshal(qText, &q2), json.Unmarshal(sText, &s2)); err != nil {
			t.Fatalf("%v\n%s\n%s", err, qText, sText)
		}
		if diff := cmp.Diff(q, q2) + cmp.Diff(s, s2, rats); diff != "" {
			t.Error(diff)
		}
		qAgain, err1 := json.Marshal(q2)
		sAgain, err2 := json.Marshal(s2)
		if string(qAgain) != string(qText) || string(sAgain) != string(sText) || err1 != nil || err2 != nil {
			t.Errorf("%s\n%s\n%s\n%s\n%v %v", qText, qAgain, sText, sAgain, err1, err2)
		}
	})
}

func TestTables(t *testing.T) {
	terms := illustrative().Plans[plan.Enterprise]
	terms.Rounding = cents
	terms.UsageRounding = price.Rounding{Mode: price.RoundingUp}
	q, err := price.MustCompile(terms).Quote(d("200000.4"))
	if err != nil {
		t.Fatal(err)
	}
	want := `usage 200000.40, rated as 200001.00
      tier       from        to      usage  rate  flat    charge
         2  150000.00         …  200001.00   7 %  0.00  14000.07
   minimum   14000.07  15000.00                           999.93
  discount                        15000.00  -5 %         -750.00
     total                                              14250.00
`
	if got := q.String(); got != want {
		t.Errorf("got\n%s", got)
	}
	basic, err := newCard(t).Quote(plan.Basic, d("1.505"))
	if err != nil {
		t.Fatal(err)
	}
	want = `Basic, rate card illustrative-2026, usage 1.505 USD
   tier  from  to  usage  rate  flat  charge
  total                                 0.00
`
	if got := basic.String(); got != want {
		t.Errorf("got\n%s", got)
	}
	book, err1 := mustCard(t, cardA()).Book(day(1, 1))
	inv, err2 := book.Invoice(half(t), march, d("20"))
	advance, err3 := book.Advance(half(t), march)
	s, err4 := inv.Settle(advance)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	want = `invoice for [2026-03-01T00:00:00Z, 2026-04-01T00:00:00Z), usage 20.00 USD
Basic, rate card A, 48.39 % of the period: [2026-03-01T00:00:00Z, 2026-03-16T00:00:00Z)
Business, rate card A, 51.61 % of the period: [2026-03-16T00:00:00Z, 2026-04-01T00:00:00Z)
      plan  rate card     tier  usage slice  rate  charge    share  amount
  business          A        1        20.00  0.10    2.00  51.61 %    1.03
  business          A  minimum                                       50.58
     total                                                           51.61
billed before: 51.61
remains: 0.00 USD
`
	if got := s.String(); got != want {
		t.Errorf("got\n%s", got)
	}
	yen := cardA()
	yen.Currency, yen.Rounding = "JPY", price.Rounding{Places: 0, Mode: price.RoundingHalfUp}
	quoted, err := mustCard(t, yen).Quote(plan.Business, d("2000.5"))
	want = `Business, rate card A, usage 2000.5 JPY
      tier    from     to   usage  rate  flat  charge
         1       0  10000  2000.5  10 %     0  200.05
  rounding  200.05    200                       -0.05
     total                                        200
`
	if got := quoted.String(); err != nil || got != want {
		t.Errorf("%v, got\n%s", err, got)
	}
	whole, err1 := mustCard(t, yen).Book(day(1, 1))
	inv, err2 = whole.Invoice(half(t), march, d("20"))
	want = `invoice for [2026-03-01T00:00:00Z, 2026-04-01T00:00:00Z), usage 20 JPY
Basic, rate card A, 48.39 % of the period: [2026-03-01T00:00:00Z, 2026-03-16T00:00:00Z)
Business, rate card A, 51.61 % of the period: [2026-03-16T00:00:00Z, 2026-04-01T00:00:00Z)
      plan  rate card     tier  usage slice  rate  charge    share  amount
  business          A        1           20  0.10       2  51.61 %       1
  business          A  minimum                                          51
     total                                                              52
`
	if got := inv.String(); err1 != nil || err2 != nil || got != want {
		t.Errorf("%v, %v, got\n%s", err1, err2, got)
	}
	if got := advance.String(); !strings.HasPrefix(got, "advance for [2026-03-01T00:00:00Z") {
		t.Errorf("got\n%s", got)
	}
	gap, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(3, 2), End: day(3, 3)}})
	if err != nil {
		t.Fatal(err)
	}
	inv, err = book.Invoice(gap, march, d("20"))
	if line := strings.Split(inv.String(), "\n")[1]; err != nil || line != "Basic, rate card A, 96.77 % of the period: [2026-03-01T00:00:00Z, 2026-03-02T00:00:00Z), [2026-03-03T00:00:00Z, 2026-04-01T00:00:00Z)" {
		t.Errorf("%v %s", err, line)
	}
}

// A quote of a period's usage names the period, and prices what is billable.
func TestQuoteUsage(t *testing.T) {
	card := newCard(t)
	usage, err := billing.SumUsage("USD", march, []billing.Charge{
		{Kind: billing.ChargeCloudService, Payment: billing.PaymentCash, Amount: d("11000.5"), Period: march},
		{Kind: billing.ChargeSupportPlan, Payment: billing.PaymentCash, Amount: d("500"), Period: march},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err1 := card.QuoteUsage(plan.Business, usage)
	want, err2 := card.Quote(plan.Business, d("11000.5"))
	want.Period = march
	if diff := cmp.Diff(want, got); diff != "" || err1 != nil || err2 != nil {
		t.Errorf("%v %v\n%s", err1, err2, diff)
	}
	if line, _, _ := strings.Cut(got.String(), "\n"); line != "Business, rate card illustrative-2026, [2026-03-01T00:00:00Z, 2026-04-01T00:00:00Z), usage 11000.50 USD" {
		t.Error(line)
	}
	data, err := json.Marshal(got)
	var again billing.Quote
	if err != nil || again.UnmarshalJSON(data) != nil || !cmp.Equal(got, again) {
		t.Errorf("%s: %v", data, err)
	}
	bad := strings.Replace(string(data), "2026-04-01", "2026-02-01", 1)
	if err := again.UnmarshalJSON([]byte(bad)); !errors.Is(err, calendar.ErrPeriod) || !strings.HasPrefix(err.Error(), "billing: decode quote: period: ") {
		t.Error(err)
	}
	open, err := billing.NewUsage("USD", calendar.Period{Start: march.Start})
	if err != nil {
		t.Fatal(err)
	}
	got, err1 = card.QuoteUsage(plan.Basic, open)
	data, err2 = json.Marshal(got)
	if err := errors.Join(err1, err2, again.UnmarshalJSON(data)); err != nil || !cmp.Equal(got, again) {
		t.Errorf("a period without end: %v\n%s", err, data)
	}
	refunds, err := billing.SumUsage("USD", march, []billing.Charge{{Kind: billing.ChargeCloudService, Payment: billing.PaymentCash, Amount: d("-5"), Period: march}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := card.QuoteUsage(plan.Business, refunds); err != nil || !got.Usage.IsZero() || got.Total.StringFixed(2) != "100.00" {
		t.Errorf("more refunds than charges: %v, %v", got, err)
	}
	if _, err := card.QuoteUsage(plan.Business, billing.Usage{}); !errors.Is(err, calendar.ErrPeriod) {
		t.Error(err)
	}
	if _, err := card.QuoteUsage(9, usage); !errors.Is(err, plan.ErrUnknown) {
		t.Error(err)
	}
}

// Found by fuzzing: the periods of a part that has none were written as null,
// which no reader of invoices takes.
func TestPartWithoutPeriods(t *testing.T) {
	for _, periods := range [][]calendar.Period{nil, {}} {
		part := billing.Part{Plan: plan.Basic, Edition: "e", Periods: periods, Share: big.NewRat(0, 1)}
		inv := billing.Invoice{Period: march, Currency: "USD", Parts: []billing.Part{part}}
		data, err := json.Marshal(inv)
		var back billing.Invoice
		if err != nil || !strings.Contains(string(data), `"periods":[]`) || back.UnmarshalJSON(data) != nil {
			t.Errorf("%s: %v", data, err)
		}
	}
}

func FuzzDocumentJSON(f *testing.F) {
	f.Add([]byte(quoteText))
	f.Add([]byte(settlementText))
	f.Add([]byte(settlementText[len(`{"invoice":`):strings.Index(settlementText, `,"billed"`)]))
	f.Fuzz(func(t *testing.T, data []byte) {
		var q billing.Quote
		if q.UnmarshalJSON(data) == nil {
			again, err := json.Marshal(q)
			var back billing.Quote
			if err != nil || back.UnmarshalJSON(again) != nil || !cmp.Equal(q, back) {
				t.Errorf("quote %s: %v", again, err)
			}
		}
		var inv billing.Invoice
		if inv.UnmarshalJSON(data) == nil {
			again, err := json.Marshal(inv)
			var back billing.Invoice
			if err != nil || back.UnmarshalJSON(again) != nil || !cmp.Equal(inv, back, rats) {
				t.Errorf("invoice %s: %v", again, err)
			}
		}
		var s billing.Settlement
		if s.UnmarshalJSON(data) == nil {
			again, err := json.Marshal(s)
			var back billing.Settlement
			if err != nil || back.UnmarshalJSON(again) != nil || !cmp.Equal(s, back, rats) {
				t.Errorf("settlement %s: %v", again, err)
			}
		}
	})
}

func FuzzBookJSON(f *testing.F) {
	book := twoEditions(f, day(3, 16), cardA(), cardB())
	data, err := json.Marshal(book)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var b billing.Book
		if b.UnmarshalJSON(data) != nil {
			return
		}
		again, err := json.Marshal(b)
		var back billing.Book
		if err != nil || back.UnmarshalJSON(again) != nil || len(b.Cards()) != len(back.Cards()) {
			t.Fatalf("%s: %v", again, err)
		}
		_, _ = b.Invoice(half(t), march, d("12345.67"))
	})
}
