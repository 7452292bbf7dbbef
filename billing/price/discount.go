package price

import (
	"database/sql/driver"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// A DiscountStage says where in the calculation a discount stands. The zero
// DiscountStage is none.
type DiscountStage uint8

// The stages at which a discount may stand.
const (
	BeforeMaximum DiscountStage = 1 + iota // off the sum of the tiers, so that minimum and maximum hold for what is left
	AfterMinimum                           // off what minimum and maximum have left, so that the fee may fall below the minimum
)

// A Discount takes a share off a fee. The zero Discount takes nothing.
type Discount struct {
	// Rate is a fraction from 0 to 1, both included: 0.05 is five per cent.
	Rate decimal.Decimal
	// Stage says where the discount stands; nothing defaults.
	Stage DiscountStage
}

func (d Discount) isZero() bool { return d.Stage == 0 && d.Rate.IsZero() }

func (d Discount) check() (field string, err error) {
	if d.isZero() {
		return "", nil
	}
	if err := amount.CheckPositive(d.Rate); err != nil {
		return "rate", err
	}
	if d.Rate.GreaterThan(one) {
		return "rate", fmt.Errorf("%s: %w", quote.Decimal(d.Rate), ErrDiscount)
	}
	if !d.Stage.IsValid() {
		return "stage", fmt.Errorf("%v: %w", d.Stage, ErrDiscount)
	}
	return "", nil
}

var one = decimal.New(1, 0)

type discountJSON struct {
	Rate  string        `json:"rate"`
	Stage DiscountStage `json:"stage"`
}

func decodeDiscount(v strictjson.Value) (d Discount) {
	v.Object(func(o strictjson.Object) {
		d.Rate = decodeRate(o.Need("rate"))
		o.Need("stage").Into(&d.Stage)
	})
	return d
}

var discountStages = enum.Texts[DiscountStage]{
	Package: "price",
	Type:    "DiscountStage",
	Unknown: ErrDiscount,
	Tokens:  []string{BeforeMaximum: "before-maximum", AfterMinimum: "after-minimum"},
}

// AllDiscountStages returns the two stages, in a slice of the caller's own.
func AllDiscountStages() []DiscountStage { return discountStages.All() }

// ParseDiscountStage returns the stage whose token is s, ignoring case. Any
// other s is an error wrapping [ErrDiscount].
func ParseDiscountStage(s string) (DiscountStage, error) { return discountStages.Parse(s) }

// IsValid reports whether s is one of the two stages; the zero DiscountStage
// is not.
func (s DiscountStage) IsValid() bool { return discountStages.IsValid(s) }

// String returns s's token, such as "before-maximum", or DiscountStage(n) if s
// is not valid.
func (s DiscountStage) String() string { return discountStages.String(s) }

// MarshalText returns s's token. If s is not valid it returns an error
// wrapping [ErrDiscount].
func (s DiscountStage) MarshalText() ([]byte, error) { return discountStages.MarshalText(s) }

// UnmarshalText sets *s to what [ParseDiscountStage] makes of b. After an error
// *s is as it was.
func (s *DiscountStage) UnmarshalText(b []byte) error { return discountStages.UnmarshalText(s, b) }

// Value returns s's token, for a text column. If s is not valid it returns an
// error wrapping [ErrDiscount].
func (s DiscountStage) Value() (driver.Value, error) { return discountStages.Value(s) }

// Scan sets *s from a text column, as [ParseDiscountStage] would. NULL and
// every other type are errors, after which *s is as it was.
func (s *DiscountStage) Scan(src any) error { return discountStages.Scan(s, src) }
