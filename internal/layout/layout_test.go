// Package layout_test pins how the module is put together: which package may
// import which, what comes from outside, and that all that is exported says
// what it is.
package layout_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	module  = "github.com/supportplan/supportplan"
	decimal = "github.com/shopspring/decimal"
	goCmp   = "github.com/google/go-cmp"
	rapid   = "pgregory.net/rapid"
)

// root is the module's folder, seen from this one.
var root = filepath.Join("..", "..")

// mayImport says which packages each package's own files, but not its tests,
// may import: ours without the module's path, others with theirs. Arrows point
// downward only; entitlement, sla and billing never meet.
var mayImport = func() map[string][]string {
	var (
		quote    = []string{"internal/quote"}
		shared   = []string{"internal/quote", "internal/enum", "internal/field", "internal/strictjson", "internal/wall"}
		names    = []string{"plan", "severity"}
		amounts  = []string{"internal/amount", "internal/wide", "internal/table", decimal}
		allOurs  = []string{"plan", "severity", "entitlement", "entitlement/iem", "entitlement/thirdparty", "entitlement/handbook", "sla", "sla/calendar", "sla/clock", "billing", "billing/price", "billing/focus"}
		withLaws = []string{"billing/billingtest", "sla/slatest"}
	)
	return map[string][]string{
		"internal/quote": {decimal},
		"internal/wall":  {},
		"internal/enum":  quote,
		"internal/field": {},
		"internal/guard": {},

		"internal/extent": {},

		"internal/enum/enumtest": {},
		"internal/formtest":      {},

		"internal/strictjson": {"internal/quote", "internal/field"},
		"internal/amount":     {"internal/quote", decimal},
		"internal/wide":       {},
		"internal/table":      {},

		"plan":         slices.Concat(shared, []string{"sla/calendar"}),
		"severity":     shared,
		"sla/calendar": shared,

		"entitlement":            slices.Concat(shared, names, []string{"sla/calendar"}),
		"entitlement/iem":        slices.Concat(shared, []string{"sla/calendar"}),
		"entitlement/thirdparty": shared,
		"entitlement/handbook":   slices.Concat(shared, []string{"entitlement"}),

		"sla/internal/hours": slices.Concat(shared, []string{"sla/calendar"}),
		"sla/clock":          slices.Concat(shared, []string{"sla/calendar", "sla/internal/hours", decimal}),
		"sla":                slices.Concat(shared, names, []string{"sla/calendar", "sla/clock", "sla/internal/hours"}),
		"sla/slatest":        slices.Concat(shared, names, []string{"internal/guard", "internal/extent", "sla/calendar", "sla/clock", "sla", rapid}),

		"billing/price":       slices.Concat(shared, amounts),
		"billing":             slices.Concat(shared, amounts, []string{"sla/calendar", "plan", "billing/price"}),
		"billing/focus":       slices.Concat(shared, amounts, []string{"sla/calendar", "plan", "billing", "billing/price"}),
		"billing/billingtest": slices.Concat(shared, amounts, []string{"internal/guard", "internal/extent", "sla/calendar", "plan", "billing", "billing/price", rapid}),

		"examples/*": slices.Concat(allOurs, withLaws, []string{decimal}),
	}
}()

// A listed is what go list says about a package.
type listed struct {
	Dir        string
	ImportPath string
	Name       string
	GoFiles    []string
	Imports    []string
	Deps       []string // all that it imports, directly or not
}

// short is p's path without the module's, by which the table names it.
func (p listed) short() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// isExample reports whether p is a program that uses the library as a customer
// would.
func (p listed) isExample() bool { return strings.HasPrefix(p.short(), "examples/") }

// list returns the module's packages. It also looks into each folder itself:
// go test takes a cached result where nothing that the test itself looked at
// has changed, and does not see what go list looks at.
func list(t *testing.T) []listed {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.Name() == ".git" {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var packages []listed
	dec := json.NewDecoder(bytes.NewReader(run(t, "go", "list", "-json", "./...")))
	for {
		var p listed
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = root, &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.Bytes())
	}
	return out
}

func TestImports(t *testing.T) {
	for _, p := range list(t) {
		if len(p.GoFiles) == 0 {
			continue // nothing but tests
		}
		row := p.short()
		if p.isExample() {
			row = "examples/*"
		}
		may, ok := mayImport[row]
		if !ok {
			t.Errorf("the table of this test does not know %s: add a row that says what it may import, or move the package where it belongs", p.ImportPath)
			continue
		}
		for _, path := range p.Imports {
			host, _, _ := strings.Cut(path, "/")
			isStandard := !strings.Contains(host, ".")
			if name := strings.TrimPrefix(path, module+"/"); !isStandard && !slices.Contains(may, name) {
				t.Errorf("%s imports %s; the table of this test lets it import %q", p.short(), name, may)
			}
		}
	}
}

