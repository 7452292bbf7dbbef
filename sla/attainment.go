package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
)

var (
	// ErrStatus is wrapped by the error of adding a status that
	// [Policy.Evaluate] did not make.
	ErrStatus = errors.New("not the status of a case")

	// ErrReport is wrapped by the error of reading a report that does not add
	// up: a cell that appears twice, response times that are negative or not
	// in rising order, a cell without cases, or response times that are not
	// one for every case that was met and at most one
	// for every case that was breached.
	ErrReport = errors.New("not a report")

	// ErrTooMany is wrapped by the error of a report on more than 10^15 cases,
	// or with too many different response times to be read again.
	ErrTooMany = errors.New("too many cases")
)

// maxCases is how many cases a report may be on.
const maxCases = 1e15

// An Attainment is a report on how well targets were met, by plan and
// severity, exact to the last case. The zero Attainment is empty and ready to
// be added to. It is not to be copied after that, nor used from several
// goroutines while one adds to it; a job over many machines makes one on each
// and merges them, in any order.
//
// It keeps every response time, so its size grows with the number of different
// ones. Its JSON form, which must not exceed 4 MiB, is
//
//	{"cells": [{"plan": …, "severity": …, "met": 1, "breached": 0, "unanswered": 0, "pending": 0,
//		"noTarget": 0, "responses": [{"after": "10m0s", "cases": 1}]}, …]}
type Attainment struct {
	cells [len(cells{})][len(row{})]tally
	cases int64
}

type tally struct {
	outcomes  [OutcomeNoTarget + 1]int64
	responses map[time.Duration]int64
}

// A Tally is what an [Attainment] counts.
type Tally struct {
	Met        int64 // answered in time
	Breached   int64 // answered late, or late and not answered yet
	Unanswered int64 // closed before the response was due; outside the ratio
	Pending    int64 // not yet due; outside the ratio
	NoTarget   int64 // nothing to meet; outside the ratio

	// Responses are the response times of the cases that were met or breached
	// and have been answered, in rising order.
	Responses []ResponseTime
}

// A ResponseTime is how many cases were answered after the same counted time.
type ResponseTime struct {
	After time.Duration
	Cases int64
}

// Add counts the case that s is the status of. It counts for the plan and the
// severity of the target that was breached, or that the response met, or else
// of the one at the instant of s; its response time is s.Breach.Elapsed if it
// was breached, and s.Elapsed otherwise. Whether a
// case is added once, and not while it is still pending, is the caller's to
// see to. It returns an error wrapping [ErrStatus] if s is not the status of a
// case, and one wrapping [ErrTooMany] after 10^15 cases; then nothing is
// added.
func (a *Attainment) Add(s Status) error {
	b, elapsed := s.Basis, s.Elapsed
	if s.Outcome == OutcomeBreached {
		b, elapsed = s.Breach.Basis, s.Breach.Elapsed
	}
	if !s.Outcome.IsValid() || !b.Plan.IsValid() || !b.Severity.IsValid() || elapsed < 0 {
		return fmt.Errorf("sla: add %v, %v, %v: %w", s.Outcome, b.Plan, b.Severity, ErrStatus)
	}
	if err := a.reserve("add", 1); err != nil {
		return err
	}
	t := &a.cells[b.Plan][b.Severity]
	t.outcomes[s.Outcome]++
	if !s.Responded.IsZero() && s.Outcome != OutcomeNoTarget {
		t.respond(elapsed, 1)
	}
	return nil
}

// Merge adds all that b counts to a; b stays as it is. The sum is the same in
// whatever order reports are merged. It returns an error wrapping [ErrTooMany]
// if that makes more than 10^15 cases; then nothing is added. A nil b is empty.
func (a *Attainment) Merge(b *Attainment) error {
	if b == nil {
		return nil
	}
	if err := a.reserve("merge", b.cases); err != nil {
		return err
	}
	for p := range b.cells {
		for s := range b.cells[p] {
			a.cells[p][s].add(&b.cells[p][s])
		}
	}
	return nil
}

