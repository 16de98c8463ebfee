package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/local"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas"
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
	client, err := web.Asking(local.Callback)
	if err != nil {
		return nil, nil, err
	}
	p, err := local.Start(ctx, client)
	if err != nil {
		return nil, nil, err
	}
	defer p.Close()
	p.Clock.Advance(-time.Hour)
	asker, err := share.New(asking.Config(p.Platform.Issuer(), "", p.Clock.Now))
	for _, handle := range handles {
		if err != nil {
			return nil, nil, err
		}
		var e share.Evidence
		e, err = answerOf(ctx, p, asker, handle)
		out = append(out, e)
	}
	var keys bytes.Buffer
	if err == nil {
		err = writePins(ctx, &keys, p.Platform.Issuer(), asking.Client)
	}
	return keys.Bytes(), out, err
}

// answerOf is one request to somebody at a counter, who agrees to everything in the app.
func answerOf(ctx context.Context, p *local.Platform, asker *share.Client, handle string) (e share.Evidence, err error) {
	who, _ := personas.Get(handle)
	s, err := asker.Ask(ctx, asking.RentalRequest("", p.Clock.Now()), who.Username(), "Quay 3")
	if err != nil {
		return e, err
	}
	if err := p.Approve(ctx, handle, who.Account.Password, s.Number()); err != nil {
		return e, err
	}
	p.Clock.Advance(time.Minute)
	answer, err := asker.Poll(ctx, s)
	if err != nil {
		return e, err
	}
	return answer.Evidence()
}
