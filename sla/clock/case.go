package clock

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/internal/hours"
)

const (
	maxEvents  = 100_000 // how many events a case's JSON may hold
	maxReasons = 100     // for how many reasons a case may be paused at once
)

// A Case is the history of a support case. The zero Case is invalid.
//
// Events stand in the order of time; those of one instant happen in the order
// in which they stand. Before the opening there may be pauses and resumptions
// only: a pause that is open at the opening starts with it.
//
// Its JSON form is {"format": 1, "opened": …, "targets": {…}, "calendars":
// {…}, "events": […]}. Each calendar stands once, under a name that the targets
// refer to.
type Case struct {
	Opened  time.Time
	Targets Targets // in force at the opening
	Events  []Event
}

// check returns the error in the form and order of c's fields; it does not follow
// the history.
func (c *Case) check() error {
	if err := strictjson.CheckTime(c.Opened, ErrTime); err != nil {
		return field.Wrap("opened", err)
	}
	if err := c.Targets.check(); err != nil {
		return field.Wrap("targets", err)
	}
	for i := range c.Events {
		e := &c.Events[i]
		if err := e.check(); err != nil {
			return field.Wrap(eventPath(i), err)
		}
		if i > 0 && e.At.Before(c.Events[i-1].At) {
			return impossible(i, e, "before the event that it follows")
		}
		if e.At.Before(c.Opened) && e.Kind != KindPaused && e.Kind != KindResumed {
			return impossible(i, e, "before the opening")
		}
	}
	return nil
}

func eventPath(i int) string { return "events[" + strconv.Itoa(i) + "]" }

// impossible returns the error of an event that cannot have happened.
func impossible(i int, e *Event, why string) error {
	return field.Wrap(eventPath(i), fmt.Errorf("%v: %s: %w", *e, why, ErrHistory))
}

// A desk is the state of a case by its history so far, for all metrics.
type desk struct {
	closed    bool
	reasons   []string // of the open pauses, in the order of pausing
	responded time.Time
}

// apply changes d by e, and returns why e is impossible, if it is.
func (d *desk) apply(e *Event) (why string) {
	switch e.Kind {
	case KindPaused:
		switch {
		case d.closed:
			return "while closed"
		case slices.Contains(d.reasons, e.Reason):
			return "while paused"
		case len(d.reasons) == maxReasons:
			return "while paused for " + strconv.Itoa(maxReasons) + " reasons"
		}
		d.reasons = append(d.reasons, e.Reason)
	case KindResumed:
		i := slices.Index(d.reasons, e.Reason)
		switch {
		case len(d.reasons) == 0:
			return "while not paused"
		case e.Reason == "":
			d.reasons = d.reasons[:0]
		case i < 0:
			return "while not paused for that reason"
		default:
			d.reasons = slices.Delete(d.reasons, i, i+1)
		}
	case KindResponded:
		if d.responded.IsZero() {
			d.responded = e.At
		}
	case KindClosed:
		if d.closed {
			return "while closed"
		}
		d.closed, d.reasons = true, d.reasons[:0]
	case KindReopened:
		if !d.closed {
			return "while not closed"
		}
		d.closed = false
	}
	return ""
}

// Add returns a copy of c with e in its place: after the events that are not
// later. The whole history is checked. It returns an error wrapping
// [ErrInvalid], [ErrTime] or [ErrHistory] if it is not valid; the path names
// the impossible event; it may be one after e.
func (c Case) Add(e Event) (Case, error) {
	i := sort.Search(len(c.Events), func(i int) bool { return c.Events[i].At.After(e.At) })
	c.Events = slices.Insert(slices.Clone(c.Events), i, e)
	if err := c.follow(); err != nil {
		return Case{}, field.Op("clock: add", err)
	}
	return c, nil
}

// Check checks the whole history, whatever the instant. It returns an error
// wrapping [ErrInvalid], [ErrTime] or [ErrHistory] if c is not valid.
func (c Case) Check() error { return field.Op("clock: check", c.follow()) }

func (c *Case) follow() error {
	if err := c.check(); err != nil {
		return err
	}
	var d desk
	for i := range c.Events {
		if why := d.apply(&c.Events[i]); why != "" {
			return impossible(i, &c.Events[i], why)
		}
	}
	return nil
}

