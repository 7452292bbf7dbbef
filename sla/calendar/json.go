package calendar

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// The limits of a calendar's JSON form.
const (
	maxDates  = 100_000 // holidays, or special dates, or dates with breaks
	maxShifts = 1_000   // of one day
)

// always is the hours of the calendar that is always open, and its JSON form if
// it has no name.
const always = "24/7"

type weekJSON map[string][]Shift

type calendarJSON struct {
	Format          int               `json:"format,omitempty"`
	Name            string            `json:"name,omitempty"`
	Hours           string            `json:"hours,omitempty"`
	Zone            string            `json:"zone,omitempty"`
	Week            weekJSON          `json:"week,omitempty"`
	Later           map[Date]weekJSON `json:"later,omitempty"`
	Holidays        any               `json:"holidays,omitempty"`
	HolidaysThrough Date              `json:"holidaysThrough,omitzero"`
	Special         map[Date][]Shift  `json:"special,omitempty"`
	Breaks          map[Date][]Shift  `json:"breaks,omitempty"`
	Union           []calendarJSON    `json:"union,omitempty"`
	Intersection    []calendarJSON    `json:"intersection,omitempty"`
	Complement      *calendarJSON     `json:"complement,omitempty"`
}

func weekdayName(d time.Weekday) string { return strings.ToLower(d.String()) }

// MarshalJSON returns c's JSON form. It returns an error wrapping [ErrZone] if a
// zone is not the one that the machine's time zone database has under its name:
// [time.Local], or one of the caller's own making.
func (c Calendar) MarshalJSON() ([]byte, error) {
	if c.IsAlways() && c.name == "" {
		return json.Marshal(always)
	}
	out, err := c.form()
	if err != nil {
		return nil, field.Op("calendar: marshal", err)
	}
	out.Format = strictjson.Format
	return json.Marshal(out)
}

// form returns c's JSON form without its format.
func (c Calendar) form() (out calendarJSON, err error) {
	out.Name = c.name
	if !utf8.ValidString(c.name) {
		return out, fmt.Errorf("name %s: not UTF-8: %w", quote.String(c.name), ErrInvalid)
	}
	if c.c == nil {
		out.Hours = always
		return out, nil
	}
	if x, ok := c.combination(); ok {
		var parts []calendarJSON
		for _, p := range x.parts {
			part, err := p.form()
			if err != nil {
				return out, err
			}
			parts = append(parts, part)
		}
		switch x.op {
		case union:
			out.Union = parts
		case intersection:
			out.Intersection = parts
		default:
			out.Complement = &parts[0]
		}
		return out, nil
	}
	site, _ := c.site()
	s := site.spec
	out.Zone = s.Location.String()
	if loc, err := loadZone(out.Zone); err != nil || !sameZone(loc, s.Location) {
		return out, fmt.Errorf("zone %s: %w", quote.String(out.Zone), ErrZone)
	}
	out.Week = s.Week.form()
	out.Later = make(map[Date]weekJSON, len(s.Later))
	for d, w := range s.Later {
		out.Later[d] = w.form()
	}
	if out.Holidays, err = holidaysForm(s.Holidays); err != nil {
		return out, err
	}
	out.HolidaysThrough, out.Special, out.Breaks = s.HolidaysThrough, s.Special, s.Breaks
	return out, nil
}

func (w Week) form() weekJSON {
	out := make(weekJSON)
	for d, shifts := range w {
		if len(shifts) > 0 {
			out[weekdayName(time.Weekday(d))] = shifts
		}
	}
	return out
}

// holidaysForm returns a list of dates or, if a holiday has a name, the dates by
// name, with blanks between them: a name has many, one for each year.
func holidaysForm(holidays []Holiday) (any, error) {
	var dates []Date
	isNamed := false
	for _, h := range holidays {
		if !utf8.ValidString(h.Name) {
			return nil, fmt.Errorf("holiday %v: name %s: not UTF-8: %w", h.Date, quote.String(h.Name), ErrInvalid)
		}
		dates = append(dates, h.Date)
		isNamed = isNamed || h.Name != ""
	}
	switch {
	case len(dates) == 0:
		return nil, nil
	case !isNamed:
		return dates, nil
	}
	byName := make(map[string][]byte)
	for _, h := range holidays {
		if b := byName[h.Name]; len(b) > 0 {
			byName[h.Name] = append(b, ' ')
		}
		byName[h.Name] = append(byName[h.Name], h.Date.String()...)
	}
	out := make(map[string]string, len(byName))
	for name, dates := range byName {
		out[name] = string(dates)
	}
	return out, nil
}

