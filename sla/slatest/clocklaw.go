package slatest

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// check returns how s breaks a law, if it does.
func (s *subject) check(law Law) []Violation {
	switch law {
	case Answers:
		return s.answersAll()
	case AgreesWithCalendar:
		return s.agreesWithCalendar()
	case Repeatable:
		return s.repeatable()
	case ZoneFree:
		return s.zoneFree()
	case Inverse:
		return s.durationLaw(law, s.inverse)
	case ZeroIsIdentity:
		return s.zeroIsIdentity()
	case MonotoneInStart:
		return s.monotoneInStart()
	case MonotoneInDuration:
		return s.twoDurations(law, s.monotoneInDuration)
	case AddAdditive:
		return s.twoDurations(law, s.addAdditive)
	case LandsInOpenTime:
		return s.durationLaw(law, s.landsInOpenTime)
	case ElapsedAdditive:
		return s.elapsedAdditive()
	case ElapsedAntisymmetric:
		return s.pairLaw(law, s.elapsedAntisymmetric)
	case ElapsedWithinTime:
		return s.pairLaw(law, s.elapsedWithinTime)
	}
	return s.plainTime()
}

// violation makes a message about an example from a on, with the dates and clock
// changes near it and the hours.
func (s *subject) violation(law Law, a time.Time, d time.Duration, message string) []Violation {
	from, to := a, a.Add(d)
	if d < 0 {
		from, to = to, from
	}
	why := s.special(from, to)
	if hours := s.hours(from, to); hours != "" {
		why = append(why, hours)
	}
	for _, w := range why {
		message += "; " + w
	}
	return []Violation{{law, a, d, message}}
}

// durationLaw tries a law of an instant and a duration other than 0, forward
// and backward, and with the rest until the next closing or opening.
func (s *subject) durationLaw(law Law, broken func(a time.Time, d time.Duration) string) []Violation {
	for j, d := range s.durations {
		for i, a := range s.small {
			if (i+j)%9 != 0 {
				continue // a part of all is enough
			}
			for _, d := range []time.Duration{d, -d} {
				if message := broken(a, d); message != "" {
					return s.violation(law, a, d, message)
				}
			}
		}
	}
	for _, e := range s.edges {
		if message := broken(e.a, e.d); message != "" {
			return s.violation(law, e.a, e.d, message)
		}
	}
	return nil
}

// pairLaw tries a law of two instants, the second not before the first,
// stretches of few and many others between them.
func (s *subject) pairLaw(law Law, broken func(a, b time.Time) string) []Violation {
	for _, p := range s.pairs() {
		if message := broken(p.a, p.b); message != "" {
			return s.violation(law, p.a, p.b.Sub(p.a), message)
		}
	}
	return nil
}

type pair struct{ a, b time.Time }

// longest is how much time may lie between the instants of a law, so that code
// which walks through it is done soon.
const longest = 60 * 24 * time.Hour

