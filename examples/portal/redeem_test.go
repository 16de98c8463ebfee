package main

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
)

func TestALockAfterTheCodeWasShownIsALock(t *testing.T) {
	w := newWorld(t)
	w.scan(w.issue(platform.CodeRequest{Kind: qr.Dynamic}), nil).must(t, 200, "Đã xác minh")
	code := w.issue(platform.CodeRequest{Kind: qr.Dynamic})
	if err := w.site.Platform.SetLocks(t.Context(), "level2", platform.Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	w.scan(code, nil).must(t, 403, "đang bị khóa", "mở khóa")
}
