package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// profile is what a login proved. The number stays masked: a page shows what its
// purpose needs.
type profile struct {
	Name, Number, Birth string
	Sex                 ui.Text
	Level, Auth         int
	At                  time.Time
	Issuer, Subject     string
	Scopes              string
	EIDLocked           bool
	Level2              bool // the page that asks for more
	Unsigned            bool // nobody signed any of it
}

func (s *site) profile(w http.ResponseWriter, r *http.Request) {
	id, ok := sso.FromContext(r.Context())
	if !ok { // Require lets nobody through without one
		s.refusal(w, r, vneid.ErrDenied)
		return
	}
	c, a := id.Citizen(), id.Assurance()
	s.pages.Render(w, r, http.StatusOK, "profile", profile{
		Name: c.Name(), Number: fmt.Sprint(c.ID()), Birth: c.Birth().Printed(), Sex: sex(c.Sex()),
		Level: int(a.Level), Auth: int(a.Auth), At: a.At,
		Issuer: id.Issuer(), Subject: id.Subject(), Scopes: strings.Join(id.Scopes(), " "),
		EIDLocked: id.EIDLocked(), Level2: r.URL.Path == "/level2", Unsigned: id.Integrity() != sso.Signed,
	})
}

func sex(s vneid.Sex) ui.Text {
	switch s {
	case vneid.Male:
		return ui.Text{Vi: "Nam", En: "Male"}
	case vneid.Female:
		return ui.Text{Vi: "Nữ", En: "Female"}
	}
	return ui.Text{}
}
