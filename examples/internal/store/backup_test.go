package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

type row struct {
	table, key, value string
	until             time.Time
}

func rows(t testing.TB, s Store) (all []row) {
	t.Helper()
	if err := s.Each(t.Context(), func(table, key string, value []byte, until time.Time) error {
		all = append(all, row{table, key, string(value), until})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// filled puts more records into a store than one transaction restores.
func filled(t testing.TB, s Store) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx platform.Tx) (err error) {
		for i := range 2*restoreAtOnce + 17 {
			until := time.Unix(1_700_000_000, int64(i)).UTC()
			if i%3 == 0 {
				until = time.Time{}
			}
			err = errors.Join(err, tx.Put(fmt.Sprint("table", i%5), rand.Text(), []byte(rand.Text()), until))
		}
		return errors.Join(err, tx.Put("t", "\x00\xff", nil, time.Time{}), tx.Put("t", "", make([]byte, 1<<20), time.Time{}))
	}); err != nil {
		t.Fatal(err)
	}
}

func TestACopyGoesFromEveryKindToEveryKind(t *testing.T) {
	for from, fromURL := range kinds {
		for to, toURL := range kinds {
			t.Run(from+" to "+to, func(t *testing.T) {
				a, b := at(t, fromURL(t)), at(t, toURL(t))
				filled(t, a)
				var first, second bytes.Buffer
				n, err := Backup(t.Context(), a, &first)
				if err != nil || n != len(rows(t, a)) {
					t.Fatal(n, err)
				}
				if n, err := Verify(bytes.NewReader(first.Bytes())); err != nil || n != len(rows(t, a)) {
					t.Error(n, err)
				}
				if n, err := Restore(t.Context(), b, bytes.NewReader(first.Bytes())); err != nil || n != len(rows(t, a)) {
					t.Fatal(n, err)
				}
				if !slices.Equal(rows(t, a), rows(t, b)) {
					t.Error("the restored store has other records")
				}
				if _, err := Backup(t.Context(), b, &second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
					t.Error("the copy of the copy differs", err)
				}
				if _, err := Restore(t.Context(), b, bytes.NewReader(first.Bytes())); !errors.Is(err, ErrNotEmpty) {
					t.Errorf("into a store that is in use: %v", err)
				}
			})
		}
	}
}

