package calendar_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A combined is a combination and a way to ask its parts instead of it.
type combined struct {
	calendar.Calendar
	text   string
	isOpen func(time.Time) bool
	leaves []calendar.Calendar
}

// drawCombined draws a calendar made of the leaves, or one of them. ok is false
// if it would never open.
func drawCombined(t *rapid.T, leaves []combined, depth int) (c combined, ok bool) {
	ops := []string{"leaf", "union", "intersection", "complement", "union", "intersection"}
	op := rapid.SampledFrom(ops).Draw(t, "operation")
	if depth == 0 || op == "leaf" {
		return rapid.SampledFrom(leaves).Draw(t, "leaf"), true
	}
	a, ok := drawCombined(t, leaves, depth-1)
	if !ok {
		return a, false
	}
	var err error
	if op == "complement" {
		c.Calendar, err = calendar.Complement(a.Calendar)
		c.text, c.leaves = "not "+a.text, a.leaves
		c.isOpen = func(at time.Time) bool { return !a.isOpen(at) }
	} else {
		b, ok := drawCombined(t, leaves, depth-1)
		if !ok {
			return b, false
		}
		c.leaves = append(append(c.leaves, a.leaves...), b.leaves...)
		c.text = fmt.Sprintf("(%s %s %s)", a.text, op, b.text)
		if op == "union" {
			c.Calendar, err = calendar.Union(a.Calendar, b.Calendar)
			c.isOpen = func(at time.Time) bool { return a.isOpen(at) || b.isOpen(at) }
		} else {
			c.Calendar, err = calendar.Intersection(a.Calendar, b.Calendar)
			c.isOpen = func(at time.Time) bool { return a.isOpen(at) && b.isOpen(at) }
		}
	}
	if err != nil && !errors.Is(err, calendar.ErrNeverOpens) {
		t.Fatalf("%s: %v", c.text, err)
	}
	return c, err == nil
}

// drawLeaves draws calendars whose hours or clocks change at about the same
// time.
func drawLeaves(t *rapid.T, n int) (leaves []combined, around time.Time) {
	sc := rapid.SampledFrom(watched()).Draw(t, "scene")
	day := calendar.MustDate(sc.day)
	for i := range n {
		s := sc
		if i > 0 && rapid.Bool().Draw(t, "another zone") {
			s = rapid.SampledFrom(watched()).Draw(t, "zone")
			s.day = sc.day
		}
		c, spec := drawCalendar(t, s)
		leaves = append(leaves, combined{c, fmt.Sprint(spec), c.IsOpen, []calendar.Calendar{c}})
	}
	return leaves, must(day.At(12*calendar.Hour, time.UTC))
}

// changesOf returns the instants between from and to at which a calendar opens
// or closes.
func changesOf(c calendar.Calendar, from, to time.Time) (out []time.Time) {
	for p := range c.Periods(from, to) {
		out = append(out, p.Start, p.End)
	}
	return out
}

// A combination is open when its parts say so, at every opening and closing of
// theirs, and what it adds up and finds is what follows from that.
func TestLawsCombination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves, around := drawLeaves(t, rapid.IntRange(1, 3).Draw(t, "leaves"))
		c, ok := drawCombined(t, leaves, 3)
		if !ok {
			return
		}
		checkCombined(t, c, around.AddDate(0, 0, -8), around.AddDate(0, 0, 8))
	})
}

