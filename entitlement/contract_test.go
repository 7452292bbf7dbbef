package entitlement_test

import (
	"encoding/json"
	"errors"
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
	grant := override("grant", entitlement.Grant, entitlement.Training, days(10, 20))
	addOn := override("add-on", entitlement.AddOn, entitlement.Training, days(20, 0))
	phone := override("no phone", entitlement.Withhold, entitlement.Phone, days(5, 15))
	c := mustContract(t, addOn, phone, grant)
	m := entitlement.Published()
	over := func(p plan.Plan, o entitlement.Override) entitlement.Decision {
		d := m.Check(p, o.Feature)
		d.Included = o.Kind != entitlement.Withhold
		d.Provenance, d.Source, d.Override = entitlement.ProvenanceOverridden, entitlement.Source{}, o
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
		{plan.Basic, entitlement.Training, time.Time{}, m.Check(plan.Basic, entitlement.Training)},
		{plan.Business, entitlement.Phone, day(5).Add(-1), m.Check(plan.Business, entitlement.Phone)},
		{plan.Business, entitlement.Phone, day(5), over(plan.Business, phone)},
		{plan.Business, entitlement.Phone, day(15), m.Check(plan.Business, entitlement.Phone)},
		{plan.Business, entitlement.Ticket, day(12), m.Check(plan.Business, entitlement.Ticket)},
		{plan.Business, entitlement.IMGroup, day(12), m.Check(plan.Business, entitlement.IMGroup)},
		{plan.Business, entitlement.BusinessHealthCheck, day(30), m.Check(plan.Business, entitlement.BusinessHealthCheck)},
		{0, entitlement.Training, day(12), entitlement.Decision{Feature: entitlement.Training}},
		{plan.Basic, 0, day(12), entitlement.Decision{Plan: plan.Basic}},
	} {
		if got := c.CheckAt(x.p, x.f, x.at); got != x.want {
			t.Errorf("CheckAt(%v, %v, %v) = %+v, want %+v", x.p, x.f, x.at, got, x.want)
		}
	}
	var zero entitlement.Contract
	if got := zero.CheckAt(plan.Basic, entitlement.Phone, day(1)); got != m.Check(plan.Basic, entitlement.Phone) {
		t.Errorf("the zero contract says %v", got)
	}
}

func TestContractOn(t *testing.T) {
	m, err := entitlement.Published().With(plan.Basic, entitlement.Phone, true)
	if err != nil {
		t.Fatal(err)
	}
	c := mustContract(t, override("x", entitlement.Grant, entitlement.Training, days(1, 2)))
	on := c.On(m)
	if got, want := on.CheckAt(plan.Basic, entitlement.Phone, day(1)), m.Check(plan.Basic, entitlement.Phone); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	if c.CheckAt(plan.Basic, entitlement.Phone, day(1)).Included {
		t.Error("On modified its receiver")
	}
	if !on.CheckAt(plan.Basic, entitlement.Training, day(1)).Included {
		t.Error("On lost the overrides")
	}
}

func TestNewContractErrors(t *testing.T) {
	ok := override("ok", entitlement.Grant, entitlement.Phone, days(1, 5))
	many := make([]entitlement.Override, 1001)
	for i := range many {
		many[i] = override("x", entitlement.Grant, entitlement.Phone, days(i+1, i+2))
	}
	for _, c := range []struct {
		overrides []entitlement.Override
		want      error
		text      string
	}{
		{[]entitlement.Override{{}}, entitlement.ErrOverride, `entitlement: override "": its name is not 1 to 200 bytes of UTF-8: not an override`},
		{[]entitlement.Override{override(strings.Repeat("x", 201), 1, 1, days(1, 2))}, entitlement.ErrOverride,
			`entitlement: override "` + strings.Repeat("x", 64) + `"…: its name is not 1 to 200 bytes of UTF-8: not an override`},
		{[]entitlement.Override{override("\xff", 1, 1, days(1, 2))}, entitlement.ErrOverride, `entitlement: override "\xff": its name is not 1 to 200 bytes of UTF-8: not an override`},
		{[]entitlement.Override{ok, override("x", 4, 1, days(1, 2))}, entitlement.ErrUnknown, `entitlement: override "x": override kind OverrideKind(4): want grant, withhold or add-on: unknown value`},
		{[]entitlement.Override{override("x", 1, 0, days(1, 2))}, entitlement.ErrUnknown, `entitlement: override "x": feature Feature(0): want self-support, ticket, phone, im-group, case-handling, technical-account-manager, third-party-software, event-management, health-check, training, service-report, architecture-optimization, high-availability-optimization, stability-optimization, resources-optimization or business-health-check: unknown value`},
		{[]entitlement.Override{override("x", 1, 1, days(2, 2))}, calendar.ErrPeriod,
			`entitlement: override "x": calendar: period [2026-01-02T00:00:00Z, 2026-01-02T00:00:00Z): not a period`},
		{[]entitlement.Override{override("later", entitlement.AddOn, entitlement.Phone, days(4, 0)), ok}, entitlement.ErrOverlap,
			`entitlement: contract: grant "ok" of phone [2026-01-01T00:00:00Z, 2026-01-05T00:00:00Z) and ` +
				`add-on "later" of phone [2026-01-04T00:00:00Z, …): overrides overlap`},
		{many, entitlement.ErrOverride, "entitlement: contract: 1001 overrides are over the limit of 1000: not an override"},
	} {
		got, err := entitlement.NewContract(c.overrides...)
		if !errors.Is(err, c.want) || err.Error() != c.text {
			t.Errorf("%v\nwant %s", err, c.text)
		}
		if len(got.Overrides()) != 0 {
			t.Errorf("%v", got)
		}
	}
	mustContract(t, many[1:]...)
	mustContract(t, override(strings.Repeat("x", 200), 1, 1, days(1, 2)))
}

