package entitlement_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// day is a midnight of 2026 in UTC.
func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

// days is the period from one midnight of 2026 to another; to 0 it has no end.
func days(from, to int) calendar.Period {
	p := calendar.Period{Start: day(from)}
	if to != 0 {
		p.End = day(to)
	}
	return p
}

func override(name string, kind entitlement.OverrideKind, f entitlement.Feature, p calendar.Period) entitlement.Override {
	return entitlement.Override{Name: name, Kind: kind, Feature: f, Period: p}
}

func mustContract(t testing.TB, overrides ...entitlement.Override) entitlement.Contract {
	t.Helper()
	c, err := entitlement.NewContract(overrides...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCheckAt(t *testing.T) {
	grant := override("grant", entitlement.OverrideGrant, entitlement.Training, days(10, 20))
	addOn := override("add-on", entitlement.OverrideAddOn, entitlement.Training, days(20, 0))
	phone := override("no phone", entitlement.OverrideWithhold, entitlement.Phone, days(5, 15))
	c := mustContract(t, addOn, phone, grant)
	m := entitlement.Published()
	over := func(p plan.Plan, o entitlement.Override) entitlement.Decision {
		d := m.Check(p, o.Feature)
		d.Included = o.Kind != entitlement.OverrideWithhold
		d.Provenance, d.Source, d.Override, d.Unlock = entitlement.ProvenanceOverridden, "", o, 0
		return d
	}
	for _, x := range []struct {
		p    plan.Plan
		f    entitlement.Feature
		at   time.Time
		want entitlement.Decision
	}{
		{plan.Basic, entitlement.Training, day(10).Add(-1), m.Check(plan.Basic, entitlement.Training)},
		{plan.Basic, entitlement.Training, day(10), over(plan.Basic, grant)},
		{plan.Enterprise, entitlement.Training, day(10), over(plan.Enterprise, grant)},
		{plan.Basic, entitlement.Training, day(20).Add(-1), over(plan.Basic, grant)},
		{plan.Basic, entitlement.Training, day(20), over(plan.Basic, addOn)},
		{plan.Basic, entitlement.Training, day(99999), over(plan.Basic, addOn)},
		{plan.Basic, entitlement.Training, time.Time{}, entitlement.Decision{Plan: plan.Basic, Feature: entitlement.Training}},
		{plan.Enterprise, entitlement.Ticket, time.Time{}, entitlement.Decision{Plan: plan.Enterprise, Feature: entitlement.Ticket}},
		{plan.Business, entitlement.Phone, day(5).Add(-1), m.Check(plan.Business, entitlement.Phone)},
		{plan.Business, entitlement.Phone, day(5), over(plan.Business, phone)},
		{plan.Business, entitlement.Phone, day(15), m.Check(plan.Business, entitlement.Phone)},
		{plan.Business, entitlement.Ticket, day(12), m.Check(plan.Business, entitlement.Ticket)},
		{plan.Business, entitlement.IMGroup, day(12), m.Check(plan.Business, entitlement.IMGroup)},
		{plan.Business, entitlement.BusinessHealthCheck, day(30), m.Check(plan.Business, entitlement.BusinessHealthCheck)},
		{0, entitlement.Training, day(12), entitlement.Decision{Feature: entitlement.Training}},
		{plan.Basic, 0, day(12), entitlement.Decision{Plan: plan.Basic}},
	} {
		if got := m.CheckAt(c, x.p, x.f, x.at); got != x.want {
			t.Errorf("CheckAt(%v, %v, %v) = %+v, want %+v", x.p, x.f, x.at, got, x.want)
		}
	}
	var zero entitlement.Contract
	if got := m.CheckAt(zero, plan.Basic, entitlement.Phone, day(1)); got != m.Check(plan.Basic, entitlement.Phone) {
		t.Errorf("the zero contract says %v", got)
	}
}

// One contract asks whichever matrix it is given.
func TestCheckAtOtherMatrix(t *testing.T) {
	m := mustMatrix(t, included(plan.Basic, entitlement.Phone))
	c := mustContract(t, override("x", entitlement.OverrideGrant, entitlement.Training, days(1, 2)))
	if got, want := m.CheckAt(c, plan.Basic, entitlement.Phone, day(1)), m.Check(plan.Basic, entitlement.Phone); got != want || !got.Included {
		t.Errorf("%v, want %v", got, want)
	}
	if d := m.CheckAt(c, plan.Basic, entitlement.Training, day(1)); !d.Included || d.Edition != "ACME 2026" {
		t.Errorf("%+v", d)
	}
}

// A contract that grants the cell that the matrix has anyway keeps its words.
func TestCheckAtKeepsDetails(t *testing.T) {
	c := mustContract(t, override("x", entitlement.OverrideGrant, entitlement.CaseHandling, days(1, 2)),
		override("y", entitlement.OverrideWithhold, entitlement.CaseHandling, days(2, 3)),
		override("z", entitlement.OverrideGrant, entitlement.TechnicalAccountManager, days(1, 2)))
	m := entitlement.Published()
	for _, x := range []struct {
		f    entitlement.Feature
		at   int
		want string
	}{{entitlement.CaseHandling, 1, "Cloud Support Engineers"}, {entitlement.CaseHandling, 2, ""}, {entitlement.TechnicalAccountManager, 1, ""}} {
		if d := m.CheckAt(c, plan.Business, x.f, day(x.at)); d.Detail != x.want {
			t.Errorf("%+v, want %q", d, x.want)
		}
	}
}

func TestNewContractErrors(t *testing.T) {
	ok := override("ok", entitlement.OverrideGrant, entitlement.Phone, days(1, 5))
	many := make([]entitlement.Override, 1001)
	for i := range many {
		many[i] = override("x", entitlement.OverrideGrant, entitlement.Phone, days(i+1, i+2))
	}
	const invalid = ": invalid matrix, contract or decision"
	grant := entitlement.OverrideGrant
	for _, c := range []struct {
		overrides []entitlement.Override
		want      error
		text      string
	}{
		{[]entitlement.Override{{}}, entitlement.ErrInvalid, `overrides[0].name: "": want 1 to 200 bytes of UTF-8` + invalid},
		{[]entitlement.Override{override(strings.Repeat("x", 201), grant, 1, days(1, 2))}, entitlement.ErrInvalid,
			`overrides[0].name: "` + strings.Repeat("x", 64) + `"…: want 1 to 200 bytes of UTF-8` + invalid},
		{[]entitlement.Override{override("\xff", grant, 1, days(1, 2))}, entitlement.ErrInvalid, `overrides[0].name: "\xff": want 1 to 200 bytes of UTF-8` + invalid},
		{[]entitlement.Override{ok, override("x", "Grant", 1, days(1, 2))}, entitlement.ErrInvalid, `overrides[1].kind: "Grant": unknown override kind; want one of "grant", "withhold", "add-on"` + invalid},
		{[]entitlement.Override{override("x", grant, 0, days(1, 2))}, entitlement.ErrUnknown, `overrides[0].feature: Feature(0): unknown feature`},
		{[]entitlement.Override{override("x", grant, 1, days(2, 2))}, entitlement.ErrInvalid,
			`overrides[0].period: [2026-01-02T00:00:00Z, 2026-01-02T00:00:00Z): want an end after the start, or none` + invalid},
		{[]entitlement.Override{override("later", entitlement.OverrideWithhold, entitlement.Phone, days(4, 0)), ok}, entitlement.ErrInvalid,
			`overrides[1]: grant "ok" of phone [2026-01-01T00:00:00Z, 2026-01-05T00:00:00Z) contradicts ` +
				`withhold "later" of phone [2026-01-04T00:00:00Z, …)` + invalid},
		{many, entitlement.ErrInvalid, "overrides: 1001 are over the limit of 1000" + invalid},
	} {
		got, err := entitlement.NewContract(c.overrides...)
		if !errors.Is(err, c.want) || err.Error() != "entitlement: contract: "+c.text {
			t.Errorf("%v\nwant %s", err, c.text)
		}
		var f *entitlement.FieldError
		if !errors.As(err, &f) || !strings.HasPrefix(c.text, f.Path+": ") {
			t.Errorf("the field of %v", err)
		}
		if len(got.Overrides()) != 0 {
			t.Errorf("%v", got)
		}
	}
	mustContract(t, many[1:]...)
	mustContract(t, override(strings.Repeat("x", 200), grant, 1, days(1, 2)))
}

// Other features, and periods that only meet, do not overlap.
func TestNewContractNoOverlap(t *testing.T) {
	in := []entitlement.Override{
		override("c", entitlement.OverrideAddOn, entitlement.Training, days(1, 0)),
		override("b", entitlement.OverrideWithhold, entitlement.Phone, days(3, 5)),
		override("a", entitlement.OverrideGrant, entitlement.Phone, days(1, 3)),
	}
	c := mustContract(t, in...)
	if in[0].Name != "c" {
		t.Error("the caller's slice was sorted")
	}
	want := slices.Clone(in)
	in[0].Kind = entitlement.OverrideWithhold
	got := c.Overrides()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Overrides() (-want +got):\n%s", diff)
	}
	got[0].Kind = entitlement.OverrideWithhold
	if c.Overrides()[0].Kind != entitlement.OverrideAddOn {
		t.Error("Overrides gave its own slice away")
	}
}

// Monotonic readings are stripped at the door.
func TestContractStripsMonotonic(t *testing.T) {
	now := time.Now()
	c := mustContract(t, override("x", entitlement.OverrideGrant, entitlement.Phone, calendar.Period{Start: now, End: now.Add(time.Hour)}))
	if got := c.Overrides()[0].Period; got.Start != now.Round(0) || got.End != now.Add(time.Hour).Round(0) {
		t.Errorf("%v", got)
	}
}

// An override of its own is read as strictly as one of a contract.
func TestOverrideJSON(t *testing.T) {
	valid := `{"name": "2026", "kind": "grant", "feature": "phone", "start": "2026-01-01T00:00:00Z"}`
	var o entitlement.Override
	if err := json.Unmarshal([]byte(valid), &o); err != nil || o.Name != "2026" {
		t.Errorf("%v, %v", o, err)
	}
	kept := o
	for _, name := range []string{"", strings.Repeat("x", 201)} {
		err := json.Unmarshal([]byte(strings.Replace(valid, "2026", name, 1)), &o)
		if !errors.Is(err, entitlement.ErrInvalid) || !strings.Contains(err.Error(), "name: ") || o != kept {
			t.Errorf("%q: %v, %v", name, o, err)
		}
	}
}

func overlap(p, q calendar.Period) bool {
	_, ok := p.Intersect(q)
	return ok
}

// Grants and add-ons give a feature; other kinds do not.
func TestOverrideIncludes(t *testing.T) {
	for k, want := range map[entitlement.OverrideKind]bool{"": false, entitlement.OverrideGrant: true, entitlement.OverrideWithhold: false, entitlement.OverrideAddOn: true, "Grant": false} {
		valid := want || k == entitlement.OverrideWithhold
		if valid {
			c := mustContract(t, override("x", k, entitlement.Phone, calendar.Period{Start: time.Unix(0, 0)}))
			if got := entitlement.Published().CheckAt(c, plan.Basic, entitlement.Phone, time.Unix(1, 0)); got.Included != want {
				t.Errorf("%v: %v", k, got)
			}
		}
		if err := new(entitlement.OverrideKind).UnmarshalText([]byte(k)); (err == nil) != valid {
			t.Errorf("%q: %v", k, err)
		}
	}
}

// Overrides that agree may overlap; the one that ends last is named.
func TestAgreeingOverridesMayOverlap(t *testing.T) {
	grant, addOn, withhold := entitlement.OverrideGrant, entitlement.OverrideAddOn, entitlement.OverrideWithhold
	c := mustContract(t,
		override("outer", grant, entitlement.Training, days(1, 10)),
		override("inner", addOn, entitlement.Training, days(2, 5)),
		override("longer", addOn, entitlement.Training, days(8, 12)),
		override("same start", grant, entitlement.Training, days(8, 11)),
		override("as long", grant, entitlement.Training, days(9, 12)),
		override("none", withhold, entitlement.Training, days(12, 15)),
		override("none for ever", withhold, entitlement.Training, days(12, 0)),
		override("no more", withhold, entitlement.Training, days(13, 0)),
	)
	for at, want := range map[int]string{1: "outer", 2: "outer", 5: "outer", 7: "outer", 8: "longer", 9: "longer", 11: "longer", 12: "none for ever", 20: "none for ever"} {
		if d := entitlement.Published().CheckAt(c, plan.Basic, entitlement.Training, day(at)); d.Override.Name != want || d.Included != (at < 12) {
			t.Errorf("day %d: %v", at, d)
		}
	}
	_, err := entitlement.NewContract(append(c.Overrides(), override("late", grant, entitlement.Training, days(100, 101)))...)
	if !errors.Is(err, entitlement.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func TestNextChange(t *testing.T) {
	c := mustContract(t,
		override("a", entitlement.OverrideGrant, entitlement.Training, days(10, 20)),
		override("b", entitlement.OverrideAddOn, entitlement.IMGroup, days(15, 0)),
		override("c", entitlement.OverrideWithhold, entitlement.Phone, days(5, 12)),
	)
	for _, x := range []struct {
		after time.Time
		want  time.Time
		ok    bool
	}{
		{time.Unix(-1<<59, 0), day(5), true},
		{day(1), day(5), true},
		{day(5).Add(-1), day(5), true},
		{day(5), day(10), true},
		{day(10), day(12), true},
		{day(12), day(15), true},
		{day(15), day(20), true},
		{day(20), time.Time{}, false},
		{day(50), time.Time{}, false},
	} {
		if got, ok := c.NextChange(x.after); !got.Equal(x.want) || ok != x.ok {
			t.Errorf("NextChange(%v) = %v, %t, want %v", x.after, got, ok, x.want)
		}
	}
	if _, ok := (entitlement.Contract{}).NextChange(day(1)); ok {
		t.Error("the zero contract changes")
	}
}

// contracts are drawn with edges that meet, agreeing overrides that overlap, and
// sometimes no end.
var contracts = rapid.Custom(func(t *rapid.T) entitlement.Contract {
	gives := []entitlement.OverrideKind{entitlement.OverrideGrant, entitlement.OverrideAddOn}
	var overrides []entitlement.Override
	for _, f := range rapid.SliceOfNDistinct(rapid.SampledFrom(entitlement.Features()), 0, 4, rapid.ID).Draw(t, "features") {
		at := 1
		for n := rapid.IntRange(0, 2).Draw(t, "groups"); n > 0; n-- {
			start := at + rapid.IntRange(0, 2).Draw(t, "gap")
			at = start + rapid.IntRange(1, 5).Draw(t, "length")
			kinds := []entitlement.OverrideKind{entitlement.OverrideWithhold}
			if rapid.Bool().Draw(t, "gives") {
				kinds = gives
			}
			for range rapid.IntRange(1, 4).Draw(t, "overrides") {
				from := rapid.IntRange(start, at-1).Draw(t, "from")
				o := override(rapid.StringN(1, 20, 200).Draw(t, "name"), rapid.SampledFrom(kinds).Draw(t, "kind"), f, days(from, 0))
				if n > 1 || rapid.Bool().Draw(t, "ends") {
					o.Period.End = day(rapid.IntRange(from+1, at).Draw(t, "to"))
				}
				overrides = append(overrides, o)
			}
		}
	}
	c, err := entitlement.NewContract(rapid.Permutation(overrides).Draw(t, "order")...)
	if err != nil {
		t.Fatal(err)
	}
	return c
})

// A grant and a withholding of one feature never have an instant in common, and
// nothing else is refused.
func TestContradictionReference(t *testing.T) {
	kinds := []entitlement.OverrideKind{entitlement.OverrideGrant, entitlement.OverrideWithhold, entitlement.OverrideAddOn}
	one := rapid.Custom(func(t *rapid.T) entitlement.Override {
		from := rapid.IntRange(1, 9).Draw(t, "from")
		o := override("x", rapid.SampledFrom(kinds).Draw(t, "kind"), entitlement.Feature(rapid.Uint8Range(1, 2).Draw(t, "feature")), days(from, 0))
		if rapid.IntRange(0, 4).Draw(t, "ends") > 0 {
			o.Period.End = day(from + rapid.IntRange(1, 5).Draw(t, "length"))
		}
		return o
	})
	rapid.Check(t, func(t *rapid.T) {
		overrides := rapid.SliceOfN(one, 0, 6).Draw(t, "overrides")
		contradict := false
		for i, a := range overrides {
			for _, b := range overrides[:i] {
				contradict = contradict || a.Feature == b.Feature && (a.Kind == entitlement.OverrideWithhold) != (b.Kind == entitlement.OverrideWithhold) && overlap(a.Period, b.Period)
			}
		}
		if _, err := entitlement.NewContract(overrides...); (err != nil) != contradict {
			t.Errorf("%v: %v", overrides, err)
		}
	})
}

// The slow and obvious answer: look at every override.
func TestCheckAtReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := entitlement.Published()
		c := contracts.Draw(t, "contract")
		p := rapid.SampledFrom(plan.All()).Draw(t, "plan")
		at := day(rapid.IntRange(0, 12).Draw(t, "day")).Add(time.Duration(rapid.IntRange(-1, 0).Draw(t, "edge")))
		next, changes := c.NextChange(at)
		for _, f := range entitlement.Features() {
			want := m.Check(p, f)
			for _, o := range c.Overrides() {
				if o.Feature != f || !o.Period.Contains(at) {
					continue
				}
				if included := o.Kind != entitlement.OverrideWithhold; included != want.Included {
					want.Included, want.Detail = included, ""
				}
				best := want.Override
				longer := o.Period.End.After(best.Period.End) && !best.Period.End.IsZero() || o.Period.End.IsZero() && !best.Period.End.IsZero()
				// Of those that end together, the one that started first is named.
				first := o.Period.End.Equal(best.Period.End) && o.Period.Start.Before(best.Period.Start)
				if best.Kind == "" || longer || first {
					want.Override = o
				}
				want.Provenance, want.Source, want.Unlock = entitlement.ProvenanceOverridden, "", 0
			}
			if got := m.CheckAt(c, p, f, at); got != want {
				t.Fatalf("CheckAt(%v, %v, %v) = %v, want %v", p, f, at, got, want)
			}
			until := day(1000)
			if changes {
				until = next.Add(-1)
			}
			if got := m.CheckAt(c, p, f, until); got != want {
				t.Fatalf("the answer on %v changed to %v before %v", want, got, until)
			}
		}
	})
}

func TestContractJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := contracts.Draw(t, "contract")
		js, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back entitlement.Contract
		if err := json.Unmarshal(js, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.Overrides(), back.Overrides()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestContractJSON(t *testing.T) {
	lmt := time.FixedZone("LMT", -(5*3600 + 50*60 + 36))
	o := override("x", entitlement.OverrideAddOn, entitlement.Phone, calendar.Period{Start: day(1).In(lmt), End: day(2).In(time.FixedZone("", 3600))})
	js, err := json.Marshal(mustContract(t, o))
	want := `{"format":1,"overrides":[{"name":"x","kind":"add-on","feature":"phone","start":"2026-01-01T00:00:00Z","end":"2026-01-02T01:00:00+01:00"}]}`
	if err != nil || string(js) != want {
		t.Errorf("%s, %v\nwant %s", js, err, want)
	}
	if js, err := json.Marshal(entitlement.Contract{}); err != nil || string(js) != `{"format":1,"overrides":[]}` {
		t.Errorf("%s, %v", js, err)
	}
	var one entitlement.Override
	if err := json.Unmarshal([]byte(`{"name":"x","kind":"add-on","feature":"phone","start":"2026-01-01T00:00:00Z"}`), &one); err != nil ||
		one != override("x", entitlement.OverrideAddOn, entitlement.Phone, days(1, 0)) {
		t.Errorf("%v, %v", one, err)
	}
	before := one
	if err := one.UnmarshalJSON([]byte(`{}`)); !errors.Is(err, entitlement.ErrInvalid) || one != before ||
		err.Error() != "entitlement: decode override: name: invalid JSON: field is missing" {
		t.Errorf("%v, %v", one, err)
	}
	if _, err := json.Marshal(entitlement.Override{}); !errors.Is(err, entitlement.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func TestContractJSONErrors(t *testing.T) {
	wrap := func(s string) string { return `{"overrides":[` + s + `]}` }
	const good = `{"name":"x","kind":"grant","feature":"phone","start":"2026-01-01T00:00:00Z","end":"2026-02-01T00:00:00Z"}`
	with := func(from, to string) string { return wrap(strings.Replace(good, from, to, 1)) }
	for _, c := range []struct {
		js, text string
		want     error
	}{
		{`{`, "invalid JSON: unexpected EOF", entitlement.ErrInvalid},
		{`null`, "invalid JSON: want an object, not null", entitlement.ErrInvalid},
		{`{}`, "overrides: invalid JSON: field is missing", entitlement.ErrInvalid},
		{`{"overrides":null}`, "overrides: invalid JSON: want an array, not null", entitlement.ErrInvalid},
		{`{"Overrides":[]}`, "Overrides: invalid JSON: unknown field", entitlement.ErrInvalid},
		{`{"overrides":[],"plan":"basic"}`, "plan: invalid JSON: unknown field", entitlement.ErrInvalid},
		{`{"format":2,"overrides":[]}`, "format: 2: this version reads up to 1: written by a newer version", entitlement.ErrInvalid},
		{wrap(good + "," + strings.Replace(good, "grant", "withhold", 1)), `overrides[1]: withhold "x" of phone [2026-01-01T00:00:00Z, 2026-02-01T00:00:00Z) contradicts grant "x" of phone [2026-01-01T00:00:00Z, 2026-02-01T00:00:00Z): invalid matrix, contract or decision`, entitlement.ErrInvalid},
		{with(`"x"`, `""`), `overrides[0].name: "": want 1 to 200 bytes of UTF-8: invalid matrix, contract or decision`, entitlement.ErrInvalid},
		{with(`"grant"`, `"GRANT"`), `overrides[0].kind: "GRANT": unknown override kind; want one of "grant", "withhold", "add-on": invalid matrix, contract or decision`, entitlement.ErrInvalid},
		{with(`"phone"`, `"fax"`), `overrides[0].feature: feature "fax": want self-support, ticket, phone, im-group, case-handling, technical-account-manager, third-party-software, event-management, health-check, training, service-report, architecture-optimization, high-availability-optimization, stability-optimization, resources-optimization or business-health-check: unknown feature`, entitlement.ErrUnknown},
		{with(`"kind":"grant",`, ``), `overrides[0].kind: invalid JSON: field is missing`, entitlement.ErrInvalid},
		{with(`"feature":"phone",`, ``), `overrides[0].feature: invalid JSON: field is missing`, entitlement.ErrInvalid},
		{with(`"start":"2026-01-01T00:00:00Z",`, ``), `overrides[0].start: invalid JSON: field is missing`, entitlement.ErrInvalid},
		{with(`"2026-01-01T00:00:00Z"`, `"yesterday"`), `overrides[0].start: invalid JSON: want an RFC 3339 time, not the string "yesterday"`, entitlement.ErrInvalid},
		{with(`"2026-02-01T00:00:00Z"`, `"2026-01-01T00:00:00Z"`), `overrides[0].period: [2026-01-01T00:00:00Z, 2026-01-01T00:00:00Z): want an end after the start, or none: invalid matrix, contract or decision`, entitlement.ErrInvalid},
		{with(`"2026-02-01T00:00:00Z"`, `"0001-01-01T00:00:00Z"`), `overrides[0].end: "0001-01-01T00:00:00Z": invalid matrix, contract or decision`, entitlement.ErrInvalid},
		{with(`"2026-02-01T00:00:00Z"`, `null`), `overrides[0].end: invalid JSON: want a string, not null`, entitlement.ErrInvalid},
		{wrap(strings.Repeat(good+",", 1000) + good), `overrides: invalid JSON: 1001 items are over the limit of 1000`, entitlement.ErrInvalid},
	} {
		contract := mustContract(t, override("before", entitlement.OverrideGrant, entitlement.Phone, days(1, 2)))
		err := contract.UnmarshalJSON([]byte(c.js))
		if !errors.Is(err, c.want) || err.Error() != "entitlement: decode contract: "+c.text {
			t.Errorf("%.100s: %v\nwant %s", c.js, err, c.text)
		}
		if contract.Overrides()[0].Name != "before" {
			t.Errorf("%.100s: changed", c.js)
		}
	}
}
