package main

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	govalues "github.com/govalues/decimal"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/plan"
)

// A contender is one way to do something.
type contender struct {
	name string
	run  func(n int) // does it n times, each time with the next of the inputs
}

// distinct is how many inputs there are of each kind, and count how long the
// sequence is in which they are taken. Of 4,096, and even of 16,384, the branch
// predictors of recent processors learn the whole sequence by heart, which
// nobody's accounts let them do. So few inputs in so long an order defeat them
// and give the garbage collector no heap to go through that a measured loop
// would not have.
const (
	distinct = 4096
	count    = 1 << 16
)

var order = func() (out [count]uint16) {
	r := rand.New(rand.NewPCG(11, 12))
	for i := range out {
		out[i] = uint16(r.IntN(distinct))
	}
	return out
}()

// turn returns the index of the distinct input for the ith time.
func turn(i int) int { return int(order[i%count]) }

// spread returns the inputs in the order in which they are taken.
func spread[T any](inputs []T) []T {
	out := make([]T, count)
	for i := range out {
		out[i] = inputs[turn(i)]
	}
	return out
}

// sink takes the results, which nothing else needs, so that no compiler leaves
// out what makes them.
var sink struct {
	int      int64
	float    float64
	bool     bool
	decimal  decimal.Decimal
	govalues govalues.Decimal
	time     time.Time
	plan     plan.Plan
}

// A cost is the cost of doing it once.
type cost struct {
	ns     float64
	allocs int64
}

// measure adds the contenders' costs to costs: the least of several rounds, for
// a machine's other work only adds to a cost. In each round every contender has
// its turn, in the opposite order of the round before.
func measure(costs map[string]cost, contenders []contender, rounds int, each time.Duration) {
	testing.Init()
	if err := flag.Set("test.benchtime", each.String()); err != nil {
		panic(err) // the flag takes a duration
	}
	times := make(map[string][]float64)
	contenders = slices.Clone(contenders)
	for range rounds {
		for _, c := range contenders {
			r := testing.Benchmark(func(b *testing.B) { c.run(b.N) })
			times[c.name] = append(times[c.name], float64(r.T.Nanoseconds())/float64(r.N))
			costs[c.name] = cost{allocs: max(costs[c.name].allocs, r.AllocsPerOp())}
		}
		slices.Reverse(contenders)
	}
	for name, t := range times {
		costs[name] = cost{slices.Min(t), costs[name].allocs}
	}
}
