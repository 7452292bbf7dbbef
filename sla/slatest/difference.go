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

// A diff is a part of two values that differs: a field of a struct or an element of
// a slice, by its path.
type diff struct {
	path      string
	got, want reflect.Value
}

func (d diff) String() string {
	if d.got.Kind() == reflect.Slice && d.got.Len() != d.want.Len() {
		return fmt.Sprintf("%s has %d elements, want %d: %s, want %s", d.path, d.got.Len(), d.want.Len(), text(d.got), text(d.want))
	}
	return fmt.Sprintf("%s is %s, want %s", d.path, text(d.got), text(d.want))
}

// difference describes the first difference of two values of one type,
// "Due is …, want …", or nothing if they are the same. Types that have a method
// Equal are compared by that. It leaves out the fields that skip names.
func difference[T any](got, want T, skip func(path string) bool) string {
	if all := differences(got, want, skip); len(all) > 0 {
		return all[0].String()
	}
	return ""
}

// differences returns the differences of two values.
func differences[T any](got, want T, skip func(path string) bool) []diff {
	return differ("", reflect.ValueOf(&got).Elem(), reflect.ValueOf(&want).Elem(), skip)
}

// differ returns the differences of a and b, parts at a path.
func differ(path string, a, b reflect.Value, skip func(path string) bool) (out []diff) {
	if path != "" && skip(path) {
		return nil
	}
	if a.Kind() == reflect.Struct && reflect.DeepEqual(a.Addr().Interface(), b.Addr().Interface()) {
		return nil // the usual case, at little cost
	}
	unless := func(same bool) []diff {
		if same {
			return nil
		}
		return []diff{{path, a, b}}
	}
	if equal := a.MethodByName("Equal"); equal.IsValid() && equal.Type().NumIn() == 1 && equal.Type().In(0) == b.Type() {
		return unless(equal.Call([]reflect.Value{b})[0].Bool())
	}
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.IsExported() {
				inner := strings.TrimPrefix(path+"."+f.Name, ".")
				if f.Anonymous {
					inner = path // its fields are the struct's own
				}
				out = append(out, differ(inner, a.Field(i), b.Field(i), skip)...)
			}
		}
		return out
	case reflect.Slice:
		if a.Len() != b.Len() {
			return unless(false)
		}
		for i := range a.Len() {
			out = append(out, differ(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i), skip)...)
		}
		return out
	}
	return unless(reflect.DeepEqual(a.Interface(), b.Interface()))
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
	return path == "At" || slices.ContainsFunc(strings.Split(path, "."), func(name string) bool {
		return slices.Contains([]string{"Elapsed", "Remaining", "Segments"}, name)
	})
}
