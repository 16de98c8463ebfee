package chip

import (
	"context"
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/ec"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/handshake"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/internal/modp"
	"github.com/vneid-sdk/vneid-go/internal/tlv"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// application is the identifier of the eMRTD application (ICAO Doc 9303-10 §3.6).
var application = []byte{0xA0, 0, 0, 2, 0x47, 0x10, 1}

// open gains access and selects the application.
func (r *reading) open(ctx context.Context) error {
	infos := r.offers
	if infos == nil {
		var err error
		if infos, err = r.cardAccess(ctx); err != nil {
			return err
		}
		r.offers = infos
	} else if _, _, err := r.plain(ctx, selectRoot); err != nil { // PACE belongs to the master file; the answer is no matter
		return failure("select", err)
	}
	if len(infos.PACE) == 0 {
		if r.access.kind != accessMRZ {
			return fault.New(vneid.ErrDenied, "the card offers no PACE, so a card access number does not open it; the machine-readable zone may")
		}
		if err := r.selectApplication(ctx); err != nil {
			return err
		}
		return r.basic(ctx)
	}
	if err := r.pace(ctx, infos); err != nil {
		return err
	}
	if r.mapped != nil {
		if err := r.keep(ctx, fileCardSecurity); err != nil {
			return err
		}
	}
	return r.selectApplication(ctx)
}

// cardAccess reads EF.CardAccess, empty if the card has none. One command does it
// on most cards. Where the application was selected before us, as telephones do,
// the card says 6982 until the file or its folder is selected; the Vietnamese card
// answers 6D00 to selecting the master file and takes the file itself (replicated
// from reports).
func (r *reading) cardAccess(ctx context.Context) (*lds.SecurityInfos, error) {
	const name = fileCardAccess
	file, sw, err := r.plain(ctx, apdu.Command{INS: insRead, P1: 0x80 | shortIDs[name], Expect: 256})
	if err == nil && sw != swOK && sw != swEndOfFile && (sw != swNotFound || r.access.kind == accessCAN) {
		file, sw, err = r.selectedCardAccess(ctx)
	}
	if err != nil {
		return nil, failure("read "+name, err)
	}
	r.event(Event{Step: "read", File: name, Read: len(file), SW: sw})
	switch {
	case sw == swOK || sw == swEndOfFile:
	case sw == swNotAllowed && r.access.kind == accessCAN: // hidden: taking the card away and putting it back helps
		return nil, &StatusError{Step: "read " + name, SW: sw}
	default:
		return &lds.SecurityInfos{}, nil
	}
	if file, err = r.restOfCardAccess(ctx, file); err != nil {
		return nil, failure("read "+name, err)
	}
	infos, err := lds.CardAccess(file)
	if err != nil {
		return nil, failure("read "+name, err)
	}
	r.dump.files[name] = file
	return infos, nil
}

// plain sends a command without secure messaging and keeps what it returns.
func (r *reading) plain(ctx context.Context, c apdu.Command) ([]byte, uint16, error) {
	data, sw, err := r.channel.Do(ctx, c)
	return slices.Clone(data), sw, err
}

// selectRoot selects the master file.
var selectRoot = apdu.Command{INS: insSelect, P2: 0x0C, Data: []byte{0x3F, 0}}

// selectedCardAccess selects the file, if need be after the master file, and reads
// its beginning.
func (r *reading) selectedCardAccess(ctx context.Context) (file []byte, sw uint16, err error) {
	selectFile := apdu.Command{INS: insSelect, P1: 2, P2: 0x0C, Data: []byte{1, shortIDs[fileCardAccess]}}
	for _, commands := range [][]apdu.Command{{selectFile}, {selectRoot, selectFile}} {
		for _, c := range commands {
			if _, sw, err = r.plain(ctx, c); err != nil {
				return nil, 0, err
			}
		}
		if sw != swOK {
			continue
		}
		file, sw, err = r.plain(ctx, apdu.Command{INS: insRead, Expect: 256})
		if err != nil || sw == swOK || sw == swEndOfFile {
			return file, sw, err
		}
	}
	return nil, sw, nil
}

// restOfCardAccess reads on where the file is longer than an answer.
func (r *reading) restOfCardAccess(ctx context.Context, file []byte) ([]byte, error) {
	_, header, length, err := tlv.Header(file)
	if err != nil {
		return nil, err
	}
	size := header + length
	if size > maxCardAccess {
		return nil, lds.ErrTooMany
	}
	for short := 0; len(file) < size; {
		offset := len(file)
		asked := min(256, size-offset)
		data, sw, err := r.plain(ctx, apdu.Command{INS: insRead, P1: byte(offset >> 8), P2: byte(offset), Expect: asked})
		if err != nil {
			return nil, err
		}
		if len(data) < asked {
			short++
		}
		if sw != swOK && sw != swEndOfFile || len(data) == 0 || short > maxShortAnswers {
			return nil, lds.ErrFile
		}
		file = append(file, data...)
	}
	return file[:size], nil
}

const maxCardAccess = 4096

// pace runs PACE by the best way that both sides know.
func (r *reading) pace(ctx context.Context, infos *lds.SecurityInfos) error {
	best, ok := choosePACE(infos.PACE)
	if !ok {
		return fault.New(vneid.ErrUntrusted, "PACE: the card offers no way that is known here")
	}
	password := r.access.password()
	defer clear(password)
	run := handshake.PACE{Info: best, Ambiguous: len(infos.PACE) > 1, Reference: byte(r.access.kind), Password: password}
	session, mapped, err := run.Run(ctx, r.send)
	if err != nil {
		return r.failed("PACE", err)
	}
	r.session, r.mapped = session, mapped
	r.dump.claimed.Protocol = best.Protocol.String()
	r.event(Event{Step: "PACE", SW: swOK})
	return nil
}

// failed reports a failed handshake to the trace, too.
func (r *reading) failed(step string, err error) error {
	var refused *handshake.StatusError
	if errors.As(err, &refused) {
		r.event(Event{Step: step, SW: refused.SW})
	}
	return failure(step, err)
}

// choosePACE prefers a mapping that proves the chip, then elliptic curves, then
// long keys.
func choosePACE(offers []lds.PACEInfo) (best lds.PACEInfo, ok bool) {
	rank := func(p lds.PACEInfo) int {
		n := int(p.Protocol.Suite)
		if p.Protocol.EC {
			n += 10
		}
		return n + map[lds.Mapping]int{lds.Integrated: 100, lds.Generic: 200, lds.ChipAuthentication: 300}[p.Protocol.Mapping]
	}
	for _, p := range offers {
		if supportedPACE(p) && (!ok || rank(p) > rank(best)) {
			best, ok = p, true
		}
	}
	return best, ok
}

func supportedPACE(p lds.PACEInfo) bool {
	if !p.Protocol.EC {
		_, err := modp.ByID(p.Parameter)
		return err == nil
	}
	curve, err := ec.ByID(p.Parameter)
	return err == nil && (p.Protocol.Mapping != lds.Integrated || curve != ec.P224) // ICAO Doc 9303-11 Table 12
}

// basic runs BAC.
func (r *reading) basic(ctx context.Context) error {
	session, err := handshake.BAC{Zone: r.access.text}.Run(ctx, r.send)
	if err != nil {
		return r.failed("BAC", err)
	}
	r.session = session
	r.dump.claimed.Protocol = protocolBAC
	r.event(Event{Step: "BAC", SW: swOK})
	return nil
}

func (r *reading) selectApplication(ctx context.Context) error {
	_, sw, err := r.send(ctx, apdu.Command{INS: insSelect, P1: 4, P2: 0x0C, Data: application})
	if err != nil {
		return failure("select", err)
	}
	r.event(Event{Step: "select", SW: sw})
	if sw != swOK {
		return &StatusError{Step: "select", SW: sw, Denied: sw == swNotAllowed}
	}
	return nil
}
