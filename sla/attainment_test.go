package sla_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
)

// statusOf is the status of a Business case, evaluated after a hundred hours.
func statusOf(t *testing.T, s severity.Severity, events ...sla.Event) sla.Status {
	t.Helper()
	st, err := sla.Policy{}.Evaluate(sla.Case{Plan: plan.Business, Severity: s, Opened: opened, Events: events}, after(100*h))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestAttainment(t *testing.T) {
	var a sla.Attainment
	for _, st := range []sla.Status{
		statusOf(t, general, sla.Responded(after(2*h))),                                       // met
		statusOf(t, general, sla.Responded(after(h)), sla.Reclassified(after(2*h), critical)), // met as general
		statusOf(t, general, sla.Responded(after(2*h))),
		statusOf(t, general, sla.Responded(after(16*h))), // breached
		statusOf(t, general),                       // breached, not answered
		statusOf(t, general, sla.Closed(after(h))), // unanswered
		statusOf(t, general, sla.Paused(after(h))), // pending
		statusOf(t, impacted, sla.Reclassified(after(h), general), sla.Responded(after(2*h))),                      // breached as impacted
		statusOf(t, impacted, sla.Responded(after(10*m)), sla.PlanChanged(after(h), plan.Enterprise)),              // met on Business
		statusOf(t, critical, sla.Responded(after(h))),                                                             // no target
		statusOf(t, critical, sla.Responded(after(h)), sla.PlanChanged(after(2*h), plan.Enterprise)),               // no target on Business
		statusOf(t, critical, sla.PlanChanged(after(10*m), plan.Enterprise), sla.Responded(after(12*time.Minute))), // met on Enterprise
	} {
		if err := a.Add(st); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]sla.Tally{
		"business general": {
			Met: 3, Breached: 2, Unanswered: 1, Pending: 1,
			Responses: []sla.ResponseTime{{After: h, Cases: 1}, {After: 2 * h, Cases: 2}, {After: 16 * h, Cases: 1}},
		},
		"business production-impacted": {
			Met: 1, Breached: 1, Responses: []sla.ResponseTime{{After: 10 * m, Cases: 1}, {After: 2 * h, Cases: 1}},
		},
		"business business-critical":   {NoTarget: 2},
		"enterprise business-critical": {Met: 1, Responses: []sla.ResponseTime{{After: 12 * m, Cases: 1}}},
	}
	got := make(map[string]sla.Tally)
	var order []string
	for g := range a.Groups() {
		name := fmt.Sprint(g.Plan, " ", g.Severity)
		got[name] = g.Tally
		order = append(order, name)
		if d := cmp.Diff(g.Tally, a.Tally(g.Plan, g.Severity)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"business general", "business production-impacted", "business business-critical", "enterprise business-critical"}, order); d != "" {
		t.Error(d)
	}
	for range a.Groups() {
		break // must not be yielded to again
	}
	total := sla.Tally{
		Met: 5, Breached: 3, Unanswered: 1, Pending: 1, NoTarget: 2,
		Responses: []sla.ResponseTime{{After: 10 * m, Cases: 1}, {After: 12 * m, Cases: 1}, {After: h, Cases: 1}, {After: 2 * h, Cases: 3}, {After: 16 * h, Cases: 1}},
	}
	if d := cmp.Diff(total, a.Total()); d != "" {
		t.Error(d)
	}
	if got := a.Total().Cases(); got != 12 {
		t.Errorf("%d cases", got)
	}
	if ratio, ok := a.Total().Ratio(); !ok || ratio.Cmp(big.NewRat(5, 8)) != 0 {
		t.Errorf("ratio %v", ratio)
	}
	for _, c := range []struct {
		p plan.Plan
		s severity.Severity
	}{{0, general}, {plan.Basic, 0}, {5, general}, {plan.Basic, 5}, {plan.Basic, general}} {
		if d := cmp.Diff(sla.Tally{}, a.Tally(c.p, c.s)); d != "" {
			t.Errorf("%v, %v: %s", c.p, c.s, d)
		}
	}

	const text = `{"cells":[` +
		`{"plan":"business","severity":"general","met":3,"breached":2,"unanswered":1,"pending":1,"noTarget":0,"responses":[{"after":"1h0m0s","cases":1},{"after":"2h0m0s","cases":2},{"after":"16h0m0s","cases":1}]},` +
		`{"plan":"business","severity":"production-impacted","met":1,"breached":1,"unanswered":0,"pending":0,"noTarget":0,"responses":[{"after":"10m0s","cases":1},{"after":"2h0m0s","cases":1}]},` +
		`{"plan":"business","severity":"business-critical","met":0,"breached":0,"unanswered":0,"pending":0,"noTarget":2},` +
		`{"plan":"enterprise","severity":"business-critical","met":1,"breached":0,"unanswered":0,"pending":0,"noTarget":0,"responses":[{"after":"12m0s","cases":1}]}]}`
	if d := cmp.Diff(text, string(must(json.Marshal(&a)))); d != "" {
		t.Error(d)
	}
	var b sla.Attainment
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(text, string(must(json.Marshal(&b)))); d != "" {
		t.Error(d)
	}
	// Merging leaves the merged one alone, and may be with oneself.
	if err := errors.Join(a.Merge(&b), a.Merge(nil)); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(text, string(must(json.Marshal(&b)))); d != "" {
		t.Error(d)
	}
	if err := b.Merge(&b); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(must(json.Marshal(&a))), string(must(json.Marshal(&b)))); d != "" {
		t.Error(d)
	}
	if got := b.Total(); got.Cases() != 24 || got.Responses[3].Cases != 6 {
		t.Errorf("%+v", got)
	}
}

