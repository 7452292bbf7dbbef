package enum

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/supportplan/supportplan/internal/quote"
)

// IsToken reports whether e is one of all.
func IsToken[E ~string](e E, all []E) bool { return slices.Contains(all, e) }

// ReadToken sets *e to the token of all that b spells, or returns the error of
// [CheckToken]; then *e is unchanged.
func ReadToken[E ~string](e *E, b []byte, kind string, all []E, sentinel error) error {
	token := E(b)
	if err := CheckToken(token, kind, all, sentinel); err != nil {
		return err
	}
	*e = token
	return nil
}

// CheckToken returns an error unless e is one of all. The error names the kind of
// value, such as "rounding mode", or calls an empty e missing, lists all and wraps
// sentinel.
func CheckToken[E ~string](e E, kind string, all []E, sentinel error) error {
	if slices.Contains(all, e) {
		return nil
	}
	if e == "" {
		return fmt.Errorf("missing; want one of %s: %w", List(all), sentinel)
	}
	return fmt.Errorf("%s: unknown %s; want one of %s: %w", quote.String(string(e)), kind, List(all), sentinel)
}

// List writes tokens for an error: quoted, and separated by commas.
func List[E ~string](all []E) string {
	tokens := make([]string, len(all))
	for i, token := range all {
		tokens[i] = strconv.Quote(string(token))
	}
	return strings.Join(tokens, ", ")
}
