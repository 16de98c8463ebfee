package platform

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// issuerKinds is which of the stub issuers signs which kinds. No issuer signs another
// one's.
var issuerKinds = map[string][]document.Kind{
	"police": {document.Identity, document.ElectronicID, document.CitizenCard, document.OldCard, document.Residence, document.Dependants,
		document.DriverLicence, document.VehicleRegistration, document.JudicialRecord},
	"immigration": {document.Passport},
	"insurance":   {document.HealthInsurance, document.SocialInsurance},
	"tax":         {document.TaxCode},
}

// issuerOf names the issuer of a kind; "" for none.
func issuerOf(kind document.Kind) string {
	for name, kinds := range issuerKinds {
		if slices.Contains(kinds, kind) {
			return name
		}
	}
	return ""
}

// docIssuer is an authority that signs documents: its keys are its own.
type docIssuer struct {
	name string
	url  string
	keys *Keys

	mu    sync.Mutex
	lists map[int]signedList // the status lists that were signed last
}

type signedList struct {
	text    string
	version string // of the issuer's statuses
	at      time.Time
}

func (p *Platform) newIssuers() {
	p.issuers = map[string]*docIssuer{}
	for name := range issuerKinds {
		keys := p.ring.add("issuer-"+name, "ES256", issuerKeyLife)
		p.issuers[name] = &docIssuer{name: name, url: p.cfg.Issuer + wire.PathIssuers + name, keys: keys, lists: map[int]signedList{}}
	}
}

// IssuerKeys returns the keys of one of the stub issuers of documents: police,
// immigration, insurance or tax; nil for another name.
func (p *Platform) IssuerKeys(name string) *Keys {
	if i := p.issuers[name]; i != nil {
		return i.keys
	}
	return nil
}

// IssuersOf returns the URLs of the stub issuers, and which kinds each signs.
func (p *Platform) Issuers() map[string][]document.Kind {
	out := map[string][]document.Kind{}
	for name, i := range p.issuers {
		out[i.url] = slices.Clone(issuerKinds[name])
	}
	return out
}

// A status list has so many places that one tells nothing of who has it (Token Status
// List §12.5), of two bits each, and is good for five minutes.
const (
	listLength = 1 << 17
	listBits   = 2
	listTTL    = 5 * time.Minute
	listLife   = 24 * time.Hour

	// listFresh is how long a signed list is given out again if nothing has changed.
	listFresh = time.Minute
)

// place is where a document's status stands.
type place struct {
	Issuer string `json:"issuer"`
	Client string `json:"client,omitempty"` // who has the document
	List   int    `json:"list"`
	Index  int    `json:"index"`
}

func (p *Platform) uri(at place) string {
	return p.issuers[at.Issuer].url + wire.IssuerStatus + strconv.Itoa(at.List)
}

func (at place) key() string { return fmt.Sprintf("%s/%d/%06d", at.Issuer, at.List, at.Index) }

// newPlace takes a place at random: the order of places tells nobody who came when.
// The paper's own status is entered with it.
func (p *Platform) newPlace(tx Tx, client, account string, paper *Paper, until time.Time) (at place, err error) {
	at.Issuer, at.Client, at.List = issuerOf(paper.Kind), client, 1
	for try := 0; ; try++ {
		at.Index = randomIndex()
		was, err := tx.Get(tableIndices, at.key())
		if err != nil {
			return at, err
		}
		if was == nil {
			break
		}
		if try > 8 { // the list is rather full
			at.List++
			try = 0
		}
		if at.List > 1000 {
			return at, errFull
		}
	}
	err = errors.Join(
		tx.Put(tableIndices, at.key(), []byte("1"), until),
		save(tx, tableIndices, account+"/"+string(paper.Kind)+"/"+at.key(), at, until))
	if err == nil && paper.Status != sdjwt.Valid {
		err = p.enterStatus(tx, at, paper.Status, until)
	}
	return at, err
}

// enterStatus changes what a list says of one place.
func (p *Platform) enterStatus(tx Tx, at place, to sdjwt.Status, until time.Time) error {
	if _, err := next(tx, "statuses of "+at.Issuer); err != nil {
		return err
	}
	if to == sdjwt.Valid {
		return tx.Delete(tableStatuses, at.key())
	}
	return save(tx, tableStatuses, at.key(), to, until)
}

