package resource

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Error codes of WWW-Authenticate.
const (
	badToken = "invalid_token"                    // RFC 6750 §3.1
	badProof = "invalid_dpop_proof"               // RFC 9449 §7.1
	stepUp   = "insufficient_user_authentication" // RFC 9470 §3
	badScope = "insufficient_scope"               // RFC 6750 §3.1
	tooLow   = "insufficient_account_level"       // this project's: no login raises it, so none may be asked for
)

// coded is a refusal with the error code that the client is told. The text is for
// us: a client learns no more than the code, and whoever steals a token no more
// than that it is not good.
type coded struct {
	error
	code   string
	scheme string // of the request
	need   Need   // of the request, for the challenges that name it
	fresh  string // the nonce to send along
}

// Error leaves out the prefix of a key set or store: the outermost name stands.
func (c *coded) Error() string {
	if text, own := fault.Own(c.error); own {
		return text
	}
	return c.error.Error()
}

func (c *coded) Unwrap() error { return c.error }

func withCode(err error, code string) error { return &coded{error: err, code: code} }

// refusal says of an error all that the answer needs.
func refusal(err error, scheme string, need Need, fresh string) error {
	c := new(coded)
	if !errors.As(err, &c) {
		c = &coded{error: err, code: codeOf(err)}
	}
	return &coded{error: c.error, code: c.code, scheme: scheme, need: need, fresh: fresh}
}

// codeOf is the code for a kind. What is not the token's fault has none.
func codeOf(err error) string {
	var low *vneid.LevelError
	var lock *vneid.LockError
	var kind vneid.Kind
	switch {
	case errors.As(err, new(noToken)):
		return "" // RFC 6750 §3.1: no error code for who did not try
	case errors.As(err, &low) && low.Got.Level < low.Want.Level:
		return tooLow
	case errors.As(err, &low):
		return stepUp
	case errors.As(err, &lock) && lock.Account:
		return wire.ErrorAccountLocked
	case errors.As(err, &lock):
		return wire.ErrorEIDLocked
	case !errors.As(err, &kind) || kind == vneid.ErrUnavailable:
		return ""
	}
	return badToken
}

// status is the HTTP status of a refusal (RFC 6750 §3.1, RFC 9470 §3).
func (c *coded) status() int {
	var kind vneid.Kind
	switch c.code {
	case "invalid_request":
		return http.StatusBadRequest
	case badScope, tooLow, wire.ErrorAccountLocked, wire.ErrorEIDLocked:
		return http.StatusForbidden
	case badToken, badProof, stepUp, "use_dpop_nonce":
		return http.StatusUnauthorized
	}
	switch {
	case errors.As(c.error, new(noToken)):
		return http.StatusUnauthorized
	case errors.As(c.error, &kind):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Refuse answers a request that Verify refused: status, WWW-Authenticate as
// RFC 6750 §3, RFC 9449 §7.1 and RFC 9470 §3 have it, no body.
func (s *Server) Refuse(w http.ResponseWriter, err error) {
	c := new(coded)
	if !errors.As(err, &c) {
		c = &coded{error: err, code: codeOf(err)}
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if c.fresh != "" {
		h.Set("DPoP-Nonce", c.fresh)
	}
	status := c.status()
	if status < http.StatusInternalServerError {
		for _, scheme := range [...]string{bearer, dpop} {
			if line := s.challenge(scheme, c); line != "" {
				h.Add("WWW-Authenticate", line)
			}
		}
	}
	var api *vneid.APIError
	if status == http.StatusServiceUnavailable && errors.As(err, &api) && api.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((api.RetryAfter+time.Second-1)/time.Second)))
	}
	w.WriteHeader(status)
}

// challenge writes one scheme's line. The error stands with the scheme that the
// request used, or that it should have used; the other line says that there is
// another way.
func (s *Server) challenge(scheme string, c *coded) string {
	var params []string
	add := func(name, value string) {
		if value != "" {
			params = append(params, name+`="`+value+`"`)
		}
	}
	bound := c.need.Bound || s.cfg.Need.Bound
	if scheme == bearer && bound {
		return "" // it would lead nowhere
	}
	if c.scheme == scheme || c.scheme == "" && scheme == bearer || bound {
		add("error", c.code)
		switch c.code {
		case badScope:
			add("scope", strings.Join(c.need.Scopes, " "))
		case stepUp:
			add("acr_values", strings.Join(acrValues(c.need.Assurance), " "))
			add("max_age", maxAge(c.need, s.cfg.Now()))
		}
	}
	if scheme == dpop {
		add("algs", "PS256 ES256 EdDSA")
	}
	return strings.TrimSpace(scheme + " " + strings.Join(params, ", "))
}

// acrValues lists what satisfies need, weakest first; nothing when any login does.
func acrValues(need vneid.Assurance) []string {
	if need.Level == 0 && need.Auth == 0 {
		return nil
	}
	return wire.AtLeast(need.Level, need.Auth)
}

// maxAge says in seconds how fresh the authentication must be, "" for any.
func maxAge(need Need, now time.Time) string {
	age := need.MaxAge
	if at := need.Assurance.At; !at.IsZero() && (age == 0 || now.Sub(at) < age) {
		age = max(now.Sub(at), time.Second)
	}
	if age == 0 {
		return ""
	}
	return strconv.FormatInt(int64(age/time.Second), 10)
}
