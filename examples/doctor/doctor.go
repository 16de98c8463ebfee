package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
)

// doctor examines one configuration.
type doctor struct {
	o     *options
	w     world
	found []finding

	http *http.Client // never follows a redirect
	tap  *tap

	mu    sync.Mutex
	steps []string
	local netip.Addr // where the last connection left from
}

func newDoctor(o *options, w world) *doctor {
	d := &doctor{o: o, w: w}
	d.tap = &tap{now: w.now, next: d.transport(&tls.Config{RootCAs: o.roots, Time: w.now})}
	d.http = &http.Client{Transport: d.tap, Timeout: o.timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	d.o.cfg.HTTP, d.o.cfg.Now = d.http, w.now
	if o.trace {
		d.o.cfg.Trace = d.step
	}
	return d
}

// transport dials as the SDK's built-in client does, but that it reaches every host:
// the operator names them.
func (d *doctor) transport(t *tls.Config) *http.Transport {
	dialer := &net.Dialer{Timeout: min(5*time.Second, d.o.timeout)}
	tr := &http.Transport{
		TLSClientConfig: t, TLSHandshakeTimeout: d.o.timeout, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, addr)
			if err == nil {
				d.left(c.LocalAddr())
			}
			return c, err
		},
	}
	if d.o.proxy {
		tr.Proxy = d.w.proxy
	}
	return tr
}

// step is told what the SDK did.
func (d *doctor) step(s sso.Step) {
	line := fmt.Sprintf("%s, %s, status %d, %v", s.Name, show(s.Host), s.Status, s.Took.Round(time.Millisecond))
	if s.Host == "" {
		line = fmt.Sprintf("%s, %v", s.Name, s.Took.Round(time.Millisecond))
	}
	if s.Kind != 0 {
		line += ", " + s.Kind.Error()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, line)
}

func (d *doctor) left(from net.Addr) {
	if ap, err := netip.ParseAddrPort(from.String()); err == nil {
		d.mu.Lock()
		d.local = ap.Addr().Unmap()
		d.mu.Unlock()
	}
}

// examine makes every check. A check that needs what another found missing says so
// instead of repeating the other's finding.
func (d *doctor) examine(ctx context.Context) {
	if len(d.o.ignored) > 0 {
		d.add("env-ignored", note, both("Tệp -env có dòng VNEID_… mà lệnh này không có cờ tương ứng", "The file of -env has lines VNEID_… that this command has no flag for"),
			both("Không sao nếu là của máy chủ; nếu gõ sai tên thì sửa lại.", "That is all right if they are the server's; mend them if a name is misspelled."), fmt.Sprint(d.o.ignored))
	}
	if !d.configuration() {
		return
	}
	d.proxies()
	if d.network(ctx) {
		if d.o.wire != "" {
			d.legacy(ctx)
		} else {
			d.openID(ctx)
		}
		d.address()
		d.clock()
	}
	d.egress()
	if d.o.trace {
		d.add("trace", note, both("Các bước của SDK", "The steps of the SDK"), ui.Text{}, d.steps...)
	}
}

// configuration asks sso.New, which calls nobody.
func (d *doctor) configuration() bool {
	cfg, err := d.config(d.o.cfg.RedirectURL)
	if err == nil {
		_, err = sso.New(cfg)
	}
	if err != nil {
		d.add("config-wrong", bad, both("Cấu hình không hợp lệ", "The configuration is not valid"),
			both("Sửa trường được nêu rồi chạy lại.", "Mend the field that is named, and run again."), err.Error())
		return false
	}
	d.add("config-ok", good, both("Cấu hình hợp lệ", "The configuration is valid"), ui.Text{})
	return true
}

func (d *doctor) openID(ctx context.Context) {
	md, ok := d.metadata(ctx)
	if !ok {
		return
	}
	d.offer(md)
	d.keys(ctx, md)
	d.login(ctx)
}

// get asks for a page and returns what the tap noted.
func (d *doctor) get(ctx context.Context, where string) call {
	_, n := d.tap.since(0)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return call{err: errors.New("not a URL")}
	}
	res, err := d.http.Do(req)
	if err == nil {
		res.Body.Close()
	}
	if c, ok := d.tap.last(n, http.MethodGet); ok {
		return c
	}
	return call{err: reason(err)}
}

// reason is an error without the URL that it happened at: that has a state in it.
func reason(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// show makes something from the network fit for a terminal: printable, short, and of a
// URL no more than says where it is.
func show(raw string) string {
	raw, _, _ = strings.Cut(raw, "?")
	raw, _, _ = strings.Cut(raw, "#")
	if u, err := url.Parse(raw); err == nil && u.User != nil {
		u.User = nil
		raw = u.String()
	}
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r > 0x7e {
			return '?'
		}
		return r
	}, raw)
	if len(clean) > 200 {
		clean = clean[:200] + "…"
	}
	return clean
}
