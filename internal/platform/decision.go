package platform

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A person who presses a button again, because no answer came, decides once. The
// interaction is the key: what it came to is kept for as long as the code is good, in
// the transaction that ended it.

// outcomeKept is how an interaction ended, by a decision.
type outcomeKept struct {
	Form    string      `json:"form"`              // keyed hash of the form that decided
	Refusal *oauthError `json:"refusal,omitempty"` // what the relying party was told; nil: Answer
	Answer  string      `json:"answer,omitempty"`  // finished, concealed
}

// MarshalJSON and UnmarshalJSON let an end be kept.
func (f finished) MarshalJSON() ([]byte, error) {
	return json.Marshal([]string{f.cookie, f.code, f.key})
}

func (f *finished) UnmarshalJSON(b []byte) error {
	var parts [3]string
	err := json.Unmarshal(b, &parts)
	f.cookie, f.code, f.key = parts[0], parts[1], parts[2]
	return err
}

// decision names what a form decides; empty for a form that decides nothing.
func (p *Platform) decision(form url.Values) string {
	if !form.Has(FieldDecision) {
		return ""
	}
	var parts []string
	for name, values := range form {
		if !slices.Contains([]string{FieldPassword, FieldNewPassword, FieldCode}, name) {
			parts = append(parts, name+"="+strings.Join(slices.Sorted(slices.Values(values)), "\x00"))
		}
	}
	slices.Sort(parts)
	return p.mac("decision", parts...)
}

// endBy keeps how an interaction ended, if a decision ended it.
func (p *Platform) endBy(tx Tx, v *visit, ia *interaction, until time.Time, done *finished, refusal *oauthError) error {
	if v.decision == "" {
		return nil
	}
	end := &outcomeKept{Form: v.decision, Refusal: refusal}
	if done != nil {
		b, err := json.Marshal(done)
		if err != nil {
			return err
		}
		end.Answer = p.conceal(string(b))
	}
	over := interaction{ID: ia.ID, Browser: ia.Browser, Request: ia.Request, Until: until, Over: end}
	return save(tx, tableInteractions, ia.ID, over, until)
}

// abandon takes an interaction away that ends in an error. What another decision made of
// it meanwhile stays.
func (p *Platform) abandon(tx Tx, v *visit, ia *interaction, err error) error {
	now, loadErr := load[interaction](tx, tableInteractions, ia.ID)
	if loadErr != nil || now == nil || now.Over != nil {
		return loadErr
	}
	if err := tx.Delete(tableInteractions, ia.ID); err != nil {
		return err
	}
	var refusal *oauthError
	if !errors.As(err, &refusal) {
		return nil
	}
	return p.endBy(tx, v, ia, p.now().Add(authCodeLife), nil, refusal)
}

// decidedBefore answers a form that ended its interaction before as it was answered
// then; false for any other.
func (p *Platform) decidedBefore(v *visit, id string) bool {
	if v.decision == "" {
		return false
	}
	var ia *interaction
	err := p.store.View(v.r.Context(), func(tx Tx) (err error) {
		ia, err = p.findAny(tx, v, id)
		if err == nil && ia.Over != nil && ia.Request != nil {
			v.client, err = p.party(tx, ia.Request.Client)
		}
		return err
	})
	if err != nil || ia.Over == nil || v.client == nil || subtle.ConstantTimeCompare([]byte(ia.Over.Form), []byte(v.decision)) != 1 {
		return false
	}
	if ia.Over.Refusal != nil {
		p.over(v, ia, ia.Over.Refusal)
		return true
	}
	var done finished
	text, err := p.reveal(ia.Over.Answer)
	if err == nil {
		err = json.Unmarshal([]byte(text), &done)
	}
	if err != nil {
		p.errorPage(v, err)
		return true
	}
	p.complete(v, ia, &done)
	return true
}

// formAgain is decidedBefore for an interaction that is over before its form is read.
func (p *Platform) formAgain(v *visit, id string) bool {
	if v.r.Method != http.MethodPost {
		return false
	}
	form, err := formOf(v.w, v.r)
	if err != nil || subtle.ConstantTimeCompare([]byte(form.Get(FieldCSRF)), []byte(p.csrf(v, id))) != 1 {
		return false
	}
	v.decision = p.decision(form)
	return p.decidedBefore(v, id)
}
