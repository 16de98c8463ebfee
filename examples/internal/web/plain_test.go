package web

import (
	"net/http"
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
			req, _ := http.NewRequest(c.method, v.base+c.path, strings.NewReader(""))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Sec-Fetch-Site", c.site)
			req.Header.Set("Accept", accept)
			res, body := v.do(req)
			if res.StatusCode != c.status || strings.Contains(body, platform.Banner) != page || strings.Contains(body, c.words) != page {
				t.Errorf("%s %s for %q: status %d, %.80q", c.method, c.path, accept, res.StatusCode, body)
			}
			if page && !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
				t.Errorf("%s %s: no policy", c.method, c.path)
			}
		}
	}
}
