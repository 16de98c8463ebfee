package share

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/approval"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jwe"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Verifier checks answers. Fill in the fields and use its address; do not copy it or
// change fields after its first use. It is safe for concurrent use. It has no network
// code of its own: its key sets and Status may have.
type Verifier struct {
	Platform string // who signs envelopes and receipts, exactly as their iss says
	Client   string // for whom: this relying party's client_id

	// Keys are the platform's for UseEnvelope and UseReceipt, never those of its logins.
	Keys vneid.KeySet

	// Issuers says who may sign which documents, by their iss.
	Issuers map[string]Trust

	// Status brings the status lists that documents refer to. Without it no document
	// passes, unless AcceptUnchecked says so.
	Status StatusSource

	// AcceptUnchecked lets documents pass whose status nobody has looked up.
	AcceptUnchecked bool

	// MaxStale is how long a status list serves past its ttl, which counts from its
	// iat. 0: fifteen minutes. It never serves past its exp. A program that lives
	// offline says here how old its lists may get.
	MaxStale time.Duration

	// Decrypt are the keys to which the platform encrypts answers. With any, an
	// answer in the clear is refused: everybody on its way could have read it.
	Decrypt []DecryptKey

	// Replay remembers which answers were taken. It is asked last.
	Replay vneid.Replay

	Now  func() time.Time // nil: time.Now
	Skew time.Duration    // between the signers' clocks and Now; 0: one minute, at most five

	once   sync.Once
	config error
	tools

	// off takes one check out. Only this package's tests can set it: they show that
	// an attack which a check stops would succeed without it.
	off string
}

// Trust is what an issuer of documents is trusted with.
type Trust struct {
	Keys  vneid.KeySet    // for UseDocument and vneid.UseStatus
	Kinds []document.Kind // what it may sign
}

// DecryptKey opens answers that were encrypted to its public half.
type DecryptKey struct {
	ID  string            // kid, as registered: an answer names it
	Key crypto.PrivateKey // *ecdsa.PrivateKey, or a crypto.Decrypter for RSA
}

// Format prints the key's name and nothing else of it.
func (k DecryptKey) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "share.DecryptKey %q", k.ID) }

// LogValue logs what Format prints.
func (k DecryptKey) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(k)) }

// MarshalText refuses, for encoding/json and others.
func (k DecryptKey) MarshalText() ([]byte, error) {
	return nil, errors.New("share: refusing to encode a DecryptKey")
}

// Expect is what an answer has to be an answer to. Every binding is compared, also an
// empty one: an answer with a nonce is refused where none is expected.
type Expect struct {
	Request Request // what was asked
	Txn     string  // the transaction, as the token's answer named it
	Grant   string  // likewise
	Nonce   string  // this program's, of the request
	Subject string  // who has to have answered (sub); "": whoever Request allows
}

// tools are what New would make if there were one.
type tools struct {
	envelopes, receipts *jws.Parser
	documents           *sdjwt.Reader
	listReader          *sdjwt.ListReader
	opener              *jwe.Opener
	cache               statusCache
	law                 approval.Table
}

const (
	maxSkew      = 5 * time.Minute
	maxEnvelope  = 5 * time.Minute // its life
	maxDocuments = 16
	defaultStale = 15 * time.Minute
)

// Check returns nil when the fields can work, else an error without a kind that names
// the one that cannot. It fetches nothing.
func (v *Verifier) Check() error { return fault.Prefix("share", v.ready()) }

func (v *Verifier) ready() error {
	v.once.Do(func() {
		if v.config = v.check(); v.config == nil {
			v.config = v.equip()
		}
	})
	return v.config
}

