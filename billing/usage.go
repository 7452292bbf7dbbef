package billing

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A Sum is the sum of a number of charges.
type Sum struct {
	Charges int             // how many there are
	Amount  decimal.Decimal // exact; refunds may make it negative
}

// A Usage is the spending of an account on cloud services in a period, in one
// currency: the figure that a support plan's fee is calculated from. Charges
// for support plans and for professional services never count, and neither does
// a charge whose own period starts outside the usage's; these are reported
// apart. The payment decides nothing. All amounts are exact.
//
// The zero Usage has no period and takes no charges; start with [NewUsage]. A
// copy of a Usage is independent of the original.
//
// Its JSON form has the fields format, currency, start, end, total, billable,
// unbilled, counted (an array by payment), excluded (an array by kind) and
// outside. Amounts are decimal strings.
//
// Source: Pricing, 2023-09-14.
type Usage struct {
	currency string
	period   calendar.Period
	total    decimal.Decimal
	counted  [len(payments)]Sum
	excluded [len(chargeKinds)]Sum
	outside  Sum
}

// NewUsage returns the usage that the charges make in the period, in the
// currency of the given ISO 4217 code, three capital letters; without charges it
// is one of no spending. The period may be without end. A charge whose own
// period starts outside it does not count; [Usage.Outside] has the sum of these,
// and an invoice does not show them: look at it.
//
// It returns an error wrapping [ErrInvalid] if the currency is not such a code
// or the period is not valid, or one of [Usage.Add], with the index of the
// charge.
func NewUsage(currency string, period calendar.Period, charges ...Charge) (Usage, error) {
	if err := checkCurrency(currency); err != nil {
		return Usage{}, fmt.Errorf("billing: usage: %w", field.Wrap("currency", err))
	}
	p, err := calendar.NewPeriod(period.Start, period.End)
	if err != nil {
		return Usage{}, fmt.Errorf("billing: usage: %w", field.Wrap("period", invalid(err)))
	}
	u := Usage{currency: currency, period: p}
	for i, c := range charges {
		if err := u.add(c); err != nil {
			return Usage{}, fmt.Errorf("billing: usage: %w", field.Wrap(fmt.Sprintf("charges[%d]", i), err))
		}
	}
	return u, nil
}

// Add adds a charge to u. It returns an error wrapping [ErrMismatch] if the
// charge is in another currency, or [ErrInvalid] if the charge is not valid, u
// is the zero Usage, or an amount or sum is beyond the limits of amounts. After
// an error u is as it was.
func (u *Usage) Add(c Charge) error {
	if err := u.add(c); err != nil {
		return fmt.Errorf("billing: add charge: %w", err)
	}
	return nil
}

func (u *Usage) add(c Charge) error {
	kind, payment := slices.Index(chargeKinds[:], c.Kind), slices.Index(payments[:], c.Payment)
	switch {
	case !u.period.IsValid():
		return fmt.Errorf("the zero usage; start with NewUsage: %w", ErrInvalid)
	case kind < 0:
		return field.Wrap("kind", enum.CheckToken(c.Kind, "kind of charge", chargeKinds[:], ErrInvalid))
	case payment < 0:
		return field.Wrap("payment", enum.CheckToken(c.Payment, "payment", payments[1:], ErrInvalid))
	case c.Currency != "" && c.Currency != u.currency:
		return field.Wrap("currency", fmt.Errorf("%s in a usage in %s: %w", quote.String(c.Currency), u.currency, ErrMismatch))
	case c.Period.Start.IsZero() && c.Period.End.IsZero():
		return field.Wrap("period", fmt.Errorf("missing; want the time that is charged: %w", invalid(calendar.ErrPeriod)))
	case !c.Period.IsValid():
		return field.Wrap("period", invalid(fmt.Errorf("%v: %w", c.Period, calendar.ErrPeriod)))
	}
	if err := amount.Check(c.Amount); err != nil {
		return field.Wrap("amount", invalid(err))
	}
	part, total := &u.outside, u.total
	if u.period.Contains(c.Period.Start) {
		part = &u.excluded[kind]
		if c.Kind.Counts() {
			part, total = &u.counted[payment], total.Add(c.Amount)
		}
	}
	sum := part.plus(Sum{1, c.Amount})
	if err := cmp.Or(amount.Check(sum.Amount), amount.Check(total)); err != nil {
		return invalid(fmt.Errorf("sum: %w", err))
	}
	*part, u.total = sum, total
	return nil
}

