package console

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// callsPage lists the client's last calls.
type callsPage struct {
	page
	Calls     []callRow
	Faults    []string
	Everybody []string
}

type callRow struct {
	platform.Call
	Class string // of the badge with the status
	Ms    string
	What  string // names of parameters and headers
}

func (d *desk) calls(v *visit) {
	p := callsPage{page: v.page(), Faults: d.Platform.Broken(v.client.ID), Everybody: d.Platform.Broken("")}
	for _, c := range d.Platform.Calls(v.client.ID) {
		p.Calls = append(p.Calls, rowOf(c))
	}
	d.Render(v.w, v.r, v.who, http.StatusOK, "calls", p)
}

func rowOf(c platform.Call) callRow {
	row := callRow{Call: c, Class: "ok", Ms: milliseconds(c.Took), What: strings.Join(append(append([]string{}, c.Headers...), c.Params...), " ")}
	switch {
	case c.Status == 0 || c.Status >= 500:
		row.Class = "bad"
	case c.Status >= 400 || c.Error != "":
		row.Class = "warn"
	}
	return row
}

func milliseconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64)
}

func (d *desk) forget(v *visit) {
	d.Platform.ForgetCalls(v.client.ID)
	d.done(v, "/console/calls", "forgot")
}

// har hands the list out in the form that browsers' tools and others read.
func (d *desk) har(v *visit) {
	body, err := json.MarshalIndent(HAR(d.Platform.Issuer(), d.Platform.Calls(v.client.ID)), "", " ")
	if err != nil {
		d.Fail(v.w, v.r, err)
		return
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", `attachment; filename="calls.har"`)
	_, _ = v.w.Write(body)
}
