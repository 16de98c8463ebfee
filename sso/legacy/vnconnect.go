package legacy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// VNConnect is the wire of the National Public Service Portal's broker (cổng xác thực
// tập trung của Cổng Dịch vụ công quốc gia).
type VNConnect struct {
	Deployment

	// ACR is what acr_values asks for. "": LoA1.
	ACR string

	// IDPs are the words of loginIdp whose logins count. Nil: "BCA", the word for
	// VNeID; portal accounts with a telephone number come under other words.
	IDPs []string
}

// What public integrations of VNConnect read.
var vnConnect = Deployment{
	Claims: Claims{
		Subject: "sub", ID: "SoDinhDanh", Name: "HoVaTen", Birth: "NgayThangNamSinh", AccountType: "LoaiTaiKhoan",
	},
	BirthLayouts: []string{"yyyyMMdd"},
	AccountTypes: map[string]sso.AccountType{"1": sso.AccountCitizen},
}

const loginIDP = "loginIdp"

// Wire returns the wire for sso.Config.Wire of one client. It keeps a copy of v.
func (v VNConnect) Wire() sso.Wire {
	v.Deployment = v.filled(vnConnect)
	if v.ACR == "" {
		v.ACR = "LoA1"
	}
	if v.IDPs == nil {
		v.IDPs = []string{"BCA"}
	}
	v.IDPs = slices.Clone(v.IDPs)
	return &vnConnectWire{func() *VNConnect { return &v }}
}

// vnConnectWire keeps its configuration where fmt does not go.
type vnConnectWire struct{ get func() *VNConnect }

func (w *vnConnectWire) Check(own seal.Seal, s login.Setup) error {
	v := w.get()
	switch {
	case !own.Valid():
		return errSeal
	case !printable(v.ACR):
		return errors.New("VNConnect.ACR is not printable ASCII")
	case v.Claims.Subject == "":
		return errors.New("VNConnect.Claims.Subject is empty")
	}
	return v.check(s)
}

func (w *vnConnectWire) Issuers(own seal.Seal) []string {
	if !own.Valid() {
		return nil
	}
	return w.get().issuers()
}

func (w *vnConnectWire) Redirect(own seal.Seal, r login.Request) (string, error) {
	if !own.Valid() {
		return "", errSeal
	}
	v := w.get()
	return v.redirect(r, map[string]string{"acr_values": v.ACR})
}

func (w *vnConnectWire) Finish(ctx context.Context, own seal.Seal, b login.Callback) (login.Statement, error) {
	if !own.Valid() {
		return login.Statement{}, errSeal
	}
	v := w.get()
	access, err := v.exchange(ctx, b, b.Query["code"], nil, plain)
	if err != nil {
		return login.Statement{}, err
	}
	o, err := v.userinfo(ctx, b, access, plain)
	if err != nil {
		return login.Statement{}, err
	}
	p := person{o: &o}
	if idp := p.text(loginIDP); p.err == nil && !slices.Contains(v.IDPs, idp) {
		return login.Statement{}, fault.New(vneid.ErrUntrusted, "the person logged in at VNConnect by another identity provider than VNConnect.IDPs names")
	}
	if p.err != nil {
		return login.Statement{}, p.err
	}
	return v.statement(&o)
}

// Format prints what w is.
func (w *vnConnectWire) Format(f fmt.State, _ rune) { io.WriteString(f, "legacy.VNConnect") }

var errSeal = fault.New(vneid.ErrUntrusted, "legacy: a wire speaks with package sso alone")
