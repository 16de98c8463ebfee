package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// BenchmarkLogin is what the engine alone takes for each of the four requests of a
// FAPI 2.0 login, without HTTP and without what it signs and verifies. It guides; the
// figures that count are those of internal/interop/load.
func BenchmarkLogin(b *testing.B) {
	w := newWorld(b)
	f := w.fapi(func(c *Client) { c.SkipConsent, c.Refresh = true, false })
	person := w.browser("level2")
	person.authorize(f.refer(f.push(nil)))
	site, _ := url.Parse(w.url)
	var cookies []string
	for _, c := range person.client.Jar.Cookies(site) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	f.send("/par", f.ask(nil), &f.bound) // learns the nonce
	h := w.Handler()
	spent := map[string]time.Duration{}
	ask := func(method, path string, form url.Values, header http.Header) (map[string]any, http.Header) {
		var body bytes.Buffer
		if form != nil {
			form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
			form.Set("client_assertion", f.assertion(nil, nil))
			body.WriteString(form.Encode())
		}
		r := httptest.NewRequest(method, path, &body).WithContext(context.Background())
		for name, values := range header {
			r.Header[name] = values
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		t := time.Now()
		h.ServeHTTP(rec, r)
		path, _, _ = strings.Cut(path, "?")
		spent[path] += time.Since(t)
		out := map[string]any{}
		_ = json.Unmarshal(rec.Body.Bytes(), &out)
		return out, rec.Header()
	}
	n := 0
	for b.Loop() {
		n++
		d := newDevice(b)
		proof := func(method, path, access string) http.Header {
			return http.Header{"Dpop": {f.proofBy(d, method, path, access, nil, nil)}}
		}
		out, _ := ask("POST", "/par", f.ask(nil), proof("POST", "/par", ""))
		_, back := ask("GET", "/authorize?"+f.refer(out["request_uri"].(string)).Encode(), nil, http.Header{"Cookie": {strings.Join(cookies, "; ")}})
		to, _ := url.Parse(back.Get("Location"))
		out, _ = ask("POST", "/token", codeForm(to.Query().Get("code")), proof("POST", "/token", ""))
		access := out["access_token"].(string)
		header := proof("GET", "/userinfo", access)
		header.Set("Authorization", "DPoP "+access)
		if out, _ := ask("GET", "/userinfo", nil, header); out["sub"] == nil {
			b.Fatal(out)
		}
	}
	verify, sign := rawES256(b, w.Platform)
	total := time.Duration(0)
	for path, raw := range map[string]time.Duration{"/par": 2 * verify, "/authorize": 0, "/token": 2*verify + sign, "/userinfo": verify} {
		d := spent[path]/time.Duration(n) - raw
		total += d
		b.ReportMetric(float64(d)/1000, path[1:]+"-µs")
	}
	b.ReportMetric(float64(total)/1000, "engine-µs")
	b.ReportMetric(float64(5*verify+sign)/1000, "crypto-µs")
}

func rawES256(b *testing.B, p *Platform) (verify, sign time.Duration) {
	key, err := p.login.signer("ES256")
	if err != nil {
		b.Fatal(err)
	}
	input := bytes.Repeat([]byte("x"), 600)
	const rounds = 500
	t := time.Now()
	var sig []byte
	for range rounds {
		if sig, err = jws.Sign("ES256", key.signer, input); err != nil {
			b.Fatal(err)
		}
	}
	sign = time.Since(t) / rounds
	t = time.Now()
	for range rounds {
		if jws.Verify("ES256", key.signer.Public(), input, sig) != nil {
			b.Fatal("refused")
		}
	}
	return time.Since(t) / rounds, sign
}
