package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/sla"
)

// A line is a line of a file of case histories, or a case of a log at its first
// line.
type line struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Text  string `json:"text,omitempty"`
	Wrong string `json:"wrong,omitempty"` // the reason why it cannot be counted
}

// A record is a case with the caller's name for it, as a line has it.
type record struct {
	ID   string   `json:"id"`
	Case sla.Case `json:"case"`
}

// A deadLetter is a line that could not be counted.
type deadLetter struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// count evaluates the case of a line and returns the month of its opening and a
// report on it alone. Response times are kept at the resolution, so that a
// report on any number of cases has a bounded size.
func count(p sla.Policy, l line, now time.Time, resolution time.Duration) (month string, one sla.Attainment, dead *deadLetter) {
	fail := func(err error) (string, sla.Attainment, *deadLetter) {
		return "", one, &deadLetter{l.File, l.Line, err.Error()}
	}
	if l.Wrong != "" {
		return fail(errors.New(l.Wrong))
	}
	var r record
	if err := json.Unmarshal([]byte(l.Text), &r); err != nil {
		return fail(err)
	}
	status, err := p.Evaluate(r.Case, now)
	if err != nil {
		return fail(fmt.Errorf("case %s: %w", r.ID, err))
	}
	if err := one.Coarsen(resolution); err != nil {
		return fail(err)
	}
	if err := one.Add(status); err != nil {
		return fail(fmt.Errorf("case %s: %w", r.ID, err))
	}
	return r.Case.Opened.UTC().Format("2006-01"), one, nil
}

// A monthly is what the program writes: one month's report.
type monthly struct {
	Month  string          `json:"month"`
	Report json.RawMessage `json:"report"`
}
