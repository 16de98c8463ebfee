package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// HTTP makes the client for calls to the provider that issuer names; base is the
// caller's own or nil. See package guard for the rules; beyond them redirects are
// not followed, since credentials must not travel on (RFC 9700 §4.12), and cookies
// have no part in these calls.
func HTTP(base *http.Client, issuer string) *http.Client {
	return bare(guard.Client(base, issuer))
}

func bare(c *http.Client) *http.Client {
	h := *c
	h.Jar = nil
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &h
}

// Party is a client of one server: who it is, how it shows that, and the key that
// its tokens are bound to. It is safe for concurrent use while nobody changes it; a
// copy with another Prover, or none, is a Party of its own.
type Party struct {
	HTTP     *http.Client // HTTP makes it
	Client   string       // client_id
	Audience string       // the server's issuer identifier, the audience of assertions

	// Key authenticates by private_key_jwt. Without it Secret does, in the
	// Authorization header or in the body; without both the client is a public one.
	Key          *Key
	Secret       func() string // a func, which no print opens
	SecretInBody bool

	// Prover, if not nil, puts a proof on every request.
	Prover *Prover

	// Again, if not empty, names the call: sent again because no answer came, it has one
	// effect at servers that know the header (draft-ietf-httpapi-idempotency-key-header).
	Again string

	Now func() time.Time // nil: time.Now

	// off takes one check out. Only this package's tests can set it: they show that
	// an attack which a check stops would succeed without it.
	off string
}

// Post sends form to an endpoint with the client's authentication, and with a proof
// if there is a Prover. It repeats the request once if the server wants a nonce in
// the proof, and never otherwise. An answer of any status is no error.
func (p *Party) Post(ctx context.Context, endpoint string, form url.Values) (Answer, error) {
	return p.send(ctx, http.MethodPost, endpoint, form)
}

// Delete asks to remove a resource, with the client's authentication in the body as
// in Post: a name alone in the URL is no secret.
func (p *Party) Delete(ctx context.Context, endpoint string) (Answer, error) {
	return p.send(ctx, http.MethodDelete, endpoint, nil)
}

func (p *Party) send(ctx context.Context, method, endpoint string, form url.Values) (Answer, error) {
	return p.twice(ctx, endpoint, "", func() (*http.Request, error) {
		body := make(url.Values, len(form)+4)
		for name, values := range form {
			body[name] = values
		}
		basic, err := p.authenticate(body)
		if err != nil {
			return nil, err
		}
		req, err := http.NewRequestWithContext(ctx, method, endpoint, strings.NewReader(body.Encode()))
		if err != nil {
			return nil, errEndpoint
		}
		// Without GetBody net/http cannot repeat the request on a broken connection.
		req.GetBody = nil
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "application/json")
		if basic {
			// Both are form-encoded first (RFC 6749 §2.3.1).
			req.SetBasicAuth(url.QueryEscape(p.Client), url.QueryEscape(p.Secret()))
		}
		return req, nil
	})
}

// Get asks for a resource: with an access token in the Authorization header, as
// DPoP if there is a Prover and as Bearer if not, or without for access "".
func (p *Party) Get(ctx context.Context, endpoint, access string) (Answer, error) {
	return p.twice(ctx, endpoint, access, func() (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
		if err != nil {
			return nil, errEndpoint
		}
		req.Header.Set("Accept", "application/json")
		if access == "" {
			return req, nil
		}
		req.Header.Set("Accept", "application/json, application/jwt")
		scheme := "Bearer "
		if p.Prover != nil {
			scheme = "DPoP "
		}
		req.Header.Set("Authorization", scheme+access)
		return req, nil
	})
}

var errEndpoint = fault.New(vneid.ErrUntrusted, "the endpoint is not a URL that may be called")

// authenticate adds the client's authentication to a form, or answers true for the
// one that goes into the header. A repeated request needs a fresh assertion.
func (p *Party) authenticate(form url.Values) (basic bool, err error) {
	secret := ""
	if p.Key == nil && p.Secret != nil {
		secret = p.Secret()
	}
	if secret != "" && !p.SecretInBody {
		return true, nil
	}
	form.Set("client_id", p.Client)
	if secret != "" {
		form.Set("client_secret", secret)
	}
	if p.Key == nil {
		return false, nil
	}
	assertion, err := Assertion(*p.Key, p.Client, p.Audience, p.now())
	if err != nil {
		return false, err
	}
	form.Set("client_assertion_type", AssertionType)
	form.Set("client_assertion", assertion)
	return false, nil
}

func (p *Party) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

// twice makes a request, and makes it anew if the server wants another nonce.
func (p *Party) twice(ctx context.Context, endpoint, access string, request func() (*http.Request, error)) (Answer, error) {
	if p.HTTP == nil {
		return Answer{}, errors.New("Party.HTTP is nil")
	}
	if _, err := guard.CheckURL(endpoint); err != nil {
		return Answer{}, errEndpoint
	}
	if _, ok := parseTarget(endpoint); !ok { // what no proof could name
		return Answer{}, errEndpoint
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	for again := false; ; again = true {
		req, err := request()
		if err != nil {
			return Answer{}, err
		}
		if p.Again != "" {
			req.Header.Set("Idempotency-Key", `"`+p.Again+`"`) // a String of RFC 9651
		}
		if p.Prover != nil {
			proof, err := p.Prover.Proof(req.Method, endpoint, access)
			if err != nil {
				return Answer{}, err
			}
			req.Header.Set("DPoP", proof)
		}
		a, err := p.call(req.WithContext(ctx))
		if err != nil {
			return Answer{}, err
		}
		if p.Prover == nil || a.nonce == "" {
			return a, nil
		}
		p.Prover.Learn(endpoint, a.nonce)
		if again || !a.wantsNonce() {
			return a, nil
		}
	}
}
