package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/facts"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// write shows the result to a person: the verdict first, then why, then what the
// code says.
func (r result) write(w io.Writer, o *options) error {
	var b strings.Builder
	say := func(t ui.Text) string { return t.In(o.lang) }
	fmt.Fprintf(&b, "%s: %s\n", r.source, say(r.verdict.Word))
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %s: %s\n", label, value)
		}
	}
	line(say(ui.Text{Vi: "Lý do", En: "Reason"}), say(r.verdict.Reason))
	line(say(ui.Text{Vi: "Hướng dẫn", En: "Advice"}), say(r.verdict.Advice))
	if r.err != nil {
		line(say(ui.Text{Vi: "Chi tiết", En: "Detail"}), r.err.Error())
	}
	for _, f := range r.facts(o) {
		line(say(f.Label), f.Value)
	}
	for _, warning := range r.warnings {
		vi, en := warning.Text()
		line(say(ui.Text{Vi: "Lưu ý", En: "Note"}), ui.Text{Vi: vi, En: en}.In(o.lang))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// answer is the JSON form. Fields are added, never renamed.
type answer struct {
	Source   string        `json:"source"`
	Status   int           `json:"status"`           // the exit status for this source
	Verdict  string        `json:"verdict"`          // in the chosen language
	Reason   string        `json:"reason"`           //
	Advice   string        `json:"advice,omitempty"` //
	Kind     string        `json:"kind,omitempty"`   // of the refusal, as vneid.Kind words it
	Detail   string        `json:"detail,omitempty"` // for the log
	Code     string        `json:"code,omitempty"`   // dynamic, card, printed
	Number   string        `json:"number,omitempty"` // masked
	Level    vneid.Level   `json:"account_level,omitempty"`
	Issuer   string        `json:"issuer,omitempty"`
	Issued   *time.Time    `json:"issued,omitempty"`
	Expires  *time.Time    `json:"expires,omitempty"`
	Holder   string        `json:"holder,omitempty"` // none, device, card, login
	Checked  *bool         `json:"status_checked,omitempty"`
	Warnings []qr.Warning  `json:"warnings,omitempty"`
	Document document.Kind `json:"document,omitempty"`    // which, of a document's code
	Claims   paper.Paper   `json:"claims,omitempty"`      // with -reveal: what it says
	Paper    bool          `json:"show_paper,omitempty"`  // the paper is asked for
	Online   *bool         `json:"once_online,omitempty"` // of one-time codes: whether the issuer was asked
	Symbol   *symbol       `json:"symbol,omitempty"`
	Person   *vneid.Record `json:"person,omitempty"` // with -reveal
}

type symbol struct {
	Version int       `json:"version"`
	Level   string    `json:"level"`
	Corners [4][2]int `json:"corners"` // x, y: top left, top right, bottom right, bottom left
}

func (r result) writeJSON(w io.Writer, o *options) error {
	a := answer{
		Source: r.source, Status: r.status(), Warnings: r.warnings,
		Verdict: r.verdict.Word.In(o.lang), Reason: r.verdict.Reason.In(o.lang), Advice: r.verdict.Advice.In(o.lang),
	}
	if r.err != nil {
		a.Kind, a.Detail, a.Paper = kindOf(r.err), r.err.Error(), errors.As(r.err, new(*qr.PaperError))
	}
	if s := r.symbol; s != nil {
		a.Symbol = &symbol{Version: s.Version, Level: s.Level.String()}
		for i, p := range s.Corners {
			a.Symbol.Corners[i] = [2]int{p.X, p.Y}
		}
	}
	if c := r.credential; c != nil {
		issued, expires, checked := c.Issued(), c.Expires(), c.Status() != qr.StatusUnchecked
		a.Code, a.Level, a.Issuer, a.Holder = codes[c.Kind()].name, c.Level(), c.Issuer(), holders[c.Holder()].name
		a.Issued, a.Expires, a.Checked, a.Document = &issued, &expires, &checked, c.Document()
		if o.reveal {
			a.Claims = r.paper()
		}
		if online := o.redeem != ""; c.Kind() != qr.Static {
			a.Online = &online
		}
	} else if r.card != nil {
		a.Code = "printed"
	}
	if record, ok := r.record(); ok {
		a.Number = facts.Masked(record)
		if o.reveal {
			a.Person = &record
		}
	}
	return json.NewEncoder(w).Encode(a)
}
