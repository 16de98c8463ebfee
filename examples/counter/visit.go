package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/local"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/ciba"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// visit is an invented person at the counter, and what is special about the visit.
type visit struct {
	Person, Card                   string
	Reissued, Clone, Used, Decline bool
}

// possible reports whether the people exist and have what a visit needs.
func (v *visit) possible() bool {
	if v.Card == "" {
		v.Card = v.Person
	}
	who, ok := personas.Get(v.Person)
	whose, ok2 := personas.Get(v.Card)
	return ok && ok2 && who.Account.App && who.Account.Password != "" && who.Account.Level == 2 && who.Record.ID != "" && whose.Record.ID != ""
}

// scene is the platform, and the programs at the counter that check evidence.
type scene struct {
	visit
	*local.Platform
	who personas.Persona
}

const counterSecret = "counter-secret-for-tests-only"

// collect lets the person show everything, one piece after the other.
func (v visit) collect(ctx context.Context) (found []piece, err error) {
	ask, err := web.Asking(local.Callback)
	if err != nil {
		return nil, err
	}
	p, err := local.Start(ctx, ask, platform.Client{
		ID: "counter", Name: "Quầy mẫu", Class: "public-service", Secret: counterSecret, CIBA: platform.Poll,
		RedirectURIs: []string{local.Callback}, Scopes: []string{"profile", "vneid:id", "vneid:card"},
	})
	if err != nil {
		return nil, err
	}
	defer p.Close()
	s := &scene{visit: v, Platform: p}
	s.who, _ = personas.Get(v.Person)
	if v.Reissued {
		if err := s.reissue(ctx); err != nil {
			return nil, err
		}
	}
	login, subject, err := s.login(ctx)
	if err != nil {
		return nil, err
	}
	for _, next := range []func(context.Context) (piece, error){
		func(ctx context.Context) (piece, error) { return s.shared(ctx, subject) }, s.code, s.chip,
	} {
		one, err := next(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	// The order of the page: what counts most comes first.
	found = []piece{found[0], login, found[1], found[2]}
	if text := s.text(); text != "" {
		found = append(found, fromText(qr.ParseCard(text)))
	}
	return found, nil
}

// reissue gives the person another number and another residence, which the card in
// their hand does not know.
func (s *scene) reissue(ctx context.Context) error {
	number := s.who.Record.ID[:9] + "901"
	if err := s.Site.Platform.ReissueNumber(ctx, s.Person, number); err != nil {
		return err
	}
	account, err := s.Site.Platform.Account(ctx, s.Person)
	if err != nil {
		return err
	}
	r := account.Record
	r.Residence = vneid.Address{Text: "Số 9 Đường Mới, Phường Mẫu Hai, Tỉnh Ví Dụ"}
	claims, err := json.Marshal(paper.ElectronicID{Record: r})
	if err != nil {
		return err
	}
	s.who.Record.ID = number
	return s.Site.Platform.SetPaper(ctx, s.Person, platform.Paper{
		Kind: document.ElectronicID, Claims: claims, State: "verified", At: s.Clock.Now(), Source: "CSDL quốc gia về dân cư",
	})
}

// login asks the person's telephone (package sso/ciba), and says what the platform calls
// them: what they share has to be the same person's.
func (s *scene) login(ctx context.Context) (piece, string, error) {
	client, err := sso.New(sso.Config{
		Issuer: s.Site.Platform.Issuer(), ClientID: "counter", ClientSecret: counterSecret, RedirectURL: local.Callback,
		Scopes: []string{"profile", "vneid:id", "vneid:card"}, Need: vneid.Assurance{Level: 2, Auth: 2}, Now: s.Clock.Now,
	})
	if err != nil {
		return piece{}, "", err
	}
	desk, err := ciba.New(ciba.Config{Client: client})
	if err != nil {
		return piece{}, "", err
	}
	begun, err := desk.Begin(ctx, ciba.Ask{Hint: s.who.Username(), Message: "Quay 3"})
	if err != nil {
		return fromLogin(nil, err), "", nil
	}
	if err := s.Approve(ctx, s.Person, s.who.Account.Password, begun.Number()); err != nil {
		return piece{}, "", err
	}
	s.Clock.Advance(time.Minute)
	id, err := desk.Poll(ctx, begun)
	if err != nil {
		return fromLogin(nil, err), "", nil
	}
	return fromLogin(id, nil), id.Subject(), nil
}

// shared asks for the electronic identity card of whoever logged in.
func (s *scene) shared(ctx context.Context, subject string) (piece, error) {
	if s.Decline {
		return notShared(), nil
	}
	client, err := share.New(asking.Config(s.Site.Platform.Issuer(), "", s.Clock.Now))
	if err != nil {
		return piece{}, err
	}
	begun, err := client.Ask(ctx, asking.CounterRequest(subject), s.who.Username(), "Quay 3")
	if err != nil {
		return fromShared(share.Records{}, err), nil
	}
	if err := s.Approve(ctx, s.Person, s.who.Account.Password, begun.Number()); err != nil {
		return piece{}, err
	}
	s.Clock.Advance(time.Minute)
	answer, err := client.Poll(ctx, begun)
	if errors.Is(err, vneid.ErrDenied) {
		return notShared(), nil
	}
	return fromShared(answer, err), nil
}

// code shows a fresh code of the app, or one that was shown before.
func (s *scene) code(ctx context.Context) (piece, error) {
	issuer := s.Site.Platform.Issuer()
	v, err := qr.New(qr.Config{
		Issuers: []string{issuer}, Now: s.Clock.Now,
		Keys: &jwks.Remote{URL: issuer + "/qr/jwks.json", Issuer: issuer, Uses: []vneid.Use{vneid.UseQR}, Now: s.Clock.Now},
	})
	if err != nil {
		return piece{}, err
	}
	code, err := s.Site.Platform.IssueCode(ctx, s.Person, platform.CodeRequest{Kind: qr.Dynamic, Holder: qr.HolderLogin})
	if err != nil {
		return fromCode(nil, err), nil // somebody who is locked
	}
	if s.Used {
		if _, err := v.Verify(ctx, code); err != nil {
			return piece{}, err
		}
	}
	return fromCode(v.Verify(ctx, code)), nil
}

// chip reads the card, which is software.
func (s *scene) chip(ctx context.Context) (piece, error) {
	c := chiptest.Card{Person: s.Card}
	if s.Clone {
		c.Faults = []string{"clone-mute"}
	}
	card, err := chiptest.New(c)
	if err != nil {
		return piece{}, err
	}
	v, err := chip.New(chip.Config{Anchors: []chip.Anchor{{Certificates: card.Anchor(), Country: "VN", Label: "test"}}})
	if err != nil {
		return piece{}, err
	}
	challenge, err := v.Challenge("counter")
	if err != nil {
		return piece{}, err
	}
	access, err := chip.CAN(card.Access().CAN)
	if err != nil {
		return piece{}, err
	}
	dump, err := chip.Read(ctx, card, access, chip.ReadOptions{Challenge: &challenge, MaxResponse: 65536})
	if err != nil {
		return fromChip(nil, err), nil
	}
	return fromChip(v.Verify(ctx, dump, chip.VerifyOptions{Session: "counter"})), nil
}

// text is what the code printed on the card says: seven fields, as on cards of 2021. What
// cards print of whom only the year of birth is known is not public.
func (s *scene) text() string {
	whose, _ := personas.Get(s.Card)
	r := whose.Record
	if r.Birth.Day() == 0 {
		return ""
	}
	layout := func(d vneid.Date) string { return strings.ReplaceAll(d.Printed(), "/", "") }
	sex := map[vneid.Sex]string{vneid.Male: "Nam", vneid.Female: "Nữ"}[r.Sex]
	return strings.Join([]string{r.ID, r.OldID, r.Name, layout(r.Birth), sex, r.Residence.Text, layout(r.CardIssued)}, "|")
}
