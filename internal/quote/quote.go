// Package quote puts input into error messages without letting a hostile
// input decide how long the message, or the time to make it, becomes.
package quote

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// maxLen is how many bytes of an input an error message shows.
const maxLen = 64

// String returns s in double quotes, escaped as by [strconv.Quote], and cut
// after 64 bytes with an ellipsis behind the closing quote.
func String(s string) string {
	if len(s) <= maxLen {
		return strconv.Quote(s)
	}
	return strconv.Quote(s[:maxLen]) + "…"
}

// Decimal returns d in plain digits where that is short, and otherwise says
// how large the number is. It never expands an exponent.
func Decimal(d decimal.Decimal) string {
	digits, exp := d.NumDigits(), int64(d.Exponent())
	if int64(digits)+max(exp, 0) <= maxLen && exp >= -maxLen {
		return d.String()
	}
	return "a number of " + strconv.Itoa(digits) + " digits with exponent " + strconv.FormatInt(exp, 10)
}
