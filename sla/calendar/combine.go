package calendar

import (
	"fmt"
	"slices"
)

// An operation combines calendars.
type operation string

const (
	union        operation = "union"
	intersection operation = "intersection"
	complement   operation = "complement"
)

// maxParts is the most calendars made of a [Spec] that a combination may have.
const maxParts = 40

// A combination is a calendar made of others. It runs on the clock of UTC: while
// no part's clock changes, it has a week and odd days of its own, once for each
// combination of the parts' offsets.
type combination struct {
	op    operation
	parts []Calendar
	expr  expr
	sites []*compiled // the calendars of a [Spec] that the expression is about
	sets  []tuple
}

// An expr is a site, or an operation on others.
type expr struct {
	op   operation // "": the site
	site int
	args []expr
}

// A tuple is a pair of sets that holds while the sites' stretches have the given
// sets and shifts.
type tuple struct {
	of           []stretch
	days         []int64 // that may differ from the week
	open, closed *hours
}

// Union returns the calendar that is open when at least one of the parts is:
// three sites that follow the sun. It is always open if a part is
// ([Calendar.IsAlways]).
//
// Parts may have any zones, and be combined themselves. The answers are exact
// from the year 2 to 9998. Instants come back in the first part's zone. A
// combination has no shifts, so it has no business days.
//
// Union returns an error wrapping [ErrInvalid] if there are no parts, or more than
// 40 calendars are combined, those within parts included.
func Union(parts ...Calendar) (Calendar, error) { return prefixed(combine(union, parts)) }

// Intersection returns the calendar that is open when all of the parts are, as
// [Union] does. It also returns an error wrapping [ErrNeverOpens] if the parts
// are never open together.
func Intersection(parts ...Calendar) (Calendar, error) { return prefixed(combine(intersection, parts)) }

// Complement returns the calendar that is open when c is not: on call outside
// office hours. It returns an error wrapping [ErrNeverOpens] if c never closes.
func Complement(c Calendar) (Calendar, error) {
	return prefixed(combine(complement, []Calendar{c}))
}

func prefixed(c Calendar, err error) (Calendar, error) {
	if err != nil {
		return Calendar{}, fmt.Errorf("calendar: %w", err)
	}
	return c, nil
}

// combine returns the operation on the parts, as simple as that is possible. A
// complement has one part.
func combine(op operation, parts []Calendar) (Calendar, error) {
	var distinct []Calendar
	hasAlways := false
	for _, p := range parts {
		if p.IsAlways() {
			hasAlways = true
		} else if !slices.ContainsFunc(distinct, p.Equal) {
			distinct = append(distinct, p)
		}
	}
	switch {
	case len(parts) == 0:
		return Calendar{}, fmt.Errorf("%s of no calendars: %w", op, ErrInvalid)
	case op == complement && hasAlways:
		return Calendar{}, fmt.Errorf("complement of the calendar that is always open: %w", ErrNeverOpens)
	case op == union && hasAlways || len(distinct) == 0:
		return Calendar{}, nil
	case op == complement:
		if x, ok := distinct[0].combination(); ok && x.op == complement {
			return x.parts[0], nil
		}
	case len(distinct) == 1:
		return distinct[0], nil
	}
	x := &combination{op: op, parts: distinct}
	x.expr = x.express(op, distinct)
	if len(x.sites) > maxParts {
		return Calendar{}, fmt.Errorf("%s of %d calendars: over the limit of %d: %w", op, len(x.sites), maxParts, ErrInvalid)
	}
	x.prepare()
	settled := int64(tablesEnd)
	for _, c := range x.sites {
		settled = max(settled, c.settled)
	}
	c, err := newCompiled(x, x.sites[0].loc, settled)
	if err != nil {
		return Calendar{}, fmt.Errorf("%s: %w", op, err)
	}
	return Calendar{c: c}, nil
}

