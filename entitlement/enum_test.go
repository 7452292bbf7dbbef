package entitlement_test

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/entitlement"
)

// enumeration is what every enumeration of the package can do.
type enumeration interface {
	comparable
	IsValid() bool
	String() string
	MarshalText() ([]byte, error)
	Value() (driver.Value, error)
}

type pointer[E any] interface {
	*E
	UnmarshalText([]byte) error
	Scan(any) error
}

// testEnum holds an enumeration to its tokens and names, in order. of makes a
// value of an integer; names may be nil, and others are what Parse takes too,
// each after the token of what it means.
func testEnum[E interface {
	~uint8
	enumeration
}, P pointer[E]](t *testing.T, typ string, all []E, parse func(string) (E, error), name func(E) string, tokens, names []string, others ...string) {
	t.Run(typ, func(t *testing.T) {
		var want []E
		for i := range tokens {
			want = append(want, E(i+1))
		}
		if diff := cmp.Diff(want, all); diff != "" {
			t.Errorf("all (-want +got):\n%s", diff)
		}
		for i := range 256 {
			e := E(i)
			token, label := fmt.Sprintf("%s(%d)", typ, i), fmt.Sprintf("%s(%d)", typ, i)
			valid := i >= 1 && i <= len(tokens)
			if valid {
				token = tokens[i-1]
				if names != nil {
					label = names[i-1]
				}
			}
			if e.IsValid() != valid || e.String() != token {
				t.Errorf("%d: IsValid() = %t, String() = %q, want %t, %q", i, e.IsValid(), e, valid, token)
			}
			if name != nil && name(e) != label {
				t.Errorf("%d: Name() = %q, want %q", i, name(e), label)
			}
			text, err := e.MarshalText()
			value, err2 := e.Value()
			if !valid {
				if !errors.Is(err, entitlement.ErrUnknown) || !errors.Is(err2, entitlement.ErrUnknown) {
					t.Errorf("%d marshals: %v, %v", i, err, err2)
				}
				continue
			}
			if string(text) != token || err != nil || value != driver.Value(token) || err2 != nil {
				t.Errorf("%d: text %q, %v; value %v, %v", i, text, err, value, err2)
			}
			spellings := []string{token, strings.ToUpper(token)}
			if names != nil {
				spellings = append(spellings, label, strings.ToLower(label))
			}
			for j := 0; j+1 < len(others); j += 2 {
				if others[j] == token {
					spellings = append(spellings, others[j+1])
				}
			}
			for _, s := range spellings {
				if got, err := parse(s); got != e || err != nil {
					t.Errorf("Parse(%q) = %v, %v", s, got, err)
				}
			}
			var scanned, read, decoded E
			if err := P(&scanned).Scan([]byte(token)); err != nil || scanned != e {
				t.Errorf("Scan(%q) = %v, %v", token, scanned, err)
			}
			if err := P(&read).UnmarshalText([]byte(token)); err != nil || read != e {
				t.Errorf("UnmarshalText(%q) = %v, %v", token, read, err)
			}
			if err := json.Unmarshal([]byte(`"`+token+`"`), &decoded); err != nil || decoded != e {
				t.Errorf("JSON %q = %v, %v", token, decoded, err)
			}
		}
		for _, bad := range []string{"", " ", tokens[0] + " ", typ + "(1)", "1"} {
			want := fmt.Sprintf(" %q: want ", bad)
			if got, err := parse(bad); got != 0 || !errors.Is(err, entitlement.ErrUnknown) || !strings.Contains(err.Error(), want) {
				t.Errorf("Parse(%q) = %v, %v", bad, got, err)
			}
		}
		e := E(1)
		if err := P(&e).Scan(nil); err == nil || !strings.HasPrefix(err.Error(), "entitlement: scan ") || e != 1 {
			t.Errorf("Scan(nil): %v", err)
		}
		if err := P(&e).UnmarshalText([]byte("?")); err == nil || e != 1 {
			t.Errorf("UnmarshalText: %v", err)
		}
	})
}

