//go:build linux && winscard

package pcsc

// driver is for the tests of winscard: it reaches pcscd through libpcsclite, which
// takes the socket's path from PCSCLITE_CSOCK_NAME.
func (s Service) driver() driver {
	if s.Socket != "" {
		return newDaemon(s.Socket)
	}
	return winscard{}
}

// The types of libpcsclite on Linux: long, of 64 bits.
type (
	dword  uint64
	handle int64
)

const (
	libraryPath = "libpcsclite.so.1"
	nameControl = "SCardControl"
)

// stateLayout: two pointers, three DWORDs, 33 bytes of ATR, padded to a DWORD.
var stateLayout = layout{current: 16, event: 24, atrLength: 32, atr: 40, size: 40 + 40}
