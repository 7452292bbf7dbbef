package strictjson

import (
	"bytes"
	"errors"
	"fmt"
)

// Format is the format number that this version writes into documents.
const Format = 1

// ErrNewer is wrapped by the error of a document with a format number above
// [Format].
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

// Nest returns the JSON of a document without its format number, to be put into
// another document.
func Nest(data []byte) []byte {
	if rest, ok := bytes.CutPrefix(data, []byte(`{"format":1,`)); ok {
		return append([]byte{'{'}, rest...)
	}
	return data
}
