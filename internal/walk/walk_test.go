// Package walk_test walks over the exported types of the module: a type that
// keeps something to itself, or has a JSON form, marshals to all that it holds
// or not at all, however it is reached.
//
// A new type of that kind fails the test until it is registered with a filled
// value, in the file of its room.
package walk_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"math/big"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

const module = "github.com/supportplan/supportplan"

// root is the module's folder, seen from this one.
var root = filepath.Join("..", "..")

// A kind says what becomes of a type in JSON.
type kind int

const (
	kept    kind = 1 + iota // reads and writes JSON
	written                 // writes JSON, for others to read
	none                    // has no form: an error
)

// An entry is a registered type.
type entry struct {
	kind  kind
	check func() []string // what is wrong
}

// entries are the registered types by package and name, as in "plan.Timeline".
var entries = map[string]entry{}

// register registers T with a function that returns a filled value.
func register[T any](k kind, filled func() T) bool {
	typ := reflect.TypeFor[T]()
	name := strings.TrimPrefix(typ.PkgPath(), module+"/") + "." + typ.Name()
	if _, ok := entries[name]; ok {
		panic(name + " is registered twice")
	}
	entries[name] = entry{k, func() []string { return check(k, filled()) }}
	return true
}

// toBeMended names the types that fail today. One that passes must leave the
// list.
var toBeMended = map[string]bool{}

// report fails t for the problems of the type of the given name.
func report(t *testing.T, name string, problems []string) {
	t.Helper()
	if !toBeMended[name] {
		for _, problem := range problems {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

func TestForms(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		report(t, name, entries[name].check())
	}
}

func TestToBeMended(t *testing.T) {
	found := declarations(t)
	for _, name := range slices.Sorted(maps.Keys(toBeMended)) {
		problems := unregistered(name, found[name])
		if e, ok := entries[name]; ok {
			problems = append(problems, e.check()...)
		}
		if c, ok := copies[name]; ok {
			problems = append(problems, c()...)
		} else {
			problems = append(problems, shared(found[name])...)
		}
		if len(problems) == 0 {
			t.Errorf("%s passes: take it off the list", name)
		}
	}
}

// same compares values of any type by all that they hold.
var same = cmp.Options{
	cmp.Exporter(func(reflect.Type) bool { return true }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b *big.Rat) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 }),
	cmp.Comparer(func(a, b *big.Int) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 }),
	cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
}

// check marshals v in every way in which a program reaches a value, reads back
// the forms of kept types, and returns what is wrong.
func check[T any](k kind, v T) (problems []string) {
	fail := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if reflect.ValueOf(v).IsZero() {
		fail("the registered value is not filled")
	}
	type inside struct{ V T }
	type behind struct{ V *T }
	ways := []struct {
		name, before, after string
		value, back         any
	}{
		{"itself", "", "", v, new(T)},
		{"a pointer", "", "", &v, new(*T)},
		{"a field", `{"V":`, `}`, inside{v}, new(inside)},
		{"a pointer's field", `{"V":`, `}`, &inside{v}, new(inside)},
		{"a field that is a pointer", `{"V":`, `}`, behind{&v}, new(behind)},
		{"a map", `{"k":`, `}`, map[string]T{"k": v}, new(map[string]T)},
		{"a map of pointers", `{"k":`, `}`, map[string]*T{"k": &v}, new(map[string]*T)},
		{"a map of any", `{"k":`, `}`, map[string]any{"k": v}, new(map[string]T)},
		{"a slice", `[`, `]`, []T{v}, new([]T)},
		{"an array", `[`, `]`, [1]T{v}, new([1]T)},
	}
	form, err := json.Marshal(v)
	switch s := string(form); {
	case k != none && err != nil:
		fail("%v", err)
		return problems
	case k != none && (s == "{}" || s == "null" || s == `""` || s == "[]"):
		fail("marshals to %s", s)
		return problems
	}
	for _, way := range ways {
		data, err := json.Marshal(way.value)
		if k == none {
			if err == nil {
				fail("as %s it marshals to %s", way.name, data)
			}
			continue
		}
		if want := way.before + string(form) + way.after; err != nil || string(data) != want {
			fail("as %s it marshals to %s, %v; want %s", way.name, data, err, want)
			continue
		}
		if k == written {
			continue
		}
		if err := json.Unmarshal(data, way.back); err != nil {
			fail("as %s it does not read back: %v: %s", way.name, err, data)
			continue
		}
		want := reflect.New(reflect.TypeOf(way.back).Elem())
		switch w := want.Interface().(type) {
		case *T:
			*w = v
		case **T:
			*w = &v
		case *inside:
			w.V = v
		case *behind:
			w.V = &v
		case *map[string]T:
			*w = map[string]T{"k": v}
		case *map[string]*T:
			*w = map[string]*T{"k": &v}
		case *[]T:
			*w = []T{v}
		case *[1]T:
			*w = [1]T{v}
		}
		if d := cmp.Diff(want.Interface(), way.back, same); d != "" {
			fail("as %s it reads back as another value (-want +got):\n%s", way.name, d)
		}
		if again, err := json.Marshal(way.back); err != nil || string(again) != string(data) {
			fail("as %s it reads back to marshal as %s, %v; want %s", way.name, again, err, data)
		}
	}
	return problems
}

// A declared is an exported type of the module.
type declared struct {
	fields   *ast.StructType // nil unless it is a struct
	methods  map[string]bool // by name: true if the receiver is a pointer
	isHiding bool            // it has fields that are not exported
}

