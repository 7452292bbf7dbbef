package clock

import (
	"cmp"
	"slices"
)

// A timed is how many cycles have a time.
type timed struct{ after, cycles int64 }

// times counts times. Copies are independent: a run never changes.
type times struct {
	recent [16]int64 // the latest times, not yet in a run
	n      int       // how many
	runs   [][]timed // each in rising order, and less than half as long as the one before
}

// add counts one time.
func (t *times) add(after int64) {
	t.recent[t.n] = after
	if t.n++; t.n < len(t.recent) {
		return
	}
	run, i := t.recentRun(), len(t.runs)
	for ; i > 0 && len(t.runs[i-1]) < 2*len(run); i-- {
		run = sum(t.runs[i-1], run)
	}
	t.runs, t.n = append(t.runs[:i:i], run), 0
}

// recentRun returns the latest times as a run.
func (t *times) recentRun() []timed {
	run := make([]timed, t.n)
	for i, after := range t.recent[:t.n] {
		run[i] = timed{after, 1}
	}
	return compact(run)
}

// all returns all times in rising order.
func (t *times) all() []timed {
	run := t.recentRun()
	for _, r := range slices.Backward(t.runs) {
		run = sum(r, run)
	}
	return run
}

// set has t count the times of a run, and keeps it.
func (t *times) set(run []timed) {
	*t = times{runs: [][]timed{run}}
}

// remove takes one time out and reports whether it was counted.
func (t *times) remove(after int64) bool {
	run := slices.Clone(t.all())
	i, ok := slices.BinarySearchFunc(run, after, func(a timed, after int64) int { return cmp.Compare(a.after, after) })
	if !ok {
		return false
	}
	if run[i].cycles--; run[i].cycles == 0 {
		run = slices.Delete(run, i, i+1)
	}
	t.set(run)
	return true
}

// compact puts a run of its own in order, each time once.
func compact(run []timed) []timed {
	slices.SortFunc(run, func(a, b timed) int { return cmp.Compare(a.after, b.after) })
	out := run[:0]
	for _, a := range run {
		if n := len(out); n > 0 && out[n-1].after == a.after {
			out[n-1].cycles += a.cycles
		} else {
			out = append(out, a)
		}
	}
	return out
}

// sum returns the run that counts the times of two.
func sum(a, b []timed) []timed {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	out := make([]timed, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch c := cmp.Compare(a[0].after, b[0].after); {
		case c < 0:
			out, a = append(out, a[0]), a[1:]
		case c > 0:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, timed{a[0].after, a[0].cycles + b[0].cycles})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// mapped returns the run of f of each time of t.
func (t *times) mapped(f func(after int64) int64) []timed {
	run := slices.Clone(t.all())
	for i := range run {
		run[i].after = f(run[i].after)
	}
	return compact(run)
}
