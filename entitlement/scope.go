package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Scope answers whether something is among what support helps with. The zero
// Scope is no answer at all.
type Scope uint8

// The three answers. The document lists what is in and what is out; of software
// that it does not list it says neither.
const (
	InScope    Scope = 1 + iota // support helps
	OutOfScope                  // support does not help
	NotListed                   // the document does not say
)

// The tokens never change.
var scopes = enum.Texts[Scope]{
	Package: "entitlement",
	Type:    "Scope",
	Unknown: ErrUnknown,
	Tokens: []string{
		InScope:    "in-scope",
		OutOfScope: "out-of-scope",
		NotListed:  "not-listed",
	},
	Names: []string{
		InScope:    "In scope",
		OutOfScope: "Out of scope",
		NotListed:  "Not listed",
	},
}

// AllScopes returns every answer in the order of the constants, in a slice of the
// caller's own.
func AllScopes() []Scope { return scopes.All() }

// ParseScope returns the answer whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseScope(s string) (Scope, error) { return scopes.Parse(s) }

// IsValid reports whether s is one of the three answers; the zero Scope is not.
func (s Scope) IsValid() bool { return scopes.IsValid(s) }

// String returns s's token, such as "out-of-scope", or Scope(n) if s is not
// valid.
func (s Scope) String() string { return scopes.String(s) }

// Name returns s's name for people, such as "Out of scope", or Scope(n) if
// s is not valid.
func (s Scope) Name() string { return scopes.Name(s) }

// MarshalText returns s's token. If s is not valid it returns an error
// wrapping [ErrUnknown].
func (s Scope) MarshalText() ([]byte, error) { return scopes.MarshalText(s) }

// UnmarshalText sets *s to what [ParseScope] makes of b. After an error *s is as
// it was.
func (s *Scope) UnmarshalText(b []byte) error { return scopes.UnmarshalText(s, b) }

// Value returns s's token, for a text column. If s is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Scope].
func (s Scope) Value() (driver.Value, error) { return scopes.Value(s) }

// Scan sets *s from a text column, as [ParseScope] would. NULL and every other
// type are errors, after which *s is as it was.
func (s *Scope) Scan(src any) error { return scopes.Scan(s, src) }
