package sla_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// opened is a Monday, at ten in the morning in Berlin.
var opened = at("2026-03-02T09:00:00Z")

// after returns the instant d after the opening.
func after(d time.Duration) time.Time { return opened.Add(d) }

const (
	m = time.Minute
	h = time.Hour
)

const (
	general  = severity.General
	impaired = severity.SystemImpaired
	impacted = severity.ProductionImpacted
	critical = severity.BusinessCritical
)

// show writes all of a status on one line, instants relative to the opening.
func show(p sla.Policy, status sla.Status) string {
	s := old(p, status)
	rel := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.Sub(opened).String()
	}
	basis := func(b oldBasis) string {
		out := fmt.Sprint(b.Plan, "/", b.Severity, " ", b.Target)
		if b.Listed != b.Severity {
			out += " of " + b.Listed.String()
		}
		return out
	}
	out := fmt.Sprintf("%v %v; %v/%v; by %v; elapsed %v left %v; due %v", s.Phase, s.Outcome, s.Plan, s.Severity, basis(s.Basis), s.Elapsed, s.Remaining, rel(s.Due))
	if s.Assessed != 0 || s.Submitted != s.Severity {
		out += fmt.Sprintf("; submitted %v assessed %v differs %v", s.Submitted, s.Assessed, status.SeverityDiffers())
	}
	if !s.Responded.IsZero() {
		out += "; answered " + rel(s.Responded)
	}
	if !s.Breach.At.IsZero() {
		out += "; breach " + rel(s.Breach.At) + " of " + basis(s.Breach.Basis)
	}
	for _, w := range s.Warnings {
		out += fmt.Sprintf("; %d%% %v", w.Percent, rel(w.At))
	}
	out += "; next " + rel(s.NextChange) + ";"
	for _, i := range s.Explanation {
		out += fmt.Sprintf(" %v %v-%v", i.Share, rel(i.Start), rel(i.End))
		if i.Counted != i.End.Sub(i.Start) && i.Share == shareCounted || i.Counted != 0 && i.Share != shareCounted {
			out += fmt.Sprintf(" (%v)", i.Counted)
		}
	}
	out = strings.NewReplacer("h0m0s", "h", "m0s", "m").Replace(out)
	return out
}

// A step is a status at an instant.
type step struct {
	now  time.Duration
	want string
}

func check(t *testing.T, p sla.Policy, c sla.Case, steps ...step) {
	t.Helper()
	if c.Opened.IsZero() {
		c.Opened = opened
	}
	for _, s := range steps {
		st, err := p.Evaluate(c, c.Opened.Add(s.now))
		if err != nil {
			t.Errorf("at %v: %v", s.now, err)
			continue
		}
		if !st.At.Equal(c.Opened.Add(s.now)) {
			t.Errorf("at %v: the status is of %v", s.now, st.At)
		}
		if d := cmp.Diff(s.want, show(p, st)); d != "" {
			t.Errorf("at %v:\n got %s\nwant %s", s.now, show(p, st), s.want)
		}
	}
}

// The zero policy: published targets, around the clock, from the opening.
func TestZeroPolicy(t *testing.T) {
	check(t, sla.Published(), sla.Case{Plan: plan.Business, Severity: general},
		step{0, "running pending; business/general; by business/general < 16h; elapsed 0s left 16h; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h;"},
		step{4 * h, "running pending; business/general; by business/general < 16h; elapsed 4h left 12h; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-4h"},
		step{8 * h, "running pending; business/general; by business/general < 16h; elapsed 8h left 8h; due 16h; 75% 12h; 90% 14h24m; next 12h; counted 0s-8h"},
		step{16*h - 1, "running pending; business/general; by business/general < 16h; elapsed 15h59m59.999999999s left 1ns; due 16h; next 16h; counted 0s-15h59m59.999999999s"},
		step{16 * h, "running breached; business/general; by business/general < 16h; elapsed 16h left 0s; due 16h; breach 16h of business/general < 16h; next -; counted 0s-16h"},
		step{20 * h, "running breached; business/general; by business/general < 16h; elapsed 20h left -4h; due 16h; breach 16h of business/general < 16h; next -; counted 0s-20h"},
	)
}

// A response at exactly the due instant is a breach, and so is a look.
func TestD1InTheClock(t *testing.T) {
	for _, r := range []time.Duration{0, 30*m - 1, 30 * m, 30*m + 1} {
		c := sla.Case{Plan: plan.Business, Severity: impacted, Opened: opened, Events: []sla.Event{sla.Responded(after(r))}}
		st := must(sla.Published().Evaluate(c, after(h)))
		want := clock.OutcomeMet
		if r >= 30*m {
			want = clock.OutcomeBreached
		}
		if st.FirstResponse.Outcome != want || !st.Responded.Equal(after(r)) || st.FirstResponse.Elapsed != r || st.FirstResponse.Remaining != 30*m-r || !st.FirstResponse.Due.Equal(after(30*m)) {
			t.Errorf("answered after %v: %s", r, show(sla.Published(), st))
		}
		if want == clock.OutcomeBreached && !st.FirstResponse.Breach.At.Equal(after(30*m)) {
			t.Errorf("answered after %v: breached at %v", r, st.FirstResponse.Breach.At)
		}
	}
}

func TestD2InTheClock(t *testing.T) {
	c := sla.Case{Plan: plan.Basic, Severity: critical}
	check(t, sla.Published(), c, step{h, "running no-target; basic/business-critical; by basic/business-critical no target of Severity(0); elapsed 1h left 0s; due -; next -; counted 0s-1h"})
	check(t, sla.Policy{Table: sla.Published().Table, NearestCovered: true}, c, step{h, "running pending; basic/business-critical; by basic/business-critical < 16h of general; elapsed 1h left 15h; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-1h"})
	c.Plan = plan.Enterprise
	check(t, sla.Policy{Table: sla.Published().Table, NearestCovered: true}, c, step{0, "running pending; enterprise/business-critical; by enterprise/business-critical < 15m; elapsed 0s left 15m; due 15m; 50% 7m30s; 75% 11m15s; 90% 13m30s; next 7m30s;"})
	bare := must(sla.Published().Table.With("bare", sla.Cell{Plan: plan.Basic, Severity: general}))
	c.Plan = plan.Basic
	check(t, sla.Policy{NearestCovered: true, Table: bare}, c, step{h, "running no-target; basic/business-critical; by basic/business-critical no target of Severity(0); elapsed 1h left 0s; due -; next -; counted 0s-1h"})
	// Answered or closed, there is still no target.
	c.Events = []sla.Event{sla.Responded(after(h)), sla.Closed(after(2 * h))}
	check(t, sla.Published(), c, step{h, "running no-target; basic/business-critical; by basic/business-critical no target of Severity(0); elapsed 1h left 0s; due -; answered 1h; next -; counted 0s-1h"}, step{3 * h, "closed no-target; basic/business-critical; by basic/business-critical no target of Severity(0); elapsed 1h left 0s; due -; answered 1h; next -; counted 0s-1h answered 1h-3h"})
}

// D3: the submitted severity stands until somebody assesses the case; then the
// assessed one does, from the opening on.
func TestD3(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted, Events: []sla.Event{sla.Assessed(after(10*m), general)}}
	check(t, sla.Published(), c, step{9 * m, "running pending; business/production-impacted; by business/production-impacted < 30m; elapsed 9m left 21m; due 30m; 50% 15m; 75% 22m30s; 90% 27m; next 15m; counted 0s-9m"}, step{10 * m, "running pending; business/general; by business/general < 16h; elapsed 10m left 15h50m; due 16h; submitted production-impacted assessed general differs true; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-10m"}, step{h, "running pending; business/general; by business/general < 16h; elapsed 1h left 15h; due 16h; submitted production-impacted assessed general differs true; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-1h"})
	// The same severity: assessed, and nothing differs.
	c.Events = []sla.Event{sla.Assessed(after(10*m), impacted)}
	check(t, sla.Published(), c, step{10 * m, "running pending; business/production-impacted; by business/production-impacted < 30m; elapsed 10m left 20m; due 30m; submitted production-impacted assessed production-impacted differs false; 50% 15m; 75% 22m30s; 90% 27m; next 15m; counted 0s-10m"})
}

// The last assessment rules.
func TestLastAssessmentRules(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted}
	c.Events = []sla.Event{sla.Assessed(after(10*m), general), sla.Assessed(after(20*m), impaired)}
	check(t, sla.Published(), c, step{20 * m, "running pending; business/system-impaired; by business/system-impaired < 8h; elapsed 20m left 7h40m; due 8h; submitted production-impacted assessed system-impaired differs true; 50% 4h; 75% 6h; 90% 7h12m; next 4h; counted 0s-20m"})
}

