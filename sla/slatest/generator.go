package slatest

import (
	"errors"
	"slices"
	"time"
	_ "time/tzdata" // so that every machine draws the same zones

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
)

// scenes are zones, and days around which their clocks change in ways that
// deadline math gets wrong.
var scenes = []struct {
	zone string
	days []calendar.Date
}{
	{"America/New_York", []calendar.Date{{Year: 2026, Month: 3, Day: 8}, {Year: 2026, Month: 11, Day: 1}}},
	{"Europe/Berlin", []calendar.Date{{Year: 2026, Month: 3, Day: 29}, {Year: 2026, Month: 10, Day: 25}}},
	{"Australia/Sydney", []calendar.Date{{Year: 2026, Month: 4, Day: 5}, {Year: 2026, Month: 10, Day: 4}}},
	{"Australia/Lord_Howe", []calendar.Date{{Year: 2026, Month: 4, Day: 5}, {Year: 2026, Month: 10, Day: 4}}}, // half an hour
	{"Asia/Tehran", []calendar.Date{{Year: 2022, Month: 3, Day: 22}, {Year: 2022, Month: 9, Day: 22}}},
	{"Africa/Cairo", []calendar.Date{{Year: 2024, Month: 4, Day: 26}, {Year: 2024, Month: 10, Day: 31}}},
	{"America/Sao_Paulo", []calendar.Date{{Year: 2017, Month: 10, Day: 15}, {Year: 2018, Month: 2, Day: 18}}}, // no midnight, two of them
	{"America/Havana", []calendar.Date{{Year: 2024, Month: 3, Day: 10}, {Year: 2024, Month: 11, Day: 3}}},
	{"Pacific/Apia", []calendar.Date{{Year: 2011, Month: 12, Day: 30}, {Year: 2011, Month: 9, Day: 24}}}, // no such date
	{"Asia/Kathmandu", []calendar.Date{{Year: 2026, Month: 6, Day: 1}}},
	{"UTC", []calendar.Date{{Year: 2024, Month: 2, Day: 29}, {Year: 2024, Month: 12, Day: 31}}},
}

const minutesADay = 24 * 60

// drawMinute draws a minute of a day, often one near those at which clocks
// change.
func drawMinute(t *rapid.T) int {
	if rapid.Bool().Draw(t, "near a change") {
		return rapid.SampledFrom([]int{0, 15, 30, 45, 60, 90, 105, 120, 135, 150, 165, 180, 210, 23 * 60, 23*60 + 30}).Draw(t, "minute")
	}
	return rapid.IntRange(0, minutesADay-1).Draw(t, "minute")
}

func shift(open, end int) calendar.Shift {
	return calendar.Shift{Open: calendar.TimeOfDay(open) * calendar.Minute, Close: calendar.TimeOfDay(end) * calendar.Minute}
}

// drawWeek draws a week with open hours that do not overlap.
func drawWeek(t *rapid.T) (w calendar.Week) {
	switch rapid.IntRange(0, 5).Draw(t, "week") {
	case 0:
		return calendar.Weekdays(shift(9*60, 17*60))
	case 1:
		return calendar.Daily(shift(0, minutesADay))
	case 2:
		return calendar.Daily(shift(22*60, 6*60))
	}
	const week = 7 * minutesADay
	var at []int
	for range rapid.IntRange(1, 14).Draw(t, "shifts") {
		at = append(at, rapid.IntRange(0, 6).Draw(t, "weekday")*minutesADay+drawMinute(t))
	}
	slices.Sort(at)
	at = slices.Compact(at)
	for i, a := range at {
		// Until the next one opens, or for a while.
		free := (at[(i+1)%len(at)] - a + week) % week
		length := free
		if free == 0 || free >= minutesADay || rapid.IntRange(0, 3).Draw(t, "closes before the next") == 0 {
			length = rapid.IntRange(1, 60).Draw(t, "length")
			if free > 0 {
				length = min(length, free)
			}
		}
		open, end := a%minutesADay, (a+length)%minutesADay
		if end == 0 && rapid.Bool().Draw(t, "24:00") {
			end = minutesADay
		}
		w[a/minutesADay] = append(w[a/minutesADay], shift(open, end))
	}
	return w
}