func checkCombined(t *rapid.T, c combined, from, to time.Time) {
	ats := []time.Time{from}
	for _, leaf := range c.leaves {
		ats = append(ats, changesOf(leaf, from, to)...)
	}
	for _, at := range ats {
		for _, at := range []time.Time{at.Add(-1), at, at.Add(time.Second)} {
			if got := c.IsOpen(at); got != c.isOpen(at) {
				t.Fatalf("%s: IsOpen(%v) = %v", c.text, at, got)
			}
		}
	}
	var sum time.Duration
	last := time.Time{}
	for p := range c.Periods(from, to) {
		if !p.Start.After(last) || !c.isOpen(p.Start) || p.Start.After(from) && c.isOpen(p.Start.Add(-1)) || !c.isOpen(p.End.Add(-1)) || p.End.Before(to) && c.isOpen(p.End) {
			t.Fatalf("%s: period %v after %v", c.text, p, last)
		}
		last = p.End
		sum += p.Duration()
	}
	if got := c.Elapsed(from, to); got != sum {
		t.Fatalf("%s: Elapsed = %v, periods %v", c.text, got, sum)
	}
	if sum > 0 {
		d := time.Duration(rapid.Int64Range(1, int64(sum)).Draw(t, "d"))
		for _, d := range []time.Duration{d, sum} {
			end, err := c.Add(from, d)
			if err != nil || c.Elapsed(from, end) != d || !c.isOpen(end.Add(-1)) {
				t.Fatalf("%s: Add(%v, %v) = %v, %v", c.text, from, d, end, err)
			}
			start, err := c.Add(to, -d)
			if err != nil || c.Elapsed(start, to) != d || !c.isOpen(start) {
				t.Fatalf("%s: Add(%v, %v) = %v, %v", c.text, to, -d, start, err)
			}
		}
	}
	mid := from.Add(to.Sub(from) / 2)
	if got := c.Elapsed(from, mid) + c.Elapsed(mid, to); got != sum {
		t.Fatalf("%s: Elapsed in two steps %v, in one %v", c.text, got, sum)
	}
	for _, q := range []struct {
		f    func(time.Time) (time.Time, bool)
		open bool
	}{{c.NextOpening, true}, {c.NextClosing, false}, {c.PreviousOpening, true}, {c.PreviousClosing, false}} {
		if at, ok := q.f(mid); ok && (c.isOpen(at) != q.open || c.isOpen(at.Add(-1)) == q.open) {
			t.Fatalf("%s: from %v to %v, which is no change", c.text, mid, at)
		}
	}
}

// What is open in one or in the other, and what in both, add up; De Morgan's
// laws; and combining again changes nothing.
func TestLawsAlgebra(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves, around := drawLeaves(t, 3)
		a, b, c := leaves[0].Calendar, leaves[1].Calendar, leaves[2].Calendar
		from, to := around.AddDate(0, 0, -12), around.AddDate(0, 0, 12)
		// Whether one covers the other is asked of few, for it takes long.
		covers := func(c, d calendar.Calendar) bool { return true }
		if rapid.IntRange(0, 15).Draw(t, "covers") == 0 {
			covers = calendar.Calendar.Covers
		}
		or := must(calendar.Union(a, b))
		and, err := calendar.Intersection(a, b)
		both := time.Duration(0)
		if err == nil {
			both = and.Elapsed(from, to)
		}
		if got, want := or.Elapsed(from, to)+both, a.Elapsed(from, to)+b.Elapsed(from, to); got != want {
			t.Fatalf("union and intersection: %v, parts: %v", got, want)
		}
		if not, err := calendar.Complement(or); err == nil {
			na, err1 := calendar.Complement(a)
			nb, err2 := calendar.Complement(b)
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			neither, err := calendar.Intersection(na, nb)
			if err != nil || !covers(neither, not) || !covers(not, neither) || neither.Elapsed(from, to) != not.Elapsed(from, to) {
				t.Fatalf("De Morgan: %v", err)
			}
			if got := not.Elapsed(from, to) + or.Elapsed(from, to); got != to.Sub(from) {
				t.Fatalf("union and its complement: %v", got)
			}
			if again := must(calendar.Complement(not)); !again.Equal(or) {
				t.Fatal("twice not")
			}
		}
		left, right := must(calendar.Union(or, c)), must(calendar.Union(a, must(calendar.Union(c, b))))
		if !left.Equal(right) || !covers(left, right) || !covers(right, left) || left.Elapsed(from, to) != right.Elapsed(from, to) {
			t.Fatal("grouping makes a difference")
		}
		if self := must(calendar.Union(a, a)); !self.Equal(a) {
			t.Fatal("combined with itself")
		}
		if self := must(calendar.Intersection(or, or)); !self.Equal(or) {
			t.Fatal("combined with itself")
		}
		for _, p := range []calendar.Calendar{a, b} {
			if !covers(or, p) || err == nil && !covers(p, and) {
				t.Fatal("not covered")
			}
		}
	})
}

// A calendar that covers another is open whenever the other is; if it does not,
// there is an instant that shows it.
func TestLawsCovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves, around := drawLeaves(t, 2)
		a, b := leaves[0].Calendar, leaves[1].Calendar
		if rapid.Bool().Draw(t, "more") {
			a = must(calendar.Union(a, b))
		}
		if !a.Covers(b) {
			not := must(calendar.Complement(a))
			if _, err := calendar.Intersection(b, not); err != nil {
				t.Fatalf("not covered, but: %v", err)
			}
			return
		}
		from, to := around.AddDate(-1, 0, 0), around.AddDate(1, 0, 0)
		for _, at := range append(changesOf(a, from, to), changesOf(b, from, to)...) {
			for _, at := range []time.Time{at.Add(-1), at} {
				if b.IsOpen(at) && !a.IsOpen(at) {
					t.Fatalf("covered, but not at %v", at)
				}
			}
		}
	})
}

