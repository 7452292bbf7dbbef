package calendar_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
)

func TestDateIsValid(t *testing.T) {
	for _, r := range []struct {
		y, m, d int
		ok      bool
	}{
		{2026, 3, 5, true}, {1, 1, 1, true}, {9999, 12, 31, true}, {2024, 2, 29, true}, {2000, 2, 29, true},
		{0, 1, 1, false}, {0, 12, 31, false}, {10000, 1, 1, false}, {-1, 1, 1, false}, {2026, 2, 29, false}, {1900, 2, 29, false},
		{2026, 4, 31, false}, {2026, 13, 1, false}, {2026, 0, 1, false}, {2026, 1, 0, false}, {2026, 1, 32, false}, {0, 0, 0, false},
		{math.MaxInt, 1, 1, false}, {math.MinInt, 1, 1, false}, {2026, math.MaxInt, 1, false}, {2026, 1, math.MinInt, false},
	} {
		if d := (calendar.Date{Year: r.y, Month: time.Month(r.m), Day: r.d}); d.IsValid() != r.ok {
			t.Errorf("%v is valid: %t", d, d.IsValid())
		}
	}
}

func TestParseDate(t *testing.T) {
	for s, want := range map[string]calendar.Date{
		"2026-03-05": {Year: 2026, Month: time.March, Day: 5},
		"0001-01-01": {Year: 1, Month: time.January, Day: 1},
		"9999-12-31": {Year: 9999, Month: time.December, Day: 31},
		"2024-02-29": {Year: 2024, Month: time.February, Day: 29},
	} {
		if got, err := calendar.ParseDate(s); err != nil || got != want || got.String() != s {
			t.Errorf("ParseDate(%q) = %v, %v", s, got, err)
		}
	}
	for _, s := range []string{
		"", "2026-03-5", "2026-3-05", "26-03-05", "2026-02-30", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01", "10000-01-01",
		" 2026-03-05", "2026-03-05 ", "2026/03/05", "20260305", "2026-03-05T00:00:00Z", "+026-03-05", "-026-03-05", "２０２６-03-05",
	} {
		if got, err := calendar.ParseDate(s); !errors.Is(err, calendar.ErrInvalid) || got != (calendar.Date{}) {
			t.Errorf("ParseDate(%q) = %v, %v", s, got, err)
		}
	}
	if _, err := calendar.ParseDate("x"); err.Error() != `calendar: parse date "x": not a date of the years 1 to 9999` {
		t.Error(err)
	}
}

func TestDateText(t *testing.T) {
	d := date("2026-03-05")
	if err := d.UnmarshalText([]byte("2026-02-30")); !errors.Is(err, calendar.ErrInvalid) || d != date("2026-03-05") {
		t.Errorf("%v, %v", d, err)
	}
	if _, err := (calendar.Date{Year: 2026, Month: 2, Day: 30}).MarshalText(); !errors.Is(err, calendar.ErrInvalid) || err.Error() != "calendar: marshal Date(2026, 2, 30): not a date of the years 1 to 9999" {
		t.Error(err)
	}
	text, err := json.Marshal(map[calendar.Date]calendar.Date{d: d})
	if err != nil || string(text) != `{"2026-03-05":"2026-03-05"}` {
		t.Errorf("%s, %v", text, err)
	}
	if got := (calendar.Date{}).String(); got != "Date(0, 0, 0)" {
		t.Error(got)
	}
}

func TestDateOf(t *testing.T) {
	a := at("2026-03-05T23:30:00Z")
	if got := calendar.DateOf(a, location(t, "Asia/Kathmandu")); got != date("2026-03-06") {
		t.Error(got)
	}
	if got := calendar.DateOf(a.In(location(t, "Asia/Kathmandu")), nil); got != date("2026-03-05") {
		t.Error(got)
	}
	if got := calendar.DateOf(time.Time{}, location(t, "America/New_York")); got.IsValid() || got.Year != 0 {
		t.Error(got)
	}
}

