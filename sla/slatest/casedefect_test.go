package slatest_test

import (
	"errors"
	"fmt"
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
	var cells []sla.Cell
	for _, p := range plan.All() {
		cells = append(cells, sla.Cell{Plan: p, Severity: severity.General, Targets: clock.Targets{
			FirstResponse: clock.Target{Within: 12 * time.Hour, Calendar: office},
		}})
	}
	table, err := sla.Published().Table.With("office", cells...)
	if err != nil {
		t.Fatal(err)
	}
	return sla.Policy{Table: table}
}

// A caseDefect is a broken clock of cases, and how the laws report it.
type caseDefect struct {
	name      string
	evaluator slatest.Evaluator
	law       slatest.CaseLaw
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
		}), slatest.CaseAnswers},
		{"panics when closed", after(func(_ sla.Case, s *sla.Status) {
			if s.Phase == clock.PhaseClosed {
				panic("no more cases")
			}
		}), slatest.CaseAnswers},
		{"measures from the change", evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			q := p
			q.OnReclassified = clock.MeasureRestart
			return q.Evaluate(c, now)
		}), slatest.CaseAgreesWithPolicy},
		{"changes the case", evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			s, err := p.Evaluate(c, now)
			slices.Reverse(c.Events)
			return s, err
		}), slatest.CaseUntouched},
		{"remembers", after(func(_ sla.Case, s *sla.Status) {
			calls++
			s.FirstResponse.Elapsed += time.Duration(calls)
		}), slatest.CaseUntouched},
		{"sees assessments coming", after(func(c sla.Case, s *sla.Status) {
			for _, e := range c.Events {
				if e.Kind == sla.KindAssessed {
					s.Severity = e.Severity
				}
			}
		}), slatest.FutureUnknown},
		{"leaves pauses out", after(func(_ sla.Case, s *sla.Status) {
			s.FirstResponse.Segments = slices.DeleteFunc(slices.Clone(s.FirstResponse.Segments), func(i clock.Segment) bool { return i.Kind == clock.SegmentPaused })
		}), slatest.ExplanationAddsUp},
		{"counts pauses", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.FirstResponse.Segments {
				s.FirstResponse.Segments[i].Counted = s.FirstResponse.Segments[i].Period.End.Sub(s.FirstResponse.Segments[i].Period.Start)
			}
		}), slatest.ExplanationAddsUp},
		{"explains nothing", after(func(_ sla.Case, s *sla.Status) { s.FirstResponse.Segments = nil }), slatest.ExplanationAddsUp},
		{"counts more than it explains", after(func(_ sla.Case, s *sla.Status) { s.FirstResponse.Elapsed++ }), slatest.ExplanationAddsUp},
		{"explains backward", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.FirstResponse.Segments {
				s.FirstResponse.Segments[i].Period.End = s.FirstResponse.Segments[i].Period.Start
			}
		}), slatest.ExplanationAddsUp},
		{"counts less than nothing", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.FirstResponse.Segments {
				s.FirstResponse.Elapsed -= s.FirstResponse.Segments[i].Counted + 1
				s.FirstResponse.Segments[i].Counted = -1
			}
		}), slatest.ExplanationAddsUp},
		{"counts more than passes", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.FirstResponse.Segments {
				s.FirstResponse.Elapsed -= s.FirstResponse.Segments[i].Counted
				s.FirstResponse.Segments[i].Counted = s.FirstResponse.Segments[i].Period.End.Sub(s.FirstResponse.Segments[i].Period.Start) + 1
				s.FirstResponse.Elapsed += s.FirstResponse.Segments[i].Counted
			}
		}), slatest.ExplanationAddsUp},
		{"counts pauses, and says so", after(func(_ sla.Case, s *sla.Status) {
			for i := range s.FirstResponse.Segments {
				if s.FirstResponse.Segments[i].Kind == clock.SegmentPaused {
					s.FirstResponse.Elapsed -= s.FirstResponse.Segments[i].Counted
					s.FirstResponse.Segments[i].Counted = 1
					s.FirstResponse.Elapsed++
				}
			}
		}), slatest.ExplanationAddsUp},
		{"forgets warnings", after(func(_ sla.Case, s *sla.Status) {
			if len(s.FirstResponse.Warnings) > 0 {
				s.NextChange = s.FirstResponse.Due
			}
		}), slatest.NothingBeforeNextChange},
		{"looks too often", after(func(_ sla.Case, s *sla.Status) {
			if s.Phase == clock.PhasePaused {
				s.NextChange = s.At.Add(time.Minute)
			}
		}), slatest.NothingBeforeNextChange},
		{"looks at once", after(func(_ sla.Case, s *sla.Status) {
			if !s.NextChange.IsZero() {
				s.NextChange = s.At
			}
		}), slatest.NothingBeforeNextChange},
		{"never looks", after(func(_ sla.Case, s *sla.Status) { s.NextChange = time.Time{} }), slatest.NothingBeforeNextChange},
		{"at most, not less than", after(func(_ sla.Case, s *sla.Status) {
			if !s.Responded.IsZero() && s.Responded.Equal(s.FirstResponse.Due) {
				s.FirstResponse.Outcome = clock.OutcomeMet
			}
		}), slatest.StrictBound},
		{"due a second early", after(func(_ sla.Case, s *sla.Status) {
			if !s.Responded.IsZero() && !s.Responded.Before(s.FirstResponse.Due.Add(-time.Second)) {
				s.FirstResponse.Outcome = clock.OutcomeBreached
			}
		}), slatest.StrictBound},
		{"due a nanosecond early", after(func(_ sla.Case, s *sla.Status) {
			if !s.Responded.IsZero() && !s.Responded.Before(s.FirstResponse.Due.Add(-1)) {
				s.FirstResponse.Outcome = clock.OutcomeBreached
			}
		}), slatest.StrictBound},
		{"ignores pauses", evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			q := p
			q.Conventions.FirstResponse.CountPauses = true
			return q.Evaluate(c, now)
		}), slatest.PauseMovesDue},
		{"moves by the pause's length", evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			q := p
			q.Conventions.FirstResponse.CountPauses = true
			s, err := q.Evaluate(c, now)
			for i, e := range c.Events {
				if e.Kind == sla.KindResumed && !e.At.After(now) && i > 0 && !s.FirstResponse.Due.IsZero() {
					s.FirstResponse.Due = s.FirstResponse.Due.Add(e.At.Sub(c.Events[i-1].At))
				}
			}
			return s, err
		}), slatest.PauseMovesDue},
		{"forgives", after(func(c sla.Case, s *sla.Status) {
			if s.FirstResponse.Outcome == clock.OutcomeBreached && s.FirstResponse.Remaining > 0 {
				s.FirstResponse.Outcome, s.FirstResponse.Breach = clock.OutcomePending, clock.Breach{}
			}
		}), slatest.BreachStays},
		{"breaches ever later", after(func(c sla.Case, s *sla.Status) {
			if s.FirstResponse.Outcome == clock.OutcomeBreached {
				s.FirstResponse.Breach.At = s.At
			}
		}), slatest.BreachStays},
		{"met in too long", after(func(_ sla.Case, s *sla.Status) {
			if s.FirstResponse.Outcome == clock.OutcomeBreached {
				s.FirstResponse.Outcome = clock.OutcomeMet
			}
		}), slatest.OutcomeFitsTime},
		{"breached in no time", after(func(_ sla.Case, s *sla.Status) { s.FirstResponse.Breach.Elapsed /= 2 }), slatest.OutcomeFitsTime},
		{"what if it were opened now", whatIf{p, func(c sla.Case, as plan.Plan, of severity.Severity, now time.Time) (sla.Status, error) {
			c.Opened, c.Events = now, nil
			return p.WhatIf(c, as, of, now)
		}}, slatest.SameIsNoWhatIf},
		{"what if nothing had happened", whatIf{p, func(c sla.Case, as plan.Plan, of severity.Severity, now time.Time) (sla.Status, error) {
			if as != 0 {
				c.Events = nil
			}
			return p.WhatIf(c, as, of, now)
		}}, slatest.SameIsNoWhatIf},
		{"what if it were graver", whatIf{p, func(c sla.Case, as plan.Plan, of severity.Severity, now time.Time) (sla.Status, error) {
			if of != 0 {
				of = severity.BusinessCritical
			}
			return p.WhatIf(c, as, of, now)
		}}, slatest.SameIsNoWhatIf},
		{"no what if", whatIf{p, func(sla.Case, plan.Plan, severity.Severity, time.Time) (sla.Status, error) {
			panic("not yet")
		}}, slatest.SameIsNoWhatIf},
	}
}

