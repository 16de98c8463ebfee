package ssoredis

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Sessions is a sso.Sessions that all processes with the same server and Prefix
// share. Only Client is needed. It holds no state: copies are the same store.
type Sessions struct {
	Client redis.UniversalClient // no redis.Ring

	Prefix string           // before every key, without braces; empty: vneid-sso
	Skew   time.Duration    // how far clocks may differ; 0: 60 s, at most 5 min
	Now    func() time.Time // the clock; nil: time.Now
}

func (s *Sessions) settings() (settings, error) {
	if s == nil {
		return settings{}.check()
	}
	return settings{s.Client, s.Prefix, s.Skew, s.Now}.check()
}

// An entry is the end in milliseconds since 1970, and the content.
const header = 8

// Put implements sso.Sessions.
func (s *Sessions) Put(ctx context.Context, name string, content []byte, until time.Time) error {
	f, err := s.settings()
	if err != nil {
		return fault.Prefix("ssoredis", err)
	}
	if !f.now().Before(until) {
		return s.Delete(ctx, name)
	}
	value := binary.BigEndian.AppendUint64(make([]byte, 0, header+len(content)), uint64(until.UnixMilli()))
	err = f.client.SetArgs(ctx, f.prefix+"s:"+name, append(value, content...), redis.SetArgs{ExpireAt: until.Add(f.skew)}).Err()
	return unavailable(ctx, err)
}

// Get implements sso.Sessions.
func (s *Sessions) Get(ctx context.Context, name string) ([]byte, error) {
	f, err := s.settings()
	if err != nil {
		return nil, fault.Prefix("ssoredis", err)
	}
	value, err := f.client.Get(ctx, f.prefix+"s:"+name).Bytes()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, nil
	case err != nil:
		return nil, unavailable(ctx, err)
	case len(value) < header:
		return nil, fault.New(vneid.ErrUnavailable, "ssoredis: the store of sessions holds what is none")
	}
	// The server's clock drops entries late; ours says when they are over.
	if until := time.UnixMilli(int64(binary.BigEndian.Uint64(value))); !f.now().Before(until) {
		return nil, nil
	}
	return value[header:], nil
}

// Delete implements sso.Sessions.
func (s *Sessions) Delete(ctx context.Context, name string) error {
	f, err := s.settings()
	if err != nil {
		return fault.Prefix("ssoredis", err)
	}
	return unavailable(ctx, f.client.Del(ctx, f.prefix+"s:"+name).Err())
}

// unavailable is what any trouble with the server comes to. The client may report a
// broken connection where the reason was ours.
func unavailable(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(vneid.ErrUnavailable, errors.Join(ctx.Err(), err), "ssoredis: the store gave no answer")
}
