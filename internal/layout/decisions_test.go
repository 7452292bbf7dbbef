package layout_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tabled matches the rows of the tables of decisions, and pinned the tests that
// pin one: by their name, or by the first words of a comment.
var (
	tabled = regexp.MustCompile(`(?m)^\| (D\d+) \|`)
	pinned = regexp.MustCompile(`(?m)^(?:func Test|// )(D\d+)(?:\(|:|[A-Z])`)
)

// decisions returns the numbers of the decisions that a text has tables of.
func decisions(text []byte) (out []string) {
	for _, row := range tabled.FindAllSubmatch(text, -1) {
		out = append(out, string(row[1]))
	}
	slices.Sort(out)
	return out
}

// Each decision is pinned by a test.
func TestDecisionsArePinned(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "DECISIONS.md"))
	if err != nil {
		t.Fatal(err)
	}
	ours := decisions(text)
	if len(ours) < 31 || len(slices.Compact(slices.Clone(ours))) != len(ours) {
		t.Errorf("DECISIONS.md has %v", ours)
	}
	pins := map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, pin := range pinned.FindAllSubmatch(src, -1) {
			pins[string(pin[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ours {
		if !pins[d] {
			t.Errorf("no test pins %s: name one Test%s…, or begin its comment with %s:", d, d, d)
		}
	}
	facts, err := os.ReadFile(filepath.Join(root, "..", "shared", "spec", "FACTS.md"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the facts do not stand beside the repository; its own list was looked at")
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decisions(facts), ours); diff != "" {
		t.Errorf("DECISIONS.md has others than the facts (-facts +ours):\n%s", diff)
	}
}

// Files and folders that CONTRIBUTING.md names exist.
func TestContributingNamesFiles(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == ".git" {
			return fs.SkipDir
		}
		names = append(names, filepath.ToSlash(strings.TrimPrefix(path, root)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range regexp.MustCompile("`([a-z._]+(?:/[a-z._]+)*)`").FindAllStringSubmatch(string(text), -1) {
		name := m[1]
		if !strings.Contains(name, "/") && !strings.HasSuffix(name, ".go") {
			continue
		}
		n++
		if !slices.ContainsFunc(names, func(path string) bool { return strings.HasSuffix(path, "/"+name) }) {
			t.Errorf("CONTRIBUTING.md names %s, which is not there", name)
		}
	}
	if n < 20 {
		t.Errorf("only %d names of files were found", n)
	}
}
