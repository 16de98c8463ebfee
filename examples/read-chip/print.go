package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/facts"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// write shows the result to a person: the verdict, why, every check, and then what
// the chip says.
func (r *result) write(w io.Writer, o *options) error {
	var b strings.Builder
	say := func(t ui.Text) string { return t.In(o.lang) }
	if r.source.card != nil {
		fmt.Fprintln(&b, ui.Banner)
	}
	fmt.Fprintf(&b, "%s: %s\n", r.source.name, say(r.verdict.Word))
	line := func(vi, en, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %s: %s\n", say(ui.Text{Vi: vi, En: en}), value)
		}
	}
	line("Lý do", "Reason", say(r.verdict.Reason))
	line("Hướng dẫn", "Advice", say(r.verdict.Advice))
	if r.err != nil {
		line("Chi tiết", "Detail", r.err.Error())
	}
	if len(r.checks) > 0 {
		fmt.Fprintf(&b, "  %s:\n", say(ui.Text{Vi: "Đã kiểm tra", En: "Checks"}))
	}
	for _, c := range r.checks {
		b.WriteString(explained(c, o.lang))
	}
	for _, f := range r.facts(o) {
		line(f.Label.Vi, f.Label.En, f.Value)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// explained is one check: how it came out and why, and the question that it answers.
func explained(c chip.Check, lang ui.Lang) string {
	known, status := checks[c.Name], statuses[c.Status]
	title := known.Title.In(lang)
	if title == "" {
		title = c.Name
	}
	out := fmt.Sprintf("    %s %s: %s", status.Mark, title, status.In(lang))
	if c.Reason != "" {
		out += ", " + reasonIn(c.Reason, lang)
	}
	if c.Answer != nil {
		out += fmt.Sprintf(" (%s, %s)", c.Answer.By, facts.Clock(c.Answer.At))
	}
	if question := known.Question.In(lang); question != "" {
		out += "\n        " + question
	}
	return out + "\n"
}

// facts are what the verified chip says. Without -reveal that is who vouches for
// it, and the last digits of the number.
func (r *result) facts(o *options) []facts.Fact {
	if r.doc == nil {
		return nil
	}
	var out []facts.Fact
	add := func(vi, en, value string) {
		out = append(out, facts.Fact{Label: ui.Text{Vi: vi, En: en}, Value: value})
	}
	add("Chứng thư gốc do", "Anchor vouched for by", r.doc.Anchor())
	if signed := r.doc.Signed(); !signed.IsZero() {
		add("Ký lúc (theo bên ký)", "Signed (says the signer)", facts.Clock(signed))
	}
	record := r.doc.Citizen().Reveal()
	if !o.reveal {
		add("Số định danh cá nhân", "Personal number", facts.Masked(record))
		return out
	}
	out = append(out, facts.Person(record, o.lang)...)
	details := r.doc.Details()
	add("Dân tộc", "Ethnicity", details.Ethnicity)
	add("Tôn giáo", "Religion", details.Religion)
	add("Đặc điểm nhận dạng", "Features", details.Features)
	add("Họ tên vợ hoặc chồng", "Spouse", details.Spouse)
	return out
}

// answer is the JSON form. Fields are added, never renamed.
type answer struct {
	Source   string        `json:"source"`
	Test     string        `json:"test,omitempty"`    // the banner, if nothing of it is real
	Status   int           `json:"status"`            // the exit status
	Verdict  string        `json:"verdict"`           // in the chosen language
	Reason   string        `json:"reason"`            //
	Advice   string        `json:"advice,omitempty"`  //
	Kind     string        `json:"kind,omitempty"`    // of the refusal, as vneid.Kind words it
	Check    string        `json:"check,omitempty"`   // that decided, if it was one
	Code     string        `json:"code,omitempty"`    // its reason code
	Detail   string        `json:"detail,omitempty"`  // for the log
	Genuine  bool          `json:"genuine"`           // the chip proved itself
	Anchor   string        `json:"anchor,omitempty"`  // who vouches for the anchor
	Signed   *time.Time    `json:"signed,omitempty"`  //
	Files    []string      `json:"files,omitempty"`   // that were read
	Claimed  *claimed      `json:"claimed,omitempty"` // what the terminal says of the reading
	Checks   []wordedCheck `json:"checks,omitempty"`
	Number   string        `json:"number,omitempty"`   // masked
	Portrait string        `json:"portrait,omitempty"` // its media type, if it was written
	Person   *vneid.Record `json:"person,omitempty"`   // with -reveal
	Details  *chip.Details `json:"details,omitempty"`  // with -reveal
}

type claimed struct {
	At       time.Time         `json:"at"`
	Protocol string            `json:"protocol,omitempty"`
	Unread   map[string]string `json:"unread,omitempty"`
}

// wordedCheck is a check with its words.
type wordedCheck struct {
	chip.Check
	Title    string `json:"title"`
	Question string `json:"question,omitempty"`
}

func (r *result) writeJSON(w io.Writer, o *options) error {
	a := answer{
		Source: r.source.name, Status: r.status,
		Verdict: r.verdict.Word.In(o.lang), Reason: r.verdict.Reason.In(o.lang), Advice: r.verdict.Advice.In(o.lang),
	}
	if r.source.card != nil {
		a.Test = ui.Banner
	}
	if r.err != nil {
		a.Kind, a.Detail = kindOf(r.err), r.err.Error()
		var decided *chip.VerifyError
		if errors.As(r.err, &decided) {
			a.Check, a.Code = decided.Name, decided.Reason
		}
	}
	for _, c := range r.checks {
		known := checks[c.Name]
		a.Checks = append(a.Checks, wordedCheck{c, known.Title.In(o.lang), known.Question.In(o.lang)})
	}
	if d := r.dump; d != nil {
		a.Files = d.Files()
		a.Claimed = &claimed{d.ClaimedTime(), d.ClaimedProtocol(), d.ClaimedUnread()}
	}
	if d := r.doc; d != nil {
		record, signed := d.Citizen().Reveal(), d.Signed()
		a.Genuine, a.Anchor, a.Number = d.Genuine(), d.Anchor(), facts.Masked(record)
		if !signed.IsZero() {
			a.Signed = &signed
		}
		if o.portrait != "" {
			_, a.Portrait = d.Portrait()
		}
		if o.reveal {
			details := d.Details()
			a.Person, a.Details = &record, &details
		}
	}
	return json.NewEncoder(w).Encode(a)
}
