package slatest_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/slatest"
)

// A fake is a clock made of two functions.
type fake struct {
	add     func(t time.Time, d time.Duration) (time.Time, error)
	elapsed func(a, b time.Time) time.Duration
}

func (f fake) Add(t time.Time, d time.Duration) (time.Time, error) { return f.add(t, d) }
func (f fake) Elapsed(a, b time.Time) time.Duration                { return f.elapsed(a, b) }

// A defect is a broken clock, and how the laws report it.
type defect struct {
	name  string
	cal   calendar.Calendar
	clock slatest.Clock
	laws  []slatest.Law
}

func defects(t *testing.T) []defect {
	var (
		newYork = zone(t, "America/New_York")
		holiday = []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: 3, Day: 4}}}
		daily   = calendar.Spec{Location: newYork, Week: calendar.Daily(hours(9, 17)), Holidays: holiday}
		inGap   = calendar.Spec{Location: newYork, Week: calendar.Daily(calendar.Shift{Open: 2*calendar.Hour + 30*calendar.Minute, Close: 10 * calendar.Hour})}
		sydney  = calendar.Spec{Location: zone(t, "Australia/Sydney"), Week: calendar.Weekdays(hours(9, 17)), Holidays: holiday}
		always  = calendar.Calendar{}
		allDay  = build(t, calendar.Spec{Location: newYork, Week: calendar.Daily(hours(0, 24))})
		oneDay  = build(t, calendar.Spec{Location: time.UTC, Special: map[calendar.Date][]calendar.Shift{{Year: 2026, Month: 3, Day: 4}: {hours(9, 17)}}})
		agrees  = []slatest.Law{slatest.Answers, slatest.AgreesWithCalendar}
	)
	like := func(c calendar.Calendar, change func(*fake)) slatest.Clock {
		f := fake{c.Add, c.Elapsed}
		change(&f)
		return f
	}
	return []defect{
		{"adds 24 hours to reach tomorrow", build(t, daily), walk(daily, func(w *walker) { w.addsDays = true }), slatest.Laws()},
		{"moves gaps backward", build(t, inGap), walk(inGap, func(w *walker) { w.gapsByTimeDate = true }), agrees},
		{"looks holidays up in UTC", build(t, sydney), walk(sydney, func(w *walker) { w.holidaysInUTC = true }), agrees},
		{"forgets holidays", build(t, daily), walk(daily, func(w *walker) { w.noHolidays = true }), agrees},
		{"ignores fractions of a second", build(t, daily), walk(daily, func(w *walker) { w.wholeSeconds = true }), slatest.Laws()},
		{"closing time counts as open", build(t, daily), walk(daily, func(w *walker) { w.closingIsOpen = true }), agrees},
		{"due at the next opening", build(t, daily), walk(daily, func(w *walker) { w.dueNextOpening = true }), slatest.Laws()},
		{"refuses weekends", build(t, daily), walk(daily, func(w *walker) { w.errsOnWeekends = true }), agrees},
		{"panics backward", build(t, daily), walk(daily, func(w *walker) { w.panicsBackward = true }), agrees},
		{"has no errors", oneDay, like(oneDay, func(f *fake) {
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				if end, err := oneDay.Add(t, d); err == nil {
					return end, nil
				}
				return t.Add(d), nil
			}
		}), slatest.Laws()},
		{"Elapsed panics", always, like(always, func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration { panic(errors.New("no such day")) }
		}), slatest.Laws()},
		{"days of 12 hours", always, like(always, func(f *fake) {
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				const day = 24 * time.Hour
				return t.Add(d/day*12*time.Hour + d%day), nil
			}
		}), slatest.Laws()},
		{"civil days", allDay, like(allDay, func(f *fake) {
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				const day = 24 * time.Hour
				return t.In(newYork).AddDate(0, 0, int(d/day)).Add(d % day), nil
			}
		}), slatest.Laws()},
		{"wall-clock hours", allDay, like(allDay, func(f *fake) {
			wall := func(t time.Time) time.Time {
				_, offset := t.In(newYork).Zone()
				return t.Add(time.Duration(offset) * time.Second)
			}
			f.elapsed = func(a, b time.Time) time.Duration { return wall(b).Sub(wall(a)) }
		}), slatest.Laws()},
		{"whole minutes", always, like(always, func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration { return b.Sub(a).Truncate(time.Minute) }
		}), slatest.Laws()},
		{"never negative", always, like(always, func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration { return b.Sub(a).Abs() }
		}), slatest.Laws()},
		{"counts the end", always, like(always, func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration { return b.Sub(a) + 1 }
		}), slatest.Laws()},
		{"remembers", build(t, daily), func() slatest.Clock {
			c, last := build(t, daily), time.Time{}
			return like(c, func(f *fake) {
				f.add = func(t time.Time, d time.Duration) (time.Time, error) {
					late := last.After(t)
					last = t
					end, err := c.Add(t, d)
					if late {
						end = end.Add(time.Hour)
					}
					return end, err
				}
			})
		}(), []slatest.Law{slatest.Repeatable}},
		{"adds more each time", always, like(always, func(f *fake) {
			calls := 0
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				calls++
				return t.Add(d + time.Duration(calls)), nil
			}
		}), agrees},
		{"counts more each time", always, like(always, func(f *fake) {
			calls := 0
			f.elapsed = func(a, b time.Time) time.Duration {
				calls++
				return b.Sub(a) + time.Duration(calls)
			}
		}), agrees},
		{"the instant's own zone", build(t, sydney), like(build(t, sydney), func(f *fake) {
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				s := sydney
				s.Location = t.Location()
				c, err := calendar.New(s)
				if err != nil {
					return t, err
				}
				return c.Add(t, d)
			}
		}), append(agrees, slatest.ZoneFree)},
		{"Elapsed in the instant's own zone", build(t, sydney), like(build(t, sydney), func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration {
				s := sydney
				s.Location = a.Location()
				return build(t, s).Elapsed(a, b)
			}
		}), []slatest.Law{slatest.ZoneFree}},
		{"loses an hour in two days", always, like(always, func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration {
				if n := b.Sub(a); n < 48*time.Hour {
					return n
				}
				return b.Sub(a) - time.Hour
			}
		}), agrees},
		{"late from 2050 on", always, like(always, func(f *fake) {
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				if end := t.Add(d); end.Year() < 2050 {
					return end, nil
				}
				return t.Add(d + time.Minute), nil
			}
		}), agrees},
		{"adds nothing", always, like(always, func(f *fake) {
			f.add = func(t time.Time, _ time.Duration) (time.Time, error) { return t, nil }
		}), agrees},
		{"the zero time on holidays", build(t, daily), like(build(t, daily), func(f *fake) {
			add := f.add
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				if calendar.DateOf(t, newYork) == holiday[0].Date {
					return time.Time{}, nil
				}
				return add(t, d)
			}
		}), agrees},
		{"no reversed instants, nor weekends", build(t, daily), like(build(t, daily), func(f *fake) {
			elapsed := f.elapsed
			f.add = walk(daily, func(w *walker) { w.errsOnWeekends = true }).Add
			f.elapsed = func(a, b time.Time) time.Duration { return max(0, elapsed(a, b)) }
		}), []slatest.Law{slatest.AgreesWithCalendar}},
	}
}

