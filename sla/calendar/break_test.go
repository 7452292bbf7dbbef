package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
)

// D29: shifts and breaks become instants before breaks are cut out.
func TestBreakDoesNotMoveTheClosingAcrossAClockChange(t *testing.T) {
	s := zoned(t, "Europe/Berlin", calendar.Week{time.Saturday: shifts("22:00-03:00")})
	s.Breaks = dates(map[string][]string{"2026-03-29": {"02:30-03:30"}})
	c := build(t, s)
	from, to := at("2026-03-28T12:00:00+01:00"), at("2026-03-29T12:00:00+02:00")
	if got := c.Elapsed(from, to); got != 4*time.Hour {
		t.Errorf("%v are open, want 4h", got)
	}
	s = zoned(t, "America/New_York", calendar.Week{time.Saturday: shifts("22:00-02:30")})
	s.Breaks = dates(map[string][]string{"2026-03-08": {"03:00-03:15"}})
	c = build(t, s)
	wantOpen(t, c, "2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00",
		"2026-03-07T22:00:00-05:00", "2026-03-08T03:00:00-04:00",
		"2026-03-08T03:15:00-04:00", "2026-03-08T03:30:00-04:00")
}

// A date that does not exist has neither shifts nor breaks; a break of the date
// before goes on after the gap, as a shift does.
func TestBreakOfAMissingDate(t *testing.T) {
	s := zoned(t, "Pacific/Apia", calendar.Daily(shifts("00:00-24:00")...))
	s.Breaks = dates(map[string][]string{"2011-12-29": {"22:00-02:00"}, "2011-12-30": {"00:00-24:00"}})
	wantOpen(t, build(t, s), "2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00",
		"2011-12-29T12:00:00-10:00", "2011-12-29T22:00:00-10:00",
		"2011-12-31T02:00:00+14:00", "2011-12-31T12:00:00+14:00")
}

// A clock change makes room for a shift beside a break that covers it on the
// wall clock: 02:30 becomes 03:30, 03:00 stays.
func TestBreakLeavesWhatTheClockChangeMoves(t *testing.T) {
	s := zoned(t, "Europe/Berlin", calendar.Week{time.Saturday: shifts("22:00-02:30")})
	s.Breaks = dates(map[string][]string{"2026-03-28": {"22:00-03:00"}})
	c := build(t, s)
	wantOpen(t, c, "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00",
		"2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00")
	saturday := date("2026-03-28")
	if !c.IsBusinessDay(saturday) || c.BusinessDays(date("2026-03-27"), date("2026-03-30")) != 1 {
		t.Error("half an hour is left, but it is no business day")
	}
	if got, err := c.AddBusinessDays(date("2026-03-22"), 1); err != nil || got != saturday {
		t.Errorf("the next business day is %v, %v", got, err)
	}
}

func TestAddIntoARepeatedHourOfAFarYear(t *testing.T) {
	c := build(t, zoned(t, "Europe/Berlin", calendar.Daily(shifts("02:30-05:00")...)))
	from, want := at("5985-10-27T02:30:00+02:00"), at("5985-10-27T02:30:00+01:00")
	if got, err := c.Add(from, time.Hour); err != nil || !got.Equal(want) {
		t.Errorf("Add = %v, %v, want %v", got, err, want)
	}
}

// D29: a break never opens what was closed, and adding a break never adds open
// time.
func TestLawsBreak(t *testing.T) {
	all := watched()
	rapid.Check(t, func(t *rapid.T) {
		sc := rapid.SampledFrom(all).Draw(t, "scene")
		_, s := drawCalendar(t, sc)
		without, err := calendar.New(s)
		if err != nil {
			t.Fatal(err)
		}
		d := calendar.DateOf(sc.at(rapid.IntRange(0, len(sc.shows)-1).Draw(t, "date")), sc.loc)
		if rapid.Bool().Draw(t, "at the change") {
			d = calendar.MustDate(sc.day).AddDays(rapid.IntRange(-1, 1).Draw(t, "days"))
		}
		a, b := drawMinute(t), drawMinute(t)
		if a == b {
			b = (a + 1) % (24 * 60)
		}
		s.Breaks[d] = append(s.Breaks[d], shift(a, b))
		with, err := calendar.New(s)
		if err != nil {
			t.Fatalf("adding a break: %v", err)
		}
		for i := range sc.shows {
			if at := sc.at(i); with.IsOpen(at) && !without.IsOpen(at) {
				t.Fatalf("%s %s: %v: the break %v %v opens %v", sc.zone, sc.day, s, d, shift(a, b), at)
			}
		}
		from, to := drawInstant(t, sc, "from"), drawInstant(t, sc, "to")
		if from.After(to) {
			from, to = to, from
		}
		if x, y := with.Elapsed(from, to), without.Elapsed(from, to); x > y {
			t.Fatalf("%v: the break %v %v makes %v of %v", s, d, shift(a, b), x, y)
		}
	})
}
