package lab_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// json makes one call of the lab's interface for programs and reads the answer into out.
func (w *tester) json(method, path string, in any, want int, out any) {
	w.t.Helper()
	kind, body := "", ""
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			w.t.Fatal(err)
		}
		kind, body = "application/json", string(b)
	}
	status, _, text := w.do(method, path, kind, body)
	var head struct {
		Version int
		Banner  string
		Error   string
	}
	if err := json.Unmarshal([]byte(text), &head); err != nil || head.Version != 1 || head.Banner != platform.Banner {
		w.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	if status != want || (want >= 400) != (head.Error != "") {
		w.t.Fatalf("%s %s: %d, want %d: %s", method, path, status, want, text)
	}
	if out != nil {
		if err := json.Unmarshal([]byte(text), out); err != nil {
			w.t.Fatal(err)
		}
	}
}

type m = map[string]any

func TestProgramsSwitchFaults(t *testing.T) {
	w := open(t, nil)
	var list struct {
		Faults []struct {
			Name, Kind string
			About      struct{ Vi, En string }
			Everybody  bool
			On         []string
		}
	}
	w.json("GET", "/lab/api/v1/faults", nil, 200, &list)
	kinds := 0
	for _, f := range list.Faults {
		if f.About.Vi == "" || f.About.En == "" || f.About.Vi == f.About.En || f.On == nil {
			t.Errorf("%s: nobody says in both languages what it does: %+v", f.Name, f.About)
		}
		if f.Kind != "" {
			kinds++
		}
	}
	if len(list.Faults) < 60 || kinds < 60 {
		t.Errorf("%d faults, %d with an error to expect", len(list.Faults), kinds)
	}
	w.json("POST", "/lab/api/v1/faults", m{"client": "bank", "name": "wrong-nonce", "on": true}, 200, nil)
	w.json("POST", "/lab/api/v1/faults", m{"client": "", "name": "token-down", "on": true}, 200, nil)
	if got := w.site.Platform.Broken("bank"); len(got) != 1 || got[0] != "wrong-nonce" {
		t.Errorf("%v", got)
	}
	w.json("POST", "/lab/api/v1/faults", m{"client": "bank", "name": "wrong-nonce", "on": false}, 200, nil)
	w.json("DELETE", "/lab/api/v1/faults?client=", nil, 200, nil)
	if got := w.site.Platform.BrokenClients(); len(got) != 0 {
		t.Errorf("%v", got)
	}
	for name, q := range map[string]struct {
		body m
		want int
	}{
		"no such fault": {m{"name": "nothing", "on": true}, 404}, "no such fault, off": {m{"name": "nothing"}, 404},
		"no such client": {m{"client": "nobody", "name": "wrong-nonce", "on": true}, 404}, "an unknown member": {m{"name": "wrong-nonce", "of": "x"}, 400},
	} {
		t.Run(name, func(t *testing.T) { w.json("POST", "/lab/api/v1/faults", q.body, q.want, nil) })
	}
}

func TestProgramsMoveTheClock(t *testing.T) {
	w := open(t, nil)
	var at struct {
		Now    time.Time
		Offset float64
	}
	w.json("POST", "/lab/api/v1/clock", m{"set": "2024-06-30T23:59:50+07:00"}, 200, &at)
	if d := time.Until(at.Now).Seconds() - at.Offset; at.Now.Year() != 2024 || d < -60 || d > 60 {
		t.Errorf("%+v, %v seconds off", at, d)
	}
	w.json("POST", "/lab/api/v1/clock", m{"advance": "36h"}, 200, &at)
	if at.Now.Month() != time.July {
		t.Errorf("%+v", at)
	}
	w.json("POST", "/lab/api/v1/clock", m{"reset": true}, 200, &at)
	if at.Offset != 0 {
		t.Errorf("%+v", at)
	}
	w.json("POST", "/lab/api/v1/clock", m{"set": "1999-01-01T00:00:00Z"}, 422, nil)
	w.json("POST", "/lab/api/v1/clock", m{"advance": "soon"}, 400, nil)
	fixed := open(t, func(c *web.Config) { c.Clock = nil })
	fixed.json("POST", "/lab/api/v1/clock", m{"reset": true}, 409, nil)
}

