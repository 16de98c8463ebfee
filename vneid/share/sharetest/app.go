package sharetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// apps are requests that the person answers in their own app.
func apps() []test {
	const ciba = "CIBA Core §7, §10"
	app := func(name, proves, clause string, f func(*run) error) test {
		return test{Case{"app/" + name, proves, clause}, func(r *run) error {
			if r.target.Person == "" {
				return fmt.Errorf("%w: Target.Person is empty", errNotOffered)
			}
			return f(r)
		}}
	}
	return []test{
		app("agreed", "what was agreed to in the app comes like any other answer", ciba, func(r *run) error {
			got, err := r.inApp(Visit{})
			if err != nil {
				return err
			}
			return whole(r, got)
		}),
		app("refused", "a refusal in the app is told as one", ciba, func(r *run) error {
			got, err := r.inApp(Visit{Refuse: true})
			return refusedWith(got, err, vneid.ErrDenied)
		}),
		app("pending", "who has not answered yet is waited for", "CIBA Core §11", pending),
		app("nobody", "somebody who is not there is told apart from nobody else", "CIBA Core §13", nobody),
	}
}

// inApp asks, has the person decide, and polls for what came of it.
func (r *run) inApp(v Visit) (share.Records, error) {
	s, err := r.client.Ask(r.ctx, r.request(), r.target.Person, "")
	if err != nil {
		return share.Records{}, err
	}
	v.Number = s.Number()
	if _, err := r.target.Answer(r.ctx, v); err != nil {
		return share.Records{}, err
	}
	for {
		if err := r.wait(5 * time.Second); err != nil {
			return share.Records{}, err
		}
		got, err := r.client.Poll(r.ctx, s)
		var pending *share.Pending
		if !errors.As(err, &pending) {
			return got, err
		}
	}
}

func pending(r *run) error {
	s, err := r.client.Ask(r.ctx, r.request(), r.target.Person, "")
	if err != nil {
		return err
	}
	if err := r.wait(5 * time.Second); err != nil {
		return err
	}
	got, err := r.client.Poll(r.ctx, s)
	var pending *share.Pending
	if !errors.As(err, &pending) {
		return fmt.Errorf("not told to wait: %w", err)
	}
	if err := refusedWith(got, err, vneid.ErrUnavailable); err != nil {
		return err
	}
	_, err = r.target.Answer(r.ctx, Visit{Number: s.Number(), Refuse: true}) // leaves nothing open
	return err
}

func nobody(r *run) error {
	_, err := r.client.Ask(r.ctx, r.request(), "999000999999", "")
	return refusedWith(share.Records{}, err, vneid.ErrMismatch)
}
