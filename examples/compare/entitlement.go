package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/memprovider"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
)

// The contenders that check what is included.
const (
	includes          = "`Includes`"
	check             = "`Check`"
	lowestPlan        = "`plan.Lowest`"
	arrayTable        = "array"
	mapOfMaps         = "map of maps"
	openFeature       = "OpenFeature, in memory"
	openFeatureClient = "OpenFeature, by its client"
)

// A question is whether a plan includes a feature.
type question struct {
	plan    plan.Plan
	feature entitlement.Feature
}

// key is the question as the key of a flag.
func (q question) key() string { return q.plan.String() + "/" + q.feature.String() }

// allQuestions returns every question about valid plans and features.
func allQuestions() (out []question) {
	for _, p := range plan.All() {
		for _, f := range entitlement.Features() {
			out = append(out, question{p, f})
		}
	}
	return out
}

// answers is the matrix as a bare table, large enough for every plan and
// feature: no check of its own.
type answers [8][32]bool

// flags is the matrix as flags of an in-memory provider, one for each question:
// the least work for it, since rules that ask for the plan would come on top.
func flags(m entitlement.Matrix) map[string]memprovider.InMemoryFlag {
	out := make(map[string]memprovider.InMemoryFlag)
	for _, q := range allQuestions() {
		variant := "off"
		if m.Includes(q.plan, q.feature) {
			variant = "on"
		}
		out[q.key()] = memprovider.InMemoryFlag{
			Key: q.key(), State: memprovider.Enabled, DefaultVariant: variant,
			Variants: map[string]any{"on": true, "off": false},
		}
	}
	return out
}

// checks checks that all answers agree, and returns the contenders.
func checks() ([]string, []contender, error) {
	m := entitlement.Published()
	var table answers
	maps := make(map[plan.Plan]map[entitlement.Feature]bool)
	for _, q := range allQuestions() {
		table[q.plan][q.feature] = m.Includes(q.plan, q.feature)
		if maps[q.plan] == nil {
			maps[q.plan] = make(map[entitlement.Feature]bool)
		}
		maps[q.plan][q.feature] = m.Includes(q.plan, q.feature)
	}
	ctx, none := context.Background(), openfeature.EvaluationContext{}
	provider := memprovider.NewInMemoryProvider(flags(m))
	if err := openfeature.SetNamedProviderAndWait("compare", provider); err != nil {
		return nil, nil, err
	}
	client := openfeature.NewClient("compare")

	for _, q := range allQuestions() {
		want := m.Includes(q.plan, q.feature)
		byClient, err := client.BooleanValue(ctx, q.key(), !want, none)
		if err != nil {
			return nil, nil, err
		}
		d := m.Check(q.plan, q.feature)
		unlock, ok := d.Unlock, d.Unlock != 0
		one, _ := plan.Lowest(m.Need(q.feature))
		switch {
		case table[q.plan][q.feature] != want, maps[q.plan][q.feature] != want, byClient != want,
			provider.BooleanEvaluation(ctx, q.key(), !want, nil).Value != want:
			return nil, nil, fmt.Errorf("%s: not everybody says %t", q.key(), want)
		case d.Included != want, ok == want, ok && !table[unlock][q.feature], ok && table[unlock-1][q.feature],
			!table[one][q.feature], table[one-1][q.feature]:
			return nil, nil, fmt.Errorf("%s: decision %v, lowest plan %v", q.key(), d, one)
		}
	}

	r := rand.New(rand.NewPCG(7, 8))
	all := allQuestions()
	questions, keys := make([]question, distinct), make([]string, distinct)
	needs := make([][]plan.Need, distinct)
	for i := range questions {
		questions[i] = all[r.IntN(len(all))]
		keys[i] = questions[i].key()
		for range 3 {
			needs[i] = append(needs[i], m.Need(all[r.IntN(len(all))].feature))
		}
	}
	asked := spread(questions)
	// Answers are folded without a branch, which half of them would mispredict.
	return []string{fmt.Sprintf("Checks: all agree on all %d questions.", len(all))}, []contender{
		{includes, func(n int) {
			odd := false
			for i := range n {
				q := asked[i%count]
				odd = odd != m.Includes(q.plan, q.feature)
			}
			sink.bool = odd
		}},
		{arrayTable, func(n int) {
			odd := false
			for i := range n {
				q := asked[i%count]
				odd = odd != table[q.plan&7][q.feature&31]
			}
			sink.bool = odd
		}},
		{check, func(n int) {
			odd, lowest := false, plan.Plan(0)
			for i := range n {
				q := asked[i%count]
				d := m.Check(q.plan, q.feature)
				odd, lowest = odd != d.Included, lowest^d.Unlock
			}
			sink.bool, sink.plan = odd, lowest
		}},
		{mapOfMaps, func(n int) {
			odd := false
			for i := range n {
				q := asked[i%count]
				odd = odd != maps[q.plan][q.feature]
			}
			sink.bool = odd
		}},
		{lowestPlan, func(n int) {
			lowest := plan.Plan(0)
			for i := range n {
				p, _ := plan.Lowest(needs[turn(i)]...)
				lowest ^= p
			}
			sink.plan = lowest
		}},
		{openFeature, func(n int) {
			odd := false
			for i := range n {
				odd = odd != provider.BooleanEvaluation(ctx, keys[turn(i)], false, nil).Value
			}
			sink.bool = odd
		}},
		{openFeatureClient, func(n int) {
			odd := false
			for i := range n {
				is, err := client.BooleanValue(ctx, keys[turn(i)], false, none)
				if err != nil {
					panic(err)
				}
				odd = odd != is
			}
			sink.bool = odd
		}},
	}, nil
}
