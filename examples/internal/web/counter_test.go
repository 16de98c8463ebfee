package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// The test telephone shows what a counter asks, and takes number, password and face.
func TestTheTelephoneAnswersACounter(t *testing.T) {
	for answer, want := range map[string]string{"right": "", "refused": "access_denied", "wrong password": "authorization_pending", "no face": "authorization_pending"} {
		site, v := open(t)
		err := site.Platform.Register(t.Context(), platform.Client{ID: "desk", Name: "BHXH thử nghiệm", Secret: "desk-secret-of-a-test",
			RedirectURIs: []string{"https://desk.example/"}, Scopes: []string{"vneid:id"}, CIBA: platform.Poll})
		if err != nil {
			t.Fatal(err)
		}
		who, _ := personas.Get("level2")
		form := url.Values{"client_id": {"desk"}, "client_secret": {"desk-secret-of-a-test"}, "scope": {"openid vneid:id"},
			"login_hint": {who.Username()}, "binding_message": {"47 quay 3"}, "acr_values": {"urn:vneid:acr:l2:a4"}}
		_, ack := v.Post("/bc-authorize", form)
		id := regexp.MustCompile(`"auth_req_id":"([^"]+)"`).FindStringSubmatch(ack)
		if id == nil {
			t.Fatal(ack)
		}
		_, page := v.Get("/phone")
		prompt := regexp.MustCompile(`name="prompt" value="([^"]+)"`).FindStringSubmatch(page)
		if prompt == nil || !strings.Contains(page, "BHXH thử nghiệm") || !strings.Contains(page, "quay 3") || strings.Contains(page, "47 quay") || strings.Contains(page, ">47<") ||
			!strings.Contains(page, `name="password"`) || !strings.Contains(page, `name="result"`) || !strings.Contains(page, "Số định danh cá nhân") {
			t.Fatalf("the telephone shows %s", page)
		}
		give := url.Values{"account": {"level2"}, "prompt": {prompt[1]}, "number": {"47"}, "password": {who.Account.Password}, "result": {"match"}}
		switch answer {
		case "refused":
			give.Set("decision", "deny")
		case "wrong password":
			give.Set("password", "x")
		case "no face":
			give.Del("result")
		}
		v.Post("/phone", give)
		res, tokens := v.Post("/token", url.Values{"client_id": {"desk"}, "client_secret": {"desk-secret-of-a-test"},
			"grant_type": {"urn:openid:params:grant-type:ciba"}, "auth_req_id": {id[1]}})
		if (res.StatusCode == http.StatusOK) != (want == "") || want != "" && !strings.Contains(tokens, want) {
			t.Errorf("%s: %d %s", answer, res.StatusCode, tokens)
		}
	}
}