// small is a copy of few bytes, so that each of them can be changed.
func small(t testing.TB) []byte {
	s := at(t, "memory:")
	if err := s.Update(t.Context(), func(tx platform.Tx) error {
		return errors.Join(tx.Put("a", "k", []byte("value"), time.Unix(1, 0)), tx.Put("b", "k", nil, time.Time{}))
	}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := Backup(t.Context(), s, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestADamagedCopyChangesNothing(t *testing.T) {
	good := small(t)
	if n, err := Restore(t.Context(), at(t, "memory:"), bytes.NewReader(good)); n != 2 || err != nil {
		t.Fatal("the twin:", n, err)
	}
	refused := func(what string, b []byte) {
		t.Helper()
		s := at(t, "memory:")
		if _, err := Restore(t.Context(), s, bytes.NewReader(b)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
		if len(rows(t, s)) != 0 {
			t.Errorf("%s: the store has records", what)
		}
	}
	for i := range good {
		refused(fmt.Sprint("cut short at ", i), good[:i])
		for bit := range 8 {
			b := slices.Clone(good)
			b[i] ^= 1 << bit
			refused(fmt.Sprintf("bit %d of byte %d", bit, i), b)
		}
		refused(fmt.Sprint("a byte less at ", i), slices.Delete(slices.Clone(good), i, i+1))
		refused(fmt.Sprint("a byte more at ", i), slices.Insert(slices.Clone(good), i, good[i]^1))
	}
	refused("a byte behind", append(slices.Clone(good), 0))
	refused("twice", append(slices.Clone(good), good...))
	refused("a length beyond the file", append([]byte(magic), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1))
	refused("a length of 11 bytes", append([]byte(magic), bytes.Repeat([]byte{0xff}, 11)...))
}

// failsSecond is a file whose second reading goes wrong.
type failsSecond struct {
	*bytes.Reader
	times int
	then  io.Reader
}

func (f *failsSecond) Seek(offset int64, whence int) (int64, error) {
	f.times++
	return f.Reader.Seek(offset, whence)
}

func (f *failsSecond) Read(b []byte) (int, error) {
	if f.times >= 2 {
		return f.then.Read(b)
	}
	return f.Reader.Read(b)
}

func TestARestoreThatEndsHalfwayIsSeen(t *testing.T) {
	url := kinds["sqlite"](t)
	s, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	broken := &failsSecond{Reader: bytes.NewReader(small(t)), then: iotest.ErrReader(io.ErrClosedPipe)}
	if _, err := Restore(t.Context(), s, broken); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), url); !errors.Is(err, ErrUnended) {
		t.Errorf("opened again: %v", err)
	}
}

func TestABackupOfAStoreInUseIsOneState(t *testing.T) {
	for kind, url := range kinds {
		t.Run(kind, func(t *testing.T) {
			s := at(t, url(t))
			stop, over := make(chan struct{}), make(chan struct{})
			write := func(n int) {
				v := []byte(fmt.Sprint(n))
				if err := s.Update(context.Background(), func(tx platform.Tx) error {
					return errors.Join(tx.Put("a", "1", v, time.Time{}), tx.Put("z", "2", v, time.Time{}))
				}); err != nil {
					t.Error(err)
				}
			}
			write(0)
			go func() {
				defer close(over)
				for n := 1; ; n++ {
					select {
					case <-stop:
						return
					default:
						write(n)
					}
				}
			}()
			for range 20 {
				var b bytes.Buffer
				other := at(t, "memory:")
				if _, err := Backup(t.Context(), s, &b); err != nil {
					t.Fatal(err)
				}
				if _, err := Restore(t.Context(), other, bytes.NewReader(b.Bytes())); err != nil {
					t.Fatal(err)
				}
				if got := rows(t, other); len(got) != 2 || got[0].value != got[1].value {
					t.Errorf("the copy has %v", got)
				}
			}
			close(stop)
			<-over
		})
	}
}

func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	s := at(t, "memory:")
	filled(t, s)
	var whole bytes.Buffer
	if _, err := Backup(t.Context(), s, &whole); err != nil {
		t.Fatal(err)
	}
	for _, room := range []int{0, 1, whole.Len() / 2, whole.Len() - 1} {
		full := disk{room}
		if _, err := Backup(t.Context(), s, &full); err == nil {
			t.Errorf("a disk that is full after %d of %d bytes went unnoticed", room, whole.Len())
		}
	}
	if _, err := Backup(t.Context(), s, &disk{whole.Len()}); err != nil {
		t.Errorf("the twin: %v", err)
	}
}

// disk is one with room for so many bytes.
type disk struct{ room int }

func (d *disk) Write(b []byte) (int, error) {
	if len(b) > d.room {
		return 0, syscall.ENOSPC
	}
	d.room -= len(b)
	return len(b), nil
}

func FuzzRestore(f *testing.F) {
	good := small(f)
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := memory{platform.NewMemory()}
		n, err := Restore(t.Context(), s, bytes.NewReader(b))
		if err != nil {
			if len(rows(t, s)) != 0 {
				t.Error("refused, and yet there are records")
			}
			return
		}
		var again bytes.Buffer
		if m, err := Backup(t.Context(), s, &again); err != nil || m > n {
			t.Errorf("%d records restored, %d copied, %v", n, m, err)
		}
	})
}

// lookedAtOnce is a store that everybody has found to be what it is before anybody goes on.
type lookedAtOnce struct {
	Store
	all  *sync.WaitGroup
	once sync.Once
}

func (l *lookedAtOnce) Each(ctx context.Context, f func(string, string, []byte, time.Time) error) error {
	err := l.Store.Each(ctx, f)
	l.once.Do(func() { l.all.Done(); l.all.Wait() })
	return err
}

// Two restores into one store would be a mixture of two copies that nobody takes for one.
func TestOneOfManyRestoresAtOnceFillsTheStore(t *testing.T) {
	var other bytes.Buffer
	s := at(t, "memory:")
	if err := put(t, s, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup(t.Context(), s, &other); err != nil {
		t.Fatal(err)
	}
	copies := [][]byte{small(t), other.Bytes()}
	for kind, url := range kinds {
		t.Run(kind, func(t *testing.T) {
			s := at(t, url(t))
			won := make(chan int, 6)
			var looked, over sync.WaitGroup
			looked.Add(cap(won))
			for i := range cap(won) {
				over.Go(func() {
					one := &lookedAtOnce{Store: s, all: &looked}
					switch _, err := Restore(context.Background(), one, bytes.NewReader(copies[i%2])); {
					case err == nil:
						won <- i % 2
					case !errors.Is(err, ErrNotEmpty):
						t.Error(err)
					}
				})
			}
			over.Wait()
			if len(won) != 1 {
				t.Fatalf("%d of them say that they filled it", len(won))
			}
			var got bytes.Buffer
			if _, err := Backup(t.Context(), s, &got); err != nil || !bytes.Equal(got.Bytes(), copies[<-won]) {
				t.Errorf("it has something else: %v", err)
			}
		})
	}
}
