package sla_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
)

// A model is a case desk that knows no history but only where a case stands,
// and changes with every tick and every event. Only an assessment, which
// changes the past, has it begin anew.
type model struct {
	policy sla.Policy
	events []sla.Event // for the assessments' sake

	opened, now    time.Time
	plan           plan.Plan
	severity       severity.Severity
	paused, closed bool

	target    sla.Target       // the zero Target: none
	measured  [2]time.Duration // the time that counts: around the clock, and of it in office hours
	responded time.Time
	breached  time.Time
}

func (m *model) open(opened time.Time, p plan.Plan, s severity.Severity) {
	*m = model{policy: m.policy, opened: opened, now: opened, plan: p, severity: s}
	m.look()
}

// look finds the target, until the first response.
func (m *model) look() {
	if !m.responded.IsZero() {
		return
	}
	m.target = sla.Target{}
	for s := m.severity; s.IsValid() && !m.target.IsValid(); s-- {
		m.target, _ = m.policy.Table.Target(m.plan, s)
		if !m.policy.NearestCovered {
			return
		}
	}
}

func (m *model) runs() bool {
	return m.responded.IsZero() && !m.closed && (!m.paused || m.policy.IgnorePauses)
}

func (m *model) elapsed() time.Duration {
	if m.target.Clock.IsAlways() {
		return m.measured[0]
	}
	return m.measured[1]
}

// fall notes a breach that happens now.
func (m *model) fall() {
	if m.target.IsValid() && m.responded.IsZero() && m.breached.IsZero() && m.elapsed() >= m.target.Within {
		m.breached = m.now
	}
}

// pass has a tick pass.
func (m *model) pass() {
	if m.runs() {
		m.measured[0] += tick
		if office.IsOpen(m.now) {
			m.measured[1] += tick
		}
	}
	m.now = m.now.Add(tick)
	if !m.closed {
		m.fall()
	}
}

// happen has e happen now; ok is false where it cannot.
func (m *model) happen(e sla.Event) (ok bool) {
	anew := func(measure sla.Measure) {
		if measure == sla.FromChange && m.responded.IsZero() {
			m.measured = [2]time.Duration{}
		}
		m.look()
	}
	switch e.Kind {
	case sla.KindPaused:
		if m.paused || m.closed {
			return false
		}
		m.paused = true
	case sla.KindResumed:
		if !m.paused {
			return false
		}
		m.paused = false
	case sla.KindClosed:
		if m.closed {
			return false
		}
		m.closed, m.paused = true, false
	case sla.KindReopened:
		if !m.closed {
			return false
		}
		m.closed = false
	case sla.KindResponded:
		m.fall()
		if m.responded.IsZero() {
			m.responded = m.now
		}
	case sla.KindReclassified:
		if e.Severity != m.severity {
			m.severity = e.Severity
			anew(m.policy.OnReclassified)
		}
	case sla.KindPlanChanged:
		if e.Plan != m.plan {
			m.plan = e.Plan
			anew(m.policy.OnPlanChanged)
		}
	}
	if !m.closed {
		m.fall()
	}
	m.events = append(m.events, e)
	return true
}

// assess begins anew with another severity, through all that has happened.
func (m *model) assess(p plan.Plan, s severity.Severity, e sla.Event) {
	events, now := append(m.events, e), m.now
	m.open(m.opened, p, s)
	for _, e := range events {
		for m.now.Before(e.At) {
			m.pass()
		}
		if !m.happen(e) {
			panic("impossible the second time")
		}
	}
	for m.now.Before(now) {
		m.pass()
	}
}

func (m *model) outcome() sla.Outcome {
	switch {
	case !m.breached.IsZero():
		return sla.OutcomeBreached
	case !m.target.IsValid():
		return sla.OutcomeNoTarget
	case !m.responded.IsZero():
		return sla.OutcomeMet
	case m.closed:
		return sla.OutcomeUnanswered
	}
	return sla.OutcomePending
}

func (m *model) phase() sla.Phase {
	switch {
	case m.closed:
		return sla.PhaseClosed
	case m.paused && !m.policy.IgnorePauses:
		return sla.PhasePaused
	}
	return sla.PhaseRunning
}

// foresee waits, if nothing else happens, for a part of the target to be used,
// and returns when it first is; ok is false where nothing is awaited.
func (m model) foresee(percent int) (at time.Time, ok bool) {
	if m.outcome() != sla.OutcomePending || !m.runs() {
		return time.Time{}, false
	}
	part := m.target.Within * time.Duration(percent) / 100
	if m.elapsed() >= part {
		return time.Time{}, false
	}
	for m.elapsed() < part {
		m.pass()
	}
	return m.now, true
}

// The parts of a status that a model knows.
type modelled struct {
	Phase                      sla.Phase
	Outcome                    sla.Outcome
	Plan                       plan.Plan
	Severity                   severity.Severity
	Within, Elapsed, Remaining time.Duration
	Responded, Breached        time.Time
	Due, NextChange            time.Time // of what is pending and runs
	Warnings                   []time.Time
}

