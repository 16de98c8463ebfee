package web

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// desk registers a party that asks at a counter.
func desk(t *testing.T, s *Site) *share.Client {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set, err := jwx.Marshal(jwx.Key{Public: key.Public(), ID: "k", Alg: "ES256", Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	iss := s.Platform.Issuer()
	err = s.Platform.Register(context.Background(), platform.Client{
		ID: "school", Name: "Trường Mẫu", Class: "public-service", Profile: platform.FAPI2, Keys: set, CIBA: platform.Poll,
		RedirectURIs: []string{"https://school.example/back"},
		Purposes:     []platform.Purpose{{Code: "enrol", Vi: "Nhập học", En: "Enrolment", Kinds: paper.Kinds()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	v := &share.Verifier{
		Platform: iss, Client: "school", Replay: vneid.NewMemoryReplay(0, nil), AcceptUnchecked: true, Issuers: map[string]share.Trust{},
		Keys: &jwks.Remote{URL: iss + "/share/jwks.json", Issuer: iss, Uses: []vneid.Use{share.UseEnvelope, share.UseReceipt}},
	}
	for url, kinds := range s.Platform.Issuers() {
		v.Issuers[url] = share.Trust{Kinds: kinds, Keys: &jwks.Remote{URL: url + "/jwks.json", Issuer: url, Uses: []vneid.Use{share.UseDocument, vneid.UseStatus}}}
	}
	client, err := share.New(share.Config{Issuer: iss, ClientID: "school", Key: key, KeyID: "k", Verifier: v})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func enrolment() share.Request {
	return share.Request{Purpose: share.Purpose{Code: "enrol", VI: "Nhập học", EN: "Enrolment"}, Documents: []share.Want{
		{Kind: document.HealthInsurance, Claims: []share.Claim{{Name: "number"}, {Name: "facility", Optional: true}}},
	}}
}

var grantField = regexp.MustCompile(`name="grant" value="([^"]+)"`)

// A child says yes in the app, the mother on her page, and she takes it back for
// herself later: every page without scripts.
func TestConsentsAreGivenSeenAndWithdrawn(t *testing.T) {
	s, v := open(t)
	client, ctx := desk(t, s), context.Background()
	ask := func(handle string) {
		who, _ := personas.Get(handle)
		asked, err := client.Ask(ctx, enrolment(), who.Username(), "Quay 1")
		if err != nil {
			t.Fatal(err)
		}
		_, page := v.Get("/phone")
		for _, want := range []string{"Nhập học", "Trường Mẫu", `name="scope" value="health-insurance"`, `value="health-insurance/facility"`, "Thẻ BHYT"} {
			if !strings.Contains(page, want) {
				t.Errorf("the telephone does not show %s", want)
			}
		}
		if strings.Contains(page, "checked") {
			t.Error("something is ticked beforehand")
		}
		waiting, err := s.Platform.Prompts(ctx, handle)
		if err != nil || len(waiting) != 1 {
			t.Fatal(len(waiting), err)
		}
		v.Post("/phone", url.Values{"account": {handle}, "prompt": {waiting[0].ID}, "number": {asked.Number()}, "password": {personas.Password},
			"scope": {"health-insurance"}})
	}
	ask("teen")
	v.logIn("guardian")
	_, page := v.Get("/me/shares")
	m := grantField.FindStringSubmatch(page)
	if m == nil || !strings.Contains(page, "Nguyễn Gia Khôi") || strings.Contains(page, "health-insurance/facility") || strings.Contains(page, "checked") {
		t.Fatalf("the mother's page: %s", page)
	}
	form := url.Values{"grant": {m[1]}, "decision": {"allow"}, "scope": {"health-insurance"}}
	if res, _ := v.Post("/me/shares/decide", form, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site decides: %d", res.StatusCode)
	}
	if res, _ := v.Post("/me/shares/decide", form); !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
		t.Errorf("one factor was enough: %s", res.Request.URL)
	}
	session := platform.Session{Assurance: vneid.Assurance{Level: 2, Auth: 2, At: time.Now()}}
	var err error
	for _, stranger := range []string{"old-cmnd", "teen"} { // nobody of theirs, and the child alone
		if session.Account, err = s.Platform.Account(ctx, stranger); err == nil {
			err = s.Platform.DecideShare(ctx, session, m[1], form["scope"])
		}
		if !errors.Is(err, platform.ErrNotYours) && !errors.Is(err, platform.ErrNoShare) {
			t.Errorf("%s decides in the mother's place: %v", stranger, err)
		}
	}
	if session.Account, err = s.Platform.Account(ctx, "guardian"); err == nil {
		err = s.Platform.DecideShare(ctx, session, m[1], form["scope"])
	}
	if err != nil {
		t.Fatal(err)
	}

	ask("level2")
	other := stranger(t, v.Base)
	other.logIn("level2")
	_, page = other.Get("/me/shares")
	m = grantField.FindStringSubmatch(page)
	if m == nil || !strings.Contains(page, "Trường Mẫu") || !strings.Contains(page, "Rút lại sự đồng ý") || !strings.Contains(page, platform.Banner) {
		t.Fatalf("the father's page: %s", page)
	}
	if _, page := v.Post("/me/shares/withdraw", url.Values{"grant": m[1:]}); strings.Contains(page, "Đã rút lại sự đồng ý") {
		t.Error("the mother withdrew what the father shared")
	}
	if _, page = other.Post("/me/shares/withdraw", url.Values{"grant": m[1:]}); !strings.Contains(page, "Đã rút lại sự đồng ý") || grantField.MatchString(page) {
		t.Errorf("after the withdrawal: %s", page)
	}
	if _, page = other.Post("/me/shares/withdraw", url.Values{"grant": m[1:]}); !strings.Contains(page, "đã kết thúc") {
		t.Errorf("withdrawn twice: %s", page)
	}
}
