package entitlement_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/entitlement/handbook"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// matrixSource is where every published decision comes from.
const matrixSource = "Service Category, 2023-09-14"

// unlock says which plan above p is the lowest to have a feature.
func unlock(p plan.Plan, plans string) plan.Plan {
	for q := p + 1; q <= plan.Enterprise; q++ {
		if plans[q-1] != ' ' {
			return q
		}
	}
	return 0
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
				want.Edition, want.Source = "2023-09-14", matrixSource
				if !want.Included {
					want.Unlock = unlock(p, row.plans)
				}
				if f == entitlement.BusinessHealthCheck {
					want.Provenance = entitlement.ProvenanceInferred
					want.Source = "Introduction of service content, 2023-09-15"
				}
			}
			got := entitlement.Published().Check(p, f)
			if got.Detail = ""; got != want { // TestDetails has them
				t.Fatalf("Check(%v, %v) = %+v, want %+v", p, f, got, want)
			}
		}
	}
}

// countByCategory counts the features of plan p.
func countByCategory(p plan.Plan) map[entitlement.Category]int {
	counts := map[entitlement.Category]int{}
	for _, f := range entitlement.Published().Included(p) {
		counts[f.Category()]++
	}
	return counts
}

// Business is said to have some advanced and expert services; the matrix, which
// rules, gives it the health check and no expert one.
func TestD5(t *testing.T) {
	want := map[entitlement.Category]int{entitlement.CategoryStandard: 5, entitlement.CategoryAdvanced: 1}
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
	want := map[entitlement.Category]int{entitlement.CategoryStandard: 5, entitlement.CategoryAdvanced: 1}
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
	for _, f := range entitlement.Features() {
		d := m.Check(plan.Enterprise, f)
		want := entitlement.ProvenancePublished
		if d.Feature == entitlement.BusinessHealthCheck {
			want = entitlement.ProvenanceInferred
		}
		if d.Provenance != want || !d.Included {
			t.Errorf("%v, want %v", d, want)
		}
	}
	for _, f := range []entitlement.Feature{entitlement.BusinessHealthCheck, entitlement.ResourcesOptimization} {
		if f.Category() != entitlement.CategoryExpert || m.Includes(plan.Business, f) {
			t.Errorf("%v is not an expert service of Enterprise only", f)
		}
	}
}

