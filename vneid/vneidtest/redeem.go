package vneidtest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// redeemer asks the platform whether a code is presented for the first time. It
// is a vneid.Replay, as qr.Config.Redeem wants one.
type redeemer struct{ url, client, secret string }

// Use implements vneid.Replay. One key per call lets it ask once more when the
// answer was lost.
func (r *redeemer) Use(ctx context.Context, once vneid.Once) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	key := rand.Text()
	status, code, err := r.ask(ctx, once.ID, key)
	if err != nil && ctx.Err() == nil {
		status, code, err = r.ask(ctx, once.ID, key)
	}
	if err != nil {
		return fault.Wrap(vneid.ErrUnavailable, err, "no answer from the redeem call")
	}
	if status == http.StatusOK {
		return nil
	}
	switch code {
	case "replayed":
		return fault.New(vneid.ErrReplayed, "the code was redeemed before")
	case "wrong_audience":
		return fault.New(vneid.ErrMismatch, "the code is for another verifier")
	case "expired":
		return fault.New(vneid.ErrExpired, "the code expired before it was redeemed")
	case "locked":
		return fault.New(vneid.ErrLocked, "the person is locked now")
	case "unknown_code":
		return fault.New(vneid.ErrUntrusted, "the platform did not issue this code")
	}
	return &vneid.APIError{Status: status}
}

func (r *redeemer) ask(ctx context.Context, id, key string) (status int, code string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, strings.NewReader(url.Values{"id": {id}}.Encode()))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Idempotency-Key", key)
	req.SetBasicAuth(url.QueryEscape(r.client), url.QueryEscape(r.secret))
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return 0, "", err
	}
	var answer struct {
		Error string `json:"error"`
	}
	// A page instead of JSON leaves the code empty: Unavailable by its status.
	_ = json.Unmarshal(body, &answer)
	return resp.StatusCode, answer.Error, nil
}
