package entitlement_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// matrixSource is where every published decision comes from.
var matrixSource = entitlement.Source{Section: "Service Category", Updated: "2023-09-14"}

// lowest says which plan is the lowest to have each feature of the matrix.
func lowest(plans string) plan.Plan {
	return plan.Plan(strings.IndexFunc(plans, func(r rune) bool { return r != ' ' }) + 1)
}

// Every decision on the published matrix, for every possible plan and feature.
func TestCheckPublished(t *testing.T) {
	for i := range 256 {
		for j := range 256 {
			p, f := plan.Plan(i), entitlement.Feature(j)
			want := entitlement.Decision{Plan: p, Feature: f}
			if p.IsValid() && f.IsValid() {
				row := matrix[f-1]
				want.Included = row.plans[p-1] != ' '
				want.Provenance = entitlement.ProvenancePublished
				want.Lowest = lowest(row.plans)
				want.Source = matrixSource
				if f == entitlement.BusinessHealthCheck {
					want.Provenance = entitlement.ProvenanceInferred
					want.Source = entitlement.Source{Section: "Introduction of service content", Updated: "2023-09-15"}
				}
			}
			if got := entitlement.Published().Check(p, f); got != want {
				t.Fatalf("Check(%v, %v) = %+v, want %+v", p, f, got, want)
			}
		}
	}
}

