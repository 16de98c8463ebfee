package share

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Evidence is an answer as it came, with all that is needed to check it again years
// later (hồ sơ chứng cứ): plain data to keep as JSON, a project format of version 1. It
// holds the citizen's data, so it is kept as long as that may be, and not offered to
// others (Decree 69/2024/NĐ-CP Art. 19.4). It prints as a few words; encoders write it.
//
// Nothing in it is trusted: Verifier.Evidence checks signatures with the keys that its
// caller pins. Keys says which keys there were, for comparing with what was pinned.
type Evidence struct {
	Version  int       `json:"version"` // 1
	Platform string    `json:"platform"`
	Client   string    `json:"client"`
	Verified time.Time `json:"verified"` // when the answer was checked

	Envelope  string   `json:"envelope"`
	Receipt   string   `json:"receipt"`
	Documents []string `json:"documents"`

	Request json.RawMessage `json:"request"` // authorization_details, as they were asked with
	Need    vneid.Assurance `json:"need"`
	Subject string          `json:"subject,omitempty"` // who had to answer
	Txn     string          `json:"txn"`
	Grant   string          `json:"grant"`
	Nonce   string          `json:"nonce,omitempty"`

	Keys   map[string]json.RawMessage `json:"keys,omitempty"`   // JWK Sets by issuer, of key sets with a method JWKS
	Status map[string]string          `json:"status,omitempty"` // status lists by URI

	// What the relying party itself adds. Nobody signed it.
	Face      *FaceMatch `json:"face_match,omitempty"`
	Hold      *Hold      `json:"hold,omitempty"`
	Withdrawn *time.Time `json:"withdrawn,omitempty"` // when consent was withdrawn
}

// FaceMatch is what the relying party's own software found when it compared a face with
// a reference (đối sánh khuôn mặt). This module compares no faces and keeps no image.
type FaceMatch struct {
	Engine        string    `json:"engine"`    // name and version
	Reference     string    `json:"reference"` // chip-dg2, or vneid for an authentication with VNeID
	Score         float64   `json:"score"`
	Threshold     float64   `json:"threshold"`
	Liveness      string    `json:"liveness"`       // the standard, such as ISO/IEC 30107-3
	LivenessLevel string    `json:"liveness_level"` // as the standard counts
	At            time.Time `json:"at"`
	Operator      string    `json:"operator"` // who, or which desk
}

// Hold is why data is kept although its consent ended (nghĩa vụ lưu giữ).
type Hold struct {
	Basis    string     `json:"basis"`    // such as anti-money-laundering
	Citation string     `json:"citation"` // the provision
	Until    vneid.Date `json:"until"`    // the last day
}

const (
	evidenceVersion = 1
	maxEvidence     = 8 << 20
	maxEntry        = 256 // bytes of a text that the relying party adds: no image hides in one
)

// Evidence returns what there is to keep. Key sets are asked for their keys now, so it
// is best called when the answer has just come. Answers that nobody signed prove nothing
// and have none.
func (r Records) Evidence() (Evidence, error) {
	a := r.get()
	if a.integrity != Signed || a.verifier == nil {
		return Evidence{}, fault.Prefix("share", errors.New("no signed answer to keep"))
	}
	request, err := a.want.Request.details().Encode()
	if err != nil {
		return Evidence{}, fault.Prefix("share", fmt.Errorf("Request: %w", err))
	}
	v := a.verifier
	e := Evidence{
		Version: evidenceVersion, Platform: v.Platform, Client: v.Client, Verified: a.verified,
		Envelope: a.parts.envelope, Receipt: a.parts.receipt, Documents: append([]string{}, a.parts.documents...),
		Request: json.RawMessage(request), Need: a.want.Request.Need, Subject: either(a.want.Subject, a.want.Request.Subject),
		Txn: a.want.Txn, Grant: a.want.Grant, Nonce: a.want.Nonce,
		Keys: map[string]json.RawMessage{}, Status: map[string]string{},
	}
	archive(e.Keys, v.Platform, v.Keys)
	for _, p := range a.papers {
		archive(e.Keys, p.issuer, v.Issuers[p.issuer].Keys)
	}
	for uri, token := range a.tokens {
		e.Status[uri] = string(token)
	}
	return e, nil
}

