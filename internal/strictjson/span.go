package strictjson

import (
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/quote"
)

// Span returns the fields start and end of o, the object form of a period. The
// end may be absent; it is then the zero time. An end that is written as the
// zero time is an error wrapping invalid: it must not be read as absent.
func (o Object) Span(invalid error) (start, end time.Time) {
	start = o.Need("start").Time()
	if v := o.May("end"); v.IsPresent() {
		end = v.Time()
		if end.IsZero() {
			v.Fail(fmt.Errorf("%s: %w", quote.String(v.Text()), invalid))
		}
	}
	return start, end
}
