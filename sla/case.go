package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
)

var (
	// ErrCase is wrapped by the error of a case that has both a plan and a
	// timeline of plans.
	ErrCase = errors.New("both a plan and a timeline")

	// ErrHistory is wrapped by every error of a history that cannot have
	// happened: events out of the order of time, before the opening, or
	// impossible where the case stands, see [Kind].
	ErrHistory = errors.New("impossible history")
)

// maxEvents is how many events a case's JSON may hold.
const maxEvents = 100_000

// A Case is a support case, as far as its response is concerned: its history.
// The zero Case is not valid.
//
// Events stand in the order of time; those of one instant happen in the order
// in which they stand. Before the opening there may be pauses and resumptions
// only: a pause that is open at the opening starts with it.
//
// Its JSON form is {"plan": …, "severity": …, "opened": …, "events": […]},
// with a "timeline" in place of the plan where the case has one.
type Case struct {
	Plan     plan.Plan         // the account's plan at the opening; none where there is a Timeline
	Timeline *plan.Timeline    // the account's plans, before and after; or nil
	Severity severity.Severity // as submitted
	Opened   time.Time         // when it was submitted
	Events   []Event
}

// check reports what is wrong with c that no event's being known could mend.
func (c Case) check() error {
	if c.Plan != 0 && c.Timeline != nil {
		return fmt.Errorf("%v: %w", c.Plan, ErrCase)
	}
	if c.Timeline == nil && !c.Plan.IsValid() {
		return fmt.Errorf("%v: %w", c.Plan, plan.ErrUnknown)
	}
	if !c.Severity.IsValid() {
		return fmt.Errorf("%v: %w", c.Severity, severity.ErrUnknown)
	}
	if err := checkTime("opened", c.Opened); err != nil {
		return err
	}
	for i, e := range c.Events {
		if err := e.check(); err != nil {
			return fmt.Errorf("events[%d]: %w", i, err)
		}
		var why string
		switch {
		case i > 0 && e.At.Before(c.Events[i-1].At):
			why = "before the event that it follows"
		case e.Kind != KindPaused && e.Kind != KindResumed && e.At.Before(c.Opened):
			why = "before the opening"
		case e.Kind == KindPlanChanged && c.Timeline != nil:
			why = "but the timeline says which plan there is"
		default:
			continue
		}
		return impossible(i, e, why)
	}
	return nil
}

// impossible returns the error of an event that cannot have happened.
func impossible(i int, e Event, why string) error {
	return fmt.Errorf("events[%d]: %v: %s: %w", i, e, why, ErrHistory)
}

type caseJSON struct {
	Plan     plan.Plan         `json:"plan,omitzero"`
	Timeline json.RawMessage   `json:"timeline,omitempty"`
	Severity severity.Severity `json:"severity"`
	Opened   time.Time         `json:"opened"`
	Events   []Event           `json:"events,omitempty"`
}

// MarshalJSON returns c's JSON form. A case that is not valid is an error, as
// it is to [Policy.Evaluate], except that it does not matter whether each
// event is possible where the case stands.
func (c Case) MarshalJSON() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("sla: marshal case: %w", err)
	}
	out := caseJSON{c.Plan, nil, c.Severity, strictjson.Instant(c.Opened), c.Events}
	if c.Timeline != nil {
		b, err := c.Timeline.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("sla: marshal case: %w", err)
		}
		out.Timeline = strictjson.Nest(b)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads c's JSON form, strictly. It returns errors wrapping
// [ErrJSON], and for a case that is not valid those of [Case.MarshalJSON],
// after which *c is as it was.
func (c *Case) UnmarshalJSON(data []byte) error {
	var d Case
	err := strictjson.Decode("sla: decode case", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
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
	})
	if err != nil {
		return err
	}
	*c = d
	return nil
}