// Other features, and periods that only meet, do not overlap.
func TestNewContractNoOverlap(t *testing.T) {
	in := []entitlement.Override{
		override("c", entitlement.AddOn, entitlement.Training, days(1, 0)),
		override("b", entitlement.Withhold, entitlement.Phone, days(3, 5)),
		override("a", entitlement.Grant, entitlement.Phone, days(1, 3)),
	}
	c := mustContract(t, in...)
	if in[0].Name != "c" {
		t.Error("the caller's slice was sorted")
	}
	want := []entitlement.Override{in[2], in[1], in[0]}
	got := c.Overrides()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Overrides() (-want +got):\n%s", diff)
	}
	got[0].Kind = entitlement.Withhold
	if c.Overrides()[0].Kind != entitlement.Grant {
		t.Error("Overrides gave its own slice away")
	}
}

// Monotonic readings are stripped at the door.
func TestContractStripsMonotonic(t *testing.T) {
	now := time.Now()
	c := mustContract(t, override("x", entitlement.Grant, entitlement.Phone, calendar.Period{Start: now, End: now.Add(time.Hour)}))
	if got := c.Overrides()[0].Period; got.Start != now.Round(0) || got.End != now.Add(time.Hour).Round(0) {
		t.Errorf("%v", got)
	}
}

func TestOverrideIncludes(t *testing.T) {
	for k, want := range map[entitlement.OverrideKind]bool{0: false, entitlement.Grant: true, entitlement.Withhold: false, entitlement.AddOn: true, 4: false} {
		if got := (entitlement.Override{Kind: k}).Includes(); got != want {
			t.Errorf("%v: %t", k, got)
		}
	}
}

