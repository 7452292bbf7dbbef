package sla_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// Every cell of the published table, and nothing else, over all pairs.
func TestPublished(t *testing.T) {
	type cell struct {
		p plan.Plan
		s severity.Severity
	}
	want := map[cell]time.Duration{
		{plan.Basic, general}:       16 * h,
		{plan.Developer, general}:   16 * h,
		{plan.Developer, impaired}:  8 * h,
		{plan.Business, general}:    16 * h,
		{plan.Business, impaired}:   8 * h,
		{plan.Business, impacted}:   30 * m,
		{plan.Enterprise, general}:  8 * h,
		{plan.Enterprise, impaired}: 4 * h,
		{plan.Enterprise, impacted}: 20 * m,
		{plan.Enterprise, critical}: 15 * m,
	}
	got := make(map[cell]time.Duration)
	table := sla.Published().Table
	for p := range plan.Plan(255) {
		for s := range severity.Severity(255) {
			for _, metric := range append(clock.Metrics(), "") {
				target, ok := table.Target(p, s, metric)
				if ok != (target.Within > 0) || !target.Calendar.IsAlways() {
					t.Errorf("%v %v %s: %v, %v", p, s, metric, target, ok)
				}
				if ok && metric != clock.MetricFirstResponse {
					t.Errorf("%v %v promises %s", p, s, metric)
				}
				if ok {
					got[cell{p, s}] = target.Within
				}
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if table.Edition() != "2023-09-15" || len(table.Cells()) != len(want) {
		t.Errorf("%s, %d cells", table.Edition(), len(table.Cells()))
	}
}

func TestNearest(t *testing.T) {
	table := must(sla.Published().Table.With("more", sla.Cell{Plan: plan.Business, Severity: impaired, Targets: clock.Targets{Update: clock.Target{Within: h}}}))
	for _, c := range []struct {
		p    plan.Plan
		s    severity.Severity
		m    clock.Metric
		want sla.Nearest
		ok   bool
	}{
		{plan.Business, critical, clock.MetricFirstResponse, sla.Nearest{Target: clock.Target{Within: 30 * m}, ListedAt: impacted, Fallback: true}, true},
		{plan.Business, impaired, clock.MetricFirstResponse, sla.Nearest{Target: clock.Target{Within: 16 * h}, ListedAt: general, Fallback: true}, true},
		{plan.Business, critical, clock.MetricUpdate, sla.Nearest{Target: clock.Target{Within: h}, ListedAt: impaired, Fallback: true}, true},
		{plan.Business, impaired, clock.MetricUpdate, sla.Nearest{Target: clock.Target{Within: h}, ListedAt: impaired}, true},
		{plan.Business, general, clock.MetricUpdate, sla.Nearest{}, false},
		{plan.Business, critical, clock.MetricResolution, sla.Nearest{}, false},
		{plan.Business, 9, clock.MetricUpdate, sla.Nearest{}, false},
		{9, critical, clock.MetricUpdate, sla.Nearest{}, false},
		{plan.Business, critical, "", sla.Nearest{}, false},
	} {
		got, ok := table.Nearest(c.p, c.s, c.m)
		if d := cmp.Diff(c.want, got); d != "" || ok != c.ok {
			t.Errorf("%v %v %s: %v %s", c.p, c.s, c.m, ok, d)
		}
	}
	// A policy falls back metric by metric.
	p := sla.Policy{Table: table, NearestCovered: true}
	st := must(p.Evaluate(sla.Case{Plan: plan.Business, Severity: critical, Opened: opened, Events: []sla.Event{sla.Responded(after(m))}}, after(2*m)))
	if st.FirstResponse.Target.Within != 30*m || st.Update.Target.Within != h || st.Update.Name != "business business-critical" || st.Resolution.Outcome != clock.OutcomeNoTarget {
		t.Errorf("%+v", st)
	}
}

func TestWith(t *testing.T) {
	published := sla.Published().Table
	changed := must(published.With("ACME 2026",
		answerIn(plan.Business, general, clock.Target{Within: 12 * h, Calendar: office}),
		sla.Cell{Plan: plan.Enterprise, Severity: critical},
	))
	if changed.Edition() != "ACME 2026" || len(changed.Cells()) != 9 || len(published.Cells()) != 10 || changed.Equal(published) {
		t.Error(changed.Cells())
	}
	if got := changed.Targets(plan.Business, general); got.Name != "business general" || got.FirstResponse.Within != 12*h {
		t.Errorf("%+v", got)
	}
	back := must(changed.With("2023-09-15", answerIn(plan.Business, general, clock.Target{Within: 16 * h}), answerIn(plan.Enterprise, critical, clock.Target{Within: 15 * m})))
	if !back.Equal(published) {
		t.Error("not the published table again")
	}
	for want, err := range map[string]error{
		`sla: table with: edition "2023-09-15": its targets differ: want a name for the new edition: invalid input`:    second(published.With("2023-09-15", sla.Cell{Plan: plan.Basic, Severity: general})),
		`sla: table with: edition "ACME 2026": its targets differ: want a name for the new edition: invalid input`:     second(changed.With("ACME 2026", sla.Cell{Plan: plan.Basic, Severity: general})),
		`sla: table with: edition "": want a name for the new edition: invalid input`:                                  second(published.With("")),
		"sla: table with: cells[0].plan: Plan(9): unknown plan":                                                        second(published.With("x", sla.Cell{Plan: 9})),
		"sla: table with: cells[1].severity: Severity(0): unknown severity":                                            second(published.With("x", sla.Cell{Plan: 1, Severity: 1}, sla.Cell{Plan: 1})),
		"sla: table with: cells[0].targets.firstResponse: target within -1ns: want a positive duration: invalid input": second(published.With("x", answerIn(plan.Basic, general, clock.Target{Within: -1}))),
		"sla: table with: cells[1]: basic general: given twice: invalid input":                                         second(published.With("x", sla.Cell{Plan: 1, Severity: 1}, sla.Cell{Plan: 1, Severity: 1})),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if _, err := (sla.Policy{Table: sla.Table{}}).Evaluate(sla.Case{Plan: 1, Severity: 1, Opened: opened}, opened); !errors.Is(err, sla.ErrInvalid) {
		t.Error(err)
	}
	if _, err := json.Marshal(sla.Table{}); !errors.Is(err, sla.ErrInvalid) {
		t.Error(err)
	}
	if got := (sla.Table{}).Targets(plan.Basic, general); !got.IsZero() || got.Name != "basic general" {
		t.Errorf("%+v", got)
	}
}

func second[T any](_ T, err error) error { return err }

func TestCellOf(t *testing.T) {
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			q, r, ok := sla.CellOf(sla.Published().Table.Targets(p, s).Name)
			if q != p || r != s || !ok {
				t.Errorf("%v %v: %v %v %v", p, s, q, r, ok)
			}
		}
	}
	for _, name := range []string{"", "basic", "general basic", "Basic general"} {
		if p, s, ok := sla.CellOf(name); p != 0 || s != 0 || ok {
			t.Errorf("%q is the cell %v %v, %v", name, p, s, ok)
		}
	}
}

// D28: targets that are plainly faster are so, in whatever words their hours
// stand.
func TestCompareHours(t *testing.T) {
	calcutta, kolkata := mustZone("Asia/Calcutta"), mustZone("Asia/Kolkata")
	hours := func(loc *time.Location, week calendar.Week, holidays ...calendar.Holiday) clock.Target {
		return clock.Target{Within: 8 * h, Calendar: mustCalendar(calendar.Spec{Location: loc, Week: week, Holidays: holidays})}
	}
	shift := func(open, close calendar.TimeOfDay) calendar.Shift {
		return calendar.Shift{Open: open * calendar.Hour, Close: close * calendar.Hour}
	}
	nine := hours(time.UTC, calendar.Weekdays(shift(9, 17)))
	for name, c := range map[string]struct {
		from, to clock.Target
		want     sla.Difference
	}{
		"every day":        {nine, hours(time.UTC, calendar.Daily(shift(9, 17))), sla.DifferenceFaster},
		"longer hours":     {nine, hours(time.UTC, calendar.Weekdays(shift(8, 20))), sla.DifferenceFaster},
		"with a holiday":   {nine, hours(time.UTC, calendar.Weekdays(shift(9, 17)), calendar.Holiday{Date: calendar.Date{Year: 2026, Month: 1, Day: 6}}), sla.DifferenceSlower},
		"in two shifts":    {nine, hours(time.UTC, calendar.Weekdays(shift(9, 12), shift(12, 17))), ""},
		"the zone's alias": {hours(calcutta, calendar.Weekdays(shift(9, 17))), hours(kolkata, calendar.Weekdays(shift(9, 17))), ""},
		"another zone":     {nine, hours(kolkata, calendar.Weekdays(shift(9, 17))), sla.DifferenceIncomparable},
	} {
		table := must(sla.Table{}.With("x", answerIn(plan.Basic, general, c.from), answerIn(plan.Business, general, c.to)))
		var got sla.Difference
		for _, change := range must(table.Compare(plan.Basic, plan.Business)) {
			got = change.Difference
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		need := sla.Need{Table: table, Severity: general, Metric: clock.MetricFirstResponse, Target: c.from}
		if meets := need.MetBy(plan.Business); meets != (c.want == sla.DifferenceFaster || c.want == "") {
			t.Errorf("%s: met %v", name, meets)
		}
	}
	if got := must(sla.Published().Table.Compare(plan.Basic, plan.Enterprise)); len(got) != 4 || got[0].Difference != sla.DifferenceFaster || got[1].Difference != sla.DifferenceGained {
		t.Errorf("%+v", got)
	}
	if got := must(json.Marshal(must(sla.Published().Table.Compare(plan.Basic, plan.Developer)))); string(got) != `[{"severity":"system-impaired","metric":"first-response","difference":"gained","to":"8h"}]` {
		t.Errorf("%s", got)
	}
	if _, err := sla.Published().Table.Compare(9, plan.Basic); !errors.Is(err, plan.ErrUnknown) {
		t.Error(err)
	}
	if got := must(sla.Published().Table.Compare(plan.Business, plan.Developer)); len(got) != 1 || got[0].Difference != sla.DifferenceLost {
		t.Errorf("%+v", got)
	}
	for _, n := range []sla.Need{{}, {Table: sla.Published().Table, Severity: general, Metric: clock.MetricFirstResponse}, {Table: sla.Published().Table, Severity: general, Target: clock.Target{Within: h}}} {
		for _, p := range plan.All() {
			if n.MetBy(p) {
				t.Errorf("%v is met by %v", n, p)
			}
		}
	}
}

// A calendar that has no JSON form is an error of the table that has it.
func TestUnnamedZoneInTable(t *testing.T) {
	cal := must(calendar.New(calendar.Spec{Location: time.FixedZone("office", 3600), Week: calendar.Weekdays(calendar.MustShift("09:00-17:00"))}))
	table := must(sla.Table{}.With("own", answerIn(plan.Business, severity.General, clock.Target{Within: time.Hour, Calendar: cal})))
	for _, v := range []any{table, sla.Policy{Table: table}} {
		if data, err := json.Marshal(v); !errors.Is(err, calendar.ErrZone) {
			t.Errorf("%s, %v", data, err)
		}
	}
}

// A policy whose cells share a large calendar can be written and read again.
func TestLargeCalendarInPolicy(t *testing.T) {
	spec := calendar.Spec{Location: time.UTC, Week: calendar.Weekdays(calendar.Shift{Open: 9 * calendar.Hour, Close: 17 * calendar.Hour})}
	day := calendar.Date{Year: 2026, Month: time.January, Day: 1}
	for i := range 20_000 {
		spec.Holidays = append(spec.Holidays, calendar.Holiday{Date: day.AddDays(3 * i)})
	}
	target := clock.Target{Within: 8 * h, Calendar: mustCalendar(spec)}
	var cells []sla.Cell
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			cells = append(cells, sla.Cell{Plan: p, Severity: s, Targets: clock.Targets{FirstResponse: target, NextResponse: target, Update: target, Resolution: target}})
		}
	}
	p := sla.Policy{Table: must(sla.Table{}.With("large", cells...)), OnPlanChanged: clock.MeasureRetroactive}
	data := must(json.Marshal(p))
	var q sla.Policy
	if err := json.Unmarshal(data, &q); err != nil || !q.Table.Equal(p.Table) || q.OnPlanChanged != p.OnPlanChanged {
		t.Errorf("%d bytes: %v", len(data), err)
	}
	if n := strings.Count(string(data), `"holidays"`); n != 1 {
		t.Errorf("the calendar stands %d times", n)
	}
}

// The names of a table's targets are part of its form.
func TestTargetNames(t *testing.T) {
	within := func(n time.Duration) clock.Target { return clock.Target{Within: n * time.Hour} }
	table := must(sla.Table{}.With("four", sla.Cell{Plan: plan.Business, Severity: severity.General, Targets: clock.Targets{
		FirstResponse: within(1), NextResponse: within(2), Update: within(3), Resolution: within(4),
	}}))
	const want = `{"format":1,"edition":"four","targets":{"business":{"general":{"firstResponse":"1h","nextResponse":"2h","resolution":"4h","update":"3h"}}}}`
	if got := must(json.Marshal(table)); string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Instants in zones whose offset has seconds are written in UTC.
func TestInstantsInJSON(t *testing.T) {
	lmt := time.FixedZone("LMT", -(4*3600 + 56*60 + 2))
	c := sla.Case{Plan: plan.Basic, Severity: general, Opened: opened.In(lmt), Events: []sla.Event{sla.Closed(opened.In(lmt))}}
	const want = `{"format":1,"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z","events":[{"at":"2026-03-02T09:00:00Z","kind":"closed"}]}`
	if got := must(json.Marshal(c)); string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestJSONErrors(t *testing.T) {
	for in, want := range map[string]string{
		`{"table":{"edition":"x","targets":{"basic":{"general":{"firstResponse":"0h"}}}}}`:                           `table.targets.basic.general.firstResponse: "0h": want a positive duration`,
		`{"table":{"edition":"x","targets":{"Basic":{}}}}`:                                                           `"Basic": want one of "basic", "developer", "business", "enterprise": unknown plan`,
		`{"table":{"edition":"x","targets":{"basic":{"General":{}}}}}`:                                               "unknown severity",
		`{"table":{"edition":"","targets":{}}}`:                                                                      `table.edition: "": want the name`,
		`{"table":{"edition":"x","targets":{"basic":{"general":{"firstResponse":{"within":"1h","calendar":"o"}}}}}}`: `"o": want the name of one of the document's calendars`,
		`{"onReclassified":"restart"}`:                                                                               "table: invalid JSON: field is missing",
		`{"table":{"edition":"x","targets":{}},"onReclassified":"from-change"}`:                                      `onReclassified: "from-change": unknown measure; want one of`,
		`{"table":{"edition":"x","targets":{}},"conventions":{"update":{"reopened":"x"}}}`:                           `conventions.update.reopened: "x": unknown reopening; want one of`,
		`{"table":{"edition":"x","targets":{}},"conventions":{"warning":[]}}`:                                        "sla: decode policy: conventions.warning: invalid JSON: unknown field",
		`{"table":{"edition":"x","targets":{},"calendars":{"o":{"zones":"UTC"}}}}`:                                   "sla: decode policy: table.calendars.o.zones: invalid JSON: unknown field",
		`{"table":{"edition":"x","targets":{"basic":{"general":{"update":{"within":"1h","calendar":{"x":1}}}}}}}`:    "sla: decode policy: table.targets.basic.general.update.calendar.x: invalid JSON: unknown field",
		`{"format":9,"table":{"edition":"x","targets":{}}}`:                                                          "written by a newer version",
	} {
		p := sla.Published()
		err := json.Unmarshal([]byte(in), &p)
		if err == nil || !strings.Contains(err.Error(), want) || !p.Table.Equal(sla.Published().Table) {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
	for in, want := range map[string]string{
		`{"severity":"general","opened":"2026-03-02T09:00:00Z"}`:                                                                                      "plan: Plan(0): unknown plan",
		`{"plan":"BUSINESS","severity":"general","opened":"2026-03-02T09:00:00Z"}`:                                                                    "plan: ",
		`{"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z","events":[{"at":"2026-03-02T09:00:00Z","kind":"assessed"}]}`:            "events[0].severity: Severity(0): unknown severity",
		`{"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z","events":[{"at":"2026-03-02T09:00:00Z","kind":"retargeted"}]}`:          `events[0].kind: "retargeted": unknown kind of event`,
		`{"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z","events":[{"at":"2026-03-02T09:00:00Z","kind":"closed","reason":"x"}]}`: `events[0].reason: "x" of an event closed: want none`,
		`{"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z","events":[` + strings.Repeat("0,", 100_000) + `0]}`:                     "events: invalid JSON: 100001 items are over the limit of 100000",
		`{"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z","events":[` + strings.Repeat("0,", 99_999) + `0]}`:                      "events[0]: invalid JSON: want an object",
	} {
		err := json.Unmarshal([]byte(in), new(sla.Case))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}

// A stored policy and a stored case answer as before.
func TestStoring(t *testing.T) {
	p := sla.Policy{
		Table: must(sla.Published().Table.With("x", sla.Cell{Plan: plan.Business, Severity: impacted, Targets: clock.Targets{
			FirstResponse: clock.Target{Within: h, Calendar: office.Named("office")}, Update: clock.Target{Within: 2 * h}, Resolution: clock.Target{Within: 10 * h, Calendar: office},
		}})),
		OnReclassified: clock.MeasureRestart, NearestCovered: true,
		Conventions: clock.Conventions{Update: clock.Convention{FromOpening: true}, Warnings: []int{10, 110}},
	}
	c := sla.Case{Plan: plan.Business, Severity: general, Opened: opened, Events: []sla.Event{
		sla.Paused(after(m), "customer"), sla.Reclassified(after(h), impacted), sla.Resumed(after(2*h), ""), sla.CustomerReply(after(3 * h)), sla.Responded(after(4 * h)),
	}}
	var q sla.Policy
	var d sla.Case
	if err := errors.Join(json.Unmarshal(must(json.Marshal(p)), &q), json.Unmarshal(must(json.Marshal(c)), &d)); err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		now := after(time.Duration(i) * 7 * m)
		if diff := cmp.Diff(must(p.Evaluate(c, now)), must(q.Evaluate(d, now)), compare); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestAddAndNormalized(t *testing.T) {
	c := sla.Case{Plan: plan.Business, Severity: general, Opened: opened}
	c = must(c.Add(sla.Closed(after(2 * h))))
	c = must(c.Add(sla.Assessed(after(h), critical)))
	if c.Events[0].Kind != sla.KindAssessed {
		t.Error(c.Events)
	}
	_, err := c.Add(sla.Paused(after(3*h), "x"))
	if want := "sla: add: events[2]: paused (x) at 2026-03-02T12:00:00Z: while closed: impossible history"; err == nil || err.Error() != want || !errors.Is(err, sla.ErrHistory) {
		t.Error(err)
	}
	if _, err := c.Add(sla.Assessed(after(h), 9)); !errors.Is(err, severity.ErrUnknown) {
		t.Error(err)
	}
	c.Events = []sla.Event{
		sla.Closed(after(2 * h)), sla.Assessed(after(h), critical), sla.Assessed(after(h), impaired), sla.Assessed(after(h), impaired), sla.Closed(after(3 * h)), sla.Reclassified(after(-h), general),
	}
	d, dropped, err := c.Normalized()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range dropped {
		got = append(got, x.Event.String()+": "+x.Why)
	}
	if diff := cmp.Diff([]string{
		"assessed system-impaired at 2026-03-02T10:00:00Z: repeated", "closed at 2026-03-02T12:00:00Z: while closed", "reclassified general at 2026-03-02T08:00:00Z: before the opening",
	}, got); diff != "" || len(d.Events) != 3 {
		t.Error(diff, d.Events)
	}
	c.Events[0].Plan = plan.Basic
	if _, _, err := c.Normalized(); !errors.Is(err, sla.ErrInvalid) {
		t.Error(err)
	}
	// With a timeline, changes of the plan are dropped.
	timeline := must(plan.NewTimeline())
	change, closed := sla.PlanChanged(after(h), plan.Developer), sla.Closed(after(2*h))
	for _, x := range []struct {
		c       sla.Case
		events  []sla.Event
		dropped []sla.Dropped
	}{
		{sla.Case{Plan: plan.Basic}, []sla.Event{change, closed}, nil},
		{sla.Case{Timeline: &timeline}, []sla.Event{closed}, []sla.Dropped{{0, change, "the timeline says which plan there is"}}},
	} {
		x.c.Severity, x.c.Opened, x.c.Events = general, opened, []sla.Event{change, closed}
		d, dropped, err := x.c.Normalized()
		if diff := cmp.Diff(x.events, d.Events) + cmp.Diff(x.dropped, dropped); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
}
