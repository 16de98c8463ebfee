package sso

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestTheCardsIssuerAndTheParentsAreRead(t *testing.T) {
	const decomposed = "Le\u0302 Thi\u0323 Vi\u0301 Du\u0323" // NFD of the mother's name
	said := object{wire.CardIssuer: "Bộ Công an", wire.Father: "Nguyễn Văn Mẫu", wire.Mother: decomposed}
	tell := func(v object) {
		for name, value := range said {
			v[name] = value
		}
	}
	for name, edit := range map[string]func(*op){
		"in the ID token": func(o *op) { o.claims = tell },
		"in userinfo":     func(o *op) { o.userinfo = tell },
	} {
		o := newOP(t)
		edit(o)
		r := mustLogin(t, newClient(t, o), o, Ask{}).Citizen().Reveal()
		if r.CardIssuer != "Bộ Công an" || r.Father != "Nguyễn Văn Mẫu" || r.Mother != "Lê Thị Ví Dụ" {
			t.Errorf("%s: %q, %q, %q", name, r.CardIssuer, r.Father, r.Mother)
		}
	}
}

func TestTheCardsIssuerAndTheParentsAreTexts(t *testing.T) {
	for _, claim := range []string{wire.CardIssuer, wire.Father, wire.Mother} {
		told := func(token, info any) error {
			o := newOP(t)
			o.claims = func(v object) { v[claim] = token }
			o.userinfo = func(v object) { v[claim] = info }
			_, err := logIn(newClient(t, o), o, Ask{})
			return err
		}
		if err := told("Lê Thị Ví Dụ", "Lê Thị Ví Dụ"); err != nil {
			t.Fatalf("%s: the twin: %v", claim, err)
		}
		refusedAs(t, told(1, "Lê Thị Ví Dụ"), vneid.ErrMalformed)
		refusedAs(t, told("Lê Thị Ví Dụ", "Lê Thị Ví Du"), vneid.ErrMismatch)
	}
}
