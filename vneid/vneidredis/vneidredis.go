// Package vneidredis keeps what was presented once in a Redis or Valkey server
// that many processes share: a vneid.Replay for services that run more than one.
// It is a module of its own, so that nobody else downloads a client library.
//
//	verifier.Replay = &vneidredis.Replay{Client: redis.NewClient(&redis.Options{Addr: "redis:6379"})}
//
// # What it promises
//
// Use returns nil exactly once for each thing, however many processes ask at the
// same moment, as long as one server at a time holds the data. Each call is one
// script that the server runs to its end before the next. Whatever the server
// does not answer in exactly the expected form, in time, is vneid.ErrUnavailable.
//
// Clients repeat a command whose reply was lost. Each call therefore carries a
// random number that the entry keeps: a repetition finds its own number and
// still counts as the first use. When every repetition is lost too, the answer is
// ErrUnavailable, and the thing may be spent: presented again it is ErrReplayed,
// and the citizen shows a fresh one.
//
// # When the server forgets
//
// The first use opens an epoch, which belongs to one server process for as long as
// it leads. It ends with FLUSHALL, a restart (from an old snapshot too), a failover,
// a move of the keys to another node, and whenever a primary names its history anew
// (the first replica connects, none has for repl-backlog-ttl); the next use opens
// another. What was
// issued before the epoch began might have been used in an earlier one, so it is
// ErrUnavailable. The issuer's clock may be ahead of the server's, so that things
// pass which were issued Skew after the beginning: for that long after a restart,
// and after the very first use, everything is ErrUnavailable.
//
// # What is stored
//
// Under {Prefix}:epoch who keeps the memory, since when, and the latest time seen.
// Under {Prefix}: and the 64 hex digits of Once.Key a random number, until
// Once.Until and Skew have passed: about 200 bytes for each thing. Nothing of it
// is personal data. The braces are a hash tag: in a cluster all keys live on one
// node, as one script must see them together. Deleting the epoch's key opens a new
// one. The form is this project's own.
//
// # What it asks of the server
//
//   - Redis 6.2 or later (SET with PXAT), or Valkey, which has the same commands;
//     tested with Redis 7.0.
//   - maxmemory-policy noeviction, looked at once a second; any other policy may drop
//     an entry early, so everything is ErrUnavailable. A full server refuses writes,
//     which is ErrUnavailable too.
//   - A user with these rights, and no more: ~{vneid-replay}:* +eval +evalsha +info
//     +time +hmget +hset +get +set (and what the client sends when it connects: +hello
//     +client). A server that hides INFO cannot be told from its successor and is
//     ErrUnavailable.
//   - A clock that agrees with the issuers' and verifiers' to within Skew. A clock set
//     back reopens nothing: what the latest time seen has ended stays ended.
//
// # What it cannot promise
//
// Replication is asynchronous. What a failover loses is covered by the new epoch,
// but while a primary that was cut off still answers some processes and its
// successor answers others, one thing may pass at both. Set min-replicas-to-write
// to 1 or more: then the primary that is cut off stops after
// min-replicas-max-lag. WAIT would not do: it tells too late.
package vneidredis

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	defaultPrefix = "vneid-replay"
	defaultSkew   = time.Minute
	maxSkew       = 5 * time.Minute
)

// Replay is a vneid.Replay that all processes with the same server and Prefix
// share. Only Client is needed. It holds no state: copies are the same store.
type Replay struct {
	// Client reaches one server, Sentinel's primary or a cluster. A redis.Ring is
	// refused: it asks another server, which knows nothing, when one is down. How
	// long a call may take is the client's affair: with its ContextTimeoutEnabled
	// the context's deadline counts, otherwise its own time-outs alone.
	Client redis.UniversalClient

	Prefix string           // before every key, without braces; empty: vneid-replay
	Skew   time.Duration    // how far clocks may differ; 0: 60 s, at most 5 min
	Now    func() time.Time // the clock; nil: time.Now
}

