package events

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

type fixture struct {
	Now    int64
	JWKS   json.RawMessage
	Tokens map[string]string
}

type vector struct{ Desc, Twin, Kind, Code, Token string }

func readJSON(t testing.TB, file string, to any) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err == nil && to != nil {
		err = json.Unmarshal(b, to)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// foreign is a world with the keys of a maker, at its time.
func foreign(t testing.TB, doc []byte, now int64, use vneid.Use) *world {
	t.Helper()
	keys, err := jwks.Parse(doc, issuer, use)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.keys, w.now = keys, time.Unix(now, 0)
	return w
}

func TestSetsMadeByForeignToolsAreApplied(t *testing.T) {
	var python, node fixture
	readJSON(t, "accepted.json", &python)
	python.JWKS = readJSON(t, "jwks.json", nil)
	readJSON(t, "node.json", &node)
	if len(python.Tokens) < 26 || len(node.Tokens) < 8 {
		t.Fatalf("only %d and %d tokens", len(python.Tokens), len(node.Tokens))
	}
	for _, maker := range []fixture{python, node} {
		for name, token := range maker.Tokens {
			w := foreign(t, maker.JWKS, maker.Now, vneid.UseEvent)
			if a := push(w.receiver(), token); a.Code != http.StatusAccepted || a.Body.Len() != 0 {
				t.Errorf("%s: %d %v", name, a.Code, w.why)
			}
			w = foreign(t, maker.JWKS, maker.Now, vneid.UseLogout)
			if a := push(w.receiver(), token); a.Code != http.StatusBadRequest {
				t.Errorf("%s: a key for logouts signs events", name)
			}
		}
	}
}

func TestEachEventSaysWhatItSays(t *testing.T) {
	var python fixture
	readJSON(t, "accepted.json", &python)
	base := Event{Issuer: issuer, Subject: who, Seq: 7, Told: 9, ID: "python-1", Txn: "txn-1", Issued: time.Unix(python.Now, 0)}
	for name, change := range map[string]func(*Event){
		"eid-locked":               func(e *Event) { e.Name = EIDLocked },
		"account-unlocked":         func(e *Event) { e.Name = AccountUnlocked },
		"consent-withdrawn":        func(e *Event) { e.Name, e.Grant = ConsentWithdrawn, "grant-1" },
		"level-changed":            func(e *Event) { e.Name, e.Level = LevelChanged, 2 },
		"device-changed":           func(e *Event) { e.Name, e.SessionsEnded = DeviceChanged, true },
		"holder-died":              func(e *Event) { e.Name = HolderDied },
		"unknown event":            func(e *Event) { e.Name = "hat-changed" },
		"unknown event of another": func(e *Event) { e.Name = "https://schemas.openid.net/secevent/risc/event-type/account-purged" },
		"unknown event of the stream": func(e *Event) {
			e.Name, e.Subject, e.Seq = "stream-paused", "", 0
		},
		"document-revoked": func(e *Event) {
			e.Name, e.Document = DocumentRevoked, Document{"driver-licence", issuer + "/issuer/police/status/1", 4711}
		},
	} {
		w := foreign(t, readJSON(t, "jwks.json", nil), python.Now, vneid.UseEvent)
		want := base
		change(&want)
		push(w.receiver(), python.Tokens[name])
		if len(w.did) != 1 || !reflect.DeepEqual(w.did[0], want) {
			t.Errorf("%s: %+v, want %+v", name, w.did, want)
		}
		if s := w.state(); (len(s.Seqs) > 0) != want.Known() {
			t.Errorf("%s: the ledger holds %+v", name, s)
		}
		if want.Known() == (name[0] == 'u') {
			t.Errorf("%s: known is %v", name, want.Known())
		}
	}
}

// Each refused token's twin passes first; then the token is refused with its code and
// kind, and nothing happens.
func TestSetsMadeByForeignToolsAreRefused(t *testing.T) {
	var accepted fixture
	var refused struct{ Tokens []vector }
	readJSON(t, "accepted.json", &accepted)
	readJSON(t, "refused.json", &refused)
	doc := readJSON(t, "jwks.json", nil)
	if len(refused.Tokens) < 60 {
		t.Fatalf("only %d tokens", len(refused.Tokens))
	}
	kinds := map[string]vneid.Kind{}
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		kinds[k.Error()] = k
	}
	for _, v := range refused.Tokens {
		w := foreign(t, doc, accepted.Now, vneid.UseEvent)
		if a := push(w.receiver(), accepted.Tokens[v.Twin]); a.Code != http.StatusAccepted {
			t.Fatalf("%s: the twin %q is refused: %v", v.Desc, v.Twin, w.why)
		}
		w = foreign(t, doc, accepted.Now, vneid.UseEvent)
		a := push(w.receiver(), v.Token)
		var said struct{ Err, Description string }
		if err := json.Unmarshal(a.Body.Bytes(), &said); err != nil || a.Code != http.StatusBadRequest || said.Err != v.Code || said.Description == "" ||
			a.Header().Get("Content-Type") != "application/json" || a.Header().Get("Content-Language") != "en" {
			t.Errorf("%s: %d %s %v", v.Desc, a.Code, a.Body, a.Header())
		}
		if s := w.state(); len(w.did) != 0 || len(s.Seqs) != 0 || !s.Heard.IsZero() {
			t.Errorf("%s: it did something", v.Desc)
		}
		if len(w.why) != 1 {
			t.Errorf("%s: told %d times", v.Desc, len(w.why))
			continue
		}
		want, ok := kinds[v.Kind]
		if !ok {
			t.Fatalf("%s: no kind %q", v.Desc, v.Kind)
		}
		kind(t, v.Desc, w.why[0], want)
		if errors.Is(w.why[0], vneid.ErrSignature) != (v.Kind == "bad signature") {
			t.Error(v.Desc)
		}
	}
	t.Logf("%d tokens refused, each with its twin", len(refused.Tokens))
}
