package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// A SoftwareCategory is a group of listed software. The zero SoftwareCategory is
// none at all.
type SoftwareCategory uint8

// The two groups. Source: Third-Party Software Support, 2023-09-15.
const (
	RemoteAccess   SoftwareCategory = 1 + iota // logging in and copying files
	SecurityPolicy                             // packet filters
)

// Source: Third-Party Software Support, 2023-09-15. The tokens never change.
var softwareCategories = enum.Texts[SoftwareCategory]{
	Package: "entitlement",
	Type:    "SoftwareCategory",
	Unknown: ErrUnknown,
	Tokens: []string{
		RemoteAccess:   "remote-access",
		SecurityPolicy: "security-policy",
	},
	Names: []string{
		RemoteAccess:   "Remote access and file transfer",
		SecurityPolicy: "Security policy",
	},
}

// AllSoftwareCategories returns every group in the order of the constants, in a slice of the
// caller's own.
func AllSoftwareCategories() []SoftwareCategory { return softwareCategories.All() }

// ParseSoftwareCategory returns the group whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseSoftwareCategory(s string) (SoftwareCategory, error) { return softwareCategories.Parse(s) }

// IsValid reports whether c is one of the two groups; the zero SoftwareCategory is not.
func (c SoftwareCategory) IsValid() bool { return softwareCategories.IsValid(c) }

// String returns c's token, such as "security-policy", or SoftwareCategory(n) if c is not
// valid.
func (c SoftwareCategory) String() string { return softwareCategories.String(c) }

// Name returns c's name for people, such as "Security policy", or SoftwareCategory(n) if
// c is not valid.
func (c SoftwareCategory) Name() string { return softwareCategories.Name(c) }

// MarshalText returns c's token. If c is not valid it returns an error
// wrapping [ErrUnknown].
func (c SoftwareCategory) MarshalText() ([]byte, error) { return softwareCategories.MarshalText(c) }

// UnmarshalText sets *c to what [ParseSoftwareCategory] makes of b. After an error *c is as
// it was.
func (c *SoftwareCategory) UnmarshalText(b []byte) error {
	return softwareCategories.UnmarshalText(c, b)
}

// Value returns c's token, for a text column. If c is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[SoftwareCategory].
func (c SoftwareCategory) Value() (driver.Value, error) { return softwareCategories.Value(c) }

// Scan sets *c from a text column, as [ParseSoftwareCategory] would. NULL and every other
// type are errors, after which *c is as it was.
func (c *SoftwareCategory) Scan(src any) error { return softwareCategories.Scan(c, src) }
