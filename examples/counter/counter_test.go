package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/local"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// come runs the command.
func come(t *testing.T, args ...string) (status int, out string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), args, &stdout, &stderr)
	return status, stdout.String() + stderr.String()
}

func TestVisitsEndAsTheyMust(t *testing.T) {
	for args, c := range map[string]struct {
		status int
		texts  []string
	}{
		"":                        {passed, []string{"Đã xác minh: Cùng một người", "so khuôn mặt", "KHÔNG chứng minh", "Điều 33.2 không"}},
		"-reissued":               {passed, []string{"Đã xác minh", "Điều 33.2", "số cũ của cùng người", "đề nghị cấp đổi thẻ"}},
		"-card namesake":          {refused, []string{"Không hợp lệ: Bằng chứng của nhiều người", "của người khác", "cầm nhầm"}},
		"-clone":                  {unknown, []string{"Chưa xác minh được", "chưa chứng minh chip thật"}},
		"-clone -card namesake":   {unknown, []string{"Chưa xác minh được", "chưa chứng minh chip thật"}}, // nothing is read out of a copy
		"-used":                   {refused, []string{"Không hợp lệ: Một bằng chứng", "Mã đã được sử dụng"}},
		"-decline":                {passed, []string{"Không được chia sẻ", "có quyền không chia sẻ", "Đã xác minh: Cùng một người"}},
		"-person old-cmnd":        {passed, []string{"Đã xác minh: Cùng một người"}},
		"-person eid-locked":      {refused, []string{"đang bị khóa"}},
		"-person teen":            {unknown, []string{"Chưa xác minh được"}}, // a representative has to agree
		"-lang en":                {passed, []string{"Verified: One person in all", "does NOT prove: who holds the screen"}},
		"-person nobody":          {unknown, nil},
		"-card foreigner":         {unknown, nil},
		"-lang fr":                {unknown, nil},
		"-person birth-year-only": {passed, []string{"Đã xác minh"}},
	} {
		status, out := come(t, strings.Fields(args)...)
		if status != c.status {
			t.Errorf("%q: status %d, want %d\n%s", args, status, c.status, out)
		}
		for _, text := range c.texts {
			text, without := strings.CutSuffix(text, " không")
			if strings.Contains(out, text) == without {
				t.Errorf("%q: %q in it is %v\n%s", args, text, !without, out)
			}
		}
		for _, private := range []string{"999090000001", "Nguyễn Văn An", "14/02/1990"} {
			if strings.Contains(out, private) {
				t.Errorf("%q: shows %q without being asked to", args, private)
			}
		}
	}
}

func TestValuesAreShownOnRequestAndTheNumberNever(t *testing.T) {
	_, out := come(t, "-reissued", "-reveal")
	for _, text := range []string{"được dùng: *********901", "số cũ của cùng người: *********001", "trùng khớp: Nguyễn Văn An", "được dùng: Số 9 Đường Mới"} {
		if !strings.Contains(out, text) {
			t.Errorf("no %q in\n%s", text, out)
		}
	}
	if strings.Contains(out, "999090000") {
		t.Error("shows a whole number")
	}
}

// shown is a piece as if it had been verified.
func shown(r rank, record vneid.Record) piece {
	p := piece{rank: r, verified: r != printed, record: record}
	p.Verdict.Class = "good"
	p.history.Current, _ = vneid.ParseCitizenID(record.ID)
	for _, n := range record.FormerIDs {
		id, _ := vneid.ParseCitizenID(n)
		p.history.Former = append(p.history.Former, id)
	}
	return p
}

func TestTheElectronicIdentityCardCountsWhereTheyDiffer(t *testing.T) {
	day := func(s string) vneid.Date { d, _ := vneid.ParseDate(s); return d }
	eid := vneid.Record{ID: "999090000901", FormerIDs: []string{"999090000001"}, Name: "Nguyễn Thị Hằng", Birth: day("1990-02-14"), CardExpires: day("2040-01-01")}
	for sentence, c := range map[string]struct {
		chip   func(*vneid.Record)
		row    int
		how    how
		status int
	}{
		"the same":                           {func(*vneid.Record) {}, 0, same, passed},
		"the number of before":               {func(r *vneid.Record) { r.ID, r.FormerIDs = "999090000001", nil }, 0, former, passed},
		"a number that came after":           {func(r *vneid.Record) { r.ID, r.FormerIDs = "999090000905", []string{"999090000901"} }, 0, former, passed},
		"another's number":                   {func(r *vneid.Record) { r.ID = "999090000002"; r.FormerIDs = nil }, 0, stranger, refused},
		"a name without diacritics":          {func(r *vneid.Record) { r.Name = "NGUYEN THI HANG" }, 1, nearly, unknown},
		"a name with other diacritics":       {func(r *vneid.Record) { r.Name = "Nguyễn Thị Hạng" }, 1, nearly, unknown},
		"another name":                       {func(r *vneid.Record) { r.Name = "Trần Thị Hằng" }, 1, differs, unknown},
		"the year of birth alone":            {func(r *vneid.Record) { r.Birth = day("1990") }, 2, same, passed},
		"another day of birth":               {func(r *vneid.Record) { r.Birth = day("1990-02-15") }, 2, differs, unknown},
		"no date of birth":                   {func(r *vneid.Record) { r.Birth = vneid.Date{} }, 2, absent, passed},
		"an expiry that the card had before": {func(r *vneid.Record) { r.CardExpires = day("2030-01-01") }, 5, differs, passed},
	} {
		record := eid
		c.chip(&record)
		got := compare([]piece{shown(card, record), shown(electronicID, eid)}) // whatever the order
		if got.Rows[c.row].Cells[1].How != counts || got.Rows[c.row].Cells[0].How != c.how {
			t.Errorf("%s: the card's is %v, the other %v", sentence, got.Rows[c.row].Cells[0].How, got.Rows[c.row].Cells[1].How)
		}
		if got.status() != c.status {
			t.Errorf("%s: status %d, want %d: %v", sentence, got.status(), c.status, got.Verdict.Reason)
		}
	}
}

