// Package extent describes the common trait of wrong answers: one that all of
// them have and most right ones do not.
package extent

import (
	"fmt"
	"slices"
	"strings"
)

// A Trait is something that some questions have. Name follows the word "only",
// such as "on Mondays".
type Trait[Q any] struct {
	Name string
	Has  func(q Q) bool
}

// most is how many traits are named at most.
const most = 3

// Of returns "; wrong in 3 of 90 answers, only backward, only on Mondays (3 of 5
// such)", where noun is the word for answers. A trait is named if all wrong
// questions have it and half of the right ones do not, or, of a further trait,
// two thirds or more of those that have the traits before; the one that leaves the
// fewest comes first.
func Of[Q any](noun string, wrong, right []Q, traits []Trait[Q]) string {
	all := len(wrong) + len(right)
	if len(wrong) == 0 {
		return ""
	}
	s := fmt.Sprintf("; wrong in %d of %d %s", len(wrong), all, noun)
	common := slices.DeleteFunc(slices.Clone(traits), func(t Trait[Q]) bool {
		return slices.ContainsFunc(wrong, func(q Q) bool { return !t.Has(q) })
	})
	var names []string
	for len(names) < most && len(right) > 0 {
		best, fewer := -1, len(right)/(2+len(names))+1
		for i, t := range common {
			n := 0
			for _, q := range right {
				if t.Has(q) {
					n++
				}
			}
			if n < fewer {
				best, fewer = i, n
			}
		}
		if best < 0 {
			break
		}
		names = append(names, "only "+common[best].Name)
		right = slices.DeleteFunc(slices.Clone(right), func(q Q) bool { return !common[best].Has(q) })
	}
	if len(names) == 0 {
		return s
	}
	s += ", " + strings.Join(names, ", ")
	if len(right) == 0 {
		return s + " (all such)"
	}
	return fmt.Sprintf("%s (%d of %d such)", s, len(wrong), len(wrong)+len(right))
}
