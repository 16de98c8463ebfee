package lab

import (
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func (l *room) apiKeys(*http.Request) (reply, error) {
	sets := []reply{}
	for _, set := range l.p.KeySets() {
		keys := []reply{}
		for _, k := range set.Keys.List() {
			keys = append(keys, reply{"kid": k.ID, "alg": k.Alg, "thumbprint": k.Thumbprint, "phase": k.Phase})
		}
		sets = append(sets, reply{"set": set.Name, "path": set.Path, "keys": keys})
	}
	return reply{"sets": sets}, nil
}

func (l *room) apiTurn(r *http.Request) (reply, error) {
	var q struct {
		Set string `json:"set"`
		Do  string `json:"do"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	if err := l.turn(q.Set, q.Do); err != nil {
		return nil, err
	}
	return l.apiKeys(r)
}

func weatherOf(rows []placeRow) []reply {
	out := []reply{}
	for _, row := range rows {
		out = append(out, reply{"place": row.Place, "delay_ms": row.Ms, "down": row.Down})
	}
	return out
}

func (l *room) apiWeather(*http.Request) (reply, error) {
	return reply{"places": l.p.Places(), "weather": weatherOf(l.badWeather())}, nil
}

func (l *room) apiSky(r *http.Request) (reply, error) {
	var q struct {
		Place string `json:"place"`
		Delay int64  `json:"delay_ms"`
		Down  bool   `json:"down"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	if q.Delay < 0 || q.Delay > platform.MaxDelay.Milliseconds() {
		return nil, platform.ErrNoPlace
	}
	if err := l.p.SetWeather(q.Place, platform.Weather{Delay: time.Duration(q.Delay) * time.Millisecond, Down: q.Down}); err != nil {
		return nil, err
	}
	return l.apiWeather(r)
}

// apiCalls writes a call's duration in milliseconds; the rest is platform.Call.
func (l *room) apiCalls(r *http.Request) (reply, error) {
	id := r.URL.Query().Get("client")
	if _, err := l.p.Client(r.Context(), id); err != nil {
		return nil, err
	}
	list := []reply{}
	for _, c := range l.p.Calls(id) {
		list = append(list, reply{
			"n": c.N, "at": c.At.In(vietnam).Format(time.RFC3339Nano), "ms": float64(c.Took.Microseconds()) / 1000, "out": c.Out, "method": c.Method, "path": c.Path,
			"status": c.Status, "error": c.Error, "detail": c.Detail, "params": append([]string{}, c.Params...), "headers": append([]string{}, c.Headers...),
			"fault": c.Fault, "unproven": c.Unproven, "try": c.Try,
		})
	}
	return reply{"calls": list}, nil
}

func (l *room) apiForget(r *http.Request) (reply, error) {
	l.p.ForgetCalls(r.URL.Query().Get("client"))
	return reply{}, nil
}

// apiClient registers a client, or replaces one. What the registration lacks is told by
// the field's name.
func (l *room) apiClient(r *http.Request) (reply, error) {
	var c platform.Client
	if err := read(r, &c); err != nil {
		return nil, err
	}
	if err := l.p.Register(r.Context(), c); err != nil {
		return nil, bad(err.Error())
	}
	return reply{"client": c.ID}, nil
}

func (l *room) apiReset(r *http.Request) (reply, error) {
	if err := read(r, &struct{}{}); err != nil {
		return nil, err
	}
	return reply{}, l.reset(r.Context())
}
