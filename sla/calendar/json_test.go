package calendar_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

const full = `{"format":1,"zone":"America/New_York",` +
	`"week":{"friday":["22:00-06:00"],"monday":["09:00-12:30","13:30-17:00"],"saturday":["20:00-24:00"],"sunday":["00:00-01:00"],"thursday":["09:00:30-17:00"],"tuesday":["09:00-17:00"],"wednesday":["09:00-17:00"]},` +
	`"holidays":["2026-12-25","2027-01-01"],` +
	`"special":{"2026-12-24":["09:00-12:00"],"2026-12-31":[]},` +
	`"breaks":{"2026-06-01":["14:00-15:00"]}}`

func TestJSON(t *testing.T) {
	for _, text := range []string{
		full,
		`"24/7"`,
		`{"format":1,"zone":"UTC","week":{"monday":["09:00-17:00"]}}`,
		`{"format":1,"zone":"UTC","special":{"2026-12-24":["09:00-12:00"]}}`,
	} {
		var c calendar.Calendar
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got, err := json.Marshal(c); err != nil || string(got) != text {
			t.Errorf("%s became %s, %v", text, got, err)
		}
	}
	var c calendar.Calendar
	if err := json.Unmarshal([]byte(full), &c); err != nil {
		t.Fatal(err)
	}
	s := zoned(t, "America/New_York", calendar.Week{
		time.Sunday:    shifts("00:00-01:00"),
		time.Monday:    shifts("09:00-12:30", "13:30-17:00"),
		time.Tuesday:   shifts("09:00-17:00"),
		time.Wednesday: shifts("09:00-17:00"),
		time.Thursday:  shifts("09:00:30-17:00"),
		time.Friday:    shifts("22:00-06:00"),
		time.Saturday:  shifts("20:00-24:00"),
	})
	s.Holidays = []calendar.Holiday{{Date: date("2026-12-25")}, {Date: date("2027-01-01")}}
	s.Special = dates(map[string][]string{"2026-12-24": {"09:00-12:00"}, "2026-12-31": {}})
	s.Breaks = dates(map[string][]string{"2026-06-01": {"14:00-15:00"}})
	if !c.Equal(build(t, s)) {
		t.Errorf("read %v", c.Spec())
	}
	d := c
	for _, text := range []string{" \"24/7\"\n", "\t\"24\\/7\""} {
		if err := d.UnmarshalJSON([]byte(text)); err != nil || !d.IsAlways() {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestBadJSON(t *testing.T) {
	before := office(t, 1)
	for text, want := range map[string]struct {
		err  error
		text string
	}{
		``:                                    {calendar.ErrInvalid, "calendar: decode: invalid JSON: unexpected EOF"},
		`null`:                                {calendar.ErrInvalid, "calendar: decode: invalid JSON: want an object, not null"},
		`true`:                                {calendar.ErrInvalid, "calendar: decode: invalid JSON: want an object, not true"},
		`[]`:                                  {calendar.ErrInvalid, "calendar: decode: invalid JSON: want an object, not an array"},
		`"24x7"`:                              {calendar.ErrInvalid, `calendar: decode: invalid JSON: want an object or "24/7", not "24x7"`},
		`{}`:                                  {calendar.ErrInvalid, "calendar: decode: zone: invalid JSON: field is missing"},
		`{"zone":"UTC"}`:                      {calendar.ErrNeverOpens, "calendar: decode: calendar never opens"},
		`{"zone":"UTC","week":{"monday":[]}}`: {calendar.ErrNeverOpens, "calendar: decode: calendar never opens"},
		`{"zone":"Local","week":{}}`:          {calendar.ErrZone, `calendar: decode: zone: "Local": not a time zone`},
		`{"zone":"localtime"}`:                {calendar.ErrZone, `calendar: decode: zone: "localtime": not a time zone`},
		`{"zone":"LocalTime"}`:                {calendar.ErrZone, `calendar: decode: zone: "LocalTime": not a time zone`},
		`{"zone":"./localtime"}`:              {calendar.ErrZone, `calendar: decode: zone: "./localtime": not a time zone`},
		`{"zone":"Europe//Berlin"}`:           {calendar.ErrZone, `calendar: decode: zone: "Europe//Berlin": not a time zone`},
		`{"zone":"/etc/localtime"}`:           {calendar.ErrZone, `calendar: decode: zone: "/etc/localtime": not a time zone`},
		`{"zone":"posixrules"}`:               {calendar.ErrZone, `calendar: decode: zone: "posixrules": not a time zone`},
		`{"zone":"posix/Europe/Berlin"}`:      {calendar.ErrZone, `calendar: decode: zone: "posix/Europe/Berlin": not a time zone`},
		`{"zone":"right/Europe/Berlin"}`:      {calendar.ErrZone, `calendar: decode: zone: "right/Europe/Berlin": not a time zone`},
		`{"zone":"","week":{}}`:               {calendar.ErrZone, `calendar: decode: zone: "": not a time zone`},
		`{"zone":"Mars/Olympus"}`:             {calendar.ErrZone, `calendar: decode: zone: "Mars/Olympus": not a time zone`},
		`{"zone":"../../etc/passwd"}`:         {calendar.ErrZone, `calendar: decode: zone: "../../etc/passwd": not a time zone`},
		`{"zone":null}`:                       {calendar.ErrInvalid, "calendar: decode: zone: invalid JSON: want a string, not null"},
		`{"zone":"UTC","Week":{}}`:            {calendar.ErrInvalid, "calendar: decode: Week: invalid JSON: unknown field"},
		`{"zone":"UTC","zone":"UTC"}`:         {calendar.ErrInvalid, "calendar: decode: invalid JSON: zone: field appears twice"},
		`{"zone":"UTC","week":null}`:          {calendar.ErrInvalid, "calendar: decode: week: invalid JSON: want an object, not null"},
		`{"zone":"UTC","week":{"Monday":[]}}`: {calendar.ErrInvalid, "calendar: decode: week.Monday: invalid JSON: unknown field"},
		`{"zone":"UTC","week":{"mon":[]}}`:    {calendar.ErrInvalid, "calendar: decode: week.mon: invalid JSON: unknown field"},
		`{"zone":"UTC","week":{"monday":"09:00-17:00"}}`:                                                 {calendar.ErrInvalid, `calendar: decode: week.monday: invalid JSON: want an array, not the string "09:00-17:00"`},
		`{"zone":"UTC","week":{"monday":["9-17"]}}`:                                                      {calendar.ErrInvalid, `calendar: decode: week.monday[0]: "9-17": "9": not a time of day from 00:00 to 24:00; want a shift as in 09:00-17:00`},
		`{"zone":"UTC","week":{"monday":["09:00-24:01"]}}`:                                               {calendar.ErrInvalid, `calendar: decode: week.monday[0]: "09:00-24:01": "24:01": not a time of day from 00:00 to 24:00; want a shift as in 09:00-17:00`},
		`{"zone":"UTC","week":{"monday":["09:00-09:00"]}}`:                                               {calendar.ErrInvalid, `calendar: decode: week.monday[0]: 09:00-09:00: opens and closes at the same time; 24 hours are 09:00+24h: not a shift`},
		`{"zone":"UTC","week":{"monday":["09:00-17:00","16:00-18:00"]}}`:                                 {calendar.ErrInvalid, `calendar: decode: week.monday: 09:00-17:00 and 16:00-18:00: shifts overlap`},
		`{"zone":"UTC","holidays":["2026-02-30"]}`:                                                       {calendar.ErrInvalid, `calendar: decode: holidays[0]: "2026-02-30": not a date of the years 1 to 9999`},
		`{"zone":"UTC","holidays":[20260205]}`:                                                           {calendar.ErrInvalid, `calendar: decode: holidays[0]: invalid JSON: want a string, not the number "20260205"`},
		`{"zone":"UTC","special":{"2026-02-30":[]}}`:                                                     {calendar.ErrInvalid, `calendar: decode: special.2026-02-30: "2026-02-30": not a date of the years 1 to 9999`},
		`{"zone":"UTC","special":{"2026-03-05":null}}`:                                                   {calendar.ErrInvalid, `calendar: decode: special.2026-03-05: invalid JSON: want an array, not null`},
		`{"zone":"UTC","breaks":[]}`:                                                                     {calendar.ErrInvalid, `calendar: decode: breaks: invalid JSON: want an object, not an array`},
		`{"zone":"UTC","holidays":["2026-03-05"],"special":{"2026-03-05":[]}}`:                           {calendar.ErrInvalid, `calendar: decode: holidays[0]: 2026-03-05: date is both a holiday and special`},
		`{"zone":"UTC","week":{"monday":[` + strings.Repeat(`"09:00-17:00",`, 1000) + `"09:00-17:00"]}}`: {calendar.ErrInvalid, `calendar: decode: week.monday: invalid JSON: 1001 items are over the limit of 1000`},
		`{"zone":"UTC","holidays":[` + strings.Repeat(`"2026-03-05",`, 100_000) + `"2026-03-05"]}`:       {calendar.ErrInvalid, `calendar: decode: holidays: invalid JSON: 100001 items are over the limit of 100000`},
	} {
		c := before
		if err := c.UnmarshalJSON([]byte(text)); !errors.Is(err, want.err) || err.Error() != want.text || !c.Equal(before) {
			t.Errorf("%.80s: got %v, want %s", text, err, want.text)
		}
	}
	var c calendar.Calendar
	if err := c.UnmarshalJSON([]byte(`{"zone":"UTC","week":{"monday":["09:00-17:00"]},"holidays":[` + strings.Repeat(`"2026-03-05",`, 99_999) + `"2026-03-05"]}`)); err != nil {
		t.Errorf("at the limit: %v", err)
	}
}

// What no reader could find again is not written.
func TestZonesThatHaveNoName(t *testing.T) {
	week := calendar.Daily(shifts("09:00-17:00")...)
	for _, loc := range []*time.Location{time.Local, time.FixedZone("", 0), time.FixedZone("UTC", 3600), time.FixedZone("EST5", -5*3600), time.FixedZone("Europe/Berlin", 3600)} {
		c := build(t, calendar.Spec{Location: loc, Week: week})
		text, err := json.Marshal(c)
		if want := fmt.Sprintf("calendar: marshal: zone %q: not a time zone", loc); !errors.Is(err, calendar.ErrZone) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%v: %s, %v, want %s", loc, text, err, want)
		}
		a := at("2026-03-05T12:00:00Z")
		if got, err := c.Add(a, time.Hour); err != nil || c.Elapsed(a, got) != time.Hour {
			t.Errorf("%v: %v, %v", loc, got, err)
		}
	}
	for _, loc := range []*time.Location{time.UTC, time.FixedZone("UTC", 0), location(t, "Europe/Berlin")} {
		if _, err := json.Marshal(build(t, calendar.Spec{Location: loc, Week: week})); err != nil {
			t.Error(err)
		}
	}
}
