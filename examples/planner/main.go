// Planner is a page that answers "which support plan?": what each plan costs at
// a spend, where their fees cross, how soon each answers, and which is the
// cheapest that meets all needs.
//
//	go run .
//	go run . -svg > curves.svg
//
// The prices are those of a rate card. The embedded one is illustrative; -card
// names another.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/supportplan/supportplan/billing"
)

//go:embed card.json
var exampleCard []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		log.Fatal("planner: ", err)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("planner", flag.ContinueOnError)
	addr := flags.String("addr", "localhost:8322", "listen on this `address`")
	file := flags.String("card", "", "a rate card, a JSON `file`")
	svg := flags.Bool("svg", false, "print the fee curves as SVG and stop")
	if err := flags.Parse(args); err != nil {
		return err
	}
	data := exampleCard
	if *file != "" {
		var err error
		if data, err = os.ReadFile(*file); err != nil {
			return err
		}
	}
	var card billing.Card
	if err := json.Unmarshal(data, &card); err != nil {
		return fmt.Errorf("card: %w", err)
	}
	p, err := newPlanner(card)
	if err != nil {
		return err
	}
	if *svg {
		picture, err := p.picture()
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, picture+"\n")
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())
	server := &http.Server{Handler: p.routes(), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Shutdown(context.Background()) }) //nolint:errcheck // it ends either way
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
