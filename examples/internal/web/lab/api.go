package lab

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// The addresses for programs: see the package comment.

const (
	version  = 1
	maxBody  = 64 << 10
	maxFound = 1000
)

// reply is the object of an answer.
type reply map[string]any

// call answers one request, or refuses it.
type call func(r *http.Request) (reply, error)

// refusal is what a program reads in place of an answer.
type refusal struct {
	status       int
	code, detail string
}

func (e *refusal) Error() string { return "lab: " + e.detail }

func bad(detail string) error { return &refusal{http.StatusBadRequest, "bad_request", detail} }

func (l *room) routeAPI(mux *http.ServeMux) {
	mux.Handle("GET /lab/api/v1", l.answer(l.apiHome))
	mux.Handle("GET /lab/api/v1/faults", l.answer(l.apiFaults))
	mux.Handle("POST /lab/api/v1/faults", l.answer(l.apiBreak))
	mux.Handle("DELETE /lab/api/v1/faults", l.answer(l.apiHeal))
	mux.Handle("GET /lab/api/v1/clock", l.answer(l.apiClock))
	mux.Handle("POST /lab/api/v1/clock", l.answer(l.apiMove))
	mux.Handle("GET /lab/api/v1/people", l.answer(l.apiPeople))
	mux.Handle("GET /lab/api/v1/messages", l.answer(l.apiMessages))
	mux.Handle("GET /lab/api/v1/keys", l.answer(l.apiKeys))
	mux.Handle("POST /lab/api/v1/keys", l.answer(l.apiTurn))
	mux.Handle("GET /lab/api/v1/weather", l.answer(l.apiWeather))
	mux.Handle("POST /lab/api/v1/weather", l.answer(l.apiSky))
	mux.Handle("GET /lab/api/v1/calls", l.answer(l.apiCalls))
	mux.Handle("DELETE /lab/api/v1/calls", l.answer(l.apiForget))
	mux.Handle("POST /lab/api/v1/clients", l.answer(l.apiClient))
	mux.Handle("POST /lab/api/v1/reset", l.answer(l.apiReset))
	mux.Handle("/lab/api/", l.answer(func(*http.Request) (reply, error) {
		return nil, &refusal{http.StatusNotFound, "not_found", "no such address; see GET /lab/api/v1"}
	}))
}

func (l *room) answer(do call) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := do(r)
		status := http.StatusOK
		if err != nil {
			e := refused(err)
			status, out = e.status, reply{"error": e.code, "detail": e.detail}
		}
		body := reply{"version": version, "banner": platform.Banner}
		maps.Copy(body, out)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body) // plain data: only a broken connection fails
	})
}

// refused gives an error of the engine its place in the vocabulary.
func refused(err error) *refusal {
	var e *refusal
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, platform.ErrNoFault), errors.Is(err, platform.ErrNoPlace), errors.Is(err, platform.ErrNoClient), errors.Is(err, errForm):
		return &refusal{http.StatusNotFound, "not_found", err.Error()}
	case errors.Is(err, platform.ErrFarClock):
		return &refusal{http.StatusUnprocessableEntity, "too_far", err.Error()}
	case errors.Is(err, platform.ErrNoClock):
		return &refusal{http.StatusConflict, "conflict", err.Error()}
	}
	return &refusal{http.StatusServiceUnavailable, "unavailable", "the platform is busy"}
}

// read reads a strict body into v.
func read(r *http.Request, v any) error {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return bad("the body must be application/json")
	}
	d := json.NewDecoder(io.LimitReader(r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return bad("the body is not the object of this address")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return bad("the body has more than one object")
	}
	return nil
}

func (l *room) apiHome(*http.Request) (reply, error) {
	clock, err := l.apiClock(nil)
	if err != nil {
		return nil, err
	}
	on := map[string][]string{}
	for _, c := range l.on() {
		on[c.Client] = c.Names
	}
	maps.Copy(clock, reply{"issuer": l.p.Issuer(), "faults": on, "weather": weatherOf(l.badWeather()), "addresses": []string{
		"faults", "clock", "people", "messages", "keys", "weather", "calls", "clients", "reset",
	}})
	return clock, nil
}

func (l *room) apiFaults(*http.Request) (reply, error) {
	on := map[string][]string{}
	for _, c := range l.on() {
		for _, name := range c.Names {
			on[name] = append(on[name], c.Client)
		}
	}
	list := []reply{}
	for _, f := range platform.Faults() {
		kind := ""
		if f.Kind != 0 {
			kind = f.Kind.Error()
		}
		about := l.about[f.Name]
		list = append(list, reply{"name": f.Name, "about": reply{"vi": about.Vi, "en": about.En}, "kind": kind, "everybody": f.All, "on": append([]string{}, on[f.Name]...)})
	}
	return reply{"faults": list}, nil
}

func (l *room) apiBreak(r *http.Request) (reply, error) {
	var q struct {
		Client string `json:"client"`
		Name   string `json:"name"`
		On     bool   `json:"on"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	if !q.On {
		if _, known := l.about[q.Name]; !known {
			return nil, platform.ErrNoFault
		}
		l.p.Mend(l.scope(q.Client, q.Name), q.Name)
		return reply{}, nil
	}
	return reply{}, l.breakIt(r, q.Client, q.Name)
}

func (l *room) apiHeal(r *http.Request) (reply, error) {
	if q := r.URL.Query(); q.Has("client") {
		l.p.Heal(q.Get("client"))
	} else {
		l.p.HealAll()
	}
	return reply{}, nil
}

func (l *room) apiClock(*http.Request) (reply, error) {
	return reply{"now": l.p.Now().In(vietnam).Format(time.RFC3339Nano), "offset": l.p.ClockOffset().Seconds()}, nil
}

func (l *room) apiMove(r *http.Request) (reply, error) {
	var q struct {
		Set     time.Time `json:"set"`
		Advance string    `json:"advance"`
		Reset   bool      `json:"reset"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	var err error
	switch {
	case q.Reset:
		err = l.p.ResetClock(r.Context(), actor)
	case !q.Set.IsZero():
		err = l.p.SetClock(r.Context(), actor, q.Set)
	default:
		d, bad1 := time.ParseDuration(q.Advance)
		if bad1 != nil {
			return nil, bad("advance is no duration such as 36h")
		}
		err = l.p.AdvanceClock(r.Context(), actor, d)
	}
	if err != nil {
		return nil, err
	}
	return l.apiClock(r)
}

func (l *room) apiPeople(r *http.Request) (reply, error) {
	q, limit := r.URL.Query(), maxFound
	if q.Has("limit") {
		n, err := strconv.Atoi(q.Get("limit"))
		if err != nil || n < 1 || n > maxFound {
			return nil, bad("limit is from 1 to 1000")
		}
		limit = n
	}
	rows, found, next := l.find(q.Get("q"), q.Get("after"), limit)
	list := []reply{}
	for _, p := range rows {
		list = append(list, reply{"handle": p.Handle, "name": p.Name, "username": p.Number, "level": p.Level, "password": p.Password, "about": reply{"vi": p.About.Vi, "en": p.About.En}, "cast": p.Cast})
	}
	return reply{"people": list, "found": found, "next": next}, nil
}

func (l *room) apiMessages(r *http.Request) (reply, error) {
	id := r.URL.Query().Get("person")
	if _, err := l.p.Account(r.Context(), id); err != nil {
		return nil, &refusal{http.StatusNotFound, "not_found", "nobody has that handle"}
	}
	list, err := l.p.Outbox(r.Context(), id)
	if list == nil {
		list = []platform.Message{}
	}
	return reply{"messages": list}, err
}
