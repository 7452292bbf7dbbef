package clock_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// otherConventions lists the vectors of metrics.json whose source follows a
// convention that has no setting here, and which.
var otherConventions = map[string]string{
	"zammad-first-01":          "a due instant at closing time moves to the next opening",
	"rt-response-10":           "a pause that counts hides the due instant",
	"rt-update-09":             "a pause that counts hides the due instant",
	"rt-update-03":             "a customer message stops the update clock, which the response clock replaces",
	"frappe-hd-resolution-08":  "a total of held time is set by hand, without a pause",
	"zammad-old-resolution-09": "the due instant of the last change of state is kept after closing",
	"zammad-old-update-13":     "the due instant of the last change of state is kept after closing",
}

type metricVector struct {
	ID       string
	Metric   clock.Metric
	Calendar struct {
		TZ        string
		Always    bool
		Week      map[string][][2]calendar.TimeOfDay
		Holidays  []calendar.Date
		Overrides map[calendar.Date][][2]calendar.TimeOfDay
		Breaks    map[calendar.Date][][2]calendar.TimeOfDay
	}
	Within json.RawMessage `json:"within_seconds"`
	Opened time.Time
	As     string `json:"opened_as"`
	Events []struct {
		At   time.Time
		Kind string
		To   string
	}
	Now  *time.Time
	Want struct {
		Due        json.RawMessage
		Elapsed    *float64 `json:"elapsed_seconds"`
		Remaining  *float64 `json:"remaining_seconds"`
		Breached   *bool
		BreachedAt *time.Time `json:"breached_at"`
		Cycles     []struct {
			Start   time.Time
			Stop    *time.Time
			Elapsed *float64 `json:"elapsed_seconds"`
			Met     *bool
		}
	}
	Semantics map[string]any
}

func (v *metricVector) calendar() calendar.Calendar {
	if v.Calendar.Always {
		return calendar.Calendar{}
	}
	spec := calendar.Spec{Location: must(time.LoadLocation(v.Calendar.TZ)), Special: map[calendar.Date][]calendar.Shift{}, Breaks: map[calendar.Date][]calendar.Shift{}}
	shifts := func(spans [][2]calendar.TimeOfDay) (out []calendar.Shift) {
		for _, s := range spans {
			out = append(out, calendar.Shift{Open: s[0], Close: s[1]})
		}
		return out
	}
	for day, spans := range v.Calendar.Week {
		spec.Week[slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, day)] = shifts(spans)
	}
	for _, d := range v.Calendar.Holidays {
		spec.Holidays = append(spec.Holidays, calendar.Holiday{Date: d})
	}
	for d, spans := range v.Calendar.Overrides {
		spec.Special[d] = shifts(spans)
	}
	for d, spans := range v.Calendar.Breaks {
		spec.Breaks[d] = shifts(spans)
	}
	return must(calendar.New(spec))
}

// convention maps what the source does to settings.
func (v *metricVector) convention() (c clock.Convention) {
	is := func(key, part string) bool {
		s, ok := v.Semantics[key].(string)
		return ok && strings.Contains(s, part)
	}
	yes := func(key string) bool { b, ok := v.Semantics[key].(bool); return ok && b }
	c.CountPauses = yes("pauses count")
	switch {
	case yes("closed time counts"):
		c.Reopened = clock.ReopeningCounts
	case is("reopen", "first close"):
		c.Reopened = clock.ReopeningIgnored
	case is("reopen", "new cycle"):
		c.Reopened = clock.ReopeningRestarts
	}
	c.FromOpening = is("update starts at", "opening")
	for _, e := range v.Events { // the opening message is the customer's
		if e.Kind == "customer-reply" && e.At.Equal(v.Opened) && yes("opening message counts as customer reply") {
			c.FromOpening = true
		}
	}
	c.FromLatest = is("next-response starts at", "latest customer reply")
	return c
}

// The vectors of all metrics, taken from other systems' own tests and
// documents.
func TestMetricVectors(t *testing.T) {
	data, err := os.ReadFile("../../../shared/vectors/metrics.json")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the conformance vectors are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Vectors []metricVector }
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	passed := 0
	for i := range all.Vectors {
		v := &all.Vectors[i]
		wrong := v.run()
		switch _, listed := otherConventions[v.ID]; {
		case wrong == "" && listed:
			t.Errorf("%s passes: take it off the list", v.ID)
		case wrong != "" && !listed:
			t.Errorf("%s: %s; semantics %v", v.ID, wrong, v.Semantics)
		case wrong == "":
			passed++
		}
	}
	t.Logf("%d of %d vectors pass, %d follow another convention", passed, len(all.Vectors), len(otherConventions))
	if len(all.Vectors) != 150 || len(otherConventions) > 20 {
		t.Errorf("%d vectors, %d listed", len(all.Vectors), len(otherConventions))
	}
}

