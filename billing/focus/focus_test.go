package focus_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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

const header = "ProviderName,PublisherName,InvoiceIssuerName,BillingAccountId,SubAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart," +
	"ChargeCategory,ChargeClass,ServiceCategory,ServiceName,ServiceSubcategory,BilledCost,EffectiveCost,ContractedCost,ListCost\n"

// september is the beginning of a row that was billed in September 2024.
const september = "Cloud,Cloud,Cloud Inc.,1,11,USD,2024-09-01T00:00:00Z,2024-10-01T00:00:00Z,"

const bill = header +
	september + `2024-09-01T00:00:00Z,Usage,NULL,Compute,VM,Virtual Machines,100.10,90,95,120
` + september + `2024-09-30 23:59:59,Purchase,NULL,Storage,"Disk, large",Block Storage,50,50,50,50
` + september + `2024-09-15 00:00:00,Adjustment,NULL,Compute,VM,Virtual Machines,-0.10,0,0,0
` + september + `2024-09-15 00:00:00,Tax,NULL,Other,Tax,Other (Other),12,12,12,12
` + september + `2024-09-15 00:00:00,Credit,NULL,Other,Promo,Other (Other),-40,-40,-40,-40
` + september + `2024-09-15 00:00:00,Purchase,NULL,Management and Governance,Help,Support,29,29,29,29
` + september + `2024-09-15 00:00:00,Usage,NULL,Other,Consulting,Other (Other),500,500,500,500
` + september + `2024-08-31 23:59:59,Usage,Correction,Compute,VM,Virtual Machines,-1e1,0,0,0
Cloud,Cloud,Cloud GmbH,1,11,EUR,2024-09-01T00:00:00Z,2024-10-01T00:00:00Z,2024-09-15 00:00:00,Usage,NULL,Compute,VM,Virtual Machines,7,7,7,7
Alpha,Alpha,Alpha,2,,USD,2024-09-01T00:00:00Z,2024-10-01T00:00:00Z,2024-09-15 00:00:00,Usage,null,Compute,VM,Virtual Machines,3,3,3,3
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

var consulting = focus.Options{ExcludeServices: []string{"Consulting", "Consultations"}}

// read reads a bill that must be right.
func read(t testing.TB, in string, o focus.Options) focus.Report {
	t.Helper()
	r, err := focus.Read(strings.NewReader(in), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ExampleRead() {
	report, err := focus.Read(strings.NewReader(bill), focus.Options{ExcludeServices: []string{"Consulting"}})
	if err != nil {
		panic(err)
	}
	for _, a := range report.Accounts() {
		fmt.Println(a.Provider, a.ID, a.Period.Start.Format("2006-01"), a.Counted.Cost, a.Currency)
		for _, e := range a.Excluded {
			fmt.Println("  excluded:", e.Reason, e.Name, e.Sum.Cost)
		}
	}
	// Output:
	// Alpha 2 2024-09 3 USD
	// Cloud 1 2024-08 -10 USD
	// Cloud 1 2024-09 7 EUR
	// Cloud 1 2024-09 150 USD
	//   excluded: tax  12
	//   excluded: credit  -40
	//   excluded: named-service Consulting 500
	//   excluded: support  29
}

// A bill of several files, and the usage that a support plan is priced on.
func ExampleReport_Merge() {
	files := []string{
		"ProviderName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceSubcategory,BilledCost\n" +
			"Cloud,1,USD,2026-03-02T00:00:00Z,Usage,Containers,12.25\n",
		"ProviderName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceSubcategory,BilledCost\n" +
			"Cloud,1,USD,2026-03-09T00:00:00Z,Usage,Block Storage,7.5\n",
	}
	var all focus.Report
	for _, file := range files {
		report, err := focus.Read(strings.NewReader(file), focus.Options{})
		if err != nil {
			panic(err)
		}
		if err := all.Merge(report); err != nil {
			panic(err)
		}
	}
	account, err := all.One()
	if err != nil {
		panic(err)
	}
	usage, err := account.Usage()
	if err != nil {
		panic(err)
	}
	fmt.Println(usage.Billable(), usage.Currency(), usage.Period())
	// Output: 19.75 USD [2026-03-01T00:00:00Z, 2026-04-01T00:00:00Z)
}

// A job that reads many files on many machines: each emits its parts by key, the
// parts of a key are merged, and all keys in the end.
func ExampleReport_Parts() {
	machines := []string{
		"ProviderName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceSubcategory,BilledCost\n" +
			"Cloud,1,USD,2026-03-02,Usage,Containers,12.25\nCloud,2,USD,2026-03-02,Usage,Containers,1\n",
		"ProviderName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceSubcategory,BilledCost\n" +
			"Cloud,1,USD,2026-03-09,Usage,Block Storage,7.5\n",
	}
	stored := make(map[string][][]byte)
	for _, file := range machines {
		report, err := focus.Read(strings.NewReader(file), focus.Options{})
		if err != nil {
			panic(err)
		}
		for key, part := range report.Parts() {
			data, err := json.Marshal(part)
			if err != nil {
				panic(err)
			}
			stored[key] = append(stored[key], data)
		}
	}
	var all focus.Report
	for _, parts := range stored {
		for _, data := range parts {
			var part focus.Report
			if err := json.Unmarshal(data, &part); err != nil {
				panic(err)
			}
			if err := all.Merge(part); err != nil {
				panic(err)
			}
		}
	}
	for _, a := range all.Accounts() {
		fmt.Println(a.ID, a.Counted.Cost)
	}
	// Output:
	// 1 19.75
	// 2 1
}

// A rule over the columns of a row leaves out what no name does.
func ExampleOptions() {
	report, err := focus.Read(strings.NewReader(bill), focus.Options{
		ExcludeIf: func(r focus.Row) bool {
			return r.Value("ServiceName") == "Consulting" || r.Value("PublisherName") != r.Value("ProviderName")
		},
		CountUnmarked: true,
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(report.Rows(), len(report.Accounts()))
	// Output: 10 4
}

// An error says which line and column are wrong, and which option can help.
func ExampleError() {
	in := "ProviderName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceName,ServiceSubcategory,BilledCost\n" +
		"Cloud,1,USD,2026-03-02,Usage,VM,Virtual Machines,12.25\n" +
		"Cloud,1,USD,2026-03-02,Purchase,Care Plan,NULL,100\n"
	_, err := focus.Read(strings.NewReader(in), focus.Options{})
	if bad := (*focus.Error)(nil); errors.As(err, &bad) {
		fmt.Println(bad.Line, bad.Column, bad.Option, errors.Is(err, focus.ErrUnmarked))
	}
	// Output: 3 ServiceSubcategory CountUnmarked true
}

func want() []focus.Account {
	alpha, inc, gmbh := []string{"Alpha"}, []string{"Cloud Inc."}, []string{"Cloud GmbH"}
	return []focus.Account{
		{
			Provider: "Alpha", ID: "2", Currency: "USD", Period: month(9), Issuers: alpha, Counted: sum(1, "3"),
			Excluded: []focus.Exclusion{}, Services: []focus.Service{{Category: "Compute", Counted: sum(1, "3")}},
		},
		{
			Provider: "Cloud", ID: "1", Currency: "USD", Period: month(8), Issuers: inc, Counted: sum(1, "-10"),
			Excluded: []focus.Exclusion{}, Services: []focus.Service{{Category: "Compute", Counted: sum(1, "-10")}},
		},
		{
			Provider: "Cloud", ID: "1", Currency: "EUR", Period: month(9), Issuers: gmbh, Counted: sum(1, "7"),
			Excluded: []focus.Exclusion{}, Services: []focus.Service{{Category: "Compute", Counted: sum(1, "7")}},
		},
		{
			Provider: "Cloud", ID: "1", Currency: "USD", Period: month(9), Issuers: inc, Counted: sum(3, "150"),
			Excluded: []focus.Exclusion{
				{Reason: focus.ReasonTax, Sum: sum(1, "12")},
				{Reason: focus.ReasonCredit, Sum: sum(1, "-40")},
				{Reason: focus.ReasonService, Name: "Consulting", Sum: sum(1, "500")},
				{Reason: focus.ReasonSupport, Sum: sum(1, "29")},
			},
			Services: []focus.Service{
				{Category: "Compute", Counted: sum(2, "100")},
				{Category: "Management and Governance", Excluded: sum(1, "29")},
				{Category: "Other", Excluded: sum(3, "472")},
				{Category: "Storage", Counted: sum(1, "50")},
			},
		},
	}
}

func TestRead(t *testing.T) {
	for name, in := range map[string]io.Reader{
		"plain":             strings.NewReader(bill),
		"byte order mark":   strings.NewReader("\ufeff" + bill),
		"two marks":         strings.NewReader("\ufeff\ufeff" + bill),
		"a mark on a row":   strings.NewReader(strings.Replace(bill, "\nCloud", "\n\ufeffCloud", 3)),
		"marks on all rows": iotest.HalfReader(strings.NewReader(strings.ReplaceAll(bill, "\nCloud", "\n\ufeff\"Cloud\""))),
		"CRLF":              strings.NewReader(strings.ReplaceAll(bill, "\n", "\r\n")),
		"byte by byte":      iotest.OneByteReader(strings.NewReader("\ufeff" + strings.ReplaceAll(bill, "\nCloud", "\n\ufeff\"Cloud\""))),
		"error with data":   iotest.DataErrReader(strings.NewReader(bill)),
		"no last line end":  strings.NewReader(strings.TrimSuffix(bill, "\n")),
		"blank lines":       strings.NewReader("\n\r\n" + strings.ReplaceAll(bill, "\n", "\n\n")),
		"lower-case header": strings.NewReader(strings.ToLower(header) + strings.TrimPrefix(bill, header)),
		"padded header":     strings.NewReader(strings.ReplaceAll(header, "Name,", "Name ,") + strings.TrimPrefix(bill, header)),
	} {
		r, err := focus.Read(in, consulting)
		if diff := cmp.Diff(want(), r.Accounts()); err != nil || diff != "" || r.Rows() != 10 || r.Cost() != focus.CostBilled || r.Outside() != nil {
			t.Errorf("%s: %v, %d rows, -want +got:\n%s", name, err, r.Rows(), diff)
		}
		unused := []focus.Exclusion{{Reason: focus.ReasonService, Name: "Consultations"}}
		if diff := cmp.Diff(unused, r.Unused()); diff != "" {
			t.Errorf("%s: unused: %s", name, diff)
		}
	}
}

// D24: costs as billed or amortised are spending; list and contracted costs are
// not offered.
func TestCosts(t *testing.T) {
	for c, cost := range map[focus.Cost]string{"": "150", "BilledCost": "150", "EffectiveCost": "140"} {
		r := read(t, bill, focus.Options{Cost: c, ExcludeServices: []string{"Consulting"}})
		if got := r.Accounts()[3].Counted.Cost; !got.Equal(d(cost)) {
			t.Errorf("%s: %v; want %s", c, got, cost)
		}
	}
	for _, c := range []focus.Cost{"ListCost", "ContractedCost", "billedcost", "BilledCost "} {
		var into focus.Cost
		if err := into.UnmarshalText([]byte(c)); !errors.Is(err, focus.ErrInvalid) || into != "" {
			t.Errorf("%s: %v, %v", c, into, err)
		}
	}
	var into focus.Cost
	if err := into.UnmarshalText([]byte("EffectiveCost")); err != nil || into != focus.CostEffective {
		t.Error(into, err)
	}
}

// What is excluded by name matches in any case, and shows under the name that
// the caller gave.
func TestNames(t *testing.T) {
	o := focus.Options{
		ExcludeServices:      []string{" consulting ", "CONSULTING"},
		ExcludeSubcategories: []string{"block storage", "Gaming"},
		ExcludePublishers:    []string{"alpha"},
	}
	r := read(t, bill, o)
	got := make(map[string]string)
	for _, a := range r.Accounts() {
		for _, e := range a.Excluded {
			got[string(e.Reason)+" "+e.Name] = e.Sum.Cost.String()
		}
	}
	want := map[string]string{
		"named-service  consulting ": "500", "named-subcategory block storage": "50", "named-publisher alpha": "3",
		"tax ": "12", "credit ": "-40", "support ": "29",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	unused := []focus.Exclusion{{Reason: focus.ReasonSubcategory, Name: "Gaming"}}
	if diff := cmp.Diff(unused, r.Unused()); diff != "" {
		t.Error(diff)
	}
}

// A rule sees every column, by its name in the bill, and null as nothing.
func TestRule(t *testing.T) {
	var seen []string
	r := read(t, bill, focus.Options{ExcludeIf: func(r focus.Row) bool {
		seen = append(seen, r.Value("SubAccountId")+"/"+r.Value("chargeclass"))
		return r.Has("listcost") && !r.Has("Tags") && r.Value("ChargeClass") == "Correction"
	}})
	if diff := cmp.Diff([]string{"11/", "11/", "11/", "11/", "11/Correction", "11/", "/"}, seen); diff != "" {
		t.Error(diff)
	}
	for _, a := range r.Accounts() {
		if a.Period.Start.Month() == time.August && (a.Counted.Rows != 0 || a.Excluded[0] != (focus.Exclusion{Reason: focus.ReasonRule, Sum: a.Excluded[0].Sum})) {
			t.Errorf("%+v", a)
		}
	}
	// Where names differ in case alone, the name as it stands comes first; of the
	// same name the first column is meant.
	in := strings.Replace(small, "\n", ",Team,team,team\n", 1) + strings.Replace(row, "\n", ",a,b,c\n", 1)
	var teams string
	read(t, in, focus.Options{ExcludeIf: func(r focus.Row) bool {
		teams += r.Value("Team") + r.Value("team") + r.Value("TEAM")
		return false
	}})
	if teams != "abb" {
		t.Errorf("the teams are %q", teams)
	}
	in = strings.Replace(bill, "\nCloud,", "\n\"Cloud\nNine\",", 1)
	_, err := focus.Read(strings.NewReader(in), focus.Options{ExcludeIf: func(r focus.Row) bool { return r.Value("Tags") == "x" }})
	if !errors.Is(err, focus.ErrInvalid) || err.Error() != "focus: read: line 2: column Tags: Options.ExcludeIf asks for a column that the bill does not have: invalid input" {
		t.Error(err)
	}
}

// A correction counts in the period that contains its charge period's start.
func TestCallersPeriods(t *testing.T) {
	half := calendar.Period{Start: month(9).Start, End: time.Date(2024, 9, 15, 0, 0, 0, 0, time.UTC)}
	rest := calendar.Period{Start: half.End}
	periods := []calendar.Period{rest, half}
	r := read(t, bill, focus.Options{Periods: periods})
	type row struct {
		Account, Currency string
		Period            calendar.Period
		Cost              string
	}
	var got []row
	for _, a := range r.Accounts() {
		got = append(got, row{a.ID, a.Currency, a.Period, a.Counted.Cost.String()})
	}
	want := []row{{"2", "USD", rest, "3"}, {"1", "USD", half, "100.1"}, {"1", "EUR", rest, "7"}, {"1", "USD", rest, "549.9"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	outside := r.Outside()
	if len(outside) != 1 || outside[0].Period.IsValid() || outside[0].ID != "1" || !outside[0].Counted.Cost.Equal(d("-10")) {
		t.Errorf("outside: %+v", outside)
	}
	if diff := cmp.Diff([]calendar.Period{rest, half}, periods); diff != "" {
		t.Errorf("the caller's periods changed: %s", diff)
	}
	if _, err := r.One(); !errors.Is(err, focus.ErrNotOne) {
		t.Error(err)
	}
	b, err := json.Marshal(r)
	var again focus.Report
	if err != nil || json.Unmarshal(b, &again) != nil || !again.Equal(r) {
		t.Errorf("%s, %v", b, err)
	}
	for key := range r.Parts() {
		if !slices.Contains([]string{
			`"Alpha" "2" USD 2024-09-15T00:00:00Z/…`, `"Cloud" "1" USD outside`, `"Cloud" "1" USD 2024-09-01T00:00:00Z/2024-09-15T00:00:00Z`,
			`"Cloud" "1" EUR 2024-09-15T00:00:00Z/…`, `"Cloud" "1" USD 2024-09-15T00:00:00Z/…`,
		}, key) {
			t.Errorf("key %s", key)
		}
	}
}

func TestBadOptions(t *testing.T) {
	for _, c := range []struct {
		o    focus.Options
		text string
	}{
		{focus.Options{Cost: "Cost"}, `Cost: "Cost": unknown cost; want one of "BilledCost", "EffectiveCost"`},
		{focus.Options{ExcludeServices: []string{"a", ""}}, `ExcludeServices[1]: "": want a name of at most 512 bytes`},
		{focus.Options{ExcludeSubcategories: []string{"NULL"}}, `ExcludeSubcategories[0]: "NULL": want`},
		{focus.Options{ExcludePublishers: []string{strings.Repeat("x", 513)}}, `ExcludePublishers[0]: "xxx`},
		{focus.Options{Periods: []calendar.Period{month(9), {}}}, `Periods[1]: [0001-01-01T00:00:00Z, …): not a period`},
		{focus.Options{Periods: []calendar.Period{month(9), {Start: month(9).Start.Add(time.Hour)}}}, `Periods: [2024-09-01T00:00:00Z, 2024-10-01T00:00:00Z) overlaps [`},
		{focus.Options{Zone: time.UTC, AsBilled: true}, "at most one of Periods, Zone and AsBilled"},
		{focus.Options{Zone: time.UTC, Periods: []calendar.Period{month(9)}}, "at most one of Periods, Zone and AsBilled"},
		{focus.Options{Columns: map[string]string{"Tags": "tags"}}, `Columns["Tags"]: want a column that is read, one of ServiceProviderName, `},
		{focus.Options{Columns: map[string]string{"ProviderName": " "}}, `Columns["ProviderName"]: " ": want the column's name`},
		{focus.Options{Comma: '"'}, `Comma: '"' cannot be a delimiter`},
		{focus.Options{Comma: '\n'}, `Comma: '\n' cannot be a delimiter`},
		{focus.Options{Comma: '\r'}, `Comma: '\r' cannot be a delimiter`},
		{focus.Options{Comma: 0xD800}, `Comma: `},
		{focus.Options{Comma: '\uFFFD'}, `Comma: `},
	} {
		r, err := focus.Read(strings.NewReader(bill), c.o)
		if !errors.Is(err, focus.ErrInvalid) || !strings.HasPrefix(err.Error(), "focus: options: "+c.text) || r.Cost() != "" {
			t.Errorf("%s: %v", c.text, err)
		}
		if f := (*focus.FieldError)(nil); !errors.As(err, &f) && !strings.HasPrefix(c.text, "at most") {
			t.Errorf("%v is no field error", err)
		}
	}
	longest := []string{strings.Repeat("x", focus.MaxText)}
	r := read(t, bill, focus.Options{ExcludeServices: longest, ExcludeSubcategories: longest, ExcludePublishers: longest})
	if len(r.Unused()) != 3 {
		t.Errorf("the longest names: %v", r.Unused())
	}
}

