package sla

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/clock"
)

// maxEvents is how many events a case's JSON may hold.
const maxEvents = 100_000

// A Case is the history of a support case. The zero Case is invalid.
//
// Events stand in the order of time; those of one instant happen in the order
// in which they stand. Before the opening there may be pauses and resumptions
// only: a pause that is open at the opening starts with it.
//
// Its JSON form is {"format": 1, "plan": …, "severity": …, "opened": …,
// "events": […]}, with a "timeline" in place of the plan if the case has one.
type Case struct {
	Plan     plan.Plan         // the account's plan at the opening; none if there is a Timeline
	Timeline *plan.Timeline    // the account's plans, before and after; or nil
	Severity severity.Severity // as submitted
	Opened   time.Time         // when it was submitted
	Events   []Event
}

// check returns the error in the form and order of c's fields; it does not follow
// the history.
func (c *Case) check() error {
	if c.Plan != 0 && c.Timeline != nil {
		return field.Wrap("plan", fmt.Errorf("%v beside a timeline: want one of them: %w", c.Plan, ErrInvalid))
	}
	if c.Timeline == nil {
		if err := checkPlan(c.Plan); err != nil {
			return err
		}
	}
	if err := checkSeverity(c.Severity); err != nil {
		return err
	}
	if err := strictjson.CheckTime(c.Opened, clock.ErrTime); err != nil {
		return field.Wrap("opened", err)
	}
	for i := range c.Events {
		e := &c.Events[i]
		if err := e.check(); err != nil {
			return field.Wrap(eventPath(i), err)
		}
		var why string
		switch {
		case i > 0 && e.At.Before(c.Events[i-1].At):
			why = "before the event that it follows"
		case e.At.Before(c.Opened) && e.Kind != KindPaused && e.Kind != KindResumed:
			why = "before the opening"
		case e.Kind == KindPlanChanged && c.Timeline != nil:
			why = "but the timeline says which plan there is"
		default:
			continue
		}
		return field.Wrap(eventPath(i), fmt.Errorf("%v: %s: %w", *e, why, ErrHistory))
	}
	return nil
}

func eventPath(i int) string { return "events[" + strconv.Itoa(i) + "]" }

// clock returns c's history, event by event, with named changes of targets.
func (c *Case) clock() clock.Case {
	out := clock.Case{Opened: c.Opened, Events: make([]clock.Event, len(c.Events))}
	for i, e := range c.Events {
		f := clock.Event{At: e.At, Kind: clock.Kind(e.Kind), Reason: e.Reason}
		switch e.Kind {
		case KindAssessed, KindReclassified:
			f = clock.Retargeted(e.At, clock.Targets{Name: string(e.Kind) + e.Severity.String()}, "")
		case KindPlanChanged:
			f = clock.Retargeted(e.At, clock.Targets{Name: string(e.Kind) + e.Plan.String()}, "")
		}
		out.Events[i] = f
	}
	return out
}

// follow checks the whole history.
func (c *Case) follow() error {
	if err := c.check(); err != nil {
		return err
	}
	return field.Wrap("", c.clock().Check())
}

// Add returns a copy of c with e in its place: after the events that are not
// later. The whole history is checked. It returns an error wrapping
// [ErrInvalid], [clock.ErrTime], [ErrHistory], [plan.ErrUnknown] or
// [severity.ErrUnknown] if it is not valid; the path names the event that is
// impossible; it may be one after e.
func (c Case) Add(e Event) (Case, error) {
	i := sort.Search(len(c.Events), func(i int) bool { return c.Events[i].At.After(e.At) })
	c.Events = slices.Insert(slices.Clone(c.Events), i, e)
	if err := c.follow(); err != nil {
		return Case{}, field.Op("sla: add", err)
	}
	return c, nil
}

// A Dropped is an event that [Case.Normalized] left out.
type Dropped struct {
	Index int // in the case's own list
	Event Event
	Why   string // for people
}

// Normalized returns a copy of c that is possible, for histories out of streams
// that deliver events twice or out of order, as [clock.Case.Normalized] does, and
// the events that it dropped. Events that are not valid are an error wrapping
// [ErrInvalid], [clock.ErrTime], [plan.ErrUnknown] or [severity.ErrUnknown].
func (c Case) Normalized() (Case, []Dropped, error) {
	for i := range c.Events {
		if err := c.Events[i].check(); err != nil {
			return Case{}, nil, field.Op("sla: normalized", field.Wrap(eventPath(i), err))
		}
	}
	_, dropped, err := c.clock().Normalized()
	if err != nil {
		return Case{}, nil, field.Op("sla: normalized", field.Wrap("", err))
	}
	out := c
	out.Events = nil
	why := make(map[int]string)
	for _, d := range dropped {
		why[d.Index] = d.Why
	}
	var gone []Dropped
	for i, e := range c.Events {
		switch {
		case why[i] != "":
			gone = append(gone, Dropped{i, e, why[i]})
		case e.Kind == KindPlanChanged && c.Timeline != nil:
			gone = append(gone, Dropped{i, e, "the timeline says which plan there is"})
		default:
			out.Events = append(out.Events, e)
		}
	}
	slices.SortStableFunc(out.Events, func(a, b Event) int { return a.At.Compare(b.At) })
	if err := out.check(); err != nil {
		return Case{}, nil, field.Op("sla: normalized", err)
	}
	return out, gone, nil
}

type caseJSON struct {
	Format   int               `json:"format"`
	Plan     plan.Plan         `json:"plan,omitzero"`
	Timeline json.RawMessage   `json:"timeline,omitempty"`
	Severity severity.Severity `json:"severity"`
	Opened   time.Time         `json:"opened"`
	Events   []Event           `json:"events,omitempty"`
}

// MarshalJSON returns c's JSON form. It returns an error wrapping [ErrInvalid],
// [clock.ErrTime], [ErrHistory], [plan.ErrUnknown] or [severity.ErrUnknown] if a
// field or the order of events is not valid. It does not check whether each
// event is possible when it comes; [Policy.Evaluate] does.
func (c Case) MarshalJSON() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, field.Op("sla: marshal case", err)
	}
	out := caseJSON{Format: strictjson.Format, Plan: c.Plan, Severity: c.Severity, Opened: strictjson.Instant(c.Opened), Events: c.Events}
	if c.Timeline != nil {
		data, err := c.Timeline.MarshalJSON()
		if err != nil {
			return nil, field.Op("sla: marshal case", field.Wrap("timeline", err))
		}
		out.Timeline = strictjson.Nest(data)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads c's JSON form, strictly. It returns an error wrapping
// [ErrInvalid] or [clock.ErrNewer], or for a case that is not valid one of
// [Case.MarshalJSON]; then *c is unchanged.
func (c *Case) UnmarshalJSON(data []byte) error {
	return decode("case", data, c, func(v strictjson.Value) (d Case) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			o.May("plan").Into(&d.Plan)
			if t := o.May("timeline"); t.IsPresent() {
				d.Timeline = new(plan.Timeline)
				t.JSON(d.Timeline)
			}
			o.Need("severity").Into(&d.Severity)
			d.Opened = o.Need("opened").Time()
			for _, v := range o.May("events").Items(maxEvents) {
				d.Events = append(d.Events, decodeEvent(v))
			}
		})
		if err := d.check(); err != nil {
			v.Fail(err)
		}
		return d
	})
}
