package sla

import (
	"database/sql/driver"
	"errors"

	"github.com/supportplan/supportplan/internal/enum"
)

// An Outcome says what has become of a case's response. The zero Outcome is
// none at all; see [Outcome.IsValid].
type Outcome uint8

// The outcomes.
const (
	OutcomePending    Outcome = 1 + iota // not answered, not closed, not yet due
	OutcomeMet                           // the first response came before it was due
	OutcomeBreached                      // it was due before any response, whether one came later or not
	OutcomeUnanswered                    // closed before it was due and never answered
	OutcomeNoTarget                      // the plan lists no target: nothing is due
)

// ErrUnknownOutcome is wrapped by every error that rejects an outcome.
var ErrUnknownOutcome = errors.New("unknown outcome")

// The tokens never change.
var outcomes = enum.Texts[Outcome]{
	Package: "sla",
	Type:    "Outcome",
	Unknown: ErrUnknownOutcome,
	Tokens: []string{
		OutcomePending:    "pending",
		OutcomeMet:        "met",
		OutcomeBreached:   "breached",
		OutcomeUnanswered: "unanswered",
		OutcomeNoTarget:   "no-target",
	},
}

// AllOutcomes returns the outcomes in the order of their declaration, in a slice of the
// caller's own.
func AllOutcomes() []Outcome { return outcomes.All() }

// ParseOutcome returns the outcome whose token is s, ignoring case. Any other s is an
// error wrapping [ErrUnknownOutcome].
func ParseOutcome(s string) (Outcome, error) { return outcomes.Parse(s) }

// IsValid reports whether o is one of the outcomes; the zero Outcome is not.
func (o Outcome) IsValid() bool { return outcomes.IsValid(o) }

// String returns o's token, such as "no-target", or Outcome(n) if o is not valid.
func (o Outcome) String() string { return outcomes.String(o) }

// MarshalText returns o's token. If o is not valid it returns an error
// wrapping [ErrUnknownOutcome].
func (o Outcome) MarshalText() ([]byte, error) { return outcomes.MarshalText(o) }

// UnmarshalText sets *o to what [ParseOutcome] makes of b. After an error *o is
// as it was.
func (o *Outcome) UnmarshalText(b []byte) error { return outcomes.UnmarshalText(o, b) }

// Value returns o's token, for a text column. If o is not valid it returns an
// error wrapping [ErrUnknownOutcome].
func (o Outcome) Value() (driver.Value, error) { return outcomes.Value(o) }

// Scan sets *o from a text column, as [ParseOutcome] would. NULL and every other
// type are errors, after which *o is as it was.
func (o *Outcome) Scan(src any) error { return outcomes.Scan(o, src) }