func site(tb testing.TB, zone string, week calendar.Week, holidays ...string) calendar.Calendar {
	tb.Helper()
	s := zoned(tb, zone, week)
	for _, h := range holidays {
		s.Holidays = append(s.Holidays, calendar.Holiday{Date: date(h)})
	}
	return build(tb, s)
}

func TestCoversTheSameHoursInOtherWords(t *testing.T) {
	nine := site(t, "Europe/Berlin", calendar.Weekdays(shifts("09:00-17:00")...))
	for name, c := range map[string]calendar.Calendar{
		"two shifts that meet":             site(t, "Europe/Berlin", calendar.Weekdays(shifts("09:00-12:00", "12:00-17:00")...)),
		"a holiday on a day without hours": site(t, "Europe/Berlin", calendar.Weekdays(shifts("09:00-17:00")...), "2026-03-07"),
		"a special date with the same hours": build(t, calendar.Spec{
			Location: location(t, "Europe/Berlin"), Week: calendar.Weekdays(shifts("09:00-17:00")...),
			Special: dates(map[string][]string{"2026-03-05": {"09:00-17:00"}}),
		}),
		"a break outside the hours": build(t, calendar.Spec{
			Location: location(t, "Europe/Berlin"), Week: calendar.Weekdays(shifts("09:00-17:00")...),
			Breaks: dates(map[string][]string{"2026-03-05": {"17:00-18:00"}}),
		}),
		"the same week from a date on": build(t, calendar.Spec{
			Location: location(t, "Europe/Berlin"), Week: calendar.Weekdays(shifts("09:00-17:00")...),
			Later: map[calendar.Date]calendar.Week{date("2026-03-05"): calendar.Weekdays(shifts("09:00-17:00")...)},
		}),
		"a union with less": must(calendar.Union(nine, site(t, "Europe/Berlin", calendar.Weekdays(shifts("10:00-12:00")...)))),
	} {
		if !c.Covers(nine) || !nine.Covers(c) {
			t.Errorf("%s: %v and %v", name, c.Covers(nine), nine.Covers(c))
		}
		if c.Equal(nine) {
			t.Errorf("%s: made of the same", name)
		}
	}
	kolkata := site(t, "Asia/Kolkata", calendar.Daily(shifts("22:00-06:00")...))
	calcutta := site(t, "Asia/Calcutta", calendar.Daily(shifts("00:00-06:00", "22:00-24:00")...))
	if !kolkata.Covers(calcutta) || !calcutta.Covers(kolkata) {
		t.Error("Calcutta is Kolkata")
	}
	allDay := site(t, "America/New_York", calendar.Daily(shifts("00:00-24:00")...))
	if !allDay.Covers(calendar.Calendar{}) || !(calendar.Calendar{}).Covers(allDay) || !(calendar.Calendar{}).Covers(calendar.Calendar{}) {
		t.Error("00:00-24:00 every day is always")
	}
}

func TestCoversMoreHours(t *testing.T) {
	berlin := func(week calendar.Week, holidays ...string) calendar.Calendar {
		return site(t, "Europe/Berlin", week, holidays...)
	}
	week, daily := calendar.Weekdays(shifts("09:00-17:00")...), calendar.Daily(shifts("09:00-17:00")...)
	for name, r := range map[string]struct{ more, less calendar.Calendar }{
		"weekends":      {berlin(daily), berlin(week)},
		"longer days":   {berlin(calendar.Weekdays(shifts("08:00-20:00")...)), berlin(week)},
		"no holidays":   {berlin(week), berlin(week, "2026-12-25")},
		"always":        {calendar.Calendar{}, berlin(week)},
		"another zone":  {site(t, "Europe/London", calendar.Daily(shifts("00:00-23:00", "23:00-24:00")...)), berlin(week)},
		"overnight":     {berlin(calendar.Daily(shifts("21:00-07:00")...)), berlin(calendar.Daily(shifts("22:00-06:00")...))},
		"only this one": {berlin(daily), build(t, calendar.Spec{Location: location(t, "Asia/Tokyo"), Special: dates(map[string][]string{"2026-03-05": {"17:00-18:00"}})})},
		// An opening in a year far away, before and after the tables of zones.
		"far away": {berlin(daily), build(t, calendar.Spec{Location: location(t, "Europe/Berlin"), Week: week, Special: dates(map[string][]string{"8888-03-04": {"09:00-17:00"}})})},
	} {
		if !r.more.Covers(r.less) || r.less.Covers(r.more) {
			t.Errorf("%s: %v and %v", name, r.more.Covers(r.less), r.less.Covers(r.more))
		}
	}
	for name, special := range map[string]string{"early": "0002-01-05", "late": "9998-12-26"} {
		s := zoned(t, "Europe/Berlin", week)
		s.Special = dates(map[string][]string{special: {"10:00-10:00:01"}})
		if berlin(week).Covers(build(t, s)) {
			t.Errorf("%s: a single second outside", name)
		}
	}
	// In step for most of the year, but not between the clock changes of both.
	newYork, chicago := site(t, "America/New_York", calendar.Daily(shifts("09:00-17:00")...)), site(t, "Europe/Berlin", calendar.Daily(shifts("15:00-23:00")...))
	if newYork.Covers(chicago) || chicago.Covers(newYork) {
		t.Error("the clocks do not change together")
	}
}

