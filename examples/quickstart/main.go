// Quickstart answers the four questions about support plans: who gets what,
// how soon, how serious, and for how much on a cloud bill.
//
//	go run ./examples/quickstart
//
// Without flags it reads a small bill and an illustrative rate card that are
// built in; -help lists the flags that name others. A bill is a FOCUS 1.0 to
// 1.2 CSV file, a rate card the JSON form of [billing.Card]. An account whose
// currency is not the card's has its usage printed, and no fee.
//
// The exit code is 1 after bad input, with one line about it on the standard
// error, and 2 after wrong usage.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program; it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := answer(o, stdout); err != nil {
		fmt.Fprintln(stderr, "quickstart:", oneLine(err.Error()))
		return 1
	}
	return 0
}

// builtIn stands for the bill and the card that the program carries with it.
const builtIn = "built-in"

// noService is what -exclude says where no service of the bill is support.
const noService = "none"

// options are the command line, not yet read for its meaning.
type options struct {
	bill, card string
	opened     string
	needs      []string
	excluded   []string
	json       bool
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.bill, "bill", builtIn, "the bill, a FOCUS CSV `file`")
	flags.StringVar(&o.card, "card", builtIn, "the rate card, a JSON `file`")
	flags.StringVar(&o.opened, "opened", "2026-03-02T09:30:00Z", "the RFC 3339 `time` at which a case is opened")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.Func("need", "what the plan must have, a `feature`, a channel or response:SEVERITY:DURATION; repeatable\n"+
		"(default phone, health-check and response:production-impacted:1h)", appendTo(&o.needs))
	flags.Func("exclude", "a `service` of the bill that is no usage, being support or professional services; repeatable;\n"+
		"none says that there are none, as a bill without the column ServiceSubcategory needs said", appendTo(&o.excluded))
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, misused(flags, fmt.Sprintf("unexpected argument %q", flags.Arg(0)))
	}
	if len(o.excluded) > 1 && slices.Contains(o.excluded, noService) {
		return options{}, misused(flags, "-exclude "+noService+" beside others")
	}
	if o.needs == nil {
		o.needs = []string{"phone", "health-check", "response:production-impacted:1h"}
	}
	return o, nil
}

// misused reports wrong usage as [flag.FlagSet.Parse] does.
func misused(flags *flag.FlagSet, what string) error {
	fmt.Fprintln(flags.Output(), what)
	flags.Usage()
	return errors.New(what)
}

func appendTo(list *[]string) func(string) error {
	return func(s string) error {
		*list = append(*list, s)
		return nil
	}
}

// answer writes the report that o asks for, or nothing if there is an error.
func answer(o options, w io.Writer) error {
	r, err := newReport(o)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if o.json {
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		err = enc.Encode(r)
	} else {
		r.print(&out)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}

// oneLine returns s with what would break or garble its line escaped.
func oneLine(s string) string {
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\x1b", `\x1b`).Replace(s)
}
