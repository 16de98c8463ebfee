package qrimage

import (
	"fmt"
	"strconv"
	"strings"
)

// SVG renders the symbol as a document with one path on a white ground, one unit
// per module, so that it can be printed at any size.
func (s *Symbol) SVG() string {
	side := s.Size() + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`, side, side)
	b.WriteString(`<path fill="#fff" d="M0 0h` + strconv.Itoa(side) + `v` + strconv.Itoa(side) + `H0z"/><path d="`)
	for y := range s.Size() {
		for x := 0; x < s.Size(); x++ {
			n := 0
			for s.Dark(x+n, y) {
				n++
			}
			if n > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, n, n)
				x += n
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}

// Terminal renders the symbol in half-block characters, two rows of modules per
// line, black on white by colour codes, so that it can be scanned off a screen
// of any theme.
func (s *Symbol) Terminal() string {
	// 16 and 231 of the 256-colour palette are black and white in every theme,
	// which the first sixteen are not.
	const open, end = "\x1b[38;5;16;48;5;231m", "\x1b[0m\n"
	var b strings.Builder
	for y := -quiet; y < s.Size()+quiet; y += 2 {
		b.WriteString(open)
		for x := -quiet; x < s.Size()+quiet; x++ {
			b.WriteString(halves(s.Dark(x, y), s.Dark(x, y+1)))
		}
		b.WriteString(end)
	}
	return b.String()
}

func halves(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
