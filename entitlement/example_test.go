package entitlement_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
)

// must returns v where there is no error: good enough for an example.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func ExampleMatrix_Includes() {
	m := entitlement.Published()
	fmt.Println(m.Includes(plan.Developer, entitlement.Phone))
	fmt.Println(m.Includes(plan.Developer, entitlement.IMGroup))
	fmt.Println(m.Personnel(plan.Business).Name())
	fmt.Println(m.Channels(plan.Business))
	// Output:
	// true
	// false
	// Cloud Support Engineers
	// [self-service ticket phone]
}

// A decision has a form for people, one for logs and one for APIs.
func ExampleMatrix_Check() {
	d := entitlement.Published().Check(plan.Business, entitlement.Training)
	fmt.Println(d.Reason())
	fmt.Println(d)
	js := must(json.MarshalIndent(d, "", "  "))
	fmt.Println(string(js))
	// Output:
	// Business does not include Communication and training (Service Category, 2023-09-14); the lowest plan that does is Enterprise
	// plan=business feature=training included=false provenance=published source="Service Category, 2023-09-14" unlock=enterprise
	// {
	//   "plan": "business",
	//   "feature": "training",
	//   "included": false,
	//   "provenance": "published",
	//   "lowest": "enterprise",
	//   "source": {
	//     "section": "Service Category",
	//     "updated": "2023-09-14"
	//   },
	//   "reason": "Business does not include Communication and training (Service Category, 2023-09-14); the lowest plan that does is Enterprise"
	// }
}

func ExampleMatrix_Decisions() {
	for d := range entitlement.Published().Decisions(plan.Developer) {
		if unlock, ok := d.Unlock(); ok && d.Feature.Category() == entitlement.Standard {
			fmt.Printf("%s: from %s on\n", d.Feature.Name(), unlock.Name())
		}
	}
	// Output:
	// IM group chat: from Enterprise on
	// Technical account manager: from Enterprise on
}

func ExampleMatrix_Compare() {
	c := must(entitlement.Published().Compare(plan.Basic, plan.Business))
	fmt.Println("gained:", c.Gained.Features, c.Gained.Channels, c.Gained.Personnel.Name())
	fmt.Println("lost:", c.Lost.Features, c.Lost.Channels, c.Lost.Personnel.Name())
	// Output:
	// gained: [phone third-party-software health-check] [phone] Cloud Support Engineers
	// lost: [] [] Customer Service Associates
}

// A paidPlan is a need of the caller's own.
type paidPlan struct{}

func (paidPlan) MetBy(p plan.Plan) bool { return p.IsPaid() }

func ExampleMinimumPlan() {
	fmt.Println(must(entitlement.MinimumPlan(paidPlan{}, entitlement.ChannelTicket)).Plan)
	fmt.Println(must(entitlement.MinimumPlan(entitlement.HealthCheck, entitlement.ChannelIMGroup)).Plan)
	// Output:
	// developer
	// enterprise
}

// What no plan has is named.
func ExampleMatrix_MinimumPlan() {
	var m entitlement.Matrix
	for _, p := range plan.All() {
		m = must(m.With(p, entitlement.Training, false))
	}
	got := must(m.MinimumPlan(entitlement.Phone, entitlement.Training))
	fmt.Println(got.Plan.IsValid(), got.Unmet)
	// Output: false [training]
}

func ExampleContract_CheckAt() {
	var c entitlement.Contract
	err := json.Unmarshal([]byte(`{"overrides": [
		{"name": "training 2026", "kind": "add-on", "feature": "training",
		 "start": "2026-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z"}
	]}`), &c)
	if err != nil {
		panic(err)
	}
	last := time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)
	fmt.Println(c.CheckAt(plan.Business, entitlement.Training, last).Reason())
	fmt.Println(c.CheckAt(plan.Business, entitlement.Training, last.Add(time.Second)).Reason())
	// Output:
	// Communication and training was added to the contract by "training 2026" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)
	// Business does not include Communication and training (Service Category, 2023-09-14); the lowest plan that does is Enterprise
}

// The facts beside the matrix.
func ExampleHotlineOf() {
	h, ok := entitlement.HotlineOf("gb")
	fmt.Println(h.Display, h.E164, ok)
	primary, _ := entitlement.Published().PrimaryChannel(plan.Enterprise)
	fmt.Println(primary, entitlement.AllIMServices())
	fmt.Println(entitlement.AllSelfServices())
	fmt.Println(entitlement.CodeDevelopment.Scope(), entitlement.InterfaceAdvice.Scope())
	fmt.Println(entitlement.AllReportCadences(), entitlement.AllReportTopics())
	fmt.Println(entitlement.Published().HealthCheckLevel(plan.Enterprise))
	// Output:
	// +44 808 196 4551 +448081964551 true
	// im-group [slack wecom]
	// [product-documentation pricing-center api-sdk-support analysis-report whitepaper industry-insights]
	// out-of-scope in-scope
	// [monthly annual] [requirements problems costs account tickets changes health-check optimization projects]
	// interpreted
}

func ExampleMatrix_Text() {
	fmt.Print(entitlement.Published().Text())
	// Output:
	// Category  Feature                                   Basic                        Developer                    Business                 Enterprise
	// Standard  Self-support                              yes                          yes                          yes                      yes
	// Standard  Ticket                                    yes                          yes                          yes                      yes
	// Standard  Phone                                     no                           yes                          yes                      yes
	// Standard  IM group chat                             no                           no                           no                       yes
	// Standard  Case handling personnel                   Customer Service Associates  Customer Service Associates  Cloud Support Engineers  Cloud Support Experts
	// Standard  Technical account manager                 no                           no                           no                       designated
	// Standard  Third-party software support              no                           yes                          yes                      yes
	// Advanced  Infrastructure event management (IEM)     no                           no                           no                       yes
	// Advanced  Tencent Smart Advisor (TSA) health check  no                           yes                          yes                      yes
	// Advanced  Communication and training                no                           no                           no                       yes
	// Advanced  Service report                            no                           no                           no                       yes
	// Expert    Architecture optimization                 no                           no                           no                       yes
	// Expert    High-availability optimization            no                           no                           no                       yes
	// Expert    Stability optimization                    no                           no                           no                       yes
	// Expert    Resources optimization                    no                           no                           no                       yes
	// Expert    Business health check                     no (inferred)                no (inferred)                no (inferred)            yes (inferred)
}
