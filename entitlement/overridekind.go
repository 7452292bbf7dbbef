package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// An OverrideKind says what an [Override] does. The zero OverrideKind is none.
type OverrideKind uint8

// The three kinds of override.
const (
	Grant    OverrideKind = 1 + iota // the contract includes the feature
	Withhold                         // the contract excludes the feature
	AddOn                            // the feature was bought in addition to the plan
)

// The tokens never change.
var overrideKinds = enum.Texts[OverrideKind]{
	Package: "entitlement",
	Type:    "OverrideKind",
	Unknown: ErrUnknown,
	Tokens:  []string{Grant: "grant", Withhold: "withhold", AddOn: "add-on"},
}

// AllOverrideKinds returns every kind in the order of the constants, in a slice of the
// caller's own.
func AllOverrideKinds() []OverrideKind { return overrideKinds.All() }

// ParseOverrideKind returns the kind whose token is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseOverrideKind(s string) (OverrideKind, error) { return overrideKinds.Parse(s) }

// IsValid reports whether k is one of the three kinds; the zero OverrideKind is not.
func (k OverrideKind) IsValid() bool { return overrideKinds.IsValid(k) }

// String returns k's token, such as "add-on", or OverrideKind(n) if k is not
// valid.
func (k OverrideKind) String() string { return overrideKinds.String(k) }

// MarshalText returns k's token. If k is not valid it returns an error
// wrapping [ErrUnknown].
func (k OverrideKind) MarshalText() ([]byte, error) { return overrideKinds.MarshalText(k) }

// UnmarshalText sets *k to what [ParseOverrideKind] makes of b. After an error *k is as
// it was.
func (k *OverrideKind) UnmarshalText(b []byte) error { return overrideKinds.UnmarshalText(k, b) }

// Value returns k's token, for a text column. If k is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[OverrideKind].
func (k OverrideKind) Value() (driver.Value, error) { return overrideKinds.Value(k) }

// Scan sets *k from a text column, as [ParseOverrideKind] would. NULL and every other
// type are errors, after which *k is as it was.
func (k *OverrideKind) Scan(src any) error { return overrideKinds.Scan(k, src) }
