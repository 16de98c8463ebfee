package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// widths are the columns' in characters. Every character is one column wide:
// Vietnamese in NFC.
var widths = [4]int{28, 16, 29, 21}

// show prints the table.
func show(out io.Writer, lang ui.Lang, rows []row) {
	say := func(vi, en string) string { return ui.Text{Vi: vi, En: en}.In(lang) }
	fmt.Fprintf(out, "%s\n\n", ui.Banner)
	line(out, [4]string{
		say("Bằng chứng", "Evidence"), say("Kết luận", "Verdict"),
		say("Điều gì chứng minh", "What proves it"), say("Ai, hoặc vì sao", "Who, or why not"),
	})
	for _, r := range rows {
		why := r.Verdict.Reason.In(lang)
		if about := r.About.In(lang); about != "" {
			why = about
		}
		rule(out)
		line(out, [4]string{r.Evidence.In(lang), r.Verdict.Word.In(lang), r.Proof.In(lang), why})
	}
	rule(out)
	fmt.Fprintf(out, "\n%s\n", say(
		"Mọi người ở đây đều hư cấu. Giao thức và định dạng mã là của dự án, không phải của VNeID.",
		"Everybody here is invented. The protocols and the codes' format are the project's, not VNeID's."))
}

func rule(out io.Writer) {
	var b strings.Builder
	for _, n := range widths {
		b.WriteString(strings.Repeat("─", n+2))
	}
	fmt.Fprintln(out, strings.TrimSuffix(b.String(), "──"))
}

// line prints cells that wrap within their columns.
func line(out io.Writer, cells [4]string) {
	var wrapped [4][]string
	height := 0
	for i, cell := range cells {
		wrapped[i] = wrap(cell, widths[i])
		height = max(height, len(wrapped[i]))
	}
	for y := range height {
		var b strings.Builder
		for i, n := range widths {
			part := ""
			if y < len(wrapped[i]) {
				part = wrapped[i][y]
			}
			b.WriteString(part + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(part))+2))
		}
		fmt.Fprintln(out, strings.TrimRight(b.String(), " "))
	}
}

// wrap breaks a text between words.
func wrap(text string, width int) []string {
	var lines []string
	current := ""
	for _, word := range strings.Fields(text) {
		if current != "" && utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) > width {
			lines, current = append(lines, current), ""
		}
		current = strings.TrimSpace(current + " " + word)
	}
	return append(lines, current)
}
