package platform

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// CIBAMode is how a client learns that a person has answered (OpenID CIBA Core 1.0
// §5). Empty: the client may not begin logins at a counter.
type CIBAMode string

// The two modes. FAPI-CIBA §5.2.2 forbids the third, push.
const (
	Poll CIBAMode = "poll"
	Ping CIBAMode = "ping"
)

const (
	cibaGrant = "urn:openid:params:grant-type:ciba"

	cibaInterval = 5 * time.Second // between polls, and what slow_down adds (§7.3, §11)
	maxCIBALife  = 10 * time.Minute
	maxBinding   = 64

	// maxAsked is how many prompts may wait for one person: who rings again and again
	// is answered in the end.
	maxAsked = 5
)

// checkCIBA checks the registration for logins at a counter.
func (c *Client) checkCIBA() error {
	switch {
	case c.CIBA == "" && c.NotificationURI == "":
		return nil
	case c.CIBA != Poll && c.CIBA != Ping:
		return errors.New("Client.CIBA is neither poll nor ping")
	case c.Public || c.Wire != "":
		return errors.New("Client.CIBA is of clients that authenticate, by OpenID Connect")
	case (c.CIBA == Ping) != (c.NotificationURI != ""):
		return errors.New("Client.NotificationURI goes with Ping alone")
	}
	if _, err := checkRedirect(c.NotificationURI); err != nil && c.CIBA == Ping {
		return fmt.Errorf("Client.NotificationURI: %w", err)
	}
	return nil
}

// handleBackchannel is the backchannel authentication endpoint (CIBA §7).
func (p *Platform) handleBackchannel(w http.ResponseWriter, r *http.Request) {
	form, c, err := p.clientCall(w, r)
	if err == nil && c.CIBA == "" {
		err = refuse(http.StatusBadRequest, "unauthorized_client", "")
	}
	if err == nil && form.Has("request") {
		form, err = p.signedRequest(r.Context(), c, form)
	}
	var out members
	if err == nil {
		out, err = p.askInApp(r, c, form)
	}
	if err != nil {
		fail(w, err)
		return
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.asked != nil {
			f.asked(&out)
		}
	}
	writeMembers(w, out)
}

// readAsk checks the request (CIBA §7.1, §7.2).
func (p *Platform) readAsk(c *Client, q url.Values) (*ask, error) {
	k := &ask{Client: c.ID, Scopes: strings.Fields(q.Get("scope")), Interval: cibaInterval}
	req := authRequest{Scopes: k.Scopes}
	number, message, ok := binding(q.Get("binding_message"))
	token := q.Get("client_notification_token")
	switch {
	case q.Has("id_token_hint") || q.Has("login_hint_token") || q.Get("login_hint") == "" || len(q.Get("login_hint")) > 256:
		return nil, badRequest("login_hint is the one hint that this platform takes")
	case !ok:
		return nil, refuse(http.StatusBadRequest, "invalid_binding_message", "two digits, then plain text, 64 characters in all")
	case c.CIBA == Ping && (!visible(token, 1024) || len(token) < 22):
		return nil, badRequest("client_notification_token is missing, too short or malformed")
	}
	if err := req.readScopes(c); err != nil {
		return nil, err
	}
	k.Scopes, k.Number, k.Message = req.Scopes, number, message
	if err := req.readWant(url.Values{"acr_values": q["acr_values"], "claims": q["claims"]}); err != nil {
		return nil, err
	}
	if err := p.readShare(c, q, &req); err != nil {
		return nil, err
	}
	if req.Share != nil && req.Share.Nonce == "" {
		return nil, badDetails("nonce is missing: a decoupled request has no other")
	}
	k.Want, k.Share = req.Want, req.Share
	life := promptLife
	if q.Has("requested_expiry") {
		n, err := strconv.ParseUint(q.Get("requested_expiry"), 10, 31)
		if err != nil || n == 0 {
			return nil, badRequest("requested_expiry is not a number of seconds")
		}
		life = min(time.Duration(n)*time.Second, maxCIBALife)
	}
	k.Until = p.now().Add(life)
	if c.CIBA == Ping {
		k.Token = p.conceal(token)
	}
	return k, nil
}

// binding takes the message apart: two digits that the person must type, since
// confirming without looking confirms nothing, and the words beside them. The form is
// this project's.
func binding(s string) (number, message string, ok bool) {
	number, message, _ = strings.Cut(s, " ")
	if len(number) != 2 || strings.Trim(number, "0123456789") != "" || len(s) > maxBinding {
		return "", "", false
	}
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" -.,", r)
	}
	return number, message, !strings.ContainsFunc(message, func(r rune) bool { return !plain(r) })
}

