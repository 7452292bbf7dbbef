package entitlement_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/entitlement"
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

func TestMinimumPlan(t *testing.T) {
	type needs = []entitlement.Need
	for _, c := range []struct {
		needs needs
		want  entitlement.Minimum
	}{
		{nil, entitlement.Minimum{Plan: plan.Basic}},
		{needs{entitlement.Ticket}, entitlement.Minimum{Plan: plan.Basic}},
		{needs{entitlement.Phone, entitlement.Ticket}, entitlement.Minimum{Plan: plan.Developer}},
		{needs{entitlement.ChannelPhone}, entitlement.Minimum{Plan: plan.Developer}},
		{needs{entitlement.ChannelPhone, entitlement.ChannelIMGroup}, entitlement.Minimum{Plan: plan.Enterprise}},
		{needs{entitlement.HealthCheck, atLeast(plan.Business)}, entitlement.Minimum{Plan: plan.Business}},
		{needs{atLeast(9), entitlement.Phone, entitlement.Feature(17), entitlement.Channel(0)},
			entitlement.Minimum{Unmet: needs{atLeast(9), entitlement.Feature(17), entitlement.Channel(0)}}},
		{needs{entitlement.Training, function(func(p plan.Plan) bool { return p == plan.Basic })}, entitlement.Minimum{}},
		{needs{mapped{plan.Business: true}, listed{plan.Developer, plan.Business}}, entitlement.Minimum{Plan: plan.Business}},
	} {
		got, err := entitlement.MinimumPlan(c.needs...)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("MinimumPlan(%v) (-want +got):\n%s", c.needs, diff)
		}
	}
}

func TestMinimumPlanNil(t *testing.T) {
	for i, n := range []entitlement.Need{nil, (*pointed)(nil), function(nil), mapped(nil), listed(nil)} {
		got, err := entitlement.MinimumPlan(entitlement.Phone, n, entitlement.Ticket)
		if !errors.Is(err, entitlement.ErrNeed) || err.Error() != "entitlement: minimum plan: need 2 of 3: need is nil" {
			t.Errorf("%d: %v", i, err)
		}
		if diff := cmp.Diff(entitlement.Minimum{}, got); diff != "" {
			t.Errorf("%d: %v", i, got)
		}
	}
}

// A modified matrix answers for features and channels itself.
func TestMinimumPlanModified(t *testing.T) {
	m, err := entitlement.Published().With(plan.Business, entitlement.IMGroup, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []entitlement.Need{entitlement.IMGroup, entitlement.ChannelIMGroup} {
		if got, err := m.MinimumPlan(n); got.Plan != plan.Business || err != nil {
			t.Errorf("%v: %v, %v", n, got, err)
		}
		if got, err := entitlement.MinimumPlan(n); got.Plan != plan.Enterprise || err != nil {
			t.Errorf("%v: %v, %v", n, got, err)
		}
	}
}

func TestMetBy(t *testing.T) {
	for i := range 256 {
		p := plan.Plan(i)
		for j := range 256 {
			f, c := entitlement.Feature(j), entitlement.Channel(j)
			if got := f.MetBy(p); got != entitlement.Published().Includes(p, f) {
				t.Errorf("%v.MetBy(%v) = %t", f, p, got)
			}
			if got := c.MetBy(p); got != slices.Contains(entitlement.Published().Channels(p), c) {
				t.Errorf("%v.MetBy(%v) = %t", c, p, got)
			}
		}
	}
}

// The slow and obvious answer: ask every need of every plan, from the lowest.
func TestMinimumPlanReference(t *testing.T) {
	need := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) entitlement.Need {
			return entitlement.Feature(rapid.Uint8Range(0, 18).Draw(t, "feature"))
		}),
		rapid.Custom(func(t *rapid.T) entitlement.Need {
			return entitlement.Channel(rapid.Uint8Range(0, 5).Draw(t, "channel"))
		}),
		rapid.Custom(func(t *rapid.T) entitlement.Need {
			return append(listed{}, rapid.SliceOfN(rapid.SampledFrom(plan.All()), 0, 3).Draw(t, "plans")...)
		}),
	)
	rapid.Check(t, func(t *rapid.T) {
		needs := rapid.SliceOfN(need, 0, 4).Draw(t, "needs")
		var want entitlement.Minimum
		for _, n := range needs {
			if !slices.ContainsFunc(plan.All(), n.MetBy) {
				want.Unmet = append(want.Unmet, n)
			}
		}
		for _, p := range slices.Backward(plan.All()) {
			if !slices.ContainsFunc(needs, func(n entitlement.Need) bool { return !n.MetBy(p) }) {
				want.Plan = p
			}
		}
		got, err := entitlement.MinimumPlan(needs...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", needs, diff)
		}
	})
}

