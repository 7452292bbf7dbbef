package sla_test

import (
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// at reads an instant.
func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

// office is open on weekdays from 8 to 18 in Berlin, but for a holiday.
var office = mustCalendar(calendar.Spec{
	Location: mustZone("Europe/Berlin"),
	Week:     calendar.Weekdays(calendar.Shift{Open: 8 * calendar.Hour, Close: 18 * calendar.Hour}),
	Holidays: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: time.January, Day: 6}}},
})

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

func mustCalendar(s calendar.Spec) calendar.Calendar {
	c, err := calendar.New(s)
	if err != nil {
		panic(err)
	}
	return c
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
