package console

import (
	"crypto/rand"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// clientsPage is the agency's: every registration by name, class and channel, and a form
// for a new one. What was said to whom is not the agency's to see here.
type clientsPage struct {
	page
	Clients []clientRow
	Next    string
	Classes []classTick
	Typed   typed
	New     *newcomer
}

// newcomer is a relying party that was just registered. This answer alone shows what is
// secret of it.
type newcomer struct {
	ID, Secret      string
	Staff, Password string // who may open its console
}

type clientRow struct {
	platform.Client
	ClassText, ChannelText, AuthText ui.Text
}

type classTick struct {
	Class platform.ClientClass
	Label ui.Text
}

// typed is a form that came back.
type typed struct {
	ID, Name, Provider, Redirects, JWKS string
	Class                               platform.ClientClass
	Channel                             platform.ClientChannel
}

const clientsAtOnce = 50

func (d *desk) clients(v *visit) { d.showClients(v, http.StatusOK, clientsPage{page: v.page()}) }

func (d *desk) showClients(v *visit, status int, p clientsPage) {
	list, err := d.p.Clients(v.r.Context(), v.r.URL.Query().Get("after"), clientsAtOnce+1)
	if err != nil {
		d.fail(v, err)
		return
	}
	if len(list) > clientsAtOnce {
		list = list[:clientsAtOnce]
		p.Next = list[clientsAtOnce-1].ID
	}
	for _, c := range list {
		p.Clients = append(p.Clients, clientRow{c, classText(c.Class), channelOf(c), authOf(c)})
	}
	for _, class := range platform.Classes() {
		p.Classes = append(p.Classes, classTick{class, classText(class)})
	}
	d.agency.Render(v.w, v.r, status, "clients", p)
}

// enlist registers a relying party: by its keys in the FAPI 2.0 profile, or with a secret
// that this answer alone shows.
func (d *desk) enlist(v *visit) {
	form := v.r.PostFormValue
	t := typed{ID: strings.TrimSpace(form("id")), Name: strings.TrimSpace(form("name")), Provider: strings.TrimSpace(form("provider")),
		Redirects: form("redirects"), JWKS: form("jwks"), Class: platform.ClientClass(form("class")), Channel: platform.ClientChannel(form("channel"))}
	p := clientsPage{page: v.page(), Typed: t}
	c := platform.Client{
		ID: t.ID, Name: t.Name, Class: t.Class, Channel: t.Channel, Provider: t.Provider, RedirectURIs: listed(t.Redirects), Scopes: []string{"profile", "vneid:id"},
	}
	var err error
	switch {
	case !plainID.MatchString(t.ID):
		err = errID
	case strings.TrimSpace(t.JWKS) != "":
		c.Profile = platform.FAPI2
		err = c.AddKeys([]byte(t.JWKS))
	default:
		c.Secret = rand.Text()
	}
	if err == nil {
		err = d.p.Enlist(v.r.Context(), v.who.ID, c)
	}
	n := newcomer{ID: c.ID, Secret: c.Secret, Staff: "nv-" + c.ID, Password: rand.Text()}
	if err == nil {
		err = d.p.AddStaff(v.r.Context(), platform.Staff{ID: n.Staff, Name: c.Name, Role: platform.RoleClient, Client: c.ID}, n.Password)
	}
	if err != nil {
		p.Problem = refused(err)
		d.showClients(v, http.StatusUnprocessableEntity, p)
		return
	}
	done := doneWords["listed"]
	p.Done, p.New, p.Typed = &done, &n, typed{}
	d.showClients(v, http.StatusOK, p)
}

// plainID keeps ids in a form that fits file names, addresses and names of staff.
var plainID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

var errID = errors.New("Client.ID: two to forty small letters, digits and hyphens")

// standing changes what the agency decides of a registration: class and channel.
func (d *desk) standing(v *visit) {
	form := v.r.PostFormValue
	err := d.p.Amend(v.r.Context(), v.who.ID, form("client"), func(c *platform.Client) error {
		c.Class, c.Channel, c.Provider = platform.ClientClass(form("class")), platform.ClientChannel(form("channel")), strings.TrimSpace(form("provider"))
		return nil
	})
	if err != nil {
		p := clientsPage{page: v.page()}
		p.Problem = refused(err)
		d.showClients(v, http.StatusUnprocessableEntity, p)
		return
	}
	d.done(v, "/console/clients", "saved")
}
