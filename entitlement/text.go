package entitlement

import (
	"strings"

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