// prepare makes the sets of the years that most questions are about, and of all
// days that differ from a week.
func (x *combination) prepare() {
	for u := int64(tableBegin); u < tableEnd; {
		_, to := x.need(u)
		u = to
	}
	for i, c := range x.sites {
		for _, e := range c.finder.(*site).eras {
			for _, n := range e.open.oddDay {
				x.needDay(i, n)
			}
		}
	}
	for i := range x.sets {
		t := &x.sets[i]
		slices.Sort(t.days)
		t.days = slices.Compact(t.days)
		t.open, t.closed = x.weekly(t.of, t.days)
	}
}

// needDay adds the day n of the clock of a site to the sets of that time.
func (x *combination) needDay(site int, n int64) {
	w := span{n * daySeconds, (n + 1) * daySeconds}
	for u := epoch + w.open - reach; u < epoch+w.close+reach; {
		i, to := x.need(u)
		if i >= 0 {
			t := &x.sets[i]
			by := t.of[site].shift + epoch
			t.days = slices.AppendSeq(t.days, span{w.open - by, w.close - by}.days())
		}
		u = to
	}
}

// express returns the expression of an operation on parts, whose sites it
// collects.
func (x *combination) express(op operation, parts []Calendar) expr {
	e := expr{op: op}
	for _, p := range parts {
		switch f := p.c.finder.(type) {
		case *combination:
			e.args = append(e.args, x.express(f.op, f.parts))
		default:
			i := slices.Index(x.sites, p.c)
			if i < 0 {
				i = len(x.sites)
				x.sites = append(x.sites, p.c)
			}
			e.args = append(e.args, expr{site: i})
		}
	}
	return e
}

// eval returns the seconds of w that e has, given those that each site has.
func (e *expr) eval(w span, of func(site int) []span) (out []span) {
	switch e.op {
	case union:
		for i := range e.args {
			out = append(out, e.args[i].eval(w, of)...)
		}
		return joined(out)
	case intersection:
		out = []span{w}
		for i := range e.args {
			out = common(out, e.args[i].eval(w, of))
		}
		return out
	case complement:
		return outside(e.args[0].eval(w, of), w)
	}
	return of(e.site)
}

// at appends the stretches of all sites at the Unix time u. It also returns the
// time [from, to) that they share, and whether one of them has its own seconds,
// around a clock change.
func (x *combination) at(of []stretch, u int64) (all []stretch, from, to int64, isOwn bool) {
	from, to = unixBegin, unixEnd
	for _, c := range x.sites {
		st := c.at(u)
		from, to = max(from, st.from), min(to, st.to)
		isOwn = isOwn || st.own
		of = append(of, st)
	}
	return of, from, to, isOwn
}

// lookUp returns the index of the sets that hold for the stretches.
func (x *combination) lookUp(of []stretch) (i int, ok bool) {
next:
	for i := range x.sets {
		for j := range of {
			if known := &x.sets[i].of[j]; known.shift != of[j].shift || known.open != of[j].open {
				continue next
			}
		}
		return i, true
	}
	return 0, false
}

// need returns the index of the sets for the Unix time u, which it adds if they
// are new, or -1 if a site has its own seconds there, and until when that holds.
func (x *combination) need(u int64) (i int, to int64) {
	var few [8]stretch
	of, _, to, isOwn := x.at(few[:0], u)
	if isOwn {
		return -1, to
	}
	i, ok := x.lookUp(of)
	if !ok {
		i = len(x.sets)
		x.sets = append(x.sets, tuple{of: slices.Clone(of)})
	}
	return i, to
}

// find implements [finder].
func (x *combination) find(u int64) stretch {
	var few [8]stretch
	of, from, to, isOwn := x.at(few[:0], u)
	st := stretch{from: from, to: to, shift: -epoch, since: from, until: to}
	if isOwn {
		days := slices.Collect(span{from - epoch, to - epoch}.days())
		st.open, st.closed = newSets([7]daySpans{}, days, x.daily(of, days))
	} else if i, ok := x.lookUp(of); ok {
		st.open, st.closed = x.sets[i].open, x.sets[i].closed
	} else {
		st.open, st.closed = x.weekly(slices.Clone(of), nil) // every odd day has its sets
	}
	return st
}

