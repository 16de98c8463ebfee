package citizen

import (
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/units"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// ground is one ground to lock on the page.
type ground struct {
	platform.LockGround
	Text, What, Placed ui.Text
}

const maxPast = 20

// rule is what the law says of a ground, in words for pages.
type rule struct {
	platform.GroundRule
	Text ui.Text
}

func rules() (out []rule) {
	for _, r := range platform.GroundRules() {
		out = append(out, rule{r, ui.Text(r.Text)})
	}
	return out
}

// anOfficer is all that a citizen hears of who in an office it was.
var anOfficer = ui.Text{Vi: "cán bộ tiếp nhận", En: "an officer"}

func groundOf(g platform.LockGround) ground {
	out := ground{LockGround: g, What: words.Locks[g.Locks], Placed: words.By(g.By, anOfficer)}
	if rule, ok := platform.RuleOf(g.Ground); ok {
		out.Text = ui.Text(rule.Text)
	}
	return out
}

func (c *app) locks(w http.ResponseWriter, r *http.Request, me platform.Session) {
	c.showLocks(w, r, me, nil, nil)
}

func (c *app) showLocks(w http.ResponseWriter, r *http.Request, me platform.Session, closing, opening *form.Form) {
	standing, err1 := c.p.LockGrounds(r.Context(), me.Account.ID)
	past, err2 := c.p.LocksPast(r.Context(), me.Account.ID, maxPast)
	if err := errors.Join(err1, err2); err != nil {
		c.fail(w, r, err)
		return
	}
	page := struct {
		Done           *ui.Text
		Locked         bool
		Standing, Past []ground
		Lock, Unlock   *form.Form
		Mine           bool // the holder's own ground stands: there is something to open
		Strong         bool // this login may open it
		HasEID         bool
		Rules          []rule
		Where          ui.Text
	}{
		Done: doneText(r), Locked: me.Account.EIDLocked, Lock: closing, Unlock: opening, Strong: me.Assurance.Auth >= 3,
		HasEID: me.Account.Level >= 2, Rules: rules(), Where: c.places(),
	}
	for _, g := range standing {
		page.Standing = append(page.Standing, groundOf(g))
		page.Mine = page.Mine || g.Ground == platform.GroundHolder
	}
	for _, g := range past {
		one := groundOf(g)
		one.Placed = words.By(g.LiftedBy, anOfficer)
		page.Past = append(page.Past, one)
	}
	status := max(closing.Status(), opening.Status())
	c.pages.Render(w, r, status, "locks", page)
}

// places says where locks are placed and lifted, and level 2 granted, on the day.
func (c *app) places() ui.Text {
	vi, en := units.Places(c.today())
	return ui.Text{Vi: vi, En: en}
}

// lock takes form TK03.
func (c *app) lock(w http.ResponseWriter, r *http.Request, me platform.Session) {
	f := form.Read(r)
	ask := platform.LockForm{Reason: f.V("reason"), Locks: platform.Locks{EID: f.Has("lock", "eid"), Account: f.Has("lock", "account")}}
	if ask.Locks == (platform.Locks{}) {
		f.Wrong("lock", "Hãy chọn ít nhất một mục để khóa.", "Choose what to lock.")
	}
	if f.V("agree") != "yes" {
		f.Wrong("agree", "Hãy xác nhận yêu cầu.", "Confirm what you ask for.")
	}
	var err error
	if !f.Bad() {
		err = c.p.LockOwn(r.Context(), me, f.Secret("password"), ask)
	}
	switch {
	case errors.Is(err, platform.ErrFactor):
		wrongPassword(f)
	case errors.Is(err, platform.ErrText):
		f.Wrong("reason", "Lý do quá dài hoặc có ký tự không đọc được.", "The reason is too long, or not plain text.")
	case errors.Is(err, platform.ErrNoLock):
		f.Wrong("lock", "Hiện chưa khóa được mục này.", "This cannot be locked today.")
	case errors.Is(err, platform.ErrManyLocks):
		f.Wrong("lock", "Đã có quá nhiều yêu cầu khóa.", "There are too many requests already.")
	case err != nil:
		c.fail(w, r, err)
		return
	case !f.Bad() && ask.Locks.Account: // the session is over
		http.Redirect(w, r, "/me/locked", http.StatusSeeOther)
		return
	case !f.Bad():
		done(w, r, "/me/locks", "locked")
		return
	}
	c.showLocks(w, r, me, f, nil)
}

// unlock opens what the holder closed. A weaker login is made stronger first.
func (c *app) unlock(w http.ResponseWriter, r *http.Request, me platform.Session) {
	f := form.Read(r)
	err := c.p.UnlockOwn(r.Context(), me, f.Secret("password"))
	switch {
	case err == nil:
		done(w, r, "/me/locks", "unlocked")
	case errors.Is(err, platform.ErrOtherStand):
		done(w, r, "/me/locks", "other")
	case errors.Is(err, vneid.ErrLevel):
		http.Redirect(w, r, "/login?auth=3&return=/me/locks", http.StatusSeeOther)
	case errors.Is(err, platform.ErrFactor):
		wrongPassword(f)
		c.showLocks(w, r, me, nil, f)
	case errors.Is(err, platform.ErrNoGround):
		f.Wrong("password", "Không có yêu cầu khóa nào của bạn để mở.", "No request of yours stands.")
		c.showLocks(w, r, me, nil, f)
	default:
		c.fail(w, r, err)
	}
}

// locked says good-bye to who locked their account. It says nothing about anybody.
func (c *app) locked(w http.ResponseWriter, r *http.Request) {
	c.show(w, r, "locked", struct{ Where ui.Text }{c.places()})
}

// hidden shows why a page has nothing to show: a lock, or the account level.
func (c *app) hidden(w http.ResponseWriter, r *http.Request, me platform.Session, name ui.Text) {
	c.pages.Render(w, r, http.StatusForbidden, "hidden", struct {
		Name      ui.Text
		Locked    bool
		Foreigner bool
		Where     ui.Text
	}{name, me.Account.EIDLocked, me.Account.Level >= 2 && me.Account.Record.ID == "", c.places()})
}

// whole reports whether the person's documents may be shown: account level 2, unlocked.
func whole(me platform.Session) bool { return me.Account.Usable() >= 2 }
