// Package slatest holds deadline math to laws: that added time has elapsed,
// that an hour more is never due earlier, that nothing changes before the next
// change. Any code with two methods can be held to them, see [Clock], so a
// service that computes deadlines by other means, perhaps in another language
// behind a few lines of Go, can still be held to the same answers. One line in
// a test compares it with a calendar,
//
//	slatest.Conforms(t, cal, theirs)
//
// and each disagreement is an error with a small example in local time:
//
//	agrees-with-calendar: Add(Sat 2026-03-07 17:00:00 -05:00, 4h0m0s) is Sun 2026-03-08 14:00:00 -04:00, want Sun 2026-03-08 13:00:00 -04:00: 1h0m0s late; clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s; open Sat 09:00 to Sat 17:00, Sun 09:00 to Sun 17:00; also Add(Sat 2025-11-01 17:00:00 -04:00, 8h0m0s) is Sun 2025-11-02 16:00:00 -05:00, want Sun 2025-11-02 17:00:00 -05:00; wrong in 420 of 16661 answers, only on dates of clock changes, only on Saturdays (420 of 2085 such)
//
// It names the special trait of the example, when the calendar is open there,
// what all wrong answers have in common that most right ones do not, and, if it
// is a known one, the mistake that gives all of the answers. [Check] tries the
// laws alone, for code whose convention differs: code that moves a deadline at
// closing time to the next opening can still be held to everything else.
// [Violations] returns the same as values. [CheckCases] holds the clock of a
// case, an [Evaluator], to laws and to a policy: the policy itself, or other
// code that fills in an [sla.Status], or by [Knowing] some fields of it.
//
// Laws are tried at openings, closings and midnights, at clock changes and at the
// calendar's own dates, beside them, in other zones and, by one call for each, in
// every year of two centuries, always at the same places: nothing depends on a
// seed, a flag or the machine's clock, except that a call can be too slow. A law
// that finds nothing is no proof. A panic is reported, and so is a call without
// end; see [Within].
//
// [CheckUnion], [CheckIntersection], [CheckComplement] and [CheckBreaks] hold
// calendars that are made of others to their parts.
//
// The generators draw calendars, instants, durations, policies and possible
// cases for property tests with [pgregory.net/rapid]. A seed draws the same from
// version to version, so that saved failures stay, unless a release announces
// otherwise; updates of the zone database can change it.
package slatest