// pairs returns pairs of instants, the second not before the first, round and
// short ones first.
func (s *subject) pairs() (out []pair) {
	for _, step := range []int{0, 1, 3, 11} {
		for i := 0; i+step < len(s.instants); i++ {
			if p := (pair{s.instants[i], s.instants[i+step]}); p.b.Sub(p.a) <= longest {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(x, y pair) int { return cmp.Or(smaller(x.b.Sub(x.a), y.b.Sub(y.a)), nearer(x.a, y.a)) })
	return out
}

// twoDurations tries a law of an instant and two durations of one sign, the
// first not longer. A broken one tells the duration that was added, too.
func (s *subject) twoDurations(law Law, broken func(a time.Time, x, y time.Duration) (time.Duration, string)) []Violation {
	for j, y := range s.durations {
		for k, x := range s.durations[:j+1] {
			for i := (j + k) % 61; i < len(s.small); i += 61 {
				for _, sign := range []time.Duration{1, -1} {
					if d, message := broken(s.small[i], sign*min(x, y), sign*max(x, y)); message != "" {
						return s.violation(law, s.small[i], d, message)
					}
				}
			}
		}
	}
	return nil
}

// added writes "Add(Mon …, 1h0m0s) is Mon …".
func added(a time.Time, d time.Duration, end time.Time) string {
	return fmt.Sprintf("Add(%s, %v) is %s", show(a), d, show(end))
}

// passed writes "Elapsed(Mon …, Tue …) is 8h0m0s".
func (s *subject) passed(a, b time.Time, d time.Duration) string {
	return fmt.Sprintf("Elapsed(%s, %s) is %v", show(a.In(s.loc)), show(b.In(s.loc)), d)
}

// lateness writes the difference of got from want, later or earlier.
func lateness(got, want time.Time) string {
	if d := got.Sub(want); d > 0 {
		return fmt.Sprintf("%v late", d)
	}
	return fmt.Sprintf("%v early", want.Sub(got))
}

// repeatable asks some questions a second time, in the opposite order.
func (s *subject) repeatable() []Violation {
	all := pick(s.all(), 300)
	for _, r := range slices.Backward(all) {
		second := s.reply(r.ask)
		if r.err != nil || second.err != nil || r.n == second.n && r.end.Equal(second.end) {
			continue
		}
		message := fmt.Sprintf("%v is %s at first, but %s when asked again after other questions", r.ask, r.answer(), second.answer())
		return []Violation{{Repeatable, r.a, r.length(), message}}
	}
	return nil
}

func (s *subject) zoneFree() []Violation {
	zones := []*time.Location{time.UTC, farEast, farWest}
	for i, a := range s.small {
		d := s.durations[i%len(s.durations)]
		if i%2 == 1 {
			d = -d
		}
		end, err := s.add(a, d)
		if err != nil {
			continue
		}
		away := a.In(zones[i%len(zones)])
		if other, err := s.add(away, d); err == nil && !other.Equal(end) {
			return s.violation(ZoneFree, a, d, fmt.Sprintf("%s, but %s", added(a, d, end), added(away, d, other.In(away.Location()))))
		}
		here, err1 := s.elapsed(a, end)
		there, err2 := s.elapsed(away, end.In(away.Location()))
		if err1 == nil && err2 == nil && here != there {
			return s.violation(ZoneFree, a, d, fmt.Sprintf("%s, but Elapsed(%s, %s) is %v", s.passed(a, end, here), show(away), show(end.In(away.Location())), there))
		}
	}
	return nil
}

func (s *subject) inverse(a time.Time, d time.Duration) string {
	end, err := s.add(a, d)
	if err != nil {
		return ""
	}
	got, err := s.elapsed(a, end)
	if err != nil || got == d {
		return ""
	}
	return fmt.Sprintf("%s, but %s", added(a, d, end), s.passed(a, end, got))
}

func (s *subject) zeroIsIdentity() []Violation {
	for _, a := range s.small {
		if end, err := s.add(a, 0); err == nil && !end.Equal(a) {
			return s.violation(ZeroIsIdentity, a, 0, added(a, 0, end))
		}
	}
	return nil
}

func (s *subject) monotoneInStart() []Violation {
	pairs := s.pairs()
	for j, d := range s.durations {
		for i := j % 31; i < len(pairs); i += 31 {
			p := pairs[i]
			for _, d := range []time.Duration{d, -d} {
				first, err1 := s.add(p.a, d)
				second, err2 := s.add(p.b, d)
				if err1 == nil && err2 == nil && first.After(second) {
					return s.violation(MonotoneInStart, p.a, d, fmt.Sprintf("%s, but %s: %s", added(p.a, d, first), added(p.b, d, second), lateness(second, first)))
				}
			}
		}
	}
	return nil
}

func (s *subject) monotoneInDuration(a time.Time, x, y time.Duration) (time.Duration, string) {
	if y < x { // both are negative
		x, y = y, x
	}
	short, err1 := s.add(a, x)
	long, err2 := s.add(a, y)
	if err1 != nil || err2 != nil || !short.After(long) {
		return x, ""
	}
	return x, fmt.Sprintf("%s, but %s: %s", added(a, x, short), added(a, y, long), lateness(long, short))
}

func (s *subject) addAdditive(a time.Time, x, y time.Duration) (time.Duration, string) {
	middle, err1 := s.add(a, x)
	atOnce, err2 := s.add(a, x+y)
	if err1 != nil || err2 != nil {
		return x, ""
	}
	end, err := s.add(middle, y)
	if err != nil || end.Equal(atOnce) {
		return x, ""
	}
	return x + y, fmt.Sprintf("%s, but in two steps, %v first, %s", added(a, x+y, atOnce), x, show(end))
}

func (s *subject) landsInOpenTime(a time.Time, d time.Duration) string {
	end, err := s.add(a, d)
	if err != nil {
		return ""
	}
	from, to, where := end.Add(-1), end, "before"
	if d < 0 {
		from, to, where = end, end.Add(1), "after"
	}
	got, err := s.elapsed(from, to)
	if err != nil || got == 1 {
		return ""
	}
	return fmt.Sprintf("%s, but the nanosecond %s it counts %v", added(a, d, end), where, got)
}

func (s *subject) elapsedAdditive() []Violation {
	type triple struct{ a, b, c time.Time }
	var all []triple
	for _, step := range []int{1, 7} {
		for i := 0; i+2*step < len(s.instants); i++ {
			if t := (triple{s.instants[i], s.instants[i+step], s.instants[i+2*step]}); t.c.Sub(t.a) <= longest {
				all = append(all, t)
			}
		}
	}
	slices.SortStableFunc(all, func(x, y triple) int { return cmp.Or(smaller(x.c.Sub(x.a), y.c.Sub(y.a)), nearer(x.a, y.a)) })
	for _, t := range all {
		first, err1 := s.elapsed(t.a, t.b)
		second, err2 := s.elapsed(t.b, t.c)
		both, err3 := s.elapsed(t.a, t.c)
		if err1 == nil && err2 == nil && err3 == nil && first+second != both {
			message := fmt.Sprintf("%s, but %v until %s and %v from there", s.passed(t.a, t.c, both), first, show(t.b), second)
			return s.violation(ElapsedAdditive, t.a, t.c.Sub(t.a), message)
		}
	}
	return nil
}

func (s *subject) elapsedAntisymmetric(a, b time.Time) string {
	forth, err1 := s.elapsed(a, b)
	back, err2 := s.elapsed(b, a)
	if err1 != nil || err2 != nil || forth == -back {
		return ""
	}
	return fmt.Sprintf("%s, but %v the other way round", s.passed(a, b, forth), back)
}

func (s *subject) elapsedWithinTime(a, b time.Time) string {
	got, err := s.elapsed(a, b)
	if err != nil || got >= 0 && got <= b.Sub(a) {
		return ""
	}
	return fmt.Sprintf("%s, but %v pass", s.passed(a, b, got), b.Sub(a))
}

// plainTime holds the clock of a calendar that never closes to plain time.
func (s *subject) plainTime() []Violation {
	if _, closes := s.cal.NextClosing(time.Time{}); closes {
		return nil
	}
	out := s.durationLaw(PlainTime, func(a time.Time, d time.Duration) string {
		end, err := s.add(a, d)
		if err != nil || end.Equal(a.Add(d)) {
			return ""
		}
		return fmt.Sprintf("%s, want %s: %s", added(a, d, end), show(a.Add(d)), lateness(end, a.Add(d)))
	})
	return append(out, s.pairLaw(PlainTime, func(a, b time.Time) string {
		got, err := s.elapsed(a, b)
		if err != nil || got == b.Sub(a) {
			return ""
		}
		return fmt.Sprintf("%s, want %v", s.passed(a, b, got), b.Sub(a))
	})...)
}
