package qr_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func FuzzParseCard(f *testing.F) {
	for _, s := range []string{
		card2021, card2024, "\ufeff" + card2021 + "\r\n", card2021 + "|", strings.ReplaceAll(card2021, "ữ", "u\u031b\u0303"),
		"999190000001||Nguyeexn Thij DDafo|31011990|Nuwx|Haf Nooji|04032021",
		"999190000001||Nguye64n Thi5 D9a2o|31011990|Nu74|Ha2 No65i|04032021",
		"999090000001||V觼 Hi廕簑 H廕ξ|01021990|Nam|V藺nh Phong|03042021",
		"999090000001||Lﾃｪ Anh|01021990|Nam|Hﾃ Nam|03042021",
		"999190000001||Nguy?n|31011990|N?|X\ufffd|04032021", "||||||",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := qr.ParseCard(s)
		if err != nil {
			if c != nil || kindOf(t, err) != vneid.ErrMalformed {
				t.Errorf("%v", err)
			}
			return
		}
		r := c.Reveal()
		if len(r.ID) != 12 || r.Name == "" || !utf8.ValidString(r.Name) || r.Birth.IsZero() || r.CardIssued.IsZero() || r.Sex == "" {
			t.Errorf("accepted %+v", r)
		}
		if qr.Classify(s) != qr.CardText && c.Exact() {
			t.Errorf("%q is a card for ParseCard alone", s)
		}
		// What an exact card says parses back to the same.
		if again := strings.Join(append([]string{r.ID, r.OldID, r.Name, strings.ReplaceAll(r.Birth.Printed(), "/", ""),
			map[vneid.Sex]string{vneid.Male: "Nam", vneid.Female: "Nữ"}[r.Sex], r.Residence.Text,
			strings.ReplaceAll(r.CardIssued.Printed(), "/", "")}, c.Extra()...), "|"); c.Exact() && len(again) < 2000 {
			c2, err := qr.ParseCard(again)
			if err != nil || c2.Reveal().Name != r.Name {
				t.Errorf("%q does not parse back: %v", again, err)
			}
		}
	})
}

func FuzzClassify(f *testing.F) {
	for _, s := range []string{card2021, "VN1:00", "eyJ.a.b", "https://vneid.example", strings.Repeat("0a", 40), "00020101021138"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if form := qr.Classify(s); form > qr.Opaque || len(s) > 4296 && form != qr.Unknown {
			t.Errorf("%d", form)
		}
	})
}

func FuzzVerify(f *testing.F) {
	genuine := make(map[string]bool)
	for _, v := range vectors(f, "accepted") {
		if v.Config.Audience == "" && v.Config.Nonce == "" {
			f.Add(v.Text)
			genuine[strings.Trim(v.Text, " \t\r\n\ufeff")] = true
		}
	}
	for _, v := range vectors(f, "refused") {
		f.Add(v.Text)
	}
	keys := keys(f)
	verifier := vectors(f, "accepted")["vn1-card"].verifier(f, keys)
	inspector := vectors(f, "accepted")["vn1-doc-licence"].verifier(f, keys)
	f.Fuzz(func(t *testing.T, s string) {
		c, err := verifier.Verify(context.Background(), s)
		if err != nil {
			if kindOf(t, err); c != nil {
				t.Error("a credential beside an error")
			}
			if c, err = inspector.Verify(context.Background(), s); err != nil {
				if kindOf(t, err); c != nil {
					t.Error("a document beside an error")
				}
				return
			}
		}
		if !genuine[strings.Trim(s, " \t\r\n\x00\ufeff")] && !signedVectors(t)[trimmed(s)] {
			t.Errorf("accepted %q, which nobody signed", s)
		}
	})
}

// signedVectors are the refused vectors that only another configuration refuses.
func signedVectors(t *testing.T) map[string]bool {
	out := make(map[string]bool)
	for _, v := range vectors(t, "refused") {
		out[trimmed(v.Text)] = true
	}
	return out
}
