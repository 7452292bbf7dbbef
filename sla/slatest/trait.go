package slatest

import (
	"fmt"
	"math"
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

// A placed is a reply with the time that its right answer is about.
type placed struct {
	reply
	from, to    time.Time
	first, last int  // its dates, counted from firstDay on
	isOpen      bool // all of the time
}

// The dates that questions are about.
var firstDay = calendar.Date{Year: first - 1, Month: time.January, Day: 1}

const allDays = 366 * (last + 2 - first)

// place works out what traits look at.
func (s *subject) place(r reply) *placed {
	from, to := r.span()
	return &placed{
		reply: r, from: from, to: to, isOpen: s.cal.Elapsed(from, to) == to.Sub(from),
		first: calendar.DateOf(from, s.loc).DaysSince(firstDay), last: calendar.DateOf(to, s.loc).DaysSince(firstDay),
	}
}

// traits returns the common traits that wrong answers can have: the direction,
// the weekdays and dates that they touch, how long they are, and where they
// start and end.
func (s *subject) traits(wrong []*placed) (out []extent.Trait[*placed]) {
	add := func(name string, has func(r *placed) bool) {
		out = append(out, extent.Trait[*placed]{Name: name, Has: has})
	}
	isBack := func(r *placed) bool { return r.length() < 0 }
	add("of other zones than the calendar's", func(r *placed) bool { return r.kind == abroad })
	add("Add(t, 0)", func(r *placed) bool { return r.isAdd && r.d == 0 })
	add("Add", func(r *placed) bool { return r.isAdd })
	add("Elapsed", func(r *placed) bool { return !r.isAdd })
	add("backward", isBack)
	add("forward", func(r *placed) bool { return r.length() > 0 })

	first, least := last, time.Duration(math.MaxInt64)
	for _, r := range wrong {
		first, least = min(first, r.to.In(s.loc).Year()), min(least, r.to.Sub(r.from))
	}
	add("after "+lastSecond.UTC().Format("2006-01-02 15:04:05")+" UTC", func(r *placed) bool { return r.to.After(lastSecond) })
	// Most questions are about years before the end; there, a coincidence makes the first wrong answer late.
	add(fmt.Sprintf("from %d on", first), func(r *placed) bool { return r.to.After(end) && r.to.In(s.loc).Year() >= first })
	add("before 1970", func(r *placed) bool { return r.from.Unix() < 0 })
	const day = 24 * time.Hour
	if days := least / day; days > 1 {
		add(fmt.Sprintf("over %d days or more", days), func(r *placed) bool { return r.to.Sub(r.from) >= days*day })
	}

	// on tells whether a date that the right answer touches is one.
	on := func(before, after int, is func(d calendar.Date) bool) func(r *placed) bool {
		var count []int // of those before each date
		return func(r *placed) bool {
			if count == nil {
				count = make([]int, 1)
				for n := range allDays {
					if count = append(count, count[n]); is(firstDay.AddDays(n)) {
						count[n+1]++
					}
				}
			}
			at := func(n int) int { return count[max(0, min(n, allDays))] }
			return at(r.last+after+1) > at(r.first-before)
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
	isOwn := make(map[calendar.Date]bool)
	for _, d := range datesOf(spec) {
		isOwn[d] = true
	}
	days("special dates", func(d calendar.Date) bool { _, ok := spec.Special[d]; return ok })
	days("dates with breaks", func(d calendar.Date) bool { return len(spec.Breaks[d]) > 0 })
	days("the calendar's own dates", func(d calendar.Date) bool { return isOwn[d] })
	shift := func(d calendar.Date) int { // of the clocks
		_, a := midnight(d, s.loc).Zone()
		_, b := midnight(d.AddDays(1), s.loc).Zone()
		return b - a
	}
	days("dates of clock changes", func(d calendar.Date) bool { return shift(d) != 0 })
	days("dates on which clocks go forward", func(d calendar.Date) bool { return shift(d) > 0 })
	days("dates on which clocks go back", func(d calendar.Date) bool { return shift(d) < 0 })
	isSummer := func(t time.Time) bool { return t.In(s.loc).IsDST() }
	add("in summer time", func(r *placed) bool { return isSummer(r.from) || isSummer(r.to) })
	add("in winter time", func(r *placed) bool { return !isSummer(r.from) || !isSummer(r.to) })

	ends := func(what string, is func(t time.Time) bool) {
		add("where the earlier instant is "+what, func(r *placed) bool { return is(r.from) })
		add("where the later instant is "+what, func(r *placed) bool { return is(r.to) })
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
			add(fmt.Sprintf("in the night from %v to %v", w, (w+1)%7), func(r *placed) bool {
				d, end := calendar.DateOf(r.from.Add(-12*time.Hour), s.loc), calendar.DateOf(r.to.Add(-12*time.Hour), s.loc)
				weekday := midnight(d, time.UTC).Weekday()
				return end.DaysSince(d) >= (int(w)-int(weekday)+7)%7
			})
		}
	}
	add("across closed time", func(r *placed) bool { return !r.isOpen })
	add("within one shift", func(r *placed) bool { return r.to.After(r.from) && r.isOpen })
	add("of instants with seconds", func(r *placed) bool {
		return r.a.Second() != 0 || r.a.Nanosecond() != 0 || !r.isAdd && (r.b.Second() != 0 || r.b.Nanosecond() != 0)
	})
	add("of instants with fractions of a second", func(r *placed) bool { return r.a.Nanosecond() != 0 || !r.isAdd && r.b.Nanosecond() != 0 })
	return out
}

// extent describes the places of wrong answers, and their common trait.
func (s *subject) extent(wrong []reply) string {
	var theWrong, theRight []*placed
	for _, r := range s.all() {
		switch {
		case r.isWrong():
			theWrong = append(theWrong, s.place(r))
		case r.err == nil:
			theRight = append(theRight, s.place(r))
		}
	}
	out := extent.Of("answers", theWrong, theRight, s.traits(theWrong))
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

// twoDays is how long a second example is at most.
const twoDays = 48 * time.Hour

// second returns an example that tells more beside the first one: of the same
// kind of answers, at most two days long, the first that is wrong the other way,
// or else the one that is the most wrong by at least twice as much.
func (s *subject) second(r reply, wrong []reply) (out reply, ok bool) {
	for _, o := range wrong {
		if o.slot() != r.slot() || o.length().Abs() > twoDays || o.wantErr != nil || r.wantErr != nil || o.kind == abroad {
			continue
		}
		was, is := r.errorOf(), o.errorOf()
		if (was < 0) != (is < 0) {
			return o, true
		}
		if is.Abs()/2 >= was.Abs() && (!ok || is.Abs() > out.errorOf().Abs()) {
			out, ok = o, true
		}
	}
	return out, ok
}

// most returns by how much answers of a kind about two days or less are wrong at
// most.
func (s *subject) most(slot int, wrong []reply) (out time.Duration) {
	for _, r := range wrong {
		if r.slot() == slot && r.length().Abs() <= twoDays {
			out = max(out, r.errorOf().Abs())
		}
	}
	return out
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
		if middle := (right + (wrong-right)/2).Round(time.Minute); half(middle).isWrong() {
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
