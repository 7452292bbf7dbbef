// Quickstart answers four questions about support plans: the features of each,
// how soon a case is answered, how serious it is, and the fee for a cloud bill.
//
//	go run ./examples/quickstart
//
// Without flags it reads a small bill and an illustrative rate card that are
// built in; -help lists the flags that name others. A bill is a FOCUS 1.0 to
// 1.3 CSV file, a rate card the JSON form of [billing.Card]. An account whose
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
	"strings"
	"time"

	"github.com/supportplan/supportplan/billing/focus"
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

// options are the command line, not yet read for its meaning.
type options struct {
	bills  []string
	card   string
	opened string
	needs  []string
	json   bool

	cost          string
	zone, comma   string
	columns       []string
	asBilled      bool
	bySubAccount  bool
	countUnmarked bool
	services      []string
	subcategories []string
	publishers    []string
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.card, "card", builtIn, "the rate card, a JSON `file`")
	flags.StringVar(&o.opened, "opened", "2026-03-02T09:30:00Z", "the RFC 3339 `time` at which a case is opened")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.Func("need", "what the plan must have, a `feature` or response:SEVERITY:DURATION; repeatable\n"+
		"(default phone, health-check and response:production-impacted:1h)", appendTo(&o.needs))

	flags.Func("bill", "a bill, a FOCUS CSV `file`; repeatable, for bills that come in several files (default "+builtIn+")", appendTo(&o.bills))
	flags.StringVar(&o.cost, "cost", string(focus.CostBilled), "the `column` that is summed: BilledCost, or EffectiveCost with purchases spread over their time")
	flags.BoolVar(&o.bySubAccount, "by-sub-account", false, "sum by SubAccountId instead of BillingAccountId")
	flags.StringVar(&o.zone, "zone", "", "sum by calendar months in this `zone`, such as UTC or Asia/Shanghai, instead of the bill's own periods")
	flags.BoolVar(&o.asBilled, "as-billed", false, "sum by the period in which a row was billed: a late correction belongs to its bill")
	flags.BoolVar(&o.countUnmarked, "count-unmarked", false, "count rows without a ServiceSubcategory of the specification, as in FOCUS 1.0;\n"+
		"all support services must then be named with -exclude")
	flags.Func("exclude", "a `service` of the bill that is no usage, being support or professional services; repeatable", appendTo(&o.services))
	flags.Func("exclude-subcategory", "a ServiceSubcategory `value` that is no usage; repeatable", appendTo(&o.subcategories))
	flags.Func("exclude-publisher", "a `publisher` whose services are no usage, such as one of the marketplace; repeatable", appendTo(&o.publishers))
	flags.Func("column", "the name of a column in this bill, if it is not FOCUS's: `NAME=ITS-NAME`, as in ProviderName=Provider; repeatable", appendTo(&o.columns))
	flags.StringVar(&o.comma, "comma", ",", "the `character` between cells, or tab")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, misused(flags, fmt.Sprintf("unexpected argument %q", flags.Arg(0)))
	}
	if o.zone != "" && o.asBilled {
		return options{}, misused(flags, "-zone beside -as-billed")
	}
	if o.bills == nil {
		o.bills = []string{builtIn}
	}
	if o.needs == nil {
		o.needs = []string{"phone", "health-check", "response:production-impacted:1h"}
	}
	return o, nil
}

// billOptions returns how the bills are to be read.
func (o options) billOptions() (focus.Options, error) {
	read := focus.Options{
		BySubAccount:         o.bySubAccount,
		AsBilled:             o.asBilled,
		CountUnmarked:        o.countUnmarked,
		ExcludeServices:      o.services,
		ExcludeSubcategories: o.subcategories,
		ExcludePublishers:    o.publishers,
	}
	if err := read.Cost.UnmarshalText([]byte(o.cost)); err != nil {
		return read, fmt.Errorf("-cost: %w", err)
	}
	if o.zone != "" {
		zone, err := time.LoadLocation(o.zone)
		if err != nil {
			return read, fmt.Errorf("-zone: %w", err)
		}
		read.Zone = zone
	}
	for _, column := range o.columns {
		name, its, ok := strings.Cut(column, "=")
		if !ok {
			return read, fmt.Errorf("-column: %q: want NAME=ITS-NAME, as in ProviderName=Provider", column)
		}
		if read.Columns == nil {
			read.Columns = make(map[string]string)
		}
		read.Columns[name] = its
	}
	comma := []rune(o.comma)
	switch {
	case o.comma == "tab", o.comma == `\t`:
		read.Comma = '\t'
	case len(comma) == 1:
		read.Comma = comma[0]
	default:
		return read, fmt.Errorf("-comma: %q: want one character, or tab", o.comma)
	}
	return read, nil
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

// oneLine returns s with its control characters escaped.
func oneLine(s string) string {
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\x1b", `\x1b`).Replace(s)
}