// Every law of cases is broken by some defect, and says so readably.
func TestCaseDefects(t *testing.T) {
	t.Parallel()
	p := contract(t)
	caught := make(map[slatest.CaseLaw]bool)
	var all []string
	for _, d := range caseDefects(p) {
		caught[d.law] = true
		got := "nothing"
		for _, v := range slatest.CaseViolations(p, d.evaluator, d.law) {
			got = v.String()
		}
		all = append(all, "# "+d.name, got)
	}
	golden(t, "casedefects.txt", all)
	for _, law := range slatest.CaseLaws() {
		if !caught[law] {
			t.Errorf("%v: no defect breaks it", law)
		}
	}
}

// Whatever part of a status differs from the policy's is named, by its path.
func TestDifferences(t *testing.T) {
	long(t)
	m := heldTo(t, "differences.txt")
	p := contract(t)
	hour := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(time.Hour)
		}
	}
	for path, change := range map[string]func(*sla.Status){
		"At":                    func(s *sla.Status) { hour(&s.At) },
		"Phase":                 func(s *sla.Status) { s.Phase = clock.PhaseClosed },
		"FirstResponse.Outcome": func(s *sla.Status) { s.FirstResponse.Outcome = clock.OutcomeMet },
		"Plan":                  func(s *sla.Status) { s.Plan = 0 },
		"Submitted":             func(s *sla.Status) { s.Submitted = 0 },
		"Assessed":              func(s *sla.Status) { s.Assessed = severity.General },
		"FirstResponse.Target":  func(s *sla.Status) { s.FirstResponse.Target.Within++ },
		"FirstResponse.Due":     func(s *sla.Status) { s.FirstResponse.Due = time.Time{} },
		"FirstResponse.Elapsed": func(s *sla.Status) { s.FirstResponse.Elapsed++ },
		"FirstResponse.Remaining": func(s *sla.Status) {
			if s.FirstResponse.Target.IsValid() {
				s.FirstResponse.Remaining = s.FirstResponse.Target.Within
			}
		},
		"FirstResponse.Breach.At":               func(s *sla.Status) { s.FirstResponse.Breach.At = s.At },
		"FirstResponse.Warnings has 0 elements": func(s *sla.Status) { s.FirstResponse.Warnings = nil },
		"FirstResponse.Warnings[0].At": func(s *sla.Status) {
			if len(s.FirstResponse.Warnings) > 0 {
				s.FirstResponse.Warnings = slices.Clone(s.FirstResponse.Warnings)
				hour(&s.FirstResponse.Warnings[0].At)
			}
		},
		"NextChange": func(s *sla.Status) { hour(&s.NextChange) },
		"FirstResponse.Segments[0].Counted": func(s *sla.Status) {
			for i := range s.FirstResponse.Segments {
				s.FirstResponse.Segments[i].Counted--
			}
		},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			differs := evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
				s, err := p.Evaluate(c, now)
				change(&s)
				return s, err
			})
			v := slatest.CaseViolations(p, differs, slatest.CaseAgreesWithPolicy)
			m.add(path, text(v)...)
			if len(v) != 1 || !strings.HasPrefix(v[0].Message, path) {
				t.Error(v)
			}
			// An evaluator that knows only other fields is not held to this one.
			field, _, _ := strings.Cut(path, "[")
			field, _, _ = strings.Cut(field, " ")
			if v := slatest.CaseViolations(p, slatest.Knowing(differs, "Severity"), slatest.CaseAgreesWithPolicy); v != nil {
				t.Errorf("known Severity: %v", v)
			}
			if v := slatest.CaseViolations(p, slatest.Knowing(differs, field), slatest.CaseAgreesWithPolicy); len(v) != 1 {
				t.Errorf("known itself: %v", v)
			}
		})
	}
}

