package sso

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const callTimeout = 10 * time.Second

// newHTTP makes the client for calls to the provider. Redirects are not
// followed: credentials must not travel on (RFC 9700 §4.12), and metadata lives
// where the issuer says. Cookies have no part in these calls.
func newHTTP(c Config) *http.Client {
	h := guard.Client(c.HTTP, c.Issuer)
	h.Jar = nil
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return h
}

// answer is what an endpoint said: an object in all good cases, and in bad ones
// when it is well-formed JSON.
type answer struct {
	status int
	retry  time.Duration
	object jws.Object
	isJSON bool
}

// call makes one request, once.
func (c *Client) call(req *http.Request) (answer, error) {
	ctx, cancel := context.WithTimeout(req.Context(), callTimeout)
	defer cancel()
	req.Header.Set("Accept", "application/json")
	res, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		return answer{}, unreachable(err)
	}
	defer res.Body.Close()
	body, err := guard.Read(res.Body, guard.MaxBody)
	if err != nil {
		return answer{}, unreachable(err)
	}
	a := answer{status: res.StatusCode, retry: retryAfter(res.Header.Get("Retry-After"))}
	if media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err == nil && media == "application/json" {
		a.object, err = jws.ParseObject(string(body))
		a.isJSON = err == nil
	}
	return a, nil
}

// unreachable drops the url.Error around err, which repeats the URL.
func unreachable(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, guard.ErrTooLarge) {
		return fault.New(vneid.ErrUnavailable, "the provider's answer is larger than 1 MiB")
	}
	return fault.Wrap(vneid.ErrUnavailable, err, "the provider cannot be reached")
}

// failed is the error for a status that an endpoint gives no other meaning.
func (a answer) failed(kind vneid.Kind) error {
	return &vneid.APIError{Kind: kind, Status: a.status, RetryAfter: a.retry}
}

// retryAfter reads the form in seconds, as far as an hour.
func retryAfter(s string) time.Duration {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}
