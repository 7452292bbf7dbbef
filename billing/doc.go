// Package billing makes invoices for support plans.
//
// A [Card] is a rate card: the price of each paid plan, in one currency, under
// an edition that every quote and invoice names. [NewCard] makes it of
// [CardTerms]; a stored one is read from JSON:
//
//	d := decimal.RequireFromString
//	card, err := billing.NewCard(billing.CardTerms{
//		Edition: "illustrative-2026", Currency: "USD",
//		Rounding: price.Rounding{Places: 2, Mode: price.RoundingHalfUp},
//		Per:      billing.IntervalMonth, Proration: billing.ProrationInstants,
//		Limits:   price.LimitsProrated, Basis: price.BasisPeriod,
//		Plans: map[plan.Plan]price.Terms{plan.Business: {
//			Model:   price.ModelGraduated,
//			Tiers:   []price.Tier{{UpTo: d("10000"), Rate: d("0.10")}, {Rate: d("0.07")}},
//			Minimum: d("100"),
//		}},
//	})
//
// A [Book] holds cards by their effective dates. A [Usage] is the sum of a
// period's charges, without support plans and professional services. With a
// [plan.Timeline], the history of an account's plans, they make documents:
//
//	book, err := card.Book(january)                           // in force from then on
//	usage, err := billing.NewUsage("USD", march, charges...)  // Usage.Outside: not of March
//	advance, err := book.Advance(timeline, march)             // billed ahead: base fees and minimums
//	advance, err = advance.Issue("2026-0007")                 // an ID makes it final
//	invoice, err := book.Invoice(timeline, usage)             // the whole month, as it is now known
//	settlement, err := invoice.Settle(advance.Head)           // the rest of it
//	settlement, err = settlement.Issue("2026-0042")
//	data, err := json.Marshal(settlement)                     // to be kept
//	document, err := billing.DecodeDocument(data)             // recomputed and checked
//	fmt.Print(document)                                       // for the customer; or document.Page()
//
// An [Invoice], a [Settlement] and a [Shortfall] are a [Document]. Each has a
// [Head] with its ID, period, currency and amount due. A document refers to
// others by their heads, so that rows of a caller's ledger can be settled and
// counted too. A draft, without an ID, is for a preview or a check: only an
// issued document can be settled or counted.
//
// Plans of a caller's own need neither card nor timeline: [Invoice.Complete]
// makes an invoice of segments with terms and a usage.
//
// # Rules
//
// A card has no defaults. It states the length of the priced period (see
// [Interval]), how a period is divided between plans (see [Proration]), whether
// minimum and maximum shrink with a plan's share (see [price.Limits]), and the
// usage that a plan is charged on for a part of the period (see [price.Basis]).
//
// All amounts are exact decimals. An invoice is rounded once, and its cents are
// given to its charges by largest remainder. Where usage is money, as it is here,
// a rate is a fraction of it: 0.10 is ten per cent.
//
// The package computes fees of support plans. Taxes, coupons, goodwill and
// credits for missed response times are documents of the caller's own, of the
// kind [DocumentOther]. Nothing is carried from one period to the next.
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
