package slatest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// The kinds of questions, in the order of looking for an example: the
// earlier, the plainer.
const (
	ordinary = iota // in a week without anything special, in the calendar's zone
	dates           // near the calendar's own dates
	shifting        // near clock changes
	long            // over weeks and months
	abroad          // of instants in other zones
	years           // in other years of two centuries
)

// first and last are the years that a clock is asked about.
const first, last = 1930, 2130

// An ask is a question to a clock: Add(a, d), or Elapsed(a, b).
type ask struct {
	a, b  time.Time
	d     time.Duration
	isAdd bool
	kind  int
}

// A reply is a question with the clock's answer and the calendar's.
type reply struct {
	ask
	end, wantEnd time.Time
	n, want      time.Duration
	err, wantErr error
}

func (q ask) String() string {
	if q.isAdd {
		return fmt.Sprintf("Add(%s, %v)", show(q.a), q.d)
	}
	return fmt.Sprintf("Elapsed(%s, %s)", show(q.a), show(q.b))
}

// answer is the answer of the clock.
func (r reply) answer() string {
	if r.isAdd {
		return show(r.end.In(r.a.Location()))
	}
	return r.n.String()
}

// right is the right answer.
func (r reply) right() string {
	switch {
	case r.wantErr != nil:
		return fmt.Sprintf("an error: %v", r.wantErr)
	case r.isAdd:
		return show(r.wantEnd.In(r.a.Location()))
	}
	return r.want.String()
}

// isWrong reports whether the clock answered, and not as the calendar.
func (r reply) isWrong() bool {
	switch {
	case r.err != nil:
		return false
	case !r.isAdd:
		return r.n != r.want
	}
	return r.wantErr != nil || !r.end.Equal(r.wantEnd)
}

// length is how much time an answer is about.
func (q ask) length() time.Duration {
	if q.isAdd {
		return q.d
	}
	return q.b.Sub(q.a)
}

// slot numbers the kinds of answers of which each gets an example of its own:
// Add forward, backward and of nothing; Elapsed forward and reversed.
func (q ask) slot() int {
	n := 3
	if q.isAdd {
		n = 0
	}
	switch d := q.length(); {
	case d < 0:
		n++
	case d == 0 && q.isAdd:
		n += 2
	}
	return n
}

const slots = 5

// reply asks the clock.
func (s *subject) reply(q ask) reply {
	r := reply{ask: q}
	if q.isAdd {
		r.wantEnd, r.wantErr = s.cal.Add(q.a, q.d)
		r.end, r.err = s.add(q.a, q.d)
	} else {
		r.want = s.cal.Elapsed(q.a, q.b)
		r.n, r.err = s.elapsed(q.a, q.b)
	}
	return r
}

// all asks the clock all there is to ask, once, plain questions first.
func (s *subject) all() []reply {
	if s.replies != nil {
		return s.replies
	}
	q := &asker{cal: s.cal, loc: s.loc}
	q.collect()
	for _, ask := range q.asks {
		if s.guard.Stopped() {
			break
		}
		s.replies = append(s.replies, s.reply(ask))
	}
	return s.replies
}

// An asker collects the questions about a calendar.
type asker struct {
	cal  calendar.Calendar
	loc  *time.Location
	asks []ask
	kind int
	// The ordinary week, with some days before and after, and what is asked
	// about it but leads out of these.
	from, to time.Time
	far      []ask
}

func (q *asker) add(a time.Time, ds ...time.Duration) {
	for _, d := range ds {
		if q.kind == ordinary { // unless it leads out of the week
			if end, err := q.cal.Add(a, d); err != nil || end.Before(q.from) || end.After(q.to) {
				q.far = append(q.far, ask{a: a, d: d, isAdd: true, kind: long})
				continue
			}
		}
		q.asks = append(q.asks, ask{a: a, d: d, isAdd: true, kind: q.kind})
	}
}

func (q *asker) elapsed(a, b time.Time) {
	q.asks = append(q.asks, ask{a: a, b: b, kind: q.kind})
}

// in sorts the questions before, and puts later ones into a kind.
func (q *asker) in(kind int) {
	q.sort()
	q.kind = kind
}

