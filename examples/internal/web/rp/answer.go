package rp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// askView says what will be asked for, and why, before anybody is sent anywhere.
type askView struct {
	At      string
	Purpose ui.Text
	Days    int
	Wanted  []wanted
	Answer  bool // there is one already
}

type wanted struct {
	Label        ui.Text
	Optional     bool
	Needed, Free []ui.Text
}

func (s *site) askPage(w http.ResponseWriter, r *http.Request) {
	id, _ := sso.FromContext(r.Context())
	_, answered := s.desk.find(id.Subject(), s.now())
	v := askView{At: s.at(""), Purpose: ui.Text{Vi: s.asks.purpose.VI, En: s.asks.purpose.EN}, Days: s.asks.retention, Answer: answered}
	for _, d := range s.asks.documents {
		one := wanted{Label: verdict.Kind(d.Kind), Optional: d.Optional}
		for _, c := range d.Claims {
			if c.Optional {
				one.Free = append(one.Free, verdict.Claim(c.Name))
			} else {
				one.Needed = append(one.Needed, verdict.Claim(c.Name))
			}
		}
		for _, q := range d.Predicates {
			one.Needed = append(one.Needed, verdict.Claim(q.String()))
		}
		v.Wanted = append(v.Wanted, one)
	}
	s.pages.Render(w, r, http.StatusOK, "ask", v)
}

// answerView is an answer as a page shows it: what came, what did not, and what proves it.
type answerView struct {
	At        string
	Purpose   ui.Text
	Partial   bool
	Documents []docView
	Declined  []ui.Text
	When      time.Time
	Issued    time.Time // of the receipt
	Days      int
	Withdraw  string
	Stopped   *verdict.Verdict // why the data may not be used now
}

type docView struct {
	Label    ui.Text
	Lines    []line
	Verified bool
	Source   string
	Issuer   string
	Since    time.Time
}

type line struct {
	Label ui.Text
	Value ui.Text
}

func (s *site) answerPage(w http.ResponseWriter, r *http.Request) {
	id, _ := sso.FromContext(r.Context())
	answer, ok := s.desk.find(id.Subject(), s.now())
	if !ok {
		http.Redirect(w, r, s.at("/ask"), http.StatusSeeOther)
		return
	}
	s.listen(r.Context())
	receipt := answer.Receipt()
	v := answerView{
		At: s.at(""), Purpose: ui.Text{Vi: receipt.Purpose.VI, En: receipt.Purpose.EN}, Partial: answer.Decision() == "partial",
		When: answer.Verified(), Issued: receipt.Issued, Days: receipt.RetentionDays, Withdraw: receipt.Withdraw,
	}
	if err := s.desk.ledger.Allows(r.Context(), s.issuer, id.Subject(), answer.Grant()); err != nil {
		stop := verdict.Of(err)
		v.Stopped = &stop
		s.pages.Render(w, r, http.StatusOK, "answer", v)
		return
	}
	for _, d := range answer.Documents() {
		v.Documents = append(v.Documents, s.view(answer, d))
	}
	for _, p := range answer.Declined() {
		v.Declined = append(v.Declined, verdict.Kind(p.Kind))
	}
	s.pages.Render(w, r, http.StatusOK, "answer", v)
}

// view shows what a document says, its numbers masked: the page needs to show that they
// came, and the stand-in has no file to put them into.
func (s *site) view(answer share.Records, d share.Document) docView {
	_, since := d.State()
	v := docView{Label: verdict.Kind(d.Kind()), Verified: d.Verified(), Source: d.Source(), Issuer: d.Issuer(), Since: since}
	for _, name := range d.Names() {
		raw, ok := d.Claim(name)
		if ok {
			shown := masked(raw)
			v.Lines = append(v.Lines, line{verdict.Claim(name), ui.Text{Vi: shown, En: shown}})
		}
	}
	for _, want := range s.asks.documents {
		if want.Kind != d.Kind() {
			continue
		}
		for _, q := range want.Predicates {
			if yes, known := answer.Holds(q); known {
				v.Lines = append(v.Lines, line{verdict.Claim(q.String()), yesNo(yes)})
			}
		}
	}
	return v
}

func yesNo(yes bool) ui.Text {
	if yes {
		return ui.Text{Vi: "Có", En: "Yes"}
	}
	return ui.Text{Vi: "Không, hoặc nơi cấp chưa thể khẳng định", En: "No, or the issuer cannot say for certain"}
}

// masked writes a claim for a page: of a text with six digits or more its last three, of
// a structure how much there is.
func masked(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		digits := strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, text)
		if _, err := time.Parse(time.DateOnly, text); len(digits) >= 6 && err != nil {
			return "•••" + digits[len(digits)-3:]
		}
		return text
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		return fmt.Sprintf("(%d)", len(list))
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil {
		return masked(object["text"])
	}
	return string(raw) // a number, or yes and no
}
