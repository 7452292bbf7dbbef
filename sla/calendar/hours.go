package calendar

import (
	"cmp"
	"iter"
	"slices"
)

const (
	daySeconds = 86400
	// wallEnd is the end of 9999-12-31 on the wall clock.
	wallEnd = (maxDay + 1) * daySeconds
	// never is later than every time, and far from overflow.
	never = 1e18
)

// A span is a stretch of the wall clock, [open, close), in seconds after some
// midnight that the context gives.
type span struct{ open, close int64 }

// hours is a set of seconds of an imagined wall clock without clock changes,
// which starts with 0001-01-01, a Monday, and ends with 9999-12-31: those of every
// week, and days that differ. It counts the set's seconds up to any time,
// and finds the nth, in the time that a binary search over the differing days
// takes.
type hours struct {
	week   [7]daySpans // Monday first
	before [8]int64    // how many of the week's seconds are before each day, and in all

	// The days that differ from the week, in order. The searched numbers stand
	// apart from the rest to be close together.
	odd       []daySpans
	oddDay    []int64 // their numbers
	oddBefore []int64 // how many seconds of the set are before each
	excess    []int64 // excess[i] is how many more seconds the first i odd days have than the week says
}

// A daySpans holds a day's part of a set of seconds, disjoint and in order.
type daySpans struct {
	spans []span
	total int64 // their seconds
}

// newHours returns the set that has the seconds of week on each day of the week,
// Monday first, and those of odd[i] on the day days[i]; the days are in order.
func newHours(week [7]daySpans, days []int64, odd []daySpans) *hours {
	n := len(days)
	h := &hours{week: week, odd: make([]daySpans, 0, n), oddDay: make([]int64, 0, n), oddBefore: make([]int64, 0, n), excess: make([]int64, 1, n+1)}
	for d := range h.week {
		h.before[d+1] = h.before[d] + h.week[d].total
	}
	for i, day := range days {
		usual := &h.week[day%7]
		if slices.Equal(odd[i].spans, usual.spans) {
			continue
		}
		excess := h.excess[len(h.excess)-1]
		h.odd = append(h.odd, odd[i])
		h.oddDay = append(h.oddDay, day)
		h.oddBefore = append(h.oddBefore, day/7*h.before[7]+h.before[day%7]+excess)
		h.excess = append(h.excess, excess+odd[i].total-usual.total)
	}
	return h
}

// newSets returns the set with the given seconds, as newHours does, and the set
// of all other seconds.
func newSets(week [7]daySpans, days []int64, odd []daySpans) (open, closed *hours) {
	rest := make([]daySpans, len(odd))
	for i := range odd {
		rest[i] = odd[i].complement()
	}
	return newHours(week, days, odd), newHours(complements(week), days, rest)
}

func complements(week [7]daySpans) (rest [7]daySpans) {
	for d := range week {
		rest[d] = week[d].complement()
	}
	return rest
}

// complement returns the seconds of a day that are not in d.
func (d daySpans) complement() daySpans {
	return newDaySpans(outside(d.spans, span{0, daySeconds}))
}

func newDaySpans(spans []span) daySpans {
	d := daySpans{spans: spans}
	for _, s := range spans {
		d.total += s.close - s.open
	}
	return d
}

// upTo returns how many of d's seconds are before the given second of the day.
func (d *daySpans) upTo(second int64) (n int64) {
	for _, s := range d.spans {
		n += max(min(second, s.close)-s.open, 0)
	}
	return n
}

// nth returns the start of d's nth second in the day; there must be one.
func (d *daySpans) nth(n int64) int64 {
	i := 0
	for ; n >= d.spans[i].close-d.spans[i].open; i++ {
		n -= d.spans[i].close - d.spans[i].open
	}
	return d.spans[i].open + n
}

func (d *daySpans) has(second int64) bool {
	for _, s := range d.spans {
		if second < s.close {
			return second >= s.open
		}
	}
	return false
}

