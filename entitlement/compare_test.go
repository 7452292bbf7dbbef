package entitlement_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
)

// gained returns the changes of features that the new plan alone includes.
func gained(t *testing.T, tokens string) (out []entitlement.Change) {
	t.Helper()
	for _, s := range strings.Fields(tokens) {
		f, err := entitlement.ParseFeature(s)
		if err != nil {
			t.Fatal(err)
		}
		to := "yes"
		if f == entitlement.TechnicalAccountManager {
			to = "designated"
		}
		out = append(out, entitlement.Change{f, entitlement.DifferenceGained, "no", to})
	}
	return out
}

func TestCompare(t *testing.T) {
	const top = "technical-account-manager event-management training service-report architecture-optimization " +
		"high-availability-optimization stability-optimization resources-optimization business-health-check"
	handling := func(from, to string) entitlement.Change {
		return entitlement.Change{entitlement.CaseHandling, entitlement.DifferenceChanged, from, to}
	}
	const associates, engineers, experts = "Customer Service Associates", "Cloud Support Engineers", "Cloud Support Experts"
	for _, c := range []struct {
		from, to plan.Plan
		want     []entitlement.Change
	}{
		{plan.Basic, plan.Basic, []entitlement.Change{}},
		{plan.Basic, plan.Developer, gained(t, "phone third-party-software health-check")},
		{plan.Developer, plan.Business, []entitlement.Change{handling(associates, engineers)}},
		{plan.Business, plan.Enterprise, append(append(gained(t, "im-group"), handling(engineers, experts)), gained(t, top)...)},
	} {
		for _, down := range []bool{false, true} {
			from, to, want := c.from, c.to, append([]entitlement.Change{}, c.want...)
			if down {
				from, to = to, from
				for i, x := range want {
					want[i].From, want[i].To = x.To, x.From
					if x.Difference == entitlement.DifferenceGained {
						want[i].Difference = entitlement.DifferenceLost
					}
				}
			}
			got, err := entitlement.Published().Compare(from, to)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("Compare(%v, %v), %v (-want +got):\n%s", from, to, err, diff)
			}
		}
	}
}

// Changes marshal, also if there are none, and are read back.
func TestChangesJSON(t *testing.T) {
	for _, c := range []struct {
		from, to plan.Plan
		js       string
	}{
		{plan.Business, plan.Business, `[]`},
		{plan.Developer, plan.Business, `[{"feature":"case-handling","difference":"changed","from":"Customer Service Associates","to":"Cloud Support Engineers"}]`},
	} {
		changes, err := entitlement.Published().Compare(c.from, c.to)
		if err != nil {
			t.Fatal(err)
		}
		var back []entitlement.Change
		js, err := json.Marshal(changes)
		if err != nil || string(js) != c.js || json.Unmarshal(js, &back) != nil || cmp.Diff(changes, back) != "" {
			t.Errorf("%s, %v, %v, want %s", js, err, back, c.js)
		}
	}
}

// Under a contract the changes are those of the answers.
func TestCompareAtReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, c := matrices.Draw(t, "matrix"), contracts.Draw(t, "contract")
		from, to := rapid.SampledFrom(plan.All()).Draw(t, "from"), rapid.SampledFrom(plan.All()).Draw(t, "to")
		at := day(rapid.IntRange(1, 12).Draw(t, "day"))
		changes, err := m.CompareAt(c, from, to, at)
		if err != nil {
			t.Fatal(err)
		}
		found := map[entitlement.Feature]entitlement.Difference{}
		for _, x := range changes {
			found[x.Feature] = x.Difference
		}
		for _, f := range entitlement.Features() {
			a, b := m.CheckAt(c, from, f, at), m.CheckAt(c, to, f, at)
			want := entitlement.Difference("")
			switch {
			case !a.Included && b.Included:
				want = entitlement.DifferenceGained
			case a.Included && !b.Included:
				want = entitlement.DifferenceLost
			case a.Detail != b.Detail:
				want = entitlement.DifferenceChanged
			}
			if found[f] != want {
				t.Errorf("%v: %q, want %q", f, found[f], want)
			}
		}
	})
}

func TestCompareErrors(t *testing.T) {
	for _, c := range []struct {
		from, to plan.Plan
		text     string
	}{
		{0, plan.Basic, "from: Plan(0)"},
		{plan.Basic, 5, "to: Plan(5)"},
	} {
		got, err := entitlement.Published().Compare(c.from, c.to)
		if !errors.Is(err, plan.ErrUnknown) || err.Error() != "entitlement: compare: "+c.text+": unknown plan" || got != nil {
			t.Errorf("%v, want %s", err, c.text)
		}
	}
	if _, err := entitlement.Published().CompareAt(entitlement.Contract{}, plan.Basic, plan.Business, time.Time{}); !errors.Is(err, entitlement.ErrInvalid) ||
		!strings.HasPrefix(err.Error(), "entitlement: compare: at: ") {
		t.Errorf("%v", err)
	}
}
