package entitlement

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
)

// documentEdition is the edition of the document's matrix.
const documentEdition = "2023-09-14"

// The sections that decisions come from.
const (
	serviceCategory = "Service Category, 2023-09-14"
	introduction    = "Introduction of service content, 2023-09-15"
)

// maxText is how many bytes an edition, a detail or a name may have.
const maxText = 200

// last is the last plan, lastFeature the last feature.
const (
	last        = plan.Enterprise
	lastFeature = BusinessHealthCheck
)

// A planSet is a set of plans, bit p standing for plan p.
type planSet uint8

// has reports whether p is in s. It is false for every p that is not valid.
func (s planSet) has(p plan.Plan) bool { return s>>p&1 != 0 }

// above returns the lowest plan in s that is above p, or the zero Plan.
func (s planSet) above(p plan.Plan) plan.Plan {
	if s = s >> (p + 1) << (p + 1); s == 0 {
		return 0
	}
	return plan.Plan(bits.TrailingZeros8(uint8(s)))
}

// A row holds the cells of a feature, by plan: "" if the plan does not include
// it, the words of the cell if it does.
type row [last + 1]string

// The words of a cell that has none of its own.
const (
	yes = "yes"
	no  = "no"
)

// published is the feature matrix. Source: Service Category, 2023-09-14. The last
// row is inferred from Introduction of service content, 2023-09-15: business
// health check is an expert service and granted as those.
var published = [lastFeature + 1]row{
	SelfSupport:                  {plan.Basic: yes, plan.Developer: yes, plan.Business: yes, plan.Enterprise: yes},
	Ticket:                       {plan.Basic: yes, plan.Developer: yes, plan.Business: yes, plan.Enterprise: yes},
	Phone:                        {plan.Developer: yes, plan.Business: yes, plan.Enterprise: yes},
	IMGroup:                      {plan.Enterprise: yes},
	CaseHandling:                 {plan.Basic: associates, plan.Developer: associates, plan.Business: engineers, plan.Enterprise: experts},
	TechnicalAccountManager:      {plan.Enterprise: designated},
	ThirdPartySoftware:           {plan.Developer: yes, plan.Business: yes, plan.Enterprise: yes},
	EventManagement:              {plan.Enterprise: yes},
	HealthCheck:                  {plan.Developer: yes, plan.Business: yes, plan.Enterprise: yes},
	Training:                     {plan.Enterprise: yes},
	ServiceReport:                {plan.Enterprise: yes},
	ArchitectureOptimization:     {plan.Enterprise: yes},
	HighAvailabilityOptimization: {plan.Enterprise: yes},
	StabilityOptimization:        {plan.Enterprise: yes},
	ResourcesOptimization:        {plan.Enterprise: yes},
	BusinessHealthCheck:          {plan.Enterprise: yes},
}

// The words of the cells that say more than yes.
const (
	associates = "Customer Service Associates"
	engineers  = "Cloud Support Engineers"
	experts    = "Cloud Support Experts"
	designated = "designated"
)

// A table is the content of a Matrix. It holds its answers, made beforehand: to
// copy a decision whole is much faster than to put it together from single
// bytes, which a processor then has to wait for. Indexing plans by every possible
// Feature needs no test of its range.
type table struct {
	edition   string
	rows      [lastFeature + 1]row
	plans     [256]planSet
	decisions [last + 1][lastFeature + 1]Decision
}

// newTable returns the table of the given rows.
func newTable(edition string, rows *[lastFeature + 1]row) *table {
	t := &table{edition: edition, rows: *rows}
	for f := range rows {
		for p, words := range rows[f] {
			if words != "" {
				t.plans[f] |= 1 << p
			}
		}
	}
	for p := range t.decisions {
		for f := range t.decisions[p] {
			t.decisions[p][f] = t.decide(plan.Plan(p), Feature(f))
		}
	}
	return t
}

// decide returns the decision on plan p and feature f.
func (t *table) decide(p plan.Plan, f Feature) Decision {
	d := Decision{Plan: p, Feature: f}
	if !p.IsValid() || !f.IsValid() {
		return d
	}
	words := t.rows[f][p]
	d.Edition, d.Included = t.edition, words != ""
	if words != yes {
		d.Detail = words
	}
	if !d.Included {
		d.Unlock = t.plans[f].above(p)
	}
	switch {
	case words != published[f][p]:
		d.Provenance = ProvenanceOverridden
	case f == BusinessHealthCheck:
		d.Provenance, d.Source = ProvenanceInferred, introduction
	default:
		d.Provenance, d.Source = ProvenancePublished, serviceCategory
	}
	return d
}