// upper returns how many of the numbers in the sorted a are at most x.
func upper(a []int64, x int64) int { // quicker than slices.BinarySearch
	lo, n := 0, len(a)
	for n > 0 {
		if half := n / 2; a[lo+half] <= x {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return lo
}

// lower returns how many of the numbers in the sorted a are below x.
func lower(a []int64, x int64) int { return upper(a, x-1) }

// sum returns how many seconds of the set are before the wall-clock time w.
func (h *hours) sum(w int64) int64 {
	w = min(max(w, 0), wallEnd)
	day, second := w/daySeconds, w%daySeconds
	i := upper(h.oddDay, day)
	if i > 0 && h.oddDay[i-1] == day {
		return h.oddBefore[i-1] + h.odd[i-1].upTo(second)
	}
	week, weekday := day/7, day%7
	return week*h.before[7] + h.before[weekday] + h.excess[i] + h.week[weekday].upTo(second)
}

// nth returns the wall-clock time of the start of the nth second of the set,
// counting from 0, or never if there is none. n must not be negative.
func (h *hours) nth(n int64) int64 {
	i := upper(h.oddBefore, n)
	if i > 0 && n < h.oddBefore[i-1]+h.odd[i-1].total {
		return h.oddDay[i-1]*daySeconds + h.odd[i-1].nth(n-h.oddBefore[i-1])
	}
	if h.before[7] == 0 {
		return never
	}
	n -= h.excess[i]
	week, n := n/h.before[7], n%h.before[7]
	weekday := len(h.week) - 1
	for h.before[weekday] > n {
		weekday--
	}
	w := (week*7+int64(weekday))*daySeconds + h.week[weekday].nth(n-h.before[weekday])
	if w >= wallEnd {
		return never
	}
	return w
}

// has reports whether the second that starts at w is in the set.
func (h *hours) has(w int64) bool {
	if w < 0 || w >= wallEnd {
		return false
	}
	return h.on(w / daySeconds).has(w % daySeconds)
}

// on returns the set's part of a day.
func (h *hours) on(day int64) *daySpans {
	if i := upper(h.oddDay, day); i > 0 && h.oddDay[i-1] == day {
		return &h.odd[i-1]
	}
	return &h.week[day%7]
}

// within returns the set's part of [w.open, w.close) on the wall clock, less by:
// to a caller whose clock is behind by that much.
func (h *hours) within(w span, by int64) (out []span) {
	for day := range (span{w.open + by, w.close + by}).days() {
		out = appendClipped(out, h.on(day).spans, day*daySeconds-by, w)
	}
	return out
}

// usually is within for a week that has no odd days.
func (h *hours) usually(w span, by int64) (out []span) {
	for day := range (span{w.open + by, w.close + by}).days() {
		out = appendClipped(out, h.week[day%7].spans, day*daySeconds-by, w)
	}
	return out
}

// days returns the days of the years 1 to 9999 that have a part of s.
func (s span) days() iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for day := max(s.open/daySeconds, 0); day <= maxDay && day*daySeconds < s.close; day++ {
			if !yield(day) {
				return
			}
		}
	}
}

// appendClipped appends the spans, moved by shift, as far as they are within w.
func appendClipped(out, spans []span, shift int64, w span) []span {
	for _, s := range spans {
		s = span{max(s.open+shift, w.open), min(s.close+shift, w.close)}
		if s.open < s.close {
			out = append(out, s)
		}
	}
	return out
}

// outside returns the part of w outside the spans, which are in order.
func outside(spans []span, w span) (out []span) {
	at := w.open
	for _, s := range spans {
		out = appendClipped(out, []span{{at, s.open}}, 0, w)
		at = max(at, s.close)
	}
	return appendClipped(out, []span{{at, w.close}}, 0, w)
}

// joined returns the spans in order, those that overlap or meet as one, without
// empty ones. It changes the argument.
func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.open, b.open) })
	var out []span
	for _, s := range spans {
		switch n := len(out); {
		case s.open >= s.close:
		case n > 0 && out[n-1].close >= s.open:
			out[n-1].close = max(out[n-1].close, s.close)
		default:
			out = append(out, s)
		}
	}
	return out
}

// common returns the seconds that are both in a and in b; both are in order.
func common(a, b []span) (out []span) {
	for len(a) > 0 && len(b) > 0 {
		if s := (span{max(a[0].open, b[0].open), min(a[0].close, b[0].close)}); s.open < s.close {
			out = append(out, s)
		}
		if a[0].close < b[0].close {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}

// without returns the seconds of a that are not in b; both are in order, and a
// without gaps between spans that meet.
func without(a, b []span) []span {
	return common(a, outside(b, span{-never, never}))
}
