package link

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Config says whose accounts are linked. Store is needed; every other zero value is
// safe.
type Config struct {
	Store Store

	// Need raises what a login must reach to link: account level 2 is always among
	// it.
	Need vneid.Assurance

	// Accept is the weakest Integrity that will do. 0: sso.Signed. With
	// sso.TransportOnly nobody can prove afterwards who was linked; the sso.Config
	// must accept it too.
	Accept sso.Integrity

	// Keys seal the tickets: at least 32 random bytes each. The first seals, all of
	// them open. Nil: a key made by New, whose tickets end with the process and mean
	// nothing to another.
	Keys [][]byte

	// Replay remembers which tickets were used. Nil: one for this process; processes
	// that share Keys share one.
	Replay vneid.Replay

	// Now is the clock, the one by which Fresh.At is told too; nil is time.Now.
	Now func() time.Time
}

// Linker finds and binds accounts. It is safe for concurrent use. NewLinker makes one;
// the zero value refuses everything.
type Linker struct {
	store   Store
	need    vneid.Assurance
	weakest sso.Integrity
	keys    func() [][]byte // a function, since prints show the bytes of a slice
	replay  vneid.Replay
	now     func() time.Time

	// off takes one check out. Only this package's tests can set it: they show that
	// an attack which a check stops would succeed without it.
	off string
}

func (l *Linker) on(check string) bool { return l.off != check }

// NewLinker checks the configuration and calls nobody. An error has no kind and names
// the field.
func NewLinker(c Config) (*Linker, error) {
	switch {
	case c.Store == nil:
		return nil, errors.New("link: Config.Store is nil")
	case c.Need.Level < 0 || c.Need.Level > 2 || c.Need.Auth < 0 || c.Need.Auth > 4:
		return nil, errors.New("link: Config.Need is outside account levels 1–2 and authentication levels 1–4")
	case c.Accept < 0 || c.Accept > sso.Signed:
		return nil, errors.New("link: Config.Accept is no sso.Integrity")
	}
	l := &Linker{store: c.Store, need: c.Need, weakest: sso.Signed, replay: c.Replay, now: c.Now}
	l.need.Level = 2
	if c.Accept == sso.TransportOnly {
		l.weakest = sso.TransportOnly
	}
	if l.now == nil {
		l.now = time.Now
	}
	if l.replay == nil {
		l.replay = vneid.NewMemoryReplay(0, l.now)
	}
	ring := make([][]byte, 0, 1+len(c.Keys))
	for _, k := range c.Keys {
		if len(k) < 32 {
			return nil, errors.New("link: Config.Keys holds a key of less than 32 bytes")
		}
		ring = append(ring, bytes.Clone(k))
	}
	if len(ring) == 0 {
		ring = append(ring, make([]byte, 32))
		rand.Read(ring[0])
	}
	l.keys = func() [][]byte { return ring }
	return l, nil
}

func (l *Linker) made() error {
	if l == nil || l.store == nil {
		return errors.New("link: a Linker that NewLinker did not make")
	}
	return nil
}

// vouched refuses a login whose person nobody vouches for firmly enough.
func (l *Linker) vouched(id *sso.Identity) error {
	if err := id.Check(vneid.Assurance{}); err != nil {
		return err
	}
	if id.Integrity() < l.weakest && l.on("integrity") {
		return fault.New(vneid.ErrUntrusted, "nobody signed what is known of this login, and Config.Accept does not say TransportOnly")
	}
	return nil
}

// proofed refuses a login that is too weak to link.
func (l *Linker) proofed(id *sso.Identity) error {
	if !l.on("level") {
		return nil
	}
	return id.Check(l.need)
}

// silent is the refusal when the store reports trouble. Its words are its own: they
// may name hosts or people.
func silent(ctx context.Context) error {
	return fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "the register of accounts gives no answer")
}
