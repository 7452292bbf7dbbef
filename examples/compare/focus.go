package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/focus"
)

// The goals of reading a bill: times a bare pass, and bytes.
const (
	focusTimes  = 1.6
	focusMemory = 64e6
)

// passes are the ways to read a bill; each returns the number of its rows.
var passes = map[string]func(io.Reader) (int, error){
	"focus": func(r io.Reader) (int, error) {
		report, err := sumBill(r)
		return report.Rows(), err
	},
	"csv": func(r io.Reader) (int, error) {
		// The same buffer as focus has: only what is done with rows differs.
		records := csv.NewReader(bufio.NewReaderSize(r, 64<<10))
		records.ReuseRecord = true
		if _, err := records.Read(); err != nil {
			return 0, err
		}
		for n := 0; ; n++ {
			if _, err := records.Read(); errors.Is(err, io.EOF) {
				return n, nil
			} else if err != nil {
				return n, err
			}
		}
	},
}

func sumBill(r io.Reader) (focus.Report, error) {
	return focus.Read(r, focus.Options{ExcludeServices: []string{supportService}, CountUnmarked: true})
}

// A passed is the cost of one pass over a bill.
type passed struct {
	Rows    int     `json:"rows"`
	Seconds float64 `json:"seconds"`
	Peak    uint64  `json:"peak"` // bytes of memory that the process had at most
}

// runPass reads the bill by one of the passes, and prints the cost.
func runPass(name string, r io.Reader, w io.Writer) error {
	start := time.Now()
	rows, err := passes[name](r)
	if err != nil {
		return err
	}
	p := passed{Rows: rows, Seconds: time.Since(start).Seconds(), Peak: peakMemory()}
	return json.NewEncoder(w).Encode(p)
}

// peakMemory returns how much memory the process had at most: resident, where
// the system says so, and otherwise all that the runtime has ever mapped.
func peakMemory() uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err == nil {
		if peak, ok := highWater(string(status)); ok {
			return peak
		}
	}
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// highWater returns the VmHWM of a process's status, in bytes.
func highWater(status string) (uint64, bool) {
	for line := range strings.Lines(status) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			return n << 10, err == nil
		}
	}
	return 0, false
}

// A focusResult compares the two passes over one bill.
type focusResult struct {
	size       size
	rows       int
	ours, bare float64 // the least seconds
	peak       uint64  // the highest of our passes
	barePeak   uint64
}

// measureFocus generates a bill in a temporary file, checks that it is summed up
// right, and reads it by each pass in processes of their own, by turns.
func measureFocus(length size, rounds int) (focusResult, error) {
	f, err := os.CreateTemp("", "bill-*.csv")
	if err != nil {
		return focusResult{}, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	holds, err := writeBill(f, length)
	if err != nil {
		return focusResult{}, err
	}
	end, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return focusResult{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return focusResult{}, err
	}
	report, err := sumBill(f)
	if err != nil {
		return focusResult{}, err
	}
	if err := agreeOnBill(report, holds); err != nil {
		return focusResult{}, err
	}
	r := focusResult{size: size(end), rows: report.Rows()}
	var ours, bare []float64
	for range rounds {
		p, err := passInProcess("focus", f.Name())
		if err != nil {
			return r, err
		}
		q, err := passInProcess("csv", f.Name())
		if err != nil {
			return r, err
		}
		if p.Rows != r.rows || q.Rows != r.rows {
			return r, fmt.Errorf("the bill has %d rows; the passes saw %d and %d", r.rows, p.Rows, q.Rows)
		}
		ours, bare = append(ours, p.Seconds), append(bare, q.Seconds)
		r.peak, r.barePeak = max(r.peak, p.Peak), max(r.barePeak, q.Peak)
	}
	r.ours, r.bare = slices.Min(ours), slices.Min(bare)
	return r, nil
}

// passInProcess reads the file by a pass in a process of its own, whose memory
// is then that of the pass and of nothing else.
func passInProcess(name, file string) (p passed, err error) {
	self, err := os.Executable()
	if err != nil {
		return p, err
	}
	in, err := os.Open(file)
	if err != nil {
		return p, err
	}
	defer in.Close()
	var stderr bytes.Buffer
	cmd := exec.Command(self, "-pass", name)
	cmd.Stdin, cmd.Stderr = in, &stderr
	out, err := cmd.Output()
	if err != nil {
		return p, fmt.Errorf("-pass %s: %w: %s", name, err, stderr.Bytes())
	}
	return p, json.Unmarshal(out, &p)
}

// agreeOnBill returns an error unless the report says what the bill holds, to
// the last digit.
func agreeOnBill(r focus.Report, holds map[billed]*balance) error {
	reported := r.Accounts()
	if len(reported) != len(holds) || len(r.Outside()) != 0 || len(r.Unused()) != 0 {
		return fmt.Errorf("the report has %d accounts and months, the bill %d", len(reported), len(holds))
	}
	for _, a := range reported {
		b := holds[billed{a.ID, a.Period.Start.Month()}]
		if b == nil {
			return fmt.Errorf("account %s has nothing in %v", a.ID, a.Period)
		}
		rows, excluded := 0, decimal.Decimal{}
		for _, x := range a.Excluded {
			rows, excluded = rows+x.Sum.Rows, excluded.Add(x.Sum.Cost)
		}
		if !slices.Equal(a.Issuers, []string{issuer}) || a.Currency != "USD" || a.Counted.Rows != b.countedRows || rows != b.excludedRows ||
			!a.Counted.Cost.Equal(decimal.New(b.counted, -9)) || !excluded.Equal(decimal.New(b.excluded, -9)) {
			return fmt.Errorf("account %s in %v: reported %v and %v not counted, should be %+v", a.ID, a.Period, a.Counted, excluded, *b)
		}
	}
	return nil
}

// table returns the result as a Markdown table.
func (f focusResult) table() string {
	mark := func(ok bool) string {
		if ok {
			return "✓"
		}
		return "✗"
	}
	megabytes := float64(f.size) / 1e6
	speed := func(seconds float64) string { return fmt.Sprintf("%.2f s, %.0f MB/s", seconds, megabytes/seconds) }
	memory := func(peak uint64) string { return fmt.Sprintf("%.1f MB", float64(peak)/1e6) }
	return fmt.Sprintf("| FOCUS bill of %.0f MB, %s rows, %s accounts | `focus.Read` | bare `encoding/csv` | ratio | goal | met |\n", megabytes, thousands(int64(f.rows)), thousands(accounts)) +
		"|---|--:|--:|---|---|---|\n" +
		fmt.Sprintf("| time | %s | %s | %.2f× its cost | ≤ %g× | %s |\n", speed(f.ours), speed(f.bare), f.ours/f.bare, focusTimes, mark(f.ours <= focusTimes*f.bare)) +
		fmt.Sprintf("| memory, at most | %s | %s | | < %.0f MB | %s |\n", memory(f.peak), memory(f.barePeak), focusMemory/1e6, mark(float64(f.peak) < focusMemory))
}
