package billingtest

import (
	"errors"
	"slices"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Law is something that a price is held to. Which laws a price should obey is
// its owner's choice: a volume price breaks [Monotone] by design. The zero Law
// is none.
type Law uint8

// The laws. A fee is unrounded where a law says so, and otherwise as billed. A
// caller's own pricing code is always asked for the fee as billed, and granted
// what rounding can do.
const (
	// Valid: there is a price for every usage, which is never negative, and
	// none for a usage below 0. A card prices at least one plan.
	Valid Law = 1 + iota
	// Monotone: more usage never costs less, unrounded.
	Monotone
	// EffectiveRateFalls: the unrounded fee, as a fraction of the usage, never
	// rises with the usage.
	EffectiveRateFalls
	// Continuous: the unrounded fee never jumps down, and jumps up at a tier's
	// bound by no more than the flat amount of the tier that starts there.
	Continuous
	// LinesAddUp: in a quote, slices add up to the usage, each line charges its
	// slice times its rate and its flat amount, and lines and adjustments add up
	// to the total, which is the fee.
	LinesAddUp
	// MinimumReached: no usage costs less than the minimum. A discount after
	// the minimum breaks it.
	MinimumReached
	// MaximumKept: no usage costs more than the maximum, where there is one.
	MaximumKept
	// AgreesWithReference: the fee is that of [ReferenceRounded], and
	// unrounded that of [Reference].
	AgreesWithReference
	// MinorAgrees: the fee in minor units is the fee.
	MinorAgrees
	// PlanOrder: a higher plan never costs less than a lower one at the same
	// usage, unrounded. It is a law of cards; not every card claims so.
	PlanOrder
)

// ErrUnknownLaw is wrapped by every error that rejects a law.
var ErrUnknownLaw = errors.New("unknown law")

var laws = enum.Texts[Law]{
	Package: "billingtest",
	Type:    "Law",
	Unknown: ErrUnknownLaw,
	Tokens: []string{
		Valid:               "valid",
		Monotone:            "monotone",
		EffectiveRateFalls:  "effective-rate-falls",
		Continuous:          "continuous",
		LinesAddUp:          "lines-add-up",
		MinimumReached:      "minimum-reached",
		MaximumKept:         "maximum-kept",
		AgreesWithReference: "agrees-with-reference",
		MinorAgrees:         "minor-agrees",
		PlanOrder:           "plan-order",
	},
}

// AllLaws returns all laws, in a slice of the caller's own.
func AllLaws() []Law { return laws.All() }

// DefaultLaws returns the laws that a check without any takes, in a slice of
// the caller's own: all but [PlanOrder], which a card has to claim.
func DefaultLaws() []Law {
	return slices.DeleteFunc(AllLaws(), func(l Law) bool { return l == PlanOrder })
}

// ParseLaw returns the law whose token is s, ignoring case. Any other s is an
// error wrapping [ErrUnknownLaw].
func ParseLaw(s string) (Law, error) { return laws.Parse(s) }

// IsValid reports whether l is one of the laws; the zero Law is not.
func (l Law) IsValid() bool { return laws.IsValid(l) }

// String returns l's token, such as "monotone", or Law(n) if l is not valid.
func (l Law) String() string { return laws.String(l) }

// MarshalText returns l's token. If l is not valid it returns an error wrapping
// [ErrUnknownLaw].
func (l Law) MarshalText() ([]byte, error) { return laws.MarshalText(l) }

// UnmarshalText sets *l to what [ParseLaw] makes of b. After an error *l is as
// it was.
func (l *Law) UnmarshalText(b []byte) error { return laws.UnmarshalText(l, b) }
