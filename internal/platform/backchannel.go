package platform

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// ended is a session that ended.
type ended struct {
	Account string `json:"account"`
	Session string `json:"session"`
}

// loggedIn is a relying party that takes part in a session.
type loggedIn struct {
	Client  string    `json:"client"`
	Session string    `json:"session"`
	At      time.Time `json:"at,omitzero"`
	Tell    bool      `json:"tell,omitempty"` // it wants to know the session's end
}

const (
	logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

	// logoutLife bounds a logout token (Back-Channel Logout 1.0 §2.4 advises two
	// minutes at most). Each try has a new one.
	logoutLife = 2 * time.Minute

	maxLogins = 1000 // relying parties told of one person's logout everywhere
)

// noteLogin remembers that a client takes part in a session: its person sees that, and a
// client that wants to be told learns of its end.
func (p *Platform) noteLogin(tx Tx, c *Client, account, sid string, until time.Time) error {
	if c == nil {
		return nil
	}
	return save(tx, tableLogins, account+"/"+sid+"/"+c.ID, loggedIn{c.ID, sid, p.now(), c.BackchannelLogoutURI != ""}, until)
}

// tellLogout enters the notices of a session that ended; of all sessions of the
// account with an empty sid.
func (p *Platform) tellLogout(tx Tx, account, sid string) error {
	prefix := account + "/"
	if sid != "" {
		prefix += sid + "/"
	}
	rows, err := tx.List(tableLogins, prefix, "", maxLogins)
	if err != nil {
		return err
	}
	for _, row := range rows {
		l, err := load[loggedIn](tx, tableLogins, row.Key)
		if err != nil || l == nil {
			return err
		}
		if err := tx.Delete(tableLogins, row.Key); err != nil {
			return err
		}
		if !l.Tell {
			continue
		}
		if err := p.tell(tx, notice{Client: l.Client, Logout: &ended{account, l.Session}}); err != nil {
			return err
		}
	}
	return nil
}

// logoutToken tells one client of one session's end, by the names that the client
// knows (Back-Channel Logout 1.0 §2.4).
func (p *Platform) logoutToken(c *Client, e *ended) (string, error) {
	now := p.now()
	t, err := p.newSigned(c.Alg, "logout+jwt",
		is("iss", p.cfg.Issuer), is("sub", p.subject(c, e.Account)), is("aud", c.ID), is("iat", now), is("exp", now.Add(logoutLife)),
		is("jti", random()), is("sid", p.sessionName(c, e.Session)), is("events", []jws.Member{is(logoutEvent, []jws.Member{})}))
	if err != nil {
		return "", err
	}
	if t.to, err = c.recipient(); err != nil { // encrypted as its ID tokens are (§2.4)
		return "", err
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.logoutToken != nil {
			f.logoutToken(t)
		}
	}
	return t.sign()
}

// EndSessions ends every session of a person, here and at the relying parties that
// want to be told (đăng xuất khỏi mọi thiết bị). The caller has authenticated the
// account's owner. Relying parties are told by Work or Deliver.
func (p *Platform) EndSessions(ctx context.Context, account string) error {
	return p.change(ctx, account, func(tx Tx, a *Account) error {
		a.EndedAt = p.now()
		return errors.Join(p.tellLogout(tx, account, ""), p.record(tx, entry{Kind: auditSessionsEnded, Actor: actorCitizen, Account: account}))
	})
}

// backchannelFaults are logout tokens that no relying party may act on.
func backchannelFaults() []fault {
	return []fault{
		{name: "backchannel-alg-none", about: "the logout token is not signed", logoutToken: unsignedAs("logout+jwt")},
		{name: "backchannel-wrong-alg", about: "the logout token is a MAC under the public key", logoutToken: maced("logout+jwt")},
		{name: "backchannel-wrong-key", about: "the logout token names the right key and is signed by another", logoutToken: otherKey},
		{name: "backchannel-wrong-iss", about: "the logout token is another issuer's", logoutToken: setClaim("iss", elsewhere)},
		{name: "backchannel-wrong-aud", about: "the logout token is for another client", logoutToken: setClaim("aud", "another-client")},
		{name: "backchannel-no-event", about: "the logout token tells of nothing", logoutToken: dropClaim("events")},
		{name: "backchannel-wrong-event", about: "the logout token tells of something else", logoutToken: setClaim("events", []jws.Member{is("http://schemas.openid.net/event/other", []jws.Member{})})},
		{name: "backchannel-with-nonce", about: "the logout token has a nonce, as an ID token", logoutToken: setClaim("nonce", "a-nonce")},
		{name: "backchannel-wrong-typ", about: "the logout token has an ID token's type", logoutToken: func(t *signed) { t.header.set("typ", "JWT") }},
		{name: "backchannel-old", about: "the logout token is ten minutes old", logoutToken: shift([]string{"iat", "exp"}, -10*time.Minute)},
		{name: "backchannel-no-jti", about: "the logout token has no name of its own", logoutToken: dropClaim("jti")},
		{name: "backchannel-nobody", about: "the logout token names neither a session nor a person", logoutToken: func(t *signed) {
			t.claims.drop("sub")
			t.claims.drop("sid")
		}},
		{name: "backchannel-no-sid", about: "the logout token names the person alone, as it may", logoutToken: dropClaim("sid")},
		{name: "backchannel-no-sub", about: "the logout token names the session alone, as it may", logoutToken: dropClaim("sub")},
	}
}
