package browser

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// TestWalk goes the whole way of a person and of those they meet, on a telephone and
// at a desk, and keeps a picture of each station where -shots says.
func TestWalk(t *testing.T) {
	browser := browse(t)
	for _, l := range []look{looks[0], looks[2]} {
		t.Run(l.name, func(t *testing.T) {
			w := start(t)
			b := open(t, browser)
			b.see(l)
			walk := &journey{tab: b, browser: browser, w: w, dir: "walk-" + l.name + "/"}
			walk.registersInTheApp("no-account")
			walk.isBroughtToLevel2AtTheCounter()
			walk.logsInAtThePortalKeepingOneClaimBack()
			walk.showsACodeThatIsScannedFromItsPicture()
			walk.opensAServiceOfLevel2()
			walk.locksTheEIDSoThatLevel2IsRefused()
			walk.locksTheAccountSoThatNoLoginPasses()
		})
	}
}

// journey is a person underway.
type journey struct {
	*tab
	browser context.Context
	w       world

	number, password string // who they are, and what only they know
	dir              string // of the pictures

	used string // where scan-qr remembers one-time codes
}

// station is a page on the way: looked at, fitting the screen, judged by axe-core.
func (j *journey) station(name string) {
	j.t.Helper()
	j.shot(j.dir + name)
	j.fits(name, j.seen)
	j.accessible(name)
}

// says checks that the page shows words.
func (j *journey) says(words ...string) {
	j.t.Helper()
	text := j.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			j.t.Fatalf("%s does not say %q:\n%s", j.at(), w, text)
		}
	}
}

// consent agrees to everything but the claims that are to stay back.
func (j *journey) consent(without ...string) {
	j.t.Helper()
	j.inEnglish("consent", j.dir+"consent", part{})
	j.to(j.at()[:strings.Index(j.at(), "?")]) // where the switch was
	j.says("Chia sẻ thông tin với đơn vị này?")
	if ticked := js[float64](j.tab, `document.querySelectorAll('input:checked').length`); ticked != 0 {
		j.t.Errorf("%.0f boxes are ticked beforehand", ticked)
	}
	size := js[[]float64](j.tab, `[...document.querySelectorAll('button[name=decision]')].flatMap(e => [e.offsetWidth, e.offsetHeight])`)
	if len(size) != 4 || size[0] != size[2] || size[1] != size[3] {
		j.t.Errorf("agreeing and refusing are of different size: %v", size)
	}
	for range int(js[float64](j.tab, `document.querySelectorAll('input[name=scope]').length`)) {
		j.do(chromedp.Click(chromedp.CSS(`input[name=scope]:not(:checked)`)))
	}
	for _, claim := range without {
		j.unfold(`input[value=` + claim + `]`)
		j.do(chromedp.Click(chromedp.CSS(`input[name=without][value=` + claim + `]`)))
	}
	j.station("consent")
	j.click(`button[value=allow]`)
}

// logsIn fills the login page in, if that is what the person is shown: who has a session
// is not asked again.
func (j *journey) logsIn() {
	j.t.Helper()
	if js[bool](j.tab, `document.getElementById('username') !== null`) {
		j.login(j.number, j.password)
	}
}

// registersInTheApp asks for an account of level 1 and chooses a password.
func (j *journey) registersInTheApp(handle string) {
	j.t.Helper()
	who, _ := personas.Get(handle)
	j.number, j.password = who.Username(), "mot-mat-khau-rieng"
	j.to(j.w.platform)
	j.station("home")
	j.click(`a[href="/register"]`)
	j.click(`a.button[href="/register/request"]`)
	j.fill("#number", j.number)
	j.fill("#name", who.Record.Name)
	j.fill("#birth", birthday(who))
	j.fill("#phone", "+84000000099")
	j.do(chromedp.Click(chromedp.CSS(`input[name=portrait][value=match]`)))
	j.station("register")
	j.click(`main form button`)
	j.until("decided", `document.body.innerText.includes('Yêu cầu đã được chấp nhận')`)
	j.station("registered")
	first := j.messageOnTheTelephone(firstPassword)
	j.to(j.w.platform + "/me")
	j.station("login")
	j.login(j.number, first)
	j.says("Đổi mật khẩu lần đầu")
	j.station("first-password")
	j.fill("#new_password", j.password)
	j.click(`form:has(#new_password) button`)
	j.says("Tài khoản định danh điện tử mức độ 1")
	j.station("me-level-1")
}

