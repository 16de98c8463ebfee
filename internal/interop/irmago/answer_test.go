package irmago

import (
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/privacybydesign/irmago/eudi/credentials/statuslist"

	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// Every document that the platform gave out, of four issuers, is read by irmago as it is
// by us, and not once it was changed; so are the status lists that we archive.
func TestThePlatformsDocumentsHoldWithThem(t *testing.T) {
	p := vneidtest.New(t)
	claim := func(kind document.Kind, names ...string) share.Want {
		w := share.Want{Kind: kind}
		for _, n := range names {
			w.Claims = append(w.Claims, share.Claim{Name: n})
		}
		return w
	}
	licence := claim(document.DriverLicence, "number", "classes")
	licence.Predicates = []share.Predicate{share.AgeAtLeast(18), share.LicenceIncludes("B")}
	r, err := p.Ask("level2", p.Share("https://portal.example/callback"), share.Request{
		Purpose: vneidtest.Purpose, RetentionDays: 30, Store: true,
		Documents: []share.Want{claim(document.Identity, "name", "birth"), licence, claim(document.HealthInsurance, "number"), claim(document.TaxCode, "number")},
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	read, refused, lists := 0, 0, map[string]bool{}
	for i, d := range r.Documents() {
		text := e.Documents[i]
		head, open := decode(t, part(t, text, 0)), decode(t, part(t, text, 1))
		set, err := jwk.Parse(e.Keys[d.Issuer()])
		if err != nil {
			t.Fatal(err)
		}
		k, ok := set.LookupKeyID(head["kid"].(string))
		if !ok {
			t.Fatalf("%s: no key", d.Kind())
		}
		key := publicKey(t, k)
		got, err := theirs(text, key)
		if err != nil {
			t.Errorf("%s: %v", d.Kind(), err)
			continue
		}
		read++
		for _, n := range d.Names() {
			ours, _ := d.Claim(n)
			if theirs, err := json.Marshal(got[n]); err != nil || !same(t, ours, theirs) {
				t.Errorf("%s: %s is read otherwise", d.Kind(), n)
			}
		}
		if answers, _ := got["predicates"].(map[string]any); d.Kind() == document.DriverLicence && (answers["age>=18"] != true || answers["licence:B"] != true) {
			t.Errorf("the answers to questions: %v", slices.Collect(maps.Keys(answers)))
		}
		for n, bad := range tampered(text) {
			if _, err := theirs(bad, key); err == nil {
				t.Errorf("%s: they accept tampering %d", d.Kind(), n)
			}
			refused++
		}
		lists[open["status"].(map[string]any)["status_list"].(map[string]any)["uri"].(string)] = true
	}
	for uri := range lists {
		if _, there := e.Status[uri]; !there {
			t.Errorf("a list is not archived: %d are", len(e.Status))
		}
		// The peer wants a did for an issuer, so that it cannot go by our keys: what it
		// must not do is to believe the list.
		checker := statuslist.NewChecker(statuslist.VerificationContext{HTTPClient: &http.Client{Transport: served(e.Status[uri])}}, nil)
		if _, err := checker.Check(t.Context(), statuslist.Reference{URI: uri}); err == nil {
			t.Error("they believe a list whose issuer they do not know")
		}
	}
	if read != 4 || refused != 12 {
		t.Errorf("%d read, %d refused", read, refused)
	}
	t.Logf("irmago: %d documents of the platform read alike, %d changed ones refused", read, refused)
}

func publicKey(t *testing.T, k jwk.Key) *ecdsa.PublicKey {
	t.Helper()
	var key ecdsa.PublicKey
	if err := jwk.Export(k, &key); err != nil {
		t.Fatal(err)
	}
	return &key
}

func part(t *testing.T, text string, i int) string {
	t.Helper()
	jwt, _, _ := strings.Cut(text, "~")
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[i])
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func same(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		t.Fatal("no JSON")
	}
	x1, _ := json.Marshal(x)
	y1, _ := json.Marshal(y)
	return string(x1) == string(y1)
}
