package ciba

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Each attack fails, its twin (run with attack false) passes, and it succeeds when
// the one check that it aims at is taken out.
var attacks = []struct {
	id, name, check string
	run             func(t *testing.T, o *op, d *Desk, attack bool) error
	want            vneid.Kind
}{
	{"A4", "ringing until somebody confirms", checkOpen, func(t *testing.T, o *op, d *Desk, attack bool) error {
		s := mustBegin(t, d, Ask{})
		if !attack {
			if _, err := d.Wait(t.Context(), s); err != nil {
				return err
			}
		}
		_, err := d.Begin(t.Context(), Ask{Hint: hint})
		return err
	}, vneid.ErrUnavailable},
	{"A8", "an ID token of another request", checkID, func(t *testing.T, o *op, d *Desk, attack bool) error {
		o.claims = set(authReqID, "req-1")
		if attack {
			o.claims = set(authReqID, "req-7")
		}
		_, err := d.Wait(t.Context(), mustBegin(t, d, Ask{}))
		return err
	}, vneid.ErrMismatch},
	{"A8", "an ID token that names its request in another form", checkID, func(t *testing.T, o *op, d *Desk, attack bool) error {
		o.claims = set(authReqID, "req-1")
		if attack {
			o.claims = set(authReqID, []string{"req-1"})
		}
		_, err := d.Wait(t.Context(), mustBegin(t, d, Ask{}))
		return err
	}, vneid.ErrMismatch},
	{"A8", "a session begun by another client", checkOwner, func(t *testing.T, o *op, d *Desk, attack bool) error {
		by := d
		if attack {
			by = o.desk(func(c *sso.Config, _ *Config) { c.ClientID = "another" })
		}
		_, err := d.Wait(t.Context(), mustBegin(t, by, Ask{}))
		return err
	}, vneid.ErrMismatch},
	{"A5", "a finished login once more", checkOver, func(t *testing.T, o *op, d *Desk, attack bool) error {
		s := mustBegin(t, d, Ask{})
		_, err := d.Wait(t.Context(), s)
		if attack {
			time.Sleep(10 * time.Second)
			_, err = d.Poll(t.Context(), s)
		}
		return err
	}, vneid.ErrReplayed},
	{"A9", "the session of whoever was logged in before", checkFresh, func(t *testing.T, o *op, d *Desk, attack bool) error {
		if attack {
			o.claims = set("auth_time", time.Now().Add(-time.Hour).Unix())
		}
		_, err := d.Wait(t.Context(), mustBegin(t, d, Ask{}))
		return err
	}, vneid.ErrLevel},
}

func TestAttacks(t *testing.T) {
	for _, a := range attacks {
		t.Run(a.id+" "+a.name, func(t *testing.T) {
			try := func(attack bool, without string) (err error) {
				synctest.Test(t, func(t *testing.T) {
					o := newOP(t)
					d := o.desk()
					d.without = without
					err = a.run(t, o, d, attack)
				})
				return err
			}
			if err := try(false, ""); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			refusedAs(t, try(true, ""), a.want)
			if err := try(true, a.check); err != nil {
				t.Fatalf("fails without the check of %s too: %v", a.check, err)
			}
			t.Logf("pair %s %s: stopped by %s, succeeds without", a.id, a.name, a.check)
		})
	}
	t.Logf("%d attacks", len(attacks))
}

// A notification by a stranger, or about another request, wakes nobody; without its
// check it does.
func TestAttacksOnTheBell(t *testing.T) {
	for name, forge := range map[string]func(token string) (string, string){
		"a guessed token":         func(string) (string, string) { return strings.Repeat("C", 43), "req-1" },
		"a token cut short":       func(token string) (string, string) { return token[:42], "req-1" },
		"the right, another's id": func(token string) (string, string) { return token, "req-9" },
	} {
		for _, without := range []string{"", checkBell} {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				d := o.desk(ping)
				d.without = without
				s := mustBegin(t, d, Ask{})
				code := send(d, notification(forge(o.requests[0].Get("client_notification_token"))))
				rung := false
				select {
				case <-d.bell(s.look()):
					rung = true
				default:
				}
				if rung != (without != "") || rung != (code == 204) {
					t.Errorf("%s, without %q: answered %d, rung %v", name, without, code, rung)
				}
			})
		}
	}
}

// What Identify of package sso refuses, this package must not let past it.
func TestTokensOfOtherLogins(t *testing.T) {
	for name, c := range map[string]struct {
		claims func(object)
		ask    Ask
		want   vneid.Kind
	}{
		"of a browser's login":          {set("nonce", "n-1"), Ask{}, vneid.ErrMismatch},
		"of a login with less":          {set("acr", "urn:vneid:acr:l1:a3"), Ask{Need: vneid.Assurance{Level: 2}}, vneid.ErrLevel},
		"of another person":             {set("sub", "person-2"), Ask{Subject: "person-1"}, vneid.ErrMismatch},
		"of before the request":         {func(o object) { o["iat"] = time.Now().Add(-time.Hour).Unix() }, Ask{}, vneid.ErrMismatch},
		"that anything signed could be": {func(o object) { delete(o, "at_hash"); delete(o, "auth_time") }, Ask{}, vneid.ErrMalformed},
		"for another access token":      {set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), Ask{}, vneid.ErrSignature},
		"of somebody who is locked":     {set("account_status", "locked"), Ask{}, vneid.ErrLocked},
		"of a card that is locked":      {set("eid_status", "locked"), Ask{Need: vneid.Assurance{Level: 2}}, vneid.ErrLocked},
		"without a person":              {drop("sub"), Ask{}, vneid.ErrMalformed},
		"issued to somebody else":       {set("azp", "another"), Ask{}, vneid.ErrMismatch},
		"that begins later":             {func(o object) { o["nbf"] = time.Now().Add(time.Hour).Unix() }, Ask{}, vneid.ErrNotYetValid},
		"of a person in plain numbers":  {set("sub", 7), Ask{}, vneid.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				d := o.desk()
				if _, err := d.Wait(t.Context(), mustBegin(t, d, c.ask)); err != nil {
					t.Fatalf("the twin: %v", err)
				}
				o.claims = c.claims
				id, err := d.Wait(t.Context(), mustBegin(t, d, c.ask))
				refusedAs(t, err, c.want)
				if _, _, visits := o.count(); visits != 1 || id != nil {
					t.Errorf("%d visits to userinfo", visits)
				}
			})
		})
	}
}

