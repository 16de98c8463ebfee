package share

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Report says that archived evidence holds: what was received then. It is no
// authentication of anybody now, nothing turns it into Records, and it prints as a few
// words. The zero value says nothing.
type Report struct{ f **report }

type report struct {
	answer   *answer
	evidence Evidence
	pinned   []keysThen
}

// keysThen compares the archived keys of an issuer with those that are pinned.
type keysThen struct {
	issuer string
	state  keyState
}

type keyState int

const (
	keysUnknown keyState = iota // the archive has none, or the pinned set does not tell
	keysSame
	keysOther
)

// Evidence checks archived evidence offline, as of the moment when the answer was
// checked first: with the signatures of this Verifier's Keys and Issuers, which the
// caller pins, every rule of Verify but that it was not seen before, and the status
// lists of then. The moment itself is held within the envelope's few minutes, so an
// archive cannot choose another. Keys that the archive brings verify nothing.
//
// Decrypt, Replay, Status and Now are not used. Whether consent was withdrawn since is
// what the caller wrote into the evidence.
func (v *Verifier) Evidence(ctx context.Context, e Evidence) (Report, error) {
	r, err := v.evidence(ctx, e)
	if err != nil {
		return Report{}, fault.Prefix("share", err)
	}
	return Report{&r}, nil
}

func (v *Verifier) evidence(ctx context.Context, e Evidence) (*report, error) {
	if err := v.ready(); err != nil {
		return nil, err
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	if e.Platform != v.Platform {
		return nil, fault.New(vneid.ErrUntrusted, "the evidence is of another platform")
	}
	if e.Client != v.Client {
		return nil, mismatch("the evidence is another party's")
	}
	d, err := sharewire.Decode(string(e.Request))
	if err != nil {
		return nil, malformed("the evidence does not say what was asked")
	}
	want := Expect{Request: requestOf(d), Txn: e.Txn, Grant: e.Grant, Nonce: e.Nonce, Subject: e.Subject}
	want.Request.Need = e.Need
	r := &reading{Verifier: v, ctx: ctx, want: want, now: e.Verified, text: parts{e.Envelope, e.Receipt, e.Documents}}
	if len(e.Status) > 0 || !v.AcceptUnchecked {
		r.source = archived(e.Status)
	}
	a, err := r.read()
	if err != nil {
		return nil, err
	}
	a.integrity = 0 // what was signed for then is signed for nothing now
	return &report{answer: a, evidence: e, pinned: v.compare(a, e.Keys)}, nil
}

// archived are status lists as they were.
type archived map[string]string

func (m archived) Fetch(_ context.Context, uri string) ([]byte, error) {
	if token, ok := m[uri]; ok {
		return []byte(token), nil
	}
	return nil, fault.New(vneid.ErrUnavailable, "the evidence lacks a status list")
}

// compare tells of each issuer whether the archive's keys are among those pinned.
func (v *Verifier) compare(a *answer, keys map[string]json.RawMessage) (out []keysThen) {
	sets := map[string]vneid.KeySet{v.Platform: v.Keys}
	order := []string{v.Platform}
	for _, p := range a.papers {
		if sets[p.issuer] == nil {
			sets[p.issuer] = v.Issuers[p.issuer].Keys
			order = append(order, p.issuer)
		}
	}
	for _, issuer := range order {
		pinned := map[string]json.RawMessage{}
		archive(pinned, issuer, sets[issuer])
		out = append(out, keysThen{issuer, among(keys[issuer], pinned[issuer])})
	}
	return out
}

// among reports whether every key of one set is in another.
func among(then, pinned []byte) keyState {
	if then == nil || pinned == nil {
		return keysUnknown
	}
	a, skipped, err := jwx.ParseSet(then)
	b, _, err2 := jwx.ParseSet(pinned)
	if err != nil || err2 != nil || len(skipped) > 0 || len(a) == 0 {
		return keysOther
	}
	for _, k := range a {
		if !slices.ContainsFunc(b, func(o jwx.Key) bool { return o.ID == k.ID && thumbprint(o) == thumbprint(k) }) {
			return keysOther
		}
	}
	return keysSame
}

func thumbprint(k jwx.Key) string {
	t, err := jwx.Thumbprint(k.Public)
	if err != nil {
		return ""
	}
	return t
}

func (r Report) get() *report {
	if r.f == nil || *r.f == nil {
		return &report{answer: new(answer)}
	}
	return *r.f
}

// IsZero reports whether r says nothing.
func (r Report) IsZero() bool { return r.f == nil || *r.f == nil }

// Verified returns when the answer was checked first.
func (r Report) Verified() time.Time { return r.get().answer.verified }

// Subject returns the platform's name for the person at this client.
func (r Report) Subject() string { return r.get().answer.subject }

// Receipt returns what was agreed to.
func (r Report) Receipt() Receipt { return r.get().answer.receipt }

// Kinds lists the documents.
func (r Report) Kinds() (out []document.Kind) {
	for _, p := range r.get().answer.papers {
		out = append(out, p.kind)
	}
	return out
}

// Claims returns the JSON of what a document said, and whether it was there. It is the
// one door to the plain data.
func (r Report) Claims(kind document.Kind) (json.RawMessage, bool) {
	for _, p := range r.get().answer.papers {
		if p.kind == kind {
			return json.RawMessage(p.object(func(string) bool { return true })), true
		}
	}
	return nil, false
}

// Holds returns what a question was answered with, and whether it was. False means "not
// certainly".
func (r Report) Holds(q Predicate) (value, known bool) { return r.get().answer.holds(q) }

// Usable returns nil while the data may be used: consent was not withdrawn, as far as
// the caller wrote that down. Else it is of kind vneid.ErrRevoked, also under a Hold,
// which allows keeping and not using.
func (r Report) Usable() error {
	switch {
	case r.IsZero():
		return fault.Prefix("share", errors.New("no report"))
	case r.get().evidence.Withdrawn != nil:
		return fault.Prefix("share", fault.New(vneid.ErrRevoked, "consent was withdrawn"))
	}
	return nil
}

// String shows how many documents there are.
func (r Report) String() string {
	if r.IsZero() {
		return "no report"
	}
	return fmt.Sprintf("report on %d documents", len(r.get().answer.papers))
}

// Format prints what String shows, whatever the verb and flags.
func (r Report) Format(f fmt.State, _ rune) { io.WriteString(f, r.String()) }

// LogValue logs what String shows.
func (r Report) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalText refuses: keep the Evidence.
func (r Report) MarshalText() ([]byte, error) {
	return nil, errors.New("share: refusing to encode a Report; keep the Evidence")
}
