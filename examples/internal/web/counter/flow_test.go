package counter

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/examples/internal/relay"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/registers"
)

// form finds a form by its action and returns what its hidden fields say.
func hidden(t testing.TB, page, action string) url.Values {
	t.Helper()
	_, form, ok := strings.Cut(page, `action="`+action+`"`)
	if !ok {
		t.Fatalf("no form %s in %s", action, page)
	}
	form, _, _ = strings.Cut(form, "</form>")
	out := url.Values{}
	for _, m := range regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
		out.Set(m[1], html.UnescapeString(m[2]))
	}
	return out
}

// send posts a form of a page, with what somebody typed.
func (b *browser) send(page, action string, typed ...string) (*http.Response, string) {
	b.T.Helper()
	form := hidden(b.T, page, action)
	for i := 0; i < len(typed); i += 2 {
		form.Set(typed[i], typed[i+1])
	}
	return b.Post(action, form)
}

// receive opens a case and returns its page and address.
func (b *browser) receive(kind platform.CaseKind, handle string, more ...string) (page, at string) {
	b.T.Helper()
	who, _ := personas.Get(handle)
	_, home := b.Get("/counter")
	res, page := b.send(home, "/counter/cases", append([]string{"kind", string(kind), "number", who.Username()}, more...)...)
	if res.StatusCode != 200 || !strings.HasPrefix(res.Request.URL.Path, "/counter/cases/") {
		b.T.Fatalf("%s of %s: %d %s", kind, handle, res.StatusCode, page)
	}
	return page, res.Request.URL.Path
}

// steps does one step after the other; each has to lead back to the case.
func (b *browser) steps(page, at string, steps ...[]string) string {
	b.T.Helper()
	for _, s := range steps {
		res, next := b.send(page, at+"/"+s[0], s[1:]...)
		if res.StatusCode != 200 || res.Request.Method != "GET" || res.Request.URL.Path != at {
			b.T.Fatalf("%s: %d at %s: %s", s[0], res.StatusCode, res.Request.URL, next)
		}
		page = next
	}
	return page
}

var (
	stepContact  = []string{"contact", "phone", "0000000177"}
	stepChip     = []string{"chip", "card", cardOwn}
	stepCompared = []string{"compared", "face", "match", "finger", "missing"}
	stepAgreed   = []string{"agreed", "agree", "yes"}
	stepSubmit   = []string{"submit"}
	stepGrant    = []string{"grant"}
)

func TestAnOfficerBringsSomebodyToLevel2(t *testing.T) {
	o := open(t)
	b := o.as("can-bo-phuong")
	page, at := b.receive(platform.CaseCitizen, "level1")
	for _, want := range []string{"Trần Thị Bình", "Lý Văn Tiếp", "Công an Phường Mẫu", ui.Banner, "Tôi đồng ý đăng ký"} {
		if !strings.Contains(page, want) {
			t.Errorf("the case lacks %q", want)
		}
	}
	page = b.steps(page, at, stepContact, stepChip)
	if !strings.Contains(page, "Đã xác minh") || !strings.Contains(page, "Chữ ký của nơi cấp") || !strings.Contains(page, "Chip ký thử thách") || !strings.Contains(page, "DG13") {
		t.Errorf("the chip's verdict: %s", page)
	}
	page = b.steps(page, at, []string{"paper", "kind", "driver-licence", "number", "999000000002"}, []string{"paper", "kind", "passport", "number", "C9990001"})
	if !strings.Contains(page, "CSDL chuyên ngành có giấy tờ này") || !strings.Contains(page, "CSDL chuyên ngành không có") {
		t.Errorf("the papers: %s", page)
	}
	page = b.steps(page, at, []string{"papers", "kind", "driver-licence", "decision", "accept"}, []string{"papers", "kind", "passport", "decision", "refuse", "reason", "Không có trong CSDL"},
		stepCompared, stepAgreed, stepSubmit)
	if !strings.Contains(page, "Cơ sở dữ liệu quốc gia về dân cư") || !strings.Contains(page, "Trùng khớp") {
		t.Errorf("the databases: %s", page)
	}
	if _, home := b.Get("/counter"); !strings.Contains(home, at) || !strings.Contains(home, "Chờ quyết định") {
		t.Error("the queue lacks the case")
	}
	page = b.steps(page, at, stepGrant)
	if !strings.Contains(page, "notice ok") || !strings.Contains(page, "Đã tích hợp") || !strings.Contains(page, "Không có trong CSDL") {
		t.Errorf("the result: %s", page)
	}
	a, err := o.Account(t.Context(), "level1")
	if err != nil || a.Level != 2 || a.EIDIssued.IsZero() {
		t.Errorf("level %d %v", a.Level, err)
	}
	if _, done := b.Get("/counter/done"); !strings.Contains(done, at) {
		t.Error("not among what is decided")
	}
	if res, _ := b.Post(at+"/grant", url.Values{"rev": {"99"}, "key": {"k"}}); res.StatusCode != http.StatusConflict {
		t.Errorf("granted again: %d", res.StatusCode)
	}
}

