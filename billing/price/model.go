package price

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Model says how the tiers of a price apply to a usage. The zero Model is
// none: the provider's text does not say which one it uses, so the caller
// chooses.
//
// Source: Pricing, 2023-09-14, and the provider's general billing
// documentation, which defines both models.
type Model uint8

// The two models.
const (
	Graduated Model = 1 + iota // each slice of the usage at the rate of its own tier
	Volume                     // the whole usage at the rate of the tier that it falls into
)

var models = enum.Texts[Model]{
	Package: "price",
	Type:    "Model",
	Unknown: ErrModel,
	Tokens:  []string{Graduated: "graduated", Volume: "volume"},
}

// AllModels returns the two models, in a slice of the caller's own.
func AllModels() []Model { return models.All() }

// ParseModel returns the model whose token is s, ignoring case. Any other s is
// an error wrapping [ErrModel].
func ParseModel(s string) (Model, error) { return models.Parse(s) }

// IsValid reports whether m is one of the two models; the zero Model is not.
func (m Model) IsValid() bool { return models.IsValid(m) }

// String returns m's token, such as "graduated", or Model(n) if m is not valid.
func (m Model) String() string { return models.String(m) }

// MarshalText returns m's token. If m is not valid it returns an error
// wrapping [ErrModel].
func (m Model) MarshalText() ([]byte, error) { return models.MarshalText(m) }

// UnmarshalText sets *m to what [ParseModel] makes of b. After an error *m is
// as it was.
func (m *Model) UnmarshalText(b []byte) error { return models.UnmarshalText(m, b) }

// Value returns m's token, for a text column. If m is not valid it returns an
// error wrapping [ErrModel].
func (m Model) Value() (driver.Value, error) { return models.Value(m) }

// Scan sets *m from a text column, as [ParseModel] would. NULL and every other
// type are errors, after which *m is as it was.
func (m *Model) Scan(src any) error { return models.Scan(m, src) }
