package oauth

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const callTimeout = 10 * time.Second

// Answer is what an endpoint said: an object in most good cases, and in bad ones
// when it is well-formed JSON.
type Answer struct {
	Status    int
	Media     string        // Content-Type without parameters, in lower case
	Retry     time.Duration // Retry-After in seconds, as far as an hour; 0 if not said
	Object    jws.Object
	IsJSON    bool   // Object is what was said
	JWT       string // the body, if it came as application/jwt or as another type that ends in +jwt
	Other     string // the body, if it came as anything else: the wires of sso/legacy may have to look
	Challenge string // the error of WWW-Authenticate (RFC 6750 §3, RFC 9449 §7.1)

	nonce string
}

// call makes one request, once.
func (p *Party) call(req *http.Request) (Answer, error) {
	client, limit := bare(p.HTTP), guard.MaxBody
	switch p.off {
	case "redirects":
		client = p.HTTP
	case "size":
		limit = 1 << 30
	}
	res, err := client.Do(req)
	if err != nil {
		return Answer{}, unreachable(err)
	}
	defer res.Body.Close()
	body, err := guard.Read(res.Body, limit)
	if err != nil {
		return Answer{}, unreachable(err)
	}
	a := Answer{
		Status: res.StatusCode, Retry: retryAfter(res.Header.Get("Retry-After")),
		Challenge: challenge(res.Header.Values("WWW-Authenticate")), nonce: res.Header.Get("DPoP-Nonce"),
	}
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err == nil {
		a.Media = media
	}
	switch {
	case err != nil:
		a.Other = string(body)
	case media == "application/json":
		a.Object, err = jws.ParseObject(string(body))
		a.IsJSON = err == nil
	case media == "application/jwt" || strings.HasSuffix(media, "+jwt"):
		a.JWT = string(body)
	default:
		a.Other = string(body)
	}
	return a, nil
}

// Code is the error of an OAuth answer (RFC 6749 §5.2), "" if there is none. It is
// the server's word: look it up, do not print it.
func (a *Answer) Code() string {
	if !a.IsJSON {
		return ""
	}
	code, _ := jws.Text(a.Object.Raw("error"))
	return code
}

// Failed is the error for a status that an endpoint gives no other meaning.
func (a *Answer) Failed(kind vneid.Kind) error {
	return &vneid.APIError{Kind: kind, Status: a.Status, RetryAfter: a.Retry}
}

// wantsNonce reports the two forms of the demand: an authorization server's
// (RFC 9449 §8) and a resource server's (§9).
func (a *Answer) wantsNonce() bool {
	const code = "use_dpop_nonce"
	return a.Status == http.StatusBadRequest && a.Code() == code ||
		a.Status == http.StatusUnauthorized && (a.Challenge == code || a.Code() == code)
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

// retryAfter reads the form in seconds, as far as an hour.
func retryAfter(s string) time.Duration {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// challenge finds error="…" in WWW-Authenticate. It needs no grammar: of a quoted
// string elsewhere that looks the same nothing hangs but one repetition.
func challenge(headers []string) string {
	for _, h := range headers {
		_, rest, found := strings.Cut(h, `error="`)
		code, _, closed := strings.Cut(rest, `"`)
		if found && closed && len(code) <= 64 && printable(code) {
			return code
		}
	}
	return ""
}
