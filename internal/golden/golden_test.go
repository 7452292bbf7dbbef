// Package golden_test compares what the library answers and writes today with
// files under testdata: every form that callers keep, every table of the
// document, and many answers of each kind, a line each.
//
// Run its tests with -update after a change on purpose, and read the diff of
// testdata before committing it.
package golden_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata instead of comparing with it")

// used holds the names of the files that the tests of this run compared with.
var used = map[string]bool{}

// TestMain runs the tests; if all ran and passed, no file may be left over.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	all := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == ""
	if code == 0 && all && len(used) > 0 {
		files, err := filepath.Glob(filepath.Join("testdata", "*"))
		if err != nil {
			panic(err)
		}
		var size int64
		for _, file := range files {
			info, err := os.Stat(file)
			if err != nil {
				panic(err)
			}
			size += info.Size()
			if !used[filepath.Base(file)] {
				fmt.Printf("%s is compared with nothing\n", file)
				code = 1
			}
		}
		if size > 1<<20 {
			fmt.Printf("testdata has %d bytes, over the limit of 1 MiB\n", size)
			code = 1
		}
	}
	os.Exit(code)
}

// golden compares got with the file of the given name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	used[name] = true
	file := filepath.Join("testdata", name)
	if !strings.HasSuffix(got, "\n") {
		got += "\n"
	}
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

// goldenJSON compares v's JSON form, indented, with the file of the given name.
func goldenJSON(t *testing.T, name string, v any) {
	t.Helper()
	golden(t, name, indented(t, v))
}

// indented returns v's JSON form over several lines.
func indented(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// read returns the value whose JSON form is data.
func read[T any](t *testing.T, data string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(data), &v); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return v
}

// must returns v, and panics if it came with an error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A random draws numbers that depend on its start alone.
type random uint64

// n returns a number from 0 to n-1.
func (r *random) n(n int) int { return int(r.n64(int64(n))) }

// n64 is n for numbers that a short int does not hold.
func (r *random) n64(n int64) int64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int64((z ^ z>>31) % uint64(n))
}
