package guard_test

import (
	"errors"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/supportplan/supportplan/internal/guard"
)

func TestCall(t *testing.T) {
	var g guard.Guard
	own, line := errors.New("own"), regexp.MustCompile(`:\d+$`)
	for _, c := range []struct {
		name string
		f    func() (int, error)
		want int
		err  string
	}{
		{"an answer", func() (int, error) { return 7, nil }, 7, ""},
		{"an error", func() (int, error) { return 7, own }, 7, "own"},
		{"a panic", func() (int, error) { panic("boom") }, 0, "panic: boom at guard_test.go:N"},
		{"a panic of the runtime", func() (int, error) { return []int{}[len(own.Error())], nil }, 0, "panic: runtime error: index out of range [3] with length 0 at guard_test.go:N"},
		{"an ended goroutine", func() (int, error) { runtime.Goexit(); return 7, nil }, 0, "it ended its goroutine, as t.FailNow and t.Skip do"},
	} {
		got, err := guard.Call(&g, c.f)
		text := ""
		if err != nil {
			text = line.ReplaceAllString(err.Error(), ":N")
		}
		if got != c.want || text != c.err {
			t.Errorf("%s: %d, %s; want %d, %s", c.name, got, text, c.want, c.err)
		}
	}
	if g.Calls != 5 || g.Stopped() {
		t.Errorf("%d calls, stopped %v", g.Calls, g.Stopped())
	}
}

// A call without end is left behind, and no further one is made.
func TestTooSlow(t *testing.T) {
	g := guard.Guard{Patience: time.Hour}
	if ok, err := guard.Call(&g, func() (bool, error) { return true, nil }); !ok || err != nil {
		t.Error(err)
	}
	g.Patience = 10 * time.Millisecond
	release := make(chan bool)
	defer close(release)
	if _, err := guard.Call(&g, func() (bool, error) { return <-release, nil }); !errors.Is(err, guard.ErrSlow) {
		t.Error(err)
	}
	if _, err := guard.Call(&g, func() (bool, error) { return true, nil }); !errors.Is(err, guard.ErrStopped) || g.Calls != 2 || !g.Stopped() {
		t.Errorf("%v after %d calls", err, g.Calls)
	}
}

// So are calls that together take longer than the budget.
func TestBudget(t *testing.T) {
	g := guard.Guard{Budget: 20 * time.Millisecond}
	var err error
	for err == nil && g.Calls < 100 {
		_, err = guard.Call(&g, func() (bool, error) { time.Sleep(5 * time.Millisecond); return true, nil })
	}
	if !errors.Is(err, guard.ErrSlow) || g.Calls > 6 || !g.Stopped() {
		t.Errorf("%v after %d calls", err, g.Calls)
	}
	calls := g.Calls
	if _, err := guard.Call(&g, func() (bool, error) { return true, nil }); !errors.Is(err, guard.ErrStopped) || g.Calls != calls {
		t.Errorf("%v after %d more calls", err, g.Calls-calls)
	}
}

// Nothing is left running behind calls that ended, however they did.
func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 100 {
		g := guard.Guard{Patience: time.Hour}
		_, _ = guard.Call(&g, func() (int, error) { return 7, nil })
		_, _ = guard.Call(&g, func() (int, error) { panic("boom") })
		_, _ = guard.Call(&g, func() (int, error) { runtime.Goexit(); return 7, nil })
		if n, err := guard.Call(&g, func() (int, error) { return 7, nil }); n != 7 || err != nil {
			t.Fatal(n, err)
		}
		g.Close()
	}
	for i := 0; runtime.NumGoroutine() > before; i++ {
		if i == 1000 {
			t.Fatalf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		}
		time.Sleep(time.Millisecond)
	}
}
