package qrissue

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// JWS makes a compact JWS of the type vneid-qr+jwt with the same claims. key is
// as for VN1; kid names it in the issuer's JWKS.
func JWS(c Claims, kid string, key crypto.Signer) (string, error) {
	claims := jwt(c)
	if err := claims.paper(c.Paper); err != nil {
		return "", err
	}
	payload, err := jws.Encode(claims...)
	if err != nil {
		return "", err
	}
	alg := "ES256"
	if _, ok := key.Public().(ed25519.PublicKey); ok {
		alg = "EdDSA"
	}
	header := []jws.Member{{Name: "kid", Value: kid}, {Name: "typ", Value: wire.TypeJWS}}
	return jws.Compact(alg, key, header, payload)
}

// members collects claims; nothing is added for absent values.
type members []jws.Member

func (m *members) add(name string, value any) { *m = append(*m, jws.Member{Name: name, Value: value}) }

func (m *members) text(name, s string) {
	if s != "" {
		m.add(name, s)
	}
}

func (m *members) date(name string, d vneid.Date) {
	if !d.IsZero() {
		m.add(name, d.String())
	}
}

func (m *members) place(name string, a vneid.Address) {
	var inner members
	inner.text(wire.PlaceText, a.Text)
	inner.date(wire.PlaceAsOf, a.AsOf)
	if len(inner) > 0 {
		m.add(name, []jws.Member(inner))
	}
}

func (m *members) time(name string, t time.Time) { m.add(name, t.Unix()) }

func jwt(c Claims) members {
	var m members
	m.text("iss", c.Issuer)
	m.text("aud", c.Audience)
	m.time("exp", c.Expires)
	m.time("iat", c.Issued)
	m.text("jti", base64.RawURLEncoding.EncodeToString(c.id()))
	m.text("nonce", c.Nonce)
	switch c.Kind {
	case qr.Dynamic:
		m.text(wire.CodeKind, wire.KindDynamic)
	case qr.Static:
		m.text(wire.CodeKind, wire.KindCard)
	case qr.Document:
		m.text(wire.CodeKind, wire.KindDocument)
	}
	if c.Level != 0 {
		m.add(wire.AccountLevel, int(c.Level))
	}
	switch c.Holder {
	case qr.HolderDevice:
		m.text(wire.CodeHolder, wire.HolderDevice)
	case qr.HolderCard:
		m.text(wire.CodeHolder, wire.HolderCard)
	case qr.HolderLogin:
		m.text(wire.CodeHolder, wire.HolderLogin)
	}
	if c.StatusURI != "" {
		list := []jws.Member{{Name: wire.StatusIndex, Value: int64(c.StatusIndex)}, {Name: wire.StatusURI, Value: c.StatusURI}}
		m.add(wire.Status, []jws.Member{{Name: wire.StatusList, Value: list}})
	}
	m.record(c.Citizen)
	return m
}

func (m *members) record(r vneid.Record) {
	m.text(wire.CitizenID, r.ID)
	m.text(wire.ForeignerID, r.ForeignerID)
	m.text(wire.OldID, r.OldID)
	if len(r.FormerIDs) > 0 {
		m.add(wire.FormerIDs, r.FormerIDs)
	}
	m.text(wire.Name, r.Name)
	m.date(wire.Birth, r.Birth)
	m.text(wire.Gender, string(r.Sex))
	m.text(wire.Nationality, r.Nationality)
	m.place(wire.Origin, r.Origin)
	m.place(wire.Residence, r.Residence)
	m.text(wire.Ethnicity, r.Ethnicity)
	m.text(wire.Religion, r.Religion)
	m.date(wire.CardIssued, r.CardIssued)
	m.date(wire.CardExpires, r.CardExpires)
	m.text(wire.CardIssuer, r.CardIssuer)
	m.text(wire.Father, r.Father)
	m.text(wire.Mother, r.Mother)
}