// An assessment leaves reclassifications standing, be they before it or after.
func TestAssessmentLeavesReclassifications(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted}
	c.Events = []sla.Event{sla.Reclassified(after(5*m), impaired), sla.Assessed(after(10*m), general)}
	check(t, sla.Published(), c, step{10 * m, "running pending; business/system-impaired; by business/system-impaired < 8h; elapsed 10m left 7h50m; due 8h; submitted production-impacted assessed general differs true; 50% 4h; 75% 6h; 90% 7h12m; next 4h; counted 0s-10m"})
	c.Events = []sla.Event{sla.Assessed(after(5*m), general), sla.Reclassified(after(10*m), impaired)}
	check(t, sla.Published(), c, step{10 * m, "running pending; business/system-impaired; by business/system-impaired < 8h; elapsed 10m left 7h50m; due 8h; submitted production-impacted assessed general differs true; 50% 4h; 75% 6h; 90% 7h12m; next 4h; counted 0s-10m"})
}

// An assessment removes the ground of a breach, even after the response and the
// closing.
func TestAssessmentRemovesGround(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted}
	c.Events = []sla.Event{sla.Responded(after(h)), sla.Closed(after(2 * h)), sla.Assessed(after(3*h), general)}
	check(t, sla.Published(), c, step{2 * h, "closed breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 30m; answered 1h; breach 30m of business/production-impacted < 30m; next -; counted 0s-1h answered 1h-2h"}, step{3 * h, "closed met; business/general; by business/general < 16h; elapsed 1h left 15h; due 16h; submitted production-impacted assessed general differs true; answered 1h; next -; counted 0s-1h answered 1h-3h"})
	// Or makes one, in the past.
	c.Severity = general
	c.Events = []sla.Event{sla.Responded(after(h)), sla.Assessed(after(3*h), impacted)}
	check(t, sla.Published(), c, step{2 * h, "running met; business/general; by business/general < 16h; elapsed 1h left 15h; due 16h; answered 1h; next -; counted 0s-1h answered 1h-2h"}, step{3 * h, "running breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 30m; submitted general assessed production-impacted differs true; answered 1h; breach 30m of business/production-impacted < 30m; next -; counted 0s-1h answered 1h-3h"})
}

// An assessment is no change: the clock does not start anew.
func TestAssessmentIsNoChange(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general}
	c.Events = []sla.Event{sla.Assessed(after(h), impaired)}
	check(t, sla.Policy{Table: sla.Published().Table, OnReclassified: clock.MeasureRestart}, c, step{2 * h, "running pending; business/system-impaired; by business/system-impaired < 8h; elapsed 2h left 6h; due 8h; submitted general assessed system-impaired differs true; 50% 4h; 75% 6h; 90% 7h12m; next 4h; counted 0s-2h"})
	// A reclassification to what it was assessed as changes nothing.
	c.Events = []sla.Event{sla.Reclassified(after(h), impaired), sla.Assessed(after(2*h), impaired)}
	check(t, sla.Policy{Table: sla.Published().Table, OnReclassified: clock.MeasureRestart}, c, step{90 * m, "running pending; business/system-impaired; by business/system-impaired < 8h; elapsed 30m left 7h30m; due 9h; submitted general assessed Severity(0) differs false; 50% 5h; 75% 7h; 90% 8h12m; next 5h; superseded 0s-1h counted 1h-1h30m"}, step{2 * h, "running pending; business/system-impaired; by business/system-impaired < 8h; elapsed 2h left 6h; due 8h; submitted general assessed system-impaired differs true; 50% 4h; 75% 6h; 90% 7h12m; next 4h; counted 0s-2h"})
}

// D4: a change while the case is open is measured from the opening, or from
// the moment of change.
func TestD4(t *testing.T) {
	fromChange := sla.Policy{Table: sla.Published().Table, OnReclassified: clock.MeasureRestart}
	raise := sla.Case{Plan: plan.Business, Severity: general, Events: []sla.Event{sla.Reclassified(after(h), impaired)}}
	check(t, sla.Published(), raise, step{h, "running pending; business/system-impaired; by business/system-impaired < 8h; elapsed 1h left 7h; due 8h; submitted general assessed Severity(0) differs false; 50% 4h; 75% 6h; 90% 7h12m; next 4h; counted 0s-1h"}, step{8 * h, "running breached; business/system-impaired; by business/system-impaired < 8h; elapsed 8h left 0s; due 8h; submitted general assessed Severity(0) differs false; breach 8h of business/system-impaired < 8h; next -; counted 0s-8h"})
	check(t, fromChange, raise, step{h, "running pending; business/system-impaired; by business/system-impaired < 8h; elapsed 0s left 8h; due 9h; submitted general assessed Severity(0) differs false; 50% 5h; 75% 7h; 90% 8h12m; next 5h; superseded 0s-1h"}, step{9 * h, "running breached; business/system-impaired; by business/system-impaired < 8h; elapsed 8h left 0s; due 9h; submitted general assessed Severity(0) differs false; breach 9h of business/system-impaired < 8h; next -; superseded 0s-1h counted 1h-9h"})
	// A plan's change is not a reclassification.
	check(t, sla.Policy{Table: sla.Published().Table, OnPlanChanged: clock.MeasureRestart}, raise, step{h, "running pending; business/system-impaired; by business/system-impaired < 8h; elapsed 1h left 7h; due 8h; submitted general assessed Severity(0) differs false; 50% 4h; 75% 6h; 90% 7h12m; next 4h; counted 0s-1h"})
	lower := sla.Case{Plan: plan.Business, Severity: impaired, Events: []sla.Event{sla.Reclassified(after(h), general)}}
	check(t, sla.Published(), lower, step{h, "running pending; business/general; by business/general < 16h; elapsed 1h left 15h; due 16h; submitted system-impaired assessed Severity(0) differs false; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-1h"})
	check(t, fromChange, lower, step{h, "running pending; business/general; by business/general < 16h; elapsed 0s left 16h; due 17h; submitted system-impaired assessed Severity(0) differs false; 50% 9h; 75% 13h; 90% 15h24m; next 9h; superseded 0s-1h"})
	// To the severity that it has, nothing changes.
	same := sla.Case{Plan: plan.Business, Severity: general, Events: []sla.Event{sla.Reclassified(after(h), general)}}
	check(t, fromChange, same, step{2 * h, "running pending; business/general; by business/general < 16h; elapsed 2h left 14h; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-2h"})
}

// A raise cannot breach in the past.
func TestRaiseCannotBreachInThePast(t *testing.T) {
	fromChange := sla.Policy{Table: sla.Published().Table, OnReclassified: clock.MeasureRestart}
	late := sla.Case{Plan: plan.Business, Severity: general, Events: []sla.Event{sla.Reclassified(after(h), impacted)}}
	check(t, sla.Published(), late, step{h - 1, "running pending; business/general; by business/general < 16h; elapsed 59m59.999999999s left 15h0m0.000000001s; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-59m59.999999999s"}, step{h, "running breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 30m; submitted general assessed Severity(0) differs false; breach 1h of business/production-impacted < 30m; next -; counted 0s-1h"}, step{2 * h, "running breached; business/production-impacted; by business/production-impacted < 30m; elapsed 2h left -1h30m; due 30m; submitted general assessed Severity(0) differs false; breach 1h of business/production-impacted < 30m; next -; counted 0s-2h"})
	check(t, fromChange, late, step{h, "running pending; business/production-impacted; by business/production-impacted < 30m; elapsed 0s left 30m; due 1h30m; submitted general assessed Severity(0) differs false; 50% 1h15m; 75% 1h22m30s; 90% 1h27m; next 1h15m; superseded 0s-1h"}, step{2 * h, "running breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 1h30m; submitted general assessed Severity(0) differs false; breach 1h30m of business/production-impacted < 30m; next -; superseded 0s-1h counted 1h-2h"})
	// Nor does a lowering mend: the breach stays.
	late.Events = append(late.Events, sla.Reclassified(after(2*h), general), sla.Responded(after(3*h)))
	check(t, sla.Published(), late, step{2 * h, "running breached; business/general; by business/general < 16h; elapsed 2h left 14h; due 16h; breach 1h of business/production-impacted < 30m; next -; counted 0s-2h"}, step{4 * h, "running breached; business/general; by business/general < 16h; elapsed 3h left 13h; due 16h; answered 3h; breach 1h of business/production-impacted < 30m; next -; counted 0s-3h answered 3h-4h"})
}

