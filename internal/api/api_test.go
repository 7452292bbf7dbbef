// Package api_test keeps the ledger of the exported API: a text file for each
// package, with a line for each name that it exports, like those of Go itself
// in $GOROOT/api. A change of an exported name fails until the ledger is
// changed with it:
//
//	go test ./internal/api -update
//
// Reading the ledger's diff is how a change of the API is reviewed.
package api_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the ledger instead of comparing with it")

// root is the module's folder, seen from this one.
var root = filepath.Join("..", "..")

// ledgers returns the lines of every package's ledger by the ledger's file.
func ledgers(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "internal" || rel == "examples" || d.Name() == "testdata" || rel != "." && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines, err := exported(src)
		if err != nil {
			return err
		}
		ledger := strings.ReplaceAll(filepath.ToSlash(filepath.Dir(rel)), "/", "_") + ".txt"
		out[ledger] = append(out[ledger], lines...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range out {
		slices.Sort(lines)
	}
	return out
}

func TestLedger(t *testing.T) {
	got := ledgers(t)
	files, err := filepath.Glob("*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		for _, file := range files {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
		for file, lines := range got {
			if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	want := map[string][]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want[file] = strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	}
	for _, file := range slices.Sorted(maps.Keys(got)) {
		if d := cmp.Diff(want[file], got[file]); d != "" {
			t.Errorf("%s differs; after a change on purpose run go test ./internal/api -update (-want +got):\n%s", file, d)
		}
	}
	for file := range want {
		if got[file] == nil {
			t.Errorf("%s is of a package that exports nothing", file)
		}
	}
}

// exported returns a line for each name that the file src exports, and for
// each exported field and method.
func exported(src []byte) (lines []string, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	p := ledger{fset: fset}
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			p.function(d)
		case *ast.GenDecl:
			var typ ast.Expr
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					p.declaration(s, d.Doc)
				case *ast.ValueSpec:
					if s.Type != nil || len(s.Values) > 0 {
						typ = s.Type
					}
					p.values(d.Tok.String(), s, typ)
				}
			}
		}
	}
	return p.lines, p.err
}

// A ledger collects the lines of a file.
type ledger struct {
	fset  *token.FileSet
	lines []string
	err   error
}

func (p *ledger) line(doc *ast.CommentGroup, format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	if strings.Contains(doc.Text(), "\nDeprecated: ") || strings.HasPrefix(doc.Text(), "Deprecated: ") {
		line += " //deprecated"
	}
	p.lines = append(p.lines, line)
}

