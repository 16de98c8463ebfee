package platform

import (
	"context"
	"errors"
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// ErrNoPaper is Present's answer where no register holds the document.
var ErrNoPaper = errors.New("the person has no such document")

var errWithdrawn = fmt.Errorf("%w: the document's issuer withdrew or suspended it", vneid.ErrRevoked)

// Present issues the one-time code by which a citizen shows one document to an
// inspection (xuất trình giấy tờ). Only a document that is đã được xác thực is shown so,
// and only since the day of its kind: otherwise a *qr.PaperError says to show the
// paper. One that its issuer withdrew or suspended is vneid.ErrRevoked.
func (p *Platform) Present(ctx context.Context, account string, kind document.Kind) (string, error) {
	return p.IssueCode(ctx, account, CodeRequest{Kind: qr.Document, Document: kind, Holder: qr.HolderDevice})
}

// presented is the document as a code carries it.
func (p *Platform) presented(tx Tx, account string, kind document.Kind) (*qrissue.Paper, error) {
	rule, ok := wire.DocumentByKind(string(kind))
	if !ok {
		return nil, errors.New("CodeRequest.Document is not shown by code")
	}
	held, err := load[Paper](tx, tablePapers, account+"/"+string(kind))
	if err != nil {
		return nil, err
	}
	today, _ := vneid.NewDate(p.now().In(vietnam).Date())
	switch {
	case held == nil:
		return nil, ErrNoPaper
	case held.Status != sdjwt.Valid && p.on("paper-status"):
		return nil, errWithdrawn
	case held.State != wire.StateVerified && p.on("paper-state"), today.Before(rule.Since) && p.on("paper-since"):
		return nil, &qr.PaperError{Document: kind, State: held.State, Since: rule.Since}
	}
	return &qrissue.Paper{Kind: kind, State: held.State, Claims: held.Claims}, nil
}
