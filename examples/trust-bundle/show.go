package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/facts"
	"github.com/vneid-sdk/vneid-go/examples/internal/kiosk"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

// verify says whether a kiosk with this pin would open a bundle now.
func (p *program) verify(ctx context.Context, args []string) (int, error) {
	_, status, err := p.opened(ctx, "verify", args)
	return status, err
}

// show verifies a bundle, and says what it trusts whom for.
func (p *program) show(ctx context.Context, args []string) (int, error) {
	b, status, err := p.opened(ctx, "show", args)
	if b == nil {
		return status, err
	}
	c := b.Contents()
	line := func(vi, en, value string) { fmt.Fprintf(p.stdout, "  %s: %s\n", p.say(vi, en), value) }
	line("Nơi tạo gói", "Maker", c.Maker)
	line("Số", "Sequence", fmt.Sprint(c.Sequence))
	line("Tạo lúc", "Made", clock(c.Made))
	line("Có giá trị đến", "Valid until", clock(c.Until))
	for _, i := range c.Issuers {
		line("Nơi cấp", "Issuer", i.Name+" ("+p.say("dùng cho", "for")+" "+join(i.Uses)+")")
		if len(i.Kinds) > 0 {
			line("  được ký", "  may sign", join(i.Kinds))
		}
	}
	for _, l := range c.Lists {
		line("Danh sách tình trạng", "Status list", fmt.Sprintf("%s (%d B)", l.URI, len(l.Token)))
	}
	for _, a := range c.Anchors {
		line("Chứng thư gốc", "Anchor", a.Country+", "+a.Label)
	}
	for _, l := range c.MasterLists {
		line("Danh sách chứng thư", "Master list", fmt.Sprintf("%s (%d B)", l.Label, len(l.Data)))
	}
	for _, crl := range c.CRLs {
		line("Danh sách thu hồi", "Revocation list", fmt.Sprintf("%d B", len(crl)))
	}
	return status, nil
}

// opened opens a bundle, and prints the verdict.
func (p *program) opened(ctx context.Context, command string, args []string) (*trustbundle.Bundle, int, error) {
	f := p.flags(command)
	pinned := f.String("pin", "", "the `file` that the kiosks have")
	if err := f.Parse(args); err != nil {
		return nil, unknown, flagError(err)
	}
	if *pinned == "" || f.NArg() != 1 {
		return nil, unknown, errors.New(command + " needs -pin and one bundle")
	}
	cfg, err := kiosk.Pin(*pinned)
	if err != nil {
		return nil, unknown, fmt.Errorf("-pin: %w", err)
	}
	file, err := os.ReadFile(f.Arg(0))
	if err != nil {
		return nil, unknown, err
	}
	cfg.Now = p.now
	b, err := cfg.Open(ctx, file)
	v := verdict.Of(err)
	fmt.Fprintf(p.stdout, "%s: %s\n", f.Arg(0), v.Word.In(p.lang))
	if err == nil {
		return b, passed, nil
	}
	fmt.Fprintf(p.stdout, "  %s: %s\n  %s: %s\n", p.say("Lý do", "Reason"), v.Reason.In(p.lang), p.say("Chi tiết", "Detail"), err)
	if v.Class == "problem" {
		return nil, refused, nil
	}
	return nil, unknown, nil
}

func clock(t time.Time) string { return facts.Clock(t) }

func join[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}
