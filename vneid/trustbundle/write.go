package trustbundle

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// payload is the JSON object of the package comment; what is empty is left out.
func (c Contents) payload() ([]byte, error) {
	w := writer{members: []jws.Member{
		{Name: "iss", Value: c.Maker}, {Name: "iat", Value: c.Made}, {Name: "exp", Value: c.Until},
		{Name: "seq", Value: int64(c.Sequence)},
	}}
	for _, i := range c.Issuers {
		entry := []jws.Member{{Name: "iss", Value: i.Name}, {Name: "uses", Value: texts(i.Uses)}}
		if len(i.Kinds) > 0 {
			entry = append(entry, jws.Member{Name: "kinds", Value: texts(i.Kinds)})
		}
		w.entry("issuers", append(entry, jws.Member{Name: "jwks", Value: jws.Raw(bytes.TrimSpace(i.Keys))})...)
	}
	for _, l := range c.Lists {
		w.entry("status_lists", jws.Member{Name: "uri", Value: l.URI}, jws.Member{Name: "token", Value: string(l.Token)})
	}
	for _, a := range c.Anchors {
		w.entry("anchors", jws.Member{Name: "label", Value: a.Label}, jws.Member{Name: "country", Value: a.Country},
			jws.Member{Name: "passport", Value: a.Passport}, jws.Member{Name: "certificates", Value: encoded(a.Certificates)})
	}
	for _, l := range c.MasterLists {
		entry := []jws.Member{{Name: "label", Value: l.Label}, {Name: "signers", Value: encoded(l.Signers)}}
		if !l.NotBefore.IsZero() {
			entry = append(entry, jws.Member{Name: "not_before", Value: l.NotBefore})
		}
		w.entry("master_lists", append(entry, jws.Member{Name: "data", Value: base64.StdEncoding.EncodeToString(l.Data)})...)
	}
	w.flush()
	if len(c.CRLs) > 0 {
		w.members = append(w.members, jws.Member{Name: "crls", Value: encoded(c.CRLs...)})
	}
	if w.err != nil {
		return nil, w.err
	}
	return jws.Encode(w.members...)
}

// writer collects objects into arrays.
type writer struct {
	members []jws.Member
	name    string
	entries []string
	err     error
}

func (w *writer) entry(name string, members ...jws.Member) {
	if name != w.name {
		w.flush()
		w.name = name
	}
	text, err := jws.Encode(members...)
	if err != nil {
		w.err = err
	}
	w.entries = append(w.entries, string(text))
}

func (w *writer) flush() {
	if w.name != "" {
		w.members = append(w.members, jws.Member{Name: w.name, Value: jws.Raw("[" + strings.Join(w.entries, ",") + "]")})
	}
	w.name, w.entries = "", nil
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// encoded writes DER, or what PEM holds of it, as base64.
func encoded(files ...[]byte) []string {
	out := []string{}
	for _, file := range files {
		if !bytes.Contains(file, []byte("-----BEGIN ")) {
			out = append(out, base64.StdEncoding.EncodeToString(file))
			continue
		}
		for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
			out = append(out, base64.StdEncoding.EncodeToString(block.Bytes))
		}
	}
	return out
}
