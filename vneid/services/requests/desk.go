package requests

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
)

// Config is who files.
type Config struct {
	Client *services.Client

	// Secret makes the names under which a call counts once: at least 32 random bytes,
	// the same for all processes and for good.
	Secret []byte
}

// Desk files and notifies. It is safe for concurrent use. New makes one; the zero value
// refuses everything.
type Desk struct {
	client *services.Client
	secret func() []byte // a func, which no print opens
}

// New checks the configuration and calls nobody. An error has no kind and names the
// field.
func New(c Config) (*Desk, error) {
	if c.Client == nil {
		return nil, errors.New("requests: Config.Client is nil")
	}
	if len(c.Secret) < 32 {
		return nil, errors.New("requests: Config.Secret is shorter than 32 bytes")
	}
	secret := bytes.Clone(c.Secret)
	return &Desk{client: c.Client, secret: func() []byte { return secret }}, nil
}

// State is how a ticket stands.
type State string

// The states of a ticket. The last three are final.
const (
	Received   State = servicewire.Received
	Processing State = servicewire.Processing
	NeedsMore  State = servicewire.NeedsMore // cần bổ sung
	Done       State = servicewire.Done
	Verified   State = servicewire.Verified // đã được xác thực
	Refused    State = servicewire.Refused
)

// Final reports whether the ticket goes nowhere any more.
func (s State) Final() bool { return slices.Contains([]State{Done, Verified, Refused}, s) }

// Ticket is what a filing became.
type Ticket struct {
	ID             string
	Kind           string // such as residence.temporary
	State          State
	At             time.Time // of the state
	NoteVi, NoteEn string    // what the office says
	Again          bool      // it had been filed before: nothing happened now
}

// maxRef bounds the caller's own names.
const maxRef = 256

// File hands in what a person files. ref is the caller's own name for the case: the
// same filing under it again is answered as before.
func (d *Desk) File(ctx context.Context, ref string, f Filing) (Ticket, error) {
	if d == nil || d.secret == nil {
		return Ticket{}, errZero
	}
	if f == nil || ref == "" || len(ref) > maxRef {
		return Ticket{}, malformed()
	}
	w, whose := f.filing()
	if w.Key = d.key("ticket", ref); whose != nil {
		if w.Applicant = whose.ID().Reveal(); w.Applicant == "" {
			return Ticket{}, fault.New(vneid.ErrMismatch, "requests: the applicant has no personal number")
		}
	}
	if code := w.Check(); code != "" {
		return Ticket{}, refusal(code)
	}
	return d.ticket(ctx, servicewire.PathTickets, w, "", w.Kind)
}

// Look asks how a ticket stands. The person sees in their usage history that somebody
// did.
func (d *Desk) Look(ctx context.Context, id string) (Ticket, error) {
	if d == nil || d.secret == nil {
		return Ticket{}, errZero
	}
	return d.ticket(ctx, servicewire.PathTicketQuery, map[string]string{"id": id}, id, "")
}

func (d *Desk) ticket(ctx context.Context, path string, request any, id, kind string) (Ticket, error) {
	o, err := d.client.Call(ctx, seal.Own(), path, request, "")
	if err != nil {
		return Ticket{}, fault.Prefix("requests", err)
	}
	t, err := servicewire.ReadTicket(o)
	if err != nil || id != "" && t.ID != id || kind != "" && t.Kind != kind {
		return Ticket{}, errAnswer()
	}
	return Ticket{ID: t.ID, Kind: t.Kind, State: State(t.State), At: t.At, NoteVi: t.Note.Vi, NoteEn: t.Note.En, Again: t.Again}, nil
}

// Notify tells citizens something. ref is the caller's own name for the case.
func (d *Desk) Notify(ctx context.Context, ref string, n Notification) (id string, err error) {
	if d == nil || d.secret == nil {
		return "", errZero
	}
	if n == nil || ref == "" || len(ref) > maxRef {
		return "", malformed()
	}
	w, to := n.sending()
	if w.Key = d.key("notification", ref); to != nil {
		if w.To = to.ID().Reveal(); w.To == "" {
			return "", fault.New(vneid.ErrMismatch, "requests: the recipient has no personal number")
		}
	}
	if !w.OK() {
		return "", malformed()
	}
	o, err := d.client.Call(ctx, seal.Own(), servicewire.PathNotifications, w, "")
	if err != nil {
		return "", fault.Prefix("requests", err)
	}
	if id = o.String("id"); o.Err() != nil || !servicewire.Code(id) {
		return "", errAnswer()
	}
	return id, nil
}

func (d *Desk) key(purpose, ref string) string {
	h := hmac.New(sha256.New, d.secret())
	h.Write([]byte(purpose + "\x00" + ref))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

var errZero = errors.New("requests: a zero Desk, which New did not make")

func malformed() error {
	return fault.New(vneid.ErrMalformed, "requests: something that is needed is missing, too long or no such value")
}

func errAnswer() error {
	return fault.New(vneid.ErrUnavailable, "requests: the platform's answer does not fit what was asked")
}

// refusal is what the platform would have said.
func refusal(code string) error {
	if code == servicewire.Malformed {
		return malformed()
	}
	kind, _ := servicewire.KindOf(code)
	return fault.Prefix("requests", &vneid.APIError{Kind: kind, Code: code})
}
