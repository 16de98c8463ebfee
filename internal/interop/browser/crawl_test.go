package browser

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// How many pages that differ in a number alone are looked at, and how many that lie
// beside each other.
const (
	perShape  = 2
	perFolder = 12
)

// crawl is a walk through all pages of the platform that links lead to.
type crawl struct {
	*tab
	home   string
	also   []string // pages that forms lead to, and no link
	queue  []string
	known  map[string]bool // pages, without what only this visit knows
	shapes map[string]int
	pages  []string
	look   func(at string) // called on each page
}

// varies are the parts of a path that name one of many: numbers and codes.
var varies = regexp.MustCompile(`[0-9]|^[^-]{20,}$|[a-z][A-Z]`)

// shape is a page's address without what names one of many.
func shape(u *url.URL) string {
	var out []string
	for i, s := range strings.Split(u.Path, "/") {
		if varies.MatchString(s) || i == 2 && strings.HasPrefix(u.Path, "/rp/") { // hosted ones are alike
			s = "*"
		}
		out = append(out, s)
	}
	var keys []string
	for k := range u.Query() {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return strings.Join(out, "/") + "?" + strings.Join(keys, "&")
}

// leave are links that end a session or are no page.
var leave = regexp.MustCompile(`^/(logout|interaction|assets)\b|\.(csv|har|json|jwt|pem|pdf|txt|xml|png|svg|tar|gz)$|jwks|/download|/api/`)

// add queues the pages that a page leads to.
func (c *crawl) add(links []string) {
	for _, l := range links {
		u, err := url.Parse(l)
		if err != nil || u.Scheme+"://"+u.Host != c.home || leave.MatchString(u.Path) || strings.HasPrefix(u.Path, "/.") {
			continue
		}
		u.Fragment = ""
		q := u.Query()
		q.Del("lang")
		u.RawQuery = q.Encode()
		s := shape(u)
		folder := path.Dir(s)
		if c.known[u.String()] || c.shapes[s] >= perShape || strings.Count(s, "/") > 2 && c.shapes[folder] >= perFolder {
			continue
		}
		c.shapes[folder]++
		c.known[u.String()] = true
		c.shapes[s]++
		c.queue = append(c.queue, u.String())
	}
}

// all visits everything that can be reached from the home page.
func (c *crawl) all() {
	c.t.Helper()
	c.known, c.shapes = map[string]bool{}, map[string]int{}
	c.add([]string{c.home + "/"})
	for _, at := range c.also {
		c.add([]string{c.home + at})
	}
	for len(c.queue) > 0 && len(c.pages) < 400 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.to(next)
		at := strings.TrimPrefix(next, c.home)
		c.pages = append(c.pages, at)
		if !strings.HasPrefix(c.at(), c.home) {
			c.t.Errorf("%s leads away to %s", at, c.at())
			continue
		}
		c.add(js[[]string](c.tab, `[...document.links].filter(a => !a.hasAttribute('download')).map(a => a.href)`))
		c.look(at)
	}
}

// skeleton is what a page is made of, without its words and numbers.
const skeleton = `document.body.className + [...document.querySelectorAll('main *:not(svg *):not(li ~ li):not(li ~ li *):not(tr ~ tr):not(tr ~ tr *)')].map(e => e.tagName + '.' + e.className).join()`

func TestEveryPageThatCanBeReached(t *testing.T) {
	browser := browse(t)
	w := start(t)
	who, _ := personas.Get("level2")
	visit(t, w.platform).lives(w, who) // so that their pages have something on them
	judged := map[string]bool{}
	everybody(t, func(t *testing.T, p part) {
		b := open(t, browser)
		if !b.enter(w, p) {
			t.Fatalf("%s cannot enter", p.name)
		}
		b.logsInAt(w, p.parties...)
		b.heard()
		c := &crawl{tab: b, home: w.platform, also: p.also}
		looked := 0
		c.look = func(at string) {
			b.complete(at, p)
			made := js[string](b, skeleton)
			if judged[made] {
				return
			}
			judged[made] = true
			looked++
			name := fmt.Sprintf("%s-%02d%s", strings.ReplaceAll(p.name, " ", "-"), len(c.pages), strings.NewReplacer("/", "-", "?", "_", "&", "_", "=", "-").Replace(at))
			for _, l := range looks {
				b.see(l)
				b.fits(at, l)
				if !l.dark {
					b.shot("crawl/" + name[:min(len(name), 60)] + "." + l.name)
				}
				b.accessible(at + " on the " + l.name)
			}
			b.see(looks[0])
			b.inEnglish(at, "crawl/"+name[:min(len(name), 60)], p)
		}
		c.all()
		if p.closed != "" && !slices.ContainsFunc(c.pages, regexp.MustCompile(p.closed).MatchString) {
			t.Errorf("%s found no door closed", p.name)
		}
		t.Logf("%d pages, %d of them unlike those before: %s", len(c.pages), looked, strings.Join(c.pages, " "))
	})
}

// logsInAt has somebody who is logged in agree to a login at hosted relying parties.
func (b *tab) logsInAt(w world, parties ...string) {
	b.t.Helper()
	for _, id := range parties {
		b.to(w.platform + "/rp/" + id + "/login")
		b.click(`button[name=decision][value=allow]`)
		if want := w.platform + "/rp/" + id; !strings.HasPrefix(b.at(), want) {
			b.t.Fatalf("after the login at %s: %s", id, b.at())
		}
	}
}

