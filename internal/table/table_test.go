package table_test

import (
	"testing"

	"github.com/supportplan/supportplan/internal/table"
)

var rows = [][]string{{"name", "amount"}, {"a|b", "1.00"}, {"…\n\t", "100.00"}}

func TestText(t *testing.T) {
	const want = "  name  amount\n   a|b    1.00\n   …    100.00\n"
	if got := table.Text(rows); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestMarkdown(t *testing.T) {
	const want = "| name | amount |\n|--:|--:|\n| a\\|b | 1.00 |\n| …   | 100.00 |\n"
	if got := table.Markdown(rows); got != want {
		t.Errorf("got\n%s", got)
	}
}
