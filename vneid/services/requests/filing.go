package requests

import (
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Filing is what a person files: a Residence, a Report, a JudicialRecord or an
// Integration.
type Filing interface {
	filing() (f servicewire.Filing, whose *vneid.Citizen)
}

// ResidenceKind is a procedure of residence.
type ResidenceKind string

// The procedures of residence.
const (
	Permanent ResidenceKind = servicewire.PermanentResidence // đăng ký thường trú
	Temporary ResidenceKind = servicewire.TemporaryResidence // đăng ký tạm trú
	Absence   ResidenceKind = servicewire.TemporaryAbsence   // khai báo tạm vắng
)

// Residence files a procedure of residence. It changes nothing by itself: the police
// decide.
type Residence struct {
	Kind        ResidenceKind
	Applicant   vneid.Citizen
	Address     string     // where they move to, or are absent from
	From, Until vneid.Date // of Temporary and Absence
	Members     int        // of the household who move along, besides the applicant
	Reason      string
}

func (r Residence) filing() (servicewire.Filing, *vneid.Citizen) {
	return servicewire.Filing{Kind: string(r.Kind), Address: r.Address, From: r.From, Until: r.Until, Members: r.Members, Text: r.Reason}, &r.Applicant
}

// Report files a report on security and order (phản ánh, kiến nghị về an ninh trật tự).
type Report struct {
	Reporter vneid.Citizen // the zero value: somebody who does not say
	Category string        // such as fraud, noise, traffic; at most 64 letters
	Place    string
	Text     string
}

func (r Report) filing() (servicewire.Filing, *vneid.Citizen) {
	f := servicewire.Filing{Kind: servicewire.SecurityReport, Category: r.Category, Address: r.Place, Text: r.Text}
	if r.Reporter.IsZero() {
		return f, nil
	}
	return f, &r.Reporter
}

// JudicialRecord asks for a judicial record (Phiếu lý lịch tư pháp). Form is 1; 2 is
// refused.
type JudicialRecord struct {
	Applicant vneid.Citizen
	Form      int
	Province  string // code of the permanent residence, three digits
	Purpose   string
}

func (r JudicialRecord) filing() (servicewire.Filing, *vneid.Citizen) {
	return servicewire.Filing{Kind: servicewire.JudicialRecord, Form: r.Form, Province: r.Province, Text: r.Purpose}, &r.Applicant
}

// Integration asks for a document to be taken into the account. Until its ticket is
// Verified the document replaces no paper.
type Integration struct {
	Applicant vneid.Citizen
	Document  document.Kind
	Number    string // the document's own
}

func (r Integration) filing() (servicewire.Filing, *vneid.Citizen) {
	return servicewire.Filing{Kind: servicewire.Integration, Document: string(r.Document), Number: r.Number}, &r.Applicant
}
