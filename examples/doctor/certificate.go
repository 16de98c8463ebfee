package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// soon is when a certificate that ends deserves a word.
const soon = 21 * 24 * time.Hour

var vietnam = time.FixedZone("UTC+7", 7*60*60)

// certificate looks at name, dates and chain one by one, where crypto/tls stops at
// the first. It reports whether the connection can be used.
func (d *doctor) certificate(host string, s *tls.ConnectionState) bool {
	if len(s.PeerCertificates) == 0 {
		d.add("tls-empty", bad, both("Máy chủ không gửi chứng thư", "The server sends no certificate"), ui.Text{})
		return false
	}
	leaf, now, ok := s.PeerCertificates[0], d.w.now(), true
	dates := fmt.Sprintf("%s – %s", leaf.NotBefore.In(vietnam).Format("02/01/2006 15:04"), leaf.NotAfter.In(vietnam).Format("02/01/2006 15:04"))
	switch {
	case now.After(leaf.NotAfter):
		ok = false
		d.add("tls-expired", bad, both("Chứng thư TLS đã hết hạn", "The TLS certificate has expired"),
			both("Báo nhà cung cấp gia hạn. Nếu ngày trên máy này sai, chỉnh lại đồng hồ.", "Have the provider renew it. If this machine has a wrong date, set its clock."), dates)
	case now.Before(leaf.NotBefore):
		ok = false
		d.add("tls-early", bad, both("Chứng thư TLS chưa tới ngày hiệu lực", "The TLS certificate is not valid yet"),
			both("Thường là đồng hồ của máy này chậm: chỉnh lại bằng NTP.", "Mostly this machine's clock is behind: set it by NTP."), dates)
	case leaf.NotAfter.Sub(now) < soon:
		d.add("tls-ends", warn, both("Chứng thư TLS còn %d ngày", "The TLS certificate ends in %d days", int(leaf.NotAfter.Sub(now).Hours()/24)),
			both("Báo nhà cung cấp trước khi hết hạn.", "Tell the provider before it does."), dates)
	}
	if leaf.VerifyHostname(host) != nil {
		ok = false
		d.add("tls-name", bad, both("Chứng thư TLS là của tên khác, không phải %s", "The TLS certificate is for another name than %s", show(host)),
			both("Kiểm tra -issuer và DNS; một thiết bị mạng có thể đang chen vào.", "Check -issuer and the DNS; a device of the network may be in between."), names(leaf))
	}
	ok = d.chain(leaf, s.PeerCertificates[1:]) && ok
	if ok {
		d.add("tls-ok", good, both("TLS hợp lệ: %s", "TLS is good: %s", tls.VersionName(s.Version)), ui.Text{}, dates)
	}
	return ok
}

func names(c *x509.Certificate) string {
	all := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	return show(fmt.Sprint(all))
}

// chain asks who signed, at a time at which the certificate was valid, so that a wrong
// date is not told twice.
func (d *doctor) chain(leaf *x509.Certificate, more []*x509.Certificate) bool {
	pool := x509.NewCertPool()
	for _, c := range more {
		pool.AddCert(c)
	}
	at := d.w.now()
	if at.After(leaf.NotAfter) || at.Before(leaf.NotBefore) {
		at = leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore) / 2)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: d.o.roots, Intermediates: pool, CurrentTime: at})
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return true
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		d.add("tls-chain-expired", bad, both("Một chứng thư trung gian đã hết hạn", "A certificate between the server's and the root has expired"),
			both("Báo nhà cung cấp thay chứng thư trung gian.", "Have the provider replace it."))
	case len(more) == 0 && leaf.Issuer.String() != leaf.Subject.String():
		d.add("tls-incomplete", bad, both("Chuỗi chứng thư không nối tới gốc tin cậy: máy chủ chỉ gửi chứng thư của mình", "The certificates lead to no trusted root: the server sends its own alone"),
			both("Báo nhà cung cấp gửi kèm chứng thư trung gian; hoặc cài gốc của họ và chỉ ra bằng -ca-file.", "Have the provider send the intermediate certificate along; or install its root, and name it with -ca-file."), issuerOf(leaf))
	default:
		d.add("tls-untrusted", bad, both("Chứng thư TLS không do tổ chức mà máy này tin cậy cấp", "Nobody whom this machine trusts issued the TLS certificate"),
			both("Cài gốc của nhà cung cấp (lấy qua kênh tin cậy) và chỉ ra bằng -ca-file; đừng tắt kiểm tra. Nếu là tên của thiết bị mạng nội bộ: nó đang mở TLS.",
				"Install the provider's root, got over a trusted channel, and name it with -ca-file; never switch the check off. If this is the name of a device of your own network: it opens TLS."), issuerOf(leaf))
	}
	return false
}

func issuerOf(c *x509.Certificate) string { return "issuer: " + show(c.Issuer.String()) }
