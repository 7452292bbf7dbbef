package calendar_test

import (
	"fmt"
	"log"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// inZone returns a calendar of weekdays in a zone.
func inZone(name, zone string, shifts ...calendar.Shift) calendar.Calendar {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		log.Fatal(err)
	}
	c, err := calendar.New(calendar.Spec{Location: loc, Week: calendar.Weekdays(shifts...)})
	if err != nil {
		log.Fatal(err)
	}
	return c.Named(name)
}

// Three sites hand over to each other: the support follows the sun.
func ExampleUnion() {
	day := calendar.MustShift("09:00-17:00")
	support, err := calendar.Union(
		inZone("Singapore", "Asia/Singapore", day),
		inZone("Berlin", "Europe/Berlin", day),
		inZone("New York", "America/New_York", day))
	if err != nil {
		log.Fatal(err)
	}
	opened := time.Date(2026, time.March, 6, 19, 0, 0, 0, time.UTC) // a Friday
	due, err := support.Add(opened, 8*time.Hour)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(due.UTC().Format("Mon 15:04"))
	for p := range support.Periods(opened, due) {
		fmt.Println(p.Start.UTC().Format("Mon 15:04"), "to", p.End.UTC().Format("Mon 15:04"))
	}
	// Output:
	// Mon 06:00
	// Fri 19:00 to Fri 22:00
	// Mon 01:00 to Mon 06:00
}

// On call means the hours outside office hours, nights and weekends.
func ExampleComplement() {
	office := inZone("office", "Europe/Berlin", calendar.MustShift("09:00-17:00"))
	onCall, err := calendar.Complement(office)
	if err != nil {
		log.Fatal(err)
	}
	friday := time.Date(2026, time.March, 6, 12, 0, 0, 0, office.Location())
	monday := friday.AddDate(0, 0, 3)
	fmt.Println(office.Elapsed(friday, monday), onCall.Elapsed(friday, monday))
	// Output: 8h0m0s 64h0m0s
}

// A target of one calendar is at least as good on another that covers it.
func ExampleCalendar_Covers() {
	split := inZone("split", "Europe/Berlin", calendar.MustShift("09:00-12:00"), calendar.MustShift("12:00-17:00"))
	whole := inZone("whole", "Europe/Berlin", calendar.MustShift("09:00-17:00"))
	longer := inZone("longer", "Europe/Berlin", calendar.MustShift("08:00-20:00"))
	fmt.Println(split.Covers(whole), whole.Covers(split))
	fmt.Println(longer.Covers(whole), whole.Covers(longer))
	// Output:
	// true true
	// true false
}

// A holiday with a name, and a half day before it.
func ExampleCalendar_Holiday() {
	christmasEve, christmas := calendar.MustDate("2026-12-24"), calendar.MustDate("2026-12-25")
	c, err := calendar.New(calendar.Spec{
		Location: time.UTC,
		Week:     calendar.Weekdays(calendar.MustShift("09:00-17:00")),
		Holidays: []calendar.Holiday{{Date: christmas, Name: "Christmas Day"}},
		Special:  map[calendar.Date][]calendar.Shift{christmasEve: {calendar.MustShift("09:00-12:00")}},
	})
	if err != nil {
		log.Fatal(err)
	}
	due, err := c.Add(time.Date(2026, time.December, 24, 10, 0, 0, 0, time.UTC), 4*time.Hour)
	if err != nil {
		log.Fatal(err)
	}
	h, _ := c.Holiday(christmas)
	fmt.Println(due.Format("Mon 2 January 15:04"))
	fmt.Println(h.Date, h.Name)
	// Output:
	// Mon 28 December 11:00
	// 2026-12-25 Christmas Day
}

// A deadline after the last known holidays may fall on a holiday.
func ExampleCalendar_HolidaysUntil() {
	c, err := calendar.New(calendar.Spec{
		Location: time.UTC,
		Week:     calendar.Weekdays(calendar.MustShift("09:00-17:00")),
		Holidays: []calendar.Holiday{{Date: calendar.MustDate("2026-12-25")}},
	})
	if err != nil {
		log.Fatal(err)
	}
	due, err := c.Add(time.Date(2026, time.December, 24, 10, 0, 0, 0, time.UTC), 48*time.Hour)
	if err != nil {
		log.Fatal(err)
	}
	until, ok := c.HolidaysUntil()
	fmt.Println(until.Format(time.DateOnly), ok && due.After(until))
	// Output: 2027-01-01 true
}

