package billing

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// The errors of usage.
var (
	// ErrOtherPeriod is wrapped by the error of merging usages of two periods.
	ErrOtherPeriod = errors.New("usage of another period")
	// ErrUsageSums is wrapped by the error of reading a usage whose total,
	// billable and unbilled amounts are not those of its parts.
	ErrUsageSums = errors.New("the parts do not add up")
)

// A Sum is what a number of charges amount to.
type Sum struct {
	Charges int             // how many there are
	Amount  decimal.Decimal // what they come to, exactly; refunds may make it negative
}

// A Usage is what an account spent on cloud services in a period: the figure
// that a support plan's fee is calculated from. Charges for support plans and
// for professional services never count, and neither does a charge whose own
// period starts outside the usage's; these are reported apart. How a charge
// was paid decides nothing. All amounts are in one currency, which the caller
// knows, and exact.
//
// The zero Usage is of no period and takes no charges; start with [NewUsage]
// or use [SumUsage]. A copy of a Usage is independent of the original.
//
// Its JSON form has the period's start and end, total, billable and unbilled,
// an array each of what counted by payment and of what was excluded by kind,
// and what lay outside. Amounts are decimal strings.
//
// Source: Pricing, 2023-09-14.
type Usage struct {
	period   calendar.Period
	total    decimal.Decimal
	counted  [Voucher + 1]Sum             // by payment; 0: not recorded
	excluded [ProfessionalService + 1]Sum // by kind
	outside  Sum
}

// NewUsage returns the usage of a period in which nothing was spent so far. It
// returns an error wrapping [calendar.ErrPeriod] if the period is not valid; the
// period may be without end.
func NewUsage(period calendar.Period) (Usage, error) {
	p, err := calendar.NewPeriod(period.Start, period.End)
	if err != nil {
		return Usage{}, fmt.Errorf("billing: usage: %w", err)
	}
	return Usage{period: p}, nil
}

// SumUsage returns the usage that the charges make in the period. The errors
// are those of [NewUsage] and [Usage.Add], which name the index of the charge.
func SumUsage(charges []Charge, period calendar.Period) (Usage, error) {
	u, err := NewUsage(period)
	if err != nil {
		return Usage{}, err
	}
	for i, c := range charges {
		if err := u.add(c); err != nil {
			return Usage{}, fmt.Errorf("billing: sum usage: charges[%d]: %w", i, err)
		}
	}
	return u, nil
}

// Add adds a charge to u. It returns an error wrapping [ErrUnknownChargeKind],
// [ErrUnknownPayment] or [calendar.ErrPeriod] if the charge is not valid or u is
// the zero Usage, and one wrapping [ErrAmount] if the amount, or a sum that
// it would lead to, is beyond the limits of amounts. After an error u is as it
// was.
func (u *Usage) Add(c Charge) error {
	if err := u.add(c); err != nil {
		return fmt.Errorf("billing: add charge: %w", err)
	}
	return nil
}

func (u *Usage) add(c Charge) error {
	if err := u.check(c); err != nil {
		return err
	}
	part, total := &u.outside, u.total
	if u.period.Contains(c.Period.Start) {
		part = &u.excluded[c.Kind]
		if c.Kind.Counts() {
			part, total = &u.counted[c.Payment], total.Add(c.Amount)
		}
	}
	sum := part.plus(Sum{1, c.Amount})
	if err := cmp.Or(amount.Check(sum.Amount), amount.Check(total)); err != nil {
		return err
	}
	*part, u.total = sum, total
	return nil
}

func (s Sum) plus(t Sum) Sum { return Sum{s.Charges + t.Charges, s.Amount.Add(t.Amount)} }

func (u *Usage) check(c Charge) error {
	switch {
	case !u.period.IsValid():
		return fmt.Errorf("usage of no period: %w", calendar.ErrPeriod)
	case !c.Kind.IsValid():
		return fmt.Errorf("%v: %w", c.Kind, ErrUnknownChargeKind)
	case c.Payment != 0 && !c.Payment.IsValid():
		return fmt.Errorf("%v: %w", c.Payment, ErrUnknownPayment)
	case !c.Period.IsValid():
		return fmt.Errorf("period %v: %w", c.Period, calendar.ErrPeriod)
	}
	return amount.Check(c.Amount)
}

