package platform

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"
)

// Prompt is a login that waits to be confirmed in the app. The person compares
// the number with the one on the page and types it: confirming without looking
// confirms nothing.
type Prompt struct {
	ID        string    `json:"id"`
	Client    string    `json:"client"` // name; empty: the platform's own pages
	Number    string    `json:"number"` // two digits; Prompts hides it
	At        time.Time `json:"at"`
	Until     time.Time `json:"until"`
	Confirmed bool      `json:"confirmed"`
}

const promptLife = 2 * time.Minute

// ErrNoPrompt is returned for a prompt that is over, or a number that was wrong.
var ErrNoPrompt = errors.New("platform: no such prompt, or another number")

// submitApp makes the prompt, or looks whether it was confirmed.
func (p *Platform) submitApp(tx Tx, c *Client, a *Account, ia *interaction) (Problem, error) {
	now := p.now()
	if ia.Prompt != "" {
		q, err := load[Prompt](tx, tablePrompts, a.ID+"/"+ia.Prompt)
		if err != nil {
			return "", err
		}
		if q != nil && q.Confirmed && now.Before(q.Until) {
			return "", tx.Delete(tablePrompts, a.ID+"/"+ia.Prompt)
		}
		if q != nil && now.Before(q.Until) {
			return ProblemWaiting, nil
		}
	}
	q := Prompt{ID: random()[:22], Number: digits(2), At: now, Until: now.Add(promptLife)}
	if c != nil {
		q.Client = c.Name
	}
	ia.Prompt, ia.Number = q.ID, q.Number
	return ProblemWaiting, save(tx, tablePrompts, a.ID+"/"+q.ID, q, q.Until)
}

// Prompts lists what waits for the person in their app.
func (p *Platform) Prompts(ctx context.Context, account string) (out []Prompt, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		all, err := list[Prompt](tx, tablePrompts, account+"/", 20)
		out = nil
		for _, q := range all {
			if !q.Confirmed && p.now().Before(q.Until) {
				q.Number = ""
				out = append(out, q)
			}
		}
		return err
	})
	return out, err
}

// Confirm confirms a prompt by the number on the page, or refuses it with any
// other: there is one attempt. The caller has authenticated the account's owner.
func (p *Platform) Confirm(ctx context.Context, account, prompt, number string) error {
	key := account + "/" + prompt
	wrong := false
	err := p.store.Update(ctx, func(tx Tx) error {
		q, err := load[Prompt](tx, tablePrompts, key)
		if err != nil {
			return err
		}
		if q == nil || q.Confirmed || !p.now().Before(q.Until) {
			return ErrNoPrompt
		}
		if wrong = subtle.ConstantTimeCompare([]byte(q.Number), []byte(number)) != 1; wrong {
			return tx.Delete(tablePrompts, key)
		}
		q.Confirmed = true
		return save(tx, tablePrompts, key, q, q.Until)
	})
	if err == nil && wrong {
		return ErrNoPrompt
	}
	return err
}
