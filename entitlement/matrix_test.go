package entitlement_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/internal/enum/enumtest"
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

// The tokens are stored by others: they never change.
func TestFeatures(t *testing.T) {
	var tokens, names []string
	for _, row := range matrix {
		tokens, names = append(tokens, row.token), append(names, row.name)
	}
	enumtest.Sweep(t, enumtest.Table[entitlement.Feature]{
		Package: "entitlement", Type: "Feature", Kind: "feature", Unknown: entitlement.ErrUnknown,
		All: entitlement.Features, Parse: entitlement.ParseFeature,
		Values: []entitlement.Feature{
			entitlement.SelfSupport, entitlement.Ticket, entitlement.Phone, entitlement.IMGroup, entitlement.CaseHandling,
			entitlement.TechnicalAccountManager, entitlement.ThirdPartySoftware, entitlement.EventManagement, entitlement.HealthCheck,
			entitlement.Training, entitlement.ServiceReport, entitlement.ArchitectureOptimization, entitlement.HighAvailabilityOptimization,
			entitlement.StabilityOptimization, entitlement.ResourcesOptimization, entitlement.BusinessHealthCheck,
		},
		Tokens: tokens, Names: names,
		Others: map[string]entitlement.Feature{
			"IEM": entitlement.EventManagement, "iem": entitlement.EventManagement, "TSA": entitlement.HealthCheck, "tsa": entitlement.HealthCheck,
		},
	})
	for i := range 256 {
		want := entitlement.Category("")
		if i >= 1 && i <= len(matrix) {
			want = entitlement.Category(matrix[i-1].category)
		}
		if f := entitlement.Feature(i); f.Category() != want {
			t.Errorf("%v is %q, want %q", f, f.Category(), want)
		}
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
	if got := entitlement.Published().Edition(); got != "2023-09-14" {
		t.Errorf("Edition() = %q", got)
	}
}

// The cells that say more than yes. Service Category, 2023-09-14.
func TestDetails(t *testing.T) {
	type cell struct {
		p plan.Plan
		f entitlement.Feature
	}
	want := map[cell]string{
		{plan.Basic, entitlement.CaseHandling}:                 "Customer Service Associates",
		{plan.Developer, entitlement.CaseHandling}:             "Customer Service Associates",
		{plan.Business, entitlement.CaseHandling}:              "Cloud Support Engineers",
		{plan.Enterprise, entitlement.CaseHandling}:            "Cloud Support Experts",
		{plan.Enterprise, entitlement.TechnicalAccountManager}: "designated",
	}
	got := map[cell]string{}
	for i := range 256 {
		for j := range 256 {
			p, f := plan.Plan(i), entitlement.Feature(j)
			if detail := entitlement.Published().Check(p, f).Detail; detail != "" {
				got[cell{p, f}] = detail
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestIncluded(t *testing.T) {
	for p := range plan.Plan(6) {
		var want []entitlement.Feature
		for _, f := range entitlement.Features() {
			if entitlement.Published().Includes(p, f) {
				want = append(want, f)
			}
		}
		if diff := cmp.Diff(want, entitlement.Published().Included(p)); diff != "" {
			t.Errorf("Included(%v) (-want +got):\n%s", p, diff)
		}
	}
}

// The zero Matrix does not speak for the provider.
func TestZeroMatrix(t *testing.T) {
	var zero entitlement.Matrix
	c := mustContract(t, override("x", entitlement.OverrideGrant, entitlement.Phone, days(1, 0)))
	for i := range 256 {
		for j := range 256 {
			p, f := plan.Plan(i), entitlement.Feature(j)
			want := entitlement.Decision{Plan: p, Feature: f}
			if zero.Includes(p, f) || zero.Check(p, f) != want || zero.CheckAt(c, p, f, day(2)) != want {
				t.Fatalf("the zero matrix answers on %v and %v", p, f)
			}
		}
	}
	d := zero.Check(plan.Enterprise, entitlement.Ticket)
	if got := d.Reason(); got != "no answer: the matrix is empty or the instant is missing" {
		t.Error(got)
	}
	if _, err := json.Marshal(d); !errors.Is(err, entitlement.ErrInvalid) {
		t.Errorf("%v", err)
	}
	if zero.Edition() != "" || zero.Included(plan.Enterprise) != nil {
		t.Errorf("%q %v", zero.Edition(), zero.Included(plan.Enterprise))
	}
	if strings.Contains(zero.Markdown(), "yes") || strings.Contains(zero.Markdown(), "ed)") {
		t.Error(zero.Markdown())
	}
	if b, err := json.Marshal(zero); !errors.Is(err, entitlement.ErrInvalid) {
		t.Errorf("%s, %v", b, err)
	}
	if _, err := zero.Compare(plan.Basic, plan.Business); !errors.Is(err, entitlement.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func included(p plan.Plan, f entitlement.Feature) entitlement.Cell {
	return entitlement.Cell{Plan: p, Feature: f, Included: true}
}

func mustMatrix(t testing.TB, cells ...entitlement.Cell) entitlement.Matrix {
	t.Helper()
	m, err := entitlement.Published().With("ACME 2026", cells...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWith(t *testing.T) {
	m := entitlement.Published()
	with := mustMatrix(t,
		included(plan.Business, entitlement.Training),
		entitlement.Cell{Plan: plan.Enterprise, Feature: entitlement.Training},
		entitlement.Cell{Plan: plan.Basic, Feature: entitlement.Phone, Included: true, Detail: "on workdays"},
		entitlement.Cell{Plan: plan.Basic, Feature: entitlement.CaseHandling, Included: true, Detail: "Cloud Support Experts"},
		entitlement.Cell{Plan: plan.Developer, Feature: entitlement.CaseHandling, Included: true},
		entitlement.Cell{Plan: plan.Developer, Feature: entitlement.Ticket, Included: true, Detail: "yes"},
	)
	want := map[plan.Plan]map[entitlement.Feature]string{
		plan.Basic:      {entitlement.Phone: "on workdays", entitlement.CaseHandling: "Cloud Support Experts"},
		plan.Developer:  {entitlement.CaseHandling: "yes"},
		plan.Business:   {entitlement.Training: "yes"},
		plan.Enterprise: {entitlement.Training: "no"},
	}
	for _, p := range plan.All() {
		for _, f := range entitlement.Features() {
			before, after := m.Check(p, f), with.Check(p, f)
			words := "no"
			switch {
			case after.Included && after.Detail != "":
				words = after.Detail
			case after.Included:
				words = "yes"
			}
			expected, changed := want[p][f]
			if changed {
				if words != expected || after.Provenance != entitlement.ProvenanceOverridden || after.Source != "" {
					t.Errorf("%+v, want %s", after, expected)
				}
			} else if after.Edition = before.Edition; f != entitlement.Training && after != before {
				t.Errorf("%+v, want %+v", after, before)
			}
			if with.Includes(p, f) != after.Included {
				t.Errorf("Includes(%v, %v) is not %t", p, f, after.Included)
			}
		}
	}
	// With another cell of that feature changed, the answer is the document's.
	if d := with.Check(plan.Developer, entitlement.Training); d.Provenance != entitlement.ProvenancePublished || d.Unlock != plan.Business {
		t.Errorf("%+v", d)
	}
	// Back to the document's cell, the document says so again.
	back, err := with.With("ACME 2027", included(plan.Enterprise, entitlement.Training))
	if d := back.Check(plan.Enterprise, entitlement.Training); err != nil || d.Provenance != entitlement.ProvenancePublished || d.Edition != "ACME 2027" {
		t.Errorf("%+v, %v", d, err)
	}
	// A matrix from nothing has its cells alone.
	var empty entitlement.Matrix
	own, err := empty.With("own", included(plan.Basic, entitlement.Phone))
	if err != nil || !own.Includes(plan.Basic, entitlement.Phone) || len(own.Included(plan.Basic)) != 1 || own.Included(plan.Enterprise) != nil {
		t.Errorf("%v, %v", own.Included(plan.Basic), err)
	}
}

// A changed matrix never calls itself the document, and its decisions say which
// edition they are of.
func TestEditionOfAChange(t *testing.T) {
	with := mustMatrix(t, included(plan.Business, entitlement.Training))
	if with.Edition() != "ACME 2026" {
		t.Errorf("Edition() = %q", with.Edition())
	}
	d := with.Check(plan.Business, entitlement.Training)
	if d.Edition != "ACME 2026" || !strings.Contains(d.String(), `edition="ACME 2026"`) || !strings.Contains(d.Reason(), `edition "ACME 2026"`) {
		t.Errorf("%v: %s", d, d.Reason())
	}
	long := strings.Repeat("é", 100) // 200 bytes
	if m, err := with.With(long, entitlement.Cell{Plan: plan.Basic, Feature: entitlement.Phone, Included: true, Detail: long}); err != nil || m.Check(plan.Basic, entitlement.Phone).Detail != long {
		t.Errorf("%v, %v", m.Edition(), err)
	}
	for _, m := range []entitlement.Matrix{entitlement.Published(), with, {}} {
		for _, edition := range []string{"", "2023-09-14", with.Edition(), "\n", "\xff", strings.Repeat("x", 201)} {
			if m.Edition() == "ACME 2026" || edition != "ACME 2026" {
				got, err := m.With(edition, included(plan.Basic, entitlement.Phone))
				if !errors.Is(err, entitlement.ErrInvalid) || !strings.HasPrefix(err.Error(), "entitlement: with: edition: ") || got != (entitlement.Matrix{}) {
					t.Errorf("With(%q): %v", edition, err)
				}
			}
		}
	}
}

func TestWithErrors(t *testing.T) {
	const invalid = ": invalid matrix, contract or decision"
	cell := func(change func(*entitlement.Cell)) entitlement.Cell {
		c := included(plan.Basic, entitlement.Phone)
		change(&c)
		return c
	}
	for _, c := range []struct {
		cell entitlement.Cell
		want error
		text string
	}{
		{cell(func(c *entitlement.Cell) { c.Plan = 0 }), plan.ErrUnknown, "cells[1].plan: Plan(0): unknown plan"},
		{cell(func(c *entitlement.Cell) { c.Feature = 17 }), entitlement.ErrUnknown, "cells[1].feature: Feature(17): unknown feature"},
		{included(plan.Basic, entitlement.Training), entitlement.ErrInvalid, "cells[1]: a second cell of basic and training" + invalid},
		{cell(func(c *entitlement.Cell) { c.Included, c.Detail = false, "x" }), entitlement.ErrInvalid, `cells[1].detail: "x", but not included` + invalid},
		{cell(func(c *entitlement.Cell) { c.Detail = "no" }), entitlement.ErrInvalid, `cells[1].detail: "no", but included` + invalid},
		{cell(func(c *entitlement.Cell) { c.Detail = "a\nb" }), entitlement.ErrInvalid, `cells[1].detail: "a\nb": want 1 to 200 bytes of printable UTF-8` + invalid},
	} {
		got, err := entitlement.Published().With("x", included(plan.Basic, entitlement.Training), c.cell)
		if !errors.Is(err, c.want) || err.Error() != "entitlement: with: "+c.text || got != (entitlement.Matrix{}) {
			t.Errorf("got %v, want %s", err, c.text)
		}
		var f *entitlement.FieldError
		if !errors.As(err, &f) || !strings.HasPrefix(c.text, f.Path+":") {
			t.Errorf("the field of %v", err)
		}
	}
}

// Needs are asked of the matrix that they come from, however they are passed.
func TestNeed(t *testing.T) {
	with := mustMatrix(t, included(plan.Business, entitlement.IMGroup))
	for _, c := range []struct {
		needs []plan.Need
		want  plan.Plan
		unmet string
	}{
		{[]plan.Need{with.Need(entitlement.IMGroup)}, plan.Business, "[]"},
		{[]plan.Need{entitlement.Published().Need(entitlement.IMGroup)}, plan.Enterprise, "[]"},
		{[]plan.Need{with.Need(entitlement.IMGroup), with.Need(entitlement.Phone)}, plan.Business, "[]"},
		{[]plan.Need{with.Need(entitlement.IMGroup), with.Need(17), with.Need(0)}, 0, "[Feature(17) Feature(0)]"},
		{[]plan.Need{entitlement.Matrix{}.Need(entitlement.Ticket)}, 0, "[ticket]"},
	} {
		got, unmet := plan.Lowest(c.needs...)
		if got != c.want || fmt.Sprint(unmet) != c.unmet {
			t.Errorf("%v: %v, %v", c.needs, got, unmet)
		}
	}
	if entitlement.Published().Need(entitlement.Phone) != entitlement.Published().Need(entitlement.Phone) {
		t.Error("a need is not itself")
	}
}

// cells are drawn from few words, so that they meet the document's at times.
var cells = rapid.Custom(func(t *rapid.T) entitlement.Cell {
	c := entitlement.Cell{
		Plan:     rapid.SampledFrom(plan.All()).Draw(t, "plan"),
		Feature:  rapid.SampledFrom(entitlement.Features()).Draw(t, "feature"),
		Included: rapid.Bool().Draw(t, "included"),
	}
	if c.Included {
		c.Detail = rapid.SampledFrom([]string{"", "yes", "designated", "Cloud Support Experts", "5 | 6 \u20ac"}).Draw(t, "detail")
	}
	return c
})

// matrices are the document's with some cells changed, or made from nothing.
var matrices = rapid.Custom(func(t *rapid.T) entitlement.Matrix {
	m := entitlement.Published()
	if rapid.Bool().Draw(t, "from nothing") {
		m = entitlement.Matrix{}
	}
	type key struct {
		p plan.Plan
		f entitlement.Feature
	}
	some := rapid.SliceOfNDistinct(cells, 0, 20, func(c entitlement.Cell) key { return key{c.Plan, c.Feature} }).Draw(t, "cells")
	m, err := m.With("drawn", some...)
	if err != nil {
		t.Fatal(err)
	}
	return m
})

// Stored and read back, a matrix and a contract answer every question as before.
func TestStoredAnswersTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, c := matrices.Draw(t, "matrix"), contracts.Draw(t, "contract")
		var m2 entitlement.Matrix
		var c2 entitlement.Contract
		b, err := json.Marshal(m)
		b2, err2 := json.Marshal(&c)
		if err := errors.Join(err, err2, json.Unmarshal(b, &m2), json.Unmarshal(b2, &c2)); err != nil {
			t.Fatal(err)
		}
		stored := rapid.IntRange(0, 11).Draw(t, "day of the decisions that are stored too")
		for n := range 12 {
			for _, p := range plan.All() {
				for _, f := range entitlement.Features() {
					want, got := m.CheckAt(c, p, f, day(n)), m2.CheckAt(c2, p, f, day(n))
					if got != want {
						t.Fatalf("%+v became %+v by %s and %s", want, got, b, b2)
					}
					if n != stored {
						continue
					}
					js, err := json.Marshal(want)
					var back entitlement.Decision
					if err := errors.Join(err, json.Unmarshal(js, &back)); err != nil || back != want {
						t.Fatalf("%s: %+v, want %+v: %v", js, back, want, err)
					}
					if want.Unlock != 0 && (want.Included || want.Unlock <= p || !m.Includes(want.Unlock, f)) {
						t.Fatalf("%+v leads nowhere", want)
					}
				}
			}
		}
		again, err := json.Marshal(m2)
		if string(again) != string(b) || err != nil || m2.Markdown() != m.Markdown() || m2.Edition() != m.Edition() {
			t.Fatalf("%s became %s, %v", b, again, err)
		}
	})
}

func TestMatrixJSON(t *testing.T) {
	b, err := json.Marshal(entitlement.Published())
	for _, part := range []string{`{"format":1,"edition":"2023-09-14","features":{`, `"im-group":{"enterprise":"yes"}`,
		`"case-handling":{"basic":"Customer Service Associates","business":"Cloud Support Engineers","developer":"Customer Service Associates","enterprise":"Cloud Support Experts"}`} {
		if err != nil || !strings.Contains(string(b), part) {
			t.Errorf("no %s in %s, %v", part, b, err)
		}
	}
	var back entitlement.Matrix
	if err := json.Unmarshal(b, &back); err != nil || back != entitlement.Published() {
		t.Errorf("%v, %v", back, err)
	}
	for _, c := range []struct {
		js, text string
		want     error
	}{
		{`[]`, "invalid JSON: want an object, not an array", entitlement.ErrInvalid},
		{`{"edition":"x"}`, "features: invalid JSON: field is missing", entitlement.ErrInvalid},
		{`{"features":{}}`, "edition: invalid JSON: field is missing", entitlement.ErrInvalid},
		{`{"format":2,"edition":"x","features":{}}`, "format: 2: this version reads up to 1: written by a newer version", entitlement.ErrInvalid},
		{`{"edition":"","features":{}}`, `edition: "": want 1 to 200 bytes of printable UTF-8: invalid matrix, contract or decision`, entitlement.ErrInvalid},
		{`{"edition":"x","features":{},"Edition":"x"}`, "Edition: invalid JSON: unknown field", entitlement.ErrInvalid},
		{`{"edition":"x","features":{"Phone":{}}}`, `features.Phone: feature "Phone": want self-support, `, entitlement.ErrUnknown},
		{`{"edition":"x","features":{"phone":{"Basic":"yes"}}}`, `features.phone.Basic: plan "Basic": want basic, `, plan.ErrUnknown},
		{`{"edition":"x","features":{"phone":{"basic":""}}}`, `features.phone.basic: "": want 1 to 200 bytes`, entitlement.ErrInvalid},
		{`{"edition":"x","features":{"phone":{"basic":"no"}}}`, `features.phone.basic: "no", but included: invalid matrix`, entitlement.ErrInvalid},
		{`{"edition":"x","features":{"phone":{"basic":true}}}`, `features.phone.basic: invalid JSON: want a string, not true`, entitlement.ErrInvalid},
		{`{"edition":"x","features":{"phone":{"basic":"yes","basic":"yes"}}}`, `invalid JSON: features.phone.basic: field appears twice`, entitlement.ErrInvalid},
		{`{"edition":"2023-09-14","features":{}}`, `edition: "2023-09-14" is the document's, but not all cells are`, entitlement.ErrInvalid},
	} {
		m := entitlement.Published()
		err := m.UnmarshalJSON([]byte(c.js))
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "entitlement: decode matrix: "+c.text) || m != entitlement.Published() {
			t.Errorf("%s: %v\nwant %s", c.js, err, c.text)
		}
	}
}
