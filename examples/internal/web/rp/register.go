package rp

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// keys are what a party keeps to itself. They follow from the platform's secret.
type keys struct {
	secret  string
	sign    ed25519.PrivateKey
	open    *ecdsa.PrivateKey // answers are encrypted to it
	bind    *ecdsa.PrivateKey // tokens are bound to it
	cookies []byte
	rows    []byte // makes the names of rows that are sent twice
}

const (
	signID = "sign-1"
	openID = "open-1"
)

func keysOf(p *platform.Platform, id string) (k keys, err error) {
	part := func(what string) []byte { return p.Derived("hosted relying party/" + id + "/" + what) }
	k.secret, k.cookies, k.rows = hex.EncodeToString(part("secret")), part("cookies"), part("rows")
	k.sign = ed25519.NewKeyFromSeed(part("sign"))
	var err2 error
	k.open, err = scalar(part, "open")
	k.bind, err2 = scalar(part, "bind")
	return k, errors.Join(err, err2)
}

// scalar makes a P-256 key. One in four thousand million numbers of 256 bits is too large
// for one; then the next is taken.
func scalar(part func(string) []byte, what string) (key *ecdsa.PrivateKey, err error) {
	for i := range 4 {
		if key, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), part(what+"/"+strconv.Itoa(i))); err == nil {
			return key, nil
		}
	}
	return nil, err
}

// public is the party's JWK set, as it is registered.
func (k *keys) public(encrypts bool) (json.RawMessage, error) {
	all := []jwx.Key{{Public: k.sign.Public(), ID: signID, Alg: "EdDSA", Use: "sig"}}
	if encrypts {
		all = append(all, jwx.Key{Public: k.open.Public(), ID: openID, Alg: "ECDH-ES+A256KW", Use: "enc"})
	}
	return jwx.Marshal(all...)
}

// base is where a party's pages begin.
func base(issuer, id string) string { return issuer + "/rp/" + id }

// signs reports whether the party authenticates by a key.
func (a *party) signs() bool { return a.fapi || len(a.services) > 0 }

// client is the party's registration.
func (a *party) client(p *platform.Platform) (platform.Client, error) {
	at := base(p.Issuer(), a.id)
	c := platform.Client{
		ID: a.id, Name: a.name.Vi, Class: a.class, Channel: platform.ChannelDirect, Sector: "hosted/" + a.id,
		RedirectURIs: []string{at + "/callback"}, LogoutURIs: []string{at + "/left"}, BackchannelLogoutURI: at + "/backchannel",
		Scopes: a.scopes, Services: a.services, Login: a.login,
	}
	if a.provider != "" {
		c.Channel, c.Provider = platform.ChannelProvider, a.provider
	}
	k, err := keysOf(p, a.id)
	if err != nil {
		return c, err
	}
	if !a.signs() {
		c.Secret = k.secret
		return c, nil
	}
	if c.Keys, err = k.public(a.asks != nil); err != nil {
		return c, err
	}
	if a.fapi {
		c.Profile = platform.FAPI2
	}
	if slices.Contains(a.services, platform.ServiceStays) {
		c.Facilities = []platform.Facility{{Code: facility, Name: a.name.Vi}}
	}
	if q := a.asks; q != nil {
		c.RedirectURIs = append(c.RedirectURIs, at+"/ask/callback")
		c.EventsURI = at + "/events"
		var kinds []document.Kind
		for _, d := range q.documents {
			kinds = append(kinds, d.Kind)
		}
		c.Purposes = []platform.Purpose{{Code: q.purpose.Code, Vi: q.purpose.VI, En: q.purpose.EN, Kinds: kinds, RetentionDays: q.retention}}
	}
	return c, nil
}

// facility is the one house of the hotel.
const facility = "house-1"

// Register registers the parties that the platform does not know yet, or knows at another
// address: what a console changed of the others stays. They are in the order of the page.
func Register(ctx context.Context, p *platform.Platform) ([]platform.Client, error) {
	var out []platform.Client
	for _, a := range parties() {
		c, err := a.client(p)
		if err != nil {
			return nil, err
		}
		was, err := p.Client(ctx, c.ID)
		switch {
		case err == nil && slices.Contains(was.RedirectURIs, c.RedirectURIs[0]):
			c = was
		case err != nil && !errors.Is(err, platform.ErrNoClient):
			return nil, err
		default:
			if err := p.Register(ctx, c); err != nil {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, nil
}
