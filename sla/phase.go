package sla

import (
	"database/sql/driver"
	"errors"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Phase says where a case stands. The zero Phase is none at all; see
// [Phase.IsValid].
type Phase uint8

// The phases.
const (
	PhaseRunning Phase = 1 + iota // open, and the clock runs unless a response has stopped it
	PhasePaused                   // open, in a pause
	PhaseClosed                   // closed, perhaps to be reopened
)

// ErrUnknownPhase is wrapped by every error that rejects a phase.
var ErrUnknownPhase = errors.New("unknown phase")

// The tokens never change.
var phases = enum.Texts[Phase]{
	Package: "sla",
	Type:    "Phase",
	Unknown: ErrUnknownPhase,
	Tokens:  []string{PhaseRunning: "running", PhasePaused: "paused", PhaseClosed: "closed"},
}

// AllPhases returns the phases in the order of their declaration, in a slice of the
// caller's own.
func AllPhases() []Phase { return phases.All() }

// ParsePhase returns the phase whose token is s, ignoring case. Any other s is an
// error wrapping [ErrUnknownPhase].
func ParsePhase(s string) (Phase, error) { return phases.Parse(s) }

// IsValid reports whether p is one of the phases; the zero Phase is not.
func (p Phase) IsValid() bool { return phases.IsValid(p) }

// String returns p's token, such as "running", or Phase(n) if p is not valid.
func (p Phase) String() string { return phases.String(p) }

// MarshalText returns p's token. If p is not valid it returns an error
// wrapping [ErrUnknownPhase].
func (p Phase) MarshalText() ([]byte, error) { return phases.MarshalText(p) }

// UnmarshalText sets *p to what [ParsePhase] makes of b. After an error *p is
// as it was.
func (p *Phase) UnmarshalText(b []byte) error { return phases.UnmarshalText(p, b) }

// Value returns p's token, for a text column. If p is not valid it returns an
// error wrapping [ErrUnknownPhase].
func (p Phase) Value() (driver.Value, error) { return phases.Value(p) }

// Scan sets *p from a text column, as [ParsePhase] would. NULL and every other
// type are errors, after which *p is as it was.
func (p *Phase) Scan(src any) error { return phases.Scan(p, src) }