// Whatever the table says, the three questions are answered apart, and nobody
// who imports the library gets its testing tools along.
func TestNeverTogether(t *testing.T) {
	parts := []string{module + "/entitlement", module + "/sla", module + "/billing"}
	for _, p := range list(t) {
		if slices.Contains(parts, p.ImportPath) {
			for _, other := range parts {
				if slices.Contains(p.Deps, other) {
					t.Errorf("%s imports %s, directly or not", p.ImportPath, other)
				}
			}
		}
		laws := p.short() == "billing/billingtest" || p.short() == "sla/slatest"
		for _, dep := range p.Deps {
			if dep == goCmp || strings.HasPrefix(dep, goCmp+"/") || dep == rapid && !laws && !p.isExample() {
				t.Errorf("%s imports %s outside its tests, directly or not", p.short(), dep)
			}
			if dep == module+"/internal/guard" && !laws && !p.isExample() {
				t.Errorf("%s imports %s, which is for the packages of laws", p.short(), dep)
			}
		}
	}
}

func TestNoPackageAtTheRoot(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "*.go"))
	if err != nil || len(files) > 0 {
		t.Errorf("%v at the root, %v: every package has a folder of its own", files, err)
	}
}

func TestRequirements(t *testing.T) {
	var mod struct {
		Module  struct{ Path string }
		Require []struct{ Path string }
		Replace []json.RawMessage
		Exclude []json.RawMessage
		Tool    []json.RawMessage
	}
	if err := json.Unmarshal(run(t, "go", "mod", "edit", "-json"), &mod); err != nil {
		t.Fatal(err)
	}
	if mod.Module.Path != module {
		t.Errorf("the module is %s", mod.Module.Path)
	}
	var got []string
	for _, r := range mod.Require {
		got = append(got, r.Path)
	}
	if d := cmp.Diff([]string{goCmp, decimal, rapid}, got); d != "" {
		t.Errorf("requirements; an example that needs more is a module of its own (-want +got):\n%s", d)
	}
	if n := len(mod.Replace) + len(mod.Exclude) + len(mod.Tool); n > 0 {
		t.Errorf("go.mod has %d replace, exclude and tool lines; importers would not see them", n)
	}
}

// parsed returns the syntax of p's own files by their names.
func parsed(t *testing.T, fset *token.FileSet, p listed) map[string]*ast.File {
	t.Helper()
	files := make(map[string]*ast.File)
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files[p.short()+"/"+name] = f
	}
	return files
}

// The library takes values and returns values: it asks no clock, file, network
// or environment, and has no state that a goroutine could change.
func TestNoOutsideWorld(t *testing.T) {
	imports := []string{
		"crypto/rand", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec",
		"sync", "sync/atomic", "syscall", "unsafe",
	}
	clock := []string{"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"}
	fset := token.NewFileSet()
	for _, p := range list(t) {
		if p.isExample() || p.short() == "internal/guard" { // which finds calls without end for the packages of laws
			continue
		}
		for _, path := range p.Imports {
			if slices.Contains(imports, path) {
				t.Errorf("%s imports %s", p.short(), path)
			}
		}
		for _, f := range parsed(t, fset, p) {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%v: starts a goroutine", fset.Position(n.Pos()))
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
						t.Errorf("%v: uses time.%s", fset.Position(n.Pos()), n.Sel.Name)
					}
				case *ast.FuncDecl:
					if n.Recv == nil && n.Name.Name == "init" {
						t.Errorf("%v: an init function", fset.Position(n.Pos()))
					}
				}
				return true
			})
		}
	}
}

// Nothing panics but a function whose name says so, and no variable of a
// package changes after its declaration.
func TestNoPanicNoState(t *testing.T) {
	fset := token.NewFileSet()
	for _, p := range list(t) {
		if p.isExample() {
			continue
		}
		files := parsed(t, fset, p)
		for _, problem := range restless(fset, slices.Collect(maps.Values(files))) {
			t.Error(problem)
		}
	}
}

