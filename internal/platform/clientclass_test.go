package platform

import (
	"context"
	"errors"
	"testing"
)

func TestABusinessConnectsThroughALicensedProvider(t *testing.T) {
	p, err := New(Config{Issuer: "http://127.0.0.1:1", PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		class    ClientClass
		channel  ClientChannel
		provider string
		passes   bool
	}{
		"a state body, directly":                      {ClassState, ChannelDirect, "", true},
		"a state body that names no channel":          {ClassState, "", "", true},
		"a political organisation, directly":          {ClassPolitical, ChannelDirect, "", true},
		"a provider of public services, directly":     {ClassPublicService, ChannelDirect, "", true},
		"a state body through a provider":             {ClassState, ChannelProvider, "P", true},
		"a business through a licensed provider":      {ClassBusiness, ChannelProvider, "P", true},
		"a business, directly":                        {ClassBusiness, ChannelDirect, "", false},
		"a business that names no channel":            {ClassBusiness, "", "", false},
		"a business, directly, with a provider named": {ClassBusiness, ChannelDirect, "P", false},
		"a business through a provider without name":  {ClassBusiness, ChannelProvider, "", false},
		"a provider's name without the channel":       {ClassState, ChannelDirect, "P", false},
		"a channel that does not exist":               {ClassState, "pigeon", "", false},
		"a class that does not exist":                 {"club", ChannelDirect, "", false},
	} {
		err := p.Register(context.Background(), Client{ID: "c", Name: "C", Class: c.class, Channel: c.channel, Provider: c.provider,
			Public: true, RedirectURIs: []string{"https://rp.example/cb"}})
		if (err == nil) != c.passes {
			t.Errorf("%s: %v", name, err)
		}
		if direct := c.class == ClassBusiness && c.channel != ChannelProvider; errors.Is(err, ErrChannel) != direct {
			t.Errorf("%s: %v", name, err)
		}
	}
}
