package calendar_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/supportplan/supportplan/sla/calendar"
)

func TestTimeOfDay(t *testing.T) {
	for n := calendar.TimeOfDay(0); n <= 24*calendar.Hour; n++ {
		want := fmt.Sprintf("%02d:%02d:%02d", n/3600, n/60%60, n%60)
		if n%60 == 0 {
			want = want[:5]
		}
		if got := n.String(); got != want {
			t.Fatalf("%d is %s, want %s", int(n), got, want)
		}
		if got, err := calendar.ParseTimeOfDay(want); err != nil || got != n {
			t.Fatalf("ParseTimeOfDay(%q) = %v, %v", want, got, err)
		}
	}
	if got, err := calendar.ParseTimeOfDay("09:00:00"); err != nil || got != 9*calendar.Hour {
		t.Errorf("%v, %v", got, err)
	}
	if calendar.Second != 1 || calendar.Minute != 60 || calendar.Hour != 3600 {
		t.Error("units")
	}
}

func TestBadTimesOfDay(t *testing.T) {
	for _, s := range []string{
		"", "9:00", "09:0", "0900", "09:60", "09:00:60", "24:01", "24:00:01", "25:00", "99:99", "-9:00", "+9:00", "09:-1", "09:00:", ":09:00", "09:00:0",
		"09:00 ", " 09:00", "09:00:00:00", "09.00", "9:000", "009:0", "09:00:+1", "1_:00", "0x:00", "０９:00", "09:000", "::", "09::00:0", "256:0",
	} {
		if got, err := calendar.ParseTimeOfDay(s); !errors.Is(err, calendar.ErrInvalid) || got != 0 {
			t.Errorf("ParseTimeOfDay(%q) = %v, %v", s, got, err)
		}
	}
	if _, err := calendar.ParseTimeOfDay("24:01"); err.Error() != `calendar: parse time of day "24:01": not a time of day from 00:00 to 24:00` {
		t.Error(err)
	}
	for _, n := range []calendar.TimeOfDay{-1, 86401} {
		if _, err := n.MarshalText(); !errors.Is(err, calendar.ErrInvalid) || err.Error() != fmt.Sprintf("calendar: marshal TimeOfDay(%d): not a time of day from 00:00 to 24:00", int(n)) {
			t.Errorf("%d: %v", int(n), err)
		}
	}
}

func TestTimeOfDayText(t *testing.T) {
	n := 9*calendar.Hour + 30
	text, err := n.MarshalText()
	if err != nil || string(text) != "09:00:30" {
		t.Errorf("%s, %v", text, err)
	}
	if err := n.UnmarshalText([]byte("24:01")); !errors.Is(err, calendar.ErrInvalid) || n != 9*calendar.Hour+30 {
		t.Errorf("%v, %v", n, err)
	}
	if err := n.UnmarshalText([]byte("24:00")); err != nil || n != 24*calendar.Hour {
		t.Errorf("%v, %v", n, err)
	}
}

func TestShift(t *testing.T) {
	for s, want := range map[string]calendar.Shift{
		"09:00-17:00":    {Open: 9 * calendar.Hour, Close: 17 * calendar.Hour},
		"22:00-06:00":    {Open: 22 * calendar.Hour, Close: 6 * calendar.Hour},
		"00:00-24:00":    {Close: 24 * calendar.Hour},
		"20:00-00:00":    {Open: 20 * calendar.Hour},
		"09:00+24h":      {Open: 9 * calendar.Hour, Close: 33 * calendar.Hour},
		"23:59:59-24:00": {Open: 24*calendar.Hour - 1, Close: 24 * calendar.Hour},
	} {
		var got calendar.Shift
		if err := got.UnmarshalText([]byte(s)); err != nil || got != want {
			t.Errorf("%s is %v, %v", s, got, err)
		}
		if text, err := want.MarshalText(); err != nil || string(text) != s || want.String() != s {
			t.Errorf("%v is %s, %v", want, text, err)
		}
	}
}

func TestBadShifts(t *testing.T) {
	for s, want := range map[string]struct {
		err  error
		text string
	}{
		"":                  {calendar.ErrInvalid, `calendar: parse shift "": want two times joined by a hyphen, as in 09:00-17:00: not a shift`},
		"09:00":             {calendar.ErrInvalid, `calendar: parse shift "09:00": want two times joined by a hyphen, as in 09:00-17:00: not a shift`},
		"09:00–17:00":       {calendar.ErrInvalid, `calendar: parse shift "09:00–17:00": want two times joined by a hyphen, as in 09:00-17:00: not a shift`},
		"09:00-09:00":       {calendar.ErrInvalid, `calendar: parse shift 09:00-09:00: opens and closes at the same time; 24 hours are 09:00+24h: not a shift`},
		"24:00-24:00":       {calendar.ErrInvalid, `calendar: parse shift 24:00-24:00: opens at the end of the day: not a shift`},
		"24:00-06:00":       {calendar.ErrInvalid, `calendar: parse shift 24:00-06:00: opens at the end of the day: not a shift`},
		"09:00-24:01":       {calendar.ErrInvalid, `calendar: parse shift "09:00-24:01": "24:01": not a time of day from 00:00 to 24:00; want a shift as in 09:00-17:00`},
		"24:01-09:00":       {calendar.ErrInvalid, `calendar: parse shift "24:01-09:00": "24:01": not a time of day from 00:00 to 24:00; want a shift as in 09:00-17:00`},
		"09:00-17:00-18:00": {calendar.ErrInvalid, `calendar: parse shift "09:00-17:00-18:00": "17:00-18:00": not a time of day from 00:00 to 24:00; want a shift as in 09:00-17:00`},
		"00:00+24h":         {calendar.ErrInvalid, `calendar: parse shift "00:00+24h": want 00:00-24:00: not a shift`},
		"24:00+24h":         {calendar.ErrInvalid, `calendar: parse shift 24:00+24h: opens at the end of the day: not a shift`},
		"9:00+24h":          {calendar.ErrInvalid, `calendar: parse shift "9:00+24h": "9:00": not a time of day from 00:00 to 24:00; want a shift as in 09:00-17:00`},
		"09:00+23h":         {calendar.ErrInvalid, `calendar: parse shift "09:00+23h": want two times joined by a hyphen, as in 09:00-17:00: not a shift`},
		"09:00 - 17:00":     {calendar.ErrInvalid, `calendar: parse shift "09:00 - 17:00": "09:00 ": not a time of day from 00:00 to 24:00; want a shift as in 09:00-17:00`},
	} {
		got := shift(60, 120)
		if err := got.UnmarshalText([]byte(s)); !errors.Is(err, want.err) || err.Error() != want.text || got != shift(60, 120) {
			t.Errorf("%q is %v, %v", s, got, err)
		}
		if got, err := calendar.ParseShift(s); err == nil || got != (calendar.Shift{}) {
			t.Errorf("ParseShift(%q) = %v, %v", s, got, err)
		}
	}
	for _, s := range []calendar.Shift{{}, {Open: -1, Close: 9}, {Open: 9, Close: -1}, {Open: 1, Close: 86402}, {Open: 1, Close: 86400 + 3601}, {Open: 86400, Close: 2 * 86400}, {Open: 86401, Close: 1}, {Open: 86400, Close: 1}, {Open: 1 << 30, Close: -1 << 31}} {
		if _, err := s.MarshalText(); err == nil {
			t.Errorf("%v is valid", s)
		}
	}
}
