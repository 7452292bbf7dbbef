package severity_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/severity"
)

// row is all that the package says about one value.
type row struct {
	Valid                            bool
	String, Name, Criteria           string
	Criterion                        string
	Examples                         []string
	Text, SQL, JSON, MarshalledError string
}

// The table retyped; every other value looks like the invalid one.
var rows = map[severity.Severity]row{
	severity.General: {
		Valid: true, String: "general", Name: "General issues", Criteria: "Usage Consultation",
		Text: "general", SQL: "general", JSON: `"general"`,
		Criterion: "the business is not affected",
		Examples:  []string{"a business inquiry", "technical guidance"},
	},
	severity.SystemImpaired: {
		Valid: true, String: "system-impaired", Name: "System impaired", Criteria: "Business/System Abnormality",
		Text: "system-impaired", SQL: "system-impaired", JSON: `"system-impaired"`,
		Criterion: "something behaves abnormally, but the service has not wholly lost its ability to do its work",
		Examples: []string{
			"slow responses", "partly degraded performance", "sporadic errors", "another interruption that is not critical",
		},
	},
	severity.ProductionImpacted: {
		Valid: true, String: "production-impacted", Name: "Production system impacted", Criteria: "Production System Abnormality",
		Text: "production-impacted", SQL: "production-impacted", JSON: `"production-impacted"`,
		Criterion: "a general production system is unavailable, and key operations are critically interrupted",
		Examples: []string{
			"name resolution fails", "a load balancer is degraded", "the network is interrupted", "the customer is blocked",
		},
	},
	severity.BusinessCritical: {
		Valid: true, String: "business-critical", Name: "Business critical", Criteria: "Business Unavailability",
		Text: "business-critical", SQL: "business-critical", JSON: `"business-critical"`,
		Criterion: "the customer's core business is unavailable",
		Examples: []string{
			"production data is lost", "an intrusion", "key operations are critically interrupted in any other way",
		},
	},
}

