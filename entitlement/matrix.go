// Package entitlement says what each support plan includes, and why, and what
// else would: the question "who gets what".
//
// [Published] is the provider's feature matrix. [Matrix.Includes] answers yes or
// no; [Matrix.Check] answers with a [Decision]: the reason, the source and the
// lowest plan that has the feature. [Matrix.Compare] says what a change of plan
// gains and loses, and [MinimumPlan] which plan is the lowest that meets some
// needs. A [Contract] overrides the matrix for a time. An [EventYear] counts the
// sessions of event management, and [ThirdParty] answers for third-party
// software. The smaller published tables, such as [Hotlines], stand beside
// them.
//
// Everything here is a value that does not change and may be used from many
// goroutines at once; nothing reads a clock.
//
// The data retells the provider's public document and is general information:
// it is no contract, it may change, and the provider's terms govern. This
// library is not affiliated with the provider.
package entitlement

import (
	"fmt"
	"iter"
	"math/bits"

	"github.com/supportplan/supportplan/plan"
)

// A planSet is a set of plans, bit p standing for plan p.
type planSet uint8

const (
	basic      planSet = 1 << plan.Basic
	developer  planSet = 1 << plan.Developer
	business   planSet = 1 << plan.Business
	enterprise planSet = 1 << plan.Enterprise
)

// has reports whether p is in s. It is false for every p that is not valid.
func (s planSet) has(p plan.Plan) bool { return s>>p&1 != 0 }

// lowest returns the lowest plan in s, or the zero Plan if s is empty.
func (s planSet) lowest() plan.Plan {
	if s == 0 {
		return 0
	}
	return plan.Plan(bits.TrailingZeros8(uint8(s)))
}

// A table is what a Matrix holds. Indexing by every possible Feature needs no
// test of its range; what is no feature is in no plan.
type table struct {
	plans     [256]planSet // by Feature
	personnel [plan.Enterprise + 1]Personnel
}

// published is the feature matrix. Source: Service Category, 2023-09-14, but
// for the last row, which is inferred from Introduction of service content,
// 2023-09-15: business health check is an expert service and granted as those.
var published = table{
	plans: [256]planSet{
		SelfSupport:                  basic | developer | business | enterprise,
		Ticket:                       basic | developer | business | enterprise,
		Phone:                        developer | business | enterprise,
		IMGroup:                      enterprise,
		CaseHandling:                 basic | developer | business | enterprise,
		TechnicalAccountManager:      enterprise,
		ThirdPartySoftware:           developer | business | enterprise,
		EventManagement:              enterprise,
		HealthCheck:                  developer | business | enterprise,
		Training:                     enterprise,
		ServiceReport:                enterprise,
		ArchitectureOptimization:     enterprise,
		HighAvailabilityOptimization: enterprise,
		StabilityOptimization:        enterprise,
		ResourcesOptimization:        enterprise,
		BusinessHealthCheck:          enterprise,
	},
	personnel: [...]Personnel{
		plan.Basic:      ServiceAssociates,
		plan.Developer:  ServiceAssociates,
		plan.Business:   SupportEngineers,
		plan.Enterprise: SupportExperts,
	},
}

// A Matrix says which plan includes which feature, and who handles the cases
// of a plan. The zero Matrix is the published one. A Matrix does not change,
// and may be used from many goroutines at once; [Matrix.With] makes a modified
// copy.
type Matrix struct {
	edition  string // "": that of the document
	modified *table // nil: published
}

// Published returns the provider's matrix.
//
// Source: Service Category, 2023-09-14.
func Published() Matrix { return Matrix{} }

func (m Matrix) table() *table {
	if m.modified != nil {
		return m.modified
	}
	return &published
}

// Edition says which edition m is: of the published matrix the date of the
// document, "2023-09-14", and of a modified copy that of what it was copied
// from, until [Matrix.WithEdition] gives it one of its own.
func (m Matrix) Edition() string {
	if m.edition == "" {
		return serviceCategory.Updated
	}
	return m.edition
}

// WithEdition returns a copy of m that calls itself the given edition; "" is
// the document's.
func (m Matrix) WithEdition(edition string) Matrix { return Matrix{edition, m.modified} }

// Includes reports whether plan p includes feature f. It is false if either is
// not valid. It does not allocate.
func (m Matrix) Includes(p plan.Plan, f Feature) bool { return m.table().plans[f].has(p) }

// Included yields the features that plan p includes, in the matrix's order;
// none if p is not valid.
func (m Matrix) Included(p plan.Plan) iter.Seq[Feature] {
	return func(yield func(Feature) bool) {
		for f := range Features() {
			if m.Includes(p, f) && !yield(f) {
				return
			}
		}
	}
}

// Personnel returns who handles the cases of plan p, or the zero Personnel if p
// is not valid or does not include [CaseHandling].
//
// Source: Service Category, 2023-09-14.
func (m Matrix) Personnel(p plan.Plan) Personnel {
	if !m.Includes(p, CaseHandling) {
		return 0
	}
	return m.table().personnel[p]
}

// AccountManager returns whether plan p comes with a technical account manager,
// or the zero AccountManager if p is not valid.
//
// Source: Service Category, 2023-09-14.
func (m Matrix) AccountManager(p plan.Plan) AccountManager {
	switch {
	case !p.IsValid():
		return 0
	case m.Includes(p, TechnicalAccountManager):
		return DesignatedAccountManager
	}
	return NoAccountManager
}

// Channels returns the ways to reach support that plan p has, in the matrix's
// order and in a slice of the caller's own; none if p is not valid.
//
// Source: Service Category, 2023-09-14.
func (m Matrix) Channels(p plan.Plan) []Channel {
	var out []Channel
	for _, c := range AllChannels() {
		if m.Includes(p, c.Feature()) {
			out = append(out, c)
		}
	}
	return out
}

// With returns a copy of m in which plan p includes feature f, or does not.
// Answers that differ from the published ones are marked as overridden. It
// returns an error wrapping [plan.ErrUnknown] or [ErrUnknown] if p or f is not
// valid.
func (m Matrix) With(p plan.Plan, f Feature, included bool) (Matrix, error) {
	if err := check("with", p, f); err != nil {
		return Matrix{}, err
	}
	t := *m.table()
	t.plans[f] &^= 1 << p
	if included {
		t.plans[f] |= 1 << p
	}
	return Matrix{m.edition, &t}, nil
}

// WithPersonnel returns a copy of m in which who handles the cases of plan p. It
// returns an error wrapping [plan.ErrUnknown] or [ErrUnknown] if p or who is
// not valid.
func (m Matrix) WithPersonnel(p plan.Plan, who Personnel) (Matrix, error) {
	if err := checkPlan("with personnel", p); err != nil {
		return Matrix{}, err
	}
	if err := personnels.Check("with personnel", who); err != nil {
		return Matrix{}, err
	}
	t := *m.table()
	t.personnel[p] = who
	return Matrix{m.edition, &t}, nil
}

func check(op string, p plan.Plan, f Feature) error {
	if err := checkPlan(op, p); err != nil {
		return err
	}
	return features.Check(op, f)
}

func checkPlan(op string, p plan.Plan) error {
	if p.IsValid() {
		return nil
	}
	return fmt.Errorf("entitlement: %s %v: %w", op, p, plan.ErrUnknown)
}
