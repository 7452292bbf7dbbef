package slatest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/wall"
	"github.com/supportplan/supportplan/sla/calendar"
)

// examples returns one violation of a law for each slot whose replies break it,
// with the plainest example.
func (s *subject) examples(law Law, broken func(r reply) (message string)) (out []Violation) {
	var done [slots]bool
	for _, r := range s.all() {
		message := ""
		if !done[r.slot()] {
			message = broken(r)
		}
		if message == "" {
			continue
		}
		done[r.slot()] = true
		out = append(out, Violation{law, r.a, r.length(), message})
	}
	return out
}

// answersAll reports the plainest question that has no answer.
func (s *subject) answersAll() []Violation {
	return s.examples(Answers, func(r reply) string {
		if r.err == nil || r.wantErr != nil {
			return ""
		}
		return fmt.Sprintf("%v: %v, want %s", r.ask, r.err, r.right())
	})
}

// agreesWithCalendar reports the plainest wrong answers, and why they may be so.
func (s *subject) agreesWithCalendar() []Violation {
	var wrong []reply
	for _, r := range s.all() {
		if r.isWrong() {
			wrong = append(wrong, r)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	name, extent := s.mistake(wrong), s.extent(wrong)
	isLong := !slices.ContainsFunc(wrong, func(r reply) bool { from, to := r.span(); return to.Sub(from) < twoDays })
	out := s.examples(AgreesWithCalendar, func(r reply) string {
		if !r.isWrong() {
			return ""
		}
		if r.kind == years && !r.isAdd {
			r = s.narrow(r)
		}
		message := fmt.Sprintf("%v is %s, want %s", r.ask, r.answer(), r.right())
		if r.isAdd && r.wantErr == nil {
			message += ": " + lateness(r.end, r.wantEnd)
		}
		if why := s.cause(r); why != "" {
			message += "; " + why
		}
		switch o, ok := s.second(r, wrong); {
		case name != "":
		case ok:
			message += fmt.Sprintf("; also %v is %s, want %s", o.ask, o.answer(), o.right())
		case !r.isAdd && r.length().Abs() <= twoDays:
			message += fmt.Sprintf("; over two days or less, never wrong by more than %v", max(s.most(r.slot(), wrong), r.errorOf().Abs()))
		}
		if isLong && name == "" {
			message += s.until(r)
		}
		return message
	})
	for i := range out {
		out[i].Message += extent
		if name != "" {
			out[i].Message += "; all answers are those of code that " + name
		}
	}
	return out
}

// narrow returns a question about a day within the long time of r whose answer
// is wrong, or r.
func (s *subject) narrow(r reply) reply {
	from, to := calendar.DateOf(r.a, s.loc), calendar.DateOf(r.b, s.loc)
	for to.DaysSince(from) > 1 {
		middle := from.AddDays(to.DaysSince(from) / 2)
		at := midnight(middle, s.loc)
		left := s.reply(ask{a: midnight(from, s.loc), b: at, kind: r.kind})
		if left.isWrong() {
			to, r = middle, left
			continue
		}
		right := s.reply(ask{a: at, b: midnight(to, s.loc), kind: r.kind})
		if !right.isWrong() {
			return r // it takes the whole of it to show
		}
		from, r = middle, right
	}
	return r
}

// cause describes the special circumstance of a wrong answer.
func (s *subject) cause(r reply) string {
	var out []string
	if second := s.reply(r.ask); second.err == nil && (second.n != r.n || !second.end.Equal(r.end)) {
		return fmt.Sprintf("asked at once again, it is %s: the clock remembers what it was asked", second.answer())
	}
	if r.kind == abroad {
		home := r.ask
		home.a, home.b = r.a.In(s.loc), r.b.In(s.loc)
		if !s.reply(home).isWrong() {
			return fmt.Sprintf("asked about the same instant in the zone %v, %s, it is right", s.loc, show(home.a))
		}
	}
	from, to := r.a, r.b
	if r.isAdd {
		to = r.wantEnd
		if r.wantErr != nil {
			to = from
		}
		if r.end.After(to) {
			to = r.end
		}
		if r.end.Before(from) {
			from = r.end
		}
	}
	if to.Before(from) {
		from, to = to, from
	}
	if r.kind != ordinary {
		out = append(out, s.special(from, to)...)
	}
	if hours := s.hours(from, to); hours != "" {
		out = append(out, hours)
	}
	return strings.Join(out, "; ")
}

// special lists the dates and clock changes between two instants, or beside
// them.
func (s *subject) special(from, to time.Time) (out []string) {
	spec := s.cal.Spec()
	first, last := calendar.DateOf(from, s.loc).AddDays(-1), calendar.DateOf(to, s.loc).AddDays(1)
	if !first.IsValid() || last.DaysSince(first) > 10 {
		return nil // an answer can be the zero time
	}
	holidays := holidaysOf(spec)
	for d := first; d.Compare(last) <= 0; d = d.AddDays(1) {
		special, isSpecial := spec.Special[d]
		switch {
		case slices.Contains(holidays, d):
			out = append(out, fmt.Sprintf("%v is a holiday", d))
		case isSpecial && len(special) == 0:
			out = append(out, fmt.Sprintf("%v is a special date without hours", d))
		case isSpecial:
			out = append(out, fmt.Sprintf("%v has special hours", d))
		case d.Month == time.February && d.Day == 29:
			out = append(out, fmt.Sprintf("%v is a leap day", d))
		case slices.ContainsFunc(holidays, func(o calendar.Date) bool { return o.Month == d.Month && o.Day == d.Day }):
			i := slices.IndexFunc(holidays, func(o calendar.Date) bool { return o.Month == d.Month && o.Day == d.Day })
			out = append(out, fmt.Sprintf("%v is no holiday, as %v is", d, holidays[i]))
		}
		if len(spec.Breaks[d]) > 0 {
			out = append(out, fmt.Sprintf("%v has a break", d))
		}
	}
	for _, c := range changes(s.loc, midnight(first, s.loc), midnight(last.AddDays(1), s.loc)) {
		out = append(out, "clock change: "+c.String())
	}
	return out
}

// hours writes when the calendar is open on the dates of two instants.
func (s *subject) hours(from, to time.Time) string {
	start := midnight(calendar.DateOf(from, s.loc), s.loc)
	end := midnight(calendar.DateOf(to, s.loc).AddDays(1), s.loc)
	if end.Sub(start) > 5*24*time.Hour {
		return ""
	}
	var all []string
	for p := range s.cal.Periods(start.AddDate(0, 0, -1), end) {
		if !p.End.Before(start) {
			all = append(all, fmt.Sprintf("%s to %s", p.Start.In(s.loc).Format("Mon 15:04"), p.End.In(s.loc).Format("Mon 15:04")))
		}
	}
	if len(all) == 0 || len(all) > 6 || s.cal.IsAlways() {
		return ""
	}
	return "open " + strings.Join(all, ", ")
}

// A mistake is a mistake of deadline code, and its answer.
type mistake struct {
	name    string
	add     func(a time.Time, d time.Duration) (time.Time, error)
	elapsed func(a, b time.Time) time.Duration
}

// mistake returns the name of the first mistake that gives all answers, or "".
func (s *subject) mistake(wrong []reply) string {
	right := pick(slices.DeleteFunc(slices.Clone(s.all()), func(r reply) bool { return r.isWrong() || r.err != nil }), 500)
	for _, m := range s.mistakes() {
		gives := func(r reply) bool {
			if r.isAdd {
				end, err := m.add(r.a, r.d)
				return err == nil && end.Equal(r.end)
			}
			return m.elapsed(r.a, r.b) == r.n
		}
		isOther := func(r reply) bool { return !gives(r) }
		if !slices.ContainsFunc(pick(wrong, 500), isOther) && !slices.ContainsFunc(right, isOther) {
			return m.name
		}
	}
	return ""
}

// mistakes returns the known ones that the calendar allows.
func (s *subject) mistakes() (out []mistake) {
	cal, spec := s.cal, s.cal.Spec()
	plain := func(name string, m mistake) {
		m.name = name
		if m.add == nil {
			m.add = cal.Add
		}
		if m.elapsed == nil {
			m.elapsed = cal.Elapsed
		}
		out = append(out, m)
	}
	other := func(name string, change func(sp *calendar.Spec)) {
		sp := cal.Spec()
		change(&sp)
		if c, err := calendar.New(sp); err == nil && !c.Equal(cal) {
			plain(name, mistake{add: c.Add, elapsed: c.Elapsed})
		}
	}
	if !cal.IsAlways() {
		other("has no holidays", func(sp *calendar.Spec) { sp.Holidays = nil })
		for _, moved := range []struct {
			by   int
			when string
		}{{-1, "early"}, {1, "late"}} {
			other(fmt.Sprintf("has holidays a date too %s, as code does that looks them up by the date in UTC", moved.when), func(sp *calendar.Spec) {
				sp.Holidays = nil
				for _, d := range holidaysOf(spec) {
					sp.Holidays = append(sp.Holidays, calendar.Holiday{Date: d.AddDays(moved.by)})
				}
			})
		}
		other("has the holidays of every year in each", func(sp *calendar.Spec) {
			for _, d := range holidaysOf(spec) {
				for y := first - 1; y <= last; y++ {
					if o := (calendar.Date{Year: y, Month: d.Month, Day: d.Day}); o.IsValid() {
						if _, isSpecial := spec.Special[o]; !isSpecial {
							sp.Holidays = append(sp.Holidays, calendar.Holiday{Date: o})
						}
					}
				}
			}
		})
		other("has no special dates", func(sp *calendar.Spec) { sp.Special = nil })
		other("has the hours of special dates beside those of the week", func(sp *calendar.Spec) {
			for d, shifts := range spec.Special {
				week := spec.Week[midnight(d, time.UTC).Weekday()]
				for _, b := range week {
					if !slices.Contains(shifts, b) {
						sp.Special[d] = merged(append(slices.Clone(sp.Special[d]), b))
					}
				}
			}
		})
		other("has no breaks", func(sp *calendar.Spec) { sp.Breaks = nil })
		other("ignores all times between the shifts of a day", func(sp *calendar.Spec) {
			for i, shifts := range sp.Week {
				sp.Week[i] = spanned(shifts)
			}
			for d, shifts := range sp.Special {
				sp.Special[d] = spanned(shifts)
			}
		})
		for _, by := range []int{1, -1} {
			other(fmt.Sprintf("takes weekdays for those %d later", by), func(sp *calendar.Spec) {
				for i := range sp.Week {
					sp.Week[i] = spec.Week[(i+by+7)%7]
				}
			})
		}
		for _, by := range []calendar.TimeOfDay{calendar.Second, calendar.Minute} {
			other(fmt.Sprintf("is open until %v after closing", time.Duration(by/calendar.Second)*time.Second), func(sp *calendar.Spec) {
				for i, shifts := range sp.Week {
					sp.Week[i] = later(shifts, by)
				}
				for d, shifts := range sp.Special {
					sp.Special[d] = later(shifts, by)
				}
			})
		}
		if s.loc != time.UTC {
			other("takes the hours for UTC", func(sp *calendar.Spec) { sp.Location = time.UTC })
			for _, month := range []time.Month{time.January, time.July} {
				_, offset := midnight(calendar.Date{Year: 2026, Month: month, Day: 15}, s.loc).Zone()
				other(fmt.Sprintf("has the UTC offset of %v all year", month), func(sp *calendar.Spec) { sp.Location = time.FixedZone("", offset) })
			}
		}
		away := make(map[*time.Location]calendar.Calendar)
		in := func(loc *time.Location) calendar.Calendar {
			c, ok := away[loc]
			if !ok {
				sp := cal.Spec()
				sp.Location = loc
				c, _ = calendar.New(sp)
				away[loc] = c
			}
			return c
		}
		plain("reads the wall clock in the instant's own zone", mistake{
			add:     func(a time.Time, d time.Duration) (time.Time, error) { return in(a.Location()).Add(a, d) },
			elapsed: func(a, b time.Time) time.Duration { return in(a.Location()).Elapsed(a, b) },
		})
		onTheWall := in(time.UTC)
		asUTC := func(t time.Time) time.Time {
			t = t.In(s.loc)
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
		}
		plain("counts on the wall clock, and so an hour too many or too few over a clock change", mistake{
			add: func(a time.Time, d time.Duration) (time.Time, error) {
				end, err := onTheWall.Add(asUTC(a), d)
				return wall.Instant(end.Year(), end.Month(), end.Day(), int(sinceMidnight(end)/time.Second), s.loc).Add(sinceMidnight(end) % time.Second), err
			},
			elapsed: func(a, b time.Time) time.Duration { return onTheWall.Elapsed(asUTC(a), asUTC(b)) },
		})
	}
	plain("gives Elapsed of reversed instants without a sign", mistake{elapsed: func(a, b time.Time) time.Duration { return cal.Elapsed(a, b).Abs() }})
	plain("gives 0 for Elapsed of reversed instants", mistake{elapsed: func(a, b time.Time) time.Duration { return max(0, cal.Elapsed(a, b)) }})
	plain("moves Add(t, 0) to the next opening", mistake{add: func(a time.Time, d time.Duration) (time.Time, error) {
		if at, ok := cal.NextOpening(a); ok && d == 0 && !cal.IsOpen(a) {
			return at, nil
		}
		return cal.Add(a, d)
	}})
	plain("moves Add(t, 0) back to the last closing", mistake{add: func(a time.Time, d time.Duration) (time.Time, error) {
		if at, ok := cal.PreviousClosing(a); ok && d == 0 && !cal.IsOpen(a) {
			return at, nil
		}
		return cal.Add(a, d)
	}})
	plain("moves what ends at a closing to the next opening", mistake{add: func(a time.Time, d time.Duration) (time.Time, error) {
		end, err := cal.Add(a, d)
		if at, ok := cal.NextOpening(end); ok && err == nil && d > 0 && !cal.IsOpen(end) {
			return at, nil
		}
		return end, err
	}})
	for _, unit := range []time.Duration{time.Second, time.Minute} {
		plain(fmt.Sprintf("drops what is less than a %v of the instants", unitName(unit)), mistake{
			add:     func(a time.Time, d time.Duration) (time.Time, error) { return cal.Add(a.Truncate(unit), d) },
			elapsed: func(a, b time.Time) time.Duration { return cal.Elapsed(a.Truncate(unit), b.Truncate(unit)) },
		})
		plain(fmt.Sprintf("drops what is less than a %v of the instant that time is added to", unitName(unit)), mistake{
			add: func(a time.Time, d time.Duration) (time.Time, error) { return cal.Add(a.Truncate(unit), d) },
		})
		plain(fmt.Sprintf("drops what is less than a %v of the instant that time is added to, forward", unitName(unit)), mistake{
			add: func(a time.Time, d time.Duration) (time.Time, error) {
				if d > 0 {
					a = a.Truncate(unit)
				}
				return cal.Add(a, d)
			},
		})
		plain(fmt.Sprintf("gives Elapsed in whole %vs", unitName(unit)), mistake{
			elapsed: func(a, b time.Time) time.Duration { return cal.Elapsed(a, b).Truncate(unit) },
		})
	}
	return out
}

func unitName(unit time.Duration) string {
	if unit == time.Second {
		return "second"
	}
	return "minute"
}

// spanned returns one shift from the first opening to the last closing.
func spanned(shifts []calendar.Shift) []calendar.Shift {
	if len(shifts) < 2 {
		return shifts
	}
	shifts = slices.Clone(shifts)
	slices.SortFunc(shifts, func(a, b calendar.Shift) int { return int(a.Open) - int(b.Open) })
	return []calendar.Shift{{Open: shifts[0].Open, Close: shifts[len(shifts)-1].Close}}
}

// merged returns shifts that do not overlap, if none closes on the next day.
func merged(shifts []calendar.Shift) (out []calendar.Shift) {
	slices.SortFunc(shifts, func(a, b calendar.Shift) int { return int(a.Open) - int(b.Open) })
	for _, sh := range shifts {
		if n := len(out); n > 0 && sh.Open <= out[n-1].Close {
			out[n-1].Close = max(out[n-1].Close, sh.Close)
			continue
		}
		out = append(out, sh)
	}
	return out
}

// later returns shifts that close later.
func later(shifts []calendar.Shift, by calendar.TimeOfDay) []calendar.Shift {
	out := slices.Clone(shifts)
	for i := range out {
		if out[i].Close += by; out[i].Close > 24*calendar.Hour {
			out[i].Close -= 24 * calendar.Hour
		}
	}
	return out
}
