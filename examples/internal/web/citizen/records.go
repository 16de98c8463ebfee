package citizen

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/personas/wallet"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// residence shows where the person is registered and lives, and with whom (hộ khẩu
// online). Looking is for account level 2; filing is not (C4).
func (c *app) residence(w http.ResponseWriter, r *http.Request, me platform.Session) {
	name := label(document.Residence)
	if !whole(me) {
		c.hidden(w, r, me, name)
		return
	}
	p, err := c.paperOf(r, me, document.Residence)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page := struct {
		There bool
		Held  held
		R     paper.Residence
	}{}
	if p != nil {
		page.There, page.Held = true, heldOf(*p)
		if json.Unmarshal(p.Claims, &page.R) != nil {
			page.There = false
		}
	}
	c.show(w, r, "residence", page)
}

// dependants shows who depends on the person's account, or who acts for them.
func (c *app) dependants(w http.ResponseWriter, r *http.Request, me platform.Session) {
	if !whole(me) {
		c.hidden(w, r, me, label(document.Dependants))
		return
	}
	p, err1 := c.paperOf(r, me, document.Dependants)
	waiting, err2 := c.p.Awaiting(r.Context(), me.Account.ID)
	if err := errors.Join(err1, err2); err != nil {
		c.fail(w, r, err)
		return
	}
	page := struct {
		Held    held
		D       paper.Dependants
		Waiting int
	}{Waiting: len(waiting)}
	if p != nil {
		page.Held = heldOf(*p)
		if err := json.Unmarshal(p.Claims, &page.D); err != nil {
			page.D = paper.Dependants{}
		}
	}
	c.show(w, r, "dependants", page)
}

// health shows the health record to its owner, who shows it to a doctor: nobody pulls it.
func (c *app) health(w http.ResponseWriter, r *http.Request, me platform.Session) {
	name := ui.Text{Vi: "Sổ sức khỏe điện tử", En: "Health record"}
	h, err := c.p.Health(r.Context(), me)
	switch {
	case errors.Is(err, vneid.ErrLocked), errors.Is(err, vneid.ErrLevel) && me.Account.Level < 2:
		c.hidden(w, r, me, name)
	case errors.Is(err, vneid.ErrLevel):
		c.toLogin(w, r, "2")
	case err != nil && !errors.Is(err, platform.ErrNoHealth):
		c.fail(w, r, err)
	default:
		c.show(w, r, "health", struct {
			There bool
			Name  string
			Birth string
			H     wallet.Health
		}{err == nil, me.Account.Record.Name, me.Account.Record.Birth.Printed(), h})
	}
}
