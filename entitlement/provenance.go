package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Provenance says where an answer comes from. The zero Provenance is none at
// all, as of a question about a plan or a feature that is not valid.
type Provenance uint8

// The three provenances.
const (
	ProvenancePublished  Provenance = 1 + iota // the document says so
	ProvenanceInferred                         // the document suggests it; this library decided
	ProvenanceOverridden                       // the caller says so, in a contract or a modified matrix
)

// The tokens never change.
var provenances = enum.Texts[Provenance]{
	Package: "entitlement",
	Type:    "Provenance",
	Unknown: ErrUnknown,
	Tokens: []string{
		ProvenancePublished:  "published",
		ProvenanceInferred:   "inferred",
		ProvenanceOverridden: "overridden",
	},
}

// AllProvenances returns every provenance in the order of the constants, in a slice of the
// caller's own.
func AllProvenances() []Provenance { return provenances.All() }

// ParseProvenance returns the provenance whose token is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseProvenance(s string) (Provenance, error) { return provenances.Parse(s) }

// IsValid reports whether p is one of the three provenances; the zero Provenance is not.
func (p Provenance) IsValid() bool { return provenances.IsValid(p) }

// String returns p's token, such as "inferred", or Provenance(n) if p is not
// valid.
func (p Provenance) String() string { return provenances.String(p) }

// MarshalText returns p's token. If p is not valid it returns an error
// wrapping [ErrUnknown].
func (p Provenance) MarshalText() ([]byte, error) { return provenances.MarshalText(p) }

// UnmarshalText sets *p to what [ParseProvenance] makes of b. After an error *p is as
// it was.
func (p *Provenance) UnmarshalText(b []byte) error { return provenances.UnmarshalText(p, b) }

// Value returns p's token, for a text column. If p is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Provenance].
func (p Provenance) Value() (driver.Value, error) { return provenances.Value(p) }

// Scan sets *p from a text column, as [ParseProvenance] would. NULL and every other
// type are errors, after which *p is as it was.
func (p *Provenance) Scan(src any) error { return provenances.Scan(p, src) }
