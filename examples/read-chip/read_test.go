package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

const number = "999090000001" // level2's

// read runs the program. What it asks and tells on the way is in questions.
func read(t *testing.T, stdin string, args ...string) (status int, out, questions string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(stdin), &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

// agreed are the flags of a script whose holder has agreed.
func agreed(more ...string) []string {
	return append([]string{"-yes", "-purpose", "Mở tài khoản"}, more...)
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("lacks %q:\n%s", p, text)
		}
	}
}

func TestAGenuineCardIsVerified(t *testing.T) {
	status, out, progress := read(t, "", agreed("-emulator", "level2")...)
	if status != passed {
		t.Fatalf("status %d:\n%s", status, out)
	}
	contains(t, out, ui.Banner, "emulator: Đã xác minh", "Chữ ký số hợp lệ, chip thật", "✓ Chip ký thử thách: đạt",
		"· Tình trạng thẻ tại cơ quan cấp: chưa có thông tin", "✓ Sự đồng ý của chủ thẻ: đạt, Mở tài khoản", "Chứng thư gốc do: test", "*********001")
	contains(t, progress, "SOD", "DG13", "95/95 B")
	if strings.Contains(out, number) || strings.Contains(out, "Nguyễn") || strings.Contains(progress, number) {
		t.Error("shows the person without -reveal")
	}
	if strings.Contains(progress, "DG2") {
		t.Error("reads the portrait that nobody wants")
	}
	_, out, _ = read(t, "", agreed("-emulator", "level2", "-reveal", "-lang", "en")...)
	contains(t, out, "emulator: Verified", "Full name: Nguyễn Văn An", number, "Ethnicity: Kinh", "Father: Nguyễn Văn Mẫu")
}

// private checks that others cannot read a file, where files tell.
func private(t *testing.T, name string) {
	t.Helper()
	if info, err := os.Stat(name); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		t.Error("others can read", filepath.Base(name), err)
	}
}

func TestConsentComesBeforeTheReading(t *testing.T) {
	for name, c := range map[string]struct {
		stdin string
		want  int
	}{
		"agreed":                   {"Mở tài khoản\n1\n", passed},
		"agreed at the second try": {"Mở tài khoản\nyes\n1\n", passed},
		"purpose at the second":    {"\nMở tài khoản\n1\n", passed},
		"refused":                  {"Mở tài khoản\n2\n", unknown},
		"no answer":                {"Mở tài khoản\n\n\n\n1\n", unknown},
		"no input":                 {"", unknown},
		"the input ends":           {"Mở tài khoản\n", unknown},
	} {
		status, out, questions := read(t, c.stdin, "-emulator", "level2")
		if status != c.want {
			t.Errorf("%s: status %d:\n%s", name, status, out)
		}
		if c.want == unknown {
			contains(t, out, "Chưa xác minh được", "Chủ thẻ chưa đồng ý")
			if strings.Contains(questions, "SOD") {
				t.Errorf("%s: the card was read", name)
			}
			continue
		}
		contains(t, questions, "Mục đích sử dụng: Mở tài khoản", "1 = Đồng ý chia sẻ   2 = Từ chối", "Không đọc ảnh chân dung")
	}
	_, _, questions := read(t, "x\n2\n", "-emulator", "level2", "-portrait", filepath.Join(t.TempDir(), "p"))
	contains(t, questions, "ảnh chân dung")
}

func TestTheAnswerForPrograms(t *testing.T) {
	dir := t.TempDir()
	portrait := filepath.Join(dir, "portrait.jpg")
	status, out, _ := read(t, "", agreed("-emulator", "level2", "-json", "-portrait", portrait)...)
	var a answer
	if err := json.Unmarshal([]byte(out), &a); err != nil || status != passed {
		t.Fatal(status, err)
	}
	if a.Status != passed || !a.Genuine || a.Anchor != "test" || a.Test != ui.Banner || a.Number != "*********001" || a.Person != nil || a.Details != nil {
		t.Errorf("%+v", a)
	}
	if len(a.Checks) < 16 || a.Claimed == nil || !strings.HasPrefix(a.Claimed.Protocol, "PACE-") || a.Portrait != "image/jpeg" {
		t.Errorf("%+v", a)
	}
	picture, err := os.ReadFile(portrait)
	if err != nil || !bytes.HasPrefix(picture, []byte{0xFF, 0xD8, 0xFF}) {
		t.Error("the portrait is no JPEG", err)
	}
	private(t, portrait)
	_, out, _ = read(t, "", agreed("-emulator", "level2", "-json", "-reveal")...)
	if err := json.Unmarshal([]byte(out), &a); err != nil || a.Person.ID != number || a.Details.Ethnicity != "Kinh" {
		t.Error("-reveal reveals nothing:", err)
	}
	status, out, _ = read(t, "", agreed("-emulator", "level2", "-json", "-fault", "sod-signature-wrong")...)
	a = answer{}
	if err := json.Unmarshal([]byte(out), &a); err != nil || status != refused || a.Check != "sod-signature" || a.Code != "bad-signature" || a.Number != "" {
		t.Errorf("%+v, %v", a, err)
	}
}

