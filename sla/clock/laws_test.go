package clock_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// A place is a zone and an instant near which its clocks change.
type place struct {
	zone   string
	change string
}

var places = []place{
	{"Europe/Berlin", "2026-03-29T01:00:00Z"},
	{"America/New_York", "2024-11-03T06:00:00Z"},
	{"Australia/Lord_Howe", "2025-04-05T15:00:00Z"},
	{"America/Sao_Paulo", "2017-10-15T03:00:00Z"},
	{"Pacific/Apia", "2011-12-30T10:00:00Z"},
	{"Africa/Casablanca", "2023-03-19T02:00:00Z"},
	{"America/Nuuk", "2023-03-26T01:00:00Z"},
	{"America/Havana", "2024-03-10T05:00:00Z"},
	{"Asia/Kathmandu", "2026-01-05T00:00:00Z"},
	{"UTC", "2026-06-26T12:00:00Z"},
}

// near draws a clock change of the zone in the years 2005 to 2030, or the
// place's own.
func (p place) near(t *rapid.T) time.Time {
	loc := must(time.LoadLocation(p.zone))
	start := time.Date(rapid.IntRange(2005, 2030).Draw(t, "year"), time.January, 15, 0, 0, 0, 0, loc)
	if _, change := start.ZoneBounds(); rapid.Bool().Draw(t, "that year's change") && !change.IsZero() && change.Year() < 2031 {
		return change.UTC()
	}
	return at(p.change)
}

// calendars returns three calendars in a zone: weekdays, nights, and always. They
// are the same ones every time, as are those of a desk.
func (p place) calendars() []calendar.Calendar { return calendarsOf()[p.zone] }

var calendarsOf = sync.OnceValue(func() map[string][]calendar.Calendar {
	out := make(map[string][]calendar.Calendar)
	for _, p := range places {
		loc := must(time.LoadLocation(p.zone))
		day := calendar.DateOf(at(p.change), loc)
		out[p.zone] = []calendar.Calendar{
			{},
			must(calendar.New(calendar.Spec{Location: loc, Week: calendar.Weekdays(shift(8, 12), shift(13, 17)), Holidays: []calendar.Holiday{{Date: day.AddDays(2)}}})),
			must(calendar.New(calendar.Spec{Location: loc, Week: calendar.Daily(shift(22, 4))})),
		}
	}
	return out
})

func at(s string) time.Time { return must(time.Parse(time.RFC3339Nano, s)) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// same compares instants as instants.
var same = cmp.Options{cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })}

func drawTarget(t *rapid.T, p place) (out clock.Target) {
	if rapid.IntRange(0, 4).Draw(t, "no target") == 0 {
		return out
	}
	out.Within = time.Duration(rapid.IntRange(1, 15).Draw(t, "hundreds of minutes")) * 100 * time.Minute
	out.Calendar = rapid.SampledFrom(p.calendars()).Draw(t, "calendar")
	return out
}

func drawTargets(t *rapid.T, p place) clock.Targets {
	return clock.Targets{
		Name:          rapid.SampledFrom([]string{"", "P1", "P2"}).Draw(t, "name"),
		FirstResponse: drawTarget(t, p), NextResponse: drawTarget(t, p), Update: drawTarget(t, p), Resolution: drawTarget(t, p),
	}
}

func drawConventions(t *rapid.T) clock.Conventions {
	one := func(name string) clock.Convention {
		return clock.Convention{
			Reopened: rapid.SampledFrom([]clock.Reopening{
				"", clock.ReopeningContinues, clock.ReopeningCounts, clock.ReopeningRestarts, clock.ReopeningIgnored,
			}).Draw(t, name+" reopened"),
			CountPauses: rapid.IntRange(0, 3).Draw(t, name+" counts pauses") == 0,
			FromOpening: rapid.Bool().Draw(t, name+" from opening"),
			FromLatest:  rapid.Bool().Draw(t, name+" from latest"),
		}
	}
	return clock.Conventions{
		FirstResponse: one("first"), NextResponse: one("next"), Update: one("update"), Resolution: one("resolution"),
		Warnings: percents,
	}
}