// reserve makes room for n more cases.
func (a *Attainment) reserve(op string, n int64) error {
	if a.cases+n > maxCases {
		return fmt.Errorf("sla: %s: over %d: %w", op, int64(maxCases), ErrTooMany)
	}
	a.cases += n
	return nil
}

// add counts all that u counts.
func (t *tally) add(u *tally) {
	for o, n := range u.outcomes {
		t.outcomes[o] += n
	}
	for d, n := range u.responses {
		t.respond(d, n)
	}
}

// respond counts n responses after d.
func (t *tally) respond(d time.Duration, n int64) {
	if t.responses == nil {
		t.responses = make(map[time.Duration]int64)
	}
	t.responses[d] += n
}

// tally returns what t counts.
func (t *tally) tally() Tally {
	out := Tally{
		Met:        t.outcomes[OutcomeMet],
		Breached:   t.outcomes[OutcomeBreached],
		Unanswered: t.outcomes[OutcomeUnanswered],
		Pending:    t.outcomes[OutcomePending],
		NoTarget:   t.outcomes[OutcomeNoTarget],
	}
	for _, d := range slices.Sorted(maps.Keys(t.responses)) {
		out.Responses = append(out.Responses, ResponseTime{d, t.responses[d]})
	}
	return out
}

// Tally returns what a counts for plan p at severity s. It is zero if either is
// not valid.
func (a *Attainment) Tally(p plan.Plan, s severity.Severity) Tally {
	if !p.IsValid() || !s.IsValid() {
		return Tally{}
	}
	return a.cells[p][s].tally()
}

// Total returns what a counts for all plans and severities together.
func (a *Attainment) Total() Tally {
	var sum tally
	for p := range a.cells {
		for s := range a.cells[p] {
			sum.add(&a.cells[p][s])
		}
	}
	return sum.tally()
}

// A Group is a [Tally] and what it counts.
type Group struct {
	Plan     plan.Plan
	Severity severity.Severity
	Tally    Tally
}

// Groups yields what a counts, plan by plan in rising order, each from the
// least to the most severe; where there is no case there is no group.
func (a *Attainment) Groups() iter.Seq[Group] {
	return func(yield func(Group) bool) {
		for _, p := range plan.All() {
			for _, s := range severity.All() {
				if t := a.Tally(p, s); t.Cases() > 0 && !yield(Group{p, s, t}) {
					return
				}
			}
		}
	}
}

// Cases returns how many cases t counts, whatever their outcome.
func (t Tally) Cases() int64 { return t.Met + t.Breached + t.Unanswered + t.Pending + t.NoTarget }

// Ratio returns the share of the decided cases that met their target, exactly:
// Met over Met and Breached together. ok is false where none is decided.
func (t Tally) Ratio() (ratio *big.Rat, ok bool) {
	if t.Met+t.Breached == 0 {
		return nil, false
	}
	return big.NewRat(t.Met, t.Met+t.Breached), true
}

// Percentile returns the response time within which percent of every hundred
// answered cases were answered, by nearest rank: of n response times in rising
// order, the one whose position is n·percent/100, rounded up. ok is false where
// percent is not from 1 to 100 or no case was answered.
func (t Tally) Percentile(percent int) (d time.Duration, ok bool) {
	if percent < 1 || percent > 100 {
		return 0, false
	}
	var n int64
	for _, r := range t.Responses {
		n += r.Cases
	}
	rank := int64(part(time.Duration(n), percent))
	for _, r := range t.Responses {
		if rank -= r.Cases; rank <= 0 {
			return r.After, true
		}
	}
	return 0, false
}

type attainmentJSON struct {
	Cells []groupJSON `json:"cells"`
}

