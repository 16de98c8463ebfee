package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// usedCodes is a vneid.Replay for programs that run once per scan: a folder with
// an empty file for each code that passed. The file system makes creating a file
// atomic, so that of two scans at the same time one is refused. A memory store
// would forget between two runs, and rightly refuses every code that is older
// than itself.
type usedCodes struct {
	dir string
	now func() time.Time
}

// Use implements vneid.Replay. The file's name is a hash of the code's random
// identifier; its time of change is when it may be forgotten.
func (u usedCodes) Use(_ context.Context, once vneid.Once) error {
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return fmt.Errorf("%w: the folder for used codes cannot be made", vneid.ErrUnavailable)
	}
	u.sweep()
	key := once.Key()
	name := filepath.Join(u.dir, hex.EncodeToString(key[:]))
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return vneid.ErrReplayed
	case err != nil:
		return fmt.Errorf("%w: the code cannot be noted as used", vneid.ErrUnavailable)
	}
	f.Close()
	return os.Chtimes(name, time.Time{}, once.Until)
}

// grace is how long a note outlives its code. It covers a clock that was set
// back, and the moment (or the crash) between a note's creation and the setting
// of its time, during which it bears the time of creation: without it, another
// scan's sweep could forget a code that has just passed.
const grace = 24 * time.Hour

// sweep forgets what has expired by both clocks, ours and -now's. What cannot be
// removed stays, which is safe.
func (u usedCodes) sweep() {
	now := u.now()
	if real := time.Now(); real.Before(now) {
		now = real
	}
	entries, err := os.ReadDir(u.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && len(e.Name()) == 64 && info.ModTime().Add(grace).Before(now) {
			os.Remove(filepath.Join(u.dir, e.Name()))
		}
	}
}
