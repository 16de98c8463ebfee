package activeauth

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/cms"
)

type answer struct{ Key, Challenge, Answer, Twin, Hash string }

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func answers(t testing.TB) (list map[string]answer) {
	b, err := os.ReadFile("testdata/aa.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &list); err != nil || len(list) < 100 {
		t.Fatal(err, len(list))
	}
	return list
}

var hashes = map[string]crypto.Hash{"sha1": crypto.SHA1, "sha224": crypto.SHA224, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}

func (a answer) verify(t testing.TB, declared crypto.Hash) (crypto.Hash, bool) {
	key, err := cms.ParsePublicKey(unhex(t, a.Key))
	if err != nil {
		t.Fatal(err)
	}
	return Verify(key, declared, unhex(t, a.Challenge), unhex(t, a.Answer))
}

func TestAnswersPassAndTheirFaultyTwinsDoNot(t *testing.T) {
	list := answers(t)
	for name, a := range list {
		if a.Twin == "" {
			if h, ok := a.verify(t, 0); !ok || h != hashes[a.Hash] {
				t.Errorf("%s: %v %v", name, h, ok)
			}
			continue
		}
		twin, found := list[a.Twin]
		if !found || twin.Key != a.Key {
			t.Fatalf("%s has no twin %s", name, a.Twin)
		}
		if h, ok := a.verify(t, 0); ok || h != 0 {
			t.Errorf("%s passes", name)
		}
	}
}

func TestADeclaredDigestIsTheOnlyOne(t *testing.T) {
	a := answers(t)["secp256r1 sha256 plain"]
	if _, ok := a.verify(t, crypto.SHA256); !ok {
		t.Error("the declared digest is refused")
	}
	if _, ok := a.verify(t, crypto.SHA512); ok {
		t.Error("another digest than the declared one passes")
	}
	if _, ok := a.verify(t, crypto.MD5); ok {
		t.Error("a digest that is not linked in passes")
	}
}

// ICAO Doc 9303-11 Appendix F shows the message representative, but no key.
func TestRepresentativeOfAppendixF(t *testing.T) {
	f := unhex(t, `6A9D2784A67F8E7C659973EA1AEA25D95B6C8F91E5002F369F0FBDCE8A3CEC1991B543F1696546C5524CF23A5303CD6C
		98599F40B79F377B5F3A1406B3B4D8F96784D23AA88DB7E1032A405E69325FA91A6E86F5C71AEA978264C4A207446DAD
		4E7292E2DCDA3024B47DA8C063AA1E6D22FBD976AB0FE73D94D2D9C6D88127BC`)
	challenge := unhex(t, "F173589974BF40C6")
	if h, ok := recovered(f, challenge); !ok || h != crypto.SHA1 {
		t.Error(h, ok)
	}
	for i := range f {
		broken := bytes.Clone(f)
		broken[i] ^= 1
		if _, ok := recovered(broken, challenge); ok {
			t.Errorf("byte %d may change", i)
		}
	}
}

func FuzzVerify(f *testing.F) {
	list := answers(f)
	var keys []*cms.PublicKey
	for _, name := range []string{"rsa 1024", "secp256r1 in DER", "brainpoolP512r1 in DER"} {
		key, err := cms.ParsePublicKey(unhex(f, list[name].Key))
		if err != nil {
			f.Fatal(err)
		}
		keys = append(keys, key)
		f.Add(unhex(f, list[name].Answer))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, key := range keys {
			if _, ok := Verify(key, 0, []byte("no such challenge"), b); ok {
				t.Error("an answer to no challenge passes")
			}
		}
	})
}
