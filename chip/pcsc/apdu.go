package pcsc

import (
	"context"
	"encoding/binary"
	"errors"
)

// The longest command and response there are (ISO 7816-4 §5.1): header, long Lc,
// data, long Le; data and status word.
const (
	maxCommand  = 4 + 3 + 65535 + 2
	maxResponse = 65536 + 2
	shortData   = 256
)

// tpdu puts a command into the form that T=0 has for it (ISO 7816-3 §12.2): T=0
// knows the length of one direction only, and no extended length.
func tpdu(command []byte) ([]byte, error) {
	switch n := len(command); {
	case n == 4:
		return append(command[:4:4], 0), nil
	case n == 5:
		return command, nil
	case command[4] == 0:
		return nil, errors.New("pcsc: command has extended length, which T=0 lacks")
	default:
		data := 5 + int(command[4])
		if n != data && n != data+1 {
			return nil, errors.New("pcsc: command has a length that no command has")
		}
		return command[:data], nil
	}
}

// What is asked of readers (PC/SC part 10).
const (
	featureRequest       = 3400 // CM_IOCTL_GET_FEATURE_REQUEST
	featureTLVProperties = 0x12 // FEATURE_GET_TLV_PROPERTIES
	propertyMaxAPDU      = 0x0A // dwMaxAPDUDataSize
)

// readerLimit asks the reader how much data it passes in one response. A reader
// that does not know the question passes short responses.
func readerLimit(ctx context.Context, l link) (int, error) {
	if l.t0() {
		return shortData, nil
	}
	ask := func(code uint32) ([]byte, error) {
		answer, err := l.control(ctx, code, nil)
		if err != nil && (ctx.Err() != nil || errors.Is(err, NoService) || errors.Is(err, Removed)) {
			return nil, err
		}
		return answer, nil
	}
	features, err := ask(controlCode(featureRequest))
	if err != nil {
		return 0, err
	}
	code, ok := property(features, featureTLVProperties)
	if !ok {
		return shortData, nil
	}
	properties, err := ask(binary.BigEndian.Uint32(code))
	if err != nil {
		return 0, err
	}
	if size, ok := property(properties, propertyMaxAPDU); ok {
		return int(min(max(binary.LittleEndian.Uint32(size), shortData), maxResponse-2)), nil
	}
	return shortData, nil
}

// property finds the four bytes of a tag in a list of tags, lengths and values.
// Features are big endian, properties little endian.
func property(list []byte, tag byte) ([]byte, bool) {
	for len(list) >= 2 && len(list) >= 2+int(list[1]) {
		value := list[2 : 2+int(list[1])]
		if list[0] == tag && len(value) == 4 {
			return value, true
		}
		list = list[2+len(value):]
	}
	return nil, false
}
