package sso

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	// maxLogoutAge is how old a logout token may be. It bounds those without exp,
	// which many providers leave out.
	maxLogoutAge = 2 * time.Minute

	maxLogoutBody = 32 << 10 // a token of 16 KiB, escaped

	logoutEvent = "http://schemas.openid.net/event/backchannel-logout"
)

// BackchannelLogout returns the handler of the address that the provider calls when
// somebody logs out there (OpenID Connect Back-Channel Logout 1.0). It ends the
// sessions of the provider session that the logout token names, or without one all
// of the person. done, if not nil, learns of each call: which logins ended, or why
// the token was refused; programs with sessions of their own end them there.
//
// Which tokens were used before is remembered by Config.Replay. Without one the
// handler is built only over a MemoryRevocations: Revocations that outlive this
// process need a memory of tokens that does so too. The provider tells one process:
// the others learn of it by Revocations that all share, or not at all.
func (c *Client) BackchannelLogout(done func(r *http.Request, ended Login, err error)) (http.Handler, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.wire != nil {
		return nil, errors.New("sso: a client with Config.Wire has no back-channel logout, whose tokens are OpenID Connect's")
	}
	replay := c.cfg.Replay
	if replay == nil {
		if _, memory := c.cfg.Revocations.(*MemoryRevocations); !memory {
			return nil, errors.New("sso: Config.Replay is needed: Config.Revocations outlive this process, so what remembers logout tokens must too")
		}
		replay = vneid.NewMemoryReplay(0, c.cfg.Now)
	}
	if done == nil {
		done = func(*http.Request, Login, error) {}
	}
	return &logoutReceiver{
		c: c, replay: replay, done: done,
		parser: jws.NewParser(jws.Rules{Algs: c.cfg.Algs, Types: []string{"logout+jwt"}}),
	}, nil
}

// logoutReceiver is the handler of back-channel logouts.
type logoutReceiver struct {
	c      *Client
	replay vneid.Replay
	parser *jws.Parser
	done   func(*http.Request, Login, error)
}

// ServeHTTP answers 200, or 400 with an error code and nothing else (§2.8).
func (l *logoutReceiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		methodNotAllowed(w, "POST")
		return
	}
	login, err := l.receive(r)
	if err != nil {
		login, err = Login{}, fault.Prefix("sso", err)
	}
	l.done(r, login, err)
	if err == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	code := "invalid_request"
	if errors.Is(err, vneid.ErrUnavailable) {
		code = "temporarily_unavailable"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = io.WriteString(w, `{"error":"`+code+"\"}\n")
}

func (l *logoutReceiver) receive(r *http.Request) (Login, error) {
	raw, err := logoutForm(r)
	if err == nil { // a provider may encrypt it, as it does ID tokens (§2.4)
		raw, err = l.c.decrypted("the logout token", raw, false)
	}
	if err != nil {
		return Login{}, err
	}
	tok, err := l.parser.Parse(raw)
	if err != nil {
		return Login{}, refused("the logout token", err)
	}
	o, err := tok.Claims()
	if err != nil {
		return Login{}, refused("the logout token", err)
	}
	if o.String("iss") != l.c.cfg.Issuer && l.c.on("logout-issuer") { // it picks the keys
		return Login{}, fault.New(vneid.ErrUntrusted, "the logout token is of another issuer")
	}
	err = l.c.keys.Verify(r.Context(), vneid.Signed{
		Use: vneid.UseLogout, Issuer: l.c.cfg.Issuer, Alg: tok.Alg, KeyID: tok.KeyID,
		Input: tok.Input, Signature: tok.Signature,
	})
	if err != nil && l.c.on("logout-signature") {
		return Login{}, checked(err)
	}
	if err := l.check(&o); err != nil {
		return Login{}, err
	}
	return l.end(r, &o)
}

// end spends the token and ends what it names.
//
// The token is spent first, and ends sessions whatever comes of that: a provider
// that repeats a call whose answer was lost must get its way. Only a first
// presentation ends what began after the token was signed, within the clocks'
// tolerance; so whoever repeats one later ends nothing that was not to end.
func (l *logoutReceiver) end(r *http.Request, o *jws.Object) (Login, error) {
	c, now, iat := l.c, l.c.cfg.Now(), o.Time("iat")
	login := Login{Issuer: c.cfg.Issuer, Subject: o.String("sub"), SessionID: o.String("sid"), At: iat}
	spent := l.replay.Use(r.Context(), vneid.Once{
		Use: vneid.UseLogout, Issuer: c.cfg.Issuer, ID: o.String("jti"),
		Issued: iat, Until: iat.Add(maxLogoutAge + c.cfg.Skew),
	})
	if !c.on("logout-replay") {
		spent = nil
	}
	if spent == nil {
		login.At = iat.Add(c.cfg.Skew)
		if login.At.After(now) {
			login.At = now
		}
	}
	if c.cfg.Revocations.Revoke(r.Context(), login, now.Add(c.cfg.SessionLife+c.cfg.Skew)) != nil {
		// The store's words are its own: they may name hosts or people.
		return Login{}, fault.New(vneid.ErrUnavailable, "the store of revocations cannot end the session now")
	}
	if spent != nil {
		return Login{}, replayed(spent)
	}
	return login, nil
}

// replayed words the refusal of a replay store, which may be anybody's.
func replayed(err error) error {
	switch {
	case errors.Is(err, vneid.ErrReplayed):
		return fault.New(vneid.ErrReplayed, "the logout token was used before")
	case errors.Is(err, vneid.ErrExpired):
		return fault.New(vneid.ErrExpired, "the logout token is over")
	}
	return fault.Wrap(vneid.ErrUnavailable, nil, "whether the logout token was used before cannot be checked now")
}

// logoutForm returns the one logout_token of a posted form (§2.5).
func logoutForm(r *http.Request) (string, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return "", fault.New(vneid.ErrMalformed, "the logout is not a form")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxLogoutBody+1))
	if err != nil || len(body) > maxLogoutBody {
		return "", fault.New(vneid.ErrMalformed, "the form of the logout is too long or broke off")
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || len(form["logout_token"]) != 1 {
		return "", fault.New(vneid.ErrMalformed, "the form has not exactly one logout_token")
	}
	return form.Get("logout_token"), nil
}