//go:embed once.lua
var source string

// script never changes after it was made; it holds the source and its SHA-1, by
// which the server finds it again.
var script = redis.NewScript(source)

// Use implements vneid.Replay.
func (r *Replay) Use(ctx context.Context, once vneid.Once) error {
	return fault.Prefix("vneidredis", r.use(ctx, once))
}

func (r *Replay) use(ctx context.Context, once vneid.Once) error {
	prefix, skew, err := r.settings()
	if err != nil {
		return err
	}
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	if t := now(); !t.Before(once.Until) {
		return &vneid.TimeError{NotAfter: once.Until, Now: t}
	}
	if err := ctx.Err(); err != nil {
		return fault.Wrap(vneid.ErrUnavailable, err, "the replay check was cancelled")
	}
	var number [16]byte
	rand.Read(number[:]) // never fails (crypto/rand)
	call, key := hex.EncodeToString(number[:]), once.Key()
	keys := []string{prefix + "epoch", prefix + hex.EncodeToString(key[:])}
	reply, err := script.Run(ctx, r.Client, keys, call,
		once.Issued.UnixMilli(), once.Until.UnixMilli(), skew.Milliseconds()).Slice()
	if err != nil {
		// The client may report a broken connection where the reason was ours.
		return fault.Wrap(vneid.ErrUnavailable, errors.Join(ctx.Err(), err), "the replay store gave no answer")
	}
	return verdict(reply, call, once.Until)
}

// settings returns the prefix of every key and the skew, or what is wrong with
// the fields.
func (r *Replay) settings() (prefix string, skew time.Duration, err error) {
	if r == nil || r.Client == nil {
		return "", 0, fault.New(nil, "Client is missing")
	}
	if _, ring := r.Client.(*redis.Ring); ring {
		return "", 0, fault.New(nil, "Client is a Ring, whose servers do not know what the others know")
	}
	prefix, skew = r.Prefix, r.Skew
	if prefix == "" {
		prefix = defaultPrefix
	}
	if strings.ContainsAny(prefix, "{}") {
		return "", 0, fault.New(nil, "Prefix holds a brace")
	}
	if skew == 0 {
		skew = defaultSkew
	}
	if skew < 0 || skew > maxSkew {
		return "", 0, fault.New(nil, "Skew is not between 0 and %v", maxSkew)
	}
	return "{" + prefix + "}:", skew, nil
}

// verdict reads the script's reply. Only an echo of this call's number shows
// that the reply is not another call's, left over on the connection.
func verdict(reply []any, call string, until time.Time) error {
	if len(reply) != 3 || reply[0] != call {
		return fault.New(vneid.ErrUnavailable, "the replay store's answer is not one to this question")
	}
	ms, ok := reply[2].(int64)
	switch word, _ := reply[1].(string); {
	case !ok:
	case word == "first":
		return nil
	case word == "again":
		return fault.New(vneid.ErrReplayed, "presented before")
	case word == "late" && !time.UnixMilli(ms).Before(until):
		return &vneid.TimeError{NotAfter: until, Now: time.UnixMilli(ms)}
	case word == "early" && ms > 0 && ms <= maxSkew.Milliseconds():
		return fault.New(vneid.ErrUnavailable, "the replay store has just begun; what is issued in %v will pass",
			(time.Duration(ms) * time.Millisecond).Round(time.Second))
	case word == "early":
		return fault.New(vneid.ErrUnavailable, "issued before this replay store began; a fresh one will pass")
	case word == "evicts":
		return fault.New(vneid.ErrUnavailable, "the replay store's maxmemory-policy is not noeviction")
	case word == "nameless":
		return fault.New(vneid.ErrUnavailable, "the replay store's INFO does not tell which server it is")
	}
	return fault.New(vneid.ErrUnavailable, "the replay store's answer has a form of its own")
}
