package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

// authority is a chain of a test's own.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func keyFile(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

// issue makes a certificate signed by parent, or by itself for nil.
func issue(t *testing.T, parent *authority, name string, ca bool, from, to time.Time, san string) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: to,
		IsCA: ca, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if ip := net.ParseIP(san); ip != nil {
		tmpl.IPAddresses = []net.IP{ip}
	} else if san != "" {
		tmpl.DNSNames = []string{san}
	}
	by := &authority{tmpl, key}
	if parent != nil {
		by = parent
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, by.cert, &key.PublicKey, by.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key}
}

func (a *authority) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}))
}

// secured starts a provider with a certificate and what it sends along.
func secured(t *testing.T, leaf *authority, along ...*authority) *fake {
	t.Helper()
	f := unstarted()
	chain := [][]byte{leaf.cert.Raw}
	for _, a := range along {
		chain = append(chain, a.cert.Raw)
	}
	f.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: chain, PrivateKey: leaf.key}}}
	f.StartTLS()
	t.Cleanup(f.Close)
	return f
}

func TestCertificatesAreLookedAtOneFaultAtATime(t *testing.T) {
	now := time.Now()
	day := 24 * time.Hour
	root := issue(t, nil, "Root", true, now.Add(-1000*day), now.Add(1000*day), "")
	middle := issue(t, root, "Middle", true, now.Add(-100*day), now.Add(500*day), "")
	old := issue(t, root, "Old", true, now.Add(-100*day), now.Add(-day), "")
	stranger := issue(t, nil, "Stranger", true, now.Add(-100*day), now.Add(500*day), "")
	leaf := func(by *authority, from, to time.Duration, san string) *authority {
		return issue(t, by, "server", false, now.Add(from), now.Add(to), san)
	}
	good := leaf(middle, -day, 100*day, "127.0.0.1")
	ca := file(t, root.pem())

	twin := examine(t, here(), secured(t, good, middle).args(t, "-ca-file", ca)...)
	if twin.status != healthy || !twin.has("tls-ok") || !twin.has("credentials-ok") {
		t.Fatalf("the twin: %v", twin.checks())
	}
	for _, c := range []struct {
		check string
		leaf  *authority
		along []*authority
	}{
		{"tls-expired", leaf(middle, -9*day, -day, "127.0.0.1"), []*authority{middle}},
		{"tls-early", leaf(middle, day, 9*day, "127.0.0.1"), []*authority{middle}},
		{"tls-name", leaf(middle, -day, 100*day, "other.example"), []*authority{middle}},
		{"tls-incomplete", good, nil},
		{"tls-chain-expired", leaf(old, -50*day, 100*day, "127.0.0.1"), []*authority{old}},
		{"tls-untrusted", issue(t, nil, "self-signed", false, now.Add(-day), now.Add(100*day), "127.0.0.1"), nil},
		{"tls-untrusted", leaf(stranger, -day, 100*day, "127.0.0.1"), []*authority{stranger}},
	} {
		f := secured(t, c.leaf, c.along...)
		r := examine(t, here(), f.args(t, "-ca-file", ca)...)
		if o := r.get(t, c.check); o.Do == "" || r.status != ill || r.has("tls-ok") || !r.has("rest-skipped") || r.has("metadata-ok") {
			t.Errorf("%s: %v", c.check, r.checks())
		}
		for _, o := range r.Findings { // one fault, one finding
			if o.Level == bad && o.Check != c.check {
				t.Errorf("%s gives %s too", c.check, o.Check)
			}
		}
	}
	r := examine(t, here(), secured(t, leaf(middle, -day, 10*day, "127.0.0.1"), middle).args(t, "-ca-file", ca)...)
	if r.get(t, "tls-ends"); r.status != healthy || !r.has("tls-ok") {
		t.Errorf("ends soon: %v", r.checks())
	}
	plain := newFake(t)
	r = examine(t, here(), append(plain.args(t), "-issuer", strings.Replace(plain.URL, "http:", "https:", 1))...)
	if r.get(t, "tls-not"); r.status != ill {
		t.Errorf("no TLS: %v", r.checks())
	}
}

