package sso_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// A program that keeps tokens itself calls a resource server for the person. The
// access token has ended by then, and is replaced on the way.
func ExampleClient_Access() {
	t := new(exampleTB)
	defer t.done()
	platform := vneidtest.New(t)
	cfg := platform.SSO("https://portal.example/callback")
	id, err := platform.Login("level2", cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := sso.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}

	save := func(_ context.Context, fresh *sso.Tokens) error {
		fmt.Println("keeping", fresh) // in the program's database, by json.Marshal, encrypted
		return nil
	}
	api, err := client.Access(id.Tokens(), save, platform.Issuer()) // here the platform is the resource server too
	if err != nil {
		fmt.Println(err)
		return
	}
	platform.Advance(time.Hour)
	for range 2 {
		res, err := api.Get(platform.Issuer() + "/userinfo")
		if err != nil {
			fmt.Println(err)
			return
		}
		res.Body.Close()
		fmt.Println(res.StatusCode)
	}
	_, err = api.Get("https://elsewhere.example/")
	fmt.Println(err)
	// Output:
	// keeping tokens of a login
	// 200
	// 200
	// Get "https://elsewhere.example/": sso: the request is for an address that is not among Access's servers
}

// A portal that the provider tells of logouts, and that logs people out there.
func ExampleClient_BackchannelLogout() {
	t := new(exampleTB)
	defer t.done()
	cfg := vneidtest.New(t).SSO("https://portal.example/callback")
	cfg.LogoutURL = "https://portal.example/left" // as registered
	client, err := sso.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	told, err := client.BackchannelLogout(func(_ *http.Request, ended sso.Login, err error) {
		// Here goes what else the portal keeps of the session, and its log.
	})
	if err != nil {
		fmt.Println(err) // Config.Revocations and Config.Replay do not go together
		return
	}
	mux := http.NewServeMux()
	mux.Handle("POST /backchannel", told)
	mux.Handle("POST /logout", client.Logout("/"))
	mux.Handle("GET /left", client.LoggedOut("/"))
	fmt.Println("ready")
	// Output:
	// ready
}
