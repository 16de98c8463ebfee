package lab

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// Person is somebody to log in as.
type Person struct {
	Handle   string
	Name     string
	Number   string
	Level    int    // of the account; 0: none
	Password string // empty: the first one comes by message, or there is no account
	About    ui.Text
	Cast     bool // one of the few whom tests know by name
}

// peoplePage is a part of the list.
type peoplePage struct {
	page
	Query string
	Rows  []Person
	Found int
	Next  string // the handle behind which the list goes on
	All   int
}

const peopleAtOnce = 60

func (l *room) people(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p := peoplePage{page: pageOf(r), Query: q.Get("q"), All: len(l.cast())}
	p.Rows, p.Found, p.Next = l.find(q.Get("q"), q.Get("after"), peopleAtOnce)
	l.pages.Render(w, r, http.StatusOK, "people", p)
}

// find searches handle, name, number and what somebody is for; every word must be there.
func (l *room) find(query, after string, limit int) (rows []Person, found int, next string) {
	words := strings.Fields(strings.ToLower(query))
	passed := after == ""
	for _, p := range l.cast() {
		text := strings.ToLower(strings.Join([]string{p.Handle, p.Name, p.Number, p.About.Vi, p.About.En, "level " + strconv.Itoa(p.Level), "mức độ " + strconv.Itoa(p.Level)}, " "))
		if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			continue
		}
		found++
		switch {
		case !passed:
			passed = p.Handle == after
		case len(rows) < limit:
			rows = append(rows, p)
		case next == "":
			next = rows[limit-1].Handle
		}
	}
	return rows, found, next
}
