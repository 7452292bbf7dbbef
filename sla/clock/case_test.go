package clock_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

var opened = at("2026-03-02T09:00:00Z")

func after(d time.Duration) time.Time { return opened.Add(d) }

func hourly() clock.Case {
	return clock.Case{Opened: opened, Targets: clock.Targets{FirstResponse: clock.Target{Within: h}}}
}

func TestAdd(t *testing.T) {
	c := hourly()
	for _, e := range []clock.Event{clock.Closed(after(3 * h)), clock.Paused(after(h), "vendor"), clock.Responded(after(h)), clock.Paused(after(-h), "")} {
		before := c
		d, err := c.Add(e)
		if err != nil {
			t.Fatal(err)
		}
		if len(before.Events) > 0 && &before.Events[0] == &d.Events[0] {
			t.Error("shares events")
		}
		c = d
	}
	var got []string
	for _, e := range c.Events {
		got = append(got, e.String())
	}
	want := []string{"paused at 2026-03-02T08:00:00Z", "paused (vendor) at 2026-03-02T10:00:00Z", "responded at 2026-03-02T10:00:00Z", "closed at 2026-03-02T12:00:00Z"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for want, e := range map[string]clock.Event{
		"clock: add: events[4]: paused (vendor) at 2026-03-02T12:00:00Z: while closed: impossible history":                 clock.Paused(after(3*h), "vendor"),
		"clock: add: events[2]: paused (vendor) at 2026-03-02T10:00:00Z: while paused: impossible history":                 clock.Paused(after(m), "vendor"),
		"clock: add: events[4]: closed at 2026-03-02T12:00:00Z: while closed: impossible history":                          clock.Closed(after(2 * h)),
		"clock: add: events[1]: responded at 2026-03-02T08:59:00Z: before the opening: impossible history":                 clock.Responded(after(-m)),
		"clock: add: events[1]: resumed (x) at 2026-03-02T09:01:00Z: while not paused for that reason: impossible history": clock.Resumed(after(m), "x"),
	} {
		d, err := c.Add(e)
		if err == nil || err.Error() != want || !errors.Is(err, clock.ErrHistory) || d.Events != nil {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		var f *clock.FieldError
		if !errors.As(err, &f) || !strings.HasPrefix(f.Path, "events[") {
			t.Errorf("%v names no event", err)
		}
	}
	for want, e := range map[string]clock.Event{
		`kind: missing; want one of`:                            {At: opened},
		`at: 0001-01-01T00:00:00Z: want an instant`:             {Kind: clock.KindClosed},
		`reason: "x" of an event closed: want none`:             {At: opened, Kind: clock.KindClosed, Reason: "x"},
		`targets: of an event closed: want none`:                {At: opened, Kind: clock.KindClosed, Measure: clock.MeasureRestart},
		`targets: missing`:                                      {At: opened, Kind: clock.KindRetargeted},
		`measure: "soon": unknown measure; want one of`:         clock.Retargeted(opened, clock.Targets{}, "soon"),
		`targets.update: target within -1ns: want a positive`:   clock.Retargeted(opened, clock.Targets{Update: clock.Target{Within: -1}}, ""),
		`targets.resolution: target within 0s: want a positive`: clock.Retargeted(opened, clock.Targets{Resolution: clock.Target{Calendar: office}}, ""),
	} {
		if _, err := hourly().Add(e); err == nil || !strings.Contains(err.Error(), want) || !errors.Is(err, clock.ErrInvalid) && !errors.Is(err, clock.ErrTime) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	c = hourly()
	for i := range 100 {
		c = must(c.Add(clock.Paused(opened, strings.Repeat("x", i+1))))
	}
	if _, err := c.Add(clock.Paused(opened, "one more")); !errors.Is(err, clock.ErrHistory) {
		t.Error(err)
	}
}

func TestNormalized(t *testing.T) {
	c := hourly()
	c.Events = []clock.Event{
		clock.Reopened(after(4 * h)), clock.Closed(after(3 * h)), clock.Closed(after(3 * h)), clock.Responded(after(-h)),
		clock.Resumed(after(h), "x"), clock.Retargeted(after(h), clock.Targets{Name: "a"}, ""), clock.Retargeted(after(h), clock.Targets{Name: "a"}, ""),
		clock.Retargeted(after(h), clock.Targets{Name: "b"}, ""), clock.Responded(after(2 * h)), clock.Responded(after(2*h + 1)),
	}
	d, dropped, err := c.Normalized()
	if err != nil || d.Check() != nil {
		t.Fatal(err, d.Check())
	}
	var got []string
	for _, x := range dropped {
		if !c.Events[x.Index].Equal(x.Event) {
			t.Errorf("%+v", x)
		}
		got = append(got, x.Event.String()+": "+x.Why)
	}
	if diff := cmp.Diff([]string{
		"responded at 2026-03-02T08:00:00Z: before the opening",
		"resumed (x) at 2026-03-02T10:00:00Z: while not paused",
		"retargeted a at 2026-03-02T10:00:00Z: repeated",
		"closed at 2026-03-02T12:00:00Z: repeated",
	}, got); diff != "" {
		t.Error(diff)
	}
	if len(d.Events) != 6 || len(c.Events) != 10 {
		t.Errorf("%v", d.Events)
	}
	c.Events[3].Kind = "shrugged"
	if _, _, err := c.Normalized(); !errors.Is(err, clock.ErrInvalid) || !strings.HasPrefix(err.Error(), `clock: normalized: events[3].kind: "shrugged": unknown kind of event`) {
		t.Error(err)
	}
}

// A case whose targets share a large calendar writes it once, under its name.
func TestCalendarsStandOnce(t *testing.T) {
	big := calendar.Spec{Location: time.UTC, Week: calendar.Weekdays(shift(9, 17))}
	day := calendar.Date{Year: 2026, Month: time.January, Day: 1}
	for i := range 5000 {
		big.Holidays = append(big.Holidays, calendar.Holiday{Date: day.AddDays(2 * i)})
	}
	cal := must(calendar.New(big)).Named("big")
	other := must(calendar.New(calendar.Spec{Location: time.UTC, Week: calendar.Weekdays(shift(8, 16))}))
	target := clock.Target{Within: 8 * h, Calendar: cal}
	c := clock.Case{Opened: opened, Targets: clock.Targets{FirstResponse: target, NextResponse: target, Update: target, Resolution: clock.Target{Within: h, Calendar: other}}}
	for i := range 16 {
		c.Events = append(c.Events, clock.Retargeted(after(time.Duration(i)*m), c.Targets, ""))
	}
	data := must(json.Marshal(c))
	if n := strings.Count(string(data), `"holidays"`); n != 1 || len(data) > 100_000 {
		t.Errorf("%d bytes, the calendar stands %d times", len(data), n)
	}
	var d clock.Case
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	if d.Targets.Update.Calendar.Name() != "big" || d.Targets.Resolution.Calendar.Name() != "calendar-2" || !d.Targets.Equal(c.Targets) {
		t.Errorf("%s", d.Targets.Resolution.Calendar.Name())
	}
	if again := must(json.Marshal(d)); string(again) != string(data) {
		t.Errorf("%.300s, then %.300s", data, again)
	}
}

func TestCaseJSONErrors(t *testing.T) {
	for in, want := range map[string]string{
		`{"format":2,"opened":"2026-03-02T09:00:00Z","targets":{}}`:                                               "format: 2: this version reads up to 1",
		`{"opened":"2026-03-02T09:00:00Z"}`:                                                                       "targets: invalid JSON: field is missing",
		`{"targets":{}}`:                                                                                          "opened: invalid JSON: field is missing",
		`{"opened":"2026-03-02T09:00:00Z","targets":{"update":"0s"}}`:                                             `targets.update: "0s": want a positive duration`,
		`{"opened":"2026-03-02T09:00:00Z","targets":{"update":{"within":"1h","calendar":"office"}}}`:              `targets.update.calendar: "office": want the name of one of the document's calendars`,
		`{"opened":"2026-03-02T09:00:00Z","targets":{"update":{"within":"1h","calendar":{"zone":"Nowhere"}}}}`:    "targets.update.calendar",
		`{"opened":"2026-03-02T09:00:00Z","targets":{},"calendars":{"x":{"zone":"UTC"}}}`:                         "calendars.x",
		`{"opened":"2026-03-02T09:00:00Z","targets":{"Update":"1h"}}`:                                             "Update",
		`{"opened":"2026-03-02T09:00:00Z","targets":{},"events":[{"at":"2026-03-02T09:00:00Z","kind":"Closed"}]}`: `events[0].kind: "Closed": unknown kind of event; want one of`,
		`{"opened":"2026-03-02T09:00:00Z","targets":{},"events":[{"at":"2026-03-02T08:00:00Z","kind":"closed"}]}`: "events[0]: closed at 2026-03-02T08:00:00Z: before the opening: impossible history",
	} {
		c := hourly()
		err := json.Unmarshal([]byte(in), &c)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
		if d := cmp.Diff(hourly(), c, same); d != "" {
			t.Errorf("%s: changed the case", in)
		}
	}
	if err := json.Unmarshal([]byte(`{"format":2}`), new(clock.Case)); !errors.Is(err, clock.ErrNewer) {
		t.Error(err)
	}
}

func TestConventionErrors(t *testing.T) {
	for want, v := range map[string]clock.Conventions{
		`conventions.update.reopened: "soon": unknown reopening; want one of`: {Update: clock.Convention{Reopened: "soon"}},
		`conventions.warnings[0]: 0: want rising percentages`:                 {Warnings: []int{0}},
		`conventions.warnings[0]: 1001: want rising`:                          {Warnings: []int{1001}},
		`conventions.warnings[1]: 50: want rising`:                            {Warnings: []int{50, 50}},
	} {
		_, err := v.Evaluate(hourly(), opened)
		if err == nil || !errors.Is(err, clock.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		if _, err := json.Marshal(v); !errors.Is(err, clock.ErrInvalid) {
			t.Error(err)
		}
	}
	for _, in := range []string{`{"warnings":[50,20]}`, `{"update":{"reopened":"Counts"}}`, `{"update":{"until":1}}`, `{"warnings":null}`} {
		if err := json.Unmarshal([]byte(in), new(clock.Conventions)); !errors.Is(err, clock.ErrInvalid) {
			t.Errorf("%s: %v", in, err)
		}
	}
	usual := clock.Convention{Reopened: clock.ReopeningContinues}
	if data := must(json.Marshal(clock.Conventions{FirstResponse: usual, NextResponse: usual, Update: usual, Resolution: usual})); string(data) != "{}" {
		t.Errorf("the usual conventions: %s", data)
	}
	widest := clock.Conventions{Warnings: []int{1, 2, 1000}}
	for _, v := range []clock.Conventions{widest, {Warnings: []int{}}, {}} {
		var back clock.Conventions
		if err := json.Unmarshal(must(json.Marshal(v)), &back); err != nil || !cmp.Equal(v, back) {
			t.Errorf("%+v: %v, want %+v", back, err, v)
		}
	}
	if st := must(widest.Evaluate(hourly(), opened)); !st.FirstResponse.Warnings[0].At.Equal(after(36*time.Second)) || !st.FirstResponse.Warnings[2].At.Equal(after(10*h)) {
		t.Errorf("%+v", st.FirstResponse.Warnings)
	}
	none := clock.Conventions{Warnings: []int{}}
	if st := must(none.Evaluate(hourly(), opened)); st.FirstResponse.Warnings != nil || !st.NextChange.Equal(after(h)) {
		t.Errorf("%+v", st.FirstResponse)
	}
}

// The closed hours of a combined calendar name the holidays of its parts, but not
// those that open it.
func TestHolidaysOfParts(t *testing.T) {
	site := func(zone, holiday string, days ...string) calendar.Calendar {
		spec := calendar.Spec{Location: must(time.LoadLocation(zone)), Week: calendar.Weekdays(shift(9, 17))}
		for _, d := range days {
			spec.Holidays = append(spec.Holidays, calendar.Holiday{Date: calendar.MustDate(d), Name: holiday})
		}
		return must(calendar.New(spec))
	}
	newYork := site("America/New_York", "Founders' Day", "2026-04-06", "2026-04-07")
	havana := site("America/Havana", "The 25 hours", "2026-11-01")
	sanJuan := site("America/Puerto_Rico", "The 24 hours", "2026-11-01")
	evenings := must(calendar.New(calendar.Spec{Location: berlin, Week: calendar.Daily(shift(16, 22))}))
	nights := must(calendar.New(calendar.Spec{
		Location: berlin, Week: calendar.Daily(calendar.MustShift("22:00-06:00")),
		Holidays: []calendar.Holiday{{Date: calendar.MustDate("2026-04-06"), Name: "Night off"}},
	}))
	onCall := must(calendar.Complement(office))
	for _, c := range []struct {
		cal      calendar.Calendar
		from, to string
		want     string
	}{
		{must(calendar.Union(office, site("America/New_York", ""))), "2026-04-05T20:00:00Z", "2026-04-07T08:00:00Z",
			"Sun 22:00 off-hours; Mon 00:00 off-hours: Easter Monday; Mon 15:00 counted; Mon 23:00 off-hours: Easter Monday; Tue 00:00 off-hours; Tue 09:00 counted"},
		{must(calendar.Union(office, newYork)), "2026-04-05T20:00:00Z", "2026-04-08T08:00:00Z",
			"Sun 22:00 off-hours; Mon 00:00 off-hours: Easter Monday; Tue 00:00 off-hours: Founders' Day; Tue 06:00 off-hours: Founders' Day; Tue 09:00 counted; Tue 17:00 off-hours: Founders' Day; Wed 06:00 off-hours; Wed 09:00 counted"},
		{must(calendar.Intersection(office, evenings)), "2026-04-05T20:00:00Z", "2026-04-07T15:00:00Z",
			"Sun 22:00 off-hours; Mon 00:00 off-hours: Easter Monday; Tue 00:00 off-hours; Tue 16:00 counted"},
		{onCall, "2026-04-03T20:00:00Z", "2026-04-07T16:00:00Z",
			"Fri 22:00 counted; Tue 09:00 off-hours; Tue 17:00 counted"},
		{must(calendar.Complement(nights)), "2026-04-05T20:00:00Z", "2026-04-07T16:00:00Z",
			"Sun 22:00 off-hours; Mon 06:00 counted"},
		{must(calendar.Complement(must(calendar.Union(onCall, evenings)))), "2026-04-05T20:00:00Z", "2026-04-07T16:00:00Z",
			"Sun 22:00 off-hours; Mon 00:00 off-hours: Easter Monday; Tue 00:00 off-hours; Tue 09:00 counted; Tue 16:00 off-hours"},
		{must(calendar.Union(havana, sanJuan)), "2026-11-02T04:30:00Z", "2026-11-02T06:00:00Z",
			"Mon 05:30 off-hours: The 25 hours; Mon 06:00 off-hours"},
		{must(calendar.Union(sanJuan, havana)), "2026-11-02T03:30:00Z", "2026-11-02T06:00:00Z",
			"Mon 04:30 off-hours: The 24 hours; Mon 05:00 off-hours: The 25 hours; Mon 06:00 off-hours"},
	} {
		in := clock.Case{Opened: at(c.from), Targets: clock.Targets{FirstResponse: clock.Target{Within: 1000 * h, Calendar: c.cal}}}
		var got []string
		for s := range must(clock.Conventions{}.Evaluate(in, at(c.to).In(berlin))).FirstResponse.Details() {
			line := s.Period.Start.Format("Mon 15:04 ") + string(s.Kind)
			if s.Reason != "" {
				line += ": " + s.Reason
			}
			if !s.Ahead {
				got = append(got, line)
			}
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// What a customer reads, of each outcome and each kind of segment.
func TestExplain(t *testing.T) {
	on := func(within time.Duration, c calendar.Calendar) clock.Target {
		return clock.Target{Within: within, Calendar: c}
	}
	friday, monday := at("2026-03-27T15:00:00Z"), at("2026-03-30T08:00:00Z") // at 16:00 and, in summer time, at 10:00 in Berlin
	for name, c := range map[string]struct {
		target clock.Target
		now    time.Time
		events []clock.Event
		want   string
	}{
		"pending": {on(2*h, office), friday.Add(30*m + 1500*time.Millisecond), nil, `
Due on Mon 30 Mar 2026 10:00 CEST; 30m1s of 2h of open hours used.
  Fri 27 Mar 2026 16:00 – 16:30  30m1s counted
  Fri 27 Mar 2026 16:30 – 17:00  29m58s left to come
  Fri 27 Mar 2026 17:00 – Mon 30 Mar 2026 09:00  outside office hours
  Mon 30 Mar 2026 09:00 – 10:00  1h left to come`},
		"met": {on(2*h, calendar.Calendar{}), friday.Add(5 * h), []clock.Event{clock.Responded(friday.Add(1500 * time.Millisecond))}, `
Met on Fri 27 Mar 2026 16:00 CET, after 1.5s of 2h.
  Fri 27 Mar 2026 16:00 – 16:00  1.5s counted`},
		"met at a minute": {on(2*h, calendar.Calendar{}), friday.Add(5 * h), []clock.Event{clock.Responded(friday.Add(m - 1)), clock.Closed(friday.Add(h))}, `
Met on Fri 27 Mar 2026 16:00 CET, after 59.999999999s of 2h.
  Fri 27 Mar 2026 16:00 – 16:00  59.999999999s counted`},
		"overdue": {on(h, office), monday, nil, `
Overdue since Fri 27 Mar 2026 17:00 CET, 2h counted for a target of 1h.
  Fri 27 Mar 2026 16:00 – 17:00  1h counted
  Fri 27 Mar 2026 17:00 – Mon 30 Mar 2026 09:00  outside office hours
  Mon 30 Mar 2026 09:00 – 10:00  1h counted`},
		"missed": {on(h, office), monday.Add(h), []clock.Event{clock.Responded(monday)}, `
Missed: due on Fri 27 Mar 2026 17:00 CET, ended on Mon 30 Mar 2026 10:00 CEST, 2h counted for a target of 1h.
  Fri 27 Mar 2026 16:00 – 17:00  1h counted
  Fri 27 Mar 2026 17:00 – Mon 30 Mar 2026 09:00  outside office hours
  Mon 30 Mar 2026 09:00 – 10:00  1h counted`},
		"closed": {on(2*h, calendar.Calendar{}), friday.Add(30 * h), []clock.Event{clock.Closed(friday.Add(h))}, `
Closed before it was due, after 1h of 2h.
  Fri 27 Mar 2026 16:00 – 17:00  1h counted
  Fri 27 Mar 2026 17:00 – Sat 28 Mar 2026 22:00  case closed`},
		"paused": {on(2*h, office), friday.Add(2 * h), []clock.Event{clock.Paused(friday, ""), clock.Paused(friday.Add(h), "vendor")}, `
Paused; 0s of 2h of open hours used.
  Fri 27 Mar 2026 16:00 – 17:00  paused
  Fri 27 Mar 2026 17:00 – 18:00  paused: vendor`},
		"paused twice": {on(2*h, office), friday.Add(2 * h), []clock.Event{clock.Paused(friday, "customer"), clock.Paused(friday.Add(h), "vendor")}, `
Paused; 0s of 2h of open hours used.
  Fri 27 Mar 2026 16:00 – 17:00  paused: customer
  Fri 27 Mar 2026 17:00 – 18:00  paused: customer, vendor`},
		"restarted": {on(h, calendar.Calendar{}), friday.Add(20 * m), []clock.Event{clock.Retargeted(friday.Add(10*m), clock.Targets{FirstResponse: on(3*h, calendar.Calendar{})}, clock.MeasureRestart)}, `
Due on Fri 27 Mar 2026 19:10 CET; 10m of 3h used.
  Fri 27 Mar 2026 16:00 – 16:10  before the clock restarted
  Fri 27 Mar 2026 16:10 – 16:20  10m counted
  Fri 27 Mar 2026 16:20 – 19:10  2h50m left to come`},
		"no target": {clock.Target{}, friday.Add(h), nil, `
No target; 1h counted.
  Fri 27 Mar 2026 16:00 – 17:00  1h counted`},
		"a calendar that runs out": {on(2*h, must(calendar.New(calendar.Spec{Location: berlin, Special: map[calendar.Date][]calendar.Shift{calendar.MustDate("2026-03-27"): {shift(16, 17)}}}))), friday.Add(2 * h), nil, `
Not due; 1h of 2h of open hours used.
  Fri 27 Mar 2026 16:00 – 17:00  1h counted
  Fri 27 Mar 2026 17:00 – 18:00  outside office hours`},
	} {
		in := clock.Case{Opened: friday, Targets: clock.Targets{FirstResponse: c.target}, Events: c.events}
		if d := cmp.Diff(strings.TrimPrefix(c.want, "\n"), must(clock.Conventions{}.Evaluate(in, c.now.In(berlin))).FirstResponse.Explain()); d != "" {
			t.Errorf("%s: (-want +got)\n%s", name, d)
		}
	}
	if got := (clock.Cycle{Outcome: clock.OutcomeIdle}).Explain(); got != "Nothing is awaited." {
		t.Error(got)
	}
}

// Whoever reads the details may stop anywhere.
func TestDetailsStop(t *testing.T) {
	in := clock.Case{Opened: at("2026-04-03T13:00:00Z"), Targets: clock.Targets{FirstResponse: clock.Target{Within: 30 * h, Calendar: office}}}
	in.Events = []clock.Event{clock.Paused(at("2026-04-07T09:00:00Z"), ""), clock.Resumed(at("2026-04-07T10:00:00Z"), "")}
	for _, now := range []string{"2026-04-05T10:00:00Z", "2026-04-07T11:00:00Z"} {
		cy := must(clock.Conventions{}.Evaluate(in, at(now))).FirstResponse
		all := slices.Collect(cy.Details())
		for n := range all {
			var some []clock.Segment
			for s := range cy.Details() {
				if some = append(some, s); len(some) > n {
					break
				}
			}
			if d := cmp.Diff(all[:n+1], some); d != "" {
				t.Error(d)
			}
		}
	}
}

// A closed case may get another target: it applies when the case is open again,
// or when it is answered.
func TestRetargetedWhileClosed(t *testing.T) {
	on := func(within time.Duration) clock.Targets {
		return clock.Targets{FirstResponse: clock.Target{Within: within}, Resolution: clock.Target{Within: within}}
	}
	c := clock.Case{Opened: opened, Targets: on(4 * h), Events: []clock.Event{clock.Closed(after(h)), clock.Retargeted(after(2*h), on(30*m), "")}}
	c.Events = append(c.Events, clock.Responded(after(3*h)))
	if r := must(clock.Conventions{}.Evaluate(c, after(4*h))).FirstResponse; r.Outcome != clock.OutcomeBreached || !r.Breach.At.Equal(after(3*h)) || r.Elapsed != h {
		t.Errorf("%+v", r)
	}
	c.Events[1] = clock.Retargeted(after(2*h), on(90*m), clock.MeasureRestart)
	c.Events[2] = clock.Reopened(after(3 * h))
	r := must(clock.Conventions{}.Evaluate(c, after(4*h))).Resolution
	if !r.Measured.Equal(after(2*h)) || r.Elapsed != h || !r.Due.Equal(after(4*h+30*m)) || r.Outcome != clock.OutcomePending {
		t.Errorf("%+v", r)
	}
	var kinds []clock.SegmentKind
	for _, s := range r.Segments {
		kinds = append(kinds, s.Kind)
	}
	if d := cmp.Diff([]clock.SegmentKind{clock.SegmentSuperseded, clock.SegmentClosed, clock.SegmentClosed, clock.SegmentCounted}, kinds); d != "" {
		t.Error(d)
	}
}

// A restart while the case is closed happens once, at the reopening after it.
func TestRestartWhileClosed(t *testing.T) {
	on := func(within time.Duration) clock.Targets {
		return clock.Targets{Resolution: clock.Target{Within: within}}
	}
	c := clock.Case{Opened: opened, Targets: on(30 * h), Events: []clock.Event{
		clock.Closed(after(h)), clock.Retargeted(after(2*h), on(10*h), clock.MeasureRestart), clock.Reopened(after(3 * h)),
		clock.Closed(after(4 * h)), clock.Retargeted(after(5*h), on(20*h), ""), clock.Reopened(after(6 * h)),
	}}
	r := must(clock.Conventions{}.Evaluate(c, after(7*h))).Resolution
	if !r.Measured.Equal(after(2*h)) || r.Elapsed != 2*h || r.Target.Within != 20*h || !r.Due.Equal(after(25*h)) {
		t.Errorf("%+v", r)
	}
}

// Closings, pauses and restarts end a segment or let it go on, by what it is.
func TestSegments(t *testing.T) {
	restarted := func(d time.Duration) clock.Event {
		return clock.Retargeted(after(d), clock.Targets{FirstResponse: clock.Target{Within: 30 * h}, Resolution: clock.Target{Within: 30 * h}}, clock.MeasureRestart)
	}
	closed := func(d time.Duration) clock.Event { return clock.Closed(after(d)) }
	reopened := func(d time.Duration) clock.Event { return clock.Reopened(after(d)) }
	paused, resumed := clock.Paused(after(h), ""), clock.Resumed(after(3*h), "")
	for name, c := range map[string]struct {
		reopened clock.Reopening
		metric   clock.Metric
		events   []clock.Event
		now      time.Duration
		want     string
		elapsed  time.Duration
	}{
		"closed again at the reopening": {clock.ReopeningContinues, clock.MetricResolution, []clock.Event{closed(h), reopened(2 * h), closed(2 * h)}, 3 * h,
			"0s-1h0m0s counted; 1h0m0s-2h0m0s closed", h},
		"closed again at the reopening, and reopened": {clock.ReopeningContinues, clock.MetricResolution, []clock.Event{closed(h), reopened(2 * h), closed(2 * h), reopened(3 * h)}, 4 * h,
			"0s-1h0m0s counted; 1h0m0s-2h0m0s closed; 2h0m0s-3h0m0s closed; 3h0m0s-4h0m0s counted", 2 * h},
		"closed again at the reopening, and reopened, where closed time counts": {clock.ReopeningCounts, clock.MetricResolution, []clock.Event{closed(h), reopened(2 * h), closed(2 * h), reopened(3 * h)}, 4 * h,
			"0s-1h0m0s counted; 1h0m0s-2h0m0s counted; 2h0m0s-4h0m0s counted", 4 * h},
		"closed again at the reopening of a first response, and reopened, where closed time counts": {clock.ReopeningCounts, clock.MetricFirstResponse, []clock.Event{closed(h), reopened(2 * h), closed(2 * h), reopened(3 * h)}, 4 * h,
			"0s-1h0m0s counted; 1h0m0s-2h0m0s counted; 2h0m0s-4h0m0s counted", 4 * h},
		"closed again at the reopening, of a first response": {clock.ReopeningContinues, clock.MetricFirstResponse, []clock.Event{closed(h), reopened(2 * h), closed(2 * h)}, 3 * h,
			"0s-1h0m0s counted; 1h0m0s-3h0m0s closed", h},
		"restarted in a pause": {clock.ReopeningContinues, clock.MetricFirstResponse, []clock.Event{paused, restarted(2 * h), resumed}, 4 * h,
			"0s-1h0m0s superseded; 1h0m0s-3h0m0s paused; 3h0m0s-4h0m0s counted", h},
		"restarted in a pause, where closed time counts": {clock.ReopeningCounts, clock.MetricFirstResponse, []clock.Event{paused, restarted(2 * h), resumed}, 4 * h,
			"0s-1h0m0s superseded; 1h0m0s-2h0m0s paused; 2h0m0s-3h0m0s paused; 3h0m0s-4h0m0s counted", h},
		"restarted in closed time that counts": {clock.ReopeningCounts, clock.MetricFirstResponse, []clock.Event{closed(h), restarted(2 * h), reopened(3 * h)}, 4 * h,
			"0s-1h0m0s superseded; 1h0m0s-2h0m0s closed; 2h0m0s-4h0m0s counted", 2 * h},
		"closed and restarted at the opening, in closed time that counts": {clock.ReopeningCounts, clock.MetricResolution, []clock.Event{closed(0), restarted(0), reopened(h)}, 2 * h,
			"0s-1h0m0s counted; 1h0m0s-2h0m0s counted", 2 * h},
		"restarted in closed time": {clock.ReopeningContinues, clock.MetricFirstResponse, []clock.Event{closed(h), restarted(2 * h), reopened(3 * h)}, 4 * h,
			"0s-1h0m0s superseded; 1h0m0s-3h0m0s closed; 3h0m0s-4h0m0s counted", h},
		"restarted in closed time of resolution": {clock.ReopeningContinues, clock.MetricResolution, []clock.Event{closed(h), restarted(2 * h), reopened(3 * h)}, 4 * h,
			"0s-1h0m0s superseded; 1h0m0s-2h0m0s closed; 2h0m0s-3h0m0s closed; 3h0m0s-4h0m0s counted", h},
		"restarted in closed time of resolution that counts": {clock.ReopeningCounts, clock.MetricResolution, []clock.Event{closed(h), restarted(2 * h), reopened(3 * h)}, 4 * h,
			"0s-1h0m0s superseded; 1h0m0s-2h0m0s closed; 2h0m0s-3h0m0s counted; 3h0m0s-4h0m0s counted", 2 * h},
	} {
		in := clock.Case{Opened: opened, Targets: clock.Targets{FirstResponse: clock.Target{Within: 30 * h}, Resolution: clock.Target{Within: 30 * h}}, Events: c.events}
		rule := clock.Convention{Reopened: c.reopened}
		st := must(clock.Conventions{FirstResponse: rule, Resolution: rule}.Evaluate(in, after(c.now)))
		r := st.Of(c.metric)
		var got []string
		for _, s := range r.Segments {
			got = append(got, fmt.Sprintf("%v-%v %s", s.Period.Start.Sub(opened), s.Period.End.Sub(opened), s.Kind))
		}
		if d := cmp.Diff(c.want, strings.Join(got, "; ")); d != "" || r.Elapsed != c.elapsed {
			t.Errorf("%s: %v counted, (-want +got)\n%s", name, r.Elapsed, d)
		}
	}
}

// A status tells how the case stands, apart from its cycles.
func TestStatus(t *testing.T) {
	in := hourly()
	for _, c := range []struct {
		event     clock.Event
		phase     clock.Phase
		reasons   []string
		responded time.Time
	}{
		{clock.Paused(after(1*m), "customer"), clock.PhasePaused, []string{"customer"}, time.Time{}},
		{clock.Paused(after(2*m), ""), clock.PhasePaused, []string{"customer", ""}, time.Time{}},
		{clock.Responded(after(3 * m)), clock.PhasePaused, []string{"customer", ""}, after(3 * m)},
		{clock.Resumed(after(4*m), "customer"), clock.PhasePaused, []string{""}, after(3 * m)},
		{clock.Resumed(after(5*m), ""), clock.PhaseRunning, nil, after(3 * m)},
		{clock.Responded(after(6 * m)), clock.PhaseRunning, nil, after(3 * m)},
		{clock.Paused(after(7*m), "vendor"), clock.PhasePaused, []string{"vendor"}, after(3 * m)},
		{clock.Closed(after(8 * m)), clock.PhaseClosed, nil, after(3 * m)},
		{clock.Reopened(after(9 * m)), clock.PhaseRunning, nil, after(3 * m)},
	} {
		in.Events = append(in.Events, c.event)
		now := c.event.At.In(berlin)
		st := must(clock.Conventions{}.Evaluate(in, now))
		if st.Phase != c.phase || !cmp.Equal(c.reasons, st.Reasons) || !st.Responded.Equal(c.responded) || st.At != now {
			t.Errorf("%v: %s, %q, responded %v, at %v", c.event, st.Phase, st.Reasons, st.Responded, st.At)
		}
		if !st.Responded.IsZero() && st.Responded.Location() != berlin {
			t.Errorf("%v: responded in the zone %v", c.event, st.Responded.Location())
		}
	}
}

// A breach counts on, whatever restarts the clock after it.
func TestRestartAfterBreach(t *testing.T) {
	c := hourly()
	for i, restart := range []time.Duration{2 * h, 3 * h} {
		c.Events = append(c.Events, clock.Retargeted(after(restart), clock.Targets{FirstResponse: clock.Target{Within: 9 * h}}, clock.MeasureRestart))
		r := must(clock.Conventions{}.Evaluate(c, after(5*h))).FirstResponse
		if !r.Breach.At.Equal(after(h)) || r.Breach.Elapsed != 5*h || r.Elapsed != time.Duration(3-i)*h {
			t.Errorf("%d restarts: %+v", i+1, r)
		}
	}
}

// nights is open by night alone, from 22:00 to 04:00.
var nights = must(calendar.New(calendar.Spec{Location: berlin, Week: calendar.Daily(shift(22, 4))}))

// A target that comes back finds its calendar's time as it was.
func TestCalendarComesBack(t *testing.T) {
	on := func(within time.Duration, c calendar.Calendar) clock.Targets {
		return clock.Targets{FirstResponse: clock.Target{Within: within, Calendar: c}}
	}
	c := clock.Case{Opened: opened, Targets: on(5*h, calendar.Calendar{}), Events: []clock.Event{
		clock.Paused(after(h), ""), clock.Resumed(after(2*h), ""),
		clock.Retargeted(after(150*m), on(50*h, nights), ""), clock.Retargeted(after(160*m), on(5*h, calendar.Calendar{}), ""),
	}}
	if r := must(clock.Conventions{}.Evaluate(c, after(8*h))).FirstResponse; !r.Breach.At.Equal(after(6*h)) || r.Elapsed != 7*h || r.Segments[0].Counted != h {
		t.Errorf("%+v", r)
	}
}

// So does time in the one segment that is still growing, there and back.
func TestCalendarsWithinASegment(t *testing.T) {
	on := func(c calendar.Calendar) clock.Targets {
		return clock.Targets{FirstResponse: clock.Target{Within: 5 * h, Calendar: c}}
	}
	c := clock.Case{Opened: opened, Targets: on(calendar.Calendar{}), Events: []clock.Event{
		clock.Retargeted(after(150*m), on(nights), ""), clock.Retargeted(after(160*m), on(calendar.Calendar{}), ""),
	}}
	for _, now := range []time.Duration{5 * h, 8 * h} {
		if r := must(clock.Conventions{}.Evaluate(c, after(now))).FirstResponse; !r.Breach.At.Equal(after(5*h)) || r.Elapsed != now {
			t.Errorf("after %v: %+v", now, r)
		}
	}
}

// A warning passes at the first nanosecond at which its percentage is used.
func TestWarningsToTheNanosecond(t *testing.T) {
	v := clock.Conventions{Warnings: []int{1, 33, 50, 75, 99, 100, 101, 333, 1000}}
	for _, within := range []time.Duration{1, 2, 3, 99, 100, 101, 150, 199, 200, 201, 12_345, h + 1, h + 99} {
		c := clock.Case{Opened: opened, Targets: clock.Targets{FirstResponse: clock.Target{Within: within}}}
		for _, w := range must(v.Evaluate(c, opened)).FirstResponse.Warnings {
			if want := (within*time.Duration(w.Percent) + 99) / 100; !w.At.Equal(after(want)) || w.Passed {
				t.Errorf("%d %% of %v: after %v, want %v", w.Percent, within, w.At.Sub(opened), want)
			}
			at := w.At // found again once it has passed
			for _, w2 := range must(v.Evaluate(c, at.Add(5))).FirstResponse.Warnings {
				if w2.Percent == w.Percent && (!w2.Passed || !w2.At.Equal(at)) {
					t.Errorf("%d %% of %v: passed %v after %v, want %v", w.Percent, within, w2.Passed, w2.At.Sub(opened), at.Sub(opened))
				}
			}
		}
	}
}

// A warning at more time than a duration holds never passes.
func TestWarningBeyondDurations(t *testing.T) {
	c := clock.Case{Opened: opened, Targets: clock.Targets{FirstResponse: clock.Target{Within: 1 << 62}}}
	w := must(clock.Conventions{Warnings: []int{100, 199, 300}}.Evaluate(c, after(h))).FirstResponse.Warnings
	if !w[0].At.Equal(after(1<<62)) || !w[1].At.After(w[0].At) || w[2].Passed || !w[2].At.IsZero() {
		t.Errorf("%+v", w)
	}
	// The longest target of which a duration holds the double, and the next one.
	for _, longer := range []time.Duration{0, 1} {
		c.Targets.FirstResponse.Within = math.MaxInt64/2 + longer
		w := must(clock.Conventions{Warnings: []int{200}}.Evaluate(c, after(h))).FirstResponse.Warnings[0]
		want := opened.Add(math.MaxInt64 - 1)
		if longer > 0 {
			want = time.Time{}
		}
		if w.Passed || !w.At.Equal(want) {
			t.Errorf("twice %v: %+v", c.Targets.FirstResponse.Within, w)
		}
	}
}

// Events are equal by what they say; an event of the kind without its targets is
// another one.
func TestEqualEvents(t *testing.T) {
	e := clock.Retargeted(opened, hourly().Targets, "")
	none := e
	none.Targets = nil
	if f := clock.Retargeted(opened, hourly().Targets, ""); !e.Equal(f) || !none.Equal(none) || e.Equal(none) || none.Equal(e) {
		t.Errorf("%v and %v", e, none)
	}
}

// Of many segments, Explain writes the first eight and the last eight, unless all
// are only one more.
func TestExplainMany(t *testing.T) {
	for n, more := range map[int]string{15: "", 16: "", 17: "", 18: "  … 2 more …", 30: "  … 14 more …", 31: "  … 15 more …"} {
		c := clock.Case{Opened: opened, Targets: clock.Targets{FirstResponse: clock.Target{Within: 1}}}
		for i := 1; i < n; i++ { // a segment for each minute
			e := clock.Paused(after(time.Duration(i)*m), "")
			if i%2 == 0 {
				e = clock.Resumed(e.At, "")
			}
			c.Events = append(c.Events, e)
		}
		cy := must(clock.Conventions{}.Evaluate(c, after(time.Duration(n)*m))).FirstResponse
		var want []string
		for i := range n {
			if i < 8 || i >= n-8 || more == "" {
				want = append(want, after(time.Duration(i)*m).Format("  Mon 2 Jan 2006 15:04 –"))
			} else if i == 8 {
				want = append(want, more)
			}
		}
		lines := strings.Split(cy.Explain(), "\n")[1:]
		if len(lines) != len(want) {
			t.Errorf("%d segments: %d lines", n, len(lines))
			continue
		}
		for i, line := range lines {
			if !strings.HasPrefix(line, want[i]) {
				t.Errorf("%d segments: line %d is %q, want %q", n, i, line, want[i])
			}
		}
	}
}

// An event that is not valid is not read, on its own or in a case.
func TestEventErrors(t *testing.T) {
	for event, want := range map[string]string{
		`{"at":"2026-03-02T10:00:00Z","kind":"closed","reason":"x"}`:                                  `reason: "x" of an event closed: want none`,
		`{"at":"2026-03-02T10:00:00Z","kind":"closed","targets":{}}`:                                  `targets: of an event closed: want none`,
		`{"at":"2026-03-02T10:00:00Z","kind":"closed","measure":"restart"}`:                           `targets: of an event closed: want none`,
		`{"at":"2026-03-02T10:00:00Z","kind":"retargeted"}`:                                           `targets: missing`,
		`{"at":"2026-03-02T10:00:00Z","kind":"retargeted","targets":{"update":"1h"},"measure":"now"}`: `measure: "now": unknown measure`,
		`{"at":"2026-03-02T10:00:00Z","kind":"retargeted","targets":{"update":"-1h"}}`:                `targets.update: `,
		`{"at":"2026-03-02T10:00:00Z","kind":"assessed"}`:                                             `kind: "assessed": unknown kind of event`,
	} {
		var e clock.Event
		err := json.Unmarshal([]byte(event), &e)
		if !errors.Is(err, clock.ErrInvalid) || !strings.Contains(err.Error(), ": "+want) || !e.Equal(clock.Event{}) {
			t.Errorf("%s: %v, want %s", event, err, want)
		}
		in := `{"format":1,"opened":"2026-03-02T09:00:00Z","targets":{},"events":[` + event + `]}`
		if err := json.Unmarshal([]byte(in), new(clock.Case)); !errors.Is(err, clock.ErrInvalid) || !strings.Contains(err.Error(), ": events[0]."+want) {
			t.Errorf("%s: %v, want events[0].%s", in, err, want)
		}
	}
}

// Durations in JSON are exact numbers of seconds.
func TestSeconds(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0", h: "3600", -h: "-3600", 1500 * time.Millisecond: "1.5", 1: "0.000000001", -1: "-0.000000001", -250 * time.Millisecond: "-0.25",
		10*time.Second + 100_200: "10.0001002", 1<<63 - 1: "9223372036.854775807",
	} {
		data := must(json.Marshal(clock.Cycle{Outcome: clock.OutcomeNoTarget, Started: opened, Elapsed: d}))
		if !strings.Contains(string(data), `"elapsed":`+want+`}`) {
			t.Errorf("%v: %s, want %s", d, data, want)
		}
	}
}

func TestTarget(t *testing.T) {
	saturday := at("2026-04-04T10:00:00Z")
	if due := must(clock.Target{Within: h, Calendar: office}.Due(saturday)); !due.Equal(at("2026-04-07T08:00:00Z")) {
		t.Error(due)
	}
	for _, err := range []error{second(clock.Target{}.Due(saturday)), second(clock.Target{Within: h}.Due(time.Time{})), second(clock.Target{Within: -1}.Due(saturday))} {
		if !errors.Is(err, clock.ErrInvalid) && !errors.Is(err, clock.ErrTime) {
			t.Error(err)
		}
	}
	long := must(calendar.New(calendar.Spec{Location: berlin, Week: calendar.Daily(shift(8, 20))}))
	split := must(calendar.New(calendar.Spec{Location: berlin, Week: calendar.Weekdays(shift(9, 12), shift(12, 17)), Holidays: office.Spec().Holidays}))
	a, always := clock.Target{Within: 8 * h, Calendar: office}, clock.Target{Within: 8 * h}
	for _, c := range []struct {
		t, u clock.Target
		want bool
	}{
		{a, a, true}, {always, a, true}, {a, always, false}, {clock.Target{Within: 8 * h, Calendar: long}, a, true}, {a, clock.Target{Within: 8 * h, Calendar: long}, false},
		{clock.Target{Within: 8 * h, Calendar: split}, a, true}, {a, clock.Target{Within: 8 * h, Calendar: split}, true},
		{clock.Target{Within: 9 * h}, a, false}, {clock.Target{}, a, false}, {a, clock.Target{}, false},
	} {
		if got := c.t.Implies(c.u); got != c.want {
			t.Errorf("%v implies %v: %v", c.t, c.u, got)
		}
	}
	for want, target := range map[string]clock.Target{"< 8h": always, "< 8h of open time": a, "< 1h30m": {Within: 90 * m}, "< 1m1s": {Within: 61 * time.Second}, "no target": {}} {
		if got := target.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// What is sorted by the remaining time has who owes nothing last.
func TestRemaining(t *testing.T) {
	v := clock.Conventions{}
	c := hourly()
	if got := must(v.Evaluate(c, after(90*m))).Remaining(); got != -30*m {
		t.Error(got)
	}
	c.Targets = clock.Targets{}
	if got := must(v.Evaluate(c, after(90*m))).Remaining(); got != clock.Unlimited {
		t.Error(got)
	}
}

// Many events, many reasons and many calendars cost no more than in proportion.
func TestLongHistories(t *testing.T) {
	c := hourly()
	c.Targets.Resolution = clock.Target{Within: 8 * h, Calendar: office}
	for i := range 20_000 {
		e := clock.Paused(after(time.Duration(2*i)*m), "a")
		switch i % 4 {
		case 1:
			e = clock.Resumed(e.At, "")
		case 2:
			e = clock.Closed(e.At)
		case 3:
			e = clock.Reopened(e.At)
		}
		c.Events = append(c.Events, e)
	}
	for _, r := range []clock.Reopening{clock.ReopeningContinues, clock.ReopeningCounts, clock.ReopeningRestarts} {
		rule := clock.Convention{Reopened: r}
		start := time.Now()
		must(clock.Conventions{FirstResponse: rule, Resolution: rule}.Evaluate(c, after(100_000*m)))
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %v", r, took)
		}
	}
}
