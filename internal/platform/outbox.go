package platform

import (
	"context"
	"math"
	"strconv"
	"time"
)

// Channel is how a message travels.
type Channel string

// The channels of messages. Each is a stub: nothing leaves the platform, the
// outbox is where tests and the lab's pages read.
const (
	SMS   Channel = "sms"
	Email Channel = "email"
	App   Channel = "app"
)

// Message is something the platform sent to a person.
type Message struct {
	At      time.Time `json:"at"`
	Channel Channel   `json:"channel"`
	To      string    `json:"to"`   // telephone number or e-mail address; empty in the app
	Text    string    `json:"text"` // begins with Banner
	Secret  string    `json:"secret,omitempty"`
	Ref     string    `json:"ref,omitempty"` // View.Prompt of the page that waits for the secret
}

// keepMessages is how long the stub shows a message.
const keepMessages = 24 * time.Hour

func (p *Platform) send(tx Tx, a Account, m Message) error {
	if m.At = p.now(); m.To == "" {
		m.To = a.address(m.Channel)
	}
	m.Text = "[" + Banner + "] " + m.Text
	return save(tx, tableOutbox, a.ID+"/"+p.newestFirst(m.At), m, m.At.Add(keepMessages))
}

// Outbox returns the messages of a person, newest first.
func (p *Platform) Outbox(ctx context.Context, id string) (out []Message, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out, err = list[Message](tx, tableOutbox, id+"/", 100)
		return err
	})
	return out, err
}

// newestFirst is a key that sorts later instants first, of two in one instant
// the later call, and is never taken twice.
func (p *Platform) newestFirst(t time.Time) string {
	b := padded(make([]byte, 0, 41), uint64(math.MaxInt64-t.UnixNano()), 16, 16)
	b = padded(b, uint64(math.MaxInt64-p.calls.Add(1)), 16, 16)
	return string(append(append(b, '-'), random()[:8]...))
}

// padded writes a number of a base in as many digits, so that texts sort as numbers do.
func padded(b []byte, n uint64, base, digits int) []byte {
	var room [64]byte
	text := strconv.AppendUint(room[:0], n, base)
	for range digits - len(text) {
		b = append(b, '0')
	}
	return append(b, text...)
}
