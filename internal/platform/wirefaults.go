package platform

import (
	"crypto/rsa"
	"net/http"
)

// wireFaults are what the wires before OpenID Connect can suffer. Clients of other
// wires, and of none, see none of them.
func wireFaults() []fault {
	either := func(act func(http.ResponseWriter), paths ...string) handlerFault {
		return func(w http.ResponseWriter, r *http.Request) bool {
			for _, path := range paths {
				if r.URL.Path == path {
					act(w)
					return true
				}
			}
			return false
		}
	}
	status := func(code int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.WriteHeader(code) }
	}
	a, b := pathsOf(VNConnect), pathsOf(Envelope)
	set := func(has, name string, value any) func(*members) {
		return func(m *members) {
			if m.get(has) != nil {
				m.set(name, value)
			}
		}
	}
	return append(envelopeFaults(), []fault{
		{name: "wire-token-401", about: "the token endpoint does not know the caller's address", call: either(status(401), a.token, b.token)},
		{name: "wire-token-415", about: "the token endpoint takes no form", call: either(status(415), a.token, b.token)},
		{name: "wire-token-down", about: "the token endpoint answers 503", call: either(down, a.token, b.token)},
		{name: "wire-token-page", about: "a proxy answers the token call with a page", call: either(page, a.token, b.token)},
		{name: "wire-userinfo-401", about: "userinfo does not know the caller's address", call: either(status(401), a.userinfo, b.userinfo)},
		{name: "wire-userinfo-cut", about: "the userinfo answer breaks off", call: either(broken, a.userinfo, b.userinfo)},
		{name: "vnconnect-other-idp", about: "the person logged in at the broker by telephone number", userinfo: set("loginIdp", "loginIdp", "VNPT")},
		{name: "vnconnect-printed-date", about: "the date of birth is written as on the card", userinfo: set("NgayThangNamSinh", "NgayThangNamSinh", "01/02/1990")},
		{name: "vnconnect-nine-digits", about: "the personal number has nine digits", userinfo: set("SoDinhDanh", "SoDinhDanh", "990900001")},
		{name: "envelope-nine-digits", about: "the personal number has nine digits", userinfo: set("citizenPid", "citizenPid", "990900001")},
	}...)
}

// envelopeFaults are envelopes that somebody damaged, or that come in another way.
func envelopeFaults() []fault {
	flip := func(i int) func([]byte) []byte {
		return func(b []byte) []byte {
			b[(i+len(b))%len(b)] ^= 1
			return b
		}
	}
	return []fault{
		{name: "envelope-bad-key", about: "one bit of the encrypted key is wrong", envelope: func(s *sealer) { s.key = flip(-1) }},
		{name: "envelope-bad-data", about: "one bit of the ciphertext is wrong", envelope: func(s *sealer) { s.data = flip(0) }},
		{name: "envelope-bad-padding", about: "the padding is wrong", envelope: func(s *sealer) {
			s.pad = func(b []byte) []byte { b[len(b)-1] = 0; return b }
		}},
		{name: "envelope-cut", about: "the ciphertext ends inside a block", envelope: func(s *sealer) {
			s.data = func(b []byte) []byte { return b[:len(b)-1] }
		}},
		{name: "envelope-other-key", about: "the envelopes are for somebody else's key", envelope: func(s *sealer) {
			if k, err := generate("RS256"); err == nil {
				s.to, _ = k.signer.Public().(*rsa.PublicKey)
			}
		}},
		{name: "envelope-128", about: "AES keys of 128 bits, as some deployments are said to have", envelope: func(s *sealer) { s.bits = 128 }},
		{name: "envelope-plain", about: "answers come without an envelope", envelope: func(s *sealer) { s.plain = true }},
		{name: "envelope-bare-code", about: "the callback comes without encrypt_key", envelope: func(s *sealer) { s.bare = true }},
		{name: "envelope-odd-code", about: "the code in the envelope is no GUID", envelope: func(s *sealer) {
			s.code = func(string) string { return "not-a-guid" }
		}},
		{name: "envelope-plus-space", about: "a proxy wrote %20 for the + of base64", plus: "%20"},
		{name: "envelope-plus-escaped", about: "a proxy escaped the + of base64", plus: "%2B"},
		{name: "envelope-plus-twice", about: "a proxy escaped the + of base64 twice", plus: "%252B"},
	}
}
