package platform

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const levelTwo = "999090000001" // of the person with the handle level2

// desk is a relying party with a counter, played by hand.
type desk struct{ *world }

func (w *world) desk(edit func(*Client)) *desk {
	w.t.Helper()
	c := Client{ID: "desk", Name: "BHXH", Secret: rpSecret, RedirectURIs: []string{rpBack}, Scopes: []string{"profile", "vneid:id", "vneid:card"}, CIBA: Poll}
	if edit != nil {
		edit(&c)
	}
	w.register(c)
	return &desk{w}
}

// ask begins a login; edits are as for request.
func (d *desk) ask(edits map[string]string) answer {
	d.t.Helper()
	form := url.Values{"client_id": {"desk"}, "client_secret": {rpSecret}, "scope": {"openid vneid:id"}, "login_hint": {levelTwo}, "binding_message": {"47 BHXH quay 3"}}
	for name, value := range edits {
		if value == "" {
			form.Del(name)
		} else {
			form.Set(name, value)
		}
	}
	return d.postForm("/bc-authorize", form, nil)
}

func (d *desk) id() string {
	d.t.Helper()
	a := d.ask(nil)
	if a.status != 200 {
		d.t.Fatalf("%d %s", a.status, a.raw)
	}
	return a.text("auth_req_id")
}

func (d *desk) poll(id string) answer {
	d.t.Helper()
	return d.postForm("/token", pollForm("desk", id), nil)
}

// approve answers the one prompt that waits.
func (d *desk) approve(a Approval) error {
	d.t.Helper()
	all, err := d.Prompts(context.Background(), "level2")
	if err != nil || len(all) != 1 {
		d.t.Fatalf("%d prompts, %v", len(all), err)
	}
	return d.Approve(context.Background(), "level2", all[0].ID, a)
}

func TestAPromptOfACounterSaysWhoAsksForWhat(t *testing.T) {
	d := newWorld(t).desk(nil)
	if a := d.ask(map[string]string{"acr_values": "urn:vneid:acr:l2:a4"}); a.body["expires_in"] != 120.0 || a.body["interval"] != 5.0 || len(a.text("auth_req_id")) != 43 {
		t.Errorf("%s", a.raw)
	}
	all, err := d.Prompts(t.Context(), "level2")
	if err != nil || len(all) != 1 {
		t.Fatal(err)
	}
	q := all[0]
	if !q.Counter || q.Client != "BHXH" || q.Message != "BHXH quay 3" || q.Number != "" || q.Ask != "" || strings.Join(q.Scopes, " ") != "openid vneid:id" || len(q.Needs) != 2 {
		t.Errorf("%+v", q)
	}
}

func TestRequestsAtACounterThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		edits map[string]string
		want  string
	}{
		"as it must be":             {nil, ""},
		"a level":                   {map[string]string{"acr_values": "urn:vneid:acr:l2:a3"}, ""},
		"a wish for three minutes":  {map[string]string{"requested_expiry": "180"}, ""},
		"another secret":            {map[string]string{"client_secret": "x"}, "invalid_client"},
		"another client":            {map[string]string{"client_id": "rp"}, "unauthorized_client"},
		"no openid":                 {map[string]string{"scope": "vneid:id"}, "invalid_scope"},
		"a scope of nobody's":       {map[string]string{"scope": "openid email"}, "invalid_scope"},
		"no hint":                   {map[string]string{"login_hint": ""}, "invalid_request"},
		"two hints":                 {map[string]string{"id_token_hint": "x"}, "invalid_request"},
		"an unknown number":         {map[string]string{"login_hint": "999090999999"}, "unknown_user_id"},
		"the account's handle":      {map[string]string{"login_hint": "level2"}, "unknown_user_id"},
		"no message":                {map[string]string{"binding_message": ""}, "invalid_binding_message"},
		"a message without number":  {map[string]string{"binding_message": "BHXH"}, "invalid_binding_message"},
		"one digit":                 {map[string]string{"binding_message": "4 BHXH"}, "invalid_binding_message"},
		"markup":                    {map[string]string{"binding_message": "47 <b>BHXH"}, "invalid_binding_message"},
		"a URL":                     {map[string]string{"binding_message": "47 https://evil.example"}, "invalid_binding_message"},
		"another script's letters":  {map[string]string{"binding_message": "47 ВНХН"}, "invalid_binding_message"},
		"a long message":            {map[string]string{"binding_message": "47 " + strings.Repeat("a", 62)}, "invalid_binding_message"},
		"an expiry of no seconds":   {map[string]string{"requested_expiry": "0"}, "invalid_request"},
		"an expiry that is no time": {map[string]string{"requested_expiry": "-1"}, "invalid_request"},
		"a request that is nothing": {map[string]string{"request": "x"}, "invalid_request"},
	} {
		if a := newWorld(t).desk(nil).ask(c.edits); a.text("error") != c.want || (a.status == 200) != (c.want == "") || strings.Contains(string(a.raw), levelTwo) {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
}

// The poll's answers in time (CIBA §11).
func TestPollsInTime(t *testing.T) {
	d := newWorld(t).desk(nil)
	id := d.id()
	say := func(after time.Duration, want string) {
		t.Helper()
		d.clock.advance(after)
		if a := d.poll(id); a.text("error") != want {
			t.Errorf("%s, want %q", a.raw, want)
		}
	}
	say(0, "authorization_pending")
	say(4*time.Second, "slow_down") // 10 s from here
	say(9*time.Second, "slow_down") // 15 s
	say(15*time.Second, "authorization_pending")
	say(15*time.Second, "authorization_pending")
	if err := d.approve(Approval{Number: "47"}); err != nil {
		t.Fatal(err)
	}
	a := d.poll(id) // at once: it is not pending any more
	claims := claimsOf(t, a.body["id_token"])
	if a.status != 200 || claims["nonce"] != nil || claims["acr"] != "urn:vneid:acr:l2:a1" || claims["sid"] == nil || d.userinfo(a.text("access_token")).body["citizen_id"] != levelTwo {
		t.Errorf("%d %s %v", a.status, a.raw, claims)
	}
	say(time.Minute, "invalid_grant")

	id = d.id()
	say(2*time.Minute, "expired_token")
	if a := d.ask(map[string]string{"requested_expiry": "86400"}); a.body["expires_in"] != 600.0 {
		t.Errorf("%s", a.raw)
	}
}

// A request is answered by who can show what it needs; a mistake there is no answer.
func TestWhatTheAppAsksForBesideItself(t *testing.T) {
	for _, c := range []struct {
		acr  string
		give Approval
		want string // acr of the ID token; "" for no answer
	}{
		{"urn:vneid:acr:l1:a1", Approval{}, "urn:vneid:acr:l1:a1"},
		{"urn:vneid:acr:l2:a2", Approval{}, ""},
		{"urn:vneid:acr:l2:a2", Approval{Password: "wrong"}, ""},
		{"urn:vneid:acr:l2:a2", Approval{Face: true}, ""},
		{"urn:vneid:acr:l2:a2", Approval{Password: "right"}, "urn:vneid:acr:l2:a2"},
		{"urn:vneid:acr:l2:a3", Approval{}, ""},
		{"urn:vneid:acr:l2:a3", Approval{Face: true}, "urn:vneid:acr:l2:a3"},
		{"urn:vneid:acr:l2:a4", Approval{Face: true}, ""},
		{"urn:vneid:acr:l2:a4", Approval{Face: true, Password: "right"}, "urn:vneid:acr:l2:a4"},
	} {
		d := newWorld(t).desk(nil)
		id := d.ask(map[string]string{"acr_values": c.acr}).text("auth_req_id")
		c.give.Number = "47"
		if c.give.Password == "right" {
			c.give.Password = d.browser("level2").fill(View{Step: StepLogin})[FieldPassword]
		}
		err := d.approve(c.give)
		a := d.poll(id)
		if c.want == "" {
			if err != ErrFactor || a.text("error") != "authorization_pending" {
				t.Errorf("%s, %+v: %v %s", c.acr, c.give, err, a.raw)
			}
			continue
		}
		if got := claimsOf(t, a.body["id_token"])["acr"]; err != nil || got != c.want {
			t.Errorf("%s, %+v: %v %v", c.acr, c.give, err, got)
		}
	}
}

func TestAPingIsTheRequestsOwn(t *testing.T) {
	type call struct{ auth, media, body string }
	heard := make(chan call, 10)
	bell := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := make([]byte, 500)
		n, _ := r.Body.Read(b)
		heard <- call{r.Header.Get("Authorization"), r.Header.Get("Content-Type"), string(b[:n])}
		w.WriteHeader(204)
	}))
	defer bell.Close()
	for _, number := range []string{"47", "48"} { // an answer either way
		d := newWorld(t).desk(func(c *Client) { c.CIBA, c.NotificationURI = Ping, bell.URL })
		if a := d.ask(nil); a.text("error") != "invalid_request" {
			t.Errorf("without a token: %s", a.raw)
		}
		token := strings.Repeat("t", 43)
		id := d.ask(map[string]string{"client_notification_token": token}).text("auth_req_id")
		for table, rows := range d.memory().tables {
			for key, row := range rows.rows {
				if strings.Contains(key+string(row.value), token) || strings.Contains(key+string(row.value), id) {
					t.Errorf("table %s holds a secret in the clear", table)
				}
			}
		}
		_ = d.approve(Approval{Number: number})
		if _, err := d.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, want := <-heard, (call{"Bearer " + token, "application/json", `{"auth_req_id":"` + id + `"}`}); got != want {
			t.Errorf("%+v", got)
		}
	}
}