func TestProgramsReadCallsMessagesKeysAndWeather(t *testing.T) {
	w := open(t, nil)
	w.json("POST", "/lab/api/v1/clients", m{"id": "ci", "name": "CI", "class": "state", "secret": "ci-secret-for-tests", "redirect_uris": []string{"https://ci.example/cb"}}, 200, nil)
	w.json("POST", "/lab/api/v1/clients", m{"id": "ci2", "name": "CI", "class": "business", "secret": "x", "redirect_uris": []string{"https://ci.example/cb"}}, 400, nil)
	if status, _, _ := w.do("POST", "/token", "application/x-www-form-urlencoded", url.Values{"client_id": {"ci"}, "client_secret": {"ci-secret-for-tests"}, "grant_type": {"x"}}.Encode()); status != 400 {
		t.Fatalf("the new client: %d", status)
	}
	var calls struct {
		Calls []struct {
			Path, Error string
			Status      int
			Params      []string
		}
	}
	w.json("GET", "/lab/api/v1/calls?client=ci", nil, 200, &calls)
	if len(calls.Calls) != 1 || calls.Calls[0].Path != "/token" || calls.Calls[0].Error != "unsupported_grant_type" || len(calls.Calls[0].Params) != 3 {
		t.Errorf("%+v", calls)
	}
	w.json("DELETE", "/lab/api/v1/calls?client=ci", nil, 200, nil)
	w.json("GET", "/lab/api/v1/calls?client=ci", nil, 200, &calls)
	if len(calls.Calls) != 0 {
		t.Errorf("%+v", calls)
	}
	w.json("GET", "/lab/api/v1/calls?client=nobody", nil, 404, nil)

	var sent struct{ Messages []platform.Message }
	w.json("GET", "/lab/api/v1/messages?person=first-login", nil, 200, &sent)
	if len(sent.Messages) == 0 || sent.Messages[0].Secret == "" {
		t.Errorf("no first password: %+v", sent)
	}
	w.json("GET", "/lab/api/v1/messages?person=nobody", nil, 404, nil)

	var keys struct {
		Sets []struct {
			Set  string
			Keys []struct{ Kid, Thumbprint, Phase string }
		}
	}
	w.json("POST", "/lab/api/v1/keys", m{"set": "qr", "do": "announce"}, 200, &keys)
	for _, s := range keys.Sets {
		if want := 1 + map[bool]int{true: 1}[s.Set == "qr"]; len(s.Keys) != want {
			t.Errorf("%s has %d keys", s.Set, len(s.Keys))
		}
	}
	w.json("POST", "/lab/api/v1/keys", m{"set": "qr", "do": "eat"}, 404, nil)

	w.json("POST", "/lab/api/v1/weather", m{"place": "POST /token", "down": true}, 200, nil)
	if status, _, _ := w.do("POST", "/token", "", ""); status != 503 {
		t.Errorf("%d", status)
	}
	w.json("POST", "/lab/api/v1/weather", m{"place": "POST /token"}, 200, nil)
	w.json("POST", "/lab/api/v1/weather", m{"place": "POST /nowhere", "down": true}, 404, nil)
	w.json("POST", "/lab/api/v1/weather", m{"place": "POST /token", "delay_ms": int64(1) << 60}, 404, nil)
	w.json("POST", "/lab/api/v1/reset", m{}, 200, nil)
	w.json("GET", "/lab/api/v1/calls?client=ci", nil, 404, nil)
	w.json("GET", "/lab/api/v1/nothing", nil, 404, nil)
	var home struct{ Addresses []string }
	w.json("GET", "/lab/api/v1", nil, 200, &home)
	if len(home.Addresses) != 9 {
		t.Errorf("%v", home.Addresses)
	}
}

