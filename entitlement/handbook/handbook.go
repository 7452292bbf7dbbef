// Package handbook holds the rest of the document as data to show: descriptions
// of the features, the ways to reach support, and its scope. Nothing in it decides;
// package entitlement does.
//
// [Describe] returns the [Description] of a feature, [Methods] the ways to reach
// support, [Hotlines] the telephone numbers and [ServiceScope] the kinds of help
// that are given or not:
//
//	for _, m := range handbook.Methods() {
//		if matrix.Includes(p, m.Feature) {
//			fmt.Println(m.Feature.Name(), m.Addresses)
//		}
//	}
//
// The words are ours. Every function returns slices of the caller's own and
// names its source. All types marshal to JSON.
//
// The data retells the provider's public document and is general information:
// it is no contract, it may change, and the provider's terms govern. This
// library is not affiliated with the provider.
package handbook

import (
	"slices"

	"github.com/supportplan/supportplan/entitlement"
)

// A Description describes a feature. The zero Description is that of no
// feature.
type Description struct {
	Summary string   `json:"summary"`         // a few words
	Items   []string `json:"items,omitempty"` // the parts that it covers
	Open    bool     `json:"open,omitempty"`  // Items are examples rather than all there is
	Extra   string   `json:"extra,omitempty"` // more that comes with another feature
	Source  string   `json:"source"`          // the section that describes the feature, and its date
}

// descriptions retells the sections that describe the features. Architecture
// optimization is described neutrally, because its section carries another's
// text; resources optimization is described nowhere.
var descriptions = [...]Description{
	entitlement.SelfSupport: {
		Summary: "help that customers find by themselves",
		Items:   []string{"FAQs", "documentation", "message subscription", "APIs and SDKs"},
		Open:    true,
		Source:  "Service Category, 2023-09-14",
	},
	entitlement.Ticket: {
		Summary: "questions and problems in writing, around the clock",
		Items:   []string{"console.tencentcloud.com/workorder", `"Ticket" in the console`},
		Source:  "Support Methods, 2023-09-18",
	},
	entitlement.Phone: {
		Summary: "toll-free hotlines, around the clock",
		Source:  "Support Methods, 2023-09-18",
	},
	entitlement.IMGroup: {
		Summary: "a dedicated chat group on Slack or WeCom, around the clock, set up after purchase",
		Items:   []string{"questions", "reports of problems"},
		Source:  "Support Methods, 2023-09-18",
	},
	entitlement.CaseHandling: {
		Summary: "people who handle cases, more expert in the higher plans",
		Source:  "Service Category, 2023-09-14",
	},
	entitlement.TechnicalAccountManager: {
		Summary: "a designated technical account manager",
		Source:  "Service Category, 2023-09-14",
	},
	entitlement.ThirdPartySoftware: {
		Summary: "best-effort advice on listed software for experienced administrators, who carry it out themselves and answer for that",
		Items:   []string{"configuration advice", "troubleshooting advice"},
		Source:  "Third-Party Software Support, 2023-09-15",
	},
	entitlement.EventManagement: {
		Summary: "support of planned peaks: three complimentary sessions a year of up to three consecutive days each",
		Items:   []string{"new deployments", "promotions", "version updates"},
		Open:    true,
		Source:  "Infrastructure Event Management, 2023-09-15",
	},
	entitlement.HealthCheck: {
		Summary: "an online risk assessment, ready to use, that reads resource configuration through cloud APIs under a CAM role, touches no business data flows and slows nothing down",
		Items:   []string{"resources", "application architecture", "business performance", "security"},
		Extra:   "with a technical account manager: the manager interprets the reports and offers solutions",
		Source:  "TSA Health Check, 2023-09-14",
	},
	entitlement.Training: {
		Summary: "exchange with senior product experts",
		Items:   []string{"architecture", "usage plans", "critical failures", "product requirements", "industry experience"},
		Open:    true,
		Source:  "Communication and Training, 2023-09-14",
	},
	entitlement.ServiceReport: {
		Summary: "a customised report, monthly or annual",
		Items: []string{
			"How requirements stand", "Main problems", "Costs", "Account", "Ticket figures", "Notices of major changes",
			"TSA findings", "Optimization done proactively", "Joint projects",
		},
		Open:   true,
		Source: "Service Report, 2023-09-14",
	},
	entitlement.ArchitectureOptimization: {
		Summary: "advice on the architecture of the customer's systems",
		Source:  "Architecture Optimization, 2023-09-14",
	},
	entitlement.HighAvailabilityOptimization: {
		Summary: "keeping the business running",
		Items: []string{
			"guidance on business continuity",
			"infrastructure optimized with TSA's help for security, reliability and service limits",
			"solutions to the customer's pain points",
		},
		Source: "High-Availability Optimization, 2023-09-14",
	},
	entitlement.StabilityOptimization: {
		Summary: "getting back quickly when something fails, and proving it beforehand",
		Items: []string{
			"rapid-recovery mechanisms",
			"emergency plans",
			"fault rehearsal",
			"chaos engineering with best-practice templates",
			"checks that high-availability plans work",
		},
		Source: "Stability Optimization, 2023-09-14",
	},
	entitlement.ResourcesOptimization: {
		Summary: "named in the matrix, described nowhere",
		Source:  "Service Category, 2023-09-14",
	},
	entitlement.BusinessHealthCheck: {
		Summary: "core metrics under watch",
		Items: []string{
			"expert rules on core metrics",
			"alarms told to the customer and followed to closure",
			"harmful usage practices found early, with advice on mending them",
		},
		Source: "Business Health Check, 2023-09-14",
	},
}

