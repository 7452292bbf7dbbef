package sla_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// What is not valid is refused when it is put in order and when it is written.
func TestRefusedCases(t *testing.T) {
	for want, c := range map[string]struct {
		change func(c *sla.Case)
		err    error
	}{
		"opened: ":                          {func(c *sla.Case) { c.Opened = time.Time{} }, clock.ErrTime},
		"plan: ":                            {func(c *sla.Case) { c.Plan = 99 }, plan.ErrUnknown},
		"severity: ":                        {func(c *sla.Case) { c.Severity = 99 }, severity.ErrUnknown},
		"plan: business beside a timeline:": {func(c *sla.Case) { c.Timeline = new(plan.Timeline) }, sla.ErrInvalid},
		"events[0].severity: ":              {func(c *sla.Case) { c.Events = []sla.Event{sla.Assessed(friday, 99)} }, severity.ErrUnknown},
	} {
		bad := sla.Case{Plan: plan.Business, Severity: severity.General, Opened: friday}
		c.change(&bad)
		n, dropped, err := bad.Normalized()
		if !errors.Is(err, c.err) || !strings.HasPrefix(err.Error(), "sla: normalized: "+want) || n.Plan != 0 || n.Events != nil || dropped != nil {
			t.Errorf("%v, %v, %v, want %s", n, dropped, err, want)
		}
		data, err := bad.MarshalJSON()
		if !errors.Is(err, c.err) || !strings.HasPrefix(err.Error(), "sla: marshal case: "+want) || data != nil {
			t.Errorf("%s, %v, want %s", data, err, want)
		}
	}
	far := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	timeline := must(plan.Timeline{}.From(far, plan.Business))
	bad := sla.Case{Timeline: &timeline, Severity: severity.General, Opened: friday}
	if data, err := bad.MarshalJSON(); !errors.Is(err, plan.ErrInvalid) || !strings.HasPrefix(err.Error(), "sla: marshal case: timeline: ") || data != nil {
		t.Errorf("%s, %v", data, err)
	}
	for what, v := range map[string]json.Marshaler{
		"plan":     sla.Status{Plan: 99},
		"severity": sla.Status{Plan: plan.Business, Submitted: severity.General, Severity: 99},
		"instant":  sla.Status{Plan: plan.Business, Submitted: severity.General, Severity: severity.General, Status: clock.Status{At: far}},
	} {
		if data, err := v.MarshalJSON(); err == nil || data != nil {
			t.Errorf("a status of no %s: %s, %v", what, data, err)
		}
	}
}

// A case with a timeline is read back with the same answers, by value and by
// pointer.
func TestCaseWithTimelineJSON(t *testing.T) {
	timeline := must(plan.NewTimeline(
		plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: opened.AddDate(0, -1, 0), End: after(2 * h)}},
		plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: after(2 * h)}}))
	c := sla.Case{Timeline: &timeline, Severity: severity.SystemImpaired, Opened: opened, Events: []sla.Event{paused(after(h)), resumed(after(3 * h))}}
	for _, in := range []any{c, &c} {
		var back sla.Case
		if err := json.Unmarshal(must(json.Marshal(in)), &back); err != nil {
			t.Fatal(err)
		}
		for _, now := range []time.Time{after(h), after(4 * h), after(100 * h)} {
			if d := cmp.Diff(must(sla.Published().Evaluate(c, now)), must(sla.Published().Evaluate(back, now))); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		}
		if back.Plan != 0 || back.Timeline == nil || back.Timeline.At(after(3*h)) != plan.Business {
			t.Errorf("%+v", back)
		}
	}
}
