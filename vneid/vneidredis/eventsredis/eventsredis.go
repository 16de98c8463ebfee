// Package eventsredis keeps an events.Ledger in a Redis or Valkey server that many
// processes share.
//
//	ledger := &eventsredis.Ledger{Client: redis.NewClient(&redis.Options{Addr: "redis:6379"})}
//
// An operator calls Begin once, before the first event. Until then everything is
// vneid.ErrUnavailable.
//
// # When the server forgets
//
// What a ledger forgot reads like "nothing happened": a withdrawn consent would live
// again. So nothing opens a ledger by itself. A server that lost everything (FLUSHALL,
// an empty disk) lost the marker that Begin set, and is ErrUnavailable; so is a replica
// that took over, since replication is asynchronous, until an operator has seen to it
// and calls Begin again. A program must not call Begin when it starts.
//
// A new ledger counts each stream from its first event. For a stream that was running
// before, and for one with a gap that nobody will fill, an operator calls Resume: what
// the ledger was not told of is then the operator's to find out.
//
// It cannot be noticed that a server was started from an older copy of its own data, or
// restarted right after taking over and before anybody asked it.
//
// # What is stored
//
// Under {Prefix}:ledger when the ledger was begun and which server it trusts. Under
// {Prefix}:p: and a hash of issuer and subject, the JSON of the person's events.State:
// names of grants and entries of status lists, no personal data. Under {Prefix}:h: and
// a hash of the issuer, the JSON of its events.Stream. Nothing goes by itself. The form is
// this project's own.
//
// # What it asks of the server
//
// Redis 6.2 or later, or Valkey; appendonly yes, looked at in every call, with
// appendfsync always, looked at by Begin: the platform forgets an event when it is told
// that it was received. maxmemory-policy noeviction, looked at in every call. A user with
// ~{vneid-events}:* +eval +evalsha +info +hmget +hset +hsetnx +get +set (and +config|get
// for Begin, and what the client sends when it connects: +hello +client).
package eventsredis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

const defaultPrefix = "vneid-events"

// Ledger is an events.Ledger that all processes with the same server and Prefix share.
// Only Client is needed. It holds no state: copies are the same ledger.
type Ledger struct {
	Client redis.UniversalClient // no redis.Ring

	Prefix  string           // before every key, without braces; empty: vneid-events
	Silence time.Duration    // how long a stream may be silent; 0: events.DefaultMaxSilence
	Now     func() time.Time // the clock; nil: time.Now
}

var _ events.Ledger = (*Ledger)(nil)

//go:embed ledger.lua
var source string

// script never changes after it was made.
var script = redis.NewScript(source)

// Begin opens a new ledger, or declares that the server which leads now knows all that
// its predecessor knew. It is an operator's word, see the package comment.
func (l *Ledger) Begin(ctx context.Context) error {
	if _, err := l.prefix(); err != nil {
		return fault.Prefix("eventsredis", err)
	}
	sync, err := l.Client.ConfigGet(ctx, "appendfsync").Result()
	switch {
	case err != nil:
		return fault.Prefix("eventsredis", unanswered(ctx, err))
	case sync["appendfsync"] != "always":
		return fault.Prefix("eventsredis", fault.New(vneid.ErrUnavailable, "the server's appendfsync is not always"))
	}
	_, err = l.step(ctx, "", "", "begin", l.now().UnixMilli())
	return fault.Prefix("eventsredis", err)
}

// Resume counts the stream of an issuer from the next number that is heard of it, and
// takes what is missing for seen to. It is an operator's word, as Begin is.
func (l *Ledger) Resume(ctx context.Context, issuer string) error {
	_, err := l.hear(ctx, issuer, func(s *events.Stream) bool {
		*s = events.Stream{Adopt: true}
		return true
	})
	return fault.Prefix("eventsredis", err)
}

// Apply implements events.Ledger.
func (l *Ledger) Apply(ctx context.Context, e events.Event) (newest bool, err error) {
	err = l.change(ctx, e.Issuer, e.Subject, "swap", func(k known) (text string, fresh any, err error) {
		newest, err = k.state.Apply(e)
		return k.stateText, k.state, err
	})
	if err != nil {
		return false, fault.Prefix("eventsredis", err)
	}
	return newest, nil
}

// Heard implements events.Ledger.
func (l *Ledger) Heard(ctx context.Context, e events.Event) (whole bool, err error) {
	whole, err = l.hear(ctx, e.Issuer, func(s *events.Stream) bool { return s.Hear(e) })
	if err != nil {
		return false, fault.Prefix("eventsredis", err)
	}
	return whole, nil
}

func (l *Ledger) hear(ctx context.Context, issuer string, change func(*events.Stream) bool) (whole bool, err error) {
	err = l.change(ctx, issuer, "", "hear", func(k known) (text string, fresh any, err error) {
		whole = change(&k.stream)
		return k.streamText, k.stream, nil
	})
	return whole, err
}

// maxTries bounds how often others may come first.
const maxTries = 100