// drawCase draws a case whose events are mostly possible.
func drawCase(t *rapid.T, p place) clock.Case {
	ticks := func(name string, n int) time.Duration {
		return time.Duration(rapid.IntRange(0, n).Draw(t, name)) * tick
	}
	opened := p.near(t).Add(-ticks("before the change", 3*24*12))
	c := clock.Case{Opened: opened, Targets: drawTargets(t, p)}
	now := opened
	if rapid.IntRange(0, 5).Draw(t, "paused before") == 0 {
		c.Events = append(c.Events, clock.Paused(now.Add(-ticks("since", 50)), "early"))
	}
	var closed bool
	reasons := map[string]bool{}
	for range rapid.IntRange(0, 14).Draw(t, "events") {
		if rapid.IntRange(0, 3).Draw(t, "wait") > 0 {
			now = now.Add(ticks("ticks", rapid.SampledFrom([]int{3, 40, 300}).Draw(t, "up to")))
		}
		reason := rapid.SampledFrom([]string{"", "customer", "vendor"}).Draw(t, "reason")
		var e clock.Event
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0, 1:
			e = clock.CustomerReply(now)
		case 2, 3:
			e = clock.Responded(now)
		case 4, 5:
			if e = clock.Paused(now, reason); reasons[reason] {
				e = clock.Resumed(now, reason)
			}
		case 6:
			e = clock.Retargeted(now, drawTargets(t, p), rapid.SampledFrom([]clock.Measure{
				"", clock.MeasureKeepCounting, clock.MeasureRestart, clock.MeasureRetroactive,
			}).Draw(t, "measure"))
		case 7:
			e = clock.Resumed(now, "")
		default:
			if e = clock.Closed(now); closed {
				e = clock.Reopened(now)
			}
		}
		switch e.Kind {
		case clock.KindPaused:
			if closed {
				continue
			}
			reasons[reason] = true
		case clock.KindResumed:
			if len(reasons) == 0 {
				continue
			}
			if delete(reasons, e.Reason); e.Reason == "" {
				clear(reasons)
			}
		case clock.KindClosed, clock.KindReopened:
			closed = e.Kind == clock.KindClosed
			clear(reasons)
		}
		c.Events = append(c.Events, e)
	}
	return c
}

// Targets may take turns on several calendars: each counts the whole time since
// the opening, and none of it twice.
func TestCalendarsTakeTurns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(places).Draw(t, "place")
		target := func() clock.Targets {
			return clock.Targets{FirstResponse: clock.Target{
				Within:   time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * h,
				Calendar: rapid.SampledFrom(p.calendars()).Draw(t, "calendar"),
			}}
		}
		now := at(p.change).Add(-48 * h)
		c := clock.Case{Opened: now, Targets: target()}
		paused := false
		for range rapid.IntRange(0, 12).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 12).Draw(t, "wait")) * h)
			e := clock.Retargeted(now, target(), "")
			if rapid.IntRange(0, 2).Draw(t, "pause") == 0 {
				if e = clock.Paused(now, ""); paused {
					e = clock.Resumed(now, "")
				}
				paused = !paused
			}
			c.Events = append(c.Events, e)
		}
		now = now.Add(h)
		got := must(clock.Conventions{}.Evaluate(c, now)).FirstResponse

		// Tell it again: counted is the time that is not paused, so far.
		var counted []calendar.Period
		elapsed := func(c calendar.Calendar) (d time.Duration) {
			for _, p := range counted {
				d += c.Elapsed(p.Start, p.End)
			}
			return d
		}
		from, on, stands := c.Opened, c.Targets.FirstResponse, false
		var breach time.Time
		for _, e := range append(c.Events, clock.Event{At: now}) {
			if before := elapsed(on.Calendar); !stands {
				counted = append(counted, calendar.Period{Start: from, End: e.At})
				if breach.IsZero() && elapsed(on.Calendar) >= on.Within {
					breach = must(on.Calendar.Add(from, on.Within-before))
				}
			}
			switch from = e.At; e.Kind {
			case clock.KindRetargeted:
				if on = e.Targets.FirstResponse; breach.IsZero() && elapsed(on.Calendar) >= on.Within {
					breach = e.At
				}
			case clock.KindPaused, clock.KindResumed:
				stands = e.Kind == clock.KindPaused
			}
		}
		if want := elapsed(on.Calendar); got.Elapsed != want || !got.Breach.At.Equal(breach) {
			t.Fatalf("elapsed %v, breach at %v; want %v, %v", got.Elapsed, got.Breach.At, want, breach)
		}
		for _, s := range got.Segments {
			if s.Kind == clock.SegmentCounted && s.Counted != on.Calendar.Elapsed(s.Period.Start, s.Period.End) {
				t.Fatalf("%+v is not of the last calendar", s)
			}
		}
		if b := got.Breach; !b.At.IsZero() && b.Elapsed != elapsed(b.Target.Calendar) {
			t.Fatalf("elapsed %v after the breach, want %v", b.Elapsed, elapsed(b.Target.Calendar))
		}
	})
}

