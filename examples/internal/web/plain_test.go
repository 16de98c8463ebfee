package web

import (
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func TestPeopleGetAPageWhereProgramsGetALine(t *testing.T) {
	_, v := open(t)
	for _, c := range []struct {
		method, path, site string
		status             int
		words              string
	}{
		{"GET", "/nothing-here", "none", 404, "Không có trang này"},
		{"GET", "/assets/old/style.css", "none", 404, "Không có trang này"},
		{"POST", "/help", "same-origin", 405, "Không có trang này"},
		{"POST", "/phone", "cross-site", 403, "không đến từ trang này"},
	} {
		for accept, page := range map[string]bool{"text/html,application/xhtml+xml": true, "application/json": false, "": false} {
			res, body := v.Send(c.method, c.path, strings.NewReader(""),
				"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", c.site, "Accept", accept)
			if res.StatusCode != c.status || strings.Contains(body, platform.Banner) != page || strings.Contains(body, c.words) != page {
				t.Errorf("%s %s for %q: status %d, %.80q", c.method, c.path, accept, res.StatusCode, body)
			}
			if page && !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
				t.Errorf("%s %s: no policy", c.method, c.path)
			}
		}
	}
}
