package slatest

import (
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// targets draws targets from a minute to 100 hours, in whole minutes, on the
// given calendar or around the clock. It never draws one that is not valid.
func targets(cal calendar.Calendar) *rapid.Generator[clock.Target] {
	return rapid.Custom(func(t *rapid.T) clock.Target {
		minutes := rapid.SampledFrom([]int{1, 15, 30, 60, 240, 480, 960, 100 * 60}).Draw(t, "minutes")
		if rapid.Bool().Draw(t, "any length") {
			minutes = rapid.IntRange(1, 100*60).Draw(t, "minutes")
		}
		target := clock.Target{Within: time.Duration(minutes) * time.Minute}
		if rapid.Bool().Draw(t, "on the calendar") {
			target.Calendar = cal
		}
		return target
	})
}

// tables draws tables of targets and of cells without one.
func tables(cal calendar.Calendar) *rapid.Generator[sla.Table] {
	return rapid.Custom(func(t *rapid.T) sla.Table {
		var cells []sla.Cell
		for _, p := range plan.All() {
			for _, s := range severity.All() {
				if rapid.IntRange(0, 4).Draw(t, "no target") == 0 {
					continue
				}
				cells = append(cells, sla.Cell{Plan: p, Severity: s, Targets: clock.Targets{FirstResponse: targets(cal).Draw(t, "target")}})
			}
		}
		return right(sla.Table{}.With("drawn", cells...))(t)
	})
}

// Policies draws policies of every kind, with the published table now and then
// and else one of the edition "drawn": some cells are empty, and the others have
// a target for the first response from a minute to 100 hours, in whole minutes,
// on the given calendar or around the clock. It never draws a policy that is not
// valid.
func Policies(cal calendar.Calendar) *rapid.Generator[sla.Policy] {
	return rapid.Custom(func(t *rapid.T) sla.Policy {
		measures := rapid.SampledFrom([]clock.Measure{clock.MeasureKeepCounting, clock.MeasureRestart})
		p := sla.Published()
		p.OnReclassified = measures.Draw(t, "on reclassified")
		p.OnPlanChanged = measures.Draw(t, "on plan changed")
		p.Conventions.FirstResponse.CountPauses = rapid.IntRange(0, 4).Draw(t, "ignore pauses") == 0
		p.NearestCovered = rapid.Bool().Draw(t, "nearest covered")
		if rapid.IntRange(0, 4).Draw(t, "published") > 0 {
			p.Table = tables(cal).Draw(t, "table")
		}
		return p
	})
}

// Cases draws cases that can have happened, opened at [Instants] of the
// calendar, with a plan or a timeline and up to ten events of every kind,
// between which nothing to some days pass, or just the time until the calendar
// opens or closes; also pauses from before the opening, several events at one
// instant, and responses to closed cases. It never draws one that
// [sla.Policy.Evaluate] calls invalid or impossible, whatever the policy.
func Cases(cal calendar.Calendar) *rapid.Generator[sla.Case] {
	instants := Instants(cal)
	return rapid.Custom(func(t *rapid.T) sla.Case {
		plans, severities := rapid.SampledFrom(plan.All()), rapid.SampledFrom(severity.All())
		var c sla.Case
		c.Severity = severities.Draw(t, "severity")
		c.Opened = instants.Draw(t, "opened")
		at := c.Opened
		if rapid.IntRange(0, 2).Draw(t, "timeline") == 0 {
			c.Timeline = drawTimeline(t, cal, c.Opened)
		} else {
			c.Plan = plans.Draw(t, "plan")
		}
		var paused, closed bool
		if rapid.IntRange(0, 5).Draw(t, "paused before") == 0 {
			at = at.Add(-Durations().Draw(t, "before").Abs())
			c.Events = append(c.Events, sla.Paused(at, ""))
			paused = true
			if rapid.Bool().Draw(t, "and resumed") {
				c.Events = append(c.Events, sla.Resumed(at, ""))
				paused = false
			}
			at = c.Opened
		}
		for range rapid.IntRange(0, 9).Draw(t, "events") {
			at = step(t, cal, at)
			kinds := []sla.Kind{sla.KindAssessed, sla.KindReclassified, sla.KindReclassified}
			if c.Timeline == nil {
				kinds = append(kinds, sla.KindPlanChanged)
			}
			switch {
			case closed:
				kinds = append(kinds, sla.KindReopened, sla.KindReopened)
			case paused:
				kinds = append(kinds, sla.KindResumed, sla.KindResumed, sla.KindClosed)
			default:
				kinds = append(kinds, sla.KindPaused, sla.KindPaused, sla.KindClosed)
			}
			if rapid.IntRange(0, 7).Draw(t, "respond") == 0 {
				kinds = []sla.Kind{sla.KindResponded}
			}
			e := sla.Event{At: at}
			e.Kind = rapid.SampledFrom(kinds).Draw(t, "kind")
			switch e.Kind {
			case sla.KindAssessed, sla.KindReclassified:
				e.Severity = severities.Draw(t, "to severity")
			case sla.KindPlanChanged:
				e.Plan = plans.Draw(t, "to plan")
			case sla.KindPaused, sla.KindResumed:
				paused = e.Kind == sla.KindPaused
			case sla.KindClosed, sla.KindReopened:
				closed, paused = e.Kind == sla.KindClosed, false
			}
			c.Events = append(c.Events, e)
		}
		return c
	})
}

// step draws an instant not before at.
func step(t *rapid.T, cal calendar.Calendar, at time.Time) time.Time {
	switch rapid.IntRange(0, 5).Draw(t, "step") {
	case 0:
		return at
	case 1:
		if next, ok := cal.NextOpening(at); ok {
			return next
		}
	case 2:
		if next, ok := cal.NextClosing(at); ok {
			return next
		}
	case 3:
		return at.Add(Durations().Draw(t, "long").Abs())
	}
	return at.Add(time.Duration(rapid.IntRange(0, 10*60).Draw(t, "minutes")) * time.Minute)
}

// drawTimeline draws a timeline of up to four subscriptions around an opening.
func drawTimeline(t *rapid.T, cal calendar.Calendar, opened time.Time) *plan.Timeline {
	var subs []plan.Subscription
	from := opened.Add(time.Duration(rapid.IntRange(-30*24, 0).Draw(t, "hours before")) * time.Hour)
	for range rapid.IntRange(0, 4).Draw(t, "subscriptions") {
		from = step(t, cal, from)
		to := step(t, cal, from.Add(time.Minute))
		p := rapid.SampledFrom(plan.All()).Draw(t, "subscribed")
		subs = append(subs, plan.Subscription{Plan: p, Period: calendar.Period{Start: from, End: to}})
		from = to
	}
	timeline := right(plan.NewTimeline(subs...))(t)
	return &timeline
}
