package console

import (
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// eventsPage lists what the platform tells the client.
type eventsPage struct {
	page
	Waiting, Aside []platform.Event
	Pending        []pendingRow
	Told           []callRow
	Listens        bool // the client has an address for events
}

type pendingRow struct {
	platform.Pending
	What ui.Text
}

func (d *desk) events(v *visit) {
	ctx, id := v.r.Context(), v.client.ID
	list, err := d.Platform.Events(ctx, id)
	if err != nil {
		d.Fail(v.w, v.r, err)
		return
	}
	pending, err := d.Platform.Pending(ctx, id)
	if err != nil {
		d.Fail(v.w, v.r, err)
		return
	}
	p := eventsPage{page: v.page(), Listens: v.client.EventsURI != ""}
	for _, e := range list {
		if e.Aside.IsZero() {
			p.Waiting = append(p.Waiting, e)
		} else {
			p.Aside = append(p.Aside, e)
		}
	}
	for _, n := range pending {
		p.Pending = append(p.Pending, pendingRow{n, pendingWords[n.Kind]})
	}
	for _, c := range d.Platform.Calls(id) {
		if c.Out && c.Method == http.MethodPost {
			p.Told = append(p.Told, rowOf(c))
		}
	}
	d.Render(v.w, v.r, v.who, http.StatusOK, "events", p)
}

var pendingWords = map[string]ui.Text{
	"logout": {Vi: "Báo kết thúc phiên đăng nhập", En: "That a session ended"},
	"ping":   {Vi: "Báo đã có kết quả (ping)", En: "That there is an answer (ping)"},
	"events": {Vi: "Sự kiện, hoặc tín hiệu hoạt động", En: "Events, or a sign of life"},
}

// sendAgain puts back what the client refused: one event, or all of them.
func (d *desk) sendAgain(v *visit) {
	id := v.r.PostFormValue("event")
	if id == "all" {
		id = ""
	} else if id == "" {
		d.done(v, "/console/events", "nothing")
		return
	}
	n, err := d.Platform.SendAgain(v.r.Context(), v.client.ID, id)
	switch {
	case err != nil:
		d.Fail(v.w, v.r, err)
	case n == 0:
		d.done(v, "/console/events", "nothing")
	default:
		d.done(v, "/console/events", "again")
	}
}
