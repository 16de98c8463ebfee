package chip

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Verifier judges what terminals read. It is safe for concurrent use and does no
// I/O beyond Config.Replay. New makes one; the zero value refuses everything.
type Verifier struct {
	cfg   Config        // without ChallengeKey, so that no print of a Verifier shows it, nor what trust holds
	key   func() []byte // Config.ChallengeKey
	trust *trust

	// without takes one check out. Only this package's tests can set it: they show
	// that an attack which a check stops would have succeeded.
	without string
}

// New checks cfg and returns its Verifier. A list that does not verify is an error
// of kind vneid.ErrUntrusted; every other mistake has no kind and names its field.
func New(cfg Config) (*Verifier, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.ChallengeKey != nil && len(cfg.ChallengeKey) < 32 {
		return nil, errors.New("chip: Config.ChallengeKey has less than 32 bytes")
	}
	if cfg.ChallengeKey != nil && cfg.Replay == nil {
		return nil, errors.New("chip: Config.Replay is nil though Config.ChallengeKey is shared")
	}
	key := slices.Clone(cfg.ChallengeKey)
	if key == nil {
		key = make([]byte, 32)
		rand.Read(key)
	}
	if cfg.Replay == nil {
		cfg.Replay = vneid.NewMemoryReplay(0, cfg.Now)
	}
	t, err := newTrust(cfg)
	if err != nil {
		return nil, fault.Prefix("chip", err)
	}
	cfg.ChallengeKey, cfg.Anchors, cfg.MasterLists, cfg.CRLs = nil, nil, nil, nil
	return &Verifier{cfg: cfg, key: func() []byte { return key }, trust: t}, nil
}

// Verify judges a Dump and returns what it says. The package comment lists the
// checks. What is not a pass is a *VerifyError with every check; what the caller's
// Replay refuses is an error of its kind.
//
// A challenge is used up by the answer that passes: the same Dump passes once.
func (v *Verifier) Verify(ctx context.Context, dump *Dump, options VerifyOptions) (*Document, error) {
	doc, err := v.verify(ctx, dump, options)
	if err != nil {
		return nil, fault.Prefix("chip", err)
	}
	return doc, nil
}

func (v *Verifier) verify(ctx context.Context, d *Dump, o VerifyOptions) (*Document, error) {
	if v == nil || v.trust == nil {
		return nil, errors.New("a Verifier is made by New")
	}
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(vneid.ErrUnavailable, err, "the check was cancelled")
	}
	e := &examination{Verifier: v, dump: d.dump(), options: o, now: v.cfg.Now()}
	e.all()
	if err := e.verdict(); err != nil {
		return nil, err
	}
	if e.challenge.nonce != nil && find(e.checks, checkActive).Status == Passed {
		if err := v.cfg.Replay.Use(ctx, e.challenge.once); err != nil {
			return nil, e.replay(err)
		}
	}
	return e.document(), nil
}

// replay words an error of the caller's Replay.
func (e *examination) replay(err error) error {
	kind := kindOf(err)
	return fault.Wrap(kind, err, "the replay check: %v", kind)
}
