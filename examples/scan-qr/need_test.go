package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	codesDir   = "../../qr/testdata/"
	bundlesDir = "../../vneid/trustbundle/testdata/"
	thatDay    = "2026-01-15T03:00:00Z" // of the foreign fixtures
)

// fixture is a member of a JSON file.
func fixture(t *testing.T, file, member string) string {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(content(t, file)), &v); err != nil {
		t.Fatal(err)
	}
	text, _ := v[member].(string)
	if text == "" {
		t.Fatalf("%s has no %s", file, member)
	}
	return text
}

func code(t *testing.T, name string) string { return fixture(t, codesDir+name+".json", "text") }

// offline are the flags of a machine without a network, that has never seen a bundle.
func offline(t *testing.T, bundle string, more ...string) []string {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", os.Getenv("XDG_CACHE_HOME"))
	file := filepath.Join(t.TempDir(), "kiosk.bundle")
	if err := os.WriteFile(file, []byte(fixture(t, bundlesDir+bundle+".json", "file")), 0o600); err != nil {
		t.Fatal(err)
	}
	return append([]string{"-bundle", file, "-bundle-key", bundlesDir + "pinned.json", "-now", thatDay}, more...)
}

func TestAnInspectionTakesOneDocumentAndNothingElse(t *testing.T) {
	for _, v := range []struct {
		need, code string
		status     int
		says       string
	}{
		{"licence", "accepted/vn1-doc-licence", 0, "Giấy phép lái xe"},
		{"licence", "accepted/jws-doc-licence", 0, "Giấy phép lái xe"},
		{"vehicle", "accepted/vn1-doc-vehicle", 0, "Nhãn hiệu: VÍ DỤ MẪU 1"},
		{"health-card", "accepted/vn1-doc-health", 0, "Mức hưởng: 80 %"},
		{"identity", "accepted/vn1-dynamic", 0, "Mã QR định danh"},
		{"licence", "accepted/vn1-dynamic", 1, "Mời công dân mở mã của: Giấy phép lái xe"},
		{"licence", "accepted/vn1-doc-vehicle", 1, "Mời công dân mở mã của: Giấy phép lái xe"},
		{"identity", "accepted/vn1-doc-licence", 1, "Mời công dân mở mã của: định danh"},
		{"licence", "refused/vn1-doc-pending", 2, "Xuất trình bản giấy"},
		{"licence", "refused/jws-doc-unverified", 2, "Xuất trình bản giấy"},
		{"licence", "refused/vn1-doc-over", 1, "Đã hết hiệu lực"},
		{"licence", "refused/vn1-doc-state-absent", 2, "Không đọc được"},
	} {
		status, out := scan(t, "", offline(t, "accepted/bundle", "-need", v.need, "-text", code(t, v.code))...)
		if status != v.status || !strings.Contains(out, v.says) || (status == 0) != strings.Contains(out, "Đã xác minh") {
			t.Errorf("%s of %s: status %d:\n%s", v.need, v.code, status, out)
		}
	}
}

func TestWhoNamesAnIssuerTrustsItForWhatIsNeeded(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys.json")
	var doc map[string]json.RawMessage
	if err := json.Unmarshal([]byte(content(t, codesDir+"keys.json")), &doc); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keys, doc["qr"], 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-issuer", "https://qr.vneid.example", "-keys", keys, "-now", thatDay, "-lang", "en", "-text", code(t, "accepted/vn1-doc-licence")}
	status, out := scan(t, "", append([]string{"-need", "licence"}, args...)...)
	for _, want := range []string{"Verified", "Driving licence", "*********001", "Class: A1", "Class: C1 – số tự động", "Points left: 12", "checked on this machine only"} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("status %d, no %q:\n%s", status, want, out)
		}
	}
	for _, secret := range []string{"999190000001", "Trần", "1990", "2035", "Phòng"} {
		if strings.Contains(out, secret) {
			t.Errorf("shows %q:\n%s", secret, out)
		}
	}
	_, out = scan(t, "", append([]string{"-need", "licence", "-reveal"}, args...)...)
	for _, want := range []string{"999190000001", "Trần Thị Thử Nghiệm", "31/01/1990", "C1, until 04/03/2030"} {
		if !strings.Contains(out, want) {
			t.Errorf("revealed, no %q:\n%s", want, out)
		}
	}
	if status, out := scan(t, "", append([]string{"-need", "vehicle"}, args...)...); status != 1 {
		t.Errorf("a licence where a vehicle's registration is needed: status %d:\n%s", status, out)
	}
}

