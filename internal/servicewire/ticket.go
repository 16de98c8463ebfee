package servicewire

import (
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// The kinds of filings.
const (
	PermanentResidence = "residence.permanent" // đăng ký thường trú
	TemporaryResidence = "residence.temporary" // đăng ký tạm trú
	TemporaryAbsence   = "residence.absence"   // khai báo tạm vắng
	SecurityReport     = "security-report"     // phản ánh, kiến nghị về an ninh trật tự
	JudicialRecord     = "judicial-record"     // Phiếu lý lịch tư pháp số 1
	Integration        = "integration"         // a document into the account
)

// The states of a ticket. The last three are final.
const (
	Received   = "received"
	Processing = "processing"
	NeedsMore  = "needs-more" // phải bổ sung
	Done       = "done"
	Verified   = "verified" // of an integration: đã được xác thực
	Refused    = "refused"
)

// next is where a ticket may go from each state.
var next = map[string][]string{
	Received:   {Processing, NeedsMore, Done, Verified, Refused},
	Processing: {NeedsMore, Done, Verified, Refused},
	NeedsMore:  {Processing, Done, Verified, Refused},
}

// Goes reports whether a ticket of a kind may go from one state to another: an
// integration ends verified, everything else done.
func Goes(kind, from, to string) bool {
	return slices.Contains(next[from], to) && (to != Verified || kind == Integration) && (to != Done || kind != Integration)
}

// IsState reports whether s is a state.
func IsState(s string) bool {
	return next[s] != nil || s == Done || s == Verified || s == Refused
}

// Level is the account level that the filing needs: the procedures of residence, and
// reports, are for level 1 (filing is not looking into the household book), the others
// for level 2.
func Level(kind string) vneid.Level {
	if kind == JudicialRecord || kind == Integration {
		return 2
	}
	return 1
}

// Filing is what a person files through a relying party at which they are logged in.
type Filing struct {
	Kind      string     `json:"kind"`
	Key       string     `json:"key"`
	Applicant string     `json:"applicant,omitempty"` // number; empty: an anonymous report
	Address   string     `json:"address,omitempty"`
	Province  string     `json:"province,omitempty"` // of permanent residence, three digits
	From      vneid.Date `json:"from,omitzero"`
	Until     vneid.Date `json:"until,omitzero"`
	Members   int        `json:"members,omitempty"` // how many people besides the applicant
	Category  string     `json:"category,omitempty"`
	Text      string     `json:"text,omitempty"`
	Form      int        `json:"form,omitempty"`     // of the judicial record: 1; 2 is refused
	Document  string     `json:"document,omitempty"` // of an integration
	Number    string     `json:"number,omitempty"`   // of that document
}

// ReadFiling reads one; false for what is none.
func ReadFiling(o jws.Object) (Filing, bool) {
	f := Filing{
		Kind: o.String("kind"), Key: o.String("key"), Applicant: o.String("applicant"), Address: o.String("address"), Province: o.String("province"),
		Members: int(o.Int("members")), Category: o.String("category"), Text: o.String("text"), Form: int(o.Int("form")),
		Document: o.String("document"), Number: o.String("number"),
	}
	err := readInto(o, "from", &f.From)
	if err == nil {
		err = readInto(o, "until", &f.Until)
	}
	known := only(o, "kind", "key", "applicant", "address", "province", "from", "until", "members", "category", "text", "form", "document", "number")
	if err != nil || o.Err() != nil || !known {
		return Filing{}, false
	}
	return f, true
}

// Check returns the code of what is wrong with a filing, and "" for a good one.
func (f Filing) Check() string {
	plain := Plain(f.Address, 300) && Plain(f.Category, 64) && Plain(f.Text, 2000) && Plain(f.Number, 64) && f.Members >= 0 && f.Members <= 50
	if !plain || len(f.Key) != 43 || !Code(f.Key) || f.Applicant != "" && !digits(f.Applicant, 12) || f.Province != "" && !digits(f.Province, 3) {
		return Malformed
	}
	if f.Kind == JudicialRecord && f.Form == 2 {
		return Sensitive // Law on judicial records as amended, in force 2026-07-01
	}
	good := f.Applicant != ""
	switch f.Kind {
	case PermanentResidence:
		good = good && f.Address != ""
	case TemporaryResidence, TemporaryAbsence:
		good = good && f.Address != "" && f.From.Day() != 0 && f.Until.Day() != 0 && f.From.Before(f.Until)
	case SecurityReport:
		good = f.Category != "" && f.Text != ""
	case JudicialRecord:
		good = good && f.Form == 1 && f.Text != ""
	case Integration:
		good = good && Code(f.Document) && f.Number != ""
	default:
		good = false
	}
	if !good {
		return Malformed
	}
	return ""
}

// Ticket is what a filing became.
type Ticket struct {
	ID    string
	Kind  string
	State string
	At    time.Time // of the state
	Steps int       // how many states it has had
	Note  Text      // what the office says
	Again bool
}

// Members writes a ticket.
func (t Ticket) Members() []jws.Member {
	return []jws.Member{
		{Name: "id", Value: t.ID}, {Name: "kind", Value: t.Kind}, {Name: "state", Value: t.State}, {Name: "steps", Value: t.Steps},
		{Name: "at", Value: t.At.UTC().Format(time.RFC3339)}, {Name: "again", Value: t.Again},
		{Name: "note", Value: []jws.Member{{Name: "vi", Value: t.Note.Vi}, {Name: "en", Value: t.Note.En}}},
	}
}

// ReadTicket reads a ticket.
func ReadTicket(o jws.Object) (Ticket, error) {
	t := Ticket{ID: o.String("id"), Kind: o.String("kind"), State: o.String("state"), Steps: int(o.Int("steps")), Again: o.Bool("again"), Note: text(o.Object("note"))}
	if o.Err() != nil || readInto(o, "at", &t.At) != nil || !Code(t.ID) || !IsState(t.State) || t.Steps < 1 || t.At.IsZero() {
		return Ticket{}, ErrShape
	}
	return t, nil
}
