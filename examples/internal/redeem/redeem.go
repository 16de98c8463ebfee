// Package redeem asks the issuer of a one-time code whether it was used at any other
// verifier: the call that makes it one-time everywhere (project format, not VNeID's).
package redeem

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Redeemer is a vneid.Replay, so that qr.Verifier calls it last: a code that was
// refused for another reason stays unused. At makes one.
type Redeemer struct {
	url, client, secret string
	http                *http.Client
}

// At returns a Redeemer that asks the issuer as one of its clients.
func At(issuer, client, secret string) *Redeemer {
	return &Redeemer{issuer + "/qr/redeem", client, secret, &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// refusals are the issuer's words and what they mean here. A word that is not
// among them is a fault of the two programs, never of the person: it counts as
// not checked.
var refusals = map[string]error{
	"replayed":       vneid.ErrReplayed,
	"wrong_audience": vneid.ErrMismatch,
	"expired":        vneid.ErrExpired,
	"unknown_code":   vneid.ErrUntrusted,
	"locked":         vneid.ErrLocked, // it does not say which lock: a vneid.LockError would
}

// redeemed is what the issuer says: which code was redeemed, or why none was.
type redeemed struct {
	ID    string `json:"id"`
	Error string `json:"error"`
}

// Use implements vneid.Replay. When no whole answer comes it asks once more with
// the same key, which the issuer takes for the same call: the code may have been
// redeemed, and only the answer lost.
func (d *Redeemer) Use(ctx context.Context, once vneid.Once) error {
	within, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	key := rand.Text()
	status, said, err := d.ask(within, once.ID, key)
	if err != nil && within.Err() == nil {
		status, said, err = d.ask(within, once.ID, key)
	}
	switch {
	case err != nil:
		return errors.Join(vneid.ErrUnavailable, ctx.Err())
	case status == http.StatusOK && said.ID == once.ID: // not some proxy's page
		return nil
	case refusals[said.Error] != nil:
		return refusals[said.Error]
	}
	return &vneid.APIError{Status: status}
}

// ask makes one call.
func (d *Redeemer) ask(ctx context.Context, id, key string) (status int, said redeemed, err error) {
	form := url.Values{"id": {id}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, said, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Idempotency-Key", key)
	req.SetBasicAuth(url.QueryEscape(d.client), url.QueryEscape(d.secret)) // RFC 6749 §2.3.1
	res, err := d.http.Do(req)
	if err != nil {
		return 0, said, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<10))
	if err != nil {
		return 0, said, err
	}
	_ = json.Unmarshal(body, &said) // what is no JSON says nothing: not checked
	return res.StatusCode, said, nil
}
