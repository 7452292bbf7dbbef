package entitlement_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
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

// A third event of five days, asked for a little late because of a holiday.
func ExampleEventYear_Review() {
	date := func(s string) calendar.Date { return must(calendar.ParseDate(s)) }
	office := must(calendar.New(calendar.Spec{
		Location: time.UTC,
		Week:     calendar.Weekdays(must(calendar.ParseShift("09:00-18:00"))),
		Holidays: []calendar.Date{date("2026-11-11")},
	}))
	year := entitlement.EventYear{
		Start:    date("2026-01-01"),
		End:      date("2027-01-01"),
		Calendar: office,
		Granted: []entitlement.Event{
			{Name: "launch", Requested: date("2026-01-12"), First: date("2026-03-02"), Days: 2},
			{Name: "spring sale", Requested: date("2026-02-02"), First: date("2026-04-01"), Days: 3, Cancelled: date("2026-03-31")},
			{Name: "migration", Requested: date("2026-08-03"), First: date("2026-09-07"), Days: 3},
		},
	}
	d := entitlement.Published().Check(plan.Enterprise, entitlement.EventManagement)
	a := must(year.Review(d, entitlement.Event{
		Name: "Black Friday", Requested: date("2026-11-10"), First: date("2026-11-24"), Days: 5,
	}))
	fmt.Printf("%d sessions left; this is session %d\n", a.SessionsLeft, a.Session)
	fmt.Printf("%d days complimentary, %d to buy\n", a.Complimentary, a.ToBuy)
	fmt.Printf("notice met: %t, in time for %v\n", a.NoticeMet, a.Earliest)
	// Output:
	// 1 sessions left; this is session 3
	// 3 days complimentary, 2 to buy
	// notice met: false, in time for 2026-11-25
}

func ExampleThirdParty() {
	d := entitlement.Published().Check(plan.Business, entitlement.ThirdPartySoftware)
	for _, r := range []entitlement.ThirdPartyRequest{
		{Software: "vsftpd", Platform: entitlement.LinuxImage, Version: must(entitlement.ParseVersion("3.0.3"))},
		{Software: "vsftpd", Platform: entitlement.LinuxImage, Version: must(entitlement.ParseVersion("2.3.4"))},
		{Software: "iptables", Platform: entitlement.LinuxImage, CarryOut: true},
		{Software: "nginx", Platform: entitlement.LinuxImage},
	} {
		a := must(entitlement.ThirdParty(d, r))
		fmt.Printf("%v: %s %v\n", a.Scope, a.Reason, a.Listing.Examples)
	}
	// Output:
	// in-scope: support advises on vsftpd, as best it can [installation or start-up fails the connection fails on the server's side]
	// out-of-scope: vsftpd 2.3.4 is below 3.0, the lowest version listed [installation or start-up fails the connection fails on the server's side]
	// out-of-scope: support advises on Linux iptables & firewalld, but does not operate or maintain it [the basic syntax of allow rules]
	// not-listed: "nginx" is not listed []
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
