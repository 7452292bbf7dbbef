package entitlement

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
)

// A Provenance is the origin of an answer: [ProvenancePublished],
// [ProvenanceInferred] or [ProvenanceOverridden]. It is empty if there is no
// answer.
type Provenance string

// The three provenances. The tokens never change.
const (
	ProvenancePublished  Provenance = "published"  // the document says so
	ProvenanceInferred   Provenance = "inferred"   // the document suggests it; this library decided
	ProvenanceOverridden Provenance = "overridden" // a contract or another edition of the matrix says so
)

// A Decision answers whether a plan includes a feature, with all that a caller
// needs to explain the answer. The zero Decision answers nothing.
//
// Its JSON form has plan, feature, included, detail, provenance, edition, source,
// unlock, override and reason; zero fields are omitted. It is for an API's answer
// and has no format number.
type Decision struct {
	// Plan and Feature are the question.
	Plan    plan.Plan
	Feature Feature
	// Included is the answer. It is false if there is none.
	Included bool
	// Unlock is the lowest higher plan that would turn a no into a yes. It is the
	// zero Plan on a yes, if no higher plan includes the feature, and if a
	// contract withholds it, because then no other plan helps.
	Unlock plan.Plan
	// Detail holds the words of the cell beyond yes, as in "Cloud Support
	// Engineers".
	Detail string
	// Provenance is the origin of the answer: published, inferred or overridden. It
	// is empty if Plan or Feature is not valid, the matrix is the zero Matrix or
	// the instant the zero time: then there is no answer.
	Provenance Provenance
	// Edition is the edition of the matrix that was asked.
	Edition string
	// Source is the section of the document, and its date, that the answer was
	// taken or inferred from. It is empty if the answer is overridden.
	Source string
	// Override is the override of the contract that decided; the zero Override if
	// none did.
	Override Override
}

// Reason explains d in a sentence for people; on a no it has the plan with the
// feature, or that there is none.
func (d Decision) Reason() string {
	switch {
	case !d.Plan.IsValid():
		return d.Plan.Name() + " is not a plan"
	case !d.Feature.IsValid():
		return d.Feature.Name() + " is not a feature"
	case d.Provenance == "":
		return "no answer: the matrix is empty or the instant is missing"
	}
	name := d.Feature.Name()
	switch d.Override.Kind {
	case OverrideGrant:
		return fmt.Sprintf("the contract grants %s by %s %v", name, strconv.Quote(d.Override.Name), d.Override.Period)
	case OverrideAddOn:
		return fmt.Sprintf("%s was added to the contract by %s %v", name, strconv.Quote(d.Override.Name), d.Override.Period)
	case OverrideWithhold:
		return fmt.Sprintf("the contract withholds %s by %s %v; no other plan changes that",
			name, strconv.Quote(d.Override.Name), d.Override.Period)
	}
	verb, end := "includes", ""
	if !d.Included {
		verb, end = "does not include", "; no higher plan does"
		if d.Plan == plan.Enterprise {
			end = ""
		}
		if d.Unlock != 0 {
			end = "; the lowest plan that does is " + d.Unlock.Name()
		}
	}
	from := d.Source
	switch d.Provenance {
	case ProvenanceInferred:
		from = "inferred from " + from
	case ProvenanceOverridden:
		from = "edition " + strconv.Quote(d.Edition)
	}
	return fmt.Sprintf("%s %s %s (%s)%s", d.Plan.Name(), verb, name, from, end)
}

// String returns d as a line for a log: key=value pairs, in which "unlock" is
// there on every no, and is "none" if no plan turns it into a yes. "edition" is
// omitted if it is the document's:
//
//	plan=business feature=training included=false provenance=published source="Service Category, 2023-09-14" unlock=enterprise
func (d Decision) String() string {
	s := fmt.Sprintf("plan=%v feature=%v included=%t", d.Plan, d.Feature, d.Included)
	if d.Provenance != "" {
		s += " provenance=" + string(d.Provenance)
	}
	if d.Edition != documentEdition && d.Edition != "" {
		s += " edition=" + strconv.Quote(d.Edition)
	}
	if d.Source != "" {
		s += " source=" + strconv.Quote(d.Source)
	}
	if d.Override.Kind != "" {
		s += " override=" + strconv.Quote(d.Override.Name)
	}
	switch {
	case d.Included:
		return s
	case d.Unlock == 0:
		return s + " unlock=none"
	}
	return s + " unlock=" + d.Unlock.String()
}

