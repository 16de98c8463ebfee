package platform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/record"
)

// Store keeps what the platform remembers: records of bytes under a table and a
// key. The engine encodes them and decides everything, so a store can be a map,
// an SQL table of four columns, or anything else with transactions.
//
// A store has no clock: the engine looks at times itself, and until only says
// when a record may be dropped.
type Store interface {
	// Update runs f in one transaction that is serialised with every other: all
	// that f wrote stays if it returns nil, nothing otherwise. f may run more than
	// once. Update returns when what f wrote is safe; ctx ends no transaction whose f
	// has begun. The one error after which it may stay all the same is a database
	// that was lost while it committed.
	Update(ctx context.Context, f func(Tx) error) error

	// View runs f on a consistent state that f does not change.
	View(ctx context.Context, f func(Tx) error) error

	// Get is a View of one record, as Tx.Get reads it, for what needs no other.
	Get(ctx context.Context, table, key string) ([]byte, error)

	// Sweep drops the records whose until is before the instant, and answers how
	// many stay of those that have one: what is kept for good is no stranger's doing.
	Sweep(ctx context.Context, before time.Time) (stay int, err error)
}

// Tx is a transaction. It must not be used after its function returned, nor by
// two goroutines.
type Tx interface {
	// Get returns nil without an error when there is no such record. The caller
	// must not change the bytes.
	Get(table, key string) ([]byte, error)

	// Put writes a record over any other. A zero until keeps it for good. The store may
	// keep value itself: nobody may change the bytes any more.
	Put(table, key string, value []byte, until time.Time) error

	// Delete drops a record if it is there.
	Delete(table, key string) error

	// List returns the records whose keys begin with prefix and stand behind after,
	// in the order of the keys' bytes, at most limit of them. An empty after is the
	// beginning; the last key of one answer is the after of the next.
	List(table, prefix, after string, limit int) ([]Record, error)
}

// Record is one row that List found.
type Record struct {
	Key   string
	Value []byte
}

// The tables. A key is random, or made from a keyed hash: a personal number or a
// token never stands in one.
const (
	tableAccounts     = "account"     // account id → Account
	tablePasswords    = "password"    // account id → password
	tableUsernames    = "username"    // keyed hash of the username → account id
	tableTries        = "try"         // keyed hash of the username → tries
	tableClients      = "client"      // client id → Client
	tableInteractions = "interaction" // id → interaction
	tableSessions     = "session"     // keyed hash of the cookie → session
	tableConsents     = "consent"     // account id / client id → consent
	tableCodes        = "code"        // keyed hash of the code → code
	tableGrants       = "grant"       // grant id → grant
	tableTokens       = "token"       // keyed hash of the access token → token
	tableRefresh      = "refresh"     // keyed hash of the refresh token → refresh
	tablePushed       = "pushed"      // keyed hash of the request_uri → pushed
	tableSpent        = "spent"       // keyed hash of (purpose, whose, jti) → nothing; of (client, account) → key of the open ask
	tableAudiences    = "audience"    // keyed hash of a resource server's identifier → client id
	tableLogins       = "login"       // account id / session id / client id → loggedIn
	tableNotices      = "notice"      // when it is due, and random → notice
	tableAsks         = "ask"         // keyed hash of the auth_req_id → ask
	tableSubjects     = "subject"     // keyed hash of (sector, sub) → account id
	tableHistory      = "history"     // account id / time → Read
	tableOutbox       = "outbox"      // account id / time → Message
	tablePrompts      = "prompt"      // account id / prompt id → Prompt
	tableCodesIssued  = "qr"          // keyed hash of a QR code's id → issued
	tableCodePlaces   = "qr-place"    // list/index of a card code's status → account
	tableSharings     = "sharing"     // grant id → sharing
	tablePapers       = "paper"       // account id / kind → Paper
	tableStatuses     = "status"      // issuer / list / index → status, of those that are not valid
	tableSharesOf     = "shares"      // account id / time → grant id
	tableSharesByDay  = "shareday"    // client / day / time → grant id
	tableAwaited      = "awaited"     // account id of a representative / grant id → grant id
	tableRelations    = "relation"    // account id / client id → relation
	tableEvents       = "event"       // client / time → event
	tableAside        = "aside"       // as tableEvents → event that the client refused for good
	tableStreams      = "stream"      // client id → nothing: it is pushed to
	tableIndices      = "index"       // account id / kind / when → where its status stands
	tableCounters     = "counter"     // name → decimal number
)

// load reads a record into a new T; nil when there is none.
func load[T any](tx Tx, table, key string) (*T, error) {
	b, err := tx.Get(table, key)
	if err != nil || b == nil {
		return nil, err
	}
	v := new(T)
	if err := record.Decode(b, v); err != nil {
		return nil, fmt.Errorf("the store holds a damaged %s", table)
	}
	return v, nil
}

// save writes a record. What the store keeps has no room to spare.
func save(tx Tx, table, key string, v any, until time.Time) error {
	room := takeRoom()
	b, err := record.Append(room.b, v)
	defer room.free(b)
	if err != nil {
		return fmt.Errorf("cannot encode a %s", table)
	}
	return tx.Put(table, key, bytes.Clone(b), until)
}

// list reads at most limit records, oldest key first.
func list[T any](tx Tx, table, prefix string, limit int) ([]T, error) {
	rows, err := tx.List(table, prefix, "", limit)
	if err != nil {
		return nil, err
	}
	out := make([]T, len(rows))
	for i, row := range rows {
		if err := record.Decode(row.Value, &out[i]); err != nil {
			return nil, fmt.Errorf("the store holds a damaged %s", table)
		}
	}
	return out, nil
}

var (
	errFull     = errors.New("the store is full") // answered as 503
	errReadOnly = errors.New("write in a View")
)

// admit counts what strangers can make the platform remember. It sweeps when
// many writes have passed since the last time, or when the store is full, then at
// most once a second; it refuses while the store is full of what may not be
// dropped yet.
func (p *Platform) admit(ctx context.Context) error {
	const every = 4096
	full := p.live.Add(1) > p.cfg.MaxRecords
	last, now := p.swept.Load(), p.now().Unix()
	if !full && p.writes.Add(1) < every && last != 0 {
		return nil
	}
	if full && now == last || !p.swept.CompareAndSwap(last, now) {
		if full {
			return errFull
		}
		return nil
	}
	p.writes.Store(0)
	// The lab may put a clock that is ahead back: what is over by its time alone stays.
	stay, err := p.store.Sweep(ctx, p.now().Add(-max(0, p.ClockOffset())))
	if err != nil {
		return err
	}
	p.live.Store(int64(stay))
	if int64(stay) >= p.cfg.MaxRecords {
		return errFull
	}
	return nil
}
