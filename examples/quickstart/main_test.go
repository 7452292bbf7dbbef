package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

var update = flag.Bool("update", false, "write the golden files")

// answered runs the program and returns what it prints.
func answered(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(args, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Fatalf("quickstart %q: exit code %d, %s", args, code, stderr.Bytes())
	}
	return stdout.String()
}

// file writes a file of its own for a test and returns its name.
func file(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestGolden(t *testing.T) {
	several := filepath.Join("testdata", "several.csv")
	for _, test := range []struct {
		golden string
		args   []string
	}{
		{"quickstart.txt", nil},
		{"quickstart.json", []string{"-json"}},
		{"several.txt", []string{"-bill", several, "-count-unmarked", "-exclude", "Care Plan", "-exclude", "Consulting", "-exclude", "Old Plan", "-opened", "2026-03-29T01:59:59.5+01:00",
			"-need", "IM-group", "-need", "self-support", "-need", "response:Business Unavailability:5m"}},
		{"several.json", []string{"-bill", several, "-count-unmarked", "-exclude", "Care Plan", "-exclude", "Consulting", "-json"}},
	} {
		t.Run(test.golden, func(t *testing.T) {
			got := answered(t, test.args...)
			name := filepath.Join("testdata", test.golden)
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("go test ./examples/quickstart -update writes what is new (-want +got):\n%s", d)
			}
			for i, line := range strings.Split(got, "\n") {
				if n := len([]rune(line)); n > 120 && strings.HasSuffix(test.golden, ".txt") {
					t.Errorf("line %d is %d columns wide", i+1, n)
				}
			}
		})
	}
}

