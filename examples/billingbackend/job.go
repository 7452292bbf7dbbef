package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A customer is an account of a bill and its plans over time.
type customer struct {
	Account  string        `json:"account"` // as accountOf names it
	Timeline plan.Timeline `json:"timeline"`
}

// accountOf names an account: its ID is only unique within its provider.
func accountOf(a focus.Account) string { return a.Provider + "/" + a.ID }

// periodKey is a period's start, as the database keeps it.
func periodKey(p calendar.Period) string { return p.Start.UTC().Format(time.RFC3339) }

// setUp keeps the customers and the book. One that is there already stays as it
// is.
func (s *store) setUp(ctx context.Context, customers []customer, book billing.Book) error {
	return s.in(ctx, func(tx *sql.Tx) error {
		for _, c := range customers {
			timeline, err := json.Marshal(c.Timeline)
			if err != nil {
				return fmt.Errorf("customer %s: %w", c.Account, err)
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO customers (account, timeline) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
				c.Account, string(timeline)); err != nil {
				return err
			}
		}
		cards := book.Cards()
		if len(cards) == 0 {
			return errors.New("the book has no card")
		}
		data, err := json.Marshal(book)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO books (currency, book) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
			cards[0].Card.Currency(), string(data))
		return err
	})
}

// importBill reads a bill and keeps each account's usage in it. It reports
// whether the bill is new: one that was imported before changes nothing. All of
// a bill is kept, or nothing.
func (s *store) importBill(ctx context.Context, file string, bill io.ReadSeeker, progress io.Writer, o focus.Options) (isNew bool, err error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, bill); err != nil {
		return false, err
	}
	digest := hex.EncodeToString(hash.Sum(nil))
	known, err := collect(ctx, s.db, text, `SELECT digest FROM imports WHERE digest = $1`, digest)
	if err != nil || len(known) > 0 {
		return false, err
	}
	if _, err := bill.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	report, err := focus.Read(io.TeeReader(stopper{ctx, bill}, progress), o)
	if err != nil {
		return false, fmt.Errorf("%s: %w", file, err)
	}
	err = s.in(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO imports (digest, file) VALUES ($1, $2) ON CONFLICT DO NOTHING`, digest, file)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err // another job was faster
		}
		isNew = true
		for _, a := range report.Accounts() {
			usage, err := a.Usage()
			if err != nil {
				return fmt.Errorf("%s: account %s: %w", file, accountOf(a), err)
			}
			data, err := json.Marshal(usage)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO usages (digest, account, period, usage) VALUES ($1, $2, $3, $4)`,
				digest, accountOf(a), periodKey(usage.Period()), string(data)); err != nil {
				return err
			}
		}
		return nil
	})
	return isNew, err
}

// A stopper is a reader that ends with the context's error.
type stopper struct {
	ctx context.Context
	r   io.Reader
}

func (s stopper) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// A work is one account's period to be billed.
type work struct{ account, period string }

// issue bills every account and period that has usage: with an invoice if
// nothing was issued yet, and with a settlement if what was issued is not the
// fee of the usage as it is now known. If it is, nothing is issued, so running
// it again changes nothing.
func (s *store) issue(ctx context.Context) error {
	todo, err := collect(ctx, s.db, func(row func(...any) error) (w work, err error) {
		err = row(&w.account, &w.period)
		return w, err
	}, `SELECT DISTINCT u.account, u.period FROM usages u JOIN customers c ON c.account = u.account ORDER BY u.account, u.period`)
	if err != nil {
		return err
	}
	for _, w := range todo {
		err := s.in(ctx, func(tx *sql.Tx) error { return issueOne(ctx, tx, w) })
		if err != nil {
			return fmt.Errorf("account %s, period from %s: %w", w.account, w.period, err)
		}
	}
	return nil
}

func issueOne(ctx context.Context, tx *sql.Tx, w work) error {
	usage, err := usageOf(ctx, tx, w)
	if err != nil {
		return err
	}
	timeline, book, err := termsOf(ctx, tx, w.account, usage.Currency())
	if err != nil {
		return err
	}
	invoice, err := book.Invoice(timeline, usage)
	if err != nil {
		return err
	}
	earlier, err := headsOf(ctx, tx, w)
	if err != nil {
		return err
	}
	id := documentID(w, len(earlier)+1)
	if len(earlier) == 0 {
		issued, err := invoice.Issue(id)
		if err != nil {
			return err
		}
		return keep(ctx, tx, w, 1, issued)
	}
	settlement, err := invoice.Settle(earlier...)
	if err != nil || settlement.Due.IsZero() {
		return err
	}
	issued, err := settlement.Issue(id)
	if err != nil {
		return err
	}
	return keep(ctx, tx, w, len(earlier)+1, issued)
}

