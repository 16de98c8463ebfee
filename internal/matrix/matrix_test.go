package matrix

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// fresh is a Replay that has seen nothing.
type fresh struct{}

func (fresh) Use(context.Context, vneid.Once) error { return nil }

func TestOnlyTheDiagonalPasses(t *testing.T) {
	o := newOne(t)
	t.Run("as specified", func(t *testing.T) { offerAll(t, o) })
	o.full = true
	t.Run("with what is left open filled in", func(t *testing.T) { offerAll(t, o) })
}

func offerAll(t *testing.T, o *one) {
	taken, refused := 0, 0
	for _, v := range verifiers {
		if v.plain && o.full {
			continue
		}
		t.Run(v.name, func(t *testing.T) {
			for _, sort := range sorts {
				err := v.offer(t, o, sort)
				switch want := slices.Contains(v.takes, sort); {
				case want && err != nil:
					t.Errorf("refuses its own %s: %v", sort, err)
				case !want && err == nil:
					t.Errorf("takes a %s", sort)
				case err != nil && !errors.As(err, new(vneid.Kind)):
					t.Errorf("%s: %v has no kind", sort, err)
				case err == nil:
					taken++
				default:
					refused++
				}
			}
		})
	}
	t.Logf("%d verifiers, %d sorts: %d taken, %d refused", len(verifiers), len(sorts), taken, refused)
}

// The type alone: what a verifier takes, signed again by the same key under the type
// of every other sort that has one of its own.
func TestTheTypeIsHeldByItself(t *testing.T) {
	o := newOne(t)
	typed := map[string]string{ // the sorts whose type no other may bear
		accessToken: "at+jwt", logoutToken: "logout+jwt", proof: "dpop+jwt", code: "vneid-qr+jwt",
		paperCode: "vneid-qr+jwt", bundle: "vneid-trust-bundle+jwt",
		envelope: "vneid-envelope+jwt", receipt: "consent-receipt+jwt", document: "dc+sd-jwt", statusList: "statuslist+jwt", event: "secevent+jwt",
	}
	others := []string{"at+jwt", "logout+jwt", "dpop+jwt", "vneid-qr+jwt", "token-introspection+jwt", "secevent+jwt", "oauth-authz-req+jwt",
		"dc+sd-jwt", "consent-receipt+jwt", "vneid-envelope+jwt", "statuslist+jwt", "vneid-trust-bundle+jwt", "application/logout+jwt", "jwt+at", "JOSE"}
	n := 0
	for _, v := range verifiers {
		sort := v.takes[0]
		for _, typ := range others {
			if own := typed[sort]; typ == own || typ == "application/"+own {
				continue
			}
			err := v.offer(t, &one{key: o.key, public: o.public, typ: typ}, sort)
			if err == nil {
				t.Errorf("%s: taken under typ %s", v.name, typ)
			}
			n++
		}
	}
	t.Logf("%d objects under another's type refused", n)
}

// No object is refused for a signature, an issuer or an audience that is wrong.
func TestEveryObjectIsWhatItSays(t *testing.T) {
	o := newOne(t)
	for _, full := range []bool{false, true} {
		for _, sort := range sorts {
			raw := o.make(t, sort, expected{audience: "somebody", nonce: "n", state: "s", method: "GET", url: apiURL, full: full})
			parts := strings.Split(raw, ".")
			var head, claims map[string]any
			for i, to := range []*map[string]any{&head, &claims} {
				b, err := base64.RawURLEncoding.DecodeString(parts[i])
				if err == nil {
					err = json.Unmarshal(b, to)
				}
				if err != nil {
					t.Fatal(sort, err)
				}
			}
			sig, _ := base64.RawURLEncoding.DecodeString(parts[2])
			if err := o.Verify(t.Context(), vneid.Signed{Alg: "ES256", Input: []byte(parts[0] + "." + parts[1]), Signature: sig}); err != nil {
				t.Errorf("%s: %v", sort, err)
			}
			by := issuer
			if slices.Contains([]string{assertion, request, counterAsk}, sort) {
				by = client // these a client makes
			}
			if claims["iss"] != by || claims["aud"] != "somebody" && sort != bundle || head["alg"] != "ES256" {
				t.Errorf("%s: %v %v", sort, head, claims)
			}
		}
	}
}
