package jwx_test

import (
	"crypto"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// EC and OKP keys are read, and all thumbprints made, without jwx: it must agree.
func TestKeysAndThumbprintsAreThoseOfTheLibrary(t *testing.T) {
	for range 16 { // coordinates with leading zeros occur now and then
		for name, public := range publics(t) {
			text, err := jwx.MarshalKey(jwx.Key{Public: public})
			must(err)
			ours, err := jwx.ParseKey(string(text))
			must(err)
			theirs, err := jwk.ParseKey(text)
			must(err)
			var raw any
			must(theirs.Raw(&raw))
			sum, err := theirs.Thumbprint(crypto.SHA256)
			must(err)
			if got, err := jwx.Thumbprint(public); err != nil || got != base64.RawURLEncoding.EncodeToString(sum) || !equal(ours.Public, raw) {
				t.Fatalf("%s: %s and %v, jwx reads it otherwise", name, got, err)
			}
		}
	}
}

func TestPointsOffTheCurveAreNoKeys(t *testing.T) {
	a, b := publics(t), publics(t)
	for _, curve := range []string{"P-256", "P-384", "P-521"} {
		text := func(k crypto.PublicKey) jws.Object {
			raw, err := jwx.MarshalKey(jwx.Key{Public: k})
			must(err)
			o, err := jws.ParseObject(string(raw))
			must(err)
			return o
		}
		x, y := text(a[curve]), text(b[curve])
		if _, err := jwx.ParseKey(x.Text()); err != nil {
			t.Fatal(err)
		}
		bad := strings.Replace(x.Text(), x.String("y"), y.String("y"), 1)
		if _, err := jwx.ParseKey(bad); err == nil {
			t.Errorf("a point off %s is a key", curve)
		}
		zero := strings.Repeat("A", len(x.String("x")))
		if _, err := jwx.ParseKey(strings.NewReplacer(x.String("x"), zero, x.String("y"), zero).Replace(x.Text())); err == nil {
			t.Errorf("the origin of %s is a key", curve)
		}
	}
}
