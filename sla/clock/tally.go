package clock

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/internal/hours"
)

const (
	maxCycles  = 1e15     // how many cycles a tally may count
	maxReports = 16 << 20 // how many bytes a tally's JSON may have
)

// A Tally counts cycles by outcome, with the response times of those that were
// answered. The zero Tally is empty and exact. Keep one for each key to group
// by, such as a metric and a target's name; [Tally.Merge] sums those of many
// machines.
//
// An exact tally grows with the number of different response times. One that
// is kept at a resolution, see [Tally.Coarsen], grows with the longest of them.
// A copy is independent.
//
// Its JSON form, of 16 MiB at most, is {"format": 1, "resolution": "1m", "met":
// 4, "breached": 1, …, "metTimes": "15*3 45", "breachedTimes": "61"}. Times are
// in units of the resolution, or of nanoseconds if there is none; each is given
// as its distance from the one before, and followed by *n if n cycles have it.
type Tally struct {
	resolution time.Duration // 0: exact
	counts     Counts
	times      [2]times // of met and of breached cycles, in units
}

// Counts are how many cycles a [Tally] counts, by outcome.
type Counts struct {
	Met        int64 `json:"met"`        // answered in time
	Breached   int64 `json:"breached"`   // answered late, or late and not answered
	Unanswered int64 `json:"unanswered"` // closed before a first response was due; outside the ratio
	Cleared    int64 `json:"cleared"`    // closed before another answer was due; outside the ratio
	Pending    int64 `json:"pending"`    // not yet due; outside the ratio
	NoTarget   int64 `json:"noTarget"`   // nothing to meet; outside the ratio
}

// of returns where c counts outcome o, or nil.
func (c *Counts) of(o Outcome) *int64 {
	switch o {
	case OutcomeMet:
		return &c.Met
	case OutcomeBreached:
		return &c.Breached
	case OutcomeUnanswered:
		return &c.Unanswered
	case OutcomeCleared:
		return &c.Cleared
	case OutcomePending:
		return &c.Pending
	case OutcomeNoTarget:
		return &c.NoTarget
	}
	return nil
}

var outcomes = [...]Outcome{OutcomeMet, OutcomeBreached, OutcomeUnanswered, OutcomeCleared, OutcomePending, OutcomeNoTarget}

// Total returns the number of cycles, whatever their outcome.
func (c Counts) Total() int64 {
	return c.Met + c.Breached + c.Unanswered + c.Cleared + c.Pending + c.NoTarget
}

// A ResponseTime is how many cycles were answered after the same counted time.
type ResponseTime struct {
	After  time.Duration
	Cycles int64
}

// Add counts c. Its response time is c.Elapsed if it was met, and
// c.Breach.Elapsed if it was breached and answered. Whether a cycle is counted
// once, and not while it is pending, is the caller's concern. Add returns an
// error wrapping [ErrInvalid], and counts nothing, if c is not a cycle of a
// [Status], such as that of an idle metric, or after 10^15 cycles.
func (t *Tally) Add(c Cycle) error {
	n, times, after, err := t.place(&c)
	if err == nil && t.counts.Total() == maxCycles {
		err = tooMany()
	}
	if err != nil {
		return field.Op("clock: tally: add", err)
	}
	*n++
	if times != nil {
		times.add(after)
	}
	return nil
}

// Remove takes c out again after [Tally.Add] has counted it. It returns an error
// wrapping [ErrInvalid], and changes nothing, if t does not count such a cycle.
func (t *Tally) Remove(c Cycle) error {
	n, times, after, err := t.place(&c)
	if err == nil && (*n == 0 || times != nil && !times.remove(after)) {
		err = fmt.Errorf("%s after %v: not counted before: %w", c.Outcome, c.Elapsed, ErrInvalid)
	}
	if err != nil {
		return field.Op("clock: tally: remove", err)
	}
	*n--
	return nil
}

// place returns where c is counted, and where its response time is if it has
// one.
func (t *Tally) place(c *Cycle) (n *int64, times *times, after int64, err error) {
	n = t.counts.of(c.Outcome)
	if n == nil || c.Elapsed < 0 || c.Breach.Elapsed < 0 {
		return nil, nil, 0, fmt.Errorf("outcome %s: want a cycle of a status: %w", quote.String(string(c.Outcome)), ErrInvalid)
	}
	switch {
	case c.Outcome == OutcomeMet:
		times, after = &t.times[0], t.unit(0, int64(c.Elapsed))
	case c.Outcome == OutcomeBreached && c.Answered:
		times, after = &t.times[1], t.unit(1, int64(c.Breach.Elapsed))
	}
	return n, times, after, nil
}