func (s Sum) plus(t Sum) Sum { return Sum{s.Charges + t.Charges, s.Amount.Add(t.Amount)} }

// checkCurrency returns an error unless s is three capital letters.
func checkCurrency(s string) error {
	if s == "" {
		return fmt.Errorf("missing; want an ISO 4217 code, three capital letters: %w", ErrInvalid)
	}
	ok := len(s) == 3
	for _, c := range []byte(s) {
		ok = ok && c >= 'A' && c <= 'Z'
	}
	if !ok {
		return fmt.Errorf("%s: want an ISO 4217 code, three capital letters: %w", quote.String(s), ErrInvalid)
	}
	return nil
}

// Merge adds to u all sums of v, as if v's charges had been added to u one by
// one. It returns an error wrapping [ErrMismatch] if v is of another period or
// currency, or [ErrInvalid] if both are the zero Usage or a sum is beyond the
// limits of amounts. After an error u is as it was.
func (u *Usage) Merge(v Usage) error {
	switch {
	case !u.period.Equal(v.period):
		return fmt.Errorf("billing: merge usage of %v into %v: %w", v.period, u.period, ErrMismatch)
	case u.currency != v.currency:
		return fmt.Errorf("billing: merge usage in %s into %s: %w", v.currency, u.currency, ErrMismatch)
	case !u.period.IsValid():
		return fmt.Errorf("billing: merge usage: the zero usage; start with NewUsage: %w", ErrInvalid)
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
		return fmt.Errorf("billing: merge usage: sum: %w", invalid(err))
	}
	*u = w
	return nil
}

// Currency returns the ISO 4217 code of u's amounts, or "" for the zero Usage.
func (u Usage) Currency() string { return u.currency }

// Period returns the period of u.
func (u Usage) Period() calendar.Period { return u.period }

// Total returns the sum of the charges that count. Refunds may make it
// negative; a fee is calculated from [Usage.Billable].
func (u Usage) Total() decimal.Decimal { return u.total }

// Billable returns the amount that a fee is calculated from: the total, or 0 if
// the total is negative.
func (u Usage) Billable() decimal.Decimal { return decimal.Max(u.total, decimal.Decimal{}) }

// Unbilled returns the total if it is negative, and 0 otherwise. It is only
// reported: it lowers no other period's usage.
func (u Usage) Unbilled() decimal.Decimal { return decimal.Min(u.total, decimal.Decimal{}) }

// Counted returns the sum of the charges that count and were paid by p; the
// empty Payment stands for charges without a recorded payment. It is the zero
// Sum if p is not valid. The sums of all payments, the empty one included, add
// up to [Usage.Total].
func (u Usage) Counted(p Payment) Sum {
	if i := slices.Index(payments[:], p); i >= 0 {
		return u.counted[i]
	}
	return Sum{}
}

// Excluded returns the sum of the charges of kind k that lie in the period and
// do not count because of their kind. It is the zero Sum if k counts or is not
// valid.
func (u Usage) Excluded(k ChargeKind) Sum {
	if i := slices.Index(chargeKinds[:], k); i >= 0 {
		return u.excluded[i]
	}
	return Sum{}
}

// Outside returns the sum of the charges, of every kind, whose own period
// starts outside u's.
func (u Usage) Outside() Sum { return u.outside }

// Equal reports whether u and v have the same period, currency and sums.
func (u Usage) Equal(v Usage) bool {
	return u.currency == v.currency && u.period.Equal(v.period) &&
		slices.EqualFunc(u.counted[:], v.counted[:], Sum.equal) &&
		slices.EqualFunc(u.excluded[:], v.excluded[:], Sum.equal) &&
		u.outside.equal(v.outside)
}

func (s Sum) equal(t Sum) bool { return s.Charges == t.Charges && s.Amount.Equal(t.Amount) }

