package calendar

// Steps returns a calendar that answers as c does, and the number of stretches that
// it has looked for outside its table; it has none unless it is tabulated.
func Steps(c Calendar, tabulated bool) (Calendar, *int) {
	n := new(int)
	d := *c.c
	d.finder = counter{c.c.finder, n}
	if !tabulated {
		d.starts, d.table = nil, nil
	}
	return Calendar{c: &d}, n
}

type counter struct {
	finder
	n *int
}

func (c counter) find(u int64) stretch {
	*c.n++
	return c.finder.find(u)
}
