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
	text  []byte // as the store has it
	value T      // and what it says, under whatever key
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
	place := &k.at[maphash.String(knownSeed, key)%maxKnown]
	if one := place.Load(); one != nil && bytes.Equal(one.text, text) {
		return &one.value, nil
	}
	one := &knownOne[T]{text: bytes.Clone(text)}
	if err := record.Decode(one.text, &one.value); err != nil {
		return nil, fmt.Errorf("the store holds a damaged %s", table)
	}
	if ready != nil {
		ready(&one.value)
	}
	place.Store(one)
	return &one.value, nil
}

// keySet is a client's key set, read, and what it was read from.
type keySet struct {
	text                json.RawMessage
	signing, encryption []jwx.Key
}

// party returns a client, nil for one that is not registered. It is shared by all
// requests: nobody may change it.
func (p *Platform) party(tx Tx, id string) (*Client, error) {
	return p.clients.find(tx, tableClients, id, func(c *Client) {
		if signing, encryption, err := c.keys(); err == nil {
			c.read = &keySet{c.Keys, signing, encryption}
		}
	})
}

// partyNow is party in a transaction of its own.
func (p *Platform) partyNow(ctx context.Context, id string) (c *Client, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		c, err = p.party(tx, id)
		return err
	})
	return c, err
}
