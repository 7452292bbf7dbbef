package entitlement_test

import (
	"math/rand/v2"
	"testing"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
)

func TestAllocs(t *testing.T) {
	m := mustMatrix(t, included(plan.Business, entitlement.Training))
	c := mustContract(t, override("x", entitlement.OverrideGrant, entitlement.Training, days(1, 5)), override("y", entitlement.OverrideAddOn, entitlement.IMGroup, days(1, 5)))
	at := day(2)
	yes := 0
	for name, call := range map[string]func(p plan.Plan, f entitlement.Feature){
		"Includes": func(p plan.Plan, f entitlement.Feature) {
			if m.Includes(p, f) {
				yes++
			}
		},
		"Check": func(p plan.Plan, f entitlement.Feature) {
			if m.Check(p, f).Included {
				yes++
			}
		},
		"CheckAt": func(p plan.Plan, f entitlement.Feature) {
			if m.CheckAt(c, p, f, at).Included {
				yes++
			}
		},
	} {
		p, f := plan.Plan(0), entitlement.Feature(0)
		allocs := testing.AllocsPerRun(1000, func() {
			call(p, f)
			if f++; f > entitlement.BusinessHealthCheck {
				p, f = (p+1)%6, entitlement.SelfSupport
			}
		})
		if allocs != 0 {
			t.Errorf("%s allocates %v times", name, allocs)
		}
	}
	if yes == 0 {
		t.Error("nothing was included")
	}
}

// questions are plans and features drawn at random, from a fixed seed.
const questions = 4096

type question struct {
	p plan.Plan
	f entitlement.Feature
}

func draw() (qs [questions]question) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range qs {
		qs[i] = question{plan.Plan(1 + r.IntN(4)), entitlement.Feature(1 + r.IntN(16))}
	}
	return qs
}

// BenchmarkArray is the limit: a bare array that somebody filled beforehand.
func BenchmarkArray(b *testing.B) {
	qs := draw()
	var array [5][17]bool
	for p := range plan.Plan(5) {
		for f := range entitlement.Feature(17) {
			array[p][f] = entitlement.Published().Includes(p, f)
		}
	}
	yes, i := 0, 0
	for b.Loop() {
		if q := qs[i%questions]; array[q.p][q.f] {
			yes++
		}
		i++
	}
	sink = yes
}

func BenchmarkIncludes(b *testing.B) {
	qs := draw()
	m := entitlement.Published()
	yes, i := 0, 0
	for b.Loop() {
		if q := qs[i%questions]; m.Includes(q.p, q.f) {
			yes++
		}
		i++
	}
	sink = yes
}

func BenchmarkCheck(b *testing.B) {
	qs := draw()
	m := entitlement.Published()
	var decision entitlement.Decision
	i := 0
	for b.Loop() {
		q := qs[i%questions]
		decision = m.Check(q.p, q.f)
		i++
	}
	sink = int(decision.Unlock)
}

func BenchmarkCheckAt(b *testing.B) {
	qs := draw()
	m := entitlement.Published()
	c := mustContract(b, override("x", entitlement.OverrideGrant, entitlement.Training, days(1, 5)), override("y", entitlement.OverrideAddOn, entitlement.IMGroup, days(1, 5)))
	at := day(2)
	var decision entitlement.Decision
	i := 0
	for b.Loop() {
		q := qs[i%questions]
		decision = m.CheckAt(c, q.p, q.f, at)
		i++
	}
	sink = int(decision.Unlock)
}

// sink keeps what is measured from being optimized away.
var sink int
