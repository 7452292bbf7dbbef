package calendar_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

func FuzzCalendarJSON(f *testing.F) {
	for _, s := range []string{full, `"24/7"`, `{"zone":"Pacific/Apia","week":{"friday":["22:00-06:00","06:00-21:00"]},"holidays":["2011-12-29"]}`, `{"zone":"UTC","special":{"9999-12-31":["20:00-04:00"]}}`,
		`{"format":1,"name":"on call","complement":{"union":[` + full + `,{"zone":"Asia/Tokyo","week":{"monday":["09:00+24h"]},"later":{"2026-03-05":{"friday":["01:00-02:00"]}}}]}}`,
		`{"intersection":[` + full + `,{"zone":"UTC","week":{"monday":["09:00-24:00"]},"holidays":{"x":"2026-03-09 2027-01-01"}}]}`, `{`, `null`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c calendar.Calendar
		if c.UnmarshalJSON(data) != nil {
			return
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		var d calendar.Calendar
		if err := json.Unmarshal(text, &d); err != nil || !c.Equal(d) {
			t.Fatalf("%s became %s, %v", data, text, err)
		}
		probe(t, c, time.Unix(1772712000, 5), 40*time.Hour)
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-03-05", "0001-01-01", "9999-12-31", "2024-02-29", "2023-02-29", "0000-01-01", "2026-3-5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := calendar.ParseDate(s)
		if err == nil && (d.String() != s || !d.IsValid()) || err != nil && d != (calendar.Date{}) {
			t.Errorf("ParseDate(%q) = %v, %v", s, d, err)
		}
	})
}

func FuzzParseTimeOfDay(f *testing.F) {
	for _, s := range []string{"09:00", "09:00:30", "24:00", "24:01", "9:00", "23:59:59", "00:00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := calendar.ParseTimeOfDay(s)
		if err == nil && (n.String() != s && n.String()+":00" != s) || err != nil && n != 0 {
			t.Errorf("ParseTimeOfDay(%q) = %v, %v", s, n, err)
		}
	})
}

func FuzzParseShift(f *testing.F) {
	for _, s := range []string{"09:00-17:00", "22:00-06:00", "00:00-24:00", "09:00-09:00", "24:00-01:00", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sh, err := calendar.ParseShift(s)
		if again, err2 := calendar.ParseShift(sh.String()); err == nil && (err2 != nil || again != sh) || err != nil && sh != (calendar.Shift{}) {
			t.Errorf("ParseShift(%q) = %v, %v", s, sh, err)
		}
	})
}

// Whatever the instant and the duration, every method answers, and soon.
func FuzzCalendar(f *testing.F) {
	f.Add(int64(1772712000), int64(0), int64(4*time.Hour), uint8(0))
	f.Add(int64(1325152800), int64(1), int64(-4*time.Hour), uint8(2))
	f.Add(int64(-62135596800), int64(999999999), int64(-1<<63), uint8(1))
	f.Add(int64(253402300799), int64(999999999), int64(1<<63-1), uint8(3))
	f.Add(int64(1<<63-1), int64(0), int64(1), uint8(4))
	f.Add(int64(-1<<63), int64(0), int64(-1), uint8(5))
	calendars := []calendar.Calendar{{}, office(f, 10)}
	for _, text := range []string{
		full,
		`{"zone":"Pacific/Apia","week":{"friday":["22:00-06:00","06:00-21:00"]},"holidays":["2011-12-29"]}`,
		`{"zone":"America/New_York","week":{"sunday":["02:15-02:45","02:45-03:10","01:00-01:30"]}}`,
		`{"zone":"Asia/Tehran","special":{"2026-03-21":["00:30-00:10"],"0001-01-01":["00:00-24:00"],"9999-12-31":["20:00-04:00"]}}`,
	} {
		var c calendar.Calendar
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			f.Fatal(err)
		}
		calendars = append(calendars, c)
	}
	f.Fuzz(func(t *testing.T, sec, nsec, d int64, n uint8) {
		sec %= 1 << 62 // beyond, package time itself overflows
		probe(t, calendars[int(n)%len(calendars)], time.Unix(sec, nsec), time.Duration(d))
	})
}

func probe(t *testing.T, c calendar.Calendar, a time.Time, d time.Duration) {
	b, err := c.Add(a, d)
	switch {
	case err != nil:
		if !b.IsZero() || !errors.Is(err, calendar.ErrNoHours) {
			t.Fatalf("Add(%v, %v) = %v, %v", a, d, b, err)
		}
	case d > 0 && !b.After(a) || d < 0 && !b.Before(a) || d == 0 && !b.Equal(a):
		t.Fatalf("Add(%v, %v) = %v", a, d, b)
	case c.Elapsed(a, b) != d:
		t.Fatalf("Elapsed(%v, Add(.., %v)) = %v", a, d, c.Elapsed(a, b))
	}
	if next, ok := c.NextOpening(a); ok && (!next.After(a) || !c.IsOpen(next) || c.IsOpen(next.Add(-1))) {
		t.Fatalf("NextOpening(%v) = %v", a, next)
	}
	if next, ok := c.NextClosing(a); ok && (!next.After(a) || c.IsOpen(next) || !c.IsOpen(next.Add(-1))) {
		t.Fatalf("NextClosing(%v) = %v", a, next)
	}
	if last, ok := c.PreviousOpening(a); ok && (!last.Before(a) || !c.IsOpen(last) || c.IsOpen(last.Add(-1))) {
		t.Fatalf("PreviousOpening(%v) = %v", a, last)
	}
	if last, ok := c.PreviousClosing(a); ok && (!last.Before(a) || c.IsOpen(last) || !c.IsOpen(last.Add(-1))) {
		t.Fatalf("PreviousClosing(%v) = %v", a, last)
	}
	var sum time.Duration
	for i := range c.Periods(a, a.Add(48*time.Hour)) {
		sum += i.End.Sub(i.Start) // the zero time may be a start here
	}
	if got := c.Elapsed(a, a.Add(48*time.Hour)); got != sum {
		t.Fatalf("Elapsed from %v over 48 hours = %v, but the intervals last %v", a, got, sum)
	}
	if day := calendar.DateOf(a, c.Location()); day.IsValid() {
		n := int(d % 1000)
		if e, err := c.AddBusinessDays(day, n); err == nil && n > 0 && c.BusinessDays(day, e) != n {
			t.Fatalf("AddBusinessDays(%v, %d) = %v", day, n, e)
		}
	}
}
