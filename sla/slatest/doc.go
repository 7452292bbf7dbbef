// Package slatest holds deadline math to laws: that what was added has
// elapsed, that an hour more is never due earlier, that nothing changes before
// the next change. Any code with two methods can be held to them, see [Clock],
// so a service that computes deadlines by other means, perhaps in another
// language behind a few lines of Go, can still be held to the same answers. One
// line in a test compares it with a calendar,
//
//	slatest.Conforms(t, cal, theirs)
//
// and each disagreement is an error with a small example in local time:
//
//	agrees-with-calendar: Add(Sat 2024-11-02 17:00:00 -04:00, 1h0m0s) is Sun 2024-11-03 09:00:00 -05:00, want Sun 2024-11-03 10:00:00 -05:00: 1h0m0s early; nearest clock change: Sun 2024-11-03 01:00:00 -05:00, back by 1h0m0s
//
// [Check] tries the laws alone, for those whose convention differs: whoever
// moves a deadline at closing time to the next opening can still be held to
// everything else. [Violations] returns the same as values. [CheckCases] does
// for the clock of a case, a policy's or one's own, what Check does for a
// calendar's.
//
// Laws are tried at clock changes, openings, closings and midnights, beside
// them, and where the generators point, always at the same places: nothing
// depends on a seed, a flag or the machine's clock. A law that finds nothing is
// no proof. Code that panics is reported, code that never returns is not.
//
// The generators draw calendars, instants, durations, tables, policies and
// possible cases for property tests with [pgregory.net/rapid]. What a seed draws
// stays the same from version to version, so that saved failures do, unless a
// release says otherwise; updates of the zone database can change it.
package slatest
