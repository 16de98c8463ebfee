package platform

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
)

// Card codes live for days, so each names its place in a status list, which the keys
// of codes sign. There a code is suspended while the electronic identity card or the
// account is locked, and withdrawn when there is no account any more.

// countCodePlaces is how many places were given away.
const countCodePlaces = "qr status index"

func (p *Platform) codeList(n uint64) string {
	return fmt.Sprintf("%s%s%d", p.cfg.Issuer, pathQRStatus, n)
}

// listed gives a card code its place.
func (p *Platform) listed(tx Tx, account string, c *qrissue.Claims) error {
	n, err := next(tx, countCodePlaces)
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
	text, err := p.codeStatusList(r.Context(), n)
	if err != nil {
		fail(w, err)
		return
	}
	if text == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(int(listTTL/time.Second)))
	w.Header().Set("Content-Type", "application/statuslist+jwt")
	// Only a broken connection fails here.
	_, _ = w.Write([]byte(text))
}

// countLocks goes on with every change of a lock: lists that were signed before are not
// given out any more.
const countLocks = "locks"

// codeStatusList is a list as it was signed last, or a new one when a lock has changed
// since, or a minute has passed in which a level may have; "" for one that no code is in.
func (p *Platform) codeStatusList(ctx context.Context, n uint64) (string, error) {
	p.codeLists.Lock()
	defer p.codeLists.Unlock()
	now, last := p.now(), p.codeLists.signed[n]
	var places, locks uint64
	err := p.store.View(ctx, func(tx Tx) (err error) {
		if places, err = counted(tx, countCodePlaces); err == nil {
			locks, err = counted(tx, countLocks)
		}
		return err
	})
	version := strconv.FormatUint(locks, 10)
	switch {
	case err != nil || n > places/listLength+1:
		return "", err
	case last.good(version, now):
		return last.text, nil
	}
	text, err := p.codeStatuses(ctx, n)
	if err == nil {
		p.codeLists.signed[n] = signedList{text, version, now}
	}
	return text, err
}

func (p *Platform) codeStatuses(ctx context.Context, n uint64) (string, error) {
	statuses, err := sdjwt.NewStatuses(listBits, listLength)
	if err != nil {
		return "", err
	}
	prefix := fmt.Sprintf("%d/", n)
	err = p.store.View(ctx, func(tx Tx) error {
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
	case a == nil || a.Level == 0:
		return sdjwt.Invalid
	case a.EIDLocked || a.AccountLocked || a.Level < 2:
		return sdjwt.Suspended
	}
	return sdjwt.Valid
}
