package console

import (
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// keysPage lists the client's keys and the platform's, by fingerprint.
type keysPage struct {
	page
	Keys    []platform.ClientKey
	Secret  bool   // the client authenticates by a secret
	Hook    bool   // and may have one for pings
	Shown   string // a new secret: this page alone ever shows it
	ShownOf ui.Text
	Typed   string
}

var errEmpty = errors.New("the field is empty")

func (d *desk) keys(v *visit) { d.showKeys(v, http.StatusOK, keysPage{page: v.page()}) }

func (d *desk) showKeys(v *visit, status int, p keysPage) {
	keys, err := v.client.KeyList()
	if err != nil {
		d.Fail(v.w, v.r, err)
		return
	}
	p.Keys = keys
	p.Secret = !v.client.Public
	for _, k := range keys {
		p.Secret = p.Secret && k.Use == "enc"
	}
	p.Hook = len(v.client.Purposes) > 0
	d.Render(v.w, v.r, v.who, status, "keys", p)
}

// changeKeys adds keys (a rotation's first step), drops one (its second), or makes a
// secret.
func (d *desk) changeKeys(v *visit) {
	ctx, id, who := v.r.Context(), v.client.ID, v.who.ID
	var err error
	switch v.r.PostFormValue("do") {
	case "add":
		set := v.r.PostFormValue("jwks")
		if set == "" {
			err = errEmpty
			break
		}
		if err = d.Platform.Amend(ctx, who, id, func(c *platform.Client) error { return c.AddKeys([]byte(set)) }); err == nil {
			d.done(v, "/console/keys", "keys")
			return
		}
	case "drop":
		print := v.r.PostFormValue("key")
		if err = d.Platform.Amend(ctx, who, id, func(c *platform.Client) error { return c.DropKey(print) }); err == nil {
			d.done(v, "/console/keys", "dropped")
			return
		}
	case "secret":
		var secret string
		if secret, err = d.Platform.NewSecret(ctx, who, id); err == nil {
			d.showKeys(v, http.StatusOK, keysPage{page: v.page(), Shown: secret, ShownOf: ui.Text{Vi: "Mật khẩu ứng dụng mới", En: "The new client secret"}})
			return
		}
	case "webhook":
		var secret string
		if secret, err = d.Platform.NewWebhookSecret(ctx, who, id); err == nil {
			d.showKeys(v, http.StatusOK, keysPage{page: v.page(), Shown: secret, ShownOf: ui.Text{Vi: "Khóa ký webhook mới", En: "The new webhook secret"}})
			return
		}
	default:
		err = errEmpty
	}
	p := keysPage{page: v.page(), Typed: v.r.PostFormValue("jwks")}
	p.Problem = refused(err)
	d.showKeys(v, http.StatusUnprocessableEntity, p)
}
