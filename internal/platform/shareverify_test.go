package platform

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// listFetcher brings status lists from the platform.
type listFetcher struct{}

func (listFetcher) Fetch(ctx context.Context, uri string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// keySet reads a published set for some uses.
func (a *asker) keySet(path, issuer string, uses ...vneid.Use) vneid.KeySet {
	a.t.Helper()
	keys, err := jwks.Parse(a.get(path).raw, issuer, uses...)
	if err != nil {
		a.t.Fatal(err)
	}
	return keys
}

// verifier is the real relying party's.
func (a *asker) verifier() *share.Verifier {
	a.t.Helper()
	v := &share.Verifier{
		Platform: a.url, Client: a.id, Now: a.clock.Now, Status: listFetcher{}, Issuers: map[string]share.Trust{},
		Keys:   a.keySet("/share/jwks.json", a.url, share.UseEnvelope, share.UseReceipt),
		Replay: vneid.NewMemoryReplay(0, a.clock.Now),
	}
	for url, kinds := range a.Issuers() {
		v.Issuers[url] = share.Trust{Keys: a.keySet(url[len(a.url):]+"/jwks.json", url, share.UseDocument, vneid.UseStatus), Kinds: kinds}
	}
	return v
}

// expect is what the relying party knows of its request.
func expect(details string, tokens answer) share.Expect {
	d, err := sharewire.Decode(details)
	if err != nil {
		panic(err)
	}
	r := share.Request{
		Purpose: share.Purpose{Code: d.Purpose.Code, VI: d.Purpose.VI, EN: d.Purpose.EN},
		Basis:   share.Basis{Kind: share.BasisKind(d.Basis.Kind), Citation: d.Basis.Citation}, RetentionDays: d.RetentionDays, Store: d.Store,
	}
	if d.Periodic != nil {
		r.Periodic = &share.Period{Until: d.Periodic.Until, Days: d.Periodic.Days}
	}
	for _, w := range d.Documents {
		want := share.Want{Kind: w.Kind, Optional: !w.Essential, MaxAgeDays: w.MaxAgeDays}
		for _, c := range w.Claims {
			want.Claims = append(want.Claims, share.Claim{Name: c.Name, Optional: !c.Essential})
		}
		for _, p := range w.Predicates {
			want.Predicates = append(want.Predicates, share.Predicate{Predicate: p.Predicate, Optional: !p.Essential})
		}
		r.Documents = append(r.Documents, want)
	}
	granted := tokens.body["authorization_details"].([]any)[0].(object)
	return share.Expect{Request: r, Txn: granted["txn"].(string), Grant: granted["grant"].(string), Nonce: "nonce-nonce-nonce-nonce"}
}

func TestTheRealVerifierTakesOurBundles(t *testing.T) {
	w := newWorld(t)
	a := w.asker(nil)
	for handle, kind := range map[string]string{"level2": "driver-licence", "namesake": "driver-licence", "old-cmnd": "driver-licence", "first-login": "driver-licence"} {
		tokens := a.grant(handle, details(nil))
		got := a.fetch(tokens.text("access_token"))
		r, err := a.verifier().Verify(context.Background(), got.raw, expect(details(nil), tokens))
		if err != nil {
			t.Errorf("%s, %s: %v", handle, kind, err)
			continue
		}
		t.Log(handle, r.Decision(), len(r.Documents()))
	}
}
