package slatest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/slatest"
)

func TestLaw(t *testing.T) {
	testEnum(t, slatest.Laws(), slatest.ParseLaw, (*slatest.Law).UnmarshalText, slatest.ErrUnknownLaw, "Law", "unknown law",
		"answers agrees-with-calendar inverse zero-is-identity monotone-in-start monotone-in-duration add-additive "+
			"lands-in-open-time elapsed-additive elapsed-antisymmetric elapsed-within-time plain-time")
}

func TestCaseLaw(t *testing.T) {
	testEnum(t, slatest.CaseLaws(), slatest.ParseCaseLaw, (*slatest.CaseLaw).UnmarshalText, slatest.ErrUnknownCaseLaw, "CaseLaw", "unknown law of cases",
		"case-answers case-agrees-with-policy case-untouched future-unknown explanation-adds-up nothing-before-next-change "+
			"strict-bound pause-moves-due breach-stays same-is-no-what-if")
}

func testEnum[E interface {
	~uint8
	fmt.Stringer
	IsValid() bool
	MarshalText() ([]byte, error)
}](t *testing.T, all []E, parse func(string) (E, error), unmarshal func(*E, []byte) error, unknown error, name, text, tokens string) {
	var got []string
	for _, e := range all {
		got = append(got, e.String())
	}
	if d := cmp.Diff(strings.Fields(tokens), got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for i := range 256 {
		e := E(i)
		valid := slices.Contains(all, e)
		data, err := e.MarshalText()
		if e.IsValid() != valid || (err == nil) != valid || err != nil && !errors.Is(err, unknown) {
			t.Errorf("%v: %v, %q, %v", e, e.IsValid(), data, err)
		}
		if !valid {
			if want := fmt.Sprintf("%s(%d)", name, i); e.String() != want {
				t.Errorf("%v, want %s", e, want)
			}
			continue
		}
		var f E
		p, err1 := parse(strings.ToUpper(string(data)))
		if err := errors.Join(err1, unmarshal(&f, data)); err != nil || p != e || f != e {
			t.Errorf("%v: %v, %v, %v", e, p, f, err)
		}
	}
	if _, err := parse("no such law"); !errors.Is(err, unknown) || !strings.Contains(err.Error(), ` "no such law": want `) || !strings.HasSuffix(err.Error(), ": "+text) {
		t.Error(err)
	}
}

func TestDefaultLaws(t *testing.T) {
	if d := cmp.Diff(append(slatest.Laws()[:1], slatest.Laws()[2:]...), slatest.DefaultLaws()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff(append(slatest.CaseLaws()[:1], slatest.CaseLaws()[2:]...), slatest.DefaultCaseLaws()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestNothingToCheck(t *testing.T) {
	cal := calendar.Always()
	var r record
	slatest.Check(&r, cal, nil)
	slatest.Conforms(&r, cal, nil)
	slatest.Check(&r, cal, nil, slatest.Inverse)
	slatest.Check(&r, cal, cal, slatest.Law(99))
	slatest.CheckCases(&r, sla.Policy{}, nil)
	slatest.CheckCases(&r, sla.Policy{}, nil, slatest.StrictBound)
	slatest.CheckCases(&r, sla.Policy{}, sla.Policy{}, slatest.CaseLaw(0))
	want := []string{
		"answers: there is none",
		"answers: there is none",
		"Law(99): unknown law",
		"case-answers: there is none",
		"CaseLaw(0): unknown law of cases",
	}
	if d := cmp.Diff(want, r.errors); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Without laws the default ones are tried, so that another's hours are no
// offence, but another's arithmetic is.
func TestDefaults(t *testing.T) {
	cals := calendars(t)
	var r record
	slatest.Check(&r, cals["office"], cals["nights"])
	if r.errors != nil {
		t.Error(r.errors)
	}
	slatest.Conforms(&r, cals["office"], cals["nights"])
	if len(r.errors) != 2 || !strings.HasPrefix(r.errors[0], "agrees-with-calendar: Add(") || !strings.HasPrefix(r.errors[1], "agrees-with-calendar: Elapsed(") {
		t.Error(r.errors)
	}
	p := contract(t)
	r.errors = nil
	slatest.CheckCases(&r, p, sla.Policy{NearestCovered: true})
	if r.errors != nil {
		t.Error(r.errors)
	}
	for _, law := range []slatest.Law{slatest.Answers, slatest.Inverse} {
		panics := fake{cals["office"].Add, nil}
		r.errors = nil
		slatest.Check(&r, cals["office"], panics, law)
		if isAnswers := law == slatest.Answers; (len(r.errors) == 1) != isAnswers {
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
		Message: "Elapsed(Tue 2026-03-03 09:00:00 -05:00, Tue 2026-03-03 10:00:00 -05:00) is 2h0m0s, but 1h0m0s pass; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s",
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	kathmandu := build(t, calendar.Spec{Location: zone(t, "Asia/Kathmandu"), Week: calendar.Daily(hours(9, 17))})
	var r record
	slatest.Check(&r, kathmandu, fake{kathmandu.Add, cal.Elapsed}, slatest.ElapsedAntisymmetric, slatest.Inverse)
	if len(r.errors) != 1 || !strings.HasSuffix(r.errors[0], "; no clock change within a year") {
		t.Error(r.errors)
	}
	v := slatest.CaseViolation{Law: slatest.StrictBound, Message: "m", Now: at("2026-03-02T16:00:00Z")}
	if got, want := v.String(), "strict-bound: m; now: 2026-03-02T16:00:00Z, case: sla: marshal case: Plan(0): unknown plan"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
