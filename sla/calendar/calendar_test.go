package calendar_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/sla/calendar"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// at reads an instant.
func at(s string) time.Time { return must(time.Parse(time.RFC3339Nano, s)) }

func date(s string) calendar.Date { return must(calendar.ParseDate(s)) }

// shifts reads shifts.
func shifts(ss ...string) (out []calendar.Shift) {
	for _, s := range ss {
		out = append(out, must(calendar.ParseShift(s)))
	}
	return out
}

// dates reads dates with shifts.
func dates(m map[string][]string) map[calendar.Date][]calendar.Shift {
	out := make(map[calendar.Date][]calendar.Shift)
	for d, ss := range m {
		out[date(d)] = shifts(ss...)
	}
	return out
}

// zoned returns a spec with the zone of that name.
func zoned(tb testing.TB, zone string, week calendar.Week) calendar.Spec {
	tb.Helper()
	return calendar.Spec{Location: location(tb, zone), Week: week}
}

func build(tb testing.TB, s calendar.Spec) calendar.Calendar {
	tb.Helper()
	c, err := calendar.New(s)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// wantOpen checks that c is open during the given intervals between from and
// to, and otherwise closed; the times come as they are printed.
func wantOpen(t *testing.T, c calendar.Calendar, from, to string, want ...string) {
	t.Helper()
	var got []string
	for i := range c.Periods(at(from), at(to)) {
		got = append(got, i.Start.Format(time.RFC3339), i.End.Format(time.RFC3339))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("open from %s to %s (-want +got):\n%s", from, to, d)
	}
}

func wantTime(t *testing.T, want string) func(time.Time, error) {
	return func(got time.Time, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		} else if s := got.Format(time.RFC3339Nano); s != want {
			t.Errorf("got %s, want %s", s, want)
		}
	}
}

func TestRuleClosingTimeIsNotOpen(t *testing.T) {
	c := build(t, zoned(t, "America/New_York", calendar.Weekdays(shifts("09:00-17:00")...)))
	for s, want := range map[string]bool{
		"2026-03-02T08:59:59.999999999-05:00": false,
		"2026-03-02T09:00:00-05:00":           true,
		"2026-03-02T16:59:59.999999999-05:00": true,
		"2026-03-02T17:00:00-05:00":           false,
		"2026-03-07T12:00:00-05:00":           false,
	} {
		if got := c.IsOpen(at(s)); got != want {
			t.Errorf("IsOpen(%s) = %v", s, got)
		}
	}
}

func TestRuleDueAtClosingTime(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Weekdays(shifts("09:00-17:00")...)))
	wantTime(t, "2026-03-02T17:00:00Z")(c.Add(at("2026-03-02T09:00:00Z"), 8*time.Hour))
	wantTime(t, "2026-03-06T17:00:00Z")(c.Add(at("2026-03-02T09:00:00Z"), 40*time.Hour))
	wantTime(t, "2026-03-09T09:00:00.000000001Z")(c.Add(at("2026-03-06T09:00:00Z"), 8*time.Hour+1))
	wantTime(t, "2026-03-06T16:59:59.999999999Z")(c.Add(at("2026-03-06T09:00:00Z"), 8*time.Hour-1))
	wantTime(t, "2026-03-06T17:00:00Z")(c.Add(at("2026-03-06T16:59:59.25Z"), 750*time.Millisecond))
	wantTime(t, "2026-03-09T09:00:00.25Z")(c.Add(at("2026-03-06T16:59:59.25Z"), time.Second))
	wantTime(t, "2026-03-09T09:00:00.25Z")(c.Add(at("2026-03-06T16:59:59.75Z"), 500*time.Millisecond))
	wantTime(t, "2026-03-06T17:00:00Z")(c.Add(at("2026-03-06T16:59:58.75Z"), 1250*time.Millisecond))
	wantTime(t, "2026-03-09T09:00:00.000000001Z")(c.Add(at("2026-03-06T16:59:58.75Z"), 1250*time.Millisecond+1))
	wantTime(t, "2026-03-09T09:00:01Z")(c.Add(at("2026-03-06T17:00:00.75Z"), time.Second))
}

func TestRuleAddBackward(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Weekdays(shifts("09:00-17:00")...)))
	wantTime(t, "2026-03-06T09:00:00Z")(c.Add(at("2026-03-06T17:00:00Z"), -8*time.Hour))
	wantTime(t, "2026-03-06T09:00:00Z")(c.Add(at("2026-03-09T09:00:00Z"), -8*time.Hour))
	wantTime(t, "2026-03-05T16:59:59.999999999Z")(c.Add(at("2026-03-06T17:00:00Z"), -8*time.Hour-1))
	wantTime(t, "2026-03-06T09:00:00Z")(c.Add(at("2026-03-06T09:00:00.25Z"), -250*time.Millisecond))
	wantTime(t, "2026-03-06T09:00:00.05Z")(c.Add(at("2026-03-06T09:00:00.25Z"), -200*time.Millisecond))
	wantTime(t, "2026-03-05T16:59:59.25Z")(c.Add(at("2026-03-06T09:00:00.25Z"), -time.Second))
	wantTime(t, "2026-03-06T16:59:59.5Z")(c.Add(at("2026-03-07T09:00:00.25Z"), -500*time.Millisecond))
}

func TestRuleAddZeroIsIdentity(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Weekdays(shifts("09:00-17:00")...)))
	for _, s := range []string{"2026-03-07T12:00:00.5Z", "2026-03-06T17:00:00Z", "2026-03-06T12:00:00Z", "0001-01-01T00:00:00Z"} {
		wantTime(t, s)(c.Add(at(s), 0))
	}
}

func TestRuleElapsedAntisymmetric(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Weekdays(shifts("09:00-17:00")...)))
	a, b := at("2026-03-06T16:00:00.25Z"), at("2026-03-09T10:00:00.75Z")
	if x, y := c.Elapsed(a, b), c.Elapsed(b, a); x != 2*time.Hour+500*time.Millisecond || y != -x {
		t.Errorf("got %v and %v", x, y)
	}
	if got := c.Elapsed(b, b); got != 0 {
		t.Errorf("got %v, want 0", got)
	}
}

func TestRuleCloseBeforeOpenIsNextDay(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Week{time.Saturday: shifts("22:00-06:00"), time.Sunday: shifts("22:00-24:00"), time.Tuesday: shifts("20:00-00:00")}))
	wantOpen(t, c, "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z",
		"2026-03-03T20:00:00Z", "2026-03-04T00:00:00Z",
		"2026-03-07T22:00:00Z", "2026-03-08T06:00:00Z",
		"2026-03-08T22:00:00Z", "2026-03-09T00:00:00Z")
	if c.IsBusinessDay(date("2026-03-04")) || !c.IsBusinessDay(date("2026-03-07")) {
		t.Error("a shift belongs to the date it opens on")
	}
}