func TestEveryValue(t *testing.T) {
	for n := range math.MaxUint8 + 1 {
		s := severity.Severity(n)
		want, ok := rows[s]
		if !ok {
			str := fmt.Sprintf("Severity(%d)", n)
			want = row{String: str, Name: str, Criteria: str, MarshalledError: "severity: marshal " + str + ": unknown severity"}
		}
		got := row{
			Valid: s.IsValid(), String: s.String(), Name: s.Name(), Criteria: s.CriteriaName(),
			Criterion: s.Criterion(), Examples: s.Examples(),
		}
		text, errText := s.MarshalText()
		sqlValue, errSQL := s.Value()
		js, errJSON := json.Marshal(s)
		got.Text, got.JSON = string(text), string(js)
		if sqlValue != nil {
			got.SQL = sqlValue.(string)
		}
		for _, err := range []error{errText, errSQL, errJSON} {
			if (err == nil) != ok || err != nil && !errors.Is(err, severity.ErrUnknown) {
				t.Errorf("marshalling %v: error %v", s, err)
			}
		}
		if errText != nil {
			got.MarshalledError = errText.Error()
			if errSQL == nil || errSQL.Error() != got.MarshalledError || !strings.HasSuffix(errJSON.Error(), got.MarshalledError) {
				t.Errorf("marshalling %v: errors %q, %q, %q", s, errText, errSQL, errJSON)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%d (-want +got):\n%s", n, d)
		}
	}
}

// The document has two lists of four names and never pairs them: they are
// paired by rank, from the most severe down, as the document lists them.
func TestD8PairedByRank(t *testing.T) {
	table := []string{"Business critical", "Production system impacted", "System impaired", "General issues"}
	criteria := []string{
		"Business Unavailability", "Production System Abnormality", "Business/System Abnormality", "Usage Consultation",
	}
	all := severity.All()
	if len(all) != len(table) || len(all) != len(criteria) {
		t.Fatalf("%d severities", len(all))
	}
	for i, s := range all {
		rank := len(all) - 1 - i
		if s.Name() != table[rank] || s.CriteriaName() != criteria[rank] {
			t.Errorf("%v is %q and %q, want %q and %q", s, s.Name(), s.CriteriaName(), table[rank], criteria[rank])
		}
		for _, name := range []string{table[rank], criteria[rank], strings.ToUpper(criteria[rank])} {
			if got, err := severity.Parse(name); got != s || err != nil {
				t.Errorf("Parse(%q) = %v, %v; want %v", name, got, err, s)
			}
		}
	}
	// What tells the two top ones apart is core business against a general
	// production system.
	core := severity.Assess(severity.Observations{CoreBusinessDown: true})
	general := severity.Assess(severity.Observations{ProductionDown: true})
	if core != severity.BusinessCritical || general != severity.ProductionImpacted {
		t.Errorf("core business down is %v, a production system down is %v", core, general)
	}
}

func TestOrder(t *testing.T) {
	want := []severity.Severity{severity.General, severity.SystemImpaired, severity.ProductionImpacted, severity.BusinessCritical}
	if d := cmp.Diff(want, severity.All()); d != "" {
		t.Errorf("All (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]severity.Severity{1, 2, 3, 4}, want); d != "" {
		t.Errorf("values (-want +got):\n%s", d)
	}
	severity.All()[0] = severity.BusinessCritical
	if d := cmp.Diff(want, severity.All()); d != "" {
		t.Errorf("All after a caller changed its own (-want +got):\n%s", d)
	}
}

func TestExamplesAreTheCallersOwn(t *testing.T) {
	severity.General.Examples()[0] = "changed"
	if d := cmp.Diff(rows[severity.General].Examples, severity.General.Examples()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestParse(t *testing.T) {
	for s, r := range rows {
		for _, in := range []string{r.String, r.Name, r.Criteria, strings.ToUpper(r.String), strings.ToLower(r.Criteria)} {
			if got, err := severity.Parse(in); got != s || err != nil {
				t.Errorf("Parse(%q) = %v, %v", in, got, err)
			}
		}
	}
	for _, c := range []struct{ in, want string }{
		{"", `severity: parse "": unknown severity`},
		{"general ", `severity: parse "general ": unknown severity`},
		{"system impaire", `severity: parse "system impaire": unknown severity`},
		{"Severity(1)", `severity: parse "Severity(1)": unknown severity`},
		{"4", `severity: parse "4": unknown severity`},
		{"ſystem impaired", `severity: parse "ſystem impaired": unknown severity`}, // U+017F folds to s
		{strings.Repeat("x", 1<<20), `severity: parse "` + strings.Repeat("x", 64) + `"…: unknown severity`},
	} {
		got, err := severity.Parse(c.in)
		if got != 0 || !errors.Is(err, severity.ErrUnknown) || err.Error() != c.want {
			t.Errorf("Parse(%.20q) = %v, %v; want %s", c.in, got, err, c.want)
		}
	}
}

func TestUnmarshalText(t *testing.T) {
	s := severity.General
	if err := s.UnmarshalText([]byte("urgent")); !errors.Is(err, severity.ErrUnknown) || s != severity.General {
		t.Errorf("after an error: %v, %v", s, err)
	}
	if err := s.UnmarshalText([]byte("Business Unavailability")); err != nil || s != severity.BusinessCritical {
		t.Errorf("got %v, %v", s, err)
	}
}

func TestJSONMap(t *testing.T) {
	in := map[severity.Severity]int{severity.General: 1, severity.BusinessCritical: 4}
	b, err := json.Marshal(in)
	if err != nil || string(b) != `{"business-critical":4,"general":1}` {
		t.Fatalf("marshal: %s, %v", b, err)
	}
	var out map[severity.Severity]int
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(in, out); d != "" {
		t.Errorf("round trip (-want +got):\n%s", d)
	}
	// encoding/json keeps only the text of a key's error.
	if _, err := json.Marshal(map[severity.Severity]int{5: 1}); err == nil || !strings.Contains(err.Error(), "severity: marshal Severity(5): unknown severity") {
		t.Errorf("marshal an invalid key: %v", err)
	}
	if err := json.Unmarshal([]byte(`{"":1}`), &out); !errors.Is(err, severity.ErrUnknown) {
		t.Errorf("unmarshal an empty key: %v", err)
	}
}

func TestScan(t *testing.T) {
	for _, src := range []any{"business-critical", []byte("Business critical")} {
		var s severity.Severity
		if err := s.Scan(src); err != nil || s != severity.BusinessCritical {
			t.Errorf("Scan(%T) = %v, %v", src, s, err)
		}
	}
	for _, c := range []struct {
		src  any
		want string
	}{
		{nil, "severity: scan <nil>, which is not text: unknown severity"},
		{int64(1), "severity: scan int64, which is not text: unknown severity"},
		{"", `severity: parse "": unknown severity`},
		{[]byte(nil), `severity: parse "": unknown severity`},
	} {
		s := severity.SystemImpaired
		err := s.Scan(c.src)
		if !errors.Is(err, severity.ErrUnknown) || err.Error() != c.want || s != severity.SystemImpaired {
			t.Errorf("Scan(%v) = %v, %v; want %s", c.src, s, err, c.want)
		}
	}
}

func TestSQLNull(t *testing.T) {
	var n sql.Null[severity.Severity]
	if err := n.Scan(nil); err != nil || n.Valid {
		t.Errorf("NULL: %+v, %v", n, err)
	}
	if v, err := n.Value(); v != nil || err != nil {
		t.Errorf("value of NULL: %v, %v", v, err)
	}
	if err := n.Scan("system-impaired"); err != nil || !n.Valid || n.V != severity.SystemImpaired {
		t.Errorf("text: %+v, %v", n, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range severity.All() {
		f.Add(s.String())
		f.Add(s.Name())
		f.Add(s.CriteriaName())
	}
	f.Add("")
	f.Add("buſineſs critical")
	f.Fuzz(func(t *testing.T, in string) {
		s, err := severity.Parse(in)
		if (err == nil) != s.IsValid() || err != nil && !errors.Is(err, severity.ErrUnknown) {
			t.Fatalf("Parse(%q) = %v, %v", in, s, err)
		}
		if err == nil && !strings.EqualFold(in, s.String()) && !strings.EqualFold(in, s.Name()) && !strings.EqualFold(in, s.CriteriaName()) {
			t.Fatalf("Parse(%q) = %v", in, s)
		}
	})
}
