package clock_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/clock"
)

// answered is a first-response cycle that was answered after d, with a target
// of an hour.
func answered(d time.Duration) clock.Cycle {
	c := clock.Cycle{Outcome: clock.OutcomeMet, Answered: true, Target: clock.Target{Within: time.Hour}, Elapsed: d}
	if d >= time.Hour {
		c.Outcome = clock.OutcomeBreached
		c.Breach = clock.Breach{Target: c.Target, Elapsed: d}
	}
	return c
}

func tallyOf(t testing.TB, resolution time.Duration, times ...time.Duration) (out clock.Tally) {
	t.Helper()
	if resolution > 0 {
		if err := out.Coarsen(resolution); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range times {
		if err := out.Add(answered(d)); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

const (
	m = time.Minute
	h = time.Hour
)

func TestTally(t *testing.T) {
	tally := tallyOf(t, 0, 10*m, 20*m, 20*m, 59*m+59*time.Second, h, 90*m+time.Second)
	for _, o := range []clock.Outcome{clock.OutcomePending, clock.OutcomeUnanswered, clock.OutcomeCleared, clock.OutcomeNoTarget, clock.OutcomeBreached} {
		c := clock.Cycle{Outcome: o, Elapsed: 5 * m}
		if err := tally.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(clock.Counts{Met: 4, Breached: 3, Unanswered: 1, Cleared: 1, Pending: 1, NoTarget: 1}, tally.Counts()); d != "" {
		t.Error(d)
	}
	want := []clock.ResponseTime{{After: 10 * m, Cycles: 1}, {After: 20 * m, Cycles: 2}, {After: 59*m + 59*time.Second, Cycles: 1}, {After: h, Cycles: 1}, {After: 90*m + time.Second, Cycles: 1}}
	if d := cmp.Diff(want, tally.Times()); d != "" {
		t.Error(d)
	}
	if r, ok := tally.Ratio(); !ok || r.Cmp(big.NewRat(4, 7)) != 0 {
		t.Error(r)
	}
	for percent, want := range map[float64]time.Duration{0.001: 10 * m, 16.6: 10 * m, 16.667: 20 * m, 50: 20 * m, 50.001: 59*m + 59*time.Second, 83.333: h, 99.9: 90*m + time.Second, 100: 90*m + time.Second} {
		if got, ok := tally.Percentile(percent); !ok || got != want {
			t.Errorf("%v %%: %v, want %v", percent, got, want)
		}
	}
	for _, percent := range []float64{0, -1, 100.001, 1e300, -1e300, math.NaN()} {
		if got, ok := tally.Percentile(percent); ok || got != 0 {
			t.Errorf("%v %%: %v", percent, got)
		}
	}
	if got := tally.Resolution(); got != 0 {
		t.Error(got)
	}
	// Rounded after the verdict: met down, breached up.
	if err := tally.Coarsen(m); err != nil {
		t.Fatal(err)
	}
	want = []clock.ResponseTime{{After: 10 * m, Cycles: 1}, {After: 20 * m, Cycles: 2}, {After: 59 * m, Cycles: 1}, {After: h, Cycles: 1}, {After: 91 * m, Cycles: 1}}
	if d := cmp.Diff(want, tally.Times()); d != "" {
		t.Error(d)
	}
	got := string(must(json.Marshal(tally)))
	if want := `{"format":1,"resolution":"1m","met":4,"breached":3,"unanswered":1,"cleared":1,"pending":1,"noTarget":1,"metTimes":"10 10*2 39","breachedTimes":"60 31"}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if r, ok := (clock.Tally{}).Ratio(); ok || r != nil {
		t.Errorf("a ratio of nothing: %v", r)
	}
	if d, ok := (clock.Tally{}).Percentile(50); ok || d != 0 {
		t.Errorf("a percentile of nothing: %v", d)
	}
	if r, ok := tallyOf(t, 0, m, h).Ratio(); !ok || r.Cmp(big.NewRat(1, 2)) != 0 {
		t.Errorf("the ratio of one and one: %v", r)
	}
	for _, d := range []time.Duration{m, h} { // one cycle, met or breached
		if r, ok := tallyOf(t, 0, d).Ratio(); !ok || r.Cmp(big.NewRat(int64((h-d)/(h-m)), 1)) != 0 {
			t.Errorf("the ratio of one cycle after %v: %v", d, r)
		}
	}
}

func TestTallyErrors(t *testing.T) {
	tally := tallyOf(t, m, 10*m)
	before := tally
	for what, err := range map[string]error{
		"clock: tally: add: outcome \"idle\": want a cycle of a status: invalid input":                       tally.Add(clock.Cycle{Outcome: clock.OutcomeIdle}),
		"clock: tally: add: outcome \"\": want a cycle of a status: invalid input":                           tally.Add(clock.Cycle{}),
		"clock: tally: add: outcome \"met\": want a cycle of a status: invalid input":                        tally.Add(clock.Cycle{Outcome: clock.OutcomeMet, Elapsed: -1}),
		"clock: tally: remove: met after 11m0s: not counted before: invalid input":                           tally.Remove(answered(11 * m)),
		"clock: tally: remove: breached after 1h0m0s: not counted before: invalid input":                     tally.Remove(answered(h)),
		"clock: tally: remove: pending after 1m0s: not counted before: invalid input":                        tally.Remove(clock.Cycle{Outcome: clock.OutcomePending, Elapsed: m}),
		"clock: tally: coarsen from 1m0s to 1m30s: want a positive multiple: invalid input":                  tally.Coarsen(90 * time.Second),
		"clock: tally: coarsen from 1m0s to 0s: want a positive multiple: invalid input":                     tally.Coarsen(0),
		"clock: tally: merge resolutions 1m0s and 7s: want one to be a multiple of the other: invalid input": tally.Merge(tallyOf(t, 7*time.Second)),
		"clock: tally: merge: more than 1000000000000000 cycles: invalid input":                              tally.Merge(decodeTally(t, `{"met":0,"breached":1000000000000000,"unanswered":0,"cleared":0,"pending":0,"noTarget":0}`)),
	} {
		if err == nil || !errors.Is(err, clock.ErrInvalid) || err.Error() != what {
			t.Errorf("got  %v\nwant %s", err, what)
		}
	}
	if !tally.Equal(before) {
		t.Error("changed by an error")
	}
	full := decodeTally(t, `{"met":0,"breached":1000000000000000,"unanswered":0,"cleared":0,"pending":0,"noTarget":0}`)
	if err := full.Add(answered(m)); err == nil || full.Counts().Met != 0 {
		t.Error(err)
	}
	almost := decodeTally(t, `{"met":0,"breached":999999999999999,"unanswered":0,"cleared":0,"pending":0,"noTarget":0}`)
	if err := almost.Merge(tallyOf(t, 0, m)); err != nil || almost.Counts().Total() != 1e15 {
		t.Errorf("the last cycle: %v", err)
	}
}

func decodeTally(t testing.TB, text string) (out clock.Tally) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Percentages below 1 are as good as others.
func TestSmallPercentiles(t *testing.T) {
	var all []time.Duration
	for i := range 1000 {
		all = append(all, time.Duration(i+1)*m)
	}
	tally := tallyOf(t, 0, all...)
	for percent, want := range map[float64]time.Duration{0.1: m, 0.101: 2 * m, 0.5: 5 * m, 1: 10 * m, 99.9: 999 * m, 100: 1000 * m} {
		if got, ok := tally.Percentile(percent); !ok || got != want {
			t.Errorf("%v %%: %v, %v, want %v", percent, got, ok, want)
		}
	}
}

// The finest resolution is a nanosecond.
func TestTallyFinestResolution(t *testing.T) {
	const in = `{"format":1,"resolution":"1ns","met":2,"breached":0,"unanswered":0,"cleared":0,"pending":0,"noTarget":0,"metTimes":"5*2"}`
	var tally clock.Tally
	if err := json.Unmarshal([]byte(in), &tally); err != nil || string(must(json.Marshal(tally))) != in {
		t.Errorf("%s, %v", must(json.Marshal(tally)), err)
	}
	exact := tallyOf(t, 0, m)
	if err := exact.Coarsen(1); err != nil || exact.Resolution() != 1 || exact.Times()[0].After != m {
		t.Errorf("of an exact tally: %v, %v", err, exact.Times())
	}
}

func TestTallyJSONErrors(t *testing.T) {
	counts := `"met":2,"breached":1,"unanswered":0,"cleared":0,"pending":0,"noTarget":0`
	for in, want := range map[string]string{
		`{` + counts + `}`:                                                                          "metTimes: 0 response times of 2 cycles",
		`{` + counts + `,"metTimes":"1 2 3"}`:                                                       "metTimes: 3 response times of 2 cycles",
		`{` + counts + `,"metTimes":"1 0"}`:                                                         `metTimes: "0": want times`,
		`{` + counts + `,"metTimes":"1*1 1"}`:                                                       `metTimes: "1*1": want times`,
		`{` + counts + `,"metTimes":"1*0 1*2"}`:                                                     `metTimes: "1*0": want times`,
		`{` + counts + `,"metTimes":"01 1"}`:                                                        `metTimes: "01": want times`,
		`{` + counts + `,"metTimes":"-1 1"}`:                                                        `metTimes: "-1": want times`,
		`{` + counts + `,"metTimes":"1*1000000000000000 1"}`:                                        `metTimes: "1": want times`,
		`{` + counts + `,"metTimes":"1  1"}`:                                                        `metTimes: "": want times`,
		`{` + counts + `,"metTimes":"1*2","breachedTimes":"1*2"}`:                                   "breachedTimes: 2 response times of 1 cycles",
		`{"resolution":"0s",` + counts + `,"metTimes":"1*2"}`:                                       `resolution: "0s": want a positive duration`,
		`{"resolution":"1h",` + counts + `,"metTimes":"9223372036854775807*2"}`:                     `metTimes: "9223372036854775807*2": want times`,
		`{"resolution":"1h",` + counts + `,"metTimes":"2562047 1"}`:                                 `metTimes: "1": want times`,
		`{` + counts + `,"metTimes":"9223372036854775808*2"}`:                                       `metTimes: "9223372036854775808*2": want times`,
		`{"format":2,` + counts + `}`:                                                               "written by a newer version",
		`{"met":-1,"breached":1,"unanswered":0,"cleared":0,"pending":0,"noTarget":0}`:               "met: ",
		`{"met":0,"breached":1000000000000000,"unanswered":1,"cleared":0,"pending":0,"noTarget":0}`: "more than 1000000000000000 cycles",
		`{"met":0}`: "breached: invalid JSON: field is missing",
		`[]`:        "want an object",
	} {
		tally := tallyOf(t, 0, m)
		err := json.Unmarshal([]byte(in), &tally)
		if err == nil || !strings.Contains(err.Error(), want) || !tally.Equal(tallyOf(t, 0, m)) {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
		if !errors.Is(err, clock.ErrInvalid) && !errors.Is(err, clock.ErrNewer) {
			t.Errorf("%s: %v wraps no sentinel", in, err)
		}
	}
}

// The longest times that a duration holds are read and written, and so are the
// most cycles that a tally counts.
func TestLongestTimes(t *testing.T) {
	const rest = `,"breached":0,"unanswered":0,"cleared":0,"pending":0,"noTarget":0,"metTimes":`
	for in, want := range map[string]clock.ResponseTime{
		`{"format":1,"met":2` + rest + `"9223372036854775807*2"}`:                                {After: math.MaxInt64, Cycles: 2},
		`{"format":1,"resolution":"1h","met":1` + rest + `"2562047"}`:                            {After: 2562047 * h, Cycles: 1},
		`{"format":1,"met":1000000000000000` + rest + `"5*1000000000000000"}`:                    {After: 5, Cycles: 1e15},
		`{"format":1,"met":1000000000000000` + rest + `"0*999999999999999 9"}`:                   {After: 9, Cycles: 1},
		`{"format":1,"met":1000000000000000` + rest + `"0 9223372036854775807*999999999999999"}`: {After: math.MaxInt64, Cycles: 999_999_999_999_999},
	} {
		tally := decodeTally(t, in)
		times := tally.Times()
		if d := cmp.Diff(want, times[len(times)-1]); d != "" || string(must(json.Marshal(tally))) != in {
			t.Errorf("%s: %s (-want +got)\n%s", in, must(json.Marshal(tally)), d)
		}
	}
}

// Merging in any order and at a common resolution gives the same report, also
// after storing; what is taken out again was never there.
func TestTallyLaws(t *testing.T) {
	resolutions := []time.Duration{0, time.Second, m, 5 * m, h}
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(3*h)).Draw(t, "time"))
		}), 0, 100).Draw(t, "times")
		whole := tallyOfRapid(t, 0, times...)
		n := rapid.IntRange(0, len(times)).Draw(t, "cut")
		a, b := tallyOfRapid(t, rapid.SampledFrom(resolutions).Draw(t, "a"), times[:n]...), tallyOfRapid(t, rapid.SampledFrom(resolutions).Draw(t, "b"), times[n:]...)
		ab, ba := a, decodeRapid(t, b)
		for _, err := range []error{ab.Merge(b), ba.Merge(a)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if !ab.Equal(ba) {
			t.Fatalf("%s, %s", must(json.Marshal(ab)), must(json.Marshal(ba)))
		}
		if ab.Resolution() > 0 {
			if err := whole.Coarsen(ab.Resolution()); err != nil {
				t.Fatal(err)
			}
		}
		if !whole.Equal(ab) {
			t.Fatalf("%s, %s", must(json.Marshal(whole)), must(json.Marshal(ab)))
		}
		if len(times) > 0 {
			d := rapid.SampledFrom(times).Draw(t, "out")
			if err := ab.Remove(answered(d)); err != nil {
				t.Fatal(err)
			}
			if err := ab.Add(answered(d)); err != nil || !ab.Equal(ba) {
				t.Fatal(err)
			}
		}
		// A slow percentile.
		exact := slices.Sorted(slices.Values(times))
		p := rapid.IntRange(1, 1000).Draw(t, "per mille")
		if got, ok := tallyOfRapid(t, 0, times...).Percentile(float64(p) / 10); ok {
			if want := exact[(len(exact)*p+999)/1000-1]; got != want {
				t.Fatalf("p%v of %v is %v, want %v", float64(p)/10, exact, got, want)
			}
		} else if len(times) > 0 {
			t.Fatal("no percentile")
		}
	})
}

func tallyOfRapid(t *rapid.T, resolution time.Duration, times ...time.Duration) (out clock.Tally) {
	if resolution > 0 {
		_ = out.Coarsen(resolution)
	}
	for _, d := range times {
		if err := out.Add(answered(d)); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func decodeRapid(t *rapid.T, in clock.Tally) (out clock.Tally) {
	if err := json.Unmarshal(must(json.Marshal(in)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// fill counts n cases at one minute.
func fill(tb testing.TB, n int) clock.Tally {
	tb.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	tally := tallyOf(tb, m)
	for range n {
		if err := tally.Add(answered(time.Duration(r.ExpFloat64() * float64(48*h)))); err != nil {
			tb.Fatal(err)
		}
	}
	return tally
}

// A report at a resolution stays small, and can be read again.
func TestTallyStaysSmall(t *testing.T) {
	tally := fill(t, 200_000)
	data := must(json.Marshal(tally))
	var read clock.Tally
	if err := json.Unmarshal(data, &read); err != nil || !read.Equal(tally) || len(data) > 200_000 {
		t.Errorf("%d bytes: %v", len(data), err)
	}
}

// Reports of 16 MiB are read, longer ones are not.
func TestTallyLimit(t *testing.T) {
	tally := tallyOf(t, 0, m)
	data := must(json.Marshal(tally))
	for extra := range 2 {
		var read clock.Tally
		err := read.UnmarshalJSON(append(bytes.Repeat([]byte(" "), 16<<20-len(data)+extra), data...))
		if ok := extra == 0; (err == nil) != ok || read.Equal(tally) != ok || !ok && !errors.Is(err, clock.ErrInvalid) {
			t.Errorf("%d bytes over the limit: %v", extra, err)
		}
	}
}

// A tally of 16 MiB is written, and one that is too large to be read is not.
func TestLargeTally(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 16 MiB")
	}
	const head, tail, each = `{"format":1,"met":1000000,"breached":0,"unanswered":0,"cleared":0,"pending":0,"noTarget":0,"metTimes":"`, `"}`, " 1000000000"
	left := 16<<20 - len(head+tail) - 1
	n := left / len(each)
	in := strings.Replace(head, "1000000", strconv.Itoa(n+1), 1) + "1" + strings.Repeat("0", left%len(each)) + strings.Repeat(each, n) + tail
	tally := decodeTally(t, in)
	if data, err := tally.MarshalJSON(); string(data) != in || err != nil {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if err := tally.Add(answered(m)); err != nil {
		t.Fatal(err)
	}
	if data, err := tally.MarshalJSON(); !errors.Is(err, clock.ErrInvalid) || !strings.Contains(err.Error(), "clock: marshal tally: 167772") || data != nil {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

// Ten million cases at one minute: bytes in memory and of JSON.
func BenchmarkTallyOfTenMillion(b *testing.B) {
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		tally := fill(b, 10_000_000)
		runtime.GC()
		runtime.ReadMemStats(&after)
		data := must(json.Marshal(tally))
		b.ReportMetric(float64(after.HeapAlloc)-float64(before.HeapAlloc), "heap-bytes")
		b.ReportMetric(float64(len(data)), "json-bytes")
	}
}

func BenchmarkTally(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var cycles [4096]clock.Cycle
	for i := range cycles {
		cycles[i] = answered(time.Duration(r.ExpFloat64() * float64(48*h)))
	}
	for name, resolution := range map[string]time.Duration{"minute": m, "exact": 0} {
		b.Run(name, func(b *testing.B) {
			tally := tallyOf(b, resolution)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := tally.Add(cycles[i%len(cycles)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
