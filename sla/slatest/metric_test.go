package slatest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
	"github.com/supportplan/supportplan/sla/slatest"
)

// fourMetrics is a policy with a target for each metric.
func fourMetrics(t *testing.T) sla.Policy {
	t.Helper()
	office := build(t, calendar.Spec{Location: zone(t, "America/New_York"), Week: calendar.Weekdays(hours(9, 17))})
	table, err := sla.Table{}.With("four", sla.Cell{Plan: plan.Business, Severity: severity.General, Targets: clock.Targets{
		FirstResponse: clock.Target{Within: 4 * time.Hour}, NextResponse: clock.Target{Within: 8 * time.Hour},
		Update: clock.Target{Within: 6 * time.Hour, Calendar: office}, Resolution: clock.Target{Within: 40 * time.Hour},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return sla.Policy{Table: table}
}

// manyTargets is a policy with more targets and calendars than cases are made of,
// and with one whose time never comes.
func manyTargets(t *testing.T) sla.Policy {
	t.Helper()
	var cells []sla.Cell
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			n := len(cells)
			spec := calendar.Spec{Location: time.UTC, Week: calendar.Daily(hours(n%12, 12+n%12))}
			if n == 1 {
				spec = calendar.Spec{Location: time.UTC, Special: map[calendar.Date][]calendar.Shift{calendar.MustDate("2026-03-04"): {hours(9, 11)}}}
			}
			target := clock.Target{Within: time.Duration(n+2) * time.Hour, Calendar: build(t, spec)}
			cells = append(cells, sla.Cell{Plan: p, Severity: s, Targets: clock.Targets{FirstResponse: target, NextResponse: target, Update: target, Resolution: target}})
		}
	}
	table, err := sla.Table{}.With("many", cells...)
	if err != nil {
		t.Fatal(err)
	}
	return sla.Policy{Table: table}
}

// reading returns where a status has the reading of a metric.
func reading(s *sla.Status, m clock.Metric) *clock.Reading {
	switch m {
	case clock.MetricNextResponse:
		return &s.NextResponse
	case clock.MetricUpdate:
		return &s.Update
	case clock.MetricResolution:
		return &s.Resolution
	}
	return &s.FirstResponse
}

// Whatever a policy says of its metrics, its own clock breaks no law.
func TestConventionsAreClean(t *testing.T) {
	t.Parallel()
	p := fourMetrics(t)
	slatest.CheckCases(t, p, p)
	if testing.Short() {
		return
	}
	p.OnReclassified, p.OnPlanChanged = clock.MeasureRetroactive, clock.MeasureRestart
	p.Conventions = clock.Conventions{
		FirstResponse: clock.Convention{Reopened: clock.ReopeningRestarts},
		NextResponse:  clock.Convention{FromOpening: true, FromLatest: true},
		Update:        clock.Convention{FromOpening: true, CountPauses: true},
		Resolution:    clock.Convention{Reopened: clock.ReopeningRestarts},
		Warnings:      []int{80, 100, 200},
	}
	slatest.CheckCases(t, p, p)
	p.OnPlanChanged = clock.MeasureRetroactive
	p.Conventions.FirstResponse.Reopened, p.Conventions.Resolution.Reopened = clock.ReopeningCounts, clock.ReopeningIgnored
	slatest.CheckCases(t, p, p)
}

// The boundaries of each metric are looked at, just before, at and after them.
func TestBoundariesOfEveryMetric(t *testing.T) {
	t.Parallel()
	long(t)
	p := fourMetrics(t)
	messages := heldTo(t, "boundaries.txt")
	for _, m := range clock.Metrics() {
		name := []string{"FirstResponse", "NextResponse", "Update", "Resolution"}[slices.Index(clock.Metrics(), m)]
		after := func(change func(r *clock.Reading, s *sla.Status)) evaluator {
			return func(c sla.Case, now time.Time) (sla.Status, error) {
				s, err := p.Evaluate(c, now)
				if err == nil {
					r := reading(&s, m)
					r.Earlier = slices.Clone(r.Earlier)
					change(r, &s)
				}
				return s, err
			}
		}
		inTime := func(cy *clock.Cycle) {
			if cy.Answered && cy.Stopped.Equal(cy.Due) {
				cy.Outcome, cy.Breach = clock.OutcomeMet, clock.Breach{}
			}
		}
		counting := p
		switch c := (clock.Convention{CountPauses: true}); m {
		case clock.MetricFirstResponse:
			counting.Conventions.FirstResponse = c
		case clock.MetricNextResponse:
			counting.Conventions.NextResponse = c
		case clock.MetricUpdate:
			counting.Conventions.Update = c
		case clock.MetricResolution:
			counting.Conventions.Resolution = c
		}
		for _, d := range []struct {
			what      string
			evaluator slatest.Evaluator
			want      []slatest.CaseLaw
		}{
			{"an end at due is in time", after(func(r *clock.Reading, _ *sla.Status) {
				inTime(&r.Cycle)
				for i := range r.Earlier {
					inTime(&r.Earlier[i])
				}
			}), []slatest.CaseLaw{slatest.CaseAgreesWithPolicy, slatest.StrictBound}},
			{"breached a nanosecond late", after(func(r *clock.Reading, s *sla.Status) {
				if r.Outcome == clock.OutcomeBreached && s.At.Equal(r.Breach.At) && !r.Answered {
					r.Outcome, r.Breach = clock.OutcomePending, clock.Breach{}
				}
			}), []slatest.CaseLaw{slatest.CaseAgreesWithPolicy, slatest.NothingBeforeNextChange}},
			{"breached now", after(func(r *clock.Reading, s *sla.Status) {
				if r.Outcome == clock.OutcomeBreached {
					r.Breach.At = s.At
				}
			}), []slatest.CaseLaw{slatest.CaseAgreesWithPolicy, slatest.BreachStays}},
			{"counts pauses", counting, []slatest.CaseLaw{slatest.CaseAgreesWithPolicy, slatest.PauseMovesDue}},
			{"no next change when due", after(func(r *clock.Reading, s *sla.Status) {
				if s.NextChange.Equal(r.Due) {
					s.NextChange = time.Time{}
				}
			}), []slatest.CaseLaw{slatest.CaseAgreesWithPolicy, slatest.NothingBeforeNextChange}},
			{"no next change by a warning", after(func(r *clock.Reading, s *sla.Status) {
				if slices.ContainsFunc(r.Warnings, func(w clock.Warning) bool { return w.At.Equal(s.NextChange) }) {
					s.NextChange = r.Due
				}
			}), []slatest.CaseLaw{slatest.CaseAgreesWithPolicy, slatest.NothingBeforeNextChange}},
		} {
			got := slatest.CaseViolations(p, d.evaluator, d.want...)
			messages.add(string(m)+": "+d.what, text(got)...)
			if len(got) != len(d.want) {
				t.Errorf("%v: %s: %v", m, d.what, got)
				continue
			}
			isNamed := m == clock.MetricFirstResponse || d.want[1] == slatest.NothingBeforeNextChange || strings.Contains(got[1].Message, name)
			if !isNamed {
				t.Errorf("%v: %s: %v", m, d.what, got[1])
			}
		}
	}
}
