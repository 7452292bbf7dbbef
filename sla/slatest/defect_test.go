package slatest_test

import (
	"errors"
	"strings"
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
	want  []string
}

func defects(t *testing.T) []defect {
	var (
		newYork = zone(t, "America/New_York")
		holiday = []calendar.Date{{Year: 2026, Month: 3, Day: 4}}
		daily   = calendar.Spec{Location: newYork, Week: calendar.Daily(hours(9, 17)), Holidays: holiday}
		inGap   = calendar.Spec{Location: newYork, Week: calendar.Daily(calendar.Shift{Open: 2*calendar.Hour + 30*calendar.Minute, Close: 10 * calendar.Hour})}
		sydney  = calendar.Spec{Location: zone(t, "Australia/Sydney"), Week: calendar.Weekdays(hours(9, 17)), Holidays: holiday}
		always  = calendar.Always()
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
		{"adds 24 hours to reach tomorrow", build(t, daily), walk(daily, func(w *walker) { w.addsDays = true }), slatest.Laws(), []string{
			`agrees-with-calendar: Add(Sat 2026-03-07 17:00:00 -05:00, 1h0m0s) is Sun 2026-03-08 11:00:00 -04:00, want Sun 2026-03-08 10:00:00 -04:00: 1h0m0s late; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
			`agrees-with-calendar: Elapsed(Sun 2027-03-14 09:00:00 -04:00, Sun 2027-03-14 10:00:00 -04:00) is 0s, want 1h0m0s; nearest clock change: Sun 2027-03-14 03:00:00 -04:00, forward by 1h0m0s`,
			`inverse: Add(Mon 2025-03-10 00:00:00 -04:00, -1h0m0s) is Sun 2025-03-09 16:00:00 -04:00, but Elapsed(Mon 2025-03-10 00:00:00 -04:00, Sun 2025-03-09 16:00:00 -04:00) is -2h0m0s; nearest clock change: Sun 2025-03-09 03:00:00 -04:00, forward by 1h0m0s`,
			`monotone-in-start: Add(Sun 2019-03-10 23:59:00 -04:00, 4h0m0s) is Mon 2019-03-11 14:00:00 -04:00, but Add(Mon 2019-03-11 00:00:00 -04:00, 4h0m0s) is Mon 2019-03-11 13:00:00 -04:00: 1h0m0s early; nearest clock change: Sun 2019-03-10 03:00:00 -04:00, forward by 1h0m0s`,
			`add-additive: Add(Sun 2010-03-14 23:59:59 -04:00, 8h0m0s) is Mon 2010-03-15 18:00:00 -04:00, but in two steps, 4h0m0s first, Tue 2010-03-16 10:00:00 -04:00; nearest clock change: Sun 2010-03-14 03:00:00 -04:00, forward by 1h0m0s`,
			`lands-in-open-time: Add(Sun 2025-11-02 17:00:00 -05:00, 1h0m0s) is Mon 2025-11-03 09:00:00 -05:00, but the nanosecond before it counts 0s; nearest clock change: Sun 2025-11-02 01:00:00 -05:00, back by 1h0m0s`,
		}},
		{"moves gaps backward", build(t, inGap), walk(inGap, func(w *walker) { w.gapsByTimeDate = true }), agrees, []string{
			`agrees-with-calendar: Add(Sun 2026-03-08 03:00:00 -04:00, 1h0m0s) is Sun 2026-03-08 04:00:00 -04:00, want Sun 2026-03-08 04:30:00 -04:00: 30m0s early; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
			`agrees-with-calendar: Elapsed(Sun 2026-03-08 01:00:00 -05:00, Sun 2026-03-08 03:00:00 -04:00) is 30m0s, want 0s; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
		}},
		{"looks holidays up in UTC", build(t, sydney), walk(sydney, func(w *walker) { w.holidaysInUTC = true }), agrees, []string{
			`agrees-with-calendar: Add(Tue 2026-03-03 23:00:00 +11:00, 1h0m0s) is Wed 2026-03-04 10:00:00 +11:00, want Thu 2026-03-05 10:00:00 +11:00: 24h0m0s early; nearest clock change: Sun 2026-04-05 02:00:00 +10:00, back by 1h0m0s`,
			`agrees-with-calendar: Elapsed(Thu 2026-03-05 10:00:00 +11:00, Thu 2026-03-05 16:00:00 +11:00) is 0s, want 6h0m0s; nearest clock change: Sun 2026-04-05 02:00:00 +10:00, back by 1h0m0s`,
		}},
		{"forgets holidays", build(t, daily), walk(daily, func(w *walker) { w.noHolidays = true }), agrees, []string{
			`agrees-with-calendar: Add(Tue 2026-03-03 17:00:00 -05:00, 1h0m0s) is Wed 2026-03-04 10:00:00 -05:00, want Thu 2026-03-05 10:00:00 -05:00: 24h0m0s early; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
			`agrees-with-calendar: Elapsed(Tue 2026-03-03 17:00:00 -05:00, Thu 2026-03-05 00:00:00 -05:00) is 8h0m0s, want 0s; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
		}},
		{"ignores fractions of a second", build(t, daily), walk(daily, func(w *walker) { w.wholeSeconds = true }), slatest.Laws(), []string{
			`agrees-with-calendar: Add(Sat 2025-11-01 09:00:00.5 -04:00, 1h0m0s) is Sat 2025-11-01 10:00:00 -04:00, want Sat 2025-11-01 10:00:00.5 -04:00: 500ms early; nearest clock change: Sun 2025-11-02 01:00:00 -05:00, back by 1h0m0s`,
			`agrees-with-calendar: Elapsed(Sat 2012-11-03 16:59:59.999999999 -04:00, Sat 2012-11-03 23:59:59.999999999 -04:00) is 1s, want 1ns; nearest clock change: Sun 2012-11-04 01:00:00 -05:00, back by 1h0m0s`,
			`inverse: Add(Sun 2026-03-01 17:00:00 -05:00, 1ns) is Sun 2026-03-01 17:00:00 -05:00, but Elapsed(Sun 2026-03-01 17:00:00 -05:00, Sun 2026-03-01 17:00:00 -05:00) is 0s; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
			`zero-is-identity: Add(Sun 2026-03-01 00:00:00.5 -05:00, 0s) is Sun 2026-03-01 00:00:00 -05:00; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
			`add-additive: Add(Sun 2026-03-08 23:00:00 -04:00, 1s) is Mon 2026-03-09 09:00:01 -04:00, but in two steps, 500ms first, Sun 2026-03-08 23:00:00 -04:00; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
			`lands-in-open-time: Add(Sun 2026-03-01 17:00:00 -05:00, 1h0m0s) is Mon 2026-03-02 10:00:00 -05:00, but the nanosecond before it counts 1s; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
			`elapsed-within-time: Elapsed(Thu 2026-03-05 16:59:59.999999999 -05:00, Thu 2026-03-05 17:00:00 -05:00) is 1s, but 1ns pass; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
		}},
		{"closing time counts as open", build(t, daily), walk(daily, func(w *walker) { w.closingIsOpen = true }), agrees, []string{
			`agrees-with-calendar: Add(Sun 2026-03-01 17:00:00 -05:00, 1h0m0s) is Mon 2026-03-02 09:59:59 -05:00, want Mon 2026-03-02 10:00:00 -05:00: 1s early; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
			`agrees-with-calendar: Elapsed(Mon 2026-03-02 17:00:00 -05:00, Mon 2026-03-02 18:00:00 -05:00) is 1s, want 0s; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
		}},
		{"due at the next opening", build(t, daily), walk(daily, func(w *walker) { w.dueNextOpening = true }), slatest.Laws(), []string{
			`agrees-with-calendar: Add(Sun 2026-03-01 09:00:00 -05:00, 8h0m0s) is Mon 2026-03-02 09:00:00 -05:00, want Sun 2026-03-01 17:00:00 -05:00: 16h0m0s late; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
			`lands-in-open-time: Add(Sun 2026-03-01 09:00:00 -05:00, 8h0m0s) is Mon 2026-03-02 09:00:00 -05:00, but the nanosecond before it counts 0s; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
		}},
		{"refuses weekends", build(t, daily), walk(daily, func(w *walker) { w.errsOnWeekends = true }), agrees, []string{
			`answers: Add(Sun 2026-03-01 17:00:00 -05:00, 1h0m0s): we are closed, want Mon 2026-03-02 10:00:00 -05:00; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
		}},
		{"panics backward", build(t, daily), walk(daily, func(w *walker) { w.panicsBackward = true }), agrees, []string{
			`answers: Add(Sun 2026-03-01 17:00:00 -05:00, -1h0m0s): panic: no such thing, want Sun 2026-03-01 16:00:00 -05:00; nearest clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s`,
		}},
		{"has no errors", oneDay, like(oneDay, func(f *fake) {
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				if end, err := oneDay.Add(t, d); err == nil {
					return end, nil
				}
				return t.Add(d), nil
			}
		}), slatest.Laws(), []string{
			`agrees-with-calendar: Add(Mon 2026-03-02 00:00:00 +00:00, -1h0m0s) is Sun 2026-03-01 23:00:00 +00:00, want an error: calendar: add -1h0m0s: no open hours left; no clock change within a year`,
			`inverse: Add(Mon 2026-03-02 00:00:00 +00:00, -1h0m0s) is Sun 2026-03-01 23:00:00 +00:00, but Elapsed(Mon 2026-03-02 00:00:00 +00:00, Sun 2026-03-01 23:00:00 +00:00) is 0s; no clock change within a year`,
			`monotone-in-duration: Add(Thu 2026-03-05 21:52:00 +00:00, -16h0m0s) is Thu 2026-03-05 05:52:00 +00:00, but Add(Thu 2026-03-05 21:52:00 +00:00, -1m0s) is Wed 2026-03-04 16:59:00 +00:00: 12h53m0s early; no clock change within a year`,
			`add-additive: Add(Tue 2026-03-03 00:00:00 +00:00, 9h0m0s) is Tue 2026-03-03 09:00:00 +00:00, but in two steps, 1h0m0s first, Wed 2026-03-04 18:00:00 +00:00; no clock change within a year`,
			`lands-in-open-time: Add(Mon 2026-03-02 00:00:00 +00:00, -1h0m0s) is Sun 2026-03-01 23:00:00 +00:00, but the nanosecond after it counts 0s; no clock change within a year`,
		}},
		{"Elapsed panics", always, like(always, func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration { panic(errors.New("no such day")) }
		}), slatest.Laws(), []string{
			`answers: Elapsed(Mon 2026-03-02 00:00:00 +00:00, Mon 2026-03-02 00:00:00 +00:00): panic: no such day, want 0s`,
		}},
		{"days of 12 hours", always, like(always, func(f *fake) {
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				const day = 24 * time.Hour
				return t.Add(d/day*12*time.Hour + d%day), nil
			}
		}), slatest.Laws(), []string{
			`agrees-with-calendar: Add(Mon 2026-03-02 23:00:00 +00:00, 24h0m0s) is Tue 2026-03-03 11:00:00 +00:00, want Tue 2026-03-03 23:00:00 +00:00: 12h0m0s early`,
			`inverse: Add(Mon 2026-03-02 23:00:00 +00:00, 24h0m0s) is Tue 2026-03-03 11:00:00 +00:00, but Elapsed(Mon 2026-03-02 23:00:00 +00:00, Tue 2026-03-03 11:00:00 +00:00) is 12h0m0s`,
			`monotone-in-duration: Add(Thu 2026-03-05 00:00:00 +00:00, 16h0m0s) is Thu 2026-03-05 16:00:00 +00:00, but Add(Thu 2026-03-05 00:00:00 +00:00, 24h0m0s) is Thu 2026-03-05 12:00:00 +00:00: 4h0m0s early`,
			`add-additive: Add(Wed 2026-03-04 00:00:00 +00:00, 24h0m0s) is Wed 2026-03-04 12:00:00 +00:00, but in two steps, 8h0m0s first, Thu 2026-03-05 00:00:00 +00:00`,
			`plain-time: Add(Mon 2026-03-02 23:00:00 +00:00, 24h0m0s) is Tue 2026-03-03 11:00:00 +00:00, want Tue 2026-03-03 23:00:00 +00:00: 12h0m0s early`,
		}},
		{"civil days", allDay, like(allDay, func(f *fake) {
			f.add = func(t time.Time, d time.Duration) (time.Time, error) {
				const day = 24 * time.Hour
				return t.In(newYork).AddDate(0, 0, int(d/day)).Add(d % day), nil
			}
		}), slatest.Laws(), []string{
			`agrees-with-calendar: Add(Sun 2025-11-02 01:00:00 -05:00, 1h0m0s) is Sun 2025-11-02 01:00:00 -05:00, want Sun 2025-11-02 02:00:00 -05:00: 1h0m0s early; nearest clock change: Sun 2025-11-02 01:00:00 -05:00, back by 1h0m0s`,
			`inverse: Add(Sun 2025-11-02 01:00:00 -05:00, 1h0m0s) is Sun 2025-11-02 01:00:00 -05:00, but Elapsed(Sun 2025-11-02 01:00:00 -05:00, Sun 2025-11-02 01:00:00 -05:00) is 0s; nearest clock change: Sun 2025-11-02 01:00:00 -05:00, back by 1h0m0s`,
			`zero-is-identity: Add(Sun 2025-11-02 01:00:00 -05:00, 0s) is Sun 2025-11-02 01:00:00 -04:00; nearest clock change: Sun 2025-11-02 01:00:00 -05:00, back by 1h0m0s`,
			`monotone-in-start: Add(Sun 2026-11-01 01:59:59 -04:00, 1h0m0s) is Sun 2026-11-01 01:59:59 -05:00, but Add(Sun 2026-11-01 01:00:00 -05:00, 1h0m0s) is Sun 2026-11-01 01:00:00 -05:00: 59m59s early; nearest clock change: Sun 2026-11-01 01:00:00 -05:00, back by 1h0m0s`,
			`add-additive: Add(Sun 2017-11-05 01:00:00 -05:00, 2h0m0s) is Sun 2017-11-05 02:00:00 -05:00, but in two steps, 1h0m0s first, Sun 2017-11-05 01:00:00 -05:00; nearest clock change: Sun 2017-11-05 01:00:00 -05:00, back by 1h0m0s`,
			`plain-time: Add(Sun 2025-11-02 01:00:00 -05:00, 1h0m0s) is Sun 2025-11-02 01:00:00 -05:00, want Sun 2025-11-02 02:00:00 -05:00: 1h0m0s early; nearest clock change: Sun 2025-11-02 01:00:00 -05:00, back by 1h0m0s`,
		}},
		{"wall-clock hours", allDay, like(allDay, func(f *fake) {
			wall := func(t time.Time) time.Time {
				_, offset := t.In(newYork).Zone()
				return t.Add(time.Duration(offset) * time.Second)
			}
			f.elapsed = func(a, b time.Time) time.Duration { return wall(b).Sub(wall(a)) }
		}), slatest.Laws(), []string{
			`agrees-with-calendar: Elapsed(Sun 2024-03-10 01:00:00 -05:00, Sun 2024-03-10 03:00:00 -04:00) is 2h0m0s, want 1h0m0s; nearest clock change: Sun 2024-03-10 03:00:00 -04:00, forward by 1h0m0s`,
			`inverse: Add(Sun 2025-11-02 01:00:00 -05:00, -1h0m0s) is Sun 2025-11-02 01:00:00 -04:00, but Elapsed(Sun 2025-11-02 01:00:00 -05:00, Sun 2025-11-02 01:00:00 -04:00) is 0s; nearest clock change: Sun 2025-11-02 01:00:00 -05:00, back by 1h0m0s`,
			`lands-in-open-time: Add(Sun 2024-03-10 01:00:00 -05:00, 1h0m0s) is Sun 2024-03-10 03:00:00 -04:00, but the nanosecond before it counts 1h0m0.000000001s; nearest clock change: Sun 2024-03-10 03:00:00 -04:00, forward by 1h0m0s`,
			`elapsed-within-time: Elapsed(Sun 2024-03-10 01:00:00 -05:00, Sun 2024-03-10 03:00:00 -04:00) is 2h0m0s, but 1h0m0s pass; nearest clock change: Sun 2024-03-10 03:00:00 -04:00, forward by 1h0m0s`,
			`plain-time: Elapsed(Sun 2024-03-10 01:00:00 -05:00, Sun 2024-03-10 03:00:00 -04:00) is 2h0m0s, want 1h0m0s; nearest clock change: Sun 2024-03-10 03:00:00 -04:00, forward by 1h0m0s`,
		}},
		{"whole minutes", always, like(always, func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration { return b.Sub(a).Truncate(time.Minute) }
		}), slatest.Laws(), []string{
			`agrees-with-calendar: Elapsed(Mon 2026-03-02 23:59:59 +00:00, Tue 2026-03-03 00:00:00 +00:00) is 0s, want 1s`,
			`inverse: Add(Sun 2026-03-01 00:00:00 +00:00, 1s) is Sun 2026-03-01 00:00:01 +00:00, but Elapsed(Sun 2026-03-01 00:00:00 +00:00, Sun 2026-03-01 00:00:01 +00:00) is 0s`,
			`lands-in-open-time: Add(Mon 2026-03-02 00:00:00 +00:00, 1h0m0s) is Mon 2026-03-02 01:00:00 +00:00, but the nanosecond before it counts 0s`,
			`elapsed-additive: Elapsed(Fri 2026-03-06 23:59:59 +00:00, Sat 2026-03-07 23:59:59 +00:00) is 24h0m0s, but 1h0m0s until Sat 2026-03-07 01:00:00 +00:00 and 22h59m0s from there`,
			`plain-time: Elapsed(Mon 2026-03-02 23:59:59 +00:00, Tue 2026-03-03 00:00:00 +00:00) is 0s, want 1s`,
		}},
		{"never negative", always, like(always, func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration { return b.Sub(a).Abs() }
		}), slatest.Laws(), []string{
			`inverse: Add(Mon 2026-03-02 00:00:00 +00:00, -1h0m0s) is Sun 2026-03-01 23:00:00 +00:00, but Elapsed(Mon 2026-03-02 00:00:00 +00:00, Sun 2026-03-01 23:00:00 +00:00) is 1h0m0s`,
			`elapsed-antisymmetric: Elapsed(Sun 2026-03-08 23:00:00 +00:00, Mon 2026-03-09 00:00:00 +00:00) is 1h0m0s, but 1h0m0s the other way round`,
		}},
		{"counts the end", always, like(always, func(f *fake) {
			f.elapsed = func(a, b time.Time) time.Duration { return b.Sub(a) + 1 }
		}), slatest.Laws(), []string{
			`agrees-with-calendar: Elapsed(Mon 2026-03-02 00:00:00 +00:00, Mon 2026-03-02 00:00:00 +00:00) is 1ns, want 0s`,
			`inverse: Add(Mon 2026-03-02 00:00:00 +00:00, 1h0m0s) is Mon 2026-03-02 01:00:00 +00:00, but Elapsed(Mon 2026-03-02 00:00:00 +00:00, Mon 2026-03-02 01:00:00 +00:00) is 1h0m0.000000001s`,
			`lands-in-open-time: Add(Mon 2026-03-02 00:00:00 +00:00, 1h0m0s) is Mon 2026-03-02 01:00:00 +00:00, but the nanosecond before it counts 2ns`,
			`elapsed-additive: Elapsed(Fri 2026-03-06 04:30:00 +00:00, Fri 2026-03-06 23:30:00 +00:00) is 19h0m0.000000001s, but 18h5m0.000000001s until Fri 2026-03-06 22:35:00 +00:00 and 55m0.000000001s from there`,
			`elapsed-antisymmetric: Elapsed(Mon 2026-03-02 00:00:00 +00:00, Mon 2026-03-02 00:00:00 +00:00) is 1ns, but 1ns the other way round`,
			`elapsed-within-time: Elapsed(Mon 2026-03-02 00:00:00 +00:00, Mon 2026-03-02 00:00:00 +00:00) is 1ns, but 0s pass`,
			`plain-time: Elapsed(Mon 2026-03-02 00:00:00 +00:00, Mon 2026-03-02 00:00:00 +00:00) is 1ns, want 0s`,
		}},
	}
}

// Every law is broken by some defect, and says so readably.
func TestDefects(t *testing.T) {
	caught := make(map[slatest.Law]bool)
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
			if diff := cmp.Diff(d.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, law := range slatest.Laws() {
		if !caught[law] {
			t.Errorf("%v: no defect breaks it", law)
		}
	}
}

// Where a clock fails, whenever it does, that is for one law to say: none takes
// what comes beside an error for an answer.
func TestErrorsAreNoAnswers(t *testing.T) {
	for name, cal := range calendars(t) {
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
