package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/entitlement"
)

var update = flag.Bool("update", false, "write the README's quoted parts")

var readme = filepath.Join("..", "..", "README.md")

// The README quotes the bodies of this program's functions, the test of
// examples/pricinglaws, their output, and the feature matrix, each between two
// comments.
func TestREADME(t *testing.T) {
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	before, after, ok := strings.Cut(output(t), "\n\n"+deadlineStart)
	if !ok {
		t.Fatal("the output has no deadline")
	}
	laws := filepath.Join("..", "pricinglaws")
	for _, part := range []struct{ name, want string }{
		{"invoice", "```go\n" + body(t, "invoice.go") + "```\n"},
		{"invoice-output", "```\n" + before + "\n```\n"},
		{"deadline", "```go\n" + body(t, "deadline.go") + "```\n"},
		{"deadline-output", "```\n" + deadlineStart + after + "```\n"},
		{"laws", "```go\n" + cut(t, filepath.Join(laws, "card_test.go"), "\nfunc TestCard", "") + "```\n"},
		{"laws-output", "```\n" + strings.TrimSuffix(cut(t, filepath.Join(laws, "report_test.go"), "const report = `", "\n`"), "`") + "\n```\n"},
		{"features", "\n" + entitlement.Published().Markdown() + "\n"},
	} {
		begin, end := "<!-- "+part.name+":begin -->\n", "<!-- "+part.name+":end -->\n"
		before, rest, ok1 := strings.Cut(text, begin)
		got, after, ok2 := strings.Cut(rest, end)
		if !ok1 || !ok2 {
			t.Errorf("the README has no %q and %q", begin, end)
			continue
		}
		if *update {
			text = before + begin + part.want + end + after
		} else if d := cmp.Diff(part.want, got); d != "" {
			t.Errorf("%s, mended by go test ./examples/readme -update (-want +got):\n%s", part.name, d)
		}
		if lines := strings.Count(part.want, "\n") - 2; strings.HasPrefix(part.want, "```go") && lines > 15 {
			t.Errorf("the snippet %s has %d lines", part.name, lines)
		}
	}
	if *update {
		if err := os.WriteFile(readme, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// deadlineStart begins the output of deadline.
const deadlineStart = "Due on "

// Every name that the README quotes as code is exported, and every link leads
// to a file.
func TestNames(t *testing.T) {
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	ledgers, err := filepath.Glob(filepath.Join("..", "..", "internal", "api", "*.txt"))
	if err != nil || len(ledgers) == 0 {
		t.Fatal("no ledger", err)
	}
	var exported []string
	for _, file := range ledgers {
		lines, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		path := strings.Split(strings.TrimSuffix(filepath.Base(file), ".txt"), "_")
		for _, m := range regexp.MustCompile(`(?m)^(?:(?:func|type|var|const) (\w+)|method \(\*?(\w+)\) (\w+)|type (\w+) struct, (\w+))`).FindAllStringSubmatch(string(lines), -1) {
			name := path[len(path)-1] + "." + m[1]
			if m[2] != "" {
				name = path[len(path)-1] + "." + m[2] + "." + m[3]
			}
			exported = append(exported, name)
		}
	}
	quoted := regexp.MustCompile("`([a-z]+\\.[A-Z][A-Za-z.]*)`").FindAllStringSubmatch(string(b), -1)
	if len(quoted) < 20 {
		t.Errorf("the README quotes %d names", len(quoted))
	}
	for _, m := range quoted {
		if !slices.Contains(exported, m[1]) {
			t.Errorf("the README names %s, which is not exported", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(string(b), -1) {
		if _, err := os.Stat(filepath.Join("..", "..", m[1])); err != nil {
			t.Error(err)
		}
	}
}

// body returns the body of the only function in a file, without its indentation.
func body(t *testing.T, file string) string {
	t.Helper()
	s := cut(t, file, "\nfunc ", "")
	_, s, _ = strings.Cut(s, "{\n")
	return strings.TrimPrefix(strings.ReplaceAll("\n"+strings.TrimSuffix(s, "}\n"), "\n\t", "\n"), "\n")
}

// cut returns the text of a file from begin on, without begin unless it starts
// a function, and up to end if that is not empty.
func cut(t *testing.T, file, begin, end string) string {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, s, ok := strings.Cut(string(src), begin)
	if !ok {
		t.Fatalf("%s has no %q", file, begin)
	}
	if strings.HasPrefix(begin, "\n") {
		s = begin[1:] + s
	}
	if end != "" {
		s, _, _ = strings.Cut(s, end)
	}
	return s
}

// output returns what main prints.
func output(t *testing.T) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = w
	main() // prints less than a pipe holds
	os.Stdout = stdout
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
