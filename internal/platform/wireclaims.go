package platform

import (
	"strconv"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// vnConnectClaims are the strings of the broker's userinfo. The two URLs at the end
// are a leak of the real one, which puts a bearer token into each; the tokens here
// open nothing.
func (p *Platform) vnConnectClaims(c *Client, g *grant, a *Account, kind string, has map[string]bool) members {
	out := members{
		is("sub", p.guidOf("vnconnect sub", c.Sector, g.Account)), is("TechID", p.guidOf("vnconnect tech", c.Sector, g.Account)),
		is("LoaiTaiKhoan", kind), is("loginIdp", "BCA"),
	}
	if r := a.Record; has[wire.Name] {
		out = append(out, is("HoVaTen", r.Name))
	}
	if r := a.Record; has[wire.CitizenID] {
		if r.ID != "" {
			out = append(out, is("SoDinhDanh", r.ID))
		}
		if whole(r.Birth) {
			out = append(out, is("NgayThangNamSinh", strings.ReplaceAll(r.Birth.String(), "-", "")))
		}
	}
	inert := "?token_id=" + b64([]byte(`{"alg":"none"}`)) + "." + b64([]byte(`{"about":"opens nothing"}`)) + "."
	return append(out,
		is("userProfileUri", p.cfg.Issuer+"/api/idp/third-party/view-info"+inert),
		is("logoutUri", p.cfg.Issuer+"/api/idp/third-party/logout"+inert))
}

// envelopeClaims are the claims of the direct single sign-on, which names nobody but
// by the personal number. How it writes dates is not told; this is the way they are
// printed.
func (p *Platform) envelopeClaims(g *grant, a *Account, kind string, has map[string]bool) members {
	out := members{is("accountType", kind), is("accountLevel", strconv.Itoa(int(g.ACR.Level)))}
	r := a.Record
	if has[wire.Name] {
		out = append(out, is("fullName", r.Name))
	}
	if has[wire.CitizenID] && r.ID != "" {
		out = append(out, is("citizenPid", r.ID))
	}
	if has[wire.Birth] && whole(r.Birth) {
		out = append(out, is("birthDate", r.Birth.Printed()))
	}
	return out
}
