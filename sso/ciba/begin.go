package ciba

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	grantType   = "urn:openid:params:grant-type:ciba"
	requestLife = time.Minute // of a signed request
)

// Begin asks the provider to ask the person. While a request for the same hint is
// open it refuses with vneid.ErrUnavailable, a *vneid.APIError with RetryAfter.
func (d *Desk) Begin(ctx context.Context, ask Ask) (*Session, error) {
	s, err := d.begin(ctx, ask)
	if err != nil {
		return nil, fault.Prefix("ciba", err)
	}
	return s, nil
}

func (d *Desk) begin(ctx context.Context, ask Ask) (*Session, error) {
	if err := d.made(); err != nil {
		return nil, err
	}
	if err := ask.check(); err != nil {
		return nil, err
	}
	op, err := d.client.Provider(ctx, seal.Own())
	if err != nil {
		return nil, err
	}
	where, err := d.offered(&op)
	if err != nil {
		return nil, err
	}
	p := pending{
		Issuer: op.Issuer, ClientID: op.ClientID, Subject: ask.Subject,
		Need: stronger(op.Need, ask.Need), Begun: op.Now(), Hint: d.hash(ask.Hint),
	}
	if p.Number, err = decoupled.Number(); err != nil {
		return nil, err
	}
	if err := d.enter(p.Hint, p.Begun); err != nil {
		return nil, err
	}
	s, err := d.request(ctx, &op, where, ask, p)
	switch {
	case err == nil:
		p := s.look()
		d.open.Hold(p.key(), p.Next, p.Expires)
	case !errors.Is(err, vneid.ErrUnavailable) || errors.As(err, new(*vneid.APIError)):
		d.open.Leave(p.Hint) // else nobody answered, and the telephone may have rung
	}
	return s, err
}

// offered finds the endpoint, and refuses a provider that does not speak what we do.
func (d *Desk) offered(op *login.Provider) (string, error) {
	md, mode := &op.Metadata, "poll"
	if d.ping {
		mode = "ping"
	}
	for list, value := range map[string]string{"backchannel_token_delivery_modes_supported": mode, "grant_types_supported": grantType} {
		if offered := md.Strings(list); offered != nil && !slices.Contains(offered, value) {
			return "", fault.New(vneid.ErrUntrusted, "the provider's %s lacks what logins at a counter need", list)
		}
	}
	if d.sign {
		if op.Party.Key == nil {
			return "", errors.New("Config.Sign needs sso.Config.Key")
		}
		algs := md.Strings("backchannel_authentication_request_signing_alg_values_supported")
		if algs != nil && !slices.Contains(algs, op.Party.Key.Alg) {
			return "", fault.New(vneid.ErrUntrusted, "the provider does not take signed requests in the algorithm of sso.Config.Key")
		}
	}
	return op.Endpoint("backchannel_authentication_endpoint")
}

// request sends the authentication request (CIBA §7.1) and reads the
// acknowledgement (§7.3).
func (d *Desk) request(ctx context.Context, op *login.Provider, where string, ask Ask, p pending) (*Session, error) {
	form := url.Values{
		"scope":           {strings.Join(op.Scopes, " ")},
		"login_hint":      {ask.Hint},
		"binding_message": {decoupled.Binding(p.Number, ask.Message)},
	}
	if p.Need.Level > 0 || p.Need.Auth > 0 {
		form.Set("acr_values", strings.Join(wire.AtLeast(p.Need.Level, p.Need.Auth), " "))
	}
	if ask.Expiry > 0 {
		form.Set("requested_expiry", strconv.Itoa(int(ask.Expiry/time.Second)))
	}
	if d.ping {
		token := random()
		form.Set("client_notification_token", token)
		sum := decoupled.Sum(token)
		p.Bell = &sum
		d.open.Hang(sum, p.Begun.Add(decoupled.MaxLife))
	}
	s, err := d.send(ctx, op, where, form, p)
	switch {
	case p.Bell != nil && err != nil:
		d.open.Unhang(*p.Bell)
	case p.Bell != nil:
		d.open.Tune(*p.Bell, s.look().ID, s.Expires())
	}
	return s, err
}

func (d *Desk) send(ctx context.Context, op *login.Provider, where string, form url.Values, p pending) (*Session, error) {
	if d.sign {
		signed, err := signedRequest(op, form)
		if err != nil {
			return nil, err
		}
		form = url.Values{"request": {signed}}
	}
	party := op.Party
	party.Prover = nil // nothing is bound yet, and RFC 9449 knows no proof here
	a, err := party.Post(ctx, where, form)
	switch {
	case err != nil:
		return nil, err
	case a.Status != http.StatusOK:
		return nil, refusal(&a, p.Need)
	case !a.IsJSON:
		return nil, fault.New(vneid.ErrMalformed, "the provider's acknowledgement is not a JSON object")
	}
	return acknowledged(&a.Object, p, op.Now())
}

// acknowledged reads the acknowledgement of a request.
func acknowledged(o *jws.Object, p pending, now time.Time) (*Session, error) {
	a, err := decoupled.ReadAck(o)
	if err != nil {
		return nil, err
	}
	p.ID, p.Interval, p.Expires = a.ID, a.Interval, p.Begun.Add(a.Life)
	p.Next = now.Add(p.Interval)
	s := new(Session)
	s.put(p)
	return s, nil
}

// signedRequest puts the parameters into a JWT (CIBA §7.1.1).
func signedRequest(op *login.Provider, form url.Values) (string, error) {
	now := op.Now()
	members := []jws.Member{
		{Name: "iss", Value: op.ClientID}, {Name: "aud", Value: op.Issuer}, {Name: "jti", Value: random()},
		{Name: "iat", Value: now}, {Name: "nbf", Value: now}, {Name: "exp", Value: now.Add(requestLife)},
	}
	for name := range form {
		members = append(members, jws.Member{Name: name, Value: form.Get(name)})
	}
	claims, err := jws.Encode(members...)
	if err != nil {
		return "", fault.New(vneid.ErrMalformed, "the request cannot be written as JSON")
	}
	key := op.Party.Key
	header := []jws.Member{{Name: "typ", Value: "JWT"}}
	if key.ID != "" {
		header = append(header, jws.Member{Name: "kid", Value: key.ID})
	}
	signed, err := jws.Compact(key.Alg, key.Signer, header, claims)
	if err != nil {
		return "", fault.Wrap(vneid.ErrUnavailable, err, "the client's key did not sign")
	}
	return signed, nil
}

// stronger joins two requirements: each asks what the other does not.
func stronger(a, b vneid.Assurance) vneid.Assurance {
	at := a.At
	if b.At.After(at) {
		at = b.At
	}
	return vneid.Assurance{Level: max(a.Level, b.Level), Auth: max(a.Auth, b.Auth), At: at}
}

// random returns 256 bits as 43 characters.
func random() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}