// The tokens are stored by others: they never change.
func TestEnums(t *testing.T) {
	var tokens, names []string
	for _, row := range matrix {
		tokens, names = append(tokens, row.token), append(names, row.name)
	}
	testEnum(t, "Feature", slices.Collect(entitlement.Features()), entitlement.ParseFeature, entitlement.Feature.Name, tokens, names,
		"event-management", "IEM", "health-check", "tsa")
	testEnum(t, "Category", entitlement.AllCategories(), entitlement.ParseCategory, entitlement.Category.Name,
		[]string{"standard", "advanced", "expert"}, []string{"Standard", "Advanced", "Expert"})
	testEnum(t, "Channel", entitlement.AllChannels(), entitlement.ParseChannel, entitlement.Channel.Name,
		[]string{"self-service", "ticket", "phone", "im-group"}, []string{"Self-service", "Ticket", "Phone", "IM group"})
	testEnum(t, "Personnel", entitlement.AllPersonnel(), entitlement.ParsePersonnel, entitlement.Personnel.Name,
		[]string{"customer-service-associates", "cloud-support-engineers", "cloud-support-experts"},
		[]string{"Customer Service Associates", "Cloud Support Engineers", "Cloud Support Experts"})
	testEnum(t, "AccountManager", entitlement.AllAccountManagers(), entitlement.ParseAccountManager, entitlement.AccountManager.Name,
		[]string{"none", "designated"}, []string{"None", "Designated"})
	testEnum(t, "Provenance", entitlement.AllProvenances(), entitlement.ParseProvenance, nil,
		[]string{"published", "inferred", "overridden"}, nil)
	testEnum(t, "OverrideKind", entitlement.AllOverrideKinds(), entitlement.ParseOverrideKind, nil,
		[]string{"grant", "withhold", "add-on"}, nil)
	testEnum(t, "Scope", entitlement.AllScopes(), entitlement.ParseScope, entitlement.Scope.Name,
		[]string{"in-scope", "out-of-scope", "not-listed"}, []string{"In scope", "Out of scope", "Not listed"})
	testEnum(t, "Activity", entitlement.AllActivities(), entitlement.ParseActivity, entitlement.Activity.Name,
		[]string{"product-use", "solution-advice", "interface-advice", "third-party-advice", "code-development", "business-operation", "third-party-operation"},
		[]string{"Use of the provider's products", "Technology and solutions", "APIs and SDKs", "Advice on third-party software",
			"Code development", "Operation of the customer's systems", "Operation of third-party software"})
	testEnum(t, "SelfService", entitlement.AllSelfServices(), entitlement.ParseSelfService, entitlement.SelfService.Name,
		[]string{"product-documentation", "pricing-center", "api-sdk-support", "analysis-report", "whitepaper", "industry-insights"},
		[]string{"Product documentation", "Pricing center", "API and SDK support", "Analysis report", "Whitepaper", "Industry insights"})
	testEnum(t, "IMService", entitlement.AllIMServices(), entitlement.ParseIMService, entitlement.IMService.Name,
		[]string{"slack", "wecom"}, []string{"Slack", "WeCom"}, "wecom", "enterprise wechat")
	testEnum(t, "ReportCadence", entitlement.AllReportCadences(), entitlement.ParseReportCadence, entitlement.ReportCadence.Name,
		[]string{"monthly", "annual"}, []string{"Monthly", "Annual"})
	testEnum(t, "ReportTopic", entitlement.AllReportTopics(), entitlement.ParseReportTopic, entitlement.ReportTopic.Name,
		[]string{"requirements", "problems", "costs", "account", "tickets", "changes", "health-check", "optimization", "projects"},
		[]string{"How requirements stand", "Main problems", "Costs", "Account", "Ticket figures", "Notices of major changes",
			"TSA findings", "Optimization done proactively", "Joint projects"})
	testEnum(t, "HealthCheckLevel", entitlement.AllHealthCheckLevels(), entitlement.ParseHealthCheckLevel, entitlement.HealthCheckLevel.Name,
		[]string{"report", "interpreted"}, []string{"Report", "Interpreted report"})
}

// Values are compared by what stands for them, not by the integers.
func TestConstants(t *testing.T) {
	for token, e := range map[string]fmt.Stringer{
		"self-support": entitlement.SelfSupport, "ticket": entitlement.Ticket, "phone": entitlement.Phone,
		"im-group": entitlement.IMGroup, "case-handling": entitlement.CaseHandling,
		"technical-account-manager": entitlement.TechnicalAccountManager, "third-party-software": entitlement.ThirdPartySoftware,
		"event-management": entitlement.EventManagement, "health-check": entitlement.HealthCheck, "training": entitlement.Training,
		"service-report": entitlement.ServiceReport, "architecture-optimization": entitlement.ArchitectureOptimization,
		"high-availability-optimization": entitlement.HighAvailabilityOptimization,
		"stability-optimization":         entitlement.StabilityOptimization, "resources-optimization": entitlement.ResourcesOptimization,
		"business-health-check": entitlement.BusinessHealthCheck,
		"advanced":              entitlement.Advanced, "expert": entitlement.Expert, "cloud-support-engineers": entitlement.SupportEngineers,
		"wecom": entitlement.WeCom, "annual": entitlement.Annual, "withhold": entitlement.Withhold,
		"requirements": entitlement.TopicRequirements, "problems": entitlement.TopicProblems, "costs": entitlement.TopicCosts,
		"account": entitlement.TopicAccount, "tickets": entitlement.TopicTickets, "changes": entitlement.TopicChanges,
		"optimization": entitlement.TopicOptimization, "projects": entitlement.TopicProjects,
		"product-documentation": entitlement.ProductDocumentation, "pricing-center": entitlement.PricingCenter,
		"api-sdk-support": entitlement.APISupport, "analysis-report": entitlement.AnalysisReport,
		"whitepaper": entitlement.Whitepaper, "industry-insights": entitlement.IndustryInsights,
	} {
		if e.String() != token {
			t.Errorf("%v is not %s", e, token)
		}
	}
}
