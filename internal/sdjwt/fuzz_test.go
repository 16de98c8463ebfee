package sdjwt

import (
	"errors"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// FuzzDocument lets every signature of an issuer pass, so that what stands behind it
// is reached: whatever is accepted has no digests left and reads the same again.
func FuzzDocument(f *testing.F) {
	for _, file := range []string{"accepted/documents.json", "refused/documents.json"} {
		for _, v := range load[vector](f, file) {
			if len(v.Document) < 8<<10 {
				f.Add(v.Document)
			}
		}
	}
	r := NewReader(Rules{})
	f.Fuzz(func(t *testing.T, text string) {
		d, err := r.Read(text, Expect{Verify: func(Signed) error { return nil }, Audience: client, Nonce: nonce, Now: at})
		if err != nil {
			if !anyReason(err) {
				t.Errorf("%q has no reason", err)
			}
			return
		}
		if d.Issuer() == "" || d.Kind() == "" {
			t.Error("it comes from nobody")
		}
		o := d.Claims()
		if leftover(o.Text()) {
			t.Errorf("digests are left in %s", o.Text())
		}
		if _, err := jws.ParseObject(o.Text()); err != nil {
			t.Error(err)
		}
	})
}

// leftover looks for names that only digests have.
func leftover(raw string) bool {
	for quoted, value := range jws.Fields(raw) {
		if name, _ := jws.Text(quoted); reserved(name) || leftover(value) {
			return true
		}
	}
	for value := range jws.Elements(raw) {
		if leftover(value) {
			return true
		}
	}
	return false
}

// FuzzDisclosures gives disclosures to a payload, which need not be signed.
func FuzzDisclosures(f *testing.F) {
	for _, file := range []string{"accepted/documents.json", "refused/documents.json"} {
		for _, v := range load[vector](f, file) {
			jwt, rest, _ := strings.Cut(v.Document, "~")
			if parts := strings.Split(jwt, "."); len(parts) == 3 && len(v.Document) < 8<<10 {
				payload, _ := jws.DecodeBase64(parts[1])
				f.Add(string(payload), rest[:strings.LastIndexByte(rest, '~')+1])
			}
		}
	}
	r := NewReader(Rules{})
	f.Fuzz(func(t *testing.T, payload, disclosures string) {
		o, err := jws.ParseObject(payload)
		if err != nil || disclosures != "" && !strings.HasSuffix(disclosures, "~") {
			return
		}
		list, err := readDisclosures(disclosures, strings.Count(disclosures, "~"))
		if err != nil {
			return
		}
		claims, err := r.disclose(&o, list)
		if err == nil && leftover(claims.Text()) {
			t.Errorf("digests are left in %s", claims.Text())
		}
	})
}

// FuzzList reads lists with whatever stream inside.
func FuzzList(f *testing.F) {
	for _, file := range []string{"accepted/lists.json", "refused/lists.json"} {
		for _, v := range load[vector](f, file) {
			parts := strings.Split(v.List, ".")
			payload, _ := jws.DecodeBase64(parts[1])
			o, err := jws.ParseObject(string(payload))
			if err != nil {
				f.Fatal(err)
			}
			list := o.Object("status_list")
			f.Add(list.String("lst"))
		}
	}
	r := NewListReader(ListRules{MaxLength: 4096})
	f.Fuzz(func(t *testing.T, lst string) {
		list, err := r.inflate(lst)
		if err == nil && (len(list) == 0 || len(list) > 4096) || err != nil && list != nil || err != nil && !errors.Is(err, jws.ErrMalformed) {
			t.Errorf("%d bytes, %v", len(list), err)
		}
	})
}