// Describe returns the description of f, or the zero Description if f is not
// valid.
//
// Source: the section that the description names.
func Describe(f entitlement.Feature) Description {
	if !f.IsValid() {
		return Description{}
	}
	d := descriptions[f]
	d.Items = slices.Clone(d.Items)
	return d
}

// A Method is a way to reach support.
type Method struct {
	Feature        entitlement.Feature `json:"feature"`           // the feature that a plan must include
	AroundTheClock bool                `json:"aroundTheClock"`    // somebody answers at every hour of every day of the year
	Primary        bool                `json:"primary,omitempty"` // whoever has it uses it first for questions and reports
	// Addresses are the places to find it: pages, messaging services or sources of
	// help. There are none if they differ by country, see [Hotlines].
	Addresses []string `json:"addresses"`
}

// Methods returns the ways to reach support, in the order of the matrix. Nobody
// answers in self-support. A chat group is set up after purchase. For telephone
// numbers see [Hotlines].
//
// Source: Service Category, 2023-09-14; Self-Support, 2023-09-15; Support Methods,
// 2023-09-18.
func Methods() []Method {
	return []Method{
		{Feature: entitlement.SelfSupport, Addresses: []string{
			"Product documentation", "Pricing center", "API and SDK support", "Analysis report", "Whitepaper", "Industry insights",
		}},
		{Feature: entitlement.Ticket, AroundTheClock: true, Addresses: []string{"console.tencentcloud.com/workorder", `"Ticket" in the console`}},
		{Feature: entitlement.Phone, AroundTheClock: true},
		{Feature: entitlement.IMGroup, AroundTheClock: true, Primary: true, Addresses: []string{"Slack", "WeCom (Enterprise WeChat)"}},
	}
}

// A Hotline is a toll-free telephone number that is answered around the clock.
type Hotline struct {
	Country string `json:"country"` // ISO 3166-1 alpha-2, as in "GB"
	Name    string `json:"name"`    // the country's or region's name, as in "United Kingdom"
	E164    string `json:"e164"`    // the number for machines, as in "+448081964551"
	Display string `json:"display"` // the number for people, as in "+44 808 196 4551"
}

// hotlines are the published numbers in the document's order.
// Source: Support Methods, 2023-09-18.
var hotlines = [...]Hotline{
	{"HK", "China Hong Kong", "+852800906020", "+852 800 906 020"},
	{"US", "United States", "+18446060804", "+1 844 606 0804"},
	{"CA", "Canada", "+18886057930", "+1 888 605 7930"},
	{"GB", "United Kingdom", "+448081964551", "+44 808 196 4551"},
	{"AU", "Australia", "+611300986386", "+61 1300 986 386"},
}

// Hotlines returns the hotlines in the document's order, in a slice of the
// caller's own. Only plans that include [entitlement.Phone] may call them.
//
// Source: Support Methods, 2023-09-18.
func Hotlines() []Hotline { return slices.Clone(hotlines[:]) }

// An Activity is a kind of help that a customer may ask for.
type Activity struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	InScope     bool   `json:"inScope"` // support helps with it
}

// ServiceScope returns the kinds of help that are in scope, then those that are
// not, in the document's order. Package thirdparty answers for a single
// third-party software.
//
// Source: Service Scope, 2023-09-15.
func ServiceScope() []Activity {
	return []Activity{
		{"Use of the provider's products", "consultation, troubleshooting and usage support for the provider's international products", true},
		{"Technology and solutions", "consultation on the provider's technology and solutions, with best practices", true},
		{"APIs and SDKs", "interface consultation and troubleshooting while the provider's APIs and SDKs are used", true},
		{"Advice on third-party software", "configuration guidance and troubleshooting help for relevant third-party software that is used with the provider's products", true},
		{"Code development", "developing code", false},
		{"Operation of the customer's systems", "operating and maintaining the customer's business systems", false},
		{"Operation of third-party software", "routine operation and maintenance of third-party software: installing, patching, testing, diagnosing and tuning it", false},
	}
}