func tooMany() error { return fmt.Errorf("more than %d cycles: %w", int64(maxCycles), ErrInvalid) }

// unit returns a time, in nanoseconds, in units of t's resolution: rounded down
// for met cycles and up for breached ones.
func (t *Tally) unit(breached int, d int64) int64 {
	r := max(int64(t.resolution), 1)
	u := d / r
	if breached == 1 && d%r != 0 {
		u++
	}
	return u
}

// Merge adds all that u counts to t; u stays as it is. If the resolutions
// differ, the sum has the coarser one. The sum is the same in whatever order
// tallies are merged. Merge returns an error wrapping [ErrInvalid], and changes
// nothing, if neither resolution is a multiple of the other, or if that makes
// more than 10^15 cycles.
func (t *Tally) Merge(u Tally) error {
	a, b := t.resolution, u.resolution
	switch {
	case b != 0 && a%b != 0 && b%a != 0: // 0 is a multiple of each
		return fmt.Errorf("clock: tally: merge resolutions %v and %v: want one to be a multiple of the other: %w", a, b, ErrInvalid)
	case t.counts.Total()+u.counts.Total() > maxCycles:
		return field.Op("clock: tally: merge", tooMany())
	}
	t.coarsen(max(a, b))
	for _, o := range outcomes {
		*t.counts.of(o) += *u.counts.of(o)
	}
	for i := range u.times {
		more := u.times[i].mapped(func(after int64) int64 { return t.unit(i, after*max(int64(b), 1)) })
		t.times[i].set(sum(t.times[i].all(), more))
	}
	return nil
}

// Coarsen has t keep response times at the given resolution from now on, and
// rounds those that it has. Verdicts stay: times of met cycles are rounded
// down, so they stay below their target, and those of breached ones up. It
// returns an error wrapping [ErrInvalid], and changes nothing, if the
// resolution is not a positive multiple of the one that t has.
func (t *Tally) Coarsen(resolution time.Duration) error {
	if resolution <= 0 || t.resolution != 0 && resolution%t.resolution != 0 {
		return fmt.Errorf("clock: tally: coarsen from %v to %v: want a positive multiple: %w", t.resolution, resolution, ErrInvalid)
	}
	t.coarsen(resolution)
	return nil
}

// coarsen sets the resolution to one that is not finer.
func (t *Tally) coarsen(to time.Duration) {
	from := max(int64(t.resolution), 1)
	if to == t.resolution {
		return
	}
	t.resolution = to
	for i := range t.times {
		t.times[i].set(t.times[i].mapped(func(after int64) int64 { return t.unit(i, after*from) }))
	}
}

// Resolution returns the resolution at which t keeps response times, or 0 if it
// is exact.
func (t Tally) Resolution() time.Duration { return t.resolution }

// Counts returns how many cycles t counts.
func (t Tally) Counts() Counts { return t.counts }

// Times returns the response times of the cycles that were met, and of those
// that were breached and answered, in rising order.
func (t Tally) Times() []ResponseTime {
	all := sum(t.times[0].all(), t.times[1].all())
	out := make([]ResponseTime, len(all))
	for i, a := range all {
		out[i] = ResponseTime{time.Duration(a.after * max(int64(t.resolution), 1)), a.cycles}
	}
	return out
}

// Ratio returns the attainment: Met over Met and Breached together, exactly. ok
// is false if neither counts any cycle.
func (t Tally) Ratio() (ratio *big.Rat, ok bool) {
	if t.counts.Met+t.counts.Breached == 0 {
		return nil, false
	}
	return big.NewRat(t.counts.Met, t.counts.Met+t.counts.Breached), true
}

// Percentile returns the response time within which percent of every hundred
// answered cycles were answered, by nearest rank: of n response times in rising
// order, the one whose position is n·percent/100, rounded up. percent is taken
// to the nearest thousandth, so 99.9 is exact. ok is false if percent is not
// above 0 and at most 100, or no cycle was answered.
func (t Tally) Percentile(percent float64) (d time.Duration, ok bool) {
	p := int64(math.Round(min(max(percent, 0), 101) * 1000))
	if p < 1 || p > 100_000 || percent != percent {
		return 0, false
	}
	times := t.Times()
	var n int64
	for _, r := range times {
		n += r.Cycles
	}
	rank := new(big.Int).Mul(big.NewInt(n), big.NewInt(p))
	rank.Add(rank, big.NewInt(99_999)).Quo(rank, big.NewInt(100_000))
	left := rank.Int64()
	for _, r := range times {
		if left -= r.Cycles; left <= 0 {
			return r.After, true
		}
	}
	return 0, false
}

