package focus_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/focus"
)

// shared reads a file of bills that are not part of the module.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../../../shared/" + name)
	if err != nil {
		t.Skip("no such bill here:", err)
	}
	return data
}

// A line is an account of a report in short.
type line struct{ Provider, ID, Start, Cost string }

func lines(r focus.Report) (got []line) {
	for _, a := range r.Accounts() {
		got = append(got, line{a.Provider, a.ID, a.Period.Start.UTC().Format(time.RFC3339), a.Counted.Cost.String()})
	}
	return got
}

// The bills that exporters really write, with their right answers.
func TestBillsOfExporters(t *testing.T) {
	for _, c := range []struct {
		file string
		o    focus.Options
		want []line
	}{
		{"beijing_month.csv", focus.Options{}, []line{{"Example Cloud Asia", "100", "2024-12-31T16:00:00Z", "10300"}}},
		{"support_pseudo_null.csv", focus.Options{ExcludeServices: []string{"Business Support"}}, []line{{"Example", "1", "2024-09-01T00:00:00Z", "1000"}}},
		{"support_lower_case.csv", focus.Options{}, []line{{"Example", "1", "2024-09-01T00:00:00Z", "1000"}}},
		{"commitment_double_count.csv", focus.Options{}, []line{{"Example", "100", "2023-01-01T00:00:00Z", "1.5"}}},
		{"commitment_double_count.csv", focus.Options{Cost: focus.CostEffective}, []line{{"Example", "100", "2023-01-01T00:00:00Z", "1.5"}}},
		{
			"azure_null_service.csv", focus.Options{ExcludeServices: []string{"Azure Support"}, CountUnmarked: true},
			[]line{{"Microsoft", "A", "2024-09-01T00:00:00Z", "1299.9943211"}},
		},
		{
			"azure_focus10_no_seconds.csv", focus.Options{CountUnmarked: true},
			[]line{{"Microsoft", "/providers/Microsoft.Billing/billingAccounts/1", "2024-06-01T00:00:00Z", "-0.51673168134912"}},
		},
		{"aws_issuer_null.csv", focus.Options{}, []line{{"Example Cloud, Inc.", "100", "2024-09-01T00:00:00Z", "1020"}}},
		{"double_residue.csv", focus.Options{}, []line{{"Example", "100", "2024-09-01T00:00:00Z", "1000.00000000000000005551115123125783"}}},
		{"gcp_lower_case.csv", focus.Options{CountUnmarked: true}, []line{{"Google Cloud", "0X0X0X-0X0X0X-0X0X0X", "2024-09-01T07:00:00Z", "1000"}}},
		{
			"oci_header.csv", focus.Options{CountUnmarked: true, Columns: map[string]string{"InvoiceIssuerName": "InvoiceIssuer", "ProviderName": "Provider"}},
			[]line{{"OCI", "12345", "2026-01-01T00:00:00Z", "12.5"}},
		},
		{"semicolon.csv", focus.Options{Comma: ';'}, []line{{"Example", "1", "2024-09-01T00:00:00Z", "1000"}}},
		{"three_issuers.csv", focus.Options{}, []line{{"Example", "1", "2024-09-01T00:00:00Z", "12030"}}},
		{
			"three_issuers.csv", focus.Options{BySubAccount: true},
			[]line{{"Example", "11", "2024-09-01T00:00:00Z", "4030"}, {"Example", "12", "2024-09-01T00:00:00Z", "8000"}},
		},
		{"three_issuers.csv", focus.Options{ExcludePublishers: []string{"third party"}}, []line{{"Example", "1", "2024-09-01T00:00:00Z", "12000"}}},
		{
			"three_issuers.csv", focus.Options{ExcludeIf: func(r focus.Row) bool { return r.Value("PublisherName") != r.Value("ProviderName") }},
			[]line{{"Example", "1", "2024-09-01T00:00:00Z", "12000"}},
		},
		{"focus13_ai_invoice.csv", focus.Options{}, []line{{"LatticeScale", "acct-1001", "2025-05-01T00:00:00Z", "2037.36"}}},
		{"focus_correction_closed_period.csv", focus.Options{}, []line{{"Issuer", "1", "2025-05-01T00:00:00Z", "1500"}}},
		{
			"focus_correction_closed_period.csv", focus.Options{AsBilled: true},
			[]line{{"Issuer", "1", "2025-05-01T00:00:00Z", "1500"}, {"Issuer", "1", "2025-06-01T00:00:00Z", "0"}},
		},
	} {
		r, err := focus.Read(bytes.NewReader(shared(t, "cases/focus/"+c.file)), c.o)
		if diff := cmp.Diff(c.want, lines(r)); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", c.file, err, diff)
			continue
		}
		for _, a := range r.Accounts() {
			if u, err := a.Usage(); err != nil || u.Currency() != a.Currency || !u.Period().Equal(a.Period) || !u.Total().Equal(a.Counted.Cost.Round(30)) {
				t.Errorf("%s: usage %v, %v", c.file, u, err)
			}
		}
	}
}

