package platform

import (
	"slices"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

func TestSingleClaimsOfAScopeCanBeKeptBack(t *testing.T) {
	w := newWorld(t)
	info := func(without string) answer {
		b := w.browser("level2")
		b.forms[StepConsent] = map[string]string{FieldWithout: without}
		got := b.authorize(request(map[string]string{"prompt": "consent"}))
		tokens := w.exchangeCode(got.Get("code"), nil)
		access, ok := tokens.body["access_token"].(string)
		if !ok {
			t.Fatalf("without %q: %s, last page %+v", without, tokens.raw, b.last())
		}
		return w.userinfo(access)
	}
	for without, want := range map[string][2]bool{ // name, birth
		"": {true, true}, wire.Name: {false, true}, wire.Birth: {true, false}, wire.Name + "," + wire.Birth: {},
		"nothing-like-it": {true, true}, wire.CitizenID: {true, true}, "sub": {true, true},
	} {
		a := info(without)
		if (a.body[wire.Name] != nil) != want[0] || (a.body[wire.Birth] != nil) != want[1] || a.body[wire.CitizenID] == nil || a.body["sub"] == nil {
			t.Errorf("without %q: %s", without, a.raw)
		}
	}
}

func TestWhatWasKeptBackIsRememberedWithTheDecision(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	b.forms[StepConsent] = map[string]string{FieldWithout: wire.Birth}
	b.authorize(request(nil))
	b.seen = nil
	got := b.authorize(request(nil))
	if a := w.userinfo(w.exchangeCode(got.Get("code"), nil).body["access_token"].(string)); len(b.seen) != 0 || a.body[wire.Birth] != nil || a.body[wire.Name] == nil {
		t.Errorf("%d pages, %s", len(b.seen), a.raw)
	}
}

func TestAPageSaysWhatMayBeKeptBackAndWhoAsks(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	b.stop = StepConsent
	b.authorize(request(nil))
	v := b.last()
	for _, s := range v.Scopes {
		for _, c := range s.Free {
			if !slices.Contains(s.Claims, c) || wholeClaims[c] {
				t.Errorf("%s: %s", s.Name, c)
			}
		}
		if s.Name == wire.ScopeID && slices.Equal(s.Free, s.Claims) {
			t.Error("the number may be kept back from its own scope")
		}
	}
	if v.Client == nil || v.Client.Channel != string(ChannelDirect) {
		t.Errorf("%+v", v.Client)
	}
}