// UnmarshalJSON reads c's JSON form, strictly. It returns errors wrapping
// [ErrInvalid], or those of [New]; then *c is unchanged. The zone's rules
// come from the machine's time zone database, or from the package time/tzdata
// if the program imports it. A name that it does not know is an error wrapping
// [ErrZone], and so is one that means the machine's own zone (Local, localtime,
// posixrules) or a part of the database (posix/…, right/…).
func (c *Calendar) UnmarshalJSON(data []byte) error {
	var d Calendar
	err := strictjson.Decode("calendar: decode", data, func(v strictjson.Value) {
		if bytes.HasPrefix(bytes.TrimSpace(data), []byte{'"'}) {
			if s := v.Text(); s != always {
				v.Fail(fmt.Errorf("%w: want an object or %q, not %s", strictjson.ErrInvalid, always, quote.String(s)))
			}
			return
		}
		left := maxParts
		d = decode(v, &left)
	})
	if err != nil {
		return invalid(err)
	}
	*c = d
	return nil
}

// decode reads the object form of a calendar. Of calendars that are made of shifts
// it reads no more than are left, for each is in the combinations around it.
func decode(v strictjson.Value, left *int) (c Calendar) {
	var err error
	name := ""
	v.Object(func(o strictjson.Object) {
		o.Format()
		if v := o.May("name"); v.IsPresent() {
			name = v.Text()
		}
		switch {
		case o.May("hours").IsPresent():
			if s := o.May("hours").Text(); s != always {
				o.May("hours").Fail(fmt.Errorf("%w: want %q, not %s", strictjson.ErrInvalid, always, quote.String(s)))
			}
		case o.May("union").IsPresent():
			c, err = combine(union, decodeParts(o.May("union"), left))
		case o.May("intersection").IsPresent():
			c, err = combine(intersection, decodeParts(o.May("intersection"), left))
		case o.May("complement").IsPresent():
			c, err = combine(complement, []Calendar{decode(o.May("complement"), left)})
		case *left == 0:
			o.Need("zone").Fail(fmt.Errorf("%w: calendars are over the limit of %d", strictjson.ErrInvalid, maxParts))
		default:
			*left--
			c, err = newCalendar(decodeSpec(o))
		}
	})
	if err != nil {
		v.Fail(err)
	}
	return c.Named(name)
}

func decodeParts(v strictjson.Value, left *int) (parts []Calendar) {
	for _, v := range v.Items(maxParts) {
		parts = append(parts, decode(v, left))
	}
	return parts
}

func decodeSpec(o strictjson.Object) (s Spec) {
	s.Location = decodeZone(o.Need("zone"))
	s.Week = decodeWeek(o.May("week"))
	s.Later = decodeDates(o.May("later"), decodeWeek)
	if v := o.May("holidays"); v.IsArray() {
		s.Holidays = decodeHolidays(v, "")
	} else {
		for name, v := range v.Fields() {
			s.Holidays = append(s.Holidays, decodeHolidays(v, name)...)
		}
	}
	if v := o.May("holidaysThrough"); v.IsPresent() {
		s.HolidaysThrough = decodeDate(v, v.Text())
	}
	s.Special = decodeDates(o.May("special"), decodeShifts)
	s.Breaks = decodeDates(o.May("breaks"), decodeShifts)
	return s
}

func decodeZone(v strictjson.Value) *time.Location {
	loc, err := loadZone(v.Text())
	if err != nil {
		v.Fail(err)
	}
	return loc
}

// loadZone returns the zone of that IANA name. It refuses the names under which
// time zone databases hold the machine's own zone, or zones with leap seconds.
func loadZone(name string) (*time.Location, error) {
	switch first, _, _ := strings.Cut(strings.ToLower(name), "/"); first {
	case "", ".", "local", "localtime", "posixrules", "posix", "right":
	default:
		if path.Clean(name) != name {
			break
		}
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", quote.String(name), ErrZone)
}

func decodeWeek(v strictjson.Value) (w Week) {
	v.Object(func(o strictjson.Object) {
		for day := range w {
			w[day] = decodeShifts(o.May(weekdayName(time.Weekday(day))))
		}
	})
	return w
}

// decodeHolidays reads dates, in a list or with blanks between them.
func decodeHolidays(v strictjson.Value, name string) (out []Holiday) {
	if v.IsText() {
		for s := range strings.SplitSeq(v.Text(), " ") {
			out = append(out, Holiday{decodeDate(v, s), name})
		}
		return out
	}
	for _, v := range v.Items(maxDates) {
		out = append(out, Holiday{decodeDate(v, v.Text()), name})
	}
	return out
}

func decodeDate(v strictjson.Value, s string) Date {
	d, err := parseDate(s)
	if err != nil {
		v.Fail(err)
	}
	return d
}

func decodeShifts(v strictjson.Value) []Shift {
	var out []Shift
	for _, v := range v.Items(maxShifts) {
		s, err := parseShift(v.Text())
		if err != nil {
			v.Fail(err)
		}
		out = append(out, s)
	}
	return out
}

func decodeDates[T any](v strictjson.Value, read func(strictjson.Value) T) map[Date]T {
	out := make(map[Date]T)
	for name, item := range v.Fields() {
		if len(out) == maxDates {
			v.Fail(fmt.Errorf("%w: dates are over the limit of %d", strictjson.ErrInvalid, maxDates))
			break
		}
		out[decodeDate(item, name)] = read(item)
	}
	return out
}

// invalid returns err so that it wraps [ErrInvalid].
func invalid(err error) error { return field.Mark(err, ErrInvalid) }
