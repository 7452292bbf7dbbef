package calendar_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A clock is the record of someone who watched a zone's clock, minute by
// minute, over some days. Minutes of the wall clock are counted as if the
// clock were in UTC.
type clock struct {
	loc     *time.Location
	start   time.Time       // a full minute
	shows   []int64         // what the clock shows each minute
	first   []int           // when it first shows each minute, from shows[0] on, or -1
	skipped map[int64]int64 // minutes never shown, and how many of them there are in a row
}

func watch(loc *time.Location, from time.Time, days int) *clock {
	c := &clock{loc: loc, start: from.Truncate(time.Minute), skipped: make(map[int64]int64)}
	c.first = slices.Repeat([]int{-1}, (days+3)*24*60)
	for i := range days * 24 * 60 {
		t := c.at(i)
		_, offset := t.Zone()
		shown := (t.Unix() + int64(offset)) / 60
		if offset%60 != 0 {
			panic("the clock does not show full minutes")
		}
		c.shows = append(c.shows, shown)
		if i > 0 {
			last := c.shows[i-1]
			for x := last + 1; x < shown; x++ {
				c.skipped[x] = shown - last - 1
			}
		}
		if n := shown - c.shows[0]; n >= 0 && c.first[n] < 0 {
			c.first[n] = i
		}
	}
	return c
}

func (c *clock) at(i int) time.Time { return c.start.Add(time.Duration(i) * time.Minute).In(c.loc) }

// minute returns when, in minutes after the start, the clock first shows x; if
// it never does, forward by the gap.
func (c *clock) minute(x int64) int {
	i := c.first[x+c.skipped[x]-c.shows[0]]
	if i < 0 {
		panic("not watched long enough")
	}
	return i
}

// A reference is a calendar's hours written out minute by minute.
type reference struct {
	*clock
	open     []bool
	sum      []int // open minutes before each
	business map[calendar.Date]bool
	from, to int // minutes about which it knows
}

// margin is how many days at each end of a watch are only there to know the
// others.
const margin = 4

func spell(s calendar.Spec, c *clock) *reference {
	r := &reference{clock: c, open: make([]bool, len(c.shows)), business: make(map[calendar.Date]bool)}
	r.from, r.to = margin*24*60, len(c.shows)-margin*24*60
	dates := make(map[calendar.Date]bool)
	for i := range c.shows {
		if i%30 == 0 {
			dates[calendar.DateOf(c.at(i), c.loc)] = true // exists
		}
	}
	day := func(d calendar.Date) int64 {
		return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / 60
	}
	minutes := func(d calendar.Date, sh calendar.Shift) (a, b int64) {
		a, b = day(d)+int64(sh.Open/60), day(d)+int64(sh.Close/60)
		if sh.Close < sh.Open {
			b += 24 * 60
		}
		return a, b
	}
	// resolve marks the minutes of the shifts of a date, each of which becomes two
	// instants; a date that does not exist has none.
	resolve := func(d calendar.Date, shifts []calendar.Shift, mark func(i int)) {
		first, last := calendar.DateOf(c.at(0), c.loc), calendar.DateOf(c.at(len(c.shows)-1), c.loc)
		if !dates[d] || d.DaysSince(first) < 2 || last.DaysSince(d) < 3 {
			return // or not watched long enough
		}
		for _, sh := range shifts {
			a, b := minutes(d, sh)
			for i := c.minute(a); i < c.minute(b); i++ {
				mark(i)
			}
		}
	}
	cut := make(map[int]bool) // minutes that are breaks
	for d, breaks := range s.Breaks {
		resolve(d, breaks, func(i int) { cut[i] = true })
	}
	for d := range dates {
		shifts, special := s.Special[d]
		if !special {
			shifts = s.Week[d.Weekday()]
		}
		if slices.Contains(s.Holidays, calendar.Holiday{Date: d}) {
			shifts = nil
		}
		resolve(d, shifts, func(i int) {
			if !cut[i] {
				r.open[i] = true
				r.business[d] = true
			}
		})
	}
	r.sum = []int{0}
	for _, open := range r.open {
		n := r.sum[len(r.sum)-1]
		if open {
			n++
		}
		r.sum = append(r.sum, n)
	}
	return r
}

