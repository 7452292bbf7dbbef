package sla

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrPolicy is wrapped by the error of a policy with a [Measure] that is none.
var ErrPolicy = errors.New("unknown measure")

// A Measure says from when on a target is measured that came to apply while
// the case was open. The zero Measure is FromOpening.
type Measure uint8

// The measures.
const (
	// FromOpening measures from the opening of the case: time that has passed
	// has passed. What most service desks do.
	FromOpening Measure = iota
	// FromChange measures from the moment of change: the clock starts anew.
	FromChange
)

// String returns "from-opening" or "from-change", or Measure(n) if m is
// neither.
func (m Measure) String() string {
	switch m {
	case FromOpening:
		return "from-opening"
	case FromChange:
		return "from-change"
	}
	return "Measure(" + strconv.Itoa(int(m)) + ")"
}

// A Policy says how cases are measured. The zero Policy is the document's,
// with this library's answers where the document is silent: the published
// targets, measured from the opening around the clock, except in pauses; a
// severity that the plan does not cover has no target.
type Policy struct {
	Table          *Table  // the targets; nil: the published ones
	OnReclassified Measure // what a reclassification does
	OnPlanChanged  Measure // what a change of the plan does
	IgnorePauses   bool    // whether the clock runs on in pauses, and the phase with it
	NearestCovered bool    // whether an uncovered severity has the target that [Table.Nearest] finds
}

func (p Policy) check() error {
	for _, m := range []Measure{p.OnReclassified, p.OnPlanChanged} {
		if m != FromOpening && m != FromChange {
			return fmt.Errorf("policy: %v: %w", m, ErrPolicy)
		}
	}
	return nil
}
