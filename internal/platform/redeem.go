package platform

import (
	"net/http"
	"time"
)

// redeemMemory is how long after a code's end the platform still answers the
// same as before. Verifiers that lost an answer ask again within it.
const redeemMemory = 24 * time.Hour

// handleRedeem makes a dynamic code one-time for all verifiers together (project
// format, not VNeID's).
//
//	POST /qr/redeem   client authentication as at the token endpoint
//	  id              the code's identifier (cti), base64url
//	  Idempotency-Key header, 16 to 128 visible characters, one per scan
//
//	200 {"id":…,"redeemed_at":…}  this call won, or repeats the one that won
//	409 {"error":"replayed"}      another client, or another scan, was first
//	403 {"error":"wrong_audience"} the code is for another client
//	410 {"error":"expired"}  404 {"error":"unknown_code"}
//
// The first redeemer stays the first: whoever repeats its call with its key gets
// the same answer, everybody else 409, so a lost answer costs nobody a code.
func (p *Platform) handleRedeem(w http.ResponseWriter, r *http.Request) {
	form, c, err := p.clientCall(w, r)
	if err == nil && (c.Public || !c.Redeem) {
		err = refuse(http.StatusForbidden, "unauthorized_client", "")
	}
	key := r.Header.Get("Idempotency-Key")
	if err == nil && (!visible(key, 128) || len(key) < 16 || !visible(form.Get("id"), 64)) {
		err = badRequest("id or Idempotency-Key is missing or malformed")
	}
	if err != nil {
		fail(w, err)
		return
	}
	var at time.Time
	err = p.store.Update(r.Context(), func(tx Tx) (err error) {
		at, err = p.redeem(tx, *c, form.Get("id"), key)
		return err
	})
	if err != nil {
		fail(w, err)
		return
	}
	writeMembers(w, members{is("id", form.Get("id")), is("redeemed_at", at)})
}

func (p *Platform) redeem(tx Tx, c Client, id, key string) (time.Time, error) {
	record := p.mac("qr", id)
	code, err := load[issued](tx, tableCodesIssued, record)
	if err != nil {
		return time.Time{}, err
	}
	now, hashed := p.now(), p.mac("redeem", c.ID, key)
	switch {
	case code == nil:
		return time.Time{}, refuse(http.StatusNotFound, "unknown_code", "")
	case code.Audience != "" && code.Audience != c.ID:
		return time.Time{}, refuse(http.StatusForbidden, "wrong_audience", "")
	case code.Winner == c.ID && code.Key == hashed:
		return code.At, nil
	case code.Winner != "":
		return time.Time{}, refuse(http.StatusConflict, "replayed", "")
	case !now.Before(code.Until.Add(redeemSkew)):
		return time.Time{}, refuse(http.StatusGone, "expired", "")
	}
	// The lock may have come after the code was shown.
	a, err := load[Account](tx, tableAccounts, code.Account)
	if err != nil {
		return time.Time{}, err
	}
	if a == nil || a.AccountLocked || int(a.Usable()) < code.Level {
		return time.Time{}, refuse(http.StatusForbidden, "locked", "")
	}
	code.Winner, code.Key, code.At = c.ID, hashed, now
	if err := save(tx, tableCodesIssued, record, code, code.Until.Add(redeemMemory)); err != nil {
		return time.Time{}, err
	}
	return now, p.write(tx, code.Account, &c, ReadRedeem, nil)
}

// redeemSkew lets a verifier with a slow clock redeem what it accepts.
const redeemSkew = 30 * time.Second