// advance bills the base fees and minimums of a period ahead, once, for every
// customer who owes any.
func (s *store) advance(ctx context.Context, currency string, p calendar.Period) error {
	accounts, err := collect(ctx, s.db, text, `SELECT account FROM customers ORDER BY account`)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		w := work{account, periodKey(p)}
		err := s.in(ctx, func(tx *sql.Tx) error {
			if earlier, err := headsOf(ctx, tx, w); err != nil || len(earlier) > 0 {
				return err
			}
			timeline, book, err := termsOf(ctx, tx, account, currency)
			if err != nil {
				return err
			}
			due, err := book.Advance(timeline, p)
			if err != nil || due.Due.IsZero() {
				return err
			}
			issued, err := due.Issue(documentID(w, 1))
			if err != nil {
				return err
			}
			return keep(ctx, tx, w, 1, issued)
		})
		if err != nil {
			return fmt.Errorf("account %s, advance for %v: %w", account, p, err)
		}
	}
	return nil
}

// documentID numbers the documents of an account's period.
func documentID(w work, number int) string {
	return fmt.Sprintf("%s %s #%d", w.account, w.period[:len("2006-01-02")], number)
}

// usageOf sums what all bills say of an account's period.
func usageOf(ctx context.Context, tx *sql.Tx, w work) (sum billing.Usage, err error) {
	parts, err := collect(ctx, tx, func(row func(...any) error) (u billing.Usage, err error) {
		var data []byte
		if err := row(&data); err != nil {
			return u, err
		}
		return u, json.Unmarshal(data, &u)
	}, `SELECT usage FROM usages WHERE account = $1 AND period = $2 ORDER BY digest`, w.account, w.period)
	if err != nil {
		return sum, err
	}
	for i, part := range parts {
		if i == 0 {
			sum = part
		} else if err := sum.Merge(part); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// termsOf returns an account's plans and the book of its currency.
func termsOf(ctx context.Context, tx *sql.Tx, account, currency string) (t plan.Timeline, b billing.Book, err error) {
	timelines, err := collect(ctx, tx, text, `SELECT timeline FROM customers WHERE account = $1`, account)
	if err != nil {
		return t, b, err
	}
	books, err := collect(ctx, tx, text, `SELECT book FROM books WHERE currency = $1`, currency)
	if err != nil {
		return t, b, err
	}
	if len(timelines) == 0 || len(books) == 0 {
		return t, b, fmt.Errorf("no customer, or no book in %s", currency)
	}
	err = errors.Join(json.Unmarshal([]byte(timelines[0]), &t), json.Unmarshal([]byte(books[0]), &b))
	return t, b, err
}

// keep writes a document. If another job has written the same one in the
// meantime, it stays as it is.
func keep(ctx context.Context, tx *sql.Tx, w work, number int, d billing.Document) error {
	head := d.Record()
	minor, err := head.DueMinor()
	if err != nil {
		return err
	}
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO documents (account, period, number, id, kind, currency, minor, document)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		w.account, w.period, number, head.ID, string(head.Kind), head.Currency, minor, string(data))
	return err
}

// document scans a stored document.
func document(row func(...any) error) (billing.Document, error) {
	var data []byte
	if err := row(&data); err != nil {
		return nil, err
	}
	return billing.DecodeDocument(data)
}

// headsOf returns the heads of the documents of an account's period so far.
func headsOf(ctx context.Context, tx *sql.Tx, w work) (heads []billing.Head, err error) {
	documents, err := collect(ctx, tx, document, `SELECT document FROM documents WHERE account = $1 AND period = $2 ORDER BY number`, w.account, w.period)
	for _, d := range documents {
		heads = append(heads, d.Record())
	}
	return heads, err
}

// documents returns all documents, by account, period and number.
func (s *store) documents(ctx context.Context) ([]billing.Document, error) {
	return collect(ctx, s.db, document, `SELECT document FROM documents ORDER BY account, period, number`)
}
