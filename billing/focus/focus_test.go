package focus_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/sla/calendar"
)

const header = "InvoiceIssuerName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ChargeClass,ServiceCategory,ServiceName,ServiceSubcategory," +
	"BilledCost,EffectiveCost,ContractedCost,ListCost\n"

const bill = header +
	`Cloud,1,USD,2024-09-01T00:00:00Z,Usage,NULL,Compute,VM,Virtual Machines,100.10,90,95,120
Cloud,1,USD,2024-09-30 23:59:59,Purchase,NULL,Storage,"Disk, large",Block Storage,50,50,50,50
Cloud,1,USD,2024-09-15 00:00:00,Adjustment,NULL,Compute,VM,Virtual Machines,-0.10,0,0,0
Cloud,1,USD,2024-09-15 00:00:00,Tax,NULL,Other,Tax,Other (Other),12,12,12,12
Cloud,1,USD,2024-09-15 00:00:00,Credit,NULL,Other,Promo,Other (Other),-40,-40,-40,-40
Cloud,1,USD,2024-09-15 00:00:00,Purchase,NULL,Management and Governance,Help,Support,29,29,29,29
Cloud,1,USD,2024-09-15 00:00:00,Usage,NULL,Other,Consulting,Other (Other),500,500,500,500
Cloud,1,USD,2024-08-31 23:59:59,Usage,Correction,Compute,VM,Virtual Machines,-1e1,0,0,0
Cloud,1,EUR,2024-09-15 00:00:00,Usage,NULL,Compute,VM,Virtual Machines,7,7,7,7
Alpha,2,USD,2024-09-15 00:00:00,Usage,null,Compute,VM,Virtual Machines,3,3,3,3
`

