package focus

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

const (
	bufferSize = 64 << 10 // how far reading may be ahead of the records
	mark       = "\ufeff" // the byte order mark of UTF-8
)

// A source passes on the bytes of r without the byte order marks that begin a
// line: files that were put end to end have them anywhere. It ends with
// tooLong once it has passed on until bytes, and keeps on returning the first
// error of r.
type source struct {
	r             io.Reader
	passed, until int64
	inLine        bool   // the last byte passed on was no line end
	held          []byte // the first bytes of a mark, perhaps
	ready         []byte // bytes to pass on
	buf           [64]byte
	err           error
}

func tooLong() error {
	return fmt.Errorf("more than %d bytes: an unclosed quote, or no CSV: %w", MaxRecord, ErrInvalid)
}

func (s *source) Read(p []byte) (int, error) {
	if s.passed > s.until {
		return 0, tooLong()
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	if n == 0 && s.err == nil {
		if len(p) >= len(s.buf) {
			n = s.fill(p)
		} else {
			m := s.fill(s.buf[:])
			n = copy(p, s.buf[:m])
			s.ready = s.buf[n:m]
		}
	}
	s.passed += int64(n)
	if n > 0 {
		return n, nil
	}
	return 0, s.err // the caller counts reads without progress
}

// fill reads into p, which has room for more than a mark, and returns how many
// bytes of it are to be passed on.
func (s *source) fill(p []byte) int {
	n := copy(p, s.held)
	m, err := s.r.Read(p[n:])
	s.held, s.err = nil, err
	p = p[:n+m]
	from := 0
	for {
		i := bytes.IndexByte(p[from:], mark[0])
		if i < 0 {
			break
		}
		i += from
		from = i + 1
		if i == 0 && s.inLine || i > 0 && p[i-1] != '\n' && p[i-1] != '\r' {
			continue
		}
		rest := p[i:]
		if bytes.HasPrefix(rest, []byte(mark)) {
			p = append(p[:i], rest[len(mark):]...)
			from = i
		} else if err == nil && strings.HasPrefix(mark, string(rest)) {
			s.held = bytes.Clone(rest)
			p = p[:i]
			break
		}
	}
	if len(p) > 0 {
		last := p[len(p)-1]
		s.inLine = last != '\n' && last != '\r'
	}
	return len(p)
}

// formats are files of other formats, by their first bytes.
var formats = []struct{ magic, name, remedy string }{
	{"\x1f\x8b", "a gzip file", "decompress it first"},
	{"PK\x03\x04", "a zip file or a spreadsheet", "unpack it, or export it as CSV"},
	{"\x28\xb5\x2f\xfd", "a zstd file", "decompress it first"},
	{"BZh", "a bzip2 file", "decompress it first"},
	{"\xfd7zXZ\x00", "an xz file", "decompress it first"},
	{"PAR1", "a Parquet file", "export it as CSV"},
	{"Obj\x01", "an Avro file", "export it as CSV"},
	{"\xd0\xcf\x11\xe0", "a spreadsheet", "export it as CSV"},
	{"%PDF", "a PDF file", "export the bill as CSV"},
	{"\xff\xfe", "UTF-16 or UTF-32", "re-encode it as UTF-8"},
	{"\xfe\xff", "UTF-16", "re-encode it as UTF-8"},
	{"<", "HTML or XML, perhaps a page that asks to log in", "download the bill again"},
	{"{", "JSON", "export it as CSV"},
	{"[", "JSON", "export it as CSV"},
}

// foreign returns an error if the first bytes of a file are those of another
// format.
func foreign(head []byte) error {
	text := bytes.TrimLeft(head, " \t\r\n")
	for _, f := range formats {
		if bytes.HasPrefix(head, []byte(f.magic)) || len(f.magic) == 1 && bytes.HasPrefix(text, []byte(f.magic)) {
			return fmt.Errorf("it is %s, not CSV: %s: %w", f.name, f.remedy, ErrInvalid)
		}
	}
	if bytes.IndexByte(head[:min(len(head), 4)], 0) >= 0 {
		return fmt.Errorf("it is UTF-16 or UTF-32, or no text: re-encode it as UTF-8: %w", ErrInvalid)
	}
	return nil
}

// delimiters are those that exporters use, and their names.
var delimiters = []struct {
	comma rune
	name  string
}{{',', "commas"}, {';', "semicolons"}, {'\t', "tabs"}, {'|', "bars"}}

// delimiter returns an error if the header, the first line of head, is
// separated by something else than comma.
func delimiter(head []byte, comma rune, isColumn func(string) bool) error {
	line, _, _ := strings.Cut(strings.TrimLeft(string(head), "\r\n"), "\n")
	columns := func(comma rune) (n int) {
		for name := range strings.SplitSeq(line, string(comma)) {
			if isColumn(strings.Trim(name, "\"\r ")) {
				n++
			}
		}
		return n
	}
	own := columns(comma)
	for _, d := range delimiters {
		if own < 2 && columns(d.comma) > own+1 {
			return fmt.Errorf("the header is separated by %s, not by %q: set the delimiter to %q: %w", d.name, comma, d.comma, ErrInvalid)
		}
	}
	return nil
}
