package crash

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// callback is where logins of the portal's clients return to.
const callback = "http://127.0.0.1:8090/callback"

// browser is a person's.
type browser struct {
	*actor
	who  personas.Persona
	http *http.Client
}

func (a *actor) browser(handle string) (*browser, error) {
	who, ok := personas.Get(handle)
	if !ok {
		return nil, errors.New("nobody is called " + handle)
	}
	jar, err := cookiejar.New(nil)
	return &browser{a, who, &http.Client{Jar: jar, Transport: a, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, err
}

// page is what the browser shows.
type page struct {
	status   int
	location string
	body     string
}

// do makes one request, and makes it again if there was no answer, which only reading
// and sending the same form may.
func (b *browser) do(method, path string, form url.Values) (page, error) {
	if !strings.HasPrefix(path, "http") {
		path = b.issuer + path
	}
	req, err := http.NewRequest(method, path, strings.NewReader(form.Encode()))
	if err != nil {
		return page{}, err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	req.GetBody = nil // nobody repeats it but we
	res, err := b.http.Do(req)
	if err != nil {
		return page{}, errors.Join(errNoAnswer, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return page{}, errors.Join(errNoAnswer, err)
	}
	return page{res.StatusCode, res.Header.Get("Location"), string(body)}, nil
}

var (
	csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	scopeBox  = regexp.MustCompile(`name="scope" value="([^"]+)"`)
)

// form is what stands hidden on a page, and every box of it ticked.
func (p page) form() url.Values {
	f := url.Values{}
	if m := csrfField.FindStringSubmatch(p.body); m != nil {
		f.Set(platform.FieldCSRF, m[1])
	}
	for _, m := range scopeBox.FindAllStringSubmatch(p.body, -1) {
		f.Add(platform.FieldScope, m[1])
	}
	return f
}

// enter logs the person in by password and face, so that nothing more is asked.
func (b *browser) enter() error {
	return b.until("session", func() error {
		at, err := b.do("GET", "/login?return=/me&auth=3", nil)
		if err != nil {
			return err
		}
		for range 4 {
			if at.location == "" || !strings.Contains(at.location, "/interaction/") {
				break
			}
			path := at.location
			shown, err := b.do("GET", path, nil)
			if err != nil {
				return err
			}
			f := shown.form()
			f.Del(platform.FieldScope)
			if strings.Contains(shown.body, `name="username"`) {
				f.Set(platform.FieldUsername, b.who.Username())
				f.Set(platform.FieldPassword, personas.Password)
			} else {
				f.Set(platform.FieldFactor, string(platform.FactorFace))
				f.Set(platform.FieldResult, platform.Match)
			}
			if at, err = b.do("POST", path, f); err != nil {
				return err
			}
		}
		if at.location != "/me" {
			return fmt.Errorf("%s is not logged in: %d %s", b.who.Handle, at.status, at.location)
		}
		return nil
	})
}

// decide takes a request to the page of the decision, agrees, and returns the code. What
// was asked for once is gone when its answer is lost, so that push asks anew.
func (b *browser) decide(client, what string, push func() (uri string, err error)) (code string, err error) {
	var at page
	for at.location == "" {
		uri, err := push()
		if err != nil {
			return "", err
		}
		at, err = b.do("GET", "/authorize?client_id="+client+"&request_uri="+url.QueryEscape(uri), nil)
		if errors.Is(err, errNoAnswer) {
			b.await()
			continue
		}
		if err != nil || at.location == "" {
			return "", fmt.Errorf("authorize: %d %w", at.status, err)
		}
	}
	path := at.location
	if !strings.Contains(path, "/interaction/") {
		return "", fmt.Errorf("no page for the decision: %d %s", at.status, path)
	}
	var form url.Values
	if err := b.until("page", func() error {
		shown, err := b.do("GET", path, nil)
		if err == nil && shown.status != http.StatusOK {
			err = fmt.Errorf("status %d %s", shown.status, shown.location)
		}
		form = shown.form()
		form.Set(platform.FieldDecision, platform.Allow)
		return err
	}); err != nil {
		return "", err
	}
	err = b.until(what, func() error {
		done, err := b.do("POST", path, form)
		if err != nil {
			return err
		}
		u, err := url.Parse(done.location)
		if err != nil || u.Query().Get("code") == "" {
			return fmt.Errorf("status %d %q", done.status, done.location)
		}
		code = u.Query().Get("code")
		return nil
	})
	return code, err
}

// pkce is a verifier and its challenge.
func pkce() (verifier, challenge string) {
	verifier = rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	return verifier, base64.RawURLEncoding.EncodeToString(sum[:])
}

// ask pushes a request under a key, exchanges the code under another, and returns the
// tokens.
func (b *browser) ask(rp *oauth.Party, redirect, decision, login string, more url.Values) (oauth.Answer, error) {
	verifier, challenge := pkce()
	form := url.Values{"response_type": {"code"}, "redirect_uri": {redirect}, "state": {rand.Text()}, "nonce": {rand.Text()},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"}}
	for name, values := range more {
		form[name] = values
	}
	code, err := b.decide(rp.Client, decision, func() (uri string, err error) {
		ctx := withKey(newKey())
		return uri, b.until("pushed", func() error {
			got, err := rp.Post(ctx, b.issuer+"/par", form)
			got, err = answered(got, err, http.StatusCreated)
			uri = got.Object.String("request_uri")
			return err
		})
	})
	if err != nil {
		return oauth.Answer{}, err
	}
	var tokens oauth.Answer
	ctx := withKey(newKey())
	return tokens, b.until(login, func() (err error) {
		got, err := rp.Post(ctx, b.issuer+"/token", url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier}})
		tokens, err = answered(got, err, http.StatusOK)
		return err
	})
}

// again is somebody in a browser of their own who does something at a party again and
// again, with a fresh key each time.
func again(handle, party string, do func(*actor, *browser, *oauth.Party) error) func(*actor) func() error {
	return func(a *actor) func() error {
		var b *browser
		return func() (err error) {
			if b == nil {
				if b, err = a.browser(handle); err == nil {
					err = b.enter()
				}
				if err != nil {
					return err
				}
			}
			rp, err := a.party(party)
			if err != nil {
				return err
			}
			return do(a, b, rp)
		}
	}
}

// citizen logs in at a portal, and agrees each time.
func citizen(handle string) func(*actor) func() error {
	return again(handle, "portal-fapi2", func(_ *actor, b *browser, rp *oauth.Party) error {
		_, err := b.ask(rp, callback, "consent", "login", url.Values{"scope": {"openid profile vneid:id"}, "prompt": {"consent"}})
		return err
	})
}

const details = `[{"type":"vneid_share","purpose":{"code":"car-rental","vi":"Thuê xe tự lái","en":"Self-drive car rental"},"basis":{"kind":"consent"},` +
	`"retention_days":30,"mode":"once","use":"view","documents":[{"kind":"driver-licence","essential":true,"claims":[{"name":"number","essential":true},{"name":"classes","essential":true}]}]}]`

// renter is asked for a driving licence, and shares it. A token gets the documents once, so
// that an answer that is lost here stays lost; the history tells.
func renter(handle string) func(*actor) func() error {
	return again(handle, "portal-share", func(a *actor, b *browser, rp *oauth.Party) error {
		tokens, err := b.ask(rp, "http://127.0.0.1:8090/rental/callback", "agreement", "grant", url.Values{"scope": {"vneid:share"}, "authorization_details": {details}})
		if err != nil {
			return err
		}
		a.note("fetches")
		got, err := rp.Get(withKey(newKey()), a.issuer+"/share/v1/bundle", tokens.Object.String("access_token"))
		if _, err = answered(got, err, http.StatusOK); errors.Is(err, errNoAnswer) {
			a.await()
			return nil
		}
		if err == nil {
			a.note("documents")
		}
		return err
	})
}

// note counts something.
func (a *actor) note(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.got[what]++
}
