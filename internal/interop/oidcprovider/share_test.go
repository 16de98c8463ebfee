package oidcprovider

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// asker registers a relying party that asks for data, and returns its client.
func asker(t *testing.T) (*provider, *party, *share.Client, share.Config) {
	t.Helper()
	s, key := newParty(t), ecKey(t)
	p := start(t, s.srv, object{
		"client_id": "asker", "redirect_uris": []string{s.srv.URL + "/answer"}, "scope": "vneid:share",
		"grant_types": []string{"authorization_code", "refresh_token"}, "response_types": []string{"code"},
		"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256",
		"dpop_bound_access_tokens": true, "require_pushed_authorization_requests": true, "authorization_details_types": []string{"vneid_share"},
		"jwks": object{"keys": []object{public(t, "sign", "sig", key.Public())}},
	})
	plainOAuth(p)
	police := p.issuer + "/issuer/police"
	cfg := share.Config{
		Issuer: p.issuer, ClientID: "asker", RedirectURL: s.srv.URL + "/answer", Key: key, KeyID: "sign",
		Verifier: &share.Verifier{
			Platform: p.issuer, Client: "asker", Replay: vneid.NewMemoryReplay(0, nil), AcceptUnchecked: true,
			Keys:    &jwks.Remote{URL: p.issuer + "/share/jwks.json", Issuer: p.issuer, Uses: []vneid.Use{share.UseEnvelope, share.UseReceipt}},
			Issuers: map[string]share.Trust{police: {Kinds: []document.Kind{document.DriverLicence}, Keys: &jwks.Remote{URL: police + "/jwks.json", Issuer: police, Uses: []vneid.Use{share.UseDocument}}}},
		},
	}
	client, err := share.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p, s, client, cfg
}

// plainOAuth takes out what this provider takes in OpenID requests alone: nonce, which
// our envelope repeats, and acr_values, which RFC 9470 §4 has for all.
func plainOAuth(p *provider) {
	forward := p.stand[""]
	p.stand["/request"] = func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(text))
		form.Del("acr_values")
		form.Del("nonce")
		out := form.Encode()
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(out)), int64(len(out))
		forward(w, r)
	}
}

func licence() share.Request {
	return share.Request{
		Purpose: share.Purpose{Code: "car-rental", VI: "Cho thuê xe tự lái", EN: "Self-drive car rental"}, RetentionDays: 30, Store: true,
		Documents: []share.Want{{Kind: document.DriverLicence, Claims: []share.Claim{{Name: "number"}, {Name: "points", Optional: true}}, Predicates: []share.Predicate{share.AgeAtLeast(18)}}},
	}
}

// A data request is an authorization request like any other: the certified provider
// reads it (RFC 9126, RFC 9396, RFC 7523, RFC 9449), asks the person, and answers with
// the details that were granted. Documents are beyond it, so this one's answer is that
// the eID was locked meanwhile, which is as far as a fetch can come.
func TestADataRequestAtAForeignProvider(t *testing.T) {
	p, s, client, cfg := asker(t)
	var access, proof string
	p.stand["/share/v1/bundle"] = func(w http.ResponseWriter, r *http.Request) {
		access, proof = strings.TrimPrefix(r.Header.Get("Authorization"), "DPoP "), r.Header.Get("DPoP")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `{"error":"eid_locked"}`)
	}
	to, session, err := client.Begin(t.Context(), licence())
	if err != nil {
		t.Fatal(err)
	}
	query := newBrowser(t, s, p.issuer).returns(to, cfg.RedirectURL)
	if query == "" {
		t.Fatal("the browser did not come back")
	}
	_, err = client.Finish(t.Context(), session, query)
	if !errors.Is(err, vneid.ErrLocked) || !errors.As(err, new(*vneid.LockError)) {
		t.Fatalf("the fetch was not reached, or not understood: %v", err)
	}
	if n := len(p.asked("/token")); n == 0 || n > 2 { // two when it wants a nonce
		t.Errorf("%d exchanges", n)
	}
	held(t, access, proof)
	if _, again := client.Finish(t.Context(), session, query); again == nil || again.Error() != err.Error() {
		t.Errorf("once more: %v", again)
	}
	pushed := p.asked("/request")
	if len(pushed) == 0 || !strings.Contains(pushed[len(pushed)-1].PostForm.Get("authorization_details"), `"driver-licence"`) {
		t.Errorf("%d pushed requests", len(pushed))
	}
}

// held checks that the provider's access token says what was granted, and is bound to
// the key that the proof of the fetch was made with.
func held(t *testing.T, access, proof string) {
	t.Helper()
	token, err := jws.NewParser(jws.Rules{Algs: []string{"ES256"}, Types: []string{"at+jwt"}}).Parse(access)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := token.Claims()
	if err != nil {
		t.Fatal(err)
	}
	var details []struct {
		Type, Txn, Grant string
		Documents        []struct{ Kind string }
	}
	if err := json.Unmarshal([]byte(claims.Raw("authorization_details")), &details); err != nil || len(details) != 1 || details[0].Documents[0].Kind != "driver-licence" || details[0].Txn == "" {
		t.Errorf("%v: %+v", err, details)
	}
	if claims.In("cnf", "jkt") == "" || strings.Count(proof, ".") != 2 {
		t.Error("the token is bound to nothing, or no proof came")
	}
}

// What the provider does not take, it refuses before anybody is asked; what somebody
// between changes is refused by us.
func TestADataRequestThatTheForeignProviderOrWeRefuse(t *testing.T) {
	p, s, client, cfg := asker(t)
	refused := func(name string, want vneid.Kind, change func(body object)) {
		t.Helper()
		alter := member("/token", change)
		p.change(func(res *http.Response) error { alter(res); return nil })
		to, session, err := client.Begin(t.Context(), licence())
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Finish(t.Context(), session, newBrowser(t, s, p.issuer).returns(to, cfg.RedirectURL))
		if !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.stand["/share/v1/bundle"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `{"error":"eid_locked"}`)
	}
	refused("the twin", vneid.ErrLocked, func(object) {})
	refused("unbound", vneid.ErrUntrusted, func(body object) { body["token_type"] = "Bearer" })
	refused("more than was asked for", vneid.ErrMismatch, func(body object) {
		d := body["authorization_details"].([]any)[0].(object)
		d["documents"] = append(d["documents"].([]any), object{"kind": "passport", "claims": []object{{"name": "number"}}})
	})
	refused("something essential declined", vneid.ErrDenied, func(body object) {
		body["authorization_details"].([]any)[0].(object)["documents"] = []object{}
	})
	refused("nothing said", vneid.ErrMalformed, func(body object) { delete(body, "authorization_details") })
	p.change(nil)
	b := newBrowser(t, s, p.issuer)
	b.no = true
	to, session, err := client.Begin(t.Context(), licence())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Finish(t.Context(), session, b.returns(to, cfg.RedirectURL)); !errors.Is(err, vneid.ErrDenied) {
		t.Errorf("refused by the person: %v", err)
	}
}