// sort sorts the questions of the present kind.
func (q *asker) sort() {
	i, _ := slices.BinarySearchFunc(q.asks, q.kind, func(a ask, kind int) int { return cmp.Compare(a.kind, kind) })
	slices.SortStableFunc(q.asks[i:], func(x, y ask) int {
		return cmp.Or(cmp.Compare(max(grain(sinceMidnight(x.a)), grain(x.length())), max(grain(sinceMidnight(y.a)), grain(y.length()))),
			cmp.Compare(x.length().Abs(), y.length().Abs()), nearer(x.a, y.a))
	})
}

func (q *asker) collect() {
	week := q.ordinaryWeek()
	q.from, q.to = midnight(week.AddDays(-6), q.loc), midnight(week.AddDays(13), q.loc)
	points := q.points(week, 7)
	q.ask(points, 1)
	q.in(dates)
	own := datesOf(q.cal.Spec())
	own = slices.DeleteFunc(own, func(d calendar.Date) bool { return d.Year < first || d.Year > last })
	var near []time.Time
	for _, d := range pick(own, ownDates) {
		near = append(near, q.points(d.AddDays(-1), 3)...)
		for n := -2; n < 3; n++ {
			q.elapsed(midnight(d.AddDays(n), q.loc), midnight(d.AddDays(n+1), q.loc))
		}
		q.elapsed(midnight(d.AddDays(-3), q.loc), midnight(d.AddDays(4), q.loc))
	}
	q.ask(near, 3)
	q.in(shifting)
	var changing []time.Time
	recent := changes(q.loc, lastYear, now.AddDate(2, 0, 0))
	recent = recent[:min(len(recent), 6)]
	for _, c := range append(recent, pick(changes(q.loc, begin, lastYear), 7)...) {
		changing = append(changing, c.at, c.at.Add(c.by), c.at.Add(-c.by), c.at.Add(-time.Hour), c.at.Add(time.Hour), c.at.Add(30*time.Minute))
		d := calendar.DateOf(c.at, q.loc)
		changing = append(changing, q.points(d.AddDays(-1), 3)...)
		q.elapsed(midnight(d, q.loc), midnight(d.AddDays(1), q.loc))
		q.elapsed(midnight(d.AddDays(-1), q.loc), midnight(d.AddDays(2), q.loc))
	}
	q.ask(changing, 7)
	q.in(long)
	q.asks = append(q.asks, q.far...)
	for i := 0; i < len(points); i += 1 + len(points)/8 {
		q.add(points[i], longs...)
		for _, d := range longs {
			q.add(points[i], -d)
			q.elapsed(points[i], points[i].Add(d*5))
		}
	}
	q.in(abroad)
	zones := []*time.Location{time.UTC, farEast, farWest}
	var away []time.Time
	for i, p := range slices.Concat(points, near, changing) {
		away = append(away, p.In(zones[i%len(zones)]))
	}
	q.ask(away, 7)
	q.in(years)
	q.centuries()
	q.sort()
}

// pick returns at most n of all, evenly.
func pick[T any](all []T, n int) (out []T) {
	for i := 0; i < len(all); i += 1 + (len(all)-1)/n {
		out = append(out, all[i])
	}
	return out
}

// ordinaryWeek returns the first day of the first week from 2026-03-02 on near
// which no clock changes and the calendar has no date of its own.
func (q *asker) ordinaryWeek() calendar.Date {
	own := datesOf(q.cal.Spec())
	start := calendar.DateOf(now, time.UTC)
	for week := range 100 {
		d := start.AddDays(7 * week)
		from, to := d.AddDays(-7), d.AddDays(14)
		special := slices.ContainsFunc(own, func(o calendar.Date) bool { return o.Compare(from) >= 0 && o.Compare(to) < 0 })
		if !special && len(changes(q.loc, midnight(from, q.loc), midnight(to, q.loc))) == 0 {
			return d
		}
	}
	return start
}