// declarations returns the exported types that the module declares outside
// internal and examples, by package and name.
func declarations(t *testing.T) map[string]*declared {
	t.Helper()
	out := map[string]*declared{}
	at := func(pkg, name string) *declared {
		key := pkg + "." + name
		if out[key] == nil {
			out[key] = &declared{methods: map[string]bool{}}
		}
		return out[key]
	}
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "internal" || rel == "examples" || strings.HasPrefix(d.Name(), ".") && rel != "." || d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(rel))
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv == nil || !decl.Name.IsExported() {
					continue
				}
				receiver, isPointer := decl.Recv.List[0].Type, false
				if star, ok := receiver.(*ast.StarExpr); ok {
					receiver, isPointer = star.X, true
				}
				if name, ok := receiver.(*ast.Ident); ok && name.IsExported() {
					at(pkg, name.Name).methods[decl.Name.Name] = isPointer
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					s, ok := spec.(*ast.TypeSpec)
					if !ok || !s.Name.IsExported() || s.Assign.IsValid() {
						continue
					}
					fields, ok := s.Type.(*ast.StructType)
					if !ok {
						continue
					}
					d := at(pkg, s.Name.Name)
					d.fields, d.isHiding = fields, isHiding(fields)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// isHiding reports whether a struct has a field that is not exported.
func isHiding(s *ast.StructType) bool {
	for _, f := range s.Fields.List {
		if len(f.Names) == 0 {
			name := f.Type
			if star, ok := name.(*ast.StarExpr); ok {
				name = star.X
			}
			if id, ok := name.(*ast.Ident); ok && !id.IsExported() {
				return true
			}
		}
		for _, name := range f.Names {
			if !name.IsExported() {
				return true
			}
		}
	}
	return false
}

// Every type that hides something or has a JSON form is registered, as what it
// is.
func TestRegistered(t *testing.T) {
	found := declarations(t)
	for _, name := range slices.Sorted(maps.Keys(found)) {
		report(t, name, unregistered(name, found[name]))
	}
	for name := range entries {
		if found[name] == nil {
			t.Errorf("%s is registered, but not declared", name)
		}
	}
}

// unregistered returns what is wrong with the registration of the type d.
func unregistered(name string, d *declared) []string {
	_, marshals := d.methods["MarshalJSON"]
	_, unmarshals := d.methods["UnmarshalJSON"]
	_, text := d.methods["MarshalText"]
	_, isError := d.methods["Error"]
	if d.fields == nil || !d.isHiding && !marshals && !unmarshals || isError {
		return nil
	}
	e, ok := entries[name]
	switch {
	case !ok:
		return []string{"not registered: add a filled value, or register it as having no form"}
	case d.isHiding && !marshals && !text:
		return []string{"hides fields and has no MarshalJSON: return an error from one if it has no form"}
	case d.methods["MarshalJSON"]:
		return []string{"marshals by pointer only: give MarshalJSON a value receiver"}
	case unmarshals && e.kind != kept:
		return []string{"reads JSON, but is not registered as kept"}
	}
	return nil
}

// copies holds the checks of the types with methods that change them and with
// independent copies.
var copies = map[string]func() []string{}

// independent registers T: if change changes a value that filled made, a copy
// taken before remains as it was.
func independent[T any](filled func() T, change func(*T)) bool {
	typ := reflect.TypeFor[T]()
	copies[strings.TrimPrefix(typ.PkgPath(), module+"/")+"."+typ.Name()] = func() (problems []string) {
		v := filled()
		w := v
		change(&v)
		if d := cmp.Diff(filled(), w, same); d != "" {
			problems = append(problems, "a change reached a copy (-want +got):\n"+d)
		}
		if cmp.Equal(v, w, same) {
			problems = append(problems, "nothing changed")
		}
		return problems
	}
	return true
}

// A type that changes after it was made either has independent copies, or
// tells go vet that it must not be copied.
func TestCopies(t *testing.T) {
	found := declarations(t)
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if c, ok := copies[name]; ok {
			report(t, name, c())
		} else {
			report(t, name, shared(found[name]))
		}
	}
}

// shared returns what is wrong with the type d if its copies are not known to
// be independent.
func shared(d *declared) (problems []string) {
	if _, isError := d.methods["Error"]; isError || d.fields == nil || isLocked(d.fields) {
		return nil
	}
	readers := []string{"UnmarshalJSON", "UnmarshalText", "Scan"}
	for method, isPointer := range d.methods {
		if isPointer && !slices.Contains(readers, method) {
			problems = append(problems, "has "+method+" on a pointer: register it as independent, or embed a noCopy")
		}
	}
	slices.Sort(problems)
	return problems
}

// isLocked reports whether go vet refuses to copy the struct.
func isLocked(s *ast.StructType) bool {
	for _, f := range s.Fields.List {
		if id, ok := f.Type.(*ast.Ident); ok && id.Name == "noCopy" {
			return true
		}
	}
	return false
}

// must returns v, and panics if it came with an error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// text returns the value whose JSON form is data.
func text[T any](data string) func() T {
	return func() (v T) {
		if err := json.Unmarshal([]byte(data), &v); err != nil {
			panic(fmt.Errorf("%s: %w", data, err))
		}
		return v
	}
}

// A hiding marshals to {}, and a forgetful one to less than it holds.
type (
	hiding    struct{ n int }
	forgetful struct {
		N int
		M int `json:"-"`
	}
	open struct{ N int }
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name     string
		problems []string
		isRight  bool
	}{
		{"hiding as kept", check(kept, hiding{1}), false},
		{"hiding as none", check(none, hiding{1}), false},
		{"forgetful as kept", check(kept, forgetful{1, 2}), false},
		{"empty", check(kept, open{}), false},
		{"open as kept", check(kept, open{1}), true},
		{"open as none", check(none, open{1}), false},
	} {
		if isRight := len(c.problems) == 0; isRight != c.isRight {
			t.Errorf("%s: %q", c.name, c.problems)
		}
	}
}