type groupJSON struct {
	Plan       plan.Plan         `json:"plan"`
	Severity   severity.Severity `json:"severity"`
	Met        int64             `json:"met"`
	Breached   int64             `json:"breached"`
	Unanswered int64             `json:"unanswered"`
	Pending    int64             `json:"pending"`
	NoTarget   int64             `json:"noTarget"`
	Responses  []responseJSON    `json:"responses,omitempty"`
}

type responseJSON struct {
	After string `json:"after"`
	Cases int64  `json:"cases"`
}

// MarshalJSON returns a's JSON form. It returns an error wrapping [ErrTooMany]
// if that is more than can be read again.
func (a Attainment) MarshalJSON() ([]byte, error) {
	out := attainmentJSON{Cells: []groupJSON{}}
	for g := range a.Groups() {
		t := g.Tally
		cell := groupJSON{g.Plan, g.Severity, t.Met, t.Breached, t.Unanswered, t.Pending, t.NoTarget, nil}
		for _, r := range t.Responses {
			cell.Responses = append(cell.Responses, responseJSON{r.After.String(), r.Cases})
		}
		out.Cells = append(out.Cells, cell)
	}
	data, err := json.Marshal(out)
	if len(data) > strictjson.MaxBytes {
		return nil, fmt.Errorf("sla: marshal attainment: %d bytes are over the limit of %d: %w", len(data), strictjson.MaxBytes, ErrTooMany)
	}
	return data, err
}

// UnmarshalJSON reads a's JSON form, strictly. It returns errors wrapping
// [ErrJSON], [ErrReport], [ErrTooMany], [plan.ErrUnknown] or
// [severity.ErrUnknown], after which *a is as it was.
func (a *Attainment) UnmarshalJSON(data []byte) error {
	var b Attainment
	err := strictjson.Decode("sla: decode attainment", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			for _, v := range o.Need("cells").Items(len(plan.All()) * len(severity.All())) {
				v.Object(func(o strictjson.Object) { decodeGroup(v, o, &b) })
			}
		})
	})
	if err != nil {
		return err
	}
	*a = b
	return nil
}

// decodeGroup reads the fields of a group out of the object o at v into a.
func decodeGroup(v strictjson.Value, o strictjson.Object, a *Attainment) {
	var p plan.Plan
	var s severity.Severity
	o.Need("plan").Into(&p)
	o.Need("severity").Into(&s)
	count := func(name string) int64 { return o.Need(name).Int(0, maxCases) }
	t := tally{outcomes: [...]int64{
		OutcomeMet:        count("met"),
		OutcomeBreached:   count("breached"),
		OutcomeUnanswered: count("unanswered"),
		OutcomePending:    count("pending"),
		OutcomeNoTarget:   count("noTarget"),
	}}
	last, answered := time.Duration(-1), int64(0)
	for _, v := range o.May("responses").Items(strictjson.MaxBytes) {
		v.Object(func(o strictjson.Object) {
			after := o.Need("after")
			d, n := decodeDuration(after), o.Need("cases").Int(1, maxCases)
			if d <= last {
				after.Fail(fmt.Errorf("%v is not after the one before: %w", d, ErrReport))
			}
			last = d
			if answered += n; answered > maxCases {
				after.Fail(ErrTooMany)
			}
			t.respond(d, n)
		})
	}
	if met := t.outcomes[OutcomeMet]; answered < met || answered-met > t.outcomes[OutcomeBreached] {
		v.Fail(fmt.Errorf("%d response times, %d met, %d breached: %w", answered, met, t.outcomes[OutcomeBreached], ErrReport))
	}
	if old := a.Tally(p, s); old.Cases() > 0 {
		v.Fail(fmt.Errorf("%v at %v again: %w", p, s, ErrReport))
	}
	n := t.tally().Cases()
	if n == 0 {
		v.Fail(fmt.Errorf("no cases: %w", ErrReport))
	}
	if err := a.reserve("decode", n); err != nil {
		v.Fail(err)
	}
	a.cells[p][s] = t
}
