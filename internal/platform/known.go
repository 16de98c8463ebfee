package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"sync/atomic"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/record"
)

// known are records of a table that were decoded before. The store is asked all the same,
// every time: what it holds counts, and only the work of reading it is saved. So a record
// that another process changes is changed here at once. Each has one place to stand, by its
// key, and whoever comes there next takes it: bounded, and free of locks.
type known[T any] struct {
	at [maxKnown]atomic.Pointer[knownOne[T]]
}

type knownOne[T any] struct {
	key   string
	text  []byte // as the store had it
	value T      // and what it says
}

const maxKnown = 1024

var knownSeed = maphash.MakeSeed()

// find returns a record, nil where there is none. It is shared by all requests: nobody may
// change it. ready, if any, is called with a new one first.
func (k *known[T]) find(tx Tx, table, key string, ready func(*T)) (*T, error) {
	text, err := tx.Get(table, key)
	if err != nil || text == nil {
		return nil, err
	}
	return k.read(table, key, text, ready)
}

// read is find for a record that the store has just given out.
func (k *known[T]) read(table, key string, text []byte, ready func(*T)) (*T, error) {
	place := k.place(key)
	if one := place.Load(); one != nil && one.key == key && bytes.Equal(one.text, text) {
		return &one.value, nil
	}
	one := &knownOne[T]{key: key, text: bytes.Clone(text)}
	if err := record.Decode(one.text, &one.value); err != nil {
		return nil, fmt.Errorf("the store holds a damaged %s", table)
	}
	if ready != nil {
		ready(&one.value)
	}
	place.Store(one)
	return &one.value, nil
}

// last returns what find returned last, nil where that is not known any more. It may have
// changed since: find returns the same pointer where it has not.
func (k *known[T]) last(key string) *T {
	if one := k.place(key).Load(); one != nil && one.key == key {
		return &one.value
	}
	return nil
}

func (k *known[T]) place(key string) *atomic.Pointer[knownOne[T]] {
	return &k.at[maphash.String(knownSeed, key)%maxKnown]
}

// keySet is a client's key set, read, and what it was read from.
type keySet struct {
	text                json.RawMessage
	signing, encryption []jwx.Key
}

// party returns a client, nil for one that is not registered. It is shared by all
// requests: nobody may change it.
func (p *Platform) party(tx Tx, id string) (*Client, error) {
	return p.clients.find(tx, tableClients, id, (*Client).readKeys)
}

// partyNow is party outside of a transaction.
func (p *Platform) partyNow(ctx context.Context, id string) (*Client, error) {
	text, err := p.store.Get(ctx, tableClients, id)
	if err != nil || text == nil {
		return nil, err
	}
	return p.clients.read(tableClients, id, text, (*Client).readKeys)
}

// readKeys keeps the client's key set as it is read, if it can be.
func (c *Client) readKeys() {
	if signing, encryption, err := c.keys(); err == nil {
		c.read = &keySet{c.Keys, signing, encryption}
	}
}