// run returns what is wrong, if anything.
func (v *metricVector) run() string {
	cal := v.calendar()
	targets := func(class string) (out clock.Targets) {
		var one *float64
		var by map[string]float64
		within := float64(400 * 24 * 3600) // where the source has no target
		switch {
		case json.Unmarshal(v.Within, &one) == nil && one != nil:
			within = *one
		case json.Unmarshal(v.Within, &by) == nil && by != nil:
			within = by[class]
		}
		return out.With(v.Metric, clock.Target{Within: time.Duration(within * float64(time.Second)), Calendar: cal})
	}
	c := clock.Case{Opened: v.Opened, Targets: targets(v.As)}
	rule := v.convention()
	conventions := clock.Conventions{FirstResponse: rule, NextResponse: rule, Update: rule, Resolution: rule}
	now := v.Opened
	for _, e := range v.Events {
		f := clock.Event{At: e.At, Kind: clock.Kind(e.Kind)}
		switch {
		case e.Kind == "reclassified":
			f = clock.Retargeted(e.At, targets(e.To), clock.MeasureKeepCounting)
			if strings.Contains(e.To, "no SLA matches") {
				f.Targets = new(clock.Targets)
			}
			if s, ok := v.Semantics["reclassified"].(string); ok && strings.Contains(s, "from the change") {
				f.Measure = clock.MeasureRestart
			}
		case e.Kind == "customer-reply" && e.At.Equal(v.Opened) && rule.FromOpening:
			continue // the opening message itself
		case new(clock.Kind).UnmarshalText([]byte(e.Kind)) != nil:
			continue // changes nothing, as the source says
		}
		c.Events = append(c.Events, f)
		now = e.At
	}
	if v.Now != nil {
		now = *v.Now
	}
	st, err := conventions.Evaluate(c, now)
	if err != nil {
		return err.Error()
	}
	r := st.Of(v.Metric)
	seconds := func(d time.Duration) float64 { return d.Seconds() }
	w := v.Want
	if len(w.Due) > 0 {
		var due *time.Time
		if err := json.Unmarshal(w.Due, &due); err != nil {
			return err.Error()
		}
		got := r.Due
		if due == nil {
			if !got.IsZero() && r.Phase == clock.PhaseRunning {
				return "due " + got.String() + ", want none"
			}
		} else if !got.Equal(*due) {
			if at, ok := r.DueIfResumed(now); !ok || !at.Equal(*due) {
				return "due " + got.String() + ", want " + due.String()
			}
		}
	}
	if w.Elapsed != nil && seconds(r.Elapsed) != *w.Elapsed {
		return "elapsed " + r.Elapsed.String()
	}
	if w.Remaining != nil && seconds(r.Remaining) != *w.Remaining {
		return "remaining " + r.Remaining.String()
	}
	if w.Breached != nil && (r.Outcome == clock.OutcomeBreached) != *w.Breached {
		return "outcome " + string(r.Outcome)
	}
	if w.BreachedAt != nil && !r.Breach.At.Equal(*w.BreachedAt) {
		return "breached at " + r.Breach.At.String()
	}
	if w.Cycles != nil {
		got := r.Cycles()
		if len(got) < len(w.Cycles) {
			return "too few cycles"
		}
		for i, c := range w.Cycles {
			g := got[i]
			switch {
			case !g.Started.Equal(c.Start):
				return "cycle starts at " + g.Started.String()
			case (c.Stop == nil) != g.Stopped.IsZero() || c.Stop != nil && !c.Stop.Equal(g.Stopped):
				return "cycle stops at " + g.Stopped.String()
			case c.Elapsed != nil && seconds(g.Elapsed) != *c.Elapsed:
				return "cycle of " + g.Elapsed.String()
			case c.Met != nil && (g.Outcome == clock.OutcomeMet) != *c.Met:
				return "cycle is " + string(g.Outcome)
			}
		}
	}
	return ""
}
