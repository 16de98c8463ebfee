package ssotest_test

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/sso/ssotest"
)

func TestMemoryLinks(t *testing.T) {
	ssotest.Links(t, func(_ testing.TB, accounts ...link.Account) link.Store { return link.NewMemoryStore(accounts...) })
}
