package plan_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/internal/enum/enumtest"
	"github.com/supportplan/supportplan/plan"
)

// The table retyped. Source: Product Category, 2023-09-14.
func TestPlans(t *testing.T) {
	enumtest.Sweep(t, enumtest.Table[plan.Plan]{
		Package: "plan", Type: "Plan", Kind: "plan", Unknown: plan.ErrUnknown, All: plan.All, Parse: plan.Parse,
		Values: []plan.Plan{plan.Basic, plan.Developer, plan.Business, plan.Enterprise},
		Tokens: []string{"basic", "developer", "business", "enterprise"},
		Names:  []string{"Basic", "Developer", "Business", "Enterprise"},
	})
	type words struct {
		Paid              bool
		Summary, Audience string
	}
	want := map[plan.Plan]words{
		plan.Basic: {
			false, "questions answered by ticket",
			"individuals and small firms with light workloads",
		},
		plan.Developer: {
			true, "the standard services, with faster answers to technical issues",
			"developers and small firms: large-scale computing, experiments, test environments, non-critical production",
		},
		plan.Business: {
			true, "quick response over several channels, with value-added services",
			"medium and large firms whose large deployments need performance, stability, availability and quick response",
		},
		plan.Enterprise: {
			true, "a dedicated technical account manager, experts around the clock, architecture support made to measure",
			"large firms and critical production: ultra-large deployments with the highest demands on security, control and availability",
		},
	}
	for n := range math.MaxUint8 + 1 {
		p := plan.Plan(n)
		if d := cmp.Diff(want[p], words{p.IsPaid(), p.Summary(), p.Audience()}); d != "" {
			t.Errorf("%v (-want +got):\n%s", p, d)
		}
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
