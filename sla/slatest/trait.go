package slatest

import (
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/extent"
	"github.com/supportplan/supportplan/sla/calendar"
)

// span returns the earlier and the later instant that the right answer is about.
func (r reply) span() (from, to time.Time) {
	from, to = r.a, r.b
	if r.isAdd {
		if to = r.wantEnd; r.wantErr != nil {
			to = from
		}
	}
	if to.Before(from) {
		from, to = to, from
	}
	return from, to
}

// lastSecond is the last one that fits in 32 bits with a sign.
var lastSecond = time.Unix(1<<31-1, 0)

// ordinaryEnd ends the years that most questions are about; before it, a
// coincidence makes the first wrong answer late.
var ordinaryEnd = time.Date(2031, time.January, 1, 0, 0, 0, 0, time.UTC)

// traits returns the common traits that wrong answers can have: the direction,
// the weekdays and dates that they touch, how long they are, and where they
// start and end.
func (s *subject) traits(wrong []reply) (out []extent.Trait[reply]) {
	add := func(name string, has func(r reply) bool) {
		out = append(out, extent.Trait[reply]{Name: name, Has: has})
	}
	isBack := func(r reply) bool { return r.length() < 0 }
	add("of other zones than the calendar's", func(r reply) bool { return r.kind == abroad })
	add("Add(t, 0)", func(r reply) bool { return r.isAdd && r.d == 0 })
	add("Add", func(r reply) bool { return r.isAdd })
	add("Elapsed", func(r reply) bool { return !r.isAdd })
	add("backward", isBack)
	add("forward", func(r reply) bool { return r.length() > 0 })

	first, least := last, time.Duration(1<<63-1)
	for _, r := range wrong {
		from, to := r.span()
		first, least = min(first, to.In(s.loc).Year()), min(least, to.Sub(from))
	}
	add("after "+lastSecond.UTC().Format("2006-01-02 15:04:05")+" UTC", func(r reply) bool { _, to := r.span(); return to.After(lastSecond) })
	add(fmt.Sprintf("from %d on", first), func(r reply) bool { _, to := r.span(); return to.After(ordinaryEnd) && to.In(s.loc).Year() >= first })
	add("before 1970", func(r reply) bool { from, _ := r.span(); return from.Unix() < 0 })
	const day = 24 * time.Hour
	if days := least / day; days > 1 {
		add(fmt.Sprintf("over %d days or more", days), func(r reply) bool { from, to := r.span(); return to.Sub(from) >= days*day })
	}

	// on tells whether a date that the right answer touches is one.
	on := func(before, after int, is func(d calendar.Date) bool) func(r reply) bool {
		known := make(map[calendar.Date]bool)
		return func(r reply) bool {
			from, to := r.span()
			d, end := calendar.DateOf(from, s.loc).AddDays(-before), calendar.DateOf(to, s.loc).AddDays(after)
			for ; d.Compare(end) <= 0; d = d.AddDays(1) {
				yes, ok := known[d]
				if !ok {
					yes = is(d)
					known[d] = yes
				}
				if yes {
					return true
				}
			}
			return false
		}
	}
	days := func(name string, is func(d calendar.Date) bool) {
		add("on "+name, on(0, 0, is))
		add("beside "+name, on(1, 1, is))
	}
	spec := s.cal.Spec()
	add("with a 29 February", on(0, 0, func(d calendar.Date) bool { return d.Month == time.February && d.Day == 29 }))
	for w := range time.Saturday + 1 {
		add(fmt.Sprintf("on %vs", w), on(0, 0, func(d calendar.Date) bool { return midnight(d, time.UTC).Weekday() == w }))
	}
	isHoliday := make(map[calendar.Date]bool)
	for _, d := range holidaysOf(spec) {
		isHoliday[d] = true
	}
	days("holidays", func(d calendar.Date) bool { return isHoliday[d] })
	days("special dates", func(d calendar.Date) bool { _, ok := spec.Special[d]; return ok })
	days("dates with breaks", func(d calendar.Date) bool { return len(spec.Breaks[d]) > 0 })
	own := datesOf(spec)
	days("the calendar's own dates", func(d calendar.Date) bool { return slices.Contains(own, d) })
	shift := func(d calendar.Date) int { // of the clocks
		_, a := midnight(d, s.loc).Zone()
		_, b := midnight(d.AddDays(1), s.loc).Zone()
		return b - a
	}
	days("dates of clock changes", func(d calendar.Date) bool { return shift(d) != 0 })
	days("dates on which clocks go forward", func(d calendar.Date) bool { return shift(d) > 0 })
	days("dates on which clocks go back", func(d calendar.Date) bool { return shift(d) < 0 })
	isSummer := func(t time.Time) bool { return t.In(s.loc).IsDST() }
	add("in summer time", func(r reply) bool { from, to := r.span(); return isSummer(from) || isSummer(to) })
	add("in winter time", func(r reply) bool { from, to := r.span(); return !isSummer(from) || !isSummer(to) })

	ends := func(what string, is func(t time.Time) bool) {
		add("where the earlier instant is "+what, func(r reply) bool { from, _ := r.span(); return is(from) })
		add("where the later instant is "+what, func(r reply) bool { _, to := r.span(); return is(to) })
	}
	ends("in open time", s.cal.IsOpen)
	ends("in closed time", func(t time.Time) bool { return !s.cal.IsOpen(t) })
	ends("a closing", func(t time.Time) bool { return !s.cal.IsOpen(t) && s.cal.IsOpen(t.Add(-1)) })
	ends("an opening", func(t time.Time) bool { return s.cal.IsOpen(t) && !s.cal.IsOpen(t.Add(-1)) })
	isOvernight := func(t time.Time) bool {
		at, ok := s.cal.PreviousOpening(t.Add(1))
		return ok && s.cal.IsOpen(t) && calendar.DateOf(at, s.loc).Compare(calendar.DateOf(t, s.loc)) < 0
	}
	if !s.cal.IsAlways() {
		ends("past midnight, in a shift of the date before", isOvernight)
	}
	for w := range time.Saturday + 1 {
		if sp := spec.Week[w]; len(sp) > 0 && sp[len(sp)-1].Close < sp[len(sp)-1].Open {
			add(fmt.Sprintf("in the night from %v to %v", w, (w+1)%7), func(r reply) bool {
				from, to := r.span()
				d, end := calendar.DateOf(from.Add(-12*time.Hour), s.loc), calendar.DateOf(to.Add(-12*time.Hour), s.loc)
				weekday := midnight(d, time.UTC).Weekday()
				return end.DaysSince(d) >= (int(w)-int(weekday)+7)%7
			})
		}
	}
	add("across closed time", func(r reply) bool { from, to := r.span(); return s.cal.Elapsed(from, to) != to.Sub(from) })
	add("within one shift", func(r reply) bool {
		from, to := r.span()
		return to.After(from) && s.cal.Elapsed(from, to) == to.Sub(from)
	})
	add("of instants with seconds", func(r reply) bool {
		return r.a.Second() != 0 || r.a.Nanosecond() != 0 || !r.isAdd && (r.b.Second() != 0 || r.b.Nanosecond() != 0)
	})
	add("of instants with fractions of a second", func(r reply) bool { return r.a.Nanosecond() != 0 || !r.isAdd && r.b.Nanosecond() != 0 })
	return out
}

