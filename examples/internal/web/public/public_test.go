package public_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/public"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// texts are the passages that testdata quotes.
type texts struct {
	Texts []struct {
		ID, Title, Date string
		Quotes          []string
	}
}

// Every figure stands, as it is shown and as it is hedged, in the text that is named.
func TestEveryFigureStandsInItsSource(t *testing.T) {
	data, err := os.ReadFile("testdata/quotes.json")
	if err != nil {
		t.Fatal(err)
	}
	var all texts
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, text := range all.Texts {
		said[text.ID] = strings.Join(text.Quotes, "\n")
		found := false
		for _, s := range public.Sources() {
			found = found || s.ID == text.ID && s.Title == text.Title && s.Date == text.Date
		}
		if !found {
			t.Errorf("%s is not among the sources as the test data has it", text.ID)
		}
	}
	ids := map[string]bool{}
	for _, f := range public.Figures() {
		shown := f.Shown
		if f.About != "exactly" {
			shown = f.Hedge().Vi + " " + shown
		}
		quote := strings.ReplaceAll(said[f.Source], "mức 1:15", "mức 1: 15") // a blank that the text lacks
		if !strings.Contains(quote, shown) {
			t.Errorf("%s: %q is not in %s", f.ID, shown, f.Source)
		}
		if ids[f.ID] {
			t.Errorf("%s stands twice", f.ID)
		}
		ids[f.ID] = true
		if number(f.Shown) != f.Value {
			t.Errorf("%s: %q is %v, not %v", f.ID, f.Shown, number(f.Shown), f.Value)
		}
	}
	if len(ids) != 12 {
		t.Errorf("%d figures", len(ids))
	}
}

// number reads a figure as Vietnamese texts write it.
func number(s string) float64 {
	digits, million, _ := strings.Cut(s, " ")
	v := 0.0
	whole, part, _ := strings.Cut(strings.ReplaceAll(digits, ".", ""), ",")
	for _, d := range whole {
		v = v*10 + float64(d-'0')
	}
	if million == "triệu" {
		v *= 1e6
		for _, d := range part {
			v += float64(d-'0') * 1e5
		}
	}
	return v
}

func TestTheTwoLevelsOf2024MakeTheWhole(t *testing.T) {
	v := map[string]float64{}
	for _, f := range public.Figures() {
		v[f.ID] = f.Value
	}
	if v["level1-2024"]+v["level2-2024"] != v["issued-2024"] {
		t.Errorf("%v + %v is not %v", v["level1-2024"], v["level2-2024"], v["issued-2024"])
	}
	if v["active-2024"] > v["issued-2024"] || v["level1-2022"]+v["level2-2022"] > v["approved-2022"] {
		t.Error("a part is more than its whole")
	}
}

func get(t *testing.T, site http.Handler, host, path string) (int, string) {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(body)
}

func TestThePublicPagesNeedNoLogin(t *testing.T) {
	const host = "127.0.0.1:8088"
	site, err := web.New(t.Context(), web.Config{Issuer: "http://" + host, PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/eid", "/figures"} {
		for _, lang := range []string{"vi", "en"} {
			status, page := get(t, site, host, path+"?lang="+lang)
			if status != 200 || !strings.Contains(page, platform.Banner) || !strings.Contains(page, `<html lang="`+lang+`"`) || strings.Contains(page, " style=") || strings.Contains(page, "<style") {
				t.Errorf("%s in %s: %d", path, lang, status)
			}
		}
	}
	_, page := get(t, site, host, "/figures")
	for _, f := range public.Figures() {
		if !strings.Contains(page, f.Shown) || !strings.Contains(page, f.Printed()) {
			t.Errorf("the page lacks %s of %s", f.Shown, f.Printed())
		}
	}
	if strings.Count(page, "<rect") != 4 || !strings.Contains(page, `role="img"`) {
		t.Error("the chart is not drawn, or not in words")
	}
	status, body := get(t, site, host, "/figures.json")
	var data struct {
		Version int
		Figures []struct {
			ID    string
			Value float64
			Label map[string]string
		}
	}
	if err := json.Unmarshal([]byte(body), &data); err != nil || status != 200 || data.Version != 1 || len(data.Figures) != len(public.Figures()) || data.Figures[0].Label["en"] == "" || data.Figures[0].Value != 11.2e6 {
		t.Errorf("%d %v: %s", status, err, body)
	}
}

// The page shows the live keys: after a rotation the new one.
func TestTheIssuersKeysAreTheLiveOnes(t *testing.T) {
	const host = "127.0.0.1:8088"
	site, err := web.New(t.Context(), web.Config{Issuer: "http://" + host, PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	shown := func() string {
		_, page := get(t, site, host, "/eid")
		return strings.ReplaceAll(page, " ", "")
	}
	page := shown()
	for _, set := range site.Platform.KeySets() {
		for _, k := range set.Keys.List() {
			if !strings.Contains(page, k.Thumbprint) || !strings.Contains(page, set.Path) {
				t.Errorf("the page lacks a key of %s", set.Name)
			}
		}
	}
	before := site.Platform.QRKeys().List()
	if err := site.Platform.QRKeys().Announce(); err != nil {
		t.Fatal(err)
	}
	after := site.Platform.QRKeys().List()
	if len(after) != len(before)+1 || !strings.Contains(shown(), after[1].Thumbprint) {
		t.Error("a key that was published is not on the page")
	}
}
