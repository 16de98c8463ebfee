package sso

import (
	"html"
	"io"
	"net/http"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// errorPage is the page of programs that bring none: Vietnamese first, no words
// from the provider or the error, no scripts, and never in a frame.
func errorPage(w http.ResponseWriter, err error) {
	vi, en := vneid.Advice(err)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status(err))
	const title = "Chưa đăng nhập được"
	_, _ = io.WriteString(w, "<!doctype html>\n<html lang=\"vi\"><meta charset=\"utf-8\">"+
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>"+title+"</title>\n<h1>"+title+"</h1>\n"+
		"<p>"+html.EscapeString(vi)+"</p>\n<p lang=\"en\">"+html.EscapeString(en)+"</p>\n</html>\n")
}
