package sharetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// run is one case under way: the client of package share, and the same relying party by
// hand, for what that client would never send.
type run struct {
	ctx    context.Context
	target Target
	cfg    share.Config
	client *share.Client
	party  oauth.Party // with a key for proofs
	md     jws.Object
}

func newRun(ctx context.Context, t Target) (*run, error) {
	if t.Config == nil || t.Answer == nil {
		return nil, errors.New("Target.Config or Target.Answer is nil")
	}
	cfg, err := t.Config()
	if err != nil {
		return nil, err
	}
	client, err := share.New(cfg)
	if err != nil {
		return nil, err
	}
	prover, err := oauth.NewProver(nil, cfg.Now)
	if err != nil {
		return nil, err
	}
	r := &run{ctx: ctx, target: t, cfg: cfg, client: client}
	r.party = oauth.Party{
		HTTP: oauth.HTTP(cfg.HTTP, cfg.Issuer), Client: cfg.ClientID, Audience: cfg.Issuer,
		Key: &oauth.Key{ID: cfg.KeyID, Signer: cfg.Key}, Prover: prover, Now: cfg.Now,
	}
	return r, nil
}

// request is what the suite asks for: an essential licence and, if possible, a vehicle.
func (r *run) request() share.Request {
	return share.Request{
		Purpose: r.target.Purpose, RetentionDays: 30, Store: true, Need: vneid.Assurance{Level: 2, Auth: 2},
		Documents: []share.Want{
			{Kind: document.DriverLicence, MaxAgeDays: 1, Claims: []share.Claim{{Name: "number"}, {Name: "points", Optional: true}},
				Predicates: []share.Predicate{share.AgeAtLeast(18), share.LicenceIncludes("B")}},
			{Kind: document.VehicleRegistration, Optional: true, Claims: []share.Claim{{Name: "plate"}}},
		},
	}
}

// ask has a person answer it, with the client of package share.
func (r *run) ask(v Visit) (share.Records, error) {
	var s *share.Session
	var err error
	if v.URL, s, err = r.client.Begin(r.ctx, r.request()); err != nil {
		return share.Records{}, err
	}
	query, err := r.target.Answer(r.ctx, v)
	if err != nil {
		return share.Records{}, err
	}
	return r.client.Finish(r.ctx, s, query)
}

// endpoint is an address of the deployment's metadata.
func (r *run) endpoint(name string) (string, error) {
	if r.md.Text() == "" {
		anybody := oauth.Party{HTTP: r.party.HTTP, Now: r.cfg.Now}
		a, err := anybody.Get(r.ctx, r.below("/.well-known/openid-configuration"), "")
		if err != nil {
			return "", err
		}
		if a.Status != http.StatusOK || !a.IsJSON {
			return "", fmt.Errorf("the metadata: status %d", a.Status)
		}
		r.md = a.Object
	}
	if where := r.md.String(name); where != "" {
		return where, nil
	}
	return "", fmt.Errorf("the metadata have no %s", name)
}

func (r *run) below(path string) string { return strings.TrimSuffix(r.cfg.Issuer, "/") + path }

// form is the request by hand. Its secret is the verifier of PKCE.
func (r *run) form(element any) (form url.Values, secret string, err error) {
	secret = rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(secret))
	text, err := encode(element)
	return url.Values{
		"response_type": {"code"}, "client_id": {r.cfg.ClientID}, "redirect_uri": {r.cfg.RedirectURL}, "scope": {wire.ScopeShare},
		"state": {rand.Text()}, "nonce": {rand.Text()}, wire.Details: {text},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}, secret, err
}

// push sends a request by hand.
func (r *run) push(form url.Values) (oauth.Answer, error) {
	where, err := r.endpoint("pushed_authorization_request_endpoint")
	if err != nil {
		return oauth.Answer{}, err
	}
	return r.party.Post(r.ctx, where, form)
}

// code lets the person agree to a request by hand, and returns what the token endpoint
// then has to be sent.
func (r *run) code(element object) (url.Values, error) {
	form, secret, err := r.form([]any{element})
	if err != nil {
		return nil, err
	}
	a, err := r.push(form)
	if err == nil {
		err = expect(a, http.StatusCreated, "")
	}
	if err != nil {
		return nil, err
	}
	where, err := r.endpoint("authorization_endpoint")
	if err != nil {
		return nil, err
	}
	where += "?" + url.Values{"client_id": {r.cfg.ClientID}, "request_uri": {a.Object.String("request_uri")}}.Encode()
	query, err := r.target.Answer(r.ctx, Visit{URL: where})
	if err != nil {
		return nil, err
	}
	back, err := url.ParseQuery(query)
	if err != nil || back.Get("code") == "" || back.Get("state") != form.Get("state") || back.Get("iss") != r.cfg.Issuer {
		return nil, errors.New("the browser came back without a code, with another state, or without the issuer (RFC 9207)")
	}
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {r.cfg.RedirectURL}, "code_verifier": {secret},
	}, nil
}

// trade sends a form to the token endpoint, as this party or another.
func (r *run) trade(p oauth.Party, form url.Values) (oauth.Answer, error) {
	where, err := r.endpoint("token_endpoint")
	if err != nil {
		return oauth.Answer{}, err
	}
	return p.Post(r.ctx, where, form)
}

// granted are good tokens for a request by hand.
func (r *run) granted(element object) (oauth.Answer, error) {
	form, err := r.code(element)
	if err != nil {
		return oauth.Answer{}, err
	}
	a, err := r.trade(r.party, form)
	if err == nil {
		err = expect(a, http.StatusOK, "")
	}
	return a, err
}

// bundle fetches an answer, which is not read.
func (r *run) bundle(p oauth.Party, access string) (oauth.Answer, error) {
	return p.Get(r.ctx, r.below(wire.PathBundle), access)
}

func (r *run) wait(d time.Duration) error {
	if r.target.Wait != nil {
		return r.target.Wait(r.ctx, d)
	}
	select {
	case <-time.After(d):
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

// stranger is somebody with another key for proofs.
func (r *run) stranger() (oauth.Party, error) {
	p := r.another()
	var err error
	p.Prover, err = oauth.NewProver(nil, r.cfg.Now)
	return p, err
}

// another is this relying party without a memory, and without proofs.
func (r *run) another() oauth.Party {
	return oauth.Party{HTTP: r.party.HTTP, Client: r.party.Client, Audience: r.party.Audience, Key: r.party.Key, Now: r.party.Now}
}

// expect compares an answer: with one status, or with 4xx for status 0, and with one
// error where it matters.
func expect(a oauth.Answer, status int, code string) error {
	switch {
	case status == 0 && (a.Status < 400 || a.Status > 499):
		return fmt.Errorf("status %d, want a refusal (4xx)", a.Status)
	case status != 0 && a.Status != status:
		return fmt.Errorf("status %d, want %d", a.Status, status)
	case code != "" && a.Code() != code:
		return fmt.Errorf("refused, but not with %s", code)
	}
	return nil
}

// refusedWith compares an error of package share, next to which nothing may be.
func refusedWith(got share.Records, err error, want error) error {
	switch {
	case err == nil:
		return fmt.Errorf("taken, want %v", want)
	case !errors.Is(err, want):
		return fmt.Errorf("%w; want %w", err, want)
	case !got.IsZero():
		return errors.New("refused, and an answer beside it")
	}
	return nil
}
