package vneidredis_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis/internal/redistest"
)

// epoch is where a store with the usual Prefix keeps who remembers since when.
const epoch = "{vneid-replay}:epoch"

// server is a redis-server that the test started.
type server struct{ *redistest.Server }

func start(t testing.TB, args ...string) *server {
	t.Helper()
	return &server{redistest.Start(t, args...)}
}

// store returns a store whose clock stands far enough ahead of the server's that
// what it calls issued now was issued after any epoch of this test began.
func (s *server) store() *vneidredis.Replay {
	return &vneidredis.Replay{Client: s.Client(), Now: ahead}
}

// ahead is a clock that differs from the server's by more than the usual skew. A
// test need not wait, then, until a fresh epoch lets things pass.
func ahead() time.Time { return time.Now().Add(90 * time.Second) }

// fresh is something issued in this moment of that clock.
func fresh(id string) vneid.Once {
	now := ahead()
	return vneid.Once{Use: vneid.UseQR, Issuer: "https://issuer.example", ID: id, Issued: now, Until: now.Add(2 * time.Minute)}
}

// old is the same thing issued before: within any epoch's first Skew.
func old(id string) vneid.Once {
	o := fresh(id)
	o.Issued = time.Now()
	return o
}

// within gives calls more time than they need.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// setNX is the usual way to do it: SET with NX and a lifetime, and nothing else.
// Tests show with it that what they do to the server lets things pass twice.
type setNX struct{ c *redis.Client }

func (s setNX) Use(ctx context.Context, o vneid.Once) error {
	ok, err := s.c.SetNX(ctx, fmt.Sprintf("naive:%x", o.Key()), "", time.Until(o.Until)).Result()
	if err == nil && !ok {
		return vneid.ErrReplayed
	}
	return err
}
