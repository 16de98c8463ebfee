package guardtest

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
)

// names is a name server. Each question for a name takes the next list of its answers,
// and the last one stays.
type names struct {
	mu      sync.Mutex
	answers map[string][][]netip.Addr
	conn    net.PacketConn
}

// Resolver returns a resolver of the test's own, for the time of a test: no test asks
// the network. What it says of "*" it says of every other name; without that there are
// no others. Names in the system's hosts file keep their addresses.
func Resolver(tb testing.TB, answers map[string][][]netip.Addr) *net.Resolver {
	tb.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	n := &names{answers: answers, conn: conn}
	done := make(chan struct{})
	go n.serve(done)
	tb.Cleanup(func() { conn.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp4", conn.LocalAddr().String())
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
		name, list = "*", n.answers["*"]
	}
	if len(list) == 0 {
		return nil, false
	}
	if advance && len(list) > 1 {
		n.answers[name] = list[1:]
	}
	return list[0], true
}
