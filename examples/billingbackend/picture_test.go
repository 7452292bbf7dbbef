package main

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "draw the README's picture anew")

// The README's picture is the credit as the program prints it.
func TestPicture(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), nil, &out); err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(out.String(), "Settlement Example Cloud/meridian 2026-03-01 #3")
	sheet, _, end := strings.Cut(after, "\n\nInvoice ")
	if !ok || !end {
		t.Fatalf("no credit is printed:\n%s", out.String())
	}
	picture := draw("Settlement Example Cloud/meridian 2026-03-01 #3" + sheet)
	if *update {
		if err := os.WriteFile("credit.svg", []byte(picture), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile("credit.svg")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(picture, string(kept)); diff != "" {
		t.Errorf("credit.svg is stale: go test . -run Picture -update\n%s", diff)
	}
}

// draw returns a printed document as a picture of a sheet of paper: its title
// and sums strong, the heads of its tables light and underlined.
func draw(text string) string {
	const left, row, letter = 28, 20, 7.83 // a letter of 13 pixels in a usual monospaced font
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l))
	}
	w, h := int(float64(width)*letter)+2*left, len(lines)*row+2*left
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">`+"\n", w, h, html.EscapeString(lines[0]))
	b.WriteString(`<style>text{font:13px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1c1e21;white-space:pre}.s{font-weight:700}.h{fill:#585e66}` +
		`.p{fill:#fff;stroke:#d9dbde}.l{stroke:#d9dbde}@media(prefers-color-scheme:dark){text{fill:#eceef1}.h{fill:#aab1ba}.p{fill:#1d2025;stroke:#363b43}.l{stroke:#363b43}}</style>` + "\n")
	fmt.Fprintf(&b, `<rect class="p" x=".5" y=".5" width="%d" height="%d" rx="8"/>`+"\n", w-1, h-1)
	for i, l := range lines {
		if l == "" {
			continue
		}
		class, y := "", left+i*row+14
		first, _, _ := strings.Cut(l, "  ")
		switch {
		case i == 0, first == "Total", first == "Billed before", first == "Credit", strings.HasPrefix(l, "Credit: "):
			class = ` class="s"`
		case lines[i-1] == "" && strings.Contains(l, "  "):
			class = ` class="h"`
			fmt.Fprintf(&b, `<line class="l" x1="%d" x2="%d" y1="%d" y2="%d"/>`+"\n", left, w-left, y+5, y+5)
		}
		fmt.Fprintf(&b, `<text%s x="%d" y="%d" textLength="%.1f" xml:space="preserve">%s</text>`+"\n",
			class, left, y, float64(utf8.RuneCountInString(l))*letter, html.EscapeString(l))
	}
	b.WriteString("</svg>\n")
	return b.String()
}
