package guard

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/guard/guardtest"
)

// watch is a Control that makes no connection: it counts those that the rule would
// have let out.
type watch struct {
	rule    func(network, address string, c syscall.RawConn) error // nil: none
	mu      sync.Mutex
	reached []netip.Addr
}

var errWatched = errors.New("no connection leaves this test")

func (w *watch) control(network, address string, c syscall.RawConn) error {
	if w.rule != nil {
		if err := w.rule(network, address, c); err != nil {
			return err
		}
	}
	to, _ := netip.ParseAddrPort(address) // without a host: this machine
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reached = append(w.reached, to.Addr())
	return errWatched
}

// list is where connections would have gone.
func (w *watch) list() []netip.Addr {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.reached)
}

// client calls on behalf of op.example, with the watch in the place of the network.
func (w *watch) client(n *net.Resolver) *http.Client {
	d := &net.Dialer{Control: w.control, Resolver: n}
	return Client(&http.Client{Transport: transport("op.example", d, d)}, "https://op.example")
}

func addrs(list ...string) (out []netip.Addr) {
	for _, a := range list {
		out = append(out, netip.MustParseAddr(a))
	}
	return out
}

func TestNoSpellingLeadsInside(t *testing.T) {
	trap := guardtest.Listen(t)
	before := trap.Works(t)
	n := net.DefaultResolver // the trap's own: every name leads to it
	held, open := &watch{rule: refuseSpecial}, &watch{}
	urls := trap.URLs()
	inside := 0
	for _, u := range urls {
		before := len(open.list())
		if err := get(t, open.client(n), u); err == nil {
			t.Errorf("%q got an answer", u)
		}
		if len(open.list()) > before {
			inside++
		}
		for _, c := range []*http.Client{held.client(n), Client(nil, "https://op.example")} {
			if err := get(t, c, u); err == nil {
				t.Errorf("%q got an answer", u)
			}
		}
	}
	for _, a := range held.list() {
		t.Errorf("a connection to %s would have been made", a)
	}
	if trap.Hits() != before {
		t.Errorf("the trap was reached %d times", trap.Hits()-before)
	}
	if inside < 120 {
		t.Errorf("without the rule only %d URLs lead inside: the test shows little", inside)
	}
	t.Logf("%d URLs, %d of which lead inside without the rule: 0 connections", len(urls), inside)
}

func TestNamesThatChangeTheirMind(t *testing.T) {
	const public = "93.184.216.34"
	for name, tc := range map[string]struct {
		answers [][]netip.Addr // to one question after another
		public  bool           // whether a public address is among them
	}{
		"loopback":                      {[][]netip.Addr{addrs("127.0.0.1")}, false},
		"public, then loopback":         {[][]netip.Addr{addrs(public), addrs("127.0.0.1")}, true},
		"public and loopback at once":   {[][]netip.Addr{addrs(public, "127.0.0.1", "10.0.0.1")}, true},
		"loopback first, then public":   {[][]netip.Addr{addrs("127.0.0.1", public)}, true},
		"IPv6 loopback and a public":    {[][]netip.Addr{addrs("::1", public)}, true},
		"mapped, NAT64 and 6to4":        {[][]netip.Addr{addrs("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::")}, false},
		"a cloud's metadata":            {[][]netip.Addr{addrs("169.254.169.254", "fd00:ec2::254")}, false},
		"carrier-grade NAT":             {[][]netip.Addr{addrs("100.64.0.1")}, false},
		"this network and broadcast":    {[][]netip.Addr{addrs("0.0.0.0", "255.255.255.255")}, false},
		"multicast and documentation":   {[][]netip.Addr{addrs("224.0.0.1", "192.0.2.1", "2001:db8::1")}, false},
		"unique local and link-local":   {[][]netip.Addr{addrs("fd12::1", "fe80::1")}, false},
		"public, then a list of inside": {[][]netip.Addr{addrs(public), addrs("10.0.0.1", "172.16.0.1", "192.168.0.1")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			n := guardtest.Resolver(t, map[string][][]netip.Addr{"rebind.example": tc.answers})
			open := &watch{}
			for range 3 {
				get(t, open.client(n), "http://rebind.example/")
			}
			inside := 0
			for _, a := range open.list() {
				if !outside(a) {
					inside++
				}
			}
			if inside == 0 {
				t.Fatal("without the rule nothing leads inside")
			}
			n = guardtest.Resolver(t, map[string][][]netip.Addr{"rebind.example": tc.answers})
			held := &watch{rule: refuseSpecial}
			for range 3 {
				get(t, held.client(n), "http://rebind.example/")
			}
			for _, a := range held.list() {
				if a.String() != public {
					t.Errorf("a connection to %s would have been made", a)
				}
			}
			if tc.public && len(held.list()) == 0 {
				t.Error("the public address was not tried")
			}
		})
	}
}

// outside says which addresses of these tests are public, apart from the rule.
func outside(a netip.Addr) bool { return a.String() == "93.184.216.34" }

func TestRedirectsLeadNowhereInside(t *testing.T) {
	trap := guardtest.Listen(t)
	before := trap.Works(t)
	var to atomic.Value
	front := redirector(t, &to)
	free := &http.Client{Transport: http.DefaultTransport} // what a program would use without us
	for _, u := range trap.URLs() {
		if u == "" {
			continue // no Location at all
		}
		to.Store(u)
		for _, status := range []string{"301", "302", "303", "307", "308"} {
			for _, c := range []*http.Client{Client(nil, front), Client(free, front)} {
				if err := get(t, c, front+"/"+status); err == nil && strings.Contains(u, "127.0.0.1:") {
					t.Errorf("%s to %q was followed", status, u)
				}
			}
		}
	}
	if trap.Hits() != before {
		t.Errorf("the trap was reached %d times", trap.Hits()-before)
	}
	for _, u := range trap.URLs()[:8] {
		to.Store(u)
		get(t, free, front+"/307")
	}
	followed := trap.Hits() - before
	if followed == 0 {
		t.Error("without the rule no redirect leads inside")
	}
	t.Logf("%d URLs by five redirects and two clients: 0 connections (%d of the first 8 lead inside without the rule)", len(trap.URLs())-1, followed)
}

// redirector is a provider that redirects wherever it is told.
func redirector(t *testing.T, to *atomic.Value) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := map[string]int{"/301": 301, "/302": 302, "/303": 303, "/307": 307, "/308": 308}[r.URL.Path]
		w.Header()["Location"] = []string{to.Load().(string)}
		w.WriteHeader(max(status, 302))
	}))
	t.Cleanup(s.Close)
	return s.URL
}
