package sla_test

import (
	"testing"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
)

// What comes back has no monotonic clock readings, even where what went in
// does: instants of a status may be compared with ==, and stored.
func TestNoMonotonicReadings(t *testing.T) {
	opened := time.Now()
	c := sla.Case{Plan: plan.Enterprise, Severity: severity.General, Opened: opened, Events: []sla.Event{
		sla.Paused(opened.Add(time.Minute)), sla.Resumed(opened.Add(2 * time.Minute)), sla.Responded(opened.Add(3 * time.Minute)),
	}}
	st, err := sla.Policy{}.Evaluate(c, opened.Add(4*time.Minute))
	if err != nil || len(st.Explanation) < 3 {
		t.Fatalf("%v, %v", st.Explanation, err)
	}
	instants := []time.Time{st.At, st.Due, st.Responded, st.NextChange}
	for _, i := range st.Explanation {
		instants = append(instants, i.Start, i.End)
	}
	for n, at := range instants {
		if at != at.Round(0) {
			t.Errorf("instant %d, %v, has a monotonic reading", n, at)
		}
	}
}
