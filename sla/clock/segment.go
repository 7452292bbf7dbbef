package clock

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/internal/hours"
)

// end returns the end of c's time so far.
func (c *Cycle) end() time.Time {
	if n := len(c.Segments); n > 0 {
		return c.Segments[n-1].Period.End
	}
	return c.Started
}

// DueIfResumed returns the instant at which c, the cycle of a paused case,
// would be due if its pauses ended at the given instant and nothing else
// happened. If it has been due since before the pause, that is Due. ok is false
// if c is not paused, nothing is due, the given instant is before that of the
// status, or the calendar has no such instant.
func (c Cycle) DueIfResumed(at time.Time) (due time.Time, ok bool) {
	if c.Phase != PhasePaused || !c.Target.IsValid() || at.Before(c.end()) || strictjson.CheckTime(at, ErrTime) != nil {
		return time.Time{}, false
	}
	if !c.Due.IsZero() {
		return c.Due, true
	}
	due, err := c.Target.Calendar.Add(at.Round(0), c.Remaining)
	if err != nil {
		return time.Time{}, false
	}
	return due.In(c.Started.Location()), true
}

// Details yields c's time in order and without gaps, with the open hours of its
// target's calendar apart from the closed ones and each holiday apart from
// other closed hours; then, if the clock runs, the time ahead up to Due.
// Segments that are superseded stay whole. The number of segments grows with
// the length of the case and that of its target.
func (c Cycle) Details() iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		holidays := holidaysOf(c.Target.Calendar)
		for _, s := range c.Segments {
			if s.Kind != SegmentCounted {
				if !yield(s) {
					return
				}
			} else if !c.split(s, holidays, yield) {
				return
			}
		}
		if c.Phase == PhaseRunning && c.Due.After(c.end()) {
			ahead := Segment{Period: calendar.Period{Start: c.end(), End: c.Due}, Ahead: true}
			c.split(ahead, holidays, yield)
		}
	}
}

