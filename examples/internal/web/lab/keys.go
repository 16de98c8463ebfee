package lab

import (
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// keysPage shows the sets of signing keys, each with the next step of its rotation.
type keysPage struct {
	page
	Sets []keySet
}

type keySet struct {
	Name, Path string
	Label      ui.Text
	Keys       []keyRow
	Announced  bool // the next step is to switch
	Former     bool // there is something to retire
}

type keyRow struct {
	platform.KeyInfo
	Text  ui.Text
	Class string
}

func (l *room) keys(w http.ResponseWriter, r *http.Request) { l.showKeys(w, r, http.StatusOK, nil) }

func (l *room) showKeys(w http.ResponseWriter, r *http.Request, status int, bad *ui.Text) {
	p := keysPage{page: pageOf(r)}
	p.Problem = bad
	for _, set := range l.p.KeySets() {
		s := keySet{Name: set.Name, Path: set.Path, Label: words.Of(words.KeySets, set.Name), Announced: set.Keys.Announced()}
		for _, k := range set.Keys.List() {
			s.Former = s.Former || k.Phase == platform.KeyFormer
			s.Keys = append(s.Keys, keyRow{k, words.Of(words.KeyPhases, k.Phase), map[platform.KeyPhase]string{platform.KeySigning: "ok", platform.KeyAnnounced: "warn"}[k.Phase]})
		}
		p.Sets = append(p.Sets, s)
	}
	l.pages.Render(w, r, status, "keys", p)
}

// turnKeys takes the next step of a rotation.
func (l *room) turnKeys(w http.ResponseWriter, r *http.Request) {
	if err := l.turn(r.PostFormValue("set"), r.PostFormValue("do")); err != nil {
		l.showKeys(w, r, http.StatusUnprocessableEntity, problem(err))
		return
	}
	form.Lead(w, r, "/lab/keys", "keys")
}

// turn publishes a next key, signs with it, or withdraws those that sign no more.
func (l *room) turn(name, do string) error {
	for _, set := range l.p.KeySets() {
		if set.Name != name {
			continue
		}
		switch do {
		case "announce":
			return set.Keys.Announce()
		case "switch":
			return set.Keys.Switch()
		case "retire":
			return set.Keys.Retire()
		}
	}
	return errForm
}
