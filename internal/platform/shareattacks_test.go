package platform

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// The attacks on data requests, each with its one check and without.
func TestAttacksOnSharesMeetTheirCheck(t *testing.T) {
	meet(t, append(askAttacks(), bundleAttacks()...))
}

// pushes reports whether a request is taken.
func (a *asker) pushes(details string) bool {
	return a.send("/par", a.ask(asks(details)), nil).status == http.StatusCreated
}

func periodic(edits object) string {
	return details(apply(object{"mode": "periodic", "until": "2027-01-31", "frequency_days": 7, "use": "store"}, edits))
}

func askAttacks() []attack {
	ask := func(details string, prepare func(*Client)) func(*world) bool {
		return func(w *world) bool { return w.asker(prepare).pushes(details) }
	}
	return []attack{
		{"biometrics are asked for, by a registration of before", "share-sensitive", func(w *world) bool {
			a := w.asker(nil)
			err := w.store.Update(context.Background(), func(tx Tx) error {
				c, err := load[Client](tx, tableClients, a.id)
				if err != nil {
					return err
				}
				c.Purposes[0].Kinds = append(c.Purposes[0].Kinds, document.Biometrics)
				return save(tx, tableClients, a.id, c, time.Time{})
			})
			return err == nil && a.pushes(details(object{"documents": []object{docOf("biometrics", "face")}}))
		}},
		{"a kind beyond the purpose", "share-kind", ask(details(object{"documents": []object{docOf("passport", "number")}}), func(c *Client) {
			c.Purposes[0].Kinds = []document.Kind{document.DriverLicence}
		})},
		{"a purpose that is not registered", "share-purpose", ask(details(object{"purpose": object{"code": "marketing", "vi": "Cho thuê xe tự lái"}}), nil)},
		{"other words than were registered", "share-words", ask(details(object{"purpose": object{"code": "car-rental", "vi": "Theo yêu cầu của công an"}}), nil)},
		{"a law that was not registered", "share-basis", ask(details(object{"basis": object{"kind": "law", "citation": "Luật Khác, Điều 2"}}), nil)},
		{"kept for longer than registered", "share-retention", ask(details(object{"retention_days": 91}), nil)},
	}
}

// fetched reports whether a bundle came with something in it.
func fetched(a answer) bool { return a.status == http.StatusOK && a.body["envelope"] != nil }

// after is the attack that fetches although something happened since the tokens came.
func after(details string, happened func(w *world, a *asker, grant string) error) func(*world) bool {
	return func(w *world) bool {
		a := w.asker(nil)
		tokens := a.grant("level2", details)
		grant := tokens.body["authorization_details"].([]any)[0].(object)["grant"].(string)
		if err := happened(w, a, grant); err != nil {
			w.t.Fatal(err)
		}
		return fetched(a.fetch(tokens.text("access_token")))
	}
}

