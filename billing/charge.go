package billing

import (
	"database/sql/driver"
	"errors"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/sla/calendar"
)

// The errors of charges.
var (
	// ErrUnknownChargeKind is wrapped by every error that rejects a kind of charge.
	ErrUnknownChargeKind = errors.New("unknown kind of charge")
	// ErrUnknownPayment is wrapped by every error that rejects a way of paying.
	ErrUnknownPayment = errors.New("unknown payment")
)

// A ChargeKind says what a charge is for, and with that whether it counts as
// usage; see [ChargeKind.Counts]. The zero ChargeKind is no kind at all. It is
// stored as its token, in text, JSON and SQL alike.
type ChargeKind uint8

// The kinds of charges. Source: Pricing, 2023-09-14.
const (
	CloudService        ChargeKind = 1 + iota // servers, storage, bandwidth, databases and the like
	SupportPlan                               // the fee of a support plan
	ProfessionalService                       // advice and work that is sold as such
)

// The tokens never change.
var chargeKinds = enum.Texts[ChargeKind]{
	Package: "billing",
	Type:    "ChargeKind",
	Unknown: ErrUnknownChargeKind,
	Tokens:  []string{CloudService: "cloud-service", SupportPlan: "support-plan", ProfessionalService: "professional-service"},
	Names:   []string{CloudService: "Cloud service", SupportPlan: "Support plan", ProfessionalService: "Professional service"},
}

// AllChargeKinds returns the three kinds of charges, in a slice of the
// caller's own.
func AllChargeKinds() []ChargeKind { return chargeKinds.All() }

// ParseChargeKind returns the kind whose token or name is s, ignoring case.
// Any other s is an error wrapping [ErrUnknownChargeKind].
func ParseChargeKind(s string) (ChargeKind, error) { return chargeKinds.Parse(s) }

// Counts reports whether a charge of kind k is usage that a support plan's fee
// is calculated from: cloud services are, support plans and professional
// services never are. It is false for a k that is not valid.
//
// Source: Pricing, 2023-09-14.
func (k ChargeKind) Counts() bool { return k == CloudService }

// IsValid reports whether k is one of the three kinds; the zero ChargeKind is not.
func (k ChargeKind) IsValid() bool { return chargeKinds.IsValid(k) }

// String returns k's token, such as "cloud-service", or ChargeKind(n) if k is
// not valid.
func (k ChargeKind) String() string { return chargeKinds.String(k) }

// Name returns k's name, such as "Cloud service", or ChargeKind(n) if k is not
// valid.
func (k ChargeKind) Name() string { return chargeKinds.Name(k) }

// MarshalText returns k's token. If k is not valid it returns an error
// wrapping [ErrUnknownChargeKind].
func (k ChargeKind) MarshalText() ([]byte, error) { return chargeKinds.MarshalText(k) }

// UnmarshalText sets *k to what [ParseChargeKind] makes of b. After an error
// *k is as it was.
func (k *ChargeKind) UnmarshalText(b []byte) error { return chargeKinds.UnmarshalText(k, b) }

// Value returns k's token, for a text column. If k is not valid it returns an
// error wrapping [ErrUnknownChargeKind]; for a nullable column use
// sql.Null[ChargeKind].
func (k ChargeKind) Value() (driver.Value, error) { return chargeKinds.Value(k) }

// Scan sets *k from a text column, as [ParseChargeKind] would. NULL and every
// other type are errors, after which *k is as it was.
func (k *ChargeKind) Scan(src any) error { return chargeKinds.Scan(k, src) }

// A Payment says how a charge was paid. It is recorded and reported, and never
// decides whether the charge counts: cash, credit and voucher all do. The zero
// Payment is none of them; in a [Charge] it says that the payment is not
// recorded. A Payment is stored as its token, in text, JSON and SQL alike.
type Payment uint8

// The ways of paying. Source: Pricing, 2023-09-14.
const (
	Cash    Payment = 1 + iota // money
	Credit                     // the customer's credit
	Voucher                    // a voucher
)

// The tokens never change.
var payments = enum.Texts[Payment]{
	Package: "billing",
	Type:    "Payment",
	Unknown: ErrUnknownPayment,
	Tokens:  []string{Cash: "cash", Credit: "credit", Voucher: "voucher"},
	Names:   []string{Cash: "Cash", Credit: "Credit", Voucher: "Voucher"},
}

// AllPayments returns the three ways of paying, in a slice of the caller's own.
func AllPayments() []Payment { return payments.All() }

// ParsePayment returns the way of paying whose token or name is s, ignoring
// case. Any other s is an error wrapping [ErrUnknownPayment].
func ParsePayment(s string) (Payment, error) { return payments.Parse(s) }

// IsValid reports whether p is one of the three ways of paying; the zero
// Payment is not.
func (p Payment) IsValid() bool { return payments.IsValid(p) }

// String returns p's token, such as "voucher", or Payment(n) if p is not valid.
func (p Payment) String() string { return payments.String(p) }

// Name returns p's name, such as "Voucher", or Payment(n) if p is not valid.
func (p Payment) Name() string { return payments.Name(p) }

// MarshalText returns p's token. If p is not valid it returns an error
// wrapping [ErrUnknownPayment].
func (p Payment) MarshalText() ([]byte, error) { return payments.MarshalText(p) }

// UnmarshalText sets *p to what [ParsePayment] makes of b. After an error *p is
// as it was.
func (p *Payment) UnmarshalText(b []byte) error { return payments.UnmarshalText(p, b) }

// Value returns p's token, for a text column. If p is not valid it returns an
// error wrapping [ErrUnknownPayment]; for a nullable column use
// sql.Null[Payment].
func (p Payment) Value() (driver.Value, error) { return payments.Value(p) }

// Scan sets *p from a text column, as [ParsePayment] would. NULL and every
// other type are errors, after which *p is as it was.
func (p *Payment) Scan(src any) error { return payments.Scan(p, src) }

// A Charge is one item of what a customer spends with the provider. The zero
// Charge is not valid: it has neither kind nor period.
type Charge struct {
	Kind    ChargeKind      // what it is for; decides whether it counts
	Payment Payment         // how it was paid, or zero where that is not recorded; decides nothing
	Amount  decimal.Decimal // in the currency of the bill; negative for a refund
	Period  calendar.Period // what it is charged for; it counts where this starts, and need not have an end
}