// change replaces what is known, unless another did so in between: then it looks again.
func (l *Ledger) change(ctx context.Context, issuer, subject, step string, to func(known) (text string, fresh any, err error)) error {
	for range maxTries {
		k, err := l.look(ctx, issuer, subject)
		if err != nil {
			return err
		}
		old, next, err := to(k)
		if err != nil {
			return err
		}
		fresh, err := json.Marshal(next)
		if err != nil {
			return fault.New(vneid.ErrUnavailable, "what is known cannot be written")
		}
		if string(fresh) == old || old == "" && string(fresh) == "{}" {
			return nil
		}
		reply, err := l.step(ctx, issuer, subject, step, old, fresh)
		if err != nil {
			return err
		}
		if reply[1] == "done" {
			return nil
		}
	}
	return fault.New(vneid.ErrUnavailable, "too many events at once")
}

// State implements events.Ledger.
func (l *Ledger) State(ctx context.Context, issuer, subject string) (events.State, error) {
	k, err := l.look(ctx, issuer, subject)
	if err != nil {
		return events.State{}, fault.Prefix("eventsredis", err)
	}
	return k.state, nil
}

// Allows implements events.Ledger.
func (l *Ledger) Allows(ctx context.Context, issuer, subject, grant string) error {
	k, err := l.look(ctx, issuer, subject)
	if err == nil {
		err = k.state.Allows(grant, l.now(), l.Silence)
	}
	return fault.Prefix("eventsredis", err)
}

// known is what the server holds of a person and of a stream, read and as it stands.
type known struct {
	state                 events.State
	stream                events.Stream
	stateText, streamText string
}

func (l *Ledger) look(ctx context.Context, issuer, subject string) (known, error) {
	reply, err := l.step(ctx, issuer, subject, "look")
	if err != nil {
		return known{}, err
	}
	var k known
	ok, ok2 := false, false
	k.stateText, ok = reply[2].(string)
	k.streamText, ok2 = reply[3].(string)
	if !ok || !ok2 || !read(k.stateText, &k.state) || !read(k.streamText, &k.stream) {
		return known{}, errForm
	}
	k.state.Heard = k.stream.Heard
	return k, nil
}

// read decodes what is stored, if anything is.
func read(text string, to any) bool { return text == "" || json.Unmarshal([]byte(text), to) == nil }

var errForm = fault.New(vneid.ErrUnavailable, "the ledger holds or answers what is none of ours")

// step runs one step of the script.
func (l *Ledger) step(ctx context.Context, issuer, subject, step string, values ...any) ([]any, error) {
	prefix, err := l.prefix()
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(vneid.ErrUnavailable, err, "the ledger was not asked: the call is over")
	}
	var number [16]byte
	rand.Read(number[:]) // never fails
	call := hex.EncodeToString(number[:])
	keys := []string{prefix + "ledger", prefix + "p:" + hash(issuer, subject), prefix + "h:" + hash(issuer)}
	reply, err := script.Run(ctx, l.Client, keys, append([]any{call, step}, values...)...).Slice()
	if err != nil {
		return nil, unanswered(ctx, err)
	}
	return reply, verdict(reply, call, step)
}

// verdict reads the script's reply. Only an echo of this call's number shows that the
// reply is not another call's, left over on the connection.
func verdict(reply []any, call, step string) error {
	if len(reply) < 2 || reply[0] != call {
		return fault.New(vneid.ErrUnavailable, "the ledger's answer is not one to this question")
	}
	text := ""
	switch word, _ := reply[1].(string); {
	case word == "is" && step == "look" && len(reply) == 4, word == "done" && step != "look", word == "other" && (step == "swap" || step == "hear"):
		return nil
	case word == "unbegun":
		text = "the ledger was not begun, or the server lost it"
	case word == "moved":
		text = "another server took over, which may not know all events; an operator must look"
	case word == "evicts":
		text = "the server's maxmemory-policy is not noeviction"
	case word == "volatile":
		text = "the server does not write to a disk all that it is told"
	case word == "nameless":
		text = "the server's INFO does not tell which server it is"
	default:
		return errForm
	}
	return fault.New(vneid.ErrUnavailable, "%s", text)
}

func (l *Ledger) prefix() (string, error) {
	if l == nil || l.Client == nil {
		return "", fault.New(nil, "Ledger.Client is missing")
	}
	if _, ring := l.Client.(*redis.Ring); ring {
		return "", fault.New(nil, "Ledger.Client is a Ring, whose servers do not know what the others know")
	}
	prefix := l.Prefix
	if prefix == "" {
		prefix = defaultPrefix
	}
	if strings.ContainsAny(prefix, "{}") {
		return "", fault.New(nil, "Ledger.Prefix holds a brace")
	}
	return "{" + prefix + "}:", nil
}

func (l *Ledger) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

// unanswered is what any trouble with the server comes to. The client may report a
// broken connection where the reason was ours.
func unanswered(ctx context.Context, err error) error {
	return fault.Wrap(vneid.ErrUnavailable, errors.Join(ctx.Err(), err), "the ledger gave no answer")
}

// hash names a person or an issuer: each part with its length.
func hash(parts ...string) string {
	var b []byte
	for _, s := range parts {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
