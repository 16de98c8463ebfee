package legacy

import (
	"encoding/json"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// harmless is userinfo without what must not be shown: parts of names, which these
// servers reverse, and whatever opens a door for its bearer. VNConnect hands out URLs
// with a VNeID token in their query (userProfileUri, logoutUri), so no URL and no
// token stays, whatever its claim is called.
func harmless(o *jws.Object) (jws.Object, error) {
	var b strings.Builder
	b.WriteByte('{')
	for _, name := range o.Names() {
		raw := o.Raw(name)
		if unwanted(name) || dangerous(raw) {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		quoted, err := json.Marshal(name)
		if err != nil {
			continue // cannot happen: a string
		}
		b.Write(quoted)
		b.WriteByte(':')
		b.WriteString(raw)
	}
	b.WriteByte('}')
	kept, err := jws.ParseObject(b.String())
	if err != nil {
		return jws.Object{}, fault.New(vneid.ErrMalformed, "userinfo has names that cannot be told apart")
	}
	return kept, nil
}

// unwanted names a claim by any spelling of its letters.
func unwanted(name string) bool {
	switch strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name)) {
	case "givenname", "familyname", "userprofileuri", "logouturi", "accesstoken", "refreshtoken", "idtoken", "token", "tokenid":
		return true
	}
	return false
}

// dangerous reports whether the JSON of a value has a URL in it, however escaped, or
// a JWT: the base64url of `{"` begins every one.
func dangerous(raw string) bool {
	var v any
	if json.Unmarshal([]byte(raw), &v) != nil {
		return true
	}
	plain, err := json.Marshal(v) // without the escapes of \/ and of letters
	text := string(plain)
	return err != nil || strings.Contains(text, "//") || strings.Contains(text, "eyJ") || strings.Contains(strings.ToLower(text), "token")
}
