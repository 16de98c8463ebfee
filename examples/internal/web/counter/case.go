package counter

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// casePage is one case with the forms of its steps.
type casePage struct {
	platform.Case
	Who       who
	Form      *form.Form
	Step      string // the step whose form has a problem
	Problem   *ui.Text
	Kind      ui.Text
	State     stateWord
	IsLate    bool
	Steps     []caseStep
	Next      string // the step to do next; empty: none
	Agreement platform.AgreementText
	Read      *shownReading
	Cards     []cardChoice
	Verdict   *verdictView
	Found     []foundView
	Handed    []paperView
	Kinds     []kindChoice
	Reasons   []reasonChoice
	Outcomes  []outcomeChoice
	Past      []pastStep
	Refusal   *ui.Text
	May       bool // the officer may change it: the agency only looks
	First     bool // with a first card
	UnitName  string
}

// Is reports whether a step is done.
func (c casePage) Is(step string) bool {
	return slices.ContainsFunc(c.Steps, func(s caseStep) bool { return s.ID == step && s.Done && (step != "papers" || len(c.Papers) > 0) })
}

// Opens reports whether the form of a step is shown at once: the one to do next, the one
// with a problem, and that of papers until there is one, which is so easily forgotten.
func (c casePage) Opens(step string) bool {
	return c.Next == step || c.Step == step || step == "paper" && len(c.Papers) == 0
}

// Outcome words an outcome.
func (c casePage) Outcome(o platform.Outcome) ui.Text { return words.Of(outcomeWords, o) }

// Chosen reports whether an outcome was chosen before.
func (c casePage) Chosen(which string, o platform.Outcome) bool {
	if c.Step == "compared" {
		return c.Form.Is(which, string(o))
	}
	return c.Compared != nil && (which == "face" && c.Compared.Face == o || which == "finger" && c.Compared.Finger == o)
}

type caseStep struct {
	ID   string
	Text ui.Text
	Done bool
}

type verdictView struct {
	Passed bool
	Word   ui.Text
	Class  string
	Reason ui.Text
	Advice ui.Text
	Checks []checkView
}

type checkView struct {
	Title, Question, Reason ui.Text
	Status                  verdict.Outcome
	Class                   string
}

type foundView struct {
	Name   ui.Text
	Result stateWord
	Fields []ui.Text
	At     time.Time
}

type paperView struct {
	platform.CasePaper
	Label    ui.Text
	Held     stateWord
	Can      bool
	Accepted bool
}

type kindChoice struct {
	Kind document.Kind
	Text ui.Text
}

type reasonChoice struct {
	Value platform.RegReason
	Text  ui.Text
}

type outcomeChoice struct {
	Value platform.Outcome
	Text  ui.Text
}

type pastStep struct {
	At   time.Time
	By   string
	What ui.Text
}

// showCase is the page of a case.
func (d *desk) showCase(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	d.drawCase(w, r, by, http.StatusOK, "", nil, new(form.Form))
}

// drawCase draws it, perhaps with what went wrong in one of its forms.
func (d *desk) drawCase(w http.ResponseWriter, r *http.Request, by platform.Staff, status int, step string, problem *ui.Text, f *form.Form) {
	c, err := d.Platform.Case(r.Context(), by, r.PathValue("id"))
	if err != nil {
		d.Fail(w, r, err)
		return
	}
	page := casePage{
		Case: c, Who: d.who(by), Form: f, Step: step, Problem: problem, Kind: kindWords[c.Kind], State: stateWords[c.State], IsLate: c.Late(d.Platform.Now()),
		Agreement: platform.AgreementOn(calendar.Day(d.Platform.Now())), Cards: cardChoices, Read: d.shown(c.ID), Found: findings(c), Past: past(c),
		May: by.Role == platform.RoleOfficer, First: c.Kind == platform.CaseFirstCard,
	}
	page.Steps, page.Next = steps(c)
	if u, ok := d.Platform.Units().Get(c.Unit); ok {
		page.UnitName = u.Name
	}
	if c.Chip != nil {
		page.Verdict = chipVerdict(c.Chip)
	}
	for _, p := range c.Papers {
		vi, en := p.Kind.Label()
		page.Handed = append(page.Handed, paperView{p, ui.Text{Vi: vi, En: en}, heldWords[p.Held], p.Held == platform.PaperHeld, p.Decision == servicewire.Verified})
	}
	for _, k := range platform.Integrable() {
		vi, en := k.Label()
		page.Kinds = append(page.Kinds, kindChoice{k, ui.Text{Vi: vi, En: en}})
	}
	for _, v := range []platform.RegReason{platform.ReasonPapers, "mismatch", "not-found", "dead", "card-revoked", "card-expired", platform.ReasonRepresentative, platform.ReasonLocked, platform.ReasonOther} {
		page.Reasons = append(page.Reasons, reasonChoice{v, reasonWords[v]})
	}
	for _, o := range []platform.Outcome{platform.OutcomeMatch, platform.OutcomeNoMatch, platform.OutcomeTaken, platform.OutcomeMissing} {
		if o != platform.OutcomeTaken || page.First {
			page.Outcomes = append(page.Outcomes, outcomeChoice{o, outcomeWords[o]})
		}
	}
	if c.State == platform.RegRefused {
		t := words.Of(reasonWords, c.Reason)
		page.Refusal = &t
	}
	d.Render(w, r, by, status, "case", page)
}

