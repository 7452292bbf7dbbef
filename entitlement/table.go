package entitlement

import (
	"strings"

	"github.com/supportplan/supportplan/plan"
)

// Markdown returns m as a Markdown table for people, a row per feature and a
// column per plan. Cells say yes or no, or name the personnel or the account
// manager; what is not published says so, as in "yes (inferred)".
func (m Matrix) Markdown() string {
	var b strings.Builder
	for i, row := range m.cells() {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return b.String()
}

// Text returns the table of [Matrix.Markdown] in plain text, its columns
// aligned with spaces, two at least between them.
func (m Matrix) Text() string {
	rows := m.cells()
	widths := make([]int, len(rows[0])-1) // nothing stands to the right of the last column
	for _, row := range rows {
		for i := range widths {
			widths[i] = max(widths[i], len(row[i]))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, w := range widths {
			b.WriteString(row[i] + strings.Repeat(" ", w-len(row[i])+2))
		}
		b.WriteString(row[len(widths)] + "\n")
	}
	return b.String()
}

// cells returns the rows of m's table, the header first.
func (m Matrix) cells() [][]string {
	header := []string{"Category", "Feature"}
	for _, p := range plan.All() {
		header = append(header, p.Name())
	}
	rows := [][]string{header}
	for f := range Features() {
		row := []string{f.Category().Name(), f.Name()}
		for _, p := range plan.All() {
			row = append(row, m.cell(p, f))
		}
		rows = append(rows, row)
	}
	return rows
}

// cell returns what the table says of plan p and feature f.
func (m Matrix) cell(p plan.Plan, f Feature) string {
	d := m.Check(p, f)
	text := "no"
	switch {
	case !d.Included:
	case f == CaseHandling:
		text = m.Personnel(p).Name()
	case f == TechnicalAccountManager:
		text = strings.ToLower(m.AccountManager(p).Name())
	default:
		text = "yes"
	}
	if d.Provenance != ProvenancePublished {
		text += " (" + d.Provenance.String() + ")"
	}
	return text
}
