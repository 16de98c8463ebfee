package browser

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "directory that pictures are saved into")

// look is how somebody sees a page.
type look struct {
	name          string
	width, height int64
	phone, dark   bool
}

var looks = []look{
	{"phone", 390, 844, true, false}, {"phone-dark", 390, 844, true, true},
	{"desk", 1280, 900, false, false}, {"desk-dark", 1280, 900, false, true},
}

// browse is a running Chromium, with a profile of its own.
func browse(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "Chromium is not installed: apt-get install chromium")
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("headless", true), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// tab is a person at a browser: cookies of their own, and what the browser complained of.
type tab struct {
	t   *testing.T
	ctx context.Context

	seen look

	mu         sync.Mutex
	complaints []string
	answer     *network.Response // of the page itself
}

// open opens a tab that shares nothing with any other.
func open(t *testing.T, browser context.Context) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	tell(b, network.Enable, network.EnableParams{})
	b.see(looks[0])
	return b
}

// tell sends the browser a command that answers nothing.
func tell[P any](b *tab, command cdp.Command[P, cdp.Empty], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning || e.Entry.Source == log.EntrySourceSecurity {
			b.complaints = append(b.complaints, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.complaints = append(b.complaints, fmt.Sprint(e.Type))
		}
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			b.answer = e.Response
		}
	}
}

// heard takes what the browser complained of since the last time. That a page was
// refused is no complaint: its status says so already.
func (b *tab) heard() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		if !strings.HasPrefix(c, "Failed to load resource: the server responded with a status of") {
			out = append(out, c)
		}
	}
	b.complaints = nil
	return out
}

// response is what the server answered with this page.
func (b *tab) response() *network.Response {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.answer
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.shot("failed")
		b.t.Fatalf("at %s: %v", b.at(), err)
	}
}

// see changes the screen and the time of day without loading the page again.
func (b *tab) see(l look) {
	b.t.Helper()
	b.seen = l
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	tell(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: l.width, Height: l.height, DeviceScaleFactor: 1, Mobile: l.phone})
	tell(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
}

func (b *tab) to(url string) { b.t.Helper(); b.do(chromedp.Navigate(url)) }

func (b *tab) at() string {
	url, _ := chromedp.Run(b.ctx, chromedp.Location()) // empty where the browser is gone
	return url
}

// js evaluates an expression, or what it promises.
func js[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Minute)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("at %s: %v", b.at(), err)
	}
	return out
}

func (b *tab) text() string { b.t.Helper(); return js[string](b, `document.body.innerText`) }

// leads does what loads another page, and waits for it.
func (b *tab) leads(action chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Minute)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, action); err != nil {
		b.shot("failed")
		b.t.Fatalf("at %s: %v", b.at(), err)
	}
}

// click presses the first visible button or link that matches a selector.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.unfold(selector)
	b.leads(chromedp.Click(chromedp.CSS(selector)))
}

// unfold opens the details that hide an element, and brings it to the middle of the
// screen: tabs at the foot of a telephone may cover what is at its edge.
func (b *tab) unfold(selector string) {
	b.t.Helper()
	js[bool](b, `(document.querySelector(`+strconv.Quote(selector)+`)?.closest('details:not([open])')?.querySelector('summary').click(),
		document.querySelector(`+strconv.Quote(selector)+`)?.scrollIntoView({block: 'center', behavior: 'instant'}), true)`)
}

// fill types into a field, after emptying it.
func (b *tab) fill(selector, value string) {
	b.t.Helper()
	if !js[bool](b, `(e => e ? (e.value = '', true) : false)(document.querySelector(`+strconv.Quote(selector)+`))`) {
		b.t.Fatalf("at %s: no field %s", b.at(), selector)
	}
	b.unfold(selector)
	b.do(chromedp.SendKeys(chromedp.CSS(selector), value))
}

// shot keeps a picture of the whole page, if pictures are wanted.
func (b *tab) shot(name string) {
	b.t.Helper()
	if *shots == "" {
		return
	}
	b.save(filepath.Join(*shots, name+".png"))
}

func (b *tab) save(path string) {
	b.t.Helper()
	// The screen is made as long as the page, for what sticks to its top or bottom.
	long := b.seen
	long.height = max(long.height, int64(js[float64](b, `document.documentElement.scrollHeight`)))
	seen := b.seen
	b.see(long)
	defer b.see(seen)
	taken, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, taken.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// finding is one rule of axe-core that a page breaks.
type finding struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML    string
		Summary string `json:"failureSummary"`
	}
}

func (f finding) String() string {
	s := f.Impact + " " + f.ID + ": " + f.Help
	for i, n := range f.Nodes {
		if i == 3 {
			return s + fmt.Sprintf("\n    and %d more", len(f.Nodes)-i)
		}
		s += "\n    " + n.HTML + "\n      " + strings.ReplaceAll(n.Summary, "\n", "\n      ")
	}
	return s
}

var axe = sync.OnceValues(func() (string, error) {
	data, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	return string(data), err
})

// judge asks axe-core about the page as it is seen now.
func (b *tab) judge() []finding {
	b.t.Helper()
	source, err := axe()
	if err != nil {
		missing(b.t, "axe-core is not installed: run npm ci in internal/interop/browser")
	}
	if !js[bool](b, `'axe' in window`) {
		js[bool](b, source+";true")
	}
	raw := js[string](b, `axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
		.then(r => JSON.stringify(r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => ({html: n.html.slice(0, 200), failureSummary: n.failureSummary}))}))))`)
	var out []finding
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		b.t.Fatal(err)
	}
	return out
}
