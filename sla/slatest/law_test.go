package slatest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/slatest"
)

func TestLaw(t *testing.T) {
	testLaws(t, slatest.Laws(), "answers agrees-with-calendar repeatable zone-free inverse zero-is-identity monotone-in-start "+
		"monotone-in-duration add-additive lands-in-open-time elapsed-additive elapsed-antisymmetric elapsed-within-time plain-time")
}

func TestCaseLaw(t *testing.T) {
	testLaws(t, slatest.CaseLaws(), "case-answers case-agrees-with-policy case-untouched future-unknown explanation-adds-up "+
		"nothing-before-next-change strict-bound pause-moves-due breach-stays outcome-fits-time same-is-no-what-if")
}

func testLaws[L ~string](t *testing.T, all []L, tokens string) {
	t.Helper()
	var got []string
	for _, l := range all {
		got = append(got, string(l))
	}
	if d := cmp.Diff(strings.Fields(tokens), got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestNothingToCheck(t *testing.T) {
	cal := calendar.Calendar{}
	var r record
	slatest.Check(&r, cal, nil)
	slatest.Conforms(&r, cal, nil)
	slatest.Check(&r, cal, slatest.Within(time.Second, nil))
	slatest.Check(&r, cal, nil, slatest.Inverse)
	slatest.Check(&r, cal, cal, "murphy")
	slatest.CheckCases(&r, sla.Published(), nil)
	slatest.CheckCases(&r, sla.Published(), slatest.Knowing(nil, "Phase"))
	slatest.CheckCases(&r, sla.Published(), nil, slatest.StrictBound)
	slatest.CheckCases(&r, sla.Published(), sla.Published(), "")
	want := []string{
		"answers: there is none",
		"answers: there is none",
		"answers: there is none",
		"murphy: unknown law",
		"case-answers: there is none",
		"case-answers: there is none",
		": unknown law",
	}
	if d := cmp.Diff(want, r.errors); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Without laws the default ones are tried, so that another's hours are no
// offence, but another's arithmetic is.
func TestDefaults(t *testing.T) {
	t.Parallel()
	cals := calendars(t)
	var r record
	slatest.Check(&r, cals["office"], cals["nights"])
	if r.errors != nil {
		t.Error(r.errors)
	}
	slatest.Conforms(&r, cals["office"], cals["nights"])
	if len(r.errors) != 4 { // forward and backward
		t.Error(r.errors)
	}
	for _, e := range r.errors {
		if !strings.HasPrefix(e, "agrees-with-calendar: ") {
			t.Error(e)
		}
	}
	p := contract(t)
	r.errors = nil
	slatest.CheckCases(&r, p, sla.Policy{Table: sla.Published().Table, NearestCovered: true}, slatest.CaseAnswers, slatest.StrictBound, slatest.BreachStays)
	if r.errors != nil {
		t.Error(r.errors)
	}
	for _, law := range []slatest.Law{slatest.Answers, slatest.Inverse} {
		panics := fake{cals["office"].Add, nil}
		r.errors = nil
		slatest.Check(&r, cals["office"], panics, law)
		if isAnswers := law == slatest.Answers; (len(r.errors) == 2) != isAnswers {
			t.Errorf("%v: %v", law, r.errors)
		}
	}
}

// What a violation says of itself.
func TestViolation(t *testing.T) {
	cal := calendars(t)["office"]
	twice := fake{cal.Add, func(a, b time.Time) time.Duration { return 2 * cal.Elapsed(a, b) }}
	got := slatest.Violations(cal, twice, slatest.ElapsedWithinTime)
	want := []slatest.Violation{{
		Law: slatest.ElapsedWithinTime, At: at("2026-03-03T09:00:00-05:00"), For: 3600e9,
		Message: "Elapsed(Tue 2026-03-03 09:00:00 -05:00, Tue 2026-03-03 10:00:00 -05:00) is 2h0m0s, but 1h0m0s pass; open Tue 09:00 to Tue 17:00",
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	kathmandu := build(t, calendar.Spec{Location: zone(t, "Asia/Kathmandu"), Week: calendar.Daily(hours(9, 17))})
	var r record
	slatest.Check(&r, kathmandu, fake{kathmandu.Add, cal.Elapsed}, slatest.ElapsedAntisymmetric, slatest.Inverse)
	if len(r.errors) != 1 || !strings.HasSuffix(r.errors[0], "; open Mon 09:00 to Mon 17:00") {
		t.Error(r.errors)
	}
	v := slatest.CaseViolation{Law: slatest.StrictBound, Message: "m", Now: at("2026-03-02T16:00:00Z")}
	if got, want := v.String(), "strict-bound: m; now: 2026-03-02T16:00:00Z, case: sla: marshal case: plan: Plan(0): unknown plan"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
