package platform

import (
	"errors"
	"fmt"
	"testing"
)

func TestPeopleSeeWhereTheyAreLoggedIn(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	access := w.login("level2", nil).text("access_token") // browser one, at rp
	other := w.browser("level2")
	other.walk(other.get("/login?return=/"))
	all, err := w.Logins(ctx, "level2")
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v %v", all, err)
	}
	var at Login
	for _, l := range all {
		if len(l.Parties) > 0 {
			at = l
		}
	}
	if len(at.Parties) != 1 || at.Parties[0].Name != "Cổng thử nghiệm" || at.Auth != 1 || !at.Since.Equal(w.clock.Now()) || !at.Until.Equal(w.clock.Now().Add(sessionLife)) {
		t.Fatalf("%+v", at)
	}
	if err := w.EndLogin(ctx, "namesake", at.ID); !errors.Is(err, ErrNoLogin) {
		t.Fatalf("somebody else ends it: %v", err)
	}
	if w.userinfo(access).status != 200 {
		t.Fatal("ended by somebody else")
	}
	w.err(w.EndLogin(ctx, "level2", at.ID))
	if w.userinfo(access).status == 200 {
		t.Error("its tokens are good")
	}
	if all, err = w.Logins(ctx, "level2"); err != nil || len(all) != 1 || all[0].ID == at.ID {
		t.Errorf("%+v %v", all, err)
	}
	if err := w.EndLogin(ctx, "level2", at.ID); !errors.Is(err, ErrNoLogin) {
		t.Errorf("twice: %v", err)
	}
	w.clock.advance(sessionLife)
	if all, err = w.Logins(ctx, "level2"); err != nil || len(all) != 0 {
		t.Errorf("after eight hours: %+v %v", all, err)
	}
}

func TestBrowsersAreCalledAsTheirOwnersWould(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36": "Chrome · Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1":  "Safari · iPhone",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0":        "Edge · Windows",
		"Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0":                                   "Firefox · Linux",
		"Go-http-client/1.1": "", "": "", "<script>": "",
	} {
		if got := browserName(agent); got != want {
			t.Errorf("%q: %q", agent, got)
		}
	}
}

func TestAnOpenSessionIsListedBehindManyThatAreOver(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.login("level2", nil) // sweeps, and is over below
	for i := range 3 * maxLoginsShown {
		w.edit(func(tx Tx) error {
			return w.saveSession(tx, fmt.Sprintf("!%04d", i), session{Account: "level2", At: w.now(), Until: w.now().Add(sessionLife)})
		})
	}
	w.clock.advance(sessionLife)
	w.login("level2", nil)
	if all, err := w.Logins(ctx, "level2"); err != nil || len(all) != 1 {
		t.Errorf("%d sessions, %v", len(all), err)
	}
}
