package slatest

import (
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/sla"
)

// stamp writes an instant for a message about cases.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "no instant"
	}
	return t.Format(time.RFC3339Nano)
}

// difference says what is the first thing in which two statuses differ, "due is
// …, want …", or nothing where they are the same.
func difference(got, want sla.Status) string {
	for _, f := range []struct {
		name      string
		same      bool
		got, want any
	}{
		{"the instant", got.At.Equal(want.At), got.At, want.At},
		{"the phase", got.Phase == want.Phase, got.Phase, want.Phase},
		{"the outcome", got.Outcome == want.Outcome, got.Outcome, want.Outcome},
		{"the plan", got.Plan == want.Plan, got.Plan, want.Plan},
		{"the submitted severity", got.Submitted == want.Submitted, got.Submitted, want.Submitted},
		{"the assessed severity", got.Assessed == want.Assessed, got.Assessed, want.Assessed},
		{"the severity", got.Severity == want.Severity, got.Severity, want.Severity},
		{"the basis", sameBasis(got.Basis, want.Basis), got.Basis, want.Basis},
		{"due", got.Due.Equal(want.Due), got.Due, want.Due},
		{"elapsed", got.Elapsed == want.Elapsed, got.Elapsed, want.Elapsed},
		{"remaining", got.Remaining == want.Remaining, got.Remaining, want.Remaining},
		{"the response", got.Responded.Equal(want.Responded), got.Responded, want.Responded},
		{"the breach", got.Breach.At.Equal(want.Breach.At), got.Breach.At, want.Breach.At},
		{"the breach's basis", sameBasis(got.Breach.Basis, want.Breach.Basis), got.Breach.Basis, want.Breach.Basis},
		{"the breach's elapsed", got.Breach.Elapsed == want.Breach.Elapsed, got.Breach.Elapsed, want.Breach.Elapsed},
		{"the list of warnings", slices.EqualFunc(got.Warnings, want.Warnings, sameWarning), got.Warnings, want.Warnings},
		{"the next change", got.NextChange.Equal(want.NextChange), got.NextChange, want.NextChange},
		{"the explanation", slices.EqualFunc(got.Explanation, want.Explanation, sameInterval), got.Explanation, want.Explanation},
	} {
		if !f.same {
			return fmt.Sprintf("%s is %s, want %s", f.name, text(f.got), text(f.want))
		}
	}
	return ""
}

func sameBasis(a, b sla.Basis) bool {
	return a.Plan == b.Plan && a.Severity == b.Severity && a.Listed == b.Listed && a.Target.Equal(b.Target)
}

func sameWarning(a, b sla.Warning) bool { return a.Percent == b.Percent && a.At.Equal(b.At) }

func sameInterval(a, b sla.Interval) bool {
	return a.Start.Equal(b.Start) && a.End.Equal(b.End) && a.Share == b.Share && a.Counted == b.Counted
}

// text writes a part of a status.
func text(part any) string {
	switch p := part.(type) {
	case time.Time:
		return stamp(p)
	case sla.Basis:
		return fmt.Sprintf("%v, %v, %v listed at %v", p.Plan, p.Severity, p.Target, p.Listed)
	case []sla.Warning:
		out := make([]string, len(p))
		for i, w := range p {
			out[i] = fmt.Sprintf("%d %% at %s", w.Percent, stamp(w.At))
		}
		return fmt.Sprint(out)
	case []sla.Interval:
		out := make([]string, len(p))
		for i, v := range p {
			out[i] = fmt.Sprintf("%s from %s to %s counts %v", v.Share, stamp(v.Start), stamp(v.End), v.Counted)
		}
		return fmt.Sprint(out)
	}
	return fmt.Sprint(part)
}
