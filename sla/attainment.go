package sla

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/clock"
	"github.com/supportplan/supportplan/sla/internal/hours"
)

// maxBytes is how many bytes a report's JSON may have.
const maxBytes = 16 << 20

// metrics is how many metrics there are.
const metrics = 4

// An Attainment is a report on how well targets were met, by metric, plan and
// severity. The zero Attainment is empty and exact; [Attainment.Coarsen] bounds
// its size. It is not to be used from several goroutines while one adds to it; a
// job over many machines makes one on each and merges them, in any order. To
// group by another key, keep a [clock.Tally] for each of its values.
//
// Its JSON form, of 16 MiB at most, is {"format": 1, "resolution": "1m",
// "cells": [{"metric": …, "plan": …, "severity": …, …}, …]}, each cell with the
// fields of a [clock.Tally].
type Attainment struct {
	resolution time.Duration
	cells      [metrics][plan.Enterprise][severity.BusinessCritical]clock.Tally
}

// at returns the tally of metric m, plan p and severity s, or nil if one of
// them is not valid.
func (a *Attainment) at(m clock.Metric, p plan.Plan, s severity.Severity) *clock.Tally {
	for i, n := range clock.Metrics() {
		if n == m && p.IsValid() && s.IsValid() {
			return &a.cells[i][p-1][s-1]
		}
	}
	return nil
}

// Add counts every cycle of the case that s is the status of. A cycle counts
// for the plan and the severity of the target that was breached, or else of the
// one that it is measured by; a metric without a cycle and without target, for
// those of the case at the instant. See [clock.Tally.Add] for response times.
// Whether a case is counted once, and not while it is pending, is the caller's
// concern. Add returns an error wrapping [ErrInvalid], and counts nothing, if s
// is not the status of a case.
func (a *Attainment) Add(s Status) error { return field.Op("sla: attainment: add", a.count(&s, true)) }

// Remove takes the case out again that s is the status of, which
// [Attainment.Add] had counted. It returns an error wrapping [ErrInvalid], and
// changes nothing, if a does not count it.
func (a *Attainment) Remove(s Status) error {
	return field.Op("sla: attainment: remove", a.count(&s, false))
}

func (a *Attainment) count(s *Status, add bool) error {
	type place struct {
		tally *clock.Tally
		cycle clock.Cycle
	}
	var places []place
	for _, m := range clock.Metrics() {
		r := s.Of(m)
		all := r.Cycles()
		if len(all) == 0 && r.Outcome == clock.OutcomeNoTarget {
			all = append(all, r.Cycle)
		}
		for _, c := range all {
			p, at := s.Plan, s.Severity
			switch {
			case c.Outcome == clock.OutcomeBreached:
				p, at, _ = CellOf(c.Breach.Name)
			case !c.Started.IsZero():
				p, at, _ = CellOf(c.Name)
			}
			t := a.at(m, p, at)
			if t == nil {
				return fmt.Errorf("%s %s of %v, %v: want the status of a case: %w", m, c.Outcome, p, at, ErrInvalid)
			}
			places = append(places, place{t, c})
		}
	}
	if len(places) == 0 {
		return fmt.Errorf("no cycle: want the status of a case: %w", ErrInvalid)
	}
	do, undo := (*clock.Tally).Add, (*clock.Tally).Remove
	if !add {
		do, undo = undo, do
	}
	for i, p := range places {
		if err := do(p.tally, p.cycle); err != nil {
			for _, q := range places[:i] {
				_ = undo(q.tally, q.cycle) // the last step
			}
			return field.Wrap("", err)
		}
	}
	return nil
}

// Merge adds all that b counts to a; b stays as it is. If the resolutions
// differ, the sum has the coarser one. The sum is the same in whatever order
// reports are merged. Merge returns an error wrapping [ErrInvalid], and changes
// nothing, if neither resolution is a multiple of the other.
func (a *Attainment) Merge(b *Attainment) error {
	if b == nil {
		return nil
	}
	sum := *a
	sum.resolution = max(a.resolution, b.resolution)
	for i := range sum.cells {
		for j := range sum.cells[i] {
			for k := range sum.cells[i][j] {
				if err := sum.cells[i][j][k].Merge(b.cells[i][j][k]); err != nil {
					return field.Op("sla: attainment: merge", field.Wrap("", err))
				}
			}
		}
	}
	*a = sum
	return nil
}

// Coarsen has a keep response times at the given resolution from now on, and
// rounds those that it has, as [clock.Tally.Coarsen] does. It returns an error
// wrapping [ErrInvalid], and changes nothing, if the resolution is not a
// positive multiple of the one that a has.
func (a *Attainment) Coarsen(resolution time.Duration) error {
	b := *a
	b.resolution = resolution
	for i := range b.cells {
		for j := range b.cells[i] {
			for k := range b.cells[i][j] {
				if err := b.cells[i][j][k].Coarsen(resolution); err != nil {
					return field.Op("sla: attainment: coarsen", field.Wrap("", err))
				}
			}
		}
	}
	*a = b
	return nil
}

