package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

//go:embed page.html
var pageText string

//go:embed style.css
var style []byte

//go:embed live.js
var script []byte

var page = template.Must(template.New("page").Parse(pageText))

// The page, as the template reads it.
type (
	view struct {
		Now        time.Time
		NowText    string
		Next       time.Time
		Cases      []caseView
		Plans      []choice
		Severities []choice
		WhatIf     *whatIf
		Attainment []attained
		Chart      template.HTML
		Week       []week
	}
	choice   struct{ Token, Name string }
	caseView struct {
		ID, Plan, Severity, Paused, Class, Segments string
		Metrics                                     []metricView
	}
	metricView struct {
		Name, Class, Text, Note string
		Running                 bool
		Due                     time.Time
		Used, Width             int64
	}
	whatIf struct {
		Error, Title string
		Rows         []whatIfRow
	}
	whatIfRow struct{ Metric, Now, Then, Outcome string }
	attained  struct {
		Severity, Metric, Share, P50, P90 string
		Met, Breached                     int64
	}
	week struct {
		Name string
		Days []day
	}
	day struct {
		Day, Date, Holiday string
		Hours              []string
	}
)

var metricNames = map[clock.Metric]string{
	clock.MetricFirstResponse: "First response",
	clock.MetricNextResponse:  "Next response",
	clock.MetricUpdate:        "Update",
	clock.MetricResolution:    "Resolution",
}

func (s service) pages(mux *http.ServeMux) {
	file := func(kind string, data []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Write(data) //nolint:errcheck // the client is gone
		}
	}
	mux.HandleFunc("GET /style.css", file("text/css", style))
	mux.HandleFunc("GET /live.js", file("text/javascript", script))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, "page", nil) })
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, "list", nil) })
	mux.HandleFunc("GET /attainment", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, "attainment", nil) })
	mux.HandleFunc("GET /whatif", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, "page", s.ask(r)) })
	mux.HandleFunc("POST /change", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		s.show(w, r, "page", s.change(r))
	})
}

// show writes the page or a part of it. To a script that asks for a fragment,
// the answer to a what-if question is that part alone.
func (s service) show(w http.ResponseWriter, r *http.Request, part string, answer *whatIf) {
	var out bytes.Buffer
	var err error
	if answer != nil && r.Header.Get("X-Fragment") != "" {
		err = page.ExecuteTemplate(&out, "whatif", answer)
	} else {
		var v view
		if v, err = s.view(r); err == nil {
			v.WhatIf = answer
			err = page.ExecuteTemplate(&out, part, v)
			w.Header().Set("X-Now", strconv.FormatInt(v.Now.UnixMilli(), 10))
		}
	}
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(out.Bytes()) //nolint:errcheck // the client is gone
}

// view looks at every case. A desk of many thousands would keep the statuses.
func (s service) view(r *http.Request) (v view, err error) {
	v.Now = s.now()
	v.NowText = v.Now.UTC().Format("2006-01-02 15:04:05 UTC")
	for _, p := range plan.All() {
		v.Plans = append(v.Plans, choice{p.String(), p.Name()})
	}
	for _, sev := range severity.All() {
		v.Severities = append(v.Severities, choice{sev.String(), sev.Name()})
	}
	ids, err := s.desk.ids(r.Context(), "")
	if err != nil {
		return v, err
	}
	var report sla.Attainment
	for _, id := range ids {
		st, err := s.desk.status(r.Context(), id, v.Now)
		if errors.Is(err, clock.ErrTime) {
			continue // opened ahead of this clock
		}
		if err != nil {
			return v, err
		}
		if err := report.Add(st.Status); err != nil {
			return v, err
		}
		if st.Status.Phase == clock.PhaseClosed {
			continue
		}
		v.Cases = append(v.Cases, viewCase(id, st.Status))
		if at := st.Status.NextChange; !at.IsZero() && (v.Next.IsZero() || at.Before(v.Next)) {
			v.Next = at
		}
	}
	v.Attainment, v.Chart = viewReport(&report)
	for _, site := range s.sites {
		v.Week = append(v.Week, viewWeek(site, v.Now))
	}
	return v, nil
}

