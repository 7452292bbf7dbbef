package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// Personnel says who handles a case. The higher the value, the higher the
// plans that have them. The zero Personnel is nobody at all.
type Personnel uint8

// Who handles cases, from the lower plans to the higher ones.
// Source: Service Category, 2023-09-14.
const (
	ServiceAssociates Personnel = 1 + iota // Customer Service Associates
	SupportEngineers                       // Cloud Support Engineers
	SupportExperts                         // Cloud Support Experts
)

// Source: Service Category, 2023-09-14. The tokens never change.
var personnels = enum.Texts[Personnel]{
	Package: "entitlement",
	Type:    "Personnel",
	Unknown: ErrUnknown,
	Tokens: []string{
		ServiceAssociates: "customer-service-associates",
		SupportEngineers:  "cloud-support-engineers",
		SupportExperts:    "cloud-support-experts",
	},
	Names: []string{
		ServiceAssociates: "Customer Service Associates",
		SupportEngineers:  "Cloud Support Engineers",
		SupportExperts:    "Cloud Support Experts",
	},
}

// AllPersonnel returns every personnel in the order of the constants, in a slice of the
// caller's own.
func AllPersonnel() []Personnel { return personnels.All() }

// ParsePersonnel returns the personnel whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParsePersonnel(s string) (Personnel, error) { return personnels.Parse(s) }

// IsValid reports whether p is one of the three kinds; the zero Personnel is not.
func (p Personnel) IsValid() bool { return personnels.IsValid(p) }

// String returns p's token, such as "cloud-support-engineers", or Personnel(n) if p is not
// valid.
func (p Personnel) String() string { return personnels.String(p) }

// Name returns p's name for people, such as "Cloud Support Engineers", or Personnel(n) if
// p is not valid.
func (p Personnel) Name() string { return personnels.Name(p) }

// MarshalText returns p's token. If p is not valid it returns an error
// wrapping [ErrUnknown].
func (p Personnel) MarshalText() ([]byte, error) { return personnels.MarshalText(p) }

// UnmarshalText sets *p to what [ParsePersonnel] makes of b. After an error *p is as
// it was.
func (p *Personnel) UnmarshalText(b []byte) error { return personnels.UnmarshalText(p, b) }

// Value returns p's token, for a text column. If p is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Personnel].
func (p Personnel) Value() (driver.Value, error) { return personnels.Value(p) }

// Scan sets *p from a text column, as [ParsePersonnel] would. NULL and every other
// type are errors, after which *p is as it was.
func (p *Personnel) Scan(src any) error { return personnels.Scan(p, src) }
