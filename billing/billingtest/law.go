package billingtest

// A Law is something that a price is held to. Which laws a price should obey is
// its owner's choice: a volume price breaks [Monotone] by design. The empty Law
// is none.
type Law string

// The laws. A fee is as billed unless the law is about unrounded ones. A
// caller's own pricing code is always asked for the fee as billed, and granted
// the difference that rounding can make.
const (
	// Valid: there is a price for every usage, never negative, and
	// none for a usage below 0. A card prices at least one plan.
	Valid Law = "valid"
	// Repeatable: a usage has the same fee whenever it is asked for, and the
	// terms stay as they are.
	Repeatable Law = "repeatable"
	// Monotone: more usage never costs less, unrounded.
	Monotone Law = "monotone"
	// EffectiveRateFalls: the unrounded fee, as a fraction of the usage, never
	// rises with the usage.
	EffectiveRateFalls Law = "effective-rate-falls"
	// Continuous: the unrounded fee never jumps down, and jumps up at a tier's
	// bound by no more than the flat amount of the tier that starts there.
	Continuous Law = "continuous"
	// LinesAddUp: in a quote, slices add up to the usage, each line charges its
	// slice times its rate and its flat amount, and lines and adjustments add up
	// to the total, the fee.
	LinesAddUp Law = "lines-add-up"
	// MinimumReached: no usage costs less than the minimum. A discount after
	// the minimum breaks it.
	MinimumReached Law = "minimum-reached"
	// MaximumKept: no usage costs more than the maximum, if there is one.
	MaximumKept Law = "maximum-kept"
	// AgreesWithReference: the fee is that of [ReferenceRounded], and
	// unrounded that of [Reference].
	AgreesWithReference Law = "agrees-with-reference"
	// MinorAgrees: the fee in minor units is the fee.
	MinorAgrees Law = "minor-agrees"
	// Plausible: in a card, with usage in money, neither a rate, a bound nor the
	// minimum looks like a slip: neighbouring rates differ by less than a factor
	// of 5 and bounds by less than 25, no rate is 50 % or more, nor below 0.1 % if
	// it is the only one, and the minimum is at most eight times the fee at the
	// first bound. Leave it out of a check of prices that mean it.
	Plausible Law = "plausible"
	// PlanOrder: a higher plan never costs less than a lower one at the same
	// usage, unrounded. It is a law of cards; not every card claims so.
	PlanOrder Law = "plan-order"
)

// unknownLaw is the message about a law that is none.
const unknownLaw = "unknown law"

// Laws returns all laws, which a check takes if it is given none, in a slice of the
// caller's own.
func Laws() []Law {
	return []Law{
		Valid, Repeatable, Monotone, EffectiveRateFalls, Continuous, LinesAddUp, MinimumReached, MaximumKept, AgreesWithReference, MinorAgrees,
		Plausible, PlanOrder,
	}
}