func (v *Verifier) check() error {
	switch {
	case v.Platform == "":
		return errors.New("Verifier.Platform is empty")
	case v.Client == "":
		return errors.New("Verifier.Client is empty")
	case v.Keys == nil:
		return errors.New("Verifier.Keys is nil")
	case len(v.Issuers) == 0:
		return errors.New("Verifier.Issuers is empty")
	case v.Skew < 0 || v.Skew > maxSkew:
		return errors.New("Verifier.Skew is not between 0 and five minutes")
	case v.MaxStale < 0:
		return errors.New("Verifier.MaxStale is negative")
	}
	for iss, trust := range v.Issuers {
		if iss == "" || trust.Keys == nil || len(trust.Kinds) == 0 {
			return errors.New("Verifier.Issuers has an issuer without a name, keys or kinds")
		}
		if _, err := guard.CheckURL(iss); err != nil {
			return errors.New("Verifier.Issuers has a name that is no URL")
		}
		if slices.ContainsFunc(trust.Kinds, sensitive) {
			return errors.New("Verifier.Issuers has a kind that nobody may pull")
		}
	}
	return nil
}

// sensitive are the kinds that the citizen shows and nobody pulls.
func sensitive(k document.Kind) bool {
	return k == document.Biometrics || k == document.JudicialRecord2 || k == document.HealthRecord
}

// equip makes the tools.
func (v *Verifier) equip() error {
	if v.Now == nil {
		v.Now = time.Now
	}
	if v.Skew == 0 {
		v.Skew = time.Minute
	}
	if v.MaxStale == 0 {
		v.MaxStale = defaultStale
	}
	v.law = approval.Law()
	signing := []string{"ES256", "EdDSA"}
	v.envelopes = jws.NewParser(jws.Rules{Algs: signing, Types: []string{wire.TypeEnvelope}, MaxSize: 32 << 10})
	v.receipts = jws.NewParser(jws.Rules{Algs: signing, Types: []string{wire.TypeReceipt}, MaxSize: 64 << 10})
	v.documents = sdjwt.NewReader(sdjwt.Rules{Open: []string{"aud", "sub", "iat", wire.Transaction, wire.DocVerification}})
	v.listReader = sdjwt.NewListReader(sdjwt.ListRules{})
	keys := make([]jwe.Key, len(v.Decrypt))
	for i, k := range v.Decrypt {
		keys[i] = jwe.Key(k)
	}
	var err error
	v.opener, err = jwe.NewOpener(jwe.Rules{Type: wire.TypeBundle, MaxSize: wire.MaxBundle}, keys...)
	if err != nil {
		return fmt.Errorf("Verifier.Decrypt: %w", err)
	}
	return nil
}

// on reports whether a check is made: always, but for that one.
func (v *Verifier) on(check string) bool { return v.off != check }

// Verify checks an answer, in the clear or in a JWE, by every rule of the package
// comment. An answer that passes is used up.
func (v *Verifier) Verify(ctx context.Context, bundle []byte, want Expect) (Records, error) {
	a, err := v.verify(ctx, bundle, want)
	if err != nil {
		return Records{}, fault.Prefix("share", err)
	}
	return newRecords(a), nil
}

func (v *Verifier) verify(ctx context.Context, bundle []byte, want Expect) (*answer, error) {
	a, err := v.inspect(ctx, bundle, want)
	if err == nil {
		err = v.spend(ctx, a)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// inspect makes all checks but the last, which spend makes: a Client has one of its own
// between them.
func (v *Verifier) inspect(ctx context.Context, bundle []byte, want Expect) (*answer, error) {
	if err := v.ready(); err != nil {
		return nil, err
	}
	switch {
	case v.Replay == nil:
		return nil, errors.New("Verifier.Replay is nil")
	case v.Status == nil && !v.AcceptUnchecked:
		return nil, errors.New("Verifier.Status is nil, and AcceptUnchecked is false")
	}
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(vneid.ErrUnavailable, err, "the check was cancelled")
	}
	text, err := v.open(bundle)
	if err != nil {
		return nil, err
	}
	r := &reading{Verifier: v, ctx: ctx, want: want, now: v.Now(), text: text, source: v.Status}
	return r.read()
}

// spend refuses an answer that was taken before.
func (v *Verifier) spend(ctx context.Context, a *answer) error {
	once := vneid.Once{Use: UseEnvelope, Issuer: v.Platform, ID: a.id, Issued: a.issued, Until: a.expires.Add(v.Skew)}
	if err := v.Replay.Use(ctx, once); err != nil && v.on("replay") {
		return from(err, "the replay check")
	}
	return nil
}
