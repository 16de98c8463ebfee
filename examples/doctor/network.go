package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// origins are the places to reach: scheme and host of the issuer, or of the three
// addresses of a wire.
func (d *doctor) origins() []*url.URL {
	places := []string{d.o.cfg.Issuer}
	if d.o.wire != "" {
		places = []string{d.o.authURL, d.o.tokenURL, d.o.userURL}
	}
	var out []*url.URL
	for _, p := range places {
		u, err := url.Parse(p)
		if err == nil && u.Host != "" && !slices.ContainsFunc(out, func(o *url.URL) bool { return o.Scheme == u.Scheme && o.Host == u.Host }) {
			out = append(out, &url.URL{Scheme: u.Scheme, Host: u.Host})
		}
	}
	return out
}

var proxyNames = []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"}

// proxies tells which variables there are and who heeds them: package guard of the SDK
// does not read the environment, http.DefaultTransport does.
func (d *doctor) proxies() {
	var seen []string
	for _, name := range proxyNames {
		if value := d.w.env(name); value != "" {
			if !strings.EqualFold(name, "no_proxy") {
				value = proxyHost(value)
			}
			seen = append(seen, name+" = "+show(value))
		}
	}
	if len(seen) == 0 {
		level, do := good, ui.Text{}
		if d.o.proxy {
			level, do = warn, both("Bỏ -proxy, hoặc đặt HTTPS_PROXY trong môi trường của tiến trình.", "Leave -proxy out, or set HTTPS_PROXY in the environment of the process.")
		}
		d.add("proxy-none", level, both("Không có biến môi trường proxy", "No proxy variables in the environment"), do)
		return
	}
	for _, o := range d.origins() {
		if via := d.via(o); via != "" {
			seen = append(seen, o.Host+" ← "+via)
		}
	}
	if d.o.proxy {
		d.add("proxy-used", note, both("Có biến proxy, và lần kiểm tra này đi qua proxy (-proxy)", "Proxy variables are set, and this examination goes through them (-proxy)"),
			both("Chương trình phải đặt sso.Config.HTTP có http.DefaultTransport, nếu không SDK sẽ đi thẳng.", "The program must set sso.Config.HTTP with http.DefaultTransport; else the SDK connects directly."), seen...)
		return
	}
	d.add("proxy-unused", warn, both("Có biến proxy, nhưng SDK không dùng: client mặc định kết nối trực tiếp", "Proxy variables are set, and the SDK does not use them: its built-in client connects directly"),
		both("Nếu mạng bắt buộc qua proxy: đặt sso.Config.HTTP = &http.Client{Transport: http.DefaultTransport}, rồi kiểm tra lại với -proxy.", "If the network demands the proxy: set sso.Config.HTTP = &http.Client{Transport: http.DefaultTransport}, and examine again with -proxy."), seen...)
}

// proxyHost is a proxy without the password that its variable may hold.
func proxyHost(value string) string {
	if u, err := url.Parse(value); err == nil && u.Host != "" {
		return u.Scheme + "://" + u.Host
	}
	if _, host, ok := strings.Cut(value, "@"); ok {
		return host
	}
	return value
}

// via names the proxy that the environment has for a place, "" for none.
func (d *doctor) via(place *url.URL) string {
	p, err := d.w.proxy(&http.Request{URL: place})
	if err != nil || p == nil {
		return ""
	}
	return p.Scheme + "://" + p.Host
}

// network reaches every origin, and reports whether all that follows makes sense.
func (d *doctor) network(ctx context.Context) bool {
	ok := true
	for _, o := range d.origins() {
		name := o.Hostname()
		proxied := d.o.proxy && d.via(o) != ""
		ok = (proxied || d.names(ctx, name)) && d.connect(ctx, o) && ok
	}
	if !ok {
		d.add("rest-skipped", unknown, both("Các mục còn lại chưa kiểm tra được vì không kết nối được", "The rest was not examined, since there is no connection"), ui.Text{})
	}
	return ok
}

func (d *doctor) names(ctx context.Context, host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, d.o.timeout)
	defer cancel()
	addrs, err := d.w.lookup(ctx, host)
	if err != nil || len(addrs) == 0 {
		var dns *net.DNSError
		if errors.As(err, &dns) && !dns.IsNotFound {
			d.add("dns-unreachable", bad, both("Máy chủ DNS không trả lời cho %s", "No DNS server answers for %s", show(host)),
				both("Kiểm tra /etc/resolv.conf, tường lửa cổng 53, hoặc DNS nội bộ.", "Check /etc/resolv.conf, the firewall at port 53, or the internal DNS."))
			return false
		}
		d.add("dns-none", bad, both("Không có tên miền %s", "There is no such name: %s", show(host)),
			both("Kiểm tra chính tả của -issuer; tên nội bộ chỉ có trong mạng riêng hoặc VPN.", "Check how -issuer is spelled; internal names exist only in the private network or VPN."))
		return false
	}
	var list []string
	for _, a := range addrs {
		list = append(list, a.Unmap().String())
	}
	d.add("dns-ok", good, both("Tên miền %s có địa chỉ", "The name %s has addresses", show(host)), ui.Text{}, strings.Join(list, ", "))
	return true
}

