package console

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
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
	list, err := d.Platform.Clients(v.r.Context(), v.r.URL.Query().Get("after"), clientsAtOnce+1)
	if err != nil {
		d.Fail(v.w, v.r, err)
		return
	}
	if len(list) > clientsAtOnce {
		list = list[:clientsAtOnce]
		p.Next = list[clientsAtOnce-1].ID
	}
	for _, c := range list {
		p.Clients = append(p.Clients, clientRow{c, classText(c.Class), channelOf(c), authOf(c)})
	}
	p.Classes = classTicks()
	d.Render(v.w, v.r, v.who, status, "clients", p)
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
		err = d.Platform.Enlist(v.r.Context(), v.who.ID, c)
	}
	n := newcomer{ID: c.ID, Secret: c.Secret, Staff: "nv-" + c.ID, Password: rand.Text()}
	if err == nil {
		err = d.Platform.AddStaff(v.r.Context(), platform.Staff{ID: n.Staff, Name: c.Name, Role: platform.RoleClient, Client: c.ID}, n.Password)
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

// clientPage is one registration, as the agency decides on it.
type clientPage struct {
	page
	Auth    ui.Text
	Classes []classTick
}

func (d *desk) showClient(v *visit, status int, c platform.Client, bad *problem) {
	v.client = c
	p := clientPage{page: v.page(), Auth: authOf(c), Classes: classTicks()}
	p.Problem = bad
	d.Render(v.w, v.r, v.who, status, "client", p)
}

func (d *desk) oneClient(v *visit) {
	c, err := d.Platform.Client(v.r.Context(), v.r.PathValue("client"))
	if err != nil {
		d.Fail(v.w, v.r, err)
		return
	}
	d.showClient(v, http.StatusOK, c, nil)
}

// standing changes what the agency decides of a registration: class and channel.
func (d *desk) standing(v *visit) {
	id := v.r.PathValue("client")
	edit := func(c *platform.Client) error {
		c.Class, c.Channel = platform.ClientClass(v.r.PostFormValue("class")), platform.ClientChannel(v.r.PostFormValue("channel"))
		c.Provider = strings.TrimSpace(v.r.PostFormValue("provider"))
		return nil
	}
	err := d.Platform.Amend(v.r.Context(), v.who.ID, id, edit)
	if err == nil {
		d.done(v, "/console/clients/"+url.PathEscape(id), "saved")
		return
	}
	c, gone := d.Platform.Client(v.r.Context(), id)
	if gone != nil {
		d.Fail(v.w, v.r, gone)
		return
	}
	_ = edit(&c) // what was typed, to be mended
	d.showClient(v, http.StatusUnprocessableEntity, c, refused(err))
}

func classTicks() (out []classTick) {
	for _, class := range platform.Classes() {
		out = append(out, classTick{class, classText(class)})
	}
	return out
}