func TestABodyIsOneStrictObjectOfItsType(t *testing.T) {
	w := open(t, nil)
	for name, c := range map[string][2]string{
		"a form": {"application/x-www-form-urlencoded", `{"reset":true}`}, "no type": {"", `{"reset":true}`}, "text": {"text/plain", `{"reset":true}`},
		"two objects": {"application/json", `{"reset":true}{}`}, "a list": {"application/json", `[]`}, "nothing": {"application/json", ``},
		"too long": {"application/json", `{"advance":"` + strings.Repeat("1", 70<<10) + `"}`},
	} {
		if status, _, _ := w.do("POST", "/lab/api/v1/clock", c[0], c[1]); status != 400 && status != 413 {
			t.Errorf("%s: %d", name, status)
		}
	}
}

// The lab is not there for anybody but this machine.
func TestTheLabIsForThisMachineAlone(t *testing.T) {
	local, err := web.New(t.Context(), web.Config{Issuer: "http://127.0.0.1:8088", PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	public, err := web.New(t.Context(), web.Config{Issuer: "https://id.example", PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	exposed, err := web.New(t.Context(), web.Config{Issuer: "https://id.example", PasswordRounds: 1, LabExposed: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		site   http.Handler
		host   string
		peer   string
		header string
		want   int
	}{
		"this machine":                            {local, "127.0.0.1:8088", "127.0.0.1:5000", "", 200},
		"another machine":                         {local, "127.0.0.1:8088", "192.0.2.7:5000", "", 404},
		"another machine over IPv6":               {local, "127.0.0.1:8088", "[2001:db8::7]:5000", "", 404},
		"no address":                              {local, "127.0.0.1:8088", "", "", 404},
		"through a proxy":                         {local, "127.0.0.1:8088", "127.0.0.1:5000", "X-Forwarded-For", 404},
		"through a standard proxy":                {local, "127.0.0.1:8088", "127.0.0.1:5000", "Forwarded", 404},
		"through a gateway":                       {local, "127.0.0.1:8088", "127.0.0.1:5000", "Via", 404},
		"by another name":                         {local, "evil.example:8088", "127.0.0.1:5000", "", 307},
		"a public platform, from here":            {public, "id.example", "127.0.0.1:5000", "", 404},
		"a public platform, from elsewhere":       {public, "id.example", "192.0.2.7:5000", "", 404},
		"a public platform that exposes its lab":  {exposed, "id.example", "192.0.2.7:5000", "", 200},
		"its lab through a proxy, as is expected": {exposed, "id.example", "127.0.0.1:5000", "X-Forwarded-For", 200},
	} {
		for _, path := range []string{"/lab", "/lab/clock", "/lab/people", "/lab/api/v1", "/lab/api/v1/messages?person=level2"} {
			r := httptest.NewRequest("GET", path, nil).WithContext(context.Background())
			r.Host, r.RemoteAddr = c.host, c.peer
			if c.header != "" {
				r.Header.Set(c.header, "for=192.0.2.7")
			}
			rec := httptest.NewRecorder()
			if c.site.ServeHTTP(rec, r); rec.Code != c.want {
				t.Errorf("%s: %s: %d", name, path, rec.Code)
			}
			if c.want == 404 && (strings.Contains(rec.Body.String(), "lab") || strings.Contains(rec.Body.String(), "version")) {
				t.Errorf("%s: %s tells that it is there: %s", name, path, rec.Body)
			}
		}
	}
}

// Another site's page in the tester's own browser reaches nothing: neither by a form nor
// by a script.
func TestOtherSitesCannotUseTheLab(t *testing.T) {
	w := open(t, nil)
	for name, edit := range map[string]func(*http.Request){
		"a form":                  func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") },
		"a script with JSON":      func(r *http.Request) { r.Header.Set("Content-Type", "application/json") },
		"a script without a type": func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
	} {
		for _, path := range []string{"/lab/faults", "/lab/clock", "/lab/reset", "/lab/api/v1/reset", "/lab/api/v1/clock"} {
			r, err := http.NewRequest("POST", w.Base+path, strings.NewReader(`{}`))
			if err != nil {
				t.Fatal(err)
			}
			edit(r)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Origin", "https://evil.example")
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusForbidden {
				t.Errorf("%s to %s: %d", name, path, res.StatusCode)
			}
		}
	}
}