func TestTheJSONOfADocument(t *testing.T) {
	said := func(name string, more ...string) (raw map[string]any, out string) {
		t.Helper()
		_, out = scan(t, "", offline(t, "accepted/bundle", append(more, "-json", "-need", "licence", "-text", code(t, name))...)...)
		if err := json.Unmarshal([]byte(out), &raw); err != nil {
			t.Fatal(err)
		}
		return raw, out
	}
	a, out := said("accepted/vn1-doc-licence")
	if a["code"] != "document" || a["document"] != "driver-licence" || a["once_online"] != false || a["claims"] != nil || a["number"] != nil || a["show_paper"] != nil {
		t.Error(out)
	}
	if _, out := said("accepted/vn1-doc-licence", "-reveal"); !strings.Contains(out, `"claims":{"number":"999190000001"`) {
		t.Error(out)
	}
	if a, out := said("refused/vn1-doc-pending"); a["show_paper"] != true || a["status"] != 2.0 || a["kind"] != "level too low" {
		t.Error(out)
	}
}

func TestAMachineWithoutANetworkSaysWhatItCannotKnow(t *testing.T) {
	const here = "chỉ kiểm tra tại máy này"
	_, out := scan(t, "", offline(t, "accepted/bundle", "-text", code(t, "accepted/vn1-dynamic"))...)
	if !strings.Contains(out, here) {
		t.Errorf("a one-time code:\n%s", out)
	}
	status, out := scan(t, "", offline(t, "accepted/bundle", "-text", code(t, "accepted/vn1-card"))...)
	if status != 0 || strings.Contains(out, here) || strings.Contains(out, "chưa kiểm tra") {
		t.Errorf("a card code, whose status list is in the bundle: status %d:\n%s", status, out)
	}
	if status, _ := scan(t, "", offline(t, "accepted/empty", "-text", code(t, "accepted/vn1-card"))...); status != 2 {
		t.Errorf("a bundle that trusts nobody: status %d", status)
	}
}

func TestABundleThatDoesNotOpenLetsNothingPass(t *testing.T) {
	for name, says := range map[string]string{
		"refused/stranger": "the signature is wrong", "refused/life": "31 days", "refused/kid": "none of the issuer's keys fits", "refused/cut": "trustbundle: ",
	} {
		status, out := scan(t, "", offline(t, name, "-text", code(t, "accepted/vn1-dynamic"))...)
		if status != 2 || !strings.Contains(out, says) || strings.Contains(out, "Đã xác minh") {
			t.Errorf("%s: status %d:\n%s", name, status, out)
		}
	}
	for when, says := range map[string]string{"2026-02-15T03:00:00Z": "nạp gói mới", "2026-01-14T03:00:00Z": "not valid for another"} {
		args := offline(t, "accepted/bundle", "-now", when, "-text", code(t, "accepted/vn1-dynamic")) // the last -now counts
		if status, out := scan(t, "", args...); status != 2 || !strings.Contains(out, says) || strings.Contains(out, "Đã xác minh") {
			t.Errorf("%s: status %d:\n%s", when, status, out)
		}
	}
}

func TestTheIssuerIsAskedWhetherACodeWasUsedElsewhere(t *testing.T) {
	answers := map[int]string{200: `{"id":"MDEyMzQ1Njc4OTo7PD0-Pw"}`, 409: `{"error":"replayed"}`, 503: ``}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for status, want := range map[int]int{200: 0, 409: 1, 503: 2} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id, password, _ := r.BasicAuth(); id != "kiosk" || password != "s3cret" || r.URL.Path != "/qr/redeem" {
				t.Errorf("%s as %s", r.URL, id)
			}
			w.WriteHeader(status)
			w.Write([]byte(answers[status]))
		}))
		got, out := scan(t, "", offline(t, "accepted/bundle", "-need", "licence", "-redeem", server.URL+"/", "-client", "kiosk", "-secret", secret,
			"-text", code(t, "accepted/vn1-doc-licence"))...)
		server.Close()
		if got != want || strings.Contains(out, "chỉ kiểm tra tại máy này") {
			t.Errorf("answer %d: status %d:\n%s", status, got, out)
		}
	}
}

func TestWrongUsageOfTheFlagsOfTrust(t *testing.T) {
	for name, args := range map[string][]string{
		"an unknown need":         {"-need", "passport", "x"},
		"a bundle without a key":  {"-bundle", "x", "x"},
		"a key without a bundle":  {"-bundle-key", "x", "x"},
		"a bundle and an issuer":  {"-bundle", "x", "-bundle-key", "x", "-issuer", "i", "-keys", "k", "x"},
		"redeeming as nobody":     {"-redeem", "http://127.0.0.1:1", "x"},
		"a client with no redeem": {"-client", "c", "x"},
		"a bundle that is absent": {"-bundle", "/no/such", "-bundle-key", bundlesDir + "pinned.json", "x"},
		"a key that is absent":    {"-bundle", bundlesDir + "pinned.json", "-bundle-key", "/no/such", "x"},
	} {
		if status, out := scan(t, "", args...); status != 2 || !strings.Contains(out, "scan-qr: ") && !strings.Contains(out, "usage") {
			t.Errorf("%s: status %d:\n%s", name, status, out)
		}
	}
}
