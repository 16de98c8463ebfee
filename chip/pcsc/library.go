//go:build darwin || (linux && winscard)

package pcsc

import (
	"sync"

	"github.com/ebitengine/purego"
)

// controlCode is SCARD_CTL_CODE of pcsc-lite, which macOS has too.
func controlCode(n uint32) uint32 { return 0x42000000 + n }

type (
	char      byte
	ioRequest struct{ protocol, length dword }
)

const (
	nameListReaders     = "SCardListReaders"
	nameGetStatusChange = "SCardGetStatusChange"
	nameConnect         = "SCardConnect"
)

// library is loaded once; a system without it has no service.
var library = sync.OnceValues(func() (uintptr, error) {
	return purego.Dlopen(libraryPath, purego.RTLD_NOW|purego.RTLD_GLOBAL)
})

//go:uintptrescapes
func call(name string, args ...uintptr) Code {
	lib, err := library()
	if err != nil {
		return NoService
	}
	f, err := purego.Dlsym(lib, name)
	if err != nil {
		return NoService
	}
	code, _, _ := purego.SyscallN(f, args...)
	return Code(code)
}

func chars(name string) ([]char, error) { return append([]char(name), 0), nil }

func text(name []char) string { return string(name) }
