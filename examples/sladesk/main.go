// Sladesk keeps the SLA clocks of a support desk: other services send it the
// events of cases and ask for due instants, and a support lead watches a page.
//
//	go run .
//
// Without flags it opens http://localhost:8321 with a few example cases in a
// temporary database.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		log.Fatal("sladesk: ", err)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("sladesk", flag.ContinueOnError)
	addr := flags.String("addr", "localhost:8321", "listen on this `address`")
	file := flags.String("db", "", "an SQLite `file`; without it, a temporary one with example cases")
	replay := flags.String("replay", "", "replay a service desk's log, a CSV `file`, in the log's own time, print a report and stop")
	if err := flags.Parse(args); err != nil {
		return err
	}
	sites, err := sites()
	if err != nil {
		return err
	}
	policy, err := newPolicy(sites)
	if err != nil {
		return err
	}
	send := func(n notice) error {
		_, err := fmt.Fprintf(out, "%s %s %s\n", n.At.UTC().Format(time.RFC3339), n.Case, n.What)
		return err
	}
	isExample := *file == ""
	if isExample {
		dir, err := os.MkdirTemp("", "sladesk")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		*file = filepath.Join(dir, "desk.db")
	}
	if *replay != "" {
		return replayLog(ctx, *file, *replay, policy, send, out)
	}

	d, err := openDesk(ctx, *file, policy, send)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	if err := d.resume(ctx, time.Now()); err != nil {
		return err
	}
	if isExample {
		if err := exampleCases(ctx, d, time.Now()); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())
	server := &http.Server{
		Handler:           service{d, sites, time.Now}.routes(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      20 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	timers := make(chan error, 1)
	go func() { timers <- d.run(ctx, time.Now) }()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case <-ctx.Done():
		err = <-timers
	case err = <-served:
		return err
	case err = <-timers:
	}
	finish, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(err, server.Shutdown(finish))
}
