package focus

import (
	"cmp"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/sla/calendar"
)

// An instant is a time as seconds and nanoseconds since 1970 in UTC. It is
// comparable, as a time.Time is not.
type instant struct {
	sec  int64
	nano int32
}

func instantOf(t time.Time) instant { return instant{t.Unix(), int32(t.Nanosecond())} }

func (i instant) compare(j instant) int {
	return cmp.Or(cmp.Compare(i.sec, j.sec), cmp.Compare(i.nano, j.nano))
}

func (i instant) time() time.Time { return time.Unix(i.sec, int64(i.nano)).UTC() }

// The years that a bill may be of. Exporters write the first and the last that
// their systems know if they mean none.
const (
	minYear = 1900
	maxYear = 9998
)

const day = 24 * 60 * 60 // seconds

// daysTo returns the days from 1970-01-01 to the given date of the Gregorian
// calendar; month may be 13.
func daysTo(year, month, date int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	return int64(365*year+year/4-year/100+year/400+(153*(month-3)+2)/5+date-1) - 719468
}

// dateOf returns the date that is the given days after 1970-01-01.
func dateOf(days int64) (year, month, date int) {
	y, m, d := time.Unix(days*day, 0).UTC().Date()
	return y, int(m), d
}

func daysIn(year, month int) int { return int(daysTo(year, month+1, 1) - daysTo(year, month, 1)) }

// A scanner reads the parts of a time from its front.
type scanner struct {
	rest string
	ok   bool
}

// number reads a number of lo to hi digits.
func (s *scanner) number(lo, hi int) (n int) {
	i := 0
	for i < len(s.rest) && i < hi && s.rest[i] >= '0' && s.rest[i] <= '9' {
		n = n*10 + int(s.rest[i]-'0')
		i++
	}
	s.ok = s.ok && i >= lo
	s.rest = s.rest[i:]
	return n
}

// skip reads one of the given bytes, if it is there.
func (s *scanner) skip(set string) (b byte) {
	if s.rest != "" && strings.IndexByte(set, s.rest[0]) >= 0 {
		b = s.rest[0]
		s.rest = s.rest[1:]
	}
	return b
}

func (s *scanner) blanks() { s.rest = strings.TrimLeft(s.rest, " ") }

// fraction reads the digits of a fraction of a second; digits after the ninth
// are dropped.
func (s *scanner) fraction() (nano int32) {
	i, unit := 0, int32(100_000_000)
	for i < len(s.rest) && s.rest[i] >= '0' && s.rest[i] <= '9' {
		nano += int32(s.rest[i]-'0') * unit
		unit /= 10
		i++
	}
	s.ok = s.ok && i > 0
	s.rest = s.rest[i:]
	return nano
}

// offset reads an offset from UTC in seconds, or nothing.
func (s *scanner) offset() (seconds int) {
	sign := s.skip("+-")
	if sign == 0 {
		return 0
	}
	hours := s.number(1, 2)
	minutes := 0
	if colon := s.skip(":"); colon != 0 || s.rest != "" {
		minutes = s.number(2, 2)
	}
	s.ok = s.ok && hours <= 23 && minutes <= 59
	seconds = hours*3600 + minutes*60
	if sign == '-' {
		return -seconds
	}
	return seconds
}

// plainInstant reads the forms that most exporters write, such as
// "2024-09-01T00:00:00Z" and "2024-09-01 00:00:00".
func plainInstant(s string) (at instant, ok bool) {
	if len(s) != 19 && (len(s) != 20 || s[19] != 'Z') || s[4] != '-' || s[7] != '-' || s[10] != 'T' && s[10] != ' ' || s[13] != ':' || s[16] != ':' {
		return at, false
	}
	bad := false
	two := func(i int) int {
		a, b := s[i]-'0', s[i+1]-'0'
		bad = bad || a > 9 || b > 9
		return int(a)*10 + int(b)
	}
	year, month, date, hour, minute, second := two(0)*100+two(2), two(5), two(8), two(11), two(14), two(17)
	if bad || year < minYear || year > maxYear || month < 1 || month > 12 || date < 1 || date > 28 && date > daysIn(year, month) ||
		hour > 23 || minute > 59 || second > 59 {
		return at, false
	}
	at.sec = daysTo(year, month, date)*day + int64(hour*3600+minute*60+second)
	return at, true
}