func viewCase(id string, st sla.Status) caseView {
	c := caseView{ID: id, Plan: st.Plan.Name(), Severity: st.Severity.Name(), Class: "still", Segments: explain(st)}
	if st.Phase == clock.PhasePaused {
		c.Paused = strings.Join(st.Reasons, ", ")
		if c.Paused == "" {
			c.Paused = "no reason given"
		}
	}
	worst := map[string]int{"still": 0, "good": 1, "warn": 2, "bad": 3}
	for _, m := range clock.Metrics() {
		reading := st.Of(m)
		if reading.Outcome == clock.OutcomeNoTarget || reading.Outcome == clock.OutcomeIdle {
			continue
		}
		mv := viewMetric(metricNames[m], reading)
		if worst[mv.Class] > worst[c.Class] {
			c.Class = mv.Class
		}
		c.Metrics = append(c.Metrics, mv)
	}
	return c
}

func viewMetric(name string, r clock.Reading) metricView {
	m := metricView{Name: name, Class: "still", Due: r.Due}
	if within := r.Target.Within; within > 0 {
		m.Used = int64(r.Elapsed) / max(int64(within)/100, 1)
		m.Width = min(m.Used, 100)
		m.Note = fmt.Sprintf("%d %% of %s", m.Used, r.Target)
	}
	switch r.Outcome {
	case clock.OutcomePending:
		m.Class = "good"
		for _, w := range r.Warnings {
			if w.Passed {
				m.Class = "warn"
			}
		}
		m.Running = !r.Due.IsZero()
		m.Text = "paused"
		if m.Running {
			m.Text = "due " + r.Due.UTC().Format("2 Jan 15:04 UTC")
		}
	case clock.OutcomeBreached:
		m.Class, m.Text = "bad", "late since "+r.Breach.At.UTC().Format("2 Jan 15:04 UTC")
		m.Running, m.Due = r.Stopped.IsZero(), r.Breach.At
	default:
		m.Text = string(r.Outcome)
	}
	return m
}

// explain says in words how the time of each metric was counted.
func explain(st sla.Status) string {
	var b strings.Builder
	for _, m := range clock.Metrics() {
		if text := st.Of(m).Explain(); text != "" {
			fmt.Fprintf(&b, "%s\n%s\n", metricNames[m], strings.TrimRight(text, "\n"))
		}
	}
	return b.String()
}

// viewReport returns the rows of the report and its chart.
func viewReport(report *sla.Attainment) (rows []attained, chart template.HTML) {
	for _, m := range clock.Metrics() {
		for _, sev := range severity.All() {
			var sum clock.Tally
			for _, p := range plan.All() {
				if err := sum.Merge(report.Tally(m, p, sev)); err != nil {
					continue // beyond 10^15 cases
				}
			}
			counts := sum.Counts()
			ratio, ok := sum.Ratio()
			if !ok {
				continue
			}
			row := attained{Severity: sev.Name(), Metric: metricNames[m], Met: counts.Met, Breached: counts.Breached, Share: percent(ratio)}
			row.P50, row.P90 = percentile(sum, 50), percentile(sum, 90)
			rows = append(rows, row)
		}
	}
	return rows, draw(rows)
}

func percent(r *big.Rat) string {
	return new(big.Rat).Mul(r, big.NewRat(100, 1)).FloatString(1) + " %"
}

func percentile(t clock.Tally, p float64) string {
	d, ok := t.Percentile(p)
	if !ok {
		return "–"
	}
	return d.Round(time.Minute).String()
}