// Lowered at the very instant at which it is due: too late.
func TestLoweredTooLate(t *testing.T) {
	fromChange := sla.Policy{Table: sla.Published().Table, OnReclassified: clock.MeasureRestart}
	edge := sla.Case{Plan: plan.Business, Severity: impacted, Events: []sla.Event{sla.Reclassified(after(30*m), general)}}
	check(t, sla.Published(), edge, step{30 * m, "running breached; business/general; by business/general < 16h; elapsed 30m left 15h30m; due 16h; submitted production-impacted assessed Severity(0) differs false; breach 30m of business/production-impacted < 30m; next -; counted 0s-30m"})
	check(t, fromChange, edge, step{30 * m, "running breached; business/general; by business/general < 16h; elapsed 0s left 16h; due 16h30m; submitted production-impacted assessed Severity(0) differs false; breach 30m of business/production-impacted < 30m; next -; superseded 0s-30m"})
}

// After the response the severity goes on changing, what it is measured by does not.
func TestResponseFixesTheBasis(t *testing.T) {
	fromChange := sla.Policy{Table: sla.Published().Table, OnReclassified: clock.MeasureRestart}
	done := sla.Case{Plan: plan.Business, Severity: general, Events: []sla.Event{sla.Responded(after(h)), sla.Reclassified(after(2*h), impacted)}}
	check(t, sla.Published(), done, step{3 * h, "running met; business/production-impacted; by business/general < 16h; elapsed 1h left 15h; due 16h; submitted general assessed Severity(0) differs false; answered 1h; next -; counted 0s-1h answered 1h-3h"})
	check(t, fromChange, done, step{3 * h, "running met; business/production-impacted; by business/general < 16h; elapsed 1h left 15h; due 16h; submitted general assessed Severity(0) differs false; answered 1h; next -; counted 0s-1h answered 1h-3h"})
	// Two changes, a pause between.
	twice := sla.Case{Plan: plan.Business, Severity: general, Events: []sla.Event{
		sla.Reclassified(after(h), impaired), paused(after(2 * h)), resumed(after(3 * h)), sla.Reclassified(after(4*h), impacted),
	}}
	check(t, fromChange, twice, step{4*h + m, "running pending; business/production-impacted; by business/production-impacted < 30m; elapsed 1m left 29m; due 4h30m; submitted general assessed Severity(0) differs false; 50% 4h15m; 75% 4h22m30s; 90% 4h27m; next 4h15m; superseded 0s-1h superseded 1h-2h paused 2h-3h superseded 3h-4h counted 4h-4h1m"})
}

// D14: the clock starts at submission, runs around the clock unless the caller
// says otherwise, and the first response stops it.
func TestD14(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general, Events: []sla.Event{
		sla.Responded(after(h)), sla.Responded(after(2 * h)), paused(after(3 * h)), resumed(after(4 * h)), sla.Closed(after(5 * h)),
	}}
	check(t, sla.Published(), c, step{h, "running met; business/general; by business/general < 16h; elapsed 1h left 15h; due 16h; answered 1h; next -; counted 0s-1h"}, step{3 * h, "paused met; business/general; by business/general < 16h; elapsed 1h left 15h; due 16h; answered 1h; next -; counted 0s-1h answered 1h-3h"}, step{100 * h, "closed met; business/general; by business/general < 16h; elapsed 1h left 15h; due 16h; answered 1h; next -; counted 0s-1h answered 1h-100h"})
	table := must(sla.Published().Table.With("x", answerIn(plan.Business, general, clock.Target{Within: 12 * h, Calendar: office})))
	c.Events = nil
	check(t, sla.Policy{Table: table}, c, step{9 * h, "running pending; business/general; by business/general < 12h of open time; elapsed 8h left 4h; due 26h; 75% 23h; 90% 24h48m; next 23h; counted 0s-9h (8h)"}, step{24 * h, "running pending; business/general; by business/general < 12h of open time; elapsed 10h left 2h; due 26h; 90% 24h48m; next 24h48m; counted 0s-24h (10h)"}, step{28 * h, "running breached; business/general; by business/general < 12h of open time; elapsed 14h left -2h; due 26h; breach 26h of business/general < 12h of open time; next -; counted 0s-28h (14h)"})
}

func TestPlanChanges(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general, Events: []sla.Event{sla.PlanChanged(after(h), plan.Enterprise)}}
	check(t, sla.Published(), c, step{h - 1, "running pending; business/general; by business/general < 16h; elapsed 59m59.999999999s left 15h0m0.000000001s; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-59m59.999999999s"}, step{2 * h, "running pending; enterprise/general; by enterprise/general < 8h; elapsed 2h left 6h; due 8h; 50% 4h; 75% 6h; 90% 7h12m; next 4h; counted 0s-2h"})
	check(t, sla.Policy{Table: sla.Published().Table, OnPlanChanged: clock.MeasureRestart}, c, step{2 * h, "running pending; enterprise/general; by enterprise/general < 8h; elapsed 1h left 7h; due 9h; 50% 5h; 75% 7h; 90% 8h12m; next 5h; superseded 0s-1h counted 1h-2h"})
	check(t, sla.Policy{Table: sla.Published().Table, OnReclassified: clock.MeasureRestart}, c, step{2 * h, "running pending; enterprise/general; by enterprise/general < 8h; elapsed 2h left 6h; due 8h; 50% 4h; 75% 6h; 90% 7h12m; next 4h; counted 0s-2h"})
	c.Events[0].Plan = plan.Business // no change
	check(t, sla.Policy{Table: sla.Published().Table, OnPlanChanged: clock.MeasureRestart}, c, step{2 * h, "running pending; business/general; by business/general < 16h; elapsed 2h left 14h; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-2h"})
	// To a plan without a target.
	c.Severity = impacted
	c.Events[0] = sla.PlanChanged(after(10*m), plan.Developer)
	check(t, sla.Published(), c, step{10 * m, "running no-target; developer/production-impacted; by developer/production-impacted no target of Severity(0); elapsed 10m left 0s; due -; next -; counted 0s-10m"}, step{h, "running no-target; developer/production-impacted; by developer/production-impacted no target of Severity(0); elapsed 1h left 0s; due -; next -; counted 0s-1h"})
}

// A retroactive change of the plan measures the case by the new plan from its
// opening, and the last one rules.
func TestRetroactivePlan(t *testing.T) {
	p := sla.Policy{Table: sla.Published().Table, OnPlanChanged: clock.MeasureRetroactive}
	c := sla.Case{Plan: plan.Basic, Severity: impaired, Opened: opened, Events: []sla.Event{sla.PlanChanged(after(h), plan.Developer), sla.PlanChanged(after(5*h), plan.Enterprise)}}
	timeline := must(must(plan.Timeline{}.From(after(h), plan.Developer)).From(after(5*h), plan.Enterprise))
	for now, want := range map[time.Duration]struct {
		plan   plan.Plan
		target time.Duration
		breach time.Time
	}{
		h - 1: {plan: plan.Basic}, h: {plan: plan.Developer, target: 8 * h}, 5*h - 1: {plan: plan.Developer, target: 8 * h},
		5 * h: {plan: plan.Enterprise, target: 4 * h, breach: after(4 * h)},
	} {
		for _, c := range []sla.Case{c, {Timeline: &timeline, Severity: impaired, Opened: opened}} {
			st := must(p.Evaluate(c, after(now)))
			r := st.FirstResponse
			if st.Plan != want.plan || r.Target.Within != want.target || !r.Breach.At.Equal(want.breach) || r.Elapsed != now {
				t.Errorf("after %v: %v, %v, breach %v, elapsed %v", now, st.Plan, r.Target, r.Breach.At, r.Elapsed)
			}
		}
	}
}

// A retroactive reclassification measures the case by the new severity from its
// opening, and the last one rules.
func TestRetroactiveSeverity(t *testing.T) {
	p := sla.Policy{Table: sla.Published().Table, OnReclassified: clock.MeasureRetroactive}
	c := sla.Case{Plan: plan.Business, Severity: general, Opened: opened, Events: []sla.Event{sla.Reclassified(after(h), impacted), sla.Reclassified(after(5*h), impaired)}}
	for now, want := range map[time.Duration]struct {
		severity severity.Severity
		target   time.Duration
		breach   time.Time
	}{
		h - 1:   {general, 16 * h, time.Time{}},
		h:       {impacted, 30 * m, after(30 * m)},
		5*h - 1: {impacted, 30 * m, after(30 * m)},
		5 * h:   {impaired, 8 * h, time.Time{}},
	} {
		st := must(p.Evaluate(c, after(now)))
		r := st.FirstResponse
		if st.Severity != want.severity || r.Target.Within != want.target || !r.Breach.At.Equal(want.breach) || r.Elapsed != now {
			t.Errorf("after %v: %v, %v, breach %v, elapsed %v", now, st.Severity, r.Target, r.Breach.At, r.Elapsed)
		}
	}
}

