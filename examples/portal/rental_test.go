package main

import (
	"encoding/json"
	"html"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

var boxes = regexp.MustCompile(`type="checkbox" name="scope" value="([^"]+)"`)

// share walks from the rental's page to where the browser comes back, as the person who
// logged in; they tick all that tick allows, or refuse everything without it.
func (w *world) share(handle string, tick func(field string) bool) answer {
	w.t.Helper()
	w.logIn("/rental", handle).must(w.t, 200, "Thuê xe tự lái", "Không bắt buộc", "30 ngày", "không hỏi ngày sinh")
	a := w.post("/rental/ask", nil)
	for range 6 {
		csrf := csrfField.FindStringSubmatch(a.body)
		if csrf == nil {
			return a
		}
		if !strings.Contains(a.body, `value="driver-licence"`) {
			a = w.walk1(a, handle)
			continue
		}
		if strings.Contains(a.body, " checked") {
			w.t.Error("something is ticked beforehand")
		}
		form := url.Values{"csrf": {csrf[1]}, "decision": {"deny"}}
		if tick != nil {
			form.Set("decision", "allow")
		}
		for _, m := range boxes.FindAllStringSubmatch(a.body, -1) {
			if field := html.UnescapeString(m[1]); tick != nil && tick(field) {
				form.Add("scope", field)
			}
		}
		a = w.do("POST", a.url.String(), "application/x-www-form-urlencoded", form.Encode())
	}
	w.t.Fatal("the request does not end")
	return a
}

func everything(string) bool { return true }

// told lets the platform tell what it has to.
func (w *world) told() {
	w.t.Helper()
	if _, err := w.site.Platform.Deliver(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) grant(a answer) string {
	w.t.Helper()
	path, ok := strings.CutPrefix(a.url.Path, "/receipts/")
	if !ok {
		w.t.Fatalf("the browser ended at %s, not at a receipt: %s", a.url, a.body)
	}
	return path
}

func TestTheRentalShowsYesAndNoAndNoDateOfBirth(t *testing.T) {
	for _, mode := range []Mode{Standard, FAPI2} {
		w := newWorldOf(t, mode)
		a := w.share("level2", everything)
		a.must(t, 200, "Đủ điều kiện thuê xe trực tuyến", "Đã đủ 18 tuổi</dt><dd><strong class=\"answer good\">Có<", "Được lái xe hạng B</dt><dd><strong class=\"answer good\">Có<",
			"999000000001", "Phường Mẫu", "đã được xác thực", "/issuer/police", "Không bị thu hồi lúc", "Biên nhận đồng ý", "chính bạn", "Số lần đã lấy</dt><dd>1<")
		for _, birth := range []string{"1990", "Ngày sinh", "Nguyễn Văn An"} {
			if strings.Contains(a.body, birth) {
				t.Errorf("the page shows %q, which was not asked for", birth)
			}
		}
		w.get("/receipts").must(t, 200, "Thuê xe tự lái", "Đang có hiệu lực", w.grant(a))
		w.get(a.url.Path+"?lang=en").must(t, 200, "18 years or older</dt><dd><strong class=\"answer good\">Yes<", "Agreed to", `<html lang="en">`)
		w.discreet()
	}
}

func TestAPartIsEnoughAndNobodyIsBlamed(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", func(field string) bool {
		return !strings.HasPrefix(field, "residence") && field != "driver-licence/points"
	})
	a.must(t, 200, "Bạn chỉ chia sẻ một phần; như vậy là đủ", "Không có trong câu trả lời", "trang này không biết và không hỏi", "Số điểm còn lại", "mang giấy tờ đến quầy")
	if strings.Contains(a.body, "Phường Mẫu") {
		t.Error("the page knows what was not shared")
	}
}