func TestRuleHoursToTheSecond(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Daily(shifts("09:00:01-09:00:03")...)))
	if got := c.Elapsed(at("2026-03-02T00:00:00Z"), at("2026-03-03T00:00:00Z")); got != 2*time.Second {
		t.Errorf("got %v", got)
	}
	wantTime(t, "2026-03-03T09:00:02Z")(c.Add(at("2026-03-02T00:00:00Z"), 3*time.Second))
}

func TestRuleSeveralShiftsADay(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Weekdays(shifts("13:00-17:00", "09:00-12:00", "12:00-12:30")...)))
	wantOpen(t, c, "2026-03-02T10:00:00Z", "2026-03-02T15:00:00Z",
		"2026-03-02T10:00:00Z", "2026-03-02T12:30:00Z",
		"2026-03-02T13:00:00Z", "2026-03-02T15:00:00Z")
}

func TestRuleRealElapsedTime(t *testing.T) {
	c := build(t, zoned(t, "America/New_York", calendar.Daily(shifts("00:00-24:00")...)))
	for day, want := range map[string]time.Duration{"2026-03-07": 24, "2026-03-08": 23, "2026-11-01": 25} {
		a := must(date(day).At(0, c.Location()))
		b := must(date(day).At(24*calendar.Hour, c.Location()))
		if got := c.Elapsed(a, b); got != want*time.Hour {
			t.Errorf("%s lasts %v, want %dh", day, got, want)
		}
	}
}

func TestRuleSkippedMovesForward(t *testing.T) {
	for _, r := range []struct {
		week []string
		want []string
	}{
		{[]string{"02:30-05:00"}, []string{"2026-03-08T03:30:00-04:00", "2026-03-08T05:00:00-04:00"}},
		{[]string{"01:00-02:30"}, []string{"2026-03-08T01:00:00-05:00", "2026-03-08T03:30:00-04:00"}},
		{[]string{"02:00-03:00"}, nil}, // from 3:00 to 3:00
		{[]string{"02:15-02:45"}, []string{"2026-03-08T03:15:00-04:00", "2026-03-08T03:45:00-04:00"}},
		{[]string{"02:30-03:15"}, nil}, // from 3:30 to 3:15
		{[]string{"02:15-02:45", "03:30-04:00"}, []string{"2026-03-08T03:15:00-04:00", "2026-03-08T04:00:00-04:00"}},                                                           // overlap, joined
		{[]string{"01:00-02:30", "02:30-03:10"}, []string{"2026-03-08T01:00:00-05:00", "2026-03-08T03:30:00-04:00"}},                                                           // the second is empty
		{[]string{"01:00-02:00", "03:00-04:00"}, []string{"2026-03-08T01:00:00-05:00", "2026-03-08T04:00:00-04:00"}},                                                           // meet
		{[]string{"00:00-02:10", "02:20-02:30"}, []string{"2026-03-08T00:00:00-05:00", "2026-03-08T03:10:00-04:00", "2026-03-08T03:20:00-04:00", "2026-03-08T03:30:00-04:00"}}, // both moved
	} {
		c := build(t, zoned(t, "America/New_York", calendar.Week{time.Sunday: shifts(r.week...)}))
		wantOpen(t, c, "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00", r.want...)
		if got := c.IsBusinessDay(date("2026-03-08")); got != (r.want != nil) {
			t.Errorf("%v: business day %v", r.week, got)
		}
	}
}

func TestRuleRepeatedMeansFirst(t *testing.T) {
	for _, r := range []struct {
		week []string
		want []string
	}{
		{[]string{"01:30-05:00"}, []string{"2026-11-01T01:30:00-04:00", "2026-11-01T05:00:00-05:00"}},
		{[]string{"00:00-01:30"}, []string{"2026-11-01T00:00:00-04:00", "2026-11-01T01:30:00-04:00"}},
		{[]string{"00:00-02:00"}, []string{"2026-11-01T00:00:00-04:00", "2026-11-01T02:00:00-05:00"}},
		{[]string{"01:00-02:00"}, []string{"2026-11-01T01:00:00-04:00", "2026-11-01T02:00:00-05:00"}},
		{[]string{"00:00-01:00"}, []string{"2026-11-01T00:00:00-04:00", "2026-11-01T01:00:00-04:00"}},
		{[]string{"01:15-01:45"}, []string{"2026-11-01T01:15:00-04:00", "2026-11-01T01:45:00-04:00"}},
	} {
		c := build(t, zoned(t, "America/New_York", calendar.Week{time.Sunday: shifts(r.week...)}))
		wantOpen(t, c, "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", r.want...)
	}
}

// There are no business days from or to a date that is none.
func TestBusinessDaysOfNoDate(t *testing.T) {
	d, leap := date("2026-03-02"), calendar.Date{Year: 2026, Month: time.February, Day: 29}
	for _, cal := range []calendar.Calendar{{}, build(t, zoned(t, "Europe/Berlin", calendar.Daily(shifts("09:00-17:00")...)))} {
		for _, none := range []calendar.Date{{}, leap} {
			for _, c := range [][2]calendar.Date{{d, none}, {none, d}, {none, none}, {none, leap}, {leap, none}} {
				if got := cal.BusinessDays(c[0], c[1]); got != 0 {
					t.Errorf("from %v to %v: %d", c[0], c[1], got)
				}
			}
		}
	}
}

// Business days about a date or a shift that a clock change skips are those that
// are business days one by one.
func TestBusinessDaysAboutSkippedTime(t *testing.T) {
	for _, c := range []struct{ zone, first, shift string }{
		{"Pacific/Apia", "2011-12-26", "09:00-17:00"},
		{"Pacific/Kwajalein", "1993-08-18", "09:00-17:00"},
		{"Europe/Berlin", "2026-03-26", "02:00-03:00"},
		{"America/New_York", "2026-11-01", "01:00-02:00"},
	} {
		for _, week := range []calendar.Week{calendar.Daily(calendar.MustShift(c.shift)), calendar.Weekdays(calendar.MustShift(c.shift))} {
			cal := must(calendar.New(calendar.Spec{Location: must(time.LoadLocation(c.zone)), Week: week}))
			for i := range 8 {
				from, want := date(c.first).AddDays(i), 0
				for to := from; to.DaysSince(from) < 8; {
					if got := cal.BusinessDays(from, to); got != want || cal.BusinessDays(to, from) != -want {
						t.Errorf("%s: from %v to %v %d and %d, want %d", c.zone, from, to, got, cal.BusinessDays(to, from), want)
					}
					if to = to.AddDays(1); cal.IsBusinessDay(to) {
						want++
					}
				}
			}
		}
	}
}

