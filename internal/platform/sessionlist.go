package platform

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

const tableSessionsOf = "sessions" // account id / session id → nothing

// Login is a session as its person sees it: where they are logged in.
type Login struct {
	ID      string
	Since   time.Time
	Until   time.Time
	Auth    vneid.AuthLevel
	Browser string // "": a login at a counter, or a browser that does not say
	Parties []LoginParty
}

// LoginParty is a relying party that takes part in a session.
type LoginParty struct {
	Client, Name string
	Since        time.Time
}

// ErrNoLogin is for a session that is not the person's, or is over.
var ErrNoLogin = errors.New("platform: no such session")

const maxLoginsShown = 100

func (p *Platform) saveSession(tx Tx, sid string, s session) error {
	return errors.Join(save(tx, tableSessions, sid, s, s.Until), tx.Put(tableSessionsOf, s.Account+"/"+sid, []byte("1"), s.Until))
}

// dropSession ends one session, with every token that was issued in it.
func (p *Platform) dropSession(tx Tx, account, sid string) error {
	return errors.Join(tx.Delete(tableSessions, sid), tx.Delete(tableSessionsOf, account+"/"+sid), p.tellLogout(tx, account, sid))
}

// Logins lists the sessions of a person that are open.
func (p *Platform) Logins(ctx context.Context, account string) (out []Login, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		for after := ""; ; { // rows of sessions that are over stay until a sweep
			rows, err := tx.List(tableSessionsOf, account+"/", after, maxLoginsShown)
			if err != nil {
				return err
			}
			for _, row := range rows {
				after = row.Key
				one, err := p.loginOf(tx, account, row.Key[len(account)+1:])
				if err != nil {
					return err
				}
				if one == nil {
					continue
				}
				if out = append(out, *one); len(out) == maxLoginsShown {
					return nil
				}
			}
			if len(rows) < maxLoginsShown {
				return nil
			}
		}
	})
	return out, err
}

// loginOf is a session as its person sees it; nil for one that is over.
func (p *Platform) loginOf(tx Tx, account, sid string) (*Login, error) {
	s, _, err := p.alive(tx, sid)
	if err != nil || s == nil || s.Account != account {
		return nil, err
	}
	one := &Login{ID: sid, Since: s.Since, Until: s.Until, Auth: authLevel(s.Shown), Browser: s.Browser}
	one.Parties, err = p.parties(tx, account, sid)
	return one, err
}

func (p *Platform) parties(tx Tx, account, sid string) (out []LoginParty, err error) {
	logins, err := list[loggedIn](tx, tableLogins, account+"/"+sid+"/", maxLoginsShown)
	for _, l := range logins {
		name := l.Client
		c, err := load[Client](tx, tableClients, l.Client)
		if err != nil {
			return nil, err
		}
		if c != nil {
			name = c.Name
		}
		out = append(out, LoginParty{l.Client, name, l.At})
	}
	return out, err
}

// EndLogin ends one session of a person, with immediate effect on its tokens. The caller
// has authenticated the account's owner.
func (p *Platform) EndLogin(ctx context.Context, account, id string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		s, err := load[session](tx, tableSessions, id)
		if err != nil {
			return err
		}
		if s == nil || s.Account != account {
			return ErrNoLogin
		}
		return errors.Join(p.dropSession(tx, account, id), p.record(tx, entry{Kind: auditSessionsEnded, Actor: actorCitizen, Account: account}))
	})
}
