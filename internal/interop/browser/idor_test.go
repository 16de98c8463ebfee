package browser

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// names are fields that name one of many things.
var names = regexp.MustCompile(`^(id|grant|ticket|case|client|version|row|ground|event|key|unit|staff|account|prompt|case_id|number)$`)

// fleeting is what differs between two looks at the same page.
var fleeting = regexp.MustCompile(`(?s)<svg.*?</svg>|<script.*?</script>|data-[a-z]+="[^"]*"|name="(key|csrf)" value="[^"]*"|value="[^"]*T[0-9:]*"|<p class="mono.*?</p>|\d\d:\d\d(:\d\d)?( \d\d/\d\d/\d{4})?`)

// state is what a person sees of their own affairs.
func (v *visitor) state() map[string]string {
	out := map[string]string{}
	for _, at := range []string{"/me", "/me/sessions", "/me/locks", "/me/settings", "/me/shares", "/me/stays", "/me/filings", "/me/inbox", "/me/papers", "/me/residence", "/me/history"} {
		page := v.get(at)
		if page.StatusCode != http.StatusOK || page.Request.URL.Path != at {
			v.t.Fatalf("%s: status %d at %s", at, page.StatusCode, page.Request.URL)
		}
		out[at] = fleeting.ReplaceAllString(page.body, "")
	}
	return out
}

// send posts the first form of a page whose action ends in something, with changes.
func (v *visitor) send(page got, action string, with url.Values) got {
	v.t.Helper()
	for _, f := range page.forms() {
		u, _ := url.Parse(f.action)
		if !strings.HasSuffix(u.Path, action) {
			continue
		}
		for k, x := range with {
			f.fields[k] = x
		}
		return v.do(f.method, f.action, f.fields)
	}
	v.t.Fatalf("%s has no form to %s", page.Request.URL, action)
	return got{}
}

var box = regexp.MustCompile(`name="scope" value="([^"]+)"`)

// guest is somebody who stays with them.
const guest = "Khách Ở Nhờ"

// lives gives a person affairs: a second session, a login at the portal, a consent to
// share documents, a notice of a stay, a report.
func (v *visitor) lives(w world, who personas.Persona) {
	v.t.Helper()
	password := url.Values{"username": {who.Username()}, "password": {who.Account.Password}}
	visit(v.t, w.platform).fillIn("/me", password)
	v.fillIn("/me", password)

	// The portal asks for documents, and is given those that it asks for.
	for page, n := v.get(w.portal+"/rental"), 0; !strings.Contains(page.Request.URL.Path, "/receipts/") && n < 12; n++ {
		switch {
		case strings.Contains(page.body, `action="/rental/ask"`):
			page = v.send(page, "/rental/ask", nil)
		case strings.Contains(page.body, `name="code"`):
			digits := sixDigits.FindString(v.get("/phone").body[strings.Index(v.get("/phone").body, "<ol"):])
			page = v.send(page, page.Request.URL.Path, url.Values{"factor": {"otp"}, "code": {digits}})
		case strings.Contains(page.body, `value="otp"`):
			page = v.send(page, page.Request.URL.Path, url.Values{"factor": {"otp"}})
		case strings.Contains(page.body, `name="scope"`):
			var all []string
			for _, m := range box.FindAllStringSubmatch(page.body, -1) {
				all = append(all, m[1])
			}
			page = v.send(page, page.Request.URL.Path, url.Values{"scope": all, "decision": {"allow"}})
		case strings.Contains(page.body, `name="username"`):
			page = v.send(page, page.Request.URL.Path, url.Values{"username": password["username"], "password": password["password"], "decision": nil})
		default:
			v.t.Fatalf("lost at %s: %s", page.Request.URL, page.body)
		}
	}
	v.send(v.get("/me/stays"), "/me/stays", url.Values{"who": {"guest"}, "name": {guest}, "number": {"999090000001"}, "nation": {"vn"}, "reason": {"thăm"}, "family": nil})
	if !strings.Contains(v.get("/me/stays").body, guest) {
		v.t.Fatal("the notice of the stay was not taken")
	}
	if shares := v.get("/me/shares"); !strings.Contains(shares.body, `name="grant"`) {
		v.t.Fatal("nothing was shared")
	}
}

// TestFormsOfOnePersonDoNothingForAnother: whoever learns the names that stand in
// somebody's forms can send them, and changes nothing of theirs.
func TestFormsOfOnePersonDoNothingForAnother(t *testing.T) {
	w := start(t)
	who, _ := victim(t)
	them := visit(t, w.platform)
	them.lives(w, who)
	before := them.state()
	var forms []form
	tried := map[string]bool{}
	for at := range before {
		for _, f := range them.get(at).forms() {
			named := false
			for k := range f.fields {
				named = named || names.MatchString(k) && f.fields.Get(k) != ""
			}
			if f.method == "POST" && named {
				forms = append(forms, f)
				tried[strings.TrimPrefix(f.action, w.platform)] = true
			}
		}
	}
	for _, want := range []string{"/me/sessions/end", "/me/shares/withdraw", "/me/stays/cancel"} {
		if !tried[want] {
			t.Errorf("the person has no form to %s: %v", want, tried)
		}
	}
	everybody(t, func(t *testing.T, p part) {
		v := visit(t, w.platform)
		if !v.enter(p) {
			t.Fatalf("%s cannot enter", p.name)
		}
		for _, f := range forms {
			for k, x := range map[string]string{"password": personas.Password, "agree": "yes", "decision": "allow", "confirm": "yes"} {
				if f.fields.Has(k) {
					f.fields.Set(k, x)
				}
			}
			if res := v.do("POST", f.action, f.fields, "Sec-Fetch-Site", "same-origin"); strings.Contains(res.body, who.Record.Name) {
				t.Errorf("%s tells %s about the person", f.action, p.name)
			}
		}
		for at, now := range them.state() {
			if now != before[at] {
				t.Errorf("%s changed %s:\n%s", p.name, at, difference(before[at], now))
			}
		}
	})
	// The person's own form still does what it says.
	if res := them.send(them.get("/me/stays"), "/me/stays/cancel", nil); res.StatusCode != 200 || them.state()["/me/stays"] == before["/me/stays"] {
		t.Errorf("their own form does nothing: status %d", res.StatusCode)
	}
}

// difference is where two texts part.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, i-80):min(len(s), i+160)] }
	return "- " + cut(a) + "\n+ " + cut(b)
}
