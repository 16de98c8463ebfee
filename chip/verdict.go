package chip

import (
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// expiry looks at the printed date, which is no matter of signatures.
func (e *examination) expiry() {
	expires := e.expires()
	switch {
	case !e.authentic() || e.zone.IsZero():
		e.note(checkExpiry, Inconclusive, "not-authentic", vneid.ErrSignature)
	case expires.IsZero():
		e.note(checkExpiry, Inconclusive, "no-date", vneid.ErrMalformed)
	case expires.Ended(e.now):
		e.note(checkExpiry, Failed, "card-expired", vneid.ErrExpired)
	default:
		e.pass(checkExpiry, "")
	}
}

// expires is DG13's date, which is whole, else the zone's.
func (e *examination) expires() vneid.Date {
	if !e.details.Expires.IsZero() {
		return e.details.Expires
	}
	return e.fields.Expires
}

// answers lists what the caller was told by others.
func (e *examination) answers() {
	for _, a := range []struct {
		name   string
		answer *Answer
		kind   vneid.Kind
	}{
		{checkStatus, e.options.CardStatus, vneid.ErrRevoked},
		{checkConsent, e.options.Consent, vneid.ErrDenied},
		{checkProvider, e.options.Provider, vneid.ErrUntrusted},
	} {
		if a.answer == nil {
			if a.name != checkProvider { // attached or not there
				e.note(a.name, Unavailable, "", vneid.ErrUnavailable)
			}
			continue
		}
		given := *a.answer
		c := Check{Name: a.name, Status: given.Status, Reason: given.Reason, Answer: &given}
		if !c.Status.known() {
			c.Status, c.Reason = Inconclusive, "answer-without-status"
		}
		e.checks = append(e.checks, c)
		e.kinds[a.name] = a.kind
	}
}

func (s Status) known() bool {
	switch s {
	case Passed, Failed, Inconclusive, NotApplicable, Unavailable:
		return true
	}
	return false
}

// verdict returns the first check that is no pass and that Config does not accept.
// One that was never made is none; only a provider's answer may be absent.
func (e *examination) verdict() error {
	for _, name := range order {
		c := find(e.checks, name)
		switch {
		case c.Name == "" && name == checkProvider:
			continue
		case c.Name == "":
			return &VerifyError{Kind: vneid.ErrUntrusted, Name: name, Reason: "not-authentic", Checks: e.checks}
		case e.accepts(c):
			continue
		}
		reason := c.Reason
		if c.Answer != nil {
			reason = "" // the caller's own words are in the check
		}
		return &VerifyError{Kind: e.kinds[name], Name: name, Reason: reason, Checks: e.checks}
	}
	return nil
}

// accepts is the policy. What is authentic has to be proven; what others may know
// has to be not denied.
func (e *examination) accepts(c Check) bool {
	if c.Status == Passed {
		return true
	}
	cfg := &e.cfg
	switch c.Name {
	case checkChain:
		return c.Reason == notForThis // issuing-state or document-type says it
	case checkState, checkType:
		return c.Reason == noChain // certificate-chain says it
	case checkRevocation:
		return c.Status != Failed && (!cfg.RequireCRL || c.Reason == noChain)
	case checkAccess:
		return c.Status == NotApplicable || c.Status == Inconclusive && c.Reason == unsignedOffer ||
			cfg.AcceptDowngrade && (c.Reason == downgrade || c.Reason == unread14)
	case checkGenuine:
		return cfg.AcceptUnprovenChip
	case checkExpiry:
		return cfg.AcceptExpired || c.Status == Inconclusive
	case checkCOM, checkPerson, checkActive, checkChip, checkCAM, checkStatus, checkConsent, checkProvider:
		return c.Status != Failed
	}
	return false
}

// document hands out what was verified.
func (e *examination) document() *Document {
	d := &document{
		citizen: vneid.NewCitizen(e.record(), seal.Own()),
		checks:  e.checks,
		genuine: e.passed(checkGenuine),
		anchor:  e.trust.label(e.path),
		signed:  e.sod.SigningTime,
		mrz:     e.zone,
		details: e.details,
	}
	if len(e.faces) > 0 {
		d.portrait, d.media = e.faces[0].Image, e.faces[0].Media
	}
	return &Document{&d}
}
