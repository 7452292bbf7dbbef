package slatest_test

import (
	"errors"
	"slices"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A walker is the deadline math that services tend to write: it walks from day
// to day. It knows weekly hours within one day and holidays. Without a defect
// it is right; each defect is one that was found in the field.
type walker struct {
	spec calendar.Spec
	days map[walkerDay][][2]time.Time // what it has found

	addsDays       bool // reaches tomorrow by adding 24 hours
	gapsByTimeDate bool // leaves skipped times to time.Date, which moves some of them backward
	holidaysInUTC  bool // looks the date of a holiday up in UTC
	noHolidays     bool // forgets holidays
	wholeSeconds   bool // drops fractions of a second
	closingIsOpen  bool // counts the second at closing time as open
	dueNextOpening bool // moves a deadline at closing time to the next opening
	errsOnWeekends bool // refuses to start on a weekend
	panicsBackward bool // does not know negative durations
}

var errWeekend = errors.New("we are closed")

// walk returns a walker over s with what it takes to have a defect set.
func walk(s calendar.Spec, set func(*walker)) walker {
	w := walker{spec: s, days: make(map[walkerDay][][2]time.Time)}
	set(&w)
	return w
}

const farEnough = 400 // days

type walkerDay struct {
	from calendar.Date
	n    int
}

// on returns the open time of the nth day after that of from.
func (w walker) on(from time.Time, n int) [][2]time.Time {
	key := walkerDay{calendar.DateOf(from, w.spec.Location), n}
	open, ok := w.days[key]
	if !ok {
		open = w.find(from, n)
		w.days[key] = open
	}
	return open
}

func (w walker) find(from time.Time, n int) (open [][2]time.Time) {
	loc := w.spec.Location
	date := calendar.DateOf(from, loc).AddDays(n)
	start := time.Date(date.Year, date.Month, date.Day, 0, 0, 0, 0, loc)
	if w.addsDays {
		y, m, d := from.In(loc).Date()
		start = time.Date(y, m, d, 0, 0, 0, 0, loc).Add(time.Duration(n) * 24 * time.Hour)
		date = calendar.DateOf(start, loc)
	}
	for _, s := range w.spec.Week[date.Weekday()] {
		opens, closes := w.at(date, start, s.Open), w.at(date, start, s.Close)
		if w.closingIsOpen {
			closes = closes.Add(time.Second)
		}
		day := date
		if w.holidaysInUTC {
			day = calendar.DateOf(opens, time.UTC)
		}
		if w.noHolidays || !slices.Contains(w.spec.Holidays, calendar.Holiday{Date: day}) {
			open = append(open, [2]time.Time{opens, closes})
		}
	}
	return open
}

func (w walker) at(date calendar.Date, start time.Time, t calendar.TimeOfDay) time.Time {
	switch {
	case w.addsDays:
		return start.Add(time.Duration(t) * time.Second)
	case w.gapsByTimeDate:
		return time.Date(date.Year, date.Month, date.Day, 0, 0, int(t), 0, w.spec.Location)
	}
	at, err := date.At(t, w.spec.Location)
	if err != nil {
		panic(err)
	}
	return at
}

func (w walker) Add(t time.Time, d time.Duration) (time.Time, error) {
	if w.wholeSeconds {
		t, d = t.Truncate(time.Second), d.Truncate(time.Second)
	}
	if weekday := t.In(w.spec.Location).Weekday(); w.errsOnWeekends && (weekday == time.Saturday || weekday == time.Sunday) {
		return time.Time{}, errWeekend
	}
	if d == 0 {
		return t, nil
	}
	if d < 0 {
		if w.panicsBackward {
			panic("no such thing")
		}
		return w.back(t, -d)
	}
	for n := -1; n < farEnough; n++ {
		for _, open := range w.on(t, n) {
			from := open[0]
			if from.Before(t) {
				from = t
			}
			left := open[1].Sub(from)
			if left <= 0 {
				continue
			}
			if d < left || d == left && !w.dueNextOpening {
				return from.Add(d), nil
			}
			if d -= left; d == 0 {
				return w.opening(open[1])
			}
		}
	}
	return time.Time{}, errors.New("too far")
}

func (w walker) opening(t time.Time) (time.Time, error) {
	for n := range farEnough {
		for _, open := range w.on(t, n) {
			if !open[0].Before(t) {
				return open[0], nil
			}
		}
	}
	return time.Time{}, errors.New("too far")
}

func (w walker) back(t time.Time, d time.Duration) (time.Time, error) {
	for n := 1; n > -farEnough; n-- {
		for _, open := range slices.Backward(w.on(t, n)) {
			to := open[1]
			if to.After(t) {
				to = t
			}
			left := to.Sub(open[0])
			if left <= 0 {
				continue
			}
			if d <= left {
				return to.Add(-d), nil
			}
			d -= left
		}
	}
	return time.Time{}, errors.New("too far")
}

func (w walker) Elapsed(a, b time.Time) (sum time.Duration) {
	if w.wholeSeconds {
		a, b = a.Truncate(time.Second), b.Truncate(time.Second)
	}
	if b.Before(a) {
		return -w.Elapsed(b, a)
	}
	for n := -1; ; n++ {
		for _, open := range w.on(a, n) {
			from, to := open[0], open[1]
			if from.Before(a) {
				from = a
			}
			if to.After(b) {
				to = b
			}
			sum += max(0, to.Sub(from))
		}
		if a.Add(time.Duration(n-2) * 24 * time.Hour).After(b) {
			return sum
		}
	}
}
