package vneidtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/ciba"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// exampleT stands for the *testing.T that a real test is given.
type exampleT struct {
	testing.TB
	cleanup []func()
}

func (t *exampleT) Helper()                        {}
func (t *exampleT) Cleanup(f func())               { t.cleanup = append(t.cleanup, f) }
func (t *exampleT) Fatalf(format string, a ...any) { panic(fmt.Sprintf(format, a...)) }

func (t *exampleT) done() {
	for i := len(t.cleanup) - 1; i >= 0; i-- {
		t.cleanup[i]()
	}
}

// A relying party's own handler, with a person's browser in front of it.
func Example() {
	t := &exampleT{} // in a test: func TestPortal(t *testing.T)
	defer t.done()
	platform := vneidtest.New(t)

	mux := http.NewServeMux()
	portal := httptest.NewServer(mux)
	defer portal.Close()

	login, err := sso.New(platform.SSO(portal.URL + "/callback"))
	if err != nil {
		fmt.Println(err)
		return
	}
	mux.Handle("/login", login.Login(sso.Ask{}))
	mux.Handle("/callback", login.Callback(func(w http.ResponseWriter, r *http.Request, id *sso.Identity, _ string) {
		fmt.Fprintf(w, "Xin chào %s, tài khoản mức độ %d", id.Citizen().Name(), id.Assurance().Level)
	}))

	resp, err := platform.Browser("level2").Get(portal.URL + "/login")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	page, _ := io.ReadAll(resp.Body)
	fmt.Println(string(page))
	// Output: Xin chào Nguyễn Văn An, tài khoản mức độ 2
}

func ExamplePlatform_Login() {
	t := &exampleT{}
	defer t.done()
	platform := vneidtest.New(t)

	cfg := platform.SSO("https://portal.example/callback")
	cfg.Need = vneid.Assurance{Level: 2}
	for _, handle := range []string{"level2", "level1", "eid-locked", "account-locked"} {
		id, err := platform.Login(handle, cfg)
		if err != nil {
			var kind vneid.Kind
			errors.As(err, &kind)
			fmt.Println(handle, "-", kind)
			continue
		}
		fmt.Println(handle, "-", id.Citizen())
	}
	// Output:
	// level2 - citizen *********001
	// level1 - level too low
	// eid-locked - locked
	// account-locked - locked
}

func ExamplePlatform_Break() {
	t := &exampleT{}
	defer t.done()
	platform := vneidtest.New(t)
	cfg := platform.SSO("https://portal.example/callback")

	platform.Break("wrong-nonce")
	_, err := platform.Login("level2", cfg)
	fmt.Println(errors.Is(err, vneid.ErrMismatch))

	platform.Heal()
	_, err = platform.Login("level2", cfg)
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}

func ExamplePlatform_IssueQR() {
	t := &exampleT{}
	defer t.done()
	platform := vneidtest.New(t)
	verifier, err := qr.New(platform.QR())
	if err != nil {
		fmt.Println(err)
		return
	}

	text, err := platform.IssueQR("level2", vneidtest.Code{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		code, err := verifier.Verify(context.Background(), text)
		if err != nil {
			fmt.Println(errors.Is(err, vneid.ErrReplayed))
			continue
		}
		fmt.Println(code.Citizen())
	}
	// Output:
	// citizen *********001
	// true
}

func ExamplePlatform_Advance() {
	t := &exampleT{}
	defer t.done()
	platform := vneidtest.New(t)
	verifier, err := qr.New(platform.QR())
	if err != nil {
		fmt.Println(err)
		return
	}

	text, _ := platform.IssueQR("level1", vneidtest.Code{})
	platform.Advance(5 * time.Minute)
	_, err = verifier.Verify(context.Background(), text)
	fmt.Println(errors.Is(err, vneid.ErrExpired))
	// Output: true
}

func ExamplePeople() {
	for _, who := range vneidtest.People()[:3] {
		fmt.Printf("%s: %s\n", who.Handle, who.About)
	}
	// Output:
	// level2: level 2, everything in order: the person to start with
	// level1: level 1: registered in the app, never seen by the police
	// namesake: the name and birthday of level2, another person
}

// A login by FAPI 2.0 with a signed response: the relying party's own tests see what
// its code does when the response is somebody else's.
func ExamplePlatform_FAPI2() {
	t := &exampleT{} // in a test: the *testing.T
	defer t.done()
	platform := vneidtest.New(t)
	cfg := platform.FAPI2("https://bank.example/callback")
	cfg.JARM = true

	id, err := platform.Login("level2", cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("bound to a key:", id.Tokens().Bound())

	platform.Break("jarm-wrong-aud")
	_, err = platform.Login("level2", cfg)
	fmt.Println("for another bank:", errors.Is(err, vneid.ErrMismatch))
	// Output:
	// bound to a key: true
	// for another bank: true
}

// A login by the wire of VNeID's direct single sign-on: the code and the answers come
// encrypted, and nothing comes signed.
func ExamplePlatform_Envelope() {
	t := &exampleT{} // in a test: the *testing.T
	defer t.done()
	platform := vneidtest.New(t)
	cfg := platform.Envelope("https://portal.example/callback")

	id, err := platform.Login("level2", cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id.Citizen(), id.Integrity() == sso.TransportOnly)

	platform.Break("envelope-bad-padding")
	_, err = platform.Login("level2", cfg)
	fmt.Println(errors.Is(err, vneid.ErrMalformed))
	// Output:
	// citizen *********001 true
	// true
}

// A login begun at a counter: the clerk reads two digits out, the person types them
// into the app.
func ExamplePlatform_Approve() {
	t := &exampleT{} // in a test: the *testing.T
	defer t.done()
	platform := vneidtest.New(t)
	cfg := platform.SSO("https://portal.example/callback")
	platform.CIBA(cfg, "") // by poll
	client, err := sso.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	desk, err := ciba.New(ciba.Config{Client: client})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	login, err := desk.Begin(ctx, ciba.Ask{Hint: platform.Person("level2").Record.ID, Message: "quay 3"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := platform.Approve("level2", login.Number()); err != nil {
		fmt.Println(err)
		return
	}
	platform.Advance(5 * time.Second) // the interval between polls
	id, err := desk.Poll(ctx, login)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id.Citizen())
	// Output: citizen *********001
}
