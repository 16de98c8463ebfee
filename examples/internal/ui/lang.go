package ui

import (
	"net/http"
	"net/url"
	"strings"
)

// Lang is a language of the pages.
type Lang string

// The two languages. Vietnamese comes first.
const (
	Vi Lang = "vi"
	En Lang = "en"
)

// Text is one text in both languages.
type Text struct{ Vi, En string }

// In returns the text in a language.
func (t Text) In(lang Lang) string {
	if lang == En {
		return t.En
	}
	return t.Vi
}

func (l Lang) other() Lang {
	if l == En {
		return Vi
	}
	return En
}

// LangOf returns the language that a request asks for.
func LangOf(r *http.Request) Lang {
	asked := r.URL.Query().Get("lang")
	if asked == "" {
		if c, err := r.Cookie("lang"); err == nil {
			asked = c.Value
		}
	}
	if asked == string(En) {
		return En
	}
	return Vi
}

// remember keeps the language that the query asked for. The cookie says nothing
// else about anybody.
func remember(w http.ResponseWriter, r *http.Request, lang Lang) {
	if r.URL.Query().Get("lang") == "" {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: "lang", Value: string(lang), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// switchTo returns the same page in the other language. It is a query alone, so
// that whatever the path is, the link stays on this page.
func switchTo(lang Lang, r *http.Request) string {
	var keep []string
	for _, pair := range strings.Split(r.URL.RawQuery, "&") {
		if name, _, _ := strings.Cut(pair, "="); pair != "" && name != "lang" {
			keep = append(keep, pair)
		}
	}
	return "?" + strings.Join(append(keep, "lang="+url.QueryEscape(string(lang))), "&")
}
