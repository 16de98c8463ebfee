package platform

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// asker is a client that asks for documents. Its requests and the reading of its
// bundles are made by hand.
type asker struct{ *fapi }

const law = "Luật Ví Dụ, Điều 1"

// allKinds is every kind that can be asked for.
func allKinds() (out []document.Kind) {
	for _, kinds := range issuerKinds {
		out = append(out, kinds...)
	}
	slices.Sort(out)
	return out
}

func (w *world) asker(edit func(*Client)) *asker {
	w.t.Helper()
	return &asker{w.fapi(func(c *Client) {
		c.Purposes = []Purpose{
			{Code: "car-rental", Vi: "Cho thuê xe tự lái", En: "Car rental", Kinds: allKinds(), RetentionDays: 90},
			{Code: "audit", Vi: "Kiểm tra theo luật", En: "Check by law", Kinds: []document.Kind{document.DriverLicence}, Citation: law},
		}
		if edit != nil {
			edit(c)
		}
	})}
}

// details is a good request for a licence; edits replace or (by nil) remove members.
func details(edits object) string {
	b, err := json.Marshal([]object{apply(object{
		"type": "vneid_share", "purpose": object{"code": "car-rental", "vi": "Cho thuê xe tự lái", "en": "Car rental"}, "basis": object{"kind": "consent"},
		"retention_days": 30, "mode": "once", "use": "view", "documents": []object{licenceDoc()},
	}, edits)})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func licenceDoc() object {
	return object{"kind": "driver-licence", "essential": true, "claims": []object{
		{"name": "number", "essential": true}, {"name": "classes", "essential": true}, {"name": "points"},
	}, "predicates": []object{{"name": "age", "at_least": 18, "essential": true}, {"name": "licence", "includes": "B"}}}
}

func docOf(kind string, claims ...string) object {
	var items []object
	for _, c := range claims {
		items = append(items, object{"name": c, "essential": true})
	}
	return object{"kind": kind, "claims": items}
}

// asks are the parameters of a data request.
func asks(details string) map[string]string {
	return map[string]string{"scope": "vneid:share", "authorization_details": details}
}

// grantBy lets a person answer; the tokens are what the client has then.
func (a *asker) grantBy(b *browser, details string) answer {
	a.t.Helper()
	got := b.authorize(a.refer(a.push(asks(details))))
	if got.Get("code") == "" {
		a.t.Fatalf("no code: %v, last page %+v", got, b.last())
	}
	return a.send("/token", codeForm(got.Get("code")), &a.bound)
}

func (a *asker) grant(handle, details string) answer {
	a.t.Helper()
	t := a.grantBy(a.browser(handle), details)
	if t.status != http.StatusOK {
		a.t.Fatalf("token endpoint: %d %s", t.status, t.raw)
	}
	return t
}

// fetch asks for a bundle.
func (a *asker) fetch(access string) answer {
	a.t.Helper()
	a.nonce = a.proofNonce("", a.now())
	return a.bundleBy("DPoP", access, a.proofBy(a.bound, "GET", "/share/v1/bundle", access, nil, nil))
}

func (a *asker) bundleBy(scheme, access, proof string) answer {
	a.t.Helper()
	req, err := http.NewRequest("GET", a.url+"/share/v1/bundle", nil)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Authorization", scheme+" "+access)
	if proof != "" {
		req.Header.Set("DPoP", proof)
	}
	return a.call(req)
}

// bundle is one that was read by hand.
type bundle struct {
	envelope, receipt object
	docs              []object // with what was disclosed
	raw               []string
}

func (a *asker) bundle(handle, details string) *bundle {
	a.t.Helper()
	t := a.grant(handle, details)
	return a.read(a.fetch(t.text("access_token")))
}

// read checks every signature with the standard library, by the published keys.
func (a *asker) read(got answer) *bundle {
	a.t.Helper()
	if got.status != http.StatusOK {
		a.t.Fatalf("no bundle: %d %s", got.status, got.raw)
	}
	b := &bundle{}
	own := func(token string) object {
		key, err := a.share.signer("ES256")
		if err != nil || !checkSignature(a.t, *key, token) {
			a.t.Fatalf("not signed by the platform's key: %v", err)
		}
		return claimsOf(a.t, token)
	}
	b.envelope, b.receipt = own(got.text("envelope")), own(got.text("receipt"))
	list, _ := got.body["documents"].([]any)
	digests, _ := b.envelope["documents"].([]any)
	if len(list) != len(digests) {
		a.t.Fatalf("%d documents, %d digests", len(list), len(digests))
	}
	for i := range list {
		text := list[i].(string)
		if digest(text) != digests[i] {
			a.t.Error("a digest is another document's")
		}
		b.raw = append(b.raw, text)
		b.docs = append(b.docs, a.readDoc(text))
	}
	return b
}

func (a *asker) readDoc(text string) object {
	a.t.Helper()
	jwt, _, _ := strings.Cut(text, "~")
	claims := claimsOf(a.t, jwt)
	i := a.issuers[strings.TrimPrefix(claims["iss"].(string), a.url+"/issuer/")]
	key, err := i.keys.signer("ES256")
	if err != nil || !checkSignature(a.t, *key, jwt) {
		a.t.Fatalf("not signed by its issuer: %v", err)
	}
	verify := func(s sdjwt.Signed) error { return jws.Verify(s.Alg, key.signer.Public(), s.Input, s.Signature) }
	doc, err := sdjwt.NewReader(sdjwt.Rules{Open: []string{"aud", "txn", "sub", "iat", "verification"}}).Read(text, sdjwt.Expect{Verify: verify})
	if err != nil {
		a.t.Fatal(err)
	}
	all, out := doc.Claims(), object{}
	if err := json.Unmarshal([]byte(all.Text()), &out); err != nil {
		a.t.Fatal(err)
	}
	return out
}

// What a client gets for one licence, from the request to the bundle.
func TestALicenceIsSharedAsItWasAgreedTo(t *testing.T) {
	w := newWorld(t)
	a := w.asker(nil)
	tokens := a.grant("level2", details(nil))
	if tokens.text("token_type") != "DPoP" || tokens.text("scope") != "vneid:share" || tokens.body["id_token"] != nil || tokens.body["refresh_token"] != nil {
		t.Errorf("%s", tokens.raw)
	}
	granted := tokens.body["authorization_details"].([]any)[0].(object)
	b := a.read(a.fetch(tokens.text("access_token")))
	wanted := object{
		"iss": w.url, "aud": a.id, "nonce": "nonce-nonce-nonce-nonce", "txn": granted["txn"], "grant": granted["grant"],
		"decision": "approved", "eid_locked": false, "acr": "urn:vneid:acr:l2:a2", "account_type": "citizen",
	}
	for name, want := range wanted {
		if b.envelope[name] != want {
			t.Errorf("%s is %v, want %v", name, b.envelope[name], want)
		}
	}
	doc := b.docs[0]
	wanted = object{
		"iss": w.url + "/issuer/police", "vct": "urn:vneid:document:driver-licence:1", "aud": a.id, "txn": granted["txn"], "sub": b.envelope["sub"],
		"number": "999000000001", "points": 12.0, "name": nil, "birth": nil,
	}
	for name, want := range wanted {
		if doc[name] != want {
			t.Errorf("the licence's %s is %v, want %v", name, doc[name], want)
		}
	}
	if p := doc["predicates"].(object); p["age>=18"] != true || p["licence:B"] != true || len(p) != 2 {
		t.Errorf("%v", p)
	}
	reads, err := w.History(context.Background(), "level2", 10)
	if err != nil || len(reads) != 1 || reads[0].Kind != ReadShare || reads[0].Share.Grant != granted["grant"] ||
		!slices.Contains(reads[0].Share.Documents["driver-licence"], "age>=18") {
		t.Errorf("the history: %+v, %v", reads, err)
	}
	if again := a.fetch(tokens.text("access_token")); again.text("error") != "invalid_token" {
		t.Errorf("a second bundle: %s", again.raw)
	}
}
