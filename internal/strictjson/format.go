package strictjson

import (
	"bytes"
	"errors"
	"fmt"
)

// Format is the number of the form in which this version writes the documents
// that callers keep.
const Format = 1

// ErrNewer is wrapped by the error of a document whose format number is higher
// than [Format].
var ErrNewer = errors.New("written by a newer version")

// Format reads the field format of o, the object form of a document. A document
// without the field has format 1.
func (o Object) Format() {
	v := o.May("format")
	if !v.IsPresent() {
		return
	}
	if n := v.Int(1, 1<<31-1); n > Format {
		v.Fail(fmt.Errorf("%d: this version reads up to %d: %w", n, Format, ErrNewer))
	}
}

// Nest returns the JSON of a document as it stands inside another one: without
// its format number.
func Nest(data []byte) []byte {
	if rest, ok := bytes.CutPrefix(data, []byte(`{"format":1,`)); ok {
		return append([]byte{'{'}, rest...)
	}
	return data
}
