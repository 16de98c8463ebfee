package main

import (
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

var long = flag.Bool("long", false, "run the long form")

func TestMain(m *testing.M) {
	if !beCrowd() {
		os.Exit(m.Run())
	}
}

// missing skips the test, or fails it where peers are required.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// The short form shows that every login is whole at both servers, and that the table can
// be made; its figures say little. With -long it is the command's.
func TestLoginsAtThePlatformAndAtMockpass(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		missing(t, "Node is not installed")
	}
	peer := "node_modules/@opengovsg/mockpass"
	if _, err := os.Stat(peer); err != nil {
		missing(t, "mockpass is not installed: run npm ci in internal/interop/load")
	}
	p := plan{batches: 1, logins: 40, atOnce: 8, gogc: "100", callers: 600, storm: time.Second, stores: []string{"memory", "sqlite"}, mockpass: []string{peer}}
	if *long {
		p.batches, p.logins, p.callers, p.storm = 7, 1000, 10*taken, 5*time.Second
	}
	var out strings.Builder
	if err := measure(&out, p); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
	if !strings.Contains(out.String(), "5.00 verify ES256") || !strings.Contains(out.String(), "1.00 sign ES256") {
		t.Error("a login is five checks of signatures and one signature")
	}
}
