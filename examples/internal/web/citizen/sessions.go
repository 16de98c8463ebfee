package citizen

import (
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// open is a login that is open.
type open struct {
	platform.Login
	Here bool // it is this one
}

// sessions shows where the person is logged in, and where their app is.
func (c *app) sessions(w http.ResponseWriter, r *http.Request, me platform.Session) {
	logins, err1 := c.p.Logins(r.Context(), me.Account.ID)
	past, err2 := c.p.DevicesPast(r.Context(), me.Account.ID, maxPast)
	if err := errors.Join(err1, err2); err != nil {
		c.fail(w, r, err)
		return
	}
	page := struct {
		Done   *ui.Text
		Logins []open
		App    bool
		Device platform.Device
		Past   []platform.Device
	}{Done: doneText(r), App: me.Account.App, Device: me.Account.Device, Past: past}
	for _, l := range logins {
		page.Logins = append(page.Logins, open{l, l.ID == me.ID})
	}
	c.show(w, r, "sessions", page)
}

// end ends one login. One that is not there has ended already, and that somebody else has
// it is not said.
func (c *app) end(w http.ResponseWriter, r *http.Request, me platform.Session) {
	id := r.PostFormValue("id")
	if err := c.p.EndLogin(r.Context(), me.Account.ID, id); err != nil && !errors.Is(err, platform.ErrNoLogin) {
		c.fail(w, r, err)
		return
	}
	if id == me.ID {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	done(w, r, "/me/sessions", "ended")
}
