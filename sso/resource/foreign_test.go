package resource

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// vector is a request that another tool signed.
type vector struct{ Desc, Tool, Token, Proof, Twin, Want string }

func readVector(t *testing.T, path string) (v vector) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil || v.Tool == "" || v.Desc == "" {
		t.Fatal(path, err)
	}
	return v
}

func (v vector) present(t *testing.T) error {
	t.Helper()
	doc, err := os.ReadFile("testdata/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jwks.Parse(doc, issuer, vneid.UseAccess)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{
		Issuer: issuer, Audience: audience, URL: base, Keys: keys,
		Need: Need{Scopes: []string{"records"}, Assurance: vneid.Assurance{Level: 2}, MaxAge: time.Minute},
		Now:  func() time.Time { return time.Unix(1767600060, 0) },
		// The vectors are older than any store in memory.
		Replay: says{nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/records", nil)
	r.Header.Set("Authorization", "Bearer "+v.Token)
	if v.Proof != "" {
		r.Header.Set("Authorization", "DPoP "+v.Token)
		r.Header.Set("DPoP", v.Proof)
	}
	_, err = s.Verify(r, Need{})
	return err
}

func TestRequestsThatOtherToolsSigned(t *testing.T) {
	accepted, _ := filepath.Glob("testdata/accepted/*.json")
	refused, _ := filepath.Glob("testdata/refused/*.json")
	if len(accepted) < 9 || len(refused) < 26 {
		t.Fatalf("%d and %d vectors", len(accepted), len(refused))
	}
	for _, path := range accepted {
		if err := readVector(t, path).present(t); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, path := range refused {
		v := readVector(t, path)
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			if err := readVector(t, "testdata/accepted/"+v.Twin+".json").present(t); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			var want vneid.Kind
			for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
				if k.Error() == v.Want {
					want = k
				}
			}
			refusedAs(t, v.present(t), want)
		})
	}
	t.Logf("%d accepted, %d refused", len(accepted), len(refused))
}
