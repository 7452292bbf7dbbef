package entitlement_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
)

// matrix retypes the feature matrix: the plans that have each feature, as their
// initials. Service Category, 2023-09-14; the last row is inferred.
var matrix = []struct {
	category, token, name, plans string
}{
	{"standard", "self-support", "Self-support", "BDBE"},
	{"standard", "ticket", "Ticket", "BDBE"},
	{"standard", "phone", "Phone", " DBE"},
	{"standard", "im-group", "IM group chat", "   E"},
	{"standard", "case-handling", "Case handling personnel", "BDBE"},
	{"standard", "technical-account-manager", "Technical account manager", "   E"},
	{"standard", "third-party-software", "Third-party software support", " DBE"},
	{"advanced", "event-management", "Infrastructure event management (IEM)", "   E"},
	{"advanced", "health-check", "Tencent Smart Advisor (TSA) health check", " DBE"},
	{"advanced", "training", "Communication and training", "   E"},
	{"advanced", "service-report", "Service report", "   E"},
	{"expert", "architecture-optimization", "Architecture optimization", "   E"},
	{"expert", "high-availability-optimization", "High-availability optimization", "   E"},
	{"expert", "stability-optimization", "Stability optimization", "   E"},
	{"expert", "resources-optimization", "Resources optimization", "   E"},
	{"expert", "business-health-check", "Business health check", "   E"},
}

func TestFeatures(t *testing.T) {
	all := slices.Collect(entitlement.Features())
	if len(all) != len(matrix) {
		t.Fatalf("%d features, want %d", len(all), len(matrix))
	}
	for i, f := range all {
		want := matrix[i]
		if int(f) != i+1 || f.String() != want.token || f.Name() != want.name || f.Category().String() != want.category {
			t.Errorf("feature %d is %v %q %v, want %+v", f, f, f.Name(), f.Category(), want)
		}
	}
	for i := range 256 {
		if f := entitlement.Feature(i); !f.IsValid() && f.Category() != 0 {
			t.Errorf("%v is %v", f, f.Category())
		}
	}
	for f := range entitlement.Features() {
		if f != entitlement.SelfSupport {
			t.Fatalf("Features did not stop, went on to %v", f)
		}
		break
	}
}

