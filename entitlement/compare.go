package entitlement

import "github.com/supportplan/supportplan/plan"

// A Comparison says what changes for a customer who goes from one plan to
// another, upward or downward.
type Comparison struct {
	From, To plan.Plan
	Gained   Bundle // what To has and From has not
	Lost     Bundle // what From has and To has not
}

// A Bundle is a part of what a plan includes. The zero Bundle is nothing.
type Bundle struct {
	Features  []Feature // in the matrix's order
	Channels  []Channel // in the matrix's order
	Personnel Personnel // who handles cases; zero where that does not change
}

// IsEmpty reports whether there is nothing in b.
func (b Bundle) IsEmpty() bool {
	return len(b.Features) == 0 && len(b.Channels) == 0 && b.Personnel == 0
}

// Compare returns what is gained and lost in going from one plan to the other.
// Channels are listed both as such and as the features that they are. It
// returns an error wrapping [plan.ErrUnknown] if either plan is not valid.
func (m Matrix) Compare(from, to plan.Plan) (Comparison, error) {
	for _, p := range []plan.Plan{from, to} {
		if err := checkPlan("compare", p); err != nil {
			return Comparison{}, err
		}
	}
	return Comparison{
		From:   from,
		To:     to,
		Gained: m.beyond(from, to),
		Lost:   m.beyond(to, from),
	}, nil
}

// beyond returns what plan b has and plan a has not.
func (m Matrix) beyond(a, b plan.Plan) (out Bundle) {
	for f := range m.Included(b) {
		if !m.Includes(a, f) {
			out.Features = append(out.Features, f)
		}
	}
	for _, c := range m.Channels(b) {
		if !m.Includes(a, c.Feature()) {
			out.Channels = append(out.Channels, c)
		}
	}
	if who := m.Personnel(b); who != m.Personnel(a) {
		out.Personnel = who
	}
	return out
}