func drawNow(t *rapid.T, c clock.Case) time.Time {
	if len(c.Events) > 0 && rapid.Bool().Draw(t, "at an event") {
		if now := rapid.SampledFrom(c.Events).Draw(t, "event").At; now.After(c.Opened) {
			return now
		}
	}
	return c.Opened.Add(time.Duration(rapid.IntRange(0, 12*24*12).Draw(t, "now")) * tick)
}

// Every metric of every history is what a slow model makes of it that walks
// the minutes.
func TestModel(t *testing.T) {
	seen := make(map[string]int)
	drawn := 0
	rapid.Check(t, func(t *rapid.T) {
		drawn++
		p := rapid.SampledFrom(places).Draw(t, "place")
		v, c := drawConventions(t), drawCase(t, p)
		now := drawNow(t, c)
		st, err := v.Evaluate(c, now)
		var next time.Time
		for _, m := range clock.Metrics() {
			want, change, timed, ok := walk(v, c, m, now)
			if !ok {
				if !errors.Is(err, clock.ErrHistory) {
					t.Fatalf("impossible, but %v", err)
				}
				seen["impossible"]++
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			r := st.Of(m)
			if !timed {
				if r.Outcome != clock.OutcomeNoTarget || !r.Started.IsZero() {
					t.Fatalf("%s without target: %+v", m, r)
				}
				continue
			}
			if !change.IsZero() && (next.IsZero() || change.Before(next)) {
				next = change
			}
			var got []modelled
			for _, c := range r.Cycles() {
				got = append(got, modelledOf(c))
				seen[string(m)+" "+string(c.Outcome)]++
				seen[string(c.Phase)]++
			}
			if d := cmp.Diff(want, got, same); d != "" {
				t.Fatalf("%s of %s at %s: (-model +clock):\n%s", m, must(json.Marshal(c)), now, d)
			}
		}
		if !next.Equal(st.NextChange) {
			t.Fatalf("next change at %s, want %s", st.NextChange, next)
		}
	})
	if drawn < 1000 {
		return // too few to tell what the generator reaches
	}
	for _, want := range []string{
		"first-response unanswered", "first-response met", "next-response cleared", "next-response breached", "update pending", "resolution met",
		"resolution no-target", "running", "paused", "closed", "stopped",
	} {
		if seen[want] == 0 {
			t.Errorf("never seen: %s", want)
		}
	}
}

// The segments of a cycle follow each other without gaps from its start to its
// end, and so do its details; both count the time elapsed.
func TestSegmentsPartitionCycles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(places).Draw(t, "place")
		v, c := drawConventions(t), drawCase(t, p)
		now := drawNow(t, c)
		st, err := v.Evaluate(c, now)
		if err != nil {
			t.Skip("impossible")
		}
		for _, m := range clock.Metrics() {
			last := c.Opened
			for _, cy := range st.Of(m).Cycles() {
				if cy.Started.Before(last) {
					t.Fatalf("%s: a cycle starts at %s, before %s", m, cy.Started, last)
				}
				end := cy.Stopped
				if end.IsZero() {
					end = now
				}
				last = end
				checkSegments(t, cy.Segments, cy.Started, end, cy.Elapsed)
				details := slices.Collect(cy.Details())
				ahead := slices.IndexFunc(details, func(s clock.Segment) bool { return s.Ahead })
				if ahead < 0 {
					ahead = len(details)
				} else {
					checkSegments(t, details[ahead:], now, cy.Due, cy.Remaining)
				}
				checkSegments(t, details[:ahead], cy.Started, end, cy.Elapsed)
				if cy.Explain() == "" {
					t.Fatal("no explanation")
				}
			}
		}
	})
}

