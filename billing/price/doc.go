// Package price computes fees from usages, for any price in tiers. It knows no
// plan, no currency and no time: a plan is a name that the caller gives, and an
// amount is a number.
//
// Read in this order: [Terms] are a price as data, with tiers, minimum,
// maximum, discount and rounding. [Compile] checks them and makes an immutable
// [Schedule]; [MustCompile] is for a program's own terms. Its Fee and FeeMinor
// return the fee of a usage, and its Quote every line of it. [Prorate] charges
// the segments of a period in which the price changed. [BreakEvens] and
// [Envelope] compare schedules, and [Schedule.Pieces] is the function itself,
// to plot or to reason about.
//
//	team, err := price.Compile(price.Terms{
//		Model:    price.ModelGraduated,
//		Tiers:    []price.Tier{{UpTo: d("1000"), Rate: d("0.10")}, {Rate: d("0.05")}},
//		Minimum:  d("20"),
//		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
//	})
//	…
//	fee, err := team.Fee(d("1500")) // 125.00
//
// All amounts are exact decimals of at most 30 digits before and behind the
// point. A fee is rounded once, at the end, as its terms say. A rate is the price
// of one unit of usage: if usage is money, 0.10 is ten per cent.
//
// Errors wrap one of five sentinels. Those about terms, segments and JSON are a
// [FieldError], whose Path names the field that is wrong.
//
// Not here: package prices (usage rounded up to whole blocks), prices per event,
// and a maximum for a single tier.
package price
