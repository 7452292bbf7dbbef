package slatest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/slatest"
)

// A clock that never answers some question is stopped, and the report says so.
func TestSlowClocks(t *testing.T) {
	cal := calendars(t)["office"]
	calls := 0
	slow := fake{cal.Add, func(a, b time.Time) time.Duration {
		if calls++; b.Sub(a) > 300*24*time.Hour {
			select {}
		}
		return cal.Elapsed(a, b)
	}}
	var r record
	slatest.Conforms(&r, cal, slatest.Within(50*time.Millisecond, slow))
	if len(r.errors) != 1 || !strings.HasPrefix(r.errors[0], "answers: Elapsed(") ||
		!strings.Contains(r.errors[0], "too slow: no answer within 50ms; no more calls were made") {
		t.Error(r.errors)
	}
}

// So is one that ends its goroutine, as a t.FailNow inside of it does.
func TestLostGoroutines(t *testing.T) {
	cal := calendars(t)["office"]
	var r record
	slatest.Conforms(&r, cal, fake{func(time.Time, time.Duration) (time.Time, error) { t.SkipNow(); return time.Time{}, nil }, cal.Elapsed})
	if len(r.errors) != 3 || !strings.Contains(r.errors[0], "ended its goroutine") {
		t.Error(r.errors)
	}
}

// A year of two centuries in which a day is wrong is found, and the day.
func TestCenturies(t *testing.T) {
	t.Parallel()
	cal := calendars(t)["office"]
	m := heldTo(t, "centuries.txt")
	for _, day := range []string{"1936-02-28", "2064-02-29", "2099-12-30"} {
		d := at(day + "T00:00:00-05:00")
		var r record
		slatest.Conforms(&r, cal, fake{cal.Add, func(a, b time.Time) time.Duration {
			n := cal.Elapsed(a, b)
			if !a.After(d) && b.After(d) {
				n -= cal.Elapsed(d, d.Add(24*time.Hour))
			}
			return n
		}})
		m.add(day, r.errors...)
		if len(r.errors) != 1 || !strings.HasPrefix(r.errors[0], "agrees-with-calendar: Elapsed("+d.Format("Mon ")+day+" 00:00:00 -05:00, ") {
			t.Errorf("%s: %v", day, r.errors)
		}
	}
}
