package guardtest

import (
	"net"
	"runtime"
	"testing"
)

// Another listens on another of this machine's own addresses than a Trap, for the
// server that the configuration names: its own host may be anywhere. Linux has all of
// 127.0.0.0/8, so there it must work; a system with one loopback address skips the test.
func Another(tb testing.TB) net.Listener {
	tb.Helper()
	l, err := net.Listen("tcp4", "127.0.0.9:0")
	if err != nil && runtime.GOOS == "linux" {
		tb.Fatal(err)
	}
	if err != nil {
		tb.Skip("skipped: this system has one loopback address")
	}
	return l
}