func TestARefusalSaysWhatElseCanBeDone(t *testing.T) {
	for name, tick := range map[string]func(string) bool{
		"everything refused":             nil,
		"the essential licence unticked": func(field string) bool { return strings.HasPrefix(field, "residence") },
	} {
		w := newWorld(t)
		a := w.share("level2", tick)
		a.must(t, 200, "Không có giấy tờ nào được chia sẻ", "bản giấy đến quầy", "Chọn lại")
		if strings.Contains(a.body, "Yêu cầu bị từ chối") || strings.Contains(a.body, `class="problem"`) {
			t.Errorf("%s: the page reads like a fault", name)
		}
		w.get("/receipts").must(t, 200, "chưa chia sẻ giấy tờ nào")
	}
}

func TestWhoMayNotDriveIsSentToTheCounter(t *testing.T) {
	w := newWorld(t)
	w.share("long-name", everything).must(t, 200, "Không có giấy tờ nào được chia sẻ") // has no licence: as if declined
	w = newWorld(t)
	a := w.share("no-app", everything) // the licence has run out
	a.must(t, 200, "Chưa thuê trực tuyến được", "chưa thể khẳng định", "Có<")
	w.post(a.url.Path+"/sign", nil).must(t, 403, "Chưa thuê trực tuyến được")
	w = newWorld(t)
	w.share("level1", everything).must(t, 403, "Công an xã/phường/đặc khu")
	w = newWorld(t)
	w.share("guardian", everything).must(t, 403, "đã thu hồi hoặc tạm dừng")
}

func TestAWithdrawalEmptiesThePageAtOnce(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", everything)
	grant := w.grant(a)
	w.get(a.url.Path+"/evidence.json").must200(t, `"documents"`)
	if err := w.site.Platform.WithdrawShare(t.Context(), "level2", grant); err != nil {
		t.Fatal(err)
	}
	w.told()
	b := w.get(a.url.Path)
	b.must(t, 200, "Bạn đã rút lại sự đồng ý", "Dữ liệu đã được xóa", "Tải biên nhận có chữ ký")
	for _, gone := range []string{"999000000001", "Phường Mẫu", "Lấy lại dữ liệu", "Đủ điều kiện", "evidence.json"} {
		if strings.Contains(b.body, gone) {
			t.Errorf("after the withdrawal the page has %q", gone)
		}
	}
	w.get("/receipts").must(t, 200, "Bạn đã rút lại sự đồng ý")
	w.get(a.url.Path+"/receipt.jwt").must200(t, ".")
	w.get(a.url.Path+"/evidence.json").must(t, 404)
	w.clock.Advance(25 * time.Hour)
	w.logIn("/receipts", "level2")
	c := w.post(a.url.Path+"/again", nil)
	c.must(t, 403, "thu hồi")
	if n := w.fetches("level2"); n != 1 {
		t.Errorf("%d fetches", n)
	}
	w.discreet()
}

// fetches is how often data was given out, as the citizen's page says.
func (w *world) fetches(handle string) (n int) {
	w.t.Helper()
	all, err := w.site.Platform.Shares(w.t.Context(), handle, 10)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range all {
		n += s.Fetches
	}
	return n
}

func (a answer) must200(t *testing.T, text string) {
	t.Helper()
	if a.status != 200 || !strings.Contains(a.body, text) || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s: status %d, %q", a.url.Path, a.status, a.header)
	}
}

func TestALockStopsUseUntilItIsOpened(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", everything)
	w.clock.Advance(25 * time.Hour)
	w.logIn("/receipts", "level2")
	w.get(a.url.Path).must(t, 200, "999000000001", "Lấy lại dữ liệu mới")
	lock := func(l platform.Locks) {
		if err := w.site.Platform.SetLocks(t.Context(), "level2", l); err != nil {
			t.Fatal(err)
		}
		w.told()
	}
	lock(platform.Locks{EID: true})
	b := w.get(a.url.Path)
	b.must(t, 200, "đang bị khóa", "không dùng và không lấy thêm dữ liệu")
	if strings.Contains(b.body, "999000000001") || strings.Contains(b.body, "Lấy lại dữ liệu") {
		t.Error("the page of somebody whose card is locked shows data")
	}
	w.post(a.url.Path+"/again", nil).must(t, 403, "đang bị khóa")
	lock(platform.Locks{})
	w.get(a.url.Path).must(t, 200, "999000000001")
	w.post(a.url.Path+"/again", nil).must(t, 200, "Số lần đã lấy</dt><dd>2<")
	w.post(a.url.Path+"/again", nil).must(t, 403, "Chưa đến kỳ lấy lại", "999000000001")
	if n := w.fetches("level2"); n != 2 {
		t.Errorf("%d fetches", n)
	}
	w.discreet()
}

