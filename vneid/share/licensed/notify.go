package licensed

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	maxWebhook   = 64 << 10
	useOfWebhook = vneid.Use("webhook") // in Once alone: no key has it
	forgetAfter  = 24 * time.Hour       // gateways repeat for hours
)

// Notify is the address of the gateway's webhook. What it says of the transaction is
// only a reason to ask: no data is taken from it, members that nobody knows are ignored.
// The answer is 200, also for what came before, which does nothing, and for transactions
// that this process did not begin; 400 with {error, errorDescription} for what is no
// webhook or not the gateway's, 500 while Config.Replay cannot tell.
func (c *Client) Notify() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", "POST")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if status, why := c.notify(r); status != http.StatusOK {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			// Only a broken connection fails here.
			_ = json.NewEncoder(w).Encode(map[string]string{"error": http.StatusText(status), "errorDescription": why})
		}
	})
}

func (c *Client) notify(r *http.Request) (status int, why string) {
	if c.made() != nil || len(c.webhook()) == 0 {
		return http.StatusInternalServerError, "no webhook is configured"
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxWebhook))
	if err != nil {
		return http.StatusBadRequest, "the body is too large or broken off"
	}
	if c.on("webhook-signature") && !decoupled.Signed(c.webhook(), body, r.Header.Values(wire.HeaderSignature)) {
		return http.StatusBadRequest, "the signature is not right"
	}
	o, err := jws.ParseObject(string(body))
	id, attempt := plain(o.Raw("id")), plain(o.Raw("attempt"))
	if err != nil || id == "" || len(id) > 256 || !relying.Printable(id) || attempt == "" || len(attempt) > 16 {
		return http.StatusBadRequest, "there is no id and attempt"
	}
	now := c.cfg.Now()
	err = c.cfg.Replay.Use(r.Context(), vneid.Once{Use: useOfWebhook, Issuer: c.cfg.Gateway, ID: id + " " + attempt, Issued: now, Until: now.Add(forgetAfter)})
	switch {
	case errors.Is(err, vneid.ErrReplayed):
		return http.StatusOK, ""
	case err != nil:
		return http.StatusInternalServerError, "try again later"
	}
	if txn := txnOf(&o); txn != "" {
		if bell := c.desk.Find(txn); bell != nil {
			c.desk.Ring(bell, txn, false)
		}
	}
	return http.StatusOK, ""
}

// txnOf finds the transaction under any of the names that were seen.
func txnOf(o *jws.Object) string {
	data := o.Object("data")
	for _, name := range append([]string{"txnId", "transCode"}, callbackNames...) {
		if s, ok := jws.Text(data.Raw(name)); ok && goodTxn(s) {
			return s
		}
	}
	return ""
}