// A Dropped is an event that [Case.Normalized] left out.
type Dropped struct {
	Index int // in the case's own list
	Event Event
	Why   string // for people
}

// Normalized returns a copy of c that is possible, for histories out of streams
// that deliver events twice or out of order: it sorts the events by time,
// keeping the order of those of one instant, and drops each event that equals
// an earlier one of the same instant or is impossible when it comes, such as
// closing a closed case. It also returns the events that it dropped. Events that
// are not valid are an error wrapping [ErrInvalid] or [ErrTime].
func (c Case) Normalized() (Case, []Dropped, error) {
	order := make([]int, len(c.Events))
	for i := range order {
		order[i] = i
		if err := c.Events[i].check(); err != nil {
			return Case{}, nil, field.Op("clock: normalized", field.Wrap(eventPath(i), err))
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return c.Events[i].At.Compare(c.Events[j].At) })
	var (
		dropped []Dropped
		d       desk
		out     = c
		instant time.Time
		same    = make(map[Event][]Event) // those of the instant by their common fields
	)
	out.Events = nil
	for _, i := range order {
		e := c.Events[i]
		var why string
		if e.At.Before(c.Opened) && e.Kind != KindPaused && e.Kind != KindResumed {
			why = "before the opening"
		}
		if !e.At.Equal(instant) {
			instant = e.At
			clear(same)
		}
		k := kin(&e)
		if slices.ContainsFunc(same[k], e.Equal) && why == "" {
			why = "repeated"
		}
		if why == "" {
			why = d.apply(&e)
		}
		if why != "" {
			dropped = append(dropped, Dropped{i, e, why})
			continue
		}
		out.Events = append(out.Events, e)
		same[k] = append(same[k], e)
	}
	if err := out.check(); err != nil {
		return Case{}, nil, field.Op("clock: normalized", err)
	}
	return out, dropped, nil
}

// kin returns the fields that e has in common with every event that equals it.
func kin(e *Event) Event {
	k := Event{Kind: e.Kind, Reason: e.Reason, Measure: e.Measure}
	if e.Targets != nil {
		k.Reason = fmt.Sprint(e.Targets.Name, e.Targets)
	}
	return k
}

type caseJSON struct {
	Format    int                        `json:"format"`
	Opened    time.Time                  `json:"opened"`
	Targets   map[string]any             `json:"targets"`
	Calendars map[string]json.RawMessage `json:"calendars,omitempty"`
	Events    []eventJSON                `json:"events,omitempty"`
}

// MarshalJSON returns c's JSON form. It returns an error wrapping [ErrInvalid],
// [ErrTime] or [ErrHistory] if a field or the order of events is not valid, or
// if the targets have more than 256 different calendars. It does not check
// whether each event is possible when it comes; [Conventions.Evaluate] does.
func (c Case) MarshalJSON() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, field.Op("clock: marshal case", err)
	}
	n := new(hours.Names)
	out := caseJSON{Format: strictjson.Format, Opened: strictjson.Instant(c.Opened), Targets: c.Targets.json(n)}
	for i := range c.Events {
		out.Events = append(out.Events, c.Events[i].json(n))
	}
	var err error
	if out.Calendars, err = n.Calendars(ErrInvalid); err != nil {
		return nil, field.Op("clock: marshal case", err)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads c's JSON form, strictly. It returns an error wrapping
// [ErrInvalid], [ErrTime], [ErrHistory] or [ErrNewer], or one of
// [calendar.Calendar.UnmarshalJSON]; then *c is unchanged.
func (c *Case) UnmarshalJSON(data []byte) error {
	return decode("case", data, c, func(v strictjson.Value) (d Case) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			known := hours.Read(o.May("calendars"), ErrInvalid)
			d.Opened = o.Need("opened").Time()
			d.Targets = decodeTargets(o.Need("targets"), known)
			for _, v := range o.May("events").Items(maxEvents) {
				d.Events = append(d.Events, decodeEvent(v, known))
			}
		})
		if err := d.check(); err != nil {
			v.Fail(err)
		}
		return d
	})
}
