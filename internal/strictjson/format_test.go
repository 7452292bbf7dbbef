package strictjson_test

import (
	"errors"
	"testing"

	"github.com/supportplan/supportplan/internal/strictjson"
)

func TestFormat(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:                      "",
		`{"format":1}`:            "",
		`{"format":2}`:            "op: format: 2: this version reads up to 1: written by a newer version",
		`{"format":0}`:            `op: format: invalid JSON: want a whole number from 1 to 2147483647, not the number "0"`,
		`{"format":"1"}`:          `op: format: invalid JSON: want a whole number from 1 to 2147483647, not the string "1"`,
		`{"format":99999999999}`:  `op: format: invalid JSON: want a whole number from 1 to 2147483647, not the number "99999999999"`,
		`{"format":1,"format":1}`: "op: invalid JSON: format: field appears twice",
	} {
		got := ""
		err := strictjson.Decode("op", []byte(in), func(v strictjson.Value) { v.Object(strictjson.Object.Format) })
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s; want %s", in, got, want)
		}
		if isNewer := in == `{"format":2}`; errors.Is(err, strictjson.ErrNewer) != isNewer {
			t.Errorf("%s: is of a newer version: %v", in, !isNewer)
		}
	}
}

func TestNest(t *testing.T) {
	for in, want := range map[string]string{
		`{"format":1,"a":2}`: `{"a":2}`,
		`{"a":2}`:            `{"a":2}`,
		`"24/7"`:             `"24/7"`,
	} {
		if got := string(strictjson.Nest([]byte(in))); got != want {
			t.Errorf("%s became %s; want %s", in, got, want)
		}
	}
}
