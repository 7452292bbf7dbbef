package calendar_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/sla/calendar"
)

func TestWeeks(t *testing.T) {
	nine := shifts("09:00-17:00")
	if d := cmp.Diff(calendar.Week{nil, nine, nine, nine, nine, nine, nil}, calendar.Weekdays(nine...)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(calendar.Week{nine, nine, nine, nine, nine, nine, nine}, calendar.Daily(nine...)); d != "" {
		t.Error(d)
	}
	w := calendar.Daily(nine...)
	for d := range w {
		w[d][0].Open = calendar.TimeOfDay(d)
	}
	for d := range w {
		if w[d][0].Open != calendar.TimeOfDay(d) || nine[0].Open != 9*calendar.Hour {
			t.Errorf("day %d shares its shifts", d)
		}
	}
}

func TestBadSpecs(t *testing.T) {
	nine := calendar.Weekdays(shifts("09:00-17:00")...)
	d, bad := date("2026-03-05"), calendar.Date{Year: 2026, Month: 2, Day: 30}
	type dated = map[calendar.Date][]calendar.Shift
	last := date("9999-12-31")
	for name, r := range map[string]struct {
		spec calendar.Spec
		want error
		text string
	}{
		"zero":                {calendar.Spec{}, calendar.ErrZone, "calendar: new: zone: no location: not a time zone"},
		"never opens":         {calendar.Spec{Location: time.UTC}, calendar.ErrNeverOpens, "calendar: new: calendar never opens"},
		"empty shift":         {calendar.Spec{Location: time.UTC, Week: calendar.Week{2: shifts("09:00-10:00", "12:00-13:00"), 3: {{}}}}, calendar.ErrInvalid, "calendar: new: week.wednesday[0]: 00:00-00:00: opens and closes at the same time; 24 hours are 00:00+24h: not a shift"},
		"bad time":            {calendar.Spec{Location: time.UTC, Week: calendar.Week{0: {{Open: 1, Close: 86460}}}}, calendar.ErrInvalid, "calendar: new: week.sunday[0]: 00:00:01-TimeOfDay(86460): not a time of day from 00:00 to 24:00"},
		"overlap":             {calendar.Spec{Location: time.UTC, Week: calendar.Week{2: shifts("12:00-13:00", "09:00-12:00:01")}}, calendar.ErrInvalid, "calendar: new: week.tuesday: 09:00-12:00:01 and 12:00-13:00: shifts overlap"},
		"same":                {calendar.Spec{Location: time.UTC, Week: calendar.Week{2: shifts("12:00-13:00", "12:00-13:00")}}, calendar.ErrInvalid, "calendar: new: week.tuesday: 12:00-13:00 and 12:00-13:00: shifts overlap"},
		"next day":            {calendar.Spec{Location: time.UTC, Week: calendar.Week{6: shifts("22:00-06:00"), 0: shifts("05:59-24:00")}}, calendar.ErrInvalid, "calendar: new: week.saturday: 22:00-06:00 and 05:59-24:00: shifts overlap"},
		"Monday":              {calendar.Spec{Location: time.UTC, Week: calendar.Week{0: shifts("22:00-06:00"), 1: shifts("05:59-24:00")}}, calendar.ErrInvalid, "calendar: new: week.sunday: 22:00-06:00 and 05:59-24:00: shifts overlap"},
		"bad holiday":         {calendar.Spec{Location: time.UTC, Week: nine, Holidays: []calendar.Holiday{{Date: d}, {Date: bad}}}, calendar.ErrInvalid, "calendar: new: holidays[1]: Date(2026, 2, 30): not a date of the years 1 to 9999"},
		"clash":               {calendar.Spec{Location: time.UTC, Week: nine, Holidays: []calendar.Holiday{{Date: d}}, Special: dated{d: nil}}, calendar.ErrInvalid, "calendar: new: holidays[0]: 2026-03-05: date is both a holiday and special"},
		"bad end of holidays": {calendar.Spec{Location: time.UTC, Week: nine, HolidaysThrough: bad}, calendar.ErrInvalid, "calendar: new: holidaysThrough: Date(2026, 2, 30): not a date of the years 1 to 9999"},
		"bad special":         {calendar.Spec{Location: time.UTC, Week: nine, Special: dated{bad: nil}}, calendar.ErrInvalid, "calendar: new: special.Date(2026, 2, 30): Date(2026, 2, 30): not a date of the years 1 to 9999"},
		"bad break":           {calendar.Spec{Location: time.UTC, Week: nine, Breaks: dated{bad: shifts("12:00-13:00"), {Year: 2026, Month: 2, Day: 31}: shifts("12:00-13:00")}}, calendar.ErrInvalid, "calendar: new: breaks.Date(2026, 2, 30): Date(2026, 2, 30): not a date of the years 1 to 9999"},
		"special shift":       {calendar.Spec{Location: time.UTC, Week: nine, Special: dated{d: {{}}, d.AddDays(1): {{}}, d.AddDays(2): {{}}}}, calendar.ErrInvalid, "calendar: new: special.2026-03-05[0]: 00:00-00:00: opens and closes at the same time; 24 hours are 00:00+24h: not a shift"},
		"break shift":         {calendar.Spec{Location: time.UTC, Week: nine, Breaks: dated{d: {{Open: -1}}}}, calendar.ErrInvalid, "calendar: new: breaks.2026-03-05[0]: TimeOfDay(-1)-00:00: not a time of day from 00:00 to 24:00"},
		"special overlap":     {calendar.Spec{Location: time.UTC, Week: nine, Special: dated{d: shifts("09:00-12:00", "11:00-13:00")}}, calendar.ErrInvalid, "calendar: new: special.2026-03-05: 09:00-12:00 and 11:00-13:00: shifts overlap"},
		"last overlap":        {calendar.Spec{Location: time.UTC, Week: nine, Special: dated{last: shifts("09:00-12:00", "11:00-13:00")}}, calendar.ErrInvalid, "calendar: new: special.9999-12-31: 09:00-12:00 and 11:00-13:00: shifts overlap"},
		"first overlap":       {calendar.Spec{Location: time.UTC, Week: nine, Special: dated{date("0001-01-01"): shifts("09:00-12:00", "11:00-13:00")}}, calendar.ErrInvalid, "calendar: new: special.0001-01-01: 09:00-12:00 and 11:00-13:00: shifts overlap"},
		"night to special":    {calendar.Spec{Location: time.UTC, Week: calendar.Daily(shifts("22:00-06:00")...), Special: dated{d: shifts("05:00-08:00")}}, calendar.ErrInvalid, "calendar: new: special.2026-03-05: 22:00-06:00 and 05:00-08:00: shifts overlap"},
		"special to next":     {calendar.Spec{Location: time.UTC, Week: nine, Special: dated{d: shifts("20:00-10:00")}}, calendar.ErrInvalid, "calendar: new: special.2026-03-05: 20:00-10:00 and 09:00-17:00: shifts overlap"},
		"week to special":     {calendar.Spec{Location: time.UTC, Week: calendar.Daily(shifts("20:00-10:00")...), Special: dated{d: shifts("09:00-12:00")}}, calendar.ErrInvalid, "calendar: new: special.2026-03-05: 20:00-10:00 and 09:00-12:00: shifts overlap"},
		"several specials":    {calendar.Spec{Location: time.UTC, Week: nine, Special: dated{d: shifts("20:00-10:00"), date("2026-03-09"): shifts("20:00-10:00"), date("2026-03-10"): shifts("10:00-12:00")}}, calendar.ErrInvalid, "calendar: new: special.2026-03-05: 20:00-10:00 and 09:00-17:00: shifts overlap"},
	} {
		for range 3 { // whatever the order of maps
			c, err := calendar.New(r.spec)
			if !errors.Is(err, r.want) || err.Error() != r.text || !c.IsAlways() {
				t.Errorf("%s: got %v, want %s", name, err, r.text)
			}
		}
	}
}

// What is fine although it looks like an overlap.
func TestShiftsThatMeet(t *testing.T) {
	s := calendar.Spec{
		Location: time.UTC,
		Week:     calendar.Daily(shifts("00:00-06:00", "06:00-08:00", "22:00-24:00")...),
		Special:  dates(map[string][]string{"2026-03-05": {"20:00-05:00"}, "2026-03-06": {"05:00-06:00"}, "9999-12-31": {"22:00-06:00"}}),
		Breaks:   dates(map[string][]string{"2026-03-06": {"01:00-02:00", "01:30-03:00"}}),
		Holidays: []calendar.Holiday{{Date: date("2026-03-07")}, {Date: date("2026-03-01")}},
	}
	c := build(t, s)
	wantOpen(t, c, "2026-03-05T00:00:00Z", "2026-03-08T04:00:00Z",
		"2026-03-05T20:00:00Z", "2026-03-06T01:00:00Z",
		"2026-03-06T03:00:00Z", "2026-03-06T06:00:00Z",
		"2026-03-08T00:00:00Z", "2026-03-08T04:00:00Z")
	over := calendar.Spec{Location: time.UTC, Week: calendar.Daily(shifts("20:00-04:00")...), Special: dates(map[string][]string{"2026-03-06": {"04:00-20:00"}})}
	over.Holidays = []calendar.Holiday{{Date: date("2026-03-07")}}
	wantOpen(t, build(t, over), "2026-03-05T12:00:00Z", "2026-03-08T12:00:00Z", "2026-03-05T20:00:00Z", "2026-03-06T20:00:00Z")
}

// A calendar shares nothing with the caller.
func TestNoAliases(t *testing.T) {
	s := zoned(t, "UTC", calendar.Weekdays(shifts("13:00-17:00", "09:00-12:00")...))
	s.Holidays = []calendar.Holiday{{Date: date("2026-03-06")}, {Date: date("2026-03-05")}, {Date: date("2026-03-06")}}
	s.Special = dates(map[string][]string{"2026-03-07": {"13:00-17:00", "09:00-12:00"}, "2026-03-09": {}})
	s.Breaks = dates(map[string][]string{"2026-03-04": {"15:00-16:00", "10:00-11:00"}, "2026-03-11": {}})
	c := build(t, s)
	want := zoned(t, "UTC", calendar.Weekdays(shifts("09:00-12:00", "13:00-17:00")...))
	want.Holidays = []calendar.Holiday{{Date: date("2026-03-05")}, {Date: date("2026-03-06")}}
	want.Special = dates(map[string][]string{"2026-03-07": {"09:00-12:00", "13:00-17:00"}})
	want.Special[date("2026-03-09")] = []calendar.Shift{}
	want.Breaks = dates(map[string][]string{"2026-03-04": {"10:00-11:00", "15:00-16:00"}})
	same := cmp.Comparer(func(a, b *time.Location) bool { return a == b })
	spoil := func(s calendar.Spec) {
		s.Week[1][0] = calendar.Shift{}
		s.Holidays[0] = calendar.Holiday{}
		s.Special[date("2026-03-07")][0] = calendar.Shift{}
		s.Breaks[date("2026-03-04")][0] = calendar.Shift{}
		clear(s.Special)
		clear(s.Breaks)
	}
	if s.Week[1][0] != shifts("13:00-17:00")[0] || s.Holidays[0].Date != date("2026-03-06") || s.Special[date("2026-03-07")][0] != shifts("13:00-17:00")[0] {
		t.Error("New changed what it was given")
	}
	spoil(s)
	for range 2 {
		got := c.Spec()
		if d := cmp.Diff(want, got, same); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		spoil(got)
	}
	wantOpen(t, c, "2026-03-03T12:30:00Z", "2026-03-07T09:30:00Z",
		"2026-03-03T13:00:00Z", "2026-03-03T17:00:00Z",
		"2026-03-04T09:00:00Z", "2026-03-04T10:00:00Z",
		"2026-03-04T11:00:00Z", "2026-03-04T12:00:00Z",
		"2026-03-04T13:00:00Z", "2026-03-04T15:00:00Z",
		"2026-03-04T16:00:00Z", "2026-03-04T17:00:00Z",
		"2026-03-07T09:00:00Z", "2026-03-07T09:30:00Z")
}

func TestEqual(t *testing.T) {
	base := func() calendar.Spec {
		s := zoned(t, "America/New_York", calendar.Weekdays(shifts("09:00-12:00", "13:00-17:00")...))
		s.Holidays = []calendar.Holiday{{Date: date("2026-03-05")}, {Date: date("2026-03-06")}}
		s.Special = dates(map[string][]string{"2026-03-07": {"09:00-12:00"}})
		s.Breaks = dates(map[string][]string{"2026-03-04": {"10:00-11:00"}})
		return s
	}
	c := build(t, base())
	for name, r := range map[string]struct {
		change func(*calendar.Spec)
		want   bool
	}{
		"nothing": {func(*calendar.Spec) {}, true},
		"order":   {func(s *calendar.Spec) { s.Week[2] = shifts("13:00-17:00", "09:00-12:00") }, true},
		"holidays": {func(s *calendar.Spec) {
			s.Holidays = []calendar.Holiday{{Date: date("2026-03-06")}, {Date: date("2026-03-05")}, {Date: date("2026-03-05")}}
		}, true},
		"empty break":   {func(s *calendar.Spec) { s.Breaks[date("2026-03-03")] = nil }, true},
		"reloaded":      {func(s *calendar.Spec) { s.Location = location(t, "America/New_York") }, true},
		"week":          {func(s *calendar.Spec) { s.Week[2] = nil }, false},
		"one holiday":   {func(s *calendar.Spec) { s.Holidays = s.Holidays[:1] }, false},
		"special":       {func(s *calendar.Spec) { s.Special[date("2026-03-08")] = nil }, false},
		"break":         {func(s *calendar.Spec) { s.Breaks = nil }, false},
		"zone":          {func(s *calendar.Spec) { s.Location = location(t, "America/Toronto") }, false},
		"name of zone":  {func(s *calendar.Spec) { s.Location = location(t, "US/Eastern") }, false},
		"rules of zone": {func(s *calendar.Spec) { s.Location = time.FixedZone("America/New_York", -5*3600) }, false},
		"fixed":         {func(s *calendar.Spec) { s.Location = time.FixedZone("America/New_York", -(4*3600 + 56*60 + 2)) }, false},
	} {
		s := base()
		r.change(&s)
		d := build(t, s)
		if c.Equal(d) != r.want || d.Equal(c) != r.want {
			t.Errorf("%s: Equal = %v", name, !r.want)
		}
		if c.Equal(calendar.Calendar{}) || (calendar.Calendar{}).Equal(d) || !d.Equal(d) {
			t.Errorf("%s: equal to 24/7, or not to itself", name)
		}
	}
}
