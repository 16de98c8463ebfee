package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestTheStoryEndsAsPromised(t *testing.T) {
	rows, err := tell(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]string{ // verdict, who or why not
		{"Đã xác minh", "Nguyễn Văn An, *********001"},
		{"Đã xác minh", "Nguyễn Văn An, *********001"},
		{"Không hợp lệ", "Mã đã được sử dụng"},
		{"Đã xác minh", "Nguyễn Văn An, *********001"},
		{"Đã xác minh", "Nguyễn Văn An, *********001"},
		{"Đã xác minh", "đã đủ 18 tuổi: có; được lái xe hạng B: có; số ********001"},
		{"Chỉ đọc, chưa xác thực", "Mã QR in trên thẻ không có chữ ký"},
		{"Không hợp lệ", "Chữ ký số không hợp lệ"},
		{"Không hợp lệ", "Đã hết hiệu lực"},
		{"Không hợp lệ", "Không rõ nơi cấp"},
		{"Chưa xác minh được", "Dữ liệu gốc, chưa chứng minh chip thật"},
		{"Không hợp lệ", "Cấp cho đơn vị hoặc giao dịch khác"},
		{"Chưa xác minh được", "Không có gì được chia sẻ; đó là quyền của họ"},
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i, r := range rows {
		why := r.Verdict.Reason.Vi
		if r.About.Vi != "" {
			why = r.About.Vi
		}
		if got := [2]string{r.Verdict.Word.Vi, why}; got != want[i] {
			t.Errorf("%s: %q, want %q", r.Evidence.Vi, got, want[i])
		}
		if (r.Err == nil) != (r.About.Vi != "" || r.Verdict.Word.Vi == "Chỉ đọc, chưa xác thực") {
			t.Errorf("%s: verdict and error disagree", r.Evidence.Vi)
		}
	}
	if login := rows[0].Proof.Vi; !strings.Contains(login, "Tài khoản mức độ 2, Xác thực mức độ 2") {
		t.Errorf("the login proved %q", login)
	}
	if photo := rows[3].Proof; !strings.Contains(photo.Vi, "chưa tra cứu") || !strings.Contains(photo.En, "nobody looked") {
		t.Errorf("the card's code passes without a word on its status: %q", photo)
	}
	asked := rows[5].Proof
	for _, proof := range []string{"/issuer/police", "đã được xác thực", "biên nhận ", "không bị thu hồi lúc "} {
		if !strings.Contains(asked.Vi, proof) {
			t.Errorf("the data request shows no %q: %q", proof, asked.Vi)
		}
	}
	for _, lang := range []ui.Lang{ui.Vi, ui.En} {
		checkTable(t, lang, rows)
	}
}

func TestASurpriseEndsTheStory(t *testing.T) {
	out := func(err error) func(context.Context) (row, error) {
		return func(context.Context) (row, error) { return row{Err: err}, nil }
	}
	for name, c := range map[string]chapter{
		"a verified one was refused":           {"x", nil, out(vneid.ErrSignature)},
		"a refused one was verified":           {"x", vneid.ErrSignature, out(nil)},
		"it was refused for another reason":    {"x", vneid.ErrSignature, out(vneid.ErrExpired)},
		"the chapter could not be told at all": {"x", nil, func(context.Context) (row, error) { return row{}, errors.New("no") }},
	} {
		twin := chapter{"twin", vneid.ErrSignature, out(vneid.ErrSignature)}
		rows, err := play(t.Context(), []chapter{twin, c})
		if err == nil || len(rows) != 1 {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

// checkTable looks at the table as a person sees it.
func checkTable(t *testing.T, lang ui.Lang, rows []row) {
	t.Helper()
	var out bytes.Buffer
	show(&out, lang, rows)
	if strings.Contains(out.String(), "999090000001") {
		t.Error("the table shows a whole number")
	}
	if !strings.HasPrefix(out.String(), ui.Banner) {
		t.Error("the table lacks the banner")
	}
	for _, r := range rows {
		for _, text := range []ui.Text{r.Evidence, r.Verdict.Word, r.Proof} {
			first, _, _ := strings.Cut(text.In(lang), " ")
			if first == "" || !strings.Contains(out.String(), first) {
				t.Errorf("%s: the table lacks %q", lang, text.In(lang))
			}
		}
	}
	for l := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(l, "\n")); n > 100 {
			t.Errorf("%s: a line is %d characters wide", lang, n)
		}
	}
}

func TestWrapKeepsEveryWord(t *testing.T) {
	const text = "Số định danh cá nhân và một-từ-rất-dài-hơn-cả-cột"
	lines := wrap(text, 12)
	if strings.Join(lines, " ") != text {
		t.Errorf("got %q", lines)
	}
	for _, l := range lines {
		if strings.Contains(l, " ") && utf8.RuneCountInString(l) > 12 {
			t.Errorf("%q is too wide", l)
		}
	}
}

func TestTheBrowserReadsFormsAsPagesHaveThem(t *testing.T) {
	const html = `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Đăng nhập &amp; hơn</title></head>
<body><form method="post" action="/a?x=1&amp;y=2"><input type="hidden" name="csrf" value="a&quot;b"><input type="text" name="username" required>
<label><input type="checkbox" name="scope" value="phone"> x</label><button name="decision" value="allow">ok</button></form>
<form action="/b"><input type="password" name="password"></form></body></html>`
	p := &page{}
	if err := p.read(strings.NewReader(html)); err != nil {
		t.Fatal(err)
	}
	if p.title != "Đăng nhập & hơn" || len(p.forms) != 2 {
		t.Fatalf("title %q, %d forms", p.title, len(p.forms))
	}
	f := p.forms[0]
	if f.action != "/a?x=1&y=2" || f.fill().Get("csrf") != `a"b` || !f.has("username") || f.has("csrf") || f.has("password") {
		t.Errorf("form is %+v", f)
	}
	if f.boxes[0] != [2]string{"scope", "phone"} || f.buttons[0] != [2]string{"decision", "allow"} {
		t.Errorf("boxes %v, buttons %v", f.boxes, f.buttons)
	}
}
