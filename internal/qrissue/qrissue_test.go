package qrissue

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func claims() Claims {
	now := time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)
	return Claims{
		Kind: qr.Dynamic, Issuer: "https://qr.vneid.example", Issued: now, Expires: now.Add(time.Minute), Level: 2,
		Citizen: vneid.Record{ID: "999090000001", Name: "Trần Văn Thử", Sex: vneid.Male},
	}
}

func TestWhatCannotBeWrittenIsAnErrorAndNoCode(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VN1(claims(), key); err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Claims){
		"letters in a number":         func(c *Claims) { c.Citizen.ID = "99909000000a" },
		"letters in an old number":    func(c *Claims) { c.Citizen.OldID = "x" },
		"letters in a former number":  func(c *Claims) { c.Citizen.FormerIDs = []string{"999090000001", ""} },
		"more than a code can hold":   func(c *Claims) { c.Citizen.Name = strings.Repeat("N", 2048) },
		"a number of nineteen digits": func(c *Claims) { c.Citizen.ID = strings.Repeat("9", 19) },
	} {
		c := claims()
		spoil(&c)
		if code, err := VN1(c, key); err == nil || code != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if code, err := VN1(claims(), p384); err == nil || code != "" {
		t.Error("signed with P-384")
	}
	if code, err := JWS(claims(), "k", p384); err == nil || code != "" {
		t.Error("signed with P-384")
	}
	bad := claims()
	bad.Citizen.Name = "\xff"
	if code, err := JWS(bad, "k", key); err == nil || code != "" {
		t.Error("wrote what is not UTF-8")
	}
}

func TestIdentifiersAreRandomUnlessGiven(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	same := func(c Claims) bool {
		a, err1 := VN1(c, key)
		b, err2 := VN1(c, key)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		return a == b
	}
	c := claims()
	if same(c) {
		t.Error("two codes have one identifier")
	}
	c.ID = NewID()
	if !same(c) { // Ed25519 is deterministic
		t.Error("a given identifier is not used")
	}
	if len(c.ID) != 16 || bytes.Equal(c.ID, NewID()) {
		t.Error("NewID repeats itself")
	}
}

func TestVN1StaysInTheAlphanumericModeOfQR(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		code, err := VN1(claims(), key)
		if err != nil {
			t.Fatal(err)
		}
		if rest := strings.Trim(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"); rest != "" {
			t.Fatalf("%q has %q", code, rest)
		}
	}
}
