package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// A ReportCadence says how often a service report comes. The zero ReportCadence
// is none at all.
type ReportCadence uint8

// The two cadences. Source: Service Report, 2023-09-14.
const (
	Monthly ReportCadence = 1 + iota
	Annual
)

// Source: Service Report, 2023-09-14. The tokens never change.
var cadences = enum.Texts[ReportCadence]{
	Package: "entitlement",
	Type:    "ReportCadence",
	Unknown: ErrUnknown,
	Tokens: []string{
		Monthly: "monthly",
		Annual:  "annual",
	},
	Names: []string{
		Monthly: "Monthly",
		Annual:  "Annual",
	},
}

// AllReportCadences returns every cadence in the order of the constants, in a slice of the
// caller's own.
func AllReportCadences() []ReportCadence { return cadences.All() }

// ParseReportCadence returns the cadence whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseReportCadence(s string) (ReportCadence, error) { return cadences.Parse(s) }

// IsValid reports whether c is one of the two cadences; the zero ReportCadence is not.
func (c ReportCadence) IsValid() bool { return cadences.IsValid(c) }

// String returns c's token, such as "monthly", or ReportCadence(n) if c is not
// valid.
func (c ReportCadence) String() string { return cadences.String(c) }

// Name returns c's name for people, such as "Monthly", or ReportCadence(n) if
// c is not valid.
func (c ReportCadence) Name() string { return cadences.Name(c) }

// MarshalText returns c's token. If c is not valid it returns an error
// wrapping [ErrUnknown].
func (c ReportCadence) MarshalText() ([]byte, error) { return cadences.MarshalText(c) }

// UnmarshalText sets *c to what [ParseReportCadence] makes of b. After an error *c is as
// it was.
func (c *ReportCadence) UnmarshalText(b []byte) error { return cadences.UnmarshalText(c, b) }

// Value returns c's token, for a text column. If c is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[ReportCadence].
func (c ReportCadence) Value() (driver.Value, error) { return cadences.Value(c) }

// Scan sets *c from a text column, as [ParseReportCadence] would. NULL and every other
// type are errors, after which *c is as it was.
func (c *ReportCadence) Scan(src any) error { return cadences.Scan(c, src) }