func TestNextChange(t *testing.T) {
	c := mustContract(t,
		override("a", entitlement.Grant, entitlement.Training, days(10, 20)),
		override("b", entitlement.AddOn, entitlement.IMGroup, days(15, 0)),
		override("c", entitlement.Withhold, entitlement.Phone, days(5, 12)),
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

// contracts are drawn with edges that meet, and sometimes no end.
var contracts = rapid.Custom(func(t *rapid.T) entitlement.Contract {
	var overrides []entitlement.Override
	for f := range entitlement.Features() {
		at := 1
		for n := rapid.IntRange(0, 2).Draw(t, "overrides"); n > 0; n-- {
			at += rapid.IntRange(0, 2).Draw(t, "gap")
			o := override(rapid.StringN(1, 20, 200).Draw(t, "name"), rapid.SampledFrom(entitlement.AllOverrideKinds()).Draw(t, "kind"), f, days(at, 0))
			at += rapid.IntRange(1, 3).Draw(t, "length")
			if n > 1 || rapid.Bool().Draw(t, "ends") {
				o.Period.End = day(at)
			}
			overrides = append(overrides, o)
		}
	}
	c, err := entitlement.NewContract(rapid.Permutation(overrides).Draw(t, "order")...)
	if err != nil {
		t.Fatal(err)
	}
	return c
})

// The slow and obvious answer: look at every override.
func TestCheckAtReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := contracts.Draw(t, "contract")
		p := rapid.SampledFrom(plan.All()).Draw(t, "plan")
		at := day(rapid.IntRange(0, 12).Draw(t, "day")).Add(time.Duration(rapid.IntRange(-1, 0).Draw(t, "edge")))
		next, changes := c.NextChange(at)
		for f := range entitlement.Features() {
			want := entitlement.Published().Check(p, f)
			for _, o := range c.Overrides() {
				if o.Feature == f && o.Period.Contains(at) {
					want.Included, want.Override = o.Kind != entitlement.Withhold, o
					want.Provenance, want.Source = entitlement.ProvenanceOverridden, entitlement.Source{}
				}
			}
			if got := c.CheckAt(p, f, at); got != want {
				t.Fatalf("CheckAt(%v, %v, %v) = %v, want %v", p, f, at, got, want)
			}
			until := day(1000)
			if changes {
				until = next.Add(-1)
			}
			if got := c.CheckAt(p, f, until); got != want {
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
	o := override("x", entitlement.AddOn, entitlement.Phone, calendar.Period{Start: day(1).In(lmt), End: day(2).In(time.FixedZone("", 3600))})
	js, err := json.Marshal(mustContract(t, o))
	want := `{"overrides":[{"name":"x","kind":"add-on","feature":"phone","start":"2026-01-01T00:00:00Z","end":"2026-01-02T01:00:00+01:00"}]}`
	if err != nil || string(js) != want {
		t.Errorf("%s, %v\nwant %s", js, err, want)
	}
	if js, err := json.Marshal(entitlement.Contract{}); err != nil || string(js) != `{"overrides":[]}` {
		t.Errorf("%s, %v", js, err)
	}
	var one entitlement.Override
	if err := json.Unmarshal([]byte(`{"name":"x","kind":"add-on","feature":"phone","start":"2026-01-01T00:00:00Z"}`), &one); err != nil ||
		one != override("x", entitlement.AddOn, entitlement.Phone, days(1, 0)) {
		t.Errorf("%v, %v", one, err)
	}
	before := one
	if err := one.UnmarshalJSON([]byte(`{}`)); !errors.Is(err, entitlement.ErrJSON) || one != before ||
		err.Error() != "entitlement: decode override: name: invalid JSON: field is missing" {
		t.Errorf("%v, %v", one, err)
	}
	if _, err := json.Marshal(entitlement.Override{}); !errors.Is(err, entitlement.ErrOverride) {
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
		{`{`, "invalid JSON: unexpected EOF", entitlement.ErrJSON},
		{`null`, "invalid JSON: want an object, not null", entitlement.ErrJSON},
		{`{}`, "overrides: invalid JSON: field is missing", entitlement.ErrJSON},
		{`{"overrides":null}`, "overrides: invalid JSON: want an array, not null", entitlement.ErrJSON},
		{`{"Overrides":[]}`, "overrides: invalid JSON: field is missing", entitlement.ErrJSON},
		{`{"overrides":[],"plan":"basic"}`, "plan: invalid JSON: unknown field", entitlement.ErrJSON},
		{wrap(good + "," + good), `entitlement: contract: grant "x" of phone [2026-01-01T00:00:00Z, 2026-02-01T00:00:00Z) and grant "x" of phone [2026-01-01T00:00:00Z, 2026-02-01T00:00:00Z): overrides overlap`, entitlement.ErrOverlap},
		{with(`"x"`, `""`), `overrides[0]: entitlement: override "": its name is not 1 to 200 bytes of UTF-8: not an override`, entitlement.ErrOverride},
		{with(`"grant"`, `"gift"`), `overrides[0].kind: override kind "gift": want grant, withhold or add-on: unknown value`, entitlement.ErrUnknown},
		{with(`"phone"`, `"fax"`), `overrides[0].feature: feature "fax": want self-support, ticket, phone, im-group, case-handling, technical-account-manager, third-party-software, event-management, health-check, training, service-report, architecture-optimization, high-availability-optimization, stability-optimization, resources-optimization or business-health-check: unknown value`, entitlement.ErrUnknown},
		{with(`"kind":"grant",`, ``), `overrides[0].kind: invalid JSON: field is missing`, entitlement.ErrJSON},
		{with(`"feature":"phone",`, ``), `overrides[0].feature: invalid JSON: field is missing`, entitlement.ErrJSON},
		{with(`"start":"2026-01-01T00:00:00Z",`, ``), `overrides[0].start: invalid JSON: field is missing`, entitlement.ErrJSON},
		{with(`"2026-01-01T00:00:00Z"`, `"yesterday"`), `overrides[0].start: invalid JSON: want an RFC 3339 time, not the string "yesterday"`, entitlement.ErrJSON},
		{with(`"2026-02-01T00:00:00Z"`, `"2026-01-01T00:00:00Z"`), `overrides[0]: entitlement: override "x": calendar: period [2026-01-01T00:00:00Z, 2026-01-01T00:00:00Z): not a period`, calendar.ErrPeriod},
		{with(`"2026-02-01T00:00:00Z"`, `"0001-01-01T00:00:00Z"`), `overrides[0].end: "0001-01-01T00:00:00Z": not a period`, calendar.ErrPeriod},
		{with(`"2026-02-01T00:00:00Z"`, `null`), `overrides[0].end: invalid JSON: want a string, not null`, entitlement.ErrJSON},
		{wrap(strings.Repeat(good+",", 1000) + good), `overrides: invalid JSON: 1001 items are over the limit of 1000`, entitlement.ErrJSON},
	} {
		contract := mustContract(t, override("before", entitlement.Grant, entitlement.Phone, days(1, 2)))
		err := contract.UnmarshalJSON([]byte(c.js))
		if !errors.Is(err, c.want) || err.Error() != "entitlement: decode contract: "+c.text {
			t.Errorf("%.100s: %v\nwant %s", c.js, err, c.text)
		}
		if contract.Overrides()[0].Name != "before" {
			t.Errorf("%.100s: changed", c.js)
		}
	}
}
