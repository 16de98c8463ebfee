package main

import (
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// answer is the JSON form. Fields are added, never renamed.
type answer struct {
	Test     string    `json:"test,omitempty"` // the banner, if nothing of it is real
	Status   int       `json:"status"`         // the exit status
	Customer string    `json:"customer,omitempty"`
	Made     time.Time `json:"made"`
	Files    []file    `json:"files"`
}

type file struct {
	Name      string           `json:"name"`
	Status    int              `json:"status"`
	Verdict   string           `json:"verdict"`
	Reason    string           `json:"reason"`
	Advice    string           `json:"advice,omitempty"`
	Kind      string           `json:"kind,omitempty"`   // of the refusal, as vneid.Kind words it
	Detail    string           `json:"detail,omitempty"` // for the log
	Verified  *time.Time       `json:"verified,omitempty"`
	Keep      string           `json:"keep,omitempty"`
	Lines     []string         `json:"lines,omitempty"`
	Receipt   *share.Receipt   `json:"receipt,omitempty"`
	Face      *share.FaceMatch `json:"face_match_unsigned,omitempty"` // supplied by the relying party
	Hold      *share.Hold      `json:"hold_unsigned,omitempty"`       // likewise
	Withdrawn *time.Time       `json:"withdrawn_unsigned,omitempty"`  // likewise
	Documents []paperJSON      `json:"documents,omitempty"`
}

type paperJSON struct {
	Kind   document.Kind   `json:"kind"`
	Claims json.RawMessage `json:"claims,omitempty"` // with -reveal
	Holds  map[string]bool `json:"holds,omitempty"`  // likewise
}

func (d *dossier) writeJSON(w io.Writer, o *options) error {
	a := answer{Status: d.status(), Customer: d.subject(), Made: o.now.UTC().Truncate(time.Second)}
	if o.example != "" {
		a.Test = ui.Banner
	}
	for _, e := range d.entries {
		f := file{Name: e.name, Status: e.status(), Verdict: e.verdict.Word.In(o.lang), Reason: e.verdict.Reason.In(o.lang), Advice: e.verdict.Advice.In(o.lang)}
		if e.err != nil {
			f.Kind, f.Detail = kindOf(e.err), e.err.Error()
		} else {
			e.fill(&f, o)
		}
		a.Files = append(a.Files, f)
	}
	return json.NewEncoder(w).Encode(a)
}

func (e *entry) fill(f *file, o *options) {
	at, receipt := e.report.Verified(), e.report.Receipt()
	f.Verified, f.Receipt, f.Keep = &at, &receipt, keepTexts[e.keep].In(o.lang)
	f.Face, f.Hold, f.Withdrawn = e.evidence.Face, e.evidence.Hold, e.evidence.Withdrawn
	vi, en := e.report.Lines()
	if f.Lines = vi; o.lang == ui.En {
		f.Lines = en
	}
	for _, kind := range e.report.Kinds() {
		p := paperJSON{Kind: kind}
		if o.reveal {
			p.Claims, _ = e.report.Claims(kind)
			p.Holds = map[string]bool{}
			for _, q := range granted(e.report.Receipt(), kind) {
				p.Holds[q.String()], _ = e.report.Holds(share.Predicate{Predicate: q})
			}
		}
		f.Documents = append(f.Documents, p)
	}
}

func kindOf(err error) string {
	var kind vneid.Kind
	if errors.As(err, &kind) {
		return kind.Error()
	}
	return ""
}