func TestWhatLiesOnTheReaderShows(t *testing.T) {
	for card, want := range map[string]struct {
		status int
		text   string
	}{
		cardOther: {200, "Thẻ này của người khác"},
		cardCopy:  {200, "Chưa xác minh được"},
		cardAlien: {200, "chứng thư gốc"},
		cardGone:  {503, "đặt lại thẻ"},
		"nothing": {422, "chưa đúng định dạng"},
	} {
		o := open(t)
		b := o.as("can-bo-phuong")
		page, at := b.receive(platform.CaseCitizen, "level1")
		res, page := b.send(page, at+"/chip", "card", card)
		if res.StatusCode != want.status || !strings.Contains(page, want.text) || strings.Contains(page, "Công Tằng Tôn Nữ") || strings.Contains(page, "999197000021") {
			t.Errorf("%s: %d %s", card, res.StatusCode, page)
		}
		if strings.Contains(page, `class="badge ok">✓`) && card == "nothing" {
			t.Errorf("%s: a check was made", card)
		}
	}
}

// A telephone elsewhere lends its card over the relay, under the session that the page
// shows; the case has the verdict when it looks again.
func TestATelephoneLendsACard(t *testing.T) {
	issuer, err := chiptest.NewIssuer(chiptest.Authority{})
	if err != nil {
		t.Fatal(err)
	}
	o := open(t, chip.Anchor{Certificates: issuer.Anchor(), Country: "VN", Label: "test: telephone"})
	b := o.as("can-bo-phuong")
	page, at := b.receive(platform.CaseCitizen, "level1")
	page = b.steps(page, at, []string{"chip", "card", cardPhone})
	token := regexp.MustCompile(`Bearer (\w+)`).FindStringSubmatch(page)
	address := regexp.MustCompile(`ws://[\w.:/]+`).FindString(page)
	if token == nil || address == "" || !strings.Contains(page, "data-reload") {
		t.Fatalf("no session: %s", page)
	}
	card, err := chiptest.New(chiptest.Card{Person: "level1", Issuer: issuer})
	if err != nil {
		t.Fatal(err)
	}
	if err := relay.Lend(t.Context(), address, token[1], card); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for !strings.Contains(page, "Đã xác minh") && ctx.Err() == nil {
		_, page = b.Get(at)
	}
	if !strings.Contains(page, "Đã xác minh") || strings.Contains(page, token[1]) {
		t.Errorf("after the reading: %s", page)
	}
}