func TestDateArithmetic(t *testing.T) {
	d := date("2024-02-28")
	for n, want := range map[int]string{0: "2024-02-28", 1: "2024-02-29", 2: "2024-03-01", -59: "2023-12-31", 366: "2025-02-28"} {
		if got := d.AddDays(n); got != date(want) || got.DaysSince(d) != n || d.DaysSince(got) != -n {
			t.Errorf("AddDays(%d) = %v, want %s", n, got, want)
		}
	}
	if got := d.Weekday(); got != time.Wednesday {
		t.Error(got)
	}
	first, last := date("0001-01-01"), date("9999-12-31")
	if first.AddDays(3652058) != last || last.AddDays(-3652058) != first || last.DaysSince(first) != 3652058 {
		t.Error("from the first date to the last")
	}
	if first.Weekday() != time.Monday || last.Weekday() != time.Friday || (calendar.Date{}).Weekday() != time.Sunday {
		t.Error("weekdays")
	}
	for _, got := range []calendar.Date{
		first.AddDays(-1), last.AddDays(1), first.AddDays(3652059), last.AddDays(-3652059), d.AddDays(math.MaxInt), d.AddDays(math.MinInt),
		(calendar.Date{}).AddDays(1), (calendar.Date{Year: 2026, Month: 2, Day: 30}).AddDays(1),
	} {
		if got != (calendar.Date{}) {
			t.Errorf("got %v", got)
		}
	}
	if d.DaysSince(calendar.Date{}) != 0 || (calendar.Date{}).DaysSince(d) != 0 {
		t.Error("days since no date")
	}
	sorted := []string{"2024-02-28", "2024-02-29", "2024-03-01", "2025-01-01"}
	for i, a := range sorted {
		for j, b := range sorted {
			want := 0
			switch {
			case i < j:
				want = -1
			case i > j:
				want = 1
			}
			if got := date(a).Compare(date(b)); got != want {
				t.Errorf("%s against %s: %d", a, b, got)
			}
		}
	}
}

func TestDateAgainstTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3652058).Draw(t, "days")
		d := date("0001-01-01").AddDays(n)
		u := time.Date(1, 1, 1+n, 0, 0, 0, 0, time.UTC)
		if d.String() != u.Format(time.DateOnly) || d.Weekday() != u.Weekday() || !d.IsValid() || calendar.DateOf(u.Add(time.Hour), nil) != d {
			t.Errorf("day %d is %v, not %v", n, d, u)
		}
	})
}

