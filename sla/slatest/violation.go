package slatest

import (
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla"
)

// A Violation is a law that a clock breaks, with a small example: among those
// that were tried, the one with the roundest and shortest duration, or the
// shortest stretch of time.
type Violation struct {
	Law Law
	// At is the start of the example, in the calendar's zone, or in UTC around
	// the clock. It is the zero time if the law itself is not valid, or
	// there is no clock.
	At time.Time
	// For is the duration that was added, or the time from the first to the
	// last instant of the example.
	For time.Duration
	// Message describes the violation in one line, with instants in local time.
	Message string
}

// String returns v as "law: message".
func (v Violation) String() string { return fmt.Sprintf("%v: %s", v.Law, v.Message) }

// A CaseViolation is a law that the clock of cases breaks, with a small
// example: of the cases tried, one with the fewest events and the fewest
// instants that can be taken for each other, without events that do not matter.
type CaseViolation struct {
	Law  CaseLaw
	Case sla.Case
	Now  time.Time // the instant of the status
	// Message describes the violation in one line.
	Message string
}

// String returns v as "law: message; case: …, now: …", with the case in its
// JSON form. Where there is no case it is "law: message".
func (v CaseViolation) String() string {
	s := fmt.Sprintf("%v: %s", v.Law, v.Message)
	if v.Now.IsZero() {
		return s
	}
	data, err := v.Case.MarshalJSON()
	if err != nil {
		data = []byte(err.Error())
	}
	return fmt.Sprintf("%s; now: %s, case: %s", s, v.Now.Format(time.RFC3339Nano), strictjson.Nest(data))
}
