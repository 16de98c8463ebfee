package browser

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var pictures = flag.String("pictures", "", "directory that the README's pictures are made in")

// TestPictures makes the pictures of the README, each what a screen shows at once:
//
//	go test -run Pictures -pictures ../../../docs/img .
func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("no pictures are wanted: see -pictures")
	}
	browser := browse(t)
	w := start(t)
	citizen := open(t, browser)
	citizen.see(looks[0])
	citizen.enter(w, part{citizen: "level2", where: "/me"})
	citizen.screen("citizen")
	citizen.to(w.portal)
	citizen.click(`a[href="/login"]`)
	js[bool](citizen, `(document.querySelector('form fieldset').scrollIntoView({block: 'center'}), true)`)
	citizen.screen("consent")

	desk := open(t, browser)
	desk.see(looks[2])
	desk.to(w.platform)
	desk.screen("home")
	desk.to(w.platform + "/me")
	desk.screen("login")
	desk.enter(w, part{staff: "can-bo-phuong", where: "/counter"})
	desk.screen("counter")
	desk.see(looks[3])
	desk.to(w.platform + "/lab/faults")
	desk.screen("lab")
}

// screen keeps what the screen shows, which has to be small enough for a README.
func (b *tab) screen(name string) {
	b.t.Helper()
	taken, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	if err == nil {
		err = os.MkdirAll(*pictures, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(*pictures, name+".png"), taken.Data, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	if len(taken.Data) > 150<<10 {
		b.t.Errorf("%s has %d bytes", name, len(taken.Data))
	}
}
