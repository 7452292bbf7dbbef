package golden_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

func TestResponseTimes(t *testing.T) {
	goldenJSON(t, "table.json", sla.Published().Table)
	var b strings.Builder
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			target, ok := sla.Published().Table.Target(p, s, clock.MetricFirstResponse)
			nearest, found := sla.Published().Table.Nearest(p, s, clock.MetricFirstResponse)
			fmt.Fprintln(&b, p, s, target, ok, "nearest", nearest.Target, nearest.ListedAt, nearest.Fallback, found)
		}
	}
	for _, from := range plan.All() {
		for _, to := range plan.All() {
			for _, c := range must(sla.Published().Table.Compare(from, to)) {
				fmt.Fprintln(&b, from, to, c.Severity, c.Difference, c.From, c.To)
			}
		}
	}
	golden(t, "response-times.txt", b.String())
}

// officeTable is the published table in which business waits on office hours.
func officeTable(t *testing.T) sla.Table {
	t.Helper()
	office := read[calendar.Calendar](t, calendars[1].text)
	cell := func(s severity.Severity, hours time.Duration) sla.Cell {
		return sla.Cell{Plan: plan.Business, Severity: s, Targets: clock.Targets{FirstResponse: clock.Target{Within: hours * time.Hour, Calendar: office}}}
	}
	return must(sla.Published().Table.With("office", cell(severity.General, 8), cell(severity.SystemImpaired, 4)))
}

func policies(t *testing.T) map[string]sla.Policy {
	t.Helper()
	published := sla.Published().Table
	counting := clock.Conventions{FirstResponse: clock.Convention{CountPauses: true}}
	return map[string]sla.Policy{
		"published":   {Table: published},
		"from-change": {Table: published, OnReclassified: clock.MeasureRestart, OnPlanChanged: clock.MeasureRestart},
		"office":      {Table: officeTable(t)},
		"nearest":     {Table: published, Conventions: counting, NearestCovered: true},
	}
}

func TestPolicy(t *testing.T) {
	goldenJSON(t, "target.json", must2(officeTable(t).Target(plan.Business, severity.General, clock.MetricFirstResponse)))
	goldenJSON(t, "policy.json", sla.Policy{
		Table: officeTable(t), OnReclassified: clock.MeasureRestart, NearestCovered: true,
		Conventions: clock.Conventions{FirstResponse: clock.Convention{CountPauses: true}},
	})
}

// must2 returns v, and panics unless ok.
func must2[T any](v T, ok bool) T {
	if !ok {
		panic("not found")
	}
	return v
}

// history returns a possible case, in JSON, and the instants of its events.
func history(r *random) (text string, opened time.Time) {
	plans, severities := plan.All(), severity.All()
	opened = time.Date(2026, 3, 6, 9, r.n(4*1440), 0, 0, time.UTC)
	at := opened
	var events []string
	paused, closed := false, false
	for range r.n(7) {
		at = at.Add(time.Duration(r.n(360)) * time.Minute)
		kinds := []string{"responded", "assessed", "reclassified", "plan-changed"}
		switch {
		case closed:
			kinds = []string{"reopened"}
		case paused:
			kinds = append(kinds, "resumed", "resumed", "closed")
		default:
			kinds = append(kinds, "paused", "paused", "closed")
		}
		kind, more := kinds[r.n(len(kinds))], ""
		switch kind {
		case "assessed", "reclassified":
			more = fmt.Sprintf(`,"severity":%q`, severities[r.n(len(severities))])
		case "plan-changed":
			more = fmt.Sprintf(`,"plan":%q`, plans[r.n(len(plans))])
		case "paused":
			paused = true
		case "resumed":
			paused = false
		case "closed":
			paused, closed = false, true
		case "reopened":
			closed = false
		}
		events = append(events, fmt.Sprintf(`{"at":%q,"kind":%q%s}`, at.Format(time.RFC3339), kind, more))
	}
	text = fmt.Sprintf(`{"plan":%q,"severity":%q,"opened":%q,"events":[%s]}`,
		plans[r.n(len(plans))], severities[r.n(len(severities))], opened.Format(time.RFC3339), strings.Join(events, ","))
	return text, opened
}

func TestStatuses(t *testing.T) {
	stamp := func(at time.Time) string {
		if at.IsZero() {
			return "-"
		}
		return at.UTC().Format(time.RFC3339)
	}
	policies := policies(t)
	r := random(4)
	var b strings.Builder
	for range 80 {
		text, opened := history(&r)
		fmt.Fprintln(&b, text)
		c := read[sla.Case](t, text)
		for range 3 {
			now := opened.Add(time.Duration(r.n(72*60)) * time.Minute)
			for _, name := range []string{"published", "from-change", "office", "nearest"} {
				s, err := policies[name].Evaluate(c, now)
				if err != nil {
					fmt.Fprintf(&b, "  %s %s: error\n", stamp(now), name)
					continue
				}
				c := s.FirstResponse
				remaining := c.Remaining
				if remaining == clock.Unlimited {
					remaining = 0
				}
				fmt.Fprintf(&b, "  %s %s: %v %v, %v %v, %v by %v, elapsed %v remaining %v due %s responded %s breach %s %v next %s\n",
					stamp(now), name, s.Phase, c.Outcome, s.Plan, s.Severity, c.Target, listed(policies[name], c), c.Elapsed, remaining,
					stamp(c.Due), stamp(s.Responded), stamp(c.Breach.At), c.Breach.Target, stamp(s.NextChange))
			}
		}
	}
	golden(t, "statuses.txt", b.String())
}

// listed returns the severity at which the target of c is listed.
func listed(p sla.Policy, c clock.Reading) severity.Severity {
	of, at, _ := sla.CellOf(c.Name)
	nearest, ok := p.Table.Nearest(of, at, clock.MetricFirstResponse)
	if !ok || nearest.Fallback && !p.NearestCovered {
		return 0
	}
	return nearest.ListedAt
}

// pausedCase is raised, paused, resumed, and never answered.
const pausedCase = `{"plan":"business","severity":"general","opened":"2026-03-06T14:00:00Z","events":[
	{"at":"2026-03-06T15:00:00Z","kind":"assessed","severity":"system-impaired"},
	{"at":"2026-03-06T16:00:00Z","kind":"paused"},
	{"at":"2026-03-09T13:30:00Z","kind":"resumed"},
	{"at":"2026-03-09T14:30:00Z","kind":"reclassified","severity":"production-impacted"}]}`

func TestCase(t *testing.T) {
	c := read[sla.Case](t, pausedCase)
	goldenJSON(t, "case.json", c)
	timeline := timeline(t)
	c.Plan, c.Timeline = 0, &timeline
	goldenJSON(t, "case-timeline.json", c)
}

func TestStatus(t *testing.T) {
	for name, now := range map[string]time.Time{
		"paused":   time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC),
		"running":  time.Date(2026, 3, 9, 14, 0, 0, 0, time.UTC),
		"breached": time.Date(2026, 3, 9, 20, 0, 0, 0, time.UTC),
	} {
		goldenJSON(t, "status-"+name+".json", must(policies(t)["office"].Evaluate(read[sla.Case](t, pausedCase), now)))
	}
}

func TestAttainment(t *testing.T) {
	r := random(5)
	var a sla.Attainment
	for range 300 {
		text, opened := history(&r)
		s, err := policies(t)["office"].Evaluate(read[sla.Case](t, text), opened.AddDate(0, 0, 7))
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Add(s); err != nil {
			t.Fatal(err)
		}
	}
	goldenJSON(t, "attainment.json", &a)
}
