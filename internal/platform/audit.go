package platform

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/audit"
	"github.com/vneid-sdk/vneid-go/internal/record"
)

// The kinds of audit entries (nhật ký kiểm toán). Those of usage are forgotten with the
// usage history; all others stay for good: see usage.
const (
	auditRegistered       = "registered"        // an account was made, or its particulars replaced
	auditDecided          = "decided"           // a registration was granted or refused
	auditCardIssued       = "card-issued"       // a first card, together with level 2
	auditCase             = "case"              // a step of a case at a counter
	auditLevelGranted     = "level-granted"     // the account level changed
	auditLocked           = "locked"            // a lock was put on, or both
	auditUnlocked         = "unlocked"          // a lock was taken off, and none put on
	auditGroundPlaced     = "ground-placed"     // a ground to lock was placed
	auditGroundLifted     = "ground-lifted"     // or lifted
	auditLockRequest      = "lock-request"      // another body asked for a lock: received, handed on, refused
	auditLookedUp         = "looked-up"         // staff looked at somebody's locks
	auditEmailChanged     = "email-changed"     // another e-mail address
	auditSessionsEnded    = "sessions-ended"    // the person ended one session, or all
	auditDied             = "died"              // the holder's death was entered
	auditClosed           = "account-closed"    // the agency closed the account
	auditPhoneChanged     = "phone-changed"     // another telephone number
	auditDeviceChanged    = "device-changed"    // the app moved
	auditNumberReissued   = "number-reissued"   // another personal number
	auditCardReplaced     = "card-replaced"     // another card
	auditPaperChanged     = "paper-changed"     // a document of the registers was entered
	auditPasswordChanged  = "password-changed"  // the person chose another one
	auditChannelsChanged  = "channels-changed"  // by which the person is told
	auditStaffChanged     = "staff-changed"     // a member of staff was entered, or changed
	auditStaffRemoved     = "staff-removed"     // and ended
	auditClientRegistered = "client-registered" // a relying party, or its registration replaced
	auditKeyRotated       = "key-rotated"       // a signing key was published, used or withdrawn
	auditHoldPlaced       = "hold-placed"       // usage history may not be forgotten
	auditHoldLifted       = "hold-lifted"       // and may again
	auditClockMoved       = "clock-moved"       // the lab's clock
	auditReset            = "reset"             // the lab put everything back: the first entry of a new log

	auditConsent   = "consent"        // a person agreed, for a login or a data request
	auditWithdrawn = "withdrawn"      // and took it back
	auditTicket    = "ticket-decided" // a filing went on
	auditRead      = "read"           // a relying party learned something: the twin of a history entry
)

// usage reports whether entries of a kind are usage history (lịch sử sử dụng), which is
// kept five years; account and electronic identity data stay for good (Decree 69/2024
// Art. 28.4).
func usage(kind string) bool {
	return kind == auditRead || kind == auditConsent || kind == auditWithdrawn || kind == auditTicket
}

// Who did it, when it was no member of staff.
const (
	actorCitizen = "citizen"
	actorSystem  = "system"
	actorClient  = "client"
)

const (
	tableAudit = "audit" // number, twenty digits → audit.Entry as a line
	tableHead  = "head"  // "audit" → audit.Head as a line: whoever appends reads it in the same transaction
)

// entry is something about to be recorded. Account and Client are ids: neither they nor
// Body may hold a personal number, for an entry outlives the account's reasons.
type entry struct {
	Kind    string `json:"-"`
	Actor   string `json:"actor"` // citizen, system, client, or the id of a member of staff
	Account string `json:"account,omitempty"`
	Client  string `json:"client,omitempty"`
	Body    any    `json:"details,omitempty"`
}

// record appends to the audit log in the transaction of what happened, so that nothing
// happens without an entry, and no entry is of something that did not happen.
func (p *Platform) record(tx Tx, e entry) error {
	if e.Actor == "" {
		e.Actor = actorSystem
	}
	room := takeRoom()
	body, err := record.Append(room.b, &e)
	defer room.free(body)
	if err != nil {
		return fmt.Errorf("cannot encode an audit entry of %s", e.Kind)
	}
	at, err := auditHead(tx)
	if err != nil {
		return err
	}
	line, err := audit.Append(at, p.now(), e.Kind, body)
	if err != nil {
		return err
	}
	return errors.Join(
		tx.Put(tableAudit, auditKey(line.Seq), line.Line(), time.Time{}),
		tx.Put(tableHead, "audit", line.Head().Line(), time.Time{}))
}

// auditHead is where the log ends.
func auditHead(tx Tx) (at audit.Head, err error) {
	line, err := tx.Get(tableHead, "audit")
	if err != nil || line == nil {
		return at, err
	}
	return audit.ParseHead(line)
}

// auditKey is twenty digits: it sorts as numbers do.
func auditKey(seq uint64) string {
	b := [40]byte{}
	for i := range 20 {
		b[i] = '0'
	}
	n := strconv.AppendUint(b[20:20], seq, 10)
	return string(b[len(n) : 20+len(n)])
}
