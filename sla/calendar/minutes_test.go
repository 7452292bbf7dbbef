package calendar_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
)

// watchedAt returns the record of a zone's clock around a day.
var watchedAt = func() func(zone, day string) *clock {
	var known sync.Map
	return func(zone, day string) *clock {
		key := zone + " " + day
		c, ok := known.Load(key)
		if !ok {
			loc := must(time.LoadLocation(zone))
			c, _ = known.LoadOrStore(key, watch(loc, must(time.Parse(time.DateOnly, day)).AddDate(0, 0, -margin-5), 2*margin+11))
		}
		return c.(*clock)
	}
}()

// minuteZones show full minutes throughout the years of the scenes.
var minuteZones = []string{
	"UTC", "America/New_York", "Europe/Berlin", "Asia/Singapore", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia",
	"Africa/Casablanca", "Asia/Kathmandu", "Antarctica/Troll",
}

var minuteDays = []string{
	"2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2017-10-15", "2018-02-18", "2011-12-30", "2026-02-15",
}

// Unions, intersections and complements are open in the minutes in which a walk
// through the minutes of their parts finds them open, add up to as much, and
// obey the laws of sets.
func TestLawsMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.SampledFrom(minuteDays).Draw(t, "day")
		draw := func(label string) (calendar.Calendar, *reference) {
			zone := rapid.SampledFrom(minuteZones).Draw(t, label)
			sc := scene{zone, day, watchedAt(zone, day)}
			c, s := drawCalendar(t, sc)
			return c, spell(s, sc.clock)
		}
		a, x := draw("a's zone")
		b, y := draw("b's zone")
		open := make(map[string][]bool)
		for i := range x.open {
			open["union"] = append(open["union"], x.open[i] || y.open[i])
			open["intersection"] = append(open["intersection"], x.open[i] && y.open[i])
			open["neither"] = append(open["neither"], !x.open[i] && !y.open[i])
			open["not b"] = append(open["not b"], x.open[i] && !y.open[i])
		}
		union := must(calendar.Union(a, b))
		intersection, err1 := calendar.Intersection(a, b)
		neither, err2 := calendar.Complement(union)
		var notB calendar.Calendar
		var err3 error
		if other, err := calendar.Complement(b); err == nil {
			notB, err3 = calendar.Intersection(a, other)
		} else {
			err3 = err
		}
		i := rapid.IntRange(x.from, x.to-1).Draw(t, "from")
		j := rapid.IntRange(x.from, x.to-1).Draw(t, "to")
		for name, r := range map[string]struct {
			c   calendar.Calendar
			err error
		}{"union": {union, nil}, "intersection": {intersection, err1}, "neither": {neither, err2}, "not b": {notB, err3}} {
			want := open[name]
			if r.err != nil {
				if !errors.Is(r.err, calendar.ErrNeverOpens) || slices.Contains(want[x.from:x.to], true) {
					t.Fatalf("%s: %v", name, r.err)
				}
				continue
			}
			checkMinutes(t, name, r.c, x, want, i, j)
		}
		from, to := x.at(i), x.at(j)
		both := time.Duration(0)
		if err1 == nil {
			both = intersection.Elapsed(from, to)
		}
		if got, want := union.Elapsed(from, to)+both, a.Elapsed(from, to)+b.Elapsed(from, to); got != want {
			t.Fatalf("union and intersection add up to %v, the parts to %v", got, want)
		}
	})
}

// checkMinutes checks c's periods against the open minutes, and sums between the
// minutes i and j.
func checkMinutes(t *rapid.T, name string, c calendar.Calendar, r *reference, open []bool, i, j int) {
	k := r.from
	for p := range c.Periods(r.at(r.from), r.at(r.to)) {
		for ; k < r.to && !open[k]; k++ {
		}
		start := k
		for ; k < r.to && open[k]; k++ {
		}
		if !p.Start.Equal(r.at(start)) || !p.End.Equal(r.at(k)) {
			t.Fatalf("%s: period %v, want %v to %v", name, p, r.at(start), r.at(k))
		}
	}
	for ; k < r.to; k++ {
		if open[k] {
			t.Fatalf("%s: %v is open", name, r.at(k))
		}
	}
	if i > j {
		i, j = j, i
	}
	var d time.Duration
	last := i
	for k := i; k < j; k++ {
		if open[k] {
			d += time.Minute
			last = k + 1
		}
	}
	if got := c.Elapsed(r.at(i), r.at(j)); got != d {
		t.Fatalf("%s: Elapsed(%v, %v) = %v, want %v", name, r.at(i), r.at(j), got, d)
	}
	if d > 0 {
		if got, err := c.Add(r.at(i), d); err != nil || !got.Equal(r.at(last)) {
			t.Fatalf("%s: Add(%v, %v) = %v, %v, want %v", name, r.at(i), d, got, err, r.at(last))
		}
		if got, err := c.Add(r.at(last), -d); err != nil || c.Elapsed(got, r.at(last)) != d || !c.IsOpen(got) {
			t.Fatalf("%s: Add(%v, %v) = %v, %v", name, r.at(last), -d, got, err)
		}
	}
	if c.IsOpen(r.at(i)) != open[i] || c.IsOpen(r.at(j)) != open[j] {
		t.Fatalf("%s: IsOpen at %v or %v", name, r.at(i), r.at(j))
	}
}
