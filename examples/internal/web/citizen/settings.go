package citizen

import (
	"errors"
	"net/http"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// contact is one of the two addresses on the settings page.
type contact struct {
	Channel platform.Channel
	Path    string
	Now     string // masked
	Waiting string // that has to be confirmed
	New     *form.Form
	Code    *form.Form
}

// settings is how the person is reached, and where their app is.
func (c *app) settings(w http.ResponseWriter, r *http.Request, me platform.Session) {
	c.showSettings(w, r, me, nil)
}

// showSettings shows the page with the forms that something is wrong with, by their names.
func (c *app) showSettings(w http.ResponseWriter, r *http.Request, me platform.Session, forms map[string]*form.Form) {
	a := me.Account
	phone, err1 := c.p.PendingContact(r.Context(), a.ID, platform.SMS)
	email, err2 := c.p.PendingContact(r.Context(), a.ID, platform.Email)
	if err := errors.Join(err1, err2); err != nil {
		c.fail(w, r, err)
		return
	}
	status := http.StatusOK
	for _, f := range forms {
		status = max(status, f.Status())
	}
	c.pages.Render(w, r, status, "settings", struct {
		Done     *ui.Text
		Bad      bool
		Phone    contact
		Email    contact
		Channels *form.Form
		Device   *form.Form
		Password *form.Form
		Strong   bool
		Chosen   map[string]bool
		HasApp   bool
		Name     string
		Username string // masked, for the browser's store of passwords
	}{
		Done: doneText(r), Bad: status != http.StatusOK,
		Phone:    contact{platform.SMS, "phone", masked(a.Phone), phone, forms["phone"], forms["phone-code"]},
		Email:    contact{platform.Email, "email", masked(a.Email), email, forms["email"], forms["email-code"]},
		Channels: forms["channels"], Device: forms["device"], Password: forms["password"], Strong: me.Assurance.Auth >= 2, Chosen: chosen(a), HasApp: a.App, Name: a.Device.Name, Username: masked(a.Username()),
	})
}

// masked leaves of an address what its owner knows it by.
func masked(address string) string {
	if name, host, ok := strings.Cut(address, "@"); ok && name != "" {
		return name[:1] + "•••@" + host
	}
	if len(address) > 4 {
		return "•••" + address[len(address)-3:]
	}
	return address
}

func chosen(a platform.Account) map[string]bool {
	out := map[string]bool{}
	for _, ch := range a.Channels {
		out[string(ch)] = true
	}
	if len(out) == 0 {
		out[string(platform.App)], out[string(platform.SMS)] = a.App, a.Phone != ""
	}
	return out
}

// change begins the change of a telephone number or an e-mail address.
func (c *app) change(path string, ch platform.Channel) handler {
	return func(w http.ResponseWriter, r *http.Request, me platform.Session) {
		f := form.Read(r)
		switch err := c.p.BeginContact(r.Context(), me, f.Secret("password"), ch, f.V("to")); {
		case err == nil:
			done(w, r, "/me/settings", "sent")
			return
		case errors.Is(err, platform.ErrContact) && ch == platform.Email:
			f.Wrong("to", "Địa chỉ không đúng, hoặc là địa chỉ hiện tại.", "No e-mail address, or the present one.")
		case errors.Is(err, platform.ErrContact):
			f.Wrong("to", "Số điện thoại không đúng, hoặc là số hiện tại. Ví dụ: 0900 000 001.", "No telephone number, or the present one. For example: 0900 000 001.")
		case errors.Is(err, platform.ErrFactor):
			wrongPassword(f)
		case errors.Is(err, platform.ErrTooOften):
			f.Wrong("to", "Đã gửi quá nhiều mã. Hãy thử lại sau một giờ.", "Too many codes were sent. Try again in an hour.")
		default:
			c.fail(w, r, err)
			return
		}
		c.showSettings(w, r, me, map[string]*form.Form{path: f})
	}
}

// confirm finishes it by the code that the new address got.
func (c *app) confirm(path string, ch platform.Channel) handler {
	return func(w http.ResponseWriter, r *http.Request, me platform.Session) {
		f := form.Read(r)
		switch err := c.p.ConfirmContact(r.Context(), me, ch, f.V("code")); {
		case err == nil:
			done(w, r, "/me/settings", "contact")
		case errors.Is(err, platform.ErrContactCode):
			f.Wrong("code", "Mã không đúng hoặc đã hết hạn. Sau ba lần sai hãy yêu cầu mã mới.", "Wrong, or too old. After three wrong ones ask for another.")
			c.showSettings(w, r, me, map[string]*form.Form{path + "-code": f})
		default:
			c.fail(w, r, err)
		}
	}
}

// channels says by which ways the person wants to be told.
func (c *app) channels(w http.ResponseWriter, r *http.Request, me platform.Session) {
	f := form.Read(r)
	var to []platform.Channel
	for _, v := range f.All("channel") {
		to = append(to, platform.Channel(v))
	}
	switch err := c.p.SetChannels(r.Context(), me.Account.ID, to...); {
	case err == nil:
		done(w, r, "/me/settings", "channels")
	case errors.Is(err, platform.ErrNoChannel):
		f.Wrong("channel", "Hãy chọn ít nhất một cách mà bạn có.", "Choose at least one that reaches you.")
		c.showSettings(w, r, me, map[string]*form.Form{"channels": f})
	default:
		c.fail(w, r, err)
	}
}

// device moves the app to where the person is. Every login ends, this one too.
func (c *app) device(w http.ResponseWriter, r *http.Request, me platform.Session) {
	f := form.Read(r)
	switch err := c.p.MoveDevice(r.Context(), me, f.Secret("password"), f.V("name")); {
	case err == nil:
		http.Redirect(w, r, "/login?return=/me/sessions", http.StatusSeeOther)
		return
	case errors.Is(err, platform.ErrText):
		f.Wrong("name", "Hãy đặt tên ngắn cho thiết bị.", "Give the device a short name.")
	case errors.Is(err, platform.ErrFactor):
		wrongPassword(f)
	case errors.Is(err, vneid.ErrLevel):
		http.Redirect(w, r, "/login?auth=2&return=/me/settings", http.StatusSeeOther)
		return
	default:
		c.fail(w, r, err)
		return
	}
	c.showSettings(w, r, me, map[string]*form.Form{"device": f})
}

// password changes the password. Every login ends, this one too.
func (c *app) password(w http.ResponseWriter, r *http.Request, me platform.Session) {
	f := form.Read(r)
	switch err := c.p.ChangePassword(r.Context(), me, f.Secret("password"), f.Secret("new")); {
	case err == nil:
		http.Redirect(w, r, "/login?return=/me/settings%3Fdone=password", http.StatusSeeOther)
		return
	case errors.Is(err, platform.ErrPassword):
		f.Wrong("new", "Cần ít nhất 8 ký tự, không quá dài, không phải số định danh, khác mật khẩu hiện tại.", "At least 8 characters, not very many; neither the personal number nor the present password.")
	case errors.Is(err, platform.ErrFactor):
		wrongPassword(f)
	default:
		c.fail(w, r, err)
		return
	}
	c.showSettings(w, r, me, map[string]*form.Form{"password": f})
}
