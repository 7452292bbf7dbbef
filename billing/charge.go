package billing

import (
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A ChargeKind is the kind of a charge: [ChargeCloudService],
// [ChargeSupportPlan] or [ChargeProfessionalService]. It decides whether the
// charge counts as usage; see [ChargeKind.Counts]. There is no default: the
// empty ChargeKind is invalid.
type ChargeKind string

// The kinds of charges. Source: Pricing, 2023-09-14.
const (
	ChargeCloudService        ChargeKind = "cloud-service"        // servers, storage, bandwidth, databases and the like
	ChargeSupportPlan         ChargeKind = "support-plan"         // the fee of a support plan
	ChargeProfessionalService ChargeKind = "professional-service" // advice and work that is sold as such
)

// chargeKinds is the order of the sums in a Usage and in its JSON form.
var chargeKinds = [...]ChargeKind{ChargeCloudService, ChargeSupportPlan, ChargeProfessionalService}

// Counts reports whether a charge of kind k is usage: a cloud service is, a
// support plan or a professional service never is. It is false if k is not
// valid.
//
// Source: Pricing, 2023-09-14.
func (k ChargeKind) Counts() bool { return k == ChargeCloudService }

// UnmarshalText sets *k to the kind that b spells, or returns an error wrapping
// [ErrInvalid]; then *k is unchanged.
func (k *ChargeKind) UnmarshalText(b []byte) error {
	return enum.ReadToken(k, b, "kind of charge", chargeKinds[:], ErrInvalid)
}

// A Payment is the means by which a charge was paid: [PaymentCash],
// [PaymentCredit] or [PaymentVoucher]. It is recorded and reported, and never
// decides whether the charge counts. The empty Payment is not recorded.
type Payment string

// The ways of paying. Source: Pricing, 2023-09-14.
const (
	PaymentCash    Payment = "cash"    // money
	PaymentCredit  Payment = "credit"  // the customer's credit
	PaymentVoucher Payment = "voucher" // a voucher
)

// payments is the order of the sums in a Usage and in its JSON form.
var payments = [...]Payment{"", PaymentCash, PaymentCredit, PaymentVoucher}

// UnmarshalText sets *p to the way of paying that b spells, or returns an error
// wrapping [ErrInvalid]; then *p is unchanged.
func (p *Payment) UnmarshalText(b []byte) error {
	return enum.ReadToken(p, b, "payment", payments[1:], ErrInvalid)
}

// A Charge is one item of a customer's spending with the provider. The zero
// Charge is not valid: it has neither kind nor period.
type Charge struct {
	Kind    ChargeKind // decides whether it counts
	Payment Payment    // how it was paid, or empty if that is not recorded; decides nothing
	// Currency is the ISO 4217 code of the amount, or empty for the currency of
	// the usage that the charge is added to.
	Currency string
	Amount   decimal.Decimal // negative for a refund
	Period   calendar.Period // the time that is charged; the charge counts where this starts; it may have no end
}