// steps are the steps of a case in their order, and the first that is missing.
func steps(c platform.Case) (out []caseStep, next string) {
	missing := map[string]bool{}
	for _, m := range c.Missing() {
		missing[m] = true
	}
	add := func(is bool, id string, done bool) {
		if !is {
			return
		}
		if out = append(out, caseStep{id, missingWords[id], done}); !done && next == "" && c.State == platform.RegOpen {
			next = id
		}
	}
	person := c.Kind != platform.CaseOrganisation
	add(c.ByOther, "representative", !missing["representative"])
	add(true, "contact", !missing["contact"])
	add(c.Kind == platform.CaseCitizen && !c.Linked, "chip", !missing["chip"])
	add(person, "papers", !missing["papers"])
	add(person && !c.Linked, "compared", !missing["compared"])
	add(true, "agreed", !missing["agreed"])
	if next == "" && c.State == platform.RegOpen {
		next = "submit"
	}
	return out, next
}

func past(c platform.Case) (out []pastStep) {
	for _, s := range c.Steps {
		out = append(out, pastStep{s.At, s.Officer, words.Of(stepWords, s.Step)})
	}
	return out
}

func findings(c platform.Case) (out []foundView) {
	for _, f := range c.Findings {
		vi, en := f.Register.Label()
		v := foundView{Name: ui.Text{Vi: vi, En: en}, Result: resultWords[f.Result], At: f.At}
		for _, name := range f.Fields {
			v.Fields = append(v.Fields, fieldWords[name])
		}
		out = append(out, v)
	}
	return out
}

// do changes a case as a form says, and leads back to it.
func (d *desk) do(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	f, step := form.Read(r), r.PathValue("step")
	rev, err := strconv.Atoi(f.V("rev"))
	ref := platform.CaseRef{ID: r.PathValue("id"), Rev: rev, Key: f.Key()}
	act := d.acts()[step]
	if act == nil {
		http.NotFound(w, r)
		return
	}
	if err == nil {
		err = act(r, by, ref, f)
	} else {
		err = platform.ErrForm
	}
	switch {
	case err == nil:
		http.Redirect(w, r, "/counter/cases/"+url.PathEscape(ref.ID)+"#next", http.StatusSeeOther)
	case errors.Is(err, platform.ErrNoCase), errors.Is(err, platform.ErrNotAllowed):
		d.Fail(w, r, err)
	default:
		why := refusals.Of(err)
		f.Renew()
		d.drawCase(w, r, by, why.Status, step, &why.Text, f)
	}
}

// act is what a form does.
type act func(*http.Request, platform.Staff, platform.CaseRef, *form.Form) error

