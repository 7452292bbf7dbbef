package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// ErrMeasure is wrapped by every error that rejects a [Measure].
var ErrMeasure = errors.New("unknown measure")

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

// measures holds the measures' tokens, which never change.
var measures = [...]string{FromOpening: "from-opening", FromChange: "from-change"}

// String returns m's token, "from-opening" or "from-change", or Measure(n) if
// m is neither.
func (m Measure) String() string {
	if int(m) < len(measures) {
		return measures[m]
	}
	return "Measure(" + strconv.Itoa(int(m)) + ")"
}

// MarshalText returns m's token. If m is neither measure it returns an error
// wrapping [ErrMeasure].
func (m Measure) MarshalText() ([]byte, error) {
	if int(m) < len(measures) {
		return []byte(measures[m]), nil
	}
	return nil, fmt.Errorf("sla: marshal %v: %w", m, ErrMeasure)
}

// UnmarshalText sets *m to the measure whose token is b, in this very case. Any
// other b is an error wrapping [ErrMeasure], after which *m is as it was.
func (m *Measure) UnmarshalText(b []byte) error {
	for i, token := range measures {
		if token == string(b) {
			*m = Measure(i)
			return nil
		}
	}
	return fmt.Errorf("sla: parse %s: %w", quote.String(string(b)), ErrMeasure)
}

// A Policy says how cases are measured. The zero Policy is the document's,
// with this library's answers where the document is silent: the published
// targets, measured from the opening around the clock, except in pauses; a
// severity that the plan does not cover has no target.
//
// Its JSON form is {"table": …, "onReclassified": "from-change",
// "onPlanChanged": "from-change", "ignorePauses": true, "nearestCovered":
// true}, of which everything that is as in the zero Policy is left out.
type Policy struct {
	Table          *Table  // the targets; nil: the published ones
	OnReclassified Measure // what a reclassification does
	OnPlanChanged  Measure // what a change of the plan does
	IgnorePauses   bool    // whether the clock runs on in pauses, and the phase with it
	NearestCovered bool    // whether an uncovered severity has the target that [Table.Nearest] finds
}

func (p Policy) check() error {
	for _, m := range []Measure{p.OnReclassified, p.OnPlanChanged} {
		if int(m) >= len(measures) {
			return fmt.Errorf("policy: %v: %w", m, ErrMeasure)
		}
	}
	return nil
}

type policyJSON struct {
	Table          *Table  `json:"table,omitempty"`
	OnReclassified Measure `json:"onReclassified,omitzero"`
	OnPlanChanged  Measure `json:"onPlanChanged,omitzero"`
	IgnorePauses   bool    `json:"ignorePauses,omitempty"`
	NearestCovered bool    `json:"nearestCovered,omitempty"`
}

// MarshalJSON returns p's JSON form. An unknown measure is an error wrapping
// [ErrMeasure]; others are those of [Table.MarshalJSON].
func (p Policy) MarshalJSON() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("sla: marshal %w", err)
	}
	return json.Marshal(policyJSON(p))
}

// UnmarshalJSON reads p's JSON form, strictly. It returns errors wrapping
// [ErrJSON], [ErrMeasure], or those of [Table.UnmarshalJSON], after which *p is
// as it was.
func (p *Policy) UnmarshalJSON(data []byte) error {
	var q Policy
	err := strictjson.Decode("sla: decode policy", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			if t := o.May("table"); t.IsPresent() {
				q.Table = new(Table)
				*q.Table = decodeTable(t)
			}
			o.May("onReclassified").Into(&q.OnReclassified)
			o.May("onPlanChanged").Into(&q.OnPlanChanged)
			q.IgnorePauses = o.May("ignorePauses").Bool()
			q.NearestCovered = o.May("nearestCovered").Bool()
		})
	})
	if err != nil {
		return err
	}
	*p = q
	return nil
}