func TestEmptyAttainment(t *testing.T) {
	var a, b sla.Attainment
	if data := must(json.Marshal(&a)); string(data) != `{"cells":[]}` {
		t.Errorf("%s", data)
	}
	if err := errors.Join(a.Merge(&b), json.Unmarshal([]byte(`{"cells":[]}`), &a)); err != nil {
		t.Error(err)
	}
	if ratio, ok := a.Total().Ratio(); ok || ratio != nil {
		t.Errorf("a ratio of nothing: %v", ratio)
	}
	if d, ok := a.Total().Percentile(50); ok || d != 0 {
		t.Errorf("a percentile of nothing: %v", d)
	}
	// Unanswered and pending cases alone make no ratio either.
	if err := a.Add(statusOf(t, general, sla.Closed(after(h)))); err != nil {
		t.Fatal(err)
	}
	if ratio, ok := a.Total().Ratio(); ok {
		t.Errorf("a ratio of nothing decided: %v", ratio)
	}
}

// Nearest rank: of n in rising order, the ⌈n·p/100⌉th.
func TestPercentile(t *testing.T) {
	tally := sla.Tally{Responses: []sla.ResponseTime{{After: 15, Cases: 1}, {After: 20, Cases: 1}, {After: 35, Cases: 1}, {After: 40, Cases: 1}, {After: 50, Cases: 1}}}
	for percent, want := range map[int]time.Duration{1: 15, 5: 15, 20: 15, 21: 20, 30: 20, 40: 20, 41: 35, 50: 35, 60: 35, 61: 40, 80: 40, 81: 50, 100: 50} {
		if got, ok := tally.Percentile(percent); !ok || got != want {
			t.Errorf("%d %%: %v, want %v", percent, got, want)
		}
	}
	for _, percent := range []int{-1, 0, 101} {
		if got, ok := tally.Percentile(percent); ok || got != 0 {
			t.Errorf("%d %%: %v", percent, got)
		}
	}
	heavy := sla.Tally{Responses: []sla.ResponseTime{{After: 1, Cases: 99e13}, {After: 2, Cases: 1e13}}}
	if got, _ := heavy.Percentile(99); got != 1 {
		t.Errorf("99 %% of many: %v", got)
	}
	if got, _ := heavy.Percentile(100); got != 2 {
		t.Errorf("100 %% of many: %v", got)
	}
}

