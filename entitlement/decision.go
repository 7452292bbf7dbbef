package entitlement

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
)

// ErrFeature is wrapped by the error of a question about one feature that
// comes with a decision on another.
var ErrFeature = errors.New("decision is on another feature")

// A Decision answers whether a plan includes a feature, with what a caller
// needs to explain the answer. The zero Decision answers nothing.
type Decision struct {
	// Plan and Feature are what was asked about.
	Plan    plan.Plan
	Feature Feature
	// Included is the answer. It is false if Plan or Feature is not valid.
	Included bool
	// Provenance says whether the answer is published, inferred or overridden.
	// It is the zero Provenance if Plan or Feature is not valid.
	Provenance Provenance
	// Lowest is the lowest plan of the matrix that includes Feature, whatever
	// a contract says; the zero Plan if none does.
	Lowest plan.Plan
	// Source is the section of the document that the answer was taken or
	// inferred from. It is the zero Source where the answer is overridden.
	Source Source
	// Override is what a contract says about Feature, where that decided; the
	// zero Override elsewhere, and where a modified matrix overrides the
	// published one.
	Override Override
}

// Check answers whether plan p includes feature f, and why. Where p or f is not
// valid the answer is no, without provenance or source. It does not allocate.
//
// Source: Service Category, 2023-09-14; of [BusinessHealthCheck], Introduction
// of service content, 2023-09-15.
func (m Matrix) Check(p plan.Plan, f Feature) Decision {
	if m.modified == nil && p <= plan.Enterprise && f <= BusinessHealthCheck {
		return decisions[p][f]
	}
	return m.decide(p, f)
}

// decisions are those on the published matrix, made beforehand: to copy one
// whole is much faster than to put it together from single bytes, which a
// processor then has to wait for.
var decisions = func() (all [plan.Enterprise + 1][BusinessHealthCheck + 1]Decision) {
	for p := range all {
		for f := range all[p] {
			all[p][f] = Published().decide(plan.Plan(p), Feature(f))
		}
	}
	return all
}()

// decide is Check without what was made beforehand.
func (m Matrix) decide(p plan.Plan, f Feature) (d Decision) {
	d.Plan, d.Feature = p, f
	if !p.IsValid() || !f.IsValid() {
		return d
	}
	plans := m.table().plans[f]
	d.Included, d.Lowest = plans.has(p), plans.lowest()
	switch {
	case d.Included != published.plans[f].has(p):
		d.Provenance = ProvenanceOverridden
	case f == BusinessHealthCheck:
		d.Provenance, d.Source = ProvenanceInferred, introduction
	default:
		d.Provenance, d.Source = ProvenancePublished, serviceCategory
	}
	return d
}

// Decisions yields the decision of [Matrix.Check] on plan p and every feature,
// in the matrix's order.
func (m Matrix) Decisions(p plan.Plan) iter.Seq[Decision] {
	return func(yield func(Decision) bool) {
		for f := range Features() {
			if !yield(m.Check(p, f)) {
				return
			}
		}
	}
}

// Unlock returns the lowest plan that would turn d's no into a yes. It returns
// false where d is a yes already, where no plan includes the feature, and where
// a contract withholds it, because then no other plan helps.
func (d Decision) Unlock() (plan.Plan, bool) {
	if d.Included || d.Lowest == 0 || d.Override.Kind == Withhold {
		return 0, false
	}
	return d.Lowest, true
}

// Reason says in a sentence for people why d is what it is, and on a no, which
// plan has the feature or that none has.
func (d Decision) Reason() string {
	if !d.Plan.IsValid() {
		return d.Plan.Name() + " is not a plan"
	}
	if !d.Feature.IsValid() {
		return d.Feature.Name() + " is not a feature"
	}
	what := d.Feature.Name()
	switch d.Override.Kind {
	case Grant:
		return fmt.Sprintf("the contract grants %s by %s %v", what, strconv.Quote(d.Override.Name), d.Override.Period)
	case AddOn:
		return fmt.Sprintf("%s was added to the contract by %s %v", what, strconv.Quote(d.Override.Name), d.Override.Period)
	case Withhold:
		return fmt.Sprintf("the contract withholds %s by %s %v; no other plan changes that",
			what, strconv.Quote(d.Override.Name), d.Override.Period)
	}
	verb, end := "includes", ""
	if !d.Included {
		verb, end = "does not include", "; no plan does"
		if unlock, ok := d.Unlock(); ok {
			end = "; the lowest plan that does is " + unlock.Name()
		}
	}
	from := d.Source.String()
	switch d.Provenance {
	case ProvenanceInferred:
		from = "inferred from " + from
	case ProvenanceOverridden:
		from = "the caller's own matrix"
	}
	return fmt.Sprintf("%s %s %s (%s)%s", d.Plan.Name(), verb, what, from, end)
}