// askInApp puts the request before the person, and acknowledges it (§7.3).
func (p *Platform) askInApp(r *http.Request, c *Client, q url.Values) (members, error) {
	ctx := r.Context()
	k, err := p.readAsk(c, q)
	if err != nil {
		return nil, err
	}
	if err := p.admit(ctx); err != nil {
		return nil, err
	}
	again, err := p.repeatableForm(r, c, k.Until.Sub(p.now()), q, "")
	if err != nil {
		return nil, err
	}
	id := random()
	k.Reference = id
	if c.CIBA == Ping {
		k.ID = p.conceal(id)
	}
	return p.effect(repeating(ctx, again), nil, func(tx Tx) (members, error) {
		a, err := p.hinted(tx, c, q.Get("login_hint"))
		if err != nil {
			return nil, err
		}
		// Who is locked, or has no app, is as unknown as who does not exist: a client
		// that names people at random learns nothing of them.
		if a == nil || !a.App || a.AccountLocked || k.Share != nil && !a.mayAnswer(k.Want) {
			return nil, refuse(http.StatusBadRequest, "unknown_user_id", "")
		}
		out := members{
			is("auth_req_id", id), is("expires_in", int(k.Until.Sub(p.now())/time.Second)), is("interval", int(k.Interval/time.Second)),
		}
		return out, p.enterAsk(tx, c, a, k, p.mac("auth_req_id", id))
	})
}

// hinted finds the person whom a client means: by the number that they log in with,
// or by their subject at the client.
func (p *Platform) hinted(tx Tx, c *Client, hint string) (*Account, error) {
	id, err := load[string](tx, tableUsernames, p.mac("username", hint))
	if err == nil && id == nil {
		id, err = load[string](tx, tableSubjects, p.mac("subject", c.Sector, hint))
	}
	if err != nil || id == nil {
		return nil, err
	}
	return load[Account](tx, tableAccounts, *id)
}

// noteSubject remembers whom a subject names, from the first login on.
func (p *Platform) noteSubject(tx Tx, c *Client, account string) error {
	if c == nil || c.CIBA == "" {
		return nil
	}
	return save(tx, tableSubjects, p.mac("subject", c.Sector, p.subject(c, account)), account, time.Time{})
}

// requestLife bounds exp - nbf of a signed request (FAPI-CIBA §5.2.2).
const requestLife = time.Hour

var errRequestObject = refuse(http.StatusBadRequest, "invalid_request_object", "")

// signedRequest takes the parameters from a signed request (CIBA §7.1.1), which must
// hold all of them.
func (p *Platform) signedRequest(ctx context.Context, c *Client, form url.Values) (url.Values, error) {
	for name := range form {
		if !slices.Contains([]string{"request", "client_id", "client_secret", "client_assertion", "client_assertion_type"}, name) {
			return nil, badRequest("beside request there must be no parameter of the request")
		}
	}
	signing, _, err := c.keys()
	if err != nil {
		return nil, err
	}
	t, err := jws.NewParser(jws.Rules{Algs: fapiAlgs(), Types: []string{"", "JWT", "oauth-authz-req+jwt"}}).Parse(form.Get("request"))
	if err != nil || p.verifyBy(signing)(t.Alg, t.KeyID, t.Input, t.Signature) != nil && p.on("ciba-request-key") {
		return nil, errRequestObject
	}
	o, err := t.Claims()
	if err != nil {
		return nil, errRequestObject
	}
	now, iat, nbf, exp := p.now(), o.Time("iat"), o.Time("nbf"), o.Time("exp")
	if o.String("iss") != c.ID || o.String("aud") != p.cfg.Issuer && p.on("ciba-request-audience") || !visible(o.String("jti"), 256) ||
		iat.IsZero() || nbf.IsZero() || exp.IsZero() || nbf.After(now.Add(clientSkew)) || !now.Before(exp) || exp.Sub(nbf) > requestLife || o.Err() != nil {
		return nil, errRequestObject
	}
	out := url.Values{}
	for _, name := range []string{"scope", "login_hint", "id_token_hint", "login_hint_token", "binding_message", "acr_values", "requested_expiry", "client_notification_token"} {
		if o.Has(name) {
			out.Set(name, o.String(name))
		}
	}
	if o.Has(wire.Details) {
		out.Set(wire.Details, o.Raw(wire.Details))
	}
	if o.Err() != nil {
		return nil, errRequestObject
	}
	fresh, err := p.first(ctx, exp, "ciba request", c.ID, o.String("jti"))
	if err == nil && !fresh && p.on("ciba-request-once") {
		err = errRequestObject
	}
	return out, err
}
