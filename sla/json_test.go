package sla_test

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
)

func TestCaseJSON(t *testing.T) {
	timeline := must(plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: opened}}))
	for _, c := range []struct {
		in   sla.Case
		want string
	}{
		{
			sla.Case{Plan: plan.Business, Severity: general, Opened: opened},
			`{"plan":"business","severity":"general","opened":"2026-03-02T09:00:00Z"}`,
		},
		{
			sla.Case{Timeline: &timeline, Severity: critical, Opened: opened, Events: []sla.Event{
				sla.Paused(after(-h)), sla.Assessed(after(0), general), sla.Reclassified(after(1), impaired), sla.Resumed(after(2)),
				sla.Responded(after(3)), sla.Closed(after(4)), sla.Reopened(after(5)),
			}},
			`{"timeline":{"subscriptions":[{"plan":"business","start":"2026-03-02T09:00:00Z"}]},"severity":"business-critical","opened":"2026-03-02T09:00:00Z","events":[` +
				`{"at":"2026-03-02T08:00:00Z","kind":"paused"},{"at":"2026-03-02T09:00:00Z","kind":"assessed","severity":"general"},` +
				`{"at":"2026-03-02T09:00:00.000000001Z","kind":"reclassified","severity":"system-impaired"},{"at":"2026-03-02T09:00:00.000000002Z","kind":"resumed"},` +
				`{"at":"2026-03-02T09:00:00.000000003Z","kind":"responded"},{"at":"2026-03-02T09:00:00.000000004Z","kind":"closed"},{"at":"2026-03-02T09:00:00.000000005Z","kind":"reopened"}]}`,
		},
		{
			sla.Case{Plan: plan.Basic, Severity: general, Opened: opened, Events: []sla.Event{sla.PlanChanged(after(h), plan.Enterprise)}},
			`{"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z","events":[{"at":"2026-03-02T10:00:00Z","kind":"plan-changed","plan":"enterprise"}]}`,
		},
	} {
		data, err := json.Marshal(c.in)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, string(data)); d != "" {
			t.Error(d)
		}
		var got sla.Case
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.in, got, compare); d != "" {
			t.Error(d)
		}
		for i, e := range c.in.Events {
			var f sla.Event
			if err := json.Unmarshal(must(json.Marshal(e)), &f); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(got.Events[i], f, compare); d != "" {
				t.Error(d)
			}
		}
	}

	const head = `{"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z"`
	many := head + `,"events":[` + strings.Repeat(`0,`, 100_000) + `0]}`
	for _, c := range []struct {
		in   string
		want error
		text string
	}{
		{`[]`, sla.ErrJSON, `invalid JSON: want an object, not an array`},
		{`{"severity":"general","opened":"2026-03-02T09:00:00Z"}`, plan.ErrUnknown, `Plan(0): unknown plan`},
		{`{"plan":"gold","severity":"general","opened":"2026-03-02T09:00:00Z"}`, plan.ErrUnknown, `plan: plan "gold": want basic, developer, business or enterprise: unknown plan`},
		{`{"plan":"basic","opened":"2026-03-02T09:00:00Z"}`, sla.ErrJSON, `severity: invalid JSON: field is missing`},
		{`{"plan":"basic","severity":"general"}`, sla.ErrJSON, `opened: invalid JSON: field is missing`},
		{`{"plan":"basic","severity":"general","opened":"0001-01-01T00:00:00Z"}`, sla.ErrTime, `opened at 0001-01-01T00:00:00Z: impossible time`},
		{`{"plan":"basic","timeline":{"subscriptions":[]},"severity":"general","opened":"2026-03-02T09:00:00Z"}`, sla.ErrCase, `basic: both a plan and a timeline`},
		{`{"timeline":{"subscriptions":[{"plan":"basic"}]},"severity":"general","opened":"2026-03-02T09:00:00Z"}`, sla.ErrJSON, ``},
		{`{"timeline":null,"severity":"general","opened":"2026-03-02T09:00:00Z"}`, sla.ErrJSON, ``},
		{head + `,"closed":true}`, sla.ErrJSON, `closed: invalid JSON: unknown field`},
		{head + `,"plan":"basic"}`, sla.ErrJSON, `invalid JSON: plan: field appears twice`},
		{head + `,"events":null}`, sla.ErrJSON, `events: invalid JSON: want an array, not null`},
		{head + `,"events":[{"kind":"paused"}]}`, sla.ErrJSON, `events[0].at: invalid JSON: field is missing`},
		{head + `,"events":[{"at":"2026-03-02T09:00:00Z"}]}`, sla.ErrJSON, `events[0].kind: invalid JSON: field is missing`},
		{head + `,"events":[{"at":"2026-03-02T09:00:00Z","kind":"deleted"}]}`, sla.ErrUnknownKind, `events[0].kind: kind "deleted": want assessed, reclassified, plan-changed, paused, resumed, responded, closed or reopened: unknown kind of event`},
		{head + `,"events":[{"at":"2026-03-02T09:00:00Z","kind":"assessed"}]}`, severity.ErrUnknown, `events[0]: assessed at 2026-03-02T09:00:00Z: unknown severity`},
		{head + `,"events":[{"at":"2026-03-02T09:00:00Z","kind":"paused","plan":"basic"}]}`, plan.ErrUnknown, `events[0]: paused basic at 2026-03-02T09:00:00Z: unknown plan`},
		{head + `,"events":[{"at":"2026-03-02T09:00:00Z","kind":"paused","by":"me"}]}`, sla.ErrJSON, `events[0].by: invalid JSON: unknown field`},
		{head + `,"events":[{"at":"2026-03-02T08:00:00Z","kind":"closed"}]}`, sla.ErrHistory, `events[0]: closed at 2026-03-02T08:00:00Z: before the opening: impossible history`},
		{many, sla.ErrJSON, `events: invalid JSON: 100001 items are over the limit of 100000`},
	} {
		got := sla.Case{Plan: plan.Developer}
		err := json.Unmarshal([]byte(c.in), &got)
		if !errors.Is(err, c.want) || c.text != "" && err.Error() != "sla: decode case: "+c.text {
			t.Errorf("%.200s:\n got %v\nwant sla: decode case: %s", c.in, err, c.text)
		}
		if d := cmp.Diff(sla.Case{Plan: plan.Developer}, got); d != "" {
			t.Errorf("%.200s: %s", c.in, d)
		}
	}
	if _, err := (sla.Case{}).MarshalJSON(); !errors.Is(err, plan.ErrUnknown) || err.Error() != "sla: marshal case: Plan(0): unknown plan" {
		t.Error(err)
	}
	if _, err := (sla.Event{}).MarshalJSON(); !errors.Is(err, sla.ErrUnknownKind) || err.Error() != "sla: marshal event: Kind(0) at 0001-01-01T00:00:00Z: unknown kind of event" {
		t.Error(err)
	}
	e := sla.Paused(opened)
	if err := json.Unmarshal([]byte(`{"at":"2026-03-02T09:00:00Z","kind":"assessed"}`), &e); !errors.Is(err, severity.ErrUnknown) || e != sla.Paused(opened) || !strings.HasPrefix(err.Error(), "sla: decode event: ") {
		t.Errorf("%v, %v", e, err)
	}
	// An event of 1900, when Berlin's offset had seconds once, keeps its instant.
	old := sla.Paused(time.Date(1880, 1, 1, 0, 0, 0, 0, mustZone("Europe/Berlin")))
	if err := json.Unmarshal(must(json.Marshal(old)), &e); err != nil || !e.At.Equal(old.At) {
		t.Errorf("%v, %v", e.At, err)
	}
	c := sla.Case{Plan: plan.Basic, Severity: general, Opened: old.At}
	var d sla.Case
	if err := json.Unmarshal(must(json.Marshal(c)), &d); err != nil || !d.Opened.Equal(c.Opened) {
		t.Errorf("%v, %v", d.Opened, err)
	}
}

