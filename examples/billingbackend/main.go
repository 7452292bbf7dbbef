// Billingbackend bills support plans by month: it imports cloud bills into a
// database, issues advances and invoices, and settles what bills say later.
//
//	go run .
//
// Without flags it bills two embedded customers on an embedded bill of March
// and one of April that brings a late refund for March. It keeps everything in
// an SQLite file in a temporary folder. Each step happens exactly once, however
// often the program runs or is killed.
package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/sla/calendar"
)

//go:embed example
var example embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		log.Fatal("billingbackend: ", err)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("billingbackend", flag.ContinueOnError)
	dsn := flags.String("db", "", "an SQLite `file`, or postgres://…; without it, a temporary file")
	customersFile := flags.String("customers", "example/customers.json", "the customers, a JSON `file`")
	bookFile := flags.String("book", "example/book.json", "the rate cards, a JSON `file`")
	ahead := flags.String("advance", "2026-03", "bill the base fees of this `month` ahead; empty for none")
	format := flags.String("format", "text", "print documents as `text, markdown or json`")
	var bills []string
	flags.Func("bill", "a FOCUS CSV `file`; repeatable", func(file string) error { bills = append(bills, file); return nil })
	if err := flags.Parse(args); err != nil {
		return err
	}
	if bills == nil {
		bills = []string{"example/march.csv", "example/april.csv"}
	}
	if *dsn == "" {
		dir, err := os.MkdirTemp("", "billingbackend")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		*dsn = filepath.Join(dir, "billing.db")
	}

	var customers []customer
	var book billing.Book
	if err := readJSON(*customersFile, &customers); err != nil {
		return err
	}
	if err := readJSON(*bookFile, &book); err != nil {
		return err
	}
	s, err := open(ctx, *dsn)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.setUp(ctx, customers, book); err != nil {
		return err
	}
	if *ahead != "" {
		first, err := time.Parse("2006-01", *ahead)
		if err != nil {
			return fmt.Errorf("-advance: %w", err)
		}
		month, err := calendar.Month(first.Year(), first.Month(), time.UTC)
		if err != nil {
			return fmt.Errorf("-advance: %w", err)
		}
		if err := s.advance(ctx, book.Cards()[0].Card.Currency(), month); err != nil {
			return err
		}
	}
	for _, bill := range bills {
		if err := importFile(ctx, s, bill); err != nil {
			return err
		}
		if err := s.issue(ctx); err != nil {
			return err
		}
	}
	documents, err := s.documents(ctx)
	if err != nil {
		return err
	}
	return show(out, *format, documents)
}

// readFile reads a file of the caller's, or one that the program carries.
func readFile(name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		if embedded, embedErr := example.ReadFile(name); embedErr == nil {
			return embedded, nil
		}
	}
	return data, err
}

func readJSON(name string, into any) error {
	data, err := readFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// importFile imports a bill and shows how far it is on a terminal.
func importFile(ctx context.Context, s *store, name string) error {
	file, err := os.Open(name)
	if err != nil {
		data, embedErr := example.ReadFile(name)
		if embedErr != nil {
			return err
		}
		_, err = s.importBill(ctx, name, bytes.NewReader(data), io.Discard, focus.Options{})
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	bar := progressbar.NewOptions64(info.Size(),
		progressbar.OptionSetDescription(name),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionSetVisibility(isTerminal(os.Stderr)),
		progressbar.OptionClearOnFinish())
	_, err = s.importBill(ctx, name, file, bar, focus.Options{})
	return errors.Join(err, bar.Finish())
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show prints documents for people, or as they are stored.
func show(out io.Writer, format string, documents []billing.Document) error {
	for _, d := range documents {
		var text string
		switch format {
		case "text":
			text = d.Page().String()
		case "markdown":
			text = d.Page().Markdown()
		case "json":
			data, err := json.MarshalIndent(d, "", "  ")
			if err != nil {
				return err
			}
			text = string(data)
		default:
			return fmt.Errorf("-format: %q: want text, markdown or json", format)
		}
		if _, err := fmt.Fprintln(out, text); err != nil {
			return err
		}
	}
	return nil
}
