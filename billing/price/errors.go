package price

import (
	"errors"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// A FieldError names the field of terms, or of a JSON form, that is wrong, as in
// tiers[2].rate.
type FieldError = field.Error

// The conditions that a caller can act on. Every error of this package wraps
// one of them.
var (
	ErrAmount      = amount.ErrNumber                                         // not a plain decimal number, or one beyond the limits
	ErrNegative    = amount.ErrNegative                                       // a rate, flat amount, bound, minimum, maximum, usage or weight below 0
	ErrModel       = errors.New("unknown price model")                        // neither graduated nor volume
	ErrNoTiers     = errors.New("no tiers")                                   // a price without tiers
	ErrManyTiers   = errors.New("too many tiers")                             // more than MaxTiers
	ErrTierOrder   = errors.New("tier bounds do not rise")                    // unsorted or equal upper bounds
	ErrOpenTier    = errors.New("only the last tier has no upper bound")      // an earlier one without
	ErrBoundedLast = errors.New("the last tier must have no upper bound")     // usage above it would be free
	ErrRounding    = errors.New("unknown rounding")                           // no mode, or places outside 0 to MaxPlaces
	ErrPlaces      = errors.New("not representable at the rounding's places") // a minimum or maximum finer than the total
	ErrMaximum     = errors.New("maximum below minimum")                      // no fee could obey both
	ErrDiscount    = errors.New("not a discount")                             // a rate outside 0 to 1, or no stage
	ErrAdjustment  = errors.New("unknown adjustment")                         // not a kind of adjustment
	ErrNotCompiled = errors.New("zero value; use Compile or NewCard")         // a zero value was asked for a price
	ErrOverflow    = errors.New("beyond the range of int64")                  // minor units that do not fit
	ErrSum         = errors.New("amounts do not add up")                      // a quote whose lines and adjustments are not its total
	ErrJSON        = strictjson.ErrInvalid                                    // malformed, or unknown, duplicate, missing or null fields
)
