package sso_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// A site with three handlers and a page for whoever is logged in.
func Example() {
	t := new(exampleTB) // in a test of yours: its *testing.T
	defer t.done()
	platform := vneidtest.New(t)

	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	defer site.Close()
	client, err := sso.New(platform.SSO(site.URL + "/callback"))
	if err != nil {
		fmt.Println(err)
		return
	}
	mux.Handle("GET /callback", client.Callback(nil))
	mux.Handle("POST /logout", client.Logout("/"))
	mux.Handle("GET /profile", client.Require(sso.Ask{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := sso.FromContext(r.Context())
		fmt.Fprintf(w, "%s, %v, account level %d", id.Citizen().Name(), id.Citizen().ID(), id.Assurance().Level)
	})))

	// The browser is sent to the platform, logs in there, and comes back.
	page, err := platform.Browser("level2").Get(site.URL + "/profile")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer page.Body.Close()
	text, _ := io.ReadAll(page.Body)
	fmt.Printf("%s\n", text)
	// Output:
	// Nguyễn Văn An, *********001, account level 2
}

// FAPI 2.0: the client shows who it is with a key, and its tokens are good for nobody
// else. In production both keys come from a file or from hardware.
func Example_fapi2() {
	t := new(exampleTB)
	defer t.done()
	platform := vneidtest.New(t)

	cfg := platform.FAPI2("https://portal.example/callback") // Profile, Issuer, ClientID and Key
	cfg.JARM = true
	cfg.Need = vneid.Assurance{Level: 2}
	cfg.Trace = func(s sso.Step) {
		if s.Status != 0 {
			fmt.Println(s.Name, s.Status)
		}
	}
	id, err := platform.Login("level2", cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id.Integrity() == sso.Signed, id.Assurance().Level)
	// Output:
	// metadata 200
	// push 400
	// push 201
	// keys 200
	// token 200
	// userinfo 200
	// true 2
}

// A program that keeps the Session itself, such as the back end of an app.
func ExampleClient_Finish() {
	t := new(exampleTB)
	defer t.done()
	platform := vneidtest.New(t)
	ctx := context.Background()

	client, err := sso.New(platform.SSO("https://portal.example/callback"))
	if err != nil {
		fmt.Println(err)
		return
	}
	redirect, session, err := client.Begin(ctx, sso.Ask{Need: vneid.Assurance{Level: 1, Auth: 2}})
	if err != nil {
		fmt.Println(err)
		return
	}

	callback := visit(platform.Browser("level1"), redirect) // what the browser comes back with

	id, err := client.Finish(ctx, session, callback.RawQuery)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id, "at authentication level", id.Assurance().Auth)

	_, err = client.Finish(ctx, session, callback.RawQuery)
	fmt.Println(err)
	// Output:
	// citizen *********002 at authentication level 2
	// sso: this session has finished a login before
}

// What a service may use depends on the levels; a login cannot raise the
// account level.
func ExampleIdentity_Check() {
	t := new(exampleTB)
	defer t.done()
	platform := vneidtest.New(t)
	for _, who := range []string{"level2", "level1", "eid-locked"} {
		id, err := platform.Login(who, platform.SSO("https://portal.example/callback"))
		if err != nil {
			fmt.Println(err)
			return
		}
		err = id.Check(vneid.Assurance{Level: 2})
		var level *vneid.LevelError
		var lock *vneid.LockError
		switch {
		case errors.As(err, &lock):
			fmt.Println(who+":", lock)
		case errors.As(err, &level):
			fmt.Println(who+":", level)
		default:
			fmt.Println(who+":", "may use it")
		}
	}
	// Output:
	// level2: may use it
	// level1: account level 1, need 2
	// eid-locked: the electronic identity card is locked
}

// The provider's own refusals carry a kind each and say nothing of what else it
// wrote.
func ExampleAuthError() {
	t := new(exampleTB)
	defer t.done()
	platform := vneidtest.New(t)
	platform.Decline("level2") // presses "Từ chối" on the consent page

	_, err := platform.Login("level2", platform.SSO("https://portal.example/callback"))
	var refusal *sso.AuthError
	fmt.Println(errors.As(err, &refusal), refusal.Code, errors.Is(err, vneid.ErrDenied))
	vi, _ := vneid.Advice(err)
	fmt.Println(strings.TrimSpace(vi) != "")
	// Output:
	// true access_denied true
	// true
}