func TestDateAt(t *testing.T) {
	ny := location(t, "America/New_York")
	for _, r := range []struct{ date, at, want string }{
		{"2026-03-08", "02:30", "2026-03-08T03:30:00-04:00"},
		{"2026-11-01", "01:30", "2026-11-01T01:30:00-04:00"},
		{"2026-03-07", "24:00", "2026-03-08T00:00:00-05:00"},
		{"2026-03-07", "12:34:56", "2026-03-07T12:34:56-05:00"},
	} {
		wantTime(t, r.want)(date(r.date).At(must(calendar.ParseTimeOfDay(r.at)), ny))
	}
	for _, r := range []struct {
		d    calendar.Date
		t    calendar.TimeOfDay
		loc  *time.Location
		want error
		text string
	}{
		{calendar.Date{}, 0, ny, calendar.ErrInvalid, "calendar: instant on Date(0, 0, 0): not a date of the years 1 to 9999"},
		{date("2026-03-07"), -1, ny, calendar.ErrInvalid, "calendar: instant on 2026-03-07 at TimeOfDay(-1): not a time of day from 00:00 to 24:00"},
		{date("2026-03-07"), 86401, ny, calendar.ErrInvalid, "calendar: instant on 2026-03-07 at TimeOfDay(86401): not a time of day from 00:00 to 24:00"},
		{date("2026-03-07"), 0, nil, calendar.ErrZone, "calendar: instant on 2026-03-07 at 00:00 without a location: not a time zone"},
	} {
		if got, err := r.d.At(r.t, r.loc); !errors.Is(err, r.want) || err.Error() != r.text || !got.IsZero() {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestHolidays(t *testing.T) {
	christmas := func(year int) calendar.Holiday {
		return calendar.Holiday{Date: calendar.Date{Year: year, Month: time.December, Day: 25}, Name: "Christmas Day"}
	}
	leap := func(year int) calendar.Holiday {
		return calendar.Holiday{Date: calendar.Date{Year: year, Month: time.February, Day: 29}}
	}
	noName := func(year int) calendar.Holiday { return calendar.Holiday{Date: christmas(year).Date} }
	other := func(year int) calendar.Holiday { return calendar.Holiday{Date: christmas(year).Date, Name: "another"} }
	got := calendar.Holidays(2027, 2028, noName, christmas, leap, other)
	if d := cmp.Diff([]calendar.Holiday{{date("2027-12-25"), "Christmas Day"}, {date("2028-02-29"), ""}, {date("2028-12-25"), "Christmas Day"}}, got); d != "" {
		t.Error(d)
	}
	if got := calendar.Holidays(math.MinInt, math.MaxInt, christmas); len(got) != 9999 || got[0].Date.Year != 1 || got[9998].Date.Year != 9999 {
		t.Errorf("%d dates", len(got))
	}
	if got := calendar.Holidays(2028, 2027, christmas); got != nil {
		t.Error(got)
	}
}

func TestHolidayObservedInTheYearBefore(t *testing.T) {
	observed := func(year int) calendar.Holiday {
		d := calendar.Date{Year: year, Month: time.January, Day: 1}
		if d.Weekday() == time.Saturday {
			d = d.AddDays(-1)
		}
		return calendar.Holiday{Date: d}
	}
	for year, want := range map[int][]calendar.Holiday{
		2027: {{Date: date("2027-01-01")}, {Date: date("2027-12-31")}},
		2028: nil,
		9999: {{Date: date("9999-01-01")}},
	} {
		if d := cmp.Diff(want, calendar.Holidays(year, year, observed, observed)); d != "" {
			t.Errorf("%d: %s", year, d)
		}
	}
}

func TestDateOfTheZeroTimeIsNotValid(t *testing.T) {
	for _, loc := range []*time.Location{nil, time.UTC, location(t, "Asia/Tokyo"), location(t, "America/New_York")} {
		if got := calendar.DateOf(time.Time{}.In(time.FixedZone("", 3600)), loc); got != (calendar.Date{}) {
			t.Errorf("in %v it is %v", loc, got)
		}
	}
}

// A library of holidays answers with midnight in UTC.
func TestDateOfATimesOwnClock(t *testing.T) {
	observed := at("2026-07-03T00:00:00Z")
	if got := calendar.DateOf(observed, observed.Location()); got != date("2026-07-03") {
		t.Errorf("%v", got)
	}
}

func TestAddMonths(t *testing.T) {
	for _, r := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 0, "2026-01-31"}, {"2026-01-31", 1, "2026-02-28"}, {"2026-01-31", 2, "2026-03-31"}, {"2026-01-31", 3, "2026-04-30"},
		{"2028-01-31", 1, "2028-02-29"}, {"2028-02-29", 12, "2029-02-28"}, {"2028-02-29", 48, "2032-02-29"}, {"2096-02-29", 48, "2100-02-28"},
		{"2026-03-31", -1, "2026-02-28"}, {"2026-01-15", -1, "2025-12-15"}, {"2026-12-15", 1, "2027-01-15"}, {"0001-01-31", 119987, "9999-12-31"},
		{"9999-12-31", -119987, "0001-01-31"},
	} {
		if got := date(r.from).AddMonths(r.n); got != date(r.want) {
			t.Errorf("%s and %d months: %v, want %s", r.from, r.n, got, r.want)
		}
	}
	for _, r := range []struct {
		from calendar.Date
		n    int
	}{
		{calendar.Date{}, 0}, {date("9999-12-31"), 1}, {date("0001-01-31"), -1}, {calendar.Date{Year: 2026, Month: 2, Day: 30}, 1}, {date("2026-01-01"), math.MaxInt}, {date("2026-01-01"), math.MinInt},
	} {
		if got := r.from.AddMonths(r.n); got != (calendar.Date{}) {
			t.Errorf("%v and %d months: %v", r.from, r.n, got)
		}
	}
}

func TestMustPanics(t *testing.T) {
	if calendar.MustDate("2026-03-05") != date("2026-03-05") || calendar.MustShift("09:00-17:00") != shift(9*60, 17*60) {
		t.Error("not what is parsed")
	}
	for name, f := range map[string]func(){
		"date": func() { calendar.MustDate("2026-02-30") }, "shift": func() { calendar.MustShift("9-17") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestNthWeekday(t *testing.T) {
	for year := 2020; year < 2032; year++ {
		for month := time.January; month <= time.December; month++ {
			for weekday := time.Sunday; weekday <= time.Saturday; weekday++ {
				var days []calendar.Date
				for d := (calendar.Date{Year: year, Month: month, Day: 1}); d.Month == month; d = d.AddDays(1) {
					if d.Weekday() == weekday {
						days = append(days, d)
					}
				}
				back := slices.Clone(days)
				slices.Reverse(back)
				for n := -7; n <= 7; n++ {
					var want calendar.Date
					if n > 0 && n <= len(days) {
						want = days[n-1]
					} else if n < 0 && -n <= len(days) {
						want = back[-n-1]
					}
					if got := calendar.NthWeekday(year, month, weekday, n); got != want {
						t.Fatalf("NthWeekday(%d, %v, %v, %d) = %v, want %v", year, month, weekday, n, got, want)
					}
				}
			}
		}
	}
	for _, got := range []calendar.Date{
		calendar.NthWeekday(0, 1, 0, 1), calendar.NthWeekday(10000, 1, 0, 1), calendar.NthWeekday(2026, 13, 0, 1),
		calendar.NthWeekday(2026, 1, 7, 1), calendar.NthWeekday(2026, 1, -1, 1), calendar.NthWeekday(2026, 1, 1, math.MaxInt), calendar.NthWeekday(2026, 1, 1, math.MinInt),
	} {
		if got != (calendar.Date{}) {
			t.Errorf("got %v", got)
		}
	}
	if got := calendar.NthWeekday(9999, time.December, time.Friday, -1); got != date("9999-12-31") {
		t.Errorf("got %v", got)
	}
}
