package sso

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// vector is a file of testdata/accepted or testdata/refused.
type vector struct{ Desc, Tool, Token, Twin, Want string }

func readJSON(t testing.TB, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}

// foreign is a client that trusts the keys of testdata, and the session that its
// tokens answer.
func foreign(t testing.TB) (*Client, *Session) {
	t.Helper()
	var setup struct {
		Issuer, Nonce string
		ClientID      string `json:"client_id"`
		Now           int64
	}
	readJSON(t, "testdata/setup.json", &setup)
	doc, err := os.ReadFile("testdata/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jwks.Parse(doc, setup.Issuer, vneid.UseIDToken)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(setup.Now, 0)
	c, err := New(Config{
		Issuer: setup.Issuer, ClientID: setup.ClientID, RedirectURL: "https://portal.example/cb", Keys: keys,
		Need: vneid.Assurance{Level: 2, Auth: 3}, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.pending(Ask{MaxAge: 5 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	p.Nonce, p.Created = setup.Nonce, now.Add(-2*time.Minute)
	return c, newSession(p)
}

func TestTokensMadeByAForeignTool(t *testing.T) {
	c, s := foreign(t)
	verify := func(t *testing.T, v vector) (*Identity, error) {
		return c.VerifyIDToken(context.Background(), v.Token, s, sealOwn)
	}
	accepted, err := filepath.Glob("testdata/accepted/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range accepted {
		t.Run(path, func(t *testing.T) {
			var v vector
			readJSON(t, path, &v)
			id, err := verify(t, v)
			if err != nil {
				t.Fatalf("%s: %v", v.Desc, err)
			}
			r := id.Citizen().Reveal()
			if r.ID != "999085000001" || r.Name != "Trần Văn Mẫu" || r.Birth.String() != "1985-12-01" || r.Sex != vneid.Male ||
				id.Assurance().Level != 2 || id.Assurance().Auth != 3 || id.Subject() != "pairwise-python-1" {
				t.Errorf("read as %+v", r)
			}
			if raw, ok := id.Claim("unknown"); !ok || len(raw) < 20 {
				t.Errorf("the unknown claim is %s", raw)
			}
		})
	}
	refused, err := filepath.Glob("testdata/refused/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range refused {
		t.Run(path, func(t *testing.T) {
			var v, twin vector
			readJSON(t, path, &v)
			readJSON(t, "testdata/accepted/"+v.Twin+".json", &twin)
			if _, err := verify(t, twin); err != nil {
				t.Fatalf("the twin was refused: %v", err)
			}
			id, err := verify(t, v)
			for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
				if k.Error() == v.Want {
					refusedAs(t, err, k)
				}
			}
			if err == nil || id != nil {
				t.Errorf("%s: passed", v.Desc)
			}
		})
	}
	if len(accepted) < 9 || len(refused) < 50 {
		t.Errorf("%d accepted and %d refused files", len(accepted), len(refused))
	}
}
