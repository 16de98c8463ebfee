package ui

import (
	"strings"
	"time"
)

// Link is an entry of a navigation.
type Link struct {
	Href string
	Text Text
}

// place is a Link as one page shows it.
type place struct {
	Link
	Here string // aria-current: page on the page itself, true on those below it
}

// mark says where in a navigation a path is: at the entry with the longest href that
// the path is or lies below.
func mark(links []Link, at string) []place {
	best, length := -1, 0
	for i, l := range links {
		if below(at, l.Href) && len(l.Href) > length {
			best, length = i, len(l.Href)
		}
	}
	var out []place
	for i, l := range links {
		p := place{Link: l}
		switch {
		case i == best && l.Href == at:
			p.Here = "page"
		case i == best:
			p.Here = "true"
		}
		out = append(out, p)
	}
	return out
}

// below reports whether a path is href or lies below it. Nothing lies below the home
// page.
func below(at, href string) bool {
	rest, ok := strings.CutPrefix(at, href)
	return ok && (rest == "" || href != "/" && rest[0] == '/')
}

func (s Site) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}
