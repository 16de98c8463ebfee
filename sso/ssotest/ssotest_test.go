package ssotest_test

import (
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/ssotest"
)

func TestMemorySessions(t *testing.T) {
	ssotest.Sessions(t, func(_ testing.TB, now func() time.Time) sso.Sessions { return sso.NewMemorySessions(0, now) })
}

func TestMemoryRevocations(t *testing.T) {
	ssotest.Revocations(t, func(_ testing.TB, now func() time.Time) sso.Revocations {
		return sso.NewMemoryRevocations(0, now)
	})
}
