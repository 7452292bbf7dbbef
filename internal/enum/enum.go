// Package enum gives the library's ordered enumerations their text, JSON and SQL
// forms.
//
// An enumeration is a small unsigned integer whose zero is no value. Its text
// form is a token: stable, lower-case, and the only thing that is ever stored.
// Decoding accepts the exact token only; Parse is for people and accepts names
// in any case. Each type's own methods are one line over a [Texts].
package enum

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/supportplan/supportplan/internal/quote"
)

// Texts holds the texts of the enumeration E, indexed by its values; index 0,
// the zero value's, stays empty.
type Texts[E ~uint8] struct {
	Package string   // the package that declares E, as errors name it
	Type    string   // E's name, one word
	Unknown error    // the sentinel that rejections wrap
	Tokens  []string // stable lower-case tokens
	Names   []string // the document's names; may be nil
	Others  []string // second names that Parse takes too; may be nil
}

// All returns every valid value in increasing order, in a fresh slice.
func (x *Texts[E]) All() []E {
	all := make([]E, 0, len(x.Tokens)-1)
	for i := 1; i < len(x.Tokens); i++ {
		all = append(all, E(i))
	}
	return all
}

// IsValid reports whether e is one of the values; the zero value is not.
func (x *Texts[E]) IsValid(e E) bool { return e != 0 && int(e) < len(x.Tokens) }

// String returns e's token, or Type(n) if e is not valid.
func (x *Texts[E]) String(e E) string { return x.text(x.Tokens, e) }

// Name returns e's name, or Type(n) if e is not valid.
func (x *Texts[E]) Name(e E) string { return x.text(x.Names, e) }

// Other returns e's second name, or Type(n) if e is not valid.
func (x *Texts[E]) Other(e E) string { return x.text(x.Others, e) }

func (x *Texts[E]) text(texts []string, e E) string {
	if x.IsValid(e) {
		return texts[e]
	}
	return x.Type + "(" + strconv.Itoa(int(e)) + ")"
}

// unknown returns the error of rejecting the value shown as given. It begins with
// context and names the kind of value, the value and the tokens that are allowed.
func (x *Texts[E]) unknown(context, given string) error {
	last := len(x.Tokens) - 1
	allowed := strings.Join(x.Tokens[1:last], ", ")
	if allowed != "" {
		allowed += " or "
	}
	return fmt.Errorf("%s%s %s: want %s%s: %w", context, strings.ToLower(x.Type), given, allowed, x.Tokens[last], x.Unknown)
}

// Check returns an error that wraps x.Unknown if e is not valid.
func (x *Texts[E]) Check(op string, e E) error {
	if x.IsValid(e) {
		return nil
	}
	return x.unknown(x.Package+": "+op+": ", x.String(e))
}

// Parse returns the value whose token, name or second name is s, ignoring the
// case of ASCII letters. Any other s is an error that wraps x.Unknown.
func (x *Texts[E]) Parse(s string) (E, error) {
	for _, texts := range [][]string{x.Tokens, x.Names, x.Others} {
		// Equal lengths keep Unicode's folding out: every letter that folds
		// to an ASCII one is longer than it.
		i := slices.IndexFunc(texts, func(t string) bool { return len(t) == len(s) && strings.EqualFold(t, s) })
		if i > 0 {
			return E(i), nil
		}
	}
	return 0, x.unknown(x.Package+": parse ", quote.String(s))
}

// MarshalText returns e's token; an invalid e is an error.
func (x *Texts[E]) MarshalText(e E) ([]byte, error) {
	if err := x.Check("marshal", e); err != nil {
		return nil, err
	}
	return []byte(x.Tokens[e]), nil
}

// UnmarshalText sets *e to the value whose token is b, exactly. Any other b is
// an error that wraps x.Unknown; then *e is unchanged. The error names no
// package, because the decoder that called names the place.
func (x *Texts[E]) UnmarshalText(e *E, b []byte) error {
	i := slices.Index(x.Tokens, string(b))
	if i < 1 {
		return x.unknown("", quote.String(string(b)))
	}
	*e = E(i)
	return nil
}

// Value returns e's token for SQL; an invalid e is an error.
func (x *Texts[E]) Value(e E) (driver.Value, error) {
	b, err := x.MarshalText(e)
	if err != nil {
		return nil, err
	}
	return string(b), nil
}

// Scan sets *e from SQL text, which must be a token exactly. NULL and anything
// that is neither a string nor bytes is an error that wraps x.Unknown. After an
// error *e is as before.
func (x *Texts[E]) Scan(e *E, src any) error {
	switch s := src.(type) {
	case string:
		return x.UnmarshalText(e, []byte(s))
	case []byte:
		return x.UnmarshalText(e, s)
	}
	return x.unknown(x.Package+": scan ", fmt.Sprintf("from %T, which is not text", src))
}