func TestRegistrationsOfACounter(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*Client)
		ok   bool
	}{
		"poll":                  {func(*Client) {}, true},
		"ping":                  {func(c *Client) { c.CIBA, c.NotificationURI = Ping, "https://rp.example/ping" }, true},
		"ping on loopback":      {func(c *Client) { c.CIBA, c.NotificationURI = Ping, "http://127.0.0.1:9/ping" }, true},
		"ping without https":    {func(c *Client) { c.CIBA, c.NotificationURI = Ping, "http://rp.example/ping" }, false},
		"ping without address":  {func(c *Client) { c.CIBA = Ping }, false},
		"poll with address":     {func(c *Client) { c.NotificationURI = "https://rp.example/ping" }, false},
		"push":                  {func(c *Client) { c.CIBA, c.NotificationURI = "push", "https://rp.example/ping" }, false},
		"a public client":       {func(c *Client) { c.Secret, c.Public = "", true }, false},
		"a wire":                {func(c *Client) { c.Wire = VNConnect }, false},
		"an address of no mode": {func(c *Client) { c.CIBA, c.NotificationURI = "", "https://rp.example/ping" }, false},
	} {
		reg := Client{ID: "desk", Secret: rpSecret, RedirectURIs: []string{rpBack}, CIBA: Poll}
		c.edit(&reg)
		if err := newWorld(t).Register(t.Context(), reg); (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(), "Client.") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A person is not rung for by everybody at once.
func TestFivePromptsAtMostWaitForAPerson(t *testing.T) {
	w := newWorld(t)
	for i := range maxAsked + 1 {
		d := w.desk(func(c *Client) { c.ID = "desk" + string(rune('a'+i)) })
		a := d.ask(map[string]string{"client_id": "desk" + string(rune('a'+i))})
		if want := map[bool]int{true: 200, false: 503}[i < maxAsked]; a.status != want {
			t.Errorf("prompt %d: %d %s", i, a.status, a.raw)
		}
	}
	w.clock.advance(promptLife)
	if a := w.desk(nil).ask(nil); a.status != 200 {
		t.Errorf("afterwards: %s", a.raw)
	}
}