// split yields the parts of s; the clock runs in it.
func (c *Cycle) split(s Segment, holidays []holiday, yield func(Segment) bool) bool {
	loc := s.Period.Start.Location()
	part := func(start, end time.Time, kind SegmentKind, reason string) bool {
		p := Segment{Period: calendar.Period{Start: start.In(loc), End: end.In(loc)}, Kind: kind, Reason: reason, Ahead: s.Ahead}
		if kind == SegmentCounted {
			p.Counted = end.Sub(start)
		}
		return !start.Before(end) || yield(p)
	}
	at := s.Period.Start
	closed := func(to time.Time) bool {
		i, _ := slices.BinarySearchFunc(holidays, at, func(h holiday, t time.Time) int { return h.end.Compare(t) })
		for ; i < len(holidays) && holidays[i].start.Before(to); i++ {
			h := holidays[i]
			if from := later(h.start, at); h.end.After(at) {
				if !part(at, from, SegmentOffHours, "") {
					return false
				}
				at = earlier(h.end, to)
				if !part(from, at, SegmentOffHours, h.name) {
					return false
				}
			}
		}
		from := at
		at = to
		return part(from, to, SegmentOffHours, "")
	}
	for p := range c.Target.Calendar.Periods(s.Period.Start, s.Period.End) {
		if !closed(p.Start) {
			return false
		}
		at = p.End
		if !part(p.Start, p.End, SegmentCounted, "") {
			return false
		}
	}
	return closed(s.Period.End)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// A holiday is a closed date of a calendar.
type holiday struct {
	start, end time.Time
	name       string
}

// holidaysOf returns the holidays that close c or a part of it, in order and none
// within another.
func holidaysOf(c calendar.Calendar) []holiday {
	all := appendHolidays(nil, c, true)
	slices.SortStableFunc(all, func(a, b holiday) int { return a.start.Compare(b.start) })
	out := all[:0]
	for _, h := range all {
		if n := len(out); n == 0 || h.end.After(out[n-1].end) {
			out = append(out, h)
		}
	}
	return out
}

// appendHolidays appends the holidays of c, or of its parts, to out; closes tells
// whether they close a calendar that c is part of. Those of a complement, the
// combination with one part, open it.
func appendHolidays(out []holiday, c calendar.Calendar, closes bool) []holiday {
	parts := c.Parts()
	for _, p := range parts {
		out = appendHolidays(out, p, closes == (len(parts) > 1))
	}
	if !closes {
		return out
	}
	for _, h := range c.Spec().Holidays {
		start, err1 := h.Date.At(0, c.Location())
		end, err2 := h.Date.At(24*calendar.Hour, c.Location())
		if err1 == nil && err2 == nil {
			out = append(out, holiday{start, end, cmp.Or(h.Name, "holiday")})
		}
	}
	return out
}

// explained is how many segments Explain writes at most.
const explained = 16

// Explain returns c in a few lines that a customer understands: how it stands,
// then a line for each of the [Cycle.Details], in the zone of the status; of
// many only the first and the last ones. Each line but the last ends with a
// newline.
func (c Cycle) Explain() string {
	lines := []string{c.headline()}
	for s := range c.Details() {
		lines = append(lines, s.line())
	}
	if n := len(lines) - 1 - explained; n > 1 {
		lines = slices.Replace(lines, 1+explained/2, 1+explained/2+n, fmt.Sprintf("  … %d more …", n))
	}
	return strings.Join(lines, "\n")
}

func (c *Cycle) headline() string {
	used := hours.Short(round(c.Elapsed))
	if c.Target.IsValid() {
		used += " of " + hours.Short(c.Target.Within)
		if !c.Target.Calendar.IsAlways() {
			used += " of open hours"
		}
	}
	switch c.Outcome {
	case OutcomeMet:
		return "Met on " + when(c.Stopped) + ", after " + used + "."
	case OutcomeBreached:
		s := "Overdue since " + when(c.Breach.At)
		if !c.Stopped.IsZero() {
			s = "Missed: due on " + when(c.Breach.At) + ", ended on " + when(c.Stopped)
		}
		return s + ", " + hours.Short(round(c.Breach.Elapsed)) + " counted for a target of " + hours.Short(c.Breach.Target.Within) + "."
	case OutcomeUnanswered, OutcomeCleared:
		return "Closed before it was due, after " + used + "."
	case OutcomeNoTarget:
		return "No target; " + used + " counted."
	case OutcomePending:
		if !c.Due.IsZero() {
			return "Due on " + when(c.Due) + "; " + used + " used."
		}
		if c.Phase == PhasePaused {
			return "Paused; " + used + " used."
		}
		return "Not due; " + used + " used."
	}
	return "Nothing is awaited."
}

// when writes an instant for people.
func when(t time.Time) string { return t.Format("Mon 2 Jan 2006 15:04 MST") }

// round drops the parts of a second of a duration of some length.
func round(d time.Duration) time.Duration {
	if d >= time.Minute {
		return d.Truncate(time.Second)
	}
	return d
}

// line writes s for people.
func (s Segment) line() string {
	end := s.Period.End.Format("15:04")
	if !sameDay(s.Period.Start, s.Period.End) {
		end = s.Period.End.Format("Mon 2 Jan 2006 15:04")
	}
	text := map[SegmentKind]string{
		SegmentCounted:    hours.Short(round(s.Counted)) + " counted",
		SegmentPaused:     "paused",
		SegmentClosed:     "case closed",
		SegmentSuperseded: "before the clock restarted",
		SegmentOffHours:   "outside office hours",
	}[s.Kind]
	if s.Ahead && s.Kind == SegmentCounted {
		text = hours.Short(round(s.Counted)) + " left to come"
	}
	if s.Reason != "" {
		text += ": " + s.Reason
	}
	return "  " + s.Period.Start.Format("Mon 2 Jan 2006 15:04") + " – " + end + "  " + text
}

func sameDay(t, u time.Time) bool {
	return t.Year() == u.Year() && t.YearDay() == u.YearDay()
}