func TestUnsignedTextDecidesNothing(t *testing.T) {
	an := vneid.Record{ID: "999090000001", Name: "Nguyễn Văn An"}
	if c := compare([]piece{shown(printed, an)}); c.status() != unknown || c.Rows[0].Cells[0].How != open {
		t.Errorf("text alone: %d %v", c.status(), c.Rows[0].Cells[0].How)
	}
	wrong := an
	wrong.Name = "Trần Văn Giả"
	if c := compare([]piece{shown(card, an), shown(printed, wrong)}); c.status() != passed || c.Rows[1].Cells[1].How != differs {
		t.Error("a wrong name that anybody can print has a say")
	}
	wrong.ID = "999090000002"
	if c := compare([]piece{shown(card, an), shown(printed, wrong)}); c.status() != unknown {
		t.Errorf("another's print beside one's own chip: %d", c.status())
	}
}

func TestThePageShowsTheSame(t *testing.T) {
	h, err := newPage("http://127.0.0.1:8092")
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "http://127.0.0.1:8092"+path, nil)
		h.ServeHTTP(w, r)
		return w
	}
	for path, c := range map[string]struct {
		status int
		texts  []string
	}{
		"/":                                {200, []string{"Người đến quầy", "level2", `<html lang="vi">`}},
		"/?person=level2&card=":            {200, []string{"Đã xác minh", "*********001", "Không chứng minh:", "Nguyễn Văn An", "Họ và tên (5 bằng chứng)"}},
		"/?person=level2&card=&reissued=":  {200, []string{"số cũ của cùng người", "*********901", "checked"}},
		"/?person=level2&card=namesake":    {200, []string{"Bằng chứng của nhiều người", "của người khác"}},
		"/?person=level2&decline=&lang=en": {200, []string{"Not shared", "Nobody has to share", `<html lang="en">`}},
		"/?person=nobody":                  {http.StatusBadRequest, []string{"Không có người như vậy"}},
	} {
		w := get(path)
		body := w.Body.String()
		if w.Code != c.status {
			t.Errorf("%s: status %d", path, w.Code)
		}
		for _, text := range append(c.texts, ui.Banner) {
			if !strings.Contains(body, text) {
				t.Errorf("%s: no %q", path, text)
			}
		}
		if strings.Contains(body, "999090000001") || strings.Contains(body, "<script>") || strings.Contains(body, " style=") {
			t.Errorf("%s: shows a whole number, or what its policy forbids", path)
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
}

func TestEveryListedGuestCanCome(t *testing.T) {
	all := guests()
	if len(all) < 8 {
		t.Fatalf("%d guests", len(all))
	}
	for _, g := range all {
		v := visit{Person: g.Handle}
		if !v.possible() {
			t.Errorf("%s is listed and cannot come", g.Handle)
		}
		if found, err := v.collect(t.Context()); err != nil || len(found) < 4 {
			t.Errorf("%s: %d pieces, %v", g.Handle, len(found), err)
		}
	}
}

func TestAnElectronicIdentityCardThatWaitsToBeVerifiedCountsForNothing(t *testing.T) {
	for state, want := range map[string]bool{"verified": true, "pending": false} {
		s := startScene(t)
		held, err := s.Site.Platform.Papers(t.Context(), s.Person)
		for _, p := range held {
			if p.Kind == document.ElectronicID && err == nil {
				p.State = state
				err = s.Site.Platform.SetPaper(t.Context(), s.Person, p)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.shared(t.Context(), "")
		if err != nil || p.verified != want || (p.record.Name != "") != want {
			t.Errorf("%s: verified %v, %v", state, p.verified, err)
		}
	}
}

// startScene is level2 at the counter, before they showed anything.
func startScene(t *testing.T) *scene {
	t.Helper()
	ask, err := web.Asking(local.Callback)
	if err != nil {
		t.Fatal(err)
	}
	p, err := local.Start(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	s := &scene{visit: visit{Person: "level2"}, Platform: p}
	s.who, _ = personas.Get(s.Person)
	return s
}
