package platform

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// Logins at a counter begin without the person: each check that stands for them is
// met by an attack.
func TestAttacksOnACounterMeetTheirCheck(t *testing.T) {
	answered := func(w *world, number string) (*desk, string) {
		d := w.desk(nil)
		id := d.id()
		_ = d.approve(Approval{Number: number})
		return d, id
	}
	signed := func(w *world, claims object, by *device) bool {
		return w.fapi(func(c *Client) { c.CIBA = Poll }).ring(by, claims).status == 200
	}
	all := []attack{
		{"a person confirms without having seen the clerk's screen", "ciba-number", func(w *world) bool {
			d, id := answered(w, "11")
			return d.poll(id).status == 200
		}},
		{"a telephone that rings until it is confirmed", "ciba-one", func(w *world) bool {
			d := w.desk(nil)
			d.id()
			return d.ask(nil).status == 200
		}},
		{"tokens of a request fetched twice", "ciba-once", func(w *world) bool {
			d, id := answered(w, "47")
			return twice(func() bool { return d.poll(id).status == 200 })
		}},
		{"another client fetches", "ciba-client", func(w *world) bool {
			_, id := answered(w, "47")
			w.register(Client{ID: "desk", Secret: rpSecret, RedirectURIs: []string{rpBack}, CIBA: Poll})
			other := w.desk(func(c *Client) { c.ID = "other" })
			return other.postForm("/token", pollForm("other", id), nil).status == 200
		}},
		{"an old answer is fetched", "ciba-time", func(w *world) bool {
			d, id := answered(w, "47")
			d.clock.advance(promptLife)
			return d.poll(id).status == 200
		}},
		{"a telephone left on the table answers for its owner", "ciba-factor", func(w *world) bool {
			d := w.desk(nil)
			id := d.ask(map[string]string{"acr_values": "urn:vneid:acr:l2:a2"}).text("auth_req_id")
			_ = d.approve(Approval{Number: "47", Password: "guess"})
			return d.poll(id).status == 200
		}},
		{"a signed request of somebody else's key", "ciba-request-key", func(w *world) bool {
			thief := newDevice(w.t)
			return signed(w, nil, &thief)
		}},
		{"a signed request for another server", "ciba-request-audience", func(w *world) bool {
			return signed(w, object{"aud": "https://evil.example"}, nil)
		}},
		{"a signed request sent again", "ciba-request-once", func(w *world) bool {
			f := w.fapi(func(c *Client) { c.CIBA = Poll })
			one := object{"jti": "one-and-the-same"}
			return twice(func() bool {
				w.clock.advance(promptLife) // the first prompt is over
				return f.ring(nil, one).status == 200
			})
		}},
	}
	meet(t, all)
}

// ring begins a login at a counter by a signed request; by is whose key signs it, the
// client's if it is nil.
func (f *fapi) ring(by *device, claims object) answer {
	f.t.Helper()
	if by == nil {
		by = &f.auth
	}
	now := f.clock.Now()
	request := by.sign(object{"alg": "ES256", "kid": "k1", "typ": "JWT"}, apply(object{
		"iss": f.id, "aud": f.url, "jti": random(), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(30 * time.Minute).Unix(),
		"scope": "openid vneid:id", "login_hint": levelTwo, "binding_message": "47 ngan hang",
	}, claims))
	return f.send("/bc-authorize", url.Values{"request": {request}}, nil)
}

func pollForm(client, id string) url.Values {
	return url.Values{"client_id": {client}, "client_secret": {rpSecret}, "grant_type": {cibaGrant}, "auth_req_id": {id}}
}

func TestSignedRequestsAtACounter(t *testing.T) {
	for name, c := range map[string]struct {
		claims object
		want   string
	}{
		"as it must be":                     {nil, ""},
		"another issuer":                    {object{"iss": "other"}, "invalid_request_object"},
		"an audience that is a list of two": {object{"aud": []string{"x", "y"}}, "invalid_request_object"},
		"without jti":                       {object{"jti": nil}, "invalid_request_object"},
		"without nbf":                       {object{"nbf": nil}, "invalid_request_object"},
		"without exp":                       {object{"exp": nil}, "invalid_request_object"},
		"over":                              {object{"exp": 1}, "invalid_request_object"},
		"good for a day":                    {object{"exp": 4102444800}, "invalid_request_object"},
		"a hint that is a list":             {object{"login_hint": []string{levelTwo}}, "invalid_request_object"},
		"no message":                        {object{"binding_message": nil}, "invalid_binding_message"},
		"two hints":                         {object{"id_token_hint": "x"}, "invalid_request"},
	} {
		if a := newWorld(t).fapi(func(c *Client) { c.CIBA = Poll }).ring(nil, c.claims); a.text("error") != c.want {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	f := newWorld(t).fapi(func(c *Client) { c.CIBA = Poll })
	if a := f.send("/bc-authorize", url.Values{"request": {"x.y.z"}, "login_hint": {levelTwo}}, nil); a.text("error") != "invalid_request" {
		t.Errorf("a parameter beside the signed request: %s", a.raw)
	}
}

// What a registered client can learn of people by naming numbers is one word.
func TestNamingPeopleTellsNothingOfThem(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	for _, handle := range []string{"account-locked", "no-app", "no-account", ""} {
		number := "999090999999"
		if handle != "" {
			a, err := w.Account(t.Context(), handle)
			if err != nil {
				t.Fatal(err)
			}
			number = a.Username()
		}
		a := w.desk(nil).ask(map[string]string{"login_hint": number})
		seen[string(a.raw)] = true
		if a.status != 400 || !strings.Contains(string(a.raw), "unknown_user_id") {
			t.Errorf("%s: %d %s", handle, a.status, a.raw)
		}
	}
	if len(seen) != 1 {
		t.Errorf("answers differ: %v", seen)
	}
}
