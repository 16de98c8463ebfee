// Package oidcprovider lets package sso and its neighbours log people in at
// oidc-provider, which the OpenID Foundation has certified for Basic, FAPI 1, FAPI 2,
// FAPI-CIBA and logout: a foreign reader of every request that we send and a foreign
// writer of every answer that we read.
//
// A proxy stands in front of the provider, at its issuer's address. It passes
// everything on, until a test makes it change one thing.
//
// Node and oidc-provider that are not installed are skipped, and are a failure where
// VNEID_REQUIRE_PEERS is 1. To install: npm ci in this directory.
package oidcprovider

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"
)

type object = map[string]any

// missing skips the test, or fails it where peers are required.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// provider is a running op.mjs behind its proxy.
type provider struct {
	t      *testing.T
	issuer string

	lines sync.Mutex // of stdin and stdout
	in    io.WriteCloser
	out   *bufio.Reader

	mu    sync.Mutex
	calls []string                    // method and path of every request since the last forget
	alter func(*http.Response) error  // changes one answer
	stand map[string]http.HandlerFunc // stands in for the provider at a path
	seen  map[string][]*http.Request  // requests by path, their forms read
}

// start runs a provider that knows the clients; trusted is a server of theirs with a
// certificate of its own making, which the provider is told to believe.
func start(t *testing.T, trusted *httptest.Server, clients ...object) *provider {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		missing(t, "Node is not installed")
	}
	if _, err := os.Stat("node_modules/oidc-provider"); err != nil {
		missing(t, "oidc-provider is not installed: run npm ci in internal/interop/oidcprovider")
	}
	p := &provider{t: t, stand: map[string]http.HandlerFunc{}, seen: map[string][]*http.Request{}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serve(w, r) }))
	t.Cleanup(front.Close)
	p.issuer = front.URL
	p.run(trusted)
	answer := p.tell(object{"issuer": p.issuer, "clients": clients})
	port, ok := answer["port"].(float64)
	if !ok {
		t.Fatalf("the provider did not start: %v", answer)
	}
	p.stand[""] = p.forward("127.0.0.1:" + strconv.Itoa(int(port)))
	return p
}

// run starts the process, which ends with the test.
func (p *provider) run(trusted *httptest.Server) {
	t := p.t
	ca := t.TempDir() + "/rp.pem"
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: trusted.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "op.mjs")
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+ca, "NODE_ENV=test")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	p.in, p.out = in, bufio.NewReader(out)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("what the provider did: %v", p.tell(object{})["heard"])
		}
		in.Close() // at which it ends by itself
		late := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		late.Stop()
		if t.Failed() {
			t.Logf("what the provider wrote: %s", complaints.String())
		}
	})
}

// tell writes a line and reads the answer.
func (p *provider) tell(what object) object {
	p.lines.Lock()
	defer p.lines.Unlock()
	b, err := json.Marshal(what)
	if err == nil {
		_, err = p.in.Write(append(b, '\n'))
	}
	var line []byte
	if err == nil {
		line, err = p.out.ReadBytes('\n')
	}
	answer := object{}
	if err == nil {
		err = json.Unmarshal(line, &answer)
	}
	if err != nil || answer["problem"] != nil {
		p.t.Errorf("the provider answered %q: %v", line, err)
	}
	return answer
}

// heard is what the provider did by itself since it was asked last.
func (p *provider) heard() []any {
	list, _ := p.tell(object{})["heard"].([]any)
	return list
}

// forward makes the proxy. The provider sees the issuer's host, which it writes into
// its URLs and expects in DPoP proofs.
func (p *provider) forward(to string) http.HandlerFunc {
	proxy := httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: to})
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(res *http.Response) error {
			p.mu.Lock()
			alter := p.alter
			p.mu.Unlock()
			if alter == nil {
				return nil
			}
			return alter(res)
		},
	}
	return proxy.ServeHTTP
}

func (p *provider) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	kept := r.Clone(r.Context())
	kept.Body = io.NopCloser(bytes.NewReader(body))
	_ = kept.ParseForm()
	p.mu.Lock()
	p.calls = append(p.calls, r.Method+" "+r.URL.Path)
	p.seen[r.URL.Path] = append(p.seen[r.URL.Path], kept)
	h := p.stand[r.URL.Path]
	if h == nil {
		h = p.stand[""]
	}
	p.mu.Unlock()
	h(w, r)
}

// asked returns the requests for a path so far.
func (p *provider) asked(path string) []*http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[path]
}

// change makes the proxy change answers until the test ends or heals it.
func (p *provider) change(f func(*http.Response) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alter = f
}
