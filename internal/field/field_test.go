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

func TestOp(t *testing.T) {
	cause, sentinel := errors.New("cause"), errors.New("sentinel")
	inner := field.Op("price: compile", field.Wrap("tiers[2].rate", cause))
	for _, c := range []struct {
		err  error
		want string
	}{
		{inner, "price: compile: tiers[2].rate: cause"},
		{field.Op("billing: card", field.Wrap("plans.team", inner)), "billing: card: plans.team.tiers[2].rate: cause"},
		{field.Op("billing: card", field.Wrap("", inner)), "billing: card: tiers[2].rate: cause"},
		{field.Wrap("plans.team", field.Op("price: compile", cause)), "plans.team: cause"},
		{field.Mark(inner, sentinel), "price: compile: tiers[2].rate: cause"},
		{field.Wrap("plans.team", field.Mark(inner, sentinel)), "plans.team.tiers[2].rate: cause"},
		{field.Mark(cause, sentinel), "cause"},
		{field.Mark(field.Mark(cause, sentinel), sentinel), "cause"},
	} {
		if c.err.Error() != c.want || !errors.Is(c.err, cause) {
			t.Errorf("got %v, want %s", c.err, c.want)
		}
	}
	var e *field.Error
	if err := field.Mark(inner, sentinel); !errors.Is(err, sentinel) || !errors.As(err, &e) || e.Path != "tiers[2].rate" || !errors.Is(e.Err, sentinel) {
		t.Errorf("%v, path %q", err, e.Path)
	}
	if errors.Is(inner, sentinel) {
		t.Error("marking an error changed the original")
	}
	if field.Op("op", nil) != nil || field.Mark(nil, sentinel) != nil || field.Mark(sentinel, sentinel) != sentinel {
		t.Error("no error became one, or the sentinel another")
	}
}

func TestJoin(t *testing.T) {
	for _, c := range [][3]string{{"a", "b", "a.b"}, {"a", "[0]", "a[0]"}, {"a", "", "a"}, {"", "b", "b"}, {"", "[0]", "[0]"}, {"", "", ""}} {
		if got := field.Join(c[0], c[1]); got != c[2] {
			t.Errorf("Join(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