func checkSegments(t *rapid.T, all []clock.Segment, from, to time.Time, counted time.Duration) {
	t.Helper()
	at, sum := from, time.Duration(0)
	for i, s := range all {
		if !s.Period.Start.Equal(at) || !s.Period.End.After(s.Period.Start) || s.Counted > s.Period.Duration() {
			t.Fatalf("segments[%d] is %+v, after %s", i, s, at)
		}
		if s.Kind != clock.SegmentCounted && s.Counted != 0 {
			t.Fatalf("segments[%d] is %+v", i, s)
		}
		at, sum = s.Period.End, sum+s.Counted
	}
	if !at.Equal(to) || sum != counted {
		t.Fatalf("segments end at %s and count %v, want %s and %v", at, sum, to, counted)
	}
}

// Nothing differs before NextChange, and something does at it.
func TestNothingChangesBeforeNextChange(t *testing.T) {
	passing := func(s clock.Status) string {
		var out []any
		for _, m := range clock.Metrics() {
			for _, c := range s.Of(m).Cycles() {
				out = append(out, c.Phase, c.Outcome, c.Started.UTC(), c.Measured.UTC(), c.Stopped.UTC(), c.Name, c.Target.String(), c.Due.UTC(), c.Breach.At.UTC(), c.Breach.Name)
				for _, w := range c.Warnings {
					out = append(out, w.Percent, w.At.UTC(), w.Passed)
				}
			}
			out = append(out, s.Of(m).Outcome)
		}
		return fmt.Sprint(append(out, s.Phase, s.Reasons, s.Responded.UTC(), s.NextChange.UTC())...)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(places).Draw(t, "place")
		v, c := drawConventions(t), drawCase(t, p)
		now := drawNow(t, c)
		st, err := v.Evaluate(c, now)
		if err != nil {
			t.Skip("impossible")
		}
		c.Events = slices.DeleteFunc(c.Events, func(e clock.Event) bool { return e.At.After(now) })
		end := st.NextChange
		if end.IsZero() {
			end = now.Add(300 * 24 * time.Hour)
		} else if passing(must(v.Evaluate(c, end))) == passing(st) {
			t.Fatalf("at %s nothing differs", end)
		}
		between := now.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(now))-1).Draw(t, "between")))
		for _, then := range []time.Time{between, end.Add(-1)} {
			if d := cmp.Diff(passing(st), passing(must(v.Evaluate(c, then)))); d != "" {
				t.Fatalf("at %s, before %s: %s", then, end, d)
			}
		}
	})
}

// A case that was stored, and conventions, say what they said before.
func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(places).Draw(t, "place")
		v, c := drawConventions(t), drawCase(t, p)
		now := drawNow(t, c)
		want, err1 := v.Evaluate(c, now)
		var d clock.Case
		var w clock.Conventions
		for _, f := range []struct {
			from any
			to   any
		}{{c, &d}, {v, &w}} {
			if err := json.Unmarshal(must(json.Marshal(f.from)), f.to); err != nil {
				t.Fatal(err)
			}
		}
		got, err2 := w.Evaluate(d, now)
		if (err1 == nil) != (err2 == nil) {
			t.Fatalf("%v, then %v", err1, err2)
		}
		if d := cmp.Diff(want, got, same); d != "" {
			t.Fatal(d)
		}
	})
}

// D27: what a report gives a breached case is never below the target that it
// breached, and no met one is at or over its target; also at a resolution.
func TestReportLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(places).Draw(t, "place")
		v, c := drawConventions(t), drawCase(t, p)
		st, err := v.Evaluate(c, drawNow(t, c))
		if err != nil {
			t.Skip("impossible")
		}
		for _, m := range clock.Metrics() {
			for _, cy := range st.Of(m).Cycles() {
				for _, resolution := range []time.Duration{0, time.Minute, 7 * time.Minute, time.Hour} {
					var tally clock.Tally
					if resolution > 0 {
						if err := tally.Coarsen(resolution); err != nil {
							t.Fatal(err)
						}
					}
					if err := tally.Add(cy); err != nil {
						t.Fatal(err)
					}
					for _, r := range tally.Times() {
						if cy.Outcome == clock.OutcomeMet && r.After >= cy.Target.Within || cy.Outcome == clock.OutcomeBreached && r.After < cy.Breach.Target.Within {
							t.Fatalf("%s after %v: %+v", cy.Outcome, r.After, cy)
						}
					}
				}
			}
		}
	})
}