func TestCompare(t *testing.T) {
	type bundle = entitlement.Bundle
	features := func(tokens string) (out []entitlement.Feature) {
		for _, s := range strings.Fields(tokens) {
			f, err := entitlement.ParseFeature(s)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, f)
		}
		return out
	}
	const phone, im = entitlement.ChannelPhone, entitlement.ChannelIMGroup
	const top = "im-group technical-account-manager event-management training service-report architecture-optimization " +
		"high-availability-optimization stability-optimization resources-optimization business-health-check"
	for _, c := range []struct {
		from, to     plan.Plan
		gained, lost bundle
	}{
		{plan.Basic, plan.Basic, bundle{}, bundle{}},
		{plan.Basic, plan.Developer, bundle{Features: features("phone third-party-software health-check"), Channels: []entitlement.Channel{phone}}, bundle{}},
		{plan.Developer, plan.Business, bundle{Personnel: entitlement.SupportEngineers}, bundle{Personnel: entitlement.ServiceAssociates}},
		{plan.Business, plan.Enterprise,
			bundle{Features: features(top), Channels: []entitlement.Channel{im}, Personnel: entitlement.SupportExperts},
			bundle{Personnel: entitlement.SupportEngineers}},
		{plan.Basic, plan.Enterprise,
			bundle{
				Features: features("phone im-group technical-account-manager third-party-software event-management health-check training " +
					"service-report architecture-optimization high-availability-optimization stability-optimization resources-optimization business-health-check"),
				Channels: []entitlement.Channel{phone, im}, Personnel: entitlement.SupportExperts,
			},
			bundle{Personnel: entitlement.ServiceAssociates}},
	} {
		for _, down := range []bool{false, true} {
			want := entitlement.Comparison{From: c.from, To: c.to, Gained: c.gained, Lost: c.lost}
			if down {
				want = entitlement.Comparison{From: c.to, To: c.from, Gained: c.lost, Lost: c.gained}
			}
			got, err := entitlement.Published().Compare(want.From, want.To)
			if err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Compare(%v, %v) (-want +got):\n%s", want.From, want.To, diff)
			}
		}
	}
}

func TestCompareErrors(t *testing.T) {
	for _, c := range [][2]plan.Plan{{0, plan.Basic}, {plan.Basic, 5}} {
		got, err := entitlement.Published().Compare(c[0], c[1])
		if !errors.Is(err, plan.ErrUnknown) || !strings.HasPrefix(err.Error(), "entitlement: compare Plan(") {
			t.Errorf("%v", err)
		}
		if diff := cmp.Diff(entitlement.Comparison{}, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestBundleIsEmpty(t *testing.T) {
	for _, c := range []struct {
		b    entitlement.Bundle
		want bool
	}{
		{entitlement.Bundle{}, true},
		{entitlement.Bundle{Features: []entitlement.Feature{entitlement.Phone}}, false},
		{entitlement.Bundle{Channels: []entitlement.Channel{entitlement.ChannelPhone}}, false},
		{entitlement.Bundle{Personnel: entitlement.SupportExperts}, false},
	} {
		if got := c.b.IsEmpty(); got != c.want {
			t.Errorf("%+v: %t", c.b, got)
		}
	}
}