func TestRuleMissingMidnight(t *testing.T) {
	for zone, r := range map[string][]string{ // the clock skips from 0:00 to 1:00
		"America/Sao_Paulo": {"2017-10-14T22:00:00-03:00", "2017-10-15T22:00:00-02:00", "2017-10-15T01:00:00-02:00", "2017-10-15T06:00:00-02:00"},
		"America/Havana":    {"2024-03-09T22:00:00-05:00", "2024-03-10T22:00:00-04:00", "2024-03-10T01:00:00-04:00", "2024-03-10T06:00:00-04:00"},
	} {
		c := build(t, zoned(t, zone, calendar.Week{time.Sunday: shifts("00:00-06:00")}))
		wantOpen(t, c, r[0], r[1], r[2], r[3])
		if !c.IsBusinessDay(calendar.DateOf(at(r[2]), c.Location())) {
			t.Errorf("%s: not a business day", zone)
		}
		all := build(t, zoned(t, zone, calendar.Daily(shifts("00:00-24:00")...)))
		wantTime(t, at(r[1]).Format(time.RFC3339))(all.Add(at(r[0]), 23*time.Hour))
		lost := build(t, zoned(t, zone, calendar.Week{time.Sunday: shifts("00:00-01:00"), time.Tuesday: shifts("00:00-01:00")}))
		if lost.IsBusinessDay(calendar.DateOf(at(r[2]), c.Location())) {
			t.Errorf("%s: a business day without hours", zone)
		}
	}
}

func TestRuleMissingDate(t *testing.T) {
	c := build(t, zoned(t, "Pacific/Apia", calendar.Daily(shifts("09:00-17:00")...)))
	wantOpen(t, c, "2011-12-29T00:00:00-10:00", "2012-01-01T00:00:00+14:00",
		"2011-12-29T09:00:00-10:00", "2011-12-29T17:00:00-10:00",
		"2011-12-31T09:00:00+14:00", "2011-12-31T17:00:00+14:00")
	for day, want := range map[string]bool{"2011-12-28": true, "2011-12-29": true, "2011-12-30": false, "2011-12-31": true} {
		if c.IsBusinessDay(date(day)) != want {
			t.Errorf("%s is a business day: %v", day, !want)
		}
	}
	// Who is closed on Fridays misses no business day.
	closed := build(t, zoned(t, "Pacific/Apia", calendar.Week{time.Thursday: shifts("09:00-17:00"), time.Saturday: shifts("09:00-17:00")}))
	if got := closed.BusinessDays(date("2011-12-28"), date("2011-12-31")); got != 2 {
		t.Errorf("%d business days beside a missing Friday", got)
	}
	if got := must(c.AddBusinessDays(date("2011-12-29"), 1)); got != date("2011-12-31") {
		t.Errorf("the next business day is %v", got)
	}
	if got := must(c.AddBusinessDays(date("2011-12-31"), -1)); got != date("2011-12-29") {
		t.Errorf("the last business day is %v", got)
	}
	if got := c.BusinessDays(date("2011-12-01"), date("2012-01-01")); got != 30 {
		t.Errorf("%d business days", got)
	}
	// A shift of the date before goes on after the gap; one of the missing date
	// does not exist, not even the part after midnight.
	c = build(t, zoned(t, "Pacific/Apia", calendar.Daily(shifts("22:00-06:00")...)))
	wantOpen(t, c, "2011-12-29T12:00:00-10:00", "2012-01-01T00:00:00+14:00",
		"2011-12-29T22:00:00-10:00", "2011-12-31T06:00:00+14:00",
		"2011-12-31T22:00:00+14:00", "2012-01-01T00:00:00+14:00")
	c = build(t, zoned(t, "Pacific/Apia", calendar.Week{time.Friday: shifts("22:00-06:00")}))
	wantOpen(t, c, "2011-12-29T12:00:00-10:00", "2012-01-01T00:00:00+14:00")
	// Found by the reference: what a break leaves of the missing date's shift
	// opens after the gap.
	s := zoned(t, "Pacific/Apia", calendar.Daily(shifts("22:00-06:00")...))
	s.Breaks = dates(map[string][]string{"2011-12-30": {"21:00-24:00"}})
	if build(t, s).IsBusinessDay(date("2011-12-30")) {
		t.Error("a business day that does not exist")
	}
	all := build(t, zoned(t, "Pacific/Apia", calendar.Daily(shifts("00:00-24:00")...)))
	wantOpen(t, all, "2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00",
		"2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00")
}

func TestRuleHolidayRemovesTheWholeShift(t *testing.T) {
	s := zoned(t, "UTC", calendar.Daily(shifts("22:00-06:00")...))
	s.Holidays = []calendar.Holiday{{Date: date("2026-03-05")}, {Date: date("2026-03-05")}}
	c := build(t, s)
	wantOpen(t, c, "2026-03-04T12:00:00Z", "2026-03-07T00:00:00Z",
		"2026-03-04T22:00:00Z", "2026-03-05T06:00:00Z", // Wednesday's
		"2026-03-06T22:00:00Z", "2026-03-07T00:00:00Z")
	if c.IsBusinessDay(date("2026-03-05")) || !c.IsBusinessDay(date("2026-03-06")) {
		t.Error("business days")
	}
}

func TestRuleSpecialReplaces(t *testing.T) {
	s := zoned(t, "UTC", calendar.Weekdays(shifts("09:00-17:00")...))
	s.Special = dates(map[string][]string{"2026-03-05": {"20:00-02:00", "10:00-12:00"}, "2026-03-07": {"11:00-12:00"}, "2026-03-09": {}})
	c := build(t, s)
	wantOpen(t, c, "2026-03-05T00:00:00Z", "2026-03-10T12:00:00Z",
		"2026-03-05T10:00:00Z", "2026-03-05T12:00:00Z",
		"2026-03-05T20:00:00Z", "2026-03-06T02:00:00Z",
		"2026-03-06T09:00:00Z", "2026-03-06T17:00:00Z",
		"2026-03-07T11:00:00Z", "2026-03-07T12:00:00Z",
		"2026-03-10T09:00:00Z", "2026-03-10T12:00:00Z")
	if c.IsBusinessDay(date("2026-03-09")) || !c.IsBusinessDay(date("2026-03-07")) {
		t.Error("business days")
	}
}

