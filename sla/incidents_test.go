package sla_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

// An incident is one case of a real service desk's event log.
type incident struct {
	number      string
	c           sla.Case
	end         time.Time // the last row
	early       bool      // a row is before the opening
	outOfOrder  bool      // a row is before the one that it follows
	reopenCount string
	madeSLA     string // the log's own verdict on the resolution, as of the last row
}

var priorities = map[string]severity.Severity{
	"1 - Critical": severity.BusinessCritical,
	"2 - High":     severity.ProductionImpacted,
	"3 - Moderate": severity.SystemImpaired,
	"4 - Low":      severity.General,
}

// readIncidents turns the log's rows into cases, row by row as they stand: the
// first row whose state is neither New nor Awaiting … is the first response,
// Awaiting … states are pauses, Resolved and Closed close, and whatever opens
// after that reopens. All are on Enterprise, the plan that covers everything.
func readIncidents(t *testing.T) []*incident {
	f, err := os.Open("../../shared/data/incident_events.csv")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the incident log is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := make(map[string]int)
	for i, name := range rows[0] {
		column[strings.TrimPrefix(name, "\ufeff")] = i
	}
	instant := func(s string) time.Time {
		at, err := time.Parse("02-01-2006 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	var out []*incident
	byNumber := make(map[string]*incident)
	state := make(map[string]*struct {
		severity                    severity.Severity
		paused, closed, hasResponse bool
	})
	for _, row := range rows[1:] {
		get := func(name string) string { return row[column[name]] }
		at, s := instant(get("sys_updated_at")), priorities[get("priority")]
		in := byNumber[get("number")]
		if in == nil {
			in = &incident{number: get("number"), c: sla.Case{Plan: plan.Enterprise, Severity: s, Opened: instant(get("opened_at"))}}
			in.end = in.c.Opened
			byNumber[in.number] = in
			state[in.number] = new(struct {
				severity                    severity.Severity
				paused, closed, hasResponse bool
			})
			state[in.number].severity = s
			out = append(out, in)
		}
		now := state[in.number]
		tell := func(e sla.Event) { in.c.Events = append(in.c.Events, e) }
		in.reopenCount, in.madeSLA = get("reopen_count"), get("made_sla")
		if at.Before(in.c.Opened) {
			in.early = true
		} else if at.Before(in.end) {
			in.outOfOrder = true
		}
		if at.After(in.end) {
			in.end = at
		}
		waits, closes := strings.HasPrefix(get("incident_state"), "Awaiting"), get("incident_state") == "Resolved" || get("incident_state") == "Closed"
		if now.closed && !closes {
			tell(sla.Reopened(at))
			now.closed = false
		}
		if now.severity != s {
			tell(sla.Reclassified(at, s))
			now.severity = s
		}
		if now.paused && !waits {
			tell(sla.Resumed(at, ""))
			now.paused = false
		}
		if !now.paused && waits {
			tell(sla.Paused(at, get("incident_state")))
			now.paused = true
		}
		if !waits && get("incident_state") != "New" && !now.hasResponse {
			tell(sla.Responded(at))
			now.hasResponse = true
		}
		if !now.closed && closes {
			tell(sla.Closed(at))
			now.closed = true
		}
	}
	return out
}

// resolving returns the published policy with targets for the resolution too:
// the log does not say which it had.
func resolving() sla.Policy {
	var cells []sla.Cell
	for s, days := range map[severity.Severity]time.Duration{severity.BusinessCritical: 1, severity.ProductionImpacted: 3, severity.SystemImpaired: 7, severity.General: 14} {
		targets := sla.Published().Table.Targets(plan.Enterprise, s)
		targets.Resolution = clock.Target{Within: days * 24 * time.Hour}
		cells = append(cells, sla.Cell{Plan: plan.Enterprise, Severity: s, Targets: targets})
	}
	p := sla.Published()
	p.Table = must(p.Table.With("with resolution", cells...))
	return p
}

// A real service desk's log replays through the clock; where the log is
// inconsistent, the error says how.
func TestIncidents(t *testing.T) {
	incidents := readIncidents(t)
	policy := resolving()
	var report sla.Attainment
	agrees := make(map[string]int)
	counts := make(map[string]int)
	refused := make(map[string]int)
	for _, in := range incidents {
		counts["cases"]++
		counts["events"] += len(in.c.Events)
		if in.early {
			counts["a row before the opening"]++
		}
		if in.outOfOrder {
			counts["a row out of order"]++
		}
		if in.reopenCount != "0" {
			counts["reopened by the log's count"]++
		}
		if slices.ContainsFunc(in.c.Events, func(e sla.Event) bool { return e.Kind == sla.KindReopened }) {
			counts["reopened by its states"]++
		}
		if slices.ContainsFunc(in.c.Events, func(e sla.Event) bool { return e.Kind == sla.KindReclassified }) {
			counts["reclassified"]++
		}
		if slices.ContainsFunc(in.c.Events, func(e sla.Event) bool { return e.Kind == sla.KindPaused }) {
			counts["paused"]++
		}
		st, err := policy.Evaluate(in.c, in.end)
		if err != nil {
			if !errors.Is(err, sla.ErrHistory) || !in.early && !in.outOfOrder {
				t.Errorf("%s: %v", in.number, err)
			}
			t.Logf("%s: %v", in.number, err)
			why := "before the opening"
			if strings.Contains(err.Error(), "before the event that it follows") {
				why = "before the event that it follows"
			}
			refused[why]++
			continue
		}
		agrees[fmt.Sprintf("made_sla %s, resolution %s", in.madeSLA, st.Resolution.Outcome)]++
		if err := report.Add(st); err != nil {
			t.Fatal(err)
		}
	}
	for _, g := range report.Groups() {
		ratio, ok := g.Tally.Ratio()
		if !ok {
			continue
		}
		p50, _ := g.Tally.Percentile(50)
		p90, _ := g.Tally.Percentile(90)
		n := g.Tally.Counts()
		t.Logf("%-14v %-19v %3d met, %3d breached, %3d unanswered, %d pending: %s; half within %v, nine tenths within %v",
			g.Metric, g.Severity, n.Met, n.Breached, n.Unanswered, n.Pending, ratio.FloatString(3), p50, p90)
	}
	t.Logf("the log's verdict and ours: %v", agrees)
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%s: %d", what, counts[what])
	}
	if d := cmp.Diff(map[string]int{
		"cases": 500, "events": 1414, "paused": 166, "reclassified": 27, "reopened by its states": 5, "reopened by the log's count": 5,
		"a row before the opening": 5, "a row out of order": 1,
	}, counts); d != "" {
		t.Error(d)
	}
	// The other rows before the opening, and the one out of order, are no event.
	if d := cmp.Diff(map[string]int{"before the opening": 2}, refused); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(clock.Counts{Met: 206, Breached: 292}, report.Total(clock.MetricFirstResponse).Counts()); d != "" {
		t.Error(d)
	}
	if n := report.Total(clock.MetricResolution).Counts(); n.Total() != 498 || n.NoTarget != 0 {
		t.Errorf("resolution: %+v", n)
	}

	// A report of halves, written and read between, is the same.
	var halves [2]sla.Attainment
	for i, in := range incidents {
		if st, err := policy.Evaluate(in.c, in.end); err == nil {
			if err := halves[i%2].Add(st); err != nil {
				t.Fatal(err)
			}
		}
	}
	var sum sla.Attainment
	for i := range halves {
		var part sla.Attainment
		if err := json.Unmarshal(must(json.Marshal(&halves[1-i])), &part); err != nil {
			t.Fatal(err)
		}
		if err := sum.Merge(&part); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(string(must(json.Marshal(&report))), string(must(json.Marshal(&sum)))); d != "" {
		t.Error(d)
	}
}
