//go:build linux && winscard

package pcsc_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// run starts the tests once more: libpcsclite finds pcscd by an environment
// variable, and reads it as the process was started with.
func run(m *testing.M) int {
	const socket, slots = "PCSCLITE_CSOCK_NAME", "PCSC_TEST_SLOTS"
	if addresses := strings.Fields(os.Getenv(slots)); len(addresses) == 2 {
		world.err = nil
		for i := range world.slots {
			world.slots[i].address = addresses[i]
		}
		return m.Run()
	}
	if world.err != nil {
		return m.Run()
	}
	again := exec.Command(os.Args[0], os.Args[1:]...)
	again.Env = append(os.Environ(), socket+"="+world.service.Socket, slots+"="+world.slots[0].address+" "+world.slots[1].address)
	again.Stdout, again.Stderr = os.Stdout, os.Stderr
	if err := again.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
