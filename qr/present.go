package qr

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// PaperError says that a genuine document does not stand in for the paper: show the
// paper (xuất trình bản giấy). It accuses nobody. It matches vneid.ErrLevel where the
// document is not đã được xác thực, otherwise vneid.ErrNotYetValid: documents of this
// kind are presented by code from Since only.
type PaperError struct {
	Document document.Kind
	State    string // verified, pending, unverified
	Since    vneid.Date
}

func (e *PaperError) Error() string {
	if e.State == wire.StateVerified {
		return fmt.Sprintf("a %s is presented by code since %s only: show the paper", e.Document, e.Since)
	}
	return fmt.Sprintf("the %s is %s, not verified: show the paper", e.Document, e.State)
}

// Unwrap makes the error match its kind.
func (e *PaperError) Unwrap() error {
	if e.State == wire.StateVerified {
		return vneid.ErrNotYetValid
	}
	return vneid.ErrLevel
}

// Advice says in Vietnamese and English what to do at the counter.
func (e *PaperError) Advice() (vi, en string) {
	vi, en = e.Document.Label()
	return "Đề nghị xuất trình bản giấy: " + vi + " trên ứng dụng chưa ở trạng thái đã được xác thực hoặc chưa đến ngày được dùng thay bản giấy.",
		"Ask for the paper: the " + en + " in the app is not verified, or not accepted in its place yet."
}

// Reveal returns what the document of a Document code says, as the type of its kind:
// Reveal[paper.DriverLicence](c). Claims that the code leaves out are zero. It is the
// one door to that data, which is personal: keep of it what the purpose needs.
func Reveal[T paper.Paper](c *Credential) (T, error) {
	var none, out T
	p := c.details().carried
	if p == nil || reflect.TypeFor[T]().Kind() != reflect.Struct || string(none.Kind()) != p.rule.Kind {
		return none, errors.New("qr: the credential carries no document of this type")
	}
	text, err := jws.Encode(p.claims...)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		return none, errors.New("qr: the document does not fit its type")
	}
	return out, nil
}

// presentable checks what the configuration says of documents.
func (cfg *Config) presentable() error {
	if cfg.Document == "" {
		return nil
	}
	if _, ok := wire.DocumentByKind(string(cfg.Document)); !ok {
		return errors.New("qr: Config.Document is not a document that codes carry")
	}
	for _, issuer := range cfg.Issuers {
		if slices.Contains(cfg.Signs[issuer], cfg.Document) {
			return nil
		}
	}
	return errors.New("qr: Config.Signs lets none of Config.Issuers sign Config.Document")
}

// mayShow checks that the issuer may sign documents of this kind. A register of
// health insurance signs no driving licences.
func (v *Verifier) mayShow(d *details) error {
	if d.kind != Document || v.off == "signs" {
		return nil
	}
	if !slices.Contains(v.cfg.Signs[d.issuer], document.Kind(d.carried.rule.Kind)) {
		return fault.New(vneid.ErrUntrusted, "the code's issuer may not sign this document")
	}
	return nil
}

// asked checks that the code is of the sort that was asked for.
func (v *Verifier) asked(d *details) error {
	var got document.Kind
	if d.kind == Document {
		got = document.Kind(d.carried.rule.Kind)
	}
	if got == v.cfg.Document || v.off == "asked" {
		return nil
	}
	wantVI, wantEN := sortOf(v.cfg.Document)
	gotVI, gotEN := sortOf(got)
	return advised{
		fault.New(vneid.ErrMismatch, "the code carries something else than what was asked for"),
		"Đây là mã của: " + gotVI + ". Mời công dân mở mã của: " + wantVI + ".",
		"This is the code of: " + gotEN + ". Ask for the code of: " + wantEN + ".",
	}
}

// sortOf words what a code is of.
func sortOf(kind document.Kind) (vi, en string) {
	if kind == "" {
		return "định danh hoặc căn cước công dân", "a person's identity"
	}
	return kind.Label()
}

// standsIn checks that the document counts instead of the paper, and still holds.
func (v *Verifier) standsIn(d *details, now time.Time) error {
	if d.kind != Document {
		return nil
	}
	today, _ := vneid.NewDate(now.In(vietnam).Date())
	p := d.carried
	e := &PaperError{Document: document.Kind(p.rule.Kind), State: p.state, Since: p.rule.Since}
	if p.state != wire.StateVerified && v.off != "state" || today.Before(p.rule.Since) && v.off != "since" {
		return e
	}
	if today.Before(p.start) && v.off != "begun" {
		vi, en := e.Document.Label()
		return advised{
			fault.New(vneid.ErrNotYetValid, "the document itself has not begun"),
			vi + " chưa đến ngày có giá trị sử dụng; mã QR là thật nhưng giấy tờ chưa có hiệu lực.",
			"The code is genuine, but its document, the " + en + ", holds from a later day only.",
		}
	}
	if p.over(now) && v.off != "over" {
		vi, en := e.Document.Label()
		return advised{
			fault.New(vneid.ErrExpired, "the document itself is over"),
			vi + " đã hết thời hạn sử dụng; mã QR là thật nhưng giấy tờ không còn hiệu lực.",
			"The code is genuine, but its document, the " + en + ", is past its own date.",
		}
	}
	return nil
}