// A Matrix has the features of each plan. The zero Matrix is empty: its
// answers are no, without provenance, so that a forgotten matrix does not speak
// for the provider. A Matrix does not change, and may be used from many
// goroutines at once; [Matrix.With] makes a new edition.
//
// Its JSON form is {"format": 1, "edition": …, "features": {"phone":
// {"developer": "yes", …}, …}}: for each feature the plans that include it, with
// the cell's words. What is absent is not included.
type Matrix struct{ table *table }

var document = newTable(documentEdition, &published)

// Published returns the provider's matrix. Its edition is "2023-09-14".
//
// Source: Service Category, 2023-09-14.
func Published() Matrix { return Matrix{document} }

// Edition returns the name of m's edition, or "" for the zero Matrix.
func (m Matrix) Edition() string {
	if m.table == nil {
		return ""
	}
	return m.table.edition
}

// Includes reports whether plan p includes feature f. It is false if either is
// not valid. It does not allocate.
func (m Matrix) Includes(p plan.Plan, f Feature) bool {
	return m.table != nil && m.table.plans[f].has(p)
}

// Included returns the features that plan p includes, in the matrix's order;
// none if p is not valid.
func (m Matrix) Included(p plan.Plan) []Feature {
	var out []Feature
	for _, f := range Features() {
		if m.Includes(p, f) {
			out = append(out, f)
		}
	}
	return out
}

// Check answers whether plan p includes feature f, and why. If p or f is not
// valid, or m is the zero Matrix, the answer is no, without provenance or source.
// It does not allocate.
//
// Source: Service Category, 2023-09-14; for [BusinessHealthCheck], Introduction
// of service content, 2023-09-15.
func (m Matrix) Check(p plan.Plan, f Feature) Decision {
	if m.table == nil || p > last || f > lastFeature {
		return Decision{Plan: p, Feature: f}
	}
	return m.table.decisions[p][f]
}

// CheckAt answers whether an account that has plan p under contract c has
// feature f at the given instant, and why. If an override of c is in force, the
// decision names it; if several are, the one that ends last. Otherwise the answer
// is that of [Matrix.Check]. The zero time is no instant: the answer is no,
// without provenance. CheckAt does not allocate.
func (m Matrix) CheckAt(c Contract, p plan.Plan, f Feature, at time.Time) Decision {
	if at.IsZero() {
		return Decision{Plan: p, Feature: f}
	}
	d := m.Check(p, f)
	if d.Provenance == "" {
		return d
	}
	o := c.at(f, at)
	if o == nil {
		return d
	}
	if included := o.includes(); included != d.Included {
		d.Included, d.Detail = included, ""
	}
	d.Unlock, d.Provenance, d.Source, d.Override = 0, ProvenanceOverridden, "", *o
	return d
}

// Need returns the need for feature f of m, for [plan.Lowest]. Its String is f's.
func (m Matrix) Need(f Feature) plan.Need { return need{m, f} }

type need struct {
	matrix  Matrix
	feature Feature
}

func (n need) MetBy(p plan.Plan) bool { return n.matrix.Includes(p, n.feature) }
func (n need) String() string         { return n.feature.String() }

// A Cell is a cell of a matrix.
type Cell struct {
	Plan     plan.Plan
	Feature  Feature
	Included bool
	// Detail holds words beyond yes, as in "Cloud Support Engineers":
	// at most 200 bytes of printable text other than "no". It is empty if Included
	// is false.
	Detail string
}

