package entitlement_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
)

func TestChannels(t *testing.T) {
	type facts struct {
		Feature        entitlement.Feature
		AroundTheClock bool
		Address        string
	}
	want := map[entitlement.Channel]facts{
		entitlement.ChannelSelfService: {entitlement.SelfSupport, false, ""},
		entitlement.ChannelTicket:      {entitlement.Ticket, true, "console.tencentcloud.com/workorder"},
		entitlement.ChannelPhone:       {entitlement.Phone, true, ""},
		entitlement.ChannelIMGroup:     {entitlement.IMGroup, true, ""},
	}
	got := map[entitlement.Channel]facts{}
	for i := range 256 {
		c := entitlement.Channel(i)
		if f := (facts{c.Feature(), c.AroundTheClock(), c.Address()}); f != (facts{}) {
			got[c] = f
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Support Methods, 2023-09-18.
func TestHotlines(t *testing.T) {
	want := []entitlement.Hotline{
		{"HK", "China Hong Kong", "+852800906020", "+852 800 906 020"},
		{"US", "United States", "+18446060804", "+1 844 606 0804"},
		{"CA", "Canada", "+18886057930", "+1 888 605 7930"},
		{"GB", "United Kingdom", "+448081964551", "+44 808 196 4551"},
		{"AU", "Australia", "+611300986386", "+61 1300 986 386"},
	}
	got := entitlement.Hotlines()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, h := range got {
		if strings.ReplaceAll(h.Display, " ", "") != h.E164 {
			t.Errorf("%+v: two numbers", h)
		}
		for _, country := range []string{h.Country, strings.ToLower(h.Country)} {
			if one, ok := entitlement.HotlineOf(country); one != h || !ok {
				t.Errorf("HotlineOf(%q) = %v, %t", country, one, ok)
			}
		}
	}
	for _, country := range []string{"", "DE", "HKG", "H\u212a"} {
		if h, ok := entitlement.HotlineOf(country); h != (entitlement.Hotline{}) || ok {
			t.Errorf("HotlineOf(%q) = %v, %t", country, h, ok)
		}
	}
	got[0].E164 = ""
	if diff := cmp.Diff(want, entitlement.Hotlines()); diff != "" {
		t.Errorf("Hotlines gave its own slice away:\n%s", diff)
	}
}

func TestPrimaryChannel(t *testing.T) {
	for i := range 256 {
		p := plan.Plan(i)
		got, ok := entitlement.Published().PrimaryChannel(p)
		want := entitlement.Channel(0)
		if p == plan.Enterprise {
			want = entitlement.ChannelIMGroup
		}
		if got != want || ok != (p == plan.Enterprise) {
			t.Errorf("%v: %v, %t", p, got, ok)
		}
	}
}

// TSA Health Check, 2023-09-14: Enterprise adds the account manager's
// interpretation.
func TestHealthCheckLevel(t *testing.T) {
	for i := range 256 {
		want := map[plan.Plan]entitlement.HealthCheckLevel{
			plan.Developer:  entitlement.HealthCheckReport,
			plan.Business:   entitlement.HealthCheckReport,
			plan.Enterprise: entitlement.HealthCheckInterpreted,
		}[plan.Plan(i)]
		if got := entitlement.Published().HealthCheckLevel(plan.Plan(i)); got != want {
			t.Errorf("%v: %v, want %v", plan.Plan(i), got, want)
		}
	}
}

// Service Scope, 2023-09-15.
func TestActivities(t *testing.T) {
	type activity struct {
		Scope       entitlement.Scope
		Description string
	}
	want := map[entitlement.Activity]activity{
		entitlement.ProductUse:          {entitlement.InScope, "consultation, troubleshooting and usage support for the provider's international products"},
		entitlement.SolutionAdvice:      {entitlement.InScope, "consultation on the provider's technology and solutions, with best practices"},
		entitlement.InterfaceAdvice:     {entitlement.InScope, "interface consultation and troubleshooting while the provider's APIs and SDKs are used"},
		entitlement.ThirdPartyAdvice:    {entitlement.InScope, "configuration guidance and troubleshooting help for relevant third-party software that is used with the provider's products"},
		entitlement.CodeDevelopment:     {entitlement.OutOfScope, "developing code"},
		entitlement.BusinessOperation:   {entitlement.OutOfScope, "operating and maintaining the customer's business systems"},
		entitlement.ThirdPartyOperation: {entitlement.OutOfScope, "routine operation and maintenance of third-party software: installing, patching, testing, diagnosing and tuning it"},
	}
	got := map[entitlement.Activity]activity{}
	for i := range 256 {
		a := entitlement.Activity(i)
		if x := (activity{a.Scope(), a.Description()}); x != (activity{}) {
			got[a] = x
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDetails(t *testing.T) {
	src := func(section, updated string) entitlement.Source {
		return entitlement.Source{Section: section, Updated: updated}
	}
	want := map[entitlement.Feature]entitlement.Details{
		entitlement.SelfSupport: {"help that customers find by themselves",
			[]string{"FAQs", "documentation", "message subscription", "APIs and SDKs"}, true, src("Service Category", "2023-09-14")},
		entitlement.Ticket: {"questions and problems in writing, around the clock",
			[]string{"console.tencentcloud.com/workorder", `"Ticket" in the console`}, false, src("Support Methods", "2023-09-18")},
		entitlement.Phone: {"toll-free hotlines, around the clock", nil, false, src("Support Methods", "2023-09-18")},
		entitlement.IMGroup: {"a dedicated chat group on Slack or WeCom, around the clock, set up after purchase",
			[]string{"questions", "reports of problems"}, false, src("Support Methods", "2023-09-18")},
		entitlement.CaseHandling:            {"people who handle cases, more expert in the higher plans", nil, false, src("Service Category", "2023-09-14")},
		entitlement.TechnicalAccountManager: {"a designated technical account manager", nil, false, src("Service Category", "2023-09-14")},
		entitlement.ThirdPartySoftware: {"best-effort advice on listed software for experienced administrators, who carry it out themselves and answer for that",
			[]string{"configuration advice", "troubleshooting advice"}, false, src("Third-Party Software Support", "2023-09-15")},
		entitlement.EventManagement: {"support of planned peaks: three complimentary sessions a year of up to three consecutive days each",
			[]string{"new deployments", "promotions", "version updates"}, true, src("Infrastructure Event Management", "2023-09-15")},
		entitlement.HealthCheck: {"an online risk assessment, ready to use, that reads resource configuration through cloud APIs under a CAM role, touches no business data flows and slows nothing down",
			[]string{"resources", "application architecture", "business performance", "security"}, false, src("TSA Health Check", "2023-09-14")},
		entitlement.Training: {"exchange with senior product experts",
			[]string{"architecture", "usage plans", "critical failures", "product requirements", "industry experience"}, true, src("Communication and Training", "2023-09-14")},
		entitlement.ServiceReport:            {"a customised report, monthly or annual", nil, false, src("Service Report", "2023-09-14")},
		entitlement.ArchitectureOptimization: {"advice on the architecture of the customer's systems", nil, false, src("Architecture Optimization", "2023-09-14")},
		entitlement.HighAvailabilityOptimization: {"keeping the business running",
			[]string{"guidance on business continuity", "infrastructure optimized with TSA's help for security, reliability and service limits", "solutions to the customer's pain points"},
			false, src("High-Availability Optimization", "2023-09-14")},
		entitlement.StabilityOptimization: {"getting back quickly when something fails, and proving it beforehand",
			[]string{"rapid-recovery mechanisms", "emergency plans", "fault rehearsal", "chaos engineering with best-practice templates", "checks that high-availability plans work"},
			false, src("Stability Optimization", "2023-09-14")},
		entitlement.ResourcesOptimization: {"named in the matrix, described nowhere", nil, false, src("Service Category", "2023-09-14")},
		entitlement.BusinessHealthCheck: {"core metrics under watch",
			[]string{"expert rules on core metrics", "alarms told to the customer and followed to closure", "harmful usage practices found early, with advice on mending them"},
			false, src("Business Health Check", "2023-09-14")},
	}
	got := map[entitlement.Feature]entitlement.Details{}
	for i := range 256 {
		f := entitlement.Feature(i)
		if d := f.Details(); d.Summary != "" || d.Items != nil || d.Open || d.Source != (entitlement.Source{}) {
			got[f] = d
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got[entitlement.Training].Items[0] = ""
	if entitlement.Training.Details().Items[0] != "architecture" {
		t.Error("Details gave its own slice away")
	}
}

func TestWithEdition(t *testing.T) {
	m := entitlement.Published().WithEdition("ACME 2026")
	if m.Edition() != "ACME 2026" || m.WithEdition("").Edition() != "2023-09-14" || entitlement.Published().Edition() != "2023-09-14" {
		t.Error("editions are mixed up")
	}
	with, err := m.With(plan.Basic, entitlement.Phone, true)
	if err != nil {
		t.Fatal(err)
	}
	who, err := with.WithPersonnel(plan.Basic, entitlement.SupportExperts)
	if err != nil {
		t.Fatal(err)
	}
	if with.Edition() != "ACME 2026" || who.Edition() != "ACME 2026" || !who.WithEdition("x").Includes(plan.Basic, entitlement.Phone) {
		t.Error("a copy lost its edition or its cells")
	}
}
