package slatest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/slatest"
)

// evaluator is a function as a clock of cases.
type evaluator func(c sla.Case, now time.Time) (sla.Status, error)

func (f evaluator) Evaluate(c sla.Case, now time.Time) (sla.Status, error) { return f(c, now) }

// whatIf is a clock of cases with a what-if of its own.
type whatIf struct {
	sla.Policy
	whatIf func(c sla.Case, as plan.Plan, of severity.Severity, now time.Time) (sla.Status, error)
}

func (w whatIf) WhatIf(c sla.Case, as plan.Plan, of severity.Severity, now time.Time) (sla.Status, error) {
	return w.whatIf(c, as, of, now)
}

// contract has targets on open hours beside ones around the clock.
func contract(t testing.TB) sla.Policy {
	office := build(t, calendar.Spec{Location: zone(t, "America/New_York"), Week: calendar.Weekdays(hours(9, 17))})
	table := sla.Published()
	for _, p := range plan.All() {
		var err error
		if table, err = table.With(p, severity.General, sla.Target{Within: 12 * time.Hour, Clock: office}); err != nil {
			t.Fatal(err)
		}
	}
	return sla.Policy{Table: &table}
}

// A caseDefect is a broken clock of cases, and how the laws report it.
type caseDefect struct {
	name      string
	evaluator slatest.Evaluator
	law       slatest.CaseLaw
	want      string
}

