package counter

import (
	"net/http"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/units"
)

// who is the officer and their unit, which stand on every page of the counter.
type who struct {
	platform.Staff
	Unit  units.Unit
	There bool // the unit exists today
}

func (d *desk) who(by platform.Staff) who {
	u, _ := d.Platform.Units().Get(by.Unit)
	return who{by, u, u.ID != "" && u.There(calendar.Day(d.Platform.Now()))}
}

// KindText says what sort of unit it is.
func (w who) KindText() ui.Text { return words.Of(unitWords, w.Unit.Kind) }

type row struct {
	ID, Name string
	Kind     ui.Text
	State    stateWord
	Due      time.Time
	Opened   time.Time
	Late     bool
	Unit     string
}

const atOnce = 100

func (d *desk) rows(list []platform.Case) (out []row) {
	for _, c := range list {
		u, _ := d.Platform.Units().Get(c.Unit)
		name := c.Name
		if c.Organisation != nil {
			name = c.Organisation.Name
		}
		out = append(out, row{c.ID, name, kindWords[c.Kind], stateWords[c.State], c.Due, c.Opened, c.Late(d.Platform.Now()), u.Name})
	}
	return out
}

type homePage struct {
	Who     who
	Form    *form.Form
	Problem *ui.Text
	Kinds   []caseKind
	Rows    []row
	Late    int
	Locks   bool
	Others  []units.Unit // where else the unit's procedures are received, if not here
	Rules   ui.Text
}

// caseKind is a procedure that the unit receives today.
type caseKind struct {
	Kind platform.CaseKind
	Text ui.Text
}

var procedures = []struct {
	kind platform.CaseKind
	what units.Procedure
}{
	{platform.CaseCitizen, units.Level2}, {platform.CaseFirstCard, units.FirstCard},
	{platform.CaseForeigner, units.Foreigner}, {platform.CaseOrganisation, units.Organisation},
}

// home is the queue, and where a case begins.
func (d *desk) home(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	d.drawHome(w, r, by, http.StatusOK, nil, new(form.Form))
}

func (d *desk) drawHome(w http.ResponseWriter, r *http.Request, by platform.Staff, status int, problem *ui.Text, f *form.Form) {
	list, err := d.Platform.Cases(r.Context(), by, false, atOnce)
	if err != nil {
		d.Fail(w, r, err)
		return
	}
	today := calendar.Day(d.Platform.Now())
	page := homePage{Who: d.who(by), Form: f, Problem: problem, Rows: d.rows(list)}
	for _, p := range procedures {
		if d.Platform.Units().May(by.Unit, p.what, today) == nil {
			page.Kinds = append(page.Kinds, caseKind{p.kind, kindWords[p.kind]})
		}
	}
	if len(page.Kinds) == 0 {
		page.Others = d.Platform.Units().Where(units.Level2, today)
	}
	page.Locks = d.Platform.Units().May(by.Unit, units.Lock, today) == nil
	for _, one := range page.Rows {
		if one.Late {
			page.Late++
		}
	}
	if rules, ok := platform.RulesOn(today); ok {
		page.Rules = ui.Text{Vi: rules.Vi, En: rules.En}
	}
	d.Render(w, r, by, status, "home", page)
}

// open begins a case.
func (d *desk) open(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	f := form.Read(r)
	c, err := d.Platform.OpenCase(r.Context(), by, platform.CaseForm{
		Key: f.Key(), Kind: platform.CaseKind(f.V("kind")), Number: f.V("number"),
		OrganisationData: platform.OrganisationData{Code: f.V("code"), Name: f.V("organisation"), Known: f.Is("known", "yes")},
	})
	if err != nil {
		why := refusals.Of(err)
		d.drawHome(w, r, by, why.Status, &why.Text, f)
		return
	}
	http.Redirect(w, r, "/counter/cases/"+url.PathEscape(c.ID), http.StatusSeeOther)
}

// done lists what is decided.
func (d *desk) done(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	list, err := d.Platform.Cases(r.Context(), by, true, atOnce)
	if err != nil {
		d.Fail(w, r, err)
		return
	}
	d.Render(w, r, by, http.StatusOK, "done", struct {
		Who  who
		Rows []row
	}{d.who(by), d.rows(list)})
}