// From the new year on, the office opens an hour earlier.
func ExampleSpec_later() {
	newYear := calendar.MustDate("2027-01-01")
	c, err := calendar.New(calendar.Spec{
		Location: time.UTC,
		Week:     calendar.Weekdays(calendar.MustShift("09:00-17:00")),
		Later:    map[calendar.Date]calendar.Week{newYear: calendar.Weekdays(calendar.MustShift("08:00-17:00"))},
	})
	if err != nil {
		log.Fatal(err)
	}
	for p := range c.Periods(time.Date(2026, time.December, 31, 0, 0, 0, 0, time.UTC), time.Date(2027, time.January, 2, 0, 0, 0, 0, time.UTC)) {
		fmt.Println(p.Start.Format("2 January 2006 15:04"))
	}
	// Output:
	// 31 December 2026 09:00
	// 1 January 2027 08:00
}

// Months from the 31st begin on the last day of shorter months, without drift.
func ExampleNthMonth() {
	anchor := calendar.MustDate("2026-01-31")
	for n := range 3 {
		p, err := calendar.NthMonth(anchor, n, time.UTC)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.Start.Format(time.DateOnly), "to", p.End.Format(time.DateOnly))
	}
	// Output:
	// 2026-01-31 to 2026-02-28
	// 2026-02-28 to 2026-03-31
	// 2026-03-31 to 2026-04-30
}

// By 17:00 on the second business day.
func ExampleCalendar_OnBusinessDay() {
	office := inZone("office", "America/New_York", calendar.MustShift("09:00-17:00"))
	opened := time.Date(2026, time.March, 5, 16, 30, 0, 0, office.Location()) // a Thursday
	due, err := office.OnBusinessDay(opened, 2, 17*calendar.Hour)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(due.Format("Mon 2 January 15:04"))
	// Output: Mon 9 March 17:00
}

// A New Year's Day on a Saturday is observed on the Friday before, in the old
// year.
func ExampleHolidays() {
	newYear := func(year int) calendar.Holiday {
		d := calendar.Date{Year: year, Month: time.January, Day: 1}
		if d.Weekday() == time.Saturday {
			d = d.AddDays(-1)
		}
		return calendar.Holiday{Date: d, Name: "New Year's Day"}
	}
	for _, h := range calendar.Holidays(2027, 2027, newYear) {
		fmt.Println(h.Date)
	}
	// Output:
	// 2027-01-01
	// 2027-12-31
}

// An error names the field, for values made in Go and for JSON.
func ExampleFieldError() {
	_, err := calendar.New(calendar.Spec{
		Location: time.UTC,
		Week:     calendar.Week{time.Monday: {calendar.MustShift("09:00-12:00"), {Open: 13 * calendar.Hour, Close: 13 * calendar.Hour}}},
	})
	fmt.Println(err)
	// Output: calendar: new: week.monday[1]: 13:00-13:00: opens and closes at the same time; 24 hours are 13:00+24h: not a shift
}

// Where two sites are open at once they can hand over.
func ExampleIntersection() {
	day := calendar.MustShift("09:00-17:00")
	handover, err := calendar.Intersection(inZone("Berlin", "Europe/Berlin", day), inZone("New York", "America/New_York", day))
	if err != nil {
		log.Fatal(err)
	}
	monday := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	for p := range handover.Periods(monday, monday.AddDate(0, 0, 1)) {
		fmt.Println(p)
	}
	// Output: [2026-03-02T15:00:00+01:00, 2026-03-02T17:00:00+01:00)
}

// Thanksgiving is the fourth Thursday of November.
func ExampleNthWeekday() {
	fmt.Println(calendar.NthWeekday(2026, time.November, time.Thursday, 4))
	// Output: 2026-11-26
}

// An answer on a business day is promised for the evening, and else for the next
// morning that support is there.
func ExampleCalendar_IsBusinessDay() {
	office := inZone("Berlin", "Europe/Berlin", calendar.MustShift("09:00-17:00"))
	evening, err := calendar.ParseTimeOfDay("18:00")
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range []string{"2026-03-06", "2026-03-07"} {
		date, at := calendar.MustDate(s), evening
		if !office.IsBusinessDay(date) {
			next, err := office.AddBusinessDays(date, 1)
			if err != nil {
				log.Fatal(err)
			}
			date, at = next, 9*calendar.Hour
		}
		fmt.Println(date, at)
	}
	// Output:
	// 2026-03-06 18:00
	// 2026-03-09 09:00
}
