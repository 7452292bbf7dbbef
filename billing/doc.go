// Package billing says what a support plan costs for a usage.
//
// [price.Terms] describe a price as data: tiers of usage with a rate and a flat
// amount each, a minimum, a maximum, a discount and a rounding. [price.Compile] makes
// an immutable [price.Schedule] of them, whose Fee, FeeMinor and Quote give the same
// cent every time. A [Card] is a rate card: the terms of each paid plan, in one
// currency, under an edition that every quote names. [Usage] is what a period's
// charges add up to, without support plans and professional services.
//
// All amounts are exact decimals; a fee is rounded once, at the end, as its
// terms say. A rate is a fraction of one unit of usage: where usage is spend,
// 0.10 is ten per cent.
//
// The provider publishes no rate, threshold, minimum or currency: "usage-based"
// and tiered is all that is known (Pricing, 2023-09-14). So this package ships
// no price; a rate card is always the caller's. Out of scope, since a support
// plan's fee follows from one total of a period's spending: package prices
// (usage rounded up to whole blocks), prices per event or transaction, and caps
// on a single tier.
//
// The library is not affiliated with the provider, and its data is general
// information: the provider's terms govern.
package billing
