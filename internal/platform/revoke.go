package platform

import (
	"errors"
	"net/http"
)

// handleRevoke takes an access or refresh token back (RFC 7009): the whole login
// goes, with everything it gave. A token that is unknown, or another client's, is
// answered like one that was taken back. A JWT stays good for who reads it offline,
// until it ends.
func (p *Platform) handleRevoke(w http.ResponseWriter, r *http.Request) {
	form, c, err := p.clientCall(w, r)
	if err == nil {
		err = p.store.Update(r.Context(), func(tx Tx) error {
			id, err := p.grantOf(tx, form.Get("token"))
			if err != nil || id == "" {
				return err
			}
			g, err := load[grant](tx, tableGrants, id)
			if err != nil || g == nil || g.Client != c.ID && p.on("revoke-owner") {
				return err
			}
			return p.endGrant(tx, id, g)
		})
	}
	if err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// grantOf finds the login that a token of either kind belongs to; "" for none.
func (p *Platform) grantOf(tx Tx, value string) (string, error) {
	t, err := load[token](tx, tableTokens, p.mac("token", value))
	if err != nil || t != nil {
		return grantID(t), err
	}
	rec, err := load[refresh](tx, tableRefresh, p.mac("refresh", value))
	if err != nil || rec == nil {
		return "", err
	}
	return rec.Grant, nil
}

func grantID(t *token) string {
	if t == nil {
		return ""
	}
	return t.Grant
}

// endFamily ends a login of which two parties hold something that only one can
// have: one of them is a thief, and nobody knows which.
func (p *Platform) endFamily(tx Tx, id string) error {
	if !p.on("family") {
		return nil
	}
	g, err := load[grant](tx, tableGrants, id)
	if err != nil || g == nil {
		return err
	}
	return p.endGrant(tx, id, g)
}

// endGrant ends a grant and the data request that stands on it, which the person's list
// would else show as one that goes on.
func (p *Platform) endGrant(tx Tx, id string, g *grant) error {
	return errors.Join(tx.Delete(tableGrants, id), p.endShare(tx, g.Share))
}