// weekly returns the sets of a week and the given days.
func (x *combination) weekly(of []stretch, days []int64) (open, closed *hours) {
	var week [7]daySpans
	for d := range week {
		day := int64(7 + d) // of the second week, which has a day before
		w := span{day * daySeconds, (day + 1) * daySeconds}
		week[d] = newDaySpans(moved(x.expr.eval(w, func(i int) []span { return of[i].open.usually(w, of[i].shift+epoch) }), -w.open))
	}
	return newSets(week, days, x.daily(of, days))
}

// daily returns the seconds of each of the days.
func (x *combination) daily(of []stretch, days []int64) []daySpans {
	out := make([]daySpans, len(days))
	for k, day := range days {
		w := span{day * daySeconds, (day + 1) * daySeconds}
		out[k] = newDaySpans(moved(x.expr.eval(w, func(i int) []span { return of[i].open.within(w, of[i].shift+epoch) }), -w.open))
	}
	return out
}

// The years 2 to 9998, in which combinations are exact.
const (
	exactBegin = epoch + 365*daySeconds
	exactEnd   = epoch + (maxDay-364)*daySeconds
)

// Covers reports whether c is open whenever d is, from the year 2 to 9998. It
// compares hours, not the words in which they were given: 9:00–12:00 and
// 12:00–17:00 cover 9:00–17:00, Asia/Calcutta covers Asia/Kolkata, and
// 00:00–24:00 every day covers the calendar that is always open. It decides for
// all holidays, zones and clock changes that the time zone database knows or
// foretells, by looking at every clock change of 400 years: its cost is that of
// thousands of other questions.
func (c Calendar) Covers(d Calendar) bool {
	switch {
	case c.c == nil || c.Equal(d):
		return true
	case d.c == nil:
		return c.c.next(exactBegin, false) >= exactEnd
	}
	x := &combination{}
	x.expr = x.express(intersection, []Calendar{d, {c: c.c}})
	x.expr.args[1] = expr{op: complement, args: []expr{x.expr.args[1]}}
	return !x.opens(max(c.c.settled, d.c.settled))
}

// opens reports whether x opens in the years 2 to 9998, if all that is said of
// single days is before settled.
func (x *combination) opens(settled int64) bool {
	x.prepare()
	for u := int64(exactBegin); u < min(settled+cycle, exactEnd); {
		st := x.find(u)
		if st.sum(u, min(st.to, exactEnd)) > 0 {
			return true
		}
		u = st.to
	}
	return false
}

// Parts returns the calendars that c combines, each once: none if c is not a
// combination.
func (c Calendar) Parts() []Calendar {
	if x, ok := c.combination(); ok {
		return slices.Clone(x.parts)
	}
	return nil
}

func (c Calendar) combination() (x *combination, ok bool) {
	if c.c == nil {
		return nil, false
	}
	x, ok = c.c.finder.(*combination)
	return x, ok
}

// equal reports whether x and y are the same operation on the same parts, in any
// order and grouping.
func (x *combination) equal(y *combination) bool {
	p, q := x.flat(), y.flat()
	return x.op == y.op && subset(p, q) && subset(q, p)
}

// flat returns x's parts, and those of parts of the same operation in their
// place.
func (x *combination) flat() (out []Calendar) {
	for _, p := range x.parts {
		if y, ok := p.combination(); ok && y.op == x.op {
			out = append(out, y.flat()...)
		} else {
			out = append(out, p)
		}
	}
	return out
}

func subset(a, b []Calendar) bool {
	return !slices.ContainsFunc(a, func(c Calendar) bool { return !slices.ContainsFunc(b, c.Equal) })
}
