package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/facts"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// write prints the dossier.
func (d *dossier) write(w io.Writer, o *options) error {
	say := func(vi, en string) string { return ui.Text{Vi: vi, En: en}.In(o.lang) }
	var b strings.Builder
	if o.example != "" {
		fmt.Fprintln(&b, ui.Banner)
	}
	fmt.Fprintf(&b, "%s\n", say("HỒ SƠ CHỨNG CỨ CỦA KHÁCH HÀNG", "A CUSTOMER'S DOSSIER"))
	fmt.Fprintf(&b, "%s: %s\n%s: %s\n%s: %d\n", say("Khách hàng (mã riêng tại đơn vị này)", "Customer (this party's name for them)"), d.subject(),
		say("Lập lúc", "Made"), facts.Clock(o.now), say("Số tệp", "Files"), len(d.entries))
	for i, e := range d.entries {
		fmt.Fprintf(&b, "\n%d. %s\n   %s: %s\n", i+1, e.name, e.verdict.Word.In(o.lang), e.verdict.Reason.In(o.lang))
		if advice := e.verdict.Advice.In(o.lang); e.err != nil && advice != "" {
			fmt.Fprintf(&b, "   %s\n", advice)
		}
		if e.err != nil {
			continue
		}
		fmt.Fprintf(&b, "   → %s\n", keepTexts[e.keep].In(o.lang))
		vi, en := e.report.Lines()
		for _, l := range map[ui.Lang][]string{ui.Vi: vi, ui.En: en}[o.lang] {
			fmt.Fprintf(&b, "   - %s\n", l)
		}
		for _, kind := range e.report.Kinds() {
			b.WriteString(e.paper(kind, o))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", say("Định dạng của dự án, không phải của VNeID.", "A project format, not VNeID's."))
	_, err := io.WriteString(w, b.String())
	return err
}

// paper lists a document's claims, with what they say only for those who asked to see it.
func (e *entry) paper(kind document.Kind, o *options) string {
	raw, _ := e.report.Claims(kind)
	var all map[string]json.RawMessage
	_ = json.Unmarshal(raw, &all) // what was verified is an object
	vi, en := kind.Label()
	var b strings.Builder
	fmt.Fprintf(&b, "   %s\n", ui.Text{Vi: vi, En: en}.In(o.lang))
	for _, name := range paper.Claims(kind) {
		value, ok := all[name]
		if !ok {
			continue
		}
		vi, en := paper.Label(name)
		line := ui.Text{Vi: vi, En: en}.In(o.lang)
		if o.reveal {
			line += ": " + plain(value)
		}
		fmt.Fprintf(&b, "     %s\n", line)
	}
	for _, q := range granted(e.report.Receipt(), kind) {
		line := question(q, o.lang)
		if yes, _ := e.report.Holds(share.Predicate{Predicate: q}); o.reveal {
			line += ": " + answers[yes].In(o.lang)
		}
		fmt.Fprintf(&b, "     %s\n", line)
	}
	return b.String()
}

// answers are the words of Holds.
var answers = map[bool]ui.Text{true: {Vi: "có", En: "yes"}, false: {Vi: "không, hoặc chưa thể khẳng định", En: "no, or not for certain"}}

// granted lists the questions that were agreed to.
func granted(r share.Receipt, kind document.Kind) (out []document.Predicate) {
	for _, part := range r.Granted {
		for _, name := range part.Claims {
			if q, ok := document.ParsePredicate(name); ok && part.Kind == kind {
				out = append(out, q)
			}
		}
	}
	return out
}

func question(q document.Predicate, lang ui.Lang) string {
	if q.Years() > 0 {
		return ui.Text{Vi: fmt.Sprintf("Câu hỏi có/không: đã đủ %d tuổi", q.Years()), En: fmt.Sprintf("Yes or no: %d years or older", q.Years())}.In(lang)
	}
	return ui.Text{Vi: "Câu hỏi có/không: được lái xe hạng " + string(q.Class()), En: "Yes or no: may drive class " + string(q.Class())}.In(lang)
}

// plain shows a claim: a text, a date as documents print it, a place as worded, and
// anything else as JSON.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		if d, err := vneid.ParseDate(text, "yyyy-MM-dd"); err == nil {
			return d.Printed()
		}
		return text
	}
	var place vneid.Address
	if json.Unmarshal(value, &place) == nil && place.Text != "" {
		return place.Text
	}
	return string(value)
}
