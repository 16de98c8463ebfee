package jwks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Key sets and ID tokens made by openssl, Python and Node; each file names its
// maker.
func TestForeignKeysAndTokens(t *testing.T) {
	paths, _ := filepath.Glob("testdata/accepted/*.json")
	if len(paths) < 3 {
		t.Fatal("fixtures are missing")
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			b, err := os.ReadFile(path)
			must(err)
			var file struct {
				Maker       string
				Thumbprints bool // kids are RFC 7638 thumbprints
				JWKS        json.RawMessage
				Tokens      map[string]string
			}
			must(json.Unmarshal(b, &file))
			set := static(t, string(file.JWKS))
			keys, skipped, err := jwx.ParseSet(file.JWKS)
			if err != nil || len(skipped) > 0 || file.Maker == "" || len(file.Tokens) != len(keys) {
				t.Fatalf("%v, %v skipped", err, skipped)
			}
			for _, k := range keys {
				if sum, err := jwx.Thumbprint(k.Public); file.Thumbprints && (err != nil || sum != k.ID) {
					t.Errorf("thumbprint %s, its maker says %s", sum, k.ID)
				}
			}
			p := jws.NewParser(jws.Rules{Types: []string{"JWT"}})
			for alg, token := range file.Tokens {
				tok, err := p.Parse(token)
				if err != nil {
					t.Fatalf("%s: %v", alg, err)
				}
				m := vneid.Signed{Use: vneid.UseIDToken, Issuer: issuer, Alg: tok.Alg, KeyID: tok.KeyID, Input: tok.Input, Signature: tok.Signature}
				expect(t, set, m, 0)
				c, err := tok.Claims()
				if err != nil || c.String("sub") != "9b1f" || c.Strings("aud")[0] != "rp" || c.Time("exp").Unix() != 1767600600 || c.Err() != nil {
					t.Errorf("%s: claims %s, %v", alg, c.Text(), err)
				}
				m.Input = []byte(strings.Replace(string(m.Input), ".", "A.", 1))
				expect(t, set, m, vneid.ErrSignature)
			}
		})
	}
}
