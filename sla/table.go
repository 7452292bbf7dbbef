package sla

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/clock"
	"github.com/supportplan/supportplan/sla/internal/hours"
)

// A grid holds something by plan and severity.
type grid[T any] [plan.Enterprise + 1][severity.BusinessCritical + 1]T

// names are the names of the targets of each cell.
var names = func() (out grid[string]) {
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			out[p][s] = p.String() + " " + s.String()
		}
	}
	return out
}()

// CellOf returns the plan and the severity of the cell whose targets have the
// given name, such as "business production-impacted": that of a
// [clock.Cycle] or [clock.Breach]. ok is false for any other name.
func CellOf(name string) (p plan.Plan, s severity.Severity, ok bool) {
	for p := range names {
		for s := range names[p] {
			if name == names[p][s] && name != "" {
				return plan.Plan(p), severity.Severity(s), true
			}
		}
	}
	return 0, 0, false
}

// published is the response-time table, each target a strict upper bound.
// Source: Response Time SLA, 2023-09-15; the same in Service Category, 2023-09-14.
var published = newTable("2023-09-15", &grid[clock.Targets]{
	plan.Basic:      {severity.General: answer(16 * time.Hour)},
	plan.Developer:  {severity.General: answer(16 * time.Hour), severity.SystemImpaired: answer(8 * time.Hour)},
	plan.Business:   {severity.General: answer(16 * time.Hour), severity.SystemImpaired: answer(8 * time.Hour), severity.ProductionImpacted: answer(30 * time.Minute)},
	plan.Enterprise: {severity.General: answer(8 * time.Hour), severity.SystemImpaired: answer(4 * time.Hour), severity.ProductionImpacted: answer(20 * time.Minute), severity.BusinessCritical: answer(15 * time.Minute)},
})

func answer(within time.Duration) clock.Targets {
	return clock.Targets{FirstResponse: clock.Target{Within: within}}
}

// A Table has the targets of each plan at each severity; a cell without targets is
// an answer too. The zero Table has no edition and no target. A Table
// does not change: one that differs is a new edition.
//
// Its JSON form names the edition and, by plan and severity, the targets that
// there are; each calendar stands once, under a name that the targets refer to:
//
//	{"format": 1, "edition": "2023-09-15", "targets": {"basic": {"general": {"firstResponse": "16h"}}, …}, "calendars": {…}}
type Table struct {
	edition string
	cells   *grid[clock.Targets] // nil: no target anywhere; never written to once it stands here
	nearest *grid[clock.Targets] // by metric the target of the most severe level not above
}

// newTable returns the table of the given cells and keeps them. It sets the
// names of their targets.
func newTable(edition string, cells *grid[clock.Targets]) Table {
	nearest := new(grid[clock.Targets])
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			cells[p][s].Name = names[p][s]
			n := cells[p][s]
			for _, m := range clock.Metrics() {
				if !n.Of(m).IsValid() {
					n = n.With(m, nearest[p][s-1].Of(m))
				}
			}
			nearest[p][s] = n
		}
	}
	return Table{edition, cells, nearest}
}

// Edition returns the edition that t is of. The published table's is
// "2023-09-15", the date of the document.
func (t Table) Edition() string { return t.edition }

// Targets returns the targets that plan p has at severity s, named after both,
// see [CellOf]. They are zero but for the name if t lists none, and zero if p
// or s is not valid.
func (t Table) Targets(p plan.Plan, s severity.Severity) clock.Targets {
	if !p.IsValid() || !s.IsValid() {
		return clock.Targets{}
	}
	if t.cells == nil {
		return clock.Targets{Name: names[p][s]}
	}
	return t.cells[p][s]
}

// Target returns the target that plan p has for metric m at severity s. ok is
// false if t lists none, or if p, s or m is not valid.
func (t Table) Target(p plan.Plan, s severity.Severity, m clock.Metric) (target clock.Target, ok bool) {
	target = t.Targets(p, s).Of(m)
	return target, target.IsValid()
}

// A Nearest is a result of [Table.Nearest].
type Nearest struct {
	Target   clock.Target
	ListedAt severity.Severity // the severity that Target is listed at
	Fallback bool              // whether that is a less severe one than was asked for
}

// Nearest returns the target that plan p has for metric m at severity s or, if
// t lists none, at the most severe one below it that p does cover; n tells
// them apart. ok is false if p covers neither s nor any less
// severe one, or if p, s or m is not valid. The document knows no such
// fallback: only who wants one calls this.
func (t Table) Nearest(p plan.Plan, s severity.Severity, m clock.Metric) (n Nearest, ok bool) {
	if !s.IsValid() {
		return Nearest{}, false
	}
	for at := s; at >= severity.General; at-- {
		if target, ok := t.Target(p, at, m); ok {
			return Nearest{Target: target, ListedAt: at, Fallback: at != s}, true
		}
	}
	return Nearest{}, false
}

// A Cell is the targets that a plan has at a severity.
type Cell struct {
	Plan     plan.Plan
	Severity severity.Severity
	Targets  clock.Targets // in a Table named after plan and severity
}

