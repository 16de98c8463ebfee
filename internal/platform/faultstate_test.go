package platform

import (
	"errors"
	"slices"
	"testing"
)

func TestFaultsAreSwitchedOneByOne(t *testing.T) {
	p, err := New(Config{Issuer: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range [][2]string{{"rp", "token-down"}, {"rp", "bad-signature"}, {"", "down"}} {
		if err := p.Break(f[0], f[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Break("rp", "no-such-fault"); !errors.Is(err, ErrNoFault) {
		t.Errorf("%v", err)
	}
	if got := p.Broken("rp"); !slices.Equal(got, []string{"bad-signature", "token-down"}) {
		t.Errorf("%v", got)
	}
	if got := p.BrokenClients(); !slices.Equal(got, []string{"", "rp"}) {
		t.Errorf("%v", got)
	}
	p.Mend("rp", "token-down")
	p.Mend("rp", "token-down")
	p.Mend("nobody", "down")
	if got := p.Broken("rp"); !slices.Equal(got, []string{"bad-signature"}) {
		t.Errorf("%v", got)
	}
	p.Mend("rp", "bad-signature")
	if got := p.BrokenClients(); !slices.Equal(got, []string{""}) {
		t.Errorf("%v", got)
	}
	p.HealAll()
	if got := p.BrokenClients(); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
