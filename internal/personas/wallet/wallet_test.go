package wallet

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

func TestNoPaperIsReal(t *testing.T) {
	number := regexp.MustCompile(`[0-9]{9,}`)
	for _, who := range personas.All() {
		for _, p := range Of(who) {
			text, err := json.Marshal(p.Content)
			if err != nil {
				t.Fatal(err)
			}
			for _, digits := range number.FindAllString(string(text), -1) {
				if !strings.HasPrefix(digits, "999") && !strings.HasPrefix(digits, "84000") && !strings.HasPrefix(digits, "4990000") &&
					!strings.HasPrefix(digits, "00000") && !regexp.MustCompile(`^[0-9]990000`).MatchString(digits) {
					t.Errorf("%s: a %s with a number that could be somebody's", who.Handle, p.Content.Kind())
				}
			}
		}
	}
}

func TestPapersAreWhole(t *testing.T) {
	for _, who := range personas.All() {
		seen := map[document.Kind]bool{}
		for _, p := range Of(who) {
			kind := p.Content.Kind()
			if seen[kind] || p.Source == "" || p.At.IsZero() || !slices.Contains([]string{StateVerified, Pending, Unverified}, p.State) {
				t.Errorf("%s: %s twice or without a source, a date or a state", who.Handle, kind)
			}
			seen[kind] = true
			text, err := json.Marshal(p.Content)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := paper.Parse(kind, text); err != nil || again.Kind() != kind {
				t.Errorf("%s: %s does not read again: %v", who.Handle, kind, err)
			}
			if strings.Contains(string(text), `""`) || strings.Contains(string(text), `"0001`) {
				t.Errorf("%s: %s has an empty date or name", who.Handle, kind)
			}
		}
		if !seen[document.Identity] || !seen[document.Residence] {
			t.Errorf("%s has no identity or residence", who.Handle)
		}
	}
	for handle := range wallets() {
		if _, ok := personas.Get(handle); !ok {
			t.Errorf("papers of nobody: %s", handle)
		}
	}
}

func TestEveryKindAndStateIsSomebodys(t *testing.T) {
	kinds, states := map[document.Kind]int{}, map[string]int{}
	for _, who := range personas.All() {
		for _, p := range Of(who) {
			kinds[p.Content.Kind()]++
			states[p.State]++
			states[p.Status]++
		}
	}
	for _, kind := range paper.Kinds() {
		if kinds[kind] == 0 {
			t.Errorf("nobody has a %s", kind)
		}
		if kinds[kind] == len(personas.All()) && kind != document.Identity && kind != document.Residence {
			t.Errorf("nobody lacks a %s", kind)
		}
	}
	for _, state := range []string{StateVerified, Pending, Unverified, Revoked, Suspended} {
		if states[state] == 0 {
			t.Errorf("no paper is %s", state)
		}
	}
}
