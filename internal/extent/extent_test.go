package extent_test

import (
	"testing"

	"github.com/supportplan/supportplan/internal/extent"
)

func TestOf(t *testing.T) {
	divides := func(name string, d int) extent.Trait[int] {
		return extent.Trait[int]{Name: name, Has: func(n int) bool { return n%d == 0 }}
	}
	traits := []extent.Trait[int]{divides("even", 2), divides("of four", 4), divides("of three", 3), divides("whole", 1)}
	for _, c := range []struct {
		wrong, right func(n int) bool
		want         string
	}{
		{func(n int) bool { return false }, func(n int) bool { return true }, ""},
		{func(n int) bool { return true }, func(n int) bool { return false }, "; wrong in 48 of 48 numbers"},
		{func(n int) bool { return n%5 == 0 }, func(n int) bool { return n%5 != 0 }, "; wrong in 9 of 48 numbers"},
		{func(n int) bool { return n%2 == 0 }, func(n int) bool { return n%2 != 0 }, "; wrong in 24 of 48 numbers, only even (all such)"},
		{func(n int) bool { return n%2 == 0 }, func(n int) bool { return n == 1 }, "; wrong in 24 of 25 numbers, only even (all such)"},
		{func(n int) bool { return n%12 == 0 }, func(n int) bool { return n%12 != 0 }, "; wrong in 4 of 48 numbers, only of four, only of three (all such)"},
		{func(n int) bool { return n == 8 || n == 20 }, func(n int) bool { return n != 8 && n != 20 }, "; wrong in 2 of 48 numbers, only of four (2 of 12 such)"},
	} {
		var wrong, right []int
		for n := 1; n <= 48; n++ {
			if c.wrong(n) {
				wrong = append(wrong, n)
			}
			if c.right(n) {
				right = append(right, n)
			}
		}
		if got := extent.Of("numbers", wrong, right, traits); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