// draw returns a bar for each row of the report: the share that met its target.
func draw(rows []attained) template.HTML {
	const row, width = 40, 420
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-label="Share of targets met, by metric and severity"><style>text{font:13px system-ui,sans-serif;fill:currentColor}</style>`, width, len(rows)*row+4)
	for i, r := range rows {
		y := i * row
		share, _ := strconv.ParseFloat(strings.TrimSuffix(r.Share, " %"), 64)
		fmt.Fprintf(&b, `<text x="0" y="%d">%s</text>`, y+15, template.HTMLEscapeString(r.Metric+", "+r.Severity))
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, width, y+15, r.Share)
		fmt.Fprintf(&b, `<rect x="0" y="%d" width="%d" height="10" fill="#c93a33"/>`, y+21, width)
		fmt.Fprintf(&b, `<rect x="0" y="%d" width="%.1f" height="10" fill="#2a9d63"/>`, y+21, share/100*width)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// viewWeek returns a site's hours for the week of an instant, from Monday on.
func viewWeek(s site, now time.Time) week {
	zone := s.hours.Location()
	today := calendar.DateOf(now, zone)
	monday := today.AddDays(-((int(today.Weekday()) + 6) % 7))
	w := week{Name: s.name + " (" + zone.String() + ")"}
	for i := range 7 {
		d := monday.AddDays(i)
		view := day{Day: d.Weekday().String()[:3], Date: d.String()[5:]}
		if h, ok := s.hours.Holiday(d); ok {
			view.Holiday = h.Name
		}
		from, err := d.At(0, zone)
		if err != nil {
			continue
		}
		to, err := d.AddDays(1).At(0, zone)
		if err != nil {
			continue
		}
		for p := range s.hours.Periods(from, to) {
			view.Hours = append(view.Hours, p.Start.Format("15:04")+"–"+p.End.Format("15:04"))
		}
		w.Days = append(w.Days, view)
	}
	return w
}

// question reads the form: the case, and the plan and severity to be asked about,
// which are the case's own if the form leaves them out.
func (s service) question(r *http.Request) (st caseStatus, p plan.Plan, sev severity.Severity, err error) {
	if err := r.ParseForm(); err != nil {
		return st, p, sev, err
	}
	if st, err = s.desk.status(r.Context(), r.Form.Get("case"), s.now()); err != nil {
		return st, p, sev, err
	}
	p, sev = st.Status.Plan, st.Status.Severity
	if text := r.Form.Get("plan"); text != "" {
		if err := p.UnmarshalText([]byte(text)); err != nil {
			return st, p, sev, err
		}
	}
	if text := r.Form.Get("severity"); text != "" {
		if err := sev.UnmarshalText([]byte(text)); err != nil {
			return st, p, sev, err
		}
	}
	return st, p, sev, nil
}

// ask answers what another plan or severity would change.
func (s service) ask(r *http.Request) *whatIf {
	st, p, sev, err := s.question(r)
	if err != nil {
		return &whatIf{Error: err.Error()}
	}
	what, since := s.desk.policy.WhatIfNow, "from now on"
	if r.Form.Get("from") == "opening" {
		what, since = s.desk.policy.WhatIf, "from the opening"
	}
	then, err := what(st.Case, p, sev, s.now())
	if err != nil {
		return &whatIf{Error: err.Error()}
	}
	return compare(fmt.Sprintf("%s as %s, %s, %s:", r.Form.Get("case"), p.Name(), sev.Name(), since), st.Status, then)
}

// change records another plan or severity from now on.
func (s service) change(r *http.Request) *whatIf {
	st, p, sev, err := s.question(r)
	if err != nil {
		return &whatIf{Error: err.Error()}
	}
	id, now := r.Form.Get("case"), s.now()
	if p != st.Status.Plan {
		err = s.desk.record(r.Context(), id, "page-plan-"+now.Format(time.RFC3339Nano), sla.PlanChanged(now, p), now)
	}
	if err == nil && sev != st.Status.Severity {
		err = s.desk.record(r.Context(), id, "page-severity-"+now.Format(time.RFC3339Nano), sla.Reclassified(now, sev), now)
	}
	if err != nil {
		return &whatIf{Error: err.Error()}
	}
	after, err := s.desk.status(r.Context(), id, now)
	if err != nil {
		return &whatIf{Error: err.Error()}
	}
	return compare(fmt.Sprintf("%s is now %s, %s:", id, p.Name(), sev.Name()), st.Status, after.Status)
}

func compare(title string, before, after sla.Status) *whatIf {
	w := &whatIf{Title: title}
	due := func(r clock.Reading) string {
		if r.Due.IsZero() {
			return "–"
		}
		return r.Due.UTC().Format("2 Jan 15:04 UTC")
	}
	for _, m := range clock.Metrics() {
		a, b := before.Of(m), after.Of(m)
		w.Rows = append(w.Rows, whatIfRow{metricNames[m], due(a), due(b), string(b.Outcome)})
	}
	return w
}
