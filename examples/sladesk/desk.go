package main

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

//go:embed migrations/*.sql
var migrations embed.FS

var (
	errNoCase = errors.New("no such case")
	errExists = errors.New("the case is there already, with another opening")
)

// A notice is a warning or a breach of one cycle of a case.
type notice struct {
	Case string
	What string // such as "first-response/1/75" or "resolution/1/breach"
	At   time.Time
}

// A desk keeps cases in a database, one timer for each, and sends notices.
type desk struct {
	db     *sql.DB
	policy sla.Policy
	send   func(notice) error

	mu    sync.Mutex           // one change at a time
	next  map[string]time.Time // the instant at which each case changes if nothing happens
	nudge chan struct{}        // says that next has changed
}

// openDesk opens the desk's database. Call resume before anything else.
func openDesk(ctx context.Context, file string, policy sla.Policy, send func(notice) error) (*desk, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=foreign_keys(on)")
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	steps, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err == nil {
		_, err = steps.Up(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &desk{db: db, policy: policy, send: send, next: make(map[string]time.Time), nudge: make(chan struct{}, 1)}, nil
}

func (d *desk) close() error { return d.db.Close() }

// resume sends the notices that were not sent yet and looks at every case at the
// instant now, so that nothing that fell due while the desk was closed is
// forgotten.
func (d *desk) resume(ctx context.Context, now time.Time) error {
	if err := d.sendPending(ctx); err != nil {
		return err
	}
	ids, err := d.ids(ctx, "WHERE closed = 0")
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := d.look(ctx, id, now); err != nil {
			return err
		}
	}
	return nil
}

// ids returns the cases' IDs in order.
func (d *desk) ids(ctx context.Context, where string) ([]string, error) {
	rows, err := d.db.QueryContext(ctx, `SELECT id FROM cases `+where+` ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// open keeps a new case. To open the same case again changes nothing; to open
// another one under its ID is an error.
func (d *desk) open(ctx context.Context, id string, c sla.Case, now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	c.Events = nil
	opening, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if _, err := d.db.ExecContext(ctx, `INSERT INTO cases (id, opening, closed) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING`, id, string(opening)); err != nil {
		return err
	}
	var kept string
	if err := d.db.QueryRowContext(ctx, `SELECT opening FROM cases WHERE id = $1`, id).Scan(&kept); err != nil {
		return err
	}
	if kept != string(opening) {
		return fmt.Errorf("case %q: %w", id, errExists)
	}
	return d.look(ctx, id, now)
}

// record keeps an event under the sender's ID for it: one that comes again
// changes nothing, and one that comes late takes its place in the history.
func (d *desk) record(ctx context.Context, id, eventID string, e sla.Event, now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.load(ctx, id); err != nil {
		return err
	}
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if _, err := d.db.ExecContext(ctx, `INSERT INTO events (case_id, id, at, event) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		id, eventID, e.At.UTC().Format("2006-01-02T15:04:05.000000000Z"), string(data)); err != nil {
		return err
	}
	return d.look(ctx, id, now)
}

// load returns a case with its events in order.
func (d *desk) load(ctx context.Context, id string) (c sla.Case, err error) {
	var opening []byte
	err = d.db.QueryRowContext(ctx, `SELECT opening FROM cases WHERE id = $1`, id).Scan(&opening)
	if errors.Is(err, sql.ErrNoRows) {
		return c, fmt.Errorf("case %q: %w", id, errNoCase)
	}
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(opening, &c); err != nil {
		return c, err
	}
	rows, err := d.db.QueryContext(ctx, `SELECT event FROM events WHERE case_id = $1 ORDER BY at, id`, id)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var data []byte
		var e sla.Event
		if err := rows.Scan(&data); err != nil {
			return c, err
		}
		if err := json.Unmarshal(data, &e); err != nil {
			return c, err
		}
		c.Events = append(c.Events, e)
	}
	return c, rows.Err()
}

// A look at a case: its history without the events that cannot have happened,
// those events, and what the policy makes of it.
type caseStatus struct {
	Case    sla.Case
	Dropped []sla.Dropped
	Status  sla.Status
}