// The file of the correction has two more rows, which bill the charge anew in
// parts. Without them the charge is gone from May, in which it was billed.
func TestCorrectionOfClosedPeriod(t *testing.T) {
	file := shared(t, "cases/focus/focus_correction_closed_period.csv")
	rows := strings.SplitAfter(string(file), "\n")[:3]
	for _, c := range []struct {
		o    focus.Options
		want []line
	}{
		{focus.Options{}, []line{{"Issuer", "1", "2025-05-01T00:00:00Z", "0"}}},
		{focus.Options{AsBilled: true}, []line{{"Issuer", "1", "2025-05-01T00:00:00Z", "1500"}, {"Issuer", "1", "2025-06-01T00:00:00Z", "-1500"}}},
	} {
		r, err := focus.Read(strings.NewReader(strings.Join(rows, "")), c.o)
		if diff := cmp.Diff(c.want, lines(r)); err != nil || diff != "" {
			t.Errorf("as billed %v: %v (-want +got)\n%s", c.o.AsBilled, err, diff)
		}
	}
}

func TestErrorsOfExporters(t *testing.T) {
	for _, c := range []struct {
		file   string
		o      focus.Options
		option string
		want   error
		text   string
	}{
		{
			"support_pseudo_null.csv", focus.Options{}, "CountUnmarked", focus.ErrUnmarked,
			`focus: read: line 3: column ServiceSubcategory: "NA" does not tell whether the service "Business Support" is support: support is not marked` +
				`; exclude support by name, with Options.ExcludeServices, and set Options.CountUnmarked if all else counts`,
		},
		{
			"commitment_double_count.csv", focus.Options{Cost: "ListCost"}, "", focus.ErrInvalid,
			`focus: options: Cost: "ListCost": unknown cost; want one of "BilledCost", "EffectiveCost": invalid input`,
		},
		{
			"azure_null_service.csv", focus.Options{}, "CountUnmarked", focus.ErrUnmarked,
			"focus: read: line 1: column ServiceSubcategory: the column is missing, as in FOCUS 1.0: support is not marked",
		},
		{
			"oci_header.csv", focus.Options{}, "Columns", focus.ErrInvalid,
			"focus: read: line 1: column ProviderName, InvoiceIssuerName, ServiceSubcategory: the columns are missing; one of the first two is enough: invalid input" +
				"; for columns under other names there is Options.Columns",
		},
		{"plain_bill.csv.gz", focus.Options{}, "", focus.ErrInvalid, "focus: read: it is a gzip file, not CSV: decompress it first: invalid input"},
		{"utf16.csv", focus.Options{}, "", focus.ErrInvalid, "focus: read: it is UTF-16 or UTF-32, not CSV: re-encode it as UTF-8: invalid input"},
		{
			"semicolon.csv", focus.Options{}, "Comma", focus.ErrInvalid,
			"focus: read: line 1: the header is separated by semicolons, not by ',': set the delimiter to ';': invalid input; see Options.Comma",
		},
	} {
		_, err := focus.Read(bytes.NewReader(shared(t, "cases/focus/"+c.file)), c.o)
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), c.text) {
			t.Errorf("%s: %v\nwant %s", c.file, err, c.text)
		}
		if e := (*focus.Error)(nil); c.option != "" && (!errors.As(err, &e) || e.Option != c.option) {
			t.Errorf("%s: %+v; want the option %s", c.file, e, c.option)
		}
	}
}

// A real bill against a sum made with csv and big.Rat alone, by provider,
// account and month.
func TestRealBill(t *testing.T) {
	data := shared(t, "data/focus_sample.csv")
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
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
		k := strings.Join([]string{get("ProviderName"), get("BillingAccountId"), get("ChargePeriodStart")[:7], get("BillingCurrency")}, "|")
		if want[k] == nil {
			want[k] = new(big.Rat)
		}
		if c := get("ChargeCategory"); c != "Usage" && c != "Purchase" && c != "Adjustment" {
			continue
		}
		cost, ok := new(big.Rat).SetString(get("BilledCost"))
		if !ok {
			t.Fatal(get("BilledCost"))
		}
		want[k].Add(want[k], cost)
	}
	r, err := focus.Read(bytes.NewReader(data), focus.Options{CountUnmarked: true})
	if err != nil || r.Rows() != 1000 || len(r.Accounts()) != len(want) {
		t.Fatalf("%d rows, %d accounts, %v; want 1000, %d", r.Rows(), len(r.Accounts()), err, len(want))
	}
	total := decimal.Decimal{}
	for _, a := range r.Accounts() {
		k := strings.Join([]string{a.Provider, a.ID, a.Period.Start.Format("2006-01"), a.Currency}, "|")
		if want[k] == nil || a.Counted.Cost.Rat().Cmp(want[k]) != 0 {
			t.Errorf("%s: %v, want %v", k, a.Counted.Cost, want[k])
		}
		total = total.Add(a.Counted.Cost)
		t.Logf("%s %v", k, a.Counted.Cost)
	}
}
