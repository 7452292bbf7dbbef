package entitlement

import "slices"

// Details say what a feature is, beyond who has it. The zero Details are
// those of no feature.
type Details struct {
	Summary string   // a few words of our own
	Items   []string // what it covers, in words of our own; may be empty
	Open    bool     // Items are examples rather than all there is
	Source  Source   // the section that describes the feature
}

// featureDetails retells the sections that describe the features. Architecture
// optimization is described neutrally, because its section carries another's
// text; resources optimization is described nowhere.
var featureDetails = [...]Details{
	SelfSupport: {
		Summary: "help that customers find by themselves",
		Items:   []string{"FAQs", "documentation", "message subscription", "APIs and SDKs"},
		Open:    true,
		Source:  serviceCategory,
	},
	Ticket: {
		Summary: "questions and problems in writing, around the clock",
		Items:   []string{"console.tencentcloud.com/workorder", `"Ticket" in the console`},
		Source:  supportMethods,
	},
	Phone: {
		Summary: "toll-free hotlines, around the clock",
		Source:  supportMethods,
	},
	IMGroup: {
		Summary: "a dedicated chat group on Slack or WeCom, around the clock, set up after purchase",
		Items:   []string{"questions", "reports of problems"},
		Source:  supportMethods,
	},
	CaseHandling: {
		Summary: "people who handle cases, more expert in the higher plans",
		Source:  serviceCategory,
	},
	TechnicalAccountManager: {
		Summary: "a designated technical account manager",
		Source:  serviceCategory,
	},
	ThirdPartySoftware: {
		Summary: "best-effort advice on listed software for experienced administrators, who carry it out themselves and answer for that",
		Items:   []string{"configuration advice", "troubleshooting advice"},
		Source:  thirdPartySoftware,
	},
	EventManagement: {
		Summary: "support of planned peaks: three complimentary sessions a year of up to three consecutive days each",
		Items:   []string{"new deployments", "promotions", "version updates"},
		Open:    true,
		Source:  eventManagement,
	},
	HealthCheck: {
		Summary: "an online risk assessment, ready to use, that reads resource configuration through cloud APIs under a CAM role, touches no business data flows and slows nothing down",
		Items:   []string{"resources", "application architecture", "business performance", "security"},
		Source:  healthCheck,
	},
	Training: {
		Summary: "exchange with senior product experts",
		Items:   []string{"architecture", "usage plans", "critical failures", "product requirements", "industry experience"},
		Open:    true,
		Source:  training,
	},
	ServiceReport: {
		Summary: "a customised report, monthly or annual",
		Source:  serviceReport,
	},
	ArchitectureOptimization: {
		Summary: "advice on the architecture of the customer's systems",
		Source:  architectureOptimizing,
	},
	HighAvailabilityOptimization: {
		Summary: "keeping the business running",
		Items: []string{
			"guidance on business continuity",
			"infrastructure optimized with TSA's help for security, reliability and service limits",
			"solutions to the customer's pain points",
		},
		Source: availabilityOptimizing,
	},
	StabilityOptimization: {
		Summary: "getting back quickly when something fails, and proving it beforehand",
		Items: []string{
			"rapid-recovery mechanisms",
			"emergency plans",
			"fault rehearsal",
			"chaos engineering with best-practice templates",
			"checks that high-availability plans work",
		},
		Source: stabilityOptimizing,
	},
	ResourcesOptimization: {
		Summary: "named in the matrix, described nowhere",
		Source:  serviceCategory,
	},
	BusinessHealthCheck: {
		Summary: "core metrics under watch",
		Items: []string{
			"expert rules on core metrics",
			"alarms told to the customer and followed to closure",
			"harmful usage practices found early, with advice on mending them",
		},
		Source: businessHealthChecking,
	},
}

// Details returns what f is, with lists of the caller's own, or the zero
// Details if f is not valid.
//
// Source: the section that the Details name.
func (f Feature) Details() Details {
	if !f.IsValid() {
		return Details{}
	}
	d := featureDetails[f]
	d.Items = slices.Clone(d.Items)
	return d
}