// source returns the source of a node in one line.
func (p *ledger) source(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, p.fset, n); err != nil {
		p.err = err
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// signature returns parameters and results without their names.
func (p *ledger) signature(f *ast.FuncType) string {
	list := func(fields *ast.FieldList) (types []string) {
		for _, f := range fields.List {
			for range max(1, len(f.Names)) {
				types = append(types, p.source(f.Type))
			}
		}
		return types
	}
	s := "(" + strings.Join(list(f.Params), ", ") + ")"
	if f.Results == nil {
		return s
	}
	results := list(f.Results)
	if len(results) == 1 {
		return s + " " + results[0]
	}
	return s + " (" + strings.Join(results, ", ") + ")"
}

// parameters returns type parameters as they are declared.
func (p *ledger) parameters(fields *ast.FieldList) string {
	if fields == nil {
		return ""
	}
	var all []string
	for _, f := range fields.List {
		for _, name := range f.Names {
			all = append(all, name.Name+" "+p.source(f.Type))
		}
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func (p *ledger) function(d *ast.FuncDecl) {
	if !d.Name.IsExported() {
		return
	}
	if d.Recv == nil {
		p.line(d.Doc, "func %s%s%s", d.Name.Name, p.parameters(d.Type.TypeParams), p.signature(d.Type))
		return
	}
	receiver := d.Recv.List[0].Type
	base := receiver
	if star, ok := base.(*ast.StarExpr); ok {
		base = star.X
	}
	switch generic := base.(type) {
	case *ast.IndexExpr:
		base = generic.X
	case *ast.IndexListExpr:
		base = generic.X
	}
	if id, ok := base.(*ast.Ident); ok && id.IsExported() {
		p.line(d.Doc, "method (%s) %s%s", p.source(receiver), d.Name.Name, p.signature(d.Type))
	}
}

func (p *ledger) declaration(s *ast.TypeSpec, group *ast.CommentGroup) {
	if !s.Name.IsExported() {
		return
	}
	doc := s.Doc
	if doc == nil {
		doc = group
	}
	name := s.Name.Name + p.parameters(s.TypeParams)
	switch t := s.Type.(type) {
	case *ast.StructType:
		p.line(doc, "type %s struct", name)
		for _, f := range t.Fields.List {
			tag := ""
			if f.Tag != nil {
				tag = " " + f.Tag.Value
			}
			if len(f.Names) == 0 {
				p.line(f.Doc, "type %s struct, embedded %s%s", name, p.source(f.Type), tag)
			}
			for _, n := range f.Names {
				if n.IsExported() {
					p.line(f.Doc, "type %s struct, %s %s%s", name, n.Name, p.source(f.Type), tag)
				}
			}
		}
	case *ast.InterfaceType:
		p.line(doc, "type %s interface", name)
		for _, m := range t.Methods.List {
			f, ok := m.Type.(*ast.FuncType)
			if !ok {
				p.line(m.Doc, "type %s interface, embedded %s", name, p.source(m.Type))
				continue
			}
			for _, n := range m.Names {
				p.line(m.Doc, "type %s interface, %s%s", name, n.Name, p.signature(f))
			}
		}
	default:
		equals := ""
		if s.Assign.IsValid() {
			equals = "= "
		}
		p.line(doc, "type %s %s%s", name, equals, p.source(t))
	}
}

// values adds constants or variables of a group in which typ is the type that
// was last written. The value of a constant that is a literal is a part of the
// line: tokens and limits are promises.
func (p *ledger) values(keyword string, s *ast.ValueSpec, typ ast.Expr) {
	for i, name := range s.Names {
		if !name.IsExported() {
			continue
		}
		line := keyword + " " + name.Name
		if typ != nil {
			line += " " + p.source(typ)
		}
		if keyword == "const" && i < len(s.Values) {
			if literal, ok := s.Values[i].(*ast.BasicLit); ok {
				line += " = " + literal.Value
			}
		}
		p.line(s.Doc, "%s", line)
	}
}

func TestExported(t *testing.T) {
	const src = `package p

// Limit limits.
const Limit, Other = 10, 1 << 4

const (
	A Kind = 1 + iota
	B
	c
)

const Word Token = "word"

// ErrBad is bad.
var ErrBad, hidden = errors.New("bad"), 1

// Do does.
//
// Deprecated: use [Done].
func Do[T any](a, b int, rest ...T) (n int, err error) { return }
func Done() error { return nil }
func do() {}

type Alias = field.Error
type Kind uint8
type hides struct{ A int }

// A Both is both.
type Both struct {
	A, B  int ` + "`json:\"a\"`" + `
	hides
	Kind
	n int
}
type Doer interface {
	Do(x int) (ok bool)
	fmt.Stringer
}

func (b *Both) Add(n int) {}
func (b Both) get() {}
func (h hides) Get() {}
func (l List[T]) Len() int { return 0 }
`
	got, err := exported([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"const Limit = 10",
		"const Other",
		"const A Kind",
		"const B Kind",
		`const Word Token = "word"`,
		"var ErrBad",
		"func Do[T any](int, int, ...T) (int, error) //deprecated",
		"func Done() error",
		"type Alias = field.Error",
		"type Kind uint8",
		"type Both struct",
		"type Both struct, A int `json:\"a\"`",
		"type Both struct, B int `json:\"a\"`",
		"type Both struct, embedded hides",
		"type Both struct, embedded Kind",
		"type Doer interface",
		"type Doer interface, Do(int) bool",
		"type Doer interface, embedded fmt.Stringer",
		"method (*Both) Add(int)",
		"method (List[T]) Len() int",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Every exported function and method is called where a user can see how: in an
// Example, an example program, a README, or another package. A method counts as
// called where any method of its name is.
func TestEveryNameIsCalled(t *testing.T) {
	functions, methods := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		all := !strings.HasSuffix(rel, "_test.go") // whether code counts that stands in no Example
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); all || ok && strings.HasPrefix(fn.Name.Name, "Example") {
				ast.Inspect(decl, func(n ast.Node) bool {
					if s, ok := n.(*ast.SelectorExpr); ok {
						methods[s.Sel.Name] = true
						if x, ok := s.X.(*ast.Ident); ok {
							functions[x.Name+"."+s.Sel.Name] = true
						}
					}
					return true
				})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// What encoders, printers and cmp call.
	for _, name := range []string{"String", "Equal", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "Scan", "Value", "Error", "Unwrap"} {
		methods[name] = true
	}
	for file, lines := range ledgers(t) {
		pkg := strings.TrimSuffix(file[strings.LastIndex(file, "_")+1:], ".txt")
		for _, line := range lines {
			kind, rest, _ := strings.Cut(line, " ")
			called := true
			switch kind {
			case "func":
				called = functions[pkg+"."+rest[:strings.IndexAny(rest, "([")]]
			case "method":
				_, name, _ := strings.Cut(rest, ") ")
				called = methods[name[:strings.Index(name, "(")]]
			}
			if !called {
				t.Errorf("%s: %s: nobody calls it but its own package and tests: show it in an Example, or drop it", file, line)
			}
		}
	}
}
