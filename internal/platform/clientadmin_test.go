package platform

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"testing"
)

func asSecret(id, secret string) url.Values {
	return url.Values{"client_id": {id}, "client_secret": {secret}}
}

func TestAmendingKeepsTheSecretUnlessItIsReplaced(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	if err := w.Amend(ctx, "co-quan", "rp", func(c *Client) error {
		if c.Secret != "" {
			t.Error("the change sees the secret's hash")
		}
		c.RedirectURIs = append(c.RedirectURIs, "https://rp.example/second")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if c, err := w.Client(ctx, "rp"); err != nil || len(c.RedirectURIs) != 2 {
		t.Errorf("%+v %v", c, err)
	}
	if !w.known(asSecret("rp", rpSecret), nil) {
		t.Error("the secret went with the change")
	}
	secret, err := w.NewSecret(ctx, "co-quan", "rp")
	if err != nil || len(secret) != 43 {
		t.Fatal(len(secret), err)
	}
	if !w.known(asSecret("rp", secret), nil) || w.known(asSecret("rp", rpSecret), nil) {
		t.Error("the new secret is not the client's, or the old one still is")
	}
	for name, change := range map[string]func(*Client) error{
		"another id":                   func(c *Client) error { c.ID = "other"; return nil },
		"an address that is none":      func(c *Client) error { c.RedirectURIs = []string{"/relative"}; return nil },
		"a business without channel":   func(c *Client) error { c.Class = ClassBusiness; return nil },
		"keys and a secret":            func(c *Client) error { c.Secret, c.Public = "s", true; return nil },
		"what the change itself says":  func(*Client) error { return errReadOnly },
		"purposes without the profile": func(c *Client) error { c.Purposes = []Purpose{{Code: "x"}}; return nil },
	} {
		if err := w.Amend(ctx, "", "rp", change); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if err := w.Amend(ctx, "", "nobody", func(*Client) error { return nil }); !errors.Is(err, ErrNoClient) {
		t.Errorf("nobody: %v", err)
	}
	if !w.known(asSecret("rp", secret), nil) {
		t.Error("a change that was refused changed something")
	}
}

func TestTheWebhookSecretStaysWithAnAmendment(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	hook := []byte("0123456789abcdef0123456789abcdef")
	a := w.asker(func(c *Client) { c.WebhookSecret = hook })
	if err := w.Amend(ctx, "", a.id, func(c *Client) error { c.Name = "Tên mới"; return nil }); err != nil {
		t.Fatal(err)
	}
	c, err := w.client(ctx, a.id)
	if err != nil || c.Name != "Tên mới" {
		t.Fatal(c, err)
	}
	if got, err := w.reveal(string(c.WebhookSecret)); err != nil || got != string(hook) {
		t.Errorf("the secret is another one: %v", err)
	}
}

func TestEnlistingTakesNobodysPlace(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	c := Client{ID: "fresh", Name: "Mới", Secret: "fresh-secret-0123", RedirectURIs: []string{"https://fresh.example/cb"}}
	if err := w.Enlist(ctx, "co-quan", c); err != nil {
		t.Fatal(err)
	}
	if !w.known(asSecret("fresh", c.Secret), nil) {
		t.Error("the client is not known")
	}
	c.Secret = "another-secret-0123"
	if err := w.Enlist(ctx, "co-quan", c); !errors.Is(err, ErrClientExists) {
		t.Errorf("twice: %v", err)
	}
	if err := w.Enlist(ctx, "co-quan", Client{ID: "bad"}); err == nil {
		t.Error("a client without anything is taken")
	}
	all, err := w.Clients(ctx, "", 10)
	if err != nil || len(all) != 2 || all[0].ID != "fresh" || all[1].ID != "rp" || all[0].Secret+all[1].Secret != "" {
		t.Errorf("%+v %v", all, err)
	}
	if rest, err := w.Clients(ctx, "fresh", 10); err != nil || len(rest) != 1 {
		t.Errorf("behind the first: %v %v", rest, err)
	}
}

func TestAKeyIsRotatedInTwoSteps(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	f := w.fapi(nil)
	second := w.fapi(func(c *Client) { c.ID = "elsewhere" })
	donor, err := w.Client(ctx, "elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	was, err := w.Client(ctx, f.id)
	if err != nil {
		t.Fatal(err)
	}
	old, err := was.KeyList()
	if err != nil || len(old) == 0 || len(old[0].Thumbprint) != 43 {
		t.Fatalf("%+v %v", old, err)
	}
	byBoth := func(oldGood, newGood bool) {
		t.Helper()
		if w.known(asserted(f.assertion(nil, nil)), nil) != oldGood {
			t.Errorf("by the old key: not %v", oldGood)
		}
		if w.known(asserted(second.assertion(object{"kid": nil}, object{"iss": f.id, "sub": f.id})), nil) != newGood {
			t.Errorf("by the new key: not %v", newGood)
		}
	}
	byBoth(true, false)
	var donated struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal(donor.Keys, &donated); err != nil {
		t.Fatal(err)
	}
	for _, k := range donated.Keys {
		k["kid"] = "second" // two keys of one name would be one key
	}
	set, err := json.Marshal(donated)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Amend(ctx, "", f.id, func(c *Client) error { return c.AddKeys(set) }); err != nil {
		t.Fatal(err)
	}
	byBoth(true, true)
	for _, k := range old {
		if k.Use == "enc" {
			continue
		}
		if err := w.Amend(ctx, "", f.id, func(c *Client) error { return c.DropKey(k.Thumbprint) }); err != nil {
			t.Fatal(err)
		}
		if err := w.Amend(ctx, "", f.id, func(c *Client) error { return c.DropKey(k.Thumbprint) }); !errors.Is(err, errKeyGone) {
			t.Errorf("dropped twice: %v", err)
		}
	}
	byBoth(false, true)
	for _, bad := range []string{"", "{}", `{"keys":[]}`, `{"keys":[{"kty":"oct","k":"AAAA"}]}`} {
		if err := w.Amend(ctx, "", f.id, func(c *Client) error { return c.AddKeys([]byte(bad)) }); err == nil {
			t.Errorf("%q is taken for keys", bad)
		}
	}
}