// Specs draws the specs of calendars: weekly hours, to the minute, with up
// to some shifts a day, over midnight and around the clock, and up to two
// special dates, two holidays and three breaks within three days of a clock
// change. Zones are New York, Berlin, Sydney, Lord Howe, Tehran, Cairo, Sao
// Paulo, Havana, Apia, Kathmandu and UTC, and dates lie between 2011 and 2026.
// It never draws a spec without weekly hours, nor one that [calendar.New]
// refuses.
func Specs() *rapid.Generator[calendar.Spec] {
	return rapid.Custom(func(t *rapid.T) calendar.Spec {
		sc := rapid.SampledFrom(scenes).Draw(t, "scene")
		loc := right(time.LoadLocation(sc.zone))(t)
		s := calendar.Spec{Location: loc, Week: drawWeek(t)}
		day := rapid.SampledFrom(sc.days).Draw(t, "day")
		date := func() calendar.Date { return day.AddDays(rapid.IntRange(-3, 3).Draw(t, "date")) }
		for range rapid.IntRange(0, 2).Draw(t, "special dates") {
			if s.Special == nil {
				s.Special = make(map[calendar.Date][]calendar.Shift)
			}
			d, a, b := date(), drawMinute(t), drawMinute(t)
			s.Special[d] = nil
			if a != b {
				s.Special[d] = []calendar.Shift{shift(a, b)}
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "holidays") {
			d := date()
			if _, isSpecial := s.Special[d]; !isSpecial {
				s.Holidays = append(s.Holidays, calendar.Holiday{Date: d})
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "breaks") {
			if s.Breaks == nil {
				s.Breaks = make(map[calendar.Date][]calendar.Shift)
			}
			if d, a, b := date(), drawMinute(t), drawMinute(t); a != b {
				s.Breaks[d] = append(s.Breaks[d], shift(a, b))
			}
		}
		if _, err := calendar.New(s); errors.Is(err, calendar.ErrInvalid) {
			s.Special = nil // they overlap with the week's
		}
		return s
	})
}

// Calendars draws the calendars of [Specs], and now and then the one that is
// always open.
func Calendars() *rapid.Generator[calendar.Calendar] {
	return rapid.Custom(func(t *rapid.T) calendar.Calendar {
		if rapid.IntRange(0, 7).Draw(t, "always open") == 0 {
			return calendar.Calendar{}
		}
		return right(calendar.New(Specs().Draw(t, "spec")))(t)
	})
}

// right returns v; drawn values make it without an error.
func right[V any](v V, err error) func(t *rapid.T) V {
	return func(t *rapid.T) V {
		if err != nil {
			t.Fatalf("slatest: drawn: %v", err)
		}
		return v
	}
}

// Instants draws instants that deadlines go wrong at: clock changes
// of its zone from 2010 to 2030, its own dates from 1930 to 2130, a week of
// March 2026, and the openings, closings and midnights beside those; exactly,
// a nanosecond to some hours beside them, or anywhere within two days. They
// are in the calendar's zone, or in UTC around the clock. It never draws
// instants outside the years 1929 to 2131, nor the zero time.
func Instants(cal calendar.Calendar) *rapid.Generator[time.Time] {
	at := anchors(cal)
	return rapid.Custom(func(t *rapid.T) time.Time {
		anchor := rapid.SampledFrom(at).Draw(t, "around")
		base := rapid.SampledFrom(around(cal, anchor)).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "how far") {
		case 0:
			return base
		case 1:
			return base.Add(rapid.SampledFrom(offsets).Draw(t, "beside"))
		case 2:
			return base.Add(time.Duration(rapid.IntRange(-minutesADay, minutesADay).Draw(t, "minutes")) * time.Minute)
		}
		return base.Add(time.Duration(rapid.Int64Range(int64(-48*time.Hour), int64(48*time.Hour)).Draw(t, "nanoseconds")))
	})
}

// Durations draws durations of both signs, from a nanosecond to 200 hours,
// most of them whole minutes. It never draws 0.
func Durations() *rapid.Generator[time.Duration] {
	return rapid.Custom(func(t *rapid.T) time.Duration {
		var d time.Duration
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			d = rapid.SampledFrom(lengths).Draw(t, "length")
		case 1, 2:
			d = time.Duration(rapid.IntRange(1, 200*60).Draw(t, "minutes")) * time.Minute
		default:
			d = time.Duration(rapid.Int64Range(1, int64(100*time.Hour)).Draw(t, "nanoseconds"))
		}
		if rapid.Bool().Draw(t, "backward") {
			return -d
		}
		return d
	})
}
