package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
)

// A result is what a run writes, each line for itself in order.
type result struct{ Documents, Bad, Totals []string }

// groups holds what belongs to one account ID.
type group struct {
	parts     []focus.Report
	customers []customer
	earlier   []issued
}

// single re-rates in one process, without Beam: what the pipeline must equal.
func single(in inputs, book billing.Book, o focus.Options) (r result, err error) {
	groups := make(map[string]*group)
	of := func(id string) *group {
		if groups[id] == nil {
			groups[id] = new(group)
		}
		return groups[id]
	}
	var sum focus.Report
	for _, file := range in.bills {
		f, err := os.Open(file)
		if err != nil {
			return r, err
		}
		err = splits(file, f, in.splitSize, func(s split) {
			records := make([]byte, s.Size)
			if _, err := f.ReadAt(records, s.Start); err != nil && err != io.EOF {
				r.Bad = append(r.Bad, line(badRow{File: file, Reason: err.Error()}))
				return
			}
			part, bad := readSplit(s, records, o)
			for _, b := range bad {
				r.Bad = append(r.Bad, line(b))
			}
			if err := sum.Merge(part); err != nil {
				r.Bad = append(r.Bad, line(badRow{File: file, Line: s.Line, Reason: err.Error()}))
			}
		})
		if err := closed(f, err); err != nil {
			return r, err
		}
	}
	for _, part := range sum.Parts() {
		g := of(idOf(part))
		g.parts = append(g.parts, part)
	}
	customers, err := decode[customer]("customers", in.customers)
	if err != nil {
		return r, err
	}
	for _, c := range customers {
		of(c.ID).customers = append(of(c.ID).customers, c)
	}
	earlier, err := decode[issued]("earlier documents", in.earlier)
	if err != nil {
		return r, err
	}
	for _, e := range earlier {
		of(e.ID).earlier = append(of(e.ID).earlier, e)
	}
	totals := make(map[string]int64)
	for _, id := range slices.Sorted(maps.Keys(groups)) {
		g := groups[id]
		documents, amounts, bad := rate(book, id, g.parts, g.customers, g.earlier)
		for _, d := range documents {
			r.Documents = append(r.Documents, line(d))
		}
		for _, b := range bad {
			r.Bad = append(r.Bad, line(b))
		}
		for _, a := range amounts {
			totals[a.Key] += a.Minor
		}
	}
	if n := len(r.Bad); n > 0 {
		totals["dead letters"] = int64(n)
	}
	for key, minor := range totals {
		r.Totals = append(r.Totals, fmt.Sprintf("%s %d", key, minor))
	}
	for _, lines := range [][]string{r.Documents, r.Bad, r.Totals} {
		slices.Sort(lines)
	}
	return r, nil
}

// decode reads lines of JSON. A line that cannot be read is an error: without an
// earlier document, an account would be billed twice.
func decode[T any](what string, text []byte) (out []T, err error) {
	n := 0
	for data := range bytes.Lines(text) {
		n++
		if len(bytes.TrimSpace(data)) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", what, n, err)
		}
		out = append(out, v)
	}
	return out, nil
}

func closed(f *os.File, err error) error {
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// line returns v as a line of JSON.
func line(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf(`{"reason":%q}`, err)
	}
	return string(data)
}

// idOf returns the account ID that a part of a report belongs to.
func idOf(part focus.Report) string {
	for _, a := range part.Accounts() {
		return a.ID
	}
	for _, a := range part.Outside() {
		return a.ID
	}
	return ""
}