// archive keeps a set's keys, if it can tell them.
func archive(to map[string]json.RawMessage, issuer string, set vneid.KeySet) {
	if s, ok := set.(interface{ JWKS() ([]byte, error) }); ok {
		if doc, err := s.JWKS(); err == nil {
			to[issuer] = doc
		}
	}
}

// UnmarshalJSON reads what encoding/json writes, strictly: one object of version 1
// without unknown members or members twice, of at most 8 MiB.
func (e *Evidence) UnmarshalJSON(data []byte) error {
	*e = Evidence{}
	refuse := func(text string) error { return fault.Prefix("share", malformed("the evidence is "+text)) }
	if len(data) > maxEvidence {
		return refuse("too large")
	}
	o, err := jws.ParseObject(string(data))
	if err != nil {
		return refuse("not one strict JSON object")
	}
	for _, name := range o.Names() {
		switch name {
		case "version", "platform", "client", "verified", "envelope", "receipt", "documents", "request", "need", "subject",
			"txn", "grant", "nonce", "keys", "status", "face_match", "hold", "withdrawn":
		default:
			return refuse("of another version, or has a member that is not known")
		}
	}
	type plain Evidence
	var p plain
	if json.Unmarshal(data, &p) != nil || p.Version != evidenceVersion {
		return refuse("of another version, or has a member of another type")
	}
	if err := (*Evidence)(&p).check(); err != nil {
		return fault.Prefix("share", err)
	}
	*e = Evidence(p)
	return nil
}

// check holds what the relying party added to its bounds.
func (e *Evidence) check() error {
	if e.Version != evidenceVersion || e.Verified.IsZero() || len(e.Documents) > maxDocuments {
		return malformed("the evidence is not of version 1")
	}
	if f := e.Face; f != nil {
		finite := !math.IsNaN(f.Score+f.Threshold) && !math.IsInf(f.Score+f.Threshold, 0)
		known := f.Reference == "chip-dg2" || f.Reference == "vneid"
		if !finite || !known || f.At.IsZero() || !entries(f.Engine, f.Liveness, f.LivenessLevel, f.Operator) {
			return malformed("the evidence's record of a face match is not complete")
		}
	}
	if h := e.Hold; h != nil && (!entries(h.Basis, h.Citation) || h.Until.IsZero()) {
		return malformed("the evidence's hold does not name basis, provision and end")
	}
	return nil
}

func entries(list ...string) bool {
	for _, s := range list {
		if s == "" || len(s) > maxEntry {
			return false
		}
	}
	return true
}

// Format prints that there is evidence, and nothing of it.
func (e Evidence) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "evidence of %d documents", len(e.Documents))
}

// LogValue logs what Format prints.
func (e Evidence) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(e)) }

// requestOf makes the request of its form on the wire.
func requestOf(d sharewire.Details) Request {
	r := Request{
		Purpose: Purpose(d.Purpose), Basis: Basis{BasisKind(d.Basis.Kind), d.Basis.Citation},
		RetentionDays: d.RetentionDays, Store: d.Store,
	}
	if d.Periodic != nil {
		r.Periodic = &Period{d.Periodic.Until, d.Periodic.Days}
	}
	for _, x := range d.Documents {
		w := Want{Kind: x.Kind, Optional: !x.Essential, MaxAgeDays: x.MaxAgeDays}
		for _, c := range x.Claims {
			w.Claims = append(w.Claims, Claim{c.Name, !c.Essential})
		}
		for _, p := range x.Predicates {
			w.Predicates = append(w.Predicates, Predicate{p.Predicate, !p.Essential})
		}
		r.Documents = append(r.Documents, w)
	}
	return r
}