// status evaluates a case at an instant.
func (d *desk) status(ctx context.Context, id string, now time.Time) (s caseStatus, err error) {
	c, err := d.load(ctx, id)
	if err != nil {
		return s, err
	}
	if s.Case, s.Dropped, err = c.Normalized(); err != nil {
		return s, err
	}
	s.Status, err = d.policy.Evaluate(s.Case, now)
	return s, err
}

// notices returns what is to be told about a status: warnings that have passed,
// and breaches.
func notices(id string, s sla.Status) (out []notice) {
	for _, m := range clock.Metrics() {
		for i, c := range s.Of(m).Cycles() {
			for _, w := range c.Warnings {
				if w.Passed {
					out = append(out, notice{id, fmt.Sprintf("%s/%d/%d", m, i+1, w.Percent), w.At})
				}
			}
			if !c.Breach.At.IsZero() {
				out = append(out, notice{id, fmt.Sprintf("%s/%d/breach", m, i+1), c.Breach.At})
			}
		}
	}
	return out
}

// look evaluates a case, keeps and sends what is to be told, and sets its timer.
func (d *desk) look(ctx context.Context, id string, now time.Time) error {
	s, err := d.status(ctx, id, now)
	if errors.Is(err, clock.ErrTime) {
		d.next[id] = now.Add(time.Second) // opened ahead of this clock: look again
		return nil
	}
	if err != nil {
		return err
	}
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	for _, n := range notices(id, s.Status) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO notices (case_id, notice, at, sent) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING`,
			n.Case, n.What, n.At.UTC().Format(time.RFC3339Nano)); err != nil {
			return err
		}
	}
	done := s.Status.Phase == clock.PhaseClosed && s.Status.NextChange.IsZero()
	if _, err := tx.ExecContext(ctx, `UPDATE cases SET closed = $1 WHERE id = $2`, done, id); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	delete(d.next, id)
	if at := s.Status.NextChange; !at.IsZero() {
		d.next[id] = at
	}
	select {
	case d.nudge <- struct{}{}:
	default:
	}
	return d.sendPending(ctx)
}

// sendPending sends every notice that is kept and not yet sent. A crash between
// sending and marking sends it once more; none is lost.
func (d *desk) sendPending(ctx context.Context) error {
	rows, err := d.db.QueryContext(ctx, `SELECT case_id, notice, at FROM notices WHERE sent = 0 ORDER BY at, case_id, notice`)
	if err != nil {
		return err
	}
	var pending []notice
	for rows.Next() {
		var n notice
		var at string
		if err := rows.Scan(&n.Case, &n.What, &at); err != nil {
			return errors.Join(err, rows.Close())
		}
		if n.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return errors.Join(err, rows.Close())
		}
		pending = append(pending, n)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, n := range pending {
		if err := d.send(n); err != nil {
			return err
		}
		// What was sent is marked even if the desk is told to stop meanwhile.
		if _, err := d.db.ExecContext(context.WithoutCancel(ctx), `UPDATE notices SET sent = 1 WHERE case_id = $1 AND notice = $2`, n.Case, n.What); err != nil {
			return err
		}
	}
	return nil
}

// earliest returns the case that changes next, and when.
func (d *desk) earliest() (id string, at time.Time) {
	for i, t := range d.next {
		if at.IsZero() || t.Before(at) || t.Equal(at) && i < id {
			id, at = i, t
		}
	}
	return id, at
}

// advance looks at every case that changes up to the instant, in the order of
// their changes, each at its own.
func (d *desk) advance(ctx context.Context, to time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		id, at := d.earliest()
		if at.IsZero() || at.After(to) {
			return nil
		}
		if err := d.look(ctx, id, at); err != nil {
			return err
		}
	}
}

// run keeps the timers until the context ends.
func (d *desk) run(ctx context.Context, now func() time.Time) error {
	for {
		if err := d.advance(ctx, now()); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		d.mu.Lock()
		_, at := d.earliest()
		d.mu.Unlock()
		wait := time.Hour
		if !at.IsZero() {
			wait = max(at.Sub(now()), 0)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-d.nudge:
			timer.Stop()
		case <-timer.C:
		}
	}
}
