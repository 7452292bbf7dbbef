package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// An AccountManager says whether a plan comes with a technical account manager.
// The zero AccountManager is no answer at all, as for a plan that is not valid.
type AccountManager uint8

// The two answers. Source: Service Category, 2023-09-14.
const (
	NoAccountManager         AccountManager = 1 + iota // none
	DesignatedAccountManager                           // one of the customer's own
)

// Source: Service Category, 2023-09-14. The tokens never change.
var managers = enum.Texts[AccountManager]{
	Package: "entitlement",
	Type:    "AccountManager",
	Unknown: ErrUnknown,
	Tokens:  []string{NoAccountManager: "none", DesignatedAccountManager: "designated"},
	Names:   []string{NoAccountManager: "None", DesignatedAccountManager: "Designated"},
}

// AllAccountManagers returns every answer in the order of the constants, in a slice of the
// caller's own.
func AllAccountManagers() []AccountManager { return managers.All() }

// ParseAccountManager returns the answer whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseAccountManager(s string) (AccountManager, error) { return managers.Parse(s) }

// IsValid reports whether a is one of the two answers; the zero AccountManager is not.
func (a AccountManager) IsValid() bool { return managers.IsValid(a) }

// String returns a's token, such as "designated", or AccountManager(n) if a is not
// valid.
func (a AccountManager) String() string { return managers.String(a) }

// Name returns a's name for people, such as "Designated", or AccountManager(n) if
// a is not valid.
func (a AccountManager) Name() string { return managers.Name(a) }

// MarshalText returns a's token. If a is not valid it returns an error
// wrapping [ErrUnknown].
func (a AccountManager) MarshalText() ([]byte, error) { return managers.MarshalText(a) }

// UnmarshalText sets *a to what [ParseAccountManager] makes of b. After an error *a is as
// it was.
func (a *AccountManager) UnmarshalText(b []byte) error { return managers.UnmarshalText(a, b) }

// Value returns a's token, for a text column. If a is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[AccountManager].
func (a AccountManager) Value() (driver.Value, error) { return managers.Value(a) }

// Scan sets *a from a text column, as [ParseAccountManager] would. NULL and every other
// type are errors, after which *a is as it was.
func (a *AccountManager) Scan(src any) error { return managers.Scan(a, src) }
