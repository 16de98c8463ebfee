package events

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// maxEvents is how many tokens a poll asks for: of 16 KiB each they stay below the
// 1 MiB that is read of an answer.
const maxEvents = 50

// Poll makes one round (RFC 8936): it asks for events, applies them, and acknowledges
// those that became durable. more says that the platform has others ready. An error
// is of the round; tokens that were refused are told to the platform and to
// Config.Refused instead.
func (r *Receiver) Poll(ctx context.Context) (more bool, err error) {
	if r == nil || r.parser == nil {
		return false, errNotMade
	}
	if r.key == nil {
		return false, errors.New("events: Config.PollURL is missing")
	}
	more, err = r.poll(ctx)
	return more, fault.Prefix("events", err)
}

func (r *Receiver) poll(ctx context.Context) (more bool, err error) {
	asked := r.cfg.Now()
	answer, err := r.call(ctx, jws.Member{Name: wire.PollMax, Value: maxEvents}, jws.Member{Name: wire.PollReturn, Value: true})
	if err != nil {
		return false, err
	}
	o, err := jws.ParseObject(answer)
	if err != nil {
		return false, fault.New(vneid.ErrUnavailable, "the platform's answer to the poll is not JSON")
	}
	sets := o.Object(wire.PollSets)
	more = o.Bool(wire.PollMore)
	alive := Event{Name: Heartbeat, Issuer: r.cfg.Issuer, Issued: asked, Told: o.Int(wire.EventTold)}
	if o.Err() != nil || !o.Has(wire.PollSets) || !o.Has(wire.EventTold) || alive.Told < 0 || len(sets.Names()) > maxEvents {
		return false, fault.New(vneid.ErrUnavailable, "the platform's answer to the poll is not one of RFC 8936")
	}
	acks, errs, left := r.each(ctx, &sets)
	if len(acks)+len(errs) > 0 {
		if err := r.acknowledge(ctx, acks, errs); err != nil {
			return false, err
		}
	}
	switch {
	case left:
		return false, fault.New(vneid.ErrUnavailable, "events could not be applied now and will come again")
	case more || len(errs) > 0: // of what was refused nobody knows what it said
		return more, nil
	}
	return false, r.hear(ctx, alive)
}

// each applies the tokens of an answer: those that became durable, those that are
// refused, and whether some can be neither now.
func (r *Receiver) each(ctx context.Context, sets *jws.Object) (acks []string, errs map[string]string, left bool) {
	errs = map[string]string{}
	for _, id := range sets.Names() {
		err := malformed("the token is not a string")
		if raw, ok := jws.Text(sets.Raw(id)); ok {
			err = r.accept(ctx, raw, id)
		} else {
			r.cfg.Refused(fault.Prefix("events", err))
		}
		code, _ := said(err)
		switch {
		case err == nil:
			acks = append(acks, id)
		case code != "":
			errs[id] = code
		default:
			left = true
			if !r.on("acknowledge") {
				acks = append(acks, id)
			}
		}
	}
	return acks, errs, left
}

// acknowledge tells what was received, and asks for nothing (RFC 8936 §2.4.2).
func (r *Receiver) acknowledge(ctx context.Context, acks []string, errs map[string]string) error {
	members := []jws.Member{{Name: wire.PollMax, Value: 0}, {Name: wire.PollReturn, Value: true}}
	if len(acks) > 0 {
		members = append(members, jws.Member{Name: wire.PollAck, Value: acks})
	}
	if len(errs) > 0 {
		var all []jws.Member
		for _, id := range slices.Sorted(maps.Keys(errs)) {
			_, text := said(&refusal{errs[id], nil})
			all = append(all, jws.Member{Name: id, Value: []jws.Member{{Name: wire.EventErr, Value: errs[id]}, {Name: wire.EventDescription, Value: text}}})
		}
		members = append(members, jws.Member{Name: wire.PollErrors, Value: all})
	}
	_, err := r.call(ctx, members...)
	return err
}

// call posts to the events endpoint, once.
func (r *Receiver) call(ctx context.Context, members ...jws.Member) (string, error) {
	body, err := jws.Encode(members...)
	if err != nil {
		return "", fault.New(vneid.ErrMalformed, "a jti of the platform is not UTF-8")
	}
	assertion, err := oauth.Assertion(*r.key(), r.cfg.ClientID, r.cfg.Issuer, r.cfg.Now())
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.cfg.PollURL, bytes.NewReader(body))
	if err != nil {
		return "", fault.New(nil, "Config.PollURL is not a URL")
	}
	req.GetBody = nil // an assertion is for one request
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+assertion)
	res, err := r.http.Do(req)
	if err != nil {
		return "", unreachable(err)
	}
	defer res.Body.Close()
	return answered(res)
}

func answered(res *http.Response) (string, error) {
	if res.StatusCode != http.StatusOK {
		_, _ = io.CopyN(io.Discard, res.Body, 4<<10)
		e := &vneid.APIError{Status: res.StatusCode}
		if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 && n <= 3600 {
			e.RetryAfter = time.Duration(n) * time.Second
		}
		if res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden {
			e.Kind = vneid.ErrUntrusted // of this client, by the platform
		}
		return "", e
	}
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return "", fault.New(vneid.ErrUnavailable, "the platform's answer to the poll is not JSON")
	}
	b, err := guard.Read(res.Body, guard.MaxBody)
	if err != nil {
		return "", unreachable(err)
	}
	return string(b), nil
}

// unreachable drops the url.Error around err, which repeats the URL.
func unreachable(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, guard.ErrTooLarge) {
		return fault.New(vneid.ErrUnavailable, "the platform's answer is larger than 1 MiB")
	}
	return fault.Wrap(vneid.ErrUnavailable, err, "the platform cannot be reached")
}