func TestACaseIsReadAndChangedByItsUnitAlone(t *testing.T) {
	o := open(t)
	b := o.as("can-bo-phuong")
	page, at := b.receive(platform.CaseCitizen, "level1")
	form := hidden(t, page, at+"/contact")
	form.Set("phone", "0000000199")
	for _, id := range []string{"can-bo-xa", "can-bo-tinh", "can-bo-huyen"} {
		other := o.as(id)
		if res, page := other.Get(at); res.StatusCode != http.StatusNotFound || strings.Contains(page, "Bình") {
			t.Errorf("%s reads it: %d", id, res.StatusCode)
		}
		if res, _ := other.Post(at+"/contact", form); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s changes it: %d", id, res.StatusCode)
		}
		if _, home := other.Get("/counter"); strings.Contains(home, at) {
			t.Errorf("%s has it in the queue", id)
		}
	}
	for _, id := range []string{"co-quan", "nhan-vien-portal"} {
		other := o.as(id)
		for _, path := range []string{"/counter", "/counter/done", at} {
			if res, _ := other.Get(path); res.StatusCode != http.StatusForbidden {
				t.Errorf("%s at %s: %d", id, path, res.StatusCode)
			}
		}
		for _, path := range []string{"/counter/cases", at + "/contact", at + "/grant"} {
			if res, _ := other.Post(path, form); res.StatusCode != http.StatusForbidden {
				t.Errorf("%s posts to %s: %d", id, path, res.StatusCode)
			}
		}
	}
	nobody := o.browser()
	for _, path := range []string{"/counter", "/counter/done", at} {
		if res, _ := nobody.Get(path); res.Request.URL.Path != "/staff/login" {
			t.Errorf("nobody is at %s", res.Request.URL)
		}
	}
	if res, _ := nobody.Post(at+"/contact", form); res.Request.URL.Path != "/staff/login" {
		t.Errorf("nobody posts: %s", res.Request.URL)
	}
	if res, _ := b.Post(at+"/contact", form, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site posts: %d", res.StatusCode)
	}
	if res, _ := b.Get(relayPath); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the relay without a token: %d", res.StatusCode)
	}
	if res, _ := b.Post(at+"/nonsense", form); res.StatusCode != http.StatusNotFound {
		t.Errorf("no such step: %d", res.StatusCode)
	}
}

func TestTheSecondOfficerIsToldAndTheDoubleClickIsNot(t *testing.T) {
	o := open(t)
	b, second := o.as("can-bo-phuong"), o.as("can-bo-phuong-2")
	page, at := b.receive(platform.CaseCitizen, "level1")
	_, other := second.Get(at)
	one, two := hidden(t, page, at+"/contact"), hidden(t, other, at+"/contact")
	one.Set("phone", "0000000177")
	two.Set("phone", "0000000188")
	b.Post(at+"/contact", one)
	if res, page := second.Post(at+"/contact", two); res.StatusCode != http.StatusConflict || !strings.Contains(page, "cán bộ khác") || !strings.Contains(page, "0000000188") {
		t.Errorf("the second officer: %d %s", res.StatusCode, page)
	}
	if res, page := b.Post(at+"/contact", one); res.StatusCode != 200 || strings.Contains(page, `role="alert"`) {
		t.Errorf("the same form again: %d", res.StatusCode)
	}
}

func TestFormsSayWhatIsWrongWithThem(t *testing.T) {
	o := open(t)
	b := o.as("can-bo-phuong")
	page, at := b.receive(platform.CaseCitizen, "minor")
	for step, typed := range map[string][]string{
		"contact":        {"phone", "", "email", ""},
		"representative": {"number", "999090000003"},
		"compared":       {"face", "match", "finger", ""},
		"agreed":         {},
		"paper":          {"kind", "health-record", "number", "1"},
	} {
		res, got := b.send(page, at+"/"+step, typed...)
		if res.StatusCode < 400 || !strings.Contains(got, `role="alert" id="problem"`) || !strings.Contains(got, "<title>Lỗi: ") {
			t.Errorf("%s: %d %s", step, res.StatusCode, got)
		}
	}
	_, home := b.Get("/counter")
	for number, want := range map[string]string{"999090000001": "Đã có", "999090000099": "Không tìm thấy", "999323000010": "Theo quy định", "999218000009": "Đang có một hồ sơ"} {
		res, page := b.send(home, "/counter/cases", "kind", "citizen", "number", number)
		if res.StatusCode < 400 || !strings.Contains(page, want) || !strings.Contains(page, `value="`+number+`"`) {
			t.Errorf("%s: %d, want %q in %s", number, res.StatusCode, want, page)
		}
	}
}

