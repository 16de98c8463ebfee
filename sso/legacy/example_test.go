package legacy_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/legacy"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// A login at VNeID's direct single sign-on, here a stand-in of a few lines.
func ExampleEnvelope() {
	key, _ := rsa.GenerateKey(rand.Reader, 2048) // its public half goes to the provider
	provider := directSSO(&key.PublicKey)
	defer provider.Close()

	client, err := sso.New(sso.Config{
		Issuer: provider.URL, ClientID: "dvc-thu-web", ClientSecret: "from the contract",
		RedirectURL: "https://portal.example/callback",
		Need:        vneid.Assurance{Level: 2},
		Accept:      sso.TransportOnly,
		Wire: legacy.Envelope{
			Deployment: legacy.Deployment{AuthURL: provider.URL + "/auth", TokenURL: provider.URL + "/token", UserinfoURL: provider.URL + "/userinfo"},
			Key:        key,
			SubjectKey: bytes.Repeat([]byte{1}, 32), // random, from where secrets are kept
		}.Wire(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	redirect, session, err := client.Begin(context.Background(), sso.Ask{})
	if err != nil {
		fmt.Println(err)
		return
	}
	callback := visit(redirect) // what the browser comes back with
	id, err := client.Finish(context.Background(), session, callback.RawQuery)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id.Citizen().Name(), id.Citizen().ID(), id.Assurance().Level, id.Integrity() == sso.TransportOnly)

	// The same callback again.
	_, err = client.Finish(context.Background(), session, callback.RawQuery)
	fmt.Println(err)
	// Output:
	// Nguyễn Thị Thử *********001 2 true
	// sso: this session has finished a login before
}

// A login at the National Public Service Portal's broker.
func ExampleVNConnect() {
	broker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/oauth2/authorize":
			http.Redirect(w, r, r.FormValue("redirect_uri")+"?code=1&state="+url.QueryEscape(r.FormValue("state")), http.StatusFound)
		case "/oauth2/token":
			fmt.Fprint(w, `{"access_token":"opaque","token_type":"Bearer"}`)
		case "/oauth2/userinfo":
			fmt.Fprint(w, `{"sub":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","LoaiTaiKhoan":"1","HoVaTen":"Trần Văn Giả",`+
				`"SoDinhDanh":"999090000002","NgayThangNamSinh":"19900517","loginIdp":"BCA",`+
				`"logoutUri":"https://sso.example/logout?token_id=eyJhbGciOiJub25lIn0.e30."}`)
		}
	}))
	defer broker.Close()

	client, err := sso.New(sso.Config{
		Issuer: broker.URL, ClientID: "cong-tinh-thu", ClientSecret: "from the contract",
		RedirectURL: "https://portal.example/callback",
		Accept:      sso.TransportOnly,
		Wire: legacy.VNConnect{Deployment: legacy.Deployment{
			AuthURL: broker.URL + "/oauth2/authorize", TokenURL: broker.URL + "/oauth2/token", UserinfoURL: broker.URL + "/oauth2/userinfo",
		}}.Wire(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	redirect, session, err := client.Begin(context.Background(), sso.Ask{})
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := client.Finish(context.Background(), session, visit(redirect).RawQuery)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, shown := id.Claim("logoutUri")
	fmt.Println(id.Citizen().Name(), id.Citizen().Birth(), id.AccountType(), shown)
	// Output:
	// Trần Văn Giả 1990-05-17 citizen false
}

// directSSO seals its codes and answers for one relying party.
func directSSO(pub *rsa.PublicKey) *httptest.Server {
	const code = "5b2e7c1a-9f0d-4c3b-8a6e-0d1c2b3a4f5e"
	aesKey := make([]byte, 32)
	rand.Read(aesKey)
	seal := func(text string) (key, data string) {
		fill := 16 - len(text)%16
		blocks := []byte(text + strings.Repeat(string(rune(fill)), fill))
		c, _ := aes.NewCipher(aesKey)
		for rest := blocks; len(rest) > 0; rest = rest[16:] {
			c.Encrypt(rest, rest)
		}
		wrapped, _ := rsa.EncryptPKCS1v15(rand.Reader, pub, aesKey)
		return base64.StdEncoding.EncodeToString(wrapped), base64.StdEncoding.EncodeToString(blocks)
	}
	answer := func(w http.ResponseWriter, text string) {
		key, data := seal(text)
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"data": data, "key": key})
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/auth":
			key, sealed := seal(code)
			// It escapes nothing: the + of base64 stands in the URL as it is.
			w.Header().Set("Location", r.FormValue("redirect_uri")+"?code="+sealed+"&encrypt_key="+key+"&state="+r.FormValue("state"))
			w.WriteHeader(http.StatusFound)
		case r.URL.Path == "/token" && r.FormValue("code") == code:
			answer(w, `{"access_token":"opaque"}`)
		case r.URL.Path == "/userinfo" && r.Header.Get("Authorization") == "Bearer opaque":
			answer(w, `{"citizenPid":"999190000001","fullName":"Nguyễn Thị Thử","birthDate":"19900517","accountType":"1","accountLevel":"2"}`)
		default:
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
}

// visit opens a page and returns where it sends the browser.
func visit(page string) *url.URL {
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.Get(page)
	if err != nil {
		return new(url.URL)
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil {
		return new(url.URL)
	}
	return back
}
