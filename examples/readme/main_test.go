package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/entitlement"
)

var update = flag.Bool("update", false, "write the README's quoted parts")

// The README quotes this program, what it prints, and the feature matrix, each
// between two comments.
func TestREADME(t *testing.T) {
	name := filepath.Join("..", "..", "README.md")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	readme := string(b)
	for _, part := range []struct{ name, want string }{
		{"snippet", "```go\n" + snippet(t) + "```\n"},
		{"output", "```\n" + output(t) + "```\n"},
		{"features", "\n" + entitlement.Published().Markdown() + "\n"},
	} {
		begin, end := "<!-- "+part.name+":begin -->\n", "<!-- "+part.name+":end -->\n"
		before, rest, ok1 := strings.Cut(readme, begin)
		got, after, ok2 := strings.Cut(rest, end)
		if !ok1 || !ok2 {
			t.Errorf("the README has no %q and %q", begin, end)
			continue
		}
		if *update {
			readme = before + begin + part.want + end + after
		} else if d := cmp.Diff(part.want, got); d != "" {
			t.Errorf("%s, mended by go test ./examples/readme -update (-want +got):\n%s", part.name, d)
		}
	}
	if *update {
		if err := os.WriteFile(name, []byte(readme), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// snippet returns main's body behind what it sets up, without its indentation.
func snippet(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, ok := strings.Cut(string(src), "\n\n\tdecision := ")
	if !ok {
		t.Fatal("main.go has no line that the snippet starts with")
	}
	body = strings.TrimSuffix("\tdecision := "+body, "}\n")
	return strings.TrimPrefix(strings.ReplaceAll("\n"+body, "\n\t", "\n"), "\n")
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
