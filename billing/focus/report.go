package focus

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/sla/calendar"
)

// ErrUnknownReason is wrapped by every error that rejects a reason.
var ErrUnknownReason = errors.New("unknown reason")

// A Reason says why a row does not count. Of several, the first applies. The
// zero Reason is none.
type Reason uint8

// The reasons, in the order in which they apply.
const (
	Tax     Reason = 1 + iota // charge category Tax: no spending on a service
	Credit                    // charge category Credit: a way of paying
	Support                   // service subcategory Support: support plans and professional services
	Named                     // a service that the caller excludes by name
)

// The tokens never change.
var reasons = enum.Texts[Reason]{
	Package: "focus",
	Type:    "Reason",
	Unknown: ErrUnknownReason,
	Tokens:  []string{Tax: "tax", Credit: "credit", Support: "support", Named: "named-service"},
}

// IsValid reports whether r is one of the four reasons; the zero Reason is not.
func (r Reason) IsValid() bool { return reasons.IsValid(r) }

// String returns r's token, such as "named-service", or Reason(n) if r is not
// valid.
func (r Reason) String() string { return reasons.String(r) }

// MarshalText returns r's token. If r is not valid it returns an error
// wrapping [ErrUnknownReason].
func (r Reason) MarshalText() ([]byte, error) { return reasons.MarshalText(r) }

// UnmarshalText sets *r to the reason whose token is b, ignoring case. Any
// other b is an error wrapping [ErrUnknownReason], after which *r is as it was.
func (r *Reason) UnmarshalText(b []byte) error { return reasons.UnmarshalText(r, b) }

// A Sum is what a number of rows come to.
type Sum struct {
	Rows int             `json:"rows"`
	Cost decimal.Decimal `json:"cost"` // exact; may be negative
}

// MarshalJSON returns s with its cost as a decimal string.
func (s Sum) MarshalJSON() ([]byte, error) {
	if err := amount.Check(s.Cost); err != nil {
		return nil, fmt.Errorf("focus: marshal sum: %w", err)
	}
	return json.Marshal(struct {
		Rows int    `json:"rows"`
		Cost string `json:"cost"`
	}{s.Rows, amount.Text(s.Cost)})
}

// A Report is what a bill comes to. It marshals to JSON.
type Report struct {
	Column    Column    `json:"column"`              // the cost that was summed
	Rows      int       `json:"rows"`                // all rows of the bill, but for its header
	Accounts  []Account `json:"accounts"`            // by issuer, account, period and currency, in that order
	Outside   []Outside `json:"outside,omitempty"`   // by issuer, account and currency: rows in none of the caller's periods
	Unmatched []string  `json:"unmatched,omitempty"` // excluded services that no row names, in the caller's order: absent this time, or a typo
}

// An Account is what one billing account of one issuer was charged in one
// period and currency.
type Account struct {
	Issuer   string          `json:"issuer"`   // InvoiceIssuerName
	Account  string          `json:"account"`  // BillingAccountId
	Period   calendar.Period `json:"period"`   // holds the start of every row's charge period
	Currency string          `json:"currency"` // BillingCurrency
	Counted  Sum             `json:"counted"`  // the usage; see [Account.Usage]
	Excluded []Exclusion     `json:"excluded"` // what did not count, by reason
	Services []Service       `json:"services"` // all rows by service category, in the order of the names
}

// An Exclusion is what did not count for one reason.
type Exclusion struct {
	Reason Reason `json:"reason"`
	Sum    Sum    `json:"sum"`
}

// A Service is what one service category comes to.
type Service struct {
	Category string `json:"category"` // ServiceCategory, or empty where that is null
	Counted  Sum    `json:"counted"`
	Excluded Sum    `json:"excluded"` // for whatever reason
}

// An Outside is what one account's rows in none of the caller's periods come
// to, whether or not they would count.
type Outside struct {
	Issuer   string `json:"issuer"`
	Account  string `json:"account"`
	Currency string `json:"currency"`
	Sum      Sum    `json:"sum"`
}

// Usage returns what counted as a [billing.Usage] of a's period, in one charge
// whose payment is not recorded: FOCUS does not say how a row was paid. The
// errors are those of [billing.SumUsage].
func (a Account) Usage() (billing.Usage, error) {
	return billing.SumUsage(a.Currency, a.Period, []billing.Charge{
		{Kind: billing.ChargeCloudService, Amount: a.Counted.Cost, Period: a.Period},
	})
}

// Currency returns the currency that all accounts of r share, and those
// outside its periods too; it is empty where there are none. Where there are
// two, it returns an error wrapping [ErrCurrencies] that names them.
func (r Report) Currency() (string, error) {
	var one string
	see := func(c string) error {
		if one != "" && c != one {
			return fmt.Errorf("focus: %s and %s: %w", quote.String(one), quote.String(c), ErrCurrencies)
		}
		one = c
		return nil
	}
	for _, a := range r.Accounts {
		if err := see(a.Currency); err != nil {
			return "", err
		}
	}
	for _, o := range r.Outside {
		if err := see(o.Currency); err != nil {
			return "", err
		}
	}
	return one, nil
}

// One returns the only account of a bill that must be of one issuer, account,
// period and currency. It returns an error wrapping [ErrCurrencies] where
// there are two currencies, and one wrapping [ErrNotOne] where there is no
// account, or several.
func (r Report) One() (Account, error) {
	if _, err := r.Currency(); err != nil {
		return Account{}, err
	}
	if len(r.Accounts) != 1 || len(r.Outside) > 0 {
		return Account{}, fmt.Errorf("focus: %d accounts, and %d outside the periods: %w", len(r.Accounts), len(r.Outside), ErrNotOne)
	}
	return r.Accounts[0], nil
}

func compareAccounts(a, b Account) int {
	return cmp.Or(cmp.Compare(a.Issuer, b.Issuer), cmp.Compare(a.Account, b.Account),
		a.Period.Start.Compare(b.Period.Start), cmp.Compare(a.Currency, b.Currency))
}

func compareOutside(a, b Outside) int {
	return cmp.Or(cmp.Compare(a.Issuer, b.Issuer), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Currency, b.Currency))
}