func TestRuleBreakIsCutOutOfItsDatesWallClock(t *testing.T) {
	s := zoned(t, "UTC", calendar.Daily(shifts("22:00-06:00")...))
	s.Breaks = dates(map[string][]string{
		"2026-03-05": {"01:00-02:00", "23:30-00:30", "23:00-23:45", "12:00-13:00"},
		"2026-03-07": {"21:00-23:00"},
		"2026-03-08": {"05:00-22:30"},
	})
	c := build(t, s)
	wantOpen(t, c, "2026-03-04T12:00:00Z", "2026-03-09T00:00:00Z",
		"2026-03-04T22:00:00Z", "2026-03-05T01:00:00Z", // of the 4th's shift
		"2026-03-05T02:00:00Z", "2026-03-05T06:00:00Z",
		"2026-03-05T22:00:00Z", "2026-03-05T23:00:00Z",
		"2026-03-06T00:30:00Z", "2026-03-06T06:00:00Z",
		"2026-03-06T22:00:00Z", "2026-03-07T06:00:00Z",
		"2026-03-07T23:00:00Z", "2026-03-08T05:00:00Z",
		"2026-03-08T22:30:00Z", "2026-03-09T00:00:00Z")
}

func TestRuleBusinessDayNeedsSomethingLeft(t *testing.T) {
	s := zoned(t, "UTC", calendar.Daily(shifts("22:00-02:00")...))
	s.Breaks = dates(map[string][]string{
		"2026-03-05": {"22:00-24:00"},
		"2026-03-06": {"00:00-02:00"}, // with the one before, nothing is left of the 5th
		"2026-03-10": {"20:00-03:00"},
	})
	c := build(t, s)
	for d, want := range map[string]bool{"2026-03-04": true, "2026-03-05": false, "2026-03-06": true, "2026-03-09": true, "2026-03-10": false, "2026-03-11": true} {
		if got := c.IsBusinessDay(date(d)); got != want {
			t.Errorf("IsBusinessDay(%s) = %v", d, got)
		}
	}
	wantOpen(t, c, "2026-03-05T12:00:00Z", "2026-03-06T12:00:00Z")
}

func TestRuleBusinessDaysAfterTheDate(t *testing.T) {
	s := zoned(t, "UTC", calendar.Weekdays(shifts("09:00-17:00")...))
	s.Holidays = []calendar.Holiday{{Date: date("2026-03-10")}}
	c := build(t, s)
	for _, r := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-03-06", 0, "2026-03-06"},
		{"2026-03-07", 0, "2026-03-07"}, // a Saturday
		{"2026-03-06", 1, "2026-03-09"},
		{"2026-03-07", 1, "2026-03-09"},
		{"2026-03-08", 2, "2026-03-11"},
		{"2026-03-09", 1, "2026-03-11"},
		{"2026-03-10", 1, "2026-03-11"},
		{"2026-03-02", 10, "2026-03-17"},
		{"2026-03-11", -1, "2026-03-09"},
		{"2026-03-10", -1, "2026-03-09"},
		{"2026-03-08", -1, "2026-03-06"},
		{"2026-03-17", -10, "2026-03-02"},
	} {
		if got, err := c.AddBusinessDays(date(r.from), r.n); err != nil || got != date(r.want) {
			t.Errorf("AddBusinessDays(%s, %d) = %v, %v, want %s", r.from, r.n, got, err, r.want)
		}
	}
	for _, r := range []struct {
		a, b string
		want int
	}{
		{"2026-03-06", "2026-03-06", 0},
		{"2026-03-06", "2026-03-07", 0},
		{"2026-03-06", "2026-03-09", 1},
		{"2026-03-05", "2026-03-06", 1},
		{"2026-03-06", "2026-03-05", -1},
		{"2026-03-02", "2026-03-17", 10},
		{"2026-03-17", "2026-03-02", -10},
		{"2026-03-10", "2026-03-09", 0}, // after the 9th up to the 10th, a holiday
		{"2025-12-31", "2026-12-31", 260},
	} {
		if got := c.BusinessDays(date(r.a), date(r.b)); got != r.want {
			t.Errorf("BusinessDays(%s, %s) = %d, want %d", r.a, r.b, got, r.want)
		}
	}
}

func TestChanges(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Weekdays(shifts("09:00-12:00", "12:00-13:00", "14:00-17:00")...)))
	for _, r := range []struct{ at, nextOpen, nextClose, lastOpen, lastClose string }{
		{"2026-03-05T08:00:00Z", "2026-03-05T09:00:00Z", "2026-03-05T13:00:00Z", "2026-03-04T14:00:00Z", "2026-03-04T17:00:00Z"},
		{"2026-03-05T09:00:00Z", "2026-03-05T14:00:00Z", "2026-03-05T13:00:00Z", "2026-03-04T14:00:00Z", "2026-03-04T17:00:00Z"},
		{"2026-03-05T09:00:00.000000001Z", "2026-03-05T14:00:00Z", "2026-03-05T13:00:00Z", "2026-03-05T09:00:00Z", "2026-03-04T17:00:00Z"},
		{"2026-03-05T08:59:59.999999999Z", "2026-03-05T09:00:00Z", "2026-03-05T13:00:00Z", "2026-03-04T14:00:00Z", "2026-03-04T17:00:00Z"},
		{"2026-03-05T12:00:00Z", "2026-03-05T14:00:00Z", "2026-03-05T13:00:00Z", "2026-03-05T09:00:00Z", "2026-03-04T17:00:00Z"},
		{"2026-03-05T13:00:00Z", "2026-03-05T14:00:00Z", "2026-03-05T17:00:00Z", "2026-03-05T09:00:00Z", "2026-03-04T17:00:00Z"},
		{"2026-03-05T13:00:00.5Z", "2026-03-05T14:00:00Z", "2026-03-05T17:00:00Z", "2026-03-05T09:00:00Z", "2026-03-05T13:00:00Z"},
		{"2026-03-06T17:00:00Z", "2026-03-09T09:00:00Z", "2026-03-09T13:00:00Z", "2026-03-06T14:00:00Z", "2026-03-06T13:00:00Z"},
	} {
		for name, f := range map[string]struct {
			f    func(time.Time) (time.Time, bool)
			want string
		}{
			"NextOpening":     {c.NextOpening, r.nextOpen},
			"NextClosing":     {c.NextClosing, r.nextClose},
			"PreviousOpening": {c.PreviousOpening, r.lastOpen},
			"PreviousClosing": {c.PreviousClosing, r.lastClose},
		} {
			if got, ok := f.f(at(r.at)); !ok || got.Format(time.RFC3339Nano) != f.want {
				t.Errorf("%s(%s) = %v, %v, want %s", name, r.at, got, ok, f.want)
			}
		}
	}
}

