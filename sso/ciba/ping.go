package ciba

import (
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// bell rings when the provider has something to tell about one request. It hangs
// before the request is sent, since the provider may be faster than its own
// acknowledgement.
type bell struct {
	rung  chan struct{}
	until time.Time
	id    string // auth_req_id, "" until it is acknowledged
	early string // the auth_req_id of a notification that came before that
	done  bool   // rung is closed
}

func (d *Desk) hang(sum [32]byte, until time.Time) *bell {
	d.mu.Lock()
	defer d.mu.Unlock()
	b := &bell{rung: make(chan struct{}), until: until}
	d.bells[sum] = b
	return b
}

func (d *Desk) unhang(sum [32]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.bells, sum)
}

// tune tells the bell which request it is for.
func (d *Desk) tune(sum [32]byte, p pending) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if b := d.bells[sum]; b != nil {
		b.id, b.until = p.ID, p.Expires
		if b.early != "" && same(b.early, p.ID) {
			b.ring()
		}
	}
}

func (b *bell) ring() {
	if !b.done {
		b.done = true
		close(b.rung)
	}
}

// bell returns the channel that is closed when the request's bell has rung, nil
// when it has none here.
func (d *Desk) bell(p pending) <-chan struct{} {
	if p.Bell == nil || d.made() != nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if b := d.bells[*p.Bell]; b != nil {
		return b.rung
	}
	return nil
}

// sumOf is what a token is found by: no time tells how far a guess agrees.
func sumOf(token string) [32]byte { return sha256.Sum256([]byte(token)) }

const maxPing = 8 << 10

// Notify is the client's notification endpoint (backchannel_client_notification_endpoint,
// CIBA §10.2): a POST with the request's own bearer token and its auth_req_id as JSON.
// It answers 204, 401 for a token that is not one of an open request's, and 400 for
// anything else. It takes no statement about the login: Wait, or the next Poll, asks
// the token endpoint. A request begun by another process is not known here.
func (d *Desk) Notify() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if d.made() != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.WriteHeader(d.notify(r))
	})
}

func (d *Desk) notify(r *http.Request) int {
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return http.StatusUnauthorized
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	sum := sumOf(token)
	d.mu.Lock()
	b := d.bells[sum]
	d.mu.Unlock()
	if !strings.EqualFold(scheme, "Bearer") || b == nil {
		if !d.omits(checkBell) {
			return http.StatusUnauthorized
		}
		b = d.anyBell()
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return http.StatusBadRequest
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxPing))
	if err != nil {
		return http.StatusBadRequest
	}
	o, err := jws.ParseObject(string(body))
	id := o.String("auth_req_id")
	if err != nil || o.Err() != nil || id == "" {
		return http.StatusBadRequest
	}
	return d.rings(b, id)
}

// rings wakes who waits for the request, if it is the one that the token is of.
func (d *Desk) rings(b *bell, id string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case b.id == "":
		b.early = id
	case !same(b.id, id) && !d.omits(checkBell):
		return http.StatusBadRequest
	default:
		b.ring()
	}
	return http.StatusNoContent
}

func (d *Desk) anyBell() *bell {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range d.bells {
		return b
	}
	return &bell{rung: make(chan struct{})}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
