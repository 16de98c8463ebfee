package sso

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// StepUp reads a resource server's answer to a call made for id. When it is the
// demand for a stronger or fresher login (RFC 9470), needed is true and ask says
// which: hand it to Begin, or with the handlers to Login(ask).ServeHTTP. It names
// the same person; set ask.Return.
//
// An error, of kind vneid.ErrLevel, is a demand that another login cannot meet: for
// an account level that this account does not have, which no login changes, or for
// what this login has already, so that a second attempt would end where the first
// did. A demand for an authentication context that is none of VNeID's is
// vneid.ErrUntrusted.
func (c *Client) StepUp(res *http.Response, id *Identity) (ask Ask, needed bool, err error) {
	if err := c.made(); err != nil {
		return Ask{}, false, err
	}
	if res == nil || res.StatusCode != http.StatusUnauthorized {
		return Ask{}, false, nil
	}
	all := challenges(res.Header.Values("WWW-Authenticate"))
	i := slices.IndexFunc(all, func(ch challenged) bool { return ch.params["error"] == "insufficient_user_authentication" })
	if i < 0 {
		return Ask{}, false, nil
	}
	ask, err = c.stepUp(all[i], id)
	if err != nil {
		return Ask{}, false, fault.Prefix("sso", err)
	}
	return ask, true, nil
}

func (c *Client) stepUp(ch challenged, id *Identity) (Ask, error) {
	if id.IsZero() {
		return Ask{}, noLogin{}
	}
	now, has := c.cfg.Now(), id.Assurance()
	need, err := contextOf(ch.params["acr_values"], has.Level)
	if err != nil {
		return Ask{}, err
	}
	if need.Level > has.Level {
		return Ask{}, &vneid.LevelError{Got: has, Want: need}
	}
	ask := Ask{Need: need, Subject: id.Subject(), Prompt: "login"}
	if age, err := strconv.Atoi(ch.params["max_age"]); err == nil && age >= 0 && age <= 1<<30 {
		need.At = now.Add(-time.Duration(age) * time.Second)
	} else if need == (vneid.Assurance{}) {
		need.At = now // it does not say what it lacks; a login now is all there is to offer
	}
	enough := has.Auth >= need.Auth && !has.At.Before(need.At)
	if v := id.get().visit; enough || v != nil && c.inVain(v, need.Auth) {
		return Ask{}, &vneid.LevelError{Got: has, Want: need}
	}
	return ask, nil
}

// contextOf is the weakest of the contexts that a server lists that an account of
// this level can reach; if it can reach none, the weakest of all.
func contextOf(list string, has vneid.Level) (vneid.Assurance, error) {
	var best vneid.Assurance
	for _, acr := range strings.Fields(list) {
		level, auth, ok := wire.ParseACR(acr)
		if !ok {
			continue
		}
		a := vneid.Assurance{Level: level, Auth: auth}
		reach, reached := a.Level <= has, best.Level <= has
		switch {
		case best == (vneid.Assurance{}), reach && !reached:
			best = a
		case reach == reached && (a.Auth < best.Auth || a.Auth == best.Auth && a.Level < best.Level):
			best = a
		}
	}
	if best == (vneid.Assurance{}) && strings.TrimSpace(list) != "" {
		return best, fault.New(vneid.ErrUntrusted, "the resource server wants an authentication context that is none of VNeID's")
	}
	return best, nil
}
