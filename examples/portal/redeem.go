package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// redeemer asks the issuer whether a dynamic code was used at any other verifier
// (project format, not VNeID's). It is a vneid.Replay, so that qr.Verifier calls
// it last: a code that was refused for another reason stays unused.
type redeemer struct {
	url, client, secret string
	http                *http.Client
}

func newRedeemer(issuer, client, secret string) *redeemer {
	return &redeemer{issuer + "/qr/redeem", client, secret, &http.Client{
		Timeout:       5 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Use implements vneid.Replay.
func (d *redeemer) Use(ctx context.Context, once vneid.Once) error {
	form := url.Values{"id": {once.ID}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Idempotency-Key", rand.Text())
	req.SetBasicAuth(url.QueryEscape(d.client), url.QueryEscape(d.secret)) // RFC 6749 §2.3.1
	res, err := d.http.Do(req)
	if err != nil {
		return errors.Join(vneid.ErrUnavailable, ctx.Err())
	}
	res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusConflict:
		return vneid.ErrReplayed
	case http.StatusGone:
		return vneid.ErrExpired
	case http.StatusForbidden:
		return vneid.ErrDenied
	case http.StatusNotFound:
		return vneid.ErrUntrusted
	}
	return &vneid.APIError{Status: res.StatusCode}
}
