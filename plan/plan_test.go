package plan_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
)

// row is all that the package says about one value.
type row struct {
	Valid, Paid                      bool
	String, Name, Summary, Audience  string
	Text, SQL, JSON, MarshalledError string
}

// The table retyped; every other value looks like the invalid one.
var rows = map[plan.Plan]row{
	plan.Basic: {
		Valid: true, Paid: false, String: "basic", Name: "Basic", Text: "basic", SQL: "basic", JSON: `"basic"`,
		Summary:  "questions answered by ticket",
		Audience: "individuals and small firms with light workloads",
	},
	plan.Developer: {
		Valid: true, Paid: true, String: "developer", Name: "Developer", Text: "developer", SQL: "developer", JSON: `"developer"`,
		Summary:  "the standard services, with faster answers to technical issues",
		Audience: "developers and small firms: large-scale computing, experiments, test environments, non-critical production",
	},
	plan.Business: {
		Valid: true, Paid: true, String: "business", Name: "Business", Text: "business", SQL: "business", JSON: `"business"`,
		Summary:  "quick response over several channels, with value-added services",
		Audience: "medium and large firms whose large deployments need performance, stability, availability and quick response",
	},
	plan.Enterprise: {
		Valid: true, Paid: true, String: "enterprise", Name: "Enterprise", Text: "enterprise", SQL: "enterprise", JSON: `"enterprise"`,
		Summary:  "a dedicated technical account manager, experts around the clock, architecture support made to measure",
		Audience: "large firms and critical production: ultra-large deployments with the highest demands on security, control and availability",
	},
}

