package platform

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// dynamic issues a code and returns its identifier.
func (w *world) dynamic(q CodeRequest) string {
	w.t.Helper()
	q.Kind = qr.Dynamic
	doc, _ := w.published("/qr/jwks.json")
	keys, err := jwks.Parse(doc, w.url, vneid.UseQR)
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := qr.New(qr.Config{Issuers: []string{w.url}, Keys: keys, Audience: q.Audience, Now: w.clock.Now})
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := w.IssueCode(context.Background(), "level2", q) // after the verifier, whose memory begins with it
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := v.Verify(context.Background(), text)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.ID()
}

func (w *world) redeemAs(client, secret, id, key string) answer {
	w.t.Helper()
	return w.postForm("/qr/redeem", url.Values{"id": {id}, "client_id": {client}, "client_secret": {secret}}, func(r *http.Request) {
		if key != "" {
			r.Header.Set("Idempotency-Key", key)
		}
	})
}

const key1, key2 = "idempotency-key-1", "idempotency-key-2"

func redeemWorld(t *testing.T) *world {
	w := newWorld(t)
	w.register(Client{ID: "shop", Secret: rpSecret, Redeem: true})
	w.register(Client{ID: "reader", Secret: rpSecret})
	w.register(Client{ID: "open", Public: true, Redeem: true})
	return w
}

func TestTheFirstRedeemWinsAndCanBeRepeated(t *testing.T) {
	w := redeemWorld(t)
	id := w.dynamic(CodeRequest{})
	first := w.redeemAs("rp", rpSecret, id, key1)
	if first.status != 200 || first.body["id"] != id {
		t.Fatalf("%d %s", first.status, first.raw)
	}
	w.clock.advance(time.Hour) // also long after the code's end
	if again := w.redeemAs("rp", rpSecret, id, key1); again.status != 200 || string(again.raw) != string(first.raw) {
		t.Errorf("repeated: %d %s", again.status, again.raw)
	}
	if a := w.redeemAs("rp", rpSecret, id, key2); a.status != 409 || a.body["error"] != "replayed" {
		t.Errorf("another scan of the same client: %d %s", a.status, a.raw)
	}
	if a := w.redeemAs("shop", rpSecret, id, key1); a.status != 409 {
		t.Errorf("another client: %d %s", a.status, a.raw)
	}
	reads, err := w.History(context.Background(), "level2", 10)
	if err != nil || len(reads) != 1 || reads[0].Kind != ReadRedeem || reads[0].Client != "rp" {
		t.Errorf("history %v %v", reads, err)
	}
}

func TestRedeemRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		do     func(w *world) answer
	}{
		"the twin":     {200, func(w *world) answer { return w.redeemAs("rp", rpSecret, w.dynamic(CodeRequest{}), key1) }},
		"its audience": {200, func(w *world) answer { return w.redeemAs("rp", rpSecret, w.dynamic(CodeRequest{Audience: "rp"}), key1) }},
		"another audience": {403, func(w *world) answer {
			return w.redeemAs("shop", rpSecret, w.dynamic(CodeRequest{Audience: "rp"}), key1)
		}},
		"a wrong secret":             {401, func(w *world) answer { return w.redeemAs("rp", "guess", w.dynamic(CodeRequest{}), key1) }},
		"no client":                  {401, func(w *world) answer { return w.redeemAs("", "", w.dynamic(CodeRequest{}), key1) }},
		"a client that may not":      {403, func(w *world) answer { return w.redeemAs("reader", rpSecret, w.dynamic(CodeRequest{}), key1) }},
		"a public client":            {403, func(w *world) answer { return w.redeemAs("open", "", w.dynamic(CodeRequest{}), key1) }},
		"no key":                     {400, func(w *world) answer { return w.redeemAs("rp", rpSecret, w.dynamic(CodeRequest{}), "") }},
		"a short key":                {400, func(w *world) answer { return w.redeemAs("rp", rpSecret, w.dynamic(CodeRequest{}), key1[:15]) }},
		"a code that was not issued": {404, func(w *world) answer { return w.redeemAs("rp", rpSecret, "AAAAAAAAAAAAAAAAAAAAAA", key1) }},
		"no code":                    {400, func(w *world) answer { return w.redeemAs("rp", rpSecret, "", key1) }},
		"within the skew": {200, func(w *world) answer {
			id := w.dynamic(CodeRequest{})
			w.clock.advance(dynamicLife + redeemSkew - time.Second)
			return w.redeemAs("rp", rpSecret, id, key1)
		}},
		"after the skew": {410, func(w *world) answer {
			id := w.dynamic(CodeRequest{})
			w.clock.advance(dynamicLife + redeemSkew)
			return w.redeemAs("rp", rpSecret, id, key1)
		}},
		"the account was locked since": {403, func(w *world) answer {
			id := w.dynamic(CodeRequest{})
			if err := w.SetLocks(context.Background(), "level2", Locks{Account: true}); err != nil {
				w.t.Fatal(err)
			}
			return w.redeemAs("rp", rpSecret, id, key1)
		}},
		"the card was locked since": {403, func(w *world) answer {
			id := w.dynamic(CodeRequest{})
			if err := w.SetLocks(context.Background(), "level2", Locks{EID: true}); err != nil {
				w.t.Fatal(err)
			}
			return w.redeemAs("rp", rpSecret, id, key1)
		}},
	} {
		if a := c.do(redeemWorld(t)); a.status != c.status {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
}

func TestOneOf64SimultaneousRedeemersWins(t *testing.T) {
	w := redeemWorld(t)
	for round := range 4 {
		id := w.dynamic(CodeRequest{})
		var wins, replays atomic.Int32
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				client := []string{"rp", "shop"}[i%2]
				switch a := w.redeemAs(client, rpSecret, id, fmt.Sprintf("idempotency-key-%d", i)); a.status {
				case 200:
					wins.Add(1)
				case 409:
					replays.Add(1)
				}
			})
		}
		wg.Wait()
		if wins.Load() != 1 || replays.Load() != 63 {
			t.Fatalf("round %d: %d winners, %d replays", round, wins.Load(), replays.Load())
		}
	}
}

func TestWhoGetsWhichCode(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	for handle, want := range map[string][2]error{ // dynamic, card
		"level2":         {nil, nil},
		"level1":         {nil, vneid.ErrLevel},
		"eid-locked":     {nil, vneid.ErrLocked},
		"account-locked": {vneid.ErrLocked, vneid.ErrLocked},
		"no-account":     {vneid.ErrLevel, vneid.ErrLevel},
		"foreigner":      {nil, nil},
	} {
		for i, kind := range []qr.Kind{qr.Dynamic, qr.Static} {
			for _, profile := range []Profile{VN1, JWS} {
				text, err := w.IssueCode(ctx, handle, CodeRequest{Kind: kind, Profile: profile})
				if want[i] == nil && err != nil || want[i] != nil && !errors.Is(err, want[i]) || (text == "") != (err != nil) {
					t.Errorf("%s, kind %d, %s: %v", handle, kind, profile, err)
				}
			}
		}
	}
	for name, q := range map[string]CodeRequest{
		"no kind":              {},
		"an unknown kind":      {Kind: 9},
		"an unknown profile":   {Kind: qr.Dynamic, Profile: "PDF"},
		"too long a life":      {Kind: qr.Dynamic, Life: dynamicLife + 1},
		"a negative life":      {Kind: qr.Dynamic, Life: -1},
		"an audience on cards": {Kind: qr.Static, Audience: "rp"},
	} {
		if text, err := w.IssueCode(ctx, "level2", q); err == nil || text != "" {
			t.Errorf("%s was issued", name)
		}
	}
	if _, err := w.IssueCode(ctx, "nobody", CodeRequest{Kind: qr.Dynamic}); err == nil {
		t.Error("a code for nobody")
	}
}
