package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
)

// drawInstant draws an instant around a scene's day, most often a full minute.
func drawInstant(t *rapid.T, sc scene, label string) time.Time {
	i := rapid.IntRange(0, len(sc.shows)-1).Draw(t, label)
	ns := rapid.SampledFrom([]int64{0, 0, 0, 1, 500_000_000, 29_999_999_999}).Draw(t, label+" nanoseconds")
	return sc.at(i).Add(time.Duration(ns))
}

// drawDuration draws a duration of up to some weeks.
func drawDuration(t *rapid.T, label string) time.Duration {
	d := time.Duration(rapid.Int64Range(0, 60*24*7*3).Draw(t, label)) * time.Minute
	return d + time.Duration(rapid.SampledFrom([]int64{0, 0, 0, 1, 250_000_000}).Draw(t, label+" nanoseconds"))
}

// checkLaws checks what holds for any calendar that does not run out.
func checkLaws(t *rapid.T, c calendar.Calendar, sc scene) {
	add := func(at time.Time, d time.Duration) time.Time {
		got, err := c.Add(at, d)
		if err != nil {
			t.Fatalf("Add(%v, %v): %v", at, d, err)
		}
		return got
	}
	a, b, e := drawInstant(t, sc, "a"), drawInstant(t, sc, "b"), drawInstant(t, sc, "e")
	x, y := drawDuration(t, "x"), drawDuration(t, "y")
	if rapid.Bool().Draw(t, "backward") {
		x, y = -x, -y
	}
	if got := c.Elapsed(a, add(a, x)); got != x {
		t.Errorf("Elapsed(%v, Add(.., %v)) = %v", a, x, got)
	}
	if one, two := add(a, x+y), add(add(a, x), y); !one.Equal(two) {
		t.Errorf("Add(%v, %v) = %v, but in two steps, %v first, %v", a, x+y, one, x, two)
	}
	if got, want := c.Elapsed(a, b)+c.Elapsed(b, e), c.Elapsed(a, e); got != want {
		t.Errorf("Elapsed(%v, %v) = %v, but %v over %v", a, e, want, got, b)
	}
	if got, want := c.Elapsed(b, a), -c.Elapsed(a, b); got != want {
		t.Errorf("Elapsed(%v, %v) = %v, want %v", b, a, got, want)
	}
	if a.After(b) {
		a, b = b, a
	}
	if lo, hi := add(a, x), add(b, x); x != 0 && lo.After(hi) {
		t.Errorf("Add(.., %v) of %v is %v, and of %v %v", x, a, lo, b, hi)
	}
	if lo, hi := add(a, min(x, y)), add(a, max(x, y)); lo.After(hi) {
		t.Errorf("Add(%v, ..) of %v is %v, and of %v %v", a, min(x, y), lo, max(x, y), hi)
	}
	var sum time.Duration
	last := time.Time{}
	for i := range c.Periods(a, b) {
		if !i.Start.Before(i.End) || i.Start.Before(a) || i.End.After(b) || !last.Before(i.Start) || !c.IsOpen(i.Start) {
			t.Errorf("interval %v of [%v, %v)", i, a, b)
		}
		last = i.End
		sum += i.Duration()
	}
	if got := c.Elapsed(a, b); got != sum {
		t.Errorf("Elapsed(%v, %v) = %v, but the intervals last %v", a, b, got, sum)
	}
	checkDayLaws(t, c, calendar.DateOf(a, sc.loc))
}

func checkDayLaws(t *rapid.T, c calendar.Calendar, d calendar.Date) {
	n := rapid.IntRange(1, 300).Draw(t, "days")
	e, err1 := c.AddBusinessDays(d, n)
	f, err2 := c.AddBusinessDays(e, -n)
	if err1 != nil || err2 != nil {
		t.Fatalf("%v and %d days: %v, %v", d, n, err1, err2)
	}
	if got := c.BusinessDays(d, e); got != n || !c.IsBusinessDay(e) || !c.IsBusinessDay(f) {
		t.Errorf("%v + %d business days = %v, %d business days later", d, n, e, got)
	}
	if c.IsBusinessDay(d) && f != d {
		t.Errorf("%v + %d - %d business days = %v", d, n, n, f)
	}
	if got := c.BusinessDays(e, d); got != -n {
		t.Errorf("BusinessDays(%v, %v) = %d, want %d", e, d, got, -n)
	}
}

func TestLaws(t *testing.T) {
	all := watched()
	rapid.Check(t, func(t *rapid.T) {
		sc := rapid.SampledFrom(all).Draw(t, "scene")
		c, _ := drawCalendar(t, sc)
		checkLaws(t, c, sc)
	})
}

// Around the clock, business time is time.
func TestLawsAlways(t *testing.T) {
	all := watched()
	rapid.Check(t, func(t *rapid.T) {
		sc := rapid.SampledFrom(all).Draw(t, "scene")
		checkLaws(t, calendar.Calendar{}, sc)
		a, b := drawInstant(t, sc, "from"), drawInstant(t, sc, "to")
		d := drawDuration(t, "d") - drawDuration(t, "less")
		shifts, err := calendar.New(calendar.Spec{Location: sc.loc, Week: calendar.Daily(shift(0, 24*60))})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []calendar.Calendar{{}, shifts} {
			if got, err := c.Add(a, d); err != nil || !got.Equal(a.Add(d)) {
				t.Errorf("Add(%v, %v) = %v, %v", a, d, got, err)
			}
			if got := c.Elapsed(a, b); got != b.Sub(a) {
				t.Errorf("Elapsed(%v, %v) = %v", a, b, got)
			}
			if !c.IsOpen(a) {
				t.Errorf("closed at %v", a)
			}
		}
	})
}

// What is written and read again gives the same answers.
func TestLawsRoundTrip(t *testing.T) {
	all := watched()
	rapid.Check(t, func(t *rapid.T) {
		sc := rapid.SampledFrom(all).Draw(t, "scene")
		c, _ := drawCalendar(t, sc)
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var d calendar.Calendar
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		again, err := json.Marshal(d)
		if err != nil || string(again) != string(text) {
			t.Fatalf("%s became %s, %v", text, again, err)
		}
		if !c.Equal(d) || !d.Equal(c) {
			t.Errorf("%s is not equal", text)
		}
		e, err := calendar.New(d.Spec())
		if err != nil || !e.Equal(c) {
			t.Errorf("%v: %v", d.Spec(), err)
		}
		a, b := drawInstant(t, sc, "a"), drawInstant(t, sc, "b")
		x, err1 := c.Add(a, b.Sub(a))
		y, err2 := d.Add(a, b.Sub(a))
		if err1 != nil || err2 != nil || !x.Equal(y) || x.Format(time.RFC3339Nano) != y.Format(time.RFC3339Nano) {
			t.Errorf("Add: %v, %v and %v, %v", x, err1, y, err2)
		}
		if x, y := c.Elapsed(a, b), d.Elapsed(a, b); x != y {
			t.Errorf("Elapsed: %v and %v", x, y)
		}
	})
}
