package slatest

import (
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/wall"
)

// A change is a clock change: the first instant at which a zone's clocks show
// another time than before, and by how much it is later.
type change struct {
	at time.Time
	by time.Duration
}

func (c change) String() string {
	direction, by := "forward", c.by
	if by < 0 {
		direction, by = "back", -by
	}
	return fmt.Sprintf("%s, %s by %v", show(c.at), direction, by)
}

// changes returns the clock changes of loc after from and before to.
func changes(loc *time.Location, from, to time.Time) (out []change) {
	offset, _, end := wall.Offset(from.In(loc))
	for !end.IsZero() && end.Before(to) {
		at := end
		was := offset
		if offset, _, end = wall.Offset(at.In(loc)); offset != was {
			out = append(out, change{at.In(loc), time.Duration(offset-was) * time.Second})
		}
	}
	return out
}

// show writes an instant for people, on its own clock.
func show(t time.Time) string {
	return t.Format("Mon 2006-01-02 15:04:05.999999999 -07:00")
}
