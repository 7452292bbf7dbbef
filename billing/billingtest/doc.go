// Package billingtest holds prices to laws: that more usage never costs less,
// that lines add up, that a higher plan is no bargain. One line in a test
// checks a whole rate card,
//
//	billingtest.Check(t, card)
//
// and each law that is broken is an error with the smallest example:
//
//	business: monotone: 10000.00 costs 1000.00, but 10000.01 costs 700.0007: 299.9993 less
//
// [Violations] returns the same as values. [CheckPricer] and [Agrees] hold a
// caller's own pricing code, which need not know this library's types, to the
// same laws and to a [price.Schedule].
//
// A schedule's price is affine between the bounds of its pieces, so the laws of
// its shape, [Monotone], [EffectiveRateFalls], [Continuous] and [PlanOrder], are
// decided at the bounds, for all usages. The others are tried at every bound,
// on both sides of it, and at 200 usages drawn by [Usage]; so are all laws for a
// caller's own code, at up to 100 usages more in each tier. Of more than some hundred tiers, the laws
// that look at every tier for every usage take fewer usages, so that a check of a
// card as large as cards can be takes seconds. Either way the answer is the same
// every time: nothing depends on a seed, a flag or the clock.
//
// The generators draw tiers, terms, schedules, cards, usages and timelines for
// property tests with [pgregory.net/rapid]; [Reference] is the slow and obvious
// fee to compare with. What a seed draws stays the same from version to version,
// so that saved failures do, unless a release says otherwise.
package billingtest
