// Package table lays out rows of cells as plain text and as Markdown.
package table

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Text returns the rows as lines of plain text, with cells two spaces apart and
// aligned at the right.
func Text(rows [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		for _, cell := range row {
			io.WriteString(w, clean.Replace(cell)+"\t") // a strings.Builder takes every write
		}
		io.WriteString(w, "\n")
	}
	w.Flush()
	return b.String()
}

// Markdown returns the rows as a Markdown table with the first row as its head.
// Cells are aligned at the right.
func Markdown(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		for _, cell := range row {
			fmt.Fprintf(&b, "| %s ", escape.Replace(clean.Replace(cell)))
		}
		b.WriteString("|\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|--:", len(row)) + "|\n")
		}
	}
	return b.String()
}

// clean keeps a cell on its line and in its column.
var clean = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ", "\v", " ", "\f", " ")

// escape keeps the characters of a cell from being Markdown.
var escape = strings.NewReplacer(`|`, `\|`, `\`, `\\`, `*`, `\*`, `_`, `\_`, `<`, `\<`, "`", "\\`", `[`, `\[`)
