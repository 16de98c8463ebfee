package events

import (
	"context"
	"errors"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// The error codes of RFC 8935 §2.4 that we give.
const (
	invalidRequest  = wire.ErrorEventRequest
	invalidKey      = wire.ErrorEventKey
	invalidIssuer   = wire.ErrorEventIssuer
	invalidAudience = wire.ErrorEventAudience
)

// refusal is an error with its code on the wire, which the kind does not always tell.
type refusal struct {
	code string
	err  error
}

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

func refuse(code string, kind vneid.Kind, text string) error {
	return &refusal{code, fault.New(kind, "%s", text)}
}

func malformed(text string) error { return refuse(invalidRequest, vneid.ErrMalformed, text) }

// strict gives a kind to what the strict front end said.
func strict(err error) error {
	if errors.Is(err, jws.ErrAlgorithm) {
		return refuse(invalidKey, vneid.ErrUntrusted, "the event is signed with an algorithm that is not accepted")
	}
	return malformed("the event is not a security event token: " + err.Error())
}

// read checks a SET by the rules of the package comment, in its order.
func (r *Receiver) read(ctx context.Context, raw string) (Event, error) {
	token, err := r.parser.Parse(raw)
	if err != nil {
		return Event{}, strict(err)
	}
	o, err := token.Claims()
	if err != nil {
		return Event{}, strict(err)
	}
	if o.String("iss") != r.cfg.Issuer && r.on("issuer") { // it picks the keys
		return Event{}, refuse(invalidIssuer, vneid.ErrUntrusted, "the event is of another issuer")
	}
	if token.KeyID == "" && r.on("kid") {
		return Event{}, refuse(invalidKey, vneid.ErrUntrusted, "the event does not name its key")
	}
	err = r.cfg.Keys.Verify(ctx, vneid.Signed{
		Use: vneid.UseEvent, Issuer: r.cfg.Issuer, Alg: token.Alg, KeyID: token.KeyID,
		Input: token.Input, Signature: token.Signature,
	})
	if err != nil && r.on("signature") {
		return Event{}, unsigned(err)
	}
	return r.claims(&o)
}

// unsigned words the refusal of a key set, which may be anybody's.
func unsigned(err error) error {
	switch {
	case errors.Is(err, vneid.ErrSignature):
		return refuse(invalidKey, vneid.ErrSignature, "the signature of the event is wrong")
	case errors.Is(err, vneid.ErrUntrusted):
		return refuse(invalidKey, vneid.ErrUntrusted, "the event is signed by none of the platform's keys for events")
	}
	return fault.New(vneid.ErrUnavailable, "the platform's keys cannot be had now")
}

// claims makes the checks of a SET whose signature is good.
func (r *Receiver) claims(o *jws.Object) (Event, error) {
	e := Event{Issuer: r.cfg.Issuer, ID: o.String("jti"), Txn: o.String(wire.Transaction), Issued: o.Time("iat")}
	for _, step := range []struct {
		name string
		do   func(*jws.Object, *Event) error
	}{
		{"audience", r.audience},
		{"login", noLogin},
		{"id", named},
		{"times", r.times},
		{"events", happened},
		{"subject", r.subject},
		{"told", told},
		{"payload", payload},
	} {
		if err := step.do(o, &e); err != nil && r.on(step.name) {
			return Event{}, err
		}
		if o.Err() != nil {
			return Event{}, malformed("a claim of the event has the wrong type")
		}
	}
	return e, nil
}

// audience: this client alone. A pairwise subject means nothing to another.
func (r *Receiver) audience(o *jws.Object, _ *Event) error {
	aud := o.Strings("aud")
	if len(aud) != 1 || aud[0] != r.cfg.ClientID {
		return refuse(invalidAudience, vneid.ErrMismatch, "the event is for another party, or for several")
	}
	return nil
}

// noLogin: what an ID token or access token must have, a SET must not (RFC 8417 §4.5,
// §4.6), so that neither passes for the other with a reader that looks at no types.
func noLogin(o *jws.Object, _ *Event) error {
	if o.Has("exp") || o.Has("sub") || o.Has("nonce") {
		return malformed("the event has exp, sub or nonce, as logins have")
	}
	return nil
}

func named(o *jws.Object, e *Event) error {
	if !word(e.ID, maxName) {
		return malformed("the event has no jti of at most 255 ASCII characters")
	}
	if o.Has(wire.Transaction) && !word(e.Txn, maxName) {
		return malformed("the event's txn is empty, too long or not ASCII")
	}
	return nil
}

// times: iat is the sign of life, so none may be borrowed from the future.
func (r *Receiver) times(_ *jws.Object, e *Event) error {
	now := r.cfg.Now()
	switch {
	case e.Issued.IsZero():
		return malformed("the event has no iat")
	case e.Issued.After(now.Add(r.cfg.Skew)):
		return &refusal{invalidRequest, &vneid.TimeError{NotBefore: e.Issued, Now: now}}
	}
	return nil
}

// happened reads the one event: two in one token could not be acknowledged apart.
func happened(o *jws.Object, e *Event) error {
	names := o.Object(wire.Events)
	if o.Err() != nil || len(names.Names()) != 1 {
		return malformed("the token does not hold exactly one event")
	}
	name := names.Names()[0]
	rest, ours := strings.CutPrefix(name, wire.EventPrefix)
	if body := names.Raw(name); !word(name, maxName) || !strings.Contains(name, ":") || rest == "" || body[0] != '{' {
		return malformed("the token's event is not named by a URI, or is not an object")
	}
	e.Name = Name(name) // a URI, which none of our names is
	if ours && rest != string(delivered) {
		e.Name = Name(rest)
	}
	return nil
}

// subject: whom it is about, and the place of the event in the person's order.
func (r *Receiver) subject(o *jws.Object, e *Event) error {
	if e.Name == Heartbeat {
		if o.Has(wire.SubjectID) || o.Has(wire.Sequence) {
			return malformed("a heartbeat is about nobody")
		}
		return nil
	}
	if !e.Known() && !o.Has(wire.SubjectID) && !o.Has(wire.Sequence) {
		return nil // it may be about the stream, as heartbeats are
	}
	id := o.Object(wire.SubjectID)
	e.Subject, e.Seq = id.String("sub"), o.Int(wire.Sequence)
	if len(id.Names()) != 3 || id.String(wire.SubjectFormat) != wire.SubjectIssuer || id.String("iss") != r.cfg.Issuer || id.Err() != nil {
		return malformed("the event's sub_id is not one of the format iss_sub by the platform")
	}
	return nil
}

// told: the place of the event among all that this client is told, so that none can
// be missing unnoticed.
func told(o *jws.Object, e *Event) error {
	e.Told = o.Int(wire.EventTold)
	if !o.Has(wire.EventTold) || e.Told < 0 || e.Told > maxSeq || e.Told == 0 && e.Name != Heartbeat {
		return malformed("told is not a whole number from 1 to 2⁵³−1")
	}
	return nil
}

// payload reads what the event itself says, and checks that all of it is there.
func payload(o *jws.Object, e *Event) error {
	if e.Subject == "" && !e.Known() || e.Name == Heartbeat {
		return nil
	}
	events := o.Object(wire.Events)
	p := events.Object(events.Names()[0])
	switch e.Name {
	case ConsentWithdrawn:
		e.Grant = p.String(wire.EventGrant)
	case DocumentRevoked:
		e.Document = Document{Kind: p.String(wire.EventKind), URI: p.String(wire.EventURI), Index: p.Int(wire.EventIndex)}
		if !p.Has(wire.EventIndex) {
			return malformed("the event names no document")
		}
	case LevelChanged:
		if n := p.Int(wire.EventLevel); n == 1 || n == 2 {
			e.Level = vneid.Level(n)
		}
	case DeviceChanged:
		e.SessionsEnded = p.Bool(wire.EventSessions)
	}
	if p.Err() != nil {
		return malformed("a member of the event has the wrong type")
	}
	if err := e.check(); err != nil {
		return &refusal{invalidRequest, err}
	}
	return nil
}