// accessible has axe-core judge the page as it is seen now.
func (b *tab) accessible(at string) {
	b.t.Helper()
	for _, f := range b.judge() {
		if f.Impact == "serious" || f.Impact == "critical" {
			b.t.Errorf("%s: %v", at, f)
		} else {
			b.t.Logf("%s: %v", at, f)
		}
	}
}

// inEnglish looks at the same page by its switch, and has the browser forget the choice.
// Colours are those of the other language, widths are not.
func (b *tab) inEnglish(at, name string, p part) {
	b.t.Helper()
	defer b.see(b.seen)
	b.click("a.switch")
	b.complete(at+" in English", p)
	if lang := js[string](b, `document.documentElement.lang`); lang != "en" {
		b.t.Errorf("%s: the switch leads to %q", at, lang)
	}
	for _, said := range js[[]string](b, untranslated) {
		for _, name := range invented() {
			said = strings.ReplaceAll(said, name, "")
		}
		if vietnamese.MatchString(said) {
			b.t.Errorf("%s in English: %q", at, said)
		}
	}
	for _, l := range []look{looks[2], looks[0]} {
		b.see(l)
		b.fits(at+" in English", l)
		b.shot(name + ".en-" + l.name)
	}
	b.accessible(at + " in English")
	tell(b, network.DeleteCookies, network.DeleteCookiesParams{Name: "lang", URL: b.at()})
}

// untranslated are the words of a page itself, where it marks none of them as Vietnamese;
// rows are called what they are about.
const untranslated = `[...document.querySelectorAll('h1, h2, h3, label, legend, summary, button, th:not([scope=row]), dt, .hint, .lead, .tag, .badge, .notice, .empty, nav a, p, li, option, small, figcaption')]
	.filter(e => !e.closest('[lang=vi]')).map(e => { const own = e.cloneNode(true); own.querySelectorAll('[lang=vi]').forEach(v => v.remove()); return own.textContent.trim() })`

// vietnamese are letters that no other language has.
var vietnamese = regexp.MustCompile(`(?i)[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]`)

// invented are the names of people and where they live, the same in every language.
func invented() (names []string) {
	for _, p := range personas.All() {
		names = append(names, p.Record.Name, p.Record.Residence.Text)
	}
	names = append(names, guest)
	for _, s := range personas.Staff() {
		names = append(names, s.Name)
	}
	return names
}

// complete checks what every page has, whoever opens it and however. A door is closed to
// whom it does not belong, and says so; to nobody else.
func (b *tab) complete(at string, p part) {
	b.t.Helper()
	want := int64(200)
	if p.closed != "" && regexp.MustCompile(p.closed).MatchString(strings.TrimSuffix(at, " in English")) {
		want = 403
	}
	if s := b.status(); s != want {
		b.t.Errorf("%s: status %d, want %d", at, s, want)
	}
	if !strings.Contains(b.text(), platform.Banner) {
		b.t.Errorf("%s has no banner", at)
	}
	for _, c := range b.heard() {
		b.t.Errorf("%s: the browser complains: %s", at, c)
	}
	policy := b.header("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(policy, want) {
			b.t.Errorf("%s: the policy lacks %s: %s", at, want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		b.t.Errorf("%s: %s", at, policy)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
		if got := b.header(name); got != want {
			b.t.Errorf("%s: %s is %q, want %q", at, name, got, want)
		}
	}
}

// fits checks that nothing sticks out of the screen and that fingers find the buttons.
func (b *tab) fits(at string, l look) {
	b.t.Helper()
	if wide := js[float64](b, `document.documentElement.scrollWidth`); wide > float64(l.width) {
		out := js[[]string](b, `[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.top ul, .tabs ul, pre, svg, .skip, .sr')).slice(0, 3).map(e => e.outerHTML.slice(0, 120))`)
		b.t.Errorf("%s on the %s is %.0f pixels wide: %q", at, l.name, wide, out)
	}
	if l.phone {
		for _, s := range js[[]string](b, `[...document.querySelectorAll('button, .button, summary, .top a, .tabs a, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, .choice')]
			.filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.skip') && !e.classList.contains('skip') && e.getBoundingClientRect().height < 43.5).slice(0, 3).map(e => e.getBoundingClientRect().height + ' ' + e.outerHTML.slice(0, 120))`) {
			b.t.Errorf("%s on the %s: smaller than a finger: %s", at, l.name, s)
		}
	}
}

// TestEveryPageWithoutJavaScript: what can be reached is the same, and each page whole.
func TestEveryPageWithoutJavaScript(t *testing.T) {
	browser := browse(t)
	w := start(t)
	everybody(t, func(t *testing.T, p part) {
		pages := map[bool][]string{}
		for _, off := range []bool{false, true} {
			b := open(t, browser)
			tell(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off})
			if !b.enter(w, p) {
				t.Fatalf("%s cannot enter", p.name)
			}
			c := &crawl{tab: b, home: w.platform, also: p.also}
			c.look = func(at string) {
				if off && !js[bool](b, `document.querySelector('h1') !== null && ![...document.querySelectorAll('.js-only')].some(e => e.checkVisibility())`) {
					t.Errorf("%s has no heading, or shows what needs a script", at)
				}
			}
			c.all()
			for _, at := range c.pages {
				u, _ := url.Parse(at)
				pages[off] = append(pages[off], shape(u))
			}
			slices.Sort(pages[off])
			pages[off] = slices.Compact(pages[off])
		}
		if !slices.Equal(pages[false], pages[true]) {
			t.Errorf("with scripts %v\nwithout %v", pages[false], pages[true])
		}
	})
}
