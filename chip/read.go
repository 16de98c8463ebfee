package chip

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/cms"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/handshake"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// defaultGroups is what a verification needs, and the portrait.
var defaultGroups = []int{1, 2, 11, 13, 14, 15}

// Read opens a chip, reads its files and has it prove what it can. It gives no
// verdict: Verifier.Verify does.
//
// A chip that lists PACE in EF.CardAccess is opened by PACE alone: if that fails,
// BAC is not tried. Access is tried once, so that no chip is locked by a loop: a
// wrong CAN or zone is vneid.ErrDenied. Files that the chip's signed list names and
// that it does not give out are noted in the Dump; a card that breaks the protocol
// ends the reading. The first fault ends the session, and its keys are wiped.
func Read(ctx context.Context, card Card, access Access, options ReadOptions) (*Dump, error) {
	r, err := newReading(card, access, options)
	if err != nil {
		return nil, fault.Prefix("chip", err)
	}
	defer r.wipe()
	err = r.all(ctx)
	if r.tooLong && ctx.Err() == nil {
		// The card knows no extended length, and drops the session to say so. It
		// costs a second handshake to go on in short length.
		r.again()
		err = r.all(ctx)
	}
	if err != nil {
		return nil, fault.Prefix("chip", err)
	}
	return newDump(&r.dump), nil
}

// reading is one Read.
type reading struct {
	terminal
	access  access
	options ReadOptions
	dump    dump
	offers  *lds.SecurityInfos // of EF.CardAccess, once it was looked for
	sod     *cms.SOD           // nil: not of a form that is known
	mapped  *handshake.Mapped
	chipKey []byte // that Chip Authentication ran with
	proven  bool   // an answer came under its keys
}

func newReading(card Card, a Access, o ReadOptions) (*reading, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Groups == nil {
		o.Groups = defaultGroups
	}
	switch {
	case card == nil:
		return nil, errors.New("Read: card is nil")
	case a.a == nil:
		return nil, errors.New("Read: access is zero")
	case o.MaxResponse != 0 && (o.MaxResponse < 64 || o.MaxResponse > 65536):
		return nil, errors.New("ReadOptions.MaxResponse is not between 64 and 65536")
	case slices.ContainsFunc(o.Groups, func(n int) bool { return n < 1 || n > 16 }):
		return nil, errors.New("ReadOptions.Groups has a number that is not between 1 and 16")
	case o.Challenge != nil && (len(o.Challenge.Nonce) != nonceSize || o.Challenge.ID == ""):
		return nil, errors.New("ReadOptions.Challenge is none of a Verifier")
	}
	if o.MaxResponse == 0 {
		o.MaxResponse = 256
	}
	r := &reading{access: **a.a, options: o}
	r.terminal = terminal{channel: apdu.NewChannel(card), room: o.MaxResponse, trace: o.Trace}
	r.dump.files = make(map[string][]byte)
	r.dump.claimed = claims{ReadAt: o.Now().UTC().Truncate(time.Second), Unread: make(map[string]string)}
	return r, nil
}

// again begins anew in short length, and forgets what it read and noted. Only
// EF.CardAccess is kept: the application may still be selected and hide it.
func (r *reading) again() {
	r.wipe()
	r.session, r.room, r.tooLong, r.short = nil, 256, false, true
	r.mapped, r.chipKey, r.proven = nil, nil, false
	for name := range r.dump.files {
		if name != fileCardAccess {
			delete(r.dump.files, name)
		}
	}
	clear(r.dump.claimed.Unread)
	r.dump.claimed.Chip, r.dump.challenge, r.dump.answer = "", "", nil
}

// all reads in an order that costs the fewest commands: DG14 before the others, as
// Chip Authentication then protects them, and the portrait last.
func (r *reading) all(ctx context.Context) error {
	if err := r.open(ctx); err != nil {
		return err
	}
	if !r.options.SkipCOM {
		if err := r.keep(ctx, fileCOM); err != nil {
			return err
		}
	}
	if err := r.keep(ctx, fileSOD); err != nil {
		return err
	}
	r.sod, _ = cms.ParseSOD(r.dump.files[fileSOD])
	groups := r.wanted()
	for _, n := range groups {
		if err := r.keep(ctx, groupName(n)); err != nil {
			return err
		}
		switch n {
		case 14:
			if err := r.chipAuthentication(ctx); err != nil {
				return err
			}
		case 15:
			if err := r.activeAuthentication(ctx); err != nil {
				return err
			}
		}
	}
	return r.proveSession(ctx)
}

// wanted lists the data groups to read: those asked for that the chip lists. The
// signed list counts; where it cannot be read, EF.COM's does, or the wish.
func (r *reading) wanted() (groups []int) {
	com, comErr := lds.COM(r.dump.files[fileCOM])
	for _, n := range r.options.Groups {
		listed := true
		switch {
		case r.sod != nil:
			listed = r.sod.Lists(n)
		case comErr == nil:
			listed = slices.Contains(com, n)
		}
		if listed && !slices.Contains(groups, n) {
			groups = append(groups, n)
		}
	}
	order := func(n int) int { // 14 first, 2 last
		switch n {
		case 14:
			return 0
		case 2:
			return 100
		}
		return n
	}
	slices.SortFunc(groups, func(a, b int) int { return order(a) - order(b) })
	return groups
}

// keep reads a file into the Dump, or notes that the chip does not give it out.
func (r *reading) keep(ctx context.Context, name string) error {
	file, err := r.read(ctx, name)
	var no *refusal
	if errors.As(err, &no) {
		if name == fileSOD {
			return &StatusError{Step: "read " + name, SW: no.sw, Denied: no.sw == swNotAllowed}
		}
		r.dump.claimed.Unread[name] = fmt.Sprintf("%04X", no.sw)
		return nil
	}
	if err != nil {
		return err
	}
	r.proven = r.chipKey != nil
	r.dump.files[name] = file
	total := 0
	for _, f := range r.dump.files {
		total += len(f)
	}
	if total > maxFiles {
		return fault.New(vneid.ErrMalformed, "read %s: the files are larger than all should be together", name)
	}
	return nil
}

// unavailable is the kind of errors that the caller's context causes.
func unavailable(ctx context.Context, step string) error {
	if err := ctx.Err(); err != nil {
		return fault.Wrap(vneid.ErrUnavailable, err, "%s was cancelled", step)
	}
	return nil
}
