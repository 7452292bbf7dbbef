// Package sla says how soon a support case must be answered, and keeps the
// clock that measures it.
//
// [Published] is the provider's response-time table; a contract that differs
// is a modified copy of it, see [Table.With]. A [Target] is a strict upper
// bound and the clock it runs on: around the clock, or the hours of a
// [calendar.Calendar]. A [Case] is its history; [Policy.Evaluate] folds it at
// an instant that the caller passes into a [Status]: whether the response is
// pending, met or breached, when it is due, when to look again, and why. An
// [Attainment] counts statuses by plan and severity; those of many machines
// merge into one.
//
// Nothing here reads a clock or keeps state: the same values give the same
// answers. All values but an Attainment that is being added to may be used
// from many goroutines at once.
//
// The published data retells the provider's public document and is general
// information: it is no contract, it may change, and the provider's terms
// govern. This library is not affiliated with the provider.
package sla

import (
	"errors"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
)

var (
	// ErrTarget is wrapped by every error that rejects a target: one whose
	// duration is not positive.
	ErrTarget = errors.New("not a target")

	// ErrTime is wrapped by every error that rejects an instant: one that is
	// missing, outside the years 1 to 9999, or before the case was opened; and
	// two that lie so far apart, some 292 years, that no duration holds it.
	ErrTime = errors.New("impossible time")

	// ErrJSON is wrapped by every error of decoding JSON that is malformed, or
	// has unknown, duplicate, missing or null fields.
	ErrJSON = strictjson.ErrInvalid
)

// checkTime returns an error wrapping [ErrTime] if t is the zero time or lies
// outside the years that RFC 3339, and so JSON, can write.
func checkTime(what string, t time.Time) error {
	if year := t.UTC().Year(); !t.IsZero() && year >= 1 && year <= 9999 {
		return nil
	}
	return fmt.Errorf("%s at %s: %w", what, stamp(t), ErrTime)
}

// stamp writes an instant for an error.
func stamp(t time.Time) string { return t.Format(time.RFC3339Nano) }
