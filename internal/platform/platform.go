// Package platform is the engine of the reference platform: a stand-in for VNeID
// that relying parties build and test against.
package platform

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
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
	// 32 random bytes, kept as long as Store is. Nil: a random one.
	Secret []byte

	// PasswordRounds is the cost of hashing a password that a person chooses
	// (PBKDF2-HMAC-SHA-256). 0: 600,000, as OWASP advises; tests take less.
	PasswordRounds int

	// MaxRecords is how many records strangers may make the store hold. 0: one
	// million.
	MaxRecords int64

	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Platform is a running platform. It is safe for concurrent use.
type Platform struct {
	cfg   Config
	store Store
	login *Keys
	qr    *Keys

	https   bool
	hashing chan struct{} // at most so many passwords at a time: each one costs a core
	busy    chan struct{} // at most so many requests at a time
	live    atomic.Int64
	writes  atomic.Int64
	calls   atomic.Int64
	swept   atomic.Int64 // the second of the last sweep

	mu     sync.RWMutex
	faults map[string]map[string]fault // client id → name → fault
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
	}
	p := &Platform{
		cfg: cfg, store: cfg.Store, https: https,
		hashing: make(chan struct{}, 4), busy: make(chan struct{}, 512),
		faults: make(map[string]map[string]fault),
	}
	if p.login, err = newKeys("ES256"); err != nil {
		return nil, fmt.Errorf("platform: %w", err)
	}
	if p.qr, err = newKeys("EdDSA"); err != nil {
		return nil, fmt.Errorf("platform: %w", err)
	}
	return p, nil
}

func checkIssuer(s string) (https bool, err error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme+"://"+u.Host != s {
		return false, errors.New("Config.Issuer is not just a scheme and a host")
	}
	if u.Scheme == "http" && loopback(u.Hostname()) {
		return false, nil
	}
	if u.Scheme != "https" {
		return false, errors.New("Config.Issuer must begin with https (http only on a loopback host)")
	}
	return true, nil
}

// loopback reports whether a host name can only mean this machine (RFC 6761 §6.3).
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
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

// mac is a keyed hash of the parts for one purpose, in base64url. Parts carry
// their lengths, so that no two lists collide.
func (p *Platform) mac(purpose string, parts ...string) string {
	h := hmac.New(sha256.New, p.cfg.Secret)
	for _, s := range append([]string{purpose}, parts...) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// random returns 256 random bits in base64url: 43 characters.
func random() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}
