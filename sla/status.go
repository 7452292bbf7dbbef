package sla

import (
	"encoding/json"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/clock"
)

// A Status is the state of a case at an instant under a policy: the readings of
// its clocks, and the plan and the severity that measure it now. The names of
// targets are those of a table's cells, see [CellOf].
//
// Its JSON form is that of [clock.Status] with "plan", "submitted", "assessed"
// and "severity". It is for reading by others; to be read again, store the case.
type Status struct {
	clock.Status

	Plan      plan.Plan         // the account's plan at the instant
	Submitted severity.Severity // the severity that the case was opened with
	Assessed  severity.Severity // the severity that it was last assessed to have been opened with; none if nobody has
	Severity  severity.Severity // the severity at the instant: assessed or else submitted, and reclassified since
}

// SeverityDiffers reports whether the case was assessed to have been of another
// severity than it was submitted with: then the response time of the submitted
// one is not owed.
//
// Source: Response Time SLA, 2023-09-15.
func (s Status) SeverityDiffers() bool { return s.Assessed != 0 && s.Assessed != s.Submitted }

type statusJSON struct {
	Plan      plan.Plan         `json:"plan"`
	Submitted severity.Severity `json:"submitted"`
	Assessed  severity.Severity `json:"assessed,omitzero"`
	Severity  severity.Severity `json:"severity"`
}

// MarshalJSON returns s's JSON form. A status that [Policy.Evaluate] did not
// make is an error of its first part that has no text.
func (s Status) MarshalJSON() ([]byte, error) {
	of, err := json.Marshal(statusJSON{s.Plan, s.Submitted, s.Assessed, s.Severity})
	if err != nil {
		return nil, err
	}
	clocks, err := s.Status.MarshalJSON()
	if err != nil {
		return nil, err
	}
	return strictjson.Join(of, clocks), nil
}
