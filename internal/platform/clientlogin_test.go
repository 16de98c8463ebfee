package platform

import (
	"strings"
	"testing"
)

// A consent is to a purpose: who agreed to another one, or to another time, is asked again.
func TestAnotherPurposeOfLoginsIsAskedFor(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	b.authorize(request(nil))
	for i, l := range []LoginPurpose{{Vi: "Nộp hồ sơ", En: "To file"}, {Vi: "Nộp hồ sơ", En: "To file", RetentionDays: 30}, {}} {
		w.err(w.Amend(t.Context(), "co-quan", "rp", func(c *Client) error { c.Login = l; return nil }))
		for _, asked := range []bool{true, false} {
			b.seen = nil
			if got := b.authorize(request(nil)); got.Get("code") == "" || (len(b.seen) > 0 && b.last().Step == StepConsent) != asked {
				t.Errorf("%d: asked again is not %v: %v", i, asked, b.seen)
			}
			if asked && (b.last().Client == nil || b.last().Client.Login != l) {
				t.Errorf("%d: the page says %+v", i, b.last().Client)
			}
		}
	}
}

func TestAPurposeOfLoginsIsWordsAndDays(t *testing.T) {
	good := LoginPurpose{Vi: "Nộp hồ sơ", En: "To file", RetentionDays: 3650}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*LoginPurpose){
		"one language":          func(l *LoginPurpose) { l.En = "" },
		"the other alone":       func(l *LoginPurpose) { l.Vi = "" },
		"long words":            func(l *LoginPurpose) { l.Vi = strings.Repeat("ạ", 201) },
		"more than a line":      func(l *LoginPurpose) { l.En = "To file\nand more" },
		"turned around":         func(l *LoginPurpose) { l.En = "To \u202efile" },
		"a day before":          func(l *LoginPurpose) { l.RetentionDays = -1 },
		"longer than ten years": func(l *LoginPurpose) { l.RetentionDays = 3651 },
		"days for nothing":      func(l *LoginPurpose) { l.Vi, l.En = "", "" },
	} {
		bad := good
		if change(&bad); bad.check() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
