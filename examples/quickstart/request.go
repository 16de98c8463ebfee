package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/facts"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// routeRental adds what a data request needs: two handlers of the SDK.
func (p *party) routeRental(mux *http.ServeMux, issuer string) error {
	cfg := asking.Config(issuer, p.home+"/rental/callback", nil)
	cfg.ErrorPage = p.refused
	client, err := share.New(cfg)
	if err != nil {
		return err
	}
	mux.Handle("GET /rental", client.Start(func(*http.Request) (share.Request, error) {
		return asking.RentalRequest("", time.Now()), nil
	}))
	mux.Handle("GET /rental/callback", client.Callback(func(w http.ResponseWriter, _ *http.Request, answer share.Records) {
		p.got <- answer
		fmt.Fprintln(w, "thank you")
	}))
	return nil
}

// ask asks the citizen for documents. They agree to everything, or refuse everything.
func (w *world) ask(ctx context.Context, decision string) (answer share.Records, refused, err error) {
	page, err := w.visit(ctx, "/rental", decision)
	if err != nil {
		return share.Records{}, nil, err
	}
	select {
	case answer = <-w.party.got:
	case refused = <-w.party.why:
	default:
		err = fmt.Errorf("the request stopped at %q", page.title)
	}
	return answer, refused, err
}

// dataRequest shows what the documents say, and all that stands behind them.
func (w *world) dataRequest(ctx context.Context) (row, error) {
	answer, refused, err := w.ask(ctx, "allow")
	if err != nil || refused != nil {
		return row{Err: refused}, err
	}
	// The evidence is what an auditor is shown years later (examples/dossier).
	if w.evidence, err = answer.Evidence(); err != nil {
		return row{}, err
	}
	doc, ok := answer.Get(document.DriverLicence)
	if !ok {
		return row{}, errors.New("the answer has no licence")
	}
	licence, err := share.Reveal[paper.DriverLicence](doc)
	if err != nil {
		return row{}, err
	}
	adult, known := answer.Holds(share.AgeAtLeast(18))
	drives, known2 := answer.Holds(share.LicenceIncludes("B"))
	if !adult || !known || !drives || !known2 || !doc.Verified() || len(licence.Number) < 3 {
		return row{}, errors.New("the licence says something else than the register")
	}
	number := "********" + licence.Number[len(licence.Number)-3:]
	issuer := strings.TrimPrefix(doc.Issuer(), w.site.Platform.Issuer())
	receipt, at := answer.Receipt().ID, facts.Clock(doc.StatusAt())
	return row{
		Evidence: ui.Text{Vi: "Giấy phép lái xe, công dân đồng ý chia sẻ", En: "Driving licence, shared with consent"},
		Verdict:  verdict.Verified(),
		Proof: ui.Text{
			Vi: fmt.Sprintf("%s ký; đã được xác thực; biên nhận %s; không bị thu hồi lúc %s", issuer, receipt, at),
			En: fmt.Sprintf("signed by %s; state verified; receipt %s; not revoked as of %s", issuer, receipt, at),
		},
		About: ui.Text{
			Vi: "đã đủ 18 tuổi: có; được lái xe hạng B: có; số " + number,
			En: "18 or older: yes; may drive class B: yes; number " + number,
		},
	}, nil
}

// elsewhere shows the same answer at another relying party.
func (w *world) elsewhere(ctx context.Context) (row, error) {
	v := asking.Verifier(w.site.Platform.Issuer(), nil)
	v.Client = "somebody-else"
	_, err := v.Evidence(ctx, w.evidence)
	return row{
		Evidence: ui.Text{Vi: "Câu trả lời đó, đưa cho đơn vị khác", En: "That answer, shown to another party"},
		Verdict:  verdict.Of(err), Err: err,
		Proof: ui.Text{Vi: "đơn vị nhận nằm dưới chữ ký", En: "for whom it is stands under the signature"},
	}, nil
}

// declined is somebody who shares nothing, which is their right.
func (w *world) declined(ctx context.Context) (row, error) {
	_, refused, err := w.ask(ctx, "deny")
	return row{
		Evidence: ui.Text{Vi: "Công dân không đồng ý chia sẻ", En: "A citizen who shares nothing"},
		Verdict: verdict.Unchecked(
			ui.Text{Vi: "Không có gì được chia sẻ; đó là quyền của họ", En: "Nothing was shared, which is their right"},
			ui.Text{Vi: "Nhận giấy tờ bản giấy tại quầy.", En: "Take the paper at the counter."}),
		Err:   refused,
		Proof: ui.Text{Vi: "không có dữ liệu nào được gửi", En: "no data was sent"},
	}, err
}