func TestAPlatformThatIsSilentTooLongStopsUse(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", everything)
	w.clock.Advance(20 * time.Minute)
	w.get(a.url.Path).must(t, 200, "999000000001") // it was asked
	w.mute.Store(true)
	w.clock.Advance(20 * time.Minute)
	b := w.get(a.url.Path)
	b.must(t, 200, "Chưa kiểm tra được")
	if strings.Contains(b.body, "999000000001") {
		t.Error("data is used although nobody knows whether it may be")
	}
}

func TestAContractIsKeptAsADutyAndUsedNoMore(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", everything)
	w.post(a.url.Path+"/sign", nil).must(t, 200, "Đã ký hợp đồng", "Luật Thử Nghiệm")
	if err := w.site.Platform.WithdrawShare(t.Context(), "level2", w.grant(a)); err != nil {
		t.Fatal(err)
	}
	w.told()
	b := w.get(a.url.Path)
	b.must(t, 200, "Bạn đã rút lại sự đồng ý", "giữ riêng đến", "Luật Thử Nghiệm")
	if strings.Contains(b.body, "999000000001") {
		t.Error("what is only kept is shown")
	}
	file := w.get(a.url.Path + "/evidence.json")
	file.must200(t, `"hold"`)
	var e share.Evidence
	if err := json.Unmarshal([]byte(file.body), &e); err != nil || e.Withdrawn == nil || e.Hold == nil {
		t.Errorf("the evidence does not say so: %v", err)
	}
	w.clock.Advance(6 * 365 * 24 * time.Hour)
	w.logIn("/receipts", "level2")
	w.get(a.url.Path+"/evidence.json").must(t, 404)
}

func TestARevokedDocumentIsUsedNoMore(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", everything)
	if err := w.site.Platform.SetPaperStatus(t.Context(), "level2", document.DriverLicence, sdjwt.Invalid); err != nil {
		t.Fatal(err)
	}
	w.told()
	b := w.get(a.url.Path)
	b.must(t, 200, "Nơi cấp đã thu hồi", "Chưa thuê trực tuyến được", "Phường Mẫu")
	if strings.Contains(b.body, "999000000001") {
		t.Error("a revoked licence is shown")
	}
	w.clock.Advance(25 * time.Hour)
	w.logIn("/receipts", "level2")
	w.post(a.url.Path+"/again", nil).must(t, 403, "thu hồi")
}

func TestARevocationThatWasNotToldYetIsFoundOutWhenDataIsFetched(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", everything)
	w.clock.Advance(25 * time.Hour)
	w.logIn("/receipts", "level2")
	w.get(a.url.Path).must(t, 200, "999000000001") // asked for events just now
	if err := w.site.Platform.SetPaperStatus(t.Context(), "level2", document.DriverLicence, sdjwt.Invalid); err != nil {
		t.Fatal(err)
	}
	b := w.post(a.url.Path+"/again", nil)
	b.must(t, 403, "Nơi cấp đã thu hồi", "Phường Mẫu")
	if strings.Contains(b.body, "999000000001") {
		t.Error("a revoked licence is shown")
	}
}

