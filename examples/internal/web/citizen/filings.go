package citizen

import (
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// filing is a sort of filing that the app offers.
type filing struct {
	Path, Kind string
	Level      int
	Name, Hint ui.Text
	Allowed    bool
}

func filings(level vneid.Level) []filing {
	out := []filing{
		{Path: "report", Kind: servicewire.SecurityReport, Hint: ui.Text{Vi: "tố giác, phản ánh, kiến nghị", En: "what you saw, or propose"}},
		{Path: "permanent", Kind: servicewire.PermanentResidence, Hint: ui.Text{Vi: "nơi ở ổn định, lâu dài", En: "where you live for good"}},
		{Path: "temporary", Kind: servicewire.TemporaryResidence, Hint: ui.Text{Vi: "từ 30 ngày, ngoài nơi thường trú", En: "30 days or more elsewhere"}},
		{Path: "absence", Kind: servicewire.TemporaryAbsence, Hint: ui.Text{Vi: "trước khi đi khỏi nơi cư trú", En: "before you leave for a time"}},
		{Path: "judicial", Kind: servicewire.JudicialRecord, Hint: ui.Text{Vi: "phiếu số 1", En: "no. 1"}},
		{Path: "integration", Kind: servicewire.Integration, Hint: ui.Text{Vi: "đưa giấy tờ của bạn vào ứng dụng", En: "a paper of yours into the app"}},
	}
	for i := range out {
		need := servicewire.Level(out[i].Kind)
		out[i].Name, out[i].Level, out[i].Allowed = words.Of(words.Tickets, out[i].Kind), int(need), level >= need
	}
	return out
}

// ticket is a filing on its way.
type ticket struct {
	ID    string
	Kind  ui.Text
	Steps []step
	Final bool
}

type step struct {
	Text, Note ui.Text
	At         time.Time
	Last, Bad  bool
}

func ticketOf(t platform.Ticket) ticket {
	out := ticket{ID: t.ID, Kind: words.Of(words.Tickets, t.Filing.Kind)}
	for i, s := range t.Steps {
		out.Steps = append(out.Steps, step{words.Of(words.TicketStates, s.State), ui.Text(s.Note), s.At, i == len(t.Steps)-1, s.State == servicewire.Refused})
		out.Final = s.State == servicewire.Done || s.State == servicewire.Verified || s.State == servicewire.Refused
	}
	return out
}

// filingList shows what was filed for the person, and what they can file.
func (c *app) filingList(w http.ResponseWriter, r *http.Request, me platform.Session) {
	all, err := c.p.OwnTickets(r.Context(), me.Account.ID, maxOwn)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page := struct {
		Done    *ui.Text
		Tickets []ticket
		Kinds   []filing
	}{Done: doneText(r), Kinds: filings(me.Account.Usable())}
	for _, t := range all {
		page.Tickets = append(page.Tickets, ticketOf(t))
	}
	c.show(w, r, "filings", page)
}

// file shows the form for one sort of filing.
func (c *app) file(w http.ResponseWriter, r *http.Request, me platform.Session) {
	if kind, ok := kindOf(r.PathValue("kind"), me); ok {
		c.showFile(w, r, me, kind, nil)
	} else {
		http.NotFound(w, r)
	}
}

func kindOf(path string, me platform.Session) (filing, bool) {
	for _, k := range filings(me.Account.Usable()) {
		if k.Path == path {
			return k, true
		}
	}
	return filing{}, false
}

func (c *app) showFile(w http.ResponseWriter, r *http.Request, me platform.Session, kind filing, f *form.Form) {
	if !kind.Allowed {
		c.hidden(w, r, me, kind.Name)
		return
	}
	key := f.V("key")
	if key == "" {
		key = platform.NewKey()
	}
	c.pages.Render(w, r, f.Status(), "file", struct {
		Kind filing
		Form *form.Form
		Key  string
		Home string
		Day  string
	}{kind, f, key, me.Account.Record.Residence.Text, c.p.Now().In(vietnam).Format(time.DateOnly)})
}

// submit files it.
func (c *app) submit(w http.ResponseWriter, r *http.Request, me platform.Session) {
	kind, ok := kindOf(r.PathValue("kind"), me)
	if !ok {
		http.NotFound(w, r)
		return
	}
	f := form.Read(r)
	row := servicewire.Filing{Kind: kind.Kind, Key: f.V("key")}
	need := func(name, vi, en string) string {
		v := f.V(name)
		if v == "" {
			f.Wrong(name, vi, en)
		}
		return v
	}
	day := func(name string) (d vneid.Date) {
		d, err := vneid.ParseDate(f.V(name))
		if err != nil || d.Day() == 0 {
			f.Wrong(name, "Hãy ghi ngày.", "Which day?")
		}
		return d
	}
	switch kind.Kind {
	case servicewire.SecurityReport:
		row.Category = need("category", "Hãy chọn loại việc.", "What is it about?")
		row.Text = need("text", "Hãy ghi nội dung.", "What happened?")
	case servicewire.JudicialRecord:
		row.Form, row.Province = 1, f.V("province")
		row.Text = need("text", "Hãy ghi mục đích.", "What is it for?")
	case servicewire.Integration:
		row.Document = need("document", "Hãy chọn giấy tờ.", "Which document?")
		row.Number = need("number", "Hãy ghi số giấy tờ.", "Which number?")
	default:
		row.Address = need("address", "Hãy ghi địa chỉ.", "Which address?")
		if kind.Kind != servicewire.PermanentResidence {
			row.From, row.Until = day("from"), day("until")
		}
		row.Text = f.V("text")
	}
	if f.Bad() {
		c.showFile(w, r, me, kind, f)
		return
	}
	var refused *platform.FilingError
	switch err := c.p.FileOwn(r.Context(), me, row); {
	case err == nil:
		done(w, r, "/me/filings", "filed")
	case errors.As(err, &refused):
		field, why := whyNot(refused.Code)
		f.Wrong(field, why.Vi, why.En)
		c.showFile(w, r, me, kind, f)
	default:
		c.fail(w, r, err)
	}
}
