package clock_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// nameless is a calendar without a JSON form.
var nameless = must(calendar.New(calendar.Spec{Location: time.FixedZone("", 3600), Week: calendar.Daily(shift(8, 20))}))

// What is not valid is refused by whatever takes a case, with the path of the
// field, and nothing comes beside the error.
func TestRefusedCases(t *testing.T) {
	bad := clock.Target{Within: -h}
	for want, c := range map[string]struct {
		change func(c *clock.Case)
		err    error
	}{
		"opened: 0001-01-01T00:00:00Z: want an instant": {func(c *clock.Case) { c.Opened = time.Time{} }, clock.ErrTime},
		"targets.update: target within -1h0m0s: ":       {func(c *clock.Case) { c.Targets.Update = bad }, clock.ErrInvalid},
		`events[0].kind: "shrugged": `:                  {func(c *clock.Case) { c.Events = []clock.Event{{At: opened, Kind: "shrugged"}} }, clock.ErrInvalid},
		"events[0].at: ":                                {func(c *clock.Case) { c.Events = []clock.Event{clock.Closed(time.Time{})} }, clock.ErrTime},
		"events[0].targets.update: ": {func(c *clock.Case) {
			c.Events = []clock.Event{clock.Retargeted(opened, clock.Targets{Update: bad}, "")}
		}, clock.ErrInvalid},
		"events[1]: closed at 2026-03-02T09:30:00Z: before the event that it follows: ": {func(c *clock.Case) {
			c.Events = []clock.Event{clock.Responded(after(h)), clock.Closed(after(h / 2))}
		}, clock.ErrHistory},
		"events[0]: closed at 2026-03-02T08:00:00Z: before the opening: ": {func(c *clock.Case) { c.Events = []clock.Event{clock.Closed(after(-h))} }, clock.ErrHistory},
	} {
		bad := hourly()
		c.change(&bad)
		refused := func(op string, err error) {
			t.Helper()
			if !errors.Is(err, c.err) || !strings.HasPrefix(err.Error(), "clock: "+op+": "+want) {
				t.Errorf("%s: %v, want %s", op, err, want)
			}
		}
		st, err := clock.Conventions{}.Evaluate(bad, after(2*h))
		refused("evaluate", err)
		data, err := bad.MarshalJSON()
		refused("marshal case", err)
		if !st.At.IsZero() || data != nil {
			t.Errorf("%s: %v, %s beside the error", want, st, data)
		}
		refused("check", bad.Check())
		if strings.HasPrefix(want, "events[0]") && c.err != clock.ErrHistory {
			_, _, err := bad.Normalized()
			refused("normalized", err)
			_, err = bad.Events[0].MarshalJSON()
			if !errors.Is(err, c.err) || !strings.HasPrefix(err.Error(), "clock: marshal event: "+strings.TrimPrefix(want, "events[0].")) {
				t.Errorf("marshal event: %v, want %s", err, want)
			}
		}
	}
	for want, c := range map[string]clock.Case{
		"clock: normalized: opened: ":         {Targets: hourly().Targets},
		"clock: normalized: targets.update: ": {Opened: opened, Targets: clock.Targets{Update: bad}},
	} {
		if n, dropped, err := c.Normalized(); err == nil || !strings.HasPrefix(err.Error(), want) || !n.Opened.IsZero() || dropped != nil {
			t.Errorf("%v, %v, %v, want %s", n, dropped, err, want)
		}
	}
}