func TestConnectionsThatFailSayWhy(t *testing.T) {
	f := newFake(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := l.Addr().String()
	l.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts in the kernel, never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for _, c := range []struct{ check, issuer string }{
		{"tcp-refused", "http://" + free},
		{"tcp-refused", "https://" + free},
		{"tcp-timeout", "https://" + silent.Addr().String()},
	} {
		r := examine(t, here(), f.args(t, "-issuer", c.issuer, "-timeout", "300ms")...)
		if o := r.get(t, c.check); o.Level != bad || o.Do == "" || !r.has("rest-skipped") || r.status != ill || r.has("tcp-ok") {
			t.Errorf("%s: %v", c.check, r.checks())
		}
	}
}

func TestNamesThatFailSayWhy(t *testing.T) {
	f := newFake(t)
	named := strings.Replace(f.URL, "127.0.0.1", "localhost", 1)
	f.change = func(m map[string]any) {
		for k, v := range m {
			if s, ok := v.(string); ok {
				m[k] = strings.Replace(s, "127.0.0.1", "localhost", 1)
			}
		}
	}
	if r := examine(t, here(), f.args(t, "-issuer", named)...); r.status != healthy || !r.has("dns-ok") {
		t.Fatalf("the twin: %v", r.checks())
	}
	for check, err := range map[string]error{
		"dns-none":        &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true},
		"dns-unreachable": &net.DNSError{Err: "i/o timeout", Name: "x", IsTimeout: true},
	} {
		w := here()
		w.lookup = func(context.Context, string) ([]netip.Addr, error) { return nil, err }
		r := examine(t, w, f.args(t, "-issuer", named)...)
		if o := r.get(t, check); o.Level != bad || !r.has("rest-skipped") || !r.has("egress-unknown") || r.status != ill {
			t.Errorf("%s: %v", check, r.checks())
		}
	}
}

func TestProxiesAreSeenAndUsedOnlyWhenAsked(t *testing.T) {
	f := newFake(t)
	var through int
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		through++
		r.RequestURI = ""
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			w.WriteHeader(502)
			return
		}
		defer res.Body.Close()
		w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
		w.WriteHeader(res.StatusCode)
		io.Copy(w, res.Body)
	}))
	defer proxy.Close()
	w := here()
	w.env = func(name string) string {
		return map[string]string{"HTTPS_PROXY": strings.Replace(proxy.URL, "://", "://user:canary-password@", 1), "NO_PROXY": ".internal"}[name]
	}
	w.proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }

	r := examine(t, w, f.args(t)...)
	if o := r.get(t, "proxy-unused"); o.Level != warn || len(o.Detail) != 3 || r.status != healthy || through != 0 {
		t.Errorf("%d calls through it: %v", through, r.checks())
	}
	r = examine(t, w, f.args(t, "-proxy")...)
	if o := r.get(t, "proxy-used"); o.Level != note || r.status != healthy || through == 0 || !r.has("credentials-ok") {
		t.Errorf("%d calls through it: %v", through, r.checks())
	}
	if o := examine(t, here(), f.args(t, "-proxy")...).get(t, "proxy-none"); o.Level != warn {
		t.Errorf("-proxy without one: %v", o)
	}
}

// tunnel is a proxy of https that lets everybody through.
func tunnel(t *testing.T) *httptest.Server {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to, err := net.Dial("tcp", r.Host)
		if err != nil || r.Method != http.MethodConnect {
			w.WriteHeader(502)
			return
		}
		from, read, err := w.(http.Hijacker).Hijack()
		if err != nil {
			to.Close()
			return
		}
		io.WriteString(from, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { io.Copy(to, read); to.Close() }()
		io.Copy(from, to)
		from.Close()
	}))
	t.Cleanup(proxy.Close)
	return proxy
}

