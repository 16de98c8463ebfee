package chip

import (
	"errors"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/cms"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// examination is one Verify: the checks so far and what they established.
type examination struct {
	*Verifier
	dump    *dump
	options VerifyOptions
	now     time.Time

	checks []Check
	kinds  map[string]vneid.Kind // of the checks that were not passed

	sod       *cms.SOD
	signer    *cms.Certificate
	path      *cms.Path
	zone      MRZ
	fields    MRZFields // of the zone
	details   Details
	holder    *lds.Holder
	faces     []lds.Face
	infos     *lds.SecurityInfos // of DG14; nil: not read
	form13    error              // what is wrong with DG13's form
	challenge issued
}

// Names of the checks; those of the proofs stand in prove.go.
const (
	checkSOD        = "sod-signature"
	checkDigests    = "digests"
	checkChain      = "certificate-chain"
	checkRevocation = "revocation"
	checkState      = "issuing-state"
	checkType       = "document-type"
	checkCOM        = "com"
	checkAccess     = "card-access"
	checkPerson     = "dg1-dg13"
	checkGenuine    = "chip-genuine"
	checkExpiry     = "card-expiry"
	checkStatus     = "card-status"
	checkConsent    = "consent"
	checkProvider   = "provider"
)

// all makes every check in the order of the package comment. Each is made whatever
// became of those before, unless it would have nothing to stand on.
func (e *examination) all() {
	e.checks = make([]Check, 0, len(order))
	e.kinds = make(map[string]vneid.Kind, len(order))
	e.signature()
	e.digests()
	e.contents()
	e.chain()
	e.com()
	e.cardAccess()
	e.person()
	e.proofs()
	e.expiry()
	e.answers()
}

func (e *examination) pass(name, reason string) { e.note(name, Passed, reason, 0) }

func (e *examination) note(name string, s Status, reason string, kind vneid.Kind) {
	if name == e.without {
		s = Passed
	}
	e.checks = append(e.checks, Check{Name: name, Status: s, Reason: reason})
	if s != Passed {
		e.kinds[name] = kind
	}
}

func (e *examination) passed(name string) bool { return find(e.checks, name).Status == Passed }

func (e *examination) file(name string) []byte { return e.dump.files[name] }
func (e *examination) group(n int) []byte      { return e.dump.files[groupName(n)] }

// refusalCode is how a check reports a refusal of package cms.
type refusalCode struct {
	code string
	kind vneid.Kind
}

// code is the stable reason code of a refusal of package cms, and its kind.
func code(err error) (string, vneid.Kind) {
	var r cms.Reason
	if errors.As(err, &r) {
		if c, ok := refusals[r]; ok {
			return c.code, c.kind
		}
	}
	return "malformed", vneid.ErrMalformed
}

// refusals are the codes of package cms's refusals. What cannot come up in a
// verification is left out and reads as malformed.
var refusals = map[cms.Reason]refusalCode{
	cms.BadSignature: {"bad-signature", vneid.ErrSignature},
	cms.BadDigest:    {"bad-digest", vneid.ErrSignature},
	cms.NotListed:    {"not-listed", vneid.ErrSignature},
	cms.WeakDigest:   {"sha-1", vneid.ErrUntrusted},
	cms.WeakKey:      {"weak-key", vneid.ErrUntrusted},
	cms.Algorithm:    {"unknown-algorithm", vneid.ErrUntrusted},
	cms.Parameters:   {"unknown-algorithm", vneid.ErrUntrusted},
	cms.UnknownEC:    {"unknown-curve", vneid.ErrUntrusted},
	cms.BadKey:       {"bad-key", vneid.ErrUntrusted},
	cms.NoAnchor:     {"no-anchor", vneid.ErrUntrusted},
	cms.OutOfScope:   {"anchor-for-other-documents", vneid.ErrUntrusted},
	cms.Country:      {"other-state", vneid.ErrUntrusted},
	cms.DocumentType: {"other-type", vneid.ErrUntrusted},
	cms.Critical:     {"critical-extension", vneid.ErrUntrusted},
	cms.KeyUsage:     {"key-usage", vneid.ErrUntrusted},
	cms.Purpose:      {"key-usage", vneid.ErrUntrusted},
	cms.NotCA:        {"not-a-ca", vneid.ErrUntrusted},
	cms.PathLength:   {"path-length", vneid.ErrUntrusted},
	cms.NotYetValid:  {"not-yet-valid", vneid.ErrNotYetValid},
	cms.Expired:      {"expired", vneid.ErrExpired},
	cms.KeyPeriod:    {"signed-outside-period", vneid.ErrUntrusted},
	cms.Revoked:      {"revoked", vneid.ErrRevoked},
	cms.NoCRL:        {"no-crl", vneid.ErrUnavailable},
	cms.StaleCRL:     {"stale-crl", vneid.ErrUnavailable},
	signedLater:      {"signed-in-future", vneid.ErrNotYetValid},
}

// signature checks that the signed object is signed by the certificate in it.
func (e *examination) signature() {
	file := e.file(fileSOD)
	if file == nil {
		e.note(checkSOD, Failed, "unread", vneid.ErrMalformed)
		return
	}
	var err error
	if e.sod, err = cms.ParseSOD(file); err == nil {
		if e.signer, err = e.sod.Signer(); err == nil {
			err = e.sod.Verify(e.signer, e.trust.policy)
		}
	}
	if err != nil {
		reason, kind := code(err)
		e.note(checkSOD, Failed, reason, kind)
		return
	}
	e.pass(checkSOD, "")
}

// digests compares every data group that was read with the signed object.
func (e *examination) digests() {
	if e.sod == nil {
		e.note(checkDigests, Inconclusive, "no-signed-object", vneid.ErrMalformed)
		return
	}
	for n := 1; n <= 16; n++ {
		if file := e.group(n); file != nil {
			if err := e.sod.Check(n, file, e.trust.policy); err != nil {
				reason, kind := code(err)
				e.note(checkDigests, Failed, reason, kind)
				return
			}
		}
	}
	if e.group(1) == nil {
		e.note(checkDigests, Failed, "dg1-unread", vneid.ErrMalformed)
		return
	}
	e.pass(checkDigests, "")
}

// authentic reports whether the files are what the issuer's certificate signed;
// trusted, whether that certificate is trusted too. Of chain, State and type those
// that leave the decision to another do not count.
func (e *examination) authentic() bool { return e.passed(checkSOD) && e.passed(checkDigests) }
func (e *examination) trusted() bool {
	for _, name := range []string{checkChain, checkState, checkType} {
		if c := find(e.checks, name); c.Status != Passed && c.Reason != notForThis && c.Reason != noChain {
			return false
		}
	}
	return e.authentic()
}

// contents reads the files, whose digests hold. Without DG1 there is no person;
// of the others, one of a form that is not known here is as good as unread, and
// the reason says so.
func (e *examination) contents() {
	if !e.authentic() {
		return
	}
	i := slices.IndexFunc(e.checks, func(c Check) bool { return c.Name == checkDigests })
	zone, err := lds.DG1(e.group(1))
	if err == nil {
		e.zone, err = ParseMRZ(zone)
	}
	if err != nil && e.without != checkDigests {
		e.checks[i].Status, e.checks[i].Reason = Failed, "dg1-malformed"
		e.kinds[checkDigests] = vneid.ErrMalformed
		return
	}
	e.fields = e.zone.Fields()
	for n, read := range map[int]func(file []byte) error{
		2:  func(file []byte) (err error) { e.faces, err = lds.DG2(file); return err },
		11: func(file []byte) (err error) { e.holder, err = lds.DG11(file); return err },
		13: func(file []byte) (err error) { e.details, e.form13 = parseDetails(file); return nil },
		14: func(file []byte) (err error) { e.infos, err = lds.DG14(file); return err },
	} {
		if file := e.group(n); file != nil && read(file) != nil {
			e.checks[i].Reason = "unknown-form"
		}
	}
}