// isBroughtToLevel2AtTheCounter goes to the police of a ward, whose officer reads the
// card's chip, takes one paper and refuses another.
func (j *journey) isBroughtToLevel2AtTheCounter() {
	j.t.Helper()
	desk := &journey{tab: open(j.t, j.browser), browser: j.browser, w: j.w, dir: j.dir}
	desk.see(j.seen)
	desk.enter(j.w, part{staff: "can-bo-phuong", where: "/counter"})
	desk.do(chromedp.Click(chromedp.CSS(`input[name=kind][value=citizen]`)))
	desk.fill("#number", j.number)
	desk.station("counter")
	desk.click(`form[action="/counter/cases"] button`)
	desk.says("Bùi Thị Vân", "Công an Phường Mẫu")
	step := func(name string, more ...chromedp.Action[chromedp.Void]) {
		j.t.Helper()
		desk.do(more...)
		desk.click(`form[action$="/` + name + `"] button`)
	}
	choose := func(id, value string) chromedp.Action[chromedp.Void] {
		return chromedp.SetValue(chromedp.CSS(id), value)
	}
	desk.fill("#phone", "+84000000099")
	step("contact")
	step("chip", choose("#card", "own"))
	desk.until("read", `document.body?.innerText.includes('Đã xác minh')`)
	desk.station("chip")
	desk.fill("#paper-number", "999000000006")
	step("paper", choose("#kind", "driver-licence"))
	desk.fill("#paper-number", "C9990001")
	step("paper", choose("#kind", "passport"))
	desk.click(`form:has(input[value=driver-licence]) button[value=accept]`)
	desk.fill("#reason-passport", "Không có trong cơ sở dữ liệu")
	desk.click(`form:has(input[value=passport]) button[value=refuse]`)
	step("compared", choose("#face", "match"), choose("#finger", "match"))
	desk.unfold(`input[name=agree]`)
	step("agreed", chromedp.Click(chromedp.CSS(`input[name=agree]`)))
	desk.station("case")
	step("submit")
	desk.until("compared with the registers", `document.querySelector('form[action$="/grant"]') !== null`)
	desk.station("case-compared")
	step("grant")
	desk.station("case-granted")
	j.to(j.w.platform + "/me")
	j.says("Tài khoản định danh điện tử mức độ 2", "Căn cước điện tử")
	j.to(j.w.platform + "/me/papers")
	j.says("Đã được xác thực")
	j.station("papers")
}

// birthday is a date as people in Vietnam write it.
func birthday(p personas.Persona) string {
	d := p.Record.Birth
	return fmt.Sprintf("%02d/%02d/%d", d.Day(), d.Month(), d.Year())
}

func (j *journey) logsInAtThePortalKeepingOneClaimBack() {
	j.t.Helper()
	j.to(j.w.portal)
	j.station("portal")
	j.click(`a[href="/login"]`)
	j.logsIn()
	j.consent("birthdate")
	j.station("portal-profile")
	facts := js[map[string]string](j.tab, `Object.fromEntries([...document.querySelectorAll('dt')].map(e => [e.innerText, e.nextElementSibling.innerText]))`)
	if facts["Họ và tên"] != "Bùi Thị Vân" || facts["Ngày sinh"] != "không được chia sẻ" {
		j.t.Errorf("the portal knows %v", facts)
	}
}

// showsACodeThatIsScannedFromItsPicture shows the identification code and lets
// scan-qr read it from a photograph of the screen.
func (j *journey) showsACodeThatIsScannedFromItsPicture() {
	j.t.Helper()
	j.to(j.w.platform + "/me")
	j.station("me")
	picture := filepath.Join(j.t.TempDir(), "code.png")
	j.photograph("figure.code", picture)
	out, status := j.scan(picture)
	if status != 0 || !strings.Contains(out, "Đã xác minh") || !strings.Contains(out, "Bùi Thị Vân") {
		j.t.Errorf("scan-qr ends with %d: %s", status, out)
	}
	if out, status := j.scan(picture); status != 1 {
		j.t.Errorf("the second scan of a code that works once ends with %d: %s", status, out)
	}
}

// opensAServiceOfLevel2 shows a second factor: digits that come to the telephone.
func (j *journey) opensAServiceOfLevel2() {
	j.t.Helper()
	j.to(j.w.portal + "/level2")
	j.logsIn()
	j.says("Xác thực bổ sung")
	j.click(`form:has(input[value=otp]) button`)
	j.station("second-factor")
	j.fill("#code", j.messageOnTheTelephone(sixDigits))
	j.click(`form:has(#code) button`)
	j.says("Đủ điều kiện: Tài khoản mức độ 2, Xác thực mức độ 2")
	j.station("level-2-service")
}