func TestAChildAForeignerAnOrganisation(t *testing.T) {
	o := open(t)
	b := o.as("can-bo-phuong")
	page, at := b.receive(platform.CaseCitizen, "minor")
	page = b.steps(page, at, []string{"representative", "number", "999191000011"}, stepContact, stepChip, stepCompared, stepAgreed, stepSubmit, stepGrant)
	if !strings.Contains(page, "notice ok") || !strings.Contains(page, "Vũ Thị Giang") {
		t.Errorf("the child: %s", page)
	}
	page, at = b.receive(platform.CaseOrganisation, "level2", "code", "9990000001", "organisation", "Công ty Ví Dụ")
	page = b.steps(page, at, stepContact, stepAgreed, stepSubmit)
	if res, got := b.send(page, at+"/grant"); res.StatusCode != http.StatusConflict || !strings.Contains(got, "xác minh") {
		t.Errorf("an organisation that nobody verified: %d", res.StatusCode)
	}
	page = b.steps(page, at, []string{"verified"}, stepGrant)
	if _, err := o.OrganisationOf(t.Context(), "9990000001"); err != nil || !strings.Contains(page, "notice ok") {
		t.Errorf("the organisation: %v %s", err, page)
	}
	x := o.as("can-bo-xnc")
	_, home := x.Get("/counter")
	if strings.Contains(home, `value="citizen"`) || !strings.Contains(home, `value="foreigner"`) {
		t.Errorf("what the immigration office receives: %s", home)
	}
	if res, page := x.send(home, "/counter/cases", "kind", "foreigner", "number", "99900000000020"); res.StatusCode != http.StatusConflict || !strings.Contains(page, "Đã có") {
		t.Errorf("a foreigner with level 2: %d", res.StatusCode)
	}
	district := o.as("can-bo-huyen")
	if _, home := district.Get("/counter"); strings.Contains(home, `action="/counter/cases"`) || !strings.Contains(home, "không còn tồn tại") || !strings.Contains(home, "Công an Phường Mẫu") {
		t.Errorf("a district of before: %s", home)
	}
}

func TestAnAnswerThatChangedIsShownWithTheRefusalToGrant(t *testing.T) {
	o := open(t)
	b := o.as("can-bo-phuong")
	page, at := b.receive(platform.CaseCitizen, "level1")
	page = b.steps(page, at, stepContact, stepChip, stepCompared, stepAgreed, stepSubmit)
	who, _ := personas.Get("level1")
	if err := o.SetEntry(t.Context(), registers.Cards, who.Username(), &registers.Entry{Record: who.Record, Revoked: true}); err != nil {
		t.Fatal(err)
	}
	res, page := b.send(page, at+"/grant")
	if res.StatusCode != http.StatusConflict || !strings.Contains(page, "Thẻ bị thu hồi hoặc bị giữ") {
		t.Errorf("%d %s", res.StatusCode, page)
	}
	page = b.steps(page, at, []string{"refuse", "reason", "card-revoked", "note", "Hãy làm thủ tục cấp lại thẻ"})
	if !strings.Contains(page, "Hãy làm thủ tục cấp lại thẻ") {
		t.Errorf("refused: %s", page)
	}
}

