package vneidredis_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis"
)

var _ vneid.Replay = (*vneidredis.Replay)(nil)

// kind checks that err has this kind and no other, one prefix, and nothing of
// what was presented.
func kind(t *testing.T, sentence string, err error, want vneid.Kind) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", sentence, err, want)
		return
	}
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if k != want && errors.Is(err, k) {
			t.Errorf("%s: %v is %v too", sentence, err, k)
		}
	}
	if s := err.Error(); strings.Count(s, "vneidredis: ") != 1 || strings.Contains(s, "issuer.example") {
		t.Errorf("%s: text %q", sentence, s)
	}
}

func TestExactlyOneOfManyPasses(t *testing.T) {
	s := start(t)
	const clients, goroutines, codes = 4, 64, 60
	var won [codes]atomic.Int32
	var wg sync.WaitGroup
	for range clients {
		r := s.store()
		for range goroutines {
			wg.Go(func() {
				for i := range codes {
					switch err := r.Use(within(t), fresh(fmt.Sprint(i))); {
					case err == nil:
						won[i].Add(1)
					case !errors.Is(err, vneid.ErrReplayed):
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	for i := range won {
		if n := won[i].Load(); n != 1 {
			t.Errorf("code %d passed %d times", i, n)
		}
	}
}

func TestThingsAreToldApart(t *testing.T) {
	s := start(t)
	r := s.store()
	base := fresh("1")
	if err := r.Use(within(t), base); err != nil {
		t.Fatal(err)
	}
	for sentence, change := range map[string]func(*vneid.Once){
		"another use":                            func(o *vneid.Once) { o.Use = vneid.UseLogout },
		"another issuer":                         func(o *vneid.Once) { o.Issuer += "x" },
		"another id":                             func(o *vneid.Once) { o.ID = "2" },
		"the same characters, divided otherwise": func(o *vneid.Once) { o.Issuer, o.ID = o.Issuer+"1", "" },
	} {
		o := base
		change(&o)
		if err := r.Use(within(t), o); err != nil {
			t.Errorf("%s: %v", sentence, err)
		}
	}
	later := base
	later.Until, later.Issued = later.Until.Add(time.Hour), later.Issued.Add(time.Second)
	kind(t, "other times do not make another thing", r.Use(within(t), later), vneid.ErrReplayed)

	other := s.store()
	other.Prefix = "another-service"
	if err := other.Use(within(t), base); err != nil {
		t.Errorf("another Prefix is another store: %v", err)
	}
}

func TestEntriesLastUntilNobodyAccepts(t *testing.T) {
	s := start(t)
	r := s.store()
	o := fresh("1")
	if err := r.Use(within(t), o); err != nil {
		t.Fatal(err)
	}
	key := fmt.Sprintf("{vneid-replay}:%x", o.Key())
	if at, want := s.Do("PEXPIRETIME", key), o.Until.Add(time.Minute).UnixMilli(); at != want {
		t.Errorf("the entry ends at %v, want %v: Until and the skew", at, want)
	}
	r.Now = func() time.Time { return o.Until.Add(-1) }
	kind(t, "in the last instant", r.Use(within(t), o), vneid.ErrReplayed)
	r.Now = func() time.Time { return o.Until }
	kind(t, "at the end", r.Use(within(t), o), vneid.ErrExpired)
}

func TestAClockSetBackReopensNothing(t *testing.T) {
	s := start(t)
	r := s.store()
	o, twin := fresh("1"), fresh("2")
	for _, o := range []vneid.Once{o, twin} {
		if err := r.Use(within(t), o); err != nil {
			t.Fatal(err)
		}
	}
	long := fresh("3")
	long.Until = long.Until.Add(time.Hour)

	// The verifier's clock: the server's own still knows.
	past := o
	past.ID, past.Until = "4", time.Now().Add(-time.Minute-time.Second)
	r.Now = func() time.Time { return past.Until.Add(-time.Second) }
	kind(t, "a verifier's clock far behind", r.Use(within(t), past), vneid.ErrExpired)
	past.Until = time.Now().Add(-30 * time.Second)
	if err := r.Use(within(t), past); err != nil {
		t.Errorf("a verifier's clock behind by less than the skew: %v", err)
	}

	// The server's clock: it was past both ends once, has dropped the entries, and
	// is back now.
	r.Now = ahead
	s.Do("DEL", fmt.Sprintf("{vneid-replay}:%x", twin.Key()))
	if err := r.Use(within(t), twin); err != nil {
		t.Fatalf("an entry that is dropped passes again while time goes on: %v", err)
	}
	s.Do("DEL", fmt.Sprintf("{vneid-replay}:%x", o.Key()))
	s.Do("HSET", epoch, "newest", o.Until.Add(time.Minute).UnixMilli())
	kind(t, "a server's clock set back", r.Use(within(t), o), vneid.ErrExpired)
	if err := r.Use(within(t), long); err != nil {
		t.Errorf("what lives longer: %v", err)
	}
}

func TestTheStoreRefusesWhatItCannotRemember(t *testing.T) {
	s := start(t)
	r := s.store()
	r.Now = time.Now
	err := r.Use(within(t), old("1"))
	kind(t, "issued before the first use", err, vneid.ErrUnavailable)
	if !strings.Contains(err.Error(), "issued in 1m0s will pass") {
		t.Errorf("the text tells how long to wait: %v", err)
	}
	begin, _ := s.Client().HGet(within(t), epoch, "begin").Int64()
	for _, skew := range []time.Duration{time.Millisecond, time.Minute, 5 * time.Minute} {
		r.Skew = skew
		edge := vneid.Once{ID: skew.String(), Issued: time.UnixMilli(begin).Add(skew - time.Millisecond), Until: time.Now().Add(time.Hour)}
		kind(t, "just before the edge", r.Use(within(t), edge), vneid.ErrUnavailable)
		edge.Issued = time.UnixMilli(begin).Add(skew)
		if err := r.Use(within(t), edge); err != nil {
			t.Errorf("a refusal uses nothing up: %v", err)
		}
	}
	s.Do("HSET", epoch, "begin", time.Now().Add(-time.Hour).UnixMilli())
	r.Skew = 0
	o := old("2")
	if err := r.Use(within(t), o); err != nil {
		t.Errorf("when the epoch is old: %v", err)
	}
	o.ID, o.Issued = "3", o.Issued.Add(-2*time.Hour)
	err = r.Use(within(t), o)
	kind(t, "issued before an old epoch", err, vneid.ErrUnavailable)
	if !strings.Contains(err.Error(), "a fresh one will pass") {
		t.Error(err)
	}
	kind(t, "no time of issue", r.Use(within(t), vneid.Once{ID: "4", Until: o.Until}), vneid.ErrUnavailable)
}

func TestMistakesNameTheField(t *testing.T) {
	s := start(t)
	client := s.Client()
	if err := (&vneidredis.Replay{Client: client, Prefix: "p", Skew: 5 * time.Minute, Now: func() time.Time { return time.Now().Add(time.Hour) }}).
		Use(within(t), vneid.Once{Issued: time.Now().Add(time.Hour), Until: time.Now().Add(2 * time.Hour)}); err != nil {
		t.Fatalf("the twin: %v", err)
	}
	ring := redis.NewRing(&redis.RingOptions{Addrs: map[string]string{"a": s.Addr()}})
	defer ring.Close()
	for field, r := range map[string]*vneidredis.Replay{
		"Client":           {},
		"Client is a Ring": {Client: ring},
		"Prefix":           {Client: client, Prefix: "a}b"},
		"Skew":             {Client: client, Skew: 5*time.Minute + 1},
		"Skew ":            {Client: client, Skew: -1},
		"Client is":        nil,
	} {
		err := r.Use(within(t), fresh("1"))
		var k vneid.Kind
		if err == nil || errors.As(err, &k) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestNothingPersonalIsStored(t *testing.T) {
	s := start(t)
	r := s.store()
	o := fresh("Nguyễn Văn Mẫu 999090000001")
	o.Issuer = "https://issuer.example/?cccd=999090000001"
	if err := r.Use(within(t), o); err != nil {
		t.Fatal(err)
	}
	kind(t, "again", r.Use(within(t), o), vneid.ErrReplayed)
	keys, err := s.Client().Keys(within(t), "*").Result()
	if err != nil || len(keys) != 2 {
		t.Fatalf("keys %q, %v", keys, err)
	}
	entry := regexp.MustCompile(`^\{vneid-replay\}:[0-9a-f]{64}$`)
	for _, key := range keys {
		switch {
		case key == epoch:
			h, _ := s.Client().HGetAll(within(t), key).Result()
			if all := fmt.Sprint(h); len(h) != 3 || !regexp.MustCompile(`^map\[begin:\d{13} newest:\d{13} tenure:[0-9a-f]{80}\]$`).MatchString(all) {
				t.Errorf("epoch %s", all)
			}
		case entry.MatchString(key):
			if v := s.Do("GET", key); !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(v.(string)) {
				t.Errorf("entry %v", v)
			}
		default:
			t.Errorf("key %q", key)
		}
	}
}

func TestAnEndedContext(t *testing.T) {
	s := start(t)
	r := s.store()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := r.Use(ctx, fresh("1"))
	kind(t, "cancelled", err, vneid.ErrUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the context's error is hidden: %v", err)
	}
	if err := r.Use(within(t), fresh("1")); err != nil {
		t.Errorf("a cancelled check uses nothing up: %v", err)
	}
	s.Do("CLIENT", "PAUSE", 60_000, "ALL")
	ctx, cancel = context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err = r.Use(ctx, fresh("2"))
	kind(t, "a server that hangs", err, vneid.ErrUnavailable)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the context's error is hidden: %v", err)
	}
}