// The JSON form of a usage and of its sums.
type (
	usageJSON struct {
		Format   int            `json:"format"`
		Currency string         `json:"currency"`
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
		Payment Payment `json:"payment,omitempty"`
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

// MarshalJSON returns u's JSON form. Sums of no charges are omitted, except the
// sum outside the period. It returns an error wrapping [ErrInvalid] for the
// zero Usage.
func (u Usage) MarshalJSON() ([]byte, error) {
	if !u.period.IsValid() {
		return nil, fmt.Errorf("billing: marshal usage: the zero usage: %w", ErrInvalid)
	}
	doc := usageJSON{
		Format:   strictjson.Format,
		Currency: u.currency,
		Start:    strictjson.Instant(u.period.Start),
		End:      strictjson.Instant(u.period.End),
		Total:    amount.Text(u.Total()),
		Billable: amount.Text(u.Billable()),
		Unbilled: amount.Text(u.Unbilled()),
		Counted:  []countedJSON{},
		Excluded: []excludedJSON{},
		Outside:  u.outside.json(),
	}
	for i, s := range u.counted {
		if s.Charges > 0 {
			doc.Counted = append(doc.Counted, countedJSON{payments[i], s.json()})
		}
	}
	for i, s := range u.excluded {
		if s.Charges > 0 {
			doc.Excluded = append(doc.Excluded, excludedJSON{chargeKinds[i], s.json()})
		}
	}
	return json.Marshal(doc)
}

// UnmarshalJSON reads u's JSON form, strictly. It returns an error that names
// the field and wraps [ErrInvalid], and [ErrInconsistent] if the total or
// another derived amount is not the sum of its parts. After an error *u is as
// it was.
func (u *Usage) UnmarshalJSON(data []byte) error {
	var w Usage
	err := decode("usage", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			w = decodeUsage(v, o)
		})
	})
	if err != nil {
		return err
	}
	*u = w
	return nil
}

// decodeUsage reads the fields of a usage from o, the object at v.
func decodeUsage(v strictjson.Value, o strictjson.Object) Usage {
	var period calendar.Period
	currency := o.Need("currency")
	if err := checkCurrency(currency.Text()); err != nil {
		currency.Fail(err)
	}
	period.Start, period.End = o.Span(calendar.ErrPeriod)
	w := Usage{currency: currency.Text(), period: period}
	if !period.IsValid() {
		v.Fail(fmt.Errorf("%v: %w", period, calendar.ErrPeriod))
	}
	for _, item := range o.Need("counted").Items(len(w.counted)) {
		item.Object(func(o strictjson.Object) {
			var p Payment
			o.May("payment").Into(&p)
			i := slices.Index(payments[:], p)
			decodeSum(item, o, &w.counted[i])
			w.total = w.total.Add(w.counted[i].Amount)
		})
	}
	for _, item := range o.Need("excluded").Items(len(w.excluded)) {
		item.Object(func(o strictjson.Object) {
			var k ChargeKind
			kind := o.Need("kind")
			kind.Into(&k)
			if k.Counts() {
				kind.Fail(fmt.Errorf("%q counts: %w", k, ErrInconsistent))
			}
			decodeSum(item, o, &w.excluded[max(slices.Index(chargeKinds[:], k), 0)])
		})
	}
	o.Need("outside").Object(func(o strictjson.Object) {
		w.outside = Sum{int(o.Need("charges").Int(0, math.MaxInt)), decodeAmount(o.Need("amount"))}
		if w.outside.Charges == 0 && !w.outside.Amount.IsZero() {
			v.At("outside.amount").Fail(fmt.Errorf("not 0 for no charges: %w", ErrInconsistent))
		}
	})
	for _, derived := range []struct {
		name string
		want decimal.Decimal
	}{{"total", w.Total()}, {"billable", w.Billable()}, {"unbilled", w.Unbilled()}} {
		got := o.Need(derived.name)
		if !decodeAmount(got).Equal(derived.want) {
			got.Fail(fmt.Errorf("%s is not %s: %w", quote.String(got.Text()), amount.Text(derived.want), ErrInconsistent))
		}
	}
	return w
}

// decodeSum reads the fields of a sum of one or more charges from o, the object
// at v. A sum that was read before is an error.
func decodeSum(v strictjson.Value, o strictjson.Object, to *Sum) {
	if to.Charges > 0 {
		v.Fail(fmt.Errorf("a second sum of the same: %w", ErrInconsistent))
	}
	*to = Sum{int(o.Need("charges").Int(1, math.MaxInt)), decodeAmount(o.Need("amount"))}
}
