package console

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// purposesPage lists what people may be asked for, and has the form of one more.
type purposesPage struct {
	page
	Can      bool // the client's profile allows data requests
	Purposes []purposeRow
	Kinds    []tick
	Typed    platform.Purpose
}

type purposeRow struct {
	platform.Purpose
	Words ui.Text
	Kinds []ui.Text
}

func (d *desk) purposes(v *visit) { d.showPurposes(v, http.StatusOK, platform.Purpose{}, nil) }

func (d *desk) showPurposes(v *visit, status int, typed platform.Purpose, bad *problem) {
	p := purposesPage{page: v.page(), Can: v.client.Profile == platform.FAPI2, Typed: typed}
	p.Problem = bad
	for _, u := range v.client.Purposes {
		row := purposeRow{Purpose: u, Words: ui.Text{Vi: u.Vi, En: u.En}}
		for _, kind := range u.Kinds {
			row.Kinds = append(row.Kinds, kindText(kind))
		}
		p.Purposes = append(p.Purposes, row)
	}
	for _, kind := range kinds() {
		p.Kinds = append(p.Kinds, tick{string(kind), kindText(kind), slices.Contains(typed.Kinds, kind)})
	}
	d.Render(v.w, v.r, v.who, status, "purposes", p)
}

// changePurposes adds a purpose, or takes one away: what people agreed to for it ends
// with it, since nobody may ask for it any more.
func (d *desk) changePurposes(v *visit) {
	form := v.r.PostFormValue
	u := platform.Purpose{
		Code: strings.TrimSpace(form("code")), Vi: strings.TrimSpace(form("vi")), En: strings.TrimSpace(form("en")),
		Citation: strings.TrimSpace(form("citation")),
	}
	days, err := strconv.Atoi(form("days"))
	if u.RetentionDays = days; err != nil {
		u.RetentionDays = -1 // which the engine refuses by the field's name
	}
	for _, kind := range v.r.PostForm["kind"] {
		u.Kinds = append(u.Kinds, document.Kind(kind))
	}
	edit := func(c *platform.Client) error {
		c.Purposes = append(slices.Clone(c.Purposes), u)
		return nil
	}
	if gone := form("drop"); gone != "" {
		edit = func(c *platform.Client) error {
			if len(c.Purposes) == 1 {
				return errLast
			}
			c.Purposes = slices.DeleteFunc(slices.Clone(c.Purposes), func(u platform.Purpose) bool { return u.Code == gone })
			return nil
		}
	}
	if err := d.Platform.Amend(v.r.Context(), v.who.ID, v.client.ID, edit); err != nil {
		d.showPurposes(v, http.StatusUnprocessableEntity, u, refused(err))
		return
	}
	d.done(v, "/console/purposes", "saved")
}

var errLast = errors.New("the last purpose stays: events and webhooks belong to clients with purposes")

// kinds are what a relying party may ask for, in a fixed order.
func kinds() (out []document.Kind) {
	for _, list := range asking.Kinds {
		out = append(out, list...)
	}
	slices.Sort(out)
	return out
}

func kindText(kind document.Kind) ui.Text {
	vi, en := kind.Label()
	return ui.Text{Vi: vi, En: en}
}
