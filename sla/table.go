package sla

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
)

// A row holds a plan's targets by severity; a cell that is not valid is none.
type row [severity.BusinessCritical + 1]Target

// cells holds the rows of a table by plan.
type cells [plan.Enterprise + 1]row

// published is the response-time table, each target a strict upper bound.
// Source: Response Time SLA, 2023-09-15; the same in Service Category, 2023-09-14.
var published = cells{
	plan.Basic:      {severity.General: {Within: 16 * time.Hour}},
	plan.Developer:  {severity.General: {Within: 16 * time.Hour}, severity.SystemImpaired: {Within: 8 * time.Hour}},
	plan.Business:   {severity.General: {Within: 16 * time.Hour}, severity.SystemImpaired: {Within: 8 * time.Hour}, severity.ProductionImpacted: {Within: 30 * time.Minute}},
	plan.Enterprise: {severity.General: {Within: 8 * time.Hour}, severity.SystemImpaired: {Within: 4 * time.Hour}, severity.ProductionImpacted: {Within: 20 * time.Minute}, severity.BusinessCritical: {Within: 15 * time.Minute}},
}

// publishedEdition is the date of the document's response-time table.
const publishedEdition = "2023-09-15"

// A Table says which target each plan has at each severity; a cell without one
// is an answer too. The zero Table has no target anywhere. A Table does not
// change: what differs is a modified copy.
//
// Its JSON form names the edition and, by plan and severity, the targets that
// there are:
//
//	{"edition": "2023-09-15", "targets": {"basic": {"general": {"within": "16h0m0s"}}, …}}
type Table struct {
	edition string
	cells   *cells // nil: no target anywhere; never written to once it stands here
}

// Published returns the provider's response-time table, of the edition
// "2023-09-15", all of it around the clock.
//
// Source: Response Time SLA, 2023-09-15.
func Published() Table { return Table{publishedEdition, &published} }

// Edition says which edition t is: for [Published] the date of the document.
// A modified copy keeps the edition that it was made from until
// [Table.WithEdition] gives it one of its own.
func (t Table) Edition() string { return t.edition }

// Target returns the target that plan p has at severity s. ok is false where t
// lists none, and where p or s is not valid.
func (t Table) Target(p plan.Plan, s severity.Severity) (target Target, ok bool) {
	if t.cells == nil || !p.IsValid() || !s.IsValid() {
		return Target{}, false
	}
	target = t.cells[p][s]
	return target, target.IsValid()
}

// A Nearest is what [Table.Nearest] found.
type Nearest struct {
	Target   Target
	Severity severity.Severity // the severity that Target is listed at
	Fallback bool              // whether that is a less severe one than was asked for
}

// Nearest returns the target that plan p has at severity s or, where t lists
// none, at the most severe one below it that p does cover, and says which and
// whether it did so. ok is false where p covers neither s nor any less severe
// one, and where p or s is not valid. The document knows no such fallback:
// only who wants one calls this.
func (t Table) Nearest(p plan.Plan, s severity.Severity) (n Nearest, ok bool) {
	if !s.IsValid() {
		return Nearest{}, false
	}
	for at := s; at >= severity.General; at-- {
		if target, ok := t.Target(p, at); ok {
			return Nearest{Target: target, Severity: at, Fallback: at != s}, true
		}
	}
	return Nearest{}, false
}

// With returns a copy of t in which plan p has the given target at severity s.
// It returns an error wrapping [ErrTarget], [plan.ErrUnknown] or
// [severity.ErrUnknown] if an argument is not valid.
func (t Table) With(p plan.Plan, s severity.Severity, target Target) (Table, error) {
	if err := target.check("table with"); err != nil {
		return Table{}, err
	}
	return t.with("table with", p, s, target)
}

// Without returns a copy of t in which plan p has no target at severity s. It
// returns an error wrapping [plan.ErrUnknown] or [severity.ErrUnknown] if an
// argument is not valid.
func (t Table) Without(p plan.Plan, s severity.Severity) (Table, error) {
	return t.with("table without", p, s, Target{})
}

func (t Table) with(op string, p plan.Plan, s severity.Severity, target Target) (Table, error) {
	if !p.IsValid() {
		return Table{}, fmt.Errorf("sla: %s %v: %w", op, p, plan.ErrUnknown)
	}
	if !s.IsValid() {
		return Table{}, fmt.Errorf("sla: %s %v: %w", op, s, severity.ErrUnknown)
	}
	var c cells
	if t.cells != nil {
		c = *t.cells
	}
	c[p][s] = target
	return Table{t.edition, &c}, nil
}

// WithEdition returns a copy of t that calls itself the given edition.
func (t Table) WithEdition(edition string) Table { return Table{edition, t.cells} }

// A Cell is a target and where a table lists it.
type Cell struct {
	Plan     plan.Plan
	Severity severity.Severity
	Target   Target
}

// Cells yields the targets that t lists, plan by plan in rising order, each
// from the least to the most severe.
func (t Table) Cells() iter.Seq[Cell] {
	return func(yield func(Cell) bool) {
		for _, p := range plan.All() {
			for _, s := range severity.All() {
				if target, ok := t.Target(p, s); ok && !yield(Cell{p, s, target}) {
					return
				}
			}
		}
	}
}

// Equal reports whether t and u are of one edition and list the same targets.
func (t Table) Equal(u Table) bool {
	if t.edition != u.edition {
		return false
	}
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			a, _ := t.Target(p, s)
			if b, _ := u.Target(p, s); !a.Equal(b) {
				return false
			}
		}
	}
	return true
}

type tableJSON struct {
	Edition string                                     `json:"edition"`
	Targets map[plan.Plan]map[severity.Severity]Target `json:"targets"`
}

// MarshalJSON returns t's JSON form. Errors are those of
// [calendar.Calendar.MarshalJSON].
func (t Table) MarshalJSON() ([]byte, error) {
	out := tableJSON{t.edition, make(map[plan.Plan]map[severity.Severity]Target)}
	for c := range t.Cells() {
		if out.Targets[c.Plan] == nil {
			out.Targets[c.Plan] = make(map[severity.Severity]Target)
		}
		out.Targets[c.Plan][c.Severity] = c.Target
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads t's JSON form, strictly; plans and severities go by their
// tokens. It returns errors wrapping [ErrJSON], [ErrTarget],
// [plan.ErrUnknown] or [severity.ErrUnknown], or those of
// [calendar.Calendar.UnmarshalJSON], after which *t is as it was.
func (t *Table) UnmarshalJSON(data []byte) error {
	var u Table
	err := strictjson.Decode("sla: decode table", data, func(v strictjson.Value) { u = decodeTable(v) })
	if err != nil {
		return err
	}
	*t = u
	return nil
}

func decodeTable(v strictjson.Value) (t Table) {
	v.Object(func(o strictjson.Object) {
		t = Table{edition: o.Need("edition").Text(), cells: new(cells)}
		for name, v := range o.Need("targets").Fields() {
			p := decodeKey(v, name, plan.ErrUnknown, plan.All())
			for name, v := range v.Fields() {
				s := decodeKey(v, name, severity.ErrUnknown, severity.All())
				t.cells[p][s] = decodeTarget(v)
			}
		}
	})
	return t
}

// decodeKey returns which of all has the token name; none is an error at v and
// the zero value.
func decodeKey[E fmt.Stringer](v strictjson.Value, name string, unknown error, all []E) (none E) {
	for _, e := range all {
		if e.String() == name {
			return e
		}
	}
	v.Fail(fmt.Errorf("%s: %w", quote.String(name), unknown))
	return none
}