// Tally returns the tally of metric m of plan p at severity s, or the zero Tally if
// one of them is not valid.
func (a *Attainment) Tally(m clock.Metric, p plan.Plan, s severity.Severity) clock.Tally {
	if t := a.at(m, p, s); t != nil {
		return *t
	}
	return clock.Tally{}
}

// Total returns the tally of metric m over all plans and severities.
func (a *Attainment) Total(m clock.Metric) (sum clock.Tally) {
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			_ = sum.Merge(a.Tally(m, p, s)) // of one resolution
		}
	}
	return sum
}

// A Group is the tally of a metric, a plan and a severity.
type Group struct {
	Metric   clock.Metric
	Plan     plan.Plan
	Severity severity.Severity
	Tally    clock.Tally
}

// Groups returns the tallies that count a cycle, metric by metric, plan by plan in
// rising order, each from the least to the most severe.
func (a *Attainment) Groups() (out []Group) {
	for _, m := range clock.Metrics() {
		for _, p := range plan.All() {
			for _, s := range severity.All() {
				if t := a.Tally(m, p, s); t.Counts().Total() > 0 {
					out = append(out, Group{m, p, s, t})
				}
			}
		}
	}
	return out
}

// Equal reports whether a and b have the same resolution and count the same.
func (a Attainment) Equal(b Attainment) bool {
	for i := range a.cells {
		for j := range a.cells[i] {
			for k := range a.cells[i][j] {
				if !a.cells[i][j][k].Equal(b.cells[i][j][k]) {
					return false
				}
			}
		}
	}
	return a.resolution == b.resolution
}

type attainmentJSON struct {
	Format     int               `json:"format"`
	Resolution string            `json:"resolution,omitempty"`
	Cells      []json.RawMessage `json:"cells"`
}

type cellJSON struct {
	Metric   clock.Metric      `json:"metric"`
	Plan     plan.Plan         `json:"plan"`
	Severity severity.Severity `json:"severity"`
}

// MarshalJSON returns a's JSON form. It returns an error wrapping [ErrInvalid]
// if that is more than can be read again: coarsen a then.
func (a Attainment) MarshalJSON() ([]byte, error) {
	out := attainmentJSON{Format: strictjson.Format, Cells: []json.RawMessage{}}
	if a.resolution != 0 {
		out.Resolution = hours.Short(a.resolution)
	}
	for _, g := range a.Groups() {
		of, _ := json.Marshal(cellJSON{g.Metric, g.Plan, g.Severity}) // of groups these are valid
		tally, err := g.Tally.MarshalJSON()
		if err != nil {
			return nil, field.Op("sla: marshal attainment", field.Wrap("", err))
		}
		out.Cells = append(out.Cells, strictjson.Join(of, strictjson.Nest(tally)))
	}
	data, err := json.Marshal(out)
	if len(data) > maxBytes {
		return nil, fmt.Errorf("sla: marshal attainment: %d bytes: want %d at most, by a coarser resolution: %w", len(data), maxBytes, ErrInvalid)
	}
	return data, err
}

// UnmarshalJSON reads a's JSON form, strictly. It returns an error wrapping
// [ErrInvalid], [clock.ErrNewer], [plan.ErrUnknown] or [severity.ErrUnknown]; then *a is unchanged.
func (a *Attainment) UnmarshalJSON(data []byte) error {
	var b Attainment
	err := strictjson.DecodeUpTo(maxBytes, "sla: decode attainment", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			if r := o.May("resolution"); r.IsPresent() {
				d, err := time.ParseDuration(r.Text())
				if err == nil {
					err = b.Coarsen(d)
				}
				if err != nil {
					r.Fail(fmt.Errorf("want a positive duration such as \"1m\": %w", ErrInvalid))
				}
			}
			for _, v := range o.Need("cells").Items(metrics * len(plan.All()) * len(severity.All())) {
				v.Object(func(o strictjson.Object) { b.decodeCell(v, o) })
			}
		})
	})
	if err != nil {
		return hours.Shape(err, ErrInvalid)
	}
	*a = b
	return nil
}

// decodeCell reads the cell at v, whose fields are o's.
func (a *Attainment) decodeCell(v strictjson.Value, o strictjson.Object) {
	var of cellJSON
	o.Need("metric").Into(&of.Metric)
	o.Need("plan").Into(&of.Plan)
	o.Need("severity").Into(&of.Severity)
	var t clock.Tally
	o.Rest(&t)
	into := a.at(of.Metric, of.Plan, of.Severity)
	switch {
	case into == nil:
		return // an error that is recorded already
	case into.Counts().Total() > 0:
		v.Fail(fmt.Errorf("%s of %v at %v: stands twice: %w", of.Metric, of.Plan, of.Severity, ErrInvalid))
	case t.Counts().Total() == 0:
		v.Fail(fmt.Errorf("%s of %v at %v: counts nothing: %w", of.Metric, of.Plan, of.Severity, ErrInvalid))
	case t.Resolution() != a.resolution:
		v.Fail(fmt.Errorf("resolution %v: want that of the report, %v: %w", t.Resolution(), a.resolution, ErrInvalid))
	}
	*into = t
}
