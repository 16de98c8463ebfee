package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func sizes(t *testing.T, s platform.Store) {
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<18) // 4 MiB
	update(t, s, func(tx platform.Tx) error {
		return errors.Join(tx.Put("a", "none", nil, noon), tx.Put("a", "empty", []byte{}, time.Time{}), tx.Put("a", "large", large, noon))
	})
	if err := s.View(ctx, func(tx platform.Tx) error {
		for key, want := range map[string][]byte{"none": {}, "empty": {}, "large": large} {
			if b, err := tx.Get("a", key); err != nil || b == nil || !bytes.Equal(b, want) {
				t.Errorf("%s: %d bytes, nil is %t, %v", key, len(b), b == nil, err)
			}
		}
		rows, err := tx.List("a", "", "", 9)
		if len(rows) != 3 {
			t.Errorf("the list has %d", len(rows))
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	for key, want := range map[string][]byte{"none": {}, "empty": {}, "large": large} {
		if b, err := s.Get(ctx, "a", key); err != nil || b == nil || !bytes.Equal(b, want) {
			t.Errorf("%s by itself: %d bytes, nil is %t, %v", key, len(b), b == nil, err)
		}
	}
}

// awkward are keys that a collation, an encoding or a pattern would treat specially.
var awkward = []string{"", "\x00", "\x00a", " ", "%", "'", "A", "B", "Z", "_", "a", "a\x00", "a%", "aa", "b", "Đ", "đ", "é", "ệ", "\xfe\xff", "\xff", "\xffx", "\xff\xff"}

func order(t *testing.T, s platform.Store) {
	want := slices.Sorted(slices.Values(awkward))
	update(t, s, func(tx platform.Tx) (err error) {
		for i, key := range awkward {
			err = errors.Join(err, tx.Put("a", key, []byte(key), noon), tx.Put("b", fmt.Sprint(i), nil, noon))
		}
		return err
	})
	for _, prefix := range append([]string{"a", "\xff"}, awkward...) {
		for _, after := range awkward {
			var expect, got []string
			for _, key := range want {
				if strings.HasPrefix(key, prefix) && key > after {
					expect = append(expect, key)
				}
			}
			if err := s.View(ctx, func(tx platform.Tx) error {
				rows, err := tx.List("a", prefix, after, 100)
				for _, r := range rows {
					got = append(got, r.Key)
					if string(r.Value) != r.Key {
						t.Errorf("%q has %q", r.Key, r.Value)
					}
				}
				return err
			}); err != nil || !slices.Equal(got, expect) {
				t.Errorf("with %q after %q: %q %v, want %q", prefix, after, got, err, expect)
			}
		}
	}
}

func ownList(t *testing.T, s platform.Store) {
	update(t, s, func(tx platform.Tx) (err error) {
		for i := range 9 {
			err = errors.Join(err, tx.Put("a", fmt.Sprint(i), []byte("old"), noon))
		}
		return err
	})
	update(t, s, func(tx platform.Tx) error {
		err := errors.Join(tx.Delete("a", "0"), tx.Delete("a", "1"), tx.Delete("a", "4"), tx.Put("a", "3", []byte("new"), noon),
			tx.Put("a", "25", []byte("new"), noon), tx.Put("a", "5", []byte("new"), noon), tx.Delete("a", "5"), tx.Delete("a", "none"))
		for _, c := range []struct {
			after string
			limit int
			want  string
		}{{"", 3, "2 25 3"}, {"25", 9, "3 6 7 8"}, {"", 0, ""}, {"8", 9, ""}, {"3", 1, "6"}} {
			rows, e := tx.List("a", "", c.after, c.limit)
			var got []string
			for _, r := range rows {
				got = append(got, r.Key)
			}
			if e != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%d after %q: %q %v, want %q", c.limit, c.after, got, e, c.want)
			}
		}
		return err
	})
}

func pages(t *testing.T, s platform.Store) {
	const all, page = 100_000, 12_500
	for at := 0; at < all; at += page {
		update(t, s, func(tx platform.Tx) (err error) {
			for i := at; i < at+page && err == nil; i++ {
				err = tx.Put("a", fmt.Sprintf("k/%06d", (i*7919)%all), []byte("v"), noon)
			}
			return err
		})
	}
	seen, after := 0, ""
	for {
		var rows []platform.Record
		if err := s.View(ctx, func(tx platform.Tx) (err error) {
			rows, err = tx.List("a", "k/", after, page)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if want := fmt.Sprintf("k/%06d", seen); r.Key != want {
				t.Fatalf("%s stands where %s belongs", r.Key, want)
			}
			seen, after = seen+1, r.Key
		}
		if len(rows) < page {
			break
		}
	}
	if stay, err := s.Sweep(ctx, noon.Add(1)); seen != all || stay != 0 || err != nil {
		t.Errorf("%d seen, %d stay after the sweep, %v", seen, stay, err)
	}
}

// Durable tests a store that outlives its process: open opens the same one each time,
// and closes the one before.
func Durable(t *testing.T, open func() platform.Store) {
	s := open()
	prepared(t, s)
	update(t, s, mess)
	_ = s.Update(ctx, func(tx platform.Tx) error { return errors.Join(tx.Put("a", "failed", nil, noon), errX) })
	for range 2 {
		s = open()
		for key, want := range map[string]string{"new": "z", "old": "y", "gone": "", "failed": ""} {
			if got := get(t, s, "a", key); got != want {
				t.Errorf("opened again, %s is %q", key, got)
			}
		}
	}
	if stay, err := s.Sweep(ctx, noon.Add(1)); stay != 0 || err != nil {
		t.Errorf("times did not survive: %d, %v", stay, err)
	}
}