func d(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func sum(rows int, cost string) focus.Sum { return focus.Sum{Rows: rows, Cost: d(cost)} }

func month(m time.Month) calendar.Period {
	p, err := calendar.Month(2024, m, time.UTC)
	if err != nil {
		panic(err)
	}
	return p
}

var consulting = focus.Options{Exclude: []string{"Consulting", "Consultations"}}

func ExampleRead() {
	report, err := focus.Read(strings.NewReader(bill), focus.Options{Exclude: []string{"Consulting"}})
	if err != nil {
		panic(err)
	}
	for _, a := range report.Accounts {
		fmt.Println(a.Issuer, a.Account, a.Period.Start.Format("2006-01"), a.Counted.Cost, a.Currency)
		for _, e := range a.Excluded {
			fmt.Println("  excluded:", e.Reason, e.Sum.Cost)
		}
	}
	// Output:
	// Alpha 2 2024-09 3 USD
	// Cloud 1 2024-08 -10 USD
	// Cloud 1 2024-09 7 EUR
	// Cloud 1 2024-09 150 USD
	//   excluded: tax 12
	//   excluded: credit -40
	//   excluded: support 29
	//   excluded: named-service 500
}

func want() focus.Report {
	return focus.Report{
		Column: focus.BilledCost, Rows: 10, Unmatched: []string{"Consultations"},
		Accounts: []focus.Account{
			{
				Issuer: "Alpha", Account: "2", Currency: "USD", Period: month(9), Counted: sum(1, "3"),
				Excluded: []focus.Exclusion{}, Services: []focus.Service{{Category: "Compute", Counted: sum(1, "3")}},
			},
			{
				Issuer: "Cloud", Account: "1", Currency: "USD", Period: month(8), Counted: sum(1, "-10"),
				Excluded: []focus.Exclusion{}, Services: []focus.Service{{Category: "Compute", Counted: sum(1, "-10")}},
			},
			{
				Issuer: "Cloud", Account: "1", Currency: "EUR", Period: month(9), Counted: sum(1, "7"),
				Excluded: []focus.Exclusion{}, Services: []focus.Service{{Category: "Compute", Counted: sum(1, "7")}},
			},
			{
				Issuer: "Cloud", Account: "1", Currency: "USD", Period: month(9), Counted: sum(3, "150"),
				Excluded: []focus.Exclusion{
					{Reason: focus.Tax, Sum: sum(1, "12")},
					{Reason: focus.Credit, Sum: sum(1, "-40")},
					{Reason: focus.Support, Sum: sum(1, "29")},
					{Reason: focus.Named, Sum: sum(1, "500")},
				},
				Services: []focus.Service{
					{Category: "Compute", Counted: sum(2, "100")},
					{Category: "Management and Governance", Excluded: sum(1, "29")},
					{Category: "Other", Excluded: sum(3, "472")},
					{Category: "Storage", Counted: sum(1, "50")},
				},
			},
		},
	}
}

func TestRead(t *testing.T) {
	for name, in := range map[string]io.Reader{
		"plain":            strings.NewReader(bill),
		"byte order":       strings.NewReader("\ufeff" + bill),
		"CRLF":             strings.NewReader(strings.ReplaceAll(bill, "\n", "\r\n")),
		"byte by byte":     iotest.OneByteReader(strings.NewReader("\ufeff" + bill)),
		"no last line end": strings.NewReader(strings.TrimSuffix(bill, "\n")),
	} {
		got, err := focus.Read(in, consulting)
		if diff := cmp.Diff(want(), got); err != nil || diff != "" {
			t.Errorf("%s: %v, -want +got:\n%s", name, err, diff)
		}
	}
}

func TestCostColumns(t *testing.T) {
	for column, cost := range map[focus.Column]string{
		"": "150", "BilledCost": "150", "EffectiveCost": "140", "ContractedCost": "145", "ListCost": "170",
	} {
		r, err := focus.Read(strings.NewReader(bill), focus.Options{Column: column, Exclude: []string{"Consulting"}})
		if err != nil || !r.Accounts[3].Counted.Cost.Equal(d(cost)) {
			t.Errorf("%s: %v, %v; want %s", column, r, err, cost)
		}
	}
}

// A correction counts in the period that contains its charge period's start.
func TestCallersPeriods(t *testing.T) {
	half := calendar.Period{Start: month(9).Start, End: time.Date(2024, 9, 15, 0, 0, 0, 0, time.UTC)}
	rest := calendar.Period{Start: half.End, End: month(9).End}
	periods := []calendar.Period{rest, half}
	r, err := focus.Read(strings.NewReader(bill), focus.Options{Exclude: []string{}, Periods: periods})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Account, Currency string
		Period            calendar.Period
		Cost              string
	}
	var got []row
	for _, a := range r.Accounts {
		got = append(got, row{a.Account, a.Currency, a.Period, a.Counted.Cost.String()})
	}
	want := []row{{"2", "USD", rest, "3"}, {"1", "USD", half, "100.1"}, {"1", "EUR", rest, "7"}, {"1", "USD", rest, "549.9"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]focus.Outside{{Issuer: "Cloud", Account: "1", Currency: "USD", Sum: sum(1, "-10")}}, r.Outside); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]calendar.Period{rest, half}, periods); diff != "" {
		t.Errorf("the caller's periods changed: %s", diff)
	}
}

