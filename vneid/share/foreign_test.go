package share

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

type foreign struct {
	By      string
	Now     int64
	Keys    map[string]json.RawMessage
	Decrypt map[string]string
	Lists   map[string]string
	Cases   map[string]struct {
		Bundle, Kind, Twin string
		Encrypted          bool
	}
}

func foreignVectors(t testing.TB, name string) (f foreign) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	if err != nil || len(f.Cases) == 0 {
		t.Fatal(name, err)
	}
	return f
}

func (f foreign) verifier(t testing.TB, encrypted bool) *Verifier {
	t.Helper()
	set := func(iss string, uses ...vneid.Use) vneid.KeySet {
		keys, err := jwks.Parse(f.Keys[iss], iss, uses...)
		if err != nil {
			t.Fatal(err)
		}
		return keys
	}
	v := &Verifier{
		Platform: platform, Client: client, Keys: set(platform, UseEnvelope, UseReceipt), Status: lists(f.Lists), Replay: unlimited{},
		Issuers: map[string]Trust{
			police:    {set(police, UseDocument, vneid.UseStatus), []document.Kind{document.Identity, document.DriverLicence}},
			insurance: {set(insurance, UseDocument, vneid.UseStatus), []document.Kind{document.HealthInsurance}},
		},
		Now: func() time.Time { return time.Unix(f.Now, 0) },
	}
	if !encrypted {
		return v
	}
	for id, text := range f.Decrypt {
		block, _ := pem.Decode([]byte(text))
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		v.Decrypt = append(v.Decrypt, DecryptKey{id, key})
	}
	return v
}

func TestAnswersMadeByOthers(t *testing.T) {
	good, bad := foreignVectors(t, "accepted/bundles.json"), foreignVectors(t, "refused/bundles.json")
	for name, c := range good.Cases {
		r, err := good.verifier(t, c.Encrypted).Verify(context.Background(), []byte(c.Bundle), expect())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d, _ := r.Get(document.DriverLicence)
		licence, err := Reveal[paper.DriverLicence](d)
		if err != nil || licence.Number != "999000000001" || r.Citizen().Reveal().Name != "Nguyễn Thị Mẫu" || len(r.Documents()) != 3 {
			t.Errorf("%s: not what was sent: %v", name, err)
		}
		if value, known := r.Holds(LicenceIncludes("B")); !value || !known {
			t.Errorf("%s: no answer to a question", name)
		}
	}
	for name, c := range bad.Cases {
		t.Run(name, func(t *testing.T) {
			twin := good.Cases[c.Twin]
			if _, err := good.verifier(t, twin.Encrypted).Verify(context.Background(), []byte(twin.Bundle), expect()); err != nil {
				t.Fatal("the twin: ", err)
			}
			r, err := good.verifier(t, c.Encrypted).Verify(context.Background(), []byte(c.Bundle), expect())
			if err == nil || !r.IsZero() {
				t.Fatal("accepted")
			}
			if k := kindOf(t, err); k.Error() != c.Kind {
				t.Errorf("%v, want %s", err, c.Kind)
			}
		})
	}
	t.Logf("%s: %d accepted, %d refused", good.By, len(good.Cases), len(bad.Cases))
}

func TestRevealIsOfTheDocumentsKind(t *testing.T) {
	w := newWorld()
	r, err := verify(w.verifier(), w.answer(), expect())
	if err != nil {
		t.Fatal(err)
	}
	d, _ := r.Get(document.Identity)
	if p, err := Reveal[paper.Identity](d); err != nil || p.ID != "999190000001" || p.Birth.Year() != 1990 || p.Phone != "" {
		t.Error(err)
	}
	if p, err := Reveal[paper.DriverLicence](d); err == nil || kindOf(t, err) != vneid.ErrMismatch || p.Number != "" {
		t.Error(err)
	}
	if _, err := Reveal[paper.Identity](Document{}); err == nil {
		t.Error("no document reveals something")
	}
	s := w.answer()
	s.papers[0].hidden["id"] = 5
	r, err = verify(w.verifier(), s, expect())
	if err != nil {
		t.Fatal(err)
	}
	d, _ = r.Get(document.Identity)
	if p, err := Reveal[paper.Identity](d); err == nil || kindOf(t, err) != vneid.ErrMalformed || p.Name != "" {
		t.Error(err)
	}
}
