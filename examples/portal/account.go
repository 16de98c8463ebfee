package main

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// account is what the page shows. Of an account that is not proven to be the person's
// it shows nothing.
type account struct {
	State        string // linked, new, candidate, conflict or unsigned
	Name, Number string // of the login, masked: whom the account is about to be linked to
	ID           string // linked
	NoNumber     bool   // new: there was no number to look for

	Ticket  string // candidate
	Why     ui.Text
	Differs bool // name or birth date on file
	Problem *ui.Text
	Just    bool // linked by the last click
}

func (s *site) routeAccount(mux *http.ServeMux) {
	mux.Handle("GET /account", s.member(sso.Ask{}, func(w http.ResponseWriter, r *http.Request) { s.account(w, r, nil) }))
	mux.Handle("POST /account/link", s.login.Require(sso.Ask{}, http.HandlerFunc(s.confirm)))
	mux.Handle("POST /account/new", s.login.Require(sso.Ask{}, http.HandlerFunc(s.enrol)))
}

// account shows which account is the person's, as far as that is known.
func (s *site) account(w http.ResponseWriter, r *http.Request, problem *ui.Text) {
	id, _ := sso.FromContext(r.Context())
	c := id.Citizen()
	page := account{Name: c.Name(), Number: fmt.Sprint(c.ID()), Problem: problem, Just: r.URL.Query().Has("linked")}
	if id.Integrity() != sso.Signed {
		// Nobody signed whose login it is: see link.Config.Accept.
		page.State = "unsigned"
		s.pages.Render(w, r, http.StatusOK, "account", page)
		return
	}
	found, err := s.links.Find(r.Context(), id)
	if err != nil {
		s.refusal(w, r, err)
		return
	}
	status := http.StatusOK
	switch found := found.(type) {
	case link.Linked:
		page.State, page.ID = "linked", found.Account.ID
	case link.New:
		page.State, page.NoNumber = "new", found.NoNumber
	case link.Candidate:
		page.State, page.Ticket, page.Why = "candidate", found.Ticket, whys(found.Why)
		page.Differs = found.NameDiffers || found.BirthDiffers
		if problem != nil {
			status = http.StatusForbidden
		}
	case link.Conflict:
		page.State = "conflict"
		s.log.WarnContext(r.Context(), "accounts: a clerk must look", "why", found.Why, "accounts", found.Accounts)
	}
	s.pages.Render(w, r, status, "account", page)
}

// whys says by which number an account was proposed.
func whys(m vneid.NumberMatch) ui.Text {
	switch {
	case m.Current():
		return ui.Text{Vi: "số định danh cá nhân hiện tại", En: "the personal identification number in force"}
	case m.Former():
		return ui.Text{Vi: "số định danh đã hủy", En: "a cancelled personal identification number"}
	}
	return ui.Text{Vi: "số CMND cũ", En: "the number of an old identity card"}
}

const maxForm = 16 << 10

// confirm takes the login to the old account, which the page's ticket travelled with,
// and links. A wrong password and another account than the one proposed are told
// alike: nobody shall try other people's passwords here.
func (s *site) confirm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	id, _ := sso.FromContext(r.Context())
	if s.old.resting(id.Subject()) {
		s.account(w, r, &ui.Text{Vi: "Sai quá nhiều lần. Hãy thử lại sau 15 phút.", En: "Wrong too often. Try again in 15 minutes."})
		return
	}
	err := error(vneid.ErrMismatch)
	if old := s.old.logIn(r.PostFormValue("username"), r.PostFormValue("password")); old != "" {
		err = s.links.Confirm(r.Context(), id, link.Fresh{Ticket: r.PostFormValue("ticket"), Account: old, At: s.old.now()})
	}
	switch {
	case err == nil:
		http.Redirect(w, r, "/account?linked", http.StatusSeeOther)
		return
	case errors.Is(err, vneid.ErrMismatch), errors.Is(err, vneid.ErrMalformed):
		s.old.wrong(id.Subject())
		s.account(w, r, &ui.Text{
			Vi: "Chưa liên kết: tên đăng nhập hoặc mật khẩu cũ không đúng, hoặc đó không phải tài khoản được đề nghị.",
			En: "Not linked: the old user name or password is wrong, or that account is not the one proposed.",
		})
	case errors.Is(err, vneid.ErrExpired), errors.Is(err, vneid.ErrReplayed):
		s.account(w, r, &ui.Text{Vi: "Chưa liên kết: đã quá lâu. Hãy thử lại.", En: "Not linked: it took too long. Try again."})
	default:
		s.refusal(w, r, err)
		return
	}
	s.log.WarnContext(r.Context(), "accounts: not linked", "why", err)
}

// enrol opens an account for somebody whom the portal does not know.
func (s *site) enrol(w http.ResponseWriter, r *http.Request) {
	id, _ := sso.FromContext(r.Context())
	if _, err := s.links.Register(r.Context(), id); err != nil {
		s.refusal(w, r, err)
		return
	}
	http.Redirect(w, r, "/account?linked", http.StatusSeeOther)
}
