package calendar_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
)

func TestHolidayNames(t *testing.T) {
	s := zoned(t, "Europe/Berlin", calendar.Weekdays(shifts("09:00-17:00")...))
	s.Holidays = []calendar.Holiday{
		{Date: date("2027-12-25"), Name: "Christmas Day"}, {Date: date("2026-12-25")},
		{Date: date("2026-12-25"), Name: "Christmas Day"}, {Date: date("2026-12-25"), Name: "another"},
		{Date: date("2026-05-01")},
	}
	c := build(t, s)
	want := []calendar.Holiday{{date("2026-05-01"), ""}, {date("2026-12-25"), "Christmas Day"}, {date("2027-12-25"), "Christmas Day"}}
	if d := cmp.Diff(want, c.Spec().Holidays); d != "" {
		t.Error(d)
	}
	for _, h := range want {
		if got, ok := c.Holiday(h.Date); !ok || got != h {
			t.Errorf("Holiday(%v) = %v, %v", h.Date, got, ok)
		}
		if got, ok := c.Holiday(h.Date.AddDays(1)); ok || got != (calendar.Holiday{}) {
			t.Errorf("the day after: %v", got)
		}
	}
	not := must(calendar.Complement(c))
	for _, c := range []calendar.Calendar{not, {}} {
		if _, ok := c.Holiday(date("2026-05-01")); ok {
			t.Error("a holiday of its own")
		}
	}
}

func TestHolidaysUntil(t *testing.T) {
	until := func(zone, through string, holidays ...string) calendar.Calendar {
		s := zoned(t, zone, calendar.Weekdays(shifts("09:00-17:00")...))
		for _, h := range holidays {
			s.Holidays = append(s.Holidays, calendar.Holiday{Date: date(h)})
		}
		if through != "" {
			s.HolidaysThrough = date(through)
		}
		return build(t, s)
	}
	tokyo, newYork := until("Asia/Tokyo", "", "2026-03-05", "2027-01-01"), until("America/New_York", "2026-06-30", "2027-01-01")
	none := until("UTC", "")
	for name, r := range map[string]struct {
		c    calendar.Calendar
		want string
	}{
		"year of the last": {tokyo, "2028-01-01T00:00:00+09:00"},
		"stated":           {newYork, "2026-07-01T00:00:00-04:00"},
		"without any":      {until("UTC", "2026-06-30"), "2026-07-01T00:00:00Z"},
		"earliest":         {must(calendar.Union(tokyo, none, newYork)), "2026-07-01T13:00:00+09:00"},
		"not":              {must(calendar.Complement(tokyo)), "2028-01-01T00:00:00+09:00"},
		"none":             {none, ""},
		"none of two":      {must(calendar.Union(none, build(t, zoned(t, "UTC", calendar.Weekdays(shifts("09:00-12:00")...))))), ""},
		"always":           {calendar.Calendar{}, ""},
	} {
		got, ok := r.c.HolidaysUntil()
		if ok != (r.want != "") || ok && got.Format(time.RFC3339) != r.want {
			t.Errorf("%s: %v, %v", name, got, ok)
		}
	}
}

