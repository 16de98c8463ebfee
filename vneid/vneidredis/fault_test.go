package vneidredis_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis"
)

func TestAServerThatMayForgetIsRefused(t *testing.T) {
	s := start(t)
	r := s.store()
	if err := r.Use(within(t), fresh("0")); err != nil { // the twin
		t.Fatal(err)
	}
	id := 0
	// look makes the next call look at the policy, as it does when a second is over.
	look := func() vneid.Once {
		id++
		s.Do("HSET", epoch, "newest", time.Now().Add(-time.Second).UnixMilli())
		return fresh(fmt.Sprint(id))
	}
	for _, policy := range []string{"allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"} {
		s.Do("CONFIG", "SET", "maxmemory-policy", policy)
		o := look()
		for range 2 { // refused until it is changed back, not only once
			err := r.Use(within(t), o)
			kind(t, policy, err, vneid.ErrUnavailable)
			if !strings.Contains(err.Error(), "maxmemory-policy") {
				t.Errorf("%s: %v", policy, err)
			}
		}
		s.Do("CONFIG", "SET", "maxmemory-policy", "noeviction")
		if err := r.Use(within(t), o); err != nil {
			t.Errorf("after %s was changed back: %v", policy, err)
		}
	}
	s.Do("CONFIG", "SET", "maxmemory", "1")
	kind(t, "a full server", r.Use(within(t), fresh("full")), vneid.ErrUnavailable)
	s.Do("CONFIG", "SET", "maxmemory", "0")
	if err := r.Use(within(t), fresh("full")); err != nil {
		t.Errorf("with room again: %v", err)
	}
	s.Do("REPLICAOF", "127.0.0.1", "1")
	kind(t, "a replica", r.Use(within(t), fresh("replica")), vneid.ErrUnavailable)
	s.Do("REPLICAOF", "NO", "ONE")
	s.Do("SET", epoch, "not a hash")
	kind(t, "a foreign value under the epoch's key", r.Use(within(t), fresh("foreign")), vneid.ErrUnavailable)
	s.Kill()
	kind(t, "no server", r.Use(within(t), fresh("gone")), vneid.ErrUnavailable)
}

func TestTheRightsThatAreNeeded(t *testing.T) {
	s := start(t)
	rights := []any{"~{vneid-replay}:*", "+eval", "+evalsha", "+info", "+time", "+hmget", "+hset", "+get", "+set", "+hello", "+client"}
	use := func(id string, rights ...any) error {
		s.Do(append([]any{"ACL", "SETUSER", "verifier", "reset", "on", ">secret"}, rights...)...)
		c := redis.NewClient(&redis.Options{Addr: s.Addr(), Username: "verifier", Password: "secret"})
		defer c.Close()
		return (&vneidredis.Replay{Client: c, Now: ahead}).Use(within(t), fresh(id))
	}
	if err := use("all", rights...); err != nil {
		t.Fatalf("with the documented rights: %v", err)
	}
	for i, right := range rights[:9] {
		if right == "+evalsha" || right == "+eval" {
			continue // one stands in for the other once the server knows the script
		}
		id := fmt.Sprint(right)
		if right == "+hset" {
			s.Do("FLUSHALL")
		}
		fewer := append(append([]any{}, rights[:i]...), rights[i+1:]...)
		kind(t, "without "+id, use(id, fewer...), vneid.ErrUnavailable)
	}
}

// through forwards connections to the server and cuts each reply to an EVAL or
// EVALSHA while cut is above zero.
func through(t *testing.T, s *server, cut *atomic.Int32) string {
	t.Helper()
	return listen(t, func(conn net.Conn) {
		up, err := net.Dial("tcp", s.Addr())
		if err != nil {
			return
		}
		defer up.Close()
		in, out := bufio.NewReader(conn), bufio.NewReader(up)
		for {
			args, err := command(in)
			if err != nil {
				return
			}
			fmt.Fprintf(up, "*%d\r\n", len(args))
			for _, a := range args {
				fmt.Fprintf(up, "$%d\r\n%s\r\n", len(a), a)
			}
			answer := make([]byte, 4096)
			n, err := out.Read(answer) // these replies come in one piece
			if err != nil || strings.HasPrefix(strings.ToUpper(args[0]), "EVAL") && n > 0 && answer[0] != '-' && cut.Add(-1) >= 0 {
				return
			}
			conn.Write(answer[:n])
		}
	})
}

// listen serves connections until the test ends.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() { // ends with the listener
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); serve(conn) }()
		}
	}()
	return l.Addr().String()
}

// command reads one command of a client: an array of bulk strings.
func command(in *bufio.Reader) ([]string, error) {
	length := func(prefix byte) (int, error) {
		line, err := in.ReadString('\n')
		if err != nil || line[0] != prefix {
			return 0, errors.Join(err, errors.New("not a command"))
		}
		return strconv.Atoi(strings.TrimSpace(line[1:]))
	}
	n, err := length('*')
	if err != nil {
		return nil, err
	}
	args := make([]string, n)
	for i := range args {
		size, err := length('$')
		if err != nil {
			return nil, err
		}
		b := make([]byte, size+2)
		if _, err := io.ReadFull(in, b); err != nil {
			return nil, err
		}
		args[i] = string(b[:size])
	}
	return args, nil
}