var update = flag.Bool("update", false, "write the reports of defects anew; read what changed")

// lineNumber is that of a panic, which changes with the tests.
var lineNumber = regexp.MustCompile(`_test\.go:\d+`)

// golden compares lines with a file of testdata, or writes it.
func golden(t *testing.T, name string, lines []string) {
	t.Helper()
	path, got := filepath.Join("testdata", name), lineNumber.ReplaceAllString(strings.Join(lines, "\n")+"\n", "_test.go:N")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A messages is what the laws said of each defect, for a golden file.
type messages struct {
	mu sync.Mutex
	of map[string][]string
}

func (m *messages) add(defect string, texts ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of[defect] = append(m.of[defect], texts...)
}

// heldTo returns messages that are compared with a file of testdata when the test
// is over: whoever changes what users are told reads it there.
func heldTo(t *testing.T, file string) *messages {
	m := &messages{of: make(map[string][]string)}
	t.Cleanup(func() {
		var lines []string
		for _, defect := range slices.Sorted(maps.Keys(m.of)) {
			lines = append(append(lines, "# "+defect), m.of[defect]...)
		}
		golden(t, file, lines)
	})
	return m
}

// text returns the messages of violations.
func text(violations []slatest.CaseViolation) (out []string) {
	for _, v := range violations {
		out = append(out, v.String())
	}
	return out
}

// Every law is broken by some defect, and says so readably.
func TestDefects(t *testing.T) {
	t.Parallel()
	caught := make(map[slatest.Law]bool)
	var all []string
	for _, d := range defects(t) {
		t.Run(d.name, func(t *testing.T) {
			var got []string
			for _, v := range slatest.Violations(d.cal, d.clock, d.laws...) {
				caught[v.Law] = true
				got = append(got, v.String())
				local := v.At.Format("Mon 2006-01-02 15:04:05.999999999 -07:00")
				if !strings.Contains(v.Message, "("+local+", ") {
					t.Errorf("%v, but at %s", v, local)
				}
				if strings.HasPrefix(v.Message, "Add(") && !strings.Contains(v.Message, ", "+v.For.String()+")") {
					t.Errorf("%v, but for %v", v, v.For)
				}
			}
			all = append(all, "# "+d.name)
			all = append(all, got...)
		})
	}
	golden(t, "defects.txt", all)
	for _, law := range slatest.Laws() {
		if !caught[law] {
			t.Errorf("%v: no defect breaks it", law)
		}
	}
}

// Where a clock fails, whenever it does, that is for one law to say: none takes
// what comes beside an error for an answer.
func TestErrorsAreNoAnswers(t *testing.T) {
	t.Parallel()
	for name, cal := range calendars(t) {
		if name != "office" && name != "always" {
			continue
		}
		for _, law := range slatest.Laws() {
			if law == slatest.Answers {
				continue
			}
			for n := 2; n <= 3; n++ {
				for k := range n {
					calls := 0
					fails := fake{
						func(t time.Time, d time.Duration) (time.Time, error) {
							if calls++; calls%n == k {
								return t.Add(-12345 * d), errors.New("out of order")
							}
							return cal.Add(t, d)
						},
						func(a, b time.Time) time.Duration {
							if calls++; calls%n == k {
								panic("out of order")
							}
							return cal.Elapsed(a, b)
						},
					}
					if v := slatest.Violations(cal, fails, law); v != nil {
						t.Errorf("%s: call %d of %d fails: %v", name, k, n, v)
					}
				}
			}
		}
	}
}

// One wrong answer among all is found, whatever was asked.
func TestOneWrongAnswer(t *testing.T) {
	t.Parallel()
	type question struct {
		a, b  time.Time
		d     time.Duration
		isAdd bool
	}
	m := heldTo(t, "one.txt")
	for _, name := range []string{"office", "nights"} {
		cal := calendars(t)[name]
		wrongAt := func(isWrong func(question) bool) fake {
			return fake{
				func(at time.Time, d time.Duration) (time.Time, error) {
					end, err := cal.Add(at, d)
					if isWrong(question{a: at, d: d, isAdd: true}) {
						end = end.Add(time.Minute)
					}
					return end, err
				},
				func(a, b time.Time) time.Duration {
					n := cal.Elapsed(a, b)
					if isWrong(question{a: a, b: b}) {
						n += time.Minute
					}
					return n
				},
			}
		}
		var asked []question
		slatest.Conforms(t, cal, wrongAt(func(q question) bool { asked = append(asked, q); return false }))
		for i := range 8 {
			one := asked[i*len(asked)/8]
			var r record
			slatest.Conforms(&r, cal, wrongAt(func(q question) bool { return q == one }))
			m.add(fmt.Sprintf("%s %d", name, i), r.errors...)
			if len(r.errors) != 1 {
				t.Errorf("%s: %+v is wrong: %q", name, one, r.errors)
			}
		}
	}
}

// Each known mistake is recognised in a clock that makes it.
func TestKnownMistakes(t *testing.T) {
	t.Parallel()
	cal := calendars(t)["office"]
	add := func(f func(at time.Time, d time.Duration) (time.Time, error)) fake { return fake{f, cal.Elapsed} }
	elapsed := func(f func(a, b time.Time) time.Duration) fake { return fake{cal.Add, f} }
	moved := func(next func(time.Time) (time.Time, bool)) fake {
		return add(func(at time.Time, d time.Duration) (time.Time, error) {
			if to, ok := next(at); ok && d == 0 && !cal.IsOpen(at) {
				return to, nil
			}
			return cal.Add(at, d)
		})
	}
	m := heldTo(t, "mistakes.txt")
	for name, clock := range map[string]fake{
		"gives Elapsed of reversed instants without a sign":                     elapsed(func(a, b time.Time) time.Duration { return cal.Elapsed(a, b).Abs() }),
		"gives 0 for Elapsed of reversed instants":                              elapsed(func(a, b time.Time) time.Duration { return max(cal.Elapsed(a, b), 0) }),
		"gives Elapsed in whole seconds":                                        elapsed(func(a, b time.Time) time.Duration { return cal.Elapsed(a, b).Truncate(time.Second) }),
		"moves Add(t, 0) to the next opening":                                   moved(cal.NextOpening),
		"moves Add(t, 0) back to the last closing":                              moved(cal.PreviousClosing),
		"drops what is less than a minute of the instant that time is added to": add(func(at time.Time, d time.Duration) (time.Time, error) { return cal.Add(at.Truncate(time.Minute), d) }),
	} {
		var r record
		slatest.Conforms(&r, cal, clock)
		m.add(name, r.errors...)
		if all := strings.Join(r.errors, "\n"); len(r.errors) == 0 || !strings.Contains(all, "of code that "+name) {
			t.Errorf("%s:\n%s", name, all)
		}
	}
	// A shift that ends at midnight is one that can be too long, too.
	evening := calendar.Spec{Location: time.UTC, Week: calendar.Weekdays(hours(16, 24))}
	longer := evening
	longer.Week = calendar.Weekdays(calendar.Shift{Open: 16 * calendar.Hour, Close: calendar.Minute})
	var r record
	slatest.Conforms(&r, build(t, evening), build(t, longer))
	m.add("is open past midnight", r.errors...)
	if all := strings.Join(r.errors, "\n"); !strings.Contains(all, "of code that is open until 1m0s after closing") {
		t.Error(all)
	}
}
