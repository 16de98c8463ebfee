package sharetest

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// tokens are codes, tokens and grants that are used as they must not be. Each is used
// rightly first, or afterwards by its owner, so that a deployment which refuses
// everything fails.
func tokens() []test {
	return []test{
		{Case{"token/code-once", "a code is good for one use", "RFC 6749 §4.1.2"}, codeOnce},
		{Case{"token/code-verifier", "a stolen code is of no use", "RFC 7636 §4.6"}, codeVerifier},
		{Case{"token/code-address", "a code goes back to the address that it was sent to", "RFC 6749 §4.1.3"}, codeAddress},
		{Case{"token/no-proof", "no token is given without a key to bind it to", "RFC 9449 §5"}, noProof},
		{Case{"token/bearer", "a token is of no use without its key", "RFC 9449 §7.1"}, asBearer},
		{Case{"token/stolen", "nor with another key", "RFC 9449 §7.1"}, otherKey},
		{Case{"token/once", "one token fetches one answer", "project format: the bundle"}, fetchOnce},
		{Case{"token/granted", "the token says what was granted, and no login hides in it", "RFC 9396 §7"}, grantedEcho},
		{Case{"token/no-refresh", "who asked once gets nothing to ask again with", "project format: mode"}, noRefresh},
		{Case{"token/given-up", "what the relying party gave up is over", "project format: grants"}, givenUp},
		{Case{"token/too-early", "nothing is fetched again before its time", "project format: frequency_days"}, tooEarly},
		{Case{"token/garbage", "what is no token opens nothing", "RFC 6750 §3.1"}, garbage},
	}
}

func codeOnce(r *run) error {
	form, err := r.code(r.element())
	if err != nil {
		return err
	}
	if a, err := r.trade(r.party, form); err != nil {
		return err
	} else if err := expect(a, http.StatusOK, ""); err != nil {
		return err
	}
	a, err := r.trade(r.party, form)
	if err != nil {
		return err
	}
	return expect(a, 0, "invalid_grant")
}

// spoiled changes one parameter of the code's exchange.
func (r *run) spoiled(name, value string) error {
	if _, err := r.granted(r.element()); err != nil {
		return fmt.Errorf("the twin: %w", err)
	}
	form, err := r.code(r.element())
	if err != nil {
		return err
	}
	form.Set(name, value)
	a, err := r.trade(r.party, form)
	if err != nil {
		return err
	}
	return expect(a, 0, "invalid_grant")
}

func codeVerifier(r *run) error {
	return r.spoiled("code_verifier", "another-verifier-another-verifier-another-verifier")
}

func codeAddress(r *run) error {
	return r.spoiled("redirect_uri", r.cfg.RedirectURL+"-elsewhere")
}

func noProof(r *run) error {
	form, err := r.code(r.element())
	if err != nil {
		return err
	}
	a, err := r.trade(r.another(), form)
	if err != nil {
		return err
	}
	return expect(a, 0, "")
}

// wrongly fetches as somebody else first, and then as whom the token is for.
func (r *run) wrongly(p oauth.Party) error {
	t, err := r.granted(r.element())
	if err != nil {
		return err
	}
	access := t.Object.String("access_token")
	a, err := r.bundle(p, access)
	if err != nil {
		return err
	}
	if err := expect(a, http.StatusUnauthorized, ""); err != nil {
		return err
	}
	if a, err = r.bundle(r.party, access); err != nil {
		return err
	}
	if err := expect(a, http.StatusOK, ""); err != nil {
		return fmt.Errorf("the owner afterwards: %w", err)
	}
	return nil
}

func asBearer(r *run) error { return r.wrongly(r.another()) }

func otherKey(r *run) error {
	p, err := r.stranger()
	if err != nil {
		return err
	}
	return r.wrongly(p)
}

func fetchOnce(r *run) error {
	t, err := r.granted(r.element())
	if err != nil {
		return err
	}
	for _, status := range []int{http.StatusOK, 0} {
		a, err := r.bundle(r.party, t.Object.String("access_token"))
		if err != nil {
			return err
		}
		if err := expect(a, status, ""); err != nil {
			return err
		}
		if media := a.Media; status == http.StatusOK && media != wire.MediaBundle && media != wire.MediaJOSE {
			return fmt.Errorf("an answer of type %q", media)
		}
	}
	return nil
}

func grantedEcho(r *run) error {
	t, err := r.granted(r.element())
	if err != nil {
		return err
	}
	o := t.Object
	list := o.Objects(wire.Details)
	switch {
	case len(list) != 1:
		return fmt.Errorf("%d elements of what was granted, want 1", len(list))
	case list[0].String(wire.Transaction) == "" || list[0].String(wire.Grant) == "":
		return fmt.Errorf("txn or grant is missing")
	case len(list[0].Objects(wire.DetailDocuments)) != 2:
		return fmt.Errorf("%d documents were granted, want 2", len(list[0].Objects(wire.DetailDocuments)))
	case o.Has("id_token"):
		return fmt.Errorf("an ID token that nobody asked for")
	case o.String("token_type") != "DPoP":
		return fmt.Errorf("token_type is not DPoP")
	}
	return o.Err()
}

func noRefresh(r *run) error {
	t, err := r.granted(r.element())
	if err == nil && t.Object.Has("refresh_token") {
		err = fmt.Errorf("a refresh token")
	}
	return err
}

// periodic is the request for data that is fetched again.
func (r *run) periodic() object {
	now := r.party.Now
	e := r.element()
	e["mode"], e["frequency_days"], e["until"] = "periodic", 7, now().AddDate(0, 0, 25).Format("2006-01-02")
	return e
}

func (r *run) refresh(t oauth.Answer) (oauth.Answer, error) {
	return r.trade(r.party, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {t.Object.String("refresh_token")}})
}

// fetched are tokens of a periodic request whose first answer has been fetched.
func (r *run) fetched() (t oauth.Answer, grant string, err error) {
	if t, err = r.granted(r.periodic()); err != nil {
		return t, "", err
	}
	list := t.Object.Objects(wire.Details)
	if len(list) != 1 || !t.Object.Has("refresh_token") {
		return t, "", fmt.Errorf("no refresh token, or not told what was granted")
	}
	a, err := r.bundle(r.party, t.Object.String("access_token"))
	if err == nil {
		err = expect(a, http.StatusOK, "")
	}
	return t, list[0].String(wire.Grant), err
}

func givenUp(r *run) error {
	t, grant, err := r.fetched()
	if err != nil {
		return err
	}
	owner := r.another()
	a, err := owner.Delete(r.ctx, r.below(wire.PathGrants+url.PathEscape(grant)))
	if err != nil {
		return err
	}
	if a.Status/100 != 2 {
		return fmt.Errorf("giving up: status %d", a.Status)
	}
	if a, err = r.refresh(t); err != nil {
		return err
	}
	return expect(a, 0, "invalid_grant")
}

func tooEarly(r *run) error {
	t, _, err := r.fetched()
	if err != nil {
		return err
	}
	a, err := r.refresh(t)
	if err != nil {
		return err
	}
	return expect(a, 0, "slow_down")
}

func garbage(r *run) error {
	a, err := r.bundle(r.party, "this-is-no-token")
	if err != nil {
		return err
	}
	return expect(a, http.StatusUnauthorized, "")
}
