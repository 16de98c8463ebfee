package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// scanned are the files that are taken from a folder; by name a file may be of any
// other kind.
var scanned = map[string]bool{".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".webp": true, ".txt": true}

// unfolded replaces each folder by the pictures and texts in it and below, in the
// order of their names. A folder that cannot be read stays, and is reported where it
// stands.
func unfolded(names []string) (out []source, err error) {
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			out = append(out, source{name: name, file: name})
			continue
		}
		err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.Type().IsRegular() && scanned[strings.ToLower(filepath.Ext(path))] {
				out = append(out, source{name: path, file: path})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// progress draws a bar on a terminal, and nothing anywhere else.
type progress struct {
	w    io.Writer
	all  int
	lang ui.Lang
	sums map[ui.Text]int // results by verdict
	seen []ui.Text       // verdicts, as they came
}

func newProgress(stderr io.Writer, all int, lang ui.Lang) *progress {
	p := &progress{all: all, lang: lang, sums: make(map[ui.Text]int)}
	if f, ok := stderr.(*os.File); ok && all > 1 {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.w = stderr
		}
	}
	return p
}

const bar = 30 // characters

// show tells how many are done.
func (p *progress) show(done int) {
	if p.w == nil {
		return
	}
	filled := bar * done / p.all
	fmt.Fprintf(p.w, "\r[%s%s] %d/%d", strings.Repeat("#", filled), strings.Repeat("·", bar-filled), done, p.all)
}

// clear takes the bar away, so that a result can stand in its line.
func (p *progress) clear() {
	if p.w != nil {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", bar+2+2*len(fmt.Sprint(p.all))+2))
	}
}

func (p *progress) count(r result) {
	if p.sums[r.verdict.Word] == 0 {
		p.seen = append(p.seen, r.verdict.Word)
	}
	p.sums[r.verdict.Word]++
}

// summary is a line for several sources: how many of each verdict.
func (p *progress) summary(w io.Writer) {
	if p.all < 2 {
		return
	}
	var parts []string
	for _, word := range p.seen {
		parts = append(parts, fmt.Sprintf("%d %s", p.sums[word], word.In(p.lang)))
	}
	fmt.Fprintf(w, "%d %s: %s\n", p.all, ui.Text{Vi: "ảnh hoặc văn bản", En: "pictures or texts"}.In(p.lang), strings.Join(parts, ", "))
}
