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
			if err != nil || !neither.Covers(not) || !not.Covers(neither) {
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
		if !left.Equal(right) || !left.Covers(right) || !right.Covers(left) || left.Elapsed(from, to) != right.Elapsed(from, to) {
			t.Fatal("grouping makes a difference")
		}
		if self := must(calendar.Union(a, a)); !self.Equal(a) {
			t.Fatal("combined with itself")
		}
		if self := must(calendar.Intersection(or, or)); !self.Equal(or) {
			t.Fatal("combined with itself")
		}
		for _, p := range []calendar.Calendar{a, b} {
			if !or.Covers(p) || err == nil && !p.Covers(and) {
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