func caseDefects(p sla.Policy) []caseDefect {
	calls := 0
	after := func(change func(c sla.Case, s *sla.Status)) evaluator {
		return func(c sla.Case, now time.Time) (sla.Status, error) {
			s, err := p.Evaluate(c, now)
			if err == nil {
				change(c, &s)
			}
			return s, err
		}
	}
	return []caseDefect{
		{"knows no timelines", evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			if c.Timeline != nil {
				return sla.Status{}, errors.New("which plan?")
			}
			return p.Evaluate(c, now)
		}), slatest.CaseAnswers,
			`case-answers: which plan?; now: 2026-03-07T23:56:00Z, case: {"timeline":[{"plan":"developer","start":"2026-03-07T18:25:00Z","end":"2026-03-07T18:26:00.000000037Z"}],"severity":"general","opened":"2026-03-07T23:56:00Z"}`},
		{"panics when closed", after(func(_ sla.Case, s *sla.Status) {
			if s.Phase == sla.PhaseClosed {
				panic("no more cases")
			}
		}), slatest.CaseAnswers,
			`case-answers: panic: no more cases; now: 2026-03-08T00:00:00Z, case: {"plan":"business","severity":"production-impacted","opened":"2026-03-08T00:00:00Z","events":[{"at":"2026-03-08T00:00:00Z","kind":"closed"}]}`},
		{"measures from the change", evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			q := p
			q.OnReclassified = sla.FromChange
			return q.Evaluate(c, now)
		}), slatest.CaseAgreesWithPolicy,
			`case-agrees-with-policy: elapsed is 0s, want 24m0s; now: 2026-03-07T00:24:00.000000004Z, case: {"plan":"developer","severity":"production-impacted","opened":"2026-03-07T00:00:00.000000004Z","events":[{"at":"2026-03-07T00:24:00.000000004Z","kind":"reclassified","severity":"business-critical"}]}`},
		{"changes the case", evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			s, err := p.Evaluate(c, now)
			slices.Reverse(c.Events)
			return s, err
		}), slatest.CaseUntouched,
			`case-untouched: events[0] became closed at 2026-03-08T00:00:00Z, was paused at 2026-03-07T23:37:00Z; now: 2026-03-08T00:00:00Z, case: {"plan":"business","severity":"production-impacted","opened":"2026-03-08T00:00:00Z","events":[{"at":"2026-03-07T23:37:00Z","kind":"paused"},{"at":"2026-03-08T00:00:00Z","kind":"closed"}]}`},
		{"remembers", after(func(_ sla.Case, s *sla.Status) {
			calls++
			s.Elapsed += time.Duration(calls)
		}), slatest.CaseUntouched,
			`case-untouched: the second time elapsed is 4ns, want 3ns; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"sees assessments coming", after(func(c sla.Case, s *sla.Status) {
			for _, e := range c.Events {
				if e.Kind == sla.KindAssessed {
					s.Severity = e.Severity
				}
			}
		}), slatest.FutureUnknown,
			`future-unknown: with the events to come the severity is system-impaired, want general without; now: 2026-03-05T23:59:00Z, case: {"plan":"basic","severity":"general","opened":"2026-03-05T23:59:00Z","events":[{"at":"2026-03-06T00:04:00Z","kind":"assessed","severity":"system-impaired"}]}`},
		{"leaves pauses out", after(func(_ sla.Case, s *sla.Status) {
			s.Explanation = slices.DeleteFunc(slices.Clone(s.Explanation), func(i sla.Interval) bool { return i.Share == sla.SharePaused })
		}), slatest.ExplanationAddsUp,
			`explanation-adds-up: the explanation ends at 2026-03-03T01:30:00.000000001Z, want 2026-03-03T01:30:00.000000002Z; now: 2026-03-03T01:30:00.000000002Z, case: {"plan":"basic","severity":"business-critical","opened":"2026-03-03T01:30:00.000000001Z","events":[{"at":"2026-03-03T01:25:00.000000001Z","kind":"paused"}]}`},
		{"counts pauses", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.Explanation {
				s.Explanation[i].Counted = s.Explanation[i].End.Sub(s.Explanation[i].Start)
			}
		}), slatest.ExplanationAddsUp,
			`explanation-adds-up: the explanation counts 1ns, but elapsed is 0s; now: 2026-03-04T00:00:00.000000001Z, case: {"plan":"basic","severity":"general","opened":"2026-03-04T00:00:00Z"}`},
		{"explains nothing", after(func(_ sla.Case, s *sla.Status) { s.Explanation = nil }), slatest.ExplanationAddsUp,
			`explanation-adds-up: the explanation ends at 2026-03-07T00:02:00Z, want 2026-03-07T00:02:00.000000001Z; now: 2026-03-07T00:02:00.000000001Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"counts more than it explains", after(func(_ sla.Case, s *sla.Status) { s.Elapsed++ }), slatest.ExplanationAddsUp,
			`explanation-adds-up: the explanation counts 0s, but elapsed is 1ns; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"explains backward", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.Explanation {
				s.Explanation[i].End = s.Explanation[i].Start
			}
		}), slatest.ExplanationAddsUp,
			`explanation-adds-up: explanation[0] ends at 2026-03-07T00:02:00Z, not after its start; now: 2026-03-07T00:02:00.000000001Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"counts less than nothing", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.Explanation {
				s.Elapsed -= s.Explanation[i].Counted + 1
				s.Explanation[i].Counted = -1
			}
		}), slatest.ExplanationAddsUp,
			`explanation-adds-up: explanation[0], counted for 1ns, counts -1ns; now: 2026-03-07T00:02:00.000000001Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"counts more than passes", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.Explanation {
				s.Elapsed -= s.Explanation[i].Counted
				s.Explanation[i].Counted = s.Explanation[i].End.Sub(s.Explanation[i].Start) + 1
				s.Elapsed += s.Explanation[i].Counted
			}
		}), slatest.ExplanationAddsUp,
			`explanation-adds-up: explanation[0], counted for 1ns, counts 2ns; now: 2026-03-07T00:02:00.000000001Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"counts pauses, and says so", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.Explanation {
				if s.Explanation[i].Share == sla.SharePaused {
					s.Elapsed -= s.Explanation[i].Counted
					s.Explanation[i].Counted = 1
					s.Elapsed++
				}
			}
		}), slatest.ExplanationAddsUp,
			`explanation-adds-up: explanation[0], paused for 1ns, counts 1ns; now: 2026-03-03T01:30:00.000000002Z, case: {"plan":"basic","severity":"business-critical","opened":"2026-03-03T01:30:00.000000001Z","events":[{"at":"2026-03-03T01:25:00.000000001Z","kind":"paused"}]}`},
		{"forgets warnings", after(func(_ sla.Case, s *sla.Status) {
			if len(s.Warnings) > 0 {
				s.NextChange = s.Due
			}
		}), slatest.NothingBeforeNextChange,
			`nothing-before-next-change: the next change is at 2026-03-07T00:22:00Z, but already at 2026-03-07T00:12:00Z the list of warnings is [75 % at 2026-03-07T00:17:00Z 90 % at 2026-03-07T00:20:00Z], want [50 % at 2026-03-07T00:12:00Z 75 % at 2026-03-07T00:17:00Z 90 % at 2026-03-07T00:20:00Z]; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"looks too often", after(func(_ sla.Case, s *sla.Status) {
			if s.Phase == sla.PhasePaused {
				s.NextChange = s.At.Add(time.Minute)
			}
		}), slatest.NothingBeforeNextChange,
			`nothing-before-next-change: the next change is at 2026-03-03T01:31:00.000000001Z, but already at 2026-03-03T01:30:30.000000001Z the next change is 2026-03-03T01:31:30.000000001Z, want 2026-03-03T01:31:00.000000001Z; now: 2026-03-03T01:30:00.000000001Z, case: {"plan":"basic","severity":"business-critical","opened":"2026-03-03T01:30:00.000000001Z","events":[{"at":"2026-03-03T01:25:00.000000001Z","kind":"paused"}]}`},
		{"looks at once", after(func(_ sla.Case, s *sla.Status) {
			if !s.NextChange.IsZero() {
				s.NextChange = s.At
			}
		}), slatest.NothingBeforeNextChange,
			`nothing-before-next-change: the next change is at 2026-03-07T00:02:00Z, not after now; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"never looks", after(func(_ sla.Case, s *sla.Status) { s.NextChange = time.Time{} }), slatest.NothingBeforeNextChange,
			`nothing-before-next-change: the next change is at no instant, but already at 2026-03-07T01:02:00Z the outcome is breached, want pending; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"at most, not less than", after(func(_ sla.Case, s *sla.Status) {
			if !s.Responded.IsZero() && s.Responded.Equal(s.Due) {
				s.Outcome = sla.OutcomeMet
			}
		}), slatest.StrictBound,
			`strict-bound: due at 2026-03-07T00:22:00Z, a response just then is met; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"due a second early", after(func(_ sla.Case, s *sla.Status) {
			if !s.Responded.IsZero() && !s.Responded.Before(s.Due.Add(-time.Second)) {
				s.Outcome = sla.OutcomeBreached
			}
		}), slatest.StrictBound,
			`strict-bound: due at 2026-03-07T00:22:00Z, a response just before is breached; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"due a nanosecond early", after(func(_ sla.Case, s *sla.Status) {
			if !s.Responded.IsZero() && !s.Responded.Before(s.Due.Add(-1)) {
				s.Outcome = sla.OutcomeBreached
			}
		}), slatest.StrictBound,
			`strict-bound: due at 2026-03-07T00:22:00Z, a response just before is breached; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"ignores pauses", evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			q := p
			q.IgnorePauses = true
			return q.Evaluate(c, now)
		}), slatest.PauseMovesDue,
			`pause-moves-due: a pause of 1m0s, 1m0s of them on the target's clock, moves the due instant from 2026-03-07T00:22:00Z to 2026-03-07T00:22:00Z, by 0s; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"moves by the pause's length", evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			q := p
			q.IgnorePauses = true
			s, err := q.Evaluate(c, now)
			for i, e := range c.Events {
				if e.Kind == sla.KindResumed && !e.At.After(now) && i > 0 && !s.Due.IsZero() {
					s.Due = s.Due.Add(e.At.Sub(c.Events[i-1].At))
				}
			}
			return s, err
		}), slatest.PauseMovesDue,
			`pause-moves-due: a pause of 1m0s, 0s of them on the target's clock, moves the due instant from 2026-03-05T13:00:00-05:00 to 2026-03-05T13:01:00-05:00, by 1m0s; now: 2026-03-04T00:00:00Z, case: {"plan":"basic","severity":"general","opened":"2026-03-04T00:00:00Z"}`},
		{"forgives", after(func(c sla.Case, s *sla.Status) {
			if s.Outcome == sla.OutcomeBreached && s.Remaining > 0 {
				s.Outcome, s.Breach = sla.OutcomePending, sla.Breach{}
			}
		}), slatest.BreachStays,
			`breach-stays: breached at 2025-03-09T13:00:00.000000005-04:00, but at 2025-03-10T19:02:00.000000005-04:00 pending; now: 2025-03-09T13:00:00.000000005-04:00, case: {"timeline":[{"plan":"developer","start":"2025-03-09T13:00:00.000000005-04:00","end":"2025-03-09T21:54:00.000000005-04:00"},{"plan":"enterprise","start":"2025-03-10T17:00:00-04:00","end":"2025-03-10T17:01:00-04:00"},{"plan":"business","start":"2025-03-11T09:00:00-04:00","end":"2025-03-11T09:01:00.000000001-04:00"}],"severity":"general","opened":"2025-03-09T03:00:00.000000005-04:00","events":[{"at":"2025-03-09T03:02:00.000000005-04:00","kind":"reclassified","severity":"system-impaired"},{"at":"2025-03-10T19:02:00.000000005-04:00","kind":"reclassified","severity":"general"}]}`},
		{"breaches ever later", after(func(c sla.Case, s *sla.Status) {
			if s.Outcome == sla.OutcomeBreached {
				s.Breach.At = s.At
			}
		}), slatest.BreachStays,
			`breach-stays: breached at 2026-03-07T00:22:00Z, but at 2026-09-23T00:02:00Z since 2026-09-23T00:02:00Z; now: 2026-03-07T00:22:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"what if it were opened now", whatIf{p, func(c sla.Case, as plan.Plan, of severity.Severity, now time.Time) (sla.Status, error) {
			c.Opened, c.Events = now, nil
			return p.WhatIf(c, as, of, now)
		}}, slatest.SameIsNoWhatIf,
			`same-is-no-what-if: what if nothing were different: due is 2026-03-07T00:22:00.000000001Z, want 2026-03-07T00:22:00Z; now: 2026-03-07T00:02:00.000000001Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"what if nothing had happened", whatIf{p, func(c sla.Case, as plan.Plan, of severity.Severity, now time.Time) (sla.Status, error) {
			if as != 0 {
				c.Events = nil
			}
			return p.WhatIf(c, as, of, now)
		}}, slatest.SameIsNoWhatIf,
			`same-is-no-what-if: what if on basic, as it is: the outcome is pending, want no-target; now: 2026-03-06T00:04:00Z, case: {"plan":"basic","severity":"general","opened":"2026-03-05T23:59:00Z","events":[{"at":"2026-03-06T00:04:00Z","kind":"assessed","severity":"system-impaired"}]}`},
		{"what if it were graver", whatIf{p, func(c sla.Case, as plan.Plan, of severity.Severity, now time.Time) (sla.Status, error) {
			if of != 0 {
				of = severity.BusinessCritical
			}
			return p.WhatIf(c, as, of, now)
		}}, slatest.SameIsNoWhatIf,
			`same-is-no-what-if: what if production-impacted, as it is: the submitted severity is business-critical, want production-impacted; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
		{"no what if", whatIf{p, func(sla.Case, plan.Plan, severity.Severity, time.Time) (sla.Status, error) {
			panic("not yet")
		}}, slatest.SameIsNoWhatIf,
			`same-is-no-what-if: what if nothing were different: panic: not yet; now: 2026-03-07T00:02:00Z, case: {"plan":"enterprise","severity":"production-impacted","opened":"2026-03-07T00:02:00Z"}`},
	}
}

// Every law of cases is broken by some defect, and says so readably.
func TestCaseDefects(t *testing.T) {
	p := contract(t)
	caught := make(map[slatest.CaseLaw]bool)
	for _, d := range caseDefects(p) {
		caught[d.law] = true
		got := "nothing"
		for _, v := range slatest.CaseViolations(p, d.evaluator, d.law) {
			got = v.String()
		}
		if diff := cmp.Diff(d.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", d.name, diff)
		}
	}
	for _, law := range slatest.CaseLaws() {
		if !caught[law] {
			t.Errorf("%v: no defect breaks it", law)
		}
	}
}

// Whatever part of a status differs from the policy's is named.
func TestDifferences(t *testing.T) {
	p := contract(t)
	target, longer, none := sla.Target{Within: 20 * time.Minute}.String(), sla.Target{Within: 20*time.Minute + 1}.String(), sla.Target{}.String()
	hour := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(time.Hour)
		}
	}
	for _, d := range []struct {
		want   string
		change func(*sla.Status)
	}{
		{"the instant is 2026-03-07T01:02:00Z, want 2026-03-07T00:02:00Z", func(s *sla.Status) { hour(&s.At) }},
		{"the phase is closed, want running", func(s *sla.Status) { s.Phase = sla.PhaseClosed }},
		{"the outcome is met, want pending", func(s *sla.Status) { s.Outcome = sla.OutcomeMet }},
		{"the plan is Plan(0), want enterprise", func(s *sla.Status) { s.Plan = 0 }},
		{"the submitted severity is Severity(0), want production-impacted", func(s *sla.Status) { s.Submitted = 0 }},
		{"the assessed severity is general, want Severity(0)", func(s *sla.Status) { s.Assessed = severity.General }},
		{"the severity is Severity(0), want production-impacted", func(s *sla.Status) { s.Severity = 0 }},
		{"the basis is Plan(0), production-impacted, " + target + " listed at production-impacted, want enterprise, production-impacted, " + target + " listed at production-impacted", func(s *sla.Status) { s.Basis.Plan = 0 }},
		{"the basis is enterprise, Severity(0), " + target + " listed at production-impacted, want enterprise, production-impacted, " + target + " listed at production-impacted", func(s *sla.Status) { s.Basis.Severity = 0 }},
		{"the basis is enterprise, production-impacted, " + target + " listed at Severity(0), want enterprise, production-impacted, " + target + " listed at production-impacted", func(s *sla.Status) { s.Basis.Listed = 0 }},
		{"the basis is enterprise, production-impacted, " + longer + " listed at production-impacted, want enterprise, production-impacted, " + target + " listed at production-impacted", func(s *sla.Status) { s.Basis.Target.Within++ }},
		{"due is no instant, want 2026-03-07T00:22:00Z", func(s *sla.Status) { s.Due = time.Time{} }},
		{"elapsed is 1ns, want 0s", func(s *sla.Status) { s.Elapsed++ }},
		{"remaining is 20m0.000000001s, want 20m0s", func(s *sla.Status) { s.Remaining++ }},
		{"the response is 2026-03-07T00:02:00Z, want no instant", func(s *sla.Status) { s.Responded = s.At }},
		{"the breach is 2026-03-07T00:02:00Z, want no instant", func(s *sla.Status) { s.Breach.At = s.At }},
		{"the breach's basis is enterprise, Severity(0), " + none + " listed at Severity(0), want Plan(0), Severity(0), " + none + " listed at Severity(0)", func(s *sla.Status) { s.Breach.Basis.Plan = plan.Enterprise }},
		{"the list of warnings is [], want [50 % at 2026-03-07T00:12:00Z 75 % at 2026-03-07T00:17:00Z 90 % at 2026-03-07T00:20:00Z]", func(s *sla.Status) { s.Warnings = nil }},
		{"the list of warnings is [51 % at 2026-03-07T00:12:00Z], want [50 % at 2026-03-07T00:12:00Z 75 % at 2026-03-07T00:17:00Z 90 % at 2026-03-07T00:20:00Z]", func(s *sla.Status) {
			if len(s.Warnings) > 0 {
				s.Warnings = s.Warnings[:1]
				s.Warnings[0].Percent++
			}
		}},
		{"the list of warnings is [50 % at 2026-03-07T01:12:00Z 75 % at 2026-03-07T00:17:00Z 90 % at 2026-03-07T00:20:00Z], want [50 % at 2026-03-07T00:12:00Z 75 % at 2026-03-07T00:17:00Z 90 % at 2026-03-07T00:20:00Z]", func(s *sla.Status) {
			if len(s.Warnings) > 0 {
				hour(&s.Warnings[0].At)
			}
		}},
		{"the next change is 2026-03-07T01:12:00Z, want 2026-03-07T00:12:00Z", func(s *sla.Status) { hour(&s.NextChange) }},
	} {
		differs := evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			s, err := p.Evaluate(c, now)
			d.change(&s)
			return s, err
		})
		v := slatest.CaseViolations(p, differs, slatest.CaseAgreesWithPolicy)
		if len(v) != 1 {
			t.Fatalf("%s: %v", d.want, v)
		}
		if diff := cmp.Diff(d.want, v[0].Message); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	for _, change := range []func(*sla.Interval){
		func(i *sla.Interval) { hour(&i.Start) },
		func(i *sla.Interval) { hour(&i.End) },
		func(i *sla.Interval) { i.Share = sla.SharePaused },
		func(i *sla.Interval) { i.Counted-- },
	} {
		differs := evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			s, err := p.Evaluate(c, now)
			for i := range s.Explanation {
				change(&s.Explanation[i])
			}
			return s, err
		})
		v := slatest.CaseViolations(p, differs, slatest.CaseAgreesWithPolicy)
		if len(v) != 1 || !strings.HasPrefix(v[0].Message, "the explanation is [") || !strings.HasSuffix(v[0].Message, "2026-03-07T00:02:00.000000001Z counts 1ns]") {
			t.Errorf("%v", v)
		}
	}
}

// Where an evaluator fails, whenever it does, that is for one law to say: none
// takes what comes beside an error for an answer.
func TestCaseErrorsAreNoAnswers(t *testing.T) {
	p := contract(t)
	for _, law := range slatest.CaseLaws() {
		if law == slatest.CaseAnswers || law == slatest.SameIsNoWhatIf {
			continue
		}
		for n := 2; n <= 5; n++ {
			for k := range n {
				calls := 0
				fails := evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
					s, err := p.Evaluate(c, now)
					if calls++; calls%n == k && err == nil {
						s.Phase, s.Outcome, s.Severity = 200, 200, 200
						s.Due, s.Elapsed, s.Explanation = now.Add(1), -1, nil
						s.NextChange = now
						return s, errors.New("out of order")
					}
					return s, err
				})
				if v := slatest.CaseViolations(p, fails, law); v != nil {
					t.Errorf("call %d of %d fails: %v", k, n, v)
				}
			}
		}
	}
}

// A policy that is not valid is no measure.
func TestInvalidPolicy(t *testing.T) {
	bad := sla.Policy{OnPlanChanged: 9}
	v := slatest.CaseViolations(bad, bad)
	if len(v) != 1 || v[0].Law != slatest.CaseAnswers || v[0].Message != "the policy is not valid: sla: evaluate: policy: Measure(9): unknown measure" {
		t.Error(v)
	}
}

// An example has no timeline where the case breaks the law without it, too.
func TestTimelineThatDoesNotMatter(t *testing.T) {
	p := contract(t)
	var opened time.Time // of the first case with a timeline
	v := slatest.CaseViolations(p, evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
		if c.Timeline != nil && opened.IsZero() {
			opened = c.Opened
		}
		if c.Opened.Equal(opened) {
			return sla.Status{}, errors.New("out of order")
		}
		return p.Evaluate(c, now)
	}), slatest.CaseAnswers)
	if len(v) != 1 || v[0].Case.Timeline != nil || !v[0].Case.Plan.IsValid() || len(v[0].Case.Events) > 0 {
		t.Errorf("%v", v)
	}
}
