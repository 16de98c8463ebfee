package share

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	maxPing   = 8 << 10
	maxPingID = 256
	useOfPing = vneid.Use("webhook") // in Once alone: no key has it
)

// Notify is the address at which the platform tells that a person has answered
// (backchannel_client_notification_endpoint, CIBA §10.2). A webhook is a POST with the
// request's own bearer token, with X-Webhook-Signature, the HMAC-SHA256 of the raw body
// by Config.WebhookSecret, and with {"id", "attempt", "auth_req_id"} as JSON, in which
// other members are ignored. It brings no data: Wait, or the next Poll, asks.
//
// The answer is 204, also for an id that came before and for a request that is over,
// which does nothing; 401 where signature or token are not right; 400 for another body;
// 503 while Verifier.Replay cannot tell. A request begun by another process is not known here.
func (c *Client) Notify() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		switch status := c.notify(r); status {
		case http.StatusMethodNotAllowed:
			w.Header().Set("Allow", "POST")
			fallthrough
		default:
			w.WriteHeader(status)
		}
	})
}

func (c *Client) notify(r *http.Request) int {
	if c.made() != nil || len(c.webhook()) == 0 {
		return http.StatusInternalServerError
	}
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxPing))
	if err != nil {
		return http.StatusBadRequest
	}
	if c.on("webhook-signature") && !decoupled.Signed(c.webhook(), body, r.Header.Values(wire.HeaderSignature)) {
		return http.StatusUnauthorized
	}
	bell := c.bellOf(r)
	if bell == nil {
		return http.StatusUnauthorized
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return http.StatusBadRequest
	}
	o, err := jws.ParseObject(string(body))
	id, attempt, request := o.String(wire.PingID), o.Int(wire.PingAttempt), o.String(wire.PingRequest)
	if err != nil || o.Err() != nil || id == "" || len(id) > maxPingID || !relying.Printable(id) || attempt < 0 || request == "" || len(request) > decoupled.MaxID {
		return http.StatusBadRequest
	}
	switch err := c.firstPing(r, id); {
	case errors.Is(err, vneid.ErrReplayed):
		return http.StatusNoContent
	case err != nil:
		return http.StatusServiceUnavailable
	case !c.desk.Ring(bell, request, !c.on("bell")):
		return http.StatusBadRequest
	}
	return http.StatusNoContent
}

// bellOf is the bell of the bearer token, nil if no request of late has that token.
func (c *Client) bellOf(r *http.Request) *decoupled.Bell {
	values := r.Header.Values("Authorization")
	if len(values) == 1 {
		scheme, token, _ := strings.Cut(values[0], " ")
		if b := c.desk.Find(token); b != nil && strings.EqualFold(scheme, "Bearer") {
			return b
		}
	}
	if !c.on("bell") {
		return c.desk.Any()
	}
	return nil
}

// firstPing refuses the id of a webhook that came before. Nothing signed says when it
// was made, so it is remembered as long as a request can last.
func (c *Client) firstPing(r *http.Request, id string) error {
	now := c.cfg.Now()
	return c.verifier().Replay.Use(r.Context(), vneid.Once{
		Use: useOfPing, Issuer: c.cfg.Issuer, ID: id, Issued: now, Until: now.Add(decoupled.MaxLife + time.Minute),
	})
}