// Architecture optimization carries the service report's text: the feature
// stands, with a neutral description of our own.
func TestD9(t *testing.T) {
	d := handbook.Describe(entitlement.ArchitectureOptimization)
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
	with := mustMatrix(t, included(plan.Business, entitlement.Training))
	nobody := mustMatrix(t, entitlement.Cell{Plan: plan.Enterprise, Feature: entitlement.Training})
	period := calendar.Period{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
	contract, err := entitlement.NewContract(
		entitlement.Override{Name: `ACME "26"`, Kind: entitlement.OverrideGrant, Feature: entitlement.Training, Period: period},
		entitlement.Override{Name: "no phone", Kind: entitlement.OverrideWithhold, Feature: entitlement.Phone, Period: calendar.Period{Start: period.Start}},
		entitlement.Override{Name: "chat", Kind: entitlement.OverrideAddOn, Feature: entitlement.IMGroup, Period: period},
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
			`{"plan":"enterprise","feature":"training","included":true,"provenance":"published","edition":"2023-09-14",` +
				`"source":"Service Category, 2023-09-14",` +
				`"reason":"Enterprise includes Communication and training (Service Category, 2023-09-14)"}`,
		},
		{
			m.Check(plan.Basic, entitlement.Phone),
			`plan=basic feature=phone included=false provenance=published source="Service Category, 2023-09-14" unlock=developer`,
			`Basic does not include Phone (Service Category, 2023-09-14); the lowest plan that does is Developer`,
			`{"plan":"basic","feature":"phone","included":false,"provenance":"published","edition":"2023-09-14",` +
				`"source":"Service Category, 2023-09-14","unlock":"developer",` +
				`"reason":"Basic does not include Phone (Service Category, 2023-09-14); the lowest plan that does is Developer"}`,
		},
		{
			m.Check(plan.Business, entitlement.BusinessHealthCheck),
			`plan=business feature=business-health-check included=false provenance=inferred source="Introduction of service content, 2023-09-15" unlock=enterprise`,
			`Business does not include Business health check (inferred from Introduction of service content, 2023-09-15); the lowest plan that does is Enterprise`,
			`{"plan":"business","feature":"business-health-check","included":false,"provenance":"inferred","edition":"2023-09-14",` +
				`"source":"Introduction of service content, 2023-09-15","unlock":"enterprise",` +
				`"reason":"Business does not include Business health check (inferred from Introduction of service content, 2023-09-15); the lowest plan that does is Enterprise"}`,
		},
		{
			with.Check(plan.Business, entitlement.Training),
			`plan=business feature=training included=true provenance=overridden edition="ACME 2026"`,
			`Business includes Communication and training (edition "ACME 2026")`,
			`{"plan":"business","feature":"training","included":true,"provenance":"overridden","edition":"ACME 2026",` +
				`"reason":"Business includes Communication and training (edition \"ACME 2026\")"}`,
		},
		{
			with.Check(plan.Developer, entitlement.Training),
			`plan=developer feature=training included=false provenance=published edition="ACME 2026" source="Service Category, 2023-09-14" unlock=business`,
			`Developer does not include Communication and training (Service Category, 2023-09-14); the lowest plan that does is Business`,
			`{"plan":"developer","feature":"training","included":false,"provenance":"published","edition":"ACME 2026",` +
				`"source":"Service Category, 2023-09-14","unlock":"business",` +
				`"reason":"Developer does not include Communication and training (Service Category, 2023-09-14); the lowest plan that does is Business"}`,
		},
		{
			nobody.Check(plan.Enterprise, entitlement.Training),
			`plan=enterprise feature=training included=false provenance=overridden edition="ACME 2026" unlock=none`,
			`Enterprise does not include Communication and training (edition "ACME 2026")`,
			`{"plan":"enterprise","feature":"training","included":false,"provenance":"overridden","edition":"ACME 2026",` +
				`"reason":"Enterprise does not include Communication and training (edition \"ACME 2026\")"}`,
		},
		{
			nobody.Check(plan.Business, entitlement.Training),
			`plan=business feature=training included=false provenance=published edition="ACME 2026" source="Service Category, 2023-09-14" unlock=none`,
			`Business does not include Communication and training (Service Category, 2023-09-14); no higher plan does`,
			`{"plan":"business","feature":"training","included":false,"provenance":"published","edition":"ACME 2026","source":"Service Category, 2023-09-14",` +
				`"reason":"Business does not include Communication and training (Service Category, 2023-09-14); no higher plan does"}`,
		},
		{
			m.Check(plan.Business, entitlement.CaseHandling),
			`plan=business feature=case-handling included=true provenance=published source="Service Category, 2023-09-14"`,
			`Business includes Case handling personnel (Service Category, 2023-09-14)`,
			`{"plan":"business","feature":"case-handling","included":true,"detail":"Cloud Support Engineers","provenance":"published","edition":"2023-09-14",` +
				`"source":"Service Category, 2023-09-14","reason":"Business includes Case handling personnel (Service Category, 2023-09-14)"}`,
		},
		{
			m.CheckAt(contract, plan.Basic, entitlement.Training, in),
			`plan=basic feature=training included=true provenance=overridden override="ACME \"26\""`,
			`the contract grants Communication and training by "ACME \"26\"" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)`,
			`{"plan":"basic","feature":"training","included":true,"provenance":"overridden","edition":"2023-09-14",` +
				`"override":{"name":"ACME \"26\"","kind":"grant","feature":"training","start":"2026-01-01T00:00:00Z","end":"2027-01-01T00:00:00Z"},` +
				`"reason":"the contract grants Communication and training by \"ACME \\\"26\\\"\" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)"}`,
		},
		{
			m.CheckAt(contract, plan.Basic, entitlement.IMGroup, in),
			`plan=basic feature=im-group included=true provenance=overridden override="chat"`,
			`IM group chat was added to the contract by "chat" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)`,
			`{"plan":"basic","feature":"im-group","included":true,"provenance":"overridden","edition":"2023-09-14",` +
				`"override":{"name":"chat","kind":"add-on","feature":"im-group","start":"2026-01-01T00:00:00Z","end":"2027-01-01T00:00:00Z"},` +
				`"reason":"IM group chat was added to the contract by \"chat\" [2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z)"}`,
		},
		{
			m.CheckAt(contract, plan.Enterprise, entitlement.Phone, in),
			`plan=enterprise feature=phone included=false provenance=overridden override="no phone" unlock=none`,
			`the contract withholds Phone by "no phone" [2026-01-01T00:00:00Z, …); no other plan changes that`,
			`{"plan":"enterprise","feature":"phone","included":false,"provenance":"overridden","edition":"2023-09-14",` +
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

// A no says which plan has the feature, or that none has; never a lower one.
func TestNoNamesTheWayUp(t *testing.T) {
	// Phone is taken from Enterprise and withheld on Business: Developer has it,
	// but to go down is no way to get it.
	m := mustMatrix(t, entitlement.Cell{Plan: plan.Enterprise, Feature: entitlement.Phone})
	if d := m.Check(plan.Enterprise, entitlement.Phone); d.Unlock != 0 || !strings.HasSuffix(d.String(), " unlock=none") {
		t.Errorf("%v", d)
	}
	c := mustContract(t, override("no phone", entitlement.OverrideWithhold, entitlement.Phone, days(1, 0)))
	for _, p := range plan.All() {
		d := entitlement.Published().CheckAt(c, p, entitlement.Phone, day(2))
		js, err := json.Marshal(d)
		if d.Unlock != 0 || err != nil || strings.Contains(string(js), "unlock") || strings.Contains(string(js), "developer\",\"edition") {
			t.Errorf("%s, %v", js, err)
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
	const invalid = ": invalid matrix, contract or decision"
	const start = `{"plan":"basic","feature":"phone","included":false,"provenance":"published","edition":"x"`
	const over = `{"plan":"basic","feature":"phone","included":true,"provenance":"overridden","edition":"x","override":{"name":"x","kind":"grant","feature":"phone","start":"2026-01-01T00:00:00Z"`
	for _, c := range []struct {
		js, text string
		want     error
	}{
		{`[]`, "want an object, not an array", entitlement.ErrInvalid},
		{`{}`, "plan: invalid JSON: field is missing", entitlement.ErrInvalid},
		{start + `,"unlock":null}`, "unlock: invalid JSON: want a string, not null", entitlement.ErrInvalid},
		{start + `,"unlock":"gold"}`, `unlock: plan "gold": want basic, developer, business or enterprise: unknown plan`, plan.ErrUnknown},
		{start + `,"source":"x","unlock":"basic"}`, "unlock: basic does not fit the decision" + invalid, entitlement.ErrInvalid},
		{strings.Replace(start, "false", "true", 1) + `,"source":"x","unlock":"developer"}`, "unlock: developer does not fit the decision" + invalid, entitlement.ErrInvalid},
		{start + `,"source":"x","detail":"y"}`, `detail: "y", but not included` + invalid, entitlement.ErrInvalid},
		{start + `}`, `source: "" does not fit the provenance published` + invalid, entitlement.ErrInvalid},
		{start + `,"source":""}`, `source: "": want 1 to 200 bytes of printable UTF-8` + invalid, entitlement.ErrInvalid},
		{strings.Replace(start, "published", "overridden", 1) + `,"source":"x"}`, `source: "x" does not fit the provenance overridden` + invalid, entitlement.ErrInvalid},
		{strings.Replace(start, "published", "Published", 1) + `,"source":"x"}`, `provenance: "Published": want published, inferred or overridden` + invalid, entitlement.ErrInvalid},
		{start + `,"reason":1}`, "reason: invalid JSON: want a string, not the number \"1\"", entitlement.ErrInvalid},
		{start + `,"Reason":""}`, "Reason: invalid JSON: unknown field", entitlement.ErrInvalid},
		{start + `,"source":"x","Reason":""}`, "Reason: invalid JSON: unknown field", entitlement.ErrInvalid},
		{`{"plan":"basic","feature":"phone","included":false,"edition":"x"}`, "provenance: invalid JSON: field is missing", entitlement.ErrInvalid},
		{`{"plan":"basic","feature":"phone","included":false,"provenance":"published","source":"x"}`, "edition: invalid JSON: field is missing", entitlement.ErrInvalid},
		{`{"plan":"basic","feature":"phone","provenance":"published"}`, "included: invalid JSON: field is missing", entitlement.ErrInvalid},
		{`{"plan":"basic","included":true,"provenance":"published"}`, "feature: invalid JSON: field is missing", entitlement.ErrInvalid},
		{`{"plan":"Basic"}`, `plan: plan "Basic": want basic, developer, business or enterprise: unknown plan`, plan.ErrUnknown},
		{`{"plan":"basic","feature":"fax","included":true,"provenance":"published"}`, ` or business-health-check: unknown feature`, entitlement.ErrUnknown},
		{over + `,"end":"0001-01-01T00:00:00Z"}}`, `override.end: "0001-01-01T00:00:00Z"` + invalid, entitlement.ErrInvalid},
		{strings.Replace(over, `"name":"x"`, `"name":""`, 1) + `}}`, `override.name: "": want 1 to 200 bytes of UTF-8` + invalid, entitlement.ErrInvalid},
		{strings.Replace(over, `"included":true`, `"included":false`, 1) + `}}`, "does not fit the decision" + invalid, entitlement.ErrInvalid},
		{strings.Replace(over, `"included":true`, `"included":false`, 1) + `},"unlock":"business"}`, "unlock: business does not fit the decision" + invalid, entitlement.ErrInvalid},
		{strings.Replace(over, `overridden`, `published`, 1) + `},"source":"x"}`, "does not fit the decision" + invalid, entitlement.ErrInvalid},
		{strings.Replace(over, `"feature":"phone","start"`, `"feature":"training","start"`, 1) + `}}`, "does not fit the decision" + invalid, entitlement.ErrInvalid},
	} {
		before := entitlement.Published().Check(plan.Business, entitlement.Training)
		d := before
		err := d.UnmarshalJSON([]byte(c.js))
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "entitlement: decode decision: ") || !strings.HasSuffix(err.Error(), c.text) {
			t.Errorf("%s: %v, want %s", c.js, err, c.text)
		}
		if isUnknown := c.want == entitlement.ErrUnknown || c.want == plan.ErrUnknown; isUnknown && errors.Is(err, entitlement.ErrInvalid) {
			t.Errorf("%v is of two kinds", err)
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

// What was put into a decision by hand so that nobody could read it is not written.
func TestDecisionsChangedByHand(t *testing.T) {
	for want, change := range map[string]func(d *entitlement.Decision){
		`edition: "": want 1 to 200 bytes`:      func(d *entitlement.Decision) { d.Edition = "" },
		`detail: "a\nb": want 1 to 200 bytes`:   func(d *entitlement.Decision) { d.Detail = "a\nb" },
		`source: "a\nb": want 1 to 200 bytes`:   func(d *entitlement.Decision) { d.Source = "a\nb" },
		`source: "" does not fit the`:           func(d *entitlement.Decision) { d.Source = "" },
		"unlock: enterprise does not fit the":   func(d *entitlement.Decision) { d.Unlock = plan.Enterprise },
		`provenance: "guessed": want published`: func(d *entitlement.Decision) { d.Provenance = "guessed" },
	} {
		d := entitlement.Published().Check(plan.Business, entitlement.Phone)
		if !d.Included {
			t.Fatal(d)
		}
		change(&d)
		data, err := d.MarshalJSON()
		if !errors.Is(err, entitlement.ErrInvalid) || !strings.HasPrefix(err.Error(), "entitlement: marshal decision: "+want) || data != nil {
			t.Errorf("%s, %v, want %s", data, err, want)
		}
	}
}