func TestALicenceThatNobodyVerifiedRentsNoCar(t *testing.T) {
	w := newWorld(t)
	held, err := w.site.Platform.Papers(t.Context(), "level2")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range held {
		if p.Kind == document.DriverLicence {
			p.State = "pending"
			err = w.site.Platform.SetPaper(t.Context(), "level2", p)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	a := w.share("level2", everything)
	a.must(t, 200, "đang chờ xác thực", "Chưa thuê trực tuyến được")
	w.post(a.url.Path+"/sign", nil).must(t, 403)
}

func TestWhatIsUsedNoMoreIsNotInMemoryEither(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.Share("http://127.0.0.1:1/rental/callback", asking.Rental)
	answer, err := p.Ask("level2", cfg, asking.RentalRequest("", p.Now()))
	if err != nil {
		t.Fatal(err)
	}
	for sentence, c := range map[string]struct {
		hold       events.Hold
		used, kept bool
		event      events.Name
	}{
		"nothing happened":                {used: true, kept: true, event: events.PhoneChanged},
		"withdrawn":                       {event: events.ConsentWithdrawn},
		"the holder died":                 {kept: true, event: events.HolderDied}, // until the retention ends
		"withdrawn, a law wants it to be": {hold: contract(p.Now()), kept: true, event: events.ConsentWithdrawn},
	} {
		one, err := newConsent(answer)
		if err != nil {
			t.Fatal(err)
		}
		one.hold = c.hold
		var state events.State
		e := events.Event{Name: c.event, Issuer: p.Issuer(), Subject: answer.Subject(), Seq: answer.Sequence() + 1}
		if c.event == events.ConsentWithdrawn {
			e.Grant = answer.Grant()
		}
		if _, err := state.Apply(e); err != nil {
			t.Fatal(err)
		}
		one.settle(state, p.Now())
		if v := endedText(one); (v == nil) != c.used || v != nil && (strings.Contains(v.Advice.Vi, "0001") || strings.Contains(v.Advice.Vi, "đã được xóa") == c.kept) {
			t.Errorf("%s: the page says %+v", sentence, v)
		}
		if one.records.IsZero() == c.used || (one.evidence.Version != 0) != c.kept || one.signed == "" {
			t.Errorf("%s: used %v, kept %v", sentence, !one.records.IsZero(), one.evidence.Version != 0)
		}
	}
}

func TestTheSiteGivesUpAndTheRetentionEnds(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", everything)
	w.post(a.url.Path+"/give-up", nil).must(t, 200, "đã trả lại quyền truy cập", "Dữ liệu đã được xóa")
	all, err := w.site.Platform.Shares(t.Context(), "level2", 10)
	if err != nil || all[0].State != "given-up" {
		t.Errorf("the platform has %q", all[0].State)
	}
	w = newWorld(t)
	a = w.share("level2", everything)
	w.clock.Advance(31 * 24 * time.Hour)
	w.logIn("/receipts", "level2")
	w.get(a.url.Path).must(t, 200, "Đã hết thời hạn lưu giữ")
}

func TestReceiptsArePrivateAndFormsOfThisSiteOnly(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", everything)
	if x := w.do("POST", w.portal+a.url.Path+"/give-up", "", "", "Sec-Fetch-Site", "cross-site"); x.status != 403 {
		t.Errorf("another site's form: status %d", x.status)
	}
	w.get(a.url.Path).must(t, 200, "999000000001")
	w.post("/logout", nil)
	if to := w.redirect(a.url.Path); !strings.HasPrefix(to, w.site.Platform.Issuer()) {
		t.Errorf("the receipt is open to everybody: %q", to)
	}
	w.Jar, _ = cookiejar.New(nil)
	w.logIn("/profile", "namesake").must(t, 200)
	w.get(a.url.Path).must(t, 404)
	w.get(a.url.Path+"/receipt.jwt").must(t, 404)
	w.post(a.url.Path+"/give-up", nil).must(t, 404)
	w.get("/receipts").must(t, 200, "chưa chia sẻ giấy tờ nào")
}

func TestAnEventThatNobodySignedIsRefused(t *testing.T) {
	w := newWorld(t)
	a := w.share("level2", everything)
	x := w.do("POST", w.portal+"/rental/events", "application/secevent+jwt", "eyJhbGciOiJub25lIn0.e30.")
	if x.status != 400 {
		t.Errorf("status %d", x.status)
	}
	w.get(a.url.Path).must(t, 200, "999000000001")
}

func TestTheOldWiresHaveNoRental(t *testing.T) {
	w := newWorldOf(t, VNConnect)
	w.get("/rental").must(t, 404)
	if a := w.get("/"); strings.Contains(a.body, `href="/rental"`) {
		t.Error("a link leads to nothing")
	}
}
