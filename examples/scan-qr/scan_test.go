package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	fixtures = "../quickstart/testdata/"
	photo    = fixtures + "card.jpg"
	cardText = "999090000001|999000001|Nguyễn Văn An|14021990|Nam|Số 1 Đường Thử Nghiệm, Phường Mẫu, Tỉnh Ví Dụ|15082021"
	opaque   = "QmFzZTY0IG9mIHdoYXRldmVyIFZOZUlEJ3Mgb3duIGFwcCBkcmF3cyBpbiBpdHMgY29kZXM="
)

// verifying are the flags that make the photo pass.
var verifying = []string{"-issuer", "https://issuer.example", "-keys", fixtures + "issuer.jwks.json", "-accept-unchecked", "-now", "15/01/2026"}

// scan runs the program. Its last value is everything it wrote.
func scan(t *testing.T, stdin string, args ...string) (status int, out string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args = append([]string{"-used", t.TempDir()}, args...)
	status = run(context.Background(), args, strings.NewReader(stdin), &stdout, &stderr)
	return status, stdout.String() + stderr.String()
}

func with(more ...string) []string { return append(append([]string{}, verifying...), more...) }

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestVerdictsAndExitStatus(t *testing.T) {
	jpeg, text := content(t, photo), content(t, fixtures+"card.txt")
	cases := map[string]struct {
		stdin  string
		args   []string
		status int
		want   string
	}{
		"a photo":                   {"", with(photo), 0, "card.jpg: Đã xác minh"},
		"a photo, in English":       {"", with("-lang", "en", photo), 0, "card.jpg: Verified"},
		"a photo on standard input": {jpeg, with("-"), 0, "-: Đã xác minh"},
		"text on standard input":    {text + "\n", with("-"), 0, "-: Đã xác minh"},
		"text in a file":            {"", with(fixtures + "card.txt"), 0, "card.txt: Đã xác minh"},
		"text as an argument":       {"", with("-text", text), 0, "-text: Đã xác minh"},
		"twice":                     {"", with(photo, photo), 0, "\n\n"},

		"a forged code":               {"", with(fixtures + "card-forged.txt"), 1, "Chữ ký số không hợp lệ"},
		"a good and a forged code":    {"", with(photo, fixtures+"card-forged.txt"), 1, "Không hợp lệ"},
		"a forged code and a link":    {"https://example.org/", with(fixtures+"card-forged.txt", "-"), 1, "Chưa xác minh được"},
		"a year later":                {"", with("-now", "2027-01-16T00:00:00+07:00", photo), 1, "Đã hết hiệu lực"},
		"another issuer":              {"", with("-issuer", "https://other.example", photo), 1, "Không rõ nơi cấp"},
		"an audience that it has not": {"", with("-audience", "bank", photo), 1, "Cấp cho đơn vị hoặc giao dịch khác"},
		"a nonce that it has not":     {"", with("-nonce", "n", photo), 1, "Cấp cho đơn vị hoặc giao dịch khác"},

		"a day early":                 {"", with("-now", "14/01/2026", photo), 2, "kiểm tra giờ máy"},
		"status not accepted":         {"", with("-accept-unchecked=false", photo), 2, "Chưa xác minh được"},
		"no keys":                     {"", []string{photo}, 2, "chưa có khóa của nơi cấp"},
		"the text printed on a card":  {cardText, with("-"), 2, "-: Chỉ đọc, chưa xác thực"},
		"the same without any keys":   {"", []string{"-text", cardText}, 2, "Chỉ đọc, chưa xác thực"},
		"a damaged card text":         {"", []string{"-text", strings.Replace(cardText, "1402", "3102", 1)}, 2, "Không đọc được nội dung"},
		"a code of VNeID's own app":   {"", with("-text", opaque), 2, "bên thứ ba không kiểm tra được khi chưa kết nối chính thức"},
		"a link":                      {"", []string{"-text", "https://example.org/"}, 2, "Không phải mã QR của công dân"},
		"a picture without a code":    {"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02L\x01\x00;", with("-"), 2, "Không đọc được"},
		"two codes in one picture":    {"", with("../../qr/qrimage/testdata/refused/two.png"), 2, "several different codes"},
		"a file that is not there":    {"", with("nowhere.jpg"), 2, "Không mở được tệp"},
		"a good photo and no file":    {"", with(photo, "nowhere.jpg"), 2, "Đã xác minh"},
		"an input method in the code": {"", with("-text", strings.Replace(text, "A", "Â", 1)), 2, "Tắt bộ gõ"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			status, out := scan(t, c.stdin, c.args...)
			if status != c.status || !strings.Contains(strings.ToLower(out), strings.ToLower(c.want)) {
				t.Errorf("status %d, want %d and %q in:\n%s", status, c.status, c.want, out)
			}
		})
	}
}

