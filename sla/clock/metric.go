package clock

import "github.com/supportplan/supportplan/internal/enum"

// A Metric names one of the four clocks of a case: [MetricFirstResponse],
// [MetricNextResponse], [MetricUpdate] or [MetricResolution]. The zero Metric
// is invalid.
type Metric string

// The metrics, each with the time that it measures by default; a [Convention]
// changes that.
const (
	// MetricFirstResponse runs from the opening to the first response.
	MetricFirstResponse Metric = "first-response"
	// MetricNextResponse runs from the first customer message that is not yet
	// answered to the next response, in one cycle for each. The opening message
	// does not count. Closing clears a pending cycle.
	MetricNextResponse Metric = "next-response"
	// MetricUpdate runs from each response to the next one, in one cycle for
	// each. Closing clears a pending cycle.
	MetricUpdate Metric = "update"
	// MetricResolution runs from the opening to the closing.
	MetricResolution Metric = "resolution"
)

// metrics holds the metrics in order; their indexes serve inside the package.
var metrics = [...]Metric{MetricFirstResponse, MetricNextResponse, MetricUpdate, MetricResolution}

const (
	first = iota
	next
	update
	resolution
)

// Metrics returns the four metrics in the order of their declaration, in a
// slice of the caller's own.
func Metrics() []Metric { return append([]Metric(nil), metrics[:]...) }

// index returns m's place in metrics, or -1.
func (m Metric) index() int {
	for i, n := range metrics {
		if n == m {
			return i
		}
	}
	return -1
}

// UnmarshalText sets *m to the metric that b spells, or returns an error
// wrapping [ErrInvalid].
func (m *Metric) UnmarshalText(b []byte) error {
	return enum.ReadToken(m, b, "metric", metrics[:], ErrInvalid)
}
