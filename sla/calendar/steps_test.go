package calendar_test

import (
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// An answer costs a step for each clock change that it passes, and none where
// nothing opens or closes any more: that is known without walking the years.
func TestSteps(t *testing.T) {
	// New York's clocks change on 2026-03-08 and 2026-11-01.
	office := site(t, "America/New_York", calendar.Weekdays(shifts("09:00-17:00")...))
	atTheChange := site(t, "America/New_York", calendar.Daily(shifts("03:00-02:00")...))
	overTheChange := site(t, "America/New_York", calendar.Daily(shifts("03:00-02:30")...))
	week := build(t, calendar.Spec{Location: location(t, "America/New_York"), Special: dates(map[string][]string{"2026-06-01": {"09:00-17:00"}, "2026-06-05": {"09:00-17:00"}})})
	later := build(t, calendar.Spec{Location: location(t, "America/New_York"), Special: dates(map[string][]string{"2201-01-01": {"09:00-17:00"}})})
	allDay := site(t, "America/New_York", calendar.Daily(calendar.MustShift("00:00-24:00")))
	noGaps := must(calendar.Union(office, must(calendar.Complement(office))))
	const year = 366 * 24 * time.Hour
	type question struct {
		cal  calendar.Calendar
		from string
		ask  func(c calendar.Calendar, t time.Time)
		want int // steps
	}
	add := func(d time.Duration) func(calendar.Calendar, time.Time) {
		return func(c calendar.Calendar, t time.Time) { _, _ = c.Add(t, d) }
	}
	elapsed := func(d time.Duration) func(calendar.Calendar, time.Time) {
		return func(c calendar.Calendar, t time.Time) { c.Elapsed(t, t.Add(d)) }
	}
	opening := func(c calendar.Calendar, t time.Time) { c.NextOpening(t) }
	closing := func(c calendar.Calendar, t time.Time) { c.NextClosing(t) }
	opened := func(c calendar.Calendar, t time.Time) { c.PreviousOpening(t) }
	closed := func(c calendar.Calendar, t time.Time) { c.PreviousClosing(t) }
	questions := map[string]question{
		"8 h":                      {office, "2026-06-01T12:00:00Z", add(8 * time.Hour), 1},
		"8 h over a change":        {office, "2026-03-06T20:00:00Z", add(8 * time.Hour), 2},
		"8 h back":                 {office, "2026-06-01T12:00:00Z", add(-8 * time.Hour), 1},
		"2000 h":                   {office, "2026-06-01T12:00:00Z", add(2000 * time.Hour), 3},
		"2000 h back":              {office, "2026-06-01T12:00:00Z", add(-2000 * time.Hour), 3},
		"a year":                   {office, "2026-06-01T12:00:00Z", elapsed(year), 3},
		"until a change":           {office, "2026-10-31T06:00:00Z", elapsed(24 * time.Hour), 2},
		"opening at a change":      {atTheChange, "2026-01-01T00:00:00Z", elapsed(year), 3},
		"closing within a change":  {overTheChange, "2026-01-01T00:00:00Z", elapsed(year), 4},
		"opening":                  {office, "2026-06-01T12:00:00Z", opening, 2},
		"closing":                  {office, "2026-06-01T12:00:00Z", closing, 2},
		"opened":                   {office, "2026-06-01T12:00:00Z", opened, 2},
		"closed":                   {office, "2026-06-01T12:00:00Z", closed, 2},
		"opening, over":            {week, "2026-07-01T00:00:00Z", opening, 1},
		"opening, in 175 years":    {later, "2026-01-01T00:00:00Z", opening, 4},
		"opened, 175 years ago":    {week, "2201-06-01T00:00:00Z", opened, 3},
		"opening, over for long":   {later, "2201-02-01T00:00:00Z", opening, 1},
		"closing, over":            {week, "2026-07-01T00:00:00Z", closing, 0},
		"closing, last":            {week, "2026-06-05T18:00:00Z", closing, 2},
		"opened, not yet":          {week, "2026-01-01T00:00:00Z", opened, 0},
		"closed, not yet":          {week, "2026-01-01T00:00:00Z", closed, 1},
		"opened, at the opening":   {week, "2026-06-01T13:00:00Z", opened, 0},
		"opening, last":            {week, "2026-06-02T00:00:00Z", opening, 2},
		"9 h more than there are":  {week, "2026-06-01T13:00:00Z", add(25 * time.Hour), 1},
		"all that there are":       {week, "2026-06-01T13:00:00Z", add(16 * time.Hour), 1},
		"9 h more than there were": {week, "2026-06-05T21:00:00Z", add(-25 * time.Hour), 1},
		"all that there were":      {week, "2026-06-05T21:00:00Z", add(-16 * time.Hour), 1},
		"without gaps, opening":    {allDay, "2026-06-01T12:00:00Z", opening, 3},
		"without gaps, closing":    {allDay, "2026-06-01T12:00:00Z", closing, 3},
		"without gaps, opened":     {allDay, "2026-06-01T12:00:00Z", opened, 1},
		"without gaps, closed":     {allDay, "2026-06-01T12:00:00Z", closed, 0},
		"union, opening":           {noGaps, "2026-06-01T12:00:00Z", opening, 3},
		"union, closing":           {noGaps, "2026-06-01T12:00:00Z", closing, 3},
		"union, opened":            {noGaps, "2026-06-01T12:00:00Z", opened, 1},
		"union, closed":            {noGaps, "2026-06-01T12:00:00Z", closed, 0},
	}
	for name, q := range questions {
		c, steps := calendar.Steps(q.cal, false)
		q.ask(c, at(q.from))
		if *steps != q.want {
			t.Errorf("%s: %d steps, want %d", name, *steps, q.want)
		}
	}
	for from, want := range map[string]int{"1999-12-01T00:00:00Z": 1, "2000-01-01T00:00:00Z": 0, "2026-06-01T00:00:00Z": 0, "2049-12-01T00:00:00Z": 0, "2051-06-01T00:00:00Z": 1} {
		c, steps := calendar.Steps(office, true)
		if c.IsOpen(at(from)); *steps != want {
			t.Errorf("%s: %d steps beside the table, want %d", from, *steps, want)
		}
	}
}