// What is not valid is neither written nor read.
func TestInvalidJSON(t *testing.T) {
	measure, conventions := sla.Published(), sla.Published()
	measure.OnPlanChanged = "soon"
	conventions.Conventions.Warnings = []int{50, 50}
	for want, v := range map[string]json.Marshaler{
		"sla: marshal policy: table: has no edition":                          sla.Policy{},
		`sla: marshal policy: onPlanChanged: "soon": unknown measure`:         measure,
		"sla: marshal policy: conventions.warnings[1]: 50: want rising":       conventions,
		"sla: marshal event: severity: general of an event closed: want none": sla.Event{At: opened, Kind: sla.KindClosed, Severity: general},
	} {
		if data, err := v.MarshalJSON(); !errors.Is(err, sla.ErrInvalid) || !strings.HasPrefix(err.Error(), want) || data != nil {
			t.Errorf("%s, %v; want %s", data, err, want)
		}
	}
	for in, want := range map[string]string{
		`{"at":"2026-03-02T10:00:00Z","kind":"closed","severity":"general"}`:                `severity: general of an event closed: want none`,
		`{"at":"2026-03-02T10:00:00Z","kind":"paused","plan":"basic"}`:                      `plan: basic of an event paused: want none`,
		`{"at":"2026-03-02T10:00:00Z","kind":"assessed","severity":"general","reason":"x"}`: `reason: "x" of an event assessed: want none`,
		`{"at":"2026-03-02T10:00:00Z","kind":"retargeted"}`:                                 `kind: "retargeted": unknown kind of event`,
	} {
		var e sla.Event
		if err := json.Unmarshal([]byte(in), &e); !errors.Is(err, sla.ErrInvalid) || !strings.Contains(err.Error(), ": "+want) || e != (sla.Event{}) {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}

func TestTimeline(t *testing.T) {
	timeline := must(plan.NewTimeline(
		plan.Subscription{Plan: plan.Enterprise, Period: calendar.Period{Start: after(h), End: after(2 * h)}},
		plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: after(2 * h), End: after(72 * h)}},
	))
	c := sla.Case{Timeline: &timeline, Severity: general}
	check(t, sla.Published(), c, step{0, "running pending; basic/general; by basic/general < 16h; elapsed 0s left 16h; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 1h;"}, step{h, "running pending; enterprise/general; by enterprise/general < 8h; elapsed 1h left 7h; due 8h; 50% 4h; 75% 6h; 90% 7h12m; next 2h; counted 0s-1h"}, step{2 * h, "running pending; business/general; by business/general < 16h; elapsed 2h left 14h; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-2h"}, step{16 * h, "running breached; business/general; by business/general < 16h; elapsed 16h left 0s; due 16h; breach 16h of business/general < 16h; next 72h; counted 0s-16h"}, step{72 * h, "running breached; basic/general; by basic/general < 16h; elapsed 72h left -56h; due 16h; breach 16h of business/general < 16h; next -; counted 0s-72h"})
	// Its change comes before the events of the same instant.
	c.Events = []sla.Event{sla.Responded(after(h))}
	check(t, sla.Published(), c, step{90 * m, "running met; enterprise/general; by enterprise/general < 8h; elapsed 1h left 7h; due 8h; answered 1h; next 2h; counted 0s-1h answered 1h-1h30m"})
	c.Severity = critical
	c.Events = []sla.Event{sla.Responded(after(h))}
	check(t, sla.Published(), c, step{90 * m, "running breached; enterprise/business-critical; by enterprise/business-critical < 15m; elapsed 1h left -45m; due 15m; answered 1h; breach 1h of enterprise/business-critical < 15m; next 2h; counted 0s-1h answered 1h-1h30m"})
	c.Events = nil
	check(t, sla.Policy{Table: sla.Published().Table, OnPlanChanged: clock.MeasureRestart}, c, step{h, "running pending; enterprise/business-critical; by enterprise/business-critical < 15m; elapsed 0s left 15m; due 1h15m; 50% 1h7m30s; 75% 1h11m15s; 90% 1h13m30s; next 1h7m30s; superseded 0s-1h"}, step{h + 15*m, "running breached; enterprise/business-critical; by enterprise/business-critical < 15m; elapsed 15m left 0s; due 1h15m; breach 1h15m of enterprise/business-critical < 15m; next 2h; superseded 0s-1h counted 1h-1h15m"})
	// It breaches as any other change does, and not while the case is closed.
	st := must(sla.Published().Evaluate(sla.Case{Timeline: &timeline, Severity: critical, Opened: opened}, after(90*m)))
	if st.FirstResponse.Outcome != clock.OutcomeBreached || !st.FirstResponse.Breach.At.Equal(after(h)) || old(sla.Published(), st).Breach.Basis.Plan != plan.Enterprise {
		t.Error(show(sla.Published(), st))
	}
	st = must(sla.Published().Evaluate(sla.Case{Timeline: &timeline, Severity: critical, Opened: opened, Events: []sla.Event{sla.Closed(after(30 * m))}}, after(90*m)))
	if st.FirstResponse.Outcome != clock.OutcomeUnanswered || st.Plan != plan.Enterprise {
		t.Error(show(sla.Published(), st))
	}
	// The plan at the opening, in mid-subscription.
	c = sla.Case{Timeline: &timeline, Severity: general, Opened: after(70 * h)}
	st = must(sla.Published().Evaluate(c, after(71*h)))
	if st.Plan != plan.Business || !st.NextChange.Equal(after(72*h)) || !st.FirstResponse.Due.Equal(after(86*h)) {
		t.Error(show(sla.Published(), st))
	}
}

func TestPauses(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general, Events: []sla.Event{paused(after(h)), resumed(after(3 * h))}}
	check(t, sla.Published(), c, step{h, "paused pending; business/general; by business/general < 16h; elapsed 1h left 15h; due -; next -; counted 0s-1h"}, step{2 * h, "paused pending; business/general; by business/general < 16h; elapsed 1h left 15h; due -; next -; counted 0s-1h paused 1h-2h"}, step{3 * h, "running pending; business/general; by business/general < 16h; elapsed 1h left 15h; due 18h; 50% 10h; 75% 14h; 90% 16h24m; next 10h; counted 0s-1h paused 1h-3h"}, step{4 * h, "running pending; business/general; by business/general < 16h; elapsed 2h left 14h; due 18h; 50% 10h; 75% 14h; 90% 16h24m; next 10h; counted 0s-1h paused 1h-3h counted 3h-4h"})
	check(t, sla.Policy{Table: sla.Published().Table, Conventions: countingPauses}, c, step{2 * h, "running pending; business/general; by business/general < 16h; elapsed 2h left 14h; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-2h"}, step{4 * h, "running pending; business/general; by business/general < 16h; elapsed 4h left 12h; due 16h; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-4h"})
}

// Paused at the very instant at which it is due: too late.
func TestPausedTooLate(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted, Events: []sla.Event{paused(after(30 * m))}}
	check(t, sla.Published(), c, step{30 * m, "paused breached; business/production-impacted; by business/production-impacted < 30m; elapsed 30m left 0s; due 30m; breach 30m of business/production-impacted < 30m; next -; counted 0s-30m"}, step{h, "paused breached; business/production-impacted; by business/production-impacted < 30m; elapsed 30m left 0s; due 30m; breach 30m of business/production-impacted < 30m; next -; counted 0s-30m paused 30m-1h"})
}

// A pause that began before the opening starts with it; one that ended before
// does not count.
func TestPauseBeforeTheOpening(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted}
	c.Events = []sla.Event{paused(after(-2 * h)), resumed(after(-h)), paused(after(-h)), resumed(after(h))}
	check(t, sla.Published(), c, step{0, "paused pending; business/production-impacted; by business/production-impacted < 30m; elapsed 0s left 30m; due -; next -;"}, step{h + 10*m, "running pending; business/production-impacted; by business/production-impacted < 30m; elapsed 10m left 20m; due 1h30m; 50% 1h15m; 75% 1h22m30s; 90% 1h27m; next 1h15m; paused 0s-1h counted 1h-1h10m"})
}

