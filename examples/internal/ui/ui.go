// Package ui draws the web pages of the example programs: one layout, one style
// sheet, two languages.
//
// A page is a template that defines "title" and "main". Its words stand where
// they are used, Vietnamese first:
//
//	{{define "title"}}{{say "Đăng nhập" "Log in"}}{{end}}
//
// The language is the query's lang, else the cookie's, else Vietnamese; the
// switch in the header sets the cookie. Pages work without JavaScript, and the
// policy that Secure sets allows neither scripts nor inline styles. The layout
// puts Banner on top of every page; there is no page without the layout.
package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// Banner stands on every page. Nothing switches it off.
const Banner = "MÔI TRƯỜNG THỬ NGHIỆM – KHÔNG PHẢI VNeID"

//go:embed layout.html style.css icon.svg
var assets embed.FS

// Site is what all pages of one program share.
type Site struct {
	Name  Text
	Class string // platform or portal: the colour of the accents
	Nav   []Link
	Foot  Text
}

// Link is an entry of the navigation.
type Link struct {
	Href string
	Text Text
}

// Set is the pages of one program, parsed once for each language.
type Set struct {
	site  Site
	pages map[Lang]map[string]*template.Template
}

// Parse reads every *.html file in dir of files. Files that begin with an
// underscore hold parts that all the pages may use.
func Parse(files fs.FS, dir string, site Site) (*Set, error) {
	s := &Set{site: site, pages: map[Lang]map[string]*template.Template{}}
	names, err := fs.Glob(files, path.Join(dir, "*.html"))
	if err != nil {
		return nil, err
	}
	for _, lang := range []Lang{Vi, En} {
		base, err := template.New("").Funcs(funcs(lang)).ParseFS(assets, "layout.html")
		if err != nil {
			return nil, err
		}
		if parts, _ := fs.Glob(files, path.Join(dir, "_*.html")); len(parts) > 0 {
			if base, err = base.ParseFS(files, parts...); err != nil {
				return nil, err
			}
		}
		s.pages[lang] = map[string]*template.Template{}
		for _, name := range names {
			page, err := template.Must(base.Clone()).ParseFS(files, name)
			if err != nil {
				return nil, err
			}
			s.pages[lang][strings.TrimSuffix(path.Base(name), ".html")] = page
		}
	}
	return s, nil
}

// funcs are what templates may call.
func funcs(lang Lang) template.FuncMap {
	return template.FuncMap{
		"lang": func() Lang { return lang },
		"say":  func(vi, en string) string { return Text{vi, en}.In(lang) },
		"text": func(t Text) string { return t.In(lang) },
		"when": When,
	}
}

// zone is Vietnam's, which has no summer time.
var zone = time.FixedZone("UTC+7", 7*60*60)

// When formats an instant as people in Vietnam write it.
func When(t time.Time) string { return t.In(zone).Format("15:04:05 02/01/2006") }

// frame is what the layout sees.
type frame struct {
	Site    Site
	Banner  string
	Assets  string // where the style sheet and the icon are
	Other   Lang   // the language that the switch leads to
	Switch  string // where the switch leads
	Current string // the path, to mark the navigation
	Data    any
}

// Render answers with a page in the language that r asks for. A page that cannot
// be drawn is a mistake in its template, and answers 500 without half a page.
func (s *Set) Render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	lang := LangOf(r)
	page, ok := s.pages[lang][name]
	if !ok {
		http.Error(w, "no such page: "+name, http.StatusInternalServerError)
		return
	}
	f := frame{Site: s.site, Banner: Banner, Assets: assetPath, Other: lang.other(), Current: r.URL.Path, Data: data}
	f.Switch = switchTo(f.Other, r)
	var out bytes.Buffer
	if err := page.ExecuteTemplate(&out, "layout", f); err != nil {
		// The error names the template and field, not the values.
		http.Error(w, fmt.Sprintf("page %s cannot be drawn", name), http.StatusInternalServerError)
		return
	}
	remember(w, r, lang)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(lang))
	w.WriteHeader(status)
	w.Write(out.Bytes())
}

// assetPath holds the assets' digest, so that browsers may keep them for good.
var assetPath = func() string {
	sum := sha256.New()
	for _, name := range []string{"style.css", "icon.svg"} {
		data, _ := assets.ReadFile(name)
		sum.Write(data)
	}
	return "/assets/" + hex.EncodeToString(sum.Sum(nil)[:6]) + "/"
}()

// Assets serves the style sheet and the icon, below /assets/.
func Assets(w http.ResponseWriter, r *http.Request) {
	types := map[string]string{"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
	name, ok := strings.CutPrefix(r.URL.Path, assetPath)
	if !ok || types[name] == "" {
		http.NotFound(w, r)
		return
	}
	data, _ := assets.ReadFile(name)
	w.Header().Set("Content-Type", types[name])
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(data)
}