// An evaluator that forgets earlier cycles is told so, and nothing else.
func TestEarlierCycles(t *testing.T) {
	t.Parallel()
	p := fourMetrics(t)
	forgets := evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
		s, err := p.Evaluate(c, now)
		s.FirstResponse.Earlier, s.NextResponse.Earlier, s.Update.Earlier, s.Resolution.Earlier = nil, nil, nil, nil
		return s, err
	})
	v := slatest.CaseViolations(p, forgets)
	if len(v) != 1 || v[0].Law != slatest.CaseAgreesWithPolicy || !strings.Contains(v[0].Message, "Earlier has 0 elements") {
		t.Error(v)
	}
}

// An evaluator of outcome and due is held to what they say.
func TestKnowingOutcomeAndDue(t *testing.T) {
	t.Parallel()
	p := contract(t)
	few := func(change func(s *sla.Status)) slatest.Evaluator {
		return slatest.Knowing(slatest.EvaluatorFunc(func(c sla.Case, now time.Time) (sla.Status, error) {
			s, err := p.Evaluate(c, now)
			change(&s)
			var few sla.Status
			few.FirstResponse.Outcome, few.FirstResponse.Due = s.FirstResponse.Outcome, s.FirstResponse.Due
			return few, err
		}), "FirstResponse.Outcome", "FirstResponse.Due")
	}
	if v := slatest.CaseViolations(p, few(func(*sla.Status) {})); v != nil {
		t.Error(v)
	}
	v := slatest.CaseViolations(p, few(func(s *sla.Status) {
		if s.FirstResponse.Outcome == clock.OutcomeBreached && s.FirstResponse.Remaining == 0 {
			s.FirstResponse.Outcome = clock.OutcomePending
		}
	}))
	if len(v) < 2 || v[0].Law != slatest.CaseAgreesWithPolicy || v[1].Law != slatest.StrictBound {
		t.Error(v)
	}
	for _, name := range []string{"outcome", "FirstResponse.outcome", "FirstResponse.Due.wall", "Phase.Outcome", ""} {
		v = slatest.CaseViolations(p, slatest.Knowing(p, "Phase", name))
		if want := fmt.Sprintf("case-answers: a status has no field %q", name); len(v) != 1 || v[0].String() != want {
			t.Errorf("%v, want %s", v, want)
		}
	}
}

