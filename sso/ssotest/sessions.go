package ssotest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
)

// Sessions tests a sso.Sessions.
func Sessions(t *testing.T, fresh func(t testing.TB, now func() time.Time) sso.Sessions) {
	for name, part := range map[string]func(*testing.T, sso.Sessions, *clock){
		"what was put is given out":            sessionsKeep,
		"nothing is no error":                  sessionsNothing,
		"the last put counts":                  sessionsReplace,
		"what was deleted is gone":             sessionsDelete,
		"what is over is not given out":        sessionsEnd,
		"what is kept belongs to the store":    sessionsCopy,
		"any bytes of a usual size are kept":   sessionsBytes,
		"many at once do not disturb another":  sessionsTogether,
		"a context that is over hangs nothing": sessionsCancelled,
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			part(t, fresh(t, c.now), c)
		})
	}
}

func put(t testing.TB, s sso.Sessions, name, content string, until time.Time) {
	t.Helper()
	if err := s.Put(context.Background(), name, []byte(content), until); err != nil {
		t.Errorf("Put: %v", err)
	}
}

func holds(t testing.TB, s sso.Sessions, name, want string) {
	t.Helper()
	got, err := s.Get(context.Background(), name)
	if err != nil || string(got) != want {
		t.Errorf("Get of %q: %q, %v; want %q", name, got, err, want)
	}
}

func sessionsKeep(t *testing.T, s sso.Sessions, c *clock) {
	until := c.now().Add(time.Hour)
	put(t, s, "a", "1", until)
	put(t, s, "b", "2", until)
	holds(t, s, "a", "1")
	holds(t, s, "b", "2")
	holds(t, s, "a", "1") // given out as often as asked
}

func sessionsNothing(t *testing.T, s sso.Sessions, c *clock) {
	put(t, s, "a", "1", c.now().Add(time.Hour))
	for _, name := range []string{"b", "A", "a ", "", "a*"} {
		if got, err := s.Get(context.Background(), name); got != nil || err != nil {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

func sessionsReplace(t *testing.T, s sso.Sessions, c *clock) {
	put(t, s, "a", "1", c.now().Add(time.Hour))
	put(t, s, "a", "2", c.now().Add(3*time.Hour))
	holds(t, s, "a", "2")
	c.advance(2 * time.Hour)
	holds(t, s, "a", "2")
}

func sessionsDelete(t *testing.T, s sso.Sessions, c *clock) {
	put(t, s, "a", "1", c.now().Add(time.Hour))
	put(t, s, "b", "2", c.now().Add(time.Hour))
	for range 2 { // the second finds nothing, which is no error
		if err := s.Delete(context.Background(), "a"); err != nil {
			t.Errorf("Delete: %v", err)
		}
	}
	holds(t, s, "a", "")
	holds(t, s, "b", "2")
}

func sessionsEnd(t *testing.T, s sso.Sessions, c *clock) {
	put(t, s, "short", "1", c.now().Add(time.Hour))
	put(t, s, "long", "2", c.now().Add(24*time.Hour))
	holds(t, s, "short", "1")
	c.advance(time.Hour)
	holds(t, s, "short", "")
	holds(t, s, "long", "2")
	put(t, s, "past", "3", c.now().Add(-time.Second))
	holds(t, s, "past", "")
}

func sessionsCopy(t *testing.T, s sso.Sessions, c *clock) {
	content := []byte("1")
	if err := s.Put(context.Background(), "a", content, c.now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	content[0] = 'x'
	holds(t, s, "a", "1")
	got, err := s.Get(context.Background(), "a")
	if err != nil || len(got) != 1 {
		t.Fatalf("%q, %v", got, err)
	}
	got[0] = 'y'
	holds(t, s, "a", "1")
}

func sessionsBytes(t *testing.T, s sso.Sessions, c *clock) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for name, content := range map[string][]byte{"every byte": all, "64 KiB": bytes.Repeat([]byte("0123456789abcdef"), 4096)} {
		put(t, s, name, string(content), c.now().Add(time.Hour))
		if got, err := s.Get(context.Background(), name); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes came back, %v", name, len(got), err)
		}
	}
}

func sessionsTogether(t *testing.T, s sso.Sessions, c *clock) {
	until := c.now().Add(time.Hour)
	together(func(i int) {
		name := strings.Repeat("n", i+1)
		for round := range 8 {
			content := fmt.Sprint(i, " ", round)
			put(t, s, name, content, until)
			holds(t, s, name, content)
		}
	})
}

func sessionsCancelled(t *testing.T, s sso.Sessions, c *clock) {
	put(t, s, "a", "1", c.now().Add(time.Hour))
	_, _ = s.Get(over(), "a") // an answer or an error, but soon
	_ = s.Put(over(), "b", []byte("2"), c.now().Add(time.Hour))
	_ = s.Delete(over(), "c")
	holds(t, s, "a", "1")
}
