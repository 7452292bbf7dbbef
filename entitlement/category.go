package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Category is one of the three groups that the document sorts features into.
// The zero Category is no category at all.
type Category uint8

// The three categories in the document's order. Source: Service Category, 2023-09-14.
const (
	Standard Category = 1 + iota // the everyday ways to ask for help
	Advanced                     // planned help around events, checks, training and reports
	Expert                       // optimization with the provider's experts
)

// Source: Service Category, 2023-09-14. The tokens never change.
var categories = enum.Texts[Category]{
	Package: "entitlement",
	Type:    "Category",
	Unknown: ErrUnknown,
	Tokens:  []string{Standard: "standard", Advanced: "advanced", Expert: "expert"},
	Names:   []string{Standard: "Standard", Advanced: "Advanced", Expert: "Expert"},
}

// AllCategories returns every category in the order of the constants, in a slice of the
// caller's own.
func AllCategories() []Category { return categories.All() }

// ParseCategory returns the category whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseCategory(s string) (Category, error) { return categories.Parse(s) }

// IsValid reports whether c is one of the three categories; the zero Category is not.
func (c Category) IsValid() bool { return categories.IsValid(c) }

// String returns c's token, such as "advanced", or Category(n) if c is not
// valid.
func (c Category) String() string { return categories.String(c) }

// Name returns c's name for people, such as "Advanced", or Category(n) if
// c is not valid.
func (c Category) Name() string { return categories.Name(c) }

// MarshalText returns c's token. If c is not valid it returns an error
// wrapping [ErrUnknown].
func (c Category) MarshalText() ([]byte, error) { return categories.MarshalText(c) }

// UnmarshalText sets *c to what [ParseCategory] makes of b. After an error *c is as
// it was.
func (c *Category) UnmarshalText(b []byte) error { return categories.UnmarshalText(c, b) }

// Value returns c's token, for a text column. If c is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Category].
func (c Category) Value() (driver.Value, error) { return categories.Value(c) }

// Scan sets *c from a text column, as [ParseCategory] would. NULL and every other
// type are errors, after which *c is as it was.
func (c *Category) Scan(src any) error { return categories.Scan(c, src) }
