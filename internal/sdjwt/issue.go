package sdjwt

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Hidden marks a value as selectively disclosable: a member's, or an element's of a
// []any. It may hold a []jws.Member or []any with hidden values of their own.
type Hidden struct{ Value any }

// Issuer signs documents and status lists.
type Issuer struct {
	Alg    string
	Signer crypto.Signer
	KeyID  string // kid; "": none
	Name   string // iss of status lists; "": none. Documents have theirs among their claims
	Decoys int    // digests that stand for nothing, in each object with hidden members (RFC 9901 §4.2.7)
}

// Issued is a signed document with all its disclosures.
type Issued struct {
	jwt         string
	disclosures []issuedDisclosure
}

type issuedDisclosure struct{ path, text string }

// Issue signs a document with these claims. Values are those of jws.Member, []any and
// Hidden; jws.Raw text is written as it stands, which must not be digests of its own.
func (i Issuer) Issue(claims ...jws.Member) (Issued, error) {
	h := hiding{decoys: i.Decoys}
	payload, err := h.object("", claims)
	if err != nil {
		return Issued{}, err
	}
	if len(h.made) > 0 {
		payload = payload[:len(payload)-1] + `,"_sd_alg":"sha-256"}`
	}
	if err := readable(payload, h.made); err != nil {
		return Issued{}, err
	}
	jwt, err := i.sign(Type, payload)
	if err != nil {
		return Issued{}, err
	}
	return Issued{jwt, h.made}, nil
}

// readable makes sure that nothing is issued that our own Reader would refuse.
func readable(payload string, made []issuedDisclosure) error {
	o, err := jws.ParseObject(payload)
	if err != nil {
		return err
	}
	if o.String("iss") == "" || o.String("vct") == "" {
		return errors.New("iss or vct is missing, hidden or no string")
	}
	list, err := readDisclosures(Issued{disclosures: made}.All()[1:], len(made))
	if err != nil {
		return err
	}
	_, err = (&Reader{open: alwaysOpen}).disclose(&o, list)
	return err
}

func (i Issuer) sign(typ, payload string) (string, error) {
	header := []jws.Member{{Name: "typ", Value: typ}}
	if i.KeyID != "" {
		header = append(header, jws.Member{Name: "kid", Value: i.KeyID})
	}
	return jws.Compact(i.Alg, i.Signer, header, []byte(payload))
}

// hiding writes claims and replaces what is hidden by digests.
type hiding struct {
	decoys int
	made   []issuedDisclosure
}

func (h *hiding) value(path string, value any) (string, error) {
	switch v := value.(type) {
	case Hidden:
		return "", errors.New("a hidden value stands where nothing can be hidden")
	case []jws.Member:
		return h.object(path, v)
	case []any:
		return h.array(path, v)
	}
	text, err := jws.Encode(jws.Member{Name: "v", Value: value})
	if err != nil {
		return "", err
	}
	return string(text[len(`{"v":`) : len(text)-1]), nil
}

func (h *hiding) object(path string, members []jws.Member) (string, error) {
	var open []jws.Member
	var digests []string
	for _, m := range members {
		at := path + "/" + escapePath(m.Name)
		if reserved(m.Name) {
			return "", errors.New("a claim has a name that is reserved")
		}
		if hidden, ok := m.Value.(Hidden); ok {
			text, err := h.value(at, hidden.Value)
			if err != nil {
				return "", err
			}
			name, err := h.value("", m.Name)
			if err != nil {
				return "", err
			}
			digests = append(digests, h.hide(at, name+","+text))
			continue
		}
		text, err := h.value(at, m.Value)
		if err != nil {
			return "", err
		}
		open = append(open, jws.Member{Name: m.Name, Value: jws.Raw(text)})
	}
	if len(digests) > 0 {
		for range h.decoys {
			digests = append(digests, encodeSum(sha256.Sum256(random())))
		}
		slices.Sort(digests) // their order must not tell the claims' (RFC 9901 §4.2.4.1)
		open = append(open, jws.Member{Name: "_sd", Value: digests})
	}
	text, err := jws.Encode(open...)
	return string(text), err
}

func (h *hiding) array(path string, values []any) (string, error) {
	parts := make([]string, len(values))
	for i, v := range values {
		at := path + "/" + strconv.Itoa(i)
		hidden, ok := v.(Hidden)
		if ok {
			v = hidden.Value
		}
		text, err := h.value(at, v)
		if err != nil {
			return "", err
		}
		if ok {
			text = `{"...":"` + h.hide(at, text) + `"}`
		}
		parts[i] = text
	}
	return "[" + strings.Join(parts, ",") + "]", nil
}

// hide makes a disclosure of what follows the salt and returns its digest.
func (h *hiding) hide(path, rest string) string {
	salt := base64.RawURLEncoding.EncodeToString(random()[:16])
	text := base64.RawURLEncoding.EncodeToString([]byte(`["` + salt + `",` + rest + `]`))
	h.made = append(h.made, issuedDisclosure{path, text})
	return encodeSum(sha256.Sum256([]byte(text)))
}

// random returns 256 bits; crypto/rand does not fail.
func random() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	return b
}

// escapePath writes a name as a JSON Pointer's token (RFC 6901 §3).
func escapePath(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}
