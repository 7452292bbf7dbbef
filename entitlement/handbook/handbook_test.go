package handbook_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/entitlement/handbook"
)

// Support Methods, 2023-09-18.
func TestHotlines(t *testing.T) {
	want := []handbook.Hotline{
		{"HK", "China Hong Kong", "+852800906020", "+852 800 906 020"},
		{"US", "United States", "+18446060804", "+1 844 606 0804"},
		{"CA", "Canada", "+18886057930", "+1 888 605 7930"},
		{"GB", "United Kingdom", "+448081964551", "+44 808 196 4551"},
		{"AU", "Australia", "+611300986386", "+61 1300 986 386"},
	}
	got := handbook.Hotlines()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, h := range got {
		if strings.ReplaceAll(h.Display, " ", "") != h.E164 {
			t.Errorf("%+v: two numbers", h)
		}
	}
	got[0].E164 = ""
	if diff := cmp.Diff(want, handbook.Hotlines()); diff != "" {
		t.Errorf("Hotlines gave its own slice away:\n%s", diff)
	}
}

func TestDescribe(t *testing.T) {
	want := map[entitlement.Feature]handbook.Description{
		entitlement.SelfSupport: {"help that customers find by themselves",
			[]string{"FAQs", "documentation", "message subscription", "APIs and SDKs"}, true, "", "Service Category, 2023-09-14"},
		entitlement.Ticket: {"questions and problems in writing, around the clock",
			[]string{"console.tencentcloud.com/workorder", `"Ticket" in the console`}, false, "", "Support Methods, 2023-09-18"},
		entitlement.Phone: {"toll-free hotlines, around the clock", nil, false, "", "Support Methods, 2023-09-18"},
		entitlement.IMGroup: {"a dedicated chat group on Slack or WeCom, around the clock, set up after purchase",
			[]string{"questions", "reports of problems"}, false, "", "Support Methods, 2023-09-18"},
		entitlement.CaseHandling:            {"people who handle cases, more expert in the higher plans", nil, false, "", "Service Category, 2023-09-14"},
		entitlement.TechnicalAccountManager: {"a designated technical account manager", nil, false, "", "Service Category, 2023-09-14"},
		entitlement.ThirdPartySoftware: {"best-effort advice on listed software for experienced administrators, who carry it out themselves and answer for that",
			[]string{"configuration advice", "troubleshooting advice"}, false, "", "Third-Party Software Support, 2023-09-15"},
		entitlement.EventManagement: {"support of planned peaks: three complimentary sessions a year of up to three consecutive days each",
			[]string{"new deployments", "promotions", "version updates"}, true, "", "Infrastructure Event Management, 2023-09-15"},
		entitlement.HealthCheck: {"an online risk assessment, ready to use, that reads resource configuration through cloud APIs under a CAM role, touches no business data flows and slows nothing down",
			[]string{"resources", "application architecture", "business performance", "security"}, false, "with a technical account manager: the manager interprets the reports and offers solutions", "TSA Health Check, 2023-09-14"},
		entitlement.Training: {"exchange with senior product experts",
			[]string{"architecture", "usage plans", "critical failures", "product requirements", "industry experience"}, true, "", "Communication and Training, 2023-09-14"},
		entitlement.ServiceReport: {"a customised report, monthly or annual",
			[]string{"How requirements stand", "Main problems", "Costs", "Account", "Ticket figures", "Notices of major changes",
				"TSA findings", "Optimization done proactively", "Joint projects"}, true, "", "Service Report, 2023-09-14"},
		entitlement.ArchitectureOptimization: {"advice on the architecture of the customer's systems", nil, false, "", "Architecture Optimization, 2023-09-14"},
		entitlement.HighAvailabilityOptimization: {"keeping the business running",
			[]string{"guidance on business continuity", "infrastructure optimized with TSA's help for security, reliability and service limits", "solutions to the customer's pain points"},
			false, "", "High-Availability Optimization, 2023-09-14"},
		entitlement.StabilityOptimization: {"getting back quickly when something fails, and proving it beforehand",
			[]string{"rapid-recovery mechanisms", "emergency plans", "fault rehearsal", "chaos engineering with best-practice templates", "checks that high-availability plans work"},
			false, "", "Stability Optimization, 2023-09-14"},
		entitlement.ResourcesOptimization: {"named in the matrix, described nowhere", nil, false, "", "Service Category, 2023-09-14"},
		entitlement.BusinessHealthCheck: {"core metrics under watch",
			[]string{"expert rules on core metrics", "alarms told to the customer and followed to closure", "harmful usage practices found early, with advice on mending them"},
			false, "", "Business Health Check, 2023-09-14"},
	}
	got := map[entitlement.Feature]handbook.Description{}
	for i := range 256 {
		f := entitlement.Feature(i)
		if d := handbook.Describe(f); !reflect.DeepEqual(d, handbook.Description{}) {
			got[f] = d
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got[entitlement.Training].Items[0] = ""
	if handbook.Describe(entitlement.Training).Items[0] != "architecture" {
		t.Error("Describe gave its own slice away")
	}
}

// Support Methods, 2023-09-18; Self-Support, 2023-09-15; Service Category, 2023-09-14.
func TestMethods(t *testing.T) {
	want := []handbook.Method{
		{entitlement.SelfSupport, false, false, []string{"Product documentation", "Pricing center", "API and SDK support", "Analysis report", "Whitepaper", "Industry insights"}},
		{entitlement.Ticket, true, false, []string{"console.tencentcloud.com/workorder", `"Ticket" in the console`}},
		{entitlement.Phone, true, false, nil},
		{entitlement.IMGroup, true, true, []string{"Slack", "WeCom (Enterprise WeChat)"}},
	}
	if diff := cmp.Diff(want, handbook.Methods()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Service Scope, 2023-09-15.
func TestServiceScope(t *testing.T) {
	want := []handbook.Activity{
		{"Use of the provider's products", "consultation, troubleshooting and usage support for the provider's international products", true},
		{"Technology and solutions", "consultation on the provider's technology and solutions, with best practices", true},
		{"APIs and SDKs", "interface consultation and troubleshooting while the provider's APIs and SDKs are used", true},
		{"Advice on third-party software", "configuration guidance and troubleshooting help for relevant third-party software that is used with the provider's products", true},
		{"Code development", "developing code", false},
		{"Operation of the customer's systems", "operating and maintaining the customer's business systems", false},
		{"Operation of third-party software", "routine operation and maintenance of third-party software: installing, patching, testing, diagnosing and tuning it", false},
	}
	if diff := cmp.Diff(want, handbook.ServiceScope()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// All that is shown marshals, and is read back.
func TestJSON(t *testing.T) {
	type all struct {
		Descriptions map[entitlement.Feature]handbook.Description
		Methods      []handbook.Method
		Hotlines     []handbook.Hotline
		Scope        []handbook.Activity
	}
	want := all{map[entitlement.Feature]handbook.Description{}, handbook.Methods(), handbook.Hotlines(), handbook.ServiceScope()}
	for f := entitlement.SelfSupport; f.IsValid(); f++ {
		want.Descriptions[f] = handbook.Describe(f)
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got all
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