func TestTLSIsLookedAtThroughAProxyToo(t *testing.T) {
	now := time.Now()
	root := issue(t, nil, "Root", true, now.Add(-time.Hour), now.Add(time.Hour), "")
	ca, proxy := file(t, root.pem()), tunnel(t)
	w := here()
	w.proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	w.env = func(name string) string { return map[string]string{"HTTPS_PROXY": proxy.URL}[name] }
	good := secured(t, issue(t, root, "server", false, now.Add(-time.Hour), now.Add(1000*time.Hour), "127.0.0.1"))
	if r := examine(t, w, good.args(t, "-proxy", "-ca-file", ca)...); r.status != healthy || !r.has("tls-ok") || !r.has("proxy-used") || !r.has("credentials-ok") {
		t.Fatalf("the twin: %v", r.checks())
	}
	other := secured(t, issue(t, root, "server", false, now.Add(-time.Hour), now.Add(1000*time.Hour), "proxy.example"))
	if r := examine(t, w, other.args(t, "-proxy", "-ca-file", ca)...); r.status != ill || !r.has("tls-name") {
		t.Errorf("a proxy that opens TLS: %v", r.checks())
	}
}

func TestAnInterruptedExaminationBlamesNobody(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	if got := run(ctx, newFake(t).args(t), here(), &out, &errs); got != unsure || out.Len() > 0 || !strings.Contains(errs.String(), "interrupted") {
		t.Errorf("status %d, %q, %q", got, out.String(), errs.String())
	}
}

func TestAProxyThatDoesNotLetThroughIsNamed(t *testing.T) {
	for check, status := range map[string]int{"proxy-denied": 407, "tcp-failed": 502} {
		proxy := httptest.NewServer(always(status, ""))
		w := here()
		w.proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
		r := examine(t, w, "-issuer", "https://id.example", "-client-id", "portal", "-redirect", callback, "-proxy")
		if o := r.get(t, check); o.Level != bad || !r.has("rest-skipped") || r.has("dns-ok") {
			t.Errorf("%s: %v", check, r.checks())
		}
		proxy.Close()
	}
}

func TestClocksAreCompared(t *testing.T) {
	f := newFake(t)
	if r := examine(t, here(), f.args(t)...); !r.has("clock-ok") {
		t.Fatalf("the twin: %v", r.checks())
	}
	for _, c := range []struct {
		off    time.Duration
		check  string
		status int
	}{
		{2 * time.Second, "clock-ok", healthy},
		{20 * time.Second, "clock-drifts", healthy},
		{-20 * time.Second, "clock-drifts", healthy},
		{5 * time.Minute, "clock-off", ill},
		{-5 * time.Minute, "clock-off", ill},
	} {
		w := here()
		w.now = func() time.Time { return time.Now().Add(c.off) }
		if r := examine(t, w, f.args(t)...); !r.has(c.check) || r.status != c.status {
			t.Errorf("%v: %v", c.off, r.checks())
		}
	}
	dated := func(date string, next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Date"] = nil
			if date != "" {
				w.Header().Set("Date", date)
			}
			next(w, r)
		}
	}
	f.over["/token"] = dated(time.Now().Add(-30*time.Second).UTC().Format(http.TimeFormat), answers(400, "invalid_grant"))
	if r := examine(t, here(), f.args(t)...); !r.has("clock-apart") || r.status != healthy {
		t.Errorf("two clocks: %v", r.checks())
	}
	for _, path := range []string{"/.well-known/openid-configuration", "/jwks", "/authorize", "/token"} {
		f.over[path] = dated("", f.serve)
	}
	if r := examine(t, here(), f.args(t)...); !r.has("clock-unknown") || r.status != unsure {
		t.Errorf("no dates: %v", r.checks())
	}
}

func TestTheEgressAddressIsSaidAsFarAsItIsKnown(t *testing.T) {
	for check, addr := range map[string]string{
		"egress-unknown": "", "egress-local": "127.0.0.1", "egress-private": "10.1.2.3", "egress-public": "8.8.4.4",
	} {
		d := newDoctor(&options{timeout: time.Second}, here())
		if addr != "" {
			d.left(&net.TCPAddr{IP: net.ParseIP(addr), Port: 40000})
		}
		d.egress()
		if len(d.found) != 1 || d.found[0].Check != check {
			t.Errorf("%s: %v", addr, d.found)
		}
	}
}

