// Package price makes fees of usages, for whatever is priced by tiers.
//
// [Terms] describe a price as data: tiers of usage with a rate and a flat
// amount each, a minimum, a maximum, a discount and a rounding. [Compile] makes
// an immutable [Schedule] of them, whose Fee, FeeMinor and Quote give the same
// cent every time. The package knows no plan, no currency and no time.
//
// All amounts are exact decimals; a fee is rounded once, at the end, as its
// terms say. A rate is a fraction of one unit of usage: if usage is spend,
// 0.10 is ten per cent.
package price
