package platform

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Prompt is a login that waits to be confirmed in the app: one that a browser began,
// or one that a relying party began at a counter (CIBA). The person compares the
// number with the one on the page, or the clerk's screen, and types it: confirming
// without looking confirms nothing.
type Prompt struct {
	ID        string    `json:"id"`
	Client    string    `json:"client"` // name; empty: the platform's own pages
	Number    string    `json:"number"` // two digits; Prompts hides it
	At        time.Time `json:"at"`
	Until     time.Time `json:"until"`
	Confirmed bool      `json:"confirmed"`

	Counter bool     `json:"counter,omitempty"` // the relying party began it: what follows is of these alone
	Message string   `json:"message,omitempty"` // its words
	Scopes  []string `json:"scopes,omitempty"`  // what it asks for; confirming agrees to all
	Needs   []Factor `json:"needs,omitempty"`   // what the person must show beside the app

	Share *ShareView `json:"share,omitempty"` // a data request: Approval.Ticked decides on it

	Ask string `json:"ask,omitempty"` // the key of the request; Prompts hides it
}

const promptLife = 2 * time.Minute

// ErrNoPrompt is returned for a prompt that is over, or a number that was wrong.
// ErrFactor is returned for a password that was wrong, or came too soon after wrong
// ones: the prompt stays.
var (
	ErrNoPrompt = errors.New("platform: no such prompt, or another number")
	ErrFactor   = errors.New("platform: the password or the face is missing or wrong")
)

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

// inApp is what the app asks for beside itself, for an authentication level.
func inApp(goal vneid.AuthLevel) []Factor {
	return map[vneid.AuthLevel][]Factor{2: {FactorPassword}, 3: {FactorFace}, 4: {FactorPassword, FactorFace}}[goal]
}

// Prompts lists what waits for the person in their app.
func (p *Platform) Prompts(ctx context.Context, account string) (out []Prompt, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		all, err := list[Prompt](tx, tablePrompts, account+"/", 20)
		out = nil
		for _, q := range all {
			if !q.Confirmed && p.now().Before(q.Until) {
				q.Counter = q.Ask != ""
				q.Number, q.Ask = "", ""
				out = append(out, q)
			}
		}
		return err
	})
	return out, err
}

// Approval is what a person does in the app: the number on the other screen, and
// what Prompt.Needs names.
type Approval struct {
	Number   string
	Password string
	Face     bool // the simulated comparison matched

	Ticked []string // of Prompt.Share: the switches of what the person agrees to
}

// Confirm confirms a prompt by the number on the page, or refuses it with any
// other: there is one attempt. The caller has authenticated the account's owner.
func (p *Platform) Confirm(ctx context.Context, account, prompt, number string) error {
	return p.Approve(ctx, account, prompt, Approval{Number: number})
}

// Approve is Confirm for a prompt that needs more than the app.
func (p *Platform) Approve(ctx context.Context, account, prompt string, a Approval) error {
	shown, err := p.showInApp(ctx, account, prompt, a)
	if err != nil {
		return err
	}
	key := account + "/" + prompt
	wrong := false
	err = p.store.Update(ctx, func(tx Tx) error {
		q, err := p.waiting(tx, key)
		if err != nil {
			return err
		}
		if wrong = subtle.ConstantTimeCompare([]byte(q.Number), []byte(a.Number)) != 1 && (q.Ask == "" || p.on("ciba-number")); wrong {
			shown = nil
		}
		if q.Ask != "" {
			return errors.Join(tx.Delete(tablePrompts, key), p.answerAsk(tx, q.Ask, shown, a.Ticked))
		}
		if wrong {
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

func (p *Platform) waiting(tx Tx, key string) (*Prompt, error) {
	q, err := load[Prompt](tx, tablePrompts, key)
	if err == nil && (q == nil || q.Confirmed || !p.now().Before(q.Until)) {
		err = ErrNoPrompt
	}
	return q, err
}

// showInApp checks what the prompt needs beside the app. Who types another number
// refuses, and need not show anything for that.
func (p *Platform) showInApp(ctx context.Context, account, prompt string, a Approval) ([]Factor, error) {
	var q *Prompt
	var owner *Account
	err := p.store.View(ctx, func(tx Tx) (err error) {
		if q, err = p.waiting(tx, account+"/"+prompt); err != nil {
			return err
		}
		owner, err = load[Account](tx, tableAccounts, account)
		return err
	})
	if err == nil && owner == nil {
		err = ErrNoPrompt
	}
	if err != nil {
		return nil, err
	}
	shown := []Factor{FactorApp}
	if subtle.ConstantTimeCompare([]byte(q.Number), []byte(a.Number)) != 1 && p.on("ciba-number") {
		return shown, nil
	}
	if slices.Contains(q.Needs, FactorPassword) {
		who, _, _, err := p.authenticate(ctx, owner.Username(), a.Password)
		if err != nil {
			return nil, err
		}
		if who == nil && p.on("ciba-factor") {
			return nil, ErrFactor
		}
		shown = append([]Factor{FactorPassword}, shown...)
	}
	if slices.Contains(q.Needs, FactorFace) {
		if !a.Face && p.on("ciba-factor") {
			return nil, ErrFactor
		}
		shown = append(shown, FactorFace)
	}
	return shown, nil
}