// parseInstant reads a date with its year first, with or without a time of day
// and a zone; without a zone it is UTC, and without a time midnight.
func parseInstant(text string) (instant, error) {
	if at, ok := plainInstant(text); ok {
		return at, nil
	}
	s := scanner{strings.TrimSpace(text), true}
	var at instant
	year := s.number(4, 4)
	sep := s.skip("-/")
	month := s.number(1, 2)
	s.ok = s.ok && s.skip(string(rune(sep))) != 0
	date := s.number(1, 2)
	if !s.ok || month < 1 || month > 12 || date < 1 || date > daysIn(year, month) {
		return instant{}, noInstant(text)
	}
	at.sec = daysTo(year, month, date) * day
	if s.skip("Tt") != 0 || len(s.rest) > 1 && s.rest[0] == ' ' && s.rest[1] >= '0' && s.rest[1] <= '9' {
		s.blanks()
		hour := s.number(1, 2)
		s.ok = s.ok && s.skip(":") != 0
		minute := s.number(2, 2)
		second := 0
		if s.skip(":") != 0 {
			second = s.number(2, 2)
			if s.skip(".,") != 0 {
				at.nano = s.fraction()
			}
		}
		s.ok = s.ok && (hour <= 23 && minute <= 59 && second <= 59 || hour == 24 && minute == 0 && second == 0 && at.nano == 0)
		at.sec += int64(hour*3600 + minute*60 + second)
	}
	s.blanks()
	switch zone := strings.ToUpper(s.rest); {
	case zone == "Z":
		s.rest = ""
	case strings.HasPrefix(zone, "UTC"), strings.HasPrefix(zone, "GMT"):
		s.rest = s.rest[len("UTC"):]
	}
	at.sec -= int64(s.offset())
	if !s.ok || s.rest != "" {
		return instant{}, noInstant(text)
	}
	if year < minYear || year > maxYear {
		return instant{}, fmt.Errorf("%s: want a year from %d to %d: %w", quote.String(text), minYear, maxYear, ErrInvalid)
	}
	return at, nil
}

func noInstant(s string) error {
	return fmt.Errorf("%s: want a time such as 2024-09-01T00:00:00Z: %w", quote.String(s), ErrInvalid)
}

// A span is the period [start, end).
type span struct{ start, end instant }

func (s span) contains(at instant) bool { return s.start.compare(at) <= 0 && at.compare(s.end) < 0 }

// monthAt returns the calendar month that contains at, at a fixed offset from
// UTC in seconds.
func monthAt(at instant, offset int64) span {
	local := at.sec + offset
	days := local / day
	if local%day < 0 {
		days--
	}
	year, month, _ := dateOf(days)
	return span{
		instant{sec: daysTo(year, month, 1)*day - offset},
		instant{sec: daysTo(year, month+1, 1)*day - offset},
	}
}

// offsetOf returns the offset from UTC, in seconds, at which start is midnight
// of a first of a month: a multiple of a quarter of an hour from -12 to +14
// hours. There is one at most.
func offsetOf(start instant) (offset int64, ok bool) {
	if start.nano != 0 || start.sec%(15*60) != 0 {
		return offset, false
	}
	for _, first := range [...]int64{monthAt(start, 0).start.sec, monthAt(start, 0).end.sec} {
		offset = first - start.sec
		if offset >= -12*3600 && offset <= 14*3600 {
			return offset, true
		}
	}
	return offset, false
}

// exclusive returns the first instant after a period that ends at i: exporters
// also write the last minute or second of a period, or a fraction of it.
func (i instant) exclusive() instant {
	const quarter = 15 * 60 // seconds, of which every offset from UTC is a multiple
	switch past := (i.sec%quarter + quarter) % quarter; {
	case past%60 == 59:
		return instant{sec: i.sec + 1}
	case past == quarter-60 && i.nano == 0:
		return instant{sec: i.sec + 60}
	}
	return i
}

// A cycle is the billing period of a row.
type cycle struct {
	own     span
	offset  int64
	isMonth bool // own starts on a first of a month at the offset
	hasEnd  bool // own has an end, of the bill or of the month
}

// errReckon is the cause of an error that asks for a zone or periods.
func errReckon(start string) error {
	return fmt.Errorf("%s is no first of a month at midnight, at any offset from UTC: the months of the bill are unknown: %w", quote.String(start), ErrPeriods)
}

// parseCycle returns the billing period of a row. end may be null. After an
// error, column is the one that is wrong.
func parseCycle(start, end string) (b cycle, column int, err error) {
	if b.own.start, err = parseInstant(start); err != nil {
		return b, colBillingStart, err
	}
	b.offset, b.isMonth = offsetOf(b.own.start)
	if !isNull(end) {
		if b.own.end, err = parseInstant(end); err != nil {
			return b, colBillingEnd, err
		}
		b.own.end = b.own.end.exclusive()
		// The last date of the month is meant to belong to it.
		if month := monthAt(b.own.start, b.offset); b.isMonth && b.own.end == (instant{sec: month.end.sec - day}) {
			b.own.end = month.end
		}
		if b.own.end.compare(b.own.start) <= 0 {
			return b, colBillingEnd, fmt.Errorf("%s is not after the start %s: %w", quote.String(end), quote.String(start), ErrInvalid)
		}
		b.hasEnd = true
		return b, 0, nil
	}
	if b.isMonth {
		b.own.end, b.hasEnd = monthAt(b.own.start, b.offset).end, true
	}
	return b, 0, nil
}

// zoneMonth returns the calendar month in loc that contains at.
func zoneMonth(at instant, loc *time.Location) (calendar.Period, error) {
	t := at.time().In(loc)
	for _, shift := range [...]time.Month{0, -1, 1} {
		month, err := calendar.Month(t.Year(), t.Month()+shift, loc)
		if err == nil && month.Contains(t) {
			return month, nil
		}
	}
	return calendar.Period{}, errors.New("no month of the zone has it")
}

// find returns the period that contains at, of sorted ones.
func find(periods []calendar.Period, at time.Time) (int, bool) {
	i := sort.Search(len(periods), func(i int) bool { return periods[i].Start.After(at) })
	return i - 1, i > 0 && periods[i-1].Contains(at)
}