func TestEveryPageOfTheCounterIsWholeInBothLanguages(t *testing.T) {
	o := open(t)
	b := o.as("can-bo-phuong")
	page, at := b.receive(platform.CaseCitizen, "level1")
	b.steps(page, at, stepContact, stepChip)
	for _, path := range []string{"/staff/login", "/counter", "/counter/done", at, "/counter/cases/none"} {
		for _, lang := range []string{"vi", "en"} {
			res, page := b.Get(path + "?lang=" + lang)
			if !strings.Contains(page, ui.Banner) || !strings.Contains(page, `<html lang="`+lang+`">`) || strings.Contains(page, "<no value>") || strings.Contains(page, "cannot be drawn") {
				t.Errorf("%s in %s: %d %s", path, lang, res.StatusCode, page)
			}
			for _, m := range regexp.MustCompile(`<(input|select)[^>]*id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
				if !strings.Contains(page, `for="`+m[2]+`"`) {
					t.Errorf("%s: %s has no label", path, m[2])
				}
			}
			seen := map[string]bool{}
			for _, m := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(page, -1) {
				if seen[m[1]] {
					t.Errorf("%s: the id %s stands twice", path, m[1])
				}
				seen[m[1]] = true
			}
		}
	}
}

// The agency sees what waits and why; nobody else does.
func TestTheAgencySeesWhatIsLate(t *testing.T) {
	o := open(t)
	if err := o.Registers().Switch(registers.Cards, true); err != nil {
		t.Fatal(err)
	}
	who, _ := personas.Get("no-account")
	_, err := o.Apply(t.Context(), platform.AppForm{Key: strings.Repeat("k", 26), Number: who.Username(), Name: who.Record.Name, Birth: who.Record.Birth, Phone: "0000000106", Portrait: true})
	if err != nil {
		t.Fatal(err)
	}
	agency := o.as("co-quan")
	_, page := agency.Get("/counter/applications")
	if !strings.Contains(page, "Bùi Thị Vân") || !strings.Contains(page, "Cơ sở dữ liệu căn cước") || strings.Contains(page, who.Username()) {
		t.Errorf("what waits: %s", page)
	}
	if _, page = agency.Post("/counter/applications", nil); !strings.Contains(page, "Bùi Thị Vân") {
		t.Error("decided without a register")
	}
	if err := o.Registers().Switch(registers.Cards, false); err != nil {
		t.Fatal(err)
	}
	if _, page = agency.Post("/counter/applications", nil); strings.Contains(page, "Bùi Thị Vân") {
		t.Errorf("not decided: %s", page)
	}
	for _, id := range []string{"can-bo-phuong", "nhan-vien-portal"} {
		b := o.as(id)
		get, _ := b.Get("/counter/applications")
		post, _ := b.Post("/counter/applications", nil)
		if get.StatusCode != http.StatusForbidden || post.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d %d", id, get.StatusCode, post.StatusCode)
		}
	}
}

// The lab's clock may stand in another year: the chip is read by it, and the law, the
// units and the deadline are its.
func TestTheCounterInOtherYears(t *testing.T) {
	for at, want := range map[string][]string{
		"2023-04-28T09:00:00+07:00": {"ND59", "08/05/2023"}, // Hùng Kings, 30 April, 1 May
		"2024-02-07T09:00:00+07:00": {"ND59", "19/02/2024"}, // Tết
		"2024-07-01T09:00:00+07:00": {"ND69", "04/07/2024"},
		"2027-02-03T09:00:00+07:00": {"ND69", "15/02/2027"},
	} {
		o := open(t)
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		o.clock.Set(now)
		b := o.as("can-bo-xa")
		page, path := b.receive(platform.CaseCitizen, "level1")
		page = b.steps(page, path, stepContact, stepChip, stepCompared, stepAgreed, stepSubmit)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the case lacks %s", at, w)
			}
		}
		page = b.steps(page, path, stepGrant)
		if !strings.Contains(page, "notice ok") {
			t.Errorf("%s: %s", at, page)
		}
	}
}
