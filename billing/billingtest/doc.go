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
// It also finds slips that prices can hardly mean: a factor of ten, a lost percent
// sign, a volume price in place of a graduated one.
//
// [Violations] returns the same as values. [CheckPricer] holds a caller's own
// pricing code to the same laws, and to the fees that its terms make. The code
// need not know this library's types: [Func], [Float], [Minor] and [Text] adapt
// functions of decimals, of float64, of whole minor units and of text:
//
//	billingtest.CheckPricer(t, terms, billingtest.Minor(2, func(cents int64) (int64, error) {
//		if cents < 0 {
//			return 0, errors.New("usage below 0") // it has no price
//		}
//		return feeInCents(cents), nil // the code on trial
//	}))
//
// An error shows how the fee is made, for how many of the usages it is wrong, and
// the mistake that gives all of the fees or else what the usages have in common:
//
//	agrees-with-reference: 834.50 costs 75.10, and should cost 75.11 (834.50 × 0.09 = 75.105; rounded half-up to 2 places); wrong for 72 of 330 usages; all fees are those of code that rounds half-even
//
// Laws that the terms themselves break, as a volume price breaks [Monotone],
// are left out of such a check unless they are named. To leave out another law,
// name the rest of [Laws]. A panic, a number that is none and a call without
// end are errors, too.
//
// [CheckInvoicer] holds a caller's own invoicing code to laws: that it bills as
// [billing.Book.Invoice] does, that lines add up, that no day is free or
// charged twice.
//
// A schedule's price is affine between the bounds of its pieces, so the laws of
// its shape, [Monotone], [EffectiveRateFalls], [Continuous] and [PlanOrder], are
// decided at the bounds, for all usages. The others are tried at every bound,
// on both sides of it, and at 200 usages drawn by [Usage]. A caller's own code is
// asked hundreds of times; see [Pricer]. The answer is the same every time:
// nothing depends on a seed, a flag or the clock, except that a call can be too
// slow.
//
// The generators draw terms, cards, usages and timelines for property tests with
// [pgregory.net/rapid]; [Reference] is the slow and obvious fee to compare with.
// A seed draws the same from version to version, so that saved failures stay,
// unless a release announces otherwise.
package billingtest
