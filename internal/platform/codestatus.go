package platform

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
)

// Card codes live for days, so each names its place in a status list, which the keys
// of codes sign. There a code is suspended while the electronic identity card or the
// account is locked, and withdrawn when there is no account any more.

func (p *Platform) codeList(n uint64) string {
	return fmt.Sprintf("%s%s%d", p.cfg.Issuer, pathQRStatus, n)
}

// listed gives a card code its place.
func (p *Platform) listed(tx Tx, account string, c *qrissue.Claims) error {
	n, err := next(tx, "qr status index")
	if err != nil {
		return err
	}
	list := n/listLength + 1
	c.StatusURI, c.StatusIndex = p.codeList(list), n%listLength
	return tx.Put(tableCodePlaces, codePlace(list, c.StatusIndex), []byte(account), c.Expires.Add(redeemSkew))
}

func codePlace(list, index uint64) string { return fmt.Sprintf("%d/%06d", list, index) }

// handleCodeStatus gives out GET /qr/status/{list}.
func (p *Platform) handleCodeStatus(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.ParseUint(r.PathValue("list"), 10, 16)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != r.PathValue("list") {
		http.NotFound(w, r)
		return
	}
	text, err := p.codeStatuses(r, n)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/statuslist+jwt")
	// Only a broken connection fails here.
	_, _ = w.Write([]byte(text))
}

func (p *Platform) codeStatuses(r *http.Request, n uint64) (string, error) {
	statuses, err := sdjwt.NewStatuses(listBits, listLength)
	if err != nil {
		return "", err
	}
	prefix := fmt.Sprintf("%d/", n)
	err = p.store.View(r.Context(), func(tx Tx) error {
		rows, err := tx.List(tableCodePlaces, prefix, "", listLength)
		if err != nil {
			return err
		}
		for _, row := range rows {
			index, err := strconv.Atoi(row.Key[len(prefix):])
			if err != nil {
				return err
			}
			a, err := load[Account](tx, tableAccounts, string(row.Value))
			if err != nil {
				return err
			}
			if err := statuses.Set(index, codeStatus(a)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	key, err := p.qr.signer("EdDSA")
	if err != nil {
		return "", err
	}
	issuer := sdjwt.Issuer{Alg: key.alg, Signer: key.signer, KeyID: key.kid, Name: p.cfg.Issuer}
	return issuer.List(p.codeList(n), statuses, p.now(), listTTL, listLife)
}

func codeStatus(a *Account) sdjwt.Status {
	switch {
	case a == nil:
		return sdjwt.Invalid
	case a.EIDLocked || a.AccountLocked || a.Level < 2:
		return sdjwt.Suspended
	}
	return sdjwt.Valid
}
