package qr

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Config says whose codes to accept, and for what. Issuers and Keys are
// required.
type Config struct {
	// Issuers are the accepted values of the iss claim, compared exactly.
	Issuers []string

	// Keys knows the issuers' keys for vneid.UseQR: jwks.Static or jwks.Remote.
	// They are never the keys of a login provider. If they have a method
	// Check() error, New asks it whether they are configured.
	Keys vneid.KeySet

	// Audience is who this verifier is. Empty: only codes without an audience
	// pass. Otherwise only codes for exactly this audience pass.
	Audience string

	// Need is the lowest account level that passes; 0 asks for nothing.
	Need vneid.Level

	// Document is the one document that is to be shown, as at an inspection: only
	// Document codes of this kind pass. Empty: only codes of citizens pass. So the
	// code of a licence is never taken for a person's, nor the reverse.
	Document document.Kind

	// Signs says which documents each of Issuers may sign. Who is not named in it
	// may sign none.
	Signs map[string][]document.Kind

	// Status has the status lists, by their URI, as whoever fetches or carries them
	// got them: a trustbundle.Bundle, or a cache. Nothing that it returns is trusted
	// before Keys has verified it for vneid.UseStatus and the code's issuer. nil: no
	// status is known.
	Status interface {
		Fetch(ctx context.Context, uri string) ([]byte, error)
	}

	// AcceptUnchecked lets a card code (Static) pass although its status list could
	// not be had, or is too old. What a list says is never overruled.
	AcceptUnchecked bool

	// Replay remembers which one-time codes were used. nil is a
	// vneid.MemoryReplay made by New: several processes that accept the same
	// codes need a shared one. After a restart it refuses what was issued before,
	// by the issuer's clock: where that is ahead, a code used in the last moments
	// before the restart passes once more, for as long as it is ahead (Skew at
	// most). A store that outlives the process, or Redeem, closes that gap.
	Replay vneid.Replay

	// Redeem, if set, is asked after Replay agreed: the platform's redeem call,
	// which makes a one-time code so for all its verifiers together. What it
	// refuses is used up here too.
	Redeem vneid.Replay

	// Now is the clock; nil is time.Now.
	Now func() time.Time

	// Skew is how far the issuer's clock may differ from Now. 0 is the 30 s that
	// are also the most.
	Skew time.Duration
}

// What a code may be at most.
const (
	maxText    = 4296 // characters of a code: what the largest QR symbol holds
	maxSkew    = 30 * time.Second
	maxDynamic = 120 * time.Second
	maxStatic  = 400 * 24 * time.Hour
)

// Verifier checks signed codes. It is safe for concurrent use. New makes one;
// the zero value refuses everything.
type Verifier struct {
	cfg    Config
	parser *jws.Parser
	lists  *sdjwt.ListReader
	off    string // a check that a test takes out
}

// New checks cfg and returns its Verifier. It does no network I/O.
func New(cfg Config) (*Verifier, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Skew == 0 {
		cfg.Skew = maxSkew
	}
	switch {
	case len(cfg.Issuers) == 0 || slices.Contains(cfg.Issuers, ""):
		return nil, errors.New("qr: Config.Issuers is empty or has an empty issuer")
	case cfg.Keys == nil:
		return nil, errors.New("qr: Config.Keys is nil")
	case cfg.Skew < 0 || cfg.Skew > maxSkew:
		return nil, fmt.Errorf("qr: Config.Skew is not between 0 and %v", maxSkew)
	case cfg.Need < 0 || cfg.Need > 2:
		return nil, errors.New("qr: Config.Need is not an account level")
	}
	if err := cfg.presentable(); err != nil {
		return nil, err
	}
	if keys, ok := cfg.Keys.(interface{ Check() error }); ok {
		if err := keys.Check(); err != nil {
			text, own := fault.Own(err)
			if !own {
				text = err.Error()
			}
			return nil, errors.New("qr: Config.Keys: " + text)
		}
	}
	if cfg.Replay == nil {
		cfg.Replay = vneid.NewMemoryReplay(0, cfg.Now)
	}
	cfg.Issuers, cfg.Signs = slices.Clone(cfg.Issuers), maps.Clone(cfg.Signs)
	rules := jws.Rules{Algs: []string{"ES256", "EdDSA"}, Types: []string{wire.TypeJWS}, MaxSize: maxText}
	lists := sdjwt.NewListReader(sdjwt.ListRules{Algs: rules.Algs})
	return &Verifier{cfg: cfg, parser: jws.NewParser(rules), lists: lists}, nil
}

// Verify checks the text of a signed code and returns what it says. The package
// comment lists the checks in their order; the error matches exactly one of
// vneid's kinds.
//
// A dynamic code or a document's that passes is used up: a second call refuses it as
// vneid.ErrReplayed.
func (v *Verifier) Verify(ctx context.Context, text string) (*Credential, error) {
	return v.VerifyNonce(ctx, text, "")
}

