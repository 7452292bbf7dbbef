package sla

import (
	"database/sql/driver"
	"errors"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Share says what a stretch of a case's time was: see [Interval]. The zero
// Share is none at all; see [Share.IsValid].
type Share uint8

// The shares of a case's time.
const (
	ShareCounted    Share = 1 + iota // the clock ran; a calendar counts its open hours only
	SharePaused                      // in a pause
	ShareClosed                      // between closing and reopening, or since closing
	ShareAnswered                    // after the first response
	ShareSuperseded                  // before a change from which on the policy measures anew
)

// ErrUnknownShare is wrapped by every error that rejects a share.
var ErrUnknownShare = errors.New("unknown share")

// The tokens never change.
var shares = enum.Texts[Share]{
	Package: "sla",
	Type:    "Share",
	Unknown: ErrUnknownShare,
	Tokens: []string{
		ShareCounted:    "counted",
		SharePaused:     "paused",
		ShareClosed:     "closed",
		ShareAnswered:   "answered",
		ShareSuperseded: "superseded",
	},
}

// AllShares returns the shares in the order of their declaration, in a slice of the
// caller's own.
func AllShares() []Share { return shares.All() }

// ParseShare returns the share whose token is s, ignoring case. Any other s is an
// error wrapping [ErrUnknownShare].
func ParseShare(s string) (Share, error) { return shares.Parse(s) }

// IsValid reports whether s is one of the shares; the zero Share is not.
func (s Share) IsValid() bool { return shares.IsValid(s) }

// String returns s's token, such as "counted", or Share(n) if s is not valid.
func (s Share) String() string { return shares.String(s) }

// MarshalText returns s's token. If s is not valid it returns an error
// wrapping [ErrUnknownShare].
func (s Share) MarshalText() ([]byte, error) { return shares.MarshalText(s) }

// UnmarshalText sets *s to what [ParseShare] makes of b. After an error *s is
// as it was.
func (s *Share) UnmarshalText(b []byte) error { return shares.UnmarshalText(s, b) }

// Value returns s's token, for a text column. If s is not valid it returns an
// error wrapping [ErrUnknownShare].
func (s Share) Value() (driver.Value, error) { return shares.Value(s) }

// Scan sets *s from a text column, as [ParseShare] would. NULL and every other
// type are errors, after which *s is as it was.
func (s *Share) Scan(src any) error { return shares.Scan(s, src) }