// saved reads a card of its own and returns its dump and anchor as files.
func saved(t *testing.T, c chiptest.Card) (dump, anchor string) {
	t.Helper()
	card, err := chiptest.New(c)
	if err != nil {
		t.Fatal(err)
	}
	access, err := chip.CAN(card.Access().CAN)
	if err != nil {
		t.Fatal(err)
	}
	v, err := chip.New(chip.Config{})
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := v.Challenge("a terminal elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	d, err := chip.Read(context.Background(), card, access, chip.ReadOptions{Challenge: &challenge, MaxResponse: extended})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	dump, anchor = filepath.Join(dir, "dump.json"), filepath.Join(dir, "csca.pem")
	if err := os.WriteFile(dump, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(anchor, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: card.Anchor()}), 0o600); err != nil {
		t.Fatal(err)
	}
	return dump, anchor
}

func TestADumpProvesDataAndNoChip(t *testing.T) {
	dump, anchor := saved(t, chiptest.Card{})
	status, out, _ := read(t, "", "-dump", dump, "-anchor", anchor, "-label", "provider: Ví Dụ")
	if status != unknown {
		t.Errorf("status %d", status)
	}
	contains(t, out, "Chưa xác minh được", "Dữ liệu gốc, chưa chứng minh chip thật", "Chứng thư gốc do: provider: Ví Dụ", "*********001",
		"? Chip ký thử thách: chưa kết luận được, chip không trả lời thử thách", "? Khóa của chip: chưa kết luận được, chỉ có giá trị với chương trình đã đọc thẻ")

	status, out, _ = read(t, "", "-dump", dump)
	if status != unknown {
		t.Errorf("without an anchor: status %d", status)
	}
	contains(t, out, "Chưa xác minh được", "Chưa có chứng thư gốc để đối chiếu")
	if strings.Contains(out, "*001") {
		t.Error("a number of nobody knows whom is shown")
	}

	_, other := saved(t, chiptest.Card{})
	if status, out, _ = read(t, "", "-dump", dump, "-anchor", other); status != unknown && status != refused {
		t.Errorf("under another anchor: status %d:\n%s", status, out)
	}
}

func TestAChangedDumpIsRefused(t *testing.T) {
	dump, anchor := saved(t, chiptest.Card{})
	text, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]json.RawMessage
	var files map[string][]byte
	if json.Unmarshal(text, &d) != nil || json.Unmarshal(d["files"], &files) != nil {
		t.Fatal("no dump")
	}
	files["DG13"][len(files["DG13"])-1] ^= 1
	d["files"], _ = json.Marshal(files)
	text, _ = json.Marshal(d)
	if err := os.WriteFile(dump, text, 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, _ := read(t, "", "-dump", dump, "-anchor", anchor)
	if status != refused {
		t.Errorf("status %d", status)
	}
	contains(t, out, "Không hợp lệ", "✗ Toàn vẹn dữ liệu: không đạt, dữ liệu khác lúc ký")
}

func TestWhatIsSavedIsReadAgain(t *testing.T) {
	dump := filepath.Join(t.TempDir(), "dump.json")
	if err := os.WriteFile(dump, []byte("old and longer than nothing"), 0o644); err != nil {
		t.Fatal(err)
	}
	if status, out, _ := read(t, "", agreed("-emulator", "level2", "-save", dump)...); status != passed {
		t.Fatal(out)
	}
	private(t, dump)
	status, out, _ := read(t, "", "-dump", dump)
	if status != unknown {
		t.Error(out)
	}
	contains(t, out, "✓ Chữ ký của nơi cấp: đạt")
}

