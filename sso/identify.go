package sso

import (
	"context"
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// VerifyIDToken is for this module's own packages, whose other ways to get a
// token (a login started at a counter, a benchmark) end here too: the part of
// Finish between the code exchange and userinfo. It calls nobody unless keys
// must be fetched. Everybody else's seal is refused.
func (c *Client) VerifyIDToken(ctx context.Context, token string, s *Session, own seal.Seal) (*Identity, error) {
	if !own.Valid() {
		return nil, fault.New(vneid.ErrUntrusted, "sso: VerifyIDToken is not for callers outside this module: use Finish")
	}
	if err := c.made(); err != nil {
		return nil, err
	}
	p := s.data()
	if err := c.ours(p); err != nil {
		return nil, fault.Prefix("sso", err)
	}
	id, err := c.fromToken(ctx, tokens{id: token, scope: c.cfg.Scopes}, p)
	if err == nil {
		err = id.finish(nil)
	}
	if err != nil {
		return nil, fault.Prefix("sso", err)
	}
	return id, nil
}

// identify turns tokens into an Identity: the signed statements first, and only
// if they satisfy what was asked the call that brings more personal data.
func (c *Client) identify(ctx context.Context, md *metadata, t tokens, p *pending) (*Identity, error) {
	began := c.cfg.Now()
	id, err := c.fromToken(ctx, t, p)
	c.verdict("id-token", began, &err)
	if err != nil {
		return nil, err
	}
	var info *jws.Object
	if md.userinfo != "" && slices.ContainsFunc(t.scope, func(s string) bool { return s != "openid" }) {
		if info, err = c.askUserinfo(step(ctx, "userinfo"), md, t.AccessToken, id.get().subject); err != nil {
			return nil, err
		}
	}
	if err := id.finish(info); err != nil && (c.on("locks") || !errors.Is(err, vneid.ErrLocked)) {
		return nil, err
	}
	// Userinfo may know of a lock that is younger than the token.
	if err := c.admit(id.get(), p); err != nil {
		return nil, err
	}
	f := id.get()
	f.tokens, f.hint = c.grant(t, f, p), c.hintOf(t.id, &f.claims)
	// The login counts from before the provider made the tokens: a logout that arrives
	// while userinfo is read ends it too.
	if !t.asked.IsZero() {
		began = t.asked
	}
	f.visit = &visit{begun: began, stepUp: p.Subject != "", asked: p.Need.Auth}
	return id, nil
}

// fromToken verifies the ID token and what it says about level and locks.
func (c *Client) fromToken(ctx context.Context, t tokens, p *pending) (*Identity, error) {
	id, f := newIdentity()
	f.scopes, f.integrity, f.accepted = t.scope, Signed, Signed
	if err := c.verifyIDToken(ctx, t.id, t.AccessToken, p, f); err != nil {
		return nil, err
	}
	if err := f.locks(&f.claims); err != nil && c.on("locks") {
		return nil, err
	}
	if err := f.levels(); err != nil && c.on("levels") {
		return nil, err
	}
	if err := c.admit(f, p); err != nil {
		return nil, err
	}
	return id, nil
}

// admit refuses a login that is locked or too weak, for what it was begun for or
// for this client: a Session comes from the caller's store, and may be older than
// the configuration.
func (c *Client) admit(f *facts, p *pending) error {
	if f.eidLocked && c.cfg.RefuseLockedEID && c.on("locks") {
		return &vneid.LockError{EID: true}
	}
	need := stronger(c.cfg.Need, p.Need)
	if need != (vneid.Assurance{}) && c.on("integrity") {
		if err := f.solid(least(c.cfg.Accept, p.Accept)); err != nil {
			return err
		}
	}
	if !c.on("level") {
		return nil
	}
	return f.check(c.tolerant(need))
}

// tolerant gives a required time of authentication the clocks' tolerance.
func (c *Client) tolerant(need vneid.Assurance) vneid.Assurance {
	if !need.At.IsZero() {
		need.At = need.At.Add(-c.cfg.Skew)
	}
	return need
}

// levels reads acr, which says both levels, and account_level, which says one
// again. An acr that is not of our form says nothing.
func (f *facts) levels() error {
	level, auth, _ := wire.ParseACR(f.claims.String("acr"))
	account := vneid.Level(0)
	switch f.claims.Raw(wire.AccountLevel) {
	case "":
	case "1":
		account = 1
	case "2":
		account = 2
	default:
		return fault.New(vneid.ErrMalformed, "the claim %s is neither 1 nor 2", wire.AccountLevel)
	}
	if f.claims.Err() != nil {
		return refused("the ID token", f.claims.Err())
	}
	f.assurance.Level, f.assurance.Auth = level, auth
	if level == 0 {
		f.assurance.Level = account
	}
	if f.eidLocked {
		f.assurance.Level = min(f.assurance.Level, 1)
	}
	// While the electronic identity card is locked a provider may state the level
	// that is left in acr and the one that was granted in account_level.
	if agree := level == account || f.eidLocked && level < account; level != 0 && account != 0 && !agree {
		return fault.New(vneid.ErrMalformed, "the claims acr and %s contradict each other", wire.AccountLevel)
	}
	return nil
}

// locks reads the two locks. Any status but active counts as locked: what we do
// not know must not open anything.
func (f *facts) locks(o *jws.Object) error {
	if locked(o, wire.Account) {
		return &vneid.LockError{Account: true}
	}
	if locked(o, wire.EIDStatus) {
		f.eidLocked = true
		f.assurance.Level = min(f.assurance.Level, 1)
	}
	return nil
}

func locked(o *jws.Object, name string) bool {
	raw := said(o, name)
	return raw != "" && raw != `"active"`
}

// finish adds the person, as the token and userinfo describe them.
func (id *Identity) finish(info *jws.Object) error {
	f := id.get()
	p := person{token: &f.claims, info: info}
	r, err := p.record()
	if err != nil {
		return err
	}
	f.account = AccountType(p.text(wire.AccountType))
	if p.text("sid"); p.err != nil {
		return p.err
	}
	f.citizen, f.info = vneid.NewCitizen(r, seal.Own()), info
	return f.locks(info)
}
