package chip

import (
	"context"
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/handshake"
	"github.com/vneid-sdk/vneid-go/internal/sm"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// terminal is one session with one chip.
type terminal struct {
	channel *apdu.Channel
	session *sm.Session // nil: commands go in plain
	room    int         // bytes of an answer, status apart
	trace   func(Event)

	buffer   []byte
	bySelect bool // the chip knows no short file identifiers
	tooLong  bool // the chip refused a command for being of extended length
	short    bool // so none is sent that need not be
}

// send passes a command as it has to go now. The data is valid until the next
// call.
func (t *terminal) send(ctx context.Context, c apdu.Command) ([]byte, uint16, error) {
	data, sw, err := t.appendAnswer(ctx, t.buffer[:0], c)
	if data != nil {
		t.buffer = data[:0]
	}
	return data, sw, err
}

// appendAnswer is send into memory of the caller.
func (t *terminal) appendAnswer(ctx context.Context, b []byte, c apdu.Command) ([]byte, uint16, error) {
	if t.session == nil {
		data, sw, err := t.channel.Do(ctx, c)
		return append(b, data...), sw, err
	}
	protected, err := t.session.Protect(c)
	if err != nil {
		return nil, 0, err
	}
	answer, sw, err := t.channel.Do(ctx, protected)
	if err != nil {
		t.session.Wipe() // the counters have parted
		return nil, 0, err
	}
	if len(answer) == 0 && sw == swWrongLength && protected.Extended() && !t.short {
		t.tooLong = true
	}
	return t.session.Open(b, answer, sw)
}

// fits returns how many plain bytes one answer carries.
func (t *terminal) fits(odd bool) int {
	if t.session == nil {
		return t.room
	}
	if n := t.session.Fits(t.room, odd); n > 256 {
		return n
	}
	return t.session.Fits(min(t.room, 256), odd) // asking for so little is no reason for extended length
}

// replace puts a new session in the place of the old one.
func (t *terminal) replace(s *sm.Session) {
	t.wipe()
	t.session = s
}

func (t *terminal) wipe() {
	if t.session != nil {
		t.session.Wipe()
	}
	clear(t.buffer[:cap(t.buffer)])
}

func (t *terminal) event(e Event) {
	if t.trace != nil {
		t.trace(e)
	}
}

// failure gives an error of the card or of the transport its kind.
func failure(step string, err error) error {
	var (
		transport *apdu.TransportError
		refused   *handshake.StatusError
		plain     *sm.PlainError
	)
	switch {
	case errors.As(err, &transport):
		return fault.Wrap(kindOf(transport.Cause), transport.Cause, "%s: the card cannot be reached", step)
	case errors.As(err, &refused):
		return &StatusError{Step: refused.Step, SW: refused.SW, Denied: refused.Denied}
	case errors.As(err, &plain):
		return fault.New(vneid.ErrMalformed, "%s: %v", step, plain)
	}
	switch err {
	case sm.ErrMAC, sm.ErrStatus, handshake.ErrToken, handshake.ErrReflected, handshake.ErrPublicKey, handshake.ErrMapped:
		return fault.New(vneid.ErrSignature, "%s: %v", step, err)
	case handshake.ErrProtocol:
		return fault.New(vneid.ErrUntrusted, "%s: %v", step, err)
	}
	var known vneid.Kind
	if errors.As(err, &known) {
		return err
	}
	// What is left are errors of this module's parsers, whose texts are constants.
	return fault.New(vneid.ErrMalformed, "%s: %v", step, err)
}
