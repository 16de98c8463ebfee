package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// terminal talks with the clerk: questions and progress, apart from the result.
type terminal struct {
	in    *bufio.Reader
	out   io.Writer
	lang  ui.Lang
	draws bool   // out is a screen, on which a line can be drawn over
	drawn string // the file whose line is being drawn
}

func newTerminal(in io.Reader, out io.Writer, lang ui.Lang) *terminal {
	t := &terminal{in: bufio.NewReader(io.LimitReader(in, 64<<10)), out: out, lang: lang}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		t.draws = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return t
}

func (t *terminal) say(line string) { fmt.Fprintln(t.out, line) }

func (t *terminal) tell(text ui.Text) { t.say(text.In(t.lang)) }

// ask returns the answer without the spaces around it; the end of the input is an
// empty one.
func (t *terminal) ask(question ui.Text) string {
	fmt.Fprint(t.out, question.In(t.lang)+" ")
	line, _ := t.in.ReadString('\n')
	return strings.TrimSpace(line)
}

// consent asks what the data is read for and whether the holder agrees. Agreeing
// and refusing are one key each, and no key is refusing.
func (t *terminal) consent(o *options) (*chip.Answer, error) {
	purpose := strings.TrimSpace(o.purpose)
	if o.yes {
		return &chip.Answer{By: "read-chip -yes", At: o.clock(), Status: chip.Passed, Reason: purpose}, nil
	}
	for purpose == "" {
		if purpose = t.ask(ui.Text{Vi: "Mục đích sử dụng:", En: "Purpose:"}); purpose == "" {
			if _, err := t.in.Peek(1); err != nil {
				return nil, errConsent
			}
		}
	}
	read := ui.Text{
		Vi: "Sẽ đọc từ chip của thẻ: những gì in trên thẻ, dân tộc, tôn giáo, họ tên cha mẹ, vợ hoặc chồng. Không đọc ảnh chân dung và vân tay.",
		En: "To be read from the card's chip: what the card has printed, ethnicity, religion, names of parents and spouse. Neither portrait nor fingerprints.",
	}
	if o.portrait != "" {
		read = ui.Text{
			Vi: "Sẽ đọc từ chip của thẻ: những gì in trên thẻ, ảnh chân dung, dân tộc, tôn giáo, họ tên cha mẹ, vợ hoặc chồng. Không đọc vân tay.",
			En: "To be read from the card's chip: what the card has printed, the portrait, ethnicity, religion, names of parents and spouse. No fingerprints.",
		}
	}
	t.tell(read)
	t.tell(ui.Text{Vi: "Mục đích sử dụng: " + purpose, En: "Purpose: " + purpose})
	for range 3 {
		switch t.ask(ui.Text{Vi: "Chủ thẻ có đồng ý không?  1 = Đồng ý chia sẻ   2 = Từ chối:", En: "Does the holder agree?  1 = Agree   2 = Refuse:"}) {
		case "1":
			return &chip.Answer{By: "read-chip", At: o.clock(), Status: chip.Passed, Reason: purpose}, nil
		case "2":
			return nil, errConsent
		}
	}
	return nil, errConsent
}

var errConsent = fault.New(vneid.ErrDenied, "the holder did not agree to the reading")

// progress shows how far the reading is: a bar that grows on a screen, otherwise a
// line for each file that is complete.
func (t *terminal) progress(e chip.Event) {
	if e.File == "" || e.Step != "read" || e.Size == 0 {
		return
	}
	complete := e.Read >= e.Size
	switch {
	case t.draws:
		if t.drawn != e.File {
			t.endLine()
		}
		t.drawn = e.File
		fmt.Fprintf(t.out, "\r%-11s %s %s", e.File, bar(e.Read, e.Size), counted(e))
		if complete {
			fmt.Fprintln(t.out)
			t.drawn = ""
		}
	case complete:
		fmt.Fprintf(t.out, "%-11s %s\n", e.File, counted(e))
	}
}

func counted(e chip.Event) string { return fmt.Sprintf("%d/%d B", e.Read, e.Size) }

// endLine ends a line that is being drawn: the reading may stop within a file.
func (t *terminal) endLine() {
	if t.drawn != "" {
		fmt.Fprintln(t.out)
		t.drawn = ""
	}
}

const barWidth = 24

func bar(read, size int) string {
	full := min(read, size) * barWidth / size
	return strings.Repeat("█", full) + strings.Repeat("░", barWidth-full)
}
