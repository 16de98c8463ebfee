package resource

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

const algs = `DPoP algs="PS256 ES256 EdDSA"`

func TestTheAnswers(t *testing.T) {
	w := newWorld(t)
	bound := w.token(w.bind)
	bearer := func(change ...func(object)) func() *http.Request {
		return func() *http.Request { return get(w.token(change...)) }
	}
	proven := func(change ...func(h, c object)) func() *http.Request {
		return func() *http.Request { return w.prove(get(bound), bound, change...) }
	}
	none := func() *http.Request { return httptest.NewRequest("GET", "/records/1", nil) }
	for _, c := range []struct {
		name    string
		config  func(*Config)
		need    Need
		request func() *http.Request
		status  int
		lines   []string
	}{
		{"no token", nil, Need{}, none, 401, []string{"Bearer", algs}},
		{"no token where it must be bound", nil, Need{Bound: true}, none, 401, []string{algs}},
		{"a bad token", nil, Need{}, bearer(set("aud", "x")), 401, []string{`Bearer error="invalid_token"`, algs}},
		{"an expired token", nil, Need{}, bearer(set("iat", 1), set("exp", 2)), 401, []string{`Bearer error="invalid_token"`, algs}},
		{"a bearer token where it must be bound", nil, Need{Bound: true}, bearer(), 401, []string{`DPoP error="invalid_token", algs="PS256 ES256 EdDSA"`}},
		{"two tokens", nil, Need{}, func() *http.Request { r := bearer()(); r.Header.Add("Authorization", "Bearer x"); return r }, 400, []string{`Bearer error="invalid_request"`, algs}},
		{"a bound token without its proof", nil, Need{}, func() *http.Request { return get(bound) }, 401, []string{`Bearer error="invalid_token"`, algs}},
		{"a bad proof", nil, Need{}, proven(inProof("htm", "PUT")), 401, []string{"Bearer", `DPoP error="invalid_dpop_proof", algs="PS256 ES256 EdDSA"`}},
		{"a proof that was used", func(x *Config) { x.Replay = says{vneid.ErrReplayed} }, Need{}, proven(), 401, []string{"Bearer", `DPoP error="invalid_dpop_proof", algs="PS256 ES256 EdDSA"`}},
		{"a proof without nonce", func(x *Config) { x.Nonces = true }, Need{}, proven(), 401, []string{"Bearer", `DPoP error="use_dpop_nonce", algs="PS256 ES256 EdDSA"`}},
		{"no scope", nil, Need{Scopes: []string{"a", "b"}}, bearer(), 403, []string{`Bearer error="insufficient_scope", scope="a b"`, algs}},
		{"no scope, under DPoP", nil, Need{Scopes: []string{"a"}}, proven(), 403, []string{"Bearer", `DPoP error="insufficient_scope", scope="a", algs="PS256 ES256 EdDSA"`}},
		{"weak authentication", nil, Need{Assurance: vneid.Assurance{Level: 2, Auth: 3}}, bearer(set("acr", "urn:vneid:acr:l2:a2")), 401,
			[]string{`Bearer error="insufficient_user_authentication", acr_values="urn:vneid:acr:l2:a3 urn:vneid:acr:l2:a4"`, algs}},
		{"old authentication", nil, Need{MaxAge: 5 * time.Minute}, bearer(set("auth_time", w.clock().Add(-time.Hour).Unix())), 401,
			[]string{`Bearer error="insufficient_user_authentication", max_age="300"`, algs}},
		{"authentication before an instant", nil, Need{Assurance: vneid.Assurance{At: w.clock().Add(-2 * time.Minute)}}, bearer(set("auth_time", w.clock().Add(-time.Hour).Unix())), 401,
			[]string{`Bearer error="insufficient_user_authentication", max_age="120"`, algs}},
		{"a low account level", nil, Need{Assurance: vneid.Assurance{Level: 2}, MaxAge: time.Second}, bearer(set("acr", "urn:vneid:acr:l1:a2")), 403, []string{`Bearer error="insufficient_account_level"`, algs}},
		{"a locked account", nil, Need{}, bearer(set("account_status", "locked")), 403, []string{`Bearer error="account_locked"`, algs}},
		{"a locked eID", nil, Need{Assurance: vneid.Assurance{Level: 2}}, bearer(set("eid_status", "locked")), 403, []string{`Bearer error="eid_locked"`, algs}},
		{"revoked", func(x *Config) { x.Revoked = revoked(vneid.ErrRevoked) }, Need{}, bearer(), 401, []string{`Bearer error="invalid_token"`, algs}},
		{"nobody knows whether", func(x *Config) { x.Revoked = revoked(errors.New("away")) }, Need{}, bearer(), 503, nil},
		{"a Need of ours that is wrong", nil, Need{Assurance: vneid.Assurance{Level: 3}}, bearer(), 500, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := w.server(func(x *Config) {
				if c.config != nil {
					c.config(x)
				}
			})
			var told error
			s.cfg.Refused = func(_ *http.Request, err error) { told = err }
			passed := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("passed") })
			rec := httptest.NewRecorder()
			s.Require(c.need, passed).ServeHTTP(rec, c.request())
			if rec.Code != c.status || !slices.Equal(rec.Header().Values("WWW-Authenticate"), c.lines) {
				t.Errorf("%d %q, want %d %q", rec.Code, rec.Header().Values("WWW-Authenticate"), c.status, c.lines)
			}
			if told == nil || rec.Body.Len() != 0 || rec.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("told %v, body %q, %v", told, rec.Body, rec.Header())
			}
			again := httptest.NewRecorder()
			if s.Refuse(again, told); again.Code != c.status {
				t.Errorf("Refuse answers %d", again.Code)
			}
		})
	}
}

func TestWhenToTryAgainIsSaid(t *testing.T) {
	rec := httptest.NewRecorder()
	newWorld(t).server().Refuse(rec, &vneid.APIError{RetryAfter: 4500 * time.Millisecond})
	if rec.Code != 503 || rec.Header().Get("Retry-After") != "5" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
}

func TestTheHandlerGetsTheToken(t *testing.T) {
	w := newWorld(t)
	rec := httptest.NewRecorder()
	w.server().Require(Need{}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got, ok := FromContext(r.Context())
		if !ok || got.Subject() != "pairwise-1" {
			t.Error("no token")
		}
	})).ServeHTTP(rec, get(w.token()))
	if rec.Code != 200 {
		t.Error(rec.Code)
	}
	if _, ok := FromContext(t.Context()); ok {
		t.Error("a token from nowhere")
	}
}

func TestAServerThatNobodyMadeRefusesEverything(t *testing.T) {
	w := newWorld(t)
	for _, s := range []*Server{nil, {}} {
		got, err := s.Verify(get(w.token()), Need{})
		if got != nil || err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "New") {
			t.Errorf("%v", err)
		}
		rec := httptest.NewRecorder()
		s.Require(Need{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("passed") })).ServeHTTP(rec, get(w.token()))
		if rec.Code != 500 {
			t.Error(rec.Code)
		}
	}
	var none *Token
	for _, x := range []*Token{none, {}} {
		if x.Check(vneid.Assurance{}) == nil || x.Subject() != "" || x.Bound() || !x.IsZero() {
			t.Error("the zero Token satisfies something")
		}
	}
}
