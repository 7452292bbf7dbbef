package slatest

// A Law is something that a [Clock] is held to. All but [AgreesWithCalendar]
// look at the clock's own answers alone, so that they hold for whoever has
// other hours, or another convention. The empty Law is none.
type Law string

// The laws. They do not apply to an instant and a duration for which the clock
// has no answer: that is for Answers to say.
const (
	// Answers: Add and Elapsed answer, in time, without an error and without a
	// panic, wherever the calendar does.
	Answers Law = "answers"
	// AgreesWithCalendar: Add and Elapsed answer as the calendar does, and
	// Add has an error if the calendar has one.
	AgreesWithCalendar Law = "agrees-with-calendar"
	// Repeatable: the same question has the same answer, whatever was asked
	// before.
	Repeatable Law = "repeatable"
	// ZoneFree: the zone of an instant does not matter.
	ZoneFree Law = "zone-free"
	// Inverse: added time has elapsed: Elapsed(a, Add(a, d)) = d.
	Inverse Law = "inverse"
	// ZeroIsIdentity: Add(a, 0) = a, open or not. Who moves a into open time
	// leaves this one out.
	ZeroIsIdentity Law = "zero-is-identity"
	// MonotoneInStart: whoever starts later is never done earlier; the same
	// backward.
	MonotoneInStart Law = "monotone-in-start"
	// MonotoneInDuration: more time is never over earlier.
	MonotoneInDuration Law = "monotone-in-duration"
	// AddAdditive: two steps in one direction lead to the same as one of both lengths
	// does: Add(Add(a, x), y) = Add(a, x+y).
	AddAdditive Law = "add-additive"
	// LandsInOpenTime: if time is added, some passes just before the
	// result, so that it lies in open time or at its end; if time is taken
	// away, some passes just after it. Who moves a deadline at closing time to
	// the next opening leaves this one out.
	LandsInOpenTime Law = "lands-in-open-time"
	// ElapsedAdditive: Elapsed(a, b) + Elapsed(b, c) = Elapsed(a, c).
	ElapsedAdditive Law = "elapsed-additive"
	// ElapsedAntisymmetric: Elapsed(b, a) = -Elapsed(a, b), and so 0 if b
	// is a.
	ElapsedAntisymmetric Law = "elapsed-antisymmetric"
	// ElapsedWithinTime: no less than nothing and no more than all of the time
	// between a and a later b is open: 0 ≤ Elapsed(a, b) ≤ b - a.
	ElapsedWithinTime Law = "elapsed-within-time"
	// PlainTime: if the calendar never closes, Add and Elapsed are those of
	// [time.Time]. It does not apply to other calendars.
	PlainTime Law = "plain-time"
)

// unknownLaw is the message about a law that is none.
const unknownLaw = "unknown law"

// Laws returns the laws of clocks, in a slice of the caller's own: those that
// [Check] takes if it is given none, and [AgreesWithCalendar], which is for
// [Conforms].
func Laws() []Law {
	return []Law{
		Answers, AgreesWithCalendar, Repeatable, ZoneFree, Inverse, ZeroIsIdentity, MonotoneInStart, MonotoneInDuration, AddAdditive, LandsInOpenTime,
		ElapsedAdditive, ElapsedAntisymmetric, ElapsedWithinTime, PlainTime,
	}
}
