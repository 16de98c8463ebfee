package rp

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services/requests"
)

// linkView is the page that joins an old account to a login. Of an account that is not
// proven to be the person's it shows nothing.
type linkView struct {
	At           string
	State        string // linked, new, candidate or conflict
	Name, Number string // of the login, masked: whom the account is about to be linked to
	ID           string // linked
	Just         bool
	Ticket       string // candidate
	User, Typed  string // of the form that came back
	Unmatched    bool   // the account's number does not fit the population register
	Problem      *ui.Text
	Users        []string
	Password     string
}

func (s *site) linkPage(w http.ResponseWriter, r *http.Request) {
	s.showLink(w, r, http.StatusOK, linkView{})
}

func (s *site) showLink(w http.ResponseWriter, r *http.Request, status int, v linkView) {
	id, _ := sso.FromContext(r.Context())
	c := id.Citizen()
	v.At, v.Name, v.Number, v.Just = s.at(""), c.Name(), number(c), r.URL.Query().Has("done")
	v.Users, v.Password = s.portal.old.users(), Password
	found, err := s.portal.linker.Find(r.Context(), id)
	if err != nil {
		s.refusal(w, r, err)
		return
	}
	switch found := found.(type) {
	case link.Linked:
		v.State, v.ID = "linked", found.Account.ID
	case link.New:
		v.State = "new"
	case link.Candidate:
		v.State, v.Ticket = "candidate", found.Ticket
	case link.Conflict:
		v.State = "conflict"
	}
	s.pages.Render(w, r, status, "link", v)
}

// confirm takes the login to the old account, which the page's ticket travelled with,
// holds the account's number against the population register, and links. A wrong password
// and another account than the one proposed are told alike: nobody shall try other
// people's passwords here. The old password proves whose account it is, after the cut-off
// too; it opens nothing any more.
func (s *site) confirm(w http.ResponseWriter, r *http.Request) {
	id, _ := sso.FromContext(r.Context())
	user := strings.TrimSpace(r.PostFormValue("username"))
	old, wait := s.portal.old.logIn(user, r.PostFormValue("password"))
	err := error(vneid.ErrMismatch)
	switch {
	case wait:
		s.showLink(w, r, http.StatusTooManyRequests, linkView{User: user, Problem: &errWait})
		return
	case old != nil:
		if err = s.fits(r.Context(), old); err == nil {
			err = s.portal.linker.Confirm(r.Context(), id, link.Fresh{Ticket: r.PostFormValue("ticket"), Account: old.ID, At: s.now()})
		}
	}
	switch {
	case err == nil:
		s.tell(r.Context(), id, old.ID)
		http.Redirect(w, r, s.at("/link?done"), http.StatusSeeOther)
	case errors.Is(err, errUnmatched):
		s.showLink(w, r, http.StatusConflict, linkView{User: user, Unmatched: true})
	case errors.Is(err, vneid.ErrMismatch), errors.Is(err, vneid.ErrMalformed):
		s.showLink(w, r, http.StatusForbidden, linkView{User: user, Problem: &ui.Text{
			Vi: "Chưa liên kết: tên đăng nhập hoặc mật khẩu cũ không đúng, hoặc đó không phải tài khoản được đề nghị.",
			En: "Not linked: the old user name or password is wrong, or that account is not the one proposed.",
		}})
	case errors.Is(err, vneid.ErrExpired), errors.Is(err, vneid.ErrReplayed):
		s.showLink(w, r, http.StatusForbidden, linkView{User: user, Problem: &ui.Text{Vi: "Chưa liên kết: đã quá lâu. Hãy thử lại.", En: "Not linked: it took too long. Try again."}})
	default:
		s.refusal(w, r, err)
	}
}

// fits holds an account's number against the population register: an account with a
// number of nobody's, or of somebody else's, is joined to no login.
func (s *site) fits(ctx context.Context, a *account) error {
	ok, err := s.portal.population(ctx, a.Number, a.Name)
	if err == nil && !ok {
		err = errUnmatched
	}
	return err
}

// giveNumber puts a number into an old account, which its own password opens: the step
// that comes before linking where the number was never given, or given wrong.
func (s *site) giveNumber(w http.ResponseWriter, r *http.Request) {
	user, typed := strings.TrimSpace(r.PostFormValue("username")), strings.TrimSpace(r.PostFormValue("number"))
	v := linkView{User: user, Typed: typed, Unmatched: true}
	old, wait := s.portal.old.logIn(user, r.PostFormValue("password"))
	switch {
	case wait:
		v.Problem = &errWait
		s.showLink(w, r, http.StatusTooManyRequests, v)
		return
	case old == nil:
		v.Problem = &errWrong
		s.showLink(w, r, http.StatusUnauthorized, v)
		return
	}
	old.Number = typed
	if _, err := vneid.ParseCitizenID(typed); err != nil {
		old.Number = ""
	}
	switch err := s.fits(r.Context(), old); {
	case errors.Is(err, errUnmatched):
		v.Problem = &ui.Text{Vi: "Số này chưa khớp với họ tên của tài khoản trong Cơ sở dữ liệu quốc gia về dân cư.", En: "The population register does not have this number under the account's name."}
		s.showLink(w, r, http.StatusConflict, v)
		return
	case err != nil:
		s.refusal(w, r, err)
		return
	}
	s.portal.old.put(old)
	http.Redirect(w, r, s.at("/link"), http.StatusSeeOther)
}

// tell has the platform say to the person that an account was joined to theirs: whoever
// did not do that learns of it. The link stands whether the message goes out or not.
func (s *site) tell(ctx context.Context, id *sso.Identity, account string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = s.portal.tells.Notify(ctx, "linked "+account, requests.AccountLinked{To: id.Citizen(), Site: s.name.Vi})
}