func TestAlways(t *testing.T) {
	c := calendar.Calendar{}
	paris := location(t, "Europe/Paris")
	a := at("2026-03-29T00:30:00Z").In(paris)
	wantTime(t, "2026-03-29T04:30:00+02:00")(c.Add(a, 3*time.Hour-30*time.Minute-30*time.Minute))
	wantTime(t, "2026-03-29T00:30:00+01:00")(c.Add(a, -time.Hour))
	if !c.IsAlways() || c.Location() != nil || !c.IsOpen(time.Time{}) || !c.Equal(calendar.Calendar{}) {
		t.Error("not always open")
	}
	if d := cmp.Diff(calendar.Spec{}, c.Spec()); d != "" {
		t.Error(d)
	}
	if got := c.Elapsed(a, a.Add(-time.Minute)); got != -time.Minute {
		t.Errorf("Elapsed = %v", got)
	}
	for _, f := range []func(time.Time) (time.Time, bool){c.NextOpening, c.NextClosing, c.PreviousOpening, c.PreviousClosing} {
		if got, ok := f(a); ok || !got.IsZero() {
			t.Errorf("changes at %v", got)
		}
	}
	got := slices.Collect(c.Periods(a, a.Add(time.Hour)))
	if len(got) != 1 || !got[0].Start.Equal(a) || got[0].Duration() != time.Hour {
		t.Errorf("intervals %v", got)
	}
	if got := slices.Collect(c.Periods(a, a)); got != nil {
		t.Errorf("intervals %v", got)
	}
	d := date("2026-03-07")
	if e, err := c.AddBusinessDays(d, -7); err != nil || e != date("2026-02-28") || !c.IsBusinessDay(d) || c.BusinessDays(d, e) != -7 || c.BusinessDays(e, d) != 7 {
		t.Error("every date is a business day")
	}
	if c.IsBusinessDay(calendar.Date{}) || c.BusinessDays(d, calendar.Date{}) != 0 || c.BusinessDays(calendar.Date{}, d) != 0 {
		t.Error("the zero date is none")
	}
	for _, n := range []int{math.MaxInt, math.MinInt} {
		if _, err := c.AddBusinessDays(d, n); !errors.Is(err, calendar.ErrNoHours) {
			t.Errorf("AddBusinessDays(%d): %v", n, err)
		}
	}
}

func TestMonotonicReadingsAreStripped(t *testing.T) {
	now := time.Now()
	for _, c := range []calendar.Calendar{{}, build(t, zoned(t, "UTC", calendar.Daily(shifts("00:00-24:00")...)))} {
		for _, d := range []time.Duration{0, time.Hour, -time.Hour} {
			if got, err := c.Add(now, d); err != nil || got != got.Round(0) || !got.Equal(now.Round(0).Add(d)) {
				t.Errorf("Add(now, %v) = %v, %v", d, got, err)
			}
		}
		// The wall clock counts, which the monotonic reading may deny.
		set := now.Round(0).Add(time.Hour).Round(0)
		if got := c.Elapsed(now, set); got != time.Hour {
			t.Errorf("Elapsed = %v", got)
		}
		for i := range c.Periods(now, now.Add(time.Hour)) {
			if i.Start != i.Start.Round(0) || i.End != i.End.Round(0) || i.Duration() != time.Hour {
				t.Errorf("interval %v", i)
			}
		}
	}
}

func TestResultsAreInTheCalendarsZone(t *testing.T) {
	c := build(t, zoned(t, "Asia/Kathmandu", calendar.Daily(shifts("09:00-17:00")...)))
	a := at("2026-03-05T00:00:00Z")
	wantTime(t, "2026-03-05T05:45:00+05:45")(c.Add(a, 0))
	wantTime(t, "2026-03-05T10:00:00+05:45")(c.Add(a, time.Hour))
	wantTime(t, "2026-03-04T16:00:00+05:45")(c.Add(a, -time.Hour))
	if got, _ := c.NextOpening(a); got.Location() != c.Location() {
		t.Error("opening")
	}
	if got, _ := c.PreviousClosing(a); got.Location() != c.Location() {
		t.Error("closing")
	}
	wantOpen(t, c, "2026-03-05T04:00:00Z", "2026-03-05T05:00:00Z", "2026-03-05T09:45:00+05:45", "2026-03-05T10:45:00+05:45")
}

// Wrong answers of others.

// A library that adds 24 hours to reach tomorrow skips the Sunday.
func TestSaturdayNightBeforeTheSpringChange(t *testing.T) {
	c := build(t, zoned(t, "America/New_York", calendar.Daily(shifts("09:00-17:00")...)))
	saturday := at("2026-03-07T23:30:00-05:00")
	wantTime(t, "2026-03-08T10:00:00-04:00")(c.Add(saturday, time.Hour))
	if got, ok := c.NextOpening(saturday); !ok || !got.Equal(at("2026-03-08T09:00:00-04:00")) {
		t.Errorf("opens at %v", got)
	}
	if got := c.Elapsed(saturday, at("2026-03-09T00:00:00-04:00")); got != 8*time.Hour {
		t.Errorf("Sunday has %v", got)
	}
	if got := must(c.AddBusinessDays(date("2026-03-07"), 1)); got != date("2026-03-08") {
		t.Errorf("the next business day is %v", got)
	}
}

