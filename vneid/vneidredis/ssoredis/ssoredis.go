// Package ssoredis keeps what package sso knows of logged-in sessions in a Redis or
// Valkey server that many processes share: sso.Sessions and sso.Revocations. Package
// vneidredis has the third store that they share, sso.Config.Replay.
//
//	client := redis.NewClient(&redis.Options{Addr: "redis:6379"})
//	cfg.Sessions = &ssoredis.Sessions{Client: client}
//	cfg.Revocations = &ssoredis.Revocations{Client: client}
//	cfg.Replay = &vneidredis.Replay{Client: client}
//
// All processes need the same sso.Config.CookieKeys too.
//
// # What is stored
//
// Under {Prefix}:s: and the name that package sso gives a session, its end and what
// package sso sealed: the server learns nobody's name and can open no session. Under
// {Prefix}:e: and a hash of what was ended, the instant up to which. Under
// {Prefix}:epoch who keeps the revocations, and since when. Entries go by themselves
// when their time is over. The form is this project's own.
//
// # When the server forgets
//
// A session that is lost costs one more login. A revocation that is lost would bring
// an ended session back to life, so revocations belong to an epoch, as the memory of
// package vneidredis does: one server process for as long as it leads. Logins
// finished before it began, or up to Skew after it, are ErrRevoked: they might have
// been ended earlier. For that long after a restart or failover, and after the very
// first use, everything is ErrUnavailable, since no new login would help.
//
// # What it asks of the server
//
// Redis 6.2 or later, or Valkey; maxmemory-policy noeviction, looked at once a second
// (for Revocations: anything else is ErrUnavailable); a user with ~{vneid-sso}:*
// +eval +evalsha +info +time +hmget +hset +get +set +del +pttl (and what the client
// sends when it connects: +hello +client); a clock that agrees with the processes' to
// within Skew. What vneidredis says of asynchronous replication holds here.
package ssoredis

import (
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/internal/fault"
)

const (
	defaultPrefix = "vneid-sso"
	defaultSkew   = time.Minute
	maxSkew       = 5 * time.Minute
)

// settings are the fields that both stores have.
type settings struct {
	client redis.UniversalClient
	prefix string
	skew   time.Duration
	now    func() time.Time
}

// check fills the defaults in, or says what is wrong with the fields.
func (s settings) check() (settings, error) {
	if s.client == nil {
		return s, fault.New(nil, "Client is missing")
	}
	if _, ring := s.client.(*redis.Ring); ring {
		return s, fault.New(nil, "Client is a Ring, whose servers do not know what the others know")
	}
	if s.prefix == "" {
		s.prefix = defaultPrefix
	}
	if strings.ContainsAny(s.prefix, "{}") {
		return s, fault.New(nil, "Prefix holds a brace")
	}
	s.prefix = "{" + s.prefix + "}:"
	if s.skew == 0 {
		s.skew = defaultSkew
	}
	if s.skew < 0 || s.skew > maxSkew {
		return s, fault.New(nil, "Skew is not between 0 and %v", maxSkew)
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}
