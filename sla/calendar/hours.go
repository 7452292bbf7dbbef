package calendar

import "slices"

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
// which starts with 0001-01-01, a Monday, and ends with 9999-12-31: what every
// week has, and days that differ. It counts the set's seconds up to any time,
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

// newHours returns the set that has, of each of the days listed in odd, in
// order, what of returns for its number, and of every other day what ofWeek
// returns for its day of the week, from 0 for Monday.
func newHours(ofWeek func(weekday int64) []span, odd []int64, of func(day int64) []span) *hours {
	h := &hours{excess: []int64{0}}
	for d := range h.week {
		h.week[d] = newDaySpans(ofWeek(int64(d)))
		h.before[d+1] = h.before[d] + h.week[d].total
	}
	for _, day := range odd {
		spans, usual := newDaySpans(of(day)), h.week[day%7]
		if slices.Equal(spans.spans, usual.spans) {
			continue
		}
		before := h.sum(day * daySeconds)
		h.odd = append(h.odd, spans)
		h.oddDay = append(h.oddDay, day)
		h.oddBefore = append(h.oddBefore, before)
		h.excess = append(h.excess, h.excess[len(h.excess)-1]+spans.total-usual.total)
	}
	return h
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

// nth returns the second of the day at which d's nth second starts; there must
// be one.
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
func upper(a []int64, x int64) int {
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

// nth returns the wall-clock time at which the nth second of the set starts,
// counting from 0, or never where there is none. n must not be negative.
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
