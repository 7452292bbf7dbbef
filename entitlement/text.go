package entitlement

import (
	"strings"
	"unicode/utf8"

	"github.com/supportplan/supportplan/plan"
)

// Markdown returns m as a Markdown table for people, a row per feature and a
// column per plan. Cells say yes or no, or their own words. A cell that is not
// published is marked, as in "yes (inferred)".
func (m Matrix) Markdown() string {
	var b strings.Builder
	for i, row := range m.cells() {
		for _, cell := range row {
			b.WriteString("| " + strings.ReplaceAll(cell, "|", `\|`) + " ")
		}
		b.WriteString("|\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return b.String()
}

// Text returns the table of [Matrix.Markdown] in plain text, its columns aligned
// with at least two spaces between them.
func (m Matrix) Text() string {
	rows := m.cells()
	widths := make([]int, len(rows[0])-1) // nothing stands to the right of the last column
	for _, row := range rows {
		for i := range widths {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, w := range widths {
			b.WriteString(row[i] + strings.Repeat(" ", w-utf8.RuneCountInString(row[i])+2))
		}
		b.WriteString(row[len(widths)] + "\n")
	}
	return b.String()
}

// categoryNames are the categories as people read them.
var categoryNames = map[Category]string{
	CategoryStandard: "Standard", CategoryAdvanced: "Advanced", CategoryExpert: "Expert",
}

// cells returns the rows of m's table, the header first.
func (m Matrix) cells() [][]string {
	header := []string{"Category", "Feature"}
	for _, p := range plan.All() {
		header = append(header, p.Name())
	}
	rows := [][]string{header}
	for _, f := range Features() {
		row := []string{categoryNames[f.Category()], f.Name()}
		for _, p := range plan.All() {
			d := m.Check(p, f)
			cell := d.cell()
			if d.Provenance != ProvenancePublished && d.Provenance != "" {
				cell += " (" + string(d.Provenance) + ")"
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return rows
}
