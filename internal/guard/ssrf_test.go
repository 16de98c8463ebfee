package guard

import (
	"context"
	"encoding/binary"
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

// names is a resolver of the test's own: no test asks the network. Each question for
// a name takes the next list of its answers, and the last one stays.
type names struct {
	mu      sync.Mutex
	answers map[string][][]netip.Addr
	conn    net.PacketConn
}

func newNames(t *testing.T, answers map[string][][]netip.Addr) *names {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &names{answers: answers, conn: conn}
	done := make(chan struct{})
	go n.serve(done)
	t.Cleanup(func() { conn.Close(); <-done })
	return n
}

func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp4", n.conn.LocalAddr().String())
	}}
}

func (n *names) serve(done chan struct{}) {
	defer close(done)
	b := make([]byte, 1500)
	for {
		size, from, err := n.conn.ReadFrom(b)
		if err != nil {
			return
		}
		if reply := n.reply(b[:size]); reply != nil {
			n.conn.WriteTo(reply, from)
		}
	}
}

// reply answers one question (RFC 1035 §4): with addresses, or that there is no such
// name.
func (n *names) reply(q []byte) []byte {
	if len(q) < 17 {
		return nil
	}
	var labels []string
	at := 12
	for at < len(q) && q[at] != 0 {
		end := at + 1 + int(q[at])
		if end > len(q) {
			return nil
		}
		labels = append(labels, string(q[at+1:end]))
		at = end
	}
	at += 5
	if at > len(q) {
		return nil
	}
	const typeA, typeAAAA = 1, 28
	kind := binary.BigEndian.Uint16(q[at-4:])
	addrs, known := n.next(strings.ToLower(strings.Join(labels, ".")), kind == typeA)
	out := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, q[12:at]...)
	if !known {
		out[3] = 0x83 // NXDOMAIN
	}
	for _, a := range addrs {
		want := uint16(typeAAAA)
		if a.Is4() {
			want = typeA
		}
		if want != kind {
			continue
		}
		raw := a.AsSlice()
		out = append(out, 0xc0, 12, 0, byte(kind), 0, 1, 0, 0, 0, 0, 0, byte(len(raw)))
		out = append(out, raw...)
		out[7]++
	}
	return out
}

func (n *names) next(name string, advance bool) ([]netip.Addr, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.answers[name]
	if len(list) == 0 {
		return nil, false
	}
	if advance && len(list) > 1 {
		n.answers[name] = list[1:]
	}
	return list[0], true
}

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
func (w *watch) client(n *names) *http.Client {
	d := &net.Dialer{Control: w.control, Resolver: n.resolver()}
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
	n := newNames(t, map[string][][]netip.Addr{
		"metadata.google.internal": {addrs("169.254.169.254")}, "instance-data": {addrs("169.254.169.254")}, "127.1": {addrs("127.0.0.1")},
		"127.0.0.1": {addrs("127.0.0.1")}, "0x7f000001": {addrs("127.0.0.1")}, "localhost.localdomain": {addrs("127.0.0.1", "::1")},
	})
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
			n := newNames(t, map[string][][]netip.Addr{"rebind.example": tc.answers})
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
			n = newNames(t, map[string][][]netip.Addr{"rebind.example": tc.answers})
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
