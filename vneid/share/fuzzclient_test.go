package share

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// Whatever comes back through the browser: it is read or refused as Malformed, nothing
// is fetched for a callback that is not this session's, and no text repeats it.
func FuzzCallback(f *testing.F) {
	for _, s := range []string{
		"code=a&state=b&iss=https%3A%2F%2Fvneid.example", "error=access_denied&state=b", "code=a&code=b&state=c", "", "&&&", "code=%2", "code=a+b&state=c",
		"state=x&code=y&error=z", "id_token=x&state=y&code=z", "code=" + strings.Repeat("a", 9000), "code=\x00&state=b", "code=a&state=b&\xff=c",
	} {
		f.Add(s)
	}
	o := newOP(f)
	c := o.client()
	_, s, err := c.Begin(f.Context(), request())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r, err := readResponse(raw)
		if err == nil && (r.state == "" || (r.code == "") == (r.err == "")) {
			t.Errorf("%q is read as %v", raw, r)
		}
		if _, err := c.Finish(t.Context(), s, raw); err == nil || o.count("/token") != 0 {
			t.Errorf("%q passes: %v", raw, err)
		} else if len(raw) > 12 && strings.Contains(err.Error(), raw) {
			t.Errorf("%q is repeated: %v", raw, err)
		}
	})
}

func FuzzWebhook(f *testing.F) {
	f.Add(`{"id":"w-1","attempt":1,"auth_req_id":"r"}`, "sha256=00", "Bearer x")
	f.Add(`{"id":1}`, "sha256=zz", "Basic x")
	f.Add(`{`, "", "")
	f.Add(strings.Repeat("[", 10000), "sha1=00", "Bearer")
	o := newOP(f)
	c := o.client(func(cfg *Config) { cfg.WebhookSecret = []byte(secret) })
	s, err := c.Ask(f.Context(), request(), citizen, "")
	if err != nil {
		f.Fatal(err)
	}
	p := s.look()
	token := o.asked.Get("client_notification_token")
	f.Fuzz(func(t *testing.T, body, signature, auth string) {
		for _, off := range []string{"", "webhook-signature"} {
			c.off = off
			r := httptest.NewRequest("POST", "/", strings.NewReader(body))
			r.Header["X-Webhook-Signature"], r.Header["Authorization"] = []string{signature}, []string{auth}
			r.Header.Set("Content-Type", "application/json")
			if off != "" { // so that the parser behind the signature meets it all
				r.Header.Set("Authorization", "Bearer "+token)
			}
			w := httptest.NewRecorder()
			c.Notify().ServeHTTP(w, r)
			select {
			case <-c.desk.Rung(p.bell()):
				if off == "" || !strings.Contains(body, p.ID) {
					t.Errorf("%q rings", body)
				}
			default:
			}
			if off == "" && w.Code != 401 && w.Code != 400 {
				t.Errorf("%d for %q", w.Code, body)
			}
		}
	})
}

func FuzzSession(f *testing.F) {
	o := newOP(f)
	_, s, err := o.client().Begin(f.Context(), request())
	if err != nil {
		f.Fatal(err)
	}
	good, _ := s.MarshalText()
	f.Add(good)
	f.Add([]byte("1"))
	f.Add([]byte("1" + strings.Repeat("A", 100)))
	f.Fuzz(func(t *testing.T, text []byte) {
		s := new(Session)
		if s.UnmarshalText(text) != nil {
			return
		}
		again, err := s.MarshalText()
		if err != nil {
			return
		}
		if err := new(Session).UnmarshalText(again); err != nil {
			t.Errorf("what was read is not read again: %v", err)
		}
	})
}