// connect opens a connection, looks at the certificate, and sends nothing.
func (d *doctor) connect(ctx context.Context, o *url.URL) bool {
	var state *tls.ConnectionState
	t := d.transport(&tls.Config{
		ServerName: o.Hostname(), InsecureSkipVerify: true, // looked at below; nothing is sent over it
		VerifyConnection: func(s tls.ConnectionState) error { state = &s; return errSeen },
	})
	ctx, cancel := context.WithTimeout(ctx, d.o.timeout)
	defer cancel()
	if o.Scheme != "https" {
		if !d.dial(ctx, t, o) {
			return false
		}
		d.add("tls-none", note, both("Kết nối http không mã hóa (chỉ dùng cho máy thử nghiệm)", "Plain http (for a test machine alone)"), ui.Text{})
		return true
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, o.String(), nil)
	if err != nil {
		return false
	}
	res, err := t.RoundTrip(req)
	if err == nil {
		res.Body.Close()
	}
	if state == nil {
		d.unreached(o, err)
		return false
	}
	d.add("tcp-ok", good, both("Kết nối được tới %s", "Connected to %s", show(o.Host)), ui.Text{})
	return d.certificate(o.Hostname(), state)
}

var errSeen = errors.New("seen")

// dial opens a connection without TLS: to the place, or its proxy.
func (d *doctor) dial(ctx context.Context, t *http.Transport, o *url.URL) bool {
	to := o.Host
	if p, err := d.w.proxy(&http.Request{URL: o}); d.o.proxy && err == nil && p != nil {
		to = p.Host
	}
	if _, _, err := net.SplitHostPort(to); err != nil {
		to = net.JoinHostPort(strings.Trim(to, "[]"), "80")
	}
	c, err := t.DialContext(ctx, "tcp", to)
	if err != nil {
		d.unreached(o, err)
		return false
	}
	c.Close()
	d.add("tcp-ok", good, both("Kết nối được tới %s", "Connected to %s", show(o.Host)), ui.Text{})
	return true
}

// unreached tells apart why there is no connection.
func (d *doctor) unreached(o *url.URL, err error) {
	var netErr net.Error
	var record tls.RecordHeaderError
	host := show(o.Host)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		d.add("tcp-refused", bad, both("%s từ chối kết nối", "%s refuses the connection", host),
			both("Không có gì nghe ở cổng đó: kiểm tra cổng trong -issuer, hoặc dịch vụ đang tắt.", "Nothing listens at that port: check the port in -issuer, or the service is down."))
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		d.add("tcp-timeout", bad, both("%s không trả lời: gói tin bị chặn trên đường", "%s does not answer: something on the way drops the packets", host),
			both("Mở tường lửa đi ra tới địa chỉ và cổng này; hỏi nhà cung cấp xem địa chỉ của máy này đã được mở chưa.", "Open the outgoing firewall to this address and port; ask the provider whether this machine's address is let in."))
	case errors.As(err, &record):
		d.add("tls-not", bad, both("%s không nói TLS ở cổng này", "%s does not speak TLS at this port", host),
			both("Kiểm tra https/http và cổng trong -issuer, hoặc proxy chen vào.", "Check https or http and the port in -issuer, or a proxy in between."))
	case err != nil && strings.Contains(err.Error(), "Proxy Authentication Required"):
		d.add("proxy-denied", bad, both("Proxy đòi đăng nhập (407)", "The proxy wants a login (407)"),
			both("Đặt tài khoản vào biến HTTPS_PROXY, hoặc xin miễn cho máy chủ này.", "Put the account into HTTPS_PROXY, or have this server exempted."))
	default:
		d.add("tcp-failed", bad, both("Không kết nối được tới %s", "No connection to %s", host),
			both("Kiểm tra định tuyến, tường lửa và proxy của máy này.", "Check this machine's routes, firewall and proxy."), cause(err))
	}
}

// cause is the innermost words of an error of the network: they name no URL.
func cause(err error) string {
	if err == nil {
		return ""
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		err = op.Err
	}
	return show(reason(err).Error())
}

// egress says what can be known of the address that the provider sees.
func (d *doctor) egress() {
	d.mu.Lock()
	local := d.local
	d.mu.Unlock()
	ask := both("Hỏi quản trị mạng địa chỉ đi ra Internet, và gửi địa chỉ đó cho nhà cung cấp để đưa vào danh sách cho phép.",
		"Ask your network's administrators for the address to the internet, and give that one to the provider for the allow-list.")
	switch {
	case !local.IsValid():
		d.add("egress-unknown", note, both("Chưa biết kết nối đi ra từ địa chỉ nào", "From which address connections leave is not known"), ask)
	case local.IsLoopback():
		d.add("egress-local", note, both("Kết nối ở trong máy này", "The connection stays on this machine"), ui.Text{}, local.String())
	case local.IsPrivate() || !local.IsGlobalUnicast():
		d.add("egress-private", note, both("Máy đi ra bằng địa chỉ riêng; NAT hoặc proxy đổi nó thành địa chỉ khác, từ đây không biết được", "Connections leave from a private address; NAT or a proxy makes another one of it, which cannot be known from here"), ask, local.String())
	default:
		d.add("egress-public", note, both("Máy đi ra bằng địa chỉ công cộng này, trừ khi NAT đổi nó", "Connections leave from this public address, unless NAT changes it"),
			both("Đây có thể là địa chỉ mà nhà cung cấp cần cho phép.", "This may be the address that the provider has to let in."), local.String())
	}
}