func (m *model) status() modelled {
	s := modelled{
		Phase: m.phase(), Outcome: m.outcome(), Plan: m.plan, Severity: m.severity,
		Within: m.target.Within, Elapsed: m.elapsed(), Responded: m.responded, Breached: m.breached,
	}
	if m.target.IsValid() {
		s.Remaining = m.target.Within - m.elapsed()
	}
	s.Due, _ = m.foresee(100)
	s.NextChange = s.Due
	for _, percent := range []int{90, 75, 50} {
		if at, ok := m.foresee(percent); ok {
			s.Warnings = append([]time.Time{at}, s.Warnings...)
			s.NextChange = at
		}
	}
	return s
}

func modelledOf(s sla.Status) modelled {
	out := modelled{
		Phase: s.Phase, Outcome: s.Outcome, Plan: s.Plan, Severity: s.Severity,
		Within: s.Basis.Target.Within, Elapsed: s.Elapsed, Remaining: s.Remaining, Responded: s.Responded, Breached: s.Breach.At,
		NextChange: s.NextChange,
	}
	if s.Outcome == sla.OutcomePending && s.Phase == sla.PhaseRunning {
		out.Due = s.Due
	}
	for _, w := range s.Warnings {
		out.Warnings = append(out.Warnings, w.At)
	}
	return out
}

// Whatever happens to a case, in whatever order, its history evaluates to where
// a desk has it that only knows the present.
func TestModel(t *testing.T) {
	seen := make(map[string]int)
	rapid.Check(t, func(t *rapid.T) {
		plans, severities := rapid.SampledFrom(plan.All()), rapid.SampledFrom(severity.All())
		m := model{policy: drawPolicy(t)}
		c := sla.Case{Plan: plans.Draw(t, "plan"), Severity: severities.Draw(t, "severity"), Opened: friday}
		m.open(c.Opened, c.Plan, c.Severity)
		happens := func(e sla.Event) {
			d := c
			d.Events = append(d.Events[:len(d.Events):len(d.Events)], e)
			if m.happen(e) {
				c = d
				seen[e.Kind.String()]++
				return
			}
			seen["impossible"]++
			if _, err := m.policy.Evaluate(d, m.now); !errors.Is(err, sla.ErrHistory) {
				t.Fatalf("%v in %+v: %v", e, c, err)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"pause":      func(*rapid.T) { happens(sla.Paused(m.now)) },
			"resume":     func(*rapid.T) { happens(sla.Resumed(m.now)) },
			"close":      func(*rapid.T) { happens(sla.Closed(m.now)) },
			"reopen":     func(*rapid.T) { happens(sla.Reopened(m.now)) },
			"reclassify": func(t *rapid.T) { happens(sla.Reclassified(m.now, severities.Draw(t, "to severity"))) },
			"buy":        func(t *rapid.T) { happens(sla.PlanChanged(m.now, plans.Draw(t, "to plan"))) },
			"respond": func(t *rapid.T) {
				if rapid.IntRange(0, 3).Draw(t, "really") > 0 {
					t.Skip("lest every case be answered at once")
				}
				happens(sla.Responded(m.now))
			},
			"assess": func(t *rapid.T) {
				e := sla.Assessed(m.now, severities.Draw(t, "as"))
				m.assess(c.Plan, e.Severity, e)
				c.Events = append(c.Events, e)
				seen[e.Kind.String()]++
			},
			"wait": func(t *rapid.T) {
				for range rapid.IntRange(1, 80).Draw(t, "ticks") {
					m.pass()
				}
			},
			"wait for the next change": func(t *rapid.T) {
				next := m.status().NextChange
				if next.IsZero() {
					t.Skip("nothing awaited")
				}
				for m.now.Before(next) {
					m.pass()
				}
			},
			"store": func(t *rapid.T) {
				var d sla.Case
				if err := json.Unmarshal(must(json.Marshal(c)), &d); err != nil {
					t.Fatal(err)
				}
				c = d
			},
			"": func(t *rapid.T) {
				st, err := m.policy.Evaluate(c, m.now)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(m.status(), modelledOf(st), compare); d != "" {
					t.Fatalf("%s at %v: (-model +clock):\n%s", must(json.Marshal(c)), m.now, d)
				}
				seen[st.Outcome.String()]++
				seen[st.Phase.String()]++
			},
		})
	})
	if seen["pending"] < 500 {
		return // too few to tell what the machine reaches
	}
	wantSeen(t, seen, sla.AllKinds())
	wantSeen(t, seen, sla.AllOutcomes())
	wantSeen(t, seen, sla.AllPhases())
	wantSeen(t, seen, []string{"impossible"})
}

func wantSeen[E any](t *testing.T, seen map[string]int, all []E) {
	t.Helper()
	for _, e := range all {
		if seen[fmt.Sprint(e)] == 0 {
			t.Errorf("%v never happened", e)
		}
	}
}
