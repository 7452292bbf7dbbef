package slatest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// stamp writes an instant for a message about cases.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "no instant"
	}
	return t.Format(time.RFC3339Nano)
}

// difference describes the first difference of two values of one type,
// "Due is …, want …", or nothing if they are the same: a field of a struct or an
// element of a slice, by its path. Types that have a method Equal are compared by
// that. It leaves out the fields that skip names; nil names none.
func difference[T any](got, want T, skip func(path string) bool) string {
	return differ("", reflect.ValueOf(&got).Elem(), reflect.ValueOf(&want).Elem(), skip)
}

func differ(path string, a, b reflect.Value, skip func(path string) bool) string {
	if path != "" && skip != nil && skip(path) {
		return ""
	}
	if a.Kind() == reflect.Struct && reflect.DeepEqual(a.Addr().Interface(), b.Addr().Interface()) {
		return "" // the usual case, at little cost
	}
	is := func(same bool) string {
		if same {
			return ""
		}
		return fmt.Sprintf("%s is %s, want %s", path, text(a), text(b))
	}
	if t, ok := a.Interface().(time.Time); ok {
		return is(t.Equal(b.Interface().(time.Time)))
	}
	if equal := a.MethodByName("Equal"); equal.IsValid() && equal.Type().NumIn() == 1 && equal.Type().In(0) == b.Type() {
		return is(equal.Call([]reflect.Value{b})[0].Bool())
	}
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.IsExported() {
				inner := strings.TrimPrefix(path+"."+f.Name, ".")
				if f.Anonymous {
					inner = path // its fields are the struct's own
				}
				if d := differ(inner, a.Field(i), b.Field(i), skip); d != "" {
					return d
				}
			}
		}
		return ""
	case reflect.Slice:
		if a.Len() != b.Len() {
			return fmt.Sprintf("%s has %d elements, want %d: %s, want %s", path, a.Len(), b.Len(), text(a), text(b))
		}
		for i := range a.Len() {
			if d := differ(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i), skip); d != "" {
				return d
			}
		}
		return ""
	}
	return is(reflect.DeepEqual(a.Interface(), b.Interface()))
}

// text writes a part of a status.
func text(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case time.Time:
		return stamp(x)
	case fmt.Stringer:
		return x.String()
	}
	switch v.Kind() {
	case reflect.Slice:
		out := make([]string, v.Len())
		for i := range out {
			out[i] = text(v.Index(i))
		}
		return "[" + strings.Join(out, ", ") + "]"
	case reflect.Struct:
		var out []string
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !v.Field(i).IsZero() {
				out = append(out, f.Name+" "+text(v.Field(i)))
			}
		}
		return "{" + strings.Join(out, ", ") + "}"
	case reflect.String:
		if v.Len() == 0 {
			return "nothing"
		}
	}
	return fmt.Sprint(v.Interface())
}

// isPassing reports whether a field of a status differs as time passes, though
// nothing happens.
func isPassing(path string) bool {
	if path == "At" {
		return true
	}
	for name := range strings.SplitSeq(path, ".") {
		name, _, _ = strings.Cut(name, "[")
		if slices.Contains([]string{"Elapsed", "Remaining", "Segments"}, name) {
			return true
		}
	}
	return false
}
