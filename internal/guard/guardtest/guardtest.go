// Package guardtest is a trap for requests that a provider's word must not cause
// (SSRF): a listener on this machine's own addresses that counts connections, and the
// many spellings of URLs that lead to it, to other places inside a network, or that
// look as if they led elsewhere. Tests of every place that calls a URL from the network
// offer it all of them.
//
// Sources: OWASP's SSRF prevention sheet, RFC 6890, and the parsers' quarrels that Orange
// Tsai showed in "A New Era of SSRF" (2017).
package guardtest

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Trap counts the connections that reach it. Listen makes one.
type Trap struct {
	Port int
	hits atomic.Int64
}

// Listen opens a trap on 127.0.0.1 and, where there is IPv6, on ::1, for the time of a
// test. Until then every name in the process leads to it but those of the system's hosts
// file, so that no spelling is harmless for want of a name server; such a test is not
// for t.Parallel.
func Listen(tb testing.TB) *Trap {
	tb.Helper()
	before := net.DefaultResolver
	net.DefaultResolver = Resolver(tb, map[string][][]netip.Addr{"*": {{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}}})
	tb.Cleanup(func() { net.DefaultResolver = before })
	t := new(Trap)
	for range 20 {
		four, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			tb.Fatal(err)
		}
		t.Port = four.Addr().(*net.TCPAddr).Port
		six, err := net.Listen("tcp6", fmt.Sprintf("[::1]:%d", t.Port))
		if err != nil && strings.Contains(err.Error(), "in use") {
			four.Close()
			continue
		}
		t.count(tb, four)
		if err == nil {
			t.count(tb, six)
		}
		return t
	}
	tb.Fatal("no port is free")
	return nil
}

// count accepts connections, counts them and ends them.
func (t *Trap) count(tb testing.TB, l net.Listener) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.hits.Add(1)
			conn.Close()
		}
	}()
	tb.Cleanup(func() { l.Close(); <-done })
}

// Hits is how many connections there were.
func (t *Trap) Hits() int64 { return t.hits.Load() }

// Works shows that the trap can be reached, and returns its count after that.
func (t *Trap) Works(tb testing.TB) int64 {
	tb.Helper()
	before := t.Hits()
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", t.Port), 5*time.Second)
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Read(make([]byte, 1)); err == nil || t.Hits() == before { // it hangs up when it has counted
		tb.Fatal("the trap counts nobody")
	}
	return t.Hits()
}

// URLs are the spellings, with the trap's port where a URL has one.
func (t *Trap) URLs() []string {
	var out []string
	for _, host := range hosts() {
		for _, scheme := range []string{"http", "https"} {
			out = append(out, fmt.Sprintf("%s://%s:%d/x", scheme, host, t.Port))
		}
	}
	p := fmt.Sprint(t.Port)
	for _, u := range strings.Fields(strings.ReplaceAll(tricks, "PORT", p)) {
		out = append(out, strings.ReplaceAll(u, "_", " "))
	}
	return append(out, "http://127.0.0.1\t:"+p+"/x", "http://127.0.0.1:"+p+"/x\r\nHost: op.example", "http://op.example\x00@127.0.0.1:"+p+"/x", "")
}

// hosts are addresses and names of this machine, of clouds' metadata services, and of
// every range that no stranger may name.
func hosts() []string {
	return strings.Fields(`
		127.0.0.1 127.0.0.2 127.255.255.254 127.1 127.0.1 0 0.0.0.0 2130706433 0x7f000001 0x7F.0.0.1 0x7f.1
		017700000001 0177.0.0.1 00000177.0.0.01 127.0.0.1. 127.000.000.001 256.256.256.256 4294967297
		localhost LOCALHOST LocalHost localhost. localhost.localdomain ip6-localhost ip6-loopback
		[::1] [0:0:0:0:0:0:0:1] [0000::0001] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:0001]
		[::127.0.0.1] [::7f00:1] [::ffff:0:127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1]
		[2002:7f00:1::] [2001:0:7f00:1::] [::1%25lo] [::1%25] [fe80::1%25lo] [fe80::1] [fec0::1] [fc00::1]
		[fd00:ec2::254] [ff02::1] [2001:db8::1] [3fff::1] [100::1] [5f00::1]
		１２７.０.０.１ 127。0。0。1 １２７．０．０．１ ①②⑦.⓪.⓪.① ⓵27.0.0.1 ｌｏｃａｌｈｏｓｔ ⓛⓞⓒⓐⓛⓗⓞⓢⓣ %31%32%37.0.0.1 127%2e0%2e0%2e1 loc%61lhost
		169.254.169.254 0xA9FEA9FE 2852039166 0251.0376.0251.0376 [::ffff:169.254.169.254] 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16
		metadata.google.internal instance-data
		10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 100.127.255.255 198.18.0.1 192.0.2.1 198.51.100.1 203.0.113.1
		192.88.99.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 0.1.2.3`)
}

// tricks are URLs whose fault is elsewhere than in the host; _ is a space.
const tricks = `
	http://op.example@127.0.0.1:PORT/x http://op.example:443@127.0.0.1:PORT/x http://127.0.0.1:PORT@op.example/x
	http://op.example%40127.0.0.1:PORT/x http://op.example#@127.0.0.1:PORT/x http://op.example?@127.0.0.1:PORT/x
	http://127.0.0.1:PORT#@op.example/ http://127.0.0.1:PORT\@op.example/ http://op.example\@127.0.0.1:PORT/
	http://op.example:PORT@localhost http://[::1]:PORT@op.example/ http://127.0.0.1:PORT_@op.example/ http://op.example_@127.0.0.1:PORT/
	http://127.0.0.1%00.op.example:PORT/ http://127.0.0.1%0a.op.example:PORT/ http://127.0.0.1%2fop.example:PORT/ http://127.0.0.1%23.op.example:PORT/
	http://127.0.0.1:PORT:80/x http://127.0.0.1:80:PORT/x http://127.0.0.1:0PORT/x http://127.0.0.1:+PORT/x http://127.0.0.1:/x http://127.0.0.1:99999/x
	http:127.0.0.1:PORT/x http:/127.0.0.1:PORT/x http:///127.0.0.1:PORT/x http:\\127.0.0.1:PORT\x //127.0.0.1:PORT/x /\127.0.0.1:PORT/x 127.0.0.1:PORT/x
	HTTP://127.0.0.1:PORT/x hTTps://127.0.0.1:PORT/x _http://127.0.0.1:PORT/x http_://127.0.0.1:PORT/x
	ftp://127.0.0.1:PORT/x gopher://127.0.0.1:PORT/_x dict://127.0.0.1:PORT/x ldap://127.0.0.1:PORT/x ws://127.0.0.1:PORT/x wss://127.0.0.1:PORT/x tftp://127.0.0.1:PORT/x
	file:///etc/passwd file://127.0.0.1:PORT/x unix:///run/x.sock data:application/json,{} javascript:alert(1) jar:http://127.0.0.1:PORT/x!/y netdoc:///etc/passwd
	http+unix://127.0.0.1:PORT/x blob:http://127.0.0.1:PORT/x view-source:http://127.0.0.1:PORT/x about:blank urn:x:y
	http://[127.0.0.1]:PORT/x http://[::1:PORT/x http://::1:PORT/x http://[::ffff:127.0.0.1%25lo]:PORT/x http://[v1.127.0.0.1]:PORT/x http://[]:PORT/x http://:PORT/x http://.:PORT/x`
