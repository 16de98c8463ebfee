package lab

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/registers"
)

// weatherPage lists the places that can be slow or out.
type weatherPage struct {
	page
	Registers []placeRow
	Endpoints []placeRow
	Place     string // chosen in the form
}

// placeRow is a place and its weather.
type placeRow struct {
	Place string
	Label ui.Text
	Ms    int64
	Down  bool
}

func (l *room) places() (out []placeRow) {
	at := l.p.Weathers()
	for _, place := range l.p.Places() {
		row := placeRow{Place: place, Label: ui.Text{Vi: place, En: place}, Ms: at[place].Delay.Milliseconds(), Down: at[place].Down}
		if name, ok := strings.CutPrefix(place, "register "); ok {
			row.Label.Vi, row.Label.En = registers.Register(name).Label()
		}
		out = append(out, row)
	}
	return out
}

func (l *room) badWeather() (out []placeRow) {
	for _, row := range l.places() {
		if row.Ms > 0 || row.Down {
			out = append(out, row)
		}
	}
	return out
}

func (l *room) weather(w http.ResponseWriter, r *http.Request) {
	l.showWeather(w, r, http.StatusOK, "", nil)
}

func (l *room) showWeather(w http.ResponseWriter, r *http.Request, status int, place string, bad *ui.Text) {
	p := weatherPage{page: pageOf(r), Place: place}
	p.Problem = bad
	for _, row := range l.places() {
		if strings.HasPrefix(row.Place, "register ") {
			p.Registers = append(p.Registers, row)
		} else {
			p.Endpoints = append(p.Endpoints, row)
		}
	}
	l.pages.Render(w, r, status, "weather", p)
}

// makeWeather sets one place.
func (l *room) makeWeather(w http.ResponseWriter, r *http.Request) {
	place := r.PostFormValue("place")
	ms, err := strconv.ParseInt("0"+strings.TrimSpace(r.PostFormValue("delay")), 10, 32)
	if err == nil {
		err = l.p.SetWeather(place, platform.Weather{Delay: time.Duration(ms) * time.Millisecond, Down: r.PostFormValue("down") != ""})
	} else {
		err = errForm
	}
	if err != nil {
		l.showWeather(w, r, http.StatusUnprocessableEntity, place, problem(err))
		return
	}
	form.Lead(w, r, "/lab/weather", "sky")
}
