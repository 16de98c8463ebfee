package platform

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// tap notes every call of a client in its order, and how long each answer is.
type tap struct {
	calls []string
	said  []byte // the tokens' answers, masked
}

func (c *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(res.Body)
	res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(b))
	c.calls = append(c.calls, fmt.Sprintf("%s %s %d %s", r.Method, r.URL.Path, res.StatusCode, res.Header.Get("Content-Type")))
	switch r.URL.Path {
	case "/share/v1/bundle":
		c.calls = append(c.calls, fmt.Sprint(len(b), " bytes"))
	case "/token":
		c.said = append(c.said, masked2(b)...)
	}
	return res, err
}

// shareByClient lets level2 answer with the relying party's real client.
func shareByClient(t *testing.T, prepare func(*world), ticks string) (*tap, share.Records) {
	t.Helper()
	w := newWorld(t)
	enc := newDevice(t)
	a := w.asker(func(c *Client) {
		c.Keys = withKey(c.Keys, apply(enc.jwk(), object{"kid": "e1", "alg": "ECDH-ES+A256KW", "use": "enc"}))
	})
	if prepare != nil {
		prepare(w)
	}
	v, seen := a.verifier(), &tap{}
	v.Decrypt = []share.DecryptKey{{ID: "e1", Key: enc.key}}
	client, err := share.New(share.Config{
		Issuer: w.url, ClientID: a.id, RedirectURL: rpBack, Key: a.auth.key, KeyID: "k1", Verifier: v,
		HTTP: &http.Client{Transport: seen}, Now: w.clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	target, s, err := client.Begin(t.Context(), share.Request{
		Purpose: share.Purpose{Code: "car-rental", VI: "Cho thuê xe tự lái", EN: "Car rental"}, Need: vneid.Assurance{Level: 2},
		Documents: []share.Want{
			{Kind: document.DriverLicence, Optional: true, Claims: []share.Claim{{Name: "number"}, {Name: "points", Optional: true}}},
			{Kind: document.VehicleRegistration, Optional: true, Claims: []share.Claim{{Name: "plate"}, {Name: "owner"}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	b := w.browser("level2")
	b.forms[StepShare] = map[string]string{FieldScope: ticks}
	records, err := client.Finish(t.Context(), s, b.authorize(u.Query()).Encode())
	if err != nil {
		t.Fatal(err)
	}
	return seen, records
}

// Who holds the key that answers are encrypted to, reads them with every check and
// counts calls and bytes, cannot tell either what does not exist from what was declined.
func TestTheRealClientCannotTellWhatDoesNotExist(t *testing.T) {
	const licence = "driver-licence,driver-licence/points"
	const both = licence + ",vehicle-registration"
	for _, c := range []struct {
		name           string
		gone           []document.Kind
		agreed, ticked string
		docs           int
	}{
		{"one of two documents", []document.Kind{document.VehicleRegistration}, both, licence, 1},
		{"both", []document.Kind{document.VehicleRegistration, document.DriverLicence}, both, "", 0},
	} {
		declined, saidNo := shareByClient(t, nil, c.ticked)
		absent, hasNone := shareByClient(t, func(w *world) {
			for _, kind := range c.gone {
				w.lose("level2", kind)
			}
		}, c.agreed)
		if fmt.Sprint(declined.calls) != fmt.Sprint(absent.calls) || !bytes.Equal(declined.said, absent.said) {
			t.Errorf("%s: %v\n%s\n%v\n%s", c.name, declined.calls, declined.said, absent.calls, absent.said)
		}
		if told(saidNo) != told(hasNone) || len(saidNo.Documents()) != c.docs {
			t.Errorf("%s: %s\n%s", c.name, told(saidNo), told(hasNone))
		}
	}
	all, _ := shareByClient(t, nil, both)
	some, _ := shareByClient(t, nil, licence)
	if fmt.Sprint(all.calls) == fmt.Sprint(some.calls) {
		t.Error("the comparison sees nothing")
	}
}

// told is all that an answer tells, but for names that always differ.
func told(r share.Records) string {
	receipt := r.Receipt()
	text := fmt.Sprint(r.Decision(), r.Declined(), r.Assurance(), r.Integrity(), r.Approvals(), receipt.Granted, receipt.Purpose, receipt.Basis, receipt.Start, receipt.End, r.Sequence())
	for _, d := range r.Documents() {
		state, since := d.State()
		names := slices.Sorted(slices.Values(d.Names())) // their order is the digests', which is anybody's
		text += fmt.Sprint(d.Kind(), names, state, since, d.Source(), d.Issued(), d.Expires())
	}
	return text
}