func TestTokensThatCannotBeUsed(t *testing.T) {
	for name, c := range map[string]struct {
		tokens func(object)
		want   vneid.Kind
	}{
		"no access token":     {drop("access_token"), vneid.ErrMalformed},
		"one with a space":    {set("access_token", "a b"), vneid.ErrMalformed},
		"no ID token":         {drop("id_token"), vneid.ErrMalformed},
		"no type":             {drop("token_type"), vneid.ErrMalformed},
		"a type nobody asked": {set("token_type", "DPoP"), vneid.ErrMalformed},
		"a scope as a list":   {set("scope", []string{"openid"}), vneid.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				o.tokens = c.tokens
				d := o.desk()
				_, err := d.Wait(t.Context(), mustBegin(t, d, Ask{}))
				refusedAs(t, err, c.want)
			})
		})
	}
}

// In FAPI2's shape: a key instead of a secret, tokens bound to a key, and the request
// signed.
func TestFAPI(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		key := newSigner(t)
		fapi := func(c *sso.Config, own *Config) {
			c.Profile, c.ClientSecret, c.Key, c.KeyID = sso.FAPI2, "", key, "rp-1"
			own.Sign = true
		}
		d := o.desk(fapi)
		s := mustBegin(t, d, Ask{Message: "Quay 3"})
		form := o.requests[0]
		for name := range form {
			if name != "request" && name != "client_id" && name != "client_assertion" && name != "client_assertion_type" {
				t.Errorf("%s outside the signed request", name)
			}
		}
		for what, raw := range map[string]string{"request": form.Get("request"), "assertion": form.Get("client_assertion")} {
			head, c := open(t, &key.PublicKey, raw)
			life := c["exp"].(float64) - c["iat"].(float64)
			if head["kid"] != "rp-1" || c["iss"] != "counter" || c["aud"] != issuer || c["jti"] == nil || life > 60 {
				t.Errorf("%s: %v %v", what, head, c)
			}
			if what == "request" && (c["login_hint"] != hint || c["binding_message"] != s.Number()+" Quay 3" || c["scope"] != "openid vneid:id" || c["nbf"] == nil) {
				t.Errorf("%v", c)
			}
		}
		if _, err := d.Wait(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		proofs := map[string]bool{}
		for i, u := range o.urls {
			where, _ := url.Parse(u)
			proof := o.auth[i].Get("DPoP")
			if (where.Path == "/token" || where.Path == "/userinfo") != (proof != "") || proof != "" && proofs[proof] {
				t.Errorf("%s: proof %q", where.Path, proof)
			}
			proofs[proof] = true
		}
		// A token that is not bound, although it was asked for, is a downgrade.
		o.tokens = set("token_type", "Bearer")
		_, err := d.Wait(t.Context(), mustBegin(t, d, Ask{}))
		refusedAs(t, err, vneid.ErrUntrusted)
		d.without = checkBound
		if _, err = d.Wait(t.Context(), mustBegin(t, d, Ask{})); err != nil {
			t.Error(err)
		}
		// Signing needs a key, and a provider that takes its algorithm.
		_, err = o.desk(func(_ *sso.Config, c *Config) { c.Sign = true }).Begin(t.Context(), Ask{Hint: hint})
		if err == nil || !strings.Contains(err.Error(), "Config.Sign") {
			t.Error(err)
		}
		o.metadata = set("backchannel_authentication_request_signing_alg_values_supported", []string{"PS256"})
		_, err = o.desk(fapi).Begin(t.Context(), Ask{Hint: hint})
		refusedAs(t, err, vneid.ErrUntrusted)
	})
}

// open verifies an ES256 token by hand.
func open(t *testing.T, key *ecdsa.PublicKey, raw string) (head, claims object) {
	t.Helper()
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no token", raw)
	}
	sig, _ := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if len(sig) != 64 || !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		t.Fatal("the signature is wrong")
	}
	for i, o := range []*object{&head, &claims} {
		b, _ := base64.RawURLEncoding.DecodeString(parts[i])
		if err := json.Unmarshal(b, o); err != nil {
			t.Fatal(err)
		}
	}
	return head, claims
}

// at_hash and auth_time tell an ID token without nonce from what else the provider
// signs: either is enough, as TestTokensOfOtherLogins shows that one is needed.
func TestWhatMarksAnIDToken(t *testing.T) {
	for _, without := range []string{"at_hash", "auth_time"} {
		synctest.Test(t, func(t *testing.T) {
			o := newOP(t)
			o.claims = drop(without)
			d := o.desk()
			if _, err := d.Wait(t.Context(), mustBegin(t, d, Ask{})); err != nil {
				t.Errorf("without %s: %v", without, err)
			}
		})
	}
}
