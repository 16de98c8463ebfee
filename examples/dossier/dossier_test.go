package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// made is an answer with the keys that verify it.
type made struct {
	pins     []byte
	evidence []share.Evidence
}

// customer is made once: a platform, two answers, and one of somebody else.
var customer = sync.OnceValues(func() (made, error) {
	pins, evidence, err := exampleOf(context.Background(), "level2", "level2", "namesake")
	return made{pins, evidence}, err
})

// desk is an auditor's folder.
type desk struct {
	t   *testing.T
	dir string
	made
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	m, err := customer()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t, t.TempDir(), m}
	d.file("pins.json", m.pins)
	return d
}

func (d *desk) file(name string, content []byte) string {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// keep writes an evidence file, as edited.
func (d *desk) keep(name string, n int, edit func(*share.Evidence)) string {
	d.t.Helper()
	e := d.evidence[n]
	e.Documents = append([]string(nil), e.Documents...)
	if edit != nil {
		edit(&e)
	}
	text, err := json.Marshal(e)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.file(name, text)
}

func (d *desk) run(args ...string) (status int, out string) {
	d.t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(d.t.Context(), append([]string{"-pins", filepath.Join(d.dir, "pins.json")}, args...), &stdout, &stderr)
	return status, stdout.String() + stderr.String()
}

func in(n int) *share.Hold {
	day, _ := vneid.NewDate(time.Now().AddDate(n, 0, 0).Date())
	return &share.Hold{Basis: "Lưu giữ hợp đồng", Citation: "Luật Thử Nghiệm, Điều 2", Until: day}
}

func TestADossierIsVerifiedAgainAndSaysWhatMayBeKept(t *testing.T) {
	d := newDesk(t)
	gone := time.Now().Add(-time.Minute)
	for sentence, c := range map[string]struct {
		edit   func(*share.Evidence)
		status int
		texts  []string
	}{
		"as it was received": {nil, passed, []string{"Đã xác minh", "Được giữ và dùng", "không bị thu hồi", "trùng với khóa đã ghim", "Câu hỏi có/không: đã đủ 18 tuổi"}},
		"with a face match of the party's own": {func(e *share.Evidence) {
			e.Face = &share.FaceMatch{Engine: "X 1.0", Reference: "chip-dg2", Score: 0.9, Threshold: 0.8, Liveness: "ISO/IEC 30107-3", LivenessLevel: "2", At: gone, Operator: "Quầy 3"}
		}, passed, []string{"do bên sử dụng ghi nhận, không ai ký", "Quầy 3"}},
		"withdrawn, a duty stands": {func(e *share.Evidence) { e.Withdrawn, e.Hold = &gone, in(5) }, passed, []string{"CHỈ ĐƯỢC GIỮ", "rút lúc", "Luật Thử Nghiệm, Điều 2"}},
		"withdrawn":                {func(e *share.Evidence) { e.Withdrawn = &gone }, refused, []string{"Đã xác minh", "PHẢI XÓA"}},
		"the duty has ended":       {func(e *share.Evidence) { e.Withdrawn, e.Hold = &gone, in(-1) }, refused, []string{"PHẢI XÓA: nghĩa vụ"}},
		"one letter of a document": {func(e *share.Evidence) { e.Documents[0] = strings.Replace(e.Documents[0], "~", "A~", 1) }, refused, []string{"Không hợp lệ"}},
		"documents turned around":  {func(e *share.Evidence) { e.Documents[0], e.Documents[1] = e.Documents[1], e.Documents[0] }, refused, []string{"Không hợp lệ"}},
		"another answer's receipt": {func(e *share.Evidence) { e.Receipt = d.evidence[1].Receipt }, refused, []string{"Không hợp lệ"}},
		"another party's":          {func(e *share.Evidence) { e.Client = "somebody-else" }, refused, []string{"Cấp cho đơn vị hoặc giao dịch khác"}},
		"no status lists":          {func(e *share.Evidence) { e.Status = nil }, unknown, []string{"Chưa xác minh được"}},
	} {
		status, out := d.run(d.keep("e.json", 0, c.edit))
		if status != c.status {
			t.Errorf("%s: status %d, want %d\n%s", sentence, status, c.status, out)
		}
		for _, text := range c.texts {
			if !strings.Contains(out, text) {
				t.Errorf("%s: no %q in\n%s", sentence, text, out)
			}
		}
		if strings.Contains(out, "999000000001") || strings.Contains(out, "Phường Mẫu") {
			t.Errorf("%s: shows data that nobody asked to see", sentence)
		}
	}
}

func TestTheRetentionEndsWithoutAWord(t *testing.T) {
	d := newDesk(t)
	v, err := readPins(filepath.Join(d.dir, "pins.json"))
	if err != nil {
		t.Fatal(err)
	}
	name := d.keep("e.json", 0, nil)
	for days, want := range map[int]keeping{29: inForce, 31: mustGo} {
		o := &options{lang: ui.Vi, files: []string{name}, now: d.evidence[0].Verified.AddDate(0, 0, days)}
		if e := o.open(t.Context(), v).entries[0]; e.err != nil || e.keep != want {
			t.Errorf("after %d days: %v %v", days, e.keep, e.err)
		}
	}
}

func TestOnlyThePinnedKeysVerify(t *testing.T) {
	d := newDesk(t)
	name := d.keep("e.json", 0, nil)
	if status, out := d.run(name); status != passed {
		t.Fatal(out)
	}
	other, _, err := exampleOf(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Another platform's keys under the names of this one, as a forger would have them.
	mine, theirs := d.read(d.pins), d.read(other)
	mine.Platform.Keys = theirs.Platform.Keys
	d.pinsAre(mine)
	if status, out := d.run(name); status != refused {
		t.Errorf("verified by keys that are not pinned: %s", out)
	}
	mine = d.read(d.pins)
	for i := range mine.Issuers {
		mine.Issuers[i].Kinds = nil
	}
	d.pinsAre(mine)
	if status, out := d.run(name); status == passed {
		t.Errorf("an issuer that may sign nothing signed a licence: %s", out)
	}
	d.file("pins.json", []byte(`{"client":"a"}`))
	if status, _ := d.run(name); status != unknown {
		t.Error("a pins file without keys")
	}
}

func (d *desk) read(text []byte) (p pins) {
	d.t.Helper()
	if err := json.Unmarshal(text, &p); err != nil {
		d.t.Fatal(err)
	}
	return p
}

func (d *desk) pinsAre(p pins) {
	d.t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		d.t.Fatal(err)
	}
	d.file("pins.json", text)
}

func TestOneCustomerAtATime(t *testing.T) {
	d := newDesk(t)
	first, second := d.keep("a.json", 0, nil), d.keep("b.json", 1, nil)
	status, out := d.run(second, first)
	if status != passed || strings.Index(out, "a.json") > strings.Index(out, "b.json") {
		t.Errorf("status %d, or not in the order of time:\n%s", status, out)
	}
	if status, out := d.run(first, d.file("x.json", []byte("{}"))); status != unknown || !strings.Contains(out, "Đã xác minh") {
		t.Errorf("beside a file that cannot be read: %d\n%s", status, out)
	}
	if status, _ := d.run(first, filepath.Join(d.dir, "none.json")); status != unknown {
		t.Errorf("beside a file that is not there: %d", status)
	}
	if status, out := d.run(first, d.keep("c.json", 2, nil)); status != refused || !strings.Contains(out, "Hồ sơ của người khác") {
		t.Errorf("beside another person's file: %d\n%s", status, out)
	}
}

func TestItPrintsBothLanguagesJSONAndTheDataOnRequest(t *testing.T) {
	d := newDesk(t)
	name := d.keep("e.json", 0, func(e *share.Evidence) { e.Hold = in(1) })
	_, en := d.run("-lang", "en", "-reveal", name)
	for _, text := range []string{"Verified: Every signature", "Number: 999000000001", "Yes or no: 18 years or older: yes", "Kept under an obligation", "A project format"} {
		if !strings.Contains(en, text) {
			t.Errorf("no %q in\n%s", text, en)
		}
	}
	for _, reveal := range []bool{false, true} {
		args := []string{"-json", name}
		if reveal {
			args = []string{"-json", "-reveal", name}
		}
		status, text := d.run(args...)
		var a answer
		if err := json.Unmarshal([]byte(text), &a); err != nil || status != passed || a.Status != passed || len(a.Files) != 1 {
			t.Fatalf("%v\n%s", err, text)
		}
		f := a.Files[0]
		if f.Hold == nil || f.Receipt.Purpose.Code != asking.Rental.Code || len(f.Lines) < 8 || len(f.Documents) != 2 {
			t.Errorf("%+v", f)
		}
		if strings.Contains(text, "999000000001") != reveal || f.Documents[0].Holds["age>=18"] != reveal {
			t.Errorf("with -reveal %v the data is there: %v", reveal, !reveal)
		}
	}
}

func TestTheExampleIsWholeAndSaysWhatItIs(t *testing.T) {
	var stdout, stderr bytes.Buffer
	dir := filepath.Join(t.TempDir(), "new")
	if status := run(t.Context(), []string{"-example", dir}, &stdout, &stderr); status != passed {
		t.Fatalf("status %d\n%s%s", status, &stdout, &stderr)
	}
	for _, text := range []string{ui.Banner, "CHỈ ĐƯỢC GIỮ", "Được giữ và dùng", "Quầy 3"} {
		if !strings.Contains(stdout.String(), text) {
			t.Errorf("no %q", text)
		}
	}
	stdout.Reset()
	if status := run(t.Context(), []string{"-pins", filepath.Join(dir, "pins.json"), filepath.Join(dir, "rental.json")}, &stdout, &stderr); status != passed {
		t.Errorf("status %d\n%s", status, &stdout)
	}
	for _, bad := range [][]string{nil, {"x.json"}, {"-pins", "p", "-lang", "fr", "x"}, {"-pin", "http://a", "-example", "b"}} {
		if status := run(t.Context(), bad, &stdout, &stderr); status != unknown {
			t.Errorf("%q: status %d", bad, status)
		}
	}
}