func TestALostReply(t *testing.T) {
	s := start(t)
	var cut atomic.Int32
	addr := through(t, s, &cut)
	store := func(retries int) *vneidredis.Replay {
		c := redis.NewClient(&redis.Options{Addr: addr, Protocol: 2, DisableIdentity: true, MaxRetries: retries})
		t.Cleanup(func() { c.Close() })
		return &vneidredis.Replay{Client: c, Now: ahead}
	}
	patient, once := store(3), store(-1)
	for name, r := range map[string]*vneidredis.Replay{"patient": patient, "once": once} {
		if err := r.Use(within(t), fresh(name)); err != nil {
			t.Fatalf("%s, nothing lost: %v", name, err)
		}
	}

	cut.Store(2)
	if err := patient.Use(within(t), fresh("1")); err != nil || cut.Load() >= 0 {
		t.Errorf("a client that repeats is told of its first use: %v, cuts left %d", err, cut.Load())
	}
	kind(t, "and once only", patient.Use(within(t), fresh("1")), vneid.ErrReplayed)

	cut.Store(1)
	kind(t, "a client that does not repeat", once.Use(within(t), fresh("2")), vneid.ErrUnavailable)
	kind(t, "the thing is spent", once.Use(within(t), fresh("2")), vneid.ErrReplayed)
}

func TestRepliesOfAForeignServer(t *testing.T) {
	const echo = "*3\r\n$32\r\n%s\r\n"
	for _, c := range []struct {
		sentence, reply string // %s is the number of the call
		want            vneid.Kind
	}{
		{"first", echo + "$5\r\nfirst\r\n:0\r\n", 0},
		{"again", echo + "$5\r\nagain\r\n:0\r\n", vneid.ErrReplayed},
		{"late", echo + "$4\r\nlate\r\n:9999999999999\r\n", vneid.ErrExpired},
		{"late, before the end", echo + "$4\r\nlate\r\n:1\r\n", vneid.ErrUnavailable},
		{"early, with no time", echo + "$5\r\nearly\r\n:-1\r\n", vneid.ErrUnavailable},
		{"early, with a wild time", echo + "$5\r\nearly\r\n:9223372036854775807\r\n", vneid.ErrUnavailable},
		{"no run_id in INFO", echo + "$8\r\nnameless\r\n:0\r\n", vneid.ErrUnavailable},
		{"another call's number", "*3\r\n$32\r\n00000000000000000000000000000000\r\n$5\r\nfirst\r\n:0\r\n", vneid.ErrUnavailable},
		{"another call's refusal", "*3\r\n$32\r\n00000000000000000000000000000000\r\n$5\r\nagain\r\n:0\r\n", vneid.ErrUnavailable},
		{"another word", echo + "$5\r\nFirst\r\n:0\r\n", vneid.ErrUnavailable},
		{"a word that is a number", echo + ":1\r\n:0\r\n", vneid.ErrUnavailable},
		{"a time that is text", echo + "$5\r\nfirst\r\n$1\r\n0\r\n", vneid.ErrUnavailable},
		{"an array too short", "*2\r\n$32\r\n%s\r\n$5\r\nfirst\r\n", vneid.ErrUnavailable},
		{"an array too long", "*4\r\n$32\r\n%s\r\n$5\r\nfirst\r\n:0\r\n:0\r\n", vneid.ErrUnavailable},
		{"an empty array", "*0\r\n", vneid.ErrUnavailable},
		{"no array", "+OK\r\n", vneid.ErrUnavailable},
		{"nil", "$-1\r\n", vneid.ErrUnavailable},
		{"a nil array", "*-1\r\n", vneid.ErrUnavailable},
		{"an error", "-ERR https://issuer.example 999090000001\r\n", vneid.ErrUnavailable},
		{"loading", "-LOADING Redis is loading the dataset in memory\r\n", vneid.ErrUnavailable},
		{"no such script, for ever", "-NOSCRIPT\r\n", vneid.ErrUnavailable},
		{"moved to nowhere", "-MOVED 1 127.0.0.1:1\r\n", vneid.ErrUnavailable},
		{"noise", "\x00\xff\r\n", vneid.ErrUnavailable},
		{"cut short", "*3\r\n$32\r\n", vneid.ErrUnavailable},
		{"a negative length", "*3\r\n$-5\r\n", vneid.ErrUnavailable},
	} {
		addr := listen(t, func(conn net.Conn) {
			in := bufio.NewReader(conn)
			for {
				args, err := command(in)
				if err != nil {
					return
				}
				if !strings.HasPrefix(strings.ToUpper(args[0]), "EVAL") {
					io.WriteString(conn, "-ERR unknown command\r\n")
					continue
				}
				io.WriteString(conn, strings.Replace(c.reply, "%s", args[5], 1))
				if c.sentence == "cut short" {
					return
				}
			}
		})
		client := redis.NewClient(&redis.Options{Addr: addr, Protocol: 2, DisableIdentity: true, MaxRetries: -1})
		err := (&vneidredis.Replay{Client: client, Now: ahead}).Use(within(t), fresh("1"))
		switch {
		case c.want != 0:
			kind(t, c.sentence, err, c.want)
		case err != nil:
			t.Errorf("%s: %v", c.sentence, err)
		}
		if err != nil && strings.HasPrefix(c.sentence, "early") && !strings.Contains(err.Error(), "a fresh one will pass") {
			t.Errorf("%s: the text tells a time: %v", c.sentence, err)
		}
		client.Close()
	}
}