// What an evaluator does not know can be anything.
func TestUnknownFieldsDoNotMatter(t *testing.T) {
	t.Parallel()
	wrong := func(m clock.Metric, now time.Time, opened bool) (r clock.Reading) {
		r.Outcome, r.Due, r.Elapsed, r.Breach = clock.OutcomePending, now.Add(1), -1, clock.Breach{At: now, Target: clock.Target{Within: time.Hour}}
		if opened {
			r.Outcome = clock.OutcomeBreached
		}
		r.Earlier = []clock.Cycle{{Outcome: "lost"}}
		return r
	}
	for _, c := range []struct {
		policy sla.Policy
		know   func(s *sla.Status, right sla.Status)
		fields []string
		laws   []slatest.CaseLaw
	}{
		{contract(t), func(s *sla.Status, right sla.Status) { s.Severity = right.Severity }, []string{"Severity"}, nil},
		{contract(t), func(s *sla.Status, right sla.Status) { s.FirstResponse.Outcome = right.FirstResponse.Outcome }, []string{"FirstResponse.Outcome"}, nil},
		{
			fourMetrics(t), func(s *sla.Status, right sla.Status) {
				s.Update.Outcome, s.Update.Due = right.Update.Outcome, right.Update.Due
			},
			[]string{"Update.Outcome", "Update.Due"},
			[]slatest.CaseLaw{slatest.StrictBound},
		},
	} {
		v := slatest.CaseViolations(c.policy, slatest.Knowing(evaluator(func(of sla.Case, now time.Time) (s sla.Status, err error) {
			right, err := c.policy.Evaluate(of, now)
			for _, m := range clock.Metrics() {
				*reading(&s, m) = wrong(m, now, now.Equal(of.Opened))
			}
			s.NextChange = now
			c.know(&s, right)
			return s, err
		}), c.fields...), c.laws...)
		if v != nil {
			t.Errorf("%v: %v", c.fields, v)
		}
	}
}