func TestWrongUsage(t *testing.T) {
	for name, args := range map[string][]string{
		"nothing to scan":          {},
		"keys of nobody":           {"-keys", fixtures + "issuer.jwks.json", photo},
		"an issuer without keys":   {"-issuer", "https://issuer.example", photo},
		"two places of keys":       with("-jwks", "https://issuer.example/jwks", photo),
		"keys that are not there":  {"-issuer", "https://issuer.example", "-keys", "nowhere.json", photo},
		"keys that are no keys":    {"-issuer", "https://issuer.example", "-keys", photo, photo},
		"text and a file":          with("-text", "x", photo),
		"a language of its own":    with("-lang", "fr", photo),
		"a time of its own":        with("-now", "tomorrow", photo),
		"a flag that is not there": {"-quick", photo},
	} {
		status, out := scan(t, "", args...)
		if status != 2 || !strings.Contains(out, "scan-qr") && !strings.Contains(out, "usage") || strings.Contains(out, "Đã xác minh") {
			t.Errorf("%s: status %d:\n%s", name, status, out)
		}
	}
}

// Nothing personal but the last digits, unless asked for.
func TestPersonalDataIsShownOnPurpose(t *testing.T) {
	secrets := []string{"999090000001", "Nguyễn", "14/02/1990", "1990-02-14", "Phường Mẫu", "999000001"}
	for name, args := range map[string][]string{
		"verified":         with(photo),
		"verified, JSON":   with("-json", photo),
		"printed":          {"-text", cardText},
		"printed, JSON":    {"-json", "-text", cardText},
		"forged":           with(fixtures + "card-forged.txt"),
		"damaged printed":  {"-text", strings.Replace(cardText, "1402", "3102", 1)},
		"signed, no keys":  {fixtures + "card.txt"},
		"forged, in JSON":  with("-json", fixtures+"card-forged.txt"),
		"expired, English": with("-lang", "en", "-now", "01/01/2028", photo),
	} {
		_, out := scan(t, "", args...)
		for _, s := range secrets {
			if strings.Contains(out, s) {
				t.Errorf("%s shows %q:\n%s", name, s, out)
			}
		}
	}
	for name, args := range map[string][]string{"verified": with("-reveal", photo), "printed": {"-reveal", "-text", cardText}} {
		_, out := scan(t, "", args...)
		for _, s := range []string{"999090000001", "Nguyễn Văn An", "14/02/1990", "Phường Mẫu"} {
			if !strings.Contains(out, s) {
				t.Errorf("%s, revealed, lacks %q:\n%s", name, s, out)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	status, out := scan(t, cardText, with("-json", "-reveal", photo, fixtures+"card-forged.txt", "-")...)
	if status != 1 {
		t.Errorf("status %d", status)
	}
	var got []answer
	for decoder := json.NewDecoder(strings.NewReader(out)); decoder.More(); {
		var a answer
		if err := decoder.Decode(&a); err != nil {
			t.Fatal(err)
		}
		got = append(got, a)
	}
	if len(got) != 3 {
		t.Fatalf("%d answers:\n%s", len(got), out)
	}
	a := got[0]
	if a.Status != 0 || a.Verdict != "Đã xác minh" || a.Code != "card" || a.Number != "*********001" || a.Level != 2 ||
		a.Issuer != "https://issuer.example" || a.Holder != "device" || a.Checked == nil || *a.Checked || a.Kind != "" ||
		a.Symbol == nil || a.Symbol.Version != 14 || a.Person == nil || a.Person.Name != "Nguyễn Văn An" {
		t.Errorf("%+v", a)
	}
	if f := got[1]; f.Status != 1 || f.Kind != "bad signature" || f.Person != nil || f.Number != "" || f.Symbol != nil {
		t.Errorf("%+v", f)
	}
	if p := got[2]; p.Status != 2 || p.Code != "printed" || p.Person == nil || p.Issuer != "" || p.Checked != nil {
		t.Errorf("%+v", p)
	}
}

func TestKeysFromTheIssuer(t *testing.T) {
	keys := content(t, fixtures+"issuer.jwks.json")
	up := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !up {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte(keys))
	}))
	defer server.Close()
	args := []string{"-issuer", "https://issuer.example", "-jwks", server.URL, "-accept-unchecked", "-now", "15/01/2026", photo}
	if status, out := scan(t, "", args...); status != 0 {
		t.Errorf("status %d:\n%s", status, out)
	}
	up = false
	if status, out := scan(t, "", args...); status != 2 || !strings.Contains(out, "Chưa kiểm tra được, thử lại sau") {
		t.Errorf("without keys: status %d:\n%s", status, out)
	}
}

