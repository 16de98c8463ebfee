package browser

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
)

// TestFormsOfOtherSitesChangeNothing posts every form of every page as another site
// would have a browser post it.
func TestFormsOfOtherSitesChangeNothing(t *testing.T) {
	w := start(t)
	tried := map[string]bool{}
	everybody(t, func(t *testing.T, p part) {
		v := visit(t, w.platform)
		if !v.enter(p) {
			t.Fatalf("%s cannot enter", p.name)
		}
		var forms []form
		v.all(func(at string, page got) { forms = append(forms, page.forms()...) })
		n := 0
		for _, f := range forms {
			u, _ := url.Parse(f.action)
			key := p.name + " " + shape(u)
			if f.method != "POST" || tried[key] {
				continue
			}
			tried[key] = true
			n++
			for _, from := range [][]string{
				{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
				{"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:1"},
				{"Origin", "https://evil.example"},
				{"Origin", "null"},
			} {
				fields := url.Values{}
				for k, x := range f.fields {
					fields[k] = slices.Clone(x)
				}
				if strings.HasPrefix(u.Path, "/interaction/") || strings.HasPrefix(u.Path, "/logout") {
					fields.Del("csrf") // another site cannot know it; the engine asks for nothing else
				}
				if res := v.do("POST", f.action, fields, from...); res.StatusCode != http.StatusForbidden {
					t.Errorf("POST %s from %v: status %d", u.Path, from, res.StatusCode)
				}
			}
		}
		if t.Logf("%d forms", n); n == 0 {
			t.Error("no form was tried")
		}
	})
}

// TestALoginHasAnIdOfItsOwn plants session cookies before the login, of citizens and of
// staff: whoever planted them is not logged in afterwards.
func TestALoginHasAnIdOfItsOwn(t *testing.T) {
	w := start(t)
	home, _ := url.Parse(w.platform)
	everybody(t, func(t *testing.T, p part) {
		if p.where == "" {
			return // nobody has no login
		}
		first := visit(t, w.platform)
		if !first.enter(p) {
			t.Fatalf("%s cannot enter", p.name)
		}
		mine := first.jar.Cookies(home)
		// The attacker's own sessions, planted in the victim's browser.
		victim := visit(t, w.platform)
		victim.jar.SetCookies(home, mine)
		for _, c := range mine {
			if strings.Contains(c.Name, "session") || strings.Contains(c.Name, "staff") {
				victim.jar.SetCookies(home, []*http.Cookie{{Name: c.Name, Value: c.Value[:len(c.Value)-4] + "AAAA", Path: "/"}})
			}
		}
		planted := victim.jar.Cookies(home)
		if res := victim.get(p.where); strings.HasPrefix(res.Request.URL.Path, p.where) {
			t.Fatalf("a changed cookie is logged in at %s", res.Request.URL)
		}
		victim.enter(p)
		changed := 0
		for _, c := range victim.jar.Cookies(home) {
			if i := slices.IndexFunc(planted, func(p *http.Cookie) bool { return p.Name == c.Name }); i < 0 || planted[i].Value != c.Value {
				changed++
			}
		}
		if changed == 0 {
			t.Error("the login kept every cookie that was planted")
		}
		thief := visit(t, w.platform)
		thief.jar.SetCookies(home, planted)
		if res := thief.get(p.where); strings.HasPrefix(res.Request.URL.Path, p.where) {
			t.Errorf("the planted cookies are logged in at %s", res.Request.URL)
		}
		for _, c := range victim.jar.Cookies(home) {
			if !strings.Contains(c.Name, "lang") && len(c.Value) < 30 {
				t.Errorf("cookie %s has %d characters", c.Name, len(c.Value))
			}
		}
	})
}

// TestCookiesAreOfTheBrowserAlone: scripts cannot read them, and other sites do not
// make the browser send them with forms.
func TestCookiesAreOfTheBrowserAlone(t *testing.T) {
	w := start(t)
	set := map[string]bool{}
	everybody(t, func(t *testing.T, p part) {
		v := visit(t, w.platform)
		v.Client.Transport = heard(func(res *http.Response) {
			for _, c := range res.Cookies() {
				set[c.Name] = true
				if !c.HttpOnly || c.SameSite < http.SameSiteLaxMode || c.Domain != "" || c.Path != "/" {
					t.Errorf("%s is set with HttpOnly %v, SameSite %d, Domain %q, Path %q", c.Name, c.HttpOnly, c.SameSite, c.Domain, c.Path)
				}
			}
		})
		v.get("/?lang=en")
		v.enter(p)
	})
	if len(set) < 4 { // the language, the browser, a citizen, one of the staff
		t.Errorf("only %v were set", set)
	}
}

// heard tells of each answer on its way.
type heard func(*http.Response)

func (h heard) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		h(res)
	}
	return res, err
}