func TestEveryValue(t *testing.T) {
	for n := range math.MaxUint8 + 1 {
		p := plan.Plan(n)
		want, ok := rows[p]
		if !ok {
			str := fmt.Sprintf("Plan(%d)", n)
			want = row{String: str, Name: str, MarshalledError: "plan: marshal " + str + ": unknown plan"}
		}
		got := row{
			Valid: p.IsValid(), Paid: p.IsPaid(), String: p.String(), Name: p.Name(),
			Summary: p.Summary(), Audience: p.Audience(),
		}
		text, errText := p.MarshalText()
		sqlValue, errSQL := p.Value()
		js, errJSON := json.Marshal(p)
		got.Text, got.JSON = string(text), string(js)
		if sqlValue != nil {
			got.SQL = sqlValue.(string)
		}
		for _, err := range []error{errText, errSQL, errJSON} {
			if (err == nil) != ok || err != nil && !errors.Is(err, plan.ErrUnknown) {
				t.Errorf("marshalling %v: error %v", p, err)
			}
		}
		if errText != nil {
			got.MarshalledError = errText.Error()
			if errSQL == nil || errSQL.Error() != got.MarshalledError || !strings.HasSuffix(errJSON.Error(), got.MarshalledError) {
				t.Errorf("marshalling %v: errors %q, %q, %q", p, errText, errSQL, errJSON)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%d (-want +got):\n%s", n, d)
		}
	}
}

func TestOrder(t *testing.T) {
	want := []plan.Plan{plan.Basic, plan.Developer, plan.Business, plan.Enterprise}
	if d := cmp.Diff(want, plan.All()); d != "" {
		t.Errorf("All (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]plan.Plan{1, 2, 3, 4}, want); d != "" {
		t.Errorf("values (-want +got):\n%s", d)
	}
	plan.All()[0] = plan.Enterprise
	if d := cmp.Diff(want, plan.All()); d != "" {
		t.Errorf("All after a caller changed its own (-want +got):\n%s", d)
	}
}

func TestParse(t *testing.T) {
	for p, r := range rows {
		for _, s := range []string{r.String, r.Name, strings.ToUpper(r.String)} {
			if got, err := plan.Parse(s); got != p || err != nil {
				t.Errorf("Parse(%q) = %v, %v", s, got, err)
			}
		}
	}
	for _, c := range []struct{ in, want string }{
		{"", `plan: parse "": unknown plan`},
		{" basic", `plan: parse " basic": unknown plan`},
		{"basic\n", `plan: parse "basic\n": unknown plan`},
		{"Plan(1)", `plan: parse "Plan(1)": unknown plan`},
		{"1", `plan: parse "1": unknown plan`},
		{"baſic", `plan: parse "baſic": unknown plan`}, // U+017F folds to s
		{"premium", `plan: parse "premium": unknown plan`},
		{strings.Repeat("x", 1<<20), `plan: parse "` + strings.Repeat("x", 64) + `"…: unknown plan`},
	} {
		got, err := plan.Parse(c.in)
		if got != 0 || !errors.Is(err, plan.ErrUnknown) || err.Error() != c.want {
			t.Errorf("Parse(%.20q) = %v, %v; want %s", c.in, got, err, c.want)
		}
	}
}

func TestUnmarshalText(t *testing.T) {
	p := plan.Business
	if err := p.UnmarshalText([]byte("gold")); !errors.Is(err, plan.ErrUnknown) || p != plan.Business {
		t.Errorf("after an error: %v, %v", p, err)
	}
	if err := p.UnmarshalText([]byte("DEVELOPER")); err != nil || p != plan.Developer {
		t.Errorf("got %v, %v", p, err)
	}
}

func TestJSONMap(t *testing.T) {
	in := map[plan.Plan]int{plan.Basic: 1, plan.Enterprise: 4}
	b, err := json.Marshal(in)
	if err != nil || string(b) != `{"basic":1,"enterprise":4}` {
		t.Fatalf("marshal: %s, %v", b, err)
	}
	var out map[plan.Plan]int
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(in, out); d != "" {
		t.Errorf("round trip (-want +got):\n%s", d)
	}
	// encoding/json keeps only the text of a key's error.
	if _, err := json.Marshal(map[plan.Plan]int{0: 1}); err == nil || !strings.Contains(err.Error(), "plan: marshal Plan(0): unknown plan") {
		t.Errorf("marshal the zero plan as a key: %v", err)
	}
	if err := json.Unmarshal([]byte(`{"":1}`), &out); !errors.Is(err, plan.ErrUnknown) {
		t.Errorf("unmarshal an empty key: %v", err)
	}
}

func TestScan(t *testing.T) {
	for _, src := range []any{"enterprise", []byte("Enterprise")} {
		var p plan.Plan
		if err := p.Scan(src); err != nil || p != plan.Enterprise {
			t.Errorf("Scan(%T) = %v, %v", src, p, err)
		}
	}
	for _, c := range []struct {
		src  any
		want string
	}{
		{nil, "plan: scan <nil>, which is not text: unknown plan"},
		{int64(1), "plan: scan int64, which is not text: unknown plan"},
		{true, "plan: scan bool, which is not text: unknown plan"},
		{"", `plan: parse "": unknown plan`},
		{[]byte(nil), `plan: parse "": unknown plan`},
	} {
		p := plan.Business
		err := p.Scan(c.src)
		if !errors.Is(err, plan.ErrUnknown) || err.Error() != c.want || p != plan.Business {
			t.Errorf("Scan(%v) = %v, %v; want %s", c.src, p, err, c.want)
		}
	}
}

func TestSQLNull(t *testing.T) {
	var n sql.Null[plan.Plan]
	if err := n.Scan(nil); err != nil || n.Valid {
		t.Errorf("NULL: %+v, %v", n, err)
	}
	if v, err := n.Value(); v != nil || err != nil {
		t.Errorf("value of NULL: %v, %v", v, err)
	}
	if err := n.Scan("business"); err != nil || !n.Valid || n.V != plan.Business {
		t.Errorf("text: %+v, %v", n, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, p := range plan.All() {
		f.Add(p.String())
		f.Add(p.Name())
	}
	f.Add("")
	f.Add("buſineſs")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := plan.Parse(s)
		if (err == nil) != p.IsValid() || err != nil && !errors.Is(err, plan.ErrUnknown) {
			t.Fatalf("Parse(%q) = %v, %v", s, p, err)
		}
		if err == nil && !strings.EqualFold(s, p.String()) {
			t.Fatalf("Parse(%q) = %v", s, p)
		}
	})
}
