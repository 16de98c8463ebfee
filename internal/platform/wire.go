package platform

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// The wires before OpenID Connect: what relying parties of VNeID spoke, and many
// still speak. Replicated from public integrations, unconfirmed by any official
// text. The metadata say nothing of them, and a client that registered one has
// no way into anything else. The encoding here is written apart from the decoders
// of internal/envelope, so that one mistake cannot cover another.

// ClientWire is the protocol that a client speaks. Empty: OpenID Connect.
type ClientWire string

// The two wires. VNConnect is the one of the National Public Service Portal's broker
// (cổng xác thực tập trung), Envelope the one of VNeID's direct single sign-on,
// whose codes and answers are encrypted for the client's RSA key and unsigned.
const (
	VNConnect ClientWire = "vnconnect"
	Envelope  ClientWire = "envelope"
)

// wirePaths are the addresses of a wire.
type wirePaths struct{ authorize, token, userinfo string }

// pathsOf has VNConnect's own paths. Of Envelope only /auth was seen; the other two
// are a choice.
func pathsOf(w ClientWire) wirePaths {
	if w == Envelope {
		return wirePaths{"/auth", "/auth/token", "/auth/userinfo"}
	}
	return wirePaths{"/oauth2/authorize", "/oauth2/token", "/oauth2/userinfo"}
}

// wireCodeLife is "a few seconds" (reference), at their shortest.
const wireCodeLife = 2 * time.Second

// wireRoutes is every address of the wires.
func (p *Platform) wireRoutes() (out []route) {
	for _, w := range []ClientWire{VNConnect, Envelope} {
		at := pathsOf(w)
		out = append(out,
			route{"GET " + at.authorize, p.handleWireAuthorize(w)},
			route{"POST " + at.token, p.handleWireToken(w)},
			route{"GET " + at.userinfo, p.handleWireUserinfo(w)})
	}
	return out
}

// checkWire checks what a wire's client registered. It has a secret and nothing of
// what came after it.
func (c *Client) checkWire() error {
	if c.Wire == "" {
		if len(c.Addresses) > 0 {
			return errors.New("Client.Addresses is of clients with a Wire")
		}
		return nil
	}
	if c.Wire != VNConnect && c.Wire != Envelope {
		return errors.New("Client.Wire is unknown")
	}
	if c.Secret == "" || c.Profile != Standard || c.PAR || c.DPoP || c.JARM || c.SignedUserinfo || c.Refresh || c.Redeem || c.BackchannelLogoutURI != "" ||
		c.Audience != "" || len(c.Resources) > 0 {
		return errors.New("Client.Wire goes with a Secret, and with nothing that is OpenID Connect's")
	}
	for _, s := range c.Addresses {
		if _, err := netip.ParsePrefix(s); err != nil {
			return errors.New("Client.Addresses holds something else than prefixes such as 127.0.0.0/8")
		}
	}
	key, err := c.envelopeKey()
	if err == nil && (key != nil) != (c.Wire == Envelope) {
		err = errors.New(`Client.Keys must be one RSA key of use "enc" for Envelope, and empty for VNConnect`)
	}
	return err
}

// envelopeKey is the RSA key that codes and answers are encrypted to; nil for none.
func (c *Client) envelopeKey() (*rsa.PublicKey, error) {
	k, err := c.recipient()
	if err != nil || k == nil {
		return nil, err
	}
	pub, _ := k.Public.(*rsa.PublicKey)
	return pub, nil
}

// handleWireAuthorize is the authorization endpoint of a wire: no nonce, no PKCE, and
// a state only from who thinks of it. What else stands in the request is ignored.
func (p *Platform) handleWireAuthorize(w ClientWire) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		v := &visit{w: rw, r: r}
		q, err := queryOf(rw, r)
		if err == nil {
			v.client, err = p.client(r.Context(), q.Get("client_id"))
		}
		if err == nil && v.client != nil && v.client.Wire != w {
			v.client, err = nil, refuse(http.StatusBadRequest, "unauthorized_client", "")
		}
		if err == nil {
			err = p.findClient(v.client, q)
		}
		if err != nil {
			p.errorPage(v, err)
			return
		}
		req, err := readWireRequest(v.client, q)
		if err != nil {
			p.answer(v, req, errorAnswer(err))
			return
		}
		p.begin(v, asking(req))
	}
}

// readWireRequest reads the request. These wires know one scope and give every claim
// that they have; the consent page shows what that is, in the words of our scopes.
func readWireRequest(c *Client, q url.Values) (*authRequest, error) {
	req := &authRequest{Client: c.ID, Redirect: q.Get("redirect_uri"), State: q.Get("state"), Wire: c.Wire, Scopes: []string{scopeOpenID}}
	for _, s := range []string{"profile", wire.ScopeID} {
		if c.may(s) {
			req.Scopes = append(req.Scopes, s)
		}
	}
	switch {
	case q.Has("state") && (len(req.State) > maxParam || strings.ContainsAny(req.State, "\r\n\x00")):
		req.State = ""
		return req, badRequest("state is too long")
	case q.Get("response_type") != "code":
		return req, refuse(http.StatusBadRequest, "unsupported_response_type", "")
	case !slices.Contains(strings.Fields(q.Get("scope")), scopeOpenID):
		return req, refuse(http.StatusBadRequest, "invalid_scope", "")
	}
	return req, nil
}

// wireAnswer sends the browser back: code and state, and for Envelope encrypt_key.
// There is no iss, and base64 travels as it is: its + is not escaped, which the
// receivers' frameworks read as a space.
func (p *Platform) wireAnswer(v *visit, to *authRequest, params url.Values) {
	p.breakAnswer(v.client, params)
	plus := "+"
	for _, f := range p.faultsOf(to.Client) {
		if f.plus != "" {
			plus = f.plus
		}
	}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		for _, value := range params[name] {
			text := url.QueryEscape(value)
			if to.Wire == Envelope && (name == "code" || name == "encrypt_key") && isBase64(value) {
				text = strings.ReplaceAll(value, "+", plus)
			}
			pairs = append(pairs, name+"="+text)
		}
	}
	sep := "?"
	if strings.Contains(to.Redirect, "?") {
		sep = "&"
	}
	http.Redirect(v.w, v.r, to.Redirect+sep+strings.Join(pairs, "&"), http.StatusSeeOther)
}

// isBase64 keeps everything else escaped, whoever made it.
func isBase64(s string) bool {
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == ""
}

// guid is a random GUID (RFC 9562 §5.4), as these servers' codes and subjects are.
func guid() string {
	var b [16]byte
	rand.Read(b[:])
	return spellGUID(b)
}

// guidOf is the GUID that names something to one sector for good.
func (p *Platform) guidOf(purpose string, parts ...string) string {
	var b [16]byte
	sum, _ := base64.RawURLEncoding.DecodeString(p.mac(purpose, parts...))
	copy(b[:], sum)
	return spellGUID(b)
}

func spellGUID(b [16]byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// listed reports whether a request comes from an address on the client's allow-list.
func (c *Client) listed(r *http.Request) bool {
	if len(c.Addresses) == 0 {
		return true
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(c.Addresses, func(s string) bool {
		prefix, err := netip.ParsePrefix(s)
		return err == nil && prefix.Contains(from.Addr().Unmap())
	})
}
