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
)

func TestResponseTimes(t *testing.T) {
	goldenJSON(t, "table.json", sla.Published())
	var b strings.Builder
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			target, ok := sla.Published().Target(p, s)
			nearest, found := sla.Published().Nearest(p, s)
			fmt.Fprintln(&b, p, s, target, ok, "nearest", nearest.Target, nearest.Severity, nearest.Fallback, found)
		}
	}
	for _, from := range plan.All() {
		for _, to := range plan.All() {
			for _, c := range must(sla.Published().Compare(from, to)) {
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
	table := sla.Published()
	for s, hours := range map[severity.Severity]time.Duration{severity.General: 8, severity.SystemImpaired: 4} {
		table = must(table.With(plan.Business, s, sla.Target{Within: hours * time.Hour, Clock: office}))
	}
	return table.WithEdition("office")
}

func policies(t *testing.T) map[string]sla.Policy {
	t.Helper()
	office := officeTable(t)
	return map[string]sla.Policy{
		"published":   {},
		"from-change": {OnReclassified: sla.FromChange, OnPlanChanged: sla.FromChange},
		"office":      {Table: &office},
		"nearest":     {IgnorePauses: true, NearestCovered: true},
	}
}

func TestPolicy(t *testing.T) {
	goldenJSON(t, "target.json", must2(officeTable(t).Target(plan.Business, severity.General)))
	office := officeTable(t)
	goldenJSON(t, "policy.json", sla.Policy{Table: &office, OnReclassified: sla.FromChange, IgnorePauses: true, NearestCovered: true})
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
	target := func(t sla.Target) string {
		if !t.IsValid() {
			return "no target"
		}
		return t.String()
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
				fmt.Fprintf(&b, "  %s %s: %v %v, %v %v, %v by %v, elapsed %v remaining %v due %s responded %s breach %s %v next %s\n",
					stamp(now), name, s.Phase, s.Outcome, s.Plan, s.Severity, target(s.Basis.Target), s.Basis.Listed, s.Elapsed, s.Remaining,
					stamp(s.Due), stamp(s.Responded), stamp(s.Breach.At), target(s.Breach.Basis.Target), stamp(s.NextChange))
			}
		}
	}
	golden(t, "statuses.txt", b.String())
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
