package web

import "github.com/vneid-sdk/vneid-go/internal/platform"

// Portal is the registration of examples/portal, whose logins come back to
// callback. The secret is published in both programs: it protects a test.
func Portal(callback string) platform.Client {
	return platform.Client{
		ID: "portal", Name: "Cổng dịch vụ mẫu", Class: "public-service", Secret: "portal-secret-for-tests-only",
		RedirectURIs: []string{callback}, Scopes: []string{"profile", "vneid:id"}, Redeem: true,
	}
}