// Equal reports whether t and u have the same resolution and count the same.
func (t Tally) Equal(u Tally) bool {
	return t.resolution == u.resolution && t.counts == u.counts &&
		slices.Equal(t.times[0].all(), u.times[0].all()) && slices.Equal(t.times[1].all(), u.times[1].all())
}

type tallyJSON struct {
	Format     int    `json:"format"`
	Resolution string `json:"resolution,omitempty"`
	Counts
	MetTimes      string `json:"metTimes,omitempty"`
	BreachedTimes string `json:"breachedTimes,omitempty"`
}

// MarshalJSON returns t's JSON form. It returns an error wrapping [ErrInvalid]
// if that is more than can be read again: coarsen t then.
func (t Tally) MarshalJSON() ([]byte, error) {
	out := tallyJSON{Format: strictjson.Format, Counts: t.counts, MetTimes: writeTimes(t.times[0].all()), BreachedTimes: writeTimes(t.times[1].all())}
	if t.resolution != 0 {
		out.Resolution = hours.Short(t.resolution)
	}
	data, err := json.Marshal(out)
	if len(data) > maxReports {
		return nil, fmt.Errorf("clock: marshal tally: %d bytes: want %d at most, by a coarser resolution: %w", len(data), maxReports, ErrInvalid)
	}
	return data, err
}

func writeTimes(run []timed) string {
	var b []byte
	last := int64(0)
	for _, a := range run {
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, a.after-last, 10)
		if a.cycles != 1 {
			b = strconv.AppendInt(append(b, '*'), a.cycles, 10)
		}
		last = a.after
	}
	return string(b)
}

// UnmarshalJSON reads t's JSON form, strictly: counts and response times must
// agree. It returns an error wrapping [ErrInvalid] or [ErrNewer]; then *t is unchanged.
func (t *Tally) UnmarshalJSON(data []byte) error {
	var u Tally
	err := strictjson.DecodeUpTo(maxReports, "clock: decode tally", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			if r := o.May("resolution"); r.IsPresent() {
				d, err := time.ParseDuration(r.Text())
				if err != nil || d <= 0 {
					r.Fail(fmt.Errorf("%s: want a positive duration such as \"1m\": %w", quote.String(r.Text()), ErrInvalid))
				}
				u.resolution = d
			}
			for _, name := range []struct {
				field string
				into  *int64
			}{
				{"met", &u.counts.Met},
				{"breached", &u.counts.Breached},
				{"unanswered", &u.counts.Unanswered},
				{"cleared", &u.counts.Cleared},
				{"pending", &u.counts.Pending},
				{"noTarget", &u.counts.NoTarget},
			} {
				*name.into = o.Need(name.field).Int(0, maxCycles)
			}
			met, breached := o.May("metTimes"), o.May("breachedTimes")
			if n := u.readTimes(0, met); n != u.counts.Met {
				v.At("metTimes").Fail(fmt.Errorf("%d response times of %d cycles: want one for each: %w", n, u.counts.Met, ErrInvalid))
			}
			if n := u.readTimes(1, breached); n > u.counts.Breached {
				v.At("breachedTimes").Fail(fmt.Errorf("%d response times of %d cycles: want at most one for each: %w", n, u.counts.Breached, ErrInvalid))
			}
			if u.counts.Total() > maxCycles {
				v.Fail(tooMany())
			}
		})
	})
	if err != nil {
		return shape(err)
	}
	*t = u
	return nil
}

// readTimes reads the times at v, which may be absent, and returns of how many
// cycles they are.
func (t *Tally) readTimes(i int, v strictjson.Value) (cycles int64) {
	if !v.IsPresent() {
		return 0
	}
	var run []timed
	after, limit := int64(0), math.MaxInt64/max(int64(t.resolution), 1)
	for token := range strings.SplitSeq(v.Text(), " ") {
		d, n, several := strings.Cut(token, "*")
		by, ok1 := natural(d, limit-after)
		count, ok2 := natural(n, maxCycles)
		if !several {
			count, ok2 = 1, true
		}
		if !ok1 || !ok2 || by == 0 && cycles > 0 || count == 0 || several && count == 1 || cycles+count > maxCycles {
			v.Fail(fmt.Errorf("%s: want times such as \"15*3 45\": %w", quote.String(token), ErrInvalid))
			return cycles
		}
		after += by
		cycles += count
		run = append(run, timed{after, count})
	}
	t.times[i].set(run)
	return cycles
}

// natural reads a number from 0 to limit without leading zeros.
func natural(s string, limit int64) (n int64, ok bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0 && n <= limit && strconv.FormatInt(n, 10) == s
}