func TestAServerWithoutACertificateIsSaid(t *testing.T) {
	d := newDoctor(&options{timeout: time.Second}, here())
	if d.certificate("id.example", &tls.ConnectionState{}) || d.found[0].Check != "tls-empty" {
		t.Error(d.found)
	}
}

func TestAWrongConfigurationIsNamedBeforeAnybodyIsCalled(t *testing.T) {
	r := examine(t, here(), "-issuer", "http://id.example", "-client-id", "portal", "-redirect", callback)
	if o := r.get(t, "config-wrong"); len(r.Findings) != 1 || r.status != ill || !strings.Contains(o.Detail[0], "Config.Issuer") {
		t.Errorf("%v", r.checks())
	}
}

func TestWrongUsageIsStatusTwo(t *testing.T) {
	secret := file(t, canary)
	for name, args := range map[string][]string{
		"nothing": {}, "no redirect": {"-issuer", "https://x.example", "-client-id", "p"}, "an argument": {"x"},
		"an unknown wire":     {"-wire", "soap", "-client-id", "p", "-redirect", callback},
		"a wire's addresses":  {"-wire", "vnconnect", "-client-id", "p", "-redirect", callback},
		"an unknown profile":  {"-issuer", "https://x.example", "-client-id", "p", "-redirect", callback, "-profile", "x"},
		"a missing secret":    {"-issuer", "https://x.example", "-client-id", "p", "-redirect", callback, "-secret-file", secret + ".none"},
		"a secret as a key":   {"-issuer", "https://x.example", "-client-id", "p", "-redirect", callback, "-key-file", secret},
		"a secret as a CA":    {"-issuer", "https://x.example", "-client-id", "p", "-redirect", callback, "-ca-file", secret},
		"a secret as an -env": {"-env", secret},
		"a language":          {"-lang", "fr"},
		"a misspelled name":   {"-env", file(t, "VNEID_ISSUR="+canary+"\n")},
		"a bad value":         {"-env", file(t, "VNEID_TIMEOUT="+canary+"\n")},
	} {
		var out, errs bytes.Buffer
		if got := run(t.Context(), args, here(), &out, &errs); got != unsure || out.Len() > 0 || errs.Len() == 0 || strings.Contains(errs.String(), canary) {
			t.Errorf("%s: status %d, %q, %q", name, got, out.String(), errs.String())
		}
	}
}

func TestAnEnvFileIsTakenByteForByte(t *testing.T) {
	f := newFake(t)
	env := file(t, "# the portal\nVNEID_ISSUER="+f.URL+"\nexport VNEID_CLIENT_ID=portal\r\nVNEID_CLIENT_SECRET=\""+canary+"\"\nVNEID_REDIRECT_URL="+callback+"\n\nOTHER=1\n")
	if r := examine(t, here(), "-env", env); r.status != healthy {
		t.Fatalf("the twin: %v", r.checks())
	}
	if r := examine(t, here(), "-env", env, "-redirect", callback+"/"); !r.has("redirect-differs") {
		t.Errorf("a flag goes before the file: %v", r.checks())
	}
	more := file(t, "VNEID_ISSUER="+f.URL+"\nVNEID_CLIENT_ID=portal\nVNEID_CLIENT_SECRET="+canary+"\nVNEID_REDIRECT="+callback+"\nVNEID_COOKIE_KEYS=canary\n")
	if r := examine(t, here(), "-env", more); r.status != healthy || r.get(t, "env-ignored").Detail[0] != "[5]" {
		t.Errorf("%v", r.checks())
	}
	if r := examine(t, here(), "-env", more, "-redirect-url", callback+"/"); !r.has("redirect-differs") {
		t.Errorf("the long name goes before the file too: %v", r.checks())
	}
	blank := file(t, "VNEID_ISSUER="+f.URL+"\nVNEID_CLIENT_ID=portal\nVNEID_CLIENT_SECRET="+canary+"\nVNEID_REDIRECT_URL="+callback+"\nVNEID_REGISTERED="+callback+" \n")
	if o := examine(t, here(), "-env", blank).get(t, "redirect-papers-differ"); !strings.Contains(o.What, "white space") {
		t.Errorf("%v", o)
	}
}
