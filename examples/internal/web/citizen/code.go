package citizen

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// How long the codes of the pages live.
const (
	dynamicLife = 2 * time.Minute
	staticLife  = 30 * 24 * time.Hour
)

// refusals are why somebody has no code: nothing that is wrong with the platform.
var refusals = []error{vneid.ErrLevel, vneid.ErrLocked, vneid.ErrNotYetValid, vneid.ErrRevoked, platform.ErrNoPaper}

// code issues and draws a code; nil when the account may not have it.
func (c *app) code(ctx context.Context, id, account string, q platform.CodeRequest) (*ui.Code, error) {
	until := c.p.Now().Add(q.Life)
	text, err := c.p.IssueCode(ctx, account, q)
	for _, refused := range refusals {
		if errors.Is(err, refused) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, err
	}
	drawn, err := ui.Draw(id, text, until)
	if err != nil {
		return nil, err
	}
	if q.Kind != qr.Static {
		drawn.Words = ui.Text{Vi: "Dùng một lần.", En: "Works once."}
		drawn.Life, drawn.Fresh = int(q.Life/time.Second), true
	}
	return &drawn, nil
}

// dynamic is mã QR định danh, static mã QR căn cước.
func (c *app) dynamic(ctx context.Context, account string) (*ui.Code, error) {
	return c.code(ctx, "dynamic", account, platform.CodeRequest{Kind: qr.Dynamic, Life: dynamicLife, Holder: qr.HolderLogin})
}

func (c *app) static(ctx context.Context, account string) (*ui.Code, error) {
	return c.code(ctx, "static", account, platform.CodeRequest{Kind: qr.Static, Life: staticLife, Holder: qr.HolderLogin})
}

func (c *app) document(ctx context.Context, account string, kind document.Kind) (*ui.Code, error) {
	return c.code(ctx, "document", account, platform.CodeRequest{Kind: qr.Document, Document: kind, Life: dynamicLife, Holder: qr.HolderLogin})
}
