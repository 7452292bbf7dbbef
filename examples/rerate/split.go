package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/supportplan/supportplan/billing/focus"
)

// A split is a run of whole records of a bill, small enough to be read at once.
type split struct {
	File   string `json:"file"`
	Header []byte `json:"header"` // the bill's first record
	Start  int64  `json:"start"`  // where the records start, in bytes
	Size   int64  `json:"size"`   // and how long they are
	Line   int    `json:"line"`   // of the first record, from 1
}

// splits cuts a bill after every record that makes a run of at least size bytes.
// A bill of nothing but a header makes one split without records.
func splits(file string, bill io.Reader, size int64, emit func(split)) error {
	r := bufio.NewReaderSize(bill, 1<<20)
	header, lines, err := nextRecord(r)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	at, line, n := int64(len(header)), lines+1, 0
	s := split{File: file, Header: header, Start: at, Line: line}
	for {
		record, lines, err := nextRecord(r)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		at, line, s.Size = at+int64(len(record)), line+lines, s.Size+int64(len(record))
		isEnd := len(record) == 0
		if s.Size >= size || isEnd && (s.Size > 0 || n == 0) {
			emit(s)
			n++
			s = split{File: file, Header: header, Start: at, Line: line}
		}
		if isEnd {
			return nil
		}
	}
}

// nextRecord returns the next record with its line end, and how many lines it
// has. A line break in quotes ends no record. At the end it is empty.
func nextRecord(r *bufio.Reader) (record []byte, lines int, err error) {
	for {
		text, err := r.ReadBytes('\n')
		record = append(record, text...)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, 0, err
		}
		if err != nil {
			return record, lines, nil
		}
		lines++
		if bytes.Count(record, []byte{'"'})%2 == 0 {
			return record, lines, nil
		}
	}
}

// A badRow is a row that could not be read, or a whole split or account.
type badRow struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Where  string `json:"account,omitempty"`
	Reason string `json:"reason"`
}

// readSplit sums the records of a split. A record that cannot be read is
// reported and left out; all others count.
func readSplit(s split, records []byte, o focus.Options) (sum focus.Report, bad []badRow) {
	merge := func(part focus.Report, err error) error {
		if err == nil {
			err = sum.Merge(part)
		}
		return err
	}
	headerLines := bytes.Count(s.Header, []byte{'\n'})
	line := s.Line
	for {
		err := merge(read(s.Header, records, o))
		if err == nil {
			return sum, bad
		}
		var at *focus.Error
		if !errors.As(err, &at) || at.Line <= headerLines {
			return sum, append(bad, badRow{File: s.File, Line: line, Reason: err.Error()})
		}
		from, to, lines := record(records, at.Line-headerLines)
		if err := merge(read(s.Header, records[:from], o)); err != nil {
			return sum, append(bad, badRow{File: s.File, Line: line, Reason: err.Error()})
		}
		at.Line = line + lines
		bad = append(bad, badRow{File: s.File, Line: at.Line, Reason: at.Error()})
		line += lines + bytes.Count(records[from:to], []byte{'\n'})
		records = records[to:]
		if len(records) == 0 {
			return sum, bad
		}
	}
}

func read(header, records []byte, o focus.Options) (focus.Report, error) {
	return focus.Read(io.MultiReader(bytes.NewReader(header), bytes.NewReader(records)), o)
}

// record returns where the record that the n-th line lies in starts and ends,
// and how many lines are before it.
func record(records []byte, n int) (from, to, before int) {
	quoted, line := false, 0
	for to < len(records) {
		end := bytes.IndexByte(records[to:], '\n')
		if end < 0 {
			end = len(records) - to - 1
		}
		text := records[to : to+end+1]
		to += len(text)
		line++
		quoted = quoted != (bytes.Count(text, []byte{'"'})%2 == 1)
		if quoted {
			continue
		}
		if line >= n {
			return from, to, before
		}
		from, before = to, line
	}
	return from, to, before
}