// Merge adds to u all that v sums up, as if v's charges had been added to u
// one by one. It returns an error wrapping [ErrOtherPeriod] if v is of another
// period, one wrapping [calendar.ErrPeriod] if both are the zero Usage, and one
// wrapping [ErrAmount] if a sum is beyond the limits of amounts. After
// an error u is as it was.
func (u *Usage) Merge(v Usage) error {
	if !u.period.Equal(v.period) {
		return fmt.Errorf("billing: merge usage of %v into %v: %w", v.period, u.period, ErrOtherPeriod)
	}
	if !u.period.IsValid() {
		return fmt.Errorf("billing: merge usage of no period: %w", calendar.ErrPeriod)
	}
	w := *u
	w.total = w.total.Add(v.total)
	err := amount.Check(w.total)
	add := func(to *Sum, s Sum) {
		*to = to.plus(s)
		err = cmp.Or(err, amount.Check(to.Amount))
	}
	for i, s := range v.counted {
		add(&w.counted[i], s)
	}
	for i, s := range v.excluded {
		add(&w.excluded[i], s)
	}
	add(&w.outside, v.outside)
	if err != nil {
		return fmt.Errorf("billing: merge usage: %w", err)
	}
	*u = w
	return nil
}

// Period returns the period that u is the usage of.
func (u Usage) Period() calendar.Period { return u.period }

// Total returns the sum of the charges that count. Refunds may make it
// negative; a fee is calculated from [Usage.Billable].
func (u Usage) Total() decimal.Decimal { return u.total }

// Billable returns what a fee is calculated from: the total, or 0 where that
// is negative.
func (u Usage) Billable() decimal.Decimal { return decimal.Max(u.total, decimal.Decimal{}) }

// Unbilled returns what [Usage.Billable] leaves of a negative total, as a
// negative amount, or 0. It is only reported: no other period's usage is
// lowered by it.
func (u Usage) Unbilled() decimal.Decimal { return decimal.Min(u.total, decimal.Decimal{}) }

// Counted returns the sum of the charges that count and were paid by p; the
// zero Payment stands for those whose payment is not recorded. It is the zero
// Sum for a p that is not valid. The sums of all payments, zero included, add
// up to [Usage.Total].
func (u Usage) Counted(p Payment) Sum {
	if int(p) >= len(u.counted) {
		return Sum{}
	}
	return u.counted[p]
}

// Excluded returns the sum of the charges of kind k that lie in the period and
// do not count because of their kind. It is the zero Sum for a kind that
// counts or is not valid.
func (u Usage) Excluded(k ChargeKind) Sum {
	if int(k) >= len(u.excluded) {
		return Sum{}
	}
	return u.excluded[k]
}

// Outside returns the sum of the charges, of every kind, whose own period
// starts outside u's.
func (u Usage) Outside() Sum { return u.outside }

// Equal reports whether u and v are of the same period and have the same sums.
func (u Usage) Equal(v Usage) bool {
	return u.period.Equal(v.period) &&
		slices.EqualFunc(u.counted[:], v.counted[:], Sum.equal) &&
		slices.EqualFunc(u.excluded[:], v.excluded[:], Sum.equal) &&
		u.outside.equal(v.outside)
}

func (s Sum) equal(t Sum) bool { return s.Charges == t.Charges && s.Amount.Equal(t.Amount) }

// The JSON form of a usage and of its sums.
type (
	usageJSON struct {
		Start    time.Time      `json:"start"`
		End      time.Time      `json:"end,omitzero"`
		Total    string         `json:"total"`
		Billable string         `json:"billable"`
		Unbilled string         `json:"unbilled"`
		Counted  []countedJSON  `json:"counted"`
		Excluded []excludedJSON `json:"excluded"`
		Outside  sumJSON        `json:"outside"`
	}
	countedJSON struct {
		Payment Payment `json:"payment,omitzero"`
		sumJSON
	}
	excludedJSON struct {
		Kind ChargeKind `json:"kind"`
		sumJSON
	}
	sumJSON struct {
		Charges int    `json:"charges"`
		Amount  string `json:"amount"`
	}
)

