package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
)

// logSeverities pairs the log's priorities with severities.
var logSeverities = map[string]severity.Severity{
	"1 - Critical": severity.BusinessCritical,
	"2 - High":     severity.ProductionImpacted,
	"3 - Moderate": severity.SystemImpaired,
	"4 - Low":      severity.General,
}

// A logged is a case of a log while its rows are read.
type logged struct {
	record
	line                        int    // of its first row, or of the row that is wrong
	wrong                       string // the reason why it cannot be counted
	severity                    severity.Severity
	paused, closed, hasResponse bool
}

// readLog emits the cases of an incident log, which has a row for each update of
// a case, as lines of case histories. The first row whose state is neither New
// nor Awaiting is the first response, Awaiting pauses, Resolved and Closed
// close, and a state after them reopens. The log has no plans: all cases are
// Enterprise. A case with a row that cannot be read is a dead letter, and so is
// a row that names no case.
func readLog(file string, r io.Reader, emit func(line)) error {
	rows := csv.NewReader(r)
	header, err := rows.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	column := make(map[string]int)
	for i, name := range header {
		column[strings.TrimPrefix(name, "\ufeff")] = i
	}
	for _, name := range []string{"number", "incident_state", "priority", "opened_at", "sys_updated_at"} {
		if _, ok := column[name]; !ok {
			return fmt.Errorf("%s: the log has no column %s", file, name)
		}
	}
	cases := make(map[string]*logged)
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var at *csv.ParseError
			if !errors.As(err, &at) {
				return fmt.Errorf("%s: %w", file, err)
			}
			emit(line{File: file, Line: at.Line, Wrong: err.Error()})
			continue
		}
		n, _ := rows.FieldPos(0)
		get := func(name string) string { return row[column[name]] }
		at, err1 := time.Parse("02-01-2006 15:04", get("sys_updated_at"))
		opened, err2 := time.Parse("02-01-2006 15:04", get("opened_at"))
		is, ok := logSeverities[get("priority")]
		if err = errors.Join(err1, err2); err == nil && !ok {
			err = fmt.Errorf("unknown priority %q", get("priority"))
		}
		c := cases[get("number")]
		if c == nil {
			c = &logged{line: n, severity: is}
			c.ID, c.Case = get("number"), sla.Case{Plan: plan.Enterprise, Severity: is, Opened: opened}
			cases[c.ID] = c
		}
		switch {
		case c.wrong != "":
		case err != nil:
			c.line, c.wrong = n, err.Error()
		default:
			c.row(at, get("incident_state"), is)
		}
	}
	for _, c := range cases {
		l := line{File: file, Line: c.line, Wrong: c.wrong}
		if c.wrong == "" {
			text, err := json.Marshal(c.record)
			if err != nil { // the library stores no impossible history
				var of *json.MarshalerError
				if errors.As(err, &of) {
					err = of.Err
				}
				l.Wrong = fmt.Sprintf("case %s: %v", c.ID, err)
			}
			l.Text = string(text)
		}
		emit(l)
	}
	return nil
}

// row adds the events that a row of the log stands for.
func (c *logged) row(at time.Time, state string, is severity.Severity) {
	add := func(e sla.Event) { c.Case.Events = append(c.Case.Events, e) }
	waits, closes := strings.HasPrefix(state, "Awaiting"), state == "Resolved" || state == "Closed"
	if c.closed && !closes {
		add(sla.Reopened(at))
		c.closed = false
	}
	if c.severity != is {
		add(sla.Reclassified(at, is))
		c.severity = is
	}
	if c.paused && !waits {
		add(sla.Resumed(at, "awaiting"))
		c.paused = false
	}
	if !c.paused && waits {
		add(sla.Paused(at, "awaiting"))
		c.paused = true
	}
	if !waits && state != "New" && !c.hasResponse {
		add(sla.Responded(at))
		c.hasResponse = true
	}
	if !c.closed && closes {
		add(sla.Closed(at))
		c.closed = true
	}
}
