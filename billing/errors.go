package billing

import (
	"errors"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// A FieldError names the field of a card, a book, a usage or a document that is
// wrong, as in plans.business.tiers[2].rate.
type FieldError = field.Error

// The conditions that a caller can act on.
var (
	// ErrInvalid is wrapped by every error that rejects an input, made in Go or
	// read from JSON.
	ErrInvalid = errors.New("invalid billing input")
	// ErrMismatch is wrapped by the error of putting together usages, charges,
	// cards or documents that differ in period, currency or rules.
	ErrMismatch = errors.New("another period or currency")
	// ErrNotInForce is wrapped by the error of asking a book about a time before
	// its first card.
	ErrNotInForce = errors.New("no card is in force")
	// ErrNotPriced is wrapped by the error of asking a card for a paid plan that
	// it has no terms for.
	ErrNotPriced = errors.New("the card does not price the plan")
	// ErrNotIssued is wrapped by the error of settling or counting a document
	// without an ID.
	ErrNotIssued = errors.New("the document is not issued")
	// ErrDuplicate is wrapped by the error of settling or counting a document
	// twice.
	ErrDuplicate = errors.New("the same document twice")
	// ErrInconsistent is wrapped by the error of reading a form in which a field
	// contradicts another field that determines it.
	ErrInconsistent = errors.New("fields contradict one another")
	// ErrNewer is wrapped by the error of reading a form that a newer version of
	// this package wrote.
	ErrNewer = strictjson.ErrNewer
)

// invalid returns err so that it wraps [ErrInvalid]; nil stays nil.
func invalid(err error) error { return field.Mark(err, ErrInvalid) }

// decode parses data and passes the root to read. Every error wraps
// [ErrInvalid].
func decode(op string, data []byte, read func(strictjson.Value)) error {
	return invalid(strictjson.Decode("billing: decode "+op, data, read))
}
