// Package quote puts input into error messages. The length of a message and the
// time to make it are bounded for hostile input too.
package quote

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// maxLen is the number of bytes of an input in an error message.
const maxLen = 64

// String returns s in double quotes, escaped as by [strconv.Quote], and cut
// after 64 bytes with an ellipsis behind the closing quote.
func String(s string) string {
	if len(s) <= maxLen {
		return strconv.Quote(s)
	}
	return strconv.Quote(s[:maxLen]) + "…"
}

// Decimal returns d in plain digits if these are at most 64, and its number of
// digits and exponent otherwise. It never expands an exponent.
func Decimal(d decimal.Decimal) string {
	digits, exp := d.NumDigits(), int64(d.Exponent())
	if int64(digits)+max(exp, 0) <= maxLen && exp >= -maxLen {
		return d.String()
	}
	return "a number of " + strconv.Itoa(digits) + " digits with exponent " + strconv.FormatInt(exp, 10)
}
