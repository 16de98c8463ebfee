package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
)

// difference says where two URLs begin to differ, and what sort of difference it is.
func difference(ours, theirs string) (what ui.Text, lines []string) {
	at := 0
	for at < len(ours) && at < len(theirs) && ours[at] == theirs[at] {
		at++
	}
	lines = []string{fmt.Sprintf("A: %q", ours), fmt.Sprintf("B: %q", theirs), fmt.Sprintf("byte %d: A %s, B %s", at, byteAt(ours, at), byteAt(theirs, at))}
	trim := func(s string) string { return strings.Trim(s, " \t\r\n\ufeff") }
	port := func(s string) string {
		u, err := url.Parse(s)
		if err != nil || u.Port() == "" || u.Scheme == "https" && u.Port() != "443" || u.Scheme == "http" && u.Port() != "80" {
			return s
		}
		return strings.Replace(s, ":"+u.Port(), "", 1)
	}
	unescape := func(s string) string {
		if plain, err := url.PathUnescape(s); err == nil {
			return plain
		}
		return s
	}
	bare := func(s string) string { _, after, _ := strings.Cut(s, "://"); return after }
	host := func(s string) string { u, _ := url.Parse(s); return hostOf(u) }
	switch {
	case ours == theirs:
		return both("giống nhau từng byte", "equal byte by byte"), nil
	case trim(ours) == trim(theirs):
		what = both("thừa dấu trắng ở đầu hoặc cuối", "white space at an end")
	case strings.TrimSuffix(ours, "/") == strings.TrimSuffix(theirs, "/"):
		what = both("dấu / ở cuối", "a slash at the end")
	case strings.EqualFold(ours, theirs):
		what = both("chữ hoa và chữ thường", "upper and lower case")
	case port(ours) == port(theirs):
		what = both("cổng mặc định viết ra hoặc bỏ đi", "a default port, written or left out")
	case unescape(ours) == unescape(theirs):
		what = both("cách viết %%-escape", "the spelling of %%-escapes")
	case bare(ours) == bare(theirs):
		what = both("http và https", "http and https")
	case host(ours) != host(theirs):
		what = both("tên máy hoặc cổng", "the host or port")
	default:
		what = both("đường dẫn", "the path")
	}
	return what, lines
}

