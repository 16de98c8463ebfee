package jwks

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// failure is why a fetch gave no keys.
type failure struct {
	text   string
	status int
	cause  error
}

// error makes a *vneid.APIError that says when to try again.
func (f *failure) error(retry time.Duration) error {
	return fault.Wrap(&vneid.APIError{Status: f.status, RetryAfter: retry}, f.cause,
		"%s; try again in %v", f.text, retry)
}

// download fetches and reads the document and says how long it is fresh.
func download(ctx context.Context, client *http.Client, url string, cose bool) (*set, time.Duration, *failure) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, 0, &failure{text: "the issuer's keys cannot be asked for"}
	}
	req.Header.Set("Accept", "application/jwk-set+json, application/json")
	resp, err := client.Do(req)
	if err != nil {
		return nil, 0, noAnswer(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, 0, &failure{text: "the issuer answered with status " + strconv.Itoa(resp.StatusCode) + " for its keys", status: resp.StatusCode}
	}
	doc, err := guard.Read(resp.Body, jwx.MaxSet)
	if err != nil {
		return nil, 0, noAnswer(ctx, err)
	}
	keys, err := parseSet(doc, cose)
	if err != nil {
		return nil, 0, &failure{text: "the issuer's key set is not usable: " + err.Error(), status: resp.StatusCode}
	}
	return keys, life(resp.Header), nil
}

// noAnswer keeps the cause for errors.As (a certificate, a name, an address), but
// not the end of our own time-out, which would look like the end of the caller's
// context.
func noAnswer(ctx context.Context, err error) *failure {
	if ctx.Err() != nil {
		return &failure{text: "the issuer did not send its keys in time"}
	}
	return &failure{text: "the issuer did not send its keys", cause: err}
}

// life reads how long an answer says it is fresh (RFC 9111 §4.2). Whoever uses it holds
// it within our bounds.
func life(h http.Header) time.Duration {
	best := defaultLife
	for part := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch strings.ToLower(name) {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			seconds, err := strconv.ParseUint(strings.Trim(value, `"`), 10, 63)
			if err != nil {
				return 0 // not a number counts as stale (§4.2.1)
			}
			best = time.Duration(min(seconds, 1<<31)) * time.Second
		}
	}
	if age, err := strconv.ParseUint(h.Get("Age"), 10, 31); err == nil {
		best -= time.Duration(age) * time.Second
	}
	return best
}