// With returns a copy of t of the given edition in which each of the cells
// stands in the place of t's; a cell without targets removes t's. Names of
// targets are ignored. A table that differs from t, or from the published one,
// needs another edition.
//
// With returns an error wrapping [ErrInvalid] if the edition is empty or that of
// a table that differs, if a target is not valid or a cell is given twice, or an
// error wrapping [plan.ErrUnknown] or [severity.ErrUnknown]; its path names the
// cell.
func (t Table) With(edition string, cells ...Cell) (Table, error) {
	var g grid[clock.Targets]
	if t.cells != nil {
		g = *t.cells
	}
	if edition == "" {
		return Table{}, fmt.Errorf("sla: table with: edition \"\": want a name for the new edition: %w", ErrInvalid)
	}
	var given grid[bool]
	for i, c := range cells {
		err := cmp.Or(checkPlan(c.Plan), checkSeverity(c.Severity), field.Wrap("targets", c.Targets.Check()))
		if err == nil && given[c.Plan][c.Severity] {
			err = fmt.Errorf("%s: given twice: %w", names[c.Plan][c.Severity], ErrInvalid)
		}
		if err != nil {
			return Table{}, field.Op("sla: table with", field.Wrap(fmt.Sprintf("cells[%d]", i), err))
		}
		given[c.Plan][c.Severity] = true
		g[c.Plan][c.Severity] = c.Targets
	}
	out := newTable(edition, &g)
	for _, u := range []Table{t, published} {
		if u.edition == edition && !u.Equal(out) {
			return Table{}, fmt.Errorf("sla: table with: edition %s: its targets differ: want a name for the new edition: %w", quote.String(edition), ErrInvalid)
		}
	}
	return out, nil
}

// Cells returns the cells of t that have targets, plan by plan in rising order,
// each from the least to the most severe.
func (t Table) Cells() (out []Cell) {
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			if targets := t.Targets(p, s); !targets.IsZero() {
				out = append(out, Cell{p, s, targets})
			}
		}
	}
	return out
}

// Equal reports whether t and u are of one edition and list the same targets.
func (t Table) Equal(u Table) bool {
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			if !t.Targets(p, s).Equal(u.Targets(p, s)) {
				return false
			}
		}
	}
	return t.edition == u.edition
}

// targetFields are the names in JSON of a cell's targets, by metric.
var targetFields = map[clock.Metric]string{
	clock.MetricFirstResponse: "firstResponse",
	clock.MetricNextResponse:  "nextResponse",
	clock.MetricUpdate:        "update",
	clock.MetricResolution:    "resolution",
}

type tableJSON struct {
	Format    int                                                `json:"format"`
	Edition   string                                             `json:"edition"`
	Targets   map[plan.Plan]map[severity.Severity]map[string]any `json:"targets"`
	Calendars map[string]json.RawMessage                         `json:"calendars,omitempty"`
}

// MarshalJSON returns t's JSON form. It returns an error wrapping [ErrInvalid]
// if t has no edition, as the zero Table, or one of
// [calendar.Calendar.MarshalJSON].
func (t Table) MarshalJSON() ([]byte, error) {
	if t.edition == "" {
		return nil, fmt.Errorf("sla: marshal table: edition \"\": want one: %w", ErrInvalid)
	}
	n := new(hours.Names)
	out := tableJSON{Format: strictjson.Format, Edition: t.edition, Targets: make(map[plan.Plan]map[severity.Severity]map[string]any)}
	for _, c := range t.Cells() {
		if out.Targets[c.Plan] == nil {
			out.Targets[c.Plan] = make(map[severity.Severity]map[string]any)
		}
		cell := make(map[string]any)
		for _, m := range clock.Metrics() {
			if target := c.Targets.Of(m); target.IsValid() {
				cell[targetFields[m]] = n.Target(target.Within, target.Calendar)
			}
		}
		out.Targets[c.Plan][c.Severity] = cell
	}
	var err error
	if out.Calendars, err = n.Calendars(ErrInvalid); err != nil {
		return nil, field.Op("sla: marshal table", err)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads t's JSON form, strictly; plans and severities go by their
// tokens. It returns an error wrapping [ErrInvalid], [clock.ErrNewer],
// [plan.ErrUnknown] or [severity.ErrUnknown], or one of
// [calendar.Calendar.UnmarshalJSON]; then *t is unchanged.
func (t *Table) UnmarshalJSON(data []byte) error { return decode("table", data, t, decodeTable) }

func decodeTable(v strictjson.Value) (t Table) {
	v.Object(func(o strictjson.Object) {
		o.Format()
		edition, cells := o.Need("edition"), new(grid[clock.Targets])
		if edition.IsText() && edition.Text() == "" {
			edition.Fail(fmt.Errorf("\"\": want the name of the edition: %w", ErrInvalid))
		}
		known := hours.Read(o.May("calendars"), ErrInvalid)
		for name, v := range o.Need("targets").Fields() {
			p := decodeKey(v, name, plan.ErrUnknown, plan.All())
			for name, v := range v.Fields() {
				s := decodeKey(v, name, severity.ErrUnknown, severity.All())
				v.Object(func(o strictjson.Object) {
					for _, m := range clock.Metrics() {
						if f := o.May(targetFields[m]); f.IsPresent() {
							within, cal := known.Target(f, ErrInvalid)
							cells[p][s] = cells[p][s].With(m, clock.Target{Within: within, Calendar: cal})
						}
					}
				})
			}
		}
		t = newTable(edition.Text(), cells)
	})
	return t
}

// decodeKey returns which of all has the token name; none is an error at v and
// the zero value.
func decodeKey[E fmt.Stringer](v strictjson.Value, name string, unknown error, all []E) (none E) {
	tokens := make([]string, len(all))
	for i, e := range all {
		if tokens[i] = e.String(); tokens[i] == name {
			return e
		}
	}
	v.Fail(fmt.Errorf("%s: want one of %s: %w", quote.String(name), enum.List(tokens), unknown))
	return none
}
