package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// How long the codes of the citizen's page live.
const (
	dynamicLife = 2 * time.Minute
	staticLife  = 30 * 24 * time.Hour
)

// shown is a code on the page.
type shown struct {
	SVG     template.HTML // drawn by qrimage: no text from outside is in it
	Text    string
	Expires time.Time
}

type read struct {
	Name string
	At   time.Time
	Text ui.Text
}

// me is the citizen's own page.
func (s *Site) me(w http.ResponseWriter, r *http.Request) {
	session, err := s.Platform.Session(r)
	if errors.Is(err, platform.ErrNoSession) {
		http.Redirect(w, r, "/login?return=/me", http.StatusSeeOther)
		return
	}
	if err != nil {
		s.unavailable(w, r)
		return
	}
	a := session.Account
	dynamic, err1 := s.code(r.Context(), a.ID, platform.CodeRequest{Kind: qr.Dynamic, Life: dynamicLife, Holder: qr.HolderLogin})
	static, err2 := s.code(r.Context(), a.ID, platform.CodeRequest{Kind: qr.Static, Life: staticLife, Holder: qr.HolderLogin})
	history, err3 := s.Platform.History(r.Context(), a.ID, 20)
	if errors.Join(err1, err2, err3) != nil {
		s.unavailable(w, r)
		return
	}
	number, _ := vneid.ParseCitizenID(a.Record.ID)
	s.pages.Render(w, r, http.StatusOK, "me", struct {
		Name, Number    string
		Level           int
		EIDLocked       bool
		Dynamic, Static *shown
		History         []read
	}{a.Record.Name, fmt.Sprint(number), int(session.Assurance.Level), a.EIDLocked, dynamic, static, reads(history)})
}

// leave ends all sessions of the person, everywhere.
func (s *Site) leave(w http.ResponseWriter, r *http.Request) {
	session, err := s.Platform.Session(r)
	if err == nil {
		err = s.Platform.EndSessions(r.Context(), session.Account.ID)
	}
	if err != nil && !errors.Is(err, platform.ErrNoSession) {
		s.unavailable(w, r)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// code issues and draws a code; nil when the account may not have it.
func (s *Site) code(ctx context.Context, account string, q platform.CodeRequest) (*shown, error) {
	expires := s.Platform.Now().Add(q.Life)
	text, err := s.Platform.IssueCode(ctx, account, q)
	for _, refused := range []error{vneid.ErrLevel, vneid.ErrLocked, vneid.ErrNotYetValid, vneid.ErrRevoked, platform.ErrNoPaper} {
		if errors.Is(err, refused) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, err
	}
	symbol, err := qrimage.Draw(text, 0)
	if err != nil {
		return nil, err
	}
	return &shown{template.HTML(symbol.SVG()), text, expires}, nil
}

func reads(history []platform.Read) []read {
	var list []read
	for _, h := range history {
		t := words.Of(words.Reads, h.Kind)
		if h.Share != nil {
			t = withDocuments(t, h.Share)
		}
		list = append(list, read{h.Name, h.At, t})
	}
	return list
}

// withDocuments says which documents were given out.
func withDocuments(t ui.Text, given *platform.ReadDocuments) ui.Text {
	var vi, en []string
	for _, kind := range slices.Sorted(maps.Keys(given.Documents)) {
		v, e := document.Kind(kind).Label()
		vi, en = append(vi, v), append(en, e)
	}
	if vi == nil {
		return t
	}
	return ui.Text{Vi: t.Vi + ": " + strings.Join(vi, ", "), En: t.En + ": " + strings.Join(en, ", ")}
}