// The options are not changed, and not kept.
func TestOptionsAreTheCallers(t *testing.T) {
	o := focus.Options{Columns: map[string]string{"ServiceName": "ServiceName"}, ExcludeServices: []string{"Consulting"}}
	r := read(t, bill, o)
	o.ExcludeServices[0] = "x"
	if len(r.Unused()) != 0 {
		t.Error(r.Unused())
	}
}

// D25: a row that does not say whether it is support is no usage, silently, in
// any spelling of saying nothing.
func TestUnmarked(t *testing.T) {
	for _, mark := range []string{"", "NULL", "None", "NA", `\N`, "Unknown", "Virtual Servers", "Compute", "Support Plans", "-", "Other", "Analytics Platform", "Quantum"} {
		in := strings.Replace(bill, "VM,Virtual Machines", "VM,"+mark, 1)
		_, err := focus.Read(strings.NewReader(in), consulting)
		want := fmt.Sprintf("focus: read: line 2: column ServiceSubcategory: %q does not tell whether the service \"VM\" is support: support is not marked; exclude support by name", mark)
		if !errors.Is(err, focus.ErrUnmarked) || errors.Is(err, focus.ErrInvalid) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", mark, err)
		}
		o := consulting
		o.CountUnmarked = true
		if a := read(t, in, o).Accounts()[3]; !a.Counted.Cost.Equal(d("150")) {
			t.Errorf("%q counted: %v", mark, a.Counted)
		}
		if mark == "" || strings.EqualFold(mark, "null") {
			continue
		}
		r, err := focus.Read(strings.NewReader(in), focus.Options{ExcludeServices: []string{"VM", "Consulting"}})
		if err != nil || !r.Accounts()[3].Counted.Cost.Equal(d("50")) {
			t.Errorf("%q named: %v", mark, err)
		}
	}
	for _, mark := range []string{"support", "SUPPORT", " Support ", "Support\t"} {
		in := strings.Replace(bill, "VM,Virtual Machines", "VM,"+mark, 1)
		if a := read(t, in, consulting).Accounts()[3]; !a.Counted.Cost.Equal(d("49.9")) {
			t.Errorf("%q: %v", mark, a.Counted)
		}
	}
	for _, mark := range []string{"virtual machines", " VIRTUAL MACHINES ", "other (ai and machine learning)", "Application Platforms"} {
		in := strings.Replace(bill, "VM,Virtual Machines", "VM,"+mark, 1)
		if a := read(t, in, consulting).Accounts()[3]; !a.Counted.Cost.Equal(d("150")) {
			t.Errorf("%q: %v", mark, a.Counted)
		}
	}
}

