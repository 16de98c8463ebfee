package ui

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Banner stands on every page. Nothing switches it off.
const Banner = "MÔI TRƯỜNG THỬ NGHIỆM – KHÔNG PHẢI VNeID"

//go:embed layout.html style.css app.js icon.svg
var assets embed.FS

// Site is what all pages of one program, or of one area of it, share.
type Site struct {
	Name  Text
	Class string // platform, citizen, counter, console, lab, portal or rp: the colour of the accents
	Nav   []Link // the areas of the program
	Area  Text   // which of them this is, beside the name; may be empty
	Tabs  []Link // the pages of this area; may be empty
	Foot  Text
	Now   func() time.Time // the clock that countdowns follow; nil: time.Now

	// Shared holds parts that the pages of several areas may use, each *.html in its folder
	// templates; nil: none.
	Shared fs.FS
}

// Set is the pages of one program, in each language.
type Set struct {
	site  Site
	pages map[Lang]map[string]*page
}

// page is parsed for good when somebody first asks for it: all of the platform's together
// take 25 MiB in half a million pieces, which every collection of garbage would visit.
type page struct {
	base *template.Template
	from fs.FS
	file string

	once  sync.Once
	drawn *template.Template
	err   error
}

func (p *page) parse() (*template.Template, error) {
	base, err := p.base.Clone()
	if err != nil {
		return nil, err
	}
	return base.ParseFS(p.from, p.file)
}

func (p *page) get() (*template.Template, error) {
	p.once.Do(func() { p.drawn, p.err = p.parse() })
	return p.drawn, p.err
}

// Parse reads every *.html file in dir of files. Files that begin with an
// underscore hold parts that all the pages may use.
func Parse(files fs.FS, dir string, site Site) (*Set, error) {
	s := &Set{site: site, pages: map[Lang]map[string]*page{}}
	names, err := fs.Glob(files, path.Join(dir, "*.html"))
	if err != nil {
		return nil, err
	}
	for _, lang := range []Lang{Vi, En} {
		base, err := template.New("").Funcs(funcs(lang)).ParseFS(assets, "layout.html")
		if err != nil {
			return nil, err
		}
		if site.Shared != nil {
			if base, err = base.ParseFS(site.Shared, "templates/*.html"); err != nil {
				return nil, err
			}
		}
		if parts, _ := fs.Glob(files, path.Join(dir, "_*.html")); len(parts) > 0 {
			if base, err = base.ParseFS(files, parts...); err != nil {
				return nil, err
			}
		}
		s.pages[lang] = map[string]*page{}
		for _, name := range names {
			one := &page{base: base, from: files, file: name}
			if lang == Vi { // a mistake is found now, and it is one in each language
				if _, err := one.parse(); err != nil {
					return nil, err
				}
			}
			s.pages[lang][strings.TrimSuffix(path.Base(name), ".html")] = one
		}
	}
	return s, nil
}

// funcs are what templates may call.
func funcs(lang Lang) template.FuncMap {
	return template.FuncMap{
		"lang":   func() Lang { return lang },
		"say":    func(vi, en string) string { return Text{vi, en}.In(lang) },
		"text":   func(t Text) string { return t.In(lang) },
		"when":   When,
		"day":    Day,
		"iso":    func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") },
		"banner": func() string { return Banner },
	}
}

// zone is Vietnam's, which has no summer time.
var zone = time.FixedZone("UTC+7", 7*60*60)

// When formats an instant as people in Vietnam write it.
func When(t time.Time) string { return t.In(zone).Format("15:04:05 02/01/2006") }

// Day formats the day of an instant as people in Vietnam write it.
func Day(t time.Time) string { return t.In(zone).Format("02/01/2006") }

// frame is what the layout sees.
type frame struct {
	Site   Site
	Banner string
	Assets string // where the style sheet and the icon are
	Other  Lang   // the language that the switch leads to
	Switch string // where the switch leads
	Now    time.Time
	Nav    []place
	Tabs   []place
	Data   any
}

// Render answers with a page in the language that r asks for. A page that cannot
// be drawn is a mistake in its template, and answers 500 without half a page.
func (s *Set) Render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	lang := LangOf(r)
	one, ok := s.pages[lang][name]
	if !ok {
		http.Error(w, "no such page: "+name, http.StatusInternalServerError)
		return
	}
	drawn, err := one.get()
	if err != nil {
		http.Error(w, fmt.Sprintf("page %s cannot be parsed", name), http.StatusInternalServerError)
		return
	}
	f := frame{Site: s.site, Banner: Banner, Assets: assetPath, Other: lang.other(), Now: s.site.now(), Data: data}
	f.Switch, f.Nav, f.Tabs = switchTo(f.Other, r), mark(s.site.Nav, r.URL.Path), mark(s.site.Tabs, r.URL.Path)
	var out bytes.Buffer
	if err := drawn.ExecuteTemplate(&out, "layout", f); err != nil {
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