func hostOf(u *url.URL) string {
	if u == nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

func byteAt(s string, at int) string {
	if at >= len(s) {
		return "ends"
	}
	return fmt.Sprintf("0x%02x %q", s[at], s[at:at+1])
}

// variants are spellings of a URL that a registration may have instead.
func variants(raw string) []string {
	var out []string
	add := func(s string) {
		if s != raw && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if strings.HasSuffix(raw, "/") {
		add(strings.TrimSuffix(raw, "/"))
	} else {
		add(raw + "/")
	}
	add(strings.ToLower(raw))
	if u, err := url.Parse(raw); err == nil && u.Host != "" {
		defaultPort := map[string]string{"https": "443", "http": "80"}[u.Scheme]
		if u.Port() == "" && defaultPort != "" {
			add(strings.Replace(raw, u.Host, u.Host+":"+defaultPort, 1))
		} else if u.Port() == defaultPort {
			add(strings.Replace(raw, ":"+defaultPort, "", 1))
		}
		switch u.Hostname() {
		case "localhost":
			add(strings.Replace(raw, "localhost", "127.0.0.1", 1))
		case "127.0.0.1":
			add(strings.Replace(raw, "127.0.0.1", "localhost", 1))
		}
		if plain, err := url.PathUnescape(raw); err == nil {
			add(plain)
		}
		if rest, ok := strings.CutPrefix(raw, "http://"); ok {
			add("https://" + rest)
		}
	}
	return out
}

// outcome is what a provider says to an authorization request.
type outcome int

const (
	unasked    outcome = iota // no request was made
	taken                     // it goes on to its login page, or came back to the redirect URI
	turnedDown                // 400 and the like: the redirect URI, or the client
	strange                   // it says that it does not know the client
	shut                      // 401 or 403
	failing                   // no answer, or an error of its own
)

type probe struct {
	outcome outcome
	call    call
	code    string // the error that came back to the redirect URI
	client  *sso.Client
	session *sso.Session
	err     error
}

// ask begins a login and opens the provider's page as a browser would.
func (d *doctor) ask(ctx context.Context, redirect string) (p probe) {
	cfg, err := d.config(redirect)
	if err != nil {
		return probe{err: err}
	}
	if p.client, p.err = sso.New(cfg); p.err != nil {
		return p
	}
	_, n := d.tap.since(0)
	to, session, err := p.client.Begin(ctx, sso.Ask{})
	if p.session, p.err = session, err; err != nil {
		var pushed bool
		if p.call, pushed = d.tap.last(n, http.MethodPost); pushed {
			p.outcome = p.call.refusal("")
		}
		return p
	}
	p.call = d.get(ctx, to)
	p.outcome = p.call.refusal(redirect)
	if back, err := url.Parse(p.call.location); err == nil && comesBack(p.call.location, redirect) {
		if code := back.Query().Get("error"); oauthCode.MatchString(code) {
			p.code = code
		}
	}
	return p
}

// comesBack reports whether a Location is the redirect URI with parameters.
func comesBack(location, redirect string) bool {
	rest, ok := strings.CutPrefix(location, redirect)
	return ok && redirect != "" && (strings.HasPrefix(rest, "?") || strings.HasPrefix(rest, "&"))
}

var (
	aboutURI    = regexp.MustCompile(`(?i)redirect[ _-]?ur[il]|redirect_uri_mismatch|invalid_redirect`)
	mismatched  = regexp.MustCompile(`(?i)(invalid|mismatch|not (match|registered|allowed)|không (hợp lệ|khớp|đúng))`)
	aboutClient = regexp.MustCompile(`(?i)client[ _-]?id|invalid_client|unauthorized_client|unknown client`)
)

// refusal reads an answer to an authorization request. Providers word their refusals
// as they like: what is inferred from a page is the best guess there is.
func (c call) refusal(redirect string) outcome {
	uri, client := aboutURI.Match(c.body), aboutClient.Match(c.body)
	switch {
	case c.status == 0 || c.status >= 500:
		return failing
	case c.code == "invalid_client", c.status == http.StatusBadRequest && client && !uri:
		return strange
	case c.closed():
		return shut
	case c.status >= 400:
		return turnedDown
	case c.status >= 300 && !comesBack(c.location, redirect) && aboutURI.MatchString(c.location) && mismatched.MatchString(c.location):
		return turnedDown
	case c.status == http.StatusOK && uri && mismatched.Match(c.body) && len(c.body) < 16<<10:
		return turnedDown
	}
	return taken
}

var urlText = regexp.MustCompile(`https?://[^\s"'<>\\)]+`)

// quoted lists the URLs on the redirect URI's host that an answer names: some
// providers show what they have registered.
func quoted(c call, redirect string) (out []string) {
	mine, err := url.Parse(redirect)
	if err != nil {
		return nil
	}
	for _, found := range urlText.FindAllString(html.UnescapeString(string(c.body)), 32) {
		found, _, _ = strings.Cut(found, "?")
		u, err := url.Parse(found)
		if err == nil && u.User == nil && strings.EqualFold(u.Hostname(), mine.Hostname()) && found != redirect && !slices.Contains(out, found) {
			out = append(out, found)
		}
	}
	return out
}

// redirect compares the redirect URI with the papers, and with what the provider takes.
// It returns the probe with which a login can go on.
func (d *doctor) redirect(ctx context.Context) probe {
	ours := d.o.cfg.RedirectURL
	mend := both("Đặt redirect URI (RedirectURL) giống từng byte với B, hoặc nhờ nhà cung cấp đăng ký A.", "Make the redirect URI (RedirectURL) B byte for byte, or have the provider register A.")
	if d.o.registered != "" {
		what, lines := difference(ours, d.o.registered)
		if lines == nil {
			d.add("redirect-papers", good, both("Redirect URI giống hồ sơ đăng ký từng byte", "The redirect URI is that of the papers, byte by byte"), ui.Text{})
		} else {
			d.add("redirect-papers-differ", bad, ui.Text{Vi: "Redirect URI khác hồ sơ đăng ký: " + what.Vi, En: "The redirect URI differs from the papers: " + what.En}, mend, lines...)
		}
	}
	p := d.ask(ctx, ours)
	status := fmt.Sprintf("status %d", p.call.status)
	switch p.outcome {
	case taken:
		if p.code != "" {
			d.add("login-refused", bad, both("Nhà cung cấp nhận redirect URI, nhưng từ chối yêu cầu đăng nhập: %s", "The provider takes the redirect URI and refuses the request: %s", show(p.code)),
				both("invalid_scope: bỏ phạm vi chưa đăng ký (-scopes). unauthorized_client: xin quyền luồng mã. Mã khác: hỏi nhà cung cấp.", "invalid_scope: leave out what is not registered (-scopes). unauthorized_client: have the code flow allowed. Others: ask the provider."))
			return p
		}
		d.add("redirect-ok", good, both("Nhà cung cấp nhận redirect URI", "The provider takes the redirect URI"), ui.Text{}, status)
	case turnedDown:
		d.mismatch(ctx, p, mend)
	case strange:
		if p.call.method == http.MethodGet { // a pushed request is for the credentials to word
			d.add("client-unknown", bad, both("Nhà cung cấp không biết client_id này", "The provider does not know this client_id"),
				both("Kiểm tra -client-id và môi trường (thử nghiệm hay chính thức).", "Check -client-id and the environment (test or production)."), status)
		}
	case shut:
		if p.call.method == http.MethodPost {
			break
		}
		d.add("login-closed", bad, both("Trang đăng nhập không cho máy này vào (%d)", "The login page does not let this machine in (%d)", p.call.status),
			both("Xem mục address. Nếu chỉ trang này: có thể chỉ trình duyệt của công dân mới tới được.", "See address. If it is this page alone: perhaps only citizens' browsers reach it."), status)
	case failing:
		d.add("login-down", bad, both("Trang đăng nhập của nhà cung cấp không trả lời đúng", "The provider's login page does not answer as it should"),
			both("Thử lại sau; nếu còn lỗi, báo nhà cung cấp.", "Try again later; if it stays, tell the provider."), status)
	case unasked:
		d.begun(p.err)
	}
	return p
}

// begun words what kept a login from beginning before anybody was asked.
func (d *doctor) begun(err error) {
	if err == nil {
		err = errors.New("no request was made")
	}
	d.add("login-impossible", bad, both("SDK không bắt đầu được đăng nhập", "The SDK cannot begin a login"),
		both("Xem chi tiết; thường do tài liệu cấu hình của nhà cung cấp.", "See the detail; mostly it is the provider's metadata."), err.Error())
}

// mismatch looks for the spelling that the provider has.
func (d *doctor) mismatch(ctx context.Context, p probe, mend ui.Text) {
	ours, status := d.o.cfg.RedirectURL, fmt.Sprintf("status %d", p.call.status)
	for _, theirs := range quoted(p.call, ours) {
		what, lines := difference(ours, theirs)
		d.add("redirect-quoted", bad, ui.Text{Vi: "Nhà cung cấp từ chối redirect URI và nêu một địa chỉ khác: " + what.Vi, En: "The provider refuses the redirect URI and names another: " + what.En}, mend, append(lines, status)...)
		return
	}
	for _, theirs := range variants(ours) {
		if d.ask(ctx, theirs).outcome == taken {
			what, lines := difference(ours, theirs)
			d.add("redirect-differs", bad, ui.Text{Vi: "Nhà cung cấp từ chối redirect URI, nhưng nhận cách viết B: " + what.Vi, En: "The provider refuses the redirect URI and takes the spelling B: " + what.En}, mend, append(lines, status)...)
			return
		}
	}
	d.add("redirect-refused", bad, both("Nhà cung cấp từ chối yêu cầu đăng nhập; thường do redirect URI chưa đăng ký", "The provider refuses the request; mostly the redirect URI is not registered"),
		both("So từng byte với hồ sơ (-registered); kiểm tra -client-id và môi trường.", "Compare with the papers byte by byte (-registered); check -client-id and the environment."), fmt.Sprintf("A: %q", ours), status)
}
