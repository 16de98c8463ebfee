package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// maxShares is how many consents the page shows.
const maxShares = 100

// given is a document that somebody agreed to share.
type given struct{ Label, Items ui.Text }

// shared is one consent with its receipt.
type shared struct {
	platform.Share
	Terms words.Terms
	At    time.Time
}

// StateText says what became of it.
func (s shared) StateText() ui.Text { return words.Of(words.ShareStates, s.State) }

// Given lists what was agreed to, of what there is.
func (s shared) Given() (out []given) {
	for _, d := range s.Share.Terms.Documents {
		names, ok := s.Granted[d.Kind]
		if !ok {
			continue
		}
		vi, en := d.Kind.Label()
		out = append(out, given{ui.Text{Vi: vi, En: en}, itemsText(d, names)})
	}
	return out
}

func itemsText(d platform.ShareDoc, names []string) (t ui.Text) {
	for _, i := range d.Items {
		if !slices.Contains(names, i.Name) {
			continue
		}
		one := words.Item(i)
		if t.Vi != "" {
			t.Vi, t.En = t.Vi+", ", t.En+", "
		}
		t.Vi, t.En = t.Vi+one.Vi, t.En+one.En
	}
	return t
}

// awaited is a request for somebody whom the person represents.
type awaited struct {
	Client, Name, Grant string
	Until               time.Time
	Terms               words.Terms
}

// shares lists what the person shared, and what waits for them as a representative.
func (s *Site) shares(w http.ResponseWriter, r *http.Request) {
	session, ok := s.own(w, r, "/me/shares")
	if !ok {
		return
	}
	all, err1 := s.Platform.Shares(r.Context(), session.Account.ID, maxShares)
	waiting, err2 := s.Platform.Awaiting(r.Context(), session.Account.ID)
	if errors.Join(err1, err2) != nil {
		s.unavailable(w, r)
		return
	}
	var list []shared
	for _, one := range all {
		at := one.Decided
		if !one.Ended.IsZero() {
			at = one.Ended
		}
		list = append(list, shared{one, words.Terms{ShareView: &one.Terms}, at})
	}
	var open []awaited
	for _, one := range waiting {
		open = append(open, awaited{one.Client.Name, one.Name, one.Grant, one.Until, words.Terms{ShareView: chosenOf(one.Terms)}})
	}
	answered := r.URL.Query().Get("answered")
	s.pages.Render(w, r, http.StatusOK, "shares", struct {
		Shares     []shared
		Awaiting   []awaited
		Done, Late bool
	}{list, open, answered == "yes", answered == "late"})
}

// chosenOf leaves of a request what the child or ward agreed to: a representative can
// only agree to less.
func chosenOf(v platform.ShareView) *platform.ShareView {
	var docs []platform.ShareDoc
	for _, d := range v.Documents {
		if !slices.Contains(v.Ticked, d.Field) {
			continue
		}
		d.Items = slices.DeleteFunc(slices.Clone(d.Items), func(i platform.ShareItem) bool {
			return i.Field != "" && !slices.Contains(v.Ticked, i.Field)
		})
		docs = append(docs, d)
	}
	v.Documents = docs
	return &v
}

// own returns who is logged in, or sends them to the login.
func (s *Site) own(w http.ResponseWriter, r *http.Request, back string) (platform.Session, bool) {
	session, err := s.Platform.Session(r)
	switch {
	case errors.Is(err, platform.ErrNoSession):
		http.Redirect(w, r, "/login?return="+back, http.StatusSeeOther)
	case err != nil:
		s.unavailable(w, r)
	}
	return session, err == nil
}

// withdraw takes a consent back.
func (s *Site) withdraw(w http.ResponseWriter, r *http.Request) {
	session, ok := s.own(w, r, "/me/shares")
	if !ok {
		return
	}
	s.answered(w, r, s.Platform.WithdrawShare(r.Context(), session.Account.ID, r.PostFormValue("grant")))
}

// represent takes a representative's decision. It needs two factors; who logged in with
// one is asked for another first.
func (s *Site) represent(w http.ResponseWriter, r *http.Request) {
	session, ok := s.own(w, r, "/me/shares")
	if !ok {
		return
	}
	if session.Assurance.Auth < 2 {
		http.Redirect(w, r, "/login?auth=2&return=/me/shares", http.StatusSeeOther)
		return
	}
	decision := r.PostFormValue(platform.FieldDecision) // reads the form
	var ticked []string
	if decision == platform.Allow {
		ticked = append([]string{}, r.PostForm[platform.FieldScope]...)
	}
	s.answered(w, r, s.Platform.DecideShare(r.Context(), session, r.PostFormValue("grant"), ticked))
}

func (s *Site) answered(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, platform.ErrNoShare), errors.Is(err, platform.ErrNotYours):
		http.Redirect(w, r, "/me/shares?answered=late", http.StatusSeeOther)
	case err != nil:
		s.unavailable(w, r)
	default:
		http.Redirect(w, r, "/me/shares?answered=yes", http.StatusSeeOther)
	}
}
