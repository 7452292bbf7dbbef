// Package severity has the four severities of a support case, and judges a
// problem by its effects.
//
// A [Severity] is General, SystemImpaired, ProductionImpacted or
// BusinessCritical, in rising order. [Assess] returns the one that
// [Observations] call for, and [Parse] reads one by its token or name:
//
//	s := severity.Assess(severity.Observations{ProductionDown: true})
//	fmt.Println(s.Name(), s.Criterion())
//
// The provider's document has two lists of four levels: the names of its
// response-time table and the classifications of its judgment criteria. It
// never pairs them; this package pairs them by rank. The table's name is
// canonical, see [Severity.Name], and [Parse] takes both.
//
// The data retells the provider's public document and is general information:
// it is no contract, it may change, and the provider's terms govern. This
// library is not affiliated with the provider.
package severity

import (
	"database/sql/driver"
	"errors"
	"slices"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Severity is a degree of seriousness of a support case. Severities are ordered: the
// higher the value, the more severe. The zero Severity is no severity at all;
// see [Severity.IsValid].
//
// A Severity is stored as its token, in text, JSON and SQL alike; the integers
// are never to be persisted.
type Severity uint8

// The four severities, from the least to the most severe.
// Source: Response Time SLA, 2023-09-15.
const (
	General            Severity = 1 + iota // the business is not affected
	SystemImpaired                         // anomalies, but the service can still do its work
	ProductionImpacted                     // a general production system is unavailable
	BusinessCritical                       // the core business is unavailable
)

// ErrUnknown is wrapped by every error that rejects a severity.
var ErrUnknown = errors.New("unknown severity")

// Source: Response Time SLA, 2023-09-15: Names are those of the table, Others
// those of the judgment criteria. The tokens never change.
var texts = enum.Texts[Severity]{
	Package: "severity",
	Type:    "Severity",
	Unknown: ErrUnknown,
	Tokens: []string{
		General:            "general",
		SystemImpaired:     "system-impaired",
		ProductionImpacted: "production-impacted",
		BusinessCritical:   "business-critical",
	},
	Names: []string{
		General:            "General issues",
		SystemImpaired:     "System impaired",
		ProductionImpacted: "Production system impacted",
		BusinessCritical:   "Business critical",
	},
	Others: []string{
		General:            "Usage Consultation",
		SystemImpaired:     "Business/System Abnormality",
		ProductionImpacted: "Production System Abnormality",
		BusinessCritical:   "Business Unavailability",
	},
}

// criteria retells the meaning of each severity. Source: Response Time SLA, 2023-09-15.
var criteria = [...]string{
	General:            "the business is not affected",
	SystemImpaired:     "something behaves abnormally, but the service has not wholly lost its ability to do its work",
	ProductionImpacted: "a general production system is unavailable, and key operations are critically interrupted",
	BusinessCritical:   "the customer's core business is unavailable",
}

// examples lists typical cases of each severity. Source: Response Time SLA, 2023-09-15.
var examples = [...][]string{
	General:            {"a business inquiry", "technical guidance"},
	SystemImpaired:     {"slow responses", "partly degraded performance", "sporadic errors", "another interruption that is not critical"},
	ProductionImpacted: {"name resolution fails", "a load balancer is degraded", "the network is interrupted", "the customer is blocked"},
	BusinessCritical:   {"production data is lost", "an intrusion", "key operations are critically interrupted in any other way"},
}

// All returns the four severities, from the least to the most severe, in a
// slice of the caller's own.
func All() []Severity { return texts.All() }

// Parse returns the severity whose token, name or criteria name is s, ignoring
// case. Any other s is an error wrapping [ErrUnknown].
func Parse(s string) (Severity, error) { return texts.Parse(s) }

// IsValid reports whether s is one of the four severities; the zero Severity
// is not.
func (s Severity) IsValid() bool { return texts.IsValid(s) }

// String returns s's token, such as "system-impaired", or Severity(n) if s is
// not valid.
func (s Severity) String() string { return texts.String(s) }

// Name returns the name of s in the document's response-time table, such as
// "System impaired", or Severity(n) if s is not valid.
//
// Source: Response Time SLA, 2023-09-15.
func (s Severity) Name() string { return texts.Name(s) }

// CriteriaName returns the name of s in the document's judgment criteria, such
// as "Business/System Abnormality", or Severity(n) if s is not valid. Pairing
// the two lists by rank is this library's decision.
//
// Source: Response Time SLA, 2023-09-15.
func (s Severity) CriteriaName() string { return texts.Other(s) }

// Criterion describes the cases of s in words of our own. It is empty if s is not
// valid.
//
// Source: Response Time SLA, 2023-09-15.
func (s Severity) Criterion() string {
	if !s.IsValid() {
		return ""
	}
	return criteria[s]
}

// Examples returns typical cases of s, in words of our own and in a slice of
// the caller's own. It is empty if s is not valid.
//
// Source: Response Time SLA, 2023-09-15.
func (s Severity) Examples() []string {
	if !s.IsValid() {
		return nil
	}
	return slices.Clone(examples[s])
}

// MarshalText returns s's token. If s is not valid it returns an error
// wrapping [ErrUnknown].
func (s Severity) MarshalText() ([]byte, error) { return texts.MarshalText(s) }

// UnmarshalText sets *s to the severity whose token is b, exactly. Any other b is an
// error wrapping [ErrUnknown]; then *s is unchanged.
func (s *Severity) UnmarshalText(b []byte) error { return texts.UnmarshalText(s, b) }

// Value returns s's token, for a text column. If s is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Severity].
func (s Severity) Value() (driver.Value, error) { return texts.Value(s) }

// Scan sets *s from a text column that holds a token, exactly. Every other text,
// NULL and every other type are errors wrapping [ErrUnknown]; then *s is unchanged.
func (s *Severity) Scan(src any) error { return texts.Scan(s, src) }
