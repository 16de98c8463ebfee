package platform

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/personas/wallet"
	"github.com/vneid-sdk/vneid-go/internal/record"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
)

// Seed adds the invented people of package personas, each under their handle, and the
// staff.
func (p *Platform) Seed(ctx context.Context) error {
	people, err := cast()
	if err != nil {
		return err
	}
	if _, err := p.addAll(ctx, people); err != nil {
		return err
	}
	return errors.Join(p.seedHealth(ctx), p.seedStaff(ctx))
}

// cast is the people of package personas, encoded once for all platforms of a process:
// they are the same for each, and unit tests start many. Nobody changes them.
var cast = sync.OnceValues(func() (all []newcomer, err error) {
	for who, papers := range wallet.All() {
		one, err := newcomerOf(who, papers)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
})

// loadBatch is how many people one transaction adds: enough that a commit costs nothing
// beside them, and few enough that others get their turn.
const loadBatch = 500

// Load adds invented people, each under their handle, with what the registers hold about
// them: all of a batch or none. Whoever is there already stays as they are, so that a
// store may be loaded again. Passwords stand in the source code of the people, so that
// hashing them costs nothing; who has none gets a first one by message. One audit entry
// stands for a batch. The sequence runs beside the caller, and has ended when Load
// returns.
func (p *Platform) Load(ctx context.Context, people iter.Seq2[personas.Persona, []wallet.Paper]) (added int, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan []newcomer, 1)
	var broken error // of the sequence; to be read when batches is closed
	go func() {
		defer close(batches)
		broken = encode(ctx, people, batches)
	}()
	for batch := range batches {
		if err != nil {
			continue
		}
		var n int
		if n, err = p.addAll(ctx, batch); err != nil {
			stop()
		}
		added += n
	}
	return added, cmp.Or(err, broken)
}

// encode sends people in batches.
func encode(ctx context.Context, people iter.Seq2[personas.Persona, []wallet.Paper], to chan<- []newcomer) error {
	var batch []newcomer
	send := func() error {
		select {
		case to <- batch:
			batch = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for who, papers := range people {
		one, err := newcomerOf(who, papers)
		if err != nil {
			return err
		}
		if batch = append(batch, one); len(batch) == loadBatch {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if len(batch) == 0 {
		return ctx.Err()
	}
	return send()
}

// newcomer is an account and all that goes with it, encoded before the transaction that
// everybody else waits for.
type newcomer struct {
	account Account
	secret  string // the published password; empty: a first one is to be sent
	revoked bool   // the card was, which is a ground to lock the electronic one
	papers  []Record
}

func newcomerOf(who personas.Persona, papers []wallet.Paper) (n newcomer, err error) {
	n.account = Account{
		ID: who.Handle, Record: who.Record, Level: who.Account.Level, Type: who.Account.Type,
		Phone: who.Account.Phone, Email: who.Account.Email, Face: who.Account.Face, App: who.Account.App,
		EIDLocked: who.Account.EIDLocked, AccountLocked: who.Account.AccountLocked,
		Guardians: who.Guardians, Ward: who.Ward,
	}
	n.account.Confirmed, n.revoked, n.secret = confirmedLong(n.account), who.CardRevoked, who.Account.Password
	for _, one := range papers {
		row, err := paperOf(one)
		if err != nil {
			return n, err
		}
		value, err := record.Encode(row)
		if err != nil {
			return n, err
		}
		n.papers = append(n.papers, Record{Key: who.Handle + "/" + string(row.Kind), Value: value})
	}
	return n, nil
}

// confirmedLong is how the people who have an account from the beginning came by it.
func confirmedLong(a Account) []Confirmation {
	at := time.Date(2024, 8, 20, 9, 0, 0, 0, vietnam)
	switch {
	case a.Level == 0:
		return nil
	case a.Record.ID == "":
		return []Confirmation{{registers.Immigration, at}}
	}
	return []Confirmation{{registers.Population, at}, {registers.Cards, at}}
}

// paperOf is a paper of the cast as a register here holds it.
func paperOf(one wallet.Paper) (Paper, error) {
	content, ok := one.Content.(json.Marshaler) // asked directly: encoding/json would read again what it wrote
	if !ok {
		return Paper{}, errors.New("platform: a paper that does not write itself")
	}
	claims, err := content.MarshalJSON()
	at := one.At
	row := Paper{
		Kind: one.Content.Kind(), Claims: claims, State: one.State, Source: one.Source,
		At: time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, vietnam),
	}
	switch one.Status {
	case wallet.Revoked:
		row.Status = sdjwt.Invalid
	case wallet.Suspended:
		row.Status = sdjwt.Suspended
	}
	return row, err
}

// auditLoaded is what the audit says of a batch.
type auditLoaded struct {
	First  string `json:"first"` // account ids
	Last   string `json:"last"`
	People int    `json:"people"`
}

func (p *Platform) addAll(ctx context.Context, batch []newcomer) (added int, err error) {
	err = p.store.Update(ctx, func(tx Tx) error {
		added = 0
		said := auditLoaded{}
		for i := range batch {
			there, err := tx.Get(tableAccounts, batch[i].account.ID)
			if err != nil {
				return err
			}
			if there != nil {
				continue
			}
			if err := p.add(tx, batch[i]); err != nil {
				return err
			}
			if added++; added == 1 {
				said.First = batch[i].account.ID
			}
			said.Last = batch[i].account.ID
		}
		if said.People = added; added == 0 {
			return nil
		}
		return p.record(tx, entry{Kind: auditRegistered, Body: said})
	})
	return added, err
}

// add writes the rows of one person.
func (p *Platform) add(tx Tx, n newcomer) error {
	for _, row := range n.papers {
		if err := tx.Put(tablePapers, row.Key, row.Value, time.Time{}); err != nil {
			return err
		}
	}
	if n.revoked {
		if _, err := p.enterGround(tx, n.account.ID, LockGround{Ground: GroundCard, Locks: Locks{EID: true}, By: actorSystem}); err != nil {
			return err
		}
	}
	first := n.account.Level > 0 && n.secret == ""
	if first {
		n.secret = digits(10) // the outbox shows it to everybody
	}
	pw := hash(n.secret, 1)
	pw.First = first
	if err := p.writeAccount(tx, &n.account, pw); err != nil || !first {
		return err
	}
	return p.sendFirst(tx, n.account, n.secret)
}