// restless returns where the files of one package panic outside a function
// whose name begins with must, and where they change a variable of the package.
func restless(fset *token.FileSet, files []*ast.File) (problems []string) {
	fail := func(n ast.Node, format string, args ...any) {
		problems = append(problems, fmt.Sprintf("%v: ", fset.Position(n.Pos()))+fmt.Sprintf(format, args...))
	}
	variables := map[string]bool{}
	declared := map[*ast.ValueSpec]bool{}
	for _, f := range files {
		for _, decl := range f.Decls {
			if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
				for _, spec := range d.Specs {
					declared[spec.(*ast.ValueSpec)] = true
					for _, name := range spec.(*ast.ValueSpec).Names {
						variables[name.Name] = true
					}
				}
			}
		}
	}
	// variable returns the name of the package's variable that e is or lies in.
	variable := func(e ast.Expr) string {
		for {
			switch x := e.(type) {
			case *ast.IndexExpr:
				e = x.X
			case *ast.SelectorExpr:
				e = x.X
			case *ast.ParenExpr:
				e = x.X
			case *ast.SliceExpr:
				e = x.X
			case *ast.Ident:
				if !variables[x.Name] {
					return ""
				}
				if x.Obj != nil { // resolved in its file: a name of its own hides the variable
					if spec, ok := x.Obj.Decl.(*ast.ValueSpec); !ok || !declared[spec] {
						return ""
					}
				}
				return x.Name
			default:
				return ""
			}
		}
	}
	for _, f := range files {
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "panic" && !strings.HasPrefix(strings.ToLower(fn.Name.Name), "must") {
						fail(n, "%s panics", fn.Name.Name)
					}
				case *ast.AssignStmt:
					for _, left := range n.Lhs {
						if name := variable(left); name != "" && n.Tok != token.DEFINE {
							fail(n, "%s changes %s", fn.Name.Name, name)
						}
					}
				case *ast.IncDecStmt:
					if name := variable(n.X); name != "" {
						fail(n, "%s changes %s", fn.Name.Name, name)
					}
				}
				return true
			})
		}
	}
	return problems
}

func TestRestless(t *testing.T) {
	const src = `package p
var table, count = [3]int{}, 0
func MustDo() { panic("x") }
func do() { panic("x") }
func set(i int) {
	table[i] = 1
	count++
	table := table
	table[2] = 3
}
func fine() int { count := 1; count++; return table[0] }
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"p.go:4:13: do panics",
		"p.go:6:2: set changes table",
		"p.go:7:2: set changes count",
	}
	if d := cmp.Diff(want, restless(fset, []*ast.File{f})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Each package says what it is, and each exported name has a comment that
// starts with it.
func TestDocComments(t *testing.T) {
	fset := token.NewFileSet()
	for _, p := range list(t) {
		if p.Name == "main" || len(p.GoFiles) == 0 {
			continue
		}
		files := parsed(t, fset, p)
		about := 0
		for _, name := range slices.Sorted(maps.Keys(files)) {
			f := files[name]
			if f.Doc != nil {
				about++
				if !strings.HasPrefix(f.Doc.Text(), "Package "+p.Name+" ") {
					t.Errorf("%s: the package comment does not start with %q", name, "Package "+p.Name)
				}
			}
			for _, problem := range undocumented(f) {
				t.Errorf("%s: %s", name, problem)
			}
		}
		if about != 1 {
			t.Errorf("%s has %d package comments", p.short(), about)
		}
	}
}

// undocumented says which exported names of f have no comment that starts with
// them. Constants and variables that are declared in one group may share the
// group's comment, or have one each on their lines.
func undocumented(f *ast.File) (problems []string) {
	check := func(name string, doc *ast.CommentGroup, articles ...string) {
		text := doc.Text()
		for _, article := range append(articles, "") {
			rest, ok := strings.CutPrefix(text, article+name)
			if ok && (rest == "" || strings.ContainsAny(rest[:1], " ,.:'\n")) {
				return
			}
		}
		problems = append(problems, fmt.Sprintf("the comment of %s does not start with its name", name))
	}
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d.Recv.List[0].Type))) {
				check(d.Name.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					doc := s.Doc
					if doc == nil {
						doc = d.Doc
					}
					if s.Name.IsExported() {
						check(s.Name.Name, doc, "A ", "An ", "The ")
					}
				case *ast.ValueSpec:
					for _, name := range s.Names {
						switch {
						case !name.IsExported():
						case !d.Lparen.IsValid():
							check(name.Name, d.Doc)
						case d.Doc == nil && s.Doc == nil && s.Comment == nil:
							problems = append(problems, fmt.Sprintf("%s has no comment, nor has its group", name.Name))
						}
					}
				}
			}
		}
	}
	return problems
}

// receiver returns the name of a method's receiver type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func TestUndocumented(t *testing.T) {
	const src = `package p
// A Good is good.
type Good int
// Bad is good: a type needs no article.
type Bad int
type Silent int
// Goodness is another word.
func Good1() {}
// Does something.
func (g *Good) Do() {}
// Go goes.
func (g Good) Go() {}
func (g hidden[T]) Do() {}
func hide() {}
// The group.
const (
	A = 1
	B = 2
)
const (
	C = 1 // of its own
	// Of its own, too.
	D = 2
	E = 3
)
// F, by its name.
const F = 1
// Its name is missing.
var G = 1
`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"the comment of Silent does not start with its name",
		"the comment of Good1 does not start with its name",
		"the comment of Do does not start with its name",
		"E has no comment, nor has its group",
		"the comment of G does not start with its name",
	}
	if d := cmp.Diff(want, undocumented(f)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
