package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

// maxBody is the size of a request's body: an event takes some hundred bytes.
const maxBody = 64 << 10

// A service answers other services in JSON and a support lead with a page.
type service struct {
	desk  *desk
	sites []site
	now   func() time.Time
}

func (s service) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /cases/{case}", s.putCase)
	mux.HandleFunc("PUT /cases/{case}/events/{event}", s.putEvent)
	mux.HandleFunc("GET /cases/{case}", s.getCase)
	mux.HandleFunc("GET /cases/{case}/segments", s.getSegments)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s.pages(mux)
	return http.TimeoutHandler(secure(mux), 10*time.Second, "too slow")
}

// secure tells browsers to take nothing from elsewhere.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// A problem is the body of an error. Field is the path of the wrong field, if
// one is.
type problem struct {
	Error string `json:"error"`
	Field string `json:"field,omitempty"`
}

// fail answers an error by its kind.
func fail(w http.ResponseWriter, err error) {
	var tooLarge *http.MaxBytesError
	var field *sla.FieldError
	status := http.StatusInternalServerError
	p := problem{Error: err.Error()}
	switch {
	case errors.As(err, &tooLarge):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, errNoCase):
		status = http.StatusNotFound
	case errors.Is(err, errExists):
		status = http.StatusConflict
	case errors.Is(err, sla.ErrInvalid), errors.Is(err, clock.ErrTime), errors.Is(err, clock.ErrHistory),
		errors.Is(err, plan.ErrUnknown), errors.Is(err, severity.ErrUnknown):
		status = http.StatusBadRequest
	}
	if errors.As(err, &field) {
		status, p.Field = http.StatusBadRequest, field.Path
	}
	reply(w, status, p)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) //nolint:errcheck // the client is gone
}

// read reads a body by the library's own strict decoder.
func read(w http.ResponseWriter, r *http.Request, into json.Unmarshaler) error {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return err
	}
	return into.UnmarshalJSON(data)
}

// putCase opens a case: {"plan": "business", "severity": "general", "opened": "…"}.
func (s service) putCase(w http.ResponseWriter, r *http.Request) {
	var c sla.Case
	err := read(w, r, &c)
	if err == nil {
		err = s.desk.open(r.Context(), r.PathValue("case"), c, s.now())
	}
	if err != nil {
		fail(w, err)
		return
	}
	s.getCase(w, r)
}

// putEvent adds an event under the sender's ID: {"at": "…", "kind": "responded"}.
func (s service) putEvent(w http.ResponseWriter, r *http.Request) {
	var e sla.Event
	err := read(w, r, &e)
	if err == nil {
		err = s.desk.record(r.Context(), r.PathValue("case"), r.PathValue("event"), e, s.now())
	}
	if err != nil {
		fail(w, err)
		return
	}
	s.getCase(w, r)
}

// getCase answers the status, and the events that cannot have happened.
func (s service) getCase(w http.ResponseWriter, r *http.Request) {
	st, err := s.desk.status(r.Context(), r.PathValue("case"), s.now())
	if err != nil {
		fail(w, err)
		return
	}
	dropped := []string{}
	for _, d := range st.Dropped {
		dropped = append(dropped, d.Event.String()+": "+d.Why)
	}
	reply(w, http.StatusOK, map[string]any{"status": st.Status, "dropped": dropped})
}

// getSegments answers how each metric's time was counted, in words.
func (s service) getSegments(w http.ResponseWriter, r *http.Request) {
	st, err := s.desk.status(r.Context(), r.PathValue("case"), s.now())
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, explain(st.Status)) //nolint:errcheck // the client is gone
}
