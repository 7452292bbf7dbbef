package golden_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/calendar"
)

func TestPlans(t *testing.T) {
	var b strings.Builder
	for _, p := range plan.All() {
		fmt.Fprintf(&b, "%v: %s\n\t%s\n\t%s\n", p, p.Name(), p.Summary(), p.Audience())
	}
	golden(t, "plans.txt", b.String())
}

func TestTimeline(t *testing.T) {
	timeline := timeline(t)
	goldenJSON(t, "timeline.json", timeline)
	var b strings.Builder
	year := calendar.Period{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, s := range timeline.Segments(year)[1:] {
		fmt.Fprintln(&b, "change", s.Period.Start.Format(time.RFC3339), s.Plan)
	}
	for _, s := range timeline.Segments(year) {
		fmt.Fprintln(&b, "has", s.Plan, s.Period)
	}
	golden(t, "timeline.txt", b.String())
}

func TestSeverities(t *testing.T) {
	var b strings.Builder
	for _, s := range severity.All() {
		fmt.Fprintf(&b, "%v: %s; %s\n\t%s\n", s, s.Name(), s.CriteriaName(), s.Criterion())
		for _, e := range s.Examples() {
			fmt.Fprintf(&b, "\t- %s\n", e)
		}
	}
	for n := range 32 {
		o := severity.Observations{CoreBusinessDown: n&1 != 0, DataLost: n&2 != 0, Intrusion: n&4 != 0, ProductionDown: n&8 != 0, Degraded: n&16 != 0}
		fmt.Fprintf(&b, "%+v: %v\n", o, severity.Assess(o))
	}
	golden(t, "severities.txt", b.String())
}
