package platform

import (
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// signed is a token about to be signed, and encrypted if there is a key to encrypt
// to; faults change it.
type signed struct {
	keys    *Keys
	key     *signingKey
	meter   *meter
	header  members
	claims  members
	payload func([]byte) []byte // edits the encoded claims
	token   func(string) string // edits the signed token
	to      *jwx.Key            // the client's encryption key; nil: the token stays in the clear

	refreshed bool // an ID token that came with a refresh
	plain     bool // userinfo that is answered as JSON after all
}

// newSigned begins a token for a client.
func (p *Platform) newSigned(alg, typ string, claims ...jws.Member) (*signed, error) {
	key, err := p.login.signer(alg)
	if err != nil {
		return nil, err
	}
	return &signed{keys: p.login, key: key, meter: &p.meter, header: members{is("kid", key.kid), is("typ", typ)}, claims: claims}, nil
}

func (t *signed) sign() (string, error) {
	room := takeRoom()
	payload, err := jws.Append(room.b, t.claims...)
	defer room.free(payload)
	if err != nil {
		return "", err
	}
	if t.payload != nil {
		payload = t.payload(payload)
	}
	t.meter.sign(t.key.alg)
	out, err := jws.Compact(t.key.alg, t.key.signer, t.header, payload)
	if err == nil && t.token != nil {
		out = t.token(out)
	}
	if err == nil && t.to != nil {
		out, err = jwx.Encrypt(out, jwx.Recipient{Public: t.to.Public, ID: t.to.ID, Alg: t.to.Alg})
	}
	return out, err
}

// members is a JSON object with its members in order.
type members []jws.Member

func is(name string, value any) jws.Member { return jws.Member{Name: name, Value: value} }

func (m *members) set(name string, value any) {
	for i := range *m {
		if (*m)[i].Name == name {
			(*m)[i].Value = value
			return
		}
	}
	*m = append(*m, is(name, value))
}

func (m *members) drop(name string) {
	for i := range *m {
		if (*m)[i].Name == name {
			*m = append((*m)[:i:i], (*m)[i+1:]...)
			return
		}
	}
}

func (m members) get(name string) any {
	for _, one := range m {
		if one.Name == name {
			return one.Value
		}
	}
	return nil
}

func writeMembers(w http.ResponseWriter, m members) { writeStatus(w, http.StatusOK, m) }

func writeStatus(w http.ResponseWriter, status int, m members) {
	room := takeRoom()
	b, err := jws.Append(room.b, m...)
	defer room.free(b)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	// Only a broken connection fails here.
	_, _ = w.Write(b)
}