// How bill and card are written makes no difference, except that only of its
// own card does the program say that it is invented.
func TestSameAnswer(t *testing.T) {
	const note = "The card is invented: the provider publishes no price.\n\n"
	want, unsaid, ok := strings.Cut(answered(t), note)
	if !ok {
		t.Errorf("does not say %q", note)
	}
	want += unsaid
	bill, card := string(builtInBill), string(builtInCard)
	for name, args := range map[string][]string{
		"named":           {"-bill", "bill.csv", "-card", "card.json"},
		"CRLF":            {"-bill", file(t, strings.ReplaceAll(bill, "\n", "\r\n"))},
		"byte order mark": {"-bill", file(t, "\ufeff"+bill)},
		"no newline":      {"-bill", file(t, strings.TrimSuffix(bill, "\n"))},
		"NULL for null":   {"-bill", file(t, strings.ReplaceAll(bill, ",,", ",NULL,"))},
		"card with CRLF":  {"-card", file(t, strings.ReplaceAll(card, "\n", "\r\n"))},
		"count-unmarked":  {"-count-unmarked"},
		"with a zone":     {"-zone", "UTC"},
	} {
		got := answered(t, args...)
		if strings.Contains(got, note) == slices.Contains(args, "-card") {
			t.Errorf("%s: the note is where it should not be, or is not where it should be", name)
		}
		if d := cmp.Diff(want, strings.Replace(got, note, "", 1)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// twoOctobers has rows of October in two billing periods of different offsets.
const twoOctobers = "ProviderName,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargeCategory,ServiceSubcategory,BilledCost\n" +
	"G,1,USD,2024-10-01T07:00:00Z,2024-11-01T07:00:00Z,2024-10-03T00:00:00Z,Usage,Containers,5\n" +
	"G,1,USD,2024-12-01T08:00:00Z,2025-01-01T08:00:00Z,2024-10-03T00:00:00Z,Usage,Containers,-5\n"

func TestExitCodes(t *testing.T) {
	bill, card := string(builtInBill), string(builtInCard)
	// with returns a file like the built-in one, with the first old replaced.
	with := func(like, old, new string) string {
		t.Helper()
		if !strings.Contains(like, old) {
			t.Fatalf("%q is not in the built-in file", old)
		}
		return file(t, strings.Replace(like, old, new, 1))
	}
	digits := strings.Repeat("9", 10_000)
	for _, test := range []struct {
		name string
		code int
		args []string
		want string // a part of what the standard error says
	}{
		{"help", 0, []string{"-help"}, "-exclude service"},
		{"unknown flag", 2, []string{"-price"}, "-price"},
		{"flag without a value", 2, []string{"-bill"}, "-bill"},
		{"stray argument", 2, []string{"bill.csv"}, `unexpected argument "bill.csv"`},
		{"two ways to periods", 2, []string{"-zone", "UTC", "-as-billed"}, "-zone beside -as-billed"},

		{"unknown feature", 1, []string{"-need", "fax"}, `-need: "fax" is no feature and not`},
		{"empty need", 1, []string{"-need", ""}, `-need: ""`},
		{"unknown severity", 1, []string{"-need", "response:mild:1h"}, `severity "mild": want general, `},
		{"no duration", 1, []string{"-need", "response:general"}, "duration"},
		{"zero duration", 1, []string{"-need", "response:general:0s"}, "0s"},
		{"negative duration", 1, []string{"-need", "response:general:-1h"}, "-1h"},
		{"huge duration", 1, []string{"-need", "response:general:9999999h"}, "9999999h"},
		{"time without a zone", 1, []string{"-opened", "2026-03-02T09:30:00"}, "-opened: "},
		{"a date that does not exist", 1, []string{"-opened", "2026-02-30T09:30:00Z"}, "-opened: "},
		{"the zero time", 1, []string{"-opened", "0001-01-01T00:00:00Z"}, "-opened: "},
		{"no time", 1, []string{"-opened", ""}, "-opened: "},

		{"no such bill", 1, []string{"-bill", "no\nsuch.csv"}, `no\nsuch.csv`},
		{"no bill", 1, []string{"-bill", ""}, "-bill: "},
		{"bill is a folder", 1, []string{"-bill", "testdata"}, "-bill: "},
		{"endless bill", 1, []string{"-bill", file(t, strings.Repeat("0", 17<<20))}, "more than 1048576 bytes"},
		{"empty bill", 1, []string{"-bill", file(t, "")}, "-bill: "},
		{"bill of a byte order mark", 1, []string{"-bill", file(t, "\ufeff")}, "-bill: "},
		{"bill without header", 1, []string{"-bill", with(bill, "BillingAccountId", "acct-1001")}, "BillingAccountId"},
		{"a column twice", 1, []string{"-bill", with(bill, "EffectiveCost", "BilledCost")}, "BilledCost"},
		{"truncated row", 1, []string{"-bill", file(t, bill[:len(bill)-40])}, "line 16"},
		{"unclosed quote", 1, []string{"-bill", with(bill, `Inc."`, `Inc.`)}, "line 2"},
		{"NULL cost", 1, []string{"-bill", with(bill, "1877.20,", "NULL,")}, "line 3"},
		{"empty cost", 1, []string{"-bill", with(bill, "1877.20,", ",")}, "line 3"},
		{"cost with exponent", 1, []string{"-bill", with(bill, "1877.20", "1e1000000000")}, "line 3"},
		{"cost of 10,000 digits", 1, []string{"-bill", with(bill, "1877.20", digits)}, "line 3"},
		{"cost in words", 1, []string{"-bill", with(bill, "1877.20", "NaN")}, "line 3"},
		{"unknown category of charge", 1, []string{"-bill", with(bill, "Purchase", "Gift")}, `"Gift"`},
		{"no currency", 1, []string{"-bill", with(bill, ",USD,", ",NULL,")}, "BillingCurrency"},
		{"odd time", 1, []string{"-bill", with(bill, `demand",2026-01-01T00:00:00Z`, `demand",01/02/2026`)}, "line 2"},
		{"nothing to tell support by", 1, []string{"-bill", with(bill, "ServiceSubcategory", "x_Subcategory")}, "-count-unmarked"},
		{"unmarked row", 1, []string{"-bill", with(bill, "Virtual Machines", "Unknown")}, "-count-unmarked"},
		{"column under another name", 1, []string{"-bill", with(bill, "BillingCurrency", "Currency")}, "-column NAME=ITS-NAME"},
		{"semicolons", 1, []string{"-bill", file(t, strings.ReplaceAll(bill, ",", ";"))}, "-comma ';'"},
		{"two reckonings of October", 1, []string{"-bill", file(t, twoOctobers)}, "-zone UTC"},
		{"unknown cost", 1, []string{"-cost", "ListCost"}, "-cost: "},
		{"unknown zone", 1, []string{"-zone", "Mars"}, "-zone: "},
		{"column without a name", 1, []string{"-column", "ProviderName"}, "-column: "},
		{"unknown column", 1, []string{"-column", "Tags=tags"}, "Tags"},
		{"long comma", 1, []string{"-comma", ";;"}, "-comma: "},
		{"a quote as a comma", 1, []string{"-comma", "\""}, "Comma"},

		{"no such card", 1, []string{"-card", "nosuch.json"}, "nosuch.json"},
		{"empty card", 1, []string{"-card", file(t, "")}, "-card: "},
		{"endless card", 1, []string{"-card", file(t, strings.Repeat(" ", 17<<20))}, "more than 16777216 bytes"},
		{"null card", 1, []string{"-card", file(t, "null")}, "-card: "},
		{"NULL card", 1, []string{"-card", file(t, "NULL")}, "-card: "},
		{"card with a byte order mark", 1, []string{"-card", file(t, "\ufeff"+card)}, "-card: "},
		{"cut card", 1, []string{"-card", file(t, card[:len(card)/2])}, "-card: "},
		{"two cards", 1, []string{"-card", file(t, card+card)}, "-card: "},
		{"null plans", 1, []string{"-card", file(t, `{"edition":"e","currency":"USD","rounding":{"places":2,"mode":"half-up"},"per":"month","proration":"instants","limits":"prorated","basis":"period","plans":null}`)}, "plans"},
		{"duplicate key", 1, []string{"-card", with(card, `"currency"`, `"currency": "EUR", "currency"`)}, "currency"},
		{"unknown key", 1, []string{"-card", with(card, `"currency"`, `"comment": "", "currency"`)}, "comment"},
		{"wrong case", 1, []string{"-card", with(card, `"currency"`, `"Currency"`)}, "urrency"},
		{"unknown plan", 1, []string{"-card", with(card, `"developer"`, `"premium"`)}, "premium"},
		{"priced Basic", 1, []string{"-card", with(card, `"developer"`, `"basic"`)}, "plans.basic"},
		{"unsorted tiers", 1, []string{"-card", with(card, `"75000"`, `"7500"`)}, "plans.business.tiers[1].upTo"},
		{"equal bounds", 1, []string{"-card", with(card, `"75000"`, `"15000"`)}, "plans.business.tiers[1].upTo"},
		{"two open tiers", 1, []string{"-card", with(card, `"upTo": "15000", `, "")}, "plans.business.tiers[0].upTo"},
		{"bounded last tier", 1, []string{"-card", with(card, `{"rate": "4%"}`, `{"upTo": "90000", "rate": "4%"}`)}, "plans.business.tiers[2].upTo"},
		{"negative rate", 1, []string{"-card", with(card, `"8%"`, `"-8%"`)}, "plans.business.tiers[0].rate"},
		{"rate with exponent", 1, []string{"-card", with(card, `"8%"`, `"1e1000000000"`)}, "plans.business.tiers[0].rate"},
		{"minimum of 10,000 digits", 1, []string{"-card", with(card, `"120"`, `"`+digits+`"`)}, "plans.business.minimum"},
		{"minimum as a number", 1, []string{"-card", with(card, `"120"`, `120`)}, "plans.business.minimum"},
		{"no rounding mode", 1, []string{"-card", with(card, `, "mode": "half-up"`, "")}, "rounding.mode"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(test.args, &stdout, &stderr)
			said := stderr.String()
			if code != test.code || !strings.Contains(said, test.want) {
				t.Errorf("exit code %d, want %d; the standard error has no %q:\n%s", code, test.code, test.want, said)
			}
			if code == 1 && (strings.Count(said, "\n") != 1 || len(said) > 400 || !strings.HasPrefix(said, "quickstart: ")) {
				t.Errorf("not one short line: %q", said)
			}
			if stdout.Len() > 0 {
				t.Errorf("printed beside an error: %s", stdout.Bytes())
			}
		})
	}
}

// full is an output that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestOutputFails(t *testing.T) {
	var stderr bytes.Buffer
	if code := run(nil, full{}, &stderr); code != 1 || stderr.String() != "quickstart: full\n" {
		t.Errorf("exit code %d, %q", code, stderr.Bytes())
	}
}

func TestNoRows(t *testing.T) {
	header, _, _ := strings.Cut(string(builtInBill), "\n")
	bill := file(t, header)
	if got := answered(t, "-bill", bill); !strings.Contains(got, "\nThe bill has no rows.\n") {
		t.Errorf("does not say that the bill has no rows:\n%s", got)
	}
	var out struct{ Fees []any }
	err := json.Unmarshal([]byte(answered(t, "-bill", bill, "-json")), &out)
	if err != nil || out.Fees == nil || len(out.Fees) > 0 {
		t.Errorf("fees %v, %v, want []", out.Fees, err)
	}
}

// The usage of a real bill equals a plain sum of its rows, and the text and the
// JSON form say the same.
func TestRealBill(t *testing.T) {
	bill := filepath.Join("..", "..", "..", "shared", "data", "focus_sample.csv")
	f, err := os.Open(bill)
	if err != nil {
		t.Skip("the real bill is not here:", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := make(map[string]int)
	for i, name := range rows[0] {
		column[name] = i
	}
	type key struct{ provider, account, currency, month string }
	want := make(map[key]string)
	sums := make(map[key]decimal.Decimal)
	for _, row := range rows[1:] {
		at := func(name string) string { return row[column[name]] }
		k := key{at("ProviderName"), at("BillingAccountId"), at("BillingCurrency"), at("ChargePeriodStart")[:len("2024-09")]}
		switch at("ChargeCategory") {
		case "Usage", "Purchase", "Adjustment":
			sums[k] = sums[k].Add(decimal.RequireFromString(at("BilledCost")))
		}
		want[k] = sums[k].String()
	}

	var out struct {
		Bill struct {
			Accounts []struct {
				Provider, ID, Currency string
				Period                 struct{ Start string }
				Counted                struct{ Cost decimal.Decimal }
			}
		}
	}
	if err := json.Unmarshal([]byte(answered(t, "-json", "-bill", bill, "-count-unmarked")), &out); err != nil {
		t.Fatal(err)
	}
	got := make(map[key]string)
	text := answered(t, "-bill", bill, "-count-unmarked")
	for _, a := range out.Bill.Accounts {
		k := key{a.Provider, a.ID, a.Currency, a.Period.Start[:len("2024-09")]}
		got[k] = a.Counted.Cost.String()
		if !strings.Contains(text, a.Counted.Cost.String()) {
			t.Errorf("the text does not say %v", a.Counted.Cost)
		}
	}
	if d := cmp.Diff(want, got); d != "" || len(got) != len(out.Bill.Accounts) {
		t.Errorf("usage (-want +got):\n%s", d)
	}
}

// Bills as exporters really write them, each with the flags that it needs, and
// the error of the others.
func TestBillsOfExporters(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "cases", "focus")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the bills are not here:", err)
	}
	type usage struct{ Start, Cost string }
	for _, test := range []struct {
		bill string
		args []string
		want []usage
		fail string // a part of what the standard error says without args
	}{
		{"beijing_month.csv", nil, []usage{{"2024-12-31T16:00:00Z", "10300"}}, ""},
		{"support_pseudo_null.csv", []string{"-exclude", "Business Support"}, []usage{{"2024-09-01T00:00:00Z", "1000"}}, "line 3: column ServiceSubcategory: \"NA\" does not tell whether the service \"Business Support\" is support: support is not marked; name services that are support with -exclude"},
		{"support_lower_case.csv", nil, []usage{{"2024-09-01T00:00:00Z", "1000"}}, ""},
		{"commitment_double_count.csv", nil, []usage{{"2023-01-01T00:00:00Z", "1.5"}}, ""},
		{"commitment_double_count.csv", []string{"-cost", "EffectiveCost"}, []usage{{"2023-01-01T00:00:00Z", "1.5"}}, ""},
		{"azure_null_service.csv", []string{"-exclude", "Azure Support", "-count-unmarked"}, []usage{{"2024-09-01T00:00:00Z", "1299.9943211"}}, "-count-unmarked"},
		{"azure_focus10_no_seconds.csv", []string{"-count-unmarked"}, []usage{{"2024-06-01T00:00:00Z", "-0.51673168134912"}}, "-count-unmarked"},
		{"aws_issuer_null.csv", nil, []usage{{"2024-09-01T00:00:00Z", "1020"}}, ""},
		{"double_residue.csv", nil, []usage{{"2024-09-01T00:00:00Z", "1000.00000000000000005551115123125783"}}, ""},
		{"gcp_lower_case.csv", []string{"-count-unmarked"}, []usage{{"2024-09-01T07:00:00Z", "1000"}}, "-count-unmarked"},
		{
			"oci_header.csv", []string{"-column", "InvoiceIssuerName=InvoiceIssuer", "-column", "ProviderName=Provider", "-count-unmarked"},
			[]usage{{"2026-01-01T00:00:00Z", "12.5"}}, "column ProviderName, InvoiceIssuerName, ServiceSubcategory: the columns are missing; one of the first two is enough: invalid input; for a column under another name say -column",
		},
		{"plain_bill.csv.gz", nil, nil, "it is a gzip file, not CSV: decompress it first"},
		{"utf16.csv", nil, nil, "re-encode it as UTF-8"},
		{"semicolon.csv", []string{"-comma", ";"}, []usage{{"2024-09-01T00:00:00Z", "1000"}}, "separated by semicolons, not by ',': set the delimiter to ';': invalid input; for another delimiter say -comma"},
		{"three_issuers.csv", nil, []usage{{"2024-09-01T00:00:00Z", "12030"}}, ""},
		{"three_issuers.csv", []string{"-by-sub-account"}, []usage{{"2024-09-01T00:00:00Z", "4030"}, {"2024-09-01T00:00:00Z", "8000"}}, ""},
		{"three_issuers.csv", []string{"-exclude-publisher", "Third Party"}, []usage{{"2024-09-01T00:00:00Z", "12000"}}, ""},
		{"focus13_ai_invoice.csv", nil, []usage{{"2025-05-01T00:00:00Z", "2037.36"}}, ""},
		{"focus_correction_closed_period.csv", nil, []usage{{"2025-05-01T00:00:00Z", "1500"}}, ""},
		{"focus_correction_closed_period.csv", []string{"-as-billed"}, []usage{{"2025-05-01T00:00:00Z", "1500"}, {"2025-06-01T00:00:00Z", "0"}}, ""},
	} {
		bill := filepath.Join(folder, test.bill)
		if test.fail != "" {
			var stdout, stderr bytes.Buffer
			if code := run([]string{"-bill", bill}, &stdout, &stderr); code != 1 || !strings.Contains(stderr.String(), test.fail) {
				t.Errorf("%s: exit code %d; the standard error has no %q:\n%s", test.bill, code, test.fail, stderr.Bytes())
			}
		}
		if test.want == nil {
			continue
		}
		var out struct {
			Bill struct {
				Accounts []struct {
					Period  struct{ Start string }
					Counted struct{ Cost string }
				}
			}
			Fees []struct {
				Quotes []struct{ Plan, Total string }
			}
		}
		args := append([]string{"-json", "-bill", bill}, test.args...)
		if err := json.Unmarshal([]byte(answered(t, args...)), &out); err != nil {
			t.Fatal(err)
		}
		var got []usage
		for _, a := range out.Bill.Accounts {
			got = append(got, usage{a.Period.Start, a.Counted.Cost})
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s %q (-want +got):\n%s", test.bill, test.args, d)
		}
		// The month of Beijing is billed once: 8 % of 10,300.
		if test.bill == "beijing_month.csv" && (len(out.Fees) != 1 || !slices.ContainsFunc(out.Fees[0].Quotes, func(q struct{ Plan, Total string }) bool { return q.Plan == "business" && q.Total == "824.00" })) {
			t.Errorf("%s: fees %v, want Business at 824.00", test.bill, out.Fees)
		}
	}
}

// A bill in two files is the bill in one.
func TestSeveralFiles(t *testing.T) {
	header, rows, _ := strings.Cut(string(builtInBill), "\n")
	lines := strings.SplitAfter(rows, "\n")
	one := file(t, header+"\n"+strings.Join(lines[:7], ""))
	other := file(t, "\ufeff"+header+"\n"+strings.Join(lines[7:], ""))
	want := answered(t, "-json")
	for _, args := range [][]string{{"-json", "-bill", one, "-bill", other}, {"-json", "-bill", other, "-bill", one}} {
		if d := cmp.Diff(want, answered(t, args...)); d != "" {
			t.Errorf("%q (-want +got):\n%s", args, d)
		}
	}
}