// Columns come in any order; an instant with an offset lies in a month of UTC.
func TestColumnOrderAndOffsets(t *testing.T) {
	in := "ServiceSubcategory,InvoiceIssuerName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceCategory,ServiceName,BilledCost\n" +
		"Support,C,1,USD,2024-09-01T01:00:00+02:00,Usage,NULL,Help,5\n"
	r, err := focus.Read(strings.NewReader(in), focus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []focus.Account{{
		Issuer: "C", Account: "1", Currency: "USD", Period: month(8),
		Excluded: []focus.Exclusion{{Reason: focus.Support, Sum: sum(1, "5")}},
		Services: []focus.Service{{Category: "", Excluded: sum(1, "5")}},
	}}
	if diff := cmp.Diff(want, r.Accounts); diff != "" {
		t.Error(diff)
	}
}

func TestBadOptions(t *testing.T) {
	for name, o := range map[string]focus.Options{
		"column":   {Column: "Cost"},
		"name":     {Exclude: []string{"a", ""}},
		"null":     {Exclude: []string{"NULL"}},
		"period":   {Periods: []calendar.Period{{}}},
		"overlaps": {Periods: []calendar.Period{month(9), {Start: month(9).Start.Add(time.Hour)}}},
	} {
		if r, err := focus.Read(strings.NewReader(bill), o); !errors.Is(err, focus.ErrOptions) || cmp.Diff(focus.Report{}, r) != "" {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
}

// FOCUS 1.0 has no ServiceSubcategory: silence must not bill support on
// support.
func TestSupportMustBeTold(t *testing.T) {
	v10 := "InvoiceIssuerName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceCategory,ServiceName,BilledCost\nC,1,USD,2024-09-01 00:00:00,Usage,Compute,VM,5\n"
	_, err := focus.Read(strings.NewReader(v10), focus.Options{})
	if !errors.Is(err, focus.ErrSupport) || !strings.HasPrefix(err.Error(), "focus: read: line 1: column ServiceSubcategory: ") {
		t.Errorf("nil: %v", err)
	}
	r, err := focus.Read(strings.NewReader(v10), focus.Options{Exclude: []string{}})
	a, errOne := r.One()
	if errors.Join(err, errOne) != nil || !a.Counted.Cost.Equal(d("5")) {
		t.Errorf("explicitly none: %v, %v, %v", r, err, errOne)
	}
	unnamed := strings.Replace(v10, ",VM,", ",NULL,", 1)
	if _, err := focus.Read(strings.NewReader(unnamed), consulting); !errors.Is(err, focus.ErrSupport) || !strings.Contains(err.Error(), "line 2: column ServiceName") {
		t.Errorf("neither a name nor a subcategory: %v", err)
	}
	null := strings.Replace(bill, "Disk, large\",Block Storage", "Disk, large\",NULL", 1)
	if _, err := focus.Read(strings.NewReader(null), focus.Options{}); !errors.Is(err, focus.ErrSupport) || !strings.Contains(err.Error(), "line 3: column ServiceSubcategory") {
		t.Errorf("null subcategory: %v", err)
	}
	if _, err := focus.Read(strings.NewReader(null), consulting); err != nil {
		t.Errorf("null subcategory, services named: %v", err)
	}
	noName := strings.Replace(null, "\"Disk, large\"", "NULL", 1)
	if _, err := focus.Read(strings.NewReader(noName), consulting); !errors.Is(err, focus.ErrSupport) || !strings.Contains(err.Error(), "line 3: column ServiceName") {
		t.Errorf("null name: %v", err)
	}
}

func TestBadBills(t *testing.T) {
	row := "Cloud,1,USD,2024-09-01T00:00:00Z,Usage,NULL,Compute,VM,Virtual Machines,1,1,1,1\n"
	multi := strings.Replace(row, "VM", "\"V\n\nM\"", 1)
	swap := func(old, new string) string { return header + row + multi + strings.Replace(row, old, new, 1) }
	for _, c := range []struct {
		name, in string
		want     error
		text     string
	}{
		{"empty", "", focus.ErrEmpty, "focus: read: the bill is empty"},
		{"mark only", "\ufeff", focus.ErrEmpty, "focus: read: the bill is empty"},
		{"blank lines", "\n\r\n\n", focus.ErrEmpty, "focus: read: the bill is empty"},
		{"missing column", strings.Replace(header, "BilledCost", "Cost", 1), focus.ErrHeader, "focus: read: line 1: column BilledCost: it is missing: missing or duplicate column"},
		{"duplicate column", strings.Replace(header, "ListCost", "BilledCost", 1), focus.ErrHeader, "focus: read: line 1: column BilledCost: it is there twice: missing or duplicate column"},
		{"truncated row", header + row + "Cloud,1,USD\n", focus.ErrSyntax, "focus: read: line 3: not CSV: wrong number of fields"},
		{"unclosed quote", header + row + "\"Cloud,1", focus.ErrSyntax, "focus: read: line 3: not CSV: extraneous or missing \" in quoted-field"},
		{"bare quote", swap("Cloud", "Clo\"ud"), focus.ErrSyntax, "focus: read: line 6: not CSV: bare \" in non-quoted-field"},
		{"category", swap("Usage", "Refund"), focus.ErrValue, `focus: read: line 6: column ChargeCategory: "Refund" is no charge category: unusable value`},
		{"case", swap("Usage", "usage"), focus.ErrValue, `focus: read: line 6: column ChargeCategory: "usage" is no charge category: unusable value`},
		{"null category", swap("Usage", ""), focus.ErrValue, "focus: read: line 6: column ChargeCategory: null: unusable value"},
		{"null issuer", swap("Cloud", "NULL"), focus.ErrValue, "focus: read: line 6: column InvoiceIssuerName: null: unusable value"},
		{"null account", swap(",1,USD", ",null,USD"), focus.ErrValue, "focus: read: line 6: column BillingAccountId: null: unusable value"},
		{"null currency", swap("USD", "NULL"), focus.ErrValue, "focus: read: line 6: column BillingCurrency: null: unusable value"},
		{"null cost", swap("Machines,1", "Machines,NULL"), focus.ErrValue, "focus: read: line 6: column BilledCost: null: unusable value"},
		{"null time", swap("2024-09-01T00:00:00Z", "NULL"), focus.ErrValue, "focus: read: line 6: column ChargePeriodStart: null: unusable value"},
		{"no such day", swap("2024-09-01T00:00:00Z", "2024-09-31 00:00:00"), focus.ErrValue, `focus: read: line 6: column ChargePeriodStart: "2024-09-31 00:00:00" is no time: unusable value`},
		{"date only", swap("2024-09-01T00:00:00Z", "2024-09-01"), focus.ErrValue, `line 6: column ChargePeriodStart: "2024-09-01" is no time`},
		{"no zone", swap("2024-09-01T00:00:00Z", "2024-09-01T00:00:00"), focus.ErrValue, `line 6: column ChargePeriodStart: "2024-09-01T00:00:00" is no time`},
		{"zero time", swap("2024-09-01T00:00:00Z", "0001-01-01T00:00:00Z"), focus.ErrValue, `line 6: column ChargePeriodStart: "0001-01-01T00:00:00Z"`},
		{"cost", swap("Machines,1", "Machines,1.2.3"), focus.ErrAmount, `focus: read: line 6: column BilledCost: "1.2.3": not a usable decimal number`},
		{"long cost", swap("Machines,1", "Machines,"+strings.Repeat("9", 10_000)), focus.ErrAmount, "line 6: column BilledCost: "},
		{"exponent", swap("Machines,1", "Machines,1e1000000000"), focus.ErrAmount, "line 6: column BilledCost: "},
		{"long name", swap("Cloud", strings.Repeat("x", focus.MaxText+1)), focus.ErrValue, "line 6: column InvoiceIssuerName: longer than 512 bytes"},
		{"long record", swap("VM", strings.Repeat("x", focus.MaxRecord)), focus.ErrTooLong, "focus: read: line 6: more than 1048576 bytes: record over the limit"},
	} {
		r, err := focus.Read(strings.NewReader(c.in), focus.Options{})
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) || cmp.Diff(focus.Report{}, r) != "" {
			t.Errorf("%s: %v; want %s", c.name, err, c.text)
		}
		var e *focus.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %T is no *Error", c.name, err)
		}
	}
}

func TestHeaderOnly(t *testing.T) {
	r, err := focus.Read(strings.NewReader(header), focus.Options{})
	if diff := cmp.Diff(focus.Report{Column: focus.BilledCost, Accounts: []focus.Account{}}, r); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
}

func TestReaderFails(t *testing.T) {
	trouble := fmt.Errorf("broken pipe: %w", io.EOF) // not the end
	for _, in := range []string{"", header, bill, header + "\"Cl"} {
		_, err := focus.Read(io.MultiReader(strings.NewReader(in), iotest.ErrReader(trouble)), focus.Options{})
		if !errors.Is(err, trouble) {
			t.Errorf("after %d bytes: %v", len(in), err)
		}
	}
	if _, err := focus.Read(nil, focus.Options{}); !errors.Is(err, focus.ErrEmpty) {
		t.Errorf("nil: %v", err)
	}
}

// A record of exactly the limit passes, and one byte more does not, byte order
// mark or none; of an endless field no more than the limit is read.
func TestRecordLimit(t *testing.T) {
	before, after := "Cloud,1,USD,2024-09-01T00:00:00Z,Usage,", ",Compute,VM,Virtual Machines,1,1,1,1\n"
	for _, mark := range []string{"", "\ufeff"} {
		for extra, want := range map[int]error{0: nil, 1: focus.ErrTooLong} {
			filler := strings.Repeat("x", focus.MaxRecord-len(before)-len(after)+extra)
			_, err := focus.Read(strings.NewReader(mark+header+before+filler+after), focus.Options{})
			if !errors.Is(err, want) {
				t.Errorf("%d bytes over the limit: %v", extra, err)
			}
		}
	}
	endless := &counter{}
	_, err := focus.Read(io.MultiReader(strings.NewReader(header+"\""), endless), focus.Options{})
	if !errors.Is(err, focus.ErrTooLong) || endless.n > 2*focus.MaxRecord || !strings.Contains(err.Error(), "line 2: ") {
		t.Errorf("%v after %d bytes", err, endless.n)
	}
}

type counter struct{ n int }

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "x\n"[i%2]
	}
	c.n += len(p)
	return len(p), nil
}

