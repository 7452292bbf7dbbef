package calendar_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/supportplan/supportplan/sla/calendar"
)

// The text forms of dates, times of day and shifts, as map keys and values of
// JSON have them, read what parsing does and leave the rest as it was.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		"2026-03-05", "0001-01-01", "9999-12-31", "2024-02-30", "09:00", "09:00:30", "24:00", "24:00:01", "09:00-17:00", "22:00-06:00",
		"24:00-01:00", "09:00-09:00", "", "-", ":", "2026-03-05T00:00:00Z", "+9:00", "09:00-17:00-18:00", "\xff", "٠٩:٠٠",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		date := calendar.Date{Year: 2000, Month: 1, Day: 1}
		switch want, err := calendar.ParseDate(s); {
		case err != nil:
			if date.UnmarshalText([]byte(s)) == nil || date.String() != "2000-01-01" || !errors.Is(err, calendar.ErrInvalid) {
				t.Errorf("%q: %v, %v", s, date, err)
			}
		default:
			data, err1 := want.MarshalText()
			if err := errors.Join(err1, date.UnmarshalText(data)); err != nil || date != want || string(data) != s {
				t.Errorf("%q: %v, %v", s, date, err)
			}
			if got := date.AddDays(want.DaysSince(date)); got != want {
				t.Errorf("%q: %v", s, got)
			}
		}
		noon := 12 * calendar.Hour
		switch want, err := calendar.ParseTimeOfDay(s); {
		case err != nil:
			if noon.UnmarshalText([]byte(s)) == nil || noon.String() != "12:00" || !errors.Is(err, calendar.ErrInvalid) {
				t.Errorf("%q: %v, %v", s, noon, err)
			}
		default:
			data, err1 := want.MarshalText()
			if err := errors.Join(err1, noon.UnmarshalText(data)); err != nil || noon != want {
				t.Errorf("%q: %v, %v", s, noon, err)
			}
		}
		shift := calendar.Shift{Open: calendar.Hour, Close: 2 * calendar.Hour}
		switch want, err := calendar.ParseShift(s); {
		case err != nil:
			if shift.UnmarshalText([]byte(s)) == nil || shift.String() != "01:00-02:00" || !errors.Is(err, calendar.ErrInvalid) {
				t.Errorf("%q: %v, %v", s, shift, err)
			}
		default:
			data, err1 := json.Marshal(want)
			if err := errors.Join(err1, json.Unmarshal(data, &shift)); err != nil || shift != want {
				t.Errorf("%q: %v, %v", s, shift, err)
			}
		}
	})
}