func (s Sum) json() sumJSON { return sumJSON{s.Charges, amount.Text(s.Amount)} }

// MarshalJSON returns u's JSON form, in which sums of no charges are left out
// but for what lay outside. It returns an error wrapping [calendar.ErrPeriod] for
// the zero Usage.
func (u Usage) MarshalJSON() ([]byte, error) {
	if !u.period.IsValid() {
		return nil, fmt.Errorf("billing: marshal usage of no period: %w", calendar.ErrPeriod)
	}
	doc := usageJSON{
		Start:    strictjson.Instant(u.period.Start),
		End:      strictjson.Instant(u.period.End),
		Total:    amount.Text(u.Total()),
		Billable: amount.Text(u.Billable()),
		Unbilled: amount.Text(u.Unbilled()),
		Counted:  []countedJSON{},
		Excluded: []excludedJSON{},
		Outside:  u.outside.json(),
	}
	for p, s := range u.counted {
		if s.Charges > 0 {
			doc.Counted = append(doc.Counted, countedJSON{Payment(p), s.json()})
		}
	}
	for k, s := range u.excluded {
		if s.Charges > 0 {
			doc.Excluded = append(doc.Excluded, excludedJSON{ChargeKind(k), s.json()})
		}
	}
	return json.Marshal(doc)
}

// UnmarshalJSON reads u's JSON form, strictly. It returns errors wrapping
// [ErrJSON], [calendar.ErrPeriod], [ErrAmount],
// [ErrUnknownChargeKind], [ErrUnknownPayment] or [ErrUsageSums], after which
// *u is as it was.
func (u *Usage) UnmarshalJSON(data []byte) error {
	var w Usage
	err := strictjson.Decode("billing: decode usage", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) { w = decodeUsage(v, o) })
	})
	if err != nil {
		return err
	}
	*u = w
	return nil
}

// decodeUsage reads the fields of a usage out of the object o at v.
func decodeUsage(v strictjson.Value, o strictjson.Object) Usage {
	period := calendar.Period{Start: o.Need("start").Time(), End: o.May("end").Time()}
	w, err := NewUsage(period)
	if err != nil {
		v.Fail(err)
	}
	for _, item := range o.Need("counted").Items(len(w.counted)) {
		item.Object(func(o strictjson.Object) {
			var p Payment
			o.May("payment").Into(&p)
			decodeSum(item, o, &w.counted[p])
			w.total = w.total.Add(w.counted[p].Amount)
		})
	}
	for _, item := range o.Need("excluded").Items(len(w.excluded)) {
		item.Object(func(o strictjson.Object) {
			var k ChargeKind
			kind := o.Need("kind")
			kind.Into(&k)
			if k.Counts() {
				kind.Fail(fmt.Errorf("%v counts: %w", k, ErrUsageSums))
			}
			decodeSum(item, o, &w.excluded[k])
		})
	}
	o.Need("outside").Object(func(o strictjson.Object) {
		w.outside = Sum{int(o.Need("charges").Int(0, math.MaxInt)), decodeAmount(o.Need("amount"))}
	})
	for _, derived := range []struct {
		name string
		want decimal.Decimal
	}{{"total", w.Total()}, {"billable", w.Billable()}, {"unbilled", w.Unbilled()}} {
		got := o.Need(derived.name)
		if !decodeAmount(got).Equal(derived.want) {
			got.Fail(fmt.Errorf("%s is not %s: %w", quote.String(got.Text()), amount.Text(derived.want), ErrUsageSums))
		}
	}
	return w
}

// decodeSum reads the fields of a sum, of one charge at least, out of the object
// o at v, into a sum that was not read before.
func decodeSum(v strictjson.Value, o strictjson.Object, to *Sum) {
	if to.Charges > 0 {
		v.Fail(fmt.Errorf("a second sum of the same: %w", ErrUsageSums))
	}
	*to = Sum{int(o.Need("charges").Int(1, math.MaxInt)), decodeAmount(o.Need("amount"))}
}
