package platform

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// mayAnswer reports whether a person can answer a data request in the app. Who cannot
// is as unknown as nobody: a client that names people at random learns nothing.
func (a *Account) mayAnswer(want want) bool {
	_, err := want.goal(a)
	return err == nil && !a.EIDLocked
}

// askShare enters the record of a decoupled data request, and shows it in the app.
func (p *Platform) askShare(tx Tx, c *Client, k *ask, key string, q *Prompt) error {
	if k.Share == nil {
		return nil
	}
	s, err := p.newSharing(tx, c, k.Share, k.Reference, k.Until)
	if err != nil {
		return err
	}
	k.Sharing, s.AskKey, q.Share = s.ID, key, shareView(c, k.Share)
	return p.keep(tx, s)
}

// decideAsk takes the person's decision in the app: what they ticked, or nothing shown
// for a refusal.
func (p *Platform) decideAsk(tx Tx, key string, k *ask, shown []Factor, ticked []string) error {
	if shown == nil {
		return p.refuseShare(tx, k.Sharing, k.Account)
	}
	a, err := load[Account](tx, tableAccounts, k.Account)
	if err != nil || a == nil || a.AccountLocked || a.EIDLocked {
		return errors.Join(err, ErrNoPrompt)
	}
	k.Shown, k.At = shown, p.now()
	if err := save(tx, tableAsks, key, k, k.Until.Add(tokenLife)); err != nil {
		return err
	}
	return p.decideSelf(tx, k.Sharing, a.ID, ticked, k.Want, shown, k.At)
}

// answerShare answers a decoupled request once everybody has decided.
func (p *Platform) answerShare(tx Tx, s *sharing) error {
	k, err := load[ask](tx, tableAsks, s.AskKey)
	if err != nil || k == nil || k.Denied || k.Grant != "" {
		return err
	}
	if k.Denied = !s.live(); !k.Denied {
		g := grant{
			Account: s.Account, Client: s.Client, Scopes: k.Scopes, Nonce: s.Ask.Nonce, Shown: k.Shown, At: k.At,
			ACR: s.ACR, Until: s.until(), Share: s.ID,
		}
		k.Grant = random()
		if err := save(tx, tableGrants, k.Grant, g, g.Until); err != nil {
			return err
		}
	}
	return p.saveAnswer(tx, s.AskKey, k)
}

// signWebhook proves to the client who rings (X-Webhook-Signature).
func (p *Platform) signWebhook(req *http.Request, c *Client, body []byte) error {
	if len(c.WebhookSecret) == 0 {
		return nil
	}
	secret, err := p.reveal(string(c.WebhookSecret))
	if err != nil {
		return err
	}
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(body)
	req.Header.Set(wire.HeaderSignature, wire.SignaturePrefix+hex.EncodeToString(h.Sum(nil)))
	return nil
}
