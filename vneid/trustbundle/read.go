package trustbundle

import (
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// Limits of the format; the package comment has them too.
const (
	typ       = "vneid-trust-bundle+jwt"
	maxFile   = 16 << 20
	maxLife   = 31 * 24 * time.Hour
	maxText   = 512
	maxMany   = 1000
	maxIssuer = 100
	maxMaster = 16
)

func malformed(text string) error { return fault.New(vneid.ErrMalformed, "%s", text) }

// opened is what a bundle says, with its keys ready to verify.
type opened struct {
	Contents
	sets []keys
}

// keys are those of one entry of issuers.
type keys struct {
	Issuer
	set *jwks.Static
}

// read reads the JSON object of the package comment. off is a check that a test takes
// out.
func read(payload, off string) (*opened, error) {
	o, err := jws.ParseObject(payload)
	if err != nil {
		return nil, malformed("the bundle is not one strict JSON object")
	}
	r := reader{Object: o}
	b := &opened{Contents: Contents{Maker: r.text("iss"), Made: r.Time("iat").UTC(), Until: r.Time("exp").UTC(), Sequence: uint64(max(r.Int("seq"), 0))}}
	r.each("issuers", maxIssuer, func(in *reader) { b.Issuers = append(b.Issuers, in.issuer()) })
	r.each("status_lists", maxMany, func(in *reader) {
		b.Lists = append(b.Lists, List{in.text("uri"), []byte(in.String("token"))})
		in.only("uri", "token")
	})
	r.each("anchors", maxMany, func(in *reader) { b.Anchors = append(b.Anchors, in.anchor()) })
	r.each("master_lists", maxMaster, func(in *reader) { b.MasterLists = append(b.MasterLists, in.master()) })
	if r.Has("crls") {
		b.CRLs = r.ders("crls")
	}
	r.only("iss", "iat", "exp", "seq", "issuers", "status_lists", "anchors", "master_lists", "crls")
	life := b.Until.Sub(b.Made)
	switch {
	case r.bad != "":
		return nil, malformed(r.bad)
	case r.Err() != nil || b.Maker == "" || b.Made.IsZero() || b.Until.IsZero() || b.Sequence == 0:
		return nil, malformed("the bundle lacks its maker, times or sequence, or one has another form")
	case (life <= 0 || life > maxLife) && off != "life":
		return nil, malformed("the bundle's life is not longer than 0 and at most 31 days")
	}
	if err := b.load(off); err != nil {
		return nil, err
	}
	return b, nil
}

// load makes key sets of the entries, and sees that no two answer to the same name.
func (b *opened) load(off string) error {
	seen := make(map[string]bool)
	for _, i := range b.Issuers {
		set, err := jwks.Parse(i.Keys, i.Name, i.Uses...)
		if err != nil {
			return malformed("an issuer of the bundle has no usable keys")
		}
		for _, use := range i.Uses {
			if key := string(use) + " " + i.Name; seen[key] && off != "twice" {
				return malformed("two entries of the bundle are for the same issuer and use")
			} else {
				seen[key] = true
			}
		}
		b.sets = append(b.sets, keys{i, set})
	}
	for _, l := range b.Lists {
		if key := "list " + l.URI; l.URI == "" || len(l.Token) == 0 || seen[key] {
			return malformed("a status list of the bundle has no address or no token, or stands there twice")
		} else {
			seen[key] = true
		}
	}
	return nil
}

// reader reads members, and keeps the first thing that is wrong.
type reader struct {
	jws.Object
	bad string
}

func (r *reader) wrong(text string) {
	if r.bad == "" {
		r.bad = text
	}
}

// only refuses members that the format does not have.
func (r *reader) only(names ...string) {
	for _, name := range r.Names() {
		if !slices.Contains(names, name) {
			r.wrong("the bundle has a member that this version does not know")
		}
	}
}

func (r *reader) text(name string) string {
	s := r.String(name)
	if len(s) > maxText || strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		r.wrong("a text of the bundle is too long or has control characters")
	}
	return s
}