func TestAttainmentErrors(t *testing.T) {
	good := statusOf(t, general, sla.Responded(after(h)))
	for text, change := range map[string]func(*sla.Status){
		"Outcome(0), business, general":    func(s *sla.Status) { s.Outcome = 0 },
		"Outcome(6), business, general":    func(s *sla.Status) { s.Outcome = 6 },
		"met, Plan(0), general":            func(s *sla.Status) { s.Basis.Plan = 0 },
		"met, business, Severity(0)":       func(s *sla.Status) { s.Basis.Severity = 0 },
		"met, business, general":           func(s *sla.Status) { s.Elapsed = -1 },
		"breached, Plan(0), Severity(0)":   func(s *sla.Status) { s.Outcome = sla.OutcomeBreached },
		"Outcome(0), Plan(0), Severity(0)": func(s *sla.Status) { *s = sla.Status{} },
	} {
		var a sla.Attainment
		st := good
		change(&st)
		if err := a.Add(st); !errors.Is(err, sla.ErrStatus) || err.Error() != "sla: add "+text+": not the status of a case" {
			t.Errorf("%s: %v", text, err)
		}
		if a.Total().Cases() != 0 {
			t.Errorf("%s: counted all the same", text)
		}
	}

	const limit int64 = 1_000_000_000_000_000
	var full sla.Attainment
	cell := func(fields string) string {
		return `{"cells":[{"plan":"basic","severity":"general",` + fields + `}]}`
	}
	if err := json.Unmarshal([]byte(cell(fmt.Sprintf(`"met":0,"breached":%d,"unanswered":0,"pending":0,"noTarget":0`, limit-1))), &full); err != nil {
		t.Fatal(err)
	}
	if err := full.Add(good); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{full.Add(good), full.Merge(&full)} {
		if !errors.Is(err, sla.ErrTooMany) || !strings.HasSuffix(err.Error(), ": over 1000000000000000: too many cases") {
			t.Error(err)
		}
	}
	if n := full.Total().Cases(); n != limit {
		t.Errorf("%d cases", n)
	}

	zeros := `"unanswered":0,"pending":0,"noTarget":0`
	one := `{"plan":"basic","severity":"general","met":0,"breached":1,` + zeros + `}`
	for _, c := range []struct {
		in   string
		want error
		text string
	}{
		{`{}`, sla.ErrJSON, `cells: invalid JSON: field is missing`},
		{`{"cells":[],"x":0}`, sla.ErrJSON, `x: invalid JSON: unknown field`},
		{cell(`"met":0,"breached":1,` + zeros + `,"x":0`), sla.ErrJSON, `cells[0].x: invalid JSON: unknown field`},
		{cell(`"met":0,"breached":0,` + zeros), sla.ErrReport, `cells[0]: no cases: not a report`},
		{cell(`"breached":0,` + zeros), sla.ErrJSON, `cells[0].met: invalid JSON: field is missing`},
		{cell(`"met":1,"breached":0,` + zeros), sla.ErrReport, `cells[0]: 0 response times, 1 met, 0 breached: not a report`},
		{cell(`"met":1,"breached":1,` + zeros + `,"responses":[{"after":"1s","cases":3}]`), sla.ErrReport, `cells[0]: 3 response times, 1 met, 1 breached: not a report`},
		{cell(`"met":2,"breached":0,` + zeros + `,"responses":[{"after":"1s","cases":1},{"after":"1s","cases":1}]`), sla.ErrReport, `cells[0].responses[1].after: 1s is not after the one before: not a report`},
		{cell(`"met":1,"breached":0,` + zeros + `,"responses":[{"after":"-1s","cases":1}]`), sla.ErrReport, `cells[0].responses[0].after: -1s is not after the one before: not a report`},
		{cell(`"met":1,"breached":0,` + zeros + `,"responses":[{"after":"1s","cases":0}]`), sla.ErrJSON, `cells[0].responses[0].cases: invalid JSON: want a whole number from 1 to 1000000000000000, not the number "0"`},
		{cell(`"met":-1,"breached":2,` + zeros), sla.ErrJSON, `cells[0].met: invalid JSON: want a whole number from 0 to 1000000000000000, not the number "-1"`},
		{cell(`"met":0,"breached":1000000000000000,` + zeros + `,"responses":[{"after":"1s","cases":1000000000000000},{"after":"2s","cases":1}]`), sla.ErrTooMany, `cells[0].responses[1].after: too many cases`},
		{cell(`"met":0,"breached":1000000000000000,"unanswered":1,"pending":0,"noTarget":0`), sla.ErrTooMany, `cells[0]: sla: decode: over 1000000000000000: too many cases`},
		{`{"cells":[` + one + `,` + one + `]}`, sla.ErrReport, `cells[1]: basic at general again: not a report`},
		{`{"cells":[` + strings.Repeat(one+`,`, 16) + one + `]}`, sla.ErrJSON, `cells: invalid JSON: 17 items are over the limit of 16`},
		{`{"cells":[{"plan":"x","severity":"general","met":0,"breached":1,` + zeros + `}]}`, plan.ErrUnknown, `cells[0].plan: plan "x": want basic, developer, business or enterprise: unknown plan`},
		{`{"cells":[{"plan":"basic","severity":"x","met":0,"breached":1,` + zeros + `}]}`, severity.ErrUnknown, `cells[0].severity: severity "x": want general, system-impaired, production-impacted or business-critical: unknown severity`},
	} {
		var a sla.Attainment
		if err := a.Add(good); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(c.in), &a); !errors.Is(err, c.want) || err.Error() != "sla: decode attainment: "+c.text {
			t.Errorf("%s:\n got %v\nwant sla: decode attainment: %s", c.in, err, c.text)
		}
		if a.Total().Cases() != 1 {
			t.Errorf("%s: the report has changed", c.in)
		}
	}
	// A response at the instant of opening takes no time, and is one.
	var a sla.Attainment
	if err := json.Unmarshal([]byte(cell(`"met":1,"breached":0,`+zeros+`,"responses":[{"after":"0s","cases":1}]`)), &a); err != nil {
		t.Error(err)
	}

	// More response times than could be read again are not written.
	var huge sla.Attainment
	st := good
	for i := range 95_000 {
		st.Elapsed = 1<<63 - 1 - time.Duration(i)
		if err := huge.Add(st); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := huge.MarshalJSON(); !errors.Is(err, sla.ErrTooMany) {
		t.Error(err)
	}
}