// A response in a pause counts, on the clock that stands still.
func TestResponseInAPause(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted}
	c.Events = []sla.Event{paused(after(20 * m)), sla.Responded(after(2 * h)), resumed(after(3 * h))}
	check(t, sla.Published(), c, step{2 * h, "paused met; business/production-impacted; by business/production-impacted < 30m; elapsed 20m left 10m; due -; answered 2h; next -; counted 0s-20m paused 20m-2h"}, step{4 * h, "running met; business/production-impacted; by business/production-impacted < 30m; elapsed 20m left 10m; due -; answered 2h; next -; counted 0s-20m paused 20m-2h answered 2h-4h"})
}

// A raise in a pause breaches there and then.
func TestRaiseInAPause(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general}
	c.Events = []sla.Event{paused(after(h)), sla.Reclassified(after(2*h), impacted)}
	check(t, sla.Published(), c, step{2 * h, "paused breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 30m; submitted general assessed Severity(0) differs false; breach 2h of business/production-impacted < 30m; next -; counted 0s-1h paused 1h-2h"}, step{3 * h, "paused breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 30m; submitted general assessed Severity(0) differs false; breach 2h of business/production-impacted < 30m; next -; counted 0s-1h paused 1h-3h"})
}

// A changed target counts the time before on its own clock.
func TestChangedTargetCountsOnItsOwnClock(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general}
	table := must(sla.Published().Table.With("x", answerIn(plan.Business, impaired, clock.Target{Within: 4 * h, Calendar: office})))
	c.Events = []sla.Event{paused(after(h)), resumed(after(2 * h)), sla.Reclassified(after(12*h), impaired)}
	check(t, sla.Policy{Table: table}, c, step{12*h - 1, "running pending; business/general; by business/general < 16h; elapsed 10h59m59.999999999s left 5h0m0.000000001s; due 17h; 75% 13h; 90% 15h24m; next 13h; counted 0s-1h paused 1h-2h counted 2h-11h59m59.999999999s"}, step{12 * h, "running breached; business/system-impaired; by business/system-impaired < 4h of open time; elapsed 7h left -3h; due 5h; submitted general assessed Severity(0) differs false; breach 12h of business/system-impaired < 4h of open time; next -; counted 0s-1h paused 1h-2h counted 2h-12h (6h)"})
	table = must(sla.Published().Table.With("x", answerIn(plan.Business, impaired, clock.Target{Within: 9 * h, Calendar: office})))
	check(t, sla.Policy{Table: table}, c, step{12 * h, "running pending; business/system-impaired; by business/system-impaired < 9h of open time; elapsed 7h left 2h; due 24h; submitted general assessed Severity(0) differs false; 90% 23h6m; next 23h6m; counted 0s-1h paused 1h-2h counted 2h-12h (6h)"}, step{25 * h, "running breached; business/system-impaired; by business/system-impaired < 9h of open time; elapsed 10h left -1h; due 24h; submitted general assessed Severity(0) differs false; breach 24h of business/system-impaired < 9h of open time; next -; counted 0s-1h paused 1h-2h counted 2h-25h (9h)"})
	// And back again.
	c.Events = append(c.Events, sla.Reclassified(after(13*h), general))
	check(t, sla.Policy{Table: table}, c, step{13 * h, "running pending; business/general; by business/general < 16h; elapsed 12h left 4h; due 17h; 90% 15h24m; next 15h24m; counted 0s-1h paused 1h-2h counted 2h-13h"})
}

func TestClosing(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted, Events: []sla.Event{sla.Closed(after(10 * m)), sla.Reopened(after(2 * h)), sla.Closed(after(3 * h))}}
	// Closed before it was due and never answered; reopened, the time between does not count.
	check(t, sla.Published(), c, step{10 * m, "closed unanswered; business/production-impacted; by business/production-impacted < 30m; elapsed 10m left 20m; due -; next -; counted 0s-10m"}, step{h, "closed unanswered; business/production-impacted; by business/production-impacted < 30m; elapsed 10m left 20m; due -; next -; counted 0s-10m closed 10m-1h"}, step{2 * h, "running pending; business/production-impacted; by business/production-impacted < 30m; elapsed 10m left 20m; due 2h20m; 50% 2h5m; 75% 2h12m30s; 90% 2h17m; next 2h5m; counted 0s-10m closed 10m-2h"}, step{2*h + 20*m, "running breached; business/production-impacted; by business/production-impacted < 30m; elapsed 30m left 0s; due 2h20m; breach 2h20m of business/production-impacted < 30m; next -; counted 0s-10m closed 10m-2h counted 2h-2h20m"}, step{4 * h, "closed breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h10m left -40m; due 2h20m; breach 2h20m of business/production-impacted < 30m; next -; counted 0s-10m closed 10m-2h counted 2h-3h closed 3h-4h"})
}

// Closed at the very instant at which it is due: too late.
func TestClosedTooLate(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted}
	c.Events = []sla.Event{sla.Closed(after(30 * m))}
	check(t, sla.Published(), c, step{30 * m, "closed breached; business/production-impacted; by business/production-impacted < 30m; elapsed 30m left 0s; due 30m; breach 30m of business/production-impacted < 30m; next -; counted 0s-30m"}, step{h, "closed breached; business/production-impacted; by business/production-impacted < 30m; elapsed 30m left 0s; due 30m; breach 30m of business/production-impacted < 30m; next -; counted 0s-30m closed 30m-1h"})
}

// Closing ends a pause.
func TestClosingEndsAPause(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted}
	c.Events = []sla.Event{paused(after(5 * m)), sla.Closed(after(10 * m)), sla.Reopened(after(h))}
	check(t, sla.Published(), c, step{10 * m, "closed unanswered; business/production-impacted; by business/production-impacted < 30m; elapsed 5m left 25m; due -; next -; counted 0s-5m paused 5m-10m"}, step{h, "running pending; business/production-impacted; by business/production-impacted < 30m; elapsed 5m left 25m; due 1h25m; 50% 1h10m; 75% 1h17m30s; 90% 1h22m; next 1h10m; counted 0s-5m paused 5m-10m closed 10m-1h"})
}

// Nothing is owed while closed: a raise breaches at the reopening.
func TestRaiseWhileClosed(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general}
	c.Events = []sla.Event{sla.Closed(after(h)), sla.Reclassified(after(2*h), impacted), sla.Reopened(after(3 * h))}
	check(t, sla.Published(), c, step{2 * h, "closed unanswered; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 30m; submitted general assessed Severity(0) differs false; next -; counted 0s-1h closed 1h-2h"}, step{3 * h, "running breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 30m; submitted general assessed Severity(0) differs false; breach 3h of business/production-impacted < 30m; next -; counted 0s-1h closed 1h-3h"})
}

// A response to a closed case, at the time it was closed.
func TestResponseWhileClosed(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general}
	c.Events = []sla.Event{sla.Closed(after(h)), sla.Responded(after(2 * h))}
	check(t, sla.Published(), c, step{3 * h, "closed met; business/general; by business/general < 16h; elapsed 1h left 15h; due -; answered 2h; next -; counted 0s-1h closed 1h-2h answered 2h-3h"})
	c.Events = []sla.Event{sla.Closed(after(h)), sla.Reclassified(after(2*h), impacted), sla.Responded(after(3 * h))}
	check(t, sla.Published(), c, step{3 * h, "closed breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 30m; submitted general assessed Severity(0) differs false; answered 3h; breach 3h of business/production-impacted < 30m; next -; counted 0s-1h closed 1h-3h"})
}

// Events of one instant happen in the order in which they stand.
func TestEqualInstants(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general, Events: []sla.Event{sla.Responded(after(h)), sla.Reclassified(after(h), impacted)}}
	check(t, sla.Published(), c, step{h, "running met; business/production-impacted; by business/general < 16h; elapsed 1h left 15h; due 16h; submitted general assessed Severity(0) differs false; answered 1h; next -; counted 0s-1h"})
	c.Events = []sla.Event{sla.Reclassified(after(h), impacted), sla.Responded(after(h))}
	check(t, sla.Published(), c, step{h, "running breached; business/production-impacted; by business/production-impacted < 30m; elapsed 1h left -30m; due 30m; submitted general assessed Severity(0) differs false; answered 1h; breach 1h of business/production-impacted < 30m; next -; counted 0s-1h"})
	c.Events = []sla.Event{paused(after(h)), resumed(after(h)), paused(after(h))}
	check(t, sla.Published(), c, step{h, "paused pending; business/general; by business/general < 16h; elapsed 1h left 15h; due -; next -; counted 0s-1h"})
}

