package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// registrationPage shows a registration and the form for what its own staff may change.
type registrationPage struct {
	page
	Class, Channel ui.Text
	Auth           ui.Text
	Scopes         []tick
	Redirects      string
	Logouts        string
	Backchannel    string
	Login          platform.LoginPurpose
	Events         string
	Counter        bool   // logins and data requests at a counter (CIBA)
	Notify         string // who is told of their answers; empty: the client asks
	Faults         []string
	Everybody      []string
}

// tick is a box of a form.
type tick struct {
	Name  string
	Label ui.Text
	On    bool
}

func (d *desk) registration(v *visit) { d.showRegistration(v, http.StatusOK, v.client, nil) }

func (d *desk) showRegistration(v *visit, status int, c platform.Client, bad *problem) {
	p := registrationPage{
		page: v.page(), Login: c.Login, Class: classText(c.Class), Channel: channelOf(c), Auth: authOf(c),
		Redirects: lines(c.RedirectURIs), Logouts: lines(c.LogoutURIs), Backchannel: c.BackchannelLogoutURI, Events: c.EventsURI,
		Counter: c.CIBA != "", Notify: c.NotificationURI,
		Faults: d.Platform.Broken(c.ID), Everybody: d.Platform.Broken(""),
	}
	p.Problem = bad
	for _, s := range scopes {
		p.Scopes = append(p.Scopes, tick{s.Name, s.Label, slices.Contains(c.Scopes, s.Name)})
	}
	d.Render(v.w, v.r, v.who, status, "registration", p)
}

// change takes the form. What it does not offer (class, channel, profile) stays.
func (d *desk) change(v *visit) {
	edit := func(c *platform.Client) error {
		c.RedirectURIs, c.LogoutURIs = listed(v.r.PostFormValue("redirects")), listed(v.r.PostFormValue("logouts"))
		c.BackchannelLogoutURI = strings.TrimSpace(v.r.PostFormValue("backchannel"))
		c.CIBA, c.NotificationURI = "", strings.TrimSpace(v.r.PostFormValue("notify"))
		switch {
		case c.NotificationURI != "":
			c.CIBA = platform.Ping
		case v.r.PostFormValue("counter") != "":
			c.CIBA = platform.Poll
		}
		if len(c.Purposes) > 0 {
			c.EventsURI = strings.TrimSpace(v.r.PostFormValue("events"))
		}
		c.Login = platform.LoginPurpose{Vi: strings.TrimSpace(v.r.PostFormValue("login_vi")), En: strings.TrimSpace(v.r.PostFormValue("login_en"))}
		if days := v.r.PostFormValue("login_days"); days != "" {
			n, err := strconv.Atoi(days)
			if c.Login.RetentionDays = n; err != nil {
				c.Login.RetentionDays = -1 // which the engine refuses by the field's name
			}
		}
		c.Scopes = nil
		for _, s := range scopes {
			if slices.Contains(v.r.PostForm["scope"], s.Name) {
				c.Scopes = append(c.Scopes, s.Name)
			}
		}
		return nil
	}
	if err := d.Platform.Amend(v.r.Context(), v.who.ID, v.client.ID, edit); err != nil {
		c := v.client
		_ = edit(&c) // what was typed, to be mended
		d.showRegistration(v, http.StatusUnprocessableEntity, c, refused(err))
		return
	}
	d.done(v, "/console", "saved")
}

// lines and listed write a list of addresses one to a line, and read it.
func lines(list []string) string { return strings.Join(list, "\n") }

func listed(text string) (out []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

var scopes = []tick{
	{Name: "profile", Label: ui.Text{Vi: "Họ tên, quốc tịch", En: "Name, nationality"}},
	{Name: "phone", Label: ui.Text{Vi: "Số điện thoại", En: "Telephone number"}},
	{Name: "email", Label: ui.Text{Vi: "Thư điện tử", En: "E-mail address"}},
	{Name: "vneid:id", Label: ui.Text{Vi: "Số định danh, ngày sinh, giới tính", En: "Personal number, birth date, sex"}},
	{Name: "vneid:card", Label: ui.Text{Vi: "Thông tin thẻ căn cước (tài khoản mức độ 2)", En: "The card (account level 2)"}},
}

func classText(c platform.ClientClass) ui.Text {
	if c == "" {
		return ui.Text{Vi: "Chưa phân loại", En: "Not classified"}
	}
	return words.Of(words.Classes, string(c))
}

func channelOf(c platform.Client) ui.Text {
	if c.Channel == platform.ChannelProvider {
		return ui.Text{Vi: "Qua " + c.Provider, En: "Through " + c.Provider}
	}
	return ui.Text{Vi: "Trực tiếp với nền tảng", En: "Directly with the platform"}
}

func authOf(c platform.Client) ui.Text {
	switch keys, _ := c.KeyList(); {
	case c.Public:
		return ui.Text{Vi: "Không có (ứng dụng công khai, PKCE)", En: "None (a public client, PKCE)"}
	case slices.ContainsFunc(keys, func(k platform.ClientKey) bool { return k.Use != "enc" }):
		return ui.Text{Vi: "Khóa ký (private_key_jwt)", En: "A key (private_key_jwt)"}
	}
	return ui.Text{Vi: "Mật khẩu ứng dụng (client_secret)", En: "A client secret"}
}
