package slatest

import (
	"errors"
	"slices"

	"github.com/supportplan/supportplan/internal/enum"
)

// A CaseLaw is something that the clock of cases is held to. The zero CaseLaw
// is none.
type CaseLaw uint8

// The laws of cases. They say nothing of a case for which there is no status:
// that is for CaseAnswers to say.
const (
	// CaseAnswers: every case that can have happened has a status, from its
	// opening on, without an error and without a panic.
	CaseAnswers CaseLaw = 1 + iota
	// CaseAgreesWithPolicy: the status is the policy's.
	CaseAgreesWithPolicy
	// CaseUntouched: a case is as it was before it was evaluated, and
	// evaluates to the same again.
	CaseUntouched
	// FutureUnknown: events after the instant of the status do not matter.
	FutureUnknown
	// ExplanationAddsUp: the explanation's intervals follow each other from
	// the opening to the instant of the status without gaps, count no more
	// than they last, and together the time elapsed.
	ExplanationAddsUp
	// NothingBeforeNextChange: if nothing happens, nothing but the time
	// elapsed and remaining differs before the next change, and something does
	// at it; nothing ever where there is none.
	NothingBeforeNextChange
	// StrictBound: a response just before the due instant meets the target,
	// one at the due instant does not. It says nothing of cases with a
	// timeline.
	StrictBound
	// PauseMovesDue: a pause moves the due instant by as much time on the
	// target's clock as it lasts there. It says nothing of cases with a
	// timeline, nor where the policy ignores pauses.
	PauseMovesDue
	// BreachStays: a breach that has happened stays, at its instant, until an
	// assessment.
	BreachStays
	// SameIsNoWhatIf: what if neither plan nor severity were others, or were
	// what they have always been, is what is. It says nothing of an
	// [Evaluator] that has no WhatIf.
	SameIsNoWhatIf
)

// ErrUnknownCaseLaw is wrapped by every error that rejects a law of cases.
var ErrUnknownCaseLaw = errors.New("unknown law of cases")

var caseLaws = enum.Texts[CaseLaw]{
	Package: "slatest",
	Type:    "CaseLaw",
	Unknown: ErrUnknownCaseLaw,
	Tokens: []string{
		CaseAnswers:             "case-answers",
		CaseAgreesWithPolicy:    "case-agrees-with-policy",
		CaseUntouched:           "case-untouched",
		FutureUnknown:           "future-unknown",
		ExplanationAddsUp:       "explanation-adds-up",
		NothingBeforeNextChange: "nothing-before-next-change",
		StrictBound:             "strict-bound",
		PauseMovesDue:           "pause-moves-due",
		BreachStays:             "breach-stays",
		SameIsNoWhatIf:          "same-is-no-what-if",
	},
}

// CaseLaws returns all laws of cases, in a slice of the caller's own.
func CaseLaws() []CaseLaw { return caseLaws.All() }

// DefaultCaseLaws returns the laws that [CheckCases] takes where it is given
// none, in a slice of the caller's own: all but [CaseAgreesWithPolicy].
func DefaultCaseLaws() []CaseLaw {
	return slices.DeleteFunc(CaseLaws(), func(l CaseLaw) bool { return l == CaseAgreesWithPolicy })
}

// ParseCaseLaw returns the law whose token is s, ignoring case. Any other s is
// an error wrapping [ErrUnknownCaseLaw].
func ParseCaseLaw(s string) (CaseLaw, error) { return caseLaws.Parse(s) }

// IsValid reports whether l is one of the laws of cases; the zero CaseLaw is
// not.
func (l CaseLaw) IsValid() bool { return caseLaws.IsValid(l) }

// String returns l's token, such as "breach-stays", or CaseLaw(n) if l is not
// valid.
func (l CaseLaw) String() string { return caseLaws.String(l) }

// MarshalText returns l's token. If l is not valid it returns an error wrapping
// [ErrUnknownCaseLaw].
func (l CaseLaw) MarshalText() ([]byte, error) { return caseLaws.MarshalText(l) }

// UnmarshalText sets *l to what [ParseCaseLaw] makes of b. After an error *l is
// as it was.
func (l *CaseLaw) UnmarshalText(b []byte) error { return caseLaws.UnmarshalText(l, b) }