// D25: the specification's own list, of FOCUS 1.1 to 1.3.
func TestSubcategories(t *testing.T) {
	n := 0
	for _, mark := range strings.Split("AI Platforms|Bots|Generative AI|Machine Learning|Natural Language Processing|Other (AI and Machine Learning)|"+
		"Analytics Platforms|Business Intelligence|Data Processing|Search|Streaming Analytics|Other (Analytics)|"+
		"Productivity and Collaboration|Other (Business Applications)|"+
		"Containers|End User Computing|Quantum Compute|Serverless Compute|Virtual Machines|Other (Compute)|"+
		"Caching|Data Warehouses|Ledger Databases|NoSQL Databases|Relational Databases|Time Series Databases|Other (Databases)|"+
		"Developer Platforms|Continuous Integration and Deployment|Development Environments|Source Code Management|Quality Assurance|Other (Developer Tools)|"+
		"Identity and Access Management|Other (Identity)|API Management|Messaging|Workflow Orchestration|Other (Integration)|"+
		"IoT Analytics|IoT Platforms|Other (Internet of Things)|"+
		"Architecture|Compliance|Cost Management|Data Governance|Disaster Recovery|Endpoint Management|Observability|Other (Management and Governance)|"+
		"Content Creation|Gaming|Media Streaming|Mixed Reality|Other (Media)|Data Migration|Resource Migration|Other (Migration)|Other (Mobile)|"+
		"Multicloud Integration|Other (Multicloud)|"+
		"Application Networking|Content Delivery|Network Connectivity|Network Infrastructure|Network Routing|Network Security|Other (Networking)|"+
		"Secret Management|Security Posture Management|Threat Detection and Response|Other (Security)|"+
		"Backup Storage|Block Storage|File Storage|Object Storage|Storage Platforms|Other (Storage)|Application Platforms|Other (Web)|Other (Other)", "|") {
		n++
		if r := read(t, strings.Replace(bill, "VM,Virtual Machines", "VM,"+mark, 1), consulting); !r.Accounts()[3].Counted.Cost.Equal(d("150")) {
			t.Errorf("%s does not count", mark)
		}
	}
	if n != 81 {
		t.Errorf("%d subcategories beside Support, want 81", n)
	}
}