// changes returns the minutes at which r opens, or closes.
func (r *reference) changes(open bool) (out []int) {
	for i := r.from + 1; i < r.to; i++ {
		if r.open[i] == open && r.open[i-1] != open {
			out = append(out, i)
		}
	}
	return out
}

// compare checks every method of c against r, at some minutes and at all those
// near to which something changes.
func (r *reference) compare(t fataler, c calendar.Calendar, minutes []int) {
	t.Helper()
	for i := r.from; i < r.to; i++ {
		if got := c.IsOpen(r.at(i)); got != r.open[i] {
			t.Fatalf("IsOpen(%v) = %v", r.at(i), got)
		}
	}
	opens, closes := r.changes(true), r.changes(false)
	r.comparePeriods(t, c, opens, closes)
	r.compareDays(t, c)
	for n, i := range minutes {
		j := minutes[(n+1)%len(minutes)]
		r.compareChanges(t, c, i, opens, closes)
		r.compareSums(t, c, i, j, time.Duration(n%3)*20*time.Second)
	}
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func (r *reference) comparePeriods(t fataler, c calendar.Calendar, opens, closes []int) {
	t.Helper()
	if r.open[r.from] {
		opens = append([]int{r.from}, opens...)
	}
	if r.open[r.to-1] {
		closes = append(slices.Clone(closes), r.to)
	}
	n := 0
	for i := range c.Periods(r.at(r.from), r.at(r.to)) {
		if n >= len(opens) || !i.Start.Equal(r.at(opens[n])) || !i.End.Equal(r.at(closes[n])) {
			t.Fatalf("interval %d is %v", n, i)
		}
		n++
	}
	if n != len(opens) {
		t.Fatalf("%d intervals, want %d", n, len(opens))
	}
}

func (r *reference) compareDays(t fataler, c calendar.Calendar) {
	t.Helper()
	first, last := calendar.DateOf(r.at(r.from), r.loc).AddDays(1), calendar.DateOf(r.at(r.to), r.loc).AddDays(-1)
	var days []calendar.Date // business days
	for d := first; d.Compare(last) <= 0; d = d.AddDays(1) {
		if got := c.IsBusinessDay(d); got != r.business[d] {
			t.Fatalf("IsBusinessDay(%v) = %v", d, got)
		}
		if got, want := c.BusinessDays(first.AddDays(-1), d), len(days); r.business[first.AddDays(-1)] == r.business[d] && got != want && !r.business[d] {
			t.Fatalf("BusinessDays(%v, %v) = %d, want %d", first.AddDays(-1), d, got, want)
		}
		if r.business[d] {
			days = append(days, d)
		}
	}
	for d := first; d.Compare(last) <= 0; d = d.AddDays(1) {
		after, ok := slices.BinarySearchFunc(days, d, calendar.Date.Compare)
		before := after
		if ok {
			after++
		}
		for n, want := range days[after:] {
			if got, err := c.AddBusinessDays(d, n+1); err != nil || got != want {
				t.Fatalf("AddBusinessDays(%v, %d) = %v, %v, want %v", d, n+1, got, err, want)
			}
			if got := c.BusinessDays(d, want); got != n+1 {
				t.Fatalf("BusinessDays(%v, %v) = %d, want %d", d, want, got, n+1)
			}
		}
		for n := range before {
			want := days[before-1-n]
			if got, err := c.AddBusinessDays(d, -n-1); err != nil || got != want {
				t.Fatalf("AddBusinessDays(%v, %d) = %v, %v, want %v", d, -n-1, got, err, want)
			}
		}
	}
}

// compareChanges checks the changes around minute i, and just before and after.
func (r *reference) compareChanges(t fataler, c calendar.Calendar, i int, opens, closes []int) {
	t.Helper()
	for _, by := range []time.Duration{0, -1, 1} {
		at := r.at(i).Add(by)
		for _, q := range []struct {
			name       string
			next, prev func(time.Time) (time.Time, bool)
			at         []int
		}{
			{"Opening", c.NextOpening, c.PreviousOpening, opens},
			{"Closing", c.NextClosing, c.PreviousClosing, closes},
		} {
			next, prev := -1, -1
			for _, j := range q.at {
				if r.at(j).After(at) && next < 0 {
					next = j
				}
				if r.at(j).Before(at) {
					prev = j
				}
			}
			if next >= 0 {
				if got, ok := q.next(at); !ok || !got.Equal(r.at(next)) {
					t.Fatalf("Next%s(%v) = %v, %v, want %v", q.name, at, got, ok, r.at(next))
				}
			}
			if prev >= 0 {
				if got, ok := q.prev(at); !ok || !got.Equal(r.at(prev)) {
					t.Fatalf("Previous%s(%v) = %v, %v, want %v", q.name, at, got, ok, r.at(prev))
				}
			}
		}
	}
}

// compareSums checks Elapsed from minute i to minute j, and Add, which must
// come from one to where the same open time ends; off is a part of a minute.
func (r *reference) compareSums(t fataler, c calendar.Calendar, i, j int, off time.Duration) {
	t.Helper()
	part := func(i int) time.Duration { // what of off is open after minute i
		if r.open[i] {
			return off
		}
		return 0
	}
	a, b := r.at(i).Add(off), r.at(j).Add(off)
	d := time.Duration(r.sum[j]-r.sum[i])*time.Minute + part(j) - part(i)
	if got := c.Elapsed(a, b); got != d {
		t.Fatalf("Elapsed(%v, %v) = %v, want %v", a, b, got, d)
	}
	if d == 0 {
		return
	}
	want := b
	switch {
	case d > 0 && part(j) == 0: // ends with the last open minute before j
		k := j
		for !r.open[k-1] {
			k--
		}
		want = r.at(k)
	case d < 0 && !r.open[j]: // begins with the first open minute after j
		k := j
		for !r.open[k] {
			k++
		}
		want = r.at(k)
	}
	if got, err := c.Add(a, d); err != nil || !got.Equal(want) {
		t.Fatalf("Add(%v, %v) = %v, %v, want %v", a, d, got, err, want)
	}
}

// near returns the minutes around which c's clock or hours change.
func (r *reference) near() (out []int) {
	for i := r.from + 2; i < r.to-1; i++ {
		if r.shows[i] != r.shows[i-1]+1 || r.open[i] != r.open[i-1] {
			out = append(out, i-1, i, i+1)
		}
	}
	return out
}

// scenes are zones and days around which their clocks change.
var scenes = []struct {
	zone string
	days []string
}{
	{"America/New_York", []string{"2026-03-08", "2026-11-01", "2044-12-31", "1918-03-31"}},
	{"Europe/Berlin", []string{"2026-03-29", "2026-10-25", "2050-03-27", "1945-05-24"}},
	{"Australia/Sydney", []string{"2026-04-05", "2026-10-04"}},
	{"Australia/Lord_Howe", []string{"2026-04-05", "2026-10-04"}}, // half an hour
	{"Asia/Tehran", []string{"2022-03-22", "2022-09-22", "2026-03-22"}},
	{"Africa/Cairo", []string{"2024-04-26", "2024-10-31", "2014-05-16"}},
	{"America/Sao_Paulo", []string{"2017-10-15", "2018-02-18"}}, // no midnight, midnight twice
	{"America/Havana", []string{"2024-03-10", "2024-11-03"}},
	{"Pacific/Apia", []string{"2011-12-30", "2011-09-24"}}, // no such date
	{"Asia/Kathmandu", []string{"1986-01-01", "2026-06-01"}},
	{"Africa/Casablanca", []string{"2026-02-15", "2026-03-22"}}, // back for Ramadan only
	{"Antarctica/Troll", []string{"2026-03-29", "2026-10-25"}},  // two hours
	{"America/Toronto", []string{"1919-03-31", "1919-10-26"}},   // from 23:30 to 00:30
	{"Pacific/Kwajalein", []string{"1993-08-21"}},
	{"America/Caracas", []string{"2007-12-09", "2016-05-01"}},
	{"America/Nuuk", []string{"2023-03-25", "2023-10-29", "2024-03-30"}}, // by its zone, then its clock
	{"Asia/Pyongyang", []string{"2015-08-15", "2018-05-05"}},
}

type scene struct {
	zone, day string
	*clock
}

var watched = sync.OnceValue(func() (out []scene) {
	for _, s := range scenes {
		loc, err := time.LoadLocation(s.zone)
		if err != nil {
			panic(err)
		}
		for _, day := range s.days {
			at, err := time.Parse(time.DateOnly, day)
			if err != nil {
				panic(err)
			}
			out = append(out, scene{s.zone, day, watch(loc, at.AddDate(0, 0, -margin-5), 2*margin+11)})
		}
	}
	return out
})

// drawMinute draws a minute of a day, most often one near those at which clocks
// change.
func drawMinute(t *rapid.T) int {
	if rapid.Bool().Draw(t, "near") {
		return rapid.SampledFrom([]int{0, 15, 30, 45, 60, 75, 90, 105, 115, 120, 135, 150, 165, 170, 180, 190, 195, 210, 240, 23*60 + 30, 23*60 + 45}).Draw(t, "near")
	}
	return rapid.IntRange(0, 24*60-1).Draw(t, "minute")
}

// drawWeek draws a week of shifts that do not overlap, some of which meet and
// some of which go over midnight.
func drawWeek(t *rapid.T) (w calendar.Week) {
	const week = 7 * 24 * 60
	var at []int
	for range rapid.IntRange(1, 14).Draw(t, "times") {
		at = append(at, rapid.IntRange(0, 6).Draw(t, "weekday")*24*60+drawMinute(t))
	}
	slices.Sort(at)
	at = slices.Compact(at)
	for i, a := range at {
		b := at[(i+1)%len(at)]
		length := (b - a + week) % week
		if length == 0 || length >= 24*60 || rapid.IntRange(0, 3).Draw(t, "closed") == 0 {
			length = rapid.IntRange(1, 60).Draw(t, "length")
			if next := (b - a + week) % week; next > 0 {
				length = min(length, next)
			}
		}
		open, end := a%(24*60), (a+length)%(24*60)
		if end == 0 && rapid.Bool().Draw(t, "24:00") {
			end = 24 * 60
		}
		day := a / (24 * 60)
		w[day] = append(w[day], shift(open, end))
	}
	if rapid.IntRange(0, 9).Draw(t, "around the clock") == 0 {
		w = calendar.Daily(shift(0, 24*60))
	}
	return w
}

func shift(open, end int) calendar.Shift {
	return calendar.Shift{Open: calendar.TimeOfDay(open) * calendar.Minute, Close: calendar.TimeOfDay(end) * calendar.Minute}
}

func drawSpec(t *rapid.T, sc scene) calendar.Spec {
	s := calendar.Spec{Location: sc.loc, Week: drawWeek(t), Special: map[calendar.Date][]calendar.Shift{}, Breaks: map[calendar.Date][]calendar.Shift{}}
	anchor, _ := calendar.ParseDate(sc.day)
	date := func() calendar.Date { return anchor.AddDays(rapid.IntRange(-3, 3).Draw(t, "date")) }
	for range rapid.IntRange(0, 2).Draw(t, "specials") {
		d, shifts := date(), []calendar.Shift(nil)
		if a, b := drawMinute(t), drawMinute(t); a != b {
			shifts = append(shifts, shift(a, b))
		}
		s.Special[d] = shifts
	}
	for range rapid.IntRange(0, 2).Draw(t, "holidays") {
		if d := date(); len(s.Special[d]) == 0 {
			delete(s.Special, d)
			s.Holidays = append(s.Holidays, calendar.Holiday{Date: d})
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "breaks") {
		d := date()
		if a, b := drawMinute(t), drawMinute(t); a != b {
			s.Breaks[d] = append(s.Breaks[d], shift(a, b))
		}
	}
	return s
}

// drawCalendar draws a calendar whose hours change around a scene's day.
func drawCalendar(t *rapid.T, sc scene) (calendar.Calendar, calendar.Spec) {
	s := drawSpec(t, sc)
	c, err := calendar.New(s)
	if errors.Is(err, calendar.ErrInvalid) {
		s.Special = nil
		c, err = calendar.New(s)
	}
	if err != nil {
		t.Fatalf("%v: %v", s, err)
	}
	return c, s
}

// Every answer is that of someone who writes the hours out minute by minute.
func TestReference(t *testing.T) {
	all := watched()
	rapid.Check(t, func(t *rapid.T) {
		sc := rapid.SampledFrom(all).Draw(t, "scene")
		c, s := drawCalendar(t, sc)
		r := spell(s, sc.clock)
		minutes := rapid.SliceOfN(rapid.IntRange(r.from+1, r.to-1), 4, 12).Draw(t, "minutes")
		near := r.near()
		for range min(len(near), 30) {
			minutes = append(minutes, near[rapid.IntRange(0, len(near)-1).Draw(t, "near")])
		}
		r.compare(say{t, fmt.Sprintf("%s %s %v", sc.zone, sc.day, s)}, c, minutes)
	})
}

type say struct {
	*rapid.T
	what string
}

func (s say) Fatalf(format string, args ...any) {
	s.T.Helper()
	s.T.Fatalf("%s: "+format, append([]any{s.what}, args...)...)
}

// A calendar with something at every hour that may be changed, over years.
func TestReferenceYears(t *testing.T) {
	loc := func(name string) *time.Location {
		l, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for _, y := range []struct {
		zone string
		year int
	}{
		{"America/New_York", 2026}, {"Europe/Berlin", 2026}, {"Australia/Sydney", 2026}, {"Australia/Lord_Howe", 2026},
		{"Asia/Tehran", 2022}, {"Africa/Cairo", 2024}, {"America/Sao_Paulo", 2017}, {"America/Havana", 2024},
		{"Pacific/Apia", 2011}, {"Asia/Kathmandu", 1986},
	} {
		t.Run(y.zone, func(t *testing.T) {
			t.Parallel()
			s := calendar.Spec{
				Location: loc(y.zone),
				Week: calendar.Week{
					time.Sunday:    {shift(0, 2*60+30), shift(2*60+30, 3*60+10), shift(22*60, 24*60)},
					time.Monday:    {shift(0, 30), shift(9*60, 12*60), shift(13*60, 17*60)},
					time.Wednesday: {shift(22*60, 6*60)},
					time.Friday:    {shift(22*60, 30)},
					time.Saturday:  {shift(30, 10*60), shift(23*60+15, 24*60)},
				},
				Special: map[calendar.Date][]calendar.Shift{},
				Breaks:  map[calendar.Date][]calendar.Shift{},
			}
			for month := time.January; month <= time.December; month++ {
				s.Holidays = append(s.Holidays, calendar.Holiday{Date: calendar.Date{Year: y.year, Month: month, Day: 1}})
				s.Special[calendar.Date{Year: y.year, Month: month, Day: 15}] = []calendar.Shift{shift(12*60, 13*60)}
				s.Breaks[calendar.Date{Year: y.year, Month: month, Day: 20}] = []calendar.Shift{shift(23*60, 10*60)}
			}
			c, err := calendar.New(s)
			if err != nil {
				t.Fatal(err)
			}
			r := spell(s, watch(s.Location, time.Date(y.year, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -margin), 365+2*margin))
			opens, closes := r.changes(true), r.changes(false)
			for i := r.from; i < r.to; i++ {
				if got := c.IsOpen(r.at(i)); got != r.open[i] {
					t.Fatalf("IsOpen(%v) = %v", r.at(i), got)
				}
			}
			r.comparePeriods(t, c, opens, closes)
			all := slices.Concat(opens, closes)
			slices.SortFunc(all, func(a, b int) int { return cmp.Compare(a*7919%104729, b*7919%104729) }) // mixed
			for n, i := range all {
				r.compareSums(t, c, i, all[(n+1)%len(all)], time.Duration(n%3)*20*time.Second)
			}
		})
	}
}