// acts are the forms by their steps.
func (d *desk) acts() map[string]act {
	plain := func(f func(*http.Request, platform.Staff, platform.CaseRef) error) act {
		return func(r *http.Request, by platform.Staff, ref platform.CaseRef, _ *form.Form) error {
			return f(r, by, ref)
		}
	}
	return map[string]act{
		"representative": func(r *http.Request, by platform.Staff, ref platform.CaseRef, f *form.Form) error {
			return d.Platform.CaseRepresentative(r.Context(), by, ref, f.V("number"))
		},
		"contact": func(r *http.Request, by platform.Staff, ref platform.CaseRef, f *form.Form) error {
			return d.Platform.CaseContact(r.Context(), by, ref, f.V("phone"), f.V("email"))
		},
		"chip": func(r *http.Request, by platform.Staff, ref platform.CaseRef, f *form.Form) error {
			return d.read(r.Context(), by, ref, f.V("card"))
		},
		"paper": func(r *http.Request, by platform.Staff, ref platform.CaseRef, f *form.Form) error {
			return d.Platform.CasePaperAdd(r.Context(), by, ref, document.Kind(f.V("kind")), f.V("number"))
		},
		"papers": func(r *http.Request, by platform.Staff, ref platform.CaseRef, f *form.Form) error {
			return d.Platform.CasePaperDecide(r.Context(), by, ref, document.Kind(f.V("kind")), f.Is("decision", "accept"), f.V("reason"))
		},
		"compared": func(r *http.Request, by platform.Staff, ref platform.CaseRef, f *form.Form) error {
			return d.Platform.CaseCompared(r.Context(), by, ref, platform.Outcome(f.V("face")), platform.Outcome(f.V("finger")))
		},
		"agreed": func(r *http.Request, by platform.Staff, ref platform.CaseRef, f *form.Form) error {
			return d.Platform.CaseAgreed(r.Context(), by, ref, f.V("version"), f.Is("agree", "yes"))
		},
		"refuse": func(r *http.Request, by platform.Staff, ref platform.CaseRef, f *form.Form) error {
			return d.Platform.RefuseCase(r.Context(), by, ref, platform.RegReason(f.V("reason")), f.V("note"))
		},
		"grant": func(r *http.Request, by platform.Staff, ref platform.CaseRef, _ *form.Form) error {
			return d.grant(r, by, ref)
		},
		"submit": plain(func(r *http.Request, by platform.Staff, ref platform.CaseRef) error {
			return d.Platform.SubmitCase(r.Context(), by, ref)
		}),
		"match": plain(func(r *http.Request, by platform.Staff, ref platform.CaseRef) error {
			return d.Platform.MatchCase(r.Context(), by, ref)
		}),
		"verified": plain(func(r *http.Request, by platform.Staff, ref platform.CaseRef) error {
			return d.Platform.CaseVerified(r.Context(), by, ref)
		}),
		"reopen": plain(func(r *http.Request, by platform.Staff, ref platform.CaseRef) error {
			return d.Platform.ReopenCase(r.Context(), by, ref)
		}),
		"withdraw": plain(func(r *http.Request, by platform.Staff, ref platform.CaseRef) error {
			return d.Platform.WithdrawCase(r.Context(), by, ref)
		}),
	}
}

// grant grants; where the registers say otherwise by now, the case shows what they say.
func (d *desk) grant(r *http.Request, by platform.Staff, ref platform.CaseRef) error {
	err := d.Platform.GrantCase(r.Context(), by, ref)
	if errors.Is(err, platform.ErrNoMatch) || errors.Is(err, platform.ErrRegister) {
		return errors.Join(err, d.Platform.MatchCase(r.Context(), by, ref))
	}
	return err
}

// chipVerdict words a reading: the verdict, and every check in the order of the package.
func chipVerdict(g *platform.ChipReading) *verdictView {
	v := &verdictView{Passed: g.Passed && g.Own}
	switch {
	case g.Passed && !g.Own:
		v.Class, v.Word = "bad", ui.Text{Vi: "Không hợp lệ", En: "Not valid"}
		v.Reason = ui.Text{Vi: "Thẻ này của người khác: số trong chip không phải số của hồ sơ", En: "This is somebody else's card: its number is not that of the case"}
		v.Advice = ui.Text{Vi: "Đề nghị công dân đưa thẻ của mình. Không thông tin nào của thẻ này được lưu.", En: "Ask for the citizen's own card. Nothing of this one is kept."}
	case g.Passed:
		v.Class, v.Word = "ok", ui.Text{Vi: "Đã xác minh", En: "Verified"}
		v.Reason = ui.Text{Vi: "Chữ ký số hợp lệ, chip thật, đúng số của hồ sơ", En: "The signature is valid, the chip genuine, the number that of the case"}
	default:
		v.Class, v.Word = "warn", ui.Text{Vi: "Chưa xác minh được", En: "Could not be verified"}
		v.Reason = words.Of(verdict.ChipReasons(), g.Reason)
		v.Advice = ui.Text{Vi: "Lau sạch thẻ, đọc lại. Nếu vẫn vậy, hướng dẫn công dân làm thủ tục đổi thẻ.", En: "Clean the card and read it again. If it stays so, have the card renewed."}
	}
	for _, c := range g.Checks {
		known := verdict.ChipChecks()[c.Name]
		view := checkView{Title: known.Title, Question: known.Question, Status: verdict.ChipStatuses()[c.Status], Class: map[string]string{"passed": "ok", "failed": "bad"}[string(c.Status)]}
		if c.Reason != "" {
			view.Reason = words.Of(verdict.ChipReasons(), c.Reason)
		}
		v.Checks = append(v.Checks, view)
	}
	return v
}
