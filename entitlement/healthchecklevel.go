package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/plan"
)

// A HealthCheckLevel says what comes with the TSA health check. The higher the
// value, the more. The zero HealthCheckLevel is no health check.
type HealthCheckLevel uint8

// The two levels. Source: TSA Health Check, 2023-09-14.
const (
	HealthCheckReport      HealthCheckLevel = 1 + iota // an online report that customers read by themselves
	HealthCheckInterpreted                             // the account manager interprets the report and offers solutions
)

// Source: TSA Health Check, 2023-09-14. The tokens never change.
var healthCheckLevels = enum.Texts[HealthCheckLevel]{
	Package: "entitlement",
	Type:    "HealthCheckLevel",
	Unknown: ErrUnknown,
	Tokens: []string{
		HealthCheckReport:      "report",
		HealthCheckInterpreted: "interpreted",
	},
	Names: []string{
		HealthCheckReport:      "Report",
		HealthCheckInterpreted: "Interpreted report",
	},
}

// HealthCheckLevel returns what comes with plan p's health check: it is
// interpreted where the plan has a technical account manager. It is the zero
// HealthCheckLevel if p does not include [HealthCheck] or is not valid.
//
// Source: TSA Health Check, 2023-09-14.
func (m Matrix) HealthCheckLevel(p plan.Plan) HealthCheckLevel {
	switch {
	case !m.Includes(p, HealthCheck):
		return 0
	case m.Includes(p, TechnicalAccountManager):
		return HealthCheckInterpreted
	}
	return HealthCheckReport
}

// AllHealthCheckLevels returns every level in the order of the constants, in a slice of the
// caller's own.
func AllHealthCheckLevels() []HealthCheckLevel { return healthCheckLevels.All() }

// ParseHealthCheckLevel returns the level whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseHealthCheckLevel(s string) (HealthCheckLevel, error) { return healthCheckLevels.Parse(s) }

// IsValid reports whether l is one of the two levels; the zero HealthCheckLevel is not.
func (l HealthCheckLevel) IsValid() bool { return healthCheckLevels.IsValid(l) }

// String returns l's token, such as "interpreted", or HealthCheckLevel(n) if l is not
// valid.
func (l HealthCheckLevel) String() string { return healthCheckLevels.String(l) }

// Name returns l's name for people, such as "Interpreted report", or HealthCheckLevel(n) if
// l is not valid.
func (l HealthCheckLevel) Name() string { return healthCheckLevels.Name(l) }

// MarshalText returns l's token. If l is not valid it returns an error
// wrapping [ErrUnknown].
func (l HealthCheckLevel) MarshalText() ([]byte, error) { return healthCheckLevels.MarshalText(l) }

// UnmarshalText sets *l to what [ParseHealthCheckLevel] makes of b. After an error *l is as
// it was.
func (l *HealthCheckLevel) UnmarshalText(b []byte) error {
	return healthCheckLevels.UnmarshalText(l, b)
}

// Value returns l's token, for a text column. If l is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[HealthCheckLevel].
func (l HealthCheckLevel) Value() (driver.Value, error) { return healthCheckLevels.Value(l) }

// Scan sets *l from a text column, as [ParseHealthCheckLevel] would. NULL and every other
// type are errors, after which *l is as it was.
func (l *HealthCheckLevel) Scan(src any) error { return healthCheckLevels.Scan(l, src) }