// Costs are exact in every notation, over the edge of the fast path too.
func TestCostsAreExact(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"0.1 0.2 -0.3", "0"}, {"1E2", "100"}, {"1.5e-3 -0", "0.0015"}, {"-1e+2", "-100"}, {"0e9999", "0"}, {"007", "7"},
		{"999999999999999999 1 -0.999999999999999999", "999999999999999999.000000000000000001"},
		{"0.000000000000000000000000000001 1000000000000000000", "1000000000000000000.000000000000000000000000000001"},
		{strings.Repeat("999999999999999999 ", 200), "199999999999999999800"},
		{strings.Repeat("-999999999999999999 ", 200), "-199999999999999999800"},
		{"-0.00000000000000001 5", "4.99999999999999999"},
	} {
		in := header
		for _, cost := range strings.Fields(c.in) {
			in += "C,1,USD,2024-09-01T00:00:00Z,Usage,NULL,Compute,VM,Virtual Machines," + cost + ",1,1,1\n"
		}
		r, err := focus.Read(strings.NewReader(in), focus.Options{})
		if err != nil || r.Accounts[0].Counted.Cost.String() != c.want {
			t.Errorf("%.60s: %v, %v; want %s", c.in, r, err, c.want)
		}
	}
	for _, cost := range []string{"+1", ".5", "5.", "-", "1e", "e5", "1e5e5", "1e31", "1e-31", "1,5", "0x1", "NaN", " 1", "1e99999999999", "1.", "--1"} {
		in := header + "C,1,USD,2024-09-01T00:00:00Z,Usage,NULL,Compute,VM,Virtual Machines,\"" + cost + "\",1,1,1\n"
		if r, err := focus.Read(strings.NewReader(in), focus.Options{}); !errors.Is(err, focus.ErrAmount) {
			t.Errorf("%s: %v, %v", cost, r, err)
		}
	}
}

