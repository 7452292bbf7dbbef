package sla

import (
	"database/sql/driver"
	"errors"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Kind says what an [Event] is. The zero Kind is none at all; see
// [Kind.IsValid].
type Kind uint8

// The kinds of events; each says when it is an impossible one.
const (
	// KindAssessed: somebody has judged how serious the case has been from
	// the start. The severity replaces the one it was submitted with, for the
	// whole history; the last assessment rules, and every reclassification
	// stands, whether it came before or after.
	KindAssessed Kind = 1 + iota
	// KindReclassified: from now on the case is more, or less, serious than
	// it was. To the severity that the case has, it changes nothing.
	KindReclassified
	// KindPlanChanged: from now on the account has another plan. To the plan
	// that it has, it changes nothing. Impossible in a case with a timeline.
	KindPlanChanged
	// KindPaused: the clock stops, say because the customer has to answer.
	// Impossible while paused or closed.
	KindPaused
	// KindResumed: the clock runs again. Impossible unless paused.
	KindResumed
	// KindResponded: the provider has responded. The first response counts,
	// in whatever phase it comes; later ones change nothing.
	KindResponded
	// KindClosed: the case is closed, and a pause that is still open is over.
	// Impossible while closed.
	KindClosed
	// KindReopened: the case is open again, and the clock runs. Impossible
	// unless closed.
	KindReopened
)

// ErrUnknownKind is wrapped by every error that rejects a kind of events.
var ErrUnknownKind = errors.New("unknown kind of event")

// The tokens never change.
var kinds = enum.Texts[Kind]{
	Package: "sla",
	Type:    "Kind",
	Unknown: ErrUnknownKind,
	Tokens: []string{
		KindAssessed:     "assessed",
		KindReclassified: "reclassified",
		KindPlanChanged:  "plan-changed",
		KindPaused:       "paused",
		KindResumed:      "resumed",
		KindResponded:    "responded",
		KindClosed:       "closed",
		KindReopened:     "reopened",
	},
}

// AllKinds returns the kinds of events in the order of their declaration, in a
// slice of the caller's own.
func AllKinds() []Kind { return kinds.All() }

// ParseKind returns the kind whose token is s, ignoring case. Any other s is an
// error wrapping [ErrUnknownKind].
func ParseKind(s string) (Kind, error) { return kinds.Parse(s) }

// IsValid reports whether k is one of the kinds; the zero Kind is not.
func (k Kind) IsValid() bool { return kinds.IsValid(k) }

// String returns k's token, such as "plan-changed", or Kind(n) if k is not
// valid.
func (k Kind) String() string { return kinds.String(k) }

// MarshalText returns k's token. If k is not valid it returns an error
// wrapping [ErrUnknownKind].
func (k Kind) MarshalText() ([]byte, error) { return kinds.MarshalText(k) }

// UnmarshalText sets *k to what [ParseKind] makes of b. After an error *k is as
// it was.
func (k *Kind) UnmarshalText(b []byte) error { return kinds.UnmarshalText(k, b) }

// Value returns k's token, for a text column. If k is not valid it returns an
// error wrapping [ErrUnknownKind].
func (k Kind) Value() (driver.Value, error) { return kinds.Value(k) }

// Scan sets *k from a text column, as [ParseKind] would. NULL and every other
// type are errors, after which *k is as it was.
func (k *Kind) Scan(src any) error { return kinds.Scan(k, src) }
