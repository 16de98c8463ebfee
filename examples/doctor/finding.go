package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// level is how bad a finding is.
type level string

const (
	good    level = "good"
	note    level = "note"    // nothing wrong, and worth knowing
	warn    level = "warn"    // works today
	unknown level = "unknown" // could not be checked
	bad     level = "bad"     // no login works like this, or some do not
)

// finding is one thing that was looked at.
type finding struct {
	Check  string // stable name: area, then what was found
	Level  level
	What   ui.Text
	Detail []string // figures, the same in both languages
	Do     ui.Text
}

// both formats one text in two languages.
func both(vi, en string, args ...any) ui.Text {
	return ui.Text{Vi: fmt.Sprintf(vi, args...), En: fmt.Sprintf(en, args...)}
}

func (d *doctor) add(check string, l level, what, do ui.Text, detail ...string) {
	d.found = append(d.found, finding{check, l, what, detail, do})
}

// status is the exit status: what stands in the way goes before what is not known.
func (d *doctor) status() int {
	status := healthy
	for _, f := range d.found {
		switch {
		case f.Level == bad:
			return ill
		case f.Level == unknown:
			status = unsure
		}
	}
	return status
}

var marks = map[level]ui.Text{
	good:    {Vi: "[ ổn ]", En: "[ ok ]"},
	note:    {Vi: "[ ghi chú ]", En: "[ note ]"},
	warn:    {Vi: "[ lưu ý ]", En: "[ warning ]"},
	unknown: {Vi: "[ chưa rõ ]", En: "[ unknown ]"},
	bad:     {Vi: "[ LỖI ]", En: "[ PROBLEM ]"},
}

var conclusions = [...]ui.Text{
	healthy: {Vi: "Kết luận: không thấy gì cản trở kết nối.", En: "Conclusion: nothing stands in the way."},
	ill:     {Vi: "Kết luận: có lỗi cần xử lý.", En: "Conclusion: there is something to mend."},
	unsure:  {Vi: "Kết luận: chưa thấy lỗi, nhưng có mục chưa kiểm tra được.", En: "Conclusion: no problem found, but something could not be checked."},
}

// write shows the findings to a person, in the order in which they were made.
func (d *doctor) write(w io.Writer) error {
	var b strings.Builder
	for _, f := range d.found {
		fmt.Fprintf(&b, "%s %s  (%s)\n", marks[f.Level].In(d.o.lang), f.What.In(d.o.lang), f.Check)
		for _, line := range f.Detail {
			fmt.Fprintf(&b, "      %s\n", line)
		}
		if do := f.Do.In(d.o.lang); do != "" {
			fmt.Fprintf(&b, "      → %s\n", do)
		}
	}
	fmt.Fprintf(&b, "\n%s\n", conclusions[d.status()].In(d.o.lang))
	_, err := io.WriteString(w, d.hide(b.String()))
	return err
}

// answer is the JSON form. Fields are added, never renamed.
type answer struct {
	Status   int      `json:"status"` // the exit status
	Findings []object `json:"findings"`
}

type object struct {
	Check  string   `json:"check"`
	Level  level    `json:"level"`
	What   string   `json:"what"` // in the chosen language
	Detail []string `json:"detail,omitempty"`
	Do     string   `json:"do,omitempty"`
}

func (d *doctor) writeJSON(w io.Writer) error {
	a := answer{Status: d.status(), Findings: []object{}}
	for _, f := range d.found {
		o := object{f.Check, f.Level, d.hide(f.What.In(d.o.lang)), nil, d.hide(f.Do.In(d.o.lang))}
		for _, line := range f.Detail {
			o.Detail = append(o.Detail, d.hide(line))
		}
		a.Findings = append(a.Findings, o)
	}
	return json.NewEncoder(w).Encode(a)
}

// hide is the last line of defence: nothing here puts a secret into a text.
func (d *doctor) hide(text string) string {
	for _, s := range d.o.secrets() {
		if len(s) >= 8 { // a shorter one may be part of any word
			text = strings.ReplaceAll(text, s, "***")
		}
	}
	return text
}