// A calendar that never opens made others search for ever.
func TestNeverOpens(t *testing.T) {
	utc := calendar.Spec{Location: time.UTC}
	closed := utc
	closed.Special = dates(map[string][]string{"2026-03-05": {}})
	cutAway := utc
	cutAway.Special = dates(map[string][]string{"2026-03-05": {"09:00-17:00"}})
	cutAway.Breaks = dates(map[string][]string{"2026-03-05": {"08:00-12:00", "12:00-18:00"}})
	skipped := zoned(t, "America/New_York", calendar.Week{})
	skipped.Special = dates(map[string][]string{"2026-03-08": {"02:00-03:00"}})
	missing := zoned(t, "Pacific/Apia", calendar.Week{})
	missing.Special = dates(map[string][]string{"2011-12-30": {"09:00-17:00"}})
	for name, s := range map[string]calendar.Spec{"empty": utc, "closed": closed, "cut away": cutAway, "skipped": skipped, "missing date": missing} {
		if c, err := calendar.New(s); !errors.Is(err, calendar.ErrNeverOpens) || !c.IsAlways() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Special dates come to an end.
func TestSpecialDatesOnly(t *testing.T) {
	s := calendar.Spec{Location: time.UTC, Special: dates(map[string][]string{"2026-03-05": {"09:00-17:00"}, "2026-03-09": {"09:00-10:00"}})}
	c := build(t, s)
	wantTime(t, "2026-03-09T10:00:00Z")(c.Add(at("2020-01-01T00:00:00Z"), 9*time.Hour))
	wantTime(t, "2026-03-05T09:00:00Z")(c.Add(at("9999-01-01T00:00:00Z"), -9*time.Hour))
	for _, r := range []struct {
		at string
		d  time.Duration
	}{
		{"2020-01-01T00:00:00Z", 9*time.Hour + 1},
		{"2026-03-09T10:00:00Z", 1},
		{"9000-01-01T00:00:00Z", 1},
		{"2026-03-05T09:00:00Z", -1},
		{"2030-01-01T00:00:00Z", -9*time.Hour - 1},
	} {
		if got, err := c.Add(at(r.at), r.d); !errors.Is(err, calendar.ErrNoHours) || !got.IsZero() {
			t.Errorf("Add(%s, %v) = %v, %v", r.at, r.d, got, err)
		}
	}
	if got, ok := c.NextOpening(at("2026-03-09T09:00:00Z")); ok || !got.IsZero() {
		t.Errorf("opens at %v", got)
	}
	if got, ok := c.NextClosing(at("2026-03-09T10:00:00Z")); ok || !got.IsZero() {
		t.Errorf("closes at %v", got)
	}
	if got, ok := c.PreviousOpening(at("2026-03-05T09:00:00Z")); ok || !got.IsZero() {
		t.Errorf("opened at %v", got)
	}
	if got, ok := c.PreviousClosing(at("2026-03-05T17:00:00Z")); ok || !got.IsZero() {
		t.Errorf("closed at %v", got)
	}
	if got, ok := c.PreviousOpening(at("9999-03-05T09:00:00Z")); !ok || !got.Equal(at("2026-03-09T09:00:00Z")) {
		t.Errorf("opened at %v", got)
	}
	if got := must(c.AddBusinessDays(date("2020-01-01"), 2)); got != date("2026-03-09") {
		t.Errorf("second business day %v", got)
	}
	for _, n := range []int{2, -1, math.MaxInt, math.MinInt} {
		if _, err := c.AddBusinessDays(date("2026-03-05"), n); !errors.Is(err, calendar.ErrNoHours) {
			t.Errorf("AddBusinessDays(%d): %v", n, err)
		}
	}
	if got := c.BusinessDays(date("0001-01-01"), date("9999-12-31")); got != 2 {
		t.Errorf("%d business days", got)
	}
}

// The last open second of all is found by who asks from it on.
func TestLastSecond(t *testing.T) {
	c := build(t, calendar.Spec{Location: time.UTC, Special: dates(map[string][]string{"2026-03-05": {"09:00-17:00"}})})
	wantOpen(t, c, "2026-03-05T16:59:59Z", "2026-03-06T00:00:00Z", "2026-03-05T16:59:59Z", "2026-03-05T17:00:00Z")
	wantOpen(t, c, "2026-03-05T16:59:59.5Z", "2026-03-06T00:00:00Z", "2026-03-05T16:59:59Z", "2026-03-05T17:00:00Z")
	wantOpen(t, c, "2026-03-05T17:00:00Z", "2026-03-06T00:00:00Z")
}

// The ends of time: years 1 and 9999, and durations near the limits.
func TestEndsOfTime(t *testing.T) {
	c := build(t, zoned(t, "America/New_York", calendar.Daily(shifts("09:00-17:00")...)))
	wantTime(t, "0001-01-01T10:00:00-04:56")(c.Add(time.Time{}, time.Hour))
	if got, ok := c.NextOpening(time.Unix(math.MinInt64, 0)); !ok || got.Year() != 1 || got.YearDay() != 1 {
		t.Errorf("first opens at %v", got)
	}
	if got, ok := c.PreviousClosing(time.Unix(math.MaxInt64/2, 0)); !ok || got.Format(time.RFC3339) != "9999-12-31T17:00:00-05:00" {
		t.Errorf("last closes at %v", got)
	}
	if got, ok := c.NextOpening(at("9999-12-31T17:00:00-05:00")); ok {
		t.Errorf("opens at %v", got)
	}
	if got, ok := c.PreviousClosing(at("0001-01-01T12:00:00Z")); ok {
		t.Errorf("closed at %v", got)
	}
	late := at("9999-12-31T16:00:00-05:00")
	wantTime(t, "9999-12-31T17:00:00-05:00")(c.Add(late, time.Hour))
	for _, a := range []time.Time{{}, late, at("2026-03-05T12:00:00Z"), time.Unix(1<<62, 0), time.Unix(-1<<62, 999999999)} {
		for _, d := range []time.Duration{math.MinInt64, math.MinInt64 + 1, math.MaxInt64, math.MaxInt64 - 1} {
			got, err := c.Add(a, d)
			if err == nil && (c.Elapsed(a, got) != d || got.Year() < 1 || got.Year() > 9999) {
				t.Errorf("Add(%v, %v) = %v", a, d, got)
			}
			if err != nil && !errors.Is(err, calendar.ErrNoHours) {
				t.Errorf("Add(%v, %v): %v", a, d, err)
			}
		}
	}
	for _, r := range []struct {
		at time.Time
		d  time.Duration
	}{
		{late, time.Hour + 1}, {time.Time{}, -1}, {time.Unix(1<<62, 0), 1}, {time.Unix(-1<<62, 0), -1}, {late, math.MaxInt64},
	} {
		if got, err := c.Add(r.at, r.d); !errors.Is(err, calendar.ErrNoHours) || !got.IsZero() {
			t.Errorf("Add(%v, %v) = %v, %v", r.at, r.d, got, err)
		}
	}
	// A third of about 10,000 years is over the largest duration.
	if got := c.Elapsed(time.Time{}, late); got != math.MaxInt64 {
		t.Errorf("Elapsed = %v", got)
	}
	if got := c.Elapsed(late, time.Unix(-1<<62, 0)); got != math.MinInt64 {
		t.Errorf("Elapsed = %v", got)
	}
	for _, n := range []int{math.MaxInt, math.MinInt, 4_000_000, -4_000_000} {
		if _, err := c.AddBusinessDays(date("2026-03-05"), n); !errors.Is(err, calendar.ErrNoHours) {
			t.Errorf("AddBusinessDays(%d): %v", n, err)
		}
	}
	if got := c.BusinessDays(date("0001-01-01"), date("9999-12-31")); got != 3652058 {
		t.Errorf("%d business days", got)
	}
	if got := must(c.AddBusinessDays(date("0001-01-01"), 3652058)); got != date("9999-12-31") {
		t.Errorf("the last business day is %v", got)
	}
	if got := must(c.AddBusinessDays(date("9999-12-31"), -3652058)); got != date("0001-01-01") {
		t.Errorf("the first business day is %v", got)
	}
	if _, err := c.AddBusinessDays(calendar.Date{}, 0); !errors.Is(err, calendar.ErrInvalid) {
		t.Errorf("the zero date: %v", err)
	}
	if c.IsBusinessDay(calendar.Date{}) {
		t.Error("the zero date is a business day")
	}
}

// A closing time at the very end of the last date is no instant of the year 9999.
func TestEndOfTheLastDate(t *testing.T) {
	for _, zone := range []string{"UTC", "Asia/Tokyo", "America/New_York"} {
		c := build(t, zoned(t, zone, calendar.Daily(shifts("00:00-24:00")...)))
		last := must(date("9999-12-31").At(23*calendar.Hour, c.Location()))
		if got, err := c.Add(last, time.Hour-1); err != nil || !got.Equal(last.Add(time.Hour-1)) {
			t.Errorf("%s: Add = %v, %v", zone, got, err)
		}
		for _, d := range []time.Duration{time.Hour, time.Hour + 1} {
			if got, err := c.Add(last, d); !errors.Is(err, calendar.ErrNoHours) {
				t.Errorf("%s: Add(%v) = %v, %v", zone, d, got, err)
			}
		}
	}
}

// Who is open at the first midnight of all opened then, whoever asks.
func TestFirstOpening(t *testing.T) {
	for _, hours := range []string{"00:00-12:00", "00:00-24:00"} {
		for _, zone := range []string{"UTC", "Asia/Tokyo", "America/New_York"} {
			c := build(t, zoned(t, zone, calendar.Daily(shifts(hours)...)))
			first := must(date("0001-01-01").At(0, c.Location()))
			for _, after := range []time.Duration{1, time.Second, time.Hour} {
				if got, ok := c.PreviousOpening(first.Add(after)); !ok || !got.Equal(first) {
					t.Errorf("%s in %s: opened at %v, %v", hours, zone, got, ok)
				}
				if got, ok := c.NextOpening(first.Add(-after)); !ok || !got.Equal(first) {
					t.Errorf("%s in %s: opens at %v, %v", hours, zone, got, ok)
				}
			}
			if got, ok := c.PreviousOpening(first); ok {
				t.Errorf("%s in %s: opened at %v", hours, zone, got)
			}
		}
	}
}

// The first and the last date of all can have what other dates have.
func TestOddDatesAtTheEndsOfTime(t *testing.T) {
	for _, zone := range []string{"UTC", "Asia/Tokyo", "America/New_York"} {
		s := zoned(t, zone, calendar.Daily(shifts("09:00-17:00")...))
		s.Breaks = dates(map[string][]string{"0001-01-01": {"12:00-13:00"}, "9999-12-31": {"23:00-02:00", "12:00-13:00"}})
		s.Special = dates(map[string][]string{"0001-01-01": {"10:00-17:00"}, "9999-12-31": {"09:00-17:00", "22:00-06:00"}})
		c := build(t, s)
		day := func(s string) (from, to time.Time) {
			d := date(s)
			return must(d.At(0, c.Location())), must(d.At(24*calendar.Hour, c.Location()))
		}
		from, to := day("0001-01-01")
		if got := c.Elapsed(from, to); got != 6*time.Hour {
			t.Errorf("%s: the first date has %v", zone, got)
		}
		from, to = day("9999-12-31")
		if got := c.Elapsed(from, to); got != 8*time.Hour {
			t.Errorf("%s: the last date has %v", zone, got)
		}
		if got := c.BusinessDays(date("0001-01-01"), date("9999-12-31")); got != 3652058 {
			t.Errorf("%s: %d business days", zone, got)
		}
	}
}

// A duration that fits only just, to the nanosecond.
func TestElapsedSaturates(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Daily(shifts("00:00-24:00")...)))
	a := at("2000-01-01T00:00:00.25Z")
	for _, d := range []time.Duration{math.MaxInt64, math.MaxInt64 - 1, math.MinInt64 + 1} {
		b := a.Add(d)
		if got := c.Elapsed(a, b); got != d {
			t.Errorf("Elapsed = %d, want %d", got, d)
		}
		if got := must(c.Add(a, d)); !got.Equal(b) {
			t.Errorf("Add(%d) = %v, want %v", d, got, b)
		}
	}
	if got := c.Elapsed(a, a.Add(math.MaxInt64).Add(1)); got != math.MaxInt64 {
		t.Errorf("Elapsed = %d", got)
	}
	if got := c.Elapsed(a, a.Add(math.MinInt64).Add(-1)); got != math.MinInt64 {
		t.Errorf("Elapsed = %d", got)
	}
	if got := must(c.Add(a, math.MinInt64)); !got.Equal(a.Add(math.MinInt64)) {
		t.Errorf("Add = %v", got)
	}
}

