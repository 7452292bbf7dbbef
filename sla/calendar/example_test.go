package calendar_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// support returns the hours of the examples: Monday to Friday from 9 to 17 in
// New York, but for Thanksgiving, and until noon on the day after.
func support() calendar.Calendar {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	thanksgiving := func(year int) calendar.Holiday {
		return calendar.Holiday{Date: calendar.NthWeekday(year, time.November, time.Thursday, 4), Name: "Thanksgiving"}
	}
	c, err := calendar.New(calendar.Spec{
		Location: loc,
		Week:     calendar.Weekdays(calendar.Shift{Open: 9 * calendar.Hour, Close: 17 * calendar.Hour}),
		Holidays: calendar.Holidays(2026, 2035, thanksgiving),
		Special: map[calendar.Date][]calendar.Shift{
			{Year: 2026, Month: time.November, Day: 27}: {{Open: 9 * calendar.Hour, Close: 12 * calendar.Hour}},
		},
	})
	if err != nil {
		panic(err)
	}
	return c
}

func ExampleNew() {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	hours := []calendar.Shift{
		{Open: 8*calendar.Hour + 30*calendar.Minute, Close: 12 * calendar.Hour},
		{Open: 13 * calendar.Hour, Close: 17 * calendar.Hour},
	}
	week := calendar.Weekdays(hours...)
	week[time.Saturday] = []calendar.Shift{{Open: 22 * calendar.Hour, Close: 6 * calendar.Hour}} // until Sunday
	c, err := calendar.New(calendar.Spec{Location: loc, Week: week})
	if err != nil {
		panic(err)
	}
	fmt.Println(c.IsOpen(time.Date(2026, time.March, 2, 12, 30, 0, 0, loc)))
	fmt.Println(c.IsOpen(time.Date(2026, time.March, 8, 1, 0, 0, 0, loc)))
	// Output:
	// false
	// true
}

func ExampleCalendar_Add() {
	c := support()
	opened := time.Date(2026, time.November, 25, 16, 0, 0, 0, c.Location()) // a Wednesday
	due, err := c.Add(opened, 3*time.Hour)
	if err != nil {
		panic(err)
	}
	fmt.Println(due) // an hour on Wednesday, none on Thanksgiving, two on Friday
	back, err := c.Add(due, -3*time.Hour)
	if err != nil {
		panic(err)
	}
	fmt.Println(back)
	// Output:
	// 2026-11-27 11:00:00 -0500 EST
	// 2026-11-25 16:00:00 -0500 EST
}

func ExampleCalendar_Elapsed() {
	c := support()
	opened := time.Date(2026, time.November, 25, 16, 0, 0, 0, c.Location())
	answered := time.Date(2026, time.November, 30, 9, 30, 0, 0, c.Location())
	fmt.Println(c.Elapsed(opened, answered))
	// Output: 4h30m0s
}

func ExampleCalendar_Periods() {
	c := support()
	from := time.Date(2026, time.November, 25, 16, 0, 0, 0, c.Location())
	for i := range c.Periods(from, from.AddDate(0, 0, 5)) {
		fmt.Println(i.Start.Format("Mon 15:04"), "to", i.End.Format("Mon 15:04"), "is", i.Duration())
	}
	// Output:
	// Wed 16:00 to Wed 17:00 is 1h0m0s
	// Fri 09:00 to Fri 12:00 is 3h0m0s
	// Mon 09:00 to Mon 16:00 is 7h0m0s
}

func ExampleCalendar_NextOpening() {
	c := support()
	now := time.Date(2026, time.November, 25, 20, 0, 0, 0, c.Location())
	if at, ok := c.NextOpening(now); ok && !c.IsOpen(now) {
		fmt.Println("we are back on", at.Format("Monday at 15:04"))
	}
	// Output: we are back on Friday at 09:00
}

func ExampleCalendar_AddBusinessDays() {
	c := support()
	requested := calendar.Date{Year: 2026, Month: time.November, Day: 20}
	first, err := c.AddBusinessDays(requested, 10)
	if err != nil {
		panic(err)
	}
	fmt.Println(first, first.Weekday())
	fmt.Println(c.BusinessDays(requested, first))
	// Output:
	// 2026-12-07 Monday
	// 10
}

func ExampleCalendar_IsAlways() {
	var c calendar.Calendar // the zero Calendar is open around the clock
	opened := time.Date(2026, time.March, 7, 23, 50, 0, 0, time.UTC)
	due, err := c.Add(opened, 30*time.Minute)
	if err != nil {
		panic(err)
	}
	fmt.Println(due, c.Equal(calendar.Calendar{}))
	// Output: 2026-03-08 00:20:00 +0000 UTC true
}

func ExampleCalendar_MarshalJSON() {
	text := `{
		"zone": "Australia/Sydney",
		"week": {"monday": ["09:00-12:30", "13:30-17:00"], "friday": ["22:00-06:00"]},
		"holidays": ["2026-12-25"],
		"special": {"2026-12-24": ["09:00-12:00"]}
	}`
	var c calendar.Calendar
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		panic(err)
	}
	out, err := json.Marshal([]calendar.Calendar{c, {}})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(out))
	err = json.Unmarshal([]byte(`{"zone": "Australia/Sydney", "week": {"monday": ["09:00-24:01"]}}`), &c)
	fmt.Println(err)
	// Output:
	// [{"format":1,"zone":"Australia/Sydney","week":{"friday":["22:00-06:00"],"monday":["09:00-12:30","13:30-17:00"]},"holidays":["2026-12-25"],"special":{"2026-12-24":["09:00-12:00"]}},"24/7"]
	// calendar: decode: week.monday[0]: "09:00-24:01": "24:01": not a time of day from 00:00 to 24:00; want a shift as in 09:00-17:00
}

func ExampleDate_At() {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	d := calendar.Date{Year: 2026, Month: time.March, Day: 8}
	at, err := d.At(2*calendar.Hour+30*calendar.Minute, loc) // the clock skips from 2:00 to 3:00
	if err != nil {
		panic(err)
	}
	fmt.Println(at)
	// Output: 2026-03-08 03:30:00 -0400 EDT
}
