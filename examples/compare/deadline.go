package main

import (
	"fmt"
	"math/rand/v2"
	"time"
	_ "time/tzdata" // so that it runs on machines without zones

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A trio is the three contenders for one question about business hours.
type trio struct{ ours, cached, plain string }

func newTrio(what string) trio {
	return trio{"`" + what + "`", "rickar/cal, cached, " + what, "rickar/cal, " + what}
}

// The contenders that compute with time.
var (
	add4      = newTrio("Add 4h")
	add80     = newTrio("Add 80h")
	add2000   = newTrio("Add 2000h")
	elapsed80 = newTrio("Elapsed 80h")
)

const (
	alwaysAdd     = "24/7 `Add`"
	timeAdd       = "`time.Add`"
	alwaysElapsed = "24/7 `Elapsed`"
	timeSub       = "`time.Sub`"
)

var holidays = []*cal.Holiday{
	us.NewYear, us.MlkDay, us.PresidentsDay, us.MemorialDay, us.IndependenceDay,
	us.LaborDay, us.ColumbusDay, us.VeteransDay, us.ThanksgivingDay, us.ChristmasDay,
}

// The years for which the holidays are worked out for our calendar; the inputs
// and answers are within.
const firstYear, lastYear = 2025, 2028

func newYork() (*time.Location, error) { return time.LoadLocation("America/New_York") }

// offices returns the same calendar by each of us, from 9 to 17 in New York:
// Monday to Friday with ten holidays a year, or daily with none.
func offices(daily bool) (ours calendar.Calendar, plain, cached *cal.BusinessCalendar, err error) {
	loc, err := newYork()
	if err != nil {
		return ours, nil, nil, err
	}
	plain, cached = cal.NewBusinessCalendar(), cal.NewBusinessCalendar()
	shift := calendar.Shift{Open: 9 * calendar.Hour, Close: 17 * calendar.Hour}
	spec := calendar.Spec{Location: loc, Week: calendar.Weekdays(shift)}
	if daily {
		spec.Week = calendar.Daily(shift)
		for _, c := range []*cal.BusinessCalendar{plain, cached} {
			c.SetWorkday(time.Saturday, true)
			c.SetWorkday(time.Sunday, true)
		}
	} else {
		for year := firstYear; year <= lastYear; year++ {
			for _, h := range holidays {
				if _, observed := h.Calc(year); !observed.IsZero() {
					spec.Holidays = append(spec.Holidays, calendar.Holiday{Date: calendar.DateOf(observed, observed.Location()), Name: h.Name})
				}
			}
		}
		plain.AddHoliday(holidays...)
		cached.AddHoliday(holidays...)
	}
	cached.Cacheable = true
	ours, err = calendar.New(spec)
	return ours, plain, cached, err
}

// springChange is when New York's clocks went from 2:00 to 3:00 in 2026.
func springChange(loc *time.Location) time.Time {
	return time.Date(2026, time.March, 8, 3, 0, 0, 0, loc)
}

// instants returns instants of the eight days before the change, to the second.
func instants(loc *time.Location) []time.Time {
	r := rand.New(rand.NewPCG(5, 6))
	out := make([]time.Time, distinct)
	for i := range out {
		out[i] = springChange(loc).Add(-time.Duration(1+r.Int64N(8*24*3600)) * time.Second)
	}
	return out
}

// deadlines checks that the calendars agree, and returns the contenders.
func deadlines() ([]string, []contender, error) {
	notes, err := agreeOnDeadlines()
	if err != nil {
		return nil, nil, err
	}
	ours, plain, cached, err := offices(false)
	if err != nil {
		return nil, nil, err
	}
	at := instants(ours.Location())
	ends := make([]time.Time, distinct)
	for i := range at {
		if ends[i], err = ours.Add(at[i], 80*time.Hour); err != nil {
			return nil, nil, err
		}
	}
	theirAdd := func(c *cal.BusinessCalendar, d time.Duration) func(int) {
		return func(n int) {
			for i := range n {
				sink.time = c.AddWorkHours(at[turn(i)], d)
			}
		}
	}
	theirElapsed := func(c *cal.BusinessCalendar) func(int) {
		return func(n int) {
			for i := range n {
				sink.int = int64(c.WorkHoursInRange(at[turn(i)], ends[turn(i)]))
			}
		}
	}
	var out []contender
	for _, x := range []struct {
		trio
		d time.Duration
	}{{add4, 4 * time.Hour}, {add80, 80 * time.Hour}, {add2000, 2000 * time.Hour}} {
		out = append(out,
			contender{x.ours, func(n int) {
				for i := range n {
					end, err := ours.Add(at[turn(i)], x.d)
					if err != nil {
						panic(err)
					}
					sink.time = end
				}
			}},
			contender{x.cached, theirAdd(cached, x.d)},
			contender{x.plain, theirAdd(plain, x.d)})
	}
	return notes, append(out,
		contender{elapsed80.ours, func(n int) {
			for i := range n {
				sink.int = int64(ours.Elapsed(at[turn(i)], ends[turn(i)]))
			}
		}},
		contender{elapsed80.cached, theirElapsed(cached)},
		contender{elapsed80.plain, theirElapsed(plain)}), nil
}

// agreeOnDeadlines returns an error unless the calendars agree where the clock
// changes while both are closed. Where they are open on the day of the change,
// it notes the difference.
func agreeOnDeadlines() ([]string, error) {
	ours, plain, cached, err := offices(false)
	if err != nil {
		return nil, err
	}
	at := instants(ours.Location())
	for i, t := range at {
		hours := []time.Duration{4 * time.Hour, 80 * time.Hour}
		if i < 64 { // the plain one takes its time
			hours = append(hours, 2000*time.Hour)
		}
		for _, d := range hours {
			want, err := ours.Add(t, d)
			if err != nil {
				return nil, err
			}
			for _, c := range []*cal.BusinessCalendar{plain, cached} {
				if got := c.AddWorkHours(t, d); !got.Equal(want) {
					return nil, fmt.Errorf("%v after %v: rickar/cal says %v, ours %v", d, t, got, want)
				}
				if got := c.WorkHoursInRange(t, want); got != d || ours.Elapsed(t, want) != d {
					return nil, fmt.Errorf("from %v to %v: rickar/cal says %v, ours %v", t, want, got, ours.Elapsed(t, want))
				}
			}
		}
	}
	notes := []string{fmt.Sprintf("Deadlines: rickar/cal, plain and cached, agrees with ours on %s starts before New York's spring change,"+
		" Monday to Friday with ten holidays a year, in 4 and 80 hours, and on some of them in 2000.", thousands(distinct))}

	ours, plain, _, err = offices(true)
	if err != nil {
		return nil, err
	}
	wrong := 0
	for _, t := range at {
		want, err := ours.Add(t, 80*time.Hour)
		if err != nil {
			return nil, err
		}
		if !plain.AddWorkHours(t, 80*time.Hour).Equal(want) {
			wrong++
		}
	}
	saturday := time.Date(2026, time.March, 7, 23, 30, 0, 0, ours.Location())
	want, err := ours.Add(saturday, time.Hour)
	if err != nil {
		return nil, err
	}
	const layout = "Monday 15:04"
	return append(notes, fmt.Sprintf("With weekends open too, it differs from ours on %s of them in 80 hours: one hour after %s is %s, it says; ours says %s."+
		" It takes every day for 24 hours long, and the hour at which one opens for the time since midnight.",
		thousands(int64(wrong)), saturday.Format(layout), plain.AddWorkHours(saturday, time.Hour).Format(layout), want.Format(layout))), nil
}

// plainTime checks that the calendar that is always open is plain time, and
// returns the contenders.
func plainTime() ([]string, []contender, error) {
	loc, err := newYork()
	if err != nil {
		return nil, nil, err
	}
	at, c, d := instants(loc), calendar.Calendar{}, 4*time.Hour
	for i, t := range at {
		u := at[(i+1)%distinct]
		end, err := c.Add(t, d)
		if err != nil {
			return nil, nil, err
		}
		if !end.Equal(t.Add(d)) || c.Elapsed(t, u) != u.Sub(t) {
			return nil, nil, fmt.Errorf("24/7 is not plain time at %v and %v", t, u)
		}
	}
	notes := []string{fmt.Sprintf("Around the clock: the same as `time.Add` and `time.Sub` on %s starts.", thousands(distinct))}
	return notes, []contender{
		{alwaysAdd, func(n int) {
			var last time.Time
			for i := range n {
				end, err := c.Add(at[turn(i)], d)
				if err != nil {
					panic(err)
				}
				last = end
			}
			sink.time = last
		}},
		{timeAdd, func(n int) {
			var last time.Time
			for i := range n {
				last = at[turn(i)].Add(d)
			}
			sink.time = last
		}},
		{alwaysElapsed, func(n int) {
			var sum time.Duration
			for i := range n {
				sum += c.Elapsed(at[turn(i)], at[turn(i+1)])
			}
			sink.int = int64(sum)
		}},
		{timeSub, func(n int) {
			var sum time.Duration
			for i := range n {
				sum += at[turn(i+1)].Sub(at[turn(i)])
			}
			sink.int = int64(sum)
		}},
	}, nil
}
