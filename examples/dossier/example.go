package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// makeExample writes the files of an invented customer: of a rental that goes on, and of
// one whose consent was withdrawn while a law wants its contract to be kept.
func (o *options) makeExample(ctx context.Context) error {
	if err := os.MkdirAll(o.example, 0o700); err != nil {
		return err
	}
	pinned, evidence, err := exampleOf(ctx, "level2", "level2")
	if err != nil {
		return err
	}
	now := evidence[0].Verified
	o.now = time.Now()
	until, err := vneid.NewDate(now.AddDate(5, 0, 0).Date())
	if err != nil {
		return err
	}
	evidence[0].Face = &share.FaceMatch{
		Engine: "So khớp mẫu 1.0", Reference: "chip-dg2", Score: 0.93, Threshold: 0.8,
		Liveness: "ISO/IEC 30107-3", LivenessLevel: "2", At: now, Operator: "Quầy 3",
	}
	withdrawn := now.Add(time.Minute)
	evidence[1].Withdrawn = &withdrawn
	evidence[1].Hold = &share.Hold{Basis: "Lưu giữ hợp đồng thuê xe đã ký", Citation: "Luật Thử Nghiệm, Điều 2 (ví dụ)", Until: until}
	if err := os.WriteFile(o.pins, pinned, 0o600); err != nil {
		return err
	}
	for i, name := range []string{"rental.json", "withdrawn.json"} {
		text, err := json.MarshalIndent(evidence[i], "", "  ")
		if err != nil {
			return err
		}
		file := filepath.Join(o.example, name)
		if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
			return err
		}
		o.files = append(o.files, file)
	}
	return nil
}

// exampleOf lets people answer at a platform that lives for so long, an hour ago so that
// nobody has to wait, and returns its keys and the evidence of the answers.
func exampleOf(ctx context.Context, handles ...string) (pinned []byte, out []share.Evidence, err error) {
	var site *web.Site
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String()
	clock := new(platform.Clock)
	clock.Advance(-time.Hour)
	client, err := web.Asking("http://127.0.0.1:1/callback") // at a counter nobody comes back
	if err == nil {
		site, err = web.New(ctx, web.Config{Issuer: issuer, Clients: []platform.Client{client}, PasswordRounds: 1, Now: clock.Now})
	}
	if err != nil {
		return nil, nil, errors.Join(err, server.Listener.Close())
	}
	server.Config.Handler = site
	server.Start()
	defer server.Close()
	asker, err := share.New(asking.Config(issuer, "", clock.Now))
	for _, handle := range handles {
		if err != nil {
			return nil, nil, err
		}
		var e share.Evidence
		e, err = answerOf(ctx, site, asker, handle, clock)
		out = append(out, e)
	}
	var keys bytes.Buffer
	if err == nil {
		err = writePins(ctx, &keys, issuer, asking.Client)
	}
	return keys.Bytes(), out, err
}

// answerOf is one request to somebody at a counter, who agrees to everything in the app.
func answerOf(ctx context.Context, site *web.Site, asker *share.Client, handle string, clock *platform.Clock) (e share.Evidence, err error) {
	who, _ := personas.Get(handle)
	s, err := asker.Ask(ctx, asking.RentalRequest("", clock.Now()), who.Username(), "Quay 3")
	if err != nil {
		return e, err
	}
	prompts, err := site.Platform.Prompts(ctx, handle)
	if err != nil || len(prompts) == 0 || prompts[0].Share == nil {
		return e, errors.Join(err, errors.New("the telephone did not ask"))
	}
	yes := platform.Approval{Number: s.Number(), Password: who.Account.Password, Face: true}
	for _, d := range prompts[0].Share.Documents {
		yes.Ticked = append(yes.Ticked, d.Field)
		for _, i := range d.Items {
			if i.Field != "" {
				yes.Ticked = append(yes.Ticked, i.Field)
			}
		}
	}
	if err := site.Platform.Approve(ctx, handle, prompts[0].ID, yes); err != nil {
		return e, err
	}
	clock.Advance(time.Minute)
	answer, err := asker.Poll(ctx, s)
	if err != nil {
		return e, err
	}
	return answer.Evidence()
}
