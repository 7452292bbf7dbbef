package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/sla/calendar"
)

var (
	kills    = flag.Int("kills", 8, "how many times the replay is killed")
	requests = flag.Int("requests", 400, "how many requests the load test sends")
)

// The test binary is the program too: tests start it as a process of its own, to
// be killed.
func TestMain(m *testing.M) {
	if os.Getenv("SLADESK_RUN") != "" {
		if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A fake is a service on an empty desk with a clock that the test moves.
type fake struct {
	service
	mu   sync.Mutex
	at   time.Time
	sent []string
}

func newFake(t *testing.T, at time.Time) *fake {
	t.Helper()
	sites, err := sites()
	if err != nil {
		t.Fatal(err)
	}
	policy, err := newPolicy(sites)
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{at: at}
	d, err := openDesk(t.Context(), filepath.Join(t.TempDir(), "desk.db"), policy, func(n notice) error {
		f.sent = append(f.sent, n.Case+" "+n.What)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.close() })
	f.service = service{d, sites, func() time.Time { f.mu.Lock(); defer f.mu.Unlock(); return f.at }}
	return f
}

// wait moves the clock and lets the timers fire.
func (f *fake) wait(t *testing.T, d time.Duration) {
	t.Helper()
	f.mu.Lock()
	f.at = f.at.Add(d)
	to := f.at
	f.mu.Unlock()
	if err := f.desk.advance(t.Context(), to); err != nil {
		t.Fatal(err)
	}
}

func (f *fake) do(method, path, body string) (status int, answer string) {
	w := httptest.NewRecorder()
	f.routes().ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w.Code, w.Body.String()
}

// monday is 2026-03-02 09:00 UTC.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const opening = `{"plan":"business","severity":"production-impacted","opened":"2026-03-02T09:00:00Z"}`

func TestWarningsAndBreach(t *testing.T) {
	f := newFake(t, monday)
	if status, text := f.do("PUT", "/cases/C-1", opening); status != 200 {
		t.Fatal(status, text)
	}
	for _, c := range []struct {
		wait time.Duration
		want []string
	}{
		{15*time.Minute - 1, nil},
		{1, []string{"C-1 first-response/1/50"}},
		{8 * time.Minute, []string{"C-1 first-response/1/75"}},
		{4 * time.Minute, []string{"C-1 first-response/1/90"}},
		{3 * time.Minute, []string{"C-1 first-response/1/breach"}},
	} {
		f.sent = nil
		f.wait(t, c.wait)
		if diff := cmp.Diff(c.want, f.sent); diff != "" {
			t.Errorf("at %v (-want +got):\n%s", f.at, diff)
		}
	}
	// A response that is told late, but happened in time, takes the breach back
	// in the status. What was sent stays sent.
	if status, text := f.do("PUT", "/cases/C-1/events/e1", `{"at":"2026-03-02T09:20:00Z","kind":"responded"}`); status != 200 || !strings.Contains(text, `"met"`) {
		t.Errorf("late news: %d %s", status, text)
	}
}

// Events that come twice count once, whatever the order in which they come.
func TestRepeatedAndReorderedEvents(t *testing.T) {
	events := map[string]string{
		"e1": `{"at":"2026-03-02T09:05:00Z","kind":"paused","reason":"customer"}`,
		"e2": `{"at":"2026-03-02T09:25:00Z","kind":"resumed","reason":"customer"}`,
		"e3": `{"at":"2026-03-02T09:40:00Z","kind":"responded"}`,
		"e4": `{"at":"2026-03-02T09:50:00Z","kind":"paused","reason":"customer"}`,
		"e5": `{"at":"2026-03-02T09:55:00Z","kind":"closed"}`,
	}
	var want string
	random := rand.New(rand.NewPCG(3, 4))
	for try := range 20 {
		f := newFake(t, monday.Add(time.Hour))
		f.do("PUT", "/cases/C-1", opening)
		var order []string
		for id := range events {
			order = append(order, id, id)
		}
		slices.Sort(order)
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, id := range order {
			if status, text := f.do("PUT", "/cases/C-1/events/"+id, events[id]); status != 200 {
				t.Fatal(status, text)
			}
		}
		_, got := f.do("GET", "/cases/C-1", "")
		if try == 0 {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("in the order %q:\n%s", order, diff)
		}
	}
	if !strings.Contains(want, `"met"`) {
		t.Errorf("the status is %s", want)
	}
}

func TestBadRequests(t *testing.T) {
	f := newFake(t, monday)
	f.do("PUT", "/cases/C-1", opening)
	for _, c := range []struct {
		method, path, body string
		status             int
		field              string
	}{
		{"PUT", "/cases/C-2", `{"plan":"gold","severity":"general","opened":"2026-03-02T09:00:00Z"}`, 400, "plan"},
		{"PUT", "/cases/C-2", `{"plan":"business","severity":"General","opened":"2026-03-02T09:00:00Z"}`, 400, "severity"},
		{"PUT", "/cases/C-2", `{"plan":"business","severity":"general","opened":"yesterday"}`, 400, "opened"},
		{"PUT", "/cases/C-2", `{"plan":"business","severity":"general","opened":"2026-03-02T09:00:00Z","color":"red"}`, 400, "color"},
		{"PUT", "/cases/C-2", `not JSON`, 400, ""},
		{"PUT", "/cases/C-2", strings.Repeat(" ", maxBody+1), 413, ""},
		{"PUT", "/cases/C-1", strings.Replace(opening, "business", "basic", 1), 409, ""},
		{"PUT", "/cases/C-1", opening, 200, ""},
		{"PUT", "/cases/C-1/events/e", `{"at":"2026-03-02T09:10:00Z","kind":"exploded"}`, 400, "kind"},
		{"PUT", "/cases/C-1/events/e", `{"at":"2026-03-02T09:10:00Z"}`, 400, "kind"},
		{"PUT", "/cases/C-9/events/e", `{"at":"2026-03-02T09:10:00Z","kind":"responded"}`, 404, ""},
		{"GET", "/cases/C-9", "", 404, ""},
		{"GET", "/cases/C-9/segments", "", 404, ""},
		{"GET", "/cases/C-1/segments", "", 200, ""},
		{"GET", "/healthz", "", 204, ""},
	} {
		status, text := f.do(c.method, c.path, c.body)
		var p problem
		json.Unmarshal([]byte(text), &p) //nolint:errcheck // of some answers there is no JSON
		if status != c.status || p.Field != c.field || status >= 400 && p.Error == "" {
			t.Errorf("%s %s %.60s: %d %.300s; want %d, field %q", c.method, c.path, c.body, status, text, c.status, c.field)
		}
	}
}

func TestWhatIfAndChange(t *testing.T) {
	f := newFake(t, monday)
	f.do("PUT", "/cases/C-1", opening)
	status, text := f.do("GET", "/whatif?case=C-1&plan=enterprise&severity=business-critical&from=opening", "")
	if status != 200 || !strings.Contains(text, "2 Mar 09:15 UTC") || !strings.Contains(text, "2 Mar 09:30 UTC") {
		t.Errorf("what if: %d %s", status, text)
	}
	if _, before := f.do("GET", "/cases/C-1", ""); !strings.Contains(before, "2026-03-02T09:30:00Z") {
		t.Errorf("asking has changed the case: %s", before)
	}
	f.do("POST", "/change?case=C-1&severity=business-critical&plan=enterprise", "")
	if _, after := f.do("GET", "/cases/C-1", ""); !strings.Contains(after, "2026-03-02T09:15:00Z") {
		t.Errorf("after the change: %s", after)
	}
}

// logFile returns the path of the real log, or skips.
func logFile(t *testing.T) string {
	t.Helper()
	const name = "../../../shared/data/incident_events.csv"
	if _, err := os.Stat(name); err != nil {
		t.Skip("the incident log is not here")
	}
	return name
}

// sent returns the notices that processes have printed, each once, in order, and
// the report behind them.
func sent(output string) (notices, report []string) {
	for _, line := range strings.Split(strings.TrimSpace(output), "\n") {
		if strings.Contains(line, " met ") {
			report = append(report, line)
		} else if strings.Contains(line, "/") {
			notices = append(notices, line)
		}
	}
	slices.Sort(notices)
	return slices.Compact(notices), report
}

// However often the replay is killed, every notice is sent at least once, and
// none that is not of the case.
func TestKilledReplaySendsEverything(t *testing.T) {
	file := logFile(t)
	replay := func(db string, out io.Writer) *exec.Cmd {
		cmd := exec.Command(os.Args[0], "-db", db, "-replay", file)
		cmd.Env = append(os.Environ(), "SLADESK_RUN=1")
		cmd.Stdout, cmd.Stderr = out, os.Stderr
		return cmd
	}
	var undisturbed bytes.Buffer
	start := time.Now()
	if err := replay(filepath.Join(t.TempDir(), "a.db"), &undisturbed).Run(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	want, wantReport := sent(undisturbed.String())
	if len(want) < 500 || len(wantReport) == 0 {
		t.Fatalf("the replay sends %d notices and reports %d lines", len(want), len(wantReport))
	}
	db := filepath.Join(t.TempDir(), "b.db")
	var all bytes.Buffer
	hits := 0
	for range *kills {
		cmd := replay(db, &all)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(took)/int64(*kills)*2 + 1)))
		cmd.Process.Kill() //nolint:errcheck // it may be over
		cmd.Wait()         //nolint:errcheck // it was killed
		if !cmd.ProcessState.Exited() {
			hits++
		}
		if n := all.Len(); n > 0 && all.Bytes()[n-1] != '\n' {
			all.WriteByte('\n')
		}
	}
	if err := replay(db, &all).Run(); err != nil {
		t.Fatal(err)
	}
	got, gotReport := sent(all.String())
	t.Logf("%d of %d kills before the end of a replay of %v, with %d notices", hits, *kills, took.Round(time.Millisecond), len(got))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notices (-undisturbed +killed):\n%s", diff)
	}
	if diff := cmp.Diff(wantReport, gotReport[len(gotReport)-len(wantReport):]); diff != "" {
		t.Errorf("report (-undisturbed +killed):\n%s", diff)
	}
}

