package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/record"
)

// knownClients are registrations that were decoded before. The store is asked all the
// same, every time: what it holds counts, and only the work of reading it is saved. So
// a registration that another process changes is changed here at once.
type knownClients struct {
	mu sync.RWMutex
	of map[string]*knownClient
}

type knownClient struct {
	text   []byte // as the store has it
	client Client
}

// keySet is a client's key set, read, and what it was read from.
type keySet struct {
	text                json.RawMessage
	signing, encryption []jwx.Key
}

// maxKnown bounds them; further clients are decoded each time.
const maxKnown = 1024

// party returns a client, nil for one that is not registered. It is shared by all
// requests: nobody may change it.
func (p *Platform) party(tx Tx, id string) (*Client, error) {
	text, err := tx.Get(tableClients, id)
	if err != nil || text == nil {
		return nil, err
	}
	p.known.mu.RLock()
	k := p.known.of[id]
	p.known.mu.RUnlock()
	if k != nil && bytes.Equal(k.text, text) {
		return &k.client, nil
	}
	k = &knownClient{text: bytes.Clone(text)}
	if err := record.Decode(k.text, &k.client); err != nil {
		return nil, fmt.Errorf("the store holds a damaged %s", tableClients)
	}
	if signing, encryption, err := k.client.keys(); err == nil {
		k.client.read = &keySet{k.client.Keys, signing, encryption}
	}
	p.known.mu.Lock()
	defer p.known.mu.Unlock()
	if p.known.of == nil {
		p.known.of = map[string]*knownClient{}
	}
	if len(p.known.of) < maxKnown || p.known.of[id] != nil {
		p.known.of[id] = k
	}
	return &k.client, nil
}

// partyNow is party in a transaction of its own.
func (p *Platform) partyNow(ctx context.Context, id string) (c *Client, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		c, err = p.party(tx, id)
		return err
	})
	return c, err
}
