// Compare measures the library against its usual replacements:
// decimal packages and a bare integer loop for fees, rickar/cal for deadlines, a
// table, a map and OpenFeature for checks, encoding/csv for bills.
//
//	go -C examples/compare run . -focus 1GB
//
// It first checks that each pair agrees on the answers, and shows the
// differences. Then it measures all of them in one run, by turns, with inputs drawn at
// random from a fixed seed, and prints a Markdown table of the ratios beside the
// goals that the library sets itself. Ratios travel between machines,
// nanoseconds do not.
//
//	-focus SIZE  the bill that is generated for the last table; 0 leaves it out
//	-rounds N    how often each contender is measured; the table has the least
//	-time D      how long each measurement takes, about
//	-quick       one short round and a small bill: to see that it works, no more
//
// Two more uses take the bill apart from the rest, through a pipe or a file:
//
//	go run . -bill 1GB >bill.csv    # writes a FOCUS 1.0 bill of 1,000 accounts
//	go run . -pass focus <bill.csv  # sums it up; -pass csv only reads it
//
// The exit code is 1 if two that should agree do not, or something else fails,
// and 2 after wrong usage. A goal that is missed is marked in the table and is
// no failure: whether it is met says as much of the machine's other work.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program; it returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	switch {
	case o.bill > 0:
		_, err = writeBill(stdout, o.bill)
	case o.pass != "":
		err = runPass(o.pass, stdin, stdout)
	default:
		err = compare(o, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "compare:", err)
		return 1
	}
	return 0
}

type options struct {
	rounds int
	time   time.Duration
	focus  size
	bill   size
	pass   string
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	o := options{focus: 64e6}
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(stderr)
	quick := flags.Bool("quick", false, "one short round and a small bill, to see that it works")
	flags.IntVar(&o.rounds, "rounds", 15, "how `often` each contender is measured")
	flags.DurationVar(&o.time, "time", 50*time.Millisecond, "how long each `measurement` takes, about")
	flags.Var(&o.focus, "focus", "the `size` of the bill to read, such as 1GB; 0 leaves it out")
	flags.Var(&o.bill, "bill", "write a FOCUS bill of this `size` to the standard output, and nothing else")
	flags.StringVar(&o.pass, "pass", "", "read the bill on the standard input by `way`, focus or csv, and print what that took as JSON")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if *quick {
		o.rounds, o.time, o.focus = 1, 2*time.Millisecond, min(o.focus, 1e6)
	}
	misuse := ""
	switch {
	case flags.NArg() > 0:
		misuse = fmt.Sprintf("unexpected argument %q", flags.Arg(0))
	case o.rounds < 1 || o.time <= 0:
		misuse = "-rounds and -time are at least 1"
	case o.pass != "" && passes[o.pass] == nil:
		misuse = "-pass is focus or csv"
	case o.pass != "" && o.bill > 0:
		misuse = "-pass beside -bill"
	}
	if misuse != "" {
		fmt.Fprintln(stderr, misuse)
		flags.Usage()
		return options{}, errors.New(misuse)
	}
	return o, nil
}

// parts are the comparisons. Each checks that its contenders agree, and returns
// notes on that and the contenders, to be measured by turns.
var parts = []func() (notes []string, contenders []contender, err error){fees, deadlines, plainTime, checks}

// compare checks, measures and prints.
func compare(o options, w io.Writer) error {
	var notes []string
	var contenders [][]contender
	for _, part := range parts {
		n, c, err := part()
		if err != nil {
			return err
		}
		notes, contenders = append(notes, n...), append(contenders, c)
	}
	fmt.Fprintf(w, "Before measuring:\n\n- %s\n\n", strings.Join(notes, "\n- "))

	costs := make(map[string]cost)
	for _, c := range contenders {
		measure(costs, c, o.rounds, o.time)
	}
	of := "1 round"
	if o.rounds > 1 {
		of = fmt.Sprintf("the least of %d rounds", o.rounds)
	}
	fmt.Fprintf(w, "%s; %s:\n\n%s", machine(), of, table(rows, costs))
	if o.focus == 0 {
		return nil
	}
	f, err := measureFocus(o.focus, min(o.rounds, 5))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s", f.table())
	return err
}