// Events after now are not yet known, however impossible.
func TestUnknownEvents(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted, Events: []sla.Event{sla.Assessed(after(h), general), sla.Reopened(after(2 * h))}}
	check(t, sla.Published(), c, step{h - 1, "running breached; business/production-impacted; by business/production-impacted < 30m; elapsed 59m59.999999999s left -29m59.999999999s; due 30m; breach 30m of business/production-impacted < 30m; next -; counted 0s-59m59.999999999s"}, step{h, "running pending; business/general; by business/general < 16h; elapsed 1h left 15h; due 16h; submitted production-impacted assessed general differs true; 50% 8h; 75% 12h; 90% 14h24m; next 8h; counted 0s-1h"})
}

// A pause that ends after the instant at which the response would have been
// due moves it by all of its open time.
func TestPauseEndingAfterTheDeadline(t *testing.T) {
	table := must(sla.Table{}.With("x", answerIn(plan.Basic, general, clock.Target{Within: 8 * h, Calendar: office})))
	c := sla.Case{Plan: plan.Basic, Severity: general, Opened: opened, Events: []sla.Event{
		paused(after(2 * h)), resumed(after(50 * h)), // Monday 12:00 to Wednesday 12:00 in Berlin; due without it Monday 18:00
	}}
	st := must(sla.Policy{Table: table}.Evaluate(c, after(51*h)))
	if want := at("2026-03-04T17:00:00Z"); !st.FirstResponse.Due.Equal(want) || st.FirstResponse.Elapsed != 3*h { // Wednesday 18:00
		t.Errorf("due %v, want %v: %s", st.FirstResponse.Due, want, show(sla.Published(), st))
	}
}

func TestDueIfResumed(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general, Opened: opened, Events: []sla.Event{paused(after(h))}}
	st := must(sla.Published().Evaluate(c, after(2*h))).FirstResponse
	for _, r := range []time.Duration{2 * h, 5 * h, 100 * h} {
		got, ok := st.DueIfResumed(after(r))
		if !ok || !got.Equal(after(r+15*h)) {
			t.Errorf("resumed after %v: due %v", r, got.Sub(opened))
		}
		goesOn := c
		goesOn.Events = append(c.Events[:1:1], resumed(after(r)))
		if want := must(sla.Published().Evaluate(goesOn, after(r))).FirstResponse.Due; !got.Equal(want) {
			t.Errorf("resumed after %v: due %v, then %v", r, got, want)
		}
	}
	for _, at := range []time.Time{after(2*h - 1), {}} {
		if got, ok := st.DueIfResumed(at); ok || !got.IsZero() {
			t.Errorf("resumed at %v: %v", at, got)
		}
	}
	overdue := must(sla.Published().Evaluate(sla.Case{Plan: plan.Business, Severity: impacted, Opened: opened, Events: c.Events}, after(2*h)))
	if got, ok := overdue.FirstResponse.DueIfResumed(after(3 * h)); !ok || !got.Equal(after(30*m)) {
		t.Errorf("overdue: due %v", got.Sub(opened))
	}
	for name, c := range map[string]sla.Case{
		"running":   {Plan: plan.Business, Severity: general, Opened: opened},
		"no target": {Plan: plan.Basic, Severity: critical, Opened: opened, Events: c.Events},
		"answered":  {Plan: plan.Business, Severity: general, Opened: opened, Events: []sla.Event{sla.Responded(opened), paused(after(h))}},
		"closed":    {Plan: plan.Business, Severity: general, Opened: opened, Events: []sla.Event{sla.Closed(after(h))}},
	} {
		st := must(sla.Published().Evaluate(c, after(2*h)))
		if got, ok := st.FirstResponse.DueIfResumed(after(3 * h)); ok || !got.IsZero() {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got, ok := (clock.Cycle{}).DueIfResumed(opened); ok {
		t.Error(got)
	}
}

func TestWarnings(t *testing.T) {
	only := func(d time.Duration) sla.Table {
		table := must(sla.Table{}.With("x", answerIn(plan.Basic, general, clock.Target{Within: d})))
		return table
	}
	c := sla.Case{Plan: plan.Basic, Severity: general}
	check(t, sla.Policy{Table: only(1)}, c, step{0, "running pending; basic/general; by basic/general < 1ns; elapsed 0s left 1ns; due 1ns; next 1ns;"})
	check(t, sla.Policy{Table: only(3)}, c, step{0, "running pending; basic/general; by basic/general < 3ns; elapsed 0s left 3ns; due 3ns; 50% 2ns; next 2ns;"}, step{1, "running pending; basic/general; by basic/general < 3ns; elapsed 1ns left 2ns; due 3ns; 50% 2ns; next 2ns; counted 0s-1ns"})
	check(t, sla.Policy{Table: only(101)}, c, step{0, "running pending; basic/general; by basic/general < 101ns; elapsed 0s left 101ns; due 101ns; 50% 51ns; 75% 76ns; 90% 91ns; next 51ns;"}, step{51, "running pending; basic/general; by basic/general < 101ns; elapsed 51ns left 50ns; due 101ns; 75% 76ns; 90% 91ns; next 76ns; counted 0s-51ns"}, step{76, "running pending; basic/general; by basic/general < 101ns; elapsed 76ns left 25ns; due 101ns; 90% 91ns; next 91ns; counted 0s-76ns"}, step{91, "running pending; basic/general; by basic/general < 101ns; elapsed 91ns left 10ns; due 101ns; next 101ns; counted 0s-91ns"}, step{101, "running breached; basic/general; by basic/general < 101ns; elapsed 101ns left 0s; due 101ns; breach 101ns of basic/general < 101ns; next -; counted 0s-101ns"})
	check(t, sla.Policy{Table: only(1<<63 - 1)}, c, step{0, "running pending; basic/general; by basic/general < 2562047h47m16.854775807s; elapsed 0s left 2562047h47m16.854775807s; due 2562047h47m16.854775807s; 50% 1281023h53m38.427387904s; 75% 1921535h50m27.641081856s; 90% 2305843h0m33.169298227s; next 1281023h53m38.427387904s;"}, step{1<<63 - 2, "running pending; basic/general; by basic/general < 2562047h47m16.854775807s; elapsed 2562047h47m16.854775806s left 1ns; due 2562047h47m16.854775807s; next 2562047h47m16.854775807s; counted 0s-2562047h47m16.854775806s"})
	// On open hours; none in a pause, nor once breached, answered or closed.
	table := must(sla.Table{}.With("x", answerIn(plan.Basic, general, clock.Target{Within: 20 * h, Calendar: office})))
	check(t, sla.Policy{Table: table}, c, step{0, "running pending; basic/general; by basic/general < 20h of open time; elapsed 0s left 20h; due 48h; 50% 24h; 75% 29h; 90% 32h; next 24h;"})
	c.Events = []sla.Event{paused(after(h))}
	check(t, sla.Policy{Table: table}, c, step{h, "paused pending; basic/general; by basic/general < 20h of open time; elapsed 1h left 19h; due -; next -; counted 0s-1h"})
}

func TestWhatIf(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: impacted, Opened: opened, Events: []sla.Event{
		paused(after(5 * m)), sla.Assessed(after(6*m), general), resumed(after(10 * m)), sla.PlanChanged(after(20*m), plan.Developer), sla.Reclassified(after(30*m), impaired),
	}}
	before := append([]sla.Event(nil), c.Events...)
	for _, s := range []struct {
		p    plan.Plan
		s    severity.Severity
		want string
	}{
		{0, 0, "running pending; developer/system-impaired; by developer/system-impaired < 8h; elapsed 55m left 7h5m; due 8h5m; submitted production-impacted assessed general differs true; 50% 4h5m; 75% 6h5m; 90% 7h17m; next 4h5m; counted 0s-5m paused 5m-10m counted 10m-1h"},
		{plan.Enterprise, 0, "running pending; enterprise/system-impaired; by enterprise/system-impaired < 4h; elapsed 55m left 3h5m; due 4h5m; submitted production-impacted assessed general differs true; 50% 2h5m; 75% 3h5m; 90% 3h41m; next 2h5m; counted 0s-5m paused 5m-10m counted 10m-1h"},
		{0, critical, "running no-target; developer/business-critical; by developer/business-critical no target of Severity(0); elapsed 55m left 0s; due -; next -; counted 0s-5m paused 5m-10m counted 10m-1h"},
		{plan.Enterprise, critical, "running breached; enterprise/business-critical; by enterprise/business-critical < 15m; elapsed 55m left -40m; due 20m; breach 20m of enterprise/business-critical < 15m; next -; counted 0s-5m paused 5m-10m counted 10m-1h"},
	} {
		st := must(sla.Published().WhatIf(c, s.p, s.s, after(h)))
		if got := show(sla.Published(), st); got != s.want {
			t.Errorf("what if %v, %v:\n got %s\nwant %s", s.p, s.s, got, s.want)
		}
	}
	if d := cmp.Diff(before, c.Events); d != "" {
		t.Error(d)
	}
	timeline := must(plan.NewTimeline())
	c = sla.Case{Timeline: &timeline, Severity: general, Opened: opened}
	if got := must(sla.Published().WhatIf(c, plan.Enterprise, 0, opened)); got.Plan != plan.Enterprise {
		t.Error(show(sla.Published(), got))
	}
	if got := must(sla.Published().WhatIf(c, 0, impaired, opened)); got.Plan != plan.Basic || got.FirstResponse.Outcome != clock.OutcomeNoTarget {
		t.Error(show(sla.Published(), got))
	}
	for _, bad := range []struct {
		p    plan.Plan
		s    severity.Severity
		want error
	}{{9, 0, plan.ErrUnknown}, {0, 9, severity.ErrUnknown}} {
		if _, err := (sla.Published()).WhatIf(c, bad.p, bad.s, opened); !errors.Is(err, bad.want) {
			t.Errorf("what if %v, %v: %v", bad.p, bad.s, err)
		}
	}
}

