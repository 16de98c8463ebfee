package main

import (
	"flag"
	"strings"
	"testing"
)

func TestTheOldWiresLogInAndSayThatNobodySigned(t *testing.T) {
	for _, mode := range []Mode{VNConnect, Envelope} {
		w := newWorldOf(t, mode)
		w.logIn("/profile", "level2").must(t, 200, "Nguyễn Văn An", "*********001", "Không ai ký những thông tin này", "không rõ mức độ và thời điểm")
		w.get("/account").must(t, 200, "không liên kết được tài khoản")
		w.post("/account/new", nil).must(t, 403)
		a := w.get("/")
		a.must(t, 200, "Đang đăng nhập", "giao thức cũ, không có chữ ký")
		for _, path := range []string{"/papers", "/api/papers", "/left", "/backchannel"} {
			if strings.Contains(a.body, path) {
				t.Errorf("%s: the home page leads to %s, which this wire has not", mode, path)
			}
			w.get(path).must(t, 404)
		}
		w.post("/logout", nil).must(t, 200, "Phiên tại trang này đã kết thúc", "có thể vẫn còn")
		w.get("/").must(t, 200, `href="/login"`)
		w.discreet()
	}
}

func TestOnlyTheEnvelopeTellsTheAccountLevel(t *testing.T) {
	w := newWorldOf(t, Envelope)
	w.logIn("/level2", "level2").must(t, 200, "Đủ điều kiện: Tài khoản mức độ 2.")
	w.discreet()
	w = newWorldOf(t, VNConnect)
	w.logIn("/level2", "level2").must(t, 200, "không cho biết mức độ tài khoản")
	w.discreet()
}

func TestFlagsThatDoNotGoTogetherAreRefused(t *testing.T) {
	for _, args := range []string{
		"-profile fapi1", "-wire soap", "-wire fapi2", "-wire vnconnect -profile fapi2",
		"-key-file x", "-wire vnconnect -key-id x", "-profile fapi2 -key-file /no/such/file", "-secret-file /no/such/file",
	} {
		flags := flag.NewFlagSet("portal", flag.ContinueOnError)
		var o options
		o.define(flags)
		if err := flags.Parse(strings.Fields(args)); err != nil {
			t.Fatal(err)
		}
		if _, err := o.config(); err == nil {
			t.Errorf("%s passes", args)
		}
	}
}