var (
	sixDigits     = regexp.MustCompile(`\b[0-9]{6}\b`)
	firstPassword = regexp.MustCompile(`\b[0-9]{10}\b`)
)

// messageOnTheTelephone looks at the test telephone in another tab.
func (j *journey) messageOnTheTelephone(what *regexp.Regexp) string {
	j.t.Helper()
	phone := open(j.t, j.browser)
	phone.to(j.w.platform + "/phone")
	phone.shot(j.dir + "telephone")
	for _, message := range js[[]string](phone, `[...document.querySelectorAll('main ol li')].map(e => e.innerText)`) {
		if digits := what.FindString(message); digits != "" {
			if !strings.Contains(message, platform.Banner) {
				j.t.Errorf("a message without the banner: %q", message)
			}
			return digits
		}
	}
	j.t.Fatal("there is no such message")
	return ""
}

// lock asks for a lock by form TK03.
func (j *journey) lock(what string) {
	j.t.Helper()
	j.to(j.w.platform + "/me/locks")
	j.logsIn()
	for _, box := range []string{`input[name=lock][value=` + what + `]`, `input[name=agree]`} {
		j.unfold(box)
		j.do(chromedp.Click(chromedp.CSS(box)))
	}
	j.fill("#lock-password", j.password)
	j.station("lock-" + what)
	j.click(`form:has(#lock-password) button`)
}

func (j *journey) locksTheEIDSoThatLevel2IsRefused() {
	j.t.Helper()
	j.lock("eid")
	j.says("Đang khóa")
	j.station("eid-locked")
	j.to(j.w.portal)
	j.click(`form[action="/logout"] button`) // what was proven before the lock is over
	if b := `main form button`; strings.HasPrefix(j.at(), j.w.platform) {
		j.station("logout")
		j.click(b)
	}
	j.to(j.w.portal + "/level2")
	j.logsIn()
	if text := j.text(); strings.Contains(text, "Đủ điều kiện") {
		j.t.Fatalf("a service of level 2 opens: %s", text)
	}
	j.station("level-2-refused")
	j.to(j.w.platform + "/me")
	if n := js[float64](j.tab, `document.querySelectorAll('#static').length`); n != 0 {
		j.t.Error("there is a card code")
	}
}

func (j *journey) locksTheAccountSoThatNoLoginPasses() {
	j.t.Helper()
	j.lock("account")
	j.to(j.w.platform + "/me")
	j.says("Đăng nhập tài khoản định danh điện tử")
	j.logsIn()
	j.says("đang bị khóa")
	j.station("account-locked")
	if j.status() != 403 {
		j.t.Errorf("a login of a locked account is answered %d", j.status())
	}
	j.to(j.w.portal)
	if strings.Contains(j.text(), "Đang đăng nhập:") {
		j.t.Error("the session at the portal is still there")
	}
	j.click(`a[href="/login"]`)
	j.logsIn()
	j.station("portal-refused")
	if !strings.HasPrefix(j.at(), j.w.portal) || strings.Contains(j.text(), "Điều đã được chứng minh") {
		j.t.Errorf("after a refused login at %s: %s", j.at(), j.text())
	}
}

// scan runs the built scan-qr on a picture.
func (j *journey) scan(picture string) (said string, status int) {
	j.t.Helper()
	if j.used == "" {
		j.used = j.t.TempDir()
	}
	cmd := exec.Command(program(j.t, "scan-qr"), "-issuer", j.w.platform, "-jwks", j.w.platform+"/qr/jwks.json", "-used", j.used, "-reveal", picture)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	_ = cmd.Run() // its status says it
	return out.String(), cmd.ProcessState.ExitCode()
}

// photograph takes a picture of a part of the screen, with a little around it.
func (b *tab) photograph(selector, path string) {
	b.t.Helper()
	at := js[struct{ X, Y, W, H float64 }](b, `(r => ({X: r.x + scrollX, Y: r.y + scrollY, W: r.width, H: r.height}))(document.querySelector('`+selector+`').getBoundingClientRect())`)
	far := true
	taken, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &far,
		Clip: &page.Viewport{X: at.X - 4, Y: at.Y - 4, Width: at.W + 8, Height: at.H + 8, Scale: 2}})
	if err == nil {
		err = os.WriteFile(path, taken.Data, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
