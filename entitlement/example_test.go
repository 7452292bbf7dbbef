package entitlement_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
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
	fmt.Println(m.Included(plan.Developer))
	fmt.Println(m.Check(plan.Business, entitlement.CaseHandling).Detail)
	// Output:
	// true
	// false
	// [self-support ticket phone case-handling third-party-software health-check]
	// Cloud Support Engineers
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
	//   "edition": "2023-09-14",
	//   "source": "Service Category, 2023-09-14",
	//   "unlock": "enterprise",
	//   "reason": "Business does not include Communication and training (Service Category, 2023-09-14); the lowest plan that does is Enterprise"
	// }
}

func ExampleMatrix_Compare() {
	for _, c := range must(entitlement.Published().Compare(plan.Basic, plan.Business)) {
		fmt.Printf("%s: %s (%s, then %s)\n", c.Feature.Name(), c.Difference, c.From, c.To)
	}
	// Output:
	// Phone: gained (no, then yes)
	// Case handling personnel: changed (Customer Service Associates, then Cloud Support Engineers)
	// Third-party software support: gained (no, then yes)
	// Tencent Smart Advisor (TSA) health check: gained (no, then yes)
}

// A paidPlan is a need of the caller's own.
type paidPlan struct{}

func (paidPlan) MetBy(p plan.Plan) bool { return p.IsPaid() }

// The lowest plan that meets some needs, and the needs that no plan meets.
func ExampleMatrix_Need() {
	m := entitlement.Published()
	lowest, _ := plan.Lowest(paidPlan{}, m.Need(entitlement.Ticket))
	fmt.Println(lowest)

	own := must(m.With("ACME 2026",
		entitlement.Cell{Plan: plan.Business, Feature: entitlement.IMGroup, Included: true},
		entitlement.Cell{Plan: plan.Enterprise, Feature: entitlement.Training, Included: false},
	))
	lowest, _ = plan.Lowest(own.Need(entitlement.Phone), own.Need(entitlement.IMGroup))
	fmt.Println(lowest)
	lowest, unmet := plan.Lowest(own.Need(entitlement.Phone), own.Need(entitlement.Training))
	fmt.Println(lowest.IsValid(), unmet)
	// Output:
	// developer
	// business
	// false [training]
}

// A change is an edition of its own, and its decisions say so.
func ExampleMatrix_With() {
	own := must(entitlement.Published().With("ACME 2026",
		entitlement.Cell{Plan: plan.Business, Feature: entitlement.Training, Included: true, Detail: "two days a year"},
	))
	d := own.Check(plan.Business, entitlement.Training)
	fmt.Println(d.Included, d.Detail, d.Provenance)
	fmt.Println(d.Reason())
	fmt.Println(own.Check(plan.Developer, entitlement.Training).Unlock)
	// Output:
	// true two days a year overridden
	// Business includes Communication and training (edition "ACME 2026")
	// business
}

// An error names the field that is wrong.
func ExampleFieldError() {
	_, err := entitlement.NewContract(
		entitlement.Override{Name: "training 2026", Kind: "gift", Feature: entitlement.Training},
	)
	var f *entitlement.FieldError
	if errors.As(err, &f) {
		fmt.Println(f.Path)
	}
	fmt.Println(err)
	// Output:
	// overrides[0].kind
	// entitlement: contract: overrides[0].kind: "gift": unknown override kind; want one of "grant", "withhold", "add-on": invalid matrix, contract or decision
}

func ExampleMatrix_CheckAt() {
	var c entitlement.Contract
	err := json.Unmarshal([]byte(`{"overrides": [
		{"name": "training 2026", "kind": "add-on", "feature": "training",
		 "start": "2026-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z"}
	]}`), &c)
	if err != nil {
		panic(err)
	}
	last := time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)
	m := entitlement.Published()
	fmt.Println(m.CheckAt(c, plan.Business, entitlement.Training, last).Reason())
	fmt.Println(m.CheckAt(c, plan.Business, entitlement.Training, last.Add(time.Second)).Reason())
	// Output:
	// Communication and training was added to the contract by "training 2026" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)
	// Business does not include Communication and training (Service Category, 2023-09-14); the lowest plan that does is Enterprise
}

// The matrix as a page has it: a header and a row for each feature.
func ExampleMatrix_Markdown() {
	page := entitlement.Published().Markdown()
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "| Category") || strings.HasPrefix(line, "| Expert") {
			fmt.Print(line)
		}
	}
	// Output:
	// | Category | Feature | Basic | Developer | Business | Enterprise |
	// | Expert | Architecture optimization | no | no | no | yes |
	// | Expert | High-availability optimization | no | no | no | yes |
	// | Expert | Stability optimization | no | no | no | yes |
	// | Expert | Resources optimization | no | no | no | yes |
	// | Expert | Business health check | no (inferred) | no (inferred) | no (inferred) | yes (inferred) |
}

// A change of plan under a contract that grants the training anyway: what the
// change brings until the grant ends, and from then on.
func ExampleMatrix_CompareAt() {
	year := must(calendar.Year(2026, time.UTC))
	c := must(entitlement.NewContract(entitlement.Override{
		Name: "training 2026", Kind: entitlement.OverrideAddOn, Feature: entitlement.Training, Period: year,
	}))
	m, at := entitlement.Published(), year.Start
	for {
		changes := must(m.CompareAt(c, plan.Business, plan.Enterprise, at))
		fmt.Println(at.Format(time.DateOnly), len(changes), "features change")
		next, ok := c.NextChange(at)
		if !ok {
			break
		}
		at = next
	}
	// Output:
	// 2026-01-01 10 features change
	// 2027-01-01 11 features change
}

// A renewal keeps what was agreed before.
func ExampleContract_Overrides() {
	year := must(calendar.Year(2026, time.UTC))
	c := must(entitlement.NewContract(entitlement.Override{Name: "2026", Kind: entitlement.OverrideGrant, Feature: entitlement.Phone, Period: year}))
	renewed := c.Overrides()
	renewed[0].Period.End = year.End.AddDate(1, 0, 0)
	c = must(entitlement.NewContract(renewed...))
	fmt.Println(c.Overrides()[0])
	// Output: grant "2026" of phone [2026-01-01T00:00:00Z, 2028-01-01T00:00:00Z)
}
