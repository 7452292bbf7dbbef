package price

import (
	"errors"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// A FieldError names the field that is wrong in terms, segments or a JSON form,
// such as tiers[2].rate. It is the same for values made in Go and for JSON.
type FieldError = field.Error

// The conditions that a caller acts on. Every error of this package wraps one of
// them.
var (
	// ErrInvalid is wrapped by the error of terms, a rounding, segments, weights
	// or JSON that are not valid. The error names the field.
	ErrInvalid = errors.New("invalid input")
	// ErrUsage is wrapped by the error of a usage that is negative or beyond the
	// limits of an amount, and of a range of usages that is empty.
	ErrUsage = errors.New("invalid usage")
	// ErrOverflow is wrapped by the error of a fee in minor units that an int64
	// does not hold.
	ErrOverflow = errors.New("beyond the range of int64")
	// ErrNotCompiled is wrapped by the error of the zero Schedule.
	ErrNotCompiled = errors.New("zero schedule; make one with Compile")
	// ErrNewer is wrapped by the error of reading a JSON form whose format number
	// is higher than 1.
	ErrNewer = strictjson.ErrNewer
)

// decode reads a JSON form. Its errors wrap [ErrNewer] or [ErrInvalid].
func decode(op string, data []byte, read func(strictjson.Value)) error {
	err := strictjson.Decode(op, data, read)
	if errors.Is(err, ErrNewer) {
		return err
	}
	return field.Mark(err, ErrInvalid)
}
