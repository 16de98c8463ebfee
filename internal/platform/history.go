package platform

import (
	"context"
	"errors"
	"time"
)

// Read is an entry of a person's usage history (lịch sử sử dụng): one time that
// a relying party learned something about them.
type Read struct {
	At     time.Time `json:"at"`
	Client string    `json:"client"`
	Name   string    `json:"name"` // of the client, as it was then
	Kind   ReadKind  `json:"kind"`
	Scopes []string  `json:"scopes,omitempty"`

	Share *ReadDocuments `json:"share,omitempty"` // with ReadShare
}

// ReadDocuments is what a relying party was given for a data request, and on which
// basis: no entry is without one.
type ReadDocuments struct {
	Grant     string              `json:"grant"`
	Txn       string              `json:"txn"`
	Purpose   string              `json:"purpose"`
	Basis     string              `json:"basis"` // consent, contract, law
	Citation  string              `json:"citation,omitempty"`
	Documents map[string][]string `json:"documents"` // kind → claims and predicates
}

// ReadKind says which way the relying party read.
type ReadKind string

// The ways to read.
const (
	ReadLogin    ReadKind = "login"    // an ID token was issued
	ReadUserinfo ReadKind = "userinfo" // claims were fetched
	ReadRedeem   ReadKind = "qr"       // a code was redeemed
	ReadShare    ReadKind = "share"    // documents were given out
	ReadService  ReadKind = "service"  // a filing of the person's own was taken, or looked up
)

// write adds an entry in the transaction that lets the relying party read, so
// that no read is without an entry. Entries stay five years: see usageEnds and Purge.
func (p *Platform) write(tx Tx, account string, c *Client, kind ReadKind, scopes []string) error {
	return p.writeRead(tx, account, Read{At: p.now(), Client: c.ID, Name: c.Name, Kind: kind, Scopes: scopes})
}

// writeShare is write for a data request.
func (p *Platform) writeShare(tx Tx, c Client, s *sharing, granted []shareDoc, txn string) error {
	if !p.on("share-history") {
		return nil
	}
	given := &ReadDocuments{Grant: s.ID, Txn: txn, Purpose: s.Ask.Purpose, Basis: s.Ask.Basis, Citation: s.Ask.Citation, Documents: map[string][]string{}}
	for _, d := range granted {
		given.Documents[string(d.Kind)] = d.names()
	}
	return p.writeRead(tx, s.Account, Read{At: p.now(), Client: c.ID, Name: c.Name, Kind: ReadShare, Share: given})
}

func (p *Platform) writeRead(tx Tx, account string, r Read) error {
	key := account + "/" + p.newestFirst(r.At)
	// For good as far as a sweep goes: a hold may come within the five years.
	return errors.Join(save(tx, tableHistory, key, &r, time.Time{}),
		p.record(tx, entry{Kind: auditRead, Actor: actorClient, Account: account, Client: r.Client, Body: &auditUse{key, r}}))
}

// usageEnds is when an entry of the usage history is forgotten: five years from the use
// (Decree 69/2024 Art. 28.4), by the calendar of Vietnam. A term of years does not count
// its first day and ends with the end of the same day of the last year (Bộ luật Dân sự
// 2015 Art. 147.2, 148.4). Behind 29 February that day is 1 March, as vneid.Date.Age
// counts, so that by no reading anything is forgotten too early.
func usageEnds(use time.Time) time.Time {
	day := use.In(vietnam)
	return time.Date(day.Year()+5, day.Month(), day.Day()+1, 0, 0, 0, 0, vietnam)
}

// History returns who read about a person, newest first: see HistoryPage.
func (p *Platform) History(ctx context.Context, id string, limit int) (out []Read, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out, err = list[Read](tx, tableHistory, id+"/", limit)
		return err
	})
	return out, err
}
