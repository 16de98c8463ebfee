package platform

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

const (
	tableTickets    = "ticket"     // id → ticket
	tableTicketKeys = "ticket-key" // keyed hash of (client, key) → filed

)

// Ticket is a filing on its way through an office.
type Ticket struct {
	ID      string             `json:"id"`
	Client  string             `json:"client"`
	Account string             `json:"account,omitempty"` // empty: an anonymous report
	Filing  servicewire.Filing `json:"filing"`
	Steps   []TicketStep       `json:"steps"`
}

// TicketStep is one state that a ticket had.
type TicketStep struct {
	State string           `json:"state"`
	At    time.Time        `json:"at"`
	Note  servicewire.Text `json:"note,omitzero"`
}

func (t *Ticket) last() TicketStep { return t.Steps[len(t.Steps)-1] }

func (t *Ticket) answer(again bool) servicewire.Ticket {
	s := t.last()
	return servicewire.Ticket{ID: t.ID, Kind: t.Filing.Kind, State: s.State, At: s.At, Steps: len(t.Steps), Note: s.Note, Again: again}
}

// fileTicket takes what a person files at a relying party. Whoever has no account of
// the level that it needs, or a lock, is answered as nobody.
func (p *Platform) fileTicket(ctx context.Context, c *Client, o jws.Object) (members, error) {
	f, ok := servicewire.ReadFiling(o)
	if !ok {
		return nil, errShape
	}
	if err := p.admit(ctx); err != nil {
		return nil, err
	}
	return p.effect(ctx, nil, func(tx Tx) (members, error) {
		key, body := p.mac("ticket key", c.ID, f.Key), p.mac("ticket body", o.Text())
		was, err := load[filed](tx, tableTicketKeys, key)
		if err != nil {
			return nil, err
		}
		if was != nil && was.Body != body && p.on("ticket-body") {
			return nil, refuseCode(servicewire.KeyReused)
		}
		if was != nil {
			t, err := load[Ticket](tx, tableTickets, was.ID)
			if err != nil {
				return nil, err
			}
			if t != nil {
				return t.answer(true).Members(), nil
			}
		}
		return p.enterTicket(tx, c, f, key, body)
	})
}

// enterTicket takes a filing that was not there before.
func (p *Platform) enterTicket(tx Tx, c *Client, f servicewire.Filing, key, body string) (members, error) {
	a, err := p.judgeFiling(tx, f)
	if err != nil {
		return nil, err
	}
	t := &Ticket{ID: random()[:22], Client: c.ID, Filing: f, Steps: []TicketStep{{State: servicewire.Received, At: p.now()}}}
	if a != nil {
		t.Account = a.ID
	}
	until, err := p.usageUntil(tx, t.Account, p.now())
	if err != nil {
		return nil, err
	}
	if a != nil {
		err := errors.Join(p.write(tx, a.ID, c, ReadService, []string{f.Kind}),
			save(tx, tableTicketsOf, a.ID+"/"+p.newestFirst(p.now()), t.ID, until))
		if err != nil {
			return nil, err
		}
	}
	return t.answer(false).Members(), errors.Join(save(tx, tableTickets, t.ID, t, until), save(tx, tableTicketKeys, key, filed{t.ID, body}, until))
}

// judgeFiling holds a filing to the rules, and returns the account of who files it; nil
// for an anonymous report.
func (p *Platform) judgeFiling(tx Tx, f servicewire.Filing) (*Account, error) {
	code := f.Check()
	if code == servicewire.Sensitive && !p.on("ticket-sensitive") {
		code = ""
	}
	if code != "" {
		return nil, refuseCode(code)
	}
	if f.Kind == servicewire.JudicialRecord && len(servicewire.Offered(f.Province, servicewire.Day(p.now()))) == 0 && p.on("ticket-offer") {
		return nil, refuseCode(servicewire.NotOffered)
	}
	if f.Applicant == "" {
		return nil, nil
	}
	a, err := p.byNumber(tx, f.Applicant)
	if err != nil {
		return nil, err
	}
	if a == nil || a.AccountLocked || a.Usable() < servicewire.Level(f.Kind) && p.on("ticket-level") {
		return nil, refuseCode(servicewire.Unknown)
	}
	return a, nil
}

// byNumber finds the account of a personal number; nil for none.
func (p *Platform) byNumber(tx Tx, number string) (*Account, error) {
	id, err := load[string](tx, tableUsernames, p.mac("username", number))
	if err != nil || id == nil {
		return nil, err
	}
	return load[Account](tx, tableAccounts, *id)
}