// each reads an array of at most most objects.
func (r *reader) each(name string, most int, read func(*reader)) {
	if raw := r.Raw(name); raw != "" && raw[0] != '[' {
		r.wrong(name + " is not an array")
		return
	}
	n := 0
	for raw := range jws.Elements(r.Raw(name)) {
		o, err := jws.ParseObject(raw)
		if n++; err != nil || n > most {
			r.wrong(name + " has too many entries, or one that is no object")
			return
		}
		in := &reader{Object: o}
		read(in)
		if in.bad != "" {
			r.wrong(in.bad)
		} else if in.Err() != nil {
			r.wrong("a member of an entry of " + name + " has another form")
		}
	}
}

func (r *reader) issuer() Issuer {
	i := Issuer{Name: r.text("iss"), Keys: []byte(r.Raw("jwks"))}
	for _, use := range r.texts("uses") {
		i.Uses = append(i.Uses, vneid.Use(use))
	}
	for _, kind := range r.texts("kinds") {
		i.Kinds = append(i.Kinds, document.Kind(kind))
	}
	for _, use := range i.Uses {
		if use == vneid.UseIDToken || use == vneid.UseAccess || use == vneid.UseLogout || use == Use {
			r.wrong("keys of logins and of bundles do not stand in a bundle")
		}
	}
	set := r.Object.Object("jwks")
	for _, key := range set.Objects("keys") {
		for _, secret := range [...]string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
			if key.Has(secret) {
				r.wrong("an issuer's key set has a private or symmetric key")
			}
		}
	}
	if i.Name == "" || len(i.Uses) == 0 {
		r.wrong("an issuer of the bundle has no name or no uses")
	}
	r.only("iss", "uses", "kinds", "jwks")
	return i
}

func (r *reader) anchor() chip.Anchor {
	r.only("label", "country", "passport", "certificates")
	return chip.Anchor{Label: r.text("label"), Country: r.text("country"), Passport: r.Bool("passport"), Certificates: joined(r.ders("certificates"))}
}

func (r *reader) master() chip.MasterList {
	r.only("label", "signers", "not_before", "data")
	l := chip.MasterList{Label: r.text("label"), Signers: joined(r.ders("signers")), NotBefore: r.Time("not_before")}
	var ok bool
	if l.Data, ok = decode(r.String("data")); !ok {
		r.wrong("a master list is not base64")
	}
	return l
}

func (r *reader) texts(name string) []string {
	if !r.Has(name) {
		return nil
	}
	list := r.Strings(name)
	if r.Raw(name)[0] != '[' || len(list) == 0 || len(list) > maxIssuer {
		r.wrong(name + " is not an array of some texts")
	}
	for _, s := range list {
		if s == "" || len(s) > maxText {
			r.wrong(name + " has an empty or long text")
		}
	}
	return list
}

// ders reads an array of certificates or revocation lists in base64, at least one.
func (r *reader) ders(name string) (out [][]byte) {
	list := r.Strings(name)
	if !strings.HasPrefix(r.Raw(name), "[") || len(list) == 0 || len(list) > maxMany {
		r.wrong(name + " has no entry, or too many")
	}
	for _, s := range list {
		der, ok := decode(s)
		if !ok {
			r.wrong(name + " has an entry that is not base64")
		} else if !signedByCA(der) {
			r.wrong(name + " has an entry that is no certificate and no revocation list")
		}
		out = append(out, der)
	}
	return out
}

// signedByCA reports whether der has the outer form of a certificate or a revocation
// list (RFC 5280 §4.1, §5.1), as no private key has: the file of an anchor may hold its
// key too, and a bundle is public. What is in it package chip reads.
func signedByCA(der []byte) bool {
	var v struct {
		Signed, Algorithm asn1.RawValue
		Signature         asn1.BitString
	}
	rest, err := asn1.Unmarshal(der, &v)
	sequence := func(r asn1.RawValue) bool { return r.Class == asn1.ClassUniversal && r.Tag == asn1.TagSequence }
	return err == nil && len(rest) == 0 && sequence(v.Signed) && sequence(v.Algorithm)
}

// decode reads standard base64, every text in one spelling.
func decode(s string) ([]byte, bool) {
	der, err := base64.StdEncoding.Strict().DecodeString(s)
	return der, err == nil && len(der) > 0 && base64.StdEncoding.EncodeToString(der) == s
}

// joined is DER of one, PEM of several: what package chip takes.
func joined(ders [][]byte) (out []byte) {
	if len(ders) == 1 {
		return ders[0]
	}
	for _, der := range ders {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return out
}
