package extent_test

import (
	"fmt"
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

// A first trait leaves half of the right ones at most, a second one a third of
// those. Of equal ones the first is named, and three at most.
func TestLimits(t *testing.T) {
	trait := func(name string, has func(n int) bool) extent.Trait[int] {
		return extent.Trait[int]{Name: name, Has: func(n int) bool { return n < 0 || has(n) }}
	}
	below := func(name string, limit int) extent.Trait[int] {
		return trait(name, func(n int) bool { return n < limit })
	}
	digit := func(name string, unit int) extent.Trait[int] {
		return trait(name, func(n int) bool { return n/unit%8 == 0 })
	}
	for _, c := range []struct {
		right  int
		traits []extent.Trait[int]
		want   string
	}{
		{120, []extent.Trait[int]{below("a", 61)}, ""},
		{120, []extent.Trait[int]{below("a", 60)}, ", only a (1 of 61 such)"},
		{120, []extent.Trait[int]{below("a", 60), below("b", 60)}, ", only a (1 of 61 such)"},
		{120, []extent.Trait[int]{below("a", 50), below("b", 40), below("c", 40)}, ", only b (1 of 41 such)"},
		{120, []extent.Trait[int]{below("a", 60), trait("b", func(n int) bool { return n >= 40 && n < 100 })}, ", only a, only b (1 of 21 such)"},
		{120, []extent.Trait[int]{below("a", 60), trait("b", func(n int) bool { return n >= 39 && n < 99 })}, ", only a (1 of 61 such)"},
		{4096, []extent.Trait[int]{digit("a", 1), digit("b", 8), digit("c", 64), digit("d", 512)}, ", only a, only b, only c (1 of 9 such)"},
	} {
		right := make([]int, c.right)
		for i := range right {
			right[i] = i
		}
		want := fmt.Sprintf("; wrong in 1 of %d numbers%s", c.right+1, c.want)
		if got := extent.Of("numbers", []int{-1}, right, c.traits); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
