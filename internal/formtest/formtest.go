// Package formtest holds JSON forms to account in fuzz tests.
package formtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
)

// A T takes the failure of a round trip, as *testing.T does.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// RoundTrip decodes data into a, and the encoding of a into b, which must encode
// to the same again. It is not ok if data does not decode; then the error must
// wrap one of told or be one of syntax, and a must still be zero.
func RoundTrip[F any](t T, data []byte, a, b *F, told []error) (ok bool) {
	t.Helper()
	if err := json.Unmarshal(data, a); err != nil {
		var syntax *json.SyntaxError
		if !IsTold(err, told) && !errors.As(err, &syntax) {
			t.Fatalf("%s: %v", data, err)
		}
		if !reflect.ValueOf(*a).IsZero() {
			t.Fatalf("%s: an error, but %+v", data, *a)
		}
		return false
	}
	again, err := json.Marshal(a)
	if err != nil {
		t.Fatalf("%s decodes, but %v", data, err)
	}
	if err := json.Unmarshal(again, b); err != nil {
		t.Fatalf("%s became %s: %v", data, again, err)
	}
	third, err := json.Marshal(b)
	if err != nil || !bytes.Equal(again, third) {
		t.Fatalf("%s became %s, then %s: %v", data, again, third, err)
	}
	return true
}

// IsTold reports whether err wraps one of told.
func IsTold(err error, told []error) bool {
	for _, is := range told {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}
