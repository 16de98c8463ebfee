package ssoredis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Revocations is a sso.Revocations that all processes with the same server and
// Prefix share. Only Client is needed. It holds no state: copies are the same store.
type Revocations struct {
	Client redis.UniversalClient // no redis.Ring

	Prefix string        // before every key, without braces; empty: vneid-sso
	Skew   time.Duration // how far clocks may differ; 0: 60 s, at most 5 min
}

func (r *Revocations) settings() (settings, error) {
	if r == nil {
		return settings{}.check()
	}
	return settings{client: r.Client, prefix: r.Prefix, skew: r.Skew}.check()
}

//go:embed revocations.lua
var source string

// script never changes after it was made.
var script = redis.NewScript(source)

// Revoke implements sso.Revocations.
func (r *Revocations) Revoke(ctx context.Context, login sso.Login, until time.Time) error {
	sort, name := "subject", login.Subject
	switch {
	case login.Local != "":
		sort, name = "local", login.Local
	case login.SessionID != "":
		sort, name = "sid", login.SessionID
	case login.Subject == "":
		return fault.New(vneid.ErrMalformed, "ssoredis: a revocation that names no login")
	}
	return r.run(ctx, []string{key(sort, login.Issuer, name)}, login.At, until.UnixMilli())
}

// Check implements sso.Revocations.
func (r *Revocations) Check(ctx context.Context, login sso.Login) error {
	var keys []string
	for _, n := range [...]struct{ sort, name string }{
		{"local", login.Local}, {"sid", login.SessionID}, {"subject", login.Subject},
	} {
		if n.name != "" {
			keys = append(keys, key(n.sort, login.Issuer, n.name))
		}
	}
	return r.run(ctx, keys, login.At, "")
}

// run calls the script; till is "" for a look.
func (r *Revocations) run(ctx context.Context, names []string, at time.Time, till any) error {
	f, err := r.settings()
	if err != nil {
		return fault.Prefix("ssoredis", err)
	}
	var number [16]byte
	rand.Read(number[:]) // never fails (crypto/rand)
	call := hex.EncodeToString(number[:])
	keys := []string{f.prefix + "epoch"}
	for _, n := range names {
		keys = append(keys, f.prefix+"e:"+n)
	}
	reply, err := script.Run(ctx, f.client, keys, call, f.skew.Milliseconds(), at.UnixMicro(), till).Slice()
	if err != nil {
		return unavailable(ctx, err)
	}
	return fault.Prefix("ssoredis", verdict(reply, call, till != ""))
}

// verdict reads the script's reply. Only an echo of this call's number shows that
// the reply is not another call's, left over on the connection.
func verdict(reply []any, call string, revoking bool) error {
	if len(reply) != 2 || reply[0] != call {
		return fault.New(vneid.ErrUnavailable, "the store's answer is not one to this question")
	}
	switch word, _ := reply[1].(string); {
	case word == "done" && revoking, word == "goes on" && !revoking:
		return nil
	case word == "ended":
		return fault.New(vneid.ErrRevoked, "the login was ended")
	case word == "early":
		return fault.New(vneid.ErrRevoked, "the login is older than what the store remembers")
	case word == "begun":
		return fault.New(vneid.ErrUnavailable, "the store has just begun; logins will pass in at most %v", maxSkew)
	case word == "evicts":
		return fault.New(vneid.ErrUnavailable, "the store's maxmemory-policy is not noeviction")
	case word == "nameless":
		return fault.New(vneid.ErrUnavailable, "the store's INFO does not tell which server it is")
	}
	return fault.New(vneid.ErrUnavailable, "the store's answer has a form of its own")
}

// key is a hash of what is ended: its sort, issuer and name, each with its length.
func key(parts ...string) string {
	var b []byte
	for _, s := range parts {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
