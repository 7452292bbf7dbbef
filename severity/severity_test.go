package severity_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/internal/enum/enumtest"
	"github.com/supportplan/supportplan/severity"
)

// words is all that the package says about one severity beyond its texts.
type words struct {
	Criteria, Criterion string
	Examples            []string
}

// The table retyped; every other value has the words of the invalid one.
// Source: Response Time SLA, 2023-09-15.
var rows = map[severity.Severity]words{
	severity.General: {
		"Usage Consultation", "the business is not affected",
		[]string{"a business inquiry", "technical guidance"},
	},
	severity.SystemImpaired: {
		"Business/System Abnormality", "something behaves abnormally, but the service has not wholly lost its ability to do its work",
		[]string{"slow responses", "partly degraded performance", "sporadic errors", "another interruption that is not critical"},
	},
	severity.ProductionImpacted: {
		"Production System Abnormality", "a general production system is unavailable, and key operations are critically interrupted",
		[]string{"name resolution fails", "a load balancer is degraded", "the network is interrupted", "the customer is blocked"},
	},
	severity.BusinessCritical: {
		"Business Unavailability", "the customer's core business is unavailable",
		[]string{"production data is lost", "an intrusion", "key operations are critically interrupted in any other way"},
	},
}

func TestSeverities(t *testing.T) {
	others := map[string]severity.Severity{}
	for s, r := range rows {
		others[r.Criteria], others[strings.ToLower(r.Criteria)] = s, s
	}
	enumtest.Sweep(t, enumtest.Table[severity.Severity]{
		Package: "severity", Type: "Severity", Kind: "severity", Unknown: severity.ErrUnknown, All: severity.All, Parse: severity.Parse,
		Values: []severity.Severity{severity.General, severity.SystemImpaired, severity.ProductionImpacted, severity.BusinessCritical},
		Tokens: []string{"general", "system-impaired", "production-impacted", "business-critical"},
		Names:  []string{"General issues", "System impaired", "Production system impacted", "Business critical"},
		Others: others,
	})
	for n := range math.MaxUint8 + 1 {
		s := severity.Severity(n)
		want, ok := rows[s]
		if !ok {
			want.Criteria = fmt.Sprintf("Severity(%d)", n)
		}
		if d := cmp.Diff(want, words{s.CriteriaName(), s.Criterion(), s.Examples()}); d != "" {
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

func TestExamplesAreTheCallersOwn(t *testing.T) {
	severity.General.Examples()[0] = "changed"
	if d := cmp.Diff(rows[severity.General].Examples, severity.General.Examples()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
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
