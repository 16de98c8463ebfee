package vneidtest_test

import (
	"errors"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

func TestALoginByFAPI2(t *testing.T) {
	p := vneidtest.New(t)
	jarm := p.FAPI2(back)
	jarm.JARM = true
	secret := p.SSO(back)
	secret.JARM = true
	all := p.Encrypt(p.FAPI2(back))
	all.JARM, all.SignedUserinfo = true, true
	for name, cfg := range map[string]sso.Config{
		"plain": p.FAPI2(back), "signed answer": jarm, "Standard with a signed answer": secret,
		"encrypted": p.Encrypt(p.FAPI2(back)), "signed and encrypted": all, "Standard, encrypted": p.Encrypt(p.SSO(back)),
	} {
		cfg.Need = vneid.Assurance{Level: 2, Auth: 2}
		id, err := p.Login("level2", cfg)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if id.Citizen().Name() == "" || id.Assurance().Level != 2 {
			t.Errorf("%s: the login says too little", name)
		}
	}
}

// The platform shows a page for a reference that nobody made: sso never hears of
// the login again.
func TestAReferenceThatNobodyMadeEndsOnAPage(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.FAPI2(back)
	if _, err := p.Login("level2", cfg); err != nil {
		t.Fatal(err)
	}
	for fault := range pageFaults {
		p.Break(fault)
		var kind vneid.Kind
		if id, err := p.Login("level2", cfg); err == nil || errors.As(err, &kind) || !id.IsZero() {
			t.Errorf("%s: %v", fault, err)
		}
		p.Heal()
	}
}
