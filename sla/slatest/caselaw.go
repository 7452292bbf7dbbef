package slatest

// A CaseLaw is something that the clock of cases is held to. The empty
// CaseLaw is none.
type CaseLaw string

// The laws of cases. They do not apply to a case without a status:
// that is for CaseAnswers to say.
const (
	// CaseAnswers: every case that can have happened has a status, from its
	// opening on, without an error and without a panic.
	CaseAnswers CaseLaw = "case-answers"
	// CaseAgreesWithPolicy: the status is the policy's.
	CaseAgreesWithPolicy CaseLaw = "case-agrees-with-policy"
	// CaseUntouched: a case is as it was before it was evaluated, and
	// evaluates to the same again.
	CaseUntouched CaseLaw = "case-untouched"
	// FutureUnknown: events after the instant of the status do not matter.
	FutureUnknown CaseLaw = "future-unknown"
	// ExplanationAddsUp: the explanation's intervals follow each other from
	// the opening to the instant of the status without gaps, count no more
	// than they last, and together the time elapsed.
	ExplanationAddsUp CaseLaw = "explanation-adds-up"
	// NothingBeforeNextChange: if nothing happens, nothing but the time
	// elapsed and remaining differs before the next change, and something does
	// at it; nothing ever if there is none.
	NothingBeforeNextChange CaseLaw = "nothing-before-next-change"
	// StrictBound: of each metric, a response just before the due instant meets the
	// target, and one at the due instant does not; of resolution, a closing. It
	// does not apply to cases with a timeline.
	StrictBound CaseLaw = "strict-bound"
	// PauseMovesDue: a pause moves the due instant of each metric by as much time
	// on the target's clock as it lasts there. It does not apply to cases with a
	// timeline, nor to a metric whose clock runs on in pauses.
	PauseMovesDue CaseLaw = "pause-moves-due"
	// BreachStays: a breach of any metric stays, at its instant, until an assessment
	// or another retroactive change.
	BreachStays CaseLaw = "breach-stays"
	// OutcomeFitsTime: a response that met its target took less than it allows,
	// and the response time of a breached one is no less than its target.
	OutcomeFitsTime CaseLaw = "outcome-fits-time"
	// SameIsNoWhatIf: WhatIf of no other plan and severity, or of the ones that a
	// case has always had, is its status. It does not apply to an [Evaluator] that
	// has no WhatIf.
	SameIsNoWhatIf CaseLaw = "same-is-no-what-if"
)

// CaseLaws returns all laws of cases, which [CheckCases] takes if it is given
// none, in a slice of the caller's own.
func CaseLaws() []CaseLaw {
	return []CaseLaw{
		CaseAnswers, CaseAgreesWithPolicy, CaseUntouched, FutureUnknown, ExplanationAddsUp, NothingBeforeNextChange, StrictBound, PauseMovesDue,
		BreachStays, OutcomeFitsTime, SameIsNoWhatIf,
	}
}
