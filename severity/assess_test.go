package severity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/severity"
)

// Every combination of observations, in the order of the fields read as a
// binary number: core business down, data lost, intrusion, production down,
// degraded.
func TestAssess(t *testing.T) {
	const g, s, p, b = severity.General, severity.SystemImpaired, severity.ProductionImpacted, severity.BusinessCritical
	want := []severity.Severity{
		g, s, p, p, b, b, b, b,
		b, b, b, b, b, b, b, b,
		b, b, b, b, b, b, b, b,
		b, b, b, b, b, b, b, b,
	}
	var got []severity.Severity
	for n := range 32 {
		got = append(got, severity.Assess(severity.Observations{
			CoreBusinessDown: n&16 != 0,
			DataLost:         n&8 != 0,
			Intrusion:        n&4 != 0,
			ProductionDown:   n&2 != 0,
			Degraded:         n&1 != 0,
		}))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
