package field_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/supportplan/supportplan/internal/field"
)

func TestWrap(t *testing.T) {
	cause := errors.New("cause")
	for _, c := range []struct {
		err  error
		path string
		want string
	}{
		{field.Wrap("tiers[2].rate", cause), "tiers[2].rate", "tiers[2].rate: cause"},
		{field.Wrap("plans.business", field.Wrap("tiers[2].rate", cause)), "plans.business.tiers[2].rate", "plans.business.tiers[2].rate: cause"},
		{field.Wrap("events", field.Wrap("[3].at", cause)), "events[3].at", "events[3].at: cause"},
		{field.Wrap("", field.Wrap("at", cause)), "at", "at: cause"},
		{field.Wrap("a", fmt.Errorf("op: %w", field.Wrap("b", cause))), "a", "a: op: b: cause"},
	} {
		var e *field.Error
		if !errors.As(c.err, &e) || e.Path != c.path || c.err.Error() != c.want || !errors.Is(c.err, cause) {
			t.Errorf("got %v, path %q; want %s, path %s", c.err, e.Path, c.want, c.path)
		}
	}
	if err := field.Wrap("path", nil); err != nil {
		t.Errorf("no error became %v", err)
	}
	if err := field.Wrap("", cause); err != cause {
		t.Errorf("without a path: %v", err)
	}
}