// Every cell of every possible plan and feature: what is not in the table is
// not included.
func TestPublishedMatrix(t *testing.T) {
	type cell struct{ p, f uint8 }
	got, want := map[cell]bool{}, map[cell]bool{}
	for p := range 256 {
		for f := range 256 {
			if entitlement.Published().Includes(plan.Plan(p), entitlement.Feature(f)) {
				got[cell{uint8(p), uint8(f)}] = true
			}
		}
	}
	for i, row := range matrix {
		for j, mark := range row.plans {
			if mark != ' ' {
				want[cell{uint8(j + 1), uint8(i + 1)}] = true
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the matrix differs (-want +got):\n%s", diff)
	}
	var zero entitlement.Matrix
	if zero != entitlement.Published() {
		t.Error("the zero Matrix is not the published one")
	}
	if got := entitlement.Published().Edition(); got != "2023-09-14" {
		t.Errorf("Edition() = %q", got)
	}
}

func TestAttributes(t *testing.T) {
	type attributes struct {
		Personnel, PersonnelName, Manager string
		Channels                          []entitlement.Channel
	}
	const self, ticket, phone, im = entitlement.ChannelSelfService, entitlement.ChannelTicket, entitlement.ChannelPhone, entitlement.ChannelIMGroup
	want := map[plan.Plan]attributes{
		plan.Basic:      {"customer-service-associates", "Customer Service Associates", "none", []entitlement.Channel{self, ticket}},
		plan.Developer:  {"customer-service-associates", "Customer Service Associates", "none", []entitlement.Channel{self, ticket, phone}},
		plan.Business:   {"cloud-support-engineers", "Cloud Support Engineers", "none", []entitlement.Channel{self, ticket, phone}},
		plan.Enterprise: {"cloud-support-experts", "Cloud Support Experts", "designated", []entitlement.Channel{self, ticket, phone, im}},
	}
	m := entitlement.Published()
	for i := range 256 {
		p := plan.Plan(i)
		if !p.IsValid() {
			if m.Personnel(p) != 0 || m.AccountManager(p) != 0 || m.Channels(p) != nil {
				t.Errorf("%v has attributes", p)
			}
			continue
		}
		got := attributes{m.Personnel(p).String(), m.Personnel(p).Name(), m.AccountManager(p).String(), m.Channels(p)}
		if diff := cmp.Diff(want[p], got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", p, diff)
		}
	}
}

func TestIncluded(t *testing.T) {
	for p := range plan.Plan(6) {
		var want []entitlement.Feature
		for f := range entitlement.Features() {
			if entitlement.Published().Includes(p, f) {
				want = append(want, f)
			}
		}
		if diff := cmp.Diff(want, slices.Collect(entitlement.Published().Included(p))); diff != "" {
			t.Errorf("Included(%v) (-want +got):\n%s", p, diff)
		}
	}
	for f := range entitlement.Published().Included(plan.Business) {
		if f != entitlement.SelfSupport {
			t.Fatalf("Included did not stop, went on to %v", f)
		}
		break
	}
}

func TestWith(t *testing.T) {
	m := entitlement.Published()
	with, err := m.With(plan.Business, entitlement.Training, true)
	if err != nil {
		t.Fatal(err)
	}
	if !with.Includes(plan.Business, entitlement.Training) || m.Includes(plan.Business, entitlement.Training) {
		t.Error("With did not make a modified copy")
	}
	if with.Includes(plan.Developer, entitlement.Training) || !with.Includes(plan.Enterprise, entitlement.Training) {
		t.Error("With modified another plan")
	}
	without, err := with.With(plan.Enterprise, entitlement.Training, false)
	if err != nil {
		t.Fatal(err)
	}
	if without.Includes(plan.Enterprise, entitlement.Training) || !without.Includes(plan.Business, entitlement.Training) {
		t.Error("With did not take away Enterprise's, or took away Business's")
	}
	if without.Edition() != "2023-09-14" {
		t.Errorf("Edition() = %q", without.Edition())
	}
	experts, err := with.WithPersonnel(plan.Business, entitlement.SupportExperts)
	if err != nil {
		t.Fatal(err)
	}
	if experts.Personnel(plan.Business) != entitlement.SupportExperts || !experts.Includes(plan.Business, entitlement.Training) {
		t.Error("WithPersonnel did not keep or did not set")
	}
	if got := with.Personnel(plan.Business); got != entitlement.SupportEngineers {
		t.Errorf("WithPersonnel modified its receiver: %v", got)
	}
	nobody, err := m.With(plan.Business, entitlement.CaseHandling, false)
	if err != nil {
		t.Fatal(err)
	}
	if got := nobody.Personnel(plan.Business); got != 0 {
		t.Errorf("%v handle the cases of a plan without case handling", got)
	}
	manager, err := m.With(plan.Business, entitlement.TechnicalAccountManager, true)
	if err != nil {
		t.Fatal(err)
	}
	if got := manager.AccountManager(plan.Business); got != entitlement.DesignatedAccountManager {
		t.Errorf("AccountManager = %v", got)
	}
}

func TestWithErrors(t *testing.T) {
	m := entitlement.Published()
	for _, c := range []struct {
		call func() (entitlement.Matrix, error)
		want error
		text string
	}{
		{func() (entitlement.Matrix, error) { return m.With(0, entitlement.Phone, true) },
			plan.ErrUnknown, "entitlement: with Plan(0): unknown plan"},
		{func() (entitlement.Matrix, error) { return m.With(plan.Basic, 17, true) },
			entitlement.ErrUnknown, "entitlement: with: feature Feature(17): want self-support, ticket, phone, im-group, case-handling, technical-account-manager, third-party-software, event-management, health-check, training, service-report, architecture-optimization, high-availability-optimization, stability-optimization, resources-optimization or business-health-check: unknown value"},
		{func() (entitlement.Matrix, error) { return m.WithPersonnel(5, entitlement.SupportExperts) },
			plan.ErrUnknown, "entitlement: with personnel Plan(5): unknown plan"},
		{func() (entitlement.Matrix, error) { return m.WithPersonnel(plan.Basic, 4) },
			entitlement.ErrUnknown, "entitlement: with personnel: personnel Personnel(4): want customer-service-associates, cloud-support-engineers or cloud-support-experts: unknown value"},
	} {
		got, err := c.call()
		if !errors.Is(err, c.want) || err.Error() != c.text || got != m {
			t.Errorf("got %v, want %s", err, c.text)
		}
	}
}