// A combination is exact from the first second of the year 2 to the last one of
// 9998.
func TestCombinationsReach(t *testing.T) {
	for _, r := range []struct {
		opens string
		ok    bool
	}{
		{"0001-12-31", false}, {"0002-01-01", true}, {"9998-12-31", true}, {"9999-01-01", false},
	} {
		day := func(s string) calendar.Calendar {
			return build(t, calendar.Spec{Location: time.UTC, Special: dates(map[string][]string{s: {"00:00-24:00"}})})
		}
		c := must(calendar.Union(day(r.opens), day("2026-03-05")))
		want, err := date(r.opens).At(0, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := c.PreviousOpening(at("2026-03-05T00:00:00Z"))
		if want.Year() > 2026 {
			got, ok = c.NextOpening(at("2026-03-06T00:00:00Z"))
		}
		if ok != r.ok || ok && !got.Equal(want) {
			t.Errorf("open on %s and on 5 March 2026: opens at %v, %v", r.opens, got, ok)
		}
	}
}

// On the first and the last dates of all, a clock east of UTC shows the year 0, and
// one west of it the year 10000, before UTC does.
func TestHolidaysAtTheEndsOfTime(t *testing.T) {
	week := calendar.Daily(shifts("00:00-24:00")...)
	holidays := []string{"0001-01-01", "0001-01-03", "9999-12-29", "9999-12-31"}
	for _, zone := range []string{"Asia/Tokyo", "America/New_York", "UTC"} {
		a, b := site(t, zone, week, holidays...), site(t, "Europe/Berlin", calendar.Daily(shifts("09:00-17:00")...), "0001-01-01")
		both := must(calendar.Intersection(a, b))
		for _, from := range []time.Time{at("0001-01-01T00:00:00Z"), at("9999-12-28T00:00:00Z")} {
			for now := from; now.Before(from.AddDate(0, 0, 4)); now = now.Add(30 * time.Minute) {
				if got, want := both.IsOpen(now), a.IsOpen(now) && b.IsOpen(now); got != want {
					t.Errorf("%s: open at %v: %v", zone, now, got)
				}
			}
		}
	}
}

func TestUnionWithoutGapsNeverCloses(t *testing.T) {
	day := site(t, "Europe/Berlin", calendar.Daily(shifts("08:00-20:00")...))
	night := must(calendar.Complement(day))
	c := must(calendar.Union(day, night))
	now := at("2026-03-05T12:00:00Z")
	if at, ok := c.NextClosing(now); ok {
		t.Errorf("closes at %v", at)
	}
	if at, ok := c.PreviousOpening(now); ok {
		t.Errorf("opened at %v", at)
	}
	if !c.Covers(calendar.Calendar{}) {
		t.Error("has gaps")
	}
	if got, err := c.Add(now, 10000*time.Hour); err != nil || !got.Equal(now.Add(10000*time.Hour)) {
		t.Errorf("Add = %v, %v", got, err)
	}
	n := testing.AllocsPerRun(10, func() { c.NextClosing(now) })
	if n != 0 {
		t.Errorf("walks the years, with %v allocations", n)
	}
}

func TestCombinationThatNeverOpens(t *testing.T) {
	day, evening := site(t, "Europe/Berlin", calendar.Daily(shifts("08:00-17:00")...)), site(t, "Europe/Berlin", calendar.Daily(shifts("17:00-20:00")...))
	allDay := site(t, "Europe/Berlin", calendar.Daily(shifts("00:00-24:00")...))
	for name, f := range map[string]func() (calendar.Calendar, error){
		"intersection":      func() (calendar.Calendar, error) { return calendar.Intersection(day, evening) },
		"complement":        func() (calendar.Calendar, error) { return calendar.Complement(calendar.Calendar{}) },
		"complement of all": func() (calendar.Calendar, error) { return calendar.Complement(allDay) },
	} {
		if c, err := f(); !errors.Is(err, calendar.ErrNeverOpens) || !c.IsAlways() {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, f := range map[string]func(...calendar.Calendar) (calendar.Calendar, error){"union": calendar.Union, "intersection": calendar.Intersection} {
		if _, err := f(); !errors.Is(err, calendar.ErrInvalid) || err.Error() != "calendar: "+name+" of no calendars: invalid calendar" {
			t.Errorf("%s of none: %v", name, err)
		}
		if c, err := f(calendar.Calendar{}); err != nil || !c.IsAlways() {
			t.Errorf("%s of always: %v", name, err)
		}
		var many []calendar.Calendar
		for i := range 41 {
			many = append(many, site(t, "UTC", calendar.Daily(shift(i, 1000))))
		}
		if _, err := f(many...); !errors.Is(err, calendar.ErrInvalid) || err.Error() != "calendar: "+name+" of 41 calendars: over the limit of 40: invalid calendar" {
			t.Errorf("%s of many: %v", name, err)
		}
		if c, err := f(many[1:]...); err != nil || len(c.Parts()) != 40 {
			t.Errorf("%s of 40: %v", name, err)
		}
	}
	if c := must(calendar.Union(day, calendar.Calendar{})); !c.IsAlways() {
		t.Error("union with always")
	}
	if c := must(calendar.Intersection(day, calendar.Calendar{})); !c.Equal(day) {
		t.Error("intersection with always")
	}
}

func TestCombinationHasNoBusinessDays(t *testing.T) {
	c := must(calendar.Union(sites(t)...))
	d := date("2026-03-05")
	for _, n := range []int{0, 1, -1} {
		if got, err := c.AddBusinessDays(d, n); !errors.Is(err, calendar.ErrInvalid) || got != (calendar.Date{}) {
			t.Errorf("%d: %v, %v", n, got, err)
		}
	}
	if _, err := c.OnBusinessDay(at("2026-03-05T12:00:00Z"), 1, 0); !errors.Is(err, calendar.ErrInvalid) {
		t.Error(err)
	}
	if c.IsBusinessDay(d) || c.BusinessDays(d, d.AddDays(30)) != 0 {
		t.Error("business days")
	}
	if got := c.Spec(); got.Location != nil || c.Location().String() != "Asia/Singapore" || len(c.Parts()) != 3 || (calendar.Calendar{}).Parts() != nil || sites(t)[0].Parts() != nil {
		t.Errorf("%v %v %v", got, c.Location(), c.Parts())
	}
	if at, err := c.Add(at("2026-03-05T12:00:00Z"), time.Hour); err != nil || at.Location() != c.Location() {
		t.Errorf("%v, %v", at, err)
	}
}

func TestEqualCombinations(t *testing.T) {
	s := sites(t)
	union, intersection := must(calendar.Union(s...)), must(calendar.Intersection(s[0], must(calendar.Complement(s[1]))))
	for name, r := range map[string]struct {
		c, d calendar.Calendar
		want bool
	}{
		"itself":      {union, union, true},
		"another one": {union, must(calendar.Union(sites(t)...)), true},
		"order":       {union, must(calendar.Union(s[2], s[0], s[1])), true},
		"grouping":    {union, must(calendar.Union(s[2], must(calendar.Union(s[1], s[0], s[2])))), true},
		"names":       {union.Named("a"), union.Named("b"), true},
		"less":        {union, must(calendar.Union(s[:2]...)), false},
		"a part":      {union, s[0], false},
		"operation":   {must(calendar.Union(s[:2]...)), must(calendar.Intersection(s[0], must(calendar.Union(s[0], s[1])))), false},
		"always":      {union, calendar.Calendar{}, false},
		"operations":  {union, intersection, false},
		"complement":  {must(calendar.Complement(union)), must(calendar.Complement(union)), true},
		"complements": {must(calendar.Complement(s[0])), must(calendar.Complement(s[1])), false},
	} {
		if r.c.Equal(r.d) != r.want || r.d.Equal(r.c) != r.want {
			t.Errorf("%s: %v", name, !r.want)
		}
	}
}
