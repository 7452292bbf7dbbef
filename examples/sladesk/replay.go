package main

import (
	"context"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
)

// A step of a log opens a case or adds an event to one.
type step struct {
	at      time.Time
	id      string // of the case
	eventID string // empty for an opening
	opening sla.Case
	event   sla.Event
}

// logSeverities pairs the log's priorities with severities.
var logSeverities = map[string]severity.Severity{
	"1 - Critical": severity.BusinessCritical,
	"2 - High":     severity.ProductionImpacted,
	"3 - Moderate": severity.SystemImpaired,
	"4 - Low":      severity.General,
}

// A logged is a case of the log while its rows are read.
type logged struct {
	severity                    severity.Severity
	opened                      time.Time
	paused, closed, hasResponse bool
	events                      int
}

// readLog reads an incident log with a row for each update. The first row whose
// state is neither New nor Awaiting is the first response, Awaiting pauses,
// Resolved and Closed close, and a state after them reopens. The log has no
// plans: all cases are Enterprise. Rows before a case's opening are left out.
// The steps come back in the order of time.
func readLog(r io.Reader) ([]step, error) {
	rows := csv.NewReader(r)
	header, err := rows.Read()
	if err != nil {
		return nil, err
	}
	column := make(map[string]int)
	for i, name := range header {
		column[strings.TrimPrefix(name, "\ufeff")] = i
	}
	for _, name := range []string{"number", "incident_state", "priority", "opened_at", "sys_updated_at"} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("the log has no column %s", name)
		}
	}
	var steps []step
	cases := make(map[string]*logged)
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		get := func(name string) string { return row[column[name]] }
		line, _ := rows.FieldPos(0)
		at, err1 := time.Parse("02-01-2006 15:04", get("sys_updated_at"))
		opened, err2 := time.Parse("02-01-2006 15:04", get("opened_at"))
		is, ok := logSeverities[get("priority")]
		if err := errors.Join(err1, err2); err != nil || !ok {
			return nil, fmt.Errorf("line %d: a time or priority is wrong: %w", line, err)
		}
		id := get("number")
		c := cases[id]
		if c == nil {
			c = &logged{severity: is, opened: opened}
			cases[id] = c
			steps = append(steps, step{at: opened, id: id, opening: sla.Case{Plan: plan.Enterprise, Severity: is, Opened: opened}})
		}
		if at.Before(c.opened) {
			continue
		}
		for _, e := range c.row(at, get("incident_state"), is) {
			c.events++
			steps = append(steps, step{at: at, id: id, eventID: fmt.Sprintf("%04d", c.events), event: e})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	return steps, nil
}

// row returns the events that a row of the log stands for.
func (c *logged) row(at time.Time, state string, is severity.Severity) (events []sla.Event) {
	waits, closes := strings.HasPrefix(state, "Awaiting"), state == "Resolved" || state == "Closed"
	if c.closed && !closes {
		events = append(events, sla.Reopened(at))
		c.closed = false
	}
	if c.severity != is {
		events = append(events, sla.Reclassified(at, is))
		c.severity = is
	}
	if c.paused && !waits {
		events = append(events, sla.Resumed(at, "awaiting"))
		c.paused = false
	}
	if !c.paused && waits && !c.closed {
		events = append(events, sla.Paused(at, "awaiting"))
		c.paused = true
	}
	if !waits && state != "New" && !c.hasResponse {
		events = append(events, sla.Responded(at))
		c.hasResponse = true
	}
	if !c.closed && closes {
		events = append(events, sla.Closed(at))
		c.closed, c.paused = true, false
	}
	return events
}

// replayLog sends a log's steps to the desk in the log's own time, as if they
// happened now, and prints a report at the end. A replay that was interrupted
// goes on where it was.
func replayLog(ctx context.Context, db, file string, policy sla.Policy, send func(notice) error, out io.Writer) (err error) {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	steps, err := readLog(f)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	d, err := openDesk(ctx, db, policy, send)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	done, err := d.stored(ctx)
	if err != nil {
		return err
	}
	resumed := false
	for i, s := range steps {
		if done[s.id+"/"+s.eventID] {
			continue
		}
		if !resumed {
			resumed = true
			if i > 0 {
				if err := d.resume(ctx, steps[i-1].at); err != nil {
					return err
				}
			}
		}
		if err := d.advance(ctx, s.at); err != nil {
			return err
		}
		if s.eventID == "" {
			err = d.open(ctx, s.id, s.opening, s.at)
		} else {
			err = d.record(ctx, s.id, s.eventID, s.event, s.at)
		}
		if err != nil {
			return err
		}
	}
	if len(steps) == 0 {
		return nil
	}
	end := steps[len(steps)-1].at
	if !resumed {
		if err := d.resume(ctx, end); err != nil {
			return err
		}
	}
	return d.report(ctx, end, out)
}

// stored returns the steps that the database has, as "case/event".
func (d *desk) stored(ctx context.Context) (map[string]bool, error) {
	rows, err := d.db.QueryContext(ctx, `SELECT id || '/' FROM cases UNION ALL SELECT case_id || '/' || id FROM events`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	done := make(map[string]bool)
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		done[key] = true
	}
	return done, rows.Err()
}

// report prints how well the targets were met.
func (d *desk) report(ctx context.Context, at time.Time, out io.Writer) error {
	ids, err := d.ids(ctx, "")
	if err != nil {
		return err
	}
	var report sla.Attainment
	for _, id := range ids {
		s, err := d.status(ctx, id, at)
		if err != nil {
			return fmt.Errorf("case %s: %w", id, err)
		}
		if err := report.Add(s.Status); err != nil {
			return fmt.Errorf("case %s: %w", id, err)
		}
	}
	rows, _ := viewReport(&report)
	for _, r := range rows {
		fmt.Fprintf(out, "%-15s %-27s met %3d  breached %3d  %8s  median %s\n", r.Metric, r.Severity, r.Met, r.Breached, r.Share, r.P50)
	}
	return nil
}
