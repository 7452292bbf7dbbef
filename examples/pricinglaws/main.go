// Command pricinglaws holds a team's rate card to the laws of pricing.
//
// The card is the team's own, and it has a mistake that is easily made: Business
// is priced by volume, so that at 10,000 a cent more of usage makes the whole of
// it cheaper, and the fee falls by 300. The test beside this program is what the
// team would have in its own repository: it reports the cliff, from, to and by
// how much, and is skipped here so that this repository's tests pass. The
// program prints the same report, and exits 1 if a law is broken:
//
//	go run ./examples/pricinglaws
package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/billingtest"
)

//go:embed card.json
var cardJSON []byte

func main() { os.Exit(run(os.Stdout, os.Stderr, cardJSON)) }

// run prints the laws that a card breaks, one a line, and returns the exit code.
func run(out, errs io.Writer, data []byte) int {
	var card billing.Card
	if err := card.UnmarshalJSON(data); err != nil {
		fmt.Fprintln(errs, err)
		return 1
	}
	violations := billingtest.Violations(card)
	for _, v := range violations {
		fmt.Fprintln(out, v)
	}
	if len(violations) > 0 {
		return 1
	}
	fmt.Fprintf(out, "%s: no law is broken\n", card.Edition())
	return 0
}
