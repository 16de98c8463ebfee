package browser

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// labAndClock are what moves the clock, breaks things and starts everything anew.
var labAndClock = []string{"/lab", "/lab/", "/lab/clock", "/lab/faults", "/lab/people", "/lab/keys", "/lab/weather", "/lab/reset"}

// exposed starts a platform that other machines can reach, as if behind a proxy with
// https, and asks it as they would.
func exposed(t *testing.T, flags ...string) *visitor {
	addr := free(t)
	run(t, "platform", append([]string{"--addr", "0.0.0.0" + addr[strings.LastIndex(addr, ":"):], "--issuer", "https://platform.example",
		"--store", "memory:", "--data", t.TempDir(), "--log-level", "off", "--people", "0"}, flags...)...)
	v := visit(t, "http://"+addr)
	v.Client.Transport = named("platform.example")
	v.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return v
}

// named asks under another name than the address has.
type named string

func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host = string(n)
	return http.DefaultTransport.RoundTrip(r)
}

func TestTheLabIsOutOfReachOfOtherMachines(t *testing.T) {
	v := exposed(t, "--expose")
	if res := v.get("/help"); res.StatusCode != 200 {
		t.Fatalf("the exposed platform answers %d", res.StatusCode)
	}
	if strings.Contains(v.get("/").body, `href="/lab`) {
		t.Error("the start page leads to the lab")
	}
	for _, at := range labAndClock {
		for _, method := range []string{"GET", "POST"} {
			var form url.Values
			if method == "POST" {
				form = url.Values{"offset": {"24h"}, "fault": {"wrong-nonce"}, "confirm": {"yes"}}
			}
			if res := v.do(method, at, form); res.StatusCode != 404 {
				t.Errorf("%s %s: status %d", method, at, res.StatusCode)
			}
		}
	}
}

func TestTheLabIsExposedByItsOwnFlagAlone(t *testing.T) {
	if w := start(t); visit(t, w.platform).get("/lab").StatusCode == 404 {
		t.Error("the lab is not there on loopback")
	}
	if v := exposed(t, "--expose", "--lab-exposed"); v.get("/lab").StatusCode == 404 {
		t.Error("the lab is not there although it was asked for")
	}
}

func TestWithoutTheFlagThePlatformStaysOnThisMachine(t *testing.T) {
	said, err := fails(t, "platform", "--addr", "0.0.0.0:0", "--store", "memory:", "--data", t.TempDir())
	if err == nil || !strings.Contains(said, "loopback") {
		t.Errorf("%v, %s", err, said)
	}
}
