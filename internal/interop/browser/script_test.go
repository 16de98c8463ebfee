package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// The script does what its pages promise, seen from outside.

// until waits for an expression to be true. Between two pages there is nothing to ask.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	for end := time.Now().Add(5 * time.Minute); ; {
		if is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression)); err == nil && is {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("at %s: still not %s", b.at(), what)
		}
		time.Sleep(50 * time.Millisecond) // another process has to do something
	}
}

func TestTheLoginPageGoesOnWhenTheAppHasConfirmed(t *testing.T) {
	browser := browse(t)
	w := start(t)
	phone := open(t, browser)
	phone.enter(w, part{citizen: "level2", where: "/me"})
	desk := open(t, browser)
	desk.see(looks[2])
	desk.to(w.platform + "/me")
	link := js[string](desk, `document.getElementById('scan-text').textContent`)
	number := js[string](desk, `document.querySelector('#scan .big').textContent`)
	desk.shot("login-desk")
	phone.to(link)
	phone.shot("app-confirm")
	phone.fill("#number", number)
	phone.fill("#password", personas.Password)
	phone.click("main form button")
	desk.until("logged in", `location.pathname === '/me'`)
	if c := desk.heard(); len(c) > 0 {
		t.Error(c)
	}
}

func TestCountdownsFollowTheServerAndCodesRenewThemselves(t *testing.T) {
	w := start(t)
	b := open(t, browse(t))
	b.to(w.platform + "/me")
	left := js[string](b, `document.querySelector('[data-until]').textContent`)
	if !strings.HasPrefix(left, "còn 0:") && !strings.HasPrefix(left, "còn 1:") {
		t.Errorf("the code says %q", left)
	}
	before := js[string](b, `document.getElementById('scan-text').textContent`)
	b.do(chromedp.SendKeys(chromedp.CSS("#username"), "999090000001"))
	// A code whose time is over asks for the page's newer one; the server has none yet.
	js[bool](b, `(document.querySelector('#scan [data-until]').dataset.until = '2020-01-01T00:00:00Z', true)`)
	b.until("renewed", `!document.querySelector('#scan').classList.contains('over') && document.querySelector('#scan [data-until]').dataset.until > '2021'`)
	if after := js[string](b, `document.getElementById('scan-text').textContent`); after != before {
		t.Errorf("the code changed before its time: %q", after)
	}
	if typed := js[string](b, `document.getElementById('username').value`); typed != "999090000001" {
		t.Errorf("what was typed is %q", typed)
	}
}

func TestAListIsFilteredByWordsWithoutTheirMarks(t *testing.T) {
	w := start(t)
	b := open(t, browse(t))
	b.to(w.platform)
	b.do(chromedp.Click(chromedp.CSS(`details:has(#filter) summary`)), chromedp.SendKeys(chromedp.CSS("#filter"), "dang son"))
	b.until("filtered", `[...document.querySelectorAll('#others tbody tr')].filter(e => e.checkVisibility()).length === 1`)
}