func TestDecisions(t *testing.T) {
	m := entitlement.Published()
	var want []entitlement.Decision
	for f := range entitlement.Features() {
		want = append(want, m.Check(plan.Business, f))
	}
	if diff := cmp.Diff(want, slices.Collect(m.Decisions(plan.Business))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for d := range m.Decisions(plan.Business) {
		if d.Feature != entitlement.SelfSupport {
			t.Fatalf("Decisions did not stop, went on to %v", d)
		}
		break
	}
}

// countByCategory counts the features of plan p.
func countByCategory(p plan.Plan) map[entitlement.Category]int {
	counts := map[entitlement.Category]int{}
	for f := range entitlement.Published().Included(p) {
		counts[f.Category()]++
	}
	return counts
}

// Business is said to have some advanced and expert services; the matrix, which
// rules, gives it the health check and no expert one.
func TestD5(t *testing.T) {
	want := map[entitlement.Category]int{entitlement.Standard: 5, entitlement.Advanced: 1}
	if diff := cmp.Diff(want, countByCategory(plan.Business)); diff != "" {
		t.Errorf("Business (-want +got):\n%s", diff)
	}
	if !entitlement.Published().Includes(plan.Business, entitlement.HealthCheck) {
		t.Error("Business has no health check")
	}
}

// Developer is said to have all standard services and no other; the matrix,
// which rules, withholds IM and the account manager and gives the health check.
// The hotline is not for Basic, nor is architecture optimization for all.
func TestD6(t *testing.T) {
	m := entitlement.Published()
	want := map[entitlement.Category]int{entitlement.Standard: 5, entitlement.Advanced: 1}
	if diff := cmp.Diff(want, countByCategory(plan.Developer)); diff != "" {
		t.Errorf("Developer (-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		p    plan.Plan
		f    entitlement.Feature
		want bool
	}{
		{plan.Developer, entitlement.IMGroup, false},
		{plan.Developer, entitlement.TechnicalAccountManager, false},
		{plan.Developer, entitlement.HealthCheck, true},
		{plan.Basic, entitlement.Phone, false},
		{plan.Developer, entitlement.Phone, true},
		{plan.Business, entitlement.ArchitectureOptimization, false},
	} {
		if got := m.Includes(c.p, c.f); got != c.want {
			t.Errorf("Includes(%v, %v) = %t", c.p, c.f, got)
		}
	}
}

// Resources optimization and business health check are both features; the
// latter is granted as the expert services are, and marked as inferred.
func TestD7(t *testing.T) {
	m := entitlement.Published()
	for d := range m.Decisions(plan.Enterprise) {
		want := entitlement.ProvenancePublished
		if d.Feature == entitlement.BusinessHealthCheck {
			want = entitlement.ProvenanceInferred
		}
		if d.Provenance != want || !d.Included {
			t.Errorf("%v, want %v", d, want)
		}
	}
	for _, f := range []entitlement.Feature{entitlement.BusinessHealthCheck, entitlement.ResourcesOptimization} {
		if f.Category() != entitlement.Expert || m.Includes(plan.Business, f) {
			t.Errorf("%v is not an expert service of Enterprise only", f)
		}
	}
}

// Architecture optimization carries the service report's text: the feature
// stands, with a neutral description of our own.
func TestD9(t *testing.T) {
	d := entitlement.ArchitectureOptimization.Details()
	if !strings.Contains(d.Summary, "architecture") || strings.Contains(d.Summary, "report") || d.Items != nil {
		t.Errorf("%+v", d)
	}
	if !entitlement.Published().Includes(plan.Enterprise, entitlement.ArchitectureOptimization) {
		t.Error("Enterprise has no architecture optimization")
	}
}

// decisions of every kind, with what they print as.
func decisions(t *testing.T) []struct {
	d            entitlement.Decision
	log, why, js string
} {
	t.Helper()
	m := entitlement.Published()
	with, err := m.With(plan.Business, entitlement.Training, true)
	if err != nil {
		t.Fatal(err)
	}
	nobody, err := m.With(plan.Enterprise, entitlement.Training, false)
	if err != nil {
		t.Fatal(err)
	}
	period := calendar.Period{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
	contract, err := entitlement.NewContract(
		entitlement.Override{Name: `ACME "26"`, Kind: entitlement.Grant, Feature: entitlement.Training, Period: period},
		entitlement.Override{Name: "no phone", Kind: entitlement.Withhold, Feature: entitlement.Phone, Period: calendar.Period{Start: period.Start}},
		entitlement.Override{Name: "chat", Kind: entitlement.AddOn, Feature: entitlement.IMGroup, Period: period},
	)
	if err != nil {
		t.Fatal(err)
	}
	in := period.Start
	return []struct {
		d            entitlement.Decision
		log, why, js string
	}{
		{
			m.Check(plan.Enterprise, entitlement.Training),
			`plan=enterprise feature=training included=true provenance=published source="Service Category, 2023-09-14"`,
			`Enterprise includes Communication and training (Service Category, 2023-09-14)`,
			`{"plan":"enterprise","feature":"training","included":true,"provenance":"published","lowest":"enterprise",` +
				`"source":{"section":"Service Category","updated":"2023-09-14"},` +
				`"reason":"Enterprise includes Communication and training (Service Category, 2023-09-14)"}`,
		},
		{
			m.Check(plan.Basic, entitlement.Phone),
			`plan=basic feature=phone included=false provenance=published source="Service Category, 2023-09-14" unlock=developer`,
			`Basic does not include Phone (Service Category, 2023-09-14); the lowest plan that does is Developer`,
			`{"plan":"basic","feature":"phone","included":false,"provenance":"published","lowest":"developer",` +
				`"source":{"section":"Service Category","updated":"2023-09-14"},` +
				`"reason":"Basic does not include Phone (Service Category, 2023-09-14); the lowest plan that does is Developer"}`,
		},
		{
			m.Check(plan.Business, entitlement.BusinessHealthCheck),
			`plan=business feature=business-health-check included=false provenance=inferred source="Introduction of service content, 2023-09-15" unlock=enterprise`,
			`Business does not include Business health check (inferred from Introduction of service content, 2023-09-15); the lowest plan that does is Enterprise`,
			`{"plan":"business","feature":"business-health-check","included":false,"provenance":"inferred","lowest":"enterprise",` +
				`"source":{"section":"Introduction of service content","updated":"2023-09-15"},` +
				`"reason":"Business does not include Business health check (inferred from Introduction of service content, 2023-09-15); the lowest plan that does is Enterprise"}`,
		},
		{
			with.Check(plan.Business, entitlement.Training),
			`plan=business feature=training included=true provenance=overridden`,
			`Business includes Communication and training (the caller's own matrix)`,
			`{"plan":"business","feature":"training","included":true,"provenance":"overridden","lowest":"business",` +
				`"reason":"Business includes Communication and training (the caller's own matrix)"}`,
		},
		{
			with.Check(plan.Developer, entitlement.Training),
			`plan=developer feature=training included=false provenance=published source="Service Category, 2023-09-14" unlock=business`,
			`Developer does not include Communication and training (Service Category, 2023-09-14); the lowest plan that does is Business`,
			`{"plan":"developer","feature":"training","included":false,"provenance":"published","lowest":"business",` +
				`"source":{"section":"Service Category","updated":"2023-09-14"},` +
				`"reason":"Developer does not include Communication and training (Service Category, 2023-09-14); the lowest plan that does is Business"}`,
		},
		{
			nobody.Check(plan.Enterprise, entitlement.Training),
			`plan=enterprise feature=training included=false provenance=overridden unlock=none`,
			`Enterprise does not include Communication and training (the caller's own matrix); no plan does`,
			`{"plan":"enterprise","feature":"training","included":false,"provenance":"overridden",` +
				`"reason":"Enterprise does not include Communication and training (the caller's own matrix); no plan does"}`,
		},
		{
			contract.CheckAt(plan.Basic, entitlement.Training, in),
			`plan=basic feature=training included=true provenance=overridden override="ACME \"26\""`,
			`the contract grants Communication and training by "ACME \"26\"" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)`,
			`{"plan":"basic","feature":"training","included":true,"provenance":"overridden","lowest":"enterprise",` +
				`"override":{"name":"ACME \"26\"","kind":"grant","feature":"training","start":"2026-01-01T00:00:00Z","end":"2027-01-01T00:00:00Z"},` +
				`"reason":"the contract grants Communication and training by \"ACME \\\"26\\\"\" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)"}`,
		},
		{
			contract.CheckAt(plan.Basic, entitlement.IMGroup, in),
			`plan=basic feature=im-group included=true provenance=overridden override="chat"`,
			`IM group chat was added to the contract by "chat" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)`,
			`{"plan":"basic","feature":"im-group","included":true,"provenance":"overridden","lowest":"enterprise",` +
				`"override":{"name":"chat","kind":"add-on","feature":"im-group","start":"2026-01-01T00:00:00Z","end":"2027-01-01T00:00:00Z"},` +
				`"reason":"IM group chat was added to the contract by \"chat\" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)"}`,
		},
		{
			contract.CheckAt(plan.Enterprise, entitlement.Phone, in),
			`plan=enterprise feature=phone included=false provenance=overridden override="no phone" unlock=none`,
			`the contract withholds Phone by "no phone" [2026-01-01T00:00:00Z, …); no other plan changes that`,
			`{"plan":"enterprise","feature":"phone","included":false,"provenance":"overridden","lowest":"developer",` +
				`"override":{"name":"no phone","kind":"withhold","feature":"phone","start":"2026-01-01T00:00:00Z"},` +
				`"reason":"the contract withholds Phone by \"no phone\" [2026-01-01T00:00:00Z, …); no other plan changes that"}`,
		},
	}
}

func TestDecisionForms(t *testing.T) {
	for _, c := range decisions(t) {
		if got := c.d.String(); got != c.log {
			t.Errorf("String() = %s\nwant       %s", got, c.log)
		}
		if got := c.d.Reason(); got != c.why {
			t.Errorf("Reason() = %s\nwant       %s", got, c.why)
		}
		js, err := json.Marshal(c.d)
		if err != nil || string(js) != c.js {
			t.Errorf("JSON %s, %v\nwant %s", js, err, c.js)
		}
		var back entitlement.Decision
		if err := json.Unmarshal(js, &back); err != nil || back != c.d {
			t.Errorf("round trip of %s: %v, %v", js, back, err)
		}
	}
}

// A no says which plan has the feature, or that none has.
func TestNoNamesTheWayUp(t *testing.T) {
	for _, p := range plan.All() {
		for d := range entitlement.Published().Decisions(p) {
			unlock, ok := d.Unlock()
			if ok == d.Included || ok && (unlock <= p || !entitlement.Published().Includes(unlock, d.Feature)) {
				t.Errorf("%v: Unlock() = %v, %t", d, unlock, ok)
			}
			if !ok && unlock != 0 {
				t.Errorf("%v: Unlock() = %v, false", d, unlock)
			}
		}
	}
	for _, c := range decisions(t) {
		if _, ok := c.d.Unlock(); ok != strings.Contains(c.log, "unlock=") && !strings.Contains(c.log, "unlock=none") {
			t.Errorf("Unlock of %s: %t", c.log, ok)
		}
	}
}

func TestDecisionOfNothing(t *testing.T) {
	for _, c := range []struct {
		d        entitlement.Decision
		log, why string
		err      error
	}{
		{entitlement.Published().Check(9, entitlement.Phone), "plan=Plan(9) feature=phone included=false unlock=none", "Plan(9) is not a plan", plan.ErrUnknown},
		{entitlement.Published().Check(plan.Basic, 17), "plan=basic feature=Feature(17) included=false unlock=none", "Feature(17) is not a feature", entitlement.ErrUnknown},
		{entitlement.Decision{}, "plan=Plan(0) feature=Feature(0) included=false unlock=none", "Plan(0) is not a plan", plan.ErrUnknown},
	} {
		if got := c.d.String(); got != c.log {
			t.Errorf("String() = %s, want %s", got, c.log)
		}
		if got := c.d.Reason(); got != c.why {
			t.Errorf("Reason() = %s, want %s", got, c.why)
		}
		if _, err := json.Marshal(c.d); !errors.Is(err, c.err) {
			t.Errorf("Marshal: %v, want %v", err, c.err)
		}
	}
}

func TestDecisionJSONErrors(t *testing.T) {
	const start = `{"plan":"basic","feature":"phone","included":false,"provenance":"published"`
	const over = `{"plan":"basic","feature":"phone","included":true,"provenance":"overridden","override":{"name":"x","kind":"grant","feature":"phone","start":"2026-01-01T00:00:00Z"`
	for _, c := range []struct {
		js, text string
		want     error
	}{
		{`[]`, "want an object, not an array", entitlement.ErrJSON},
		{`{}`, "plan: invalid JSON: field is missing", entitlement.ErrJSON},
		{start + `,"lowest":null}`, "lowest: invalid JSON: want a string, not null", entitlement.ErrJSON},
		{start + `,"lowest":"gold"}`, `lowest: plan "gold": want basic, developer, business or enterprise: unknown plan`, plan.ErrUnknown},
		{start + `,"reason":1}`, "reason: invalid JSON: want a string, not the number \"1\"", entitlement.ErrJSON},
		{start + `,"Reason":""}`, "Reason: invalid JSON: unknown field", entitlement.ErrJSON},
		{start + `,"source":{"section":"x"}}`, "source.updated: invalid JSON: field is missing", entitlement.ErrJSON},
		{start + `,"source":{"updated":"x"}}`, "source.section: invalid JSON: field is missing", entitlement.ErrJSON},
		{`{"plan":"basic","feature":"phone","included":false}`, "provenance: invalid JSON: field is missing", entitlement.ErrJSON},
		{`{"plan":"basic","feature":"phone","provenance":"published"}`, "included: invalid JSON: field is missing", entitlement.ErrJSON},
		{`{"plan":"basic","included":true,"provenance":"published"}`, "feature: invalid JSON: field is missing", entitlement.ErrJSON},
		{`{"plan":"basic","feature":"fax","included":true,"provenance":"published"}`, `feature: feature "fax": want self-support, ticket, phone, im-group, case-handling, technical-account-manager, third-party-software, event-management, health-check, training, service-report, architecture-optimization, high-availability-optimization, stability-optimization, resources-optimization or business-health-check: unknown value`, entitlement.ErrUnknown},
		{over + `,"end":"0001-01-01T00:00:00Z"}}`, `override.end: "0001-01-01T00:00:00Z": not a period`, calendar.ErrPeriod},
		{strings.Replace(over, `"included":true`, `"included":false`, 1) + `}}`, "override: does not fit the decision: not an override", entitlement.ErrOverride},
		{strings.Replace(over, `overridden`, `published`, 1) + `}}`, "override: does not fit the decision: not an override", entitlement.ErrOverride},
		{strings.Replace(over, `"feature":"phone","start"`, `"feature":"training","start"`, 1) + `}}`, "override: does not fit the decision: not an override", entitlement.ErrOverride},
	} {
		before := entitlement.Published().Check(plan.Business, entitlement.Training)
		d := before
		err := d.UnmarshalJSON([]byte(c.js))
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "entitlement: decode decision: ") || !strings.HasSuffix(err.Error(), c.text) {
			t.Errorf("%s: %v, want %s", c.js, err, c.text)
		}
		if d != before {
			t.Errorf("%s: changed to %v", c.js, d)
		}
	}
	var d entitlement.Decision
	if err := d.UnmarshalJSON([]byte(over + `}}`)); err != nil || d.Override.Name != "x" {
		t.Errorf("%v, %v", d, err)
	}
}

func TestSourceString(t *testing.T) {
	if got := matrixSource.String(); got != "Service Category, 2023-09-14" {
		t.Error(got)
	}
	if got := (entitlement.Source{}).String(); got != "" {
		t.Error(got)
	}
}