func TestCurrencyAndOne(t *testing.T) {
	r, err := focus.Read(strings.NewReader(bill), consulting)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := r.Currency(); c != "" || !errors.Is(err, focus.ErrCurrencies) || err.Error() != `focus: "USD" and "EUR": two currencies in one bill` {
		t.Errorf("Currency: %q, %v", c, err)
	}
	if _, err := r.One(); !errors.Is(err, focus.ErrCurrencies) {
		t.Errorf("One: %v", err)
	}
	r.Accounts = r.Accounts[:2]
	if c, err := r.Currency(); c != "USD" || err != nil {
		t.Errorf("Currency: %q, %v", c, err)
	}
	if _, err := r.One(); !errors.Is(err, focus.ErrNotOne) {
		t.Errorf("One of two: %v", err)
	}
	r.Accounts = r.Accounts[:1]
	a, err := r.One()
	if err != nil || a.Account != "2" {
		t.Errorf("One: %v, %v", a, err)
	}
	u, err := a.Usage()
	if err != nil || !u.Billable().Equal(d("3")) || !u.Period().Equal(month(9)) || u.Counted(billing.PaymentCash).Charges != 0 {
		t.Errorf("Usage: %v, %v", u, err)
	}
	r.Outside = []focus.Outside{{Currency: "USD"}}
	if _, err := r.One(); !errors.Is(err, focus.ErrNotOne) {
		t.Errorf("One with rows outside: %v", err)
	}
	r.Outside[0].Currency = "EUR"
	if _, err := r.Currency(); !errors.Is(err, focus.ErrCurrencies) {
		t.Errorf("Currency with another outside: %v", err)
	}
	if c, err := (focus.Report{}).Currency(); c != "" || err != nil {
		t.Errorf("Currency of nothing: %q, %v", c, err)
	}
}