func bundleAttacks() []attack {
	ctx := context.Background()
	return []attack{
		{"fetched after the consent was withdrawn", "share-sticky", after(details(nil), func(w *world, _ *asker, grant string) error {
			return w.WithdrawShare(ctx, "level2", grant)
		})},
		{"fetched after the client gave up", "share-sticky", after(details(nil), func(_ *world, a *asker, grant string) error {
			return a.giveUpShare(ctx, a.id, grant)
		})},
		{"fetched after the card was locked", "share-eid-lock", after(details(nil), func(w *world, _ *asker, _ string) error {
			return w.SetLocks(ctx, "level2", Locks{EID: true})
		})},
		{"fetched after the account was locked", "share-account-lock", after(details(nil), func(w *world, _ *asker, _ string) error {
			return w.SetLocks(ctx, "level2", Locks{Account: true})
		})},
		{"fetched after the level was lost", "share-level", after(details(nil), func(w *world, _ *asker, _ string) error {
			return w.SetLevel(ctx, "level2", 1)
		})},
		{"fetched after the purpose was struck off", "share-registered", after(details(nil), func(w *world, a *asker, _ string) error {
			c, err := w.Client(ctx, a.id)
			if err == nil {
				c.Purposes = c.Purposes[1:]
				err = w.Register(ctx, c)
			}
			return err
		})},
		{"fetched with an old token", "share-time", after(periodic(nil), func(w *world, _ *asker, _ string) error {
			w.clock.advance(tokenLife + time.Second)
			return nil
		})},
		{"fetched twice with one token", "share-once", func(w *world) bool {
			a := w.asker(nil)
			access := a.grant("level2", details(nil)).text("access_token")
			return twice(func() bool { return fetched(a.fetch(access)) })
		}},
		{"fetched with a stolen token, as bearer", "share-scheme", func(w *world) bool {
			a := w.asker(nil)
			return fetched(a.bundleBy("Bearer", a.grant("level2", details(nil)).text("access_token"), ""))
		}},
		{"fetched with a stolen token and another key", "share-key", func(w *world) bool {
			a := w.asker(nil)
			access := a.grant("level2", details(nil)).text("access_token")
			return fetched(a.bundleBy("DPoP", access, a.proofBy(newDevice(w.t), "GET", "/share/v1/bundle", access, nil, nil)))
		}},
		{"refreshed before it is time", "share-frequency", func(w *world) bool {
			a := w.asker(nil)
			tokens := a.grant("level2", periodic(nil))
			if !fetched(a.fetch(tokens.text("access_token"))) {
				w.t.Fatal("the first fetch")
			}
			w.clock.advance(24 * time.Hour)
			return a.refresh(tokens).status == http.StatusOK
		}},
		{"refreshed after the last day", "share-over", func(w *world) bool {
			a := w.asker(nil)
			tokens := a.grant("level2", periodic(object{"until": "2026-12-01"}))
			s := w.sharingOf(tokens)
			w.clock.advance(10 * 24 * time.Hour)
			refusal, err := func() (refusal, err error) {
				err = w.store.View(ctx, func(tx Tx) error {
					refusal, err = w.mayShare(tx, s)
					return err
				})
				return refusal, err
			}()
			return refusal == nil && err == nil
		}},
		{"the client asks who it was, without reading", "share-introspect", func(w *world) bool {
			a := w.asker(nil)
			access := a.grant("level2", details(nil)).text("access_token")
			return a.send("/introspect", url.Values{"token": {access}}, nil).body["active"] == true
		}},
		{"another client gives the grant up", "share-owner", func(w *world) bool {
			a := w.asker(nil)
			grant := w.sharingOf(a.grant("level2", details(nil))).ID
			other := w.asker(func(c *Client) { c.ID, c.Sector = "other", "other" })
			return other.giveUp(grant).status == http.StatusNoContent
		}},
		{"the person denies, and the form is sent again", "share-sticky", func(w *world) bool {
			s := &sharing{ID: "x", State: shareDenied, Made: w.now(), Ask: shareAsk{Purpose: "car-rental"}}
			return w.store.Update(ctx, func(tx Tx) error { return w.move(tx, s, shareApproved) }) == nil
		}},
		{"read without an entry in the history", "share-history", func(w *world) bool {
			a := w.asker(nil)
			a.bundle("level2", details(nil))
			reads, err := w.History(ctx, "level2", 10)
			return err == nil && len(reads) == 0
		}},
		{"a lock that nobody is told of", "share-event", func(w *world) bool {
			a := w.asker(nil)
			a.bundle("level2", details(nil))
			if err := w.SetLocks(ctx, "level2", Locks{EID: true}); err != nil {
				w.t.Fatal(err)
			}
			return len(a.poll(nil)) == 0
		}},
	}
}

func (w *world) sharingOf(tokens answer) *sharing {
	w.t.Helper()
	id := tokens.body["authorization_details"].([]any)[0].(object)["grant"].(string)
	var s *sharing
	err := w.store.View(context.Background(), func(tx Tx) (err error) {
		s, err = load[sharing](tx, tableSharings, id)
		return err
	})
	if err != nil || s == nil {
		w.t.Fatal(s, err)
	}
	return s
}

func (a *asker) refresh(tokens answer) answer {
	a.t.Helper()
	return a.send("/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tokens.text("refresh_token")}}, &a.bound)
}

func (a *asker) giveUp(grant string) answer {
	a.t.Helper()
	form := url.Values{"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {a.assertion(nil, nil)}, "client_id": {a.id}}
	req, err := http.NewRequest("DELETE", a.url+"/share/v1/grants/"+grant, strings.NewReader(form.Encode()))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.call(req)
}

// poll fetches events by hand and reads them; those with ack are done with before.
func (a *asker) poll(ack []string) map[string]object {
	a.t.Helper()
	body, err := json.Marshal(object{"maxEvents": 50, "returnImmediately": true, "ack": append([]string{}, ack...)})
	if err != nil {
		a.t.Fatal(err)
	}
	req, err := http.NewRequest("POST", a.url+"/share/v1/events", strings.NewReader(string(body)))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+a.assertion(nil, nil))
	got := a.call(req)
	if got.status != http.StatusOK {
		a.t.Fatalf("the poll: %d %s", got.status, got.raw)
	}
	out := map[string]object{}
	key, err := a.share.signer("ES256")
	if err != nil {
		a.t.Fatal(err)
	}
	for id, token := range got.body["sets"].(object) {
		if !checkSignature(a.t, *key, token.(string)) || headerOf(a.t, token)["typ"] != "secevent+jwt" {
			a.t.Error("an event is not signed as one")
		}
		out[id] = claimsOf(a.t, token)
	}
	return out
}

func TestALevelIsWhatTheAccountHas(t *testing.T) {
	if (assurance{vneid.Level(2), 2}) != (&shareAsk{Documents: []shareDoc{{Kind: document.DriverLicence}}}).level() {
		t.Error("a licence needs account level 2 and two factors")
	}
}