func TestHoursThatChangeFromADateOn(t *testing.T) {
	s := zoned(t, "Europe/Berlin", calendar.Daily(shifts("22:00-02:00")...))
	s.Later = map[calendar.Date]calendar.Week{
		date("2026-03-05"): calendar.Weekdays(shifts("09:00-17:00")...),
		date("2026-03-10"): {},
		date("2026-03-30"): calendar.Daily(shifts("08:00-09:00")...),
	}
	s.Holidays = []calendar.Holiday{{Date: date("2026-03-06")}}
	c := build(t, s)
	wantOpen(t, c, "2026-03-03T12:00:00+01:00", "2026-04-01T00:00:00+02:00",
		"2026-03-03T22:00:00+01:00", "2026-03-04T02:00:00+01:00",
		"2026-03-04T22:00:00+01:00", "2026-03-05T02:00:00+01:00", // the last one goes on
		"2026-03-05T09:00:00+01:00", "2026-03-05T17:00:00+01:00",
		"2026-03-09T09:00:00+01:00", "2026-03-09T17:00:00+01:00",
		"2026-03-30T08:00:00+02:00", "2026-03-30T09:00:00+02:00",
		"2026-03-31T08:00:00+02:00", "2026-03-31T09:00:00+02:00")
	days := []string{"2026-03-03", "2026-03-04", "2026-03-05", "2026-03-09", "2026-03-30", "2026-03-31", "2026-04-01"}
	for i, d := range days {
		if !c.IsBusinessDay(date(d)) {
			t.Errorf("%s is no business day", d)
		}
		for j, e := range days {
			if got := c.BusinessDays(date(d), date(e)); got != j-i {
				t.Errorf("BusinessDays(%s, %s) = %d", d, e, got)
			}
			if got, err := c.AddBusinessDays(date(d), j-i); err != nil || got != date(e) {
				t.Errorf("AddBusinessDays(%s, %d) = %v, %v", d, j-i, got, err)
			}
		}
	}
	// Closed for good.
	s.Later = map[calendar.Date]calendar.Week{date("2026-03-05"): {}}
	c = build(t, s)
	if at, ok := c.NextOpening(at("2026-03-05T12:00:00Z")); ok {
		t.Errorf("opens again at %v", at)
	}
	if _, err := c.Add(at("2026-03-05T12:00:00Z"), time.Hour); !errors.Is(err, calendar.ErrNoHours) {
		t.Error(err)
	}
	if got, err := c.Add(at("2026-03-05T12:00:00Z"), -time.Hour); err != nil || !got.Equal(at("2026-03-05T01:00:00+01:00")) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := c.AddBusinessDays(date("2026-03-05"), 1); !errors.Is(err, calendar.ErrNoHours) {
		t.Error(err)
	}
	s.Week, s.Later = calendar.Week{}, map[calendar.Date]calendar.Week{date("0001-01-01"): calendar.Daily(shifts("09:00-17:00")...)}
	if got, want := build(t, s).Elapsed(at("2026-03-02T00:00:00Z"), at("2026-03-06T00:00:00Z")), 32*time.Hour; got != want {
		t.Errorf("from the first date on: %v", got)
	}
	for name, r := range map[string]struct {
		later map[calendar.Date]calendar.Week
		text  string
	}{
		"date":    {map[calendar.Date]calendar.Week{{}: {}}, "calendar: new: later.Date(0, 0, 0): Date(0, 0, 0): not a date of the years 1 to 9999"},
		"shift":   {map[calendar.Date]calendar.Week{date("2026-03-05"): {5: {{}}}}, "calendar: new: later.2026-03-05.friday[0]: 00:00-00:00: opens and closes at the same time; 24 hours are 00:00+24h: not a shift"},
		"overlap": {map[calendar.Date]calendar.Week{date("2026-03-05"): {5: shifts("09:00-17:00", "16:00-18:00")}}, "calendar: new: later.2026-03-05.friday: 09:00-17:00 and 16:00-18:00: shifts overlap"},
		"seam":    {map[calendar.Date]calendar.Week{date("2026-03-05"): {4: shifts("01:00-05:00")}}, "calendar: new: later.2026-03-05: 22:00-02:00 and 01:00-05:00: shifts overlap"},
	} {
		s.Week, s.Later = calendar.Daily(shifts("22:00-02:00")...), r.later
		_, err := calendar.New(s)
		if fe := (*calendar.FieldError)(nil); !errors.As(err, &fe) || !errors.Is(err, calendar.ErrInvalid) || err.Error() != r.text {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// New hours from a date on are the old ones before it and the new ones after.
// A date that is missing is no business day of the hours that were new then.
func TestNewHoursWhereADateIsMissing(t *testing.T) {
	s := zoned(t, "Pacific/Apia", calendar.Week{time.Monday: shifts("09:00-17:00")})
	s.Later = map[calendar.Date]calendar.Week{date("2011-06-01"): calendar.Daily(shifts("09:00-17:00")...)}
	c := build(t, s)
	if c.IsBusinessDay(date("2011-12-30")) || !c.IsBusinessDay(date("2011-12-29")) || !c.IsBusinessDay(date("2011-12-31")) {
		t.Error("the missing date is a business day, or those around it are not")
	}
	if got := c.BusinessDays(date("2011-12-25"), date("2011-12-31")); got != 5 {
		t.Errorf("%d business days, want 5", got)
	}
}

func TestLawsLater(t *testing.T) {
	all := watched()
	rapid.Check(t, func(t *rapid.T) {
		sc := rapid.SampledFrom(all).Draw(t, "scene")
		s := drawSpec(t, sc)
		s.Later = map[calendar.Date]calendar.Week{}
		for range rapid.IntRange(1, 2).Draw(t, "changes") {
			s.Later[calendar.MustDate(sc.day).AddDays(rapid.IntRange(-3, 3).Draw(t, "from"))] = drawWeek(t)
		}
		c, err := calendar.New(s)
		if err != nil {
			t.Skip("shifts overlap")
		}
		// The hours of single dates say the same.
		plain := s
		plain.Later = nil
		plain.Special = map[calendar.Date][]calendar.Shift{}
		for d := calendar.MustDate(sc.day).AddDays(-20); d.DaysSince(calendar.MustDate(sc.day)) < 20; d = d.AddDays(1) {
			week, from := s.Week, calendar.Date{}
			for later, w := range s.Later {
				if later.Compare(d) <= 0 && later.Compare(from) > 0 {
					week, from = w, later
				}
			}
			plain.Special[d] = week[d.Weekday()]
			if special, ok := s.Special[d]; ok {
				plain.Special[d] = special
			}
			if slices.Contains(s.Holidays, calendar.Holiday{Date: d}) {
				plain.Special[d] = nil
			}
		}
		plain.Holidays = nil
		want, err := calendar.New(plain)
		if err != nil {
			t.Skip("shifts overlap")
		}
		from, to := sc.at(0), sc.at(len(sc.shows)-1)
		if from.After(to) {
			from, to = to, from
		}
		var x, y []calendar.Period
		for p := range c.Periods(from, to) {
			x = append(x, p)
		}
		for p := range want.Periods(from, to) {
			y = append(y, p)
		}
		if !slices.EqualFunc(x, y, calendar.Period.Equal) {
			t.Fatalf("%v: %v, want %v", s, x, y)
		}
		d, e := calendar.MustDate(sc.day).AddDays(-10), calendar.MustDate(sc.day).AddDays(10)
		if got, want := c.BusinessDays(d, e), want.BusinessDays(d, e); got != want {
			t.Fatalf("%v: %d business days, want %d", s, got, want)
		}
		if n := c.BusinessDays(d, e); n > 0 {
			got, err1 := c.AddBusinessDays(d, n)
			other, err2 := want.AddBusinessDays(d, n)
			if err1 != nil || err2 != nil || got != other {
				t.Fatalf("%v: %d business days: %v, %v, want %v, %v", s, n, got, err1, other, err2)
			}
		}
	})
}

// Twenty-four hours from nine to nine belong to the date on which they begin.
func TestAroundTheClock(t *testing.T) {
	nine := calendar.Shift{Open: 9 * calendar.Hour, Close: 33 * calendar.Hour}
	s := zoned(t, "Europe/Berlin", calendar.Weekdays(nine))
	s.Holidays = []calendar.Holiday{{Date: date("2026-03-31")}}
	c := build(t, s)
	wantOpen(t, c, "2026-03-27T00:00:00+01:00", "2026-04-03T00:00:00+02:00",
		"2026-03-27T00:00:00+01:00", "2026-03-28T09:00:00+01:00", // Thursday's and Friday's
		"2026-03-30T09:00:00+02:00", "2026-03-31T09:00:00+02:00",
		"2026-04-01T09:00:00+02:00", "2026-04-03T00:00:00+02:00")
	if c.IsBusinessDay(date("2026-03-31")) || !c.IsBusinessDay(date("2026-03-30")) {
		t.Error("business days")
	}
	every := build(t, zoned(t, "Europe/Berlin", calendar.Daily(nine)))
	if !every.Covers(calendar.Calendar{}) {
		t.Error("there is a gap between nine and nine")
	}
	text := must(json.Marshal(c))
	var d calendar.Calendar
	if err := json.Unmarshal(text, &d); err != nil || !d.Equal(c) || !strings.Contains(string(text), `"09:00+24h"`) {
		t.Errorf("%s: %v", text, err)
	}
	s.Week = calendar.Daily(nine, calendar.MustShift("08:00-09:00"))
	if _, err := calendar.New(s); err == nil || err.Error() != "calendar: new: week.monday: 09:00+24h and 08:00-09:00: shifts overlap" {
		t.Error(err)
	}
}

func TestOnBusinessDay(t *testing.T) {
	s := zoned(t, "America/New_York", calendar.Weekdays(shifts("09:00-17:00")...))
	s.Holidays = []calendar.Holiday{{Date: date("2026-03-09")}}
	c := build(t, s)
	friday := at("2026-03-07T02:00:00Z") // still Friday in New York
	wantTime(t, "2026-03-11T17:00:00-04:00")(c.OnBusinessDay(friday, 2, 17*calendar.Hour))
	wantTime(t, "2026-03-06T17:00:00-05:00")(c.OnBusinessDay(friday, 0, 17*calendar.Hour))
	wantTime(t, "2026-03-05T09:00:00-05:00")(c.OnBusinessDay(friday, -1, 9*calendar.Hour))
	wantTime(t, "2026-03-09T17:00:00Z")(calendar.Calendar{}.OnBusinessDay(friday, 2, 17*calendar.Hour))
	if _, err := c.OnBusinessDay(friday, 2, -1); !errors.Is(err, calendar.ErrInvalid) {
		t.Error(err)
	}
	if _, err := c.OnBusinessDay(time.Time{}, 2, 0); !errors.Is(err, calendar.ErrInvalid) {
		t.Error(err)
	}
	s.Later = map[calendar.Date]calendar.Week{date("2026-03-01"): {}}
	if _, err := build(t, s).OnBusinessDay(friday, 2, 0); !errors.Is(err, calendar.ErrNoHours) {
		t.Errorf("closed for good: %v", err)
	}
}

func TestNamedJSON(t *testing.T) {
	s := zoned(t, "Europe/Berlin", calendar.Weekdays(shifts("09:00-17:00")...))
	s.Holidays = []calendar.Holiday{{date("2026-12-25"), "Christmas Day"}, {date("2027-12-25"), "Christmas Day"}, {Date: date("2026-05-01")}}
	s.HolidaysThrough = date("2027-12-31")
	s.Later = map[calendar.Date]calendar.Week{date("2027-01-01"): {time.Monday: shifts("08:00-12:00")}}
	berlin := build(t, s).Named("Berlin")
	utc := build(t, zoned(t, "UTC", calendar.Week{time.Monday: shifts("10:00-18:00")}))
	const week = `"week":{"friday":["09:00-17:00"],"monday":["09:00-17:00"],"thursday":["09:00-17:00"],"tuesday":["09:00-17:00"],"wednesday":["09:00-17:00"]}`
	const berlinText = `"name":"Berlin","zone":"Europe/Berlin",` + week + `,"later":{"2027-01-01":{"monday":["08:00-12:00"]}},"holidays":{"":"2026-05-01","Christmas Day":"2026-12-25 2027-12-25"},"holidaysThrough":"2027-12-31"}`
	const utcText = `"zone":"UTC","week":{"monday":["10:00-18:00"]}}`
	for want, c := range map[string]calendar.Calendar{
		`{"format":1,` + berlinText:                                                                   berlin,
		`{"format":1,"name":"always","hours":"24/7"}`:                                                 calendar.Calendar{}.Named("always"),
		`{"format":1,"name":"both","union":[{` + berlinText + `,{` + utcText + `]}`:                   must(calendar.Union(berlin, utc)).Named("both"),
		`{"format":1,"intersection":[{` + utcText + `,{"complement":{` + berlinText + `}]}`:           must(calendar.Intersection(utc, must(calendar.Complement(berlin)))),
		`{"format":1,"name":"on call","complement":{"union":[{` + utcText + `,{` + berlinText + `]}}`: must(calendar.Complement(must(calendar.Union(utc, berlin)))).Named("on call"),
	} {
		text, err := json.Marshal(c)
		if err != nil || string(text) != want {
			t.Errorf("%s, %v, want %s", text, err, want)
		}
		var d calendar.Calendar
		if err := json.Unmarshal(text, &d); err != nil || !d.Equal(c) || d.Name() != c.Name() {
			t.Errorf("%s: %v", text, err)
		}
		if again := must(json.Marshal(&d)); string(again) != want {
			t.Errorf("again %s", again)
		}
	}
	listed := calendar.Calendar{}
	if err := json.Unmarshal([]byte(strings.Replace("{"+berlinText, `"2026-12-25 2027-12-25"`, `["2026-12-25","2027-12-25"]`, 1)), &listed); err != nil || !listed.Equal(berlin) {
		t.Errorf("lists by name: %v", err)
	}
	for text, want := range map[string]string{
		`{"format":2,"zone":"UTC"}`:                                      "calendar: decode: format: 2: this version reads up to 1: written by a newer version",
		`{"hours":"24x7"}`:                                               `calendar: decode: hours: invalid JSON: want "24/7", not "24x7"`,
		`{"hours":"24/7","zone":"UTC"}`:                                  "calendar: decode: zone: invalid JSON: unknown field",
		`{"union":[]}`:                                                   "calendar: decode: union of no calendars: invalid calendar",
		`{"union":[{"zone":"UTC"}]}`:                                     "calendar: decode: union[0]: calendar never opens",
		`{"intersection":[{"complement":{"zone":"Mars"}}]}`:              `calendar: decode: intersection[0].complement.zone: "Mars": not a time zone`,
		`{"complement":{"hours":"24/7"}}`:                                "calendar: decode: complement of the calendar that is always open: calendar never opens",
		`{"union":[{` + utcText + `],"complement":{` + utcText + `}`:     "calendar: decode: complement: invalid JSON: unknown field",
		`{"zone":"UTC","name":7}`:                                        `calendar: decode: name: invalid JSON: want a string, not the number "7"`,
		`{"zone":"UTC","later":{"2026-02-30":{}}}`:                       `calendar: decode: later.2026-02-30: "2026-02-30": not a date of the years 1 to 9999`,
		`{"zone":"UTC","holidays":{"x":["2026-02-30"]}}`:                 `calendar: decode: holidays.x[0]: "2026-02-30": not a date of the years 1 to 9999`,
		`{"zone":"UTC","holidays":{"x":"2026-02-30"}}`:                   `calendar: decode: holidays.x: "2026-02-30": not a date of the years 1 to 9999`,
		`{"zone":"UTC","holidays":{"x":"2026-02-03 "}}`:                  `calendar: decode: holidays.x: "": not a date of the years 1 to 9999`,
		`{"zone":"UTC","holidays":true}`:                                 "calendar: decode: holidays: invalid JSON: want an object, not true",
		`{"zone":"UTC","holidaysThrough":"never"}`:                       `calendar: decode: holidaysThrough: "never": not a date of the years 1 to 9999`,
		`{"zone":"UTC","week":{"monday":["09:00-17:00","16:00-18:00"]}}`: "calendar: decode: week.monday: 09:00-17:00 and 16:00-18:00: shifts overlap",
	} {
		c := berlin
		err := c.UnmarshalJSON([]byte(text))
		if !errors.Is(err, calendar.ErrInvalid) || err.Error() != want || !c.Equal(berlin) || c.Name() != "Berlin" {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	// Parts within parts count, too.
	one := `{"zone":"UTC","week":{"monday":["10:00-18:00"]}},`
	twenty := `{"union":[` + strings.Repeat(one, 19) + strings.TrimSuffix(one, ",") + `]}`
	var c calendar.Calendar
	if err := c.UnmarshalJSON([]byte(`{"union":[` + twenty + `,` + twenty + `]}`)); err != nil {
		t.Error(err)
	}
	err := c.UnmarshalJSON([]byte(`{"union":[` + twenty + `,` + one + twenty + `]}`))
	if want := "calendar: decode: union[2].union[19].zone: invalid JSON: calendars are over the limit of 40"; !errors.Is(err, calendar.ErrInvalid) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	for name, c := range map[string]calendar.Calendar{
		"name":    utc.Named("\xff"),
		"holiday": build(t, calendar.Spec{Location: time.UTC, Week: s.Week, Holidays: []calendar.Holiday{{date("2026-12-25"), "\xff"}}}),
		"part":    must(calendar.Union(berlin, utc.Named("\xff"))),
		"zone":    must(calendar.Union(berlin, build(t, calendar.Spec{Location: time.FixedZone("x", 1), Week: s.Week}))),
	} {
		if text, err := json.Marshal(c); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// Three sites with the holidays of 22 years stay small.
func TestUnionIsSmall(t *testing.T) {
	c := must(calendar.Union(sites(t)...))
	text := must(json.Marshal(c))
	if len(text) >= 10_000 {
		t.Errorf("%d bytes", len(text))
	}
	t.Logf("%d bytes", len(text))
	var named []calendar.Calendar
	for _, c := range sites(t) {
		s := c.Spec()
		for i := range s.Holidays {
			s.Holidays[i].Name = fmt.Sprintf("The holiday with number %d", i%11)
		}
		named = append(named, build(t, s))
	}
	if text := must(json.Marshal(must(calendar.Union(named...)))); len(text) >= 10_000 {
		t.Errorf("%d bytes with names", len(text))
	}
	at := instants()
	i := 0
	for _, by := range distances {
		if n := testing.AllocsPerRun(100, func() { c.Add(at[i%len(at)], by.d); i++ }); n != 0 {
			t.Errorf("Add %s allocates %v times", by.name, n)
		}
	}
}
