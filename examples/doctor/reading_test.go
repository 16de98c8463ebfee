package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestDriftIsKnownBetweenTwoBounds(t *testing.T) {
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	least, most := drift(call{date: at, sent: at.Add(-2 * time.Second), got: at.Add(3 * time.Second)})
	if least != -3*time.Second || most != 3*time.Second {
		t.Errorf("between %v and %v", least, most)
	}
}

func TestACachesDateIsNoClock(t *testing.T) {
	f := newFake(t)
	old := func(age string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
			if age != "" {
				w.Header().Set("Age", age)
			}
			f.serve(w, r)
		}
	}
	f.over["/jwks"] = old("3600")
	if r := examine(t, here(), f.args(t)...); !r.has("clock-ok") {
		t.Errorf("%v", r.checks())
	}
	f.over["/jwks"] = old("")
	if r := examine(t, here(), f.args(t)...); !r.has("clock-apart") {
		t.Errorf("without Age: %v", r.checks())
	}
}

func TestOnlyAHouseThatIsClosedEverywhereIsTheAddress(t *testing.T) {
	for _, c := range []struct {
		name  string
		calls []call
		want  bool
	}{
		{"two closed doors", []call{{host: "h", path: "/a", status: 401}, {host: "h", path: "/b", status: 403}}, true},
		{"and one that nobody answers", []call{{host: "h", path: "/a", status: 401}, {host: "h", path: "/b", status: 403}, {host: "h", path: "/c"}}, true},
		{"one door", []call{{host: "h", path: "/a", status: 401}}, false},
		{"one door twice", []call{{host: "h", path: "/a", status: 401}, {host: "h", path: "/a", status: 401}}, false},
		{"a room that does not exist", []call{{host: "h", path: "/a", status: 401}, {host: "h", path: "/b", status: 404}, {host: "h", path: "/c", status: 403}}, false},
		{"an open door", []call{{host: "h", path: "/a", status: 401}, {host: "h", path: "/b", status: 200}, {host: "h", path: "/c", status: 403}}, false},
	} {
		d := newDoctor(&options{timeout: time.Second}, here())
		d.tap.calls = c.calls
		if d.address(); (len(d.found) == 1) != c.want {
			t.Errorf("%s: %v", c.name, d.found)
		}
	}
}

func TestAnswersToARequestAreReadAsFarAsTheyTell(t *testing.T) {
	page := func(status int, body string) call { return call{status: status, body: []byte(body)} }
	sent := func(location string) call { return call{status: 302, location: location} }
	for _, c := range []struct {
		name string
		call call
		want outcome
	}{
		{"a login page", page(200, "<form>"), taken},
		{"a login page that names the parameter", page(200, `<input name="redirect_uri">`), taken},
		{"a long login page with a warning", page(200, "redirect_uri invalid"+strings.Repeat(" ", 20<<10)), taken},
		{"a refusal with 200", page(200, "invalid redirect_uri"), turnedDown},
		{"a redirect to the login page", sent("https://id.example/login"), taken},
		{"back with an error", sent(callback + "?error=invalid_scope"), taken},
		{"to a page about the mismatch", sent("https://id.example/error?error=redirect_uri_mismatch"), turnedDown},
		{"an unknown client", page(400, "unknown client_id"), strange},
		{"an unknown client, in code", call{status: 401, code: "invalid_client"}, strange},
		{"both are named", page(400, "client_id or redirect_uri"), turnedDown},
		{"a closed door", page(403, ""), shut},
		{"trouble", page(500, ""), failing},
		{"nothing", call{}, failing},
	} {
		if got := c.call.refusal(callback); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	for location, want := range map[string]bool{
		callback + "?code=1": true, callback + "&x": true, callback: false, callback + "/x?code=1": false, "https://portal.example.evil/?": false,
	} {
		if comesBack(location, callback) != want {
			t.Errorf("%s: %v", location, !want)
		}
	}
	quotes := page(400, `<a href="https://u:canary@portal.example/a">, https://portal.example/b?x=1&amp;y, https://other.example/c, `+callback)
	if got := quoted(quotes, callback); len(got) != 1 || got[0] != "https://portal.example/b" {
		t.Errorf("%q", got)
	}
}

func TestAnErrorThatIsNoCodeIsNotRepeated(t *testing.T) {
	f := newFake(t)
	f.over["/authorize"] = http.RedirectHandler(callback+"?error=%1b%5b31mcanary", http.StatusSeeOther).ServeHTTP
	if r := examine(t, here(), f.args(t)...); !r.has("redirect-ok") || r.has("login-refused") {
		t.Errorf("%v", r.checks())
	}
}

func TestOtherHostsMustBeNamed(t *testing.T) {
	f := newFake(t)
	f.change = func(m map[string]any) {
		m["jwks_uri"] = strings.Replace(f.URL, "127.0.0.1", "localhost", 1) + "/jwks"
	}
	if r := examine(t, here(), f.args(t)...); !r.has("metadata-hosts") || r.status != ill {
		t.Errorf("%v", r.checks())
	}
	if r := examine(t, here(), f.args(t, "-hosts", "x.example, localhost")...); !r.has("metadata-ok") || r.status != healthy {
		t.Errorf("with -hosts: %v", r.checks())
	}
}