// points returns instants of some days from a date on: openings, closings, noons
// and midnights, and others a little beside them.
func (q *asker) points(from calendar.Date, days int) (out []time.Time) {
	start, end := midnight(from, q.loc), midnight(from.AddDays(days), q.loc)
	var edges []time.Time
	for p := range q.cal.Periods(start, end) {
		edges = append(edges, p.Start, p.End, p.Start.Add(p.End.Sub(p.Start)/2).Truncate(time.Minute))
	}
	for n := range days {
		m := midnight(from.AddDays(n), q.loc)
		edges = append(edges, m, m.Add(12*time.Hour))
	}
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)
	for i, e := range pick(edges, 40) {
		out = append(out, e.In(q.loc))
		for _, j := range []int{3 * i, 3*i + 1, 3*i + 2} {
			out = append(out, e.Add(offsets[j%len(offsets)]).In(q.loc))
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// longs are durations of weeks and months of open time.
var longs = []time.Duration{80 * time.Hour, 200 * time.Hour, 700 * time.Hour, 2000 * time.Hour}

// ask asks about instants in order: the sum of each and a duration, and the
// time that elapses between them; the larger thin, the less.
func (q *asker) ask(points []time.Time, thin int) {
	for i, p := range points {
		for j, d := range lengths {
			if (i+j)%(2+thin) == 0 {
				q.add(p, d, -d)
			}
		}
		if i%(1+thin/3) == 0 {
			q.add(p, 0)
		}
		if at, ok := q.cal.NextClosing(p); ok && i%2 == 0 {
			if d := q.cal.Elapsed(p, at); d > 0 {
				q.add(p, d)
			}
		}
		if at, ok := q.cal.PreviousOpening(p); ok && i%2 == 1 {
			if d := q.cal.Elapsed(p, at); d < 0 {
				q.add(p, d)
			}
		}
		for _, step := range []int{0, 1, 3, 11} {
			if i+step >= len(points) || points[i+step].Sub(p).Abs() > longest || step > 1 && i%(1+thin/3) != 0 {
				continue
			}
			q.elapsed(p, points[i+step])
			if i%2 == step%2 {
				q.elapsed(points[i+step], p)
			}
		}
	}
}

// centuries asks about every year from first to last, and about the hours of
// days in January and July of some of them.
func (q *asker) centuries() {
	newYear := func(y int) time.Time { return midnight(calendar.Date{Year: y, Month: time.January, Day: 1}, q.loc) }
	for y := first; y < last; y++ {
		q.elapsed(newYear(y), newYear(y+1))
		if y%20 == 0 {
			if d := q.cal.Elapsed(newYear(y), newYear(y+1)); d > 0 {
				q.add(newYear(y), d)
				q.add(newYear(y+1), -d)
			}
		}
	}
	q.elapsed(newYear(first), newYear(last))
	days := func(from calendar.Date, n int) { // one by one, and as open time
		for ; n > 0; n-- {
			a, b := midnight(from, q.loc), midnight(from.AddDays(1), q.loc)
			q.elapsed(a, b)
			if d := q.cal.Elapsed(a, b); d > 0 {
				q.add(a, d)
				q.add(b, -d)
			}
			from = from.AddDays(1)
		}
	}
	for _, y := range []int{1996, 2000, 2004, 2024, 2028, 2032, 2096, 2100} {
		days(calendar.Date{Year: y, Month: time.February, Day: 27}, 4)
		q.elapsed(midnight(calendar.Date{Year: y, Month: time.February, Day: 20}, q.loc), midnight(calendar.Date{Year: y, Month: time.March, Day: 10}, q.loc))
	}
	days(calendar.Date{Year: 2038, Month: time.January, Day: 15}, 8) // the last second of 32 bits is among them
	for _, y := range []int{1950, 1975, 1999, 2008, 2019, 2028, 2037, 2038, 2039, 2040, 2051, 2072, 2096, 2100, 2120} {
		for _, month := range []time.Month{time.January, time.February, time.April, time.July, time.October} {
			at, ok := q.cal.NextOpening(midnight(calendar.Date{Year: y, Month: month, Day: 14}, q.loc))
			if !ok {
				at = midnight(calendar.Date{Year: y, Month: month, Day: 14}, q.loc)
			}
			at = at.In(q.loc)
			q.elapsed(at, at.Add(time.Hour))
			q.elapsed(at.Add(-time.Hour), at)
			q.add(at, time.Hour)
			q.add(at.Add(-2*time.Hour), time.Hour, 24*time.Hour)
			q.add(at.Add(time.Hour), -time.Hour)
		}
	}
}