// A report that is marshalled by value, in a field or in a map says what it
// says by pointer.
func TestAttainmentJSONByValue(t *testing.T) {
	var a sla.Attainment
	if err := a.Add(statusOf(t, general, sla.Responded(after(2*h)))); err != nil {
		t.Fatal(err)
	}
	want := string(must(json.Marshal(&a)))
	for i, got := range []string{
		string(must(json.Marshal(a))),
		strings.TrimSuffix(strings.TrimPrefix(string(must(json.Marshal(struct{ A sla.Attainment }{a}))), `{"A":`), "}"),
		strings.TrimSuffix(strings.TrimPrefix(string(must(json.Marshal(map[string]sla.Attainment{"A": a}))), `{"A":`), "}"),
	} {
		if got != want {
			t.Errorf("%d: %s; want %s", i, got, want)
		}
	}
}

// A breached case's response time is measured by the target that it breached,
// from the start of that target's measurement.
func TestResponseTimeFollowsBreach(t *testing.T) {
	hours := mustCalendar(calendar.Spec{Location: time.UTC, Week: calendar.Weekdays(calendar.Shift{Open: 9 * calendar.Hour, Close: 17 * calendar.Hour})})
	table := must(sla.Published().With(plan.Enterprise, general, sla.Target{Within: 8 * h, Clock: hours}))
	saturday := at("2026-03-07T10:00:00Z")
	for name, c := range map[string]struct {
		policy sla.Policy
		answer time.Duration
		want   time.Duration
	}{
		"lowered to office hours": {sla.Policy{Table: &table}, 24 * h, 24 * h},
		"lowered and restarted":   {sla.Policy{OnReclassified: sla.FromChange}, 25 * m, 25 * m},
	} {
		st, err := c.policy.Evaluate(sla.Case{Plan: plan.Enterprise, Severity: critical, Opened: saturday, Events: []sla.Event{
			sla.Reclassified(saturday.Add(20*m), general),
			sla.Responded(saturday.Add(c.answer)),
		}}, saturday.Add(48*h))
		if err != nil {
			t.Fatal(err)
		}
		var a sla.Attainment
		if err := a.Add(st); err != nil {
			t.Fatal(err)
		}
		want := []sla.ResponseTime{{After: c.want, Cases: 1}}
		if d := cmp.Diff(want, a.Tally(plan.Enterprise, critical).Responses); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
