package platform

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/units"
)

// Banner stands on every page, drawn code, message and file of the platform.
// Nothing switches it off.
const Banner = "MÔI TRƯỜNG THỬ NGHIỆM – KHÔNG PHẢI VNeID"

// Config says how to run a platform. Issuer is needed; every other zero value is
// safe.
type Config struct {
	// Issuer is the platform's own URL: https, or http on a loopback host, without
	// path, query or fragment.
	Issuer string

	// Pages draws the login pages. Nil: views as JSON.
	Pages Pages

	// Store keeps the state. Nil: a new Memory.
	Store Store

	// Secret makes pairwise subjects, keys of the store and form tokens: at least
	// 32 random bytes, kept as long as Store is: New refuses another one. It seals the
	// signing keys in the store. Nil: a random one, for a store that is not kept.
	Secret []byte

	// PasswordRounds is the cost of hashing a password that a person chooses
	// (PBKDF2-HMAC-SHA-256). 0: 600,000, as OWASP advises; tests take less.
	PasswordRounds int

	// MaxRecords is how many records strangers may make the store hold. 0: one
	// million.
	MaxRecords int64

	// Calls is how many calls of each client are remembered for its console. 0: 200;
	// negative: none.
	Calls int

	// LockPolicies say which lock each ground places, oldest first. Nil: LockPolicies.
	LockPolicies []LockPolicy

	// Units is the registry of offices. Nil: the invented one.
	Units *units.Registry

	// Calendar knows working days. Nil: Vietnam's.
	Calendar *calendar.Calendar

	// Clock is a clock that a lab moves (SetClock); the platform keeps its offset in the
	// store. Nil: nobody moves the time.
	Clock *Clock

	// Now is the clock; nil is Clock's time, or time.Now.
	Now func() time.Time
}

// Platform is a running platform. It is safe for concurrent use.
type Platform struct {
	cfg   Config
	store Store
	ring  *keyring
	login *Keys
	qr    *Keys
	share *Keys
	audit *Keys

	issuers map[string]*docIssuer

	codeLists struct { // the status lists of card codes that were signed last
		sync.Mutex
		signed map[uint64]signedList
	}
	registers *registers.Desk

	https   bool
	hashing chan struct{} // at most so many passwords at a time: each one costs a core
	busy    chan struct{} // at most so many requests at a time
	work    chan struct{} // and so many of them at work: see gate.go
	hashers atomic.Int64
	live    atomic.Int64
	writes  atomic.Int64
	calls   atomic.Int64
	swept   atomic.Int64 // the second of the last sweep

	tapes    *tapes
	sky      sky
	meter    meter
	clients  known[Client]
	accounts known[Account]
	sessions known[session]
	grants   known[grant]
	issued   known[token]
	macs     sync.Pool // see mac
	nonce    atomic.Pointer[nonces]

	turns [turns]sync.Mutex
	kick  chan struct{} // wakes Work

	mu     sync.RWMutex
	faults map[string]map[string]fault // client id → name → fault
	last   map[string][]string         // what a fault gives out again: see swapped

	// off takes checks out, separated by spaces. Only this package's tests can set it: they show that
	// an attack which a check stops would succeed without it.
	off string
}

// on reports whether a check is made: always, but for those.
func (p *Platform) on(check string) bool {
	return p.off == "" || !slices.Contains(strings.Fields(p.off), check)
}

// New returns a platform without accounts and clients. An error names the field.
func New(cfg Config) (*Platform, error) {
	https, err := checkIssuer(cfg.Issuer)
	if err != nil {
		return nil, fmt.Errorf("platform: %w", err)
	}
	if cfg.Secret == nil {
		cfg.Secret = make([]byte, 32)
		rand.Read(cfg.Secret)
	}
	if len(cfg.Secret) < 32 {
		return nil, errors.New("platform: Config.Secret is shorter than 32 bytes")
	}
	if cfg.PasswordRounds == 0 {
		cfg.PasswordRounds = 600_000
	}
	if cfg.PasswordRounds < 0 || cfg.MaxRecords < 0 {
		return nil, errors.New("platform: Config.PasswordRounds or Config.MaxRecords is negative")
	}
	if cfg.MaxRecords == 0 {
		cfg.MaxRecords = 1_000_000
	}
	if cfg.Pages == nil {
		cfg.Pages = jsonPages{}
	}
	if cfg.Store == nil {
		cfg.Store = NewMemory()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
		if cfg.Clock != nil {
			cfg.Now = cfg.Clock.Now
		}
	}
	if cfg.Units == nil {
		cfg.Units = units.Invented()
	}
	if cfg.Calendar == nil {
		cfg.Calendar = calendar.Vietnam()
	}
	p := &Platform{
		cfg: cfg, store: cfg.Store, https: https,
		hashing: make(chan struct{}, 4), busy: make(chan struct{}, maxRequests), work: newGate(),
		faults: make(map[string]map[string]fault), kick: make(chan struct{}, 1), tapes: newTapes(cfg.Calls),
	}
	if err := p.resumeClock(context.Background()); err != nil {
		return nil, fmt.Errorf("platform: %w", err)
	}
	p.codeLists.signed = map[uint64]signedList{}
	p.registers = &registers.Desk{Now: p.now}
	if p.ring, err = newKeyring(p); err != nil {
		return nil, fmt.Errorf("platform: %w", err)
	}
	p.login = p.ring.add("login", "ES256", loginKeyLife)
	p.qr = p.ring.add("qr", "EdDSA", qrKeyLife)
	p.share = p.ring.add("share", "ES256", shareKeyLife)
	p.audit = p.ring.add("audit", "EdDSA", 0) // checkpoints are kept for good
	p.newIssuers()
	if err := p.ring.open(context.Background()); err != nil {
		return nil, fmt.Errorf("platform: %w", err)
	}
	return p, nil
}

// Issuer returns the platform's URL.
func (p *Platform) Issuer() string { return p.cfg.Issuer }

// Now returns the platform's time.
func (p *Platform) Now() time.Time { return p.now() }

func (p *Platform) now() time.Time { return p.cfg.Now() }

// LoginKeys signs ID tokens; its set is at /jwks.json.
func (p *Platform) LoginKeys() *Keys { return p.login }

// QRKeys signs QR codes; its set is at /qr/jwks.json, never in the login's.
func (p *Platform) QRKeys() *Keys { return p.qr }

// AuditKeys signs the checkpoints of the audit log; its set is at /audit/jwks.json, and
// none of them ever leaves it.
func (p *Platform) AuditKeys() *Keys { return p.audit }

// ShareKeys signs envelopes, receipts and events; its set is at /share/jwks.json.
func (p *Platform) ShareKeys() *Keys { return p.share }

// random returns 256 random bits in base64url: 43 characters.
func random() string {
	var b [32]byte
	rand.Read(b[:])
	return b64(b[:])
}