func TestReportJSON(t *testing.T) {
	r, err := focus.Read(strings.NewReader(bill), consulting)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(r)
	var again focus.Report
	if err != nil || json.Unmarshal(b, &again) != nil {
		t.Fatalf("%s, %v", b, err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Error(diff)
	}
	for _, part := range []string{`{"column":"BilledCost","rows":10,`, `{"reason":"named-service","sum":{"rows":1,"cost":"500"}}`, `"unmatched":["Consultations"]`} {
		if !strings.Contains(string(b), part) {
			t.Errorf("%s is not in %s", part, b)
		}
	}
	if _, err := json.Marshal(focus.Sum{Cost: decimal.New(1, 1e9)}); !errors.Is(err, focus.ErrAmount) {
		t.Errorf("absurd sum: %v", err)
	}
}

func TestReasonTexts(t *testing.T) {
	tokens := map[focus.Reason]string{1: "tax", 2: "credit", 3: "support", 4: "named-service"}
	for i := range 256 {
		r := focus.Reason(i)
		b, err := r.MarshalText()
		if want, ok := tokens[r]; ok {
			var again focus.Reason
			if string(b) != want || err != nil || r.String() != want || !r.IsValid() || again.UnmarshalText(b) != nil || again != r {
				t.Errorf("%v: %s, %v", r, b, err)
			}
		} else if !errors.Is(err, focus.ErrUnknownReason) || r.IsValid() || r.String() != fmt.Sprintf("Reason(%d)", i) {
			t.Errorf("%v: %s, %v", r, b, err)
		}
	}
}

// A real bill against a sum made with csv and big.Rat alone.
func TestRealBill(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/focus_sample.csv")
	if err != nil {
		t.Skip("no real bill here:", err)
	}
	records, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := make(map[string]int)
	for i, name := range records[0] {
		at[name] = i
	}
	want := make(map[string]*big.Rat)
	for _, rec := range records[1:] {
		get := func(name string) string { return rec[at[name]] }
		if c := get("ChargeCategory"); c != "Usage" && c != "Purchase" && c != "Adjustment" {
			continue
		}
		k := strings.Join([]string{get("InvoiceIssuerName"), get("BillingAccountId"), get("ChargePeriodStart")[:7], get("BillingCurrency")}, "|")
		if want[k] == nil {
			want[k] = new(big.Rat)
		}
		cost, ok := new(big.Rat).SetString(get("BilledCost"))
		if !ok {
			t.Fatal(get("BilledCost"))
		}
		want[k].Add(want[k], cost)
	}
	r, err := focus.Read(strings.NewReader(string(data)), focus.Options{Exclude: []string{}})
	if err != nil || r.Rows != 1000 || len(r.Accounts) != len(want) {
		t.Fatalf("%d rows, %d accounts, %v; want 1000, %d", r.Rows, len(r.Accounts), err, len(want))
	}
	for _, a := range r.Accounts {
		k := strings.Join([]string{a.Issuer, a.Account, a.Period.Start.Format("2006-01"), a.Currency}, "|")
		if want[k] == nil || a.Counted.Cost.Rat().Cmp(want[k]) != 0 {
			t.Errorf("%s: %v, want %v", k, a.Counted.Cost, want[k])
		}
	}
}

func manyRows(n int) string {
	var b strings.Builder
	b.WriteString(header)
	for i := range n {
		fmt.Fprintf(&b, "Cloud,%d,USD,2024-09-%02d 00:00:00,Usage,NULL,Compute,VM,Virtual Machines,%d.%011d,1,1,1\n", i%10, i%30+1, i, i)
	}
	return b.String()
}

// bare is a pass over the bill with nothing but encoding/csv.
func bare(in string) {
	r := csv.NewReader(strings.NewReader(in))
	r.ReuseRecord = true
	for {
		if _, err := r.Read(); err != nil {
			return
		}
	}
}

// What Read allocates beyond encoding/csv, which makes one string of a record,
// does not grow with the rows.
func TestAllocationsDoNotGrowWithRows(t *testing.T) {
	beyond := func(rows int) float64 {
		in := manyRows(rows)
		all := testing.AllocsPerRun(5, func() {
			if _, err := focus.Read(strings.NewReader(in), focus.Options{}); err != nil {
				t.Fatal(err)
			}
		})
		return all - testing.AllocsPerRun(5, func() { bare(in) })
	}
	if few, many := beyond(500), beyond(5000); many > few+20 {
		t.Errorf("%v allocations beyond those of encoding/csv for 500 rows, %v for 5000", few, many)
	}
}

// Memory grows with the groups, so their number has a limit.
func TestTooManyGroups(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	var b strings.Builder
	b.WriteString(header)
	for i := range focus.MaxGroups + 1 {
		fmt.Fprintf(&b, "C,%d,USD,2024-09-01 00:00:00,Usage,,Compute,VM,None,1,1,1,1\n", i)
	}
	_, err := focus.Read(strings.NewReader(b.String()), focus.Options{})
	if want := "focus: read: line 100002: column BillingAccountId: more than 100000 with their service categories: too many accounts"; !errors.Is(err, focus.ErrManyGroups) || err.Error() != want {
		t.Errorf("over the limit: %v; want %s", err, want)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{bill, "\ufeff" + bill, strings.ReplaceAll(bill, "\n", "\r\n"), header, "", "a,b\n\"c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		r, err := focus.Read(strings.NewReader(in), focus.Options{Exclude: []string{}})
		if err != nil {
			return
		}
		rows := 0
		for _, a := range r.Accounts {
			counted := a.Counted.Rows
			for _, e := range a.Excluded {
				counted += e.Sum.Rows
			}
			sum := decimal.Decimal{}
			for _, s := range a.Services {
				counted -= s.Counted.Rows + s.Excluded.Rows
				sum = sum.Add(s.Counted.Cost)
			}
			if counted != 0 || !sum.Equal(a.Counted.Cost) {
				t.Errorf("the services of %+v do not add up", a)
			}
			for _, s := range a.Services {
				rows += s.Counted.Rows + s.Excluded.Rows
			}
		}
		if rows != r.Rows {
			t.Errorf("%d rows in the accounts, %d in the bill", rows, r.Rows)
		}
	})
}

// wideRows is manyRows in the width of a real bill: some 40 more columns.
func wideRows(n int) string {
	lines := strings.SplitAfter(manyRows(n), "\n")
	more := strings.Repeat(",Some tag or other", 40) + "\n"
	for i, line := range lines[:len(lines)-1] {
		lines[i] = strings.TrimSuffix(line, "\n") + more
	}
	return strings.Join(lines, "")
}

// To read a bill should cost little more than a bare pass over its CSV.
func BenchmarkRead(b *testing.B) {
	for name, in := range map[string]string{"narrow": manyRows(20_000), "wide": wideRows(5_000)} {
		b.Run(name+"/csv", func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				bare(in)
			}
		})
		b.Run(name+"/focus", func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := focus.Read(strings.NewReader(in), focus.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// An error of the header names the line on which the header starts, after
// whatever is blank, and even where a name in it goes over two lines.
func TestHeaderErrorsNameItsFirstLine(t *testing.T) {
	twoLines := "\n\"My\nColumn\"," + header
	for _, c := range []struct {
		name, in string
		want     error
		text     string
	}{
		{"missing", strings.Replace(twoLines, "BilledCost", "Cost", 1), focus.ErrHeader, "focus: read: line 2: column BilledCost: it is missing: missing or duplicate column"},
		{"twice", strings.Replace(twoLines, "ListCost", "BilledCost", 1), focus.ErrHeader, "focus: read: line 2: column BilledCost: it is there twice: missing or duplicate column"},
		{
			"no subcategory", strings.Replace(twoLines, "ServiceSubcategory", "Sub", 1), focus.ErrSupport,
			"focus: read: line 2: column ServiceSubcategory: it is missing and no services are named, not even none: support cannot be told apart",
		},
	} {
		if _, err := focus.Read(strings.NewReader(c.in), focus.Options{}); !errors.Is(err, c.want) || err.Error() != c.text {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// With one service named, a row that says neither its service nor its
// subcategory may be it.
func TestRowOfNoNameMayBeTheNamedService(t *testing.T) {
	in := header + "Cloud,1,USD,2024-09-01T00:00:00Z,Usage,NULL,Compute,NULL,NULL,1,1,1,1\n"
	_, err := focus.Read(strings.NewReader(in), focus.Options{Exclude: []string{"Help"}})
	if want := "focus: read: line 2: column ServiceName: null, and nothing else says whether it is support: support cannot be told apart"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if r, err := focus.Read(strings.NewReader(in), focus.Options{Exclude: []string{}}); err != nil || r.Rows != 1 {
		t.Errorf("with none named: %v, %v", r, err)
	}
}

// A text as long as may be is taken, and rejected reasons say whose they are.
func TestLongestTextsAndReasons(t *testing.T) {
	longest := strings.Repeat("x", 512)
	in := header + longest + ",1,USD,2024-09-01T00:00:00Z,Usage,NULL,Compute,VM,Virtual Machines,1,1,1,1\n"
	r, err := focus.Read(strings.NewReader(in), focus.Options{})
	if a, errOne := r.One(); errors.Join(err, errOne) != nil || a.Issuer != longest {
		t.Errorf("%v, %v", err, errOne)
	}
	var reason focus.Reason
	if err := reason.UnmarshalText([]byte("rebate")); err == nil || err.Error() != `reason "rebate": want tax, credit, support or named-service: unknown reason` {
		t.Error(err)
	}
}

// Costs of one digit more than a word is sure to hold are summed exactly.
func TestCostsBeyondWords(t *testing.T) {
	const row = "Cloud,1,USD,2024-09-01T00:00:00Z,Usage,NULL,Compute,VM,Virtual Machines,%s,1,1,1\n"
	for _, c := range [][2]string{
		{"9999999999999999999", "-0.1"}, {"-9999999999999999999", "1"}, {"9.999999999999999999", "0.000000000000000001"}, {"0.9999999999999999999", "1"}, {"999999999999999999", "999999999999999999"},
	} {
		in := header + fmt.Sprintf(row, c[0]) + fmt.Sprintf(row, c[1])
		r, err := focus.Read(strings.NewReader(in), focus.Options{})
		a, errOne := r.One()
		if want := d(c[0]).Add(d(c[1])); errors.Join(err, errOne) != nil || !a.Counted.Cost.Equal(want) {
			t.Errorf("%s and %s: %v, %v, %v; want %v", c[0], c[1], a.Counted.Cost, err, errOne, want)
		}
	}
}