// victim is one of the generated people, whom no page introduces, and what the
// registers know of them and of nobody else.
func victim(t *testing.T) (who personas.Persona, canaries []string) {
	t.Helper()
	all := crowd.Crowd{Seed: 1}
	known := map[string]int{}
	for p := range all.People(0, crowd.Start) {
		for _, s := range facts(p) {
			known[s]++
		}
	}
	for _, p := range personas.All() {
		for _, s := range facts(p) {
			known[s]++
		}
	}
	for p := range all.People(0, crowd.Start) {
		if p.Account.Level != 2 || p.Account.Password != personas.Password || p.Account.EIDLocked || p.Account.AccountLocked {
			continue
		}
		canaries = nil
		for _, s := range facts(p) {
			if known[s] == 1 && len(s) > 6 {
				canaries = append(canaries, s)
			}
		}
		if len(canaries) >= 4 {
			return p, canaries
		}
	}
	t.Fatal("nobody has enough of their own")
	return who, nil
}

func facts(p personas.Persona) []string {
	r := p.Record
	return []string{r.ID, r.Residence.Text, r.Origin.Text, r.Father, r.Mother, r.OldID, p.Account.Email, p.Account.Phone}
}

// TestNoPageLeaksAnotherPerson: what the registers know about one person stands on no
// page that anybody else can open, and the pages that name something of theirs are
// closed to others.
func TestNoPageLeaksAnotherPerson(t *testing.T) {
	w := start(t)
	who, birds := victim(t)
	them := visit(t, w.platform)
	them.fillIn("/me", url.Values{"username": {who.Username()}, "password": {who.Account.Password}})
	var theirs []string // pages under /me with a name of something
	sung := 0
	them.all(func(at string, page got) {
		for _, b := range birds {
			sung += strings.Count(page.body, b)
		}
		if u, _ := url.Parse(at); strings.HasPrefix(at, "/me/") && strings.Contains(shape(u), "*") {
			theirs = append(theirs, at)
		}
	})
	if t.Logf("pages of theirs: %v", theirs); sung == 0 {
		t.Error("the person sees nothing of their own: no canary would be heard")
	}
	everybody(t, func(t *testing.T, p part) {
		v := visit(t, w.platform)
		if !v.enter(p) {
			t.Fatalf("%s cannot enter", p.name)
		}
		check := func(at string, page got) {
			if strings.HasPrefix(at, "/phone") || strings.HasPrefix(at, "/lab") {
				return // the tester's own, who plays everybody
			}
			for _, b := range birds {
				if strings.Contains(page.body, b) {
					t.Errorf("%s shows %s %q", at, p.name, b)
				}
			}
		}
		v.all(check)
		for _, at := range theirs {
			page := v.get(at)
			check(at, page)
			if page.StatusCode == 200 && page.Request.URL.Path == at && strings.Contains(page.body, who.Record.Name) {
				t.Errorf("%s is open to %s", at, p.name)
			}
		}
	})
}
