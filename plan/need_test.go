package plan_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/plan"
)

// These are needs of a caller's own, of every kind that can be nil.
type (
	atLeast  plan.Plan
	pointed  struct{}
	function func(plan.Plan) bool
	mapped   map[plan.Plan]bool
	listed   []plan.Plan
)

func (n atLeast) MetBy(p plan.Plan) bool  { return p >= plan.Plan(n) }
func (n *pointed) MetBy(plan.Plan) bool   { panic("asked a nil need") }
func (n function) MetBy(p plan.Plan) bool { return n(p) }
func (n mapped) MetBy(p plan.Plan) bool   { return n[p] }
func (n listed) MetBy(p plan.Plan) bool   { return slices.Contains(n, p) }

func TestLowest(t *testing.T) {
	type needs = []plan.Need
	for _, c := range []struct {
		needs needs
		want  plan.Plan
		unmet needs
	}{
		{nil, plan.Basic, nil},
		{needs{atLeast(plan.Business)}, plan.Business, nil},
		{needs{atLeast(plan.Developer), mapped{plan.Basic: true, plan.Enterprise: true}}, plan.Enterprise, nil},
		{needs{mapped{plan.Business: true}, listed{plan.Developer, plan.Business}}, plan.Business, nil},
		{needs{atLeast(9), listed{plan.Developer}, listed{}}, 0, needs{atLeast(9), listed{}}},
		{needs{atLeast(plan.Business), listed{plan.Basic}}, 0, nil},
		{needs{nil, (*pointed)(nil), listed{plan.Basic}, mapped(nil), listed(nil)}, 0, needs{nil, (*pointed)(nil), mapped(nil), listed(nil)}},
	} {
		got, unmet := plan.Lowest(c.needs...)
		if diff := cmp.Diff(c.unmet, unmet); diff != "" || got != c.want {
			t.Errorf("Lowest(%v) = %v, want %v; unmet (-want +got):\n%s", c.needs, got, c.want, diff)
		}
	}
	if got, unmet := plan.Lowest(function(nil)); got != 0 || len(unmet) != 1 {
		t.Errorf("%v, %v", got, unmet)
	}
	if got, unmet := plan.Lowest(function(plan.Plan.IsPaid)); got != plan.Developer || unmet != nil {
		t.Errorf("%v, %v", got, unmet)
	}
}

// The slow and obvious answer: ask every need of every plan, from the lowest.
func TestLowestReference(t *testing.T) {
	need := rapid.Custom(func(t *rapid.T) plan.Need {
		return append(listed{}, rapid.SliceOfN(rapid.SampledFrom(plan.All()), 0, 3).Draw(t, "plans")...)
	})
	rapid.Check(t, func(t *rapid.T) {
		needs := rapid.SliceOfN(need, 0, 4).Draw(t, "needs")
		var want plan.Plan
		var unmet []plan.Need
		for _, n := range needs {
			if !slices.ContainsFunc(plan.All(), n.MetBy) {
				unmet = append(unmet, n)
			}
		}
		for _, p := range slices.Backward(plan.All()) {
			if !slices.ContainsFunc(needs, func(n plan.Need) bool { return !n.MetBy(p) }) {
				want = p
			}
		}
		got, gotUnmet := plan.Lowest(needs...)
		if diff := cmp.Diff(unmet, gotUnmet); diff != "" || got != want {
			t.Errorf("%v: %v, want %v; unmet (-want +got):\n%s", needs, got, want, diff)
		}
	})
}