func TestAlwaysEndsOfTime(t *testing.T) {
	c := calendar.Calendar{}
	first, last := time.Time{}, at("9999-12-31T23:59:59.999999999Z")
	wantTime(t, "0001-01-01T00:00:00Z")(c.Add(first.Add(1), -1))
	wantTime(t, "9999-12-31T23:59:59.999999999Z")(c.Add(last.Add(-1), 1))
	for _, r := range []struct {
		at time.Time
		d  time.Duration
	}{{first, -1}, {last, 1}, {time.Unix(math.MaxInt64, 0), math.MaxInt64}, {time.Unix(math.MinInt64, 0), math.MinInt64}, {time.Unix(1<<62, 0), 1}} {
		if got, err := c.Add(r.at, r.d); !errors.Is(err, calendar.ErrNoHours) || !got.IsZero() {
			t.Errorf("Add(%v, %v) = %v, %v", r.at, r.d, got, err)
		}
	}
	if got := c.Elapsed(first, last); got != math.MaxInt64 {
		t.Errorf("Elapsed = %v", got)
	}
}

// A calendar without gaps neither opens nor closes, but at the ends of time.
func TestNoGaps(t *testing.T) {
	c := build(t, zoned(t, "Europe/Berlin", calendar.Daily(shifts("00:00-08:00", "08:00-16:00", "16:00-00:00")...)))
	a := at("2026-03-05T12:00:00Z")
	if got, ok := c.NextClosing(a); ok {
		t.Errorf("closes at %v", got)
	}
	if got, ok := c.NextOpening(a); ok {
		t.Errorf("opens at %v", got)
	}
	if got, ok := c.PreviousClosing(a); ok {
		t.Errorf("closed at %v", got)
	}
	if got, ok := c.PreviousOpening(a); !ok || got.Year() != 1 || got.YearDay() != 1 || got.Hour() != 0 {
		t.Errorf("opened at %v", got)
	}
	all := slices.Collect(c.Periods(time.Unix(-1<<62, 0), time.Unix(1<<62, 0)))
	if len(all) != 1 || all[0].Start.Format(time.DateTime) != "0001-01-01 00:00:00" || all[0].End.Format(time.DateTime) != "10000-01-01 00:00:00" {
		t.Errorf("intervals %v", all)
	}
	if c.IsAlways() {
		t.Error("made of shifts")
	}
	// The end of 9999 is no closing that could be told; the one before is.
	s := c.Spec()
	s.Holidays = []calendar.Holiday{{Date: date("9999-12-30")}}
	for _, far := range []time.Time{at("9999-12-31T12:00:00Z"), time.Unix(1<<62, 0)} {
		if got, ok := build(t, s).PreviousClosing(far); !ok || got.Format(time.RFC3339) != "9999-12-30T00:00:00+01:00" {
			t.Errorf("closed at %v, %v", got, ok)
		}
		if got, ok := build(t, s).PreviousOpening(far); !ok || got.Format(time.RFC3339) != "9999-12-31T00:00:00+01:00" {
			t.Errorf("opened at %v, %v", got, ok)
		}
	}
	if got, ok := build(t, s).PreviousClosing(time.Unix(-1<<62, 0)); ok {
		t.Errorf("closed at %v", got)
	}
}