// VerifyNonce is Verify for a code made in answer to this verifier's challenge:
// the citizen's app was given nonce, for example by a code on the counter's
// screen, and put it into the code. Verify accepts only codes without a nonce.
func (v *Verifier) VerifyNonce(ctx context.Context, text, nonce string) (*Credential, error) {
	c, err := v.verify(ctx, text, nonce)
	if err != nil {
		return nil, fault.Prefix("qr", err)
	}
	return c, nil
}

func (v *Verifier) verify(ctx context.Context, text, nonce string) (*Credential, error) {
	if v == nil || v.cfg.Keys == nil {
		return nil, errors.New("a Verifier is made by New")
	}
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(vneid.ErrUnavailable, err, "the check was cancelled")
	}
	d, signed, err := v.read(text)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(v.cfg.Issuers, d.issuer) {
		return nil, fault.New(vneid.ErrUntrusted, "the code's issuer is not among Config.Issuers")
	}
	if err := v.cfg.Keys.Verify(ctx, signed); err != nil {
		return nil, from(err, "the key check")
	}
	now := v.cfg.Now()
	for _, err := range [...]error{v.mayShow(d), v.times(d, now), v.bound(d, nonce), v.asked(d), v.enough(d), v.standsIn(d, now)} {
		if err != nil {
			return nil, err
		}
	}
	if d.status, err = v.status(ctx, d, now); err != nil {
		return nil, err
	}
	if err := v.once(ctx, d); err != nil {
		return nil, err
	}
	if d.kind != Document {
		d.citizen = vneid.NewCitizen(d.record, seal.Own())
	}
	d.record = vneid.Record{}
	return d.credential(), nil
}

// times checks the life of the code. How long it may be depends on its kind.
func (v *Verifier) times(d *details, now time.Time) error {
	life, most := d.expires.Sub(d.issued), maxDynamic
	if d.kind == Static {
		most = maxStatic
	}
	switch {
	case life <= 0 || life > most:
		return fault.New(vneid.ErrMalformed, "the code's life is not that of its kind")
	case now.Add(v.cfg.Skew).Before(d.issued):
		return &vneid.TimeError{NotBefore: d.issued, NotAfter: d.expires, Now: now}
	case !now.Before(d.expires.Add(v.cfg.Skew)):
		return &vneid.TimeError{NotBefore: d.issued, NotAfter: d.expires, Now: now}
	}
	return nil
}

// bound checks for whom and for which challenge the code was made. A binding
// that only one side knows of is refused both ways: a code for another party,
// and a code that anyone may show where one for us is asked.
func (v *Verifier) bound(d *details, nonce string) error {
	if d.audience != v.cfg.Audience {
		return fault.New(vneid.ErrMismatch, "the code is not for this audience")
	}
	if subtle.ConstantTimeCompare([]byte(d.nonce), []byte(nonce)) != 1 {
		return fault.New(vneid.ErrMismatch, "the code does not answer this challenge")
	}
	return nil
}

// enough checks the account level. Documents are integrated into accounts of level
// 2 alone.
func (v *Verifier) enough(d *details) error {
	need := v.cfg.Need
	if d.kind == Document && v.off != "level" {
		need = 2
	}
	return (vneid.Assurance{Level: d.level}).Check(vneid.Assurance{Level: need})
}

// once uses a one-time code up. It comes last, so that a refused code is not.
func (v *Verifier) once(ctx context.Context, d *details) error {
	if d.kind == Static || v.off == "once" {
		return nil
	}
	once := vneid.Once{
		Use: vneid.UseQR, Issuer: d.issuer, ID: encodeID(d.id),
		Issued: d.issued, Until: d.expires.Add(v.cfg.Skew),
	}
	if err := v.cfg.Replay.Use(ctx, once); err != nil {
		return from(err, "the replay check")
	}
	if v.cfg.Redeem != nil {
		if err := v.cfg.Redeem.Use(ctx, once); err != nil {
			return from(err, "redeeming the code")
		}
	}
	return nil
}

// from words an error of the caller's KeySet or Replay. It keeps the kind and the
// details, and the text if this module wrote it. Another's error without a kind
// means that the check could not be made, our own that something is not
// configured. Of several kinds the first counts, and the error behind it is
// dropped: it would match the others too.
func from(err error, what string) error {
	text, own := fault.Own(err)
	var kind vneid.Kind
	found := errors.As(err, &kind)
	if own && !found {
		return fault.Wrap(nil, err, "%s: %s", what, text)
	}
	if kind < vneid.ErrMalformed || kind > vneid.ErrUnavailable {
		kind = vneid.ErrUnavailable
	}
	if !own {
		text = kind.Error()
	}
	if found && !only(err, kind) {
		err = nil
	}
	return fault.Wrap(kind, err, "%s: %s", what, text)
}

// only reports whether err matches kind and no other.
func only(err error, kind vneid.Kind) bool {
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) != (k == kind) {
			return false
		}
	}
	return true
}
