package rp

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
	"github.com/vneid-sdk/vneid-go/vneid/services/requests"
)

// portal is a party that had accounts before VNeID: the old passwords and their end, and
// the accounts joined to logins.
type portal struct {
	old    *register
	linker *link.Linker
	tells  *requests.Desk

	// population asks the population register, to which a portal of the state has a
	// connection of its own, whether a number belongs to a name.
	population func(ctx context.Context, number, name string) (bool, error)
}

const oldCookie = "old"

func (s *site) openPortal(h *Hall) error {
	if !s.old {
		return nil
	}
	t := &portal{old: h.portals[s.id], population: population(h.p)}
	client, err := services.New(services.Config{Issuer: s.issuer, ClientID: s.id, Key: s.keys.sign, KeyID: signID, HTTP: s.http, Now: s.now})
	if err != nil {
		return err
	}
	if t.tells, err = requests.New(requests.Config{Client: client, Secret: s.keys.rows}); err != nil {
		return err
	}
	if t.linker, err = link.NewLinker(link.Config{Store: t.old.store, Now: s.now}); err != nil {
		return err
	}
	s.portal = t
	in := func(page http.HandlerFunc) http.Handler { return s.login.Require(sso.Ask{}, page) }
	s.rooms["old"], s.rooms["enter"], s.rooms["leave"] = http.HandlerFunc(s.oldPage), http.HandlerFunc(s.enter), http.HandlerFunc(s.leave)
	s.rooms["dossiers"] = http.HandlerFunc(s.dossiers)
	s.rooms["link"], s.rooms["confirm"], s.rooms["number"] = in(s.linkPage), in(s.confirm), in(s.giveNumber)
	return nil
}

// population holds a number and a name against the stub of the population register.
func population(p *platform.Platform) func(context.Context, string, string) (bool, error) {
	return func(ctx context.Context, number, name string) (bool, error) {
		if number == "" {
			return false, nil
		}
		if p.Registers().Off(registers.Population) {
			return false, vneid.ErrUnavailable
		}
		e, err := p.RegisterEntry(ctx, registers.Population, number)
		if err != nil || e == nil || !e.Died.IsZero() {
			return false, err
		}
		return vneid.CompareNames(e.Record.Name, name) != vneid.NamesDifferent, nil
	}
}

// oldView is the page of the portal's own passwords.
type oldView struct {
	At       string
	Over     bool // they have ended
	Until    time.Time
	User     string
	Problem  *ui.Text
	Users    []string
	Password string
}

func (s *site) oldPage(w http.ResponseWriter, r *http.Request) {
	s.showOld(w, r, http.StatusOK, "", nil)
}

func (s *site) showOld(w http.ResponseWriter, r *http.Request, status int, user string, bad *ui.Text) {
	s.pages.Render(w, r, status, "old", oldView{
		At: s.at(""), Over: !s.now().Before(cutOff), Until: cutOff, User: user, Problem: bad, Users: s.portal.old.users(), Password: Password,
	})
}

var (
	errOver  = ui.Text{Vi: "Tài khoản của cổng đã hết hiệu lực sau ngày 30/06/2024. Hãy đăng nhập bằng VNeID.", En: "The portal's own accounts ended with 30/06/2024. Log in with VNeID."}
	errWrong = ui.Text{Vi: "Tên đăng nhập hoặc mật khẩu không đúng.", En: "Wrong user name or password."}
	errWait  = ui.Text{Vi: "Sai quá nhiều lần. Hãy thử lại sau 15 phút.", En: "Wrong too often. Try again in 15 minutes."}
)

// enter is the old login, until the last second of 30/06/2024.
func (s *site) enter(w http.ResponseWriter, r *http.Request) {
	user := strings.TrimSpace(r.PostFormValue("username"))
	if !s.now().Before(cutOff) {
		s.showOld(w, r, http.StatusForbidden, user, &errOver)
		return
	}
	a, wait := s.portal.old.logIn(user, r.PostFormValue("password"))
	switch {
	case wait:
		s.showOld(w, r, http.StatusTooManyRequests, user, &errWait)
		return
	case a == nil:
		s.showOld(w, r, http.StatusUnauthorized, user, &errWrong)
		return
	}
	if c, err := r.Cookie(oldCookie); err == nil {
		s.portal.old.end(c.Value) // a session that somebody planted ends here
	}
	http.SetCookie(w, &http.Cookie{
		Name: oldCookie, Value: s.portal.old.begin(a.User), HttpOnly: true, Secure: strings.HasPrefix(s.issuer, "https:"),
		SameSite: http.SameSiteLaxMode, MaxAge: int(oldSession / time.Second),
	})
	http.Redirect(w, r, s.at("/dossiers"), http.StatusSeeOther)
}

func (s *site) leave(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(oldCookie); err == nil {
		s.portal.old.end(c.Value)
	}
	http.SetCookie(w, &http.Cookie{Name: oldCookie, MaxAge: -1, HttpOnly: true})
	http.Redirect(w, r, s.at(""), http.StatusSeeOther)
}

// dossierView is what the portal has for whoever logged in, by either way.
type dossierView struct {
	At      string
	Name    string // empty: kept back
	Old     bool   // by the portal's own password
	ID      string // of the account; empty: none yet
	Over    bool
	Checked bool // the account's number fits the population register
}

func (s *site) dossiers(w http.ResponseWriter, r *http.Request) {
	v := dossierView{At: s.at(""), Over: !s.now().Before(cutOff)}
	if c, err := r.Cookie(oldCookie); err == nil {
		if a := s.portal.old.who(c.Value); a != nil {
			ok, err := s.portal.population(r.Context(), a.Number, a.Name)
			v.Name, v.Old, v.ID, v.Checked = a.Name, true, a.ID, ok && err == nil
		}
	}
	id := s.glance(r)
	if !v.Old && !id.IsZero() {
		v.Name = id.Citizen().Name()
		out, err := s.portal.linker.Find(r.Context(), id)
		if linked, ok := out.(link.Linked); err == nil && ok {
			v.ID, v.Checked = linked.Account.ID, true
		}
	}
	if !v.Old && id.IsZero() {
		to := s.at("/old")
		if v.Over {
			to = s.at("/login?return=" + s.at("/dossiers"))
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	s.pages.Render(w, r, http.StatusOK, "dossiers", v)
}

var errUnmatched = errors.New("the account's number does not fit the population register")
