package vneidtest_test

import (
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

func TestManyLoginsAtTheSameTime(t *testing.T) {
	p := vneidtest.New(t)
	configs := []sso.Config{p.SSO(back), p.SSO(back)}
	for i := range configs {
		configs[i].Need = vneid.Assurance{Level: 2, Auth: 4}
	}
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			handle := []string{"level2", "namesake", "no-app", "foreigner"}[i%4]
			id, err := p.Login(handle, configs[i%2])
			if err != nil || id.Assurance().Auth != 4 || id.Citizen().Name() != p.Person(handle).Record.Name {
				t.Errorf("%s: %v", handle, err)
			}
		})
	}
	wg.Wait()
}

func TestRotationUnderLoadRefusesNobody(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.SSO(back)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := p.Login("level2", cfg); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 20 {
		p.AnnounceKeys()
		if _, err := p.Login("level1", cfg); err != nil {
			t.Error(err)
		}
		p.RotateKeys()
	}
	close(stop)
	wg.Wait()
}

// BenchmarkLogin is a whole login: discovery, seven requests, two signatures.
func BenchmarkLogin(b *testing.B) {
	p := vneidtest.New(b)
	cfg := p.SSO(back)
	for b.Loop() {
		if _, err := p.Login("level2", cfg); err != nil {
			b.Fatal(err)
		}
	}
}
