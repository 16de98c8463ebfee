package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/resource"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// papers is what the portal's API says of a person who calls it by an access token.
// A real one would look them up by the token's subject.
type papers struct {
	Papers          []ui.Text
	Issued, Expires time.Time // of the token
	Bound           bool      // to this site's key (DPoP)
}

// The papers of everybody; this is a sample.
var (
	some = []ui.Text{
		{Vi: "Đăng ký tạm trú – đã tiếp nhận", En: "Registration of a temporary residence – received"},
		{Vi: "Cấp lại giấy phép lái xe hạng A1 – đang xử lý", En: "Replacement of a driving licence, class A1 – under way"},
	}
	all = append(some[:len(some):len(some)],
		ui.Text{Vi: "Xác nhận thông tin hộ tịch – đã trả kết quả", En: "Extract from the civil register – handed out"})
)

// api says whose access tokens open the API of this site.
func (c *Config) api(s *site) resource.Config {
	return resource.Config{
		Issuer: c.Issuer, Audience: s.origin + "/api", URL: s.origin, Now: c.Now,
		// In FAPI 2.0 a stolen token is worth nothing without this site's key.
		Need: resource.Need{Scopes: []string{"openid"}, Bound: c.Mode == FAPI2},
		Refused: func(r *http.Request, err error) {
			s.log.InfoContext(r.Context(), "API: refused", "path", r.URL.Path, "why", err)
		},
	}
}

// routePapers serves the API, and the pages that call it for the person.
func (s *site) routePapers(mux *http.ServeMux) {
	strong := resource.Need{Assurance: vneid.Assurance{Auth: 2}}
	mux.Handle("GET /api/papers", s.api.Require(resource.Need{}, deliver(some)))
	mux.Handle("GET /api/papers/full", s.api.Require(strong, deliver(all)))
	mux.Handle("GET /papers", s.member(sso.Ask{}, s.papers))
	mux.Handle("GET /papers/full", s.member(sso.Ask{}, s.papers))
	mux.Handle("POST /papers/refresh", s.login.Require(sso.Ask{}, http.HandlerFunc(s.refresh)))
}

// deliver is the API behind its door.
func deliver(list []ui.Text) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, ok := resource.FromContext(r.Context())
		if !ok { // Require lets nobody through without one
			http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(papers{list, t.Issued(), t.Expires(), t.Bound()})
	})
}

// papers is the page. It calls the API over the network, as it would anybody's.
func (s *site) papers(w http.ResponseWriter, r *http.Request) {
	id, _ := sso.FromContext(r.Context())
	got, res, err := s.fetch(r.Context(), id, "/api"+r.URL.Path)
	if err != nil {
		s.refusal(w, r, err)
		return
	}
	ask, needed, err := s.login.StepUp(res, id)
	switch {
	case err != nil:
		s.refusal(w, r, err)
	case needed: // the API wants a stronger login (RFC 9470): the same person, once
		ask.Return = r.URL.Path
		s.login.Login(ask).ServeHTTP(w, r)
	case res.StatusCode == http.StatusForbidden:
		s.refusal(w, r, vneid.ErrDenied)
	case res.StatusCode != http.StatusOK:
		s.refusal(w, r, &vneid.APIError{Status: res.StatusCode})
	default:
		s.pages.Render(w, r, http.StatusOK, "papers", struct {
			papers
			Full, Refreshable bool
			Renewed, Changed  bool
		}{got, r.URL.Path == "/papers/full", id.Tokens().Refreshable(), r.URL.Query().Has("renewed"),
			got.Expires.Sub(id.Tokens().Expires()).Abs() > 5*time.Second})
	}
}

// fetch calls the API with the person's access token. A token about to end is
// replaced on the way, and the session keeps the new one.
func (s *site) fetch(ctx context.Context, id *sso.Identity, path string) (got papers, res *http.Response, err error) {
	api, err := s.login.Access(id.Tokens(), nil, s.origin)
	if err != nil {
		return papers{}, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.origin+path, nil)
	if err != nil {
		return papers{}, nil, err
	}
	if res, err = api.Do(req); err != nil {
		if errors.As(err, new(vneid.Kind)) {
			return papers{}, nil, err // of the refresh on the way
		}
		return papers{}, nil, vneid.ErrUnavailable // its text has the URL alone, but who knows whose transport this is
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err == nil && res.StatusCode == http.StatusOK {
		err = json.Unmarshal(body, &got)
	}
	if err != nil {
		return papers{}, nil, vneid.ErrUnavailable
	}
	return got, res, nil
}

// refresh replaces the tokens now, which Access does by itself when it is time.
func (s *site) refresh(w http.ResponseWriter, r *http.Request) {
	id, _ := sso.FromContext(r.Context())
	if _, err := s.login.Refresh(r.Context(), id.Tokens(), nil); err != nil {
		s.refusal(w, r, err)
		return
	}
	http.Redirect(w, r, "/papers?renewed", http.StatusSeeOther)
}