// An evaluator that breaks another law beside changing its case is told both.
func TestChangedCaseBesideOthers(t *testing.T) {
	t.Parallel()
	p, calls := contract(t), time.Duration(0)
	v := slatest.CaseViolations(p, evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
		s, err := p.Evaluate(c, now)
		slices.Reverse(c.Events)
		calls++
		s.FirstResponse.Elapsed += calls
		return s, err
	}), slatest.CaseUntouched, slatest.CaseAgreesWithPolicy)
	if len(v) != 2 || v[0].Law != slatest.CaseAgreesWithPolicy || v[1].Law != slatest.CaseUntouched || !strings.Contains(v[1].Message, "changed the case") {
		t.Error(v)
	}
}

// A wrong status that the evaluator does not give again is no example.
func TestWrongOnce(t *testing.T) {
	t.Parallel()
	p, calls := contract(t), 0
	var first sla.Case
	var at time.Time
	v := slatest.CaseViolations(p, evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
		s, err := p.Evaluate(c, now)
		if calls == 0 {
			first, at = c, now
		}
		if c.Plan == first.Plan && c.Severity == first.Severity && c.Opened.Equal(first.Opened) && len(c.Events) == 0 && now.Equal(at) {
			s.FirstResponse.Elapsed++
			if calls++; calls > 1 {
				return s, errors.New("not again")
			}
		}
		return s, err
	}), slatest.CaseAgreesWithPolicy)
	if v != nil || calls < 2 {
		t.Errorf("%v, asked %d times", v, calls)
	}
}

// A target of some nanoseconds, of which no two percent differ, can be measured, too.
func TestTargetOfNanoseconds(t *testing.T) {
	t.Parallel()
	table, err := sla.Table{}.With("fast", sla.Cell{Plan: plan.Business, Severity: severity.General, Targets: clock.Targets{FirstResponse: clock.Target{Within: 8}}})
	if err != nil {
		t.Fatal(err)
	}
	p := sla.Policy{Table: table}
	slatest.CheckCases(t, p, p, slatest.CaseAnswers)
	v := slatest.CaseViolations(p, evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
		s, err := p.Evaluate(c, now)
		s.NextChange = s.NextChange.Add(-1)
		return s, err
	}), slatest.CaseAgreesWithPolicy)
	if len(v) != 1 || !strings.HasPrefix(v[0].Message, "NextChange is ") {
		t.Error(v)
	}
	for _, c := range []struct {
		d, of time.Duration
		want  string
	}{
		{8, 8, ""}, {99, 99, ""}, {0, 100, ", 0 %"}, {1, 100, ", 1 %"}, {150, 100, ", 150 %"}, {3, 200, ""}, {4, 200, ", 2 %"}, {1, 101, ""}, {2 * time.Hour, 4 * time.Hour, ", 50 %"},
	} {
		if got := slatest.Percent(c.d, c.of); got != c.want {
			t.Errorf("%v of %v: %q, want %q", c.d, c.of, got, c.want)
		}
	}
}

// Breaches of cycles that have ended stay, too.
func TestBreachesOfEarlierCyclesStay(t *testing.T) {
	t.Parallel()
	p := fourMetrics(t)
	for want, change := range map[string]func(first *clock.Cycle){
		" met":    func(first *clock.Cycle) { first.Outcome = clock.OutcomeMet },
		" since ": func(first *clock.Cycle) { first.Breach.At = first.Breach.At.Add(1) },
	} {
		v := slatest.CaseViolations(p, evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			s, err := p.Evaluate(c, now)
			if earlier := slices.Clone(s.Update.Earlier); len(earlier) > 0 && earlier[0].Outcome == clock.OutcomeBreached {
				change(&earlier[0])
				s.Update.Earlier = earlier
			}
			return s, err
		}), slatest.BreachStays)
		if len(v) != 1 || !strings.HasPrefix(v[0].Message, "Update breached at ") || !strings.Contains(v[0].Message, want) {
			t.Errorf("%v, want%s", v, want)
		}
	}
}

