package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// write prints the verdict, then what each piece proves, then fact by fact how they
// compare. Without reveal no values are shown.
func (c *comparison) write(w io.Writer, lang ui.Lang, reveal bool) error {
	say := func(vi, en string) string { return ui.Text{Vi: vi, En: en}.In(lang) }
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s: %s\n  %s\n", ui.Banner, c.Verdict.Word.In(lang), c.Verdict.Reason.In(lang), c.Verdict.Advice.In(lang))
	fmt.Fprintf(&b, "\n%s\n", say("TỪNG BẰNG CHỨNG", "EACH PIECE OF EVIDENCE"))
	for i, p := range c.Pieces {
		fmt.Fprintf(&b, "%d. %s: %s (%s)\n", i+1, p.Name.In(lang), p.Verdict.Word.In(lang), p.Verdict.Reason.In(lang))
		for _, l := range []struct{ label, text string }{
			{say("chứng minh", "proves"), p.Proves.In(lang)},
			{say("KHÔNG chứng minh", "does NOT prove"), p.Not.In(lang)},
			{say("việc cần làm", "what to do"), adviceOf(p).In(lang)},
		} {
			if l.text != "" {
				fmt.Fprintf(&b, "   %s: %s\n", l.label, l.text)
			}
		}
	}
	fmt.Fprintf(&b, "\n%s\n", say("SO SÁNH", "COMPARED"))
	for _, r := range c.Rows {
		fmt.Fprintf(&b, "%s\n", r.Label.In(lang))
		for i, one := range r.Cells {
			if one.How == absent {
				continue
			}
			line := "   " + pad(c.Pieces[i].Name.In(lang), 34) + one.How.Text().In(lang)
			if reveal {
				line += ": " + one.Value.In(lang)
			}
			b.WriteString(line + "\n")
		}
	}
	fmt.Fprintf(&b, "\n%s\n", say("Mọi người ở đây đều hư cấu. Giao thức và định dạng là của dự án, không phải của VNeID.",
		"Everybody here is invented. Protocols and formats are the project's, not VNeID's."))
	_, err := io.WriteString(w, b.String())
	return err
}

// adviceOf is what to do about evidence that did not pass.
func adviceOf(p piece) ui.Text {
	if p.verified {
		return ui.Text{}
	}
	return p.Verdict.Advice
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(1, width-utf8.RuneCountInString(s)))
}
