// Featureflags gates an HTTP service by support plan, through OpenFeature.
//
// It answers /phone and /im-group for the accounts of a JSON file, which holds
// each account's plans over time and its contract. Without -accounts it uses an
// embedded example.
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
	"net/http/httptest"
	"os"
	"os/signal"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/supportplan/supportplan/entitlement"
)

//go:embed accounts.json
var exampleAccounts []byte

// accounts is a directory in memory, as read from JSON.
type accounts map[string]account

func (a accounts) Account(_ context.Context, id string) (account, error) {
	found, ok := a[id]
	if !ok {
		return account{}, fmt.Errorf("account %q: %w", id, errNoAccount)
	}
	return found, nil
}

// routes returns the gated service.
func routes(ctx context.Context, p provider) (http.Handler, error) {
	if err := openfeature.SetNamedProviderWithContextAndWait(ctx, "supportplan", &p); err != nil {
		return nil, err
	}
	client := openfeature.NewClient("supportplan")
	mux := http.NewServeMux()
	for _, feature := range []entitlement.Feature{entitlement.Phone, entitlement.IMGroup} {
		answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			reply(w, http.StatusOK, map[string]string{"feature": feature.String(), "name": feature.Name()})
		})
		mux.Handle("GET /"+feature.String(), gate(client, feature.String(), answer))
	}
	return mux, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		log.Fatal("featureflags: ", err)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("featureflags", flag.ContinueOnError)
	addr := flags.String("addr", "", "listen on this address, such as localhost:8080; without it, ask a few questions and stop")
	file := flags.String("accounts", "", "read the accounts from this file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	data := exampleAccounts
	if *file != "" {
		var err error
		if data, err = os.ReadFile(*file); err != nil {
			return err
		}
	}
	var known accounts
	if err := json.Unmarshal(data, &known); err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	p := provider{matrix: entitlement.Published(), accounts: known, now: time.Now}
	if *addr == "" {
		p.now = func() time.Time { return time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC) }
		return demo(ctx, p, out)
	}
	handler, err := routes(ctx, p)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening: curl -H '%s: trial' http://%s/phone\n", accountHeader, listener.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { server.Shutdown(context.Background()) }) //nolint:errcheck // it ends either way
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// demo asks for two features of each example account and prints the answers.
func demo(ctx context.Context, p provider, out io.Writer) error {
	handler, err := routes(ctx, p)
	if err != nil {
		return err
	}
	for _, id := range []string{"small", "trial", "grandfathered"} {
		for _, path := range []string{"/phone", "/im-group"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set(accountHeader, id)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			fmt.Fprintf(out, "%-13s %-9s %d %s", id, path, w.Code, w.Body)
		}
	}
	return nil
}
