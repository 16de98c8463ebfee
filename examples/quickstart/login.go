package main

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// party is the smallest relying party: two handlers of the SDK and a place to put
// whoever logged in.
type party struct {
	http.Handler
	home string
	who  chan *sso.Identity
	got  chan share.Records
	why  chan error
}

func newParty(issuer, home string) (*party, error) {
	p := &party{home: home, who: make(chan *sso.Identity, 1), got: make(chan share.Records, 1), why: make(chan error, 1)}
	registered := web.Portal(home + "/callback")
	client, err := sso.New(sso.Config{
		Issuer: issuer, ClientID: registered.ID, ClientSecret: registered.Secret, RedirectURL: home + "/callback",
		Scopes: []string{"profile", "vneid:id"}, Need: vneid.Assurance{Level: 2, Auth: 2},
		ErrorPage: p.refused,
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	if err := p.routeRental(mux, issuer); err != nil {
		return nil, err
	}
	mux.Handle("GET /login", client.Login(sso.Ask{}))
	mux.Handle("GET /callback", client.Callback(func(w http.ResponseWriter, _ *http.Request, id *sso.Identity, _ string) {
		p.who <- id
		fmt.Fprintln(w, "logged in")
	}))
	p.Handler = mux
	return p, nil
}

func (p *party) refused(w http.ResponseWriter, _ *http.Request, err error) {
	p.why <- err
	w.WriteHeader(http.StatusForbidden)
}

// logIn walks through the platform's pages as a person with a browser does.
func (w *world) logIn(ctx context.Context) (row, error) {
	page, err := w.visit(ctx, "/login", "allow")
	if err != nil {
		return row{}, err
	}
	var id *sso.Identity
	select {
	case id = <-w.party.who:
	case err := <-w.party.why:
		return row{Err: err}, nil
	default:
		return row{}, fmt.Errorf("the login stopped at %q", page.title)
	}
	a := id.Assurance()
	return row{
		Evidence: ui.Text{Vi: "Đăng nhập bằng tài khoản định danh", En: "Login with the identity account"},
		Verdict:  verdict.Verified(),
		Proof: ui.Text{
			Vi: fmt.Sprintf("ID token có chữ ký: Tài khoản mức độ %d, Xác thực mức độ %d", a.Level, a.Auth),
			En: fmt.Sprintf("signed ID token: account level %d, authentication level %d", a.Level, a.Auth),
		},
		About: about(id.Citizen()),
	}, nil
}

// visit opens a page of the party and answers the platform's pages until none asks more.
func (w *world) visit(ctx context.Context, path, decision string) (*page, error) {
	an, _ := personas.Get("level2")
	b := newBrowser(ctx)
	page, err := b.get(w.party.home + path)
	for range 8 {
		if err != nil {
			return nil, err
		}
		form, ok := page.choose(an, w.otp(b), decision)
		if !ok {
			break
		}
		page, err = b.post(page, form)
	}
	return page, err
}

var digits = regexp.MustCompile(`Mã xác thực: ([0-9]{6})`)

// otp reads the newest message on the test telephone.
func (w *world) otp(b *browser) func() string {
	return func() string {
		page, err := b.get(w.site.Platform.Issuer() + "/phone")
		if err != nil {
			return ""
		}
		if m := digits.FindStringSubmatch(page.text); m != nil {
			return m[1]
		}
		return ""
	}
}

// choose fills in the form of the page that a login shows.
func (p *page) choose(who personas.Persona, otp func() string, decision string) (filled, bool) {
	for _, f := range p.forms {
		out := f.fill()
		switch {
		case f.has("username"):
			out.Set("username", who.Username())
			out.Set("password", who.Account.Password)
		case f.has("code"):
			out.Set("code", otp())
		case out.Get("factor") == "otp": // send me the digits
		case slices.Contains(f.buttons, [2]string{"decision", "allow"}):
			for _, box := range f.boxes {
				if box[0] == "scope" { // the others keep something back
					out.Add(box[0], box[1])
				}
			}
			out.Set("decision", decision)
		default:
			continue
		}
		return filled{f.action, out}, true
	}
	return filled{}, false
}

// about names a person without giving them away.
func about(c vneid.Citizen) ui.Text {
	who := fmt.Sprintf("%s, %v", c.Name(), c.ID())
	return ui.Text{Vi: who, En: who}
}
