package enum_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/supportplan/supportplan/internal/enum"
)

type mode string

func TestTokens(t *testing.T) {
	sentinel := errors.New("invalid input")
	modes := []mode{"up", "down"}
	var m mode
	if err := enum.ReadToken(&m, []byte("down"), "mode", modes, sentinel); m != "down" || err != nil {
		t.Errorf("%q, %v", m, err)
	}
	for given, want := range map[string]string{
		"":                         `missing; want one of "up", "down": invalid input`,
		"Up":                       `"Up": unknown mode; want one of "up", "down": invalid input`,
		strings.Repeat("x", 1<<20): `"` + strings.Repeat("x", 64) + `"…: unknown mode; want one of "up", "down": invalid input`,
	} {
		err := enum.ReadToken(&m, []byte(given), "mode", modes, sentinel)
		if err == nil || err.Error() != want || !errors.Is(err, sentinel) || m != "down" || enum.IsToken(mode(given), modes) {
			t.Errorf("%.10q: %q, %v", given, m, err)
		}
	}
	if err := enum.CheckToken("up", "mode", modes, sentinel); err != nil || !enum.IsToken("up", modes) {
		t.Error(err)
	}
}
