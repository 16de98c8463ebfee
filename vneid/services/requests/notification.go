package requests

import (
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Notification is what an authority tells citizens: a Birth, a Death, News or an
// AccountLinked.
type Notification interface {
	sending() (s servicewire.Sending, to *vneid.Citizen)
}

// PartState is how one of several linked procedures stands.
type PartState string

// The states of a linked procedure. There is none for "not yet": nothing is told then.
const (
	PartReceived PartState = "received"
	PartDone     PartState = "done"
	PartRefused  PartState = "refused"
)

// Birth is how the linked procedures after a birth came out (lienthong.birth).
type Birth struct {
	To           vneid.Citizen // the parent who filed them
	Registration PartState     // khai sinh
	Residence    PartState     // đăng ký thường trú
	Insurance    PartState     // thẻ BHYT of a child under 6
}

func (b Birth) sending() (servicewire.Sending, *vneid.Citizen) {
	return linked(servicewire.LinkedBirth, servicewire.BirthParts, b.Registration, b.Residence, b.Insurance), &b.To
}

// Death is how the linked procedures after a death came out (lienthong.death). Once the
// death is registered nobody can be the deceased any more: the platform locks their
// electronic identity card and their account.
type Death struct {
	To           vneid.Citizen   // who filed them
	Deceased     vneid.CitizenID // who died
	Registration PartState       // khai tử
	Residence    PartState       // xóa đăng ký thường trú
	Funeral      PartState       // trợ cấp, hỗ trợ chi phí mai táng
}

func (d Death) sending() (servicewire.Sending, *vneid.Citizen) {
	s := linked(servicewire.LinkedDeath, servicewire.DeathParts, d.Registration, d.Residence, d.Funeral)
	s.Deceased = d.Deceased.Reveal()
	return s, &d.To
}

func linked(kind string, names []string, states ...PartState) servicewire.Sending {
	s := servicewire.Sending{Notification: servicewire.Notification{Kind: kind}}
	for i, state := range states {
		s.Parts = append(s.Parts, servicewire.Part{Name: names[i], State: string(state)})
	}
	return s
}

// News is for everybody.
type News struct {
	Crime            bool // cảnh báo thủ đoạn tội phạm
	TitleVi, TitleEn string
	BodyVi, BodyEn   string
}

func (n News) sending() (servicewire.Sending, *vneid.Citizen) {
	kind := servicewire.News
	if n.Crime {
		kind = servicewire.CrimeWarning
	}
	return servicewire.Sending{Notification: servicewire.Notification{Kind: kind,
		Title: servicewire.Text{Vi: n.TitleVi, En: n.TitleEn}, Body: servicewire.Text{Vi: n.BodyVi, En: n.BodyEn}}}, nil
}

// AccountLinked confirms that an account which the person had at a portal was joined to
// theirs: who did not do that learns of it.
type AccountLinked struct {
	To   vneid.Citizen
	Site string // the portal's name; at most 100 letters
}

func (n AccountLinked) sending() (servicewire.Sending, *vneid.Citizen) {
	return servicewire.Sending{Notification: servicewire.Notification{Kind: servicewire.AccountLinked, Body: servicewire.Text{
		Vi: "Tài khoản tại " + n.Site + " đã được liên kết với tài khoản của bạn.", En: "An account at " + n.Site + " was joined to yours."}}}, &n.To
}