// String returns d as a line for a log: key=value pairs, in which "unlock" is
// there on every no, and is "none" where no plan turns it into a yes:
//
//	plan=business feature=training included=false provenance=published source="Service Category, 2023-09-14" unlock=enterprise
func (d Decision) String() string {
	s := fmt.Sprintf("plan=%v feature=%v included=%t", d.Plan, d.Feature, d.Included)
	if d.Provenance != 0 {
		s += " provenance=" + d.Provenance.String()
	}
	if d.Source != (Source{}) {
		s += " source=" + strconv.Quote(d.Source.String())
	}
	if d.Override.Kind != 0 {
		s += " override=" + strconv.Quote(d.Override.Name)
	}
	if !d.Included {
		if unlock, ok := d.Unlock(); ok {
			return s + " unlock=" + unlock.String()
		}
		return s + " unlock=none"
	}
	return s
}

type sourceJSON struct {
	Section string `json:"section"`
	Updated string `json:"updated"`
}

type decisionJSON struct {
	Plan       plan.Plan   `json:"plan"`
	Feature    Feature     `json:"feature"`
	Included   bool        `json:"included"`
	Provenance Provenance  `json:"provenance"`
	Lowest     plan.Plan   `json:"lowest,omitzero"`
	Source     *sourceJSON `json:"source,omitempty"`
	Override   *Override   `json:"override,omitempty"`
	Reason     string      `json:"reason"`
}

// MarshalJSON returns d as an object for an API's answer, with the tokens of
// plan and feature, and with what [Decision.Reason] says as "reason". "lowest",
// "source" and "override" are left out where they are zero. A d whose plan,
// feature or provenance is not valid is an error wrapping [plan.ErrUnknown] or
// [ErrUnknown].
func (d Decision) MarshalJSON() ([]byte, error) {
	out := decisionJSON{
		Plan:       d.Plan,
		Feature:    d.Feature,
		Included:   d.Included,
		Provenance: d.Provenance,
		Lowest:     d.Lowest,
		Reason:     d.Reason(),
	}
	if d.Source != (Source{}) {
		out.Source = (*sourceJSON)(&d.Source)
	}
	if d.Override != (Override{}) {
		out.Override = &d.Override
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what [Decision.MarshalJSON] writes, strictly; "reason" is
// for people and may be missing. An override that does not fit the feature or
// the answer is an error wrapping [ErrOverride]; others wrap [ErrJSON],
// [ErrUnknown], [plan.ErrUnknown] or [calendar.ErrPeriod]. After an error *d is as
// it was.
func (d *Decision) UnmarshalJSON(data []byte) error {
	var e Decision
	err := strictjson.Decode("entitlement: decode decision", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Need("plan").Into(&e.Plan)
			o.Need("feature").Into(&e.Feature)
			e.Included = o.Need("included").Bool()
			o.Need("provenance").Into(&e.Provenance)
			o.May("lowest").Into(&e.Lowest)
			o.May("source").Object(func(o strictjson.Object) {
				e.Source.Section = o.Need("section").Text()
				e.Source.Updated = o.Need("updated").Text()
			})
			if over := o.May("override"); over.IsPresent() {
				e.Override = decodeOverride(over)
				if e.Override.Feature != e.Feature || e.Override.Includes() != e.Included || e.Provenance != ProvenanceOverridden {
					over.Fail(fmt.Errorf("does not fit the decision: %w", ErrOverride))
				}
			}
			o.May("reason").Text()
		})
	})
	if err != nil {
		return err
	}
	*d = e
	return nil
}

// isOn returns an error unless d is a decision on f.
func (d Decision) isOn(op string, f Feature) error {
	if d.Feature == f {
		return nil
	}
	return fmt.Errorf("entitlement: %s: %v, not %v: %w", op, d.Feature, f, ErrFeature)
}
