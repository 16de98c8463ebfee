package resource

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestWhereATokenMayStand(t *testing.T) {
	w := newWorld(t)
	s := w.server()
	token := w.token()
	form := func(body string) func(*http.Request) {
		return func(r *http.Request) {
			r.Method, r.Body = http.MethodPost, io.NopCloser(strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
		}
	}
	query := func(q string) func(*http.Request) { return func(r *http.Request) { r.URL.RawQuery = q } }
	auth := func(values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header["Authorization"] = values }
	}
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		want   vneid.Kind // 0: passes
		status int
	}{
		{"in the header", func(*http.Request) {}, 0, 0},
		{"after a scheme in lower case", auth("bearer " + token), 0, 0},
		{"after a scheme in capitals", auth("BEARER " + token), 0, 0},
		{"after several spaces", auth("Bearer   " + token), 0, 0},
		{"beside a query of other names", query("q=access_token&xaccess_token=1"), 0, 0},
		{"beside a form of other names", form("q=access_token&a=b"), 0, 0},
		{"nowhere", auth(), vneid.ErrLevel, 401},
		{"after another scheme", auth("Basic " + token), vneid.ErrLevel, 401},
		{"after no scheme", auth(token), vneid.ErrLevel, 401},
		{"in two headers", auth("Bearer "+token, "Bearer "+token), vneid.ErrMalformed, 400},
		{"in a header of each scheme", auth("Bearer "+token, "DPoP "+token), vneid.ErrMalformed, 400},
		{"in one header of two credentials", auth("Bearer " + token + ", DPoP " + token), vneid.ErrMalformed, 400},
		{"with a parameter", auth(`Bearer token="` + token + `"`), vneid.ErrMalformed, 400},
		{"followed by a space", auth("Bearer " + token + " "), vneid.ErrMalformed, 400},
		{"after a tab", auth("Bearer\t" + token), vneid.ErrLevel, 401},
		{"empty", auth("Bearer "), vneid.ErrMalformed, 400},
		{"missing after its scheme", auth("Bearer"), vneid.ErrMalformed, 400},
		{"in the URL too", query("access_token=" + token), vneid.ErrMalformed, 400},
		{"in the URL too, empty", query("a=b&access_token"), vneid.ErrMalformed, 400},
		{"in the URL too, escaped", query("%61ccess%5Ftoken=" + token), vneid.ErrMalformed, 400},
		{"in the URL too, after a semicolon", query("a=b;access_token=" + token), vneid.ErrMalformed, 400},
		{"in the URL alone", func(r *http.Request) { r.Header.Del("Authorization"); r.URL.RawQuery = "access_token=" + token }, vneid.ErrMalformed, 400},
		{"in a form too", form("a=b&access_token=" + token), vneid.ErrMalformed, 400},
		{"in a form alone", func(r *http.Request) { form("access_token=" + token)(r); r.Header.Del("Authorization") }, vneid.ErrLevel, 401},
		{"in a form that was read already", func(r *http.Request) {
			form("")(r)
			r.PostForm = url.Values{"access_token": {token}}
		}, vneid.ErrMalformed, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := get(token)
			c.change(r)
			_, err := s.Verify(r, Need{})
			if c.want == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			refusedAs(t, err, c.want)
			rec := httptest.NewRecorder()
			if s.Refuse(rec, err); rec.Code != c.status {
				t.Errorf("status %d, want %d", rec.Code, c.status)
			}
		})
	}
}

func TestAFormStaysWholeForTheHandler(t *testing.T) {
	w := newWorld(t)
	for _, n := range []int{10, maxForm - 2, maxForm, maxForm + 10_000} {
		body := "a=" + strings.Repeat("x", n)
		r := httptest.NewRequest(http.MethodPost, "/records", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+w.token())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		var got string
		rec := httptest.NewRecorder()
		w.server().Require(Need{}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = r.PostFormValue("a")
		})).ServeHTTP(rec, r)
		if len(got) != n {
			t.Errorf("%d bytes of %d, status %d", len(got), n, rec.Code)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("reset by peer") }
func (broken) Close() error             { return nil }

// Nobody unknown makes the server wait for a body.
func TestTheBodyIsReadOnlyForAGoodToken(t *testing.T) {
	w := newWorld(t)
	r := get(w.token(set("aud", "https://other.example")))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Body = broken{}
	_, err := w.server().Verify(r, Need{})
	refusedAs(t, err, vneid.ErrMismatch)
	r.Header.Set("Authorization", "Bearer "+w.token())
	_, err = w.server().Verify(r, Need{})
	refusedAs(t, err, vneid.ErrMalformed)
}