type decisionJSON struct {
	Plan       plan.Plan  `json:"plan"`
	Feature    Feature    `json:"feature"`
	Included   bool       `json:"included"`
	Detail     string     `json:"detail,omitempty"`
	Provenance Provenance `json:"provenance"`
	Edition    string     `json:"edition"`
	Source     string     `json:"source,omitempty"`
	Unlock     plan.Plan  `json:"unlock,omitzero"`
	Override   *Override  `json:"override,omitempty"`
	Reason     string     `json:"reason"`
}

// MarshalJSON returns d's JSON form, with [Decision.Reason] as "reason". It
// returns an error wrapping [ErrInvalid], [ErrUnknown] or [plan.ErrUnknown] if d
// contradicts itself or answers nothing.
func (d Decision) MarshalJSON() ([]byte, error) {
	if path, err := d.check(); err != nil {
		return nil, fmt.Errorf("entitlement: marshal decision: %s: %w", path, err)
	}
	out := decisionJSON{d.Plan, d.Feature, d.Included, d.Detail, d.Provenance, d.Edition, d.Source, d.Unlock, nil, d.Reason()}
	if d.Override != (Override{}) {
		out.Override = &d.Override
	}
	return json.Marshal(out)
}

// check returns the field of d that contradicts another one, and how.
func (d Decision) check() (path string, err error) {
	fail := func(path, format string, args ...any) (string, error) {
		return path, fmt.Errorf(format+": %w", append(args, ErrInvalid)...)
	}
	overridden := d.Provenance == ProvenanceOverridden
	switch {
	case !d.Plan.IsValid():
		return "plan", fmt.Errorf("%v: %w", d.Plan, plan.ErrUnknown)
	case !d.Feature.IsValid():
		return "feature", fmt.Errorf("%v: %w", d.Feature, ErrUnknown)
	case !overridden && d.Provenance != ProvenancePublished && d.Provenance != ProvenanceInferred:
		return fail("provenance", "%s: want %s, %s or %s", quote.String(string(d.Provenance)),
			ProvenancePublished, ProvenanceInferred, ProvenanceOverridden)
	case checkText(d.Edition) != nil:
		return "edition", checkText(d.Edition)
	case d.Detail != "" && !d.Included:
		return fail("detail", "%s, but not included", quote.String(d.Detail))
	case d.Detail != "" && checkText(d.Detail) != nil:
		return "detail", checkText(d.Detail)
	case overridden != (d.Source == ""):
		return fail("source", "%s does not fit the provenance %s", quote.String(d.Source), d.Provenance)
	case d.Source != "" && checkText(d.Source) != nil:
		return "source", checkText(d.Source)
	case d.Unlock != 0 && (d.Included || d.Unlock <= d.Plan || !d.Unlock.IsValid() || d.Override != (Override{})):
		return fail("unlock", "%v does not fit the decision", d.Unlock)
	case d.Override == Override{}:
		return "", nil
	case !overridden || d.Override.Feature != d.Feature || d.Override.includes() != d.Included:
		return fail("override", "%v does not fit the decision", d.Override)
	}
	return "", nil
}

// UnmarshalJSON reads d's JSON form, strictly; "reason" is for people and may be
// missing. It returns an error wrapping [ErrInvalid], [ErrUnknown] or
// [plan.ErrUnknown] if a field is not valid or contradicts another one; then *d is unchanged.
func (d *Decision) UnmarshalJSON(data []byte) error {
	var e Decision
	err := strictjson.Decode("entitlement: decode decision", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			text := func(name string) string {
				f := o.May(name) // nothing fails that is absent
				s := f.Text()
				if err := checkText(s); err != nil {
					f.Fail(err)
				}
				return s
			}
			o.Need("plan").Into(&e.Plan)
			o.Need("feature").Into(&e.Feature)
			e.Included = o.Need("included").Bool()
			e.Detail = text("detail")
			e.Provenance = Provenance(o.Need("provenance").Text())
			e.Edition = o.Need("edition").Text()
			e.Source = text("source")
			o.May("unlock").Into(&e.Unlock)
			if over := o.May("override"); over.IsPresent() {
				e.Override = decodeOverride(over)
				if err := e.Override.check(); err != nil {
					over.Fail(err)
				}
			}
			o.May("reason").Text()
			if path, err := e.check(); err != nil {
				v.At(path).Fail(err)
			}
		})
	})
	if err != nil {
		return invalid(err)
	}
	*d = e
	return nil
}