// From now on is measured as the policy says of such a change.
func TestWhatIfNow(t *testing.T) {
	timeline := must(plan.NewTimeline(plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: after(3 * h), End: after(9 * h)}}))
	c := sla.Case{Timeline: &timeline, Severity: general, Opened: opened, Events: []sla.Event{sla.Reclassified(after(30*m), impaired)}}
	restart := sla.Published()
	restart.OnPlanChanged = clock.MeasureRestart
	retroactive := sla.Published()
	retroactive.OnPlanChanged, retroactive.OnReclassified = clock.MeasureRetroactive, clock.MeasureRetroactive
	for _, s := range []struct {
		name    string
		policy  sla.Policy
		p       plan.Plan
		s       severity.Severity
		outcome clock.Outcome
		elapsed time.Duration
		next    time.Time
	}{
		{"nothing", sla.Published(), 0, 0, clock.OutcomeNoTarget, h, after(3 * h)},
		{"plan", sla.Published(), plan.Enterprise, 0, clock.OutcomePending, h, after(2 * h)},
		{"plan, restarted", restart, plan.Enterprise, 0, clock.OutcomePending, 0, after(3 * h)},
		{"both", sla.Published(), plan.Enterprise, critical, clock.OutcomeBreached, h, time.Time{}},
		{"severity", sla.Published(), 0, general, clock.OutcomePending, h, after(3 * h)},
		{"retroactive", retroactive, plan.Enterprise, critical, clock.OutcomeBreached, h, time.Time{}},
	} {
		st := must(s.policy.WhatIfNow(c, s.p, s.s, after(h)))
		r := st.FirstResponse
		if r.Outcome != s.outcome || r.Elapsed != s.elapsed || !st.NextChange.Equal(s.next) {
			t.Errorf("%s: %s after %v, next %v", s.name, r.Outcome, r.Elapsed, st.NextChange)
		}
	}
	if st := must(retroactive.WhatIfNow(c, plan.Enterprise, critical, after(h))); !st.FirstResponse.Breach.At.Equal(after(15*m)) || st.Severity != critical {
		t.Errorf("%+v", st.FirstResponse.Breach)
	}
	if _, err := sla.Published().WhatIfNow(c, 9, 0, after(h)); !errors.Is(err, plan.ErrUnknown) {
		t.Error(err)
	}
	if _, err := sla.Published().WhatIfNow(c, 0, 9, after(h)); !errors.Is(err, severity.ErrUnknown) {
		t.Error(err)
	}
}

// Keep counting counts from where the clock last started.
func TestKeepCountingAfterRestart(t *testing.T) {
	p := sla.Published()
	p.OnReclassified = clock.MeasureRestart
	form := bytes.Replace(must(json.Marshal(p)), []byte(`"onReclassified"`), []byte(`"onPlanChanged":"keep-counting","onReclassified"`), 1)
	if err := json.Unmarshal(form, &p); err != nil {
		t.Error(err)
	}
	c := sla.Case{Plan: plan.Developer, Severity: impaired, Opened: opened, Events: []sla.Event{
		sla.Reclassified(after(5*h), general), sla.PlanChanged(after(6*h), plan.Enterprise),
	}}
	st := must(p.Evaluate(c, after(7*h)))
	if r := st.FirstResponse; r.Elapsed != 2*h || !r.Due.Equal(after(13*h)) || !r.Measured.Equal(after(5*h)) {
		t.Error(show(p, st))
	}
}

// A calendar that runs out leaves a status without due instant.
func TestCalendarThatRunsOut(t *testing.T) {
	spent := must(sla.Published().Table.With("short", answerIn(plan.Business, general, clock.Target{Within: 20 * h, Calendar: mustCalendar(calendar.Spec{
		Location: time.UTC,
		Special:  map[calendar.Date][]calendar.Shift{{Year: 2026, Month: time.March, Day: 2}: {{Open: 8 * calendar.Hour, Close: 18 * calendar.Hour}}},
	})})))
	c := sla.Case{Plan: plan.Business, Severity: general, Opened: opened}
	st := must(sla.Policy{Table: spent}.Evaluate(c, after(1000*h)))
	if r := st.FirstResponse; r.Outcome != clock.OutcomePending || !r.Due.IsZero() || !st.NextChange.IsZero() || r.Elapsed != 9*h {
		t.Errorf("%+v", r)
	}
	far := time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC)
	if st := must(sla.Published().Evaluate(sla.Case{Plan: plan.Basic, Severity: general, Opened: far}, far)); !st.FirstResponse.Due.IsZero() {
		t.Errorf("%+v", st.FirstResponse)
	}
}