// Whatever the order of the laws, a case that the evaluator changes is found.
func TestChangedCaseIsFound(t *testing.T) {
	t.Parallel()
	p := contract(t)
	for _, laws := range [][]slatest.CaseLaw{
		{slatest.CaseUntouched},
		{slatest.CaseUntouched, slatest.CaseAnswers, slatest.CaseAgreesWithPolicy},
		{slatest.CaseAgreesWithPolicy, slatest.FutureUnknown, slatest.CaseUntouched},
	} {
		first := true
		v := slatest.CaseViolations(p, slatest.EvaluatorFunc(func(c sla.Case, now time.Time) (sla.Status, error) {
			s, err := p.Evaluate(c, now)
			if first && len(c.Events) > 1 {
				c.Events[0].At = c.Events[0].At.Add(-1)
				first = false
			}
			return s, err
		}), laws...)
		if len(v) != 1 || v[0].Law != slatest.CaseUntouched {
			t.Errorf("%v: %v", laws, v)
		}
	}
}

// Where an evaluator fails, whenever it does, that is for one law to say: none
// takes what comes beside an error for an answer.
func TestCaseErrorsAreNoAnswers(t *testing.T) {
	t.Parallel()
	long(t)
	p := contract(t)
	for _, law := range slatest.CaseLaws() {
		if law == slatest.CaseAnswers {
			continue
		}
		for n := 2; n <= 3; n++ {
			for k := range n - 1 {
				calls := 0
				fails := evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
					s, err := p.Evaluate(c, now)
					if calls++; calls%n == k && err == nil {
						s.Phase, s.FirstResponse.Outcome, s.Severity = "lost", []clock.Outcome{"lost", clock.OutcomeBreached}[calls/n%2], 200
						s.FirstResponse.Breach = clock.Breach{At: now, Target: clock.Target{Within: 1}}
						s.FirstResponse.Due, s.FirstResponse.Elapsed, s.FirstResponse.Segments = now.Add(1), -1, nil
						s.NextChange = now
						return s, errors.New("out of order")
					}
					return s, err
				})
				if v := slatest.CaseViolations(p, struct {
					evaluator
					whatIf
				}{fails, whatIf{p, p.WhatIf}}, law); v != nil {
					t.Errorf("call %d of %d fails: %v", k, n, v)
				}
			}
		}
	}
}

// A policy that is not valid is no measure.
func TestInvalidPolicy(t *testing.T) {
	bad := sla.Published()
	bad.OnPlanChanged = "soon"
	v := slatest.CaseViolations(bad, bad)
	if len(v) != 1 || v[0].Law != slatest.CaseAnswers || v[0].Message != `the policy is not valid: sla: evaluate: policy.onPlanChanged: "soon": unknown measure; want one of "keep-counting", "restart", "retroactive": invalid input` {
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

// Each kind of event that an evaluator can ignore is told by its name.
func TestIgnoredEvents(t *testing.T) {
	long(t)
	m := heldTo(t, "ignored.txt")
	p := fourMetrics(t)
	for name, kinds := range map[string][]sla.Kind{
		"ignores reclassifications":       {sla.KindReclassified},
		"ignores pauses":                  {sla.KindPaused, sla.KindResumed},
		"ignores responses":               {sla.KindResponded},
		"ignores closings and reopenings": {sla.KindClosed, sla.KindReopened},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ignores := evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
				c.Events = slices.DeleteFunc(slices.Clone(c.Events), func(e sla.Event) bool { return slices.Contains(kinds, e.Kind) })
				return p.Evaluate(c, now)
			})
			v := slatest.CaseViolations(p, ignores, slatest.CaseAgreesWithPolicy)
			m.add(name, text(v)...)
			if len(v) != 1 || !strings.Contains(v[0].Message, "of code that "+name) {
				t.Error(v)
			}
		})
	}
}

// A mistake is told of evaluators that know little, or nothing of what a case is.
func TestIgnoredEventsOfPartialStatuses(t *testing.T) {
	t.Parallel()
	long(t)
	p := contract(t)
	ignores := evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
		c.Events = slices.DeleteFunc(slices.Clone(c.Events), func(e sla.Event) bool { return e.Kind == sla.KindResponded })
		s, err := p.Evaluate(c, now)
		s.Plan, s.Submitted, s.Assessed, s.Severity = 0, 0, 99, 0
		return s, err
	})
	for _, e := range []slatest.Evaluator{ignores, slatest.Knowing(ignores, "FirstResponse.Outcome")} {
		v := slatest.CaseViolations(p, e, slatest.CaseAgreesWithPolicy)
		if len(v) != 1 || !strings.Contains(v[0].Message, "all as of code that ignores responses") {
			t.Error(v)
		}
	}
}
