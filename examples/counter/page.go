package main

import (
	"embed"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/personas"
)

//go:embed templates/*.html
var templates embed.FS

// page is the clerk's page. A real one shows it to clerks who logged in.
type page struct {
	pages *ui.Set
	one   chan struct{} // a visit at a time: each starts a platform
}

func newPage(origin string) (http.Handler, error) {
	pages, err := ui.Parse(templates, "templates", ui.Site{
		Name: ui.Text{Vi: "Quầy mẫu", En: "Sample counter"}, Class: "portal",
		Foot: ui.Text{
			Vi: "Mọi người ở đây đều hư cấu. Giao thức và định dạng là của dự án, không phải của VNeID.",
			En: "Everybody here is invented. Protocols and formats are the project's, not VNeID's.",
		},
	})
	if err != nil {
		return nil, err
	}
	p := &page{pages: pages, one: make(chan struct{}, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/", ui.Assets)
	mux.HandleFunc("GET /{$}", p.show)
	return ui.At(origin, ui.Secure(1<<10, mux)), nil
}

// guest is somebody who can come.
type guest struct{ Handle, Name string }

func guests() (out []guest) {
	for _, who := range personas.All() {
		if (&visit{Person: who.Handle}).possible() {
			out = append(out, guest{who.Handle, who.Record.Name})
		}
	}
	return out
}

// show compares what the person of the form brings. It changes nothing that lasts, so a
// plain form will do.
func (p *page) show(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	v := visit{
		Person: q.Get("person"), Card: q.Get("card"),
		Reissued: q.Has("reissued"), Clone: q.Has("clone"), Used: q.Has("used"), Decline: q.Has("decline"),
	}
	data := struct {
		Visit  visit
		Guests []guest
		Result *comparison
		Failed bool
	}{v, guests(), nil, false}
	switch {
	case v.Person == "": // the form alone
	case !v.possible():
		data.Failed = true
	default:
		select {
		case p.one <- struct{}{}:
			defer func() { <-p.one }()
		case <-r.Context().Done():
			return
		}
		found, err := v.collect(r.Context())
		if err != nil {
			data.Failed = true
			break
		}
		data.Result = compare(found)
	}
	status := http.StatusOK
	if data.Failed {
		status = http.StatusBadRequest
	}
	p.pages.Render(w, r, status, "counter", data)
}
