// Package public draws the pages that are for everybody, without a login:
//
//	/eid            what the electronic identity card is, what its holder can do, and the
//	                agency as its issuer: every key by its fingerprint, from the live sets
//	/figures        numbers that published texts gave, each with its day and its source
//	/figures.json   the same for programs, of version 1
//
// The figures are VNeID's, of the days that stand beside them; this platform's own are in
// its metrics. The keys are this platform's, and prove nothing about anybody else's.
package public

import (
	"embed"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html
var templates embed.FS

// Paths are what the handler of New serves.
var Paths = []string{"/eid", "/figures", "/figures.json"}

type hall struct {
	p     *platform.Platform
	pages *ui.Set
}

// New returns the pages.
func New(p *platform.Platform, site ui.Site) (http.Handler, error) {
	pages, err := ui.Parse(templates, "templates", site)
	if err != nil {
		return nil, err
	}
	h := &hall{p, pages}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /eid", h.eid)
	mux.HandleFunc("GET /figures", h.figures)
	mux.HandleFunc("GET /figures.json", h.data)
	return mux, nil
}

// issuerPage is the agency as issuer.
type issuerPage struct {
	Issuer string
	Sets   []keySet
}

type keySet struct {
	Label ui.Text
	URL   string
	Kinds []ui.Text // documents that it signs
	Keys  []key
}

type key struct {
	ID, Alg string
	Print   string // in groups of four, for two people who read it to each other
	Phase   ui.Text
	Class   string
}

func (h *hall) eid(w http.ResponseWriter, r *http.Request) {
	p := issuerPage{Issuer: h.p.Issuer()}
	for _, set := range h.p.KeySets() {
		s := keySet{Label: words.Of(words.KeySets, set.Name), URL: h.p.Issuer() + set.Path}
		for _, kind := range set.Kinds {
			vi, en := kind.Label()
			s.Kinds = append(s.Kinds, ui.Text{Vi: vi, En: en})
		}
		for _, k := range set.Keys.List() {
			class := map[platform.KeyPhase]string{platform.KeySigning: "ok", platform.KeyAnnounced: "warn"}[k.Phase]
			s.Keys = append(s.Keys, key{k.ID, k.Alg, grouped(k.Thumbprint), words.Of(words.KeyPhases, k.Phase), class})
		}
		p.Sets = append(p.Sets, s)
	}
	h.pages.Render(w, r, http.StatusOK, "eid", p)
}

// grouped puts a blank after every fourth character.
func grouped(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (h *hall) figures(w http.ResponseWriter, r *http.Request) {
	h.pages.Render(w, r, http.StatusOK, "figures", struct {
		Figures []Figure
		Bars    []bar
		Sources []Source
	}{Figures(), bars(), Sources()})
}

// data is the figures for programs.
func (h *hall) data(w http.ResponseWriter, _ *http.Request) {
	type row struct {
		Figure
		Label map[ui.Lang]string `json:"label"`
	}
	var rows []row
	for _, f := range Figures() {
		rows = append(rows, row{f, map[ui.Lang]string{ui.Vi: f.Label.Vi, ui.En: f.Label.En}})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(struct { // plain data: only a broken connection fails
		Version int      `json:"version"`
		Banner  string   `json:"banner"`
		Figures []row    `json:"figures"`
		Sources []Source `json:"sources"`
	}{1, platform.Banner, rows, Sources()})
}
