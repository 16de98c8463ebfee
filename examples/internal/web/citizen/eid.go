package citizen

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/units"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/services"
)

func (c *app) today() vneid.Date { return calendar.Day(c.p.Now()) }

var numberWords = map[platform.NumberSort]ui.Text{
	platform.NumberCurrent:   {Vi: "Số định danh cá nhân", En: "Personal identification number"},
	platform.NumberCancelled: {Vi: "Số định danh đã hủy", En: "Cancelled number"},
	platform.NumberCMND:      {Vi: "Số CMND cũ", En: "Number of the old card"},
	platform.NumberForeigner: {Vi: "Số định danh của người nước ngoài", En: "Foreigner's number"},
}

type number struct {
	Label ui.Text
	platform.HeldNumber
}

// eid shows the whole card, and the numbers and cards of before.
func (c *app) eid(w http.ResponseWriter, r *http.Request, me platform.Session) {
	name := ui.Text(platform.TemplateAt(c.p.Now()).Title)
	shown, err := c.card(r.Context(), me.Account)
	if errors.Is(err, vneid.ErrLocked) || errors.Is(err, vneid.ErrLevel) {
		c.hidden(w, r, me, name)
		return
	}
	papers, err2 := c.p.Papers(r.Context(), me.Account.ID)
	if err := errors.Join(err, err2); err != nil {
		c.fail(w, r, err)
		return
	}
	shown.Whole = true
	page := struct {
		Card    *card
		Numbers []number
		Cards   []paper.Card
	}{Card: shown}
	for _, n := range me.Account.Numbers() {
		page.Numbers = append(page.Numbers, number{numberWords[n.Sort], n})
	}
	for _, p := range papers {
		if p.Kind != document.CitizenCard {
			continue
		}
		var held paper.CitizenCard
		if json.Unmarshal(p.Claims, &held) == nil {
			page.Cards = held.History
		}
	}
	c.show(w, r, "eid", page)
}

// benefit is something that an account level has.
type benefit struct {
	Text  ui.Text
	Level int
	Mine  bool
}

// level2 says what account level 2 gives, and where one gets it.
func (c *app) level2(w http.ResponseWriter, r *http.Request, me platform.Session) {
	editions := services.Editions()
	newest := editions[len(editions)-1]
	page := struct {
		Level, Count1, Count2 int
		Benefits              []benefit
		Where                 ui.Text
		Units                 []string
		Foreigner             bool
	}{Level: int(me.Account.Level), Count1: newest.Count(1), Count2: newest.Count(2), Where: c.places(), Foreigner: me.Account.Record.ID == ""}
	for _, b := range newest.Benefits {
		page.Benefits = append(page.Benefits, benefit{ui.Text{Vi: b.Vi, En: b.En}, int(b.Level), b.Level <= me.Account.Usable()})
	}
	procedure := units.Level2
	if page.Foreigner {
		procedure = units.Foreigner
	}
	for _, u := range c.p.Units().Where(procedure, c.today()) {
		page.Units = append(page.Units, u.Name)
	}
	c.show(w, r, "level2", page)
}