func TestNothingIsWrittenForACardCode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "used")
	if status, out := scan(t, "", with("-used", dir, photo)...); status != 0 {
		t.Fatal(out)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a card code was remembered")
	}
}

func TestFoldersTablesAndSummaries(t *testing.T) {
	dir := t.TempDir()
	inner := filepath.Join(dir, "inner")
	if err := os.Mkdir(inner, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"a.jpg": content(t, photo), "inner/b.txt": content(t, fixtures+"card-forged.txt"), "notes.md": "not looked at",
		"c.webp": content(t, "testdata/card.webp"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	status, out := scan(t, "", with("-lang", "en", dir)...)
	if status != 1 || !strings.Contains(out, "3 pictures or texts: 2 Verified, 1 Refused") && !strings.Contains(out, "2 Verified") {
		t.Errorf("status %d: %s", status, out)
	}
	if strings.Contains(out, "\r") {
		t.Error("a progress bar where there is no terminal")
	}
	status, out = scan(t, "", with("-csv", dir)...)
	rows, err := csv.NewReader(strings.NewReader(out[:strings.LastIndex(strings.TrimSpace(out), "\n")+1])).ReadAll()
	if err != nil || status != 1 || len(rows) != 4 || rows[0][0] != "source" {
		t.Fatalf("status %d, %v: %q", status, err, out)
	}
	for i, want := range [][2]string{{"a.jpg", "0"}, {"c.webp", "0"}, {"b.txt", "1"}} {
		if row := rows[i+1]; filepath.Base(row[0]) != want[0] || row[1] != want[1] || strings.Contains(strings.Join(row, " "), "999090000001") {
			t.Errorf("row %d: %q", i, row)
		}
	}
	if status, out := scan(t, "", with(inner+"/none")...); status != 2 || !strings.Contains(out, "Không mở được tệp") {
		t.Errorf("status %d: %s", status, out)
	}
	if status, _ := scan(t, "", with("-csv", "-json", dir)...); status != 2 {
		t.Errorf("a table and objects: status %d", status)
	}
	if status, out := scan(t, "", with(t.TempDir())...); status != 2 || !strings.Contains(out, "no pictures") {
		t.Errorf("an empty folder: status %d: %s", status, out)
	}
}

func TestNoNameBecomesAFormula(t *testing.T) {
	for name, want := range map[string]string{"=1+1.jpg": "'=1+1.jpg", "a.jpg": "a.jpg", "-": "-", "@x": "'@x"} {
		if got := cell(name); got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}