// queryTicket tells a client how its ticket stands. That is a fact about a person, so it
// stands in their history; the basis is their own filing.
func (p *Platform) queryTicket(ctx context.Context, c *Client, o jws.Object) (members, error) {
	id := o.String("id")
	if o.Err() != nil || !servicewire.Code(id) || !onlyNames(o, "id") {
		return nil, errShape
	}
	return p.effect(ctx, nil, func(tx Tx) (members, error) {
		t, err := load[Ticket](tx, tableTickets, id)
		if err != nil {
			return nil, err
		}
		if t == nil || t.Client != c.ID && p.on("ticket-client") {
			return nil, refuseCode(servicewire.Unknown)
		}
		out := t.answer(false).Members()
		if t.Account == "" || !p.on("ticket-history") {
			return out, nil
		}
		return out, p.write(tx, t.Account, c, ReadService, []string{t.Filing.Kind})
	})
}

// Tickets returns at most limit tickets, for an officer's page.
func (p *Platform) Tickets(ctx context.Context, limit int) (out []Ticket, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out, err = list[Ticket](tx, tableTickets, "", limit)
		return err
	})
	return out, err
}

// errNoTicket is for callers inside this module.
var errNoTicket = errors.New("platform: no such ticket, or it cannot go there")

// DecideTicket takes a ticket to its next state, as an officer does, and tells the
// person. A final state stays.
func (p *Platform) DecideTicket(ctx context.Context, id, state string, note servicewire.Text) error {
	if !servicewire.Plain(note.Vi, 500) || !servicewire.Plain(note.En, 500) {
		return errors.New("platform: the note is too long or not plain text")
	}
	return p.store.Update(ctx, func(tx Tx) error {
		t, err := load[Ticket](tx, tableTickets, id)
		if err != nil {
			return err
		}
		if t == nil || !servicewire.Goes(t.Filing.Kind, t.last().State, state) && p.on("ticket-sticky") {
			return errNoTicket
		}
		return p.decideTicket(tx, t, state, note)
	})
}

// decideTicket writes a ticket's next state and tells the person.
func (p *Platform) decideTicket(tx Tx, t *Ticket, state string, note servicewire.Text) error {
	t.Steps = append(t.Steps, TicketStep{state, p.now(), note})
	until, err := p.usageUntil(tx, t.Account, p.now())
	if err != nil {
		return err
	}
	err = errors.Join(save(tx, tableTickets, t.ID, t, until),
		p.record(tx, entry{Kind: auditTicket, Account: t.Account, Client: t.Client, Body: auditTicketStep{t.ID, t.Filing.Kind, state}}))
	if err != nil || t.Account == "" {
		return err
	}
	to := stateWords[state]
	return p.notify(tx, t.Account, Notification{Kind: servicewire.Procedure, Title: ticketWords[t.Filing.Kind],
		Body: servicewire.Text{Vi: strings.TrimSpace(to.Vi + ". " + note.Vi), En: strings.TrimSpace(to.En + ". " + note.En)}})
}

// What people are told a ticket is about, and where it is.
var (
	ticketWords = map[string]servicewire.Text{
		servicewire.PermanentResidence: {Vi: "Đăng ký thường trú", En: "Permanent residence"},
		servicewire.TemporaryResidence: {Vi: "Đăng ký tạm trú", En: "Temporary residence"},
		servicewire.TemporaryAbsence:   {Vi: "Khai báo tạm vắng", En: "Temporary absence"},
		servicewire.SecurityReport:     {Vi: "Phản ánh, kiến nghị về an ninh trật tự", En: "Report on security and order"},
		servicewire.JudicialRecord:     {Vi: "Cấp Phiếu lý lịch tư pháp số 1", En: "Judicial record no. 1"},
		servicewire.Integration:        {Vi: "Tích hợp giấy tờ", En: "Integration of a document"},
	}
	stateWords = map[string]servicewire.Text{
		servicewire.Received:   {Vi: "Đã tiếp nhận", En: "Received"},
		servicewire.Processing: {Vi: "Đang giải quyết", En: "Under way"},
		servicewire.NeedsMore:  {Vi: "Cần bổ sung", En: "More is needed"},
		servicewire.Done:       {Vi: "Đã có kết quả", En: "Done"},
		servicewire.Verified:   {Vi: "Đã được xác thực", En: "Verified"},
		servicewire.Refused:    {Vi: "Không được chấp nhận", En: "Refused"},
	}
)
