package browser

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// visitor is somebody at the platform without a browser: what attackers use.
type visitor struct {
	t    *testing.T
	home string
	jar  *cookiejar.Jar
	*http.Client
}

func visit(t *testing.T, home string) *visitor {
	jar, _ := cookiejar.New(nil)
	return &visitor{t, home, jar, &http.Client{Jar: jar, Timeout: 5 * time.Minute}}
}

// got is an answer with its body read.
type got struct {
	*http.Response
	body string
}

func (v *visitor) do(method, at string, form url.Values, header ...string) got {
	v.t.Helper()
	if strings.HasPrefix(at, "/") {
		at = v.home + at
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, at, body)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := v.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return got{res, string(text)}
}

func (v *visitor) get(at string) got { v.t.Helper(); return v.do("GET", at, nil) }

// form is a form of a page.
type form struct {
	method, action string
	fields         url.Values // as the page fills them in
}

var (
	formTag  = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	inputTag = regexp.MustCompile(`(?s)<(?:input|button|select|textarea)\b([^>]*)>`)
	linkTag  = regexp.MustCompile(`<a\b[^>]*\shref="([^"]*)"`)
	attr     = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

func attrs(tag string) map[string]string {
	out := map[string]string{}
	for _, m := range attr.FindAllStringSubmatch(tag, -1) {
		out[m[1]] = html.UnescapeString(m[2])
	}
	return out
}

// forms are the forms of a page, with every field and button that has a name.
func (g got) forms() (out []form) {
	for _, m := range formTag.FindAllStringSubmatch(g.body, -1) {
		a := attrs(m[1])
		to, err := g.Request.URL.Parse(a["action"])
		if err != nil {
			continue
		}
		f := form{strings.ToUpper(a["method"]), to.String(), url.Values{}}
		for _, in := range inputTag.FindAllStringSubmatch(m[2], -1) {
			if a := attrs(in[1]); a["name"] != "" && f.fields.Get(a["name"]) == "" {
				f.fields.Set(a["name"], a["value"])
			}
		}
		out = append(out, f)
	}
	return out
}

// links are where a page leads.
func (g got) links() (out []string) {
	for _, m := range linkTag.FindAllStringSubmatch(g.body, -1) {
		if to, err := g.Request.URL.Parse(html.UnescapeString(m[1])); err == nil {
			out = append(out, to.String())
		}
	}
	return out
}

// enter logs a part in; false where the platform has no place for them.
func (v *visitor) enter(p part) bool {
	v.t.Helper()
	switch {
	case p.citizen != "":
		who, _ := personas.Get(p.citizen)
		return v.fillIn(p.where, url.Values{"username": {who.Username()}, "password": {who.Account.Password}})
	case p.staff != "":
		return v.fillIn("/staff/login?return="+url.QueryEscape(p.where), url.Values{"id": {p.staff}, "password": {personas.Password}})
	}
	return true
}

// fillIn posts the page's form that has a password.
func (v *visitor) fillIn(at string, with url.Values) bool {
	v.t.Helper()
	for _, f := range v.get(at).forms() {
		if !f.fields.Has("password") {
			continue
		}
		f.fields.Del("decision")
		for k, x := range with {
			f.fields[k] = x
		}
		return v.do(f.method, f.action, f.fields).StatusCode == 200
	}
	v.t.Fatalf("%s has no login", at)
	return false
}

// all visits what can be reached from the home page by links, once for each shape.
func (v *visitor) all(look func(at string, page got)) {
	v.t.Helper()
	c := &crawl{home: v.home, known: map[string]bool{}, shapes: map[string]int{}}
	c.add([]string{v.home + "/"})
	for n := 0; len(c.queue) > 0 && n < 400; n++ {
		at := c.queue[0]
		c.queue = c.queue[1:]
		page := v.get(at)
		look(strings.TrimPrefix(at, v.home), page)
		c.add(page.links())
	}
}
