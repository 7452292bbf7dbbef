package plan

import "reflect"

// A Need is a requirement that a plan meets or does not: a feature of package
// entitlement, a response time of package sla, or a caller's own.
type Need interface {
	// MetBy reports whether plan p meets the need. It is asked about the four
	// valid plans only, and must answer the same every time.
	MetBy(p Plan) bool
}

// Lowest returns the lowest plan that meets every need, or the zero Plan if none
// does. Without needs it is [Basic].
//
// The needs that no plan meets are unmet, in the order given; a nil need is one
// of them. If every need is met by some plan, but no plan meets all of them,
// lowest is the zero Plan and unmet is empty.
func Lowest(needs ...Need) (lowest Plan, unmet []Need) {
	meets := make(map[Plan]int) // how many needs each plan meets
	for _, n := range needs {
		some := false
		for p := Basic; p <= Enterprise && !isNil(n); p++ {
			if n.MetBy(p) {
				meets[p]++
				some = true
			}
		}
		if !some {
			unmet = append(unmet, n)
		}
	}
	for p := Basic; p <= Enterprise; p++ {
		if meets[p] == len(needs) {
			return p, nil
		}
	}
	return 0, unmet
}

// isNil reports whether n is nil or holds a nil pointer, function, map or slice.
func isNil(n Need) bool {
	switch v := reflect.ValueOf(n); v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Slice:
		return v.IsNil()
	}
	return false
}