func TestIntervalsStops(t *testing.T) {
	c := build(t, zoned(t, "UTC", calendar.Daily(shifts("09:00-17:00")...)))
	n := 0
	for range c.Periods(at("2026-03-05T00:00:00Z"), at("9999-01-01T00:00:00Z")) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d intervals", n)
	}
	for _, r := range [][2]string{
		{"2026-03-05T12:00:00Z", "2026-03-05T12:00:00Z"},
		{"2026-03-06T12:00:00Z", "2026-03-05T12:00:00Z"},
		{"2026-03-05T17:00:00Z", "2026-03-06T09:00:00Z"},
	} {
		wantOpen(t, c, r[0], r[1])
	}
	wantOpen(t, c, "2026-03-05T16:00:00Z", "2026-03-05T17:00:00Z", "2026-03-05T16:00:00Z", "2026-03-05T17:00:00Z")
	got := slices.Collect(c.Periods(at("2026-03-05T16:59:59.25Z"), at("2026-03-06T09:00:00.5Z")))
	if len(got) != 2 || got[0].Duration() != 750*time.Millisecond || got[1].Duration() != 500*time.Millisecond {
		t.Errorf("intervals %v", got)
	}
}

// Hours without a gap have one where the date is missing that would fill it.
func TestGapOnlyWhereADateIsMissing(t *testing.T) {
	around := shifts("00:00-24:00")
	c := build(t, zoned(t, "Pacific/Apia", calendar.Week{
		time.Sunday: around, time.Monday: around, time.Tuesday: around, time.Wednesday: around,
		time.Thursday: shifts("00:00-22:00", "22:00-06:00"),
		time.Friday:   shifts("06:00-14:00", "14:00-08:00"),
		time.Saturday: shifts("08:00-24:00"),
	}))
	want := at("2011-12-31T06:00:00+14:00")
	for _, s := range []string{"2011-01-05T00:00:00Z", "1950-01-05T00:00:00Z"} {
		if got, ok := c.NextClosing(at(s)); !ok || !got.Equal(want) {
			t.Errorf("after %s it closes at %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"2012-01-05T00:00:00Z", "2103-01-05T00:00:00Z", "2500-01-05T00:00:00Z", "9999-12-31T00:00:00Z"} {
		if got, ok := c.PreviousClosing(at(s)); !ok || !got.Equal(want) {
			t.Errorf("before %s it closed at %v, %v", s, got, ok)
		}
		if got, ok := c.NextClosing(at(s)); ok {
			t.Errorf("after %s it closes at %v", s, got)
		}
	}
}

// Over thousands of years to a single holiday, in either direction.
func TestFarChanges(t *testing.T) {
	for year, day := range map[int]string{3000: "3000-06-01", 2026: "2026-06-01", 1000: "1000-06-01"} {
		s := zoned(t, "America/New_York", calendar.Daily(shifts("00:00-24:00")...))
		s.Holidays = []calendar.Holiday{{Date: date(day)}}
		c := build(t, s)
		closes, opens := must(date(day).At(0, s.Location)), must(date(day).At(24*calendar.Hour, s.Location))
		for _, from := range []int{2, 2020, 2500} {
			a := time.Date(from, 1, 1, 0, 0, 0, 0, s.Location)
			if got, ok := c.NextClosing(a); ok != (year > from) || ok && !got.Equal(closes) {
				t.Errorf("%s: after %d it closes at %v, %v", day, from, got, ok)
			}
			if got, ok := c.NextOpening(a); ok != (year > from) || ok && !got.Equal(opens) {
				t.Errorf("%s: after %d it opens at %v, %v", day, from, got, ok)
			}
			if got, ok := c.PreviousClosing(a); ok != (year < from) || ok && !got.Equal(closes) {
				t.Errorf("%s: before %d it closed at %v, %v", day, from, got, ok)
			}
			if got, ok := c.PreviousOpening(a); !ok || year < from && !got.Equal(opens) || year > from && got.Year() != 1 {
				t.Errorf("%s: before %d it opened at %v, %v", day, from, got, ok)
			}
		}
		special := calendar.Spec{Location: s.Location, Special: dates(map[string][]string{day: {"09:00-17:00"}})}
		c = build(t, special)
		opens, closes = must(date(day).At(9*calendar.Hour, s.Location)), must(date(day).At(17*calendar.Hour, s.Location))
		if got, ok := c.NextOpening(time.Time{}); !ok || !got.Equal(opens) {
			t.Errorf("%s: opens at %v, %v", day, got, ok)
		}
		if got, ok := c.PreviousClosing(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)); !ok || !got.Equal(closes) {
			t.Errorf("%s: closed at %v, %v", day, got, ok)
		}
	}
}
