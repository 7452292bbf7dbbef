package slatest

import (
	"errors"
	"slices"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Law is something that a [Clock] is held to. All but [AgreesWithCalendar]
// look at the clock's own answers alone, so that they hold for whoever has
// other hours, or another convention. The zero Law is none.
type Law uint8

// The laws. They say nothing of an instant and a duration for which the clock
// has no answer: that is for Answers to say.
const (
	// Answers: Add and Elapsed answer, without an error and without a panic,
	// wherever the calendar does.
	Answers Law = 1 + iota
	// AgreesWithCalendar: Add and Elapsed answer what the calendar does, and
	// Add has an error where the calendar has one.
	AgreesWithCalendar
	// Inverse: what was added has elapsed: Elapsed(a, Add(a, d)) = d.
	Inverse
	// ZeroIsIdentity: Add(a, 0) = a, open or not. Who moves a into open time
	// leaves this one out.
	ZeroIsIdentity
	// MonotoneInStart: whoever starts later is never done earlier; the same
	// backward.
	MonotoneInStart
	// MonotoneInDuration: more time is never over earlier.
	MonotoneInDuration
	// AddAdditive: two steps in one direction lead where one of both lengths
	// does: Add(Add(a, x), y) = Add(a, x+y).
	AddAdditive
	// LandsInOpenTime: where time is added, some passes just before the
	// result, so that it lies in open time or at its end; where time is taken
	// away, some passes just after it. Who moves a deadline at closing time to
	// the next opening leaves this one out.
	LandsInOpenTime
	// ElapsedAdditive: Elapsed(a, b) + Elapsed(b, c) = Elapsed(a, c).
	ElapsedAdditive
	// ElapsedAntisymmetric: Elapsed(b, a) = -Elapsed(a, b), and so 0 where b
	// is a.
	ElapsedAntisymmetric
	// ElapsedWithinTime: no less than nothing and no more than all of the time
	// between a and a later b is open: 0 ≤ Elapsed(a, b) ≤ b - a.
	ElapsedWithinTime
	// PlainTime: where the calendar never closes, Add and Elapsed are those of
	// [time.Time]. It says nothing of other calendars.
	PlainTime
)

// ErrUnknownLaw is wrapped by every error that rejects a law.
var ErrUnknownLaw = errors.New("unknown law")

var laws = enum.Texts[Law]{
	Package: "slatest",
	Type:    "Law",
	Unknown: ErrUnknownLaw,
	Tokens: []string{
		Answers:              "answers",
		AgreesWithCalendar:   "agrees-with-calendar",
		Inverse:              "inverse",
		ZeroIsIdentity:       "zero-is-identity",
		MonotoneInStart:      "monotone-in-start",
		MonotoneInDuration:   "monotone-in-duration",
		AddAdditive:          "add-additive",
		LandsInOpenTime:      "lands-in-open-time",
		ElapsedAdditive:      "elapsed-additive",
		ElapsedAntisymmetric: "elapsed-antisymmetric",
		ElapsedWithinTime:    "elapsed-within-time",
		PlainTime:            "plain-time",
	},
}

// Laws returns all laws of clocks, in a slice of the caller's own.
func Laws() []Law { return laws.All() }

// DefaultLaws returns the laws that [Check] takes where it is given none, in a
// slice of the caller's own: all but [AgreesWithCalendar], which is for
// [Conforms].
func DefaultLaws() []Law {
	return slices.DeleteFunc(Laws(), func(l Law) bool { return l == AgreesWithCalendar })
}

// ParseLaw returns the law whose token is s, ignoring case. Any other s is an
// error wrapping [ErrUnknownLaw].
func ParseLaw(s string) (Law, error) { return laws.Parse(s) }

// IsValid reports whether l is one of the laws; the zero Law is not.
func (l Law) IsValid() bool { return laws.IsValid(l) }

// String returns l's token, such as "inverse", or Law(n) if l is not valid.
func (l Law) String() string { return laws.String(l) }

// MarshalText returns l's token. If l is not valid it returns an error wrapping
// [ErrUnknownLaw].
func (l Law) MarshalText() ([]byte, error) { return laws.MarshalText(l) }

// UnmarshalText sets *l to what [ParseLaw] makes of b. After an error *l is as
// it was.
func (l *Law) UnmarshalText(b []byte) error { return laws.UnmarshalText(l, b) }