// randomIndex has five digits, so that no answer's length tells anything.
func randomIndex() int {
	var b [8]byte
	rand.Read(b[:])
	return 10_000 + int(binary.BigEndian.Uint64(b[:])%90_000)
}

// handleStatus gives a status list out (Token Status List §8.1).
func (p *Platform) handleStatus(w http.ResponseWriter, r *http.Request) {
	i := p.issuers[r.PathValue("issuer")]
	n, err := strconv.Atoi(r.PathValue("list"))
	if i == nil || err != nil || n < 1 || n > 1000 || strconv.Itoa(n) != r.PathValue("list") {
		http.NotFound(w, r)
		return
	}
	text, err := p.statusList(r, i, n)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(int(listTTL/time.Second)))
	w.Header().Set("Content-Type", "application/statuslist+jwt")
	// Only a broken connection fails here.
	_, _ = w.Write([]byte(text))
}

func (p *Platform) statusList(r *http.Request, i *docIssuer, n int) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now, last, version := p.now(), i.lists[n], ""
	statuses, err := sdjwt.NewStatuses(listBits, listLength)
	if err != nil {
		return "", err
	}
	err = p.store.View(r.Context(), func(tx Tx) error {
		count, err := tx.Get(tableCounters, "statuses of "+i.name)
		if version = string(count); err != nil || last.good(version, now) && !p.listFaults() {
			return err
		}
		return p.readStatuses(tx, fmt.Sprintf("%s/%d/", i.name, n), statuses)
	})
	if err != nil || last.good(version, now) && !p.listFaults() {
		return last.text, err
	}
	key, err := i.keys.signer("ES256")
	if err != nil {
		return "", err
	}
	l := &listing{by: i, key: key, uri: i.url + wire.IssuerStatus + strconv.Itoa(n), statuses: statuses, at: now}
	for _, f := range p.faultsOf("") {
		if f.list != nil {
			f.list(l)
			l.fault = true
		}
	}
	text, err := l.sign()
	if l.fault { // no list of the next minute
		return text, err
	}
	if err == nil {
		i.lists[n] = signedList{text, version, now}
	}
	return text, err
}

// good reports whether a list may be given out again.
func (l signedList) good(version string, now time.Time) bool {
	return l.text != "" && l.version == version && !now.Before(l.at) && now.Before(l.at.Add(listFresh))
}

func (p *Platform) readStatuses(tx Tx, prefix string, into *sdjwt.Statuses) error {
	rows, err := tx.List(tableStatuses, prefix, "", listLength)
	for _, row := range rows {
		index, err1 := strconv.Atoi(row.Key[len(prefix):])
		status, err2 := load[sdjwt.Status](tx, tableStatuses, row.Key)
		if err := errors.Join(err1, err2); err != nil || status == nil {
			return err
		}
		if err := into.Set(index, *status); err != nil {
			return err
		}
	}
	return err
}

// listing is a status list about to be signed; faults change it.
type listing struct {
	by       *docIssuer
	key      *signingKey
	uri      string
	statuses *sdjwt.Statuses
	at       time.Time
	text     func(string) string
	fault    bool
}

func (l *listing) sign() (string, error) {
	by := sdjwt.Issuer{Alg: l.key.alg, Signer: l.key.signer, KeyID: l.key.kid, Name: l.by.url}
	text, err := by.List(l.uri, l.statuses, l.at, listTTL, listLife)
	if err == nil && l.text != nil {
		text = l.text(text)
	}
	return text, err
}

// handleIssuerJWKS gives out the keys of one issuer.
func (p *Platform) handleIssuerJWKS(w http.ResponseWriter, r *http.Request) {
	i := p.issuers[r.PathValue("issuer")]
	if i == nil {
		http.NotFound(w, r)
		return
	}
	p.handleJWKS(i.keys)(w, r)
}

// listFaults reports whether a fault wants to change the lists.
func (p *Platform) listFaults() bool {
	return slices.ContainsFunc(p.faultsOf(""), func(f fault) bool { return f.list != nil })
}