func TestEventString(t *testing.T) {
	for want, e := range map[string]sla.Event{
		"paused at 2026-03-02T09:00:00Z":                     sla.Paused(opened),
		"assessed general at 2026-03-02T09:00:00Z":           sla.Assessed(opened, general),
		"reclassified general at 2026-03-02T09:00:00Z":       sla.Reclassified(opened, general),
		"plan-changed basic at 2026-03-02T09:00:00Z":         sla.PlanChanged(opened, plan.Basic),
		"Kind(0) at 0001-01-01T00:00:00Z":                    {},
		"resumed at 2026-03-02T10:00:00+01:00":               sla.Resumed(opened.In(mustZone("Europe/Berlin"))),
		"responded at 2026-03-02T09:00:00.000000001Z":        sla.Responded(opened.Add(1)),
		"closed Severity(9) Plan(9) at 2026-03-02T09:00:00Z": {At: opened, Kind: sla.KindClosed, Severity: 9, Plan: 9},
	} {
		if got := e.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Every token of every enumeration, in all its forms.
func TestEnums(t *testing.T) {
	testEnum(t, sla.AllKinds(), sla.ParseKind, sla.ErrUnknownKind, "Kind", "unknown kind of event",
		[]string{"assessed", "reclassified", "plan-changed", "paused", "resumed", "responded", "closed", "reopened"},
		[]sla.Kind{sla.KindAssessed, sla.KindReclassified, sla.KindPlanChanged, sla.KindPaused, sla.KindResumed, sla.KindResponded, sla.KindClosed, sla.KindReopened},
		(*sla.Kind).UnmarshalText, (*sla.Kind).Scan)
	testEnum(t, sla.AllPhases(), sla.ParsePhase, sla.ErrUnknownPhase, "Phase", "unknown phase",
		[]string{"running", "paused", "closed"},
		[]sla.Phase{sla.PhaseRunning, sla.PhasePaused, sla.PhaseClosed},
		(*sla.Phase).UnmarshalText, (*sla.Phase).Scan)
	testEnum(t, sla.AllOutcomes(), sla.ParseOutcome, sla.ErrUnknownOutcome, "Outcome", "unknown outcome",
		[]string{"pending", "met", "breached", "unanswered", "no-target"},
		[]sla.Outcome{sla.OutcomePending, sla.OutcomeMet, sla.OutcomeBreached, sla.OutcomeUnanswered, sla.OutcomeNoTarget},
		(*sla.Outcome).UnmarshalText, (*sla.Outcome).Scan)
	testEnum(t, sla.AllShares(), sla.ParseShare, sla.ErrUnknownShare, "Share", "unknown share",
		[]string{"counted", "paused", "closed", "answered", "superseded"},
		[]sla.Share{sla.ShareCounted, sla.SharePaused, sla.ShareClosed, sla.ShareAnswered, sla.ShareSuperseded},
		(*sla.Share).UnmarshalText, (*sla.Share).Scan)
	testEnum(t, sla.AllDifferences(), sla.ParseDifference, sla.ErrUnknownDifference, "Difference", "unknown difference",
		[]string{"gained", "lost", "faster", "slower", "incomparable"},
		[]sla.Difference{sla.Gained, sla.Lost, sla.Faster, sla.Slower, sla.Incomparable},
		(*sla.Difference).UnmarshalText, (*sla.Difference).Scan)

	for m, want := range map[sla.Measure]string{sla.FromOpening: "from-opening", sla.FromChange: "from-change", 2: "Measure(2)", 255: "Measure(255)"} {
		if got := m.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		data, err := m.MarshalText()
		if m > sla.FromChange {
			if !errors.Is(err, sla.ErrMeasure) || err.Error() != "sla: marshal "+want+": unknown measure" {
				t.Error(err)
			}
			continue
		}
		got := 1 - m
		if err := errors.Join(err, got.UnmarshalText(data)); err != nil || string(data) != want || got != m {
			t.Errorf("%q, %v, %v", data, got, err)
		}
	}
	measure := sla.FromChange
	if err := measure.UnmarshalText([]byte("From-Opening")); !errors.Is(err, sla.ErrMeasure) || err.Error() != `sla: parse "From-Opening": unknown measure` || measure != sla.FromChange {
		t.Errorf("%v, %v", measure, err)
	}
}

type enumeration interface {
	~uint8
	comparable
	fmt.Stringer
	IsValid() bool
	MarshalText() ([]byte, error)
	Value() (driver.Value, error)
}

func testEnum[E enumeration](t *testing.T, all []E, parse func(string) (E, error), unknown error, name, text string, tokens []string, values []E,
	unmarshal func(*E, []byte) error, scan func(*E, any) error) {
	t.Helper()
	if d := cmp.Diff(values, all); d != "" {
		t.Error(d)
	}
	for i := range 256 {
		e := E(i)
		valid := i >= 1 && i <= len(tokens)
		want := fmt.Sprintf("%s(%d)", name, i)
		if valid {
			want = tokens[i-1]
		}
		data, err := e.MarshalText()
		value, err2 := e.Value()
		if e.String() != want || e.IsValid() != valid || (err == nil) != valid || valid && string(data) != want || !valid && !errors.Is(err, unknown) || valid && value != want || (err2 == nil) != valid {
			t.Errorf("%s: %v, %v, %q, %v, %v, %v", name, e, e.IsValid(), data, err, value, err2)
		}
		if !valid {
			continue
		}
		if p, err := parse(strings.ToUpper(want)); p != e || err != nil {
			t.Errorf("%s: parse %q: %v, %v", name, want, p, err)
		}
		var a, b E
		if err := errors.Join(unmarshal(&a, data), scan(&b, want)); err != nil || a != e || b != e {
			t.Errorf("%s: %v, %v, %v", name, a, b, err)
		}
	}
	if _, err := parse("x"); !errors.Is(err, unknown) || !strings.Contains(err.Error(), ` "x": want `) || !strings.HasSuffix(err.Error(), ": "+text) {
		t.Errorf("%s: %v", name, err)
	}
	keep := all[0]
	if err := scan(&keep, nil); !errors.Is(err, unknown) || keep != all[0] {
		t.Errorf("%s: %v, %v", name, err, keep)
	}
}

func TestPolicyJSON(t *testing.T) {
	table := must(sla.Table{}.With(plan.Basic, general, sla.Target{Within: h})).WithEdition("mine")
	for _, c := range []struct {
		in   sla.Policy
		want string
	}{
		{sla.Policy{}, `{}`},
		{sla.Policy{OnReclassified: sla.FromChange}, `{"onReclassified":"from-change"}`},
		{sla.Policy{OnPlanChanged: sla.FromChange, NearestCovered: true}, `{"onPlanChanged":"from-change","nearestCovered":true}`},
		{sla.Policy{Table: &table, IgnorePauses: true}, `{"table":{"edition":"mine","targets":{"basic":{"general":{"within":"1h0m0s"}}}},"ignorePauses":true}`},
	} {
		data := must(json.Marshal(c.in))
		if d := cmp.Diff(c.want, string(data)); d != "" {
			t.Error(d)
		}
		var got sla.Policy
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.in, got); d != "" {
			t.Error(d)
		}
	}
	for _, c := range []struct {
		in   string
		want error
		text string
	}{
		{`{"onReclassified":"from-now"}`, sla.ErrMeasure, `onReclassified: sla: parse "from-now": unknown measure`},
		{`{"onPlanChanged":1}`, sla.ErrJSON, `onPlanChanged: invalid JSON: want a string, not the number "1"`},
		{`{"ignorePauses":null}`, sla.ErrJSON, `ignorePauses: invalid JSON: want true or false, not null`},
		{`{"nearestCovered":0}`, sla.ErrJSON, `nearestCovered: invalid JSON: want true or false, not the number "0"`},
		{`{"table":{"edition":"","targets":{"basic":{"general":{"within":"0s"}}}}}`, sla.ErrTarget, `table.targets.basic.general.within: "0s": not a target`},
		{`{"pauses":true}`, sla.ErrJSON, `pauses: invalid JSON: unknown field`},
	} {
		got := sla.Policy{IgnorePauses: true}
		if err := json.Unmarshal([]byte(c.in), &got); !errors.Is(err, c.want) || err.Error() != "sla: decode policy: "+c.text || got != (sla.Policy{IgnorePauses: true}) {
			t.Errorf("%s: %v", c.in, err)
		}
	}
	if _, err := (sla.Policy{OnPlanChanged: 7}).MarshalJSON(); !errors.Is(err, sla.ErrMeasure) || err.Error() != "sla: marshal policy: Measure(7): unknown measure" {
		t.Error(err)
	}
}

func TestStatusJSON(t *testing.T) {
	for _, c := range []struct {
		in   sla.Case
		now  time.Duration
		want string
	}{
		{
			sla.Case{Plan: plan.Basic, Severity: critical, Opened: opened}, 0,
			`{"at":"2026-03-02T09:00:00Z","phase":"running","outcome":"no-target","plan":"basic","submitted":"business-critical","severity":"business-critical",` +
				`"basis":{"plan":"basic","severity":"business-critical"},"elapsed":"0s","explanation":[]}`,
		},
		{
			sla.Case{Plan: plan.Business, Severity: impacted, Opened: opened}, 20 * m,
			`{"at":"2026-03-02T09:20:00Z","phase":"running","outcome":"pending","plan":"business","submitted":"production-impacted","severity":"production-impacted",` +
				`"basis":{"plan":"business","severity":"production-impacted","target":{"within":"30m0s"},"listed":"production-impacted"},` +
				`"elapsed":"20m0s","remaining":"10m0s","due":"2026-03-02T09:30:00Z","warnings":[{"percent":75,"at":"2026-03-02T09:22:30Z"},{"percent":90,"at":"2026-03-02T09:27:00Z"}],` +
				`"nextChange":"2026-03-02T09:22:30Z","explanation":[{"start":"2026-03-02T09:00:00Z","end":"2026-03-02T09:20:00Z","share":"counted","counted":"20m0s"}]}`,
		},
		{
			sla.Case{Plan: plan.Business, Severity: critical, Opened: opened, Events: []sla.Event{sla.Assessed(after(m), impacted), sla.Responded(after(h))}}, 2 * h,
			`{"at":"2026-03-02T11:00:00Z","phase":"running","outcome":"breached","plan":"business","submitted":"business-critical","assessed":"production-impacted","severity":"production-impacted",` +
				`"basis":{"plan":"business","severity":"production-impacted","target":{"within":"30m0s"},"listed":"production-impacted"},"elapsed":"1h0m0s","remaining":"-30m0s","due":"2026-03-02T09:30:00Z",` +
				`"responded":"2026-03-02T10:00:00Z","breach":{"at":"2026-03-02T09:30:00Z","basis":{"plan":"business","severity":"production-impacted","target":{"within":"30m0s"},"listed":"production-impacted"},"elapsed":"1h0m0s"},` +
				`"explanation":[{"start":"2026-03-02T09:00:00Z","end":"2026-03-02T10:00:00Z","share":"counted","counted":"1h0m0s"},{"start":"2026-03-02T10:00:00Z","end":"2026-03-02T11:00:00Z","share":"answered","counted":"0s"}]}`,
		},
	} {
		st := must(sla.Policy{}.Evaluate(c.in, c.in.Opened.Add(c.now)))
		if d := cmp.Diff(c.want, string(must(json.Marshal(st)))); d != "" {
			t.Error(d)
		}
	}
	if data, err := json.Marshal(sla.Status{}); !errors.Is(err, sla.ErrUnknownPhase) {
		t.Errorf("%s, %v", data, err)
	}
}
