package ciba

import (
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

const maxPing = 8 << 10

// Notify is the client's notification endpoint (backchannel_client_notification_endpoint,
// CIBA §10.2): a POST with the request's own bearer token and its auth_req_id as JSON.
// It answers 204, also when the request is over, 401 for a token that is not one of a
// request's, and 400 for anything else. It takes no statement about the login: Wait, or
// the next Poll, asks the token endpoint. A request begun by another process is not known
// here.
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
	b := d.open.Find(token)
	if !strings.EqualFold(scheme, "Bearer") || b == nil {
		if !d.omits(checkBell) {
			return http.StatusUnauthorized
		}
		b = d.open.Any()
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
	if !d.open.Ring(b, id, d.omits(checkBell)) {
		return http.StatusBadRequest
	}
	return http.StatusNoContent
}
