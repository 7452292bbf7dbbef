package billing

import (
	"errors"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// A FieldError names the field of a card, a book or a document that is wrong, as
// in plans.business.tiers[2].rate.
type FieldError = field.Error

// The conditions that a caller can act on. Every error of this package wraps
// one of them, one of package price's, or [plan.ErrUnknown] or
// [calendar.ErrPeriod].
var (
	ErrAmount      = amount.ErrNumber                               // not a plain decimal number, or one beyond the limits
	ErrNegative    = amount.ErrNegative                             // an amount below 0 that must not be
	ErrNotCompiled = price.ErrNotCompiled                           // a zero card was asked for a price
	ErrCurrency    = errors.New("not a currency code")              // not three capital letters
	ErrEdition     = errors.New("edition is missing")               // a card that cannot be told from another
	ErrNotPriced   = errors.New("the card does not price the plan") // a paid plan without terms
	ErrPricedBasic = errors.New("the basic plan is free")           // a card that charges for it
	ErrJSON        = strictjson.ErrInvalid                          // malformed, or unknown, duplicate, missing or null fields
)
