package pcsc

func (s Service) driver() driver {
	if s.Socket != "" {
		return newDaemon(s.Socket)
	}
	return winscard{}
}

// The types of PCSC.framework (MacTypes of wintypes.h): all of 32 bits.
type (
	dword  uint32
	handle int32
)

// path of the library, and functions whose symbols differ from their names.
const (
	libraryPath = "/System/Library/Frameworks/PCSC.framework/PCSC"
	nameControl = "SCardControl132" // what winscard.h defines SCardControl as
)

// stateLayout: #pragma pack(1).
var stateLayout = layout{current: 16, event: 20, atrLength: 24, atr: 28, size: 28 + maxATR}
