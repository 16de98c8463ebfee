package web

import (
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
)

func TestEveryPersonIsIntroducedInBothLanguages(t *testing.T) {
	met := map[string]bool{}
	for _, p := range people() {
		met[p.Handle] = true
		if p.About.Vi == "" || p.About.En == "" {
			t.Errorf("%s is not introduced", p.Handle)
		}
	}
	for handle := range aboutVi {
		if !met[handle] {
			t.Errorf("nobody is called %s", handle)
		}
	}
}

func TestNoWordLacksALanguage(t *testing.T) {
	check := func(table, key string, w ui.Text) {
		if strings.TrimSpace(w.Vi) == "" || strings.TrimSpace(w.En) == "" {
			t.Errorf("%s %q lacks a language", table, key)
		}
	}
	for k, w := range factorWords {
		check("factor", string(k), w)
	}
	for k, w := range problemWords {
		check("problem", string(k), w)
	}
	for _, table := range []map[string]ui.Text{words.Classes, words.Scopes, words.Claims, words.Notices, words.Parts, words.PartStates, words.Tickets, words.TicketStates, words.ShareStates, words.PaperStates, errorWords} {
		for k, w := range table {
			check("word", k, w)
		}
	}
}

func TestUnknownWordsAreShownAsTheyAre(t *testing.T) {
	if w := words.Of(words.Scopes, "vneid:new"); w.Vi != "vneid:new" || w.En != "vneid:new" {
		t.Errorf("got %v", w)
	}
}