func TestRefusedTargets(t *testing.T) {
	for want, v := range map[string]json.Marshaler{
		"clock: marshal target within -1h0m0s: want a positive duration":    clock.Target{Within: -h},
		"clock: marshal targets: update: target within -1h0m0s: want a pos": clock.Targets{Update: clock.Target{Within: -h}},
		"clock: marshal case: calendars: ":                                  clock.Case{Opened: opened, Targets: clock.Targets{Update: clock.Target{Within: h, Calendar: nameless}}},
		"clock: marshal target: calendar: zone \"\": not":                   clock.Target{Within: h, Calendar: nameless},
		"clock: marshal targets: calendar: zone \"\": not":                  clock.Targets{Update: clock.Target{Within: h, Calendar: nameless}},
		"clock: marshal event: calendar: zone \"\": not":                    clock.Retargeted(opened, clock.Targets{Update: clock.Target{Within: h, Calendar: nameless}}, ""),
	} {
		if data, err := v.MarshalJSON(); err == nil || !strings.HasPrefix(err.Error(), want) || data != nil {
			t.Errorf("%s, %v, want %s", data, err, want)
		}
	}
	last := must(calendar.New(calendar.Spec{Location: time.UTC, Special: map[calendar.Date][]calendar.Shift{calendar.MustDate("2026-03-03"): {shift(9, 10)}}}))
	_, err := clock.Target{Within: 2 * h, Calendar: last}.Due(opened)
	if !errors.Is(err, calendar.ErrNoHours) || !strings.HasPrefix(err.Error(), "clock: due: < 2h of open time from 2026-03-02T09:00:00Z: ") {
		t.Errorf("due on a calendar that runs out: %v", err)
	}
	c := clock.Case{Opened: opened, Targets: clock.Targets{FirstResponse: clock.Target{Within: 2 * h, Calendar: last}}, Events: []clock.Event{clock.Paused(after(h), "")}}
	st := must(clock.Conventions{}.Evaluate(c, after(2*h)))
	if due, ok := st.FirstResponse.DueIfResumed(after(3 * h)); ok || !due.IsZero() {
		t.Errorf("due at %v on a calendar that runs out", due)
	}
}

// What is asked of no metric has no answer.
func TestNoMetric(t *testing.T) {
	st := must(clock.Conventions{}.Evaluate(hourly(), after(h/2)))
	if r := st.Of("reaction"); r.Started != (time.Time{}) || r.Segments != nil || r.Outcome != "" {
		t.Errorf("%+v", r)
	}
	if target := hourly().Targets.Of("reaction"); target.IsValid() {
		t.Error(target)
	}
}

// A document refers to 256 calendars at most, when it is written and when it is
// read.
func TestManyCalendars(t *testing.T) {
	c := hourly()
	for i := range 257 {
		cal := must(calendar.New(calendar.Spec{Location: time.UTC, Week: calendar.Daily(calendar.Shift{Open: 0, Close: calendar.TimeOfDay(i+1) * calendar.Minute})}))
		c.Events = append(c.Events, clock.Retargeted(after(h), clock.Targets{Update: clock.Target{Within: h, Calendar: cal}}, ""))
	}
	if _, err := c.MarshalJSON(); !errors.Is(err, clock.ErrInvalid) || !strings.HasPrefix(err.Error(), "clock: marshal case: 257 different calendars: want 256 at most: ") {
		t.Errorf("written: %v", err)
	}
	c.Events = c.Events[:256]
	data := string(must(c.MarshalJSON()))
	var back clock.Case
	if err := back.UnmarshalJSON([]byte(data)); err != nil || !back.Events[255].Equal(c.Events[255]) {
		t.Errorf("256 of them: %v", err)
	}
	one := string(must(json.Marshal(c.Events[0].Targets.Update.Calendar)))
	err := back.UnmarshalJSON([]byte(strings.Replace(data, `"calendars":{`, `"calendars":{"one more":`+one+`,`, 1)))
	if !errors.Is(err, clock.ErrInvalid) || !strings.HasPrefix(err.Error(), "clock: decode case: calendars: more than 256 calendars: ") {
		t.Errorf("read: %v", err)
	}
	// A target's object may leave the calendar out.
	in := strings.Replace(string(must(json.Marshal(hourly()))), `"1h"`, `{"within":"1h"}`, 1)
	if err := back.UnmarshalJSON([]byte(in)); err != nil || !back.Targets.FirstResponse.Equal(clock.Target{Within: h}) {
		t.Errorf("%s: %v, %v", in, back.Targets, err)
	}
}