// With returns the given edition of m: a copy with the given cells. An
// answer that differs from the document's is marked as overridden. With an empty
// Matrix it makes a matrix of these cells alone.
//
// It returns an error wrapping [ErrInvalid], [ErrUnknown] or [plan.ErrUnknown] if
// the edition is empty, longer than 200 bytes, not printable, the document's or
// m's own, or if a cell is not valid or given twice.
func (m Matrix) With(edition string, cells ...Cell) (Matrix, error) {
	fail := func(path string, err error) (Matrix, error) {
		return Matrix{}, field.Op("entitlement: with", field.Wrap(path, err))
	}
	if err := checkText(edition); err != nil {
		return fail("edition", err)
	}
	if edition == documentEdition || edition == m.Edition() {
		return fail("edition", fmt.Errorf("%s is taken; a change needs an edition of its own: %w", quote.String(edition), ErrInvalid))
	}
	var rows [lastFeature + 1]row
	if m.table != nil {
		rows = m.table.rows
	}
	seen := make(map[Cell]bool)
	for i, c := range cells {
		at := func(name string) string { return fmt.Sprintf("cells[%d]%s", i, name) }
		if !c.Plan.IsValid() {
			return fail(at(".plan"), fmt.Errorf("%v: %w", c.Plan, plan.ErrUnknown))
		}
		if !c.Feature.IsValid() {
			return fail(at(".feature"), fmt.Errorf("%v: %w", c.Feature, ErrUnknown))
		}
		place := Cell{Plan: c.Plan, Feature: c.Feature}
		if seen[place] {
			return fail(at(""), fmt.Errorf("a second cell of %v and %v: %w", c.Plan, c.Feature, ErrInvalid))
		}
		seen[place] = true
		words := c.Detail
		switch {
		case !c.Included && words != "":
			return fail(at(".detail"), fmt.Errorf("%s, but not included: %w", quote.String(words), ErrInvalid))
		case c.Included && words == "":
			words = yes
		case c.Included:
			if err := checkWords(words); err != nil {
				return fail(at(".detail"), err)
			}
		}
		rows[c.Feature][c.Plan] = words
	}
	return Matrix{newTable(edition, &rows)}, nil
}

// checkText returns an error if s is not 1 to 200 bytes of printable UTF-8.
func checkText(s string) error {
	ok := s != "" && len(s) <= maxText && utf8.ValidString(s)
	for _, r := range s {
		ok = ok && unicode.IsPrint(r)
	}
	if ok {
		return nil
	}
	return fmt.Errorf("%s: want 1 to %d bytes of printable UTF-8: %w", quote.String(s), maxText, ErrInvalid)
}

// checkWords returns an error if s cannot be the words of a cell that is
// included.
func checkWords(s string) error {
	if s == no {
		return fmt.Errorf("%q, but included: %w", s, ErrInvalid)
	}
	return checkText(s)
}

// MarshalJSON returns m's JSON form. The zero Matrix is an error wrapping
// [ErrInvalid].
func (m Matrix) MarshalJSON() ([]byte, error) {
	if m.table == nil {
		return nil, fmt.Errorf("entitlement: marshal matrix: the zero Matrix has no edition: %w", ErrInvalid)
	}
	features := make(map[Feature]map[plan.Plan]string)
	for _, f := range Features() {
		for _, p := range plan.All() {
			words := m.table.rows[f][p]
			if words == "" {
				continue
			}
			if features[f] == nil {
				features[f] = make(map[plan.Plan]string)
			}
			features[f][p] = words
		}
	}
	return json.Marshal(struct {
		Format   int                              `json:"format"`
		Edition  string                           `json:"edition"`
		Features map[Feature]map[plan.Plan]string `json:"features"`
	}{strictjson.Format, m.table.edition, features})
}

// UnmarshalJSON reads m's JSON form, strictly. It returns an error wrapping
// [ErrInvalid], [ErrUnknown] or [plan.ErrUnknown]; then *m is unchanged. A
// matrix with the document's edition must be the document's.
func (m *Matrix) UnmarshalJSON(data []byte) error {
	var n Matrix
	err := strictjson.Decode("entitlement: decode matrix", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			edition := o.Need("edition")
			name := edition.Text()
			if err := checkText(name); err != nil {
				edition.Fail(err)
			}
			var rows [lastFeature + 1]row
			for token, v := range o.Need("features").Fields() {
				var f Feature
				if err := f.UnmarshalText([]byte(token)); err != nil {
					v.Fail(err)
					continue
				}
				for token, v := range v.Fields() {
					var p plan.Plan
					if err := p.UnmarshalText([]byte(token)); err != nil {
						v.Fail(err)
						continue
					}
					rows[f][p] = v.Text()
					if err := checkWords(rows[f][p]); err != nil {
						v.Fail(err)
					}
				}
			}
			if name == documentEdition && rows != published {
				edition.Fail(fmt.Errorf("%s is the document's, but not all cells are: %w", quote.String(name), ErrInvalid))
			}
			n = Matrix{newTable(name, &rows)}
			if name == documentEdition {
				n = Published()
			}
		})
	})
	if err != nil {
		return invalid(err)
	}
	*m = n
	return nil
}
