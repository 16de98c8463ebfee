package chip

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/cms"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// trust is what a Verifier trusts: the store and the labels of what is in it.
type trust struct {
	store  cms.Store
	labels map[vouched]string
	policy cms.Policy
}

// vouched is what a label is for: a certificate for stated uses, or the signers of
// master lists of a country. One certificate may be trusted twice, on different
// words.
type vouched struct {
	certificate string // "": a master list's signer
	scope       cms.Scope
}

// vouch keeps a label. The first one stands, as in the store.
func (t *trust) vouch(what vouched, label string) {
	if _, ok := t.labels[what]; !ok {
		t.labels[what] = label
	}
}

// origins are the words that a label begins with.
var origins = map[string]cms.Origin{"test": cms.FromTest, "caller": cms.FromCaller, "provider": cms.FromProvider}

func origin(label string) (cms.Origin, bool) {
	word, _, _ := strings.Cut(label, ": ")
	o, ok := origins[word]
	return o, ok
}

func newTrust(cfg Config) (*trust, error) {
	t := &trust{labels: make(map[vouched]string)}
	t.policy.AllowSHA1 = cfg.AcceptSHA1
	for i, a := range cfg.Anchors {
		if err := t.addAnchor(a); err != nil {
			return nil, fmt.Errorf("Config.Anchors[%d]: %w", i, err)
		}
	}
	for i, l := range cfg.MasterLists {
		if err := t.addList(l, cfg.Now()); err != nil {
			return nil, fmt.Errorf("Config.MasterLists[%d]: %w", i, err)
		}
	}
	for i, c := range cfg.CRLs {
		for _, der := range blocks(c) {
			if err := t.store.AddCRL(der, t.policy); err != nil {
				return nil, fmt.Errorf("Config.CRLs[%d]: %w", i, untrusted(err))
			}
		}
	}
	return t, nil
}

// untrusted gives a refusal of the store its kind: lists come from networks.
func untrusted(err error) error { return fault.New(vneid.ErrUntrusted, "%v", err) }

// blocks takes PEM apart; what is none is DER. Nothing of it is the caller's memory,
// which may change.
func blocks(b []byte) (ders [][]byte) {
	if !bytes.Contains(b, []byte("-----BEGIN ")) {
		return [][]byte{bytes.Clone(b)}
	}
	for {
		block, rest := pem.Decode(b)
		if block == nil {
			return ders
		}
		ders, b = append(ders, block.Bytes), rest
	}
}

// addAnchor adds anchors, and the link certificates among them: those count
// beneath a key that is trusted already.
func (t *trust) addAnchor(a Anchor) error {
	o, ok := origin(a.Label)
	if !ok {
		return errors.New("its Label is not test, caller or provider")
	}
	scope := cms.Scope{Country: a.Country, Uses: cms.ForCards, Origin: o}
	if a.Passport {
		scope.Uses = cms.ForPassports
	}
	ders := blocks(a.Certificates)
	if len(ders) == 0 {
		return errors.New("its Certificates has none")
	}
	for _, der := range ders {
		err := t.store.AddAnchor(der, scope)
		if errors.Is(err, cms.NotSelfSigned) && len(ders) > 1 {
			err = t.store.AddLink(der)
		}
		if err != nil {
			return err
		}
		t.vouch(vouched{string(der), scope}, a.Label)
	}
	return nil
}

// addList adds a master list under its signers.
func (t *trust) addList(l MasterList, now time.Time) error {
	o, ok := origin(l.Label)
	if !ok {
		return errors.New("its Label is not test, caller or provider")
	}
	for _, der := range blocks(l.Signers) {
		c, err := cms.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("its Signers: %w", err)
		}
		scope := cms.Scope{Country: c.Subject.Country(), Uses: cms.ForLists, Origin: o}
		if err := t.store.AddAnchor(der, scope); err != nil {
			return fmt.Errorf("its Signers: %w", err)
		}
		t.vouch(vouched{"", scope}, l.Label)
	}
	list, err := cms.ParseMasterList(bytes.Clone(l.Data))
	if err != nil {
		return untrusted(err)
	}
	if list.SigningTime.Before(l.NotBefore) {
		return untrusted(cms.Rollback)
	}
	if _, err := t.store.AddMasterList(list, cms.ForPassports, now, t.policy); err != nil {
		return untrusted(err)
	}
	return nil
}

// label says who vouches for the anchor of a path.
func (t *trust) label(p *cms.Path) string {
	if p == nil { // where a test took the chain out
		return ""
	}
	if p.List != "" {
		return t.labels[vouched{"", cms.Scope{Country: p.List, Uses: cms.ForLists, Origin: p.Anchor.Origin}}]
	}
	return t.labels[vouched{string(p.Certificates[len(p.Certificates)-1].Raw), p.Anchor}]
}
