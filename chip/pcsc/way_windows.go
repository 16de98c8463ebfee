package pcsc

import (
	"errors"
	"strings"
	"unicode/utf16"

	"golang.org/x/sys/windows"
)

func (s Service) driver() driver { return winscard{} }

// controlCode is SCARD_CTL_CODE of winsmcrd.h: CTL_CODE(FILE_DEVICE_SMARTCARD, n,
// METHOD_BUFFERED, FILE_ANY_ACCESS).
func controlCode(n uint32) uint32 { return 0x31<<16 | n<<2 }

type (
	dword     uint32
	handle    uintptr
	char      uint16
	ioRequest struct{ protocol, length dword }
)

const (
	nameListReaders     = "SCardListReadersW"
	nameGetStatusChange = "SCardGetStatusChangeW"
	nameConnect         = "SCardConnectW"
	nameControl         = "SCardControl"
)

// stateLayout: two pointers, three DWORDs, 36 bytes of ATR, padded to a pointer.
var stateLayout = layout{2 * pointer, 2*pointer + 4, 2*pointer + 8, 2*pointer + 12, (2*pointer + 12 + 36 + pointer - 1) &^ (pointer - 1)}

const pointer = 4 << (^uintptr(0) >> 63)

// The library is looked for among the system's own only.
var library = windows.NewLazySystemDLL("winscard.dll")

//go:uintptrescapes
func call(name string, args ...uintptr) Code {
	f := library.NewProc(name)
	if f.Find() != nil {
		return NoService
	}
	code, _, _ := f.Call(args...)
	return Code(code)
}

func chars(name string) ([]char, error) {
	if strings.ContainsRune(name, 0) {
		return nil, errors.New("reader is not a name from Readers")
	}
	var out []char
	for _, c := range utf16.Encode([]rune(name + "\x00")) {
		out = append(out, char(c))
	}
	return out, nil
}

func text(name []char) string {
	var units []uint16
	for _, c := range name {
		units = append(units, uint16(c))
	}
	return string(utf16.Decode(units))
}