// The service answers many clients at once, and says how fast.
func TestLoad(t *testing.T) {
	f := newFake(t, monday.Add(5*time.Minute))
	server := httptest.NewServer(f.routes())
	defer server.Close()
	const clients = 8
	start := time.Now()
	var wg sync.WaitGroup
	failed := make(chan string, clients)
	for c := range clients {
		wg.Go(func() {
			for i := range *requests / clients {
				id := fmt.Sprintf("L-%d-%d", c, i/4)
				path, body := "/cases/"+id, opening
				if i%4 > 0 {
					path += fmt.Sprintf("/events/e%d", i%4)
					body = fmt.Sprintf(`{"at":"2026-03-02T09:%02d:00Z","kind":"responded"}`, i%4)
				}
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL+path, strings.NewReader(body))
				if err != nil {
					failed <- err.Error()
					return
				}
				answer, err := server.Client().Do(r)
				if err != nil {
					failed <- err.Error()
					return
				}
				text, _ := io.ReadAll(answer.Body)
				answer.Body.Close()
				if answer.StatusCode != http.StatusOK {
					failed <- string(text)
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	for why := range failed {
		t.Error(why)
	}
	t.Logf("%d requests of %d clients in %v", *requests, clients, time.Since(start).Round(time.Millisecond))
}

// The program serves, fires its timers by the real clock, and stops when it is
// told to. Its database outlives it.
func TestServesAndStops(t *testing.T) {
	db := filepath.Join(t.TempDir(), "desk.db")
	start := func() (address string, notices chan string, stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		printed, out := io.Pipe()
		done := make(chan error, 1)
		go func() {
			done <- run(ctx, []string{"-addr", "localhost:0", "-db", db}, out)
			out.Close()
		}()
		addresses, notices := make(chan string, 1), make(chan string, 100)
		go func() {
			for lines := bufio.NewScanner(printed); lines.Scan(); {
				if address, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
					addresses <- address
				} else {
					notices <- lines.Text()
				}
			}
		}()
		select {
		case address = <-addresses:
		case err := <-done:
			t.Fatal("the program does not start: ", err)
		}
		return address, notices, func() {
			cancel()
			if err := <-done; err != nil {
				t.Error("the program stops with ", err)
			}
		}
	}
	address, notices, stop := start()
	// Half of the half hour to the first response is over in two seconds.
	opened := time.Now().Add(-15*time.Minute + 2*time.Second).UTC().Format(time.RFC3339Nano)
	body := strings.Replace(opening, "2026-03-02T09:00:00Z", opened, 1)
	request, err := http.NewRequestWithContext(t.Context(), "PUT", address+"/cases/C-1", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
	select {
	case got := <-notices:
		if !strings.HasSuffix(got, " C-1 first-response/1/50") {
			t.Errorf("the notice is %s", got)
		}
	case <-time.After(time.Minute):
		t.Error("no timer fires")
	}
	stop()

	address, notices, stop = start()
	defer stop()
	response, err = http.Get(address + "/cases/C-1")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(text), `"pending"`) {
		t.Errorf("after a restart: %s %s, %v", response.Status, text, err)
	}
	if len(notices) > 0 {
		t.Errorf("sent again: %s", <-notices)
	}
}

// Holidays of a library and of a file fall on the dates that people know.
func TestHolidays(t *testing.T) {
	f := newFake(t, monday)
	for name, dates := range map[string]map[string]string{
		"Berlin":    {"2026-05-01": "", "2026-12-25": ""},
		"New York":  {"2026-07-03": "", "2026-11-26": ""}, // the fourth of July is a Saturday
		"Singapore": {"2026-02-17": "Chinese New Year"},
	} {
		i := slices.IndexFunc(f.sites, func(s site) bool { return s.name == name })
		for text, want := range dates {
			h, ok := f.sites[i].hours.Holiday(calendar.MustDate(text))
			if !ok || want != "" && h.Name != want {
				t.Errorf("%s on %s: %v, %v", name, text, h, ok)
			}
		}
	}
}
