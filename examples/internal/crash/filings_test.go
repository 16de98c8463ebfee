package crash

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// clerk files stays of a hotel and withdraws each again. Withdrawing says which version
// it has seen, so that a second time would be refused: only the key makes it one call.
func clerk(a *actor) func() error {
	var rp *oauth.Party
	var access string
	var since time.Time
	call := func(what, path string, body any) (oauth.Answer, error) {
		text, err := json.Marshal(body)
		if err != nil {
			return oauth.Answer{}, err
		}
		var got oauth.Answer
		ctx := withKey(newKey())
		return got, a.until(what, func() error {
			got, err = rp.Send(ctx, a.issuer+path, access, text)
			got, err = answered(got, err, http.StatusOK)
			return err
		})
	}
	return func() (err error) {
		if time.Since(since) > 5*time.Minute {
			if rp, err = a.party("portal-hotel"); err != nil {
				return err
			}
			ctx := withKey(newKey())
			if err := a.until("token", func() error {
				got, err := rp.Post(ctx, a.issuer+"/token", url.Values{"grant_type": {"client_credentials"}, "scope": {servicewire.Scope}})
				got, err = answered(got, err, http.StatusOK)
				access = got.Object.String("access_token")
				return err
			}); err != nil {
				return err
			}
			since = time.Now()
		}
		key, now := (rand.Text() + rand.Text())[:43], time.Now()
		got, err := call("filing", servicewire.PathStays, map[string]any{"rows": []any{map[string]any{
			"key": key, "facility": "hotel-1", "name": "Nguyễn Văn An", "passport": "B" + fmt.Sprintf("%07d", len(a.keys)), "nationality": "VNM", "source": "typed",
			"arrive": now.Add(-time.Hour).Format(time.RFC3339), "leave": servicewire.Day(now.AddDate(0, 0, 2)).String(),
		}}})
		if err != nil {
			return err
		}
		rows := got.Object.Objects("rows")
		if len(rows) != 1 || rows[0].String("id") == "" {
			return fmt.Errorf("the stay was not taken: %s", got.Object.Text())
		}
		id := rows[0].String("id")
		a.mu.Lock()
		a.keys[key] = false
		a.mu.Unlock()
		if _, err = call("withdrawal", servicewire.PathCancel, map[string]any{"id": id, "version": 1}); err != nil {
			return err
		}
		a.mu.Lock()
		a.keys[key] = true
		a.mu.Unlock()
		return nil
	}
}

// counter begins logins in a person's app. A second prompt to somebody who has one is
// refused, so that only the key lets a repetition pass.
func counter(number string) func(*actor) func() error {
	return func(a *actor) func() error {
		return func() error {
			rp, err := a.party("portal-fapi2")
			if err != nil {
				return err
			}
			rp.Prover = nil
			ctx := withKey(newKey())
			if err := a.until("prompt", func() error {
				got, err := rp.Post(ctx, a.issuer+"/bc-authorize", url.Values{"scope": {"openid"}, "login_hint": {number}, "binding_message": {"47 Quay 3"}, "requested_expiry": {"1"}})
				_, err = answered(got, err, http.StatusOK)
				return err
			}); err != nil {
				return err
			}
			time.Sleep(1100 * time.Millisecond) // until it is over
			return nil
		}
	}
}