// All instants come back in the zone of the instant that was asked for, without
// monotonic readings.
func TestInstants(t *testing.T) {
	zone := mustZone("Asia/Kathmandu")
	now := time.Now() // with a monotonic reading
	c := sla.Case{Plan: plan.Business, Severity: general, Opened: now, Events: []sla.Event{sla.Responded(now.Add(h).In(mustZone("Europe/Berlin")))}}
	st := must(sla.Published().Evaluate(c, now.Add(2*h).In(zone)))
	r := st.FirstResponse
	for name, got := range map[string]time.Time{
		"at": st.At, "due": r.Due, "responded": st.Responded, "started": r.Started, "stopped": r.Stopped, "measured": r.Measured,
		"start": r.Segments[0].Period.Start, "end": r.Segments[0].Period.End,
	} {
		if got != got.Round(0) || got.Location() != zone {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A case whose form or order is wrong is wrong to evaluate and to write, with the
// same error.
func TestFormOfEvents(t *testing.T) {
	timeline := must(plan.NewTimeline())
	wrong := 0
	rapid.Check(t, func(t *rapid.T) {
		c := sla.Case{Plan: plan.Business, Severity: general, Opened: opened}
		if rapid.Bool().Draw(t, "timeline") {
			c.Plan, c.Timeline = 0, &timeline
		}
		kinds := []sla.Kind{sla.KindAssessed, sla.KindReclassified, sla.KindPlanChanged, sla.KindCustomerReply, sla.KindResponded, sla.KindPaused, sla.KindResumed, sla.KindClosed, sla.KindReopened}
		at := opened
		for range rapid.IntRange(0, 4).Draw(t, "events") {
			at = at.Add(rapid.SampledFrom([]time.Duration{-h, 0, 2 * h, 2 * h, 2 * h}).Draw(t, "step"))
			e := sla.Event{At: at, Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
			switch e.Kind {
			case sla.KindAssessed, sla.KindReclassified:
				e.Severity = general
			case sla.KindPlanChanged:
				e.Plan = plan.Business
			}
			switch rapid.IntRange(0, 20).Draw(t, "mistake") {
			case 0:
				e.Severity = rapid.SampledFrom([]severity.Severity{0, general, 9}).Draw(t, "severity")
			case 1:
				e.Plan = rapid.SampledFrom([]plan.Plan{0, plan.Basic, 9}).Draw(t, "plan")
			case 2:
				e.Reason = "vendor"
			case 3:
				e.At = time.Time{}
			case 4:
				e.Kind = rapid.SampledFrom([]sla.Kind{"", "retargeted"}).Draw(t, "wrong kind")
			}
			c.Events = append(c.Events, e)
		}
		_, err1 := c.MarshalJSON()
		_, err2 := sla.Published().Evaluate(c, after(time.Duration(rapid.IntRange(0, 8).Draw(t, "now"))*h))
		if err1 == nil {
			return // whether the history is possible is another matter
		}
		wrong++
		_, want, _ := strings.Cut(err1.Error(), "marshal case: ")
		if err2 == nil || err2.Error() != "sla: evaluate: "+want {
			t.Fatalf("%+v:\ngot  %v\nwant sla: evaluate: %s", c.Events, err2, want)
		}
	})
	if wrong == 0 {
		t.Error("no case was wrong")
	}
}

func TestEvaluateErrors(t *testing.T) {
	timeline := must(plan.NewTimeline())
	good := sla.Case{Plan: plan.Business, Severity: general, Opened: opened}
	with := func(events ...sla.Event) sla.Case { c := good; c.Events = events; return c }
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	measure := func(m clock.Measure) sla.Policy { p := sla.Published(); p.OnReclassified = m; return p }
	conventions := sla.Published()
	conventions.Conventions.Warnings = []int{50, 50}
	for _, c := range []struct {
		p    sla.Policy
		c    sla.Case
		now  time.Time
		want error
		text string
	}{
		{sla.Policy{}, good, opened, sla.ErrInvalid, `policy.table: has no edition: want a table such as that of sla.Published(): invalid input`},
		{measure("soon"), good, opened, sla.ErrInvalid, `policy.onReclassified: "soon": unknown measure; want one of "keep-counting", "restart", "retroactive": invalid input`},
		{conventions, good, opened, sla.ErrInvalid, `conventions.warnings[1]: 50: want rising percentages from 1 to 1000: invalid input`},
		{sla.Published(), sla.Case{}, opened, plan.ErrUnknown, "plan: Plan(0): unknown plan"},
		{sla.Published(), sla.Case{Plan: plan.Basic, Timeline: &timeline, Severity: general, Opened: opened}, opened, sla.ErrInvalid, "plan: basic beside a timeline: want one of them: invalid input"},
		{sla.Published(), sla.Case{Plan: plan.Basic, Opened: opened}, opened, severity.ErrUnknown, "severity: Severity(0): unknown severity"},
		{sla.Published(), sla.Case{Plan: plan.Basic, Severity: general}, opened, clock.ErrTime, "opened: 0001-01-01T00:00:00Z: want an instant of the years 1 to 9999: impossible time"},
		{sla.Published(), good, time.Time{}, clock.ErrTime, "now: 0001-01-01T00:00:00Z: want an instant of the years 1 to 9999: impossible time"},
		{sla.Published(), good, year(10000), clock.ErrTime, "now: 10000-01-01T00:00:00Z: want an instant of the years 1 to 9999: impossible time"},
		{sla.Published(), good, opened.Add(-1), clock.ErrTime, "now: 2026-03-02T08:59:59.999999999Z, opened at 2026-03-02T09:00:00Z: impossible time"},
		{sla.Published(), good, opened.Add(1<<63 - 1), clock.ErrTime, "now: 2318-06-12T08:47:16.854775807Z, opened at 2026-03-02T09:00:00Z: impossible time"},
		{sla.Published(), with(sla.Event{At: opened}), opened, sla.ErrInvalid, `events[0].kind: missing; want one of "assessed", "reclassified", "plan-changed", "customer-reply", "responded", "paused", "resumed", "closed", "reopened": invalid input`},
		{sla.Published(), with(paused(time.Time{})), opened, clock.ErrTime, "events[0].at: 0001-01-01T00:00:00Z: want an instant of the years 1 to 9999: impossible time"},
		{sla.Published(), with(sla.Assessed(opened, 0)), opened, severity.ErrUnknown, "events[0].severity: Severity(0): unknown severity"},
		{sla.Published(), with(sla.Event{At: opened, Kind: sla.KindPaused, Severity: general}), opened, sla.ErrInvalid, "events[0].severity: general of an event paused: want none: invalid input"},
		{sla.Published(), with(sla.PlanChanged(opened, 5)), opened, plan.ErrUnknown, "events[0].plan: Plan(5): unknown plan"},
		{sla.Published(), with(sla.Event{At: opened, Kind: sla.KindAssessed, Severity: general, Plan: plan.Basic}), opened, sla.ErrInvalid, "events[0].plan: basic of an event assessed: want none: invalid input"},
		{sla.Published(), with(sla.Event{At: opened, Kind: sla.KindClosed, Reason: "x"}), opened, sla.ErrInvalid, `events[0].reason: "x" of an event closed: want none: invalid input`},
		{sla.Published(), sla.Case{Timeline: &timeline, Severity: general, Opened: opened, Events: []sla.Event{sla.PlanChanged(opened, plan.Basic)}}, opened, sla.ErrHistory, "events[0]: plan-changed basic at 2026-03-02T09:00:00Z: but the timeline says which plan there is: impossible history"},
		{sla.Published(), with(paused(after(h)), resumed(after(h-1))), after(2 * h), sla.ErrHistory, "events[1]: resumed at 2026-03-02T09:59:59.999999999Z: before the event that it follows: impossible history"},
		{sla.Published(), with(paused(after(h)), sla.Assessed(after(3*h), general), resumed(after(2*h))), after(4 * h), sla.ErrHistory, "events[2]: resumed at 2026-03-02T11:00:00Z: before the event that it follows: impossible history"},
		{sla.Published(), with(sla.Event{At: after(2 * h), Kind: sla.KindClosed, Reason: "x"}), after(h), sla.ErrInvalid, `events[0].reason: "x" of an event closed: want none: invalid input`},
		{sla.Published(), with(sla.Responded(after(-1))), opened, sla.ErrHistory, "events[0]: responded at 2026-03-02T08:59:59.999999999Z: before the opening: impossible history"},
		{sla.Published(), with(sla.Assessed(after(0), impaired), sla.Reclassified(after(0), critical), paused(after(0)), paused(after(h))), after(h), sla.ErrHistory, "events[3]: paused at 2026-03-02T10:00:00Z: while paused: impossible history"},
		{sla.Published(), with(sla.Paused(opened, "customer"), sla.Resumed(after(h), "vendor")), after(h), sla.ErrHistory, "events[1]: resumed (vendor) at 2026-03-02T10:00:00Z: while not paused for that reason: impossible history"},
		{sla.Published(), with(sla.Closed(opened), paused(after(h))), after(h), sla.ErrHistory, "events[1]: paused at 2026-03-02T10:00:00Z: while closed: impossible history"},
		{sla.Published(), with(resumed(opened)), opened, sla.ErrHistory, "events[0]: resumed at 2026-03-02T09:00:00Z: while not paused: impossible history"},
		{sla.Published(), with(paused(opened), sla.Closed(opened), resumed(opened)), opened, sla.ErrHistory, "events[2]: resumed at 2026-03-02T09:00:00Z: while not paused: impossible history"},
		{sla.Published(), with(sla.Closed(opened), sla.Closed(opened)), opened, sla.ErrHistory, "events[1]: closed at 2026-03-02T09:00:00Z: while closed: impossible history"},
		{sla.Published(), with(sla.Reopened(opened)), opened, sla.ErrHistory, "events[0]: reopened at 2026-03-02T09:00:00Z: while not closed: impossible history"},
	} {
		st, err := c.p.Evaluate(c.c, c.now)
		if !errors.Is(err, c.want) || err.Error() != "sla: evaluate: "+c.text {
			t.Errorf("got  %v\nwant sla: evaluate: %s", err, c.text)
		}
		var field *sla.FieldError
		if !errors.As(err, &field) || field.Path == "" {
			t.Errorf("%v: names no field", err)
		}
		if st.Phase != "" {
			t.Errorf("%v: a status beside the error", err)
		}
	}
	check(t, sla.Published(), good, step{1<<63 - 2, "running breached; business/general; by business/general < 16h; elapsed 2562047h47m16.854775806s left -2562031h47m16.854775806s; due 16h; breach 16h of business/general < 16h; next -; counted 0s-2562047h47m16.854775806s"})
}
