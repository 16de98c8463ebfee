package counter

import (
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/registers"
)

// What waits for a decision about level 1, for the agency: who is due first before the
// others, what is late apart, and which register keeps it waiting.

type applicationsPage struct {
	Who  who
	Rows []applicationRow
	Late int
	Off  []ui.Text // the registers that do not answer
}

type applicationRow struct {
	Name          string
	Received, Due time.Time
	Late          bool
	Tries         int
	Rules         string
}

func (d *desk) applications(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	list, err := d.Platform.Applications(r.Context(), atOnce)
	if err != nil {
		d.Fail(w, r, err)
		return
	}
	page := applicationsPage{Who: d.who(by)}
	for _, a := range list {
		late := a.Late(d.Platform.Now())
		if late {
			page.Late++
		}
		page.Rows = append(page.Rows, applicationRow{a.Name, a.Received, a.Due, late, a.Tries, a.Rules})
	}
	for _, one := range registers.All() {
		if d.Platform.Registers().Off(one) {
			vi, en := one.Label()
			page.Off = append(page.Off, ui.Text{Vi: vi, En: en})
		}
	}
	d.Render(w, r, by, http.StatusOK, "applications", page)
}

// decideNow decides what can be decided, as the platform does by itself every now and
// then.
func (d *desk) decideNow(w http.ResponseWriter, r *http.Request, _ platform.Staff) {
	if _, err := d.Platform.DecideApplications(r.Context()); err != nil {
		d.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/counter/applications", http.StatusSeeOther)
}