func TestAWrongAccessNumberOpensNothing(t *testing.T) {
	status, out, _ := read(t, "", agreed("-emulator", "level2", "-can", "123456")...)
	if status != unknown {
		t.Errorf("status %d", status)
	}
	contains(t, out, "Chưa xác minh được", "Thẻ không mở bằng số CAN hoặc MRZ này")
	if status, _, _ := read(t, "", agreed("-emulator", "level2", "-can", number)...); status != passed {
		t.Error("the twin, by the personal number:", status)
	}
	zone := filepath.Join(t.TempDir(), "mrz")
	card, err := chiptest.New(chiptest.Card{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(zone, []byte(strings.Join(card.Access().MRZ, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, _ := read(t, "", agreed("-emulator", "level2", "-mrz", zone)...); status != passed {
		t.Error("by the machine-readable zone:", out)
	}
}

func TestATelephoneRelaysItsCard(t *testing.T) {
	status, out, _ := read(t, "", agreed("-emulator", "level2", "-phone", "127.0.0.1:0")...)
	if status != passed {
		t.Fatal(out)
	}
	contains(t, out, "Đã xác minh", "✓ Khóa của chip: đạt") // the keys are on this side
	status, out, _ = read(t, "", agreed("-emulator", "level2", "-phone", "127.0.0.1:0", "-fault", "card-gone")...)
	if status != unknown {
		t.Error(status, out)
	}
	if status, out, _ = read(t, "", agreed("-emulator", "level2", "-phone", "0.0.0.0:0")...); status != unknown || strings.Contains(out, "Đã xác minh") {
		t.Error("serves other machines without being told:", out)
	}
}

func TestNoReaderServiceIsSaidSo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: Windows has no socket to leave out")
	}
	nowhere := filepath.Join(t.TempDir(), "comm")
	status, out, _ := read(t, "", agreed("-can", "000001", "-socket", nowhere)...)
	if status != unknown {
		t.Errorf("status %d", status)
	}
	contains(t, out, "Chưa xác minh được", "Dịch vụ đầu đọc thẻ chưa chạy", "pcscd")
	status, _, told := read(t, "", "-list", "-socket", nowhere, "-lang", "en")
	if status != unknown {
		t.Errorf("-list: status %d", status)
	}
	contains(t, told, "Start pcscd")
}

func TestUsageThatCannotBeMeant(t *testing.T) {
	for _, args := range [][]string{
		{"-yes"}, {"file"}, {"-dump", "a", "-emulator", "b"}, {"-phone", "127.0.0.1:0", "-dump", "a"}, {"-fault", "clone"},
		{"-can", "1", "-mrz", "2"}, {"-label", "x"}, {"-lang", "fr"}, {"-now", "tomorrow"}, {"-dump", "a", "-save", "b"},
		{"-dump", "does-not-exist"}, agreed("-emulator", "nobody"), agreed("-emulator", "level2", "-fault", "nothing-such"),
		agreed("-emulator", "level2", "-anchor", "does-not-exist"), agreed("-emulator", "level2", "-can", "12345"), agreed("-emulator", "level2", "-mrz", "does-not-exist"),
	} {
		if status, out, told := read(t, "", args...); status != unknown || out != "" || told == "" {
			t.Errorf("%v: status %d, %q, %q", args, status, out, told)
		}
	}
}

func TestProgressOnAScreenGrowsInPlace(t *testing.T) {
	var out bytes.Buffer
	screen := newTerminal(strings.NewReader(""), &out, ui.Vi)
	screen.draws = true
	for _, e := range []chip.Event{
		{Step: "PACE"}, {Step: "read", File: "SOD"}, {Step: "read", File: "SOD", Read: 50, Size: 100}, {Step: "read", File: "SOD", Read: 100, Size: 100},
		{Step: "read", File: "DG2", Read: 25, Size: 100},
	} {
		screen.progress(e)
	}
	screen.endLine()
	screen.endLine()
	want := "\rSOD         ████████████░░░░░░░░░░░░ 50/100 B\rSOD         ████████████████████████ 100/100 B\n\rDG2         ██████░░░░░░░░░░░░░░░░░░ 25/100 B\n"
	if out.String() != want {
		t.Errorf("%q", out.String())
	}
}