// extent describes the places of wrong answers, and their common trait.
func (s *subject) extent(wrong []reply) string {
	right := slices.DeleteFunc(slices.Clone(s.all()), func(r reply) bool { return r.isWrong() || r.err != nil })
	out := extent.Of("answers", wrong, right, s.traits(wrong))
	for _, h := range []struct {
		name string
		is   func(r reply) bool
	}{
		{"0", func(r reply) bool { return !r.isAdd && r.n == 0 }},
		{"t itself", func(r reply) bool { return r.isAdd && r.end.Equal(r.a) }},
		{"plain time, open or not", func(r reply) bool { return r.isAdd && r.end.Equal(r.a.Add(r.d)) || !r.isAdd && r.n == r.b.Sub(r.a) }},
		{"too early", func(r reply) bool { return r.isAdd && r.wantErr == nil && r.end.Before(r.wantEnd) }},
		{"too late", func(r reply) bool { return r.isAdd && r.wantErr == nil && r.end.After(r.wantEnd) }},
		{"too little", func(r reply) bool { return !r.isAdd && r.n < r.want }},
		{"too much", func(r reply) bool { return !r.isAdd && r.n > r.want }},
	} {
		if !slices.ContainsFunc(wrong, func(r reply) bool { return !h.is(r) }) {
			return out + ", always " + h.name
		}
	}
	return out
}

// errorOf is by how much an answer is wrong.
func (r reply) errorOf() time.Duration {
	if r.isAdd {
		return r.end.Sub(r.wantEnd)
	}
	return r.n - r.want
}

// second returns an example that tells more beside the first one: of the same
// kind of answers, at most two days long, the first that is wrong the other way,
// or else the one that is the most wrong by at least twice as much.
func (s *subject) second(r reply, wrong []reply) (out reply, ok bool) {
	for _, o := range wrong {
		if o.slot() != r.slot() || o.length().Abs() > 48*time.Hour || o.wantErr != nil || r.wantErr != nil || o.kind == abroad {
			continue
		}
		was, is := r.errorOf(), o.errorOf()
		if (was < 0) != (is < 0) {
			return o, true
		}
		if is.Abs() >= 2*was.Abs() && (!ok || is.Abs() > out.errorOf().Abs()) {
			out, ok = o, true
		}
	}
	return out, ok
}

// until returns up to where an answer is right that is wrong over a longer time
// only, to the minute, or "".
func (s *subject) until(r reply) string {
	half := func(d time.Duration) reply {
		q := r.ask
		if q.isAdd {
			q.d = d
		} else {
			q.b = q.a.Add(d)
		}
		return s.reply(q)
	}
	right, wrong := time.Duration(0), r.length()
	for (wrong - right).Abs() > time.Minute {
		middle := (right + (wrong-right)/2).Round(time.Minute)
		if middle == right || middle == wrong {
			break
		}
		if half(middle).isWrong() {
			wrong = middle
		} else {
			right = middle
		}
	}
	if right == 0 {
		return ""
	}
	if q := half(right); q.isAdd {
		return fmt.Sprintf("; right up to Add(…, %v), which is %s", right, q.right())
	}
	return fmt.Sprintf("; right up to %s, %v later", show(r.a.Add(right)), right)
}