func TestHeaderOnly(t *testing.T) {
	r := read(t, header, focus.Options{})
	if r.Rows() != 0 || r.Accounts() == nil || len(r.Accounts()) != 0 || r.Cost() != focus.CostBilled {
		t.Errorf("%+v", r)
	}
	if _, err := r.One(); !errors.Is(err, focus.ErrNotOne) {
		t.Error(err)
	}
}

func TestOne(t *testing.T) {
	if _, err := read(t, bill, consulting).One(); !errors.Is(err, focus.ErrNotOne) ||
		err.Error() != `focus: one account: the report has 4, and 0 counted rows outside its periods, "2" [2024-09-01T00:00:00Z, 2024-10-01T00:00:00Z) in USD`+
			`, "1" [2024-08-01T00:00:00Z, 2024-09-01T00:00:00Z) in USD, "1" [2024-09-01T00:00:00Z, 2024-10-01T00:00:00Z) in EUR, …: not one account in a period` {
		t.Error(err)
	}
	in := header + september + "2024-09-15 00:00:00,Usage,,Compute,VM,Virtual Machines,3,3,3,3\n,,,,,,,,,Tax,,,,,,,,\n"
	a, err := read(t, in, focus.Options{}).One()
	if err != nil || a.ID != "1" || a.Counted.Rows != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	u, err := a.Usage()
	if err != nil || u.Currency() != "USD" || !u.Billable().Equal(d("3")) || !u.Period().Equal(month(9)) || u.Counted("").Charges != 1 {
		t.Errorf("%v, %v", u, err)
	}
	if _, err := (focus.Account{}).Usage(); !errors.Is(err, billing.ErrInvalid) {
		t.Error(err)
	}
	a.Counted.Cost = decimal.New(3, 3)
	if u, err := a.Usage(); err != nil || !u.Total().Equal(d("3000")) {
		t.Errorf("%v, %v", u, err)
	}
	a.Counted.Cost = d("0." + strings.Repeat("0", 30) + "5")
	if u, err := a.Usage(); err != nil || !u.Total().Equal(decimal.New(1, -30)) {
		t.Errorf("%v, %v", u, err)
	}
}

// periods is the period [start, end).
func periods(start, end time.Time) []calendar.Period {
	return []calendar.Period{{Start: start, End: end}}
}
