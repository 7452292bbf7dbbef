package hours_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/internal/hours"
)

var errInvalid = errors.New("invalid target")

// from is a calendar that opens every day at the given minute of the day.
func from(t *testing.T, minute int, name string) calendar.Calendar {
	t.Helper()
	c, err := calendar.New(calendar.Spec{Location: time.UTC, Week: calendar.Daily(calendar.Shift{Open: calendar.TimeOfDay(minute) * calendar.Minute, Close: 24 * calendar.Hour})})
	if err != nil {
		t.Fatal(err)
	}
	return c.Named(name)
}

// Equal calendars of one name share it. All others have names of their own.
func TestNames(t *testing.T) {
	var n hours.Names
	var got []string
	for _, c := range []calendar.Calendar{
		{}, from(t, 1, "calendar-2"), from(t, 2, ""), from(t, 2, ""), from(t, 1, "calendar-2"), from(t, 1, "office"), from(t, 3, "office"), from(t, 1, ""), from(t, 4, "office"),
	} {
		form, err := json.Marshal(n.Target(time.Hour, c))
		got = append(got, string(form))
		if err != nil {
			t.Error(err)
		}
	}
	named := func(name string) string { return `{"within":"1h","calendar":"` + name + `"}` }
	want := []string{
		`"1h"`, named("calendar-2"), named("calendar-3"), named("calendar-3"), named("calendar-2"), named("office"), named("calendar-4"), named("calendar-5"), named("calendar-6"),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	calendars, err := n.Calendars(errInvalid)
	open := make(map[string]string)
	for name, data := range calendars {
		open[name] = strings.TrimPrefix(string(data), `{"zone":"UTC","week":{"friday":["`)[:5]
	}
	if d := cmp.Diff(map[string]string{
		"calendar-2": "00:01", "calendar-3": "00:02", "office": "00:01", "calendar-4": "00:03", "calendar-5": "00:01", "calendar-6": "00:04",
	}, open); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	if calendars, err := new(hours.Names).Calendars(errInvalid); calendars != nil || err != nil {
		t.Errorf("none: %v, %v", calendars, err)
	}
}

// Without names a calendar stands where it is used, with its own.
func TestInline(t *testing.T) {
	form, err := json.Marshal((*hours.Names)(nil).Target(90*time.Minute, from(t, 1, "office")))
	if !strings.HasPrefix(string(form), `{"within":"1h30m","calendar":{"`) || !strings.Contains(string(form), `"office"`) || strings.Contains(string(form), "format") || err != nil {
		t.Errorf("%s, %v", form, err)
	}
}

// A document names 256 calendars at most, each with a form.
func TestLimit(t *testing.T) {
	var n hours.Names
	for i := range 256 {
		n.Target(time.Hour, from(t, i, ""))
	}
	calendars, err := n.Calendars(errInvalid)
	if len(calendars) != 256 || err != nil {
		t.Errorf("%d calendars, %v", len(calendars), err)
	}
	read := func() (known hours.Known, err error) {
		data, _ := json.Marshal(calendars)
		err = strictjson.Decode("read", data, func(v strictjson.Value) { known = hours.Read(v, errInvalid) })
		return known, err
	}
	if known, err := read(); len(known) != 256 || err != nil {
		t.Errorf("%d calendars, %v", len(known), err)
	}
	calendars["more"] = calendars["calendar-1"]
	if known, err := read(); known != nil || !errors.Is(err, errInvalid) || err.Error() != "read: more than 256 calendars: invalid target" {
		t.Errorf("%d calendars, %v", len(known), err)
	}
	n.Target(time.Hour, from(t, 256, ""))
	if calendars, err := n.Calendars(errInvalid); calendars != nil || !errors.Is(err, errInvalid) || err.Error() != "257 different calendars: want 256 at most: invalid target" {
		t.Errorf("%d calendars, %v", len(calendars), err)
	}
	zone, err := calendar.New(calendar.Spec{Location: time.FixedZone("own", 60), Week: calendar.Daily(calendar.Shift{Close: calendar.Hour})})
	if err != nil {
		t.Fatal(err)
	}
	n = hours.Names{}
	n.Target(time.Hour, zone)
	if calendars, err := n.Calendars(errInvalid); calendars != nil || !errors.Is(err, calendar.ErrZone) || !strings.HasPrefix(err.Error(), "calendars: ") {
		t.Errorf("%v, %v", calendars, err)
	}
}

func TestRead(t *testing.T) {
	const week = `{"zone":"UTC","week":{"monday":["09:00-17:00"]}}`
	for in, want := range map[string]string{
		`"1h30m"`:                                 "1h30m0s 24/7",
		`{"within":"16h"}`:                        "16h0m0s 24/7",
		`{"within":"1h","calendar":"24/7"}`:       "1h0m0s 24/7",
		`{"within":"1h","calendar":"office"}`:     "1h0m0s office",
		`{"within":"1h","calendar":"night"}`:      `read: target.calendar: "night": want the name of one of the document's calendars: invalid target`,
		`{"within":"1h","calendar":` + week + `}`: "1h0m0s ",
		`{"within":"1h","calendar":{"x":1}}`:      `read: target.calendar.x: invalid JSON: unknown field`,
		`{"within":"1h","calendar":1}`:            `read: target.calendar: invalid JSON: want an object, not the number "1"`,
		`{"calendar":"office"}`:                   `read: target.within: invalid JSON: field is missing`,
		`"0s"`:                                    `read: target: "0s": want a positive duration such as "1h30m": invalid target`,
		`"1ns"`:                                   "1ns 24/7",
		`"soon"`:                                  `read: target: "soon": want a positive duration such as "1h30m": invalid target`,
		`{"within":"-1h"}`:                        `read: target.within: "-1h": want a positive duration such as "1h30m": invalid target`,
		`1`:                                       `read: target: invalid JSON: want an object, not the number "1"`,
	} {
		var got string
		err := strictjson.Decode("read", []byte(`{"calendars":{"office":`+week+`},"target":`+in+`}`), func(v strictjson.Value) {
			v.Object(func(o strictjson.Object) {
				within, c := hours.Read(o.May("calendars"), errInvalid).Target(o.Need("target"), errInvalid)
				name := c.Name()
				if c.IsAlways() {
					name = "24/7"
				}
				got = fmt.Sprint(within, " ", name)
			})
		})
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if known := hours.Read(strictjson.Value{}, errInvalid); known != nil {
		t.Errorf("absent: %v", known)
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 1: "1ns", time.Second: "1s", 70 * time.Second: "1m10s", time.Minute: "1m", 10 * time.Minute: "10m",
		time.Hour: "1h", 90 * time.Minute: "1h30m", time.Hour + time.Second: "1h0m1s", 100 * time.Hour: "100h", -time.Hour: "-1h",
	} {
		if got := hours.Short(d); got != want {
			t.Errorf("Short(%v) = %s, want %s", d, got, want)
		}
	}
}

// What is wrong with a document's shape is invalid; its path and text stay. All
// else is left as it is.
func TestShape(t *testing.T) {
	other := errors.New("other")
	for _, c := range []struct {
		err     error
		invalid bool
	}{
		{nil, false},
		{field.Op("read", field.Wrap("a.b", other)), false},
		{field.Op("read", field.Wrap("a.b", errInvalid)), true},
		{field.Op("read", field.Wrap("a.b", strictjson.ErrInvalid)), true},
	} {
		got := hours.Shape(c.err, errInvalid)
		if errors.Is(got, errInvalid) != c.invalid || fmt.Sprint(got) != fmt.Sprint(c.err) {
			t.Errorf("%v became %v", c.err, got)
		}
		if again := field.Wrap("x", got); got != nil && !strings.HasPrefix(again.Error(), "x.a.b: ") {
			t.Errorf("%v in x: %v", got, again)
		}
	}
}
