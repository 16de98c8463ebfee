package reconcile

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Fetch returns the platform's list of a day (UTC+7). Of the configuration it uses
// Issuer, ClientID, Key, KeyID, HTTP and Now. Lists of more than 1 MiB are Unavailable.
func Fetch(ctx context.Context, cfg share.Config, day time.Time) ([]Row, error) {
	if _, err := share.New(cfg); err != nil {
		return nil, err
	}
	rows, err := fetch(ctx, cfg, dayOf(day))
	if err != nil {
		return nil, fault.Prefix("reconcile", err)
	}
	return rows, nil
}

func fetch(ctx context.Context, cfg share.Config, day string) ([]Row, error) {
	now := time.Now
	if cfg.Now != nil {
		now = cfg.Now
	}
	assertion, err := oauth.Assertion(oauth.Key{ID: cfg.KeyID, Signer: cfg.Key}, cfg.ClientID, cfg.Issuer, now())
	if err != nil {
		return nil, err
	}
	party := oauth.Party{HTTP: oauth.HTTP(cfg.HTTP, cfg.Issuer), Now: cfg.Now}
	a, err := party.Get(ctx, strings.TrimSuffix(cfg.Issuer, "/")+wire.PathReconciliation+"?day="+day, assertion)
	switch {
	case err != nil:
		return nil, err
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return nil, fault.New(vneid.ErrUntrusted, "the platform does not give this client a list: status %d", a.Status)
	case a.Status != http.StatusOK:
		return nil, a.Failed(vneid.ErrUnavailable)
	case !a.IsJSON:
		return nil, fault.New(vneid.ErrMalformed, "the list is not a JSON object")
	}
	return readList(a.Object, day)
}

func readList(o jws.Object, day string) ([]Row, error) {
	if o.String(wire.ReconDay) != day {
		return nil, fault.New(vneid.ErrMismatch, "the list is of another day")
	}
	if !o.Has(wire.ReconRows) {
		return nil, fault.New(vneid.ErrMalformed, "the list has no rows")
	}
	out := []Row{}
	for _, r := range o.Objects(wire.ReconRows) {
		row := Row{
			Request: r.String(wire.ReconRequest), Txn: r.String(wire.ReconTxn), Grant: r.String(wire.ReconGrant),
			Kind: document.Kind(r.String(wire.ReconKind)), Outcome: Outcome(r.String(wire.ReconOutcome)),
			At: r.Time(wire.ReconAt), Billable: r.Bool(wire.ReconBillable),
		}
		if r.Err() != nil || row.Request == "" || row.Kind == "" || row.Outcome == "" || row.At.IsZero() || !r.Has(wire.ReconBillable) {
			return nil, fault.New(vneid.ErrMalformed, "a row of the list is none")
		}
		out = append(out, row)
	}
	if o.Err() != nil {
		return nil, fault.New(vneid.ErrMalformed, "the list has rows that are none")
	}
	return out, nil
}
